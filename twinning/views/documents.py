"""Papers that parties keep with their agreement."""

from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.forms.documents import DocumentForm
from twinning.models import Agreement, AgreementDocument
from twinning.pages import SmallFormPage


class AgreementDocuments(SmallFormPage):
    """Attach papers to an agreement one is a party of, before signing and after; `?thay=<uuid>` for a new version,
    `?phu_luc=<id>` for the scan of an amendment."""

    model = Agreement
    queryset = Agreement.objects.for_list()
    form_class = DocumentForm
    heading = _("Thêm tài liệu")
    done = _("Đã lưu tài liệu.")

    def may(self, user):
        return access.adds_papers(user, self.object)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "agreement": self.object}

    def get_initial(self):
        asked = self.request.GET.get("thay", "")
        paper = next((paper for paper in self.object.documents.newest() if str(paper.pk) == asked), None)
        if paper:
            return {"kind": paper.kind, "replaces": paper.pk}
        amendment = self.request.GET.get("phu_luc", "")
        return {"kind": AgreementDocument.Kind.AMENDMENT, "amendment": amendment} if amendment.isdecimal() else {}

    def save(self, form):
        given = {name: form.cleaned_data.get(name) for name in ("kind", "replaces", "amendment")}
        uploads = form.cleaned_data["file"]
        for upload in uploads:
            AgreementDocument.keep(upload, self.request.user, agreement=self.object, **given)
        self.object.record_event("upload", self.request.user, note=", ".join(upload.name for upload in uploads))
