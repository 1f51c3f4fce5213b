"""The decision that gives a form of award."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.models.award_offer import AwardOffer
from twinning.fields import NameField


class AwardDecision(models.Model):
    """The decision that gives one form of award in a round: there is one, whoever presses twice."""

    offer = models.OneToOneField(
        AwardOffer, models.PROTECT, related_name="decision", verbose_name=_("hình thức của đợt")
    )
    number = NameField(_("số, ký hiệu"), max_length=60)
    decided_on = models.DateField(_("ngày quyết định"))
    issuer = NameField(_("cấp quyết định"), max_length=150)
    signer_title = NameField(_("chức vụ người ký"), max_length=120)
    signer_name = NameField(_("họ tên người ký"), max_length=120)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người ghi")
    )
    recorded_at = models.DateTimeField(_("ghi lúc"), default=timezone.now)

    class Meta:
        verbose_name = _("quyết định khen thưởng")
        verbose_name_plural = _("quyết định khen thưởng")
        ordering = ["decided_on", "pk"]

    def __str__(self):
        return self.number
