"""Schools that lead the way under a district agreement (trường điểm), and how many there should be."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twinning.access import ScopedQuerySet
from twinning.models.agreement import Agreement
from twinning.models.programme import DEPARTMENT_STAFF, Programme
from twinning.models.school import School


class PilotSchoolQuerySet(ScopedQuerySet):
    department_paths = ("agreement__programme__department",)
    district_paths = (
        ("agreement__supporting_school", "agreement__supporting_district"),
        ("agreement__supported_school", "agreement__supported_district"),
        ("school", None),
    )
    school_paths = ("school",)


class PilotSchool(models.Model):
    """A school chosen to lead the way under a district agreement (trường xây dựng điểm)."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="pilot_schools", verbose_name=_("giao ước Phòng – Phòng")
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="pilot_roles", verbose_name=_("trường điểm"))

    objects = PilotSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("trường điểm")
        verbose_name_plural = _("trường điểm")
        ordering = ["school__level", "school__sort_key"]
        constraints = [models.UniqueConstraint(fields=["agreement", "school"], name="pilot_school_once")]

    def __str__(self):
        return self.school.name


class PilotQuotaQuerySet(ScopedQuerySet):
    department_paths = ("programme__department", "agreement__programme__department")
    is_directory = True
    editor_roles = DEPARTMENT_STAFF


class PilotQuota(models.Model):
    """How many pilot schools each side of a district agreement chooses, of one level or (no level) of all together:
    Thanh Xuân – Hoài Đức 10 each, Đống Đa – Sóc Sơn 3 MN + 3 TH + 3 THCS. One of an agreement stands before those of
    its programme."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, blank=True, related_name="pilot_quotas", verbose_name=_("phong trào")
    )
    agreement = models.ForeignKey(
        Agreement, models.CASCADE, null=True, blank=True, related_name="pilot_quotas", verbose_name=_("giao ước")
    )
    level = models.CharField(
        _("cấp học"), max_length=10, choices=School.Level, blank=True, help_text=_("Bỏ trống: tính chung mọi cấp.")
    )
    count = models.PositiveSmallIntegerField(_("số trường mỗi bên"))

    objects = PilotQuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("chỉ tiêu trường điểm")
        verbose_name_plural = _("chỉ tiêu trường điểm")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(programme__isnull=False, agreement=None) | Q(programme=None, agreement__isnull=False),
                name="pilot_quota_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["programme", "level"],
                condition=Q(agreement=None),
                name="pilot_quota_once_a_programme",
                violation_error_message=_("Cấp học này đã có chỉ tiêu."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "level"],
                condition=Q(programme=None),
                name="pilot_quota_once_an_agreement",
                violation_error_message=_("Cấp học này đã có chỉ tiêu."),
            ),
        ]

    def __str__(self):
        return f"{self.get_level_display() or _('mọi cấp')}: {self.count}"
