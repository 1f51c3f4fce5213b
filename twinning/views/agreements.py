"""Pages of agreements."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.filters import AgreementFilter
from twinning.forms.agreement import AgreementForm, DocumentForm
from twinning.models import Agreement, AgreementDocument
from twinning.pages import ActionPage, CreatePage, DetailPage, EditPage, ListPage
from twinning.tables import AgreementTable

MOST_COVERED = 15


class AgreementList(ListPage):
    model = Agreement
    queryset = Agreement.objects.for_list()
    filterset_class = AgreementFilter
    table_class = AgreementTable
    title = _("Giao ước")
    intro = _("Cặp đơn vị kết nghĩa và giao ước đã ký.")
    export_name = "giao-uoc"

    def create_link(self):
        if access.is_recorder(self.request.user):
            return reverse("agreement_create"), _("Đăng ký cặp mới")
        return None


class AgreementDetail(DetailPage):
    model = Agreement
    queryset = Agreement.objects.for_list().select_related("umbrella")
    template_name = "twinning/agreement_detail.html"

    def get_context_data(self, **kwargs):
        agreement, user = self.object, self.request.user
        can_edit = agreement.is_open_to_edit() and access.records_agreement(user, agreement)
        return super().get_context_data(
            events=agreement.events.select_related("by"),
            content_areas=agreement.content_areas.all(),
            documents=agreement.documents.select_related("uploaded_by"),
            pilot_schools=agreement.pilot_schools.select_related("school__district"),
            covered=agreement.covered.visible_to(user)
            .for_list()
            .order_by("supporting_school__sort_key")[:MOST_COVERED],
            covered_count=agreement.covered.visible_to(user).count(),
            edit_url=reverse("agreement_edit", args=[agreement.pk]) if can_edit else None,
            may_upload=access.is_recorder(user) and bool(access.sides_of(user, agreement)),
            **kwargs,
        )


class AgreementCreate(CreatePage):
    model = Agreement
    form_class = AgreementForm
    template_name = "twinning/agreement_form.html"
    may_create = access.is_recorder

    def saved_message(self):
        return _t("Đã lưu nháp. Kiểm tra lại rồi bấm “Gửi bên kia xác nhận”.")


class AgreementEdit(EditPage):
    model = Agreement
    form_class = AgreementForm
    template_name = "twinning/agreement_form.html"

    def get_queryset(self):
        return super().get_queryset().for_list()

    def get_object(self, queryset=None):
        agreement = super().get_object(queryset)
        # The other side reads, confirms or returns; it does not rewrite.
        return get_object_or_404(
            Agreement, pk=agreement.pk if access.records_agreement(self.request.user, agreement) else 0
        )


class AgreementAction(ActionPage):
    model = Agreement
    queryset = Agreement.objects.for_list()


def add_document(request, pk):
    """Attach a paper to an agreement one is a party of."""
    agreement = get_object_or_404(Agreement.objects.for_list().editable_by(request.user), pk=pk)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            AgreementDocument.keep(
                form.cleaned_data["file"], request.user, agreement=agreement, kind=form.cleaned_data["kind"]
            )
            agreement.record_event("upload", request.user, note=form.cleaned_data["file"].name)
        messages.success(request, _t("Đã lưu tài liệu."))
        return redirect(agreement)
    context = {
        "form": form,
        "object": agreement,
        "back_url": agreement.get_absolute_url(),
        "heading": _t("Thêm tài liệu"),
    }
    return render(request, "components/form.html", context, status=422 if form.is_bound else 200)
