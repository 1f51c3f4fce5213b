"""Papers of an agreement: of which kind, and which earlier one they take the place of."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning.forms.base import ManyUploadsField, PortalForm
from twinning.models import AgreementDocument, Amendment

Kind = AgreementDocument.Kind
SIGNED = (Kind.SIGNED, Kind.AMENDMENT)
# What a signed paper can be: a scan, or a picture of it.
SCANS = ("application/pdf", "image/")


class DocumentForm(PortalForm, forms.Form):
    """One more paper, several photos at once, or a new version of a paper there is."""

    # No kind stands there already: a paper taken for a signed scan by mistake would become its next version.
    kind = forms.ChoiceField(label=_("Loại tài liệu"), choices=[("", _("Chọn loại…")), *Kind.choices])
    replaces = forms.ModelChoiceField(
        label=_("Là bản mới của"),
        queryset=AgreementDocument.objects.none(),
        required=False,
        empty_label=_("Không, đây là tài liệu mới"),
        help_text=_("Bản cũ không mất: nằm ở “các bản trước”. Bản ký thứ hai tự thành bản mới của bản ký trước."),
        error_messages={
            "invalid_choice": _("Tài liệu ấy đã có bản mới hơn. Hãy mở lại trang giao ước rồi chọn bản mới nhất.")
        },
    )
    amendment = forms.ModelChoiceField(
        label=_("Bản scan của phụ lục"),
        queryset=Amendment.objects.none(),
        required=False,
        empty_label=_("Không phải phụ lục"),
    )
    file = ManyUploadsField(label=_("Tệp"), help_text=_("PDF, Word, Excel hoặc ảnh, tối đa 20 MB mỗi tệp."))

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.needs("amendment", f"kind={Kind.AMENDMENT} !replaces", _("Bắt buộc với bản scan của phụ lục."))
        newest = AgreementDocument.objects.filter(agreement=agreement).newest()
        self.fields["replaces"].queryset = newest
        self.fields["replaces"].label_from_instance = lambda paper: f"{paper.get_kind_display()}: {paper.name}"
        if not newest.exists():
            del self.fields["replaces"]
        self.fields["amendment"].queryset = agreement.amendments.merged()
        self.fields["amendment"].label_from_instance = lambda amendment: amendment.label
        if not agreement.amendments.merged().exists():
            del self.fields["amendment"]

    def clean(self):
        cleaned = super().clean()
        kind, replaces, files = cleaned.get("kind"), cleaned.get("replaces"), cleaned.get("file") or []
        if replaces and kind and kind != replaces.kind:
            text = _t("Bản mới phải cùng loại với bản cũ: “%s”.")
            self.add_error("kind", text % replaces.get_kind_display())
        if kind == Kind.AMENDMENT and "amendment" in self.fields and not (replaces or cleaned.get("amendment")):
            self.add_error("amendment", _t("Hãy chọn phụ lục mà bản scan này thuộc về."))
        elif kind and kind != Kind.AMENDMENT:
            cleaned["amendment"] = None
        if len(files) > 1 and (replaces or kind in SIGNED):
            self.add_error("file", _t("Mỗi bản mới là một tệp. Bản ký nhiều trang: hãy ghép thành một tệp PDF."))
        for upload in files:
            if kind == Kind.PHOTO and not upload.checked_type.startswith("image/"):
                self.add_error("file", _t("“%s” không phải là ảnh. Hãy chọn ảnh, hoặc chọn loại khác.") % upload.name)
            elif kind in SIGNED and not upload.checked_type.startswith(SCANS):
                text = _t("Bản ký phải là PDF hoặc ảnh chụp; “%s” thì không. Hãy chọn tệp khác, hoặc loại khác.")
                self.add_error("file", text % upload.name)
        return cleaned
