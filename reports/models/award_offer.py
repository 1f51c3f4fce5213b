"""What a round of awards has to give: each form with its quotas, and what its suggestions count."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models.award import Award
from reports.models.award_round import AwardRound
from twinning.fields import NameField
from twinning.models import School
from twinning.vietnamese import number

MOST_POINTS = 100


MOST_FULL = 1_000_000_000_000


class AwardOffer(models.Model):
    """One form of award in a round, whose authority it is, and how many there are (empty: no limit)."""

    round = models.ForeignKey(AwardRound, models.CASCADE, related_name="offers", verbose_name=_("đợt xét khen"))
    form = models.CharField(_("hình thức"), max_length=10, choices=Award.Form)
    issuer = NameField(_("cấp quyết định"), max_length=150)
    collective_most = models.PositiveSmallIntegerField(_("tập thể, cả đợt"), null=True, blank=True)
    individual_most = models.PositiveSmallIntegerField(_("cá nhân, cả đợt"), null=True, blank=True)
    collective_per_district = models.PositiveSmallIntegerField(_("tập thể, mỗi đơn vị"), null=True, blank=True)
    individual_per_district = models.PositiveSmallIntegerField(_("cá nhân, mỗi đơn vị"), null=True, blank=True)
    # {level of schools: most collectives}
    level_most = models.JSONField(_("tập thể, theo cấp học"), default=dict, blank=True)

    class Meta:
        verbose_name = _("hình thức của đợt")
        verbose_name_plural = _("hình thức của đợt")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "form"], name="award_offer_once")]

    def __str__(self):
        return str(self.get_form_display())

    def most(self, kind):
        return getattr(self, f"{kind}_most")

    def per_district(self, kind):
        return getattr(self, f"{kind}_per_district")

    def over_most(self, nominations):
        """A sentence when `nominations` (of this form) are more than the round has; empty when they fit."""
        for kind in Award.Kind:
            of_kind = [nomination for nomination in nominations if nomination.kind == kind]
            most = self.most(kind)
            if most is not None and len(of_kind) > most:
                return _t(
                    "%(form)s %(kind)s: %(n)s đề nghị, chỉ tiêu cả đợt là %(most)s. Hãy bỏ bớt %(over)s đề nghị hoặc "
                    "sửa chỉ tiêu."
                ) % {
                    "form": str(self).capitalize(),
                    "kind": kind.label,
                    "n": number(len(of_kind)),
                    "most": number(most),
                    "over": number(len(of_kind) - most),
                }
        return self._over_level([n for n in nominations if n.kind == Award.Kind.COLLECTIVE and n.school_id])

    def _over_level(self, schools):
        for level, most in self.level_most.items():
            n = sum(nomination.school.level == level for nomination in schools)
            if n > most:
                return _t("%(form)s tập thể cấp %(level)s: %(n)s đề nghị, chỉ tiêu là %(most)s.") % {
                    "form": str(self).capitalize(),
                    "level": School.Level(level).label,
                    "n": number(n),
                    "most": number(most),
                }
        return ""


class AwardCriterion(models.Model):
    """What the suggestions of a round count (reports/awards/evidence.py), and for how many points."""

    round = models.ForeignKey(AwardRound, models.CASCADE, related_name="criteria", verbose_name=_("đợt xét khen"))
    subject = models.CharField(max_length=8)
    key = models.CharField(max_length=20)
    points = models.PositiveSmallIntegerField(_("điểm tối đa"), validators=[MaxValueValidator(MOST_POINTS)])
    full = models.PositiveBigIntegerField(
        _("đạt điểm tối đa từ"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_FULL)]
    )

    class Meta:
        verbose_name = _("tiêu chí gợi ý")
        verbose_name_plural = _("tiêu chí gợi ý")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "subject", "key"], name="award_criterion_once")]

    def __str__(self):
        return f"{self.subject}.{self.key}: {self.points}"
