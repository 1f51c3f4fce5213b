"""Pages of rounds of awards: the list, one round, what it gives and by which criteria."""

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.awards.decision import gives_numbers
from reports.filters import AwardRoundFilter
from reports.forms.award_round import AwardRoundForm, CriteriaForm, OffersForm
from reports.models import Award, AwardDecision, AwardMeeting, AwardRound, Nomination, NominationComment
from reports.tables import AwardRoundTable
from twinning import access
from twinning.models import Programme, School
from twinning.pages import ActionPage, CreatePage, DetailPage, EditPage, ListPage, SmallFormPage

MOST_SHOWN = 30


def may_open(user):
    return access.opens_awards(user) and Programme.objects.current_for(user) is not None


class AwardRoundList(ListPage):
    model = AwardRound
    queryset = AwardRound.objects.for_list()
    filterset_class = AwardRoundFilter
    table_class = AwardRoundTable
    template_name = "reports/awards/round_list.html"
    title = _("Đợt xét khen")
    intro = _("Mỗi đợt: hình thức, chỉ tiêu, đề nghị của đơn vị, hội đồng, công khai, quyết định.")
    empty_text = _("Chưa có đợt xét khen nào. Sở mở đợt thì đợt hiện ở đây.")

    def create_link(self):
        if may_open(self.request.user):
            return reverse("awardround_create"), _("Lập đợt xét khen")
        return None

    def further_links(self):
        return [(reverse("award_list"), _("Sổ khen thưởng"))]


class AwardRoundDetail(DetailPage):
    model = AwardRound
    queryset = AwardRound.objects.for_list()
    template_name = "reports/awards/round_detail.html"

    def get_context_data(self, **kwargs):
        award_round, user = self.object, self.request.user
        keeps = access.keeps_awards(user, award_round)
        judges = access.decides_awards(user, award_round)
        nominations = Nomination.objects.visible_to(user).filter(round=award_round)
        counts = dict(nominations.order_by().values_list("status").annotate(n=Count("pk")))
        decisions = list(
            AwardDecision.objects.filter(offer__round=award_round)
            .annotate(n=Count("awards"), revoked=Count("awards", filter=Q(awards__status=Award.Status.REVOKED)))
            .select_related("offer")
        )
        return super().get_context_data(
            offers=self._offers(award_round, decisions, judges),
            counts=[(status, counts[status]) for status in Nomination.Status if counts.get(status)],
            mine=nominations.for_list().order_by("-created_at")[:MOST_SHOWN] if not judges else (),
            decisions=decisions,
            keeps=keeps,
            judges=judges,
            may_nominate=award_round.is_taking and access.nominates(user),
            nominates_others=award_round.is_taking and access.nominates_others(user, award_round),
            has_candidates=access.compares_schools(user) and access.is_signer(user),
            meeting=AwardMeeting.objects.filter(round=award_round).first() if judges else None,
            comments=NominationComment.objects.filter(nomination__round=award_round).count() if judges else 0,
            listed=award_round.nominations.published().count() if award_round.is_published else 0,
            events=award_round.events_with_people() if judges else None,
            edit_url=reverse("awardround_edit", args=[award_round.pk])
            if keeps and award_round.is_open_to_edit()
            else None,
            **kwargs,
        )

    @staticmethod
    def _offers(award_round, decisions, judges):
        """[(offer, [(kind, most, per unit, how many are put forward)], [(level, most)], decision, may decide, has a
        paper)]."""
        forward = award_round.nominations.filter(status__in=Nomination.FORWARD).order_by()
        counts = {tuple(key): n for *key, n in forward.values_list("offer", "kind").annotate(n=Count("pk"))}
        published = set(
            award_round.nominations.filter(status=Nomination.Status.PUBLISHED).values_list("offer", flat=True)
        )
        by_offer = {decision.offer_id: decision for decision in decisions}
        waits = award_round.status == AwardRound.Status.PUBLIC and not award_round.is_commented
        return [
            (
                offer,
                [
                    (kind, offer.most(kind), offer.per_district(kind), counts.get((offer.pk, kind.value), 0))
                    for kind in Award.Kind
                ],
                [(School.Level(level).label, most) for level, most in offer.level_most.items()],
                by_offer.get(offer.pk),
                judges and waits and offer.pk in published and offer.pk not in by_offer,
                judges and gives_numbers(offer) and (offer.pk in published or offer.pk in by_offer),
            )
            for offer in award_round.offers.all()
        ]


class AwardRoundCreate(CreatePage):
    model = AwardRound
    form_class = AwardRoundForm
    template_name = "reports/awards/round_form.html"
    may_create = may_open

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=reverse("awardround_list"), **kwargs)

    def saved_message(self):
        return _t("Đã lập. Hãy xem lại hình thức, chỉ tiêu, tiêu chí rồi mở nhận đề nghị.")


class AwardRoundEdit(EditPage):
    model = AwardRound
    form_class = AwardRoundForm
    template_name = "reports/awards/round_form.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(back_url=self.object.get_absolute_url(), **kwargs)


class AwardRoundAction(ActionPage):
    """Of the Department's own people; everybody else reads the round and does nothing with it."""

    model = AwardRound
    queryset = AwardRound.objects.for_list()

    def may(self, user):
        return access.decides_awards(user, self.object)


class RoundPage(SmallFormPage):
    """A form on one round; subclasses say who may."""

    model = AwardRound
    queryset = AwardRound.objects.for_list()


def round_of(request, pk):
    """The round, for whoever may see it; else 404."""
    return get_object_or_404(AwardRound.objects.visible_to(request.user).for_list(), pk=pk)


class RulesPage(RoundPage):
    """What a round gives and counts, of the Department's staff while it is open to edits; `event`: what its history
    says of it."""

    event = ""

    def may(self, user):
        return access.keeps_awards(user, self.object) and self.object.is_open_to_edit()

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "award_round": self.object}

    def save(self, form):
        AwardRound.objects.select_for_update().get(pk=self.object.pk)
        if note := form.save():
            self.object.record_event(self.event, self.request.user, note=note)


class OffersEdit(RulesPage):
    form_class = OffersForm
    template_name = "reports/awards/offers_form.html"
    heading = _("Hình thức khen và chỉ tiêu")
    intro = _("Ô số bỏ trống là không giới hạn. Vượt chỉ tiêu thì cổng không cho đi tiếp và nói rõ vượt bao nhiêu.")
    done = _("Đã lưu hình thức và chỉ tiêu.")
    event = "offers"


class CriteriaEdit(RulesPage):
    form_class = CriteriaForm
    template_name = "reports/awards/criteria_form.html"
    heading = _("Tiêu chí gợi ý")
    intro = _(
        "Cổng đếm từ dữ liệu rồi gợi ý theo điểm. Mỗi nhóm cộng đủ 100 điểm. Điểm chỉ để gợi ý, không phải kết luận "
        "xét khen."
    )
    done = _("Đã lưu tiêu chí. Trang gợi ý tính lại ngay.")
    event = "criteria"
