"""Pages of nominations: the list, one, writing it, and what is done with it."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.award_forms import NominationForm
from reports.figures import Scope
from reports.filters import NominationFilter
from reports.models import AwardRound, Nomination
from reports.tables import NominationTable
from twinning import access
from twinning.pages import ActionPage, CreatePage, DetailPage, EditPage, ListPage


class NominationList(ListPage):
    model = Nomination
    queryset = Nomination.objects.for_list()
    filterset_class = NominationFilter
    table_class = NominationTable
    title = _("Đề nghị khen thưởng")
    intro = _("Đề nghị của đơn vị mình và của các đơn vị mình phụ trách.")
    empty_text = _("Không có đề nghị nào khớp. Đề nghị lập từ trang của đợt xét khen đang mở.")

    def further_links(self):
        return [(reverse("awardround_list"), _("Đợt xét khen"))]


class NominationDetail(DetailPage):
    model = Nomination
    queryset = Nomination.objects.for_list()
    template_name = "reports/awards/nomination_detail.html"

    def get_context_data(self, **kwargs):
        nomination, user = self.object, self.request.user
        judges = access.judges_nomination(user, nomination)
        may_edit = nomination.is_open_to_edit() and access.writes_nomination(user, nomination)
        return super().get_context_data(
            figures=cited_figures(nomination),
            remarks=nomination.remarks() if access.reviews_nomination(user, nomination) or judges else [],
            judges=judges,
            comments=nomination.comments.select_related("by") if judges else [],
            award=getattr(nomination, "award", None),
            events=nomination.events.select_related("by"),
            edit_url=reverse("nomination_edit", args=[nomination.pk]) if may_edit else None,
            **kwargs,
        )


def cited_figures(nomination):
    """The figures of the unit in the time of the round, each with the list behind it."""
    unit = nomination.school or nomination.district
    figures = Scope(nomination.round.programme, unit, nomination.round.school_year).figures()
    return [
        figures[key] for key in ("activities_held", "teacher_turns", "teachers_named", "pupil_turns", "support_vnd")
    ]


class WritesNomination:
    model = Nomination
    form_class = NominationForm
    template_name = "reports/awards/nomination_form.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        nomination = context["form"].instance
        return context | {"award_round": nomination.round, "figures": cited_figures(nomination)}


class NominationCreate(WritesNomination, CreatePage):
    """`/khen-thuong/dot/<id>/de-nghi/moi/`."""

    may_create = access.nominates

    def get_form_kwargs(self):
        visible = AwardRound.objects.visible_to(self.request.user).for_list()
        award_round = get_object_or_404(visible, pk=self.kwargs["pk"])
        if not award_round.is_taking:
            raise Http404
        return {**super().get_form_kwargs(), "award_round": award_round}

    def get_initial(self):
        kind = self.request.GET.get("doi_tuong")
        return {"kind": kind} if kind else {}

    def saved_message(self):
        return _t("Đã lưu bản nháp. Hãy xem lại rồi gửi.")


class NominationEdit(WritesNomination, EditPage):
    def get_object(self, queryset=None):
        nomination = super().get_object(queryset)
        if not access.writes_nomination(self.request.user, nomination):
            raise Http404
        return nomination


class NominationAction(ActionPage):
    model = Nomination
    queryset = Nomination.objects.for_list()
