"""Pages of nominations: the list, one, writing it, and what is done with it."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.filters import NominationFilter
from reports.forms.nomination import NominationForm
from reports.models import AwardRound, Nomination
from reports.scope import Scope
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
    empty_text = _("Chưa có đề nghị nào. Đề nghị lập từ trang của đợt xét khen đang mở.")

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
    if nomination.district_id is None:  # the Department has not said yet whose they are
        return []
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
    """`/khen-thuong/dot/<id>/de-nghi/moi/`; `?truong=` or `?don_vi=`: the unit the Department has in mind."""

    may_create = access.writes_nominations

    def get_form_kwargs(self):
        user = self.request.user
        award_round = get_object_or_404(AwardRound.objects.visible_to(user).for_list(), pk=self.kwargs["pk"])
        if not award_round.is_taking or not (access.nominates(user) or access.nominates_others(user, award_round)):
            raise Http404
        return {**super().get_form_kwargs(), "award_round": award_round}

    def get_initial(self):
        asked = {"kind": "doi_tuong", "of_school": "truong", "of_office": "don_vi"}
        return {name: self.request.GET[key] for name, key in asked.items() if self.request.GET.get(key)}

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
