"""A reporting period: what has to be reported, on which days' figures, and by when."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import school_year
from twinning.access import Role, ScopedQuerySet, role
from twinning.models import Agreement, District, Programme, School, SchoolManagement


class ReportingPeriodQuerySet(ScopedQuerySet):
    department_paths = ("programme__department",)
    is_directory = True
    editor_roles = frozenset({Role.ADMIN, Role.DEPARTMENT})

    def may_open(self, user):
        return role(user) in self.editor_roles


class ReportingPeriod(models.Model):
    """Sơ kết of one school year. Figures are taken up to and including `cut_off_on`."""

    class Kind(models.TextChoices):
        INTERIM = "interim", _("sơ kết năm học")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="periods", verbose_name=_("phong trào"))
    kind = models.CharField(_("loại"), max_length=10, choices=Kind, default=Kind.INTERIM)
    school_year = models.PositiveSmallIntegerField(_("năm học"))
    cut_off_on = models.DateField(_("chốt số liệu đến hết ngày"))
    due_on = models.DateField(_("hạn nộp"))

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("kỳ báo cáo")
        verbose_name_plural = _("kỳ báo cáo")
        ordering = ["-school_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "school_year"],
                name="period_once_per_year",
                violation_error_message=_("Kỳ báo cáo của năm học này đã mở."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("cut_off_on")),
                name="period_due_after_cut_off",
                violation_error_message=_("Hạn nộp phải bằng hoặc sau ngày chốt số liệu."),
            ),
        ]

    def __str__(self):
        return _t("Sơ kết năm học %s") % self.school_year_label

    def clean(self):
        if self.cut_off_on and self.school_year is not None:
            first, last = school_year.bounds(self.school_year)
            if not first <= self.cut_off_on <= last:
                raise ValidationError(
                    {"cut_off_on": _t("Ngày chốt số liệu phải nằm trong năm học %s.") % self.school_year_label}
                )

    @property
    def school_year_label(self):
        return school_year.label(self.school_year)

    def open(self):
        """Give every unit that has to report its empty report: the Department, and of the districts and schools in
        force on the day of cut-off each with an agreement in effect that year, of its own or of a school it managed on
        that day. Safe to call again: adds only what is missing. Returns how many were added."""
        from reports.models.report import Report

        first, last = school_year.bounds(self.school_year)
        live = Agreement.objects.filter(programme=self.programme).live_during(first, last)
        schools = School.objects.valid_on(self.cut_off_on).filter(live.schools())
        managers = SchoolManagement.objects.valid_on(self.cut_off_on).filter(school__in=schools.order_by().values("pk"))
        offices = live.filter(tier=Agreement.Tier.DISTRICT).order_by()
        districts = District.objects.valid_on(self.cut_off_on).filter(
            Q(pk__in=managers.order_by().values("district"))
            | Q(pk__in=offices.values("supporting_district"))
            | Q(pk__in=offices.values("supported_district"))
        )
        with transaction.atomic():
            known = set(self.reports.values_list("department", "district", "school"))
            wanted = [(self.programme.department_id, None, None)]
            wanted += [(None, pk, None) for pk in districts.values_list("pk", flat=True)]
            wanted += [(None, None, pk) for pk in schools.values_list("pk", flat=True)]
            missing = [key for key in wanted if key not in known]
            Report.objects.bulk_create(
                Report(period=self, department_id=department, district_id=district, school_id=school)
                for department, district, school in missing
            )
        return len(missing)
