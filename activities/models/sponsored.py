"""Pupils who are sponsored (đỡ đầu), known to the portal by a code only: no name, no birthday, no address (Luật
91/2025/QH15: only what the purpose needs). The school keeps for itself who a code is."""

import secrets

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning.access import ScopedQuerySet
from twinning.fields import ProseField
from twinning.models import Agreement, School

# Without what is read for another: 0 O, 1 I L, 2 Z, 5 S, 8 B.
LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"
LENGTH = 6


def new_code():
    """ "ĐĐ-7K4M2Q": drawn at random, so that it tells nothing of the pupil."""
    return "ĐĐ-" + "".join(secrets.choice(LETTERS) for _n in range(LENGTH))


class SponsoredPupilQuerySet(ScopedQuerySet):
    """Both sides of the agreement read, with the offices above them; the pupil's own school writes."""

    department_paths = ("agreement__programme__department",)
    school_paths = ("school",)
    read_only_district_paths = (
        ("agreement__supporting_school", "agreement__supporting_district"),
        ("agreement__supported_school", "agreement__supported_district"),
    )
    read_only_school_paths = ("agreement__supporting_school", "agreement__supported_school")

    def for_list(self):
        return self.select_related("school__district", "agreement")

    def current(self):
        """Sponsored today."""
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today), since__lte=today)


class SponsoredPupil(models.Model):
    class Need(models.TextChoices):
        POOR = "poor", _("gia đình khó khăn")
        ORPHAN = "orphan", _("thiếu người chăm sóc")
        DISABLED = "disabled", _("khuyết tật, bệnh hiểm nghèo")
        REMOTE = "remote", _("nhà xa trường")
        OTHER = "other", _("hoàn cảnh khác")

    code = models.CharField(_("mã học sinh"), max_length=12, unique=True, default=new_code, editable=False)
    school = models.ForeignKey(
        School, models.PROTECT, related_name="sponsored_pupils", verbose_name=_("trường"), editable=False
    )
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="sponsored_pupils", verbose_name=_("theo giao ước")
    )
    grade = models.PositiveSmallIntegerField(
        _("lớp"), null=True, blank=True, help_text=_("1 đến 12; mầm non để trống.")
    )
    need = models.CharField(_("hoàn cảnh"), max_length=10, choices=Need, default=Need.POOR)
    since = models.DateField(_("đỡ đầu từ ngày"))
    until = models.DateField(_("đến hết ngày"), null=True, blank=True)
    note = ProseField(
        _("cần gì"),
        max_length=300,
        blank=True,
        help_text=_("Ví dụ: sách vở, học phí, xe đạp. Không ghi tên, ngày sinh, địa chỉ của học sinh."),
    )

    objects = SponsoredPupilQuerySet.as_manager()

    class Meta:
        verbose_name = _("học sinh được đỡ đầu")
        verbose_name_plural = _("học sinh được đỡ đầu")
        ordering = ["-since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="sponsored_days_in_order",
                violation_error_message=_("Ngày kết thúc không thể trước ngày bắt đầu."),
            ),
            models.CheckConstraint(
                condition=Q(grade=None) | Q(grade__range=(1, 12)),
                name="sponsored_grade",
                violation_error_message=_("Lớp từ 1 đến 12; mầm non để trống."),
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("sponsored_detail", args=[self.pk])

    def clean(self):
        if self.school_id and self.agreement_id:
            schools = {self.agreement.supporting_school_id, self.agreement.supported_school_id}
            if self.school_id not in schools:
                raise ValidationError(
                    {"agreement": _t("Trường mình không thuộc giao ước này. Hãy chọn giao ước khác.")}
                )

    @property
    def is_current(self):
        return self.since <= timezone.localdate() and (self.until is None or self.until >= timezone.localdate())
