"""What the parties of an agreement set out to do in a school year (chỉ tiêu)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from twinning import school_year
from twinning.models.agreement import Agreement
from twinning.models.party import OfAgreementQuerySet
from twinning.models.programme import ContentArea

# More than any agreement could mean; a slip of the pen with a zero too many is told by them.
MOST = {"activities": 10_000, "turns": 1_000_000, "support_vnd": 1_000_000_000_000}


class TargetQuerySet(OfAgreementQuerySet):
    def for_progress(self):
        """In the order they are shown: the whole before its parts."""
        return self.select_related("content_area").order_by(
            "school_year", F("content_area__position").asc(nulls_first=True), "pk"
        )


class Target(models.Model):
    """Of one agreement, school year and content area (none: of the agreement as a whole). An empty number is no target;
    what was done is never stored here but counted (activities.progress). Help is of no content area, so only the whole
    has a target of it."""

    NUMBERS = ("activities", "turns", "support_vnd")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="targets", verbose_name=_("giao ước"))
    content_area = models.ForeignKey(
        ContentArea, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("nội dung")
    )
    school_year = models.PositiveSmallIntegerField(_("năm học"))
    activities = models.PositiveIntegerField(_("số hoạt động"), null=True, blank=True)
    turns = models.PositiveIntegerField(_("lượt giáo viên"), null=True, blank=True)
    support_vnd = models.PositiveBigIntegerField(_("hỗ trợ (đồng)"), null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("chỉ tiêu")
        verbose_name_plural = _("chỉ tiêu")
        ordering = ["school_year", "content_area__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "school_year", "content_area"],
                condition=Q(content_area__isnull=False),
                name="target_once",
                violation_error_message=_("Nội dung này đã có chỉ tiêu trong năm học."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "school_year"],
                condition=Q(content_area=None),
                name="target_of_the_whole_once",
                violation_error_message=_("Giao ước đã có chỉ tiêu chung trong năm học."),
            ),
            models.CheckConstraint(
                condition=Q(activities__isnull=False) | Q(turns__isnull=False) | Q(support_vnd__isnull=False),
                name="target_says_something",
                violation_error_message=_("Hãy ghi ít nhất một con số."),
            ),
            models.CheckConstraint(
                condition=Q(content_area=None) | Q(support_vnd=None),
                name="target_of_support_is_of_the_whole",
                violation_error_message=_("Hỗ trợ không ghi theo nội dung; hãy đặt chỉ tiêu ở dòng chung."),
            ),
        ]

    def __str__(self):
        return f"{self.agreement}, {school_year.label(self.school_year)}"

    @property
    def school_year_label(self):
        return school_year.label(self.school_year)

    @property
    def numbers(self):
        """{name: number or None} of what is aimed at."""
        return {name: getattr(self, name) for name in self.NUMBERS}
