"""Pages of amendments: propose, see what changes, answer, sign, bring up to date."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _t

from twinning import access, agreement_text, invitations
from twinning.differences import Wording
from twinning.forms.amendment import AmendmentForm, RebaseForm
from twinning.models import Agreement, Amendment
from twinning.pages import ActionPage, CreatePage, DetailPage, EditPage
from twinning.views.people import warn_of_missing_side


def card_of(agreement, user):
    """What the card "Phụ lục" on the page of an agreement shows."""
    amendments = list(agreement.amendments.all())
    merged = sorted(
        (a for a in amendments if a.status == Amendment.Status.SIGNED), key=lambda a: (a.signed_on, a.position)
    )
    is_live = agreement.status == Agreement.Status.SIGNED
    may_amend = is_live and access.proposes_amendment(user, agreement)
    return {
        "amendments": amendments,
        "merged_amendments": merged,
        "amend_url": reverse("amendment_create", args=[agreement.pk]) if may_amend else None,
    }


class AmendmentDetail(DetailPage):
    model = Amendment
    queryset = Amendment.objects.for_list()
    template_name = "twinning/amendment_detail.html"

    def get_context_data(self, **kwargs):
        amendment, user = self.object, self.request.user
        can_edit = amendment.is_open_to_edit() and access.records_amendment(user, amendment)
        is_open = amendment.is_open
        is_live = amendment.agreement.status == Agreement.Status.SIGNED
        now = agreement_text.amendable(amendment.agreement) if is_open and is_live else amendment.base
        conflicts = amendment.conflicts(now) if is_open else []
        return super().get_context_data(
            differences=Wording(amendment.base, amendment.changes).differences(amendment.base, amendment.changes),
            conflicts=[Agreement.label_of(name) for name in conflicts],
            has_moved_on=bool(is_open and amendment.moved_on(now)),
            is_stopped=is_open and not is_live,
            parallel=amendment.parallel() if is_open else [],
            proposer=amendment.agreement.party_name(amendment.registered_side),
            missing_side=invitations.missing_side(amendment, user),
            documents=amendment.documents.with_earlier(),
            may_upload=amendment.status == Amendment.Status.SIGNED and access.adds_papers(user, amendment.agreement),
            events=amendment.events.select_related("by"),
            edit_url=reverse("amendment_edit", args=[amendment.pk]) if can_edit and is_live else None,
            **kwargs,
        )


class AmendmentCreate(CreatePage):
    """`/giao-uoc/<id>/phu-luc/moi/`, from a live agreement, by either side."""

    model = Amendment
    form_class = AmendmentForm
    template_name = "twinning/amendment_form.html"
    may_create = access.is_recorder

    def dispatch(self, request, *args, **kwargs):
        agreements = Agreement.objects.for_list().visible_to(request.user)
        self.agreement = get_object_or_404(agreements, pk=kwargs["pk"])
        if not access.proposes_amendment(request.user, self.agreement):
            raise Http404
        if self.agreement.status != Agreement.Status.SIGNED and request.method == "GET":
            text = _t("Phụ lục chỉ lập cho giao ước đang hiệu lực; giao ước này đang ở trạng thái “%s”.")
            messages.error(request, text % self.agreement.get_status_display())
            return redirect(self.agreement)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        side = self.agreement.party_of(self.request.user)
        return {**super().get_form_kwargs(), "agreement": self.agreement, "side": side}

    def get_context_data(self, **kwargs):
        others = self.agreement.amendments.open().for_list()
        return super().get_context_data(agreement=self.agreement, others=others, **kwargs)

    def save(self, form):
        super().save(form)
        if parallel := self.object.parallel():
            text = _t("%s cũng đang sửa mục của phụ lục này. Bản nào ký sau sẽ phải cập nhật theo bản ký trước.")
            messages.warning(self.request, text % ", ".join(other.label for other in parallel))

    def saved_message(self):
        if "send" in self.object.actions_for(self.request.user):
            return _t("Đã lưu nháp phụ lục. Kiểm tra lại phần thay đổi rồi bấm “Gửi bên kia xác nhận”.")
        unit = self.agreement.party_name(self.object.registered_side)
        return _t("Đã lưu nháp phụ lục. Người có quyền ký của %s kiểm tra lại rồi gửi bên kia xác nhận.") % unit

    def list_page(self):
        return self.agreement


class AmendmentEdit(EditPage):
    model = Amendment
    form_class = AmendmentForm
    template_name = "twinning/amendment_form.html"

    def get_queryset(self):
        return super().get_queryset().for_list()

    def get_object(self, queryset=None):
        amendment = super().get_object(queryset)
        # The other side reads, confirms or returns; it does not rewrite.
        if not access.records_amendment(self.request.user, amendment):
            raise Http404
        return amendment

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        return {**kwargs, "agreement": self.object.agreement, "side": self.object.registered_side}

    def get_context_data(self, **kwargs):
        amendment = self.object
        others = amendment.agreement.amendments.open().for_list().exclude(pk=amendment.pk)
        return super().get_context_data(
            agreement=amendment.agreement, others=others, has_moved_on=bool(amendment.moved_on()), **kwargs
        )


class AmendmentAction(ActionPage):
    model = Amendment
    queryset = Amendment.objects.for_list()

    def save(self, form):
        super().save(form)
        warn_of_missing_side(self.request, self.object)


class AmendmentRebase(AmendmentAction):
    """`/phu-luc/<id>/cap-nhat/`: what the agreement says now beside what the amendment says, for a person to choose."""

    template_name = "twinning/amendment_rebase.html"

    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, action=Amendment.ACTIONS["rebase"].slug, **kwargs)

    def refusal(self):
        if refusal := super().refusal():
            return refusal
        if self.object.agreement.status != Agreement.Status.SIGNED:
            return _t("Giao ước không còn hiệu lực nên phụ lục không tiếp tục được. Bên đề xuất có thể rút phụ lục.")
        if not self.object.moved_on():
            return _t("Giao ước chưa thay đổi gì kể từ khi soạn phụ lục này, không cần cập nhật.")
        return None

    def get_form(self, form_class=None):
        return RebaseForm(instance=self.object, **self.get_form_kwargs())

    def save(self, form):
        with transaction.atomic():
            super().save(form)
