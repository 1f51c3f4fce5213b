"""Pages of agreements."""

from collections import Counter

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access, agreement_text, invitations
from twinning.filters.agreements import AgreementFilter
from twinning.forms.agreement import AgreementForm, CorrectionForm, ReturnAgreementForm
from twinning.models import Agreement, Programme
from twinning.pages import ActionPage, CreatePage, DetailPage, EditPage, ListPage, SmallFormPage
from twinning.tables import AgreementTable
from twinning.views import amendments, renewals
from twinning.views.people import warn_of_missing_side
from twinning.views.sides import around

MOST_COVERED = 15


def may_register(user):
    """Records, and the programme has a tier for the unit."""
    return bool(Agreement.tiers_open_to(user, Programme.objects.current_for(user)))


class AgreementList(ListPage):
    model = Agreement
    queryset = Agreement.objects.for_list()
    filterset_class = AgreementFilter
    table_class = AgreementTable
    title = _("Giao ước")
    intro = _("Cặp đơn vị kết nghĩa và giao ước đã ký.")

    def get_table_kwargs(self):
        of_districts = self.request.GET.get("cap") == Agreement.Tier.DISTRICT
        hidden = ("tier",) if of_districts else ("pilots",)  # one of the two says nothing
        return {**super().get_table_kwargs(), **self.filterset.for_table(), "exclude": hidden}

    def create_link(self):
        if may_register(self.request.user):
            return reverse("agreement_create"), _("Đăng ký cặp mới")
        return None

    def further_links(self):
        links = []
        user = self.request.user
        if access.signs_for_a_unit(user) and Agreement.objects.editable_by(user).ready_to_sign().exists():
            links.append((reverse("ceremony_create"), _("Ghi lễ ký kết")))
        if renewals.may_open(user):
            links.append((reverse("renewal_create"), _("Gia hạn sang giai đoạn sau")))
        return links


class AgreementDetail(DetailPage):
    model = Agreement
    queryset = Agreement.objects.for_list().select_related("umbrella")
    template_name = "twinning/agreement_detail.html"

    def get_context_data(self, **kwargs):
        agreement, user = self.object, self.request.user
        can_edit = agreement.is_open_to_edit() and access.records_agreement(user, agreement)
        covered = agreement.covered.visible_to(user)
        return super().get_context_data(
            events=agreement.events.select_related("by"),
            content_areas=agreement.content_areas.all(),
            **around(agreement, user),
            covered=covered.for_list().order_by("tier", "supporting_school__sort_key")[:MOST_COVERED],
            covered_counts=Counter(covered.order_by().values_list("tier", flat=True)),
            comments=agreement.comments.open().select_related("by"),
            further_signatories=agreement.further_signatories.all(),
            members=agreement.members.select_related("school", "district"),
            edit_url=reverse("agreement_edit", args=[agreement.pk]) if can_edit else None,
            may_correct=access.corrects_agreement(user, agreement),
            records_under=agreement.status == Agreement.Status.SIGNED
            and access.is_recorder(user)
            and agreement.party_of(user) is not None,
            missing_side=invitations.missing_side(agreement, user),
            **amendments.card_of(agreement, user),
            **renewals.card_of(agreement, user),
            **kwargs,
        )


class AgreementCreate(CreatePage):
    model = Agreement
    form_class = AgreementForm
    template_name = "twinning/agreement_form.html"
    may_create = may_register

    def get_initial(self):
        """A pair that was suggested: `?ho_tro=<school>&duoc_ho_tro=<school>`."""
        asked = {"supporting_school": "ho_tro", "supported_school": "duoc_ho_tro"}
        given = {name: self.request.GET.get(key, "") for name, key in asked.items()}
        schools = {name: int(pk) for name, pk in given.items() if pk.isdecimal()}
        return {"tier": Agreement.Tier.SCHOOL, **schools} if len(schools) == len(asked) else {}

    def get_context_data(self, **kwargs):
        # A pair that was suggested is no draft of what was typed here before.
        pair = "-".join(str(pk) for pk in self.get_initial().values() if isinstance(pk, int))
        return super().get_context_data(draft_name=f"giao-uoc-{pair}" if pair else "giao-uoc", **kwargs)

    def saved_message(self):
        if "send" in self.object.actions_for(self.request.user):
            return _t("Đã lưu nháp. Kiểm tra lại rồi bấm “Gửi bên kia xác nhận”.")
        unit = self.object.party_name(self.object.registered_side)
        return _t("Đã lưu nháp. Người có quyền ký của %s kiểm tra lại rồi gửi bên kia xác nhận.") % unit


class AgreementEdit(EditPage):
    model = Agreement
    form_class = AgreementForm
    template_name = "twinning/agreement_form.html"

    def get_queryset(self):
        return super().get_queryset().for_list()

    def save(self, form):
        before = agreement_text.commitments(Agreement.objects.get(pk=self.object.pk))
        super().save(form)
        self.object.ask_again(self.request.user, before)

    def saved_message(self):
        asked = self.object.status == Agreement.Status.WAITING
        return Agreement.ACTIONS["revise"].done if asked else super().saved_message()

    def get_object(self, queryset=None):
        agreement = super().get_object(queryset)
        # The other side reads, confirms or returns; it does not rewrite.
        return get_object_or_404(
            Agreement, pk=agreement.pk if access.records_agreement(self.request.user, agreement) else 0
        )


class AgreementAction(ActionPage):
    model = Agreement
    queryset = Agreement.objects.for_list()

    def get_form(self, form_class=None):
        if self.name != "return":
            return super().get_form(form_class)
        return ReturnAgreementForm(
            instance=Agreement.objects.for_list().get(pk=self.object.pk), **self.get_form_kwargs()
        )

    def get_template_names(self):
        return ["twinning/return.html" if self.name == "return" else self.template_name]

    def save(self, form):
        super().save(form)
        warn_of_same_number(self.request, self.object)
        warn_of_missing_side(self.request, self.object)


def warn_of_same_number(request, agreement):
    if same := agreement.same_number().for_list().first():
        messages.warning(
            request,
            _t("Số “%(number)s” đã có ở giao ước “%(other)s” trong cùng năm. Nếu ghi nhầm, hãy bấm “Đính chính”.")
            % {"number": agreement.number, "other": same},
        )


class AgreementCorrect(SmallFormPage):
    """Put right what is written of the signing of an agreement."""

    model = Agreement
    queryset = Agreement.objects.for_list()
    form_class = CorrectionForm
    heading = _("Đính chính thông tin ký")
    intro = _(
        "Chỉ sửa số, nơi ký, người ký. Nội dung cam kết đã ký chỉ thay đổi bằng phụ lục. "
        "Mọi lần sửa được ghi ở Quá trình."
    )
    done = _("Đã đính chính.")

    def may(self, user):
        return access.corrects_agreement(user, self.object)

    def get_form_kwargs(self):
        # A copy: a form that fails must not leave its values on the object the page shows.
        return {**super().get_form_kwargs(), "instance": Agreement.objects.get(pk=self.object.pk)}

    def save(self, form):
        self.object.correct(self.request.user, **form.cleaned_data)
        warn_of_same_number(self.request, self.object)
