"""The book of awards, one award, and what can happen to it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reports.filters import AwardFilter
from reports.models import Award, AwardRound, Nomination
from reports.papers.award_book import award_book
from reports.tables import AwardTable
from reports.views.papers import handed_out
from twinning import access
from twinning.exports import filters_in_words
from twinning.models import Programme
from twinning.pages import ActionPage, DetailPage, ListPage
from twinning.vietnamese import number

# Lines of the book that are set while one waits, some 170 pages.
MOST_PRINTED = 3000


class AwardList(ListPage):
    model = Award
    queryset = Award.objects.for_list()
    filterset_class = AwardFilter
    table_class = AwardTable
    title = _("Khen thưởng")
    intro = _("Sổ khen thưởng: tập thể, cá nhân được khen trong phong trào, theo quyết định khen thưởng.")
    empty_text = _("Chưa có quyết định khen thưởng nào. Quyết định của đợt xét khen vào sổ này ngay khi được ghi.")

    def further_links(self):
        user = self.request.user
        printed = self.address().replace(reverse("award_list"), reverse("award_book"), 1)
        links = [(reverse("awardround_list"), self._rounds_label(user)), (printed, _("In sổ (PDF)"))]
        if access.is_recorder(user) or access.is_signer(user):
            links.append((reverse("nomination_list"), _("Đề nghị khen")))
        return links

    @staticmethod
    def _rounds_label(user):
        n = AwardRound.objects.visible_to(user).taking().count()
        return _("Đợt xét khen (%s đang mở)") % number(n) if n else _("Đợt xét khen")


@require_safe
def book(request):
    """The book as a PDF: the awards of the list with the same filters, every page of them."""
    programme = Programme.objects.current_for(request.user)
    if programme is None:
        raise Http404
    awards = Award.objects.visible_to(request.user).filter(programme__department=programme.department_id).for_list()
    chosen = AwardFilter(request.GET or None, queryset=awards, request=request)
    found = list(chosen.qs[: MOST_PRINTED + 1])
    if len(found) > MOST_PRINTED:
        messages.info(request, _t("Sổ dài quá %s dòng. Hãy chọn năm học rồi in.") % number(MOST_PRINTED))
        return redirect("award_list")
    paper = award_book(found, programme.department, filters_in_words(chosen))
    return handed_out(request, "award_list", "pdf", paper, "award_book")


class AwardDetail(DetailPage):
    model = Award
    queryset = Award.objects.for_list().select_related("nomination__round", "decision")
    template_name = "reports/awards/award_detail.html"

    def get_context_data(self, **kwargs):
        nomination = self.object.nomination
        user = self.request.user
        may_read = nomination and Nomination.objects.visible_to(user).filter(pk=nomination.pk).exists()
        judges = access.revokes_award(user, self.object)
        return super().get_context_data(
            award_round=nomination and nomination.round,
            may_read=may_read,
            judges=judges,
            events=self.object.events.select_related("by") if judges and self.object.is_revoked else None,
            **kwargs,
        )


class AwardAction(ActionPage):
    """Of the Department's own people; everybody else reads the award and does nothing with it."""

    model = Award
    queryset = Award.objects.for_list().select_related("programme__department")
    keeps_typed = True

    def may(self, user):
        return access.revokes_award(user, self.object)

    def get_initial(self):
        return {"revoked_on": timezone.localdate()}
