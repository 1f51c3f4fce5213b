"""The book of awards, one award, and what can happen to it."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.filters import AwardFilter
from reports.models import Award, AwardRound, Nomination
from reports.tables import AwardTable
from twinning import access
from twinning.pages import ActionPage, DetailPage, ListPage
from twinning.vietnamese import number


class AwardList(ListPage):
    model = Award
    queryset = Award.objects.for_list()
    filterset_class = AwardFilter
    table_class = AwardTable
    title = _("Khen thưởng")
    intro = _("Sổ khen thưởng: tập thể, cá nhân được khen trong phong trào, theo quyết định khen thưởng.")
    empty_text = _("Chưa có quyết định khen thưởng nào khớp.")

    def further_links(self):
        user = self.request.user
        links = [(reverse("awardround_list"), self._rounds_label(user))]
        if access.is_recorder(user) or access.is_signer(user):
            links.append((reverse("nomination_list"), _("Đề nghị khen")))
        return links

    @staticmethod
    def _rounds_label(user):
        n = AwardRound.objects.visible_to(user).taking().count()
        return _("Đợt xét khen (%s đang mở)") % number(n) if n else _("Đợt xét khen")


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
