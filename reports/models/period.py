"""A reporting period (kỳ báo cáo): what has to be reported, on which days' figures, by whom and by when; and the
calendar by which the portal opens one each year by itself."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models.report_life import Status
from twinning import school_year
from twinning.access import Role, ScopedQuerySet
from twinning.fields import NameField
from twinning.models import Agreement, District, Programme, School, SchoolManagement

LEVELS = ("school", "district", "department")


def usual_sections():
    """Keys of the sections (reports/content.py) nobody may leave empty, unless the Department says otherwise."""
    return ["advantages", "difficulties", "strengths", "weaknesses", "next_year"]


class Requirements(models.Model):
    """What a period asks of every unit; the calendar hands it on to the periods it opens."""

    required_sections = models.JSONField(_("mục bắt buộc"), default=usual_sections, blank=True)
    asks_schools = models.BooleanField(_("trường phải báo cáo"), default=True)
    asks_districts = models.BooleanField(_("Phòng phải báo cáo"), default=True)
    locks = models.BooleanField(
        _("khoá sau hạn nộp"),
        default=False,
        help_text=_("Quá hạn thì đơn vị chưa nộp phải gửi yêu cầu mở khoá; đơn vị bị trả lại vẫn sửa được."),
    )

    class Meta:
        abstract = True


class ReportingPeriodQuerySet(ScopedQuerySet):
    department_paths = ("programme__department",)
    is_directory = True
    editor_roles = frozenset({Role.ADMIN, Role.DEPARTMENT})

    def for_list(self):
        return self.select_related("programme__department").order_by("-cut_off_on", "-pk")

    def with_counts(self):
        """With `expected` and `handed_in`: how many reports are made of it, one a unit."""
        one_a_unit = Q(reports__replaces=None)
        return self.annotate(
            expected=Count("reports", filter=one_a_unit),
            handed_in=Count("reports", filter=one_a_unit & Q(reports__status__in=Status.handed_in())),
        )


class ReportingPeriod(Requirements):
    """Sơ kết of one school year, tổng kết of the whole phase, or a review at a time of its own. Figures are taken up to
    and including `cut_off_on`; each level has its own last day, the lower one first."""

    class Kind(models.TextChoices):
        INTERIM = "interim", _("sơ kết năm học")
        FINAL = "final", _("tổng kết giai đoạn")
        AD_HOC = "ad_hoc", _("đột xuất")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="periods", verbose_name=_("phong trào"))
    kind = models.CharField(_("loại"), max_length=10, choices=Kind, default=Kind.INTERIM)
    school_year = models.PositiveSmallIntegerField(_("năm học"), null=True, blank=True)
    name = NameField(_("tên kỳ báo cáo"), max_length=150, blank=True, help_text=_("Chỉ ghi với kỳ đột xuất."))
    opens_on = models.DateField(_("mở ngày"), default=timezone.localdate)
    opened_at = models.DateTimeField(_("đã mở lúc"), null=True, blank=True, editable=False)
    cut_off_on = models.DateField(_("chốt số liệu đến hết ngày"))
    due_school_on = models.DateField(_("hạn nộp của trường"), blank=True)
    due_district_on = models.DateField(_("hạn nộp của Phòng"), blank=True)
    due_on = models.DateField(_("hạn nộp của Sở"))

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("kỳ báo cáo")
        verbose_name_plural = _("kỳ báo cáo")
        ordering = ["-cut_off_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "school_year"],
                condition=Q(kind="interim"),
                name="period_once_per_year",
                violation_error_message=_("Kỳ báo cáo của năm học này đã mở."),
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(kind="final"),
                name="period_final_once",
                violation_error_message=_("Kỳ tổng kết của giai đoạn này đã mở."),
            ),
            models.UniqueConstraint(
                fields=["programme", "name"],
                condition=Q(kind="ad_hoc"),
                name="period_ad_hoc_name_once",
                violation_error_message=_("Đã có kỳ báo cáo đột xuất mang tên này."),
            ),
            models.CheckConstraint(
                condition=Q(kind="final", school_year=None) | (Q(school_year__isnull=False) & ~Q(kind="final")),
                name="period_kind_fits_year",
                violation_error_message=_("Hãy chọn năm học; chỉ kỳ tổng kết giai đoạn không có năm học riêng."),
            ),
            models.CheckConstraint(
                condition=(Q(kind="ad_hoc") & ~Q(name="")) | (~Q(kind="ad_hoc") & Q(name="")),
                name="period_kind_fits_name",
                violation_error_message=_("Kỳ đột xuất cần có tên; kỳ sơ kết, tổng kết thì không ghi tên riêng."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("cut_off_on")),
                name="period_due_after_cut_off",
                violation_error_message=_("Hạn nộp phải bằng hoặc sau ngày chốt số liệu."),
            ),
            models.CheckConstraint(
                condition=Q(
                    due_school_on__gte=F("cut_off_on"),
                    due_district_on__gte=F("due_school_on"),
                    due_on__gte=F("due_district_on"),
                ),
                name="period_levels_in_order",
                violation_error_message=_(
                    "Hạn nộp phải bằng hoặc sau ngày chốt số liệu, và lần lượt: trường, rồi Phòng, rồi Sở."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.title[0].upper()}{self.title[1:]}"

    def save(self, **kwargs):
        self.fill_due_days()
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("period_detail", args=[self.pk])

    def fill_due_days(self):
        """A level without a day of its own is due when the level above is."""
        self.due_district_on = self.due_district_on or self.due_on
        self.due_school_on = self.due_school_on or self.due_district_on

    def clean(self):
        if self.cut_off_on and not self.cut_off_fits():
            message = _t("Ngày chốt số liệu phải nằm trong %s.") % self.span
            raise ValidationError({"cut_off_on": message})

    def cut_off_fits(self):
        if self.school_year is None:
            return self.programme.covers(self.cut_off_on) if self.kind == self.Kind.FINAL else True
        first, last = school_year.bounds(self.school_year)
        return first <= self.cut_off_on <= last

    # --- What it is called ------------------------------------------------------------------------------------------

    @property
    def school_year_label(self):
        return school_year.label(self.school_year) if self.school_year is not None else ""

    @property
    def span(self):
        """The time it is about: "năm học 2023-2024", "giai đoạn 2022–2025"."""
        if self.school_year is None:
            return f"giai đoạn {self.programme.phase}"
        return f"năm học {self.school_year_label}"

    @property
    def what(self):
        """ "sơ kết", "tổng kết", or the name of a period of its own."""
        return {self.Kind.INTERIM: "sơ kết", self.Kind.FINAL: "tổng kết"}.get(self.kind, self.name)

    @property
    def title(self):
        """ "sơ kết năm học 2023-2024", "tổng kết giai đoạn 2022–2025", or its own name."""
        return self.name if self.kind == self.Kind.AD_HOC else f"{self.what} {self.span}"

    @property
    def report_title(self):
        """ "báo cáo sơ kết năm học 2023-2024"; a name that begins with these words does not say them twice."""
        title = self.title
        if title.lower().startswith("báo cáo "):
            return f"{title[0].lower()}{title[1:]}"
        return f"báo cáo {title}"

    # --- Days -------------------------------------------------------------------------------------------------------

    @property
    def is_open(self):
        return self.opened_at is not None

    def due_of(self, level):
        """The last day for "school", "district" or "department"."""
        return {"school": self.due_school_on, "district": self.due_district_on, "department": self.due_on}[level]

    @property
    def first_day(self):
        """Of what it reports on."""
        return self.programme.starts_on if self.school_year is None else school_year.bounds(self.school_year)[0]

    # --- Opening ----------------------------------------------------------------------------------------------------

    def open(self):
        """Give every unit that has to report its empty report: the Department, and of the districts and schools in
        force on the day of cut-off each with an agreement in effect in the time of the period, of its own or of a
        school it managed on that day. Safe to call again: adds only what is missing. Returns how many were added."""
        from reports.models.report import Report

        with transaction.atomic():
            known = set(self.reports.values_list("department", "district", "school"))
            wanted = [(self.programme.department_id, None, None)]
            wanted += [(None, pk, None) for pk in self._districts()]
            wanted += [(None, None, pk) for pk in self._schools().values_list("pk", flat=True) if self.asks_schools]
            missing = [key for key in wanted if key not in known]
            Report.objects.bulk_create(
                Report(period=self, department_id=department, district_id=district, school_id=school)
                for department, district, school in missing
            )
            if not self.is_open:
                self.opened_at = timezone.now()
                self.save(update_fields=["opened_at"])
        return len(missing)

    def _live(self):
        last = self.programme.ends_on if self.school_year is None else school_year.bounds(self.school_year)[1]
        return Agreement.objects.filter(programme=self.programme).live_during(self.first_day, last)

    def _schools(self):
        return School.objects.valid_on(self.cut_off_on).filter(self._live().schools())

    def _districts(self):
        """Ids of those that have to report."""
        if not self.asks_districts:
            return []
        schools = self._schools().order_by().values("pk")
        managers = SchoolManagement.objects.valid_on(self.cut_off_on).filter(school__in=schools)
        offices = self._live().filter(tier=Agreement.Tier.DISTRICT).order_by()
        districts = District.objects.valid_on(self.cut_off_on).filter(
            Q(pk__in=managers.order_by().values("district"))
            | Q(pk__in=offices.values("supporting_district"))
            | Q(pk__in=offices.values("supported_district"))
        )
        return districts.values_list("pk", flat=True)


class ReportingCalendar(Requirements):
    """The days of each year by which the portal opens sơ kết of the school year by itself. Days are stored with the
    year 2001, of which only day and month count; all lie in the second half of the school year."""

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="reporting_calendar")
    is_on = models.BooleanField(_("tự mở kỳ sơ kết hằng năm"), default=True)
    opens = models.DateField(_("mở ngày"), default=date(2001, 5, 1))
    cut_off = models.DateField(_("chốt số liệu đến hết ngày"), default=date(2001, 5, 31))
    due_school = models.DateField(_("hạn nộp của trường"), default=date(2001, 6, 5))
    due_district = models.DateField(_("hạn nộp của Phòng"), default=date(2001, 6, 15))
    due_department = models.DateField(_("hạn nộp của Sở"), default=date(2001, 6, 30))

    class Meta:
        verbose_name = _("lịch báo cáo hằng năm")
        verbose_name_plural = _("lịch báo cáo hằng năm")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    due_school__gte=F("cut_off"),
                    due_district__gte=F("due_school"),
                    due_department__gte=F("due_district"),
                ),
                name="calendar_days_in_order",
                violation_error_message=_(
                    "Hạn nộp phải bằng hoặc sau ngày chốt số liệu, và lần lượt: trường, rồi Phòng, rồi Sở."
                ),
            )
        ]

    def __str__(self):
        return _t("Lịch báo cáo của %s") % self.programme

    def period_for(self, year):
        """The period (not stored) of the school year that begins in `year`."""

        def day(kept):
            return kept.replace(year=year + 1)

        return ReportingPeriod(
            programme=self.programme,
            school_year=year,
            opens_on=day(self.opens),
            cut_off_on=day(self.cut_off),
            due_school_on=day(self.due_school),
            due_district_on=day(self.due_district),
            due_on=day(self.due_department),
            **{field.name: getattr(self, field.name) for field in Requirements._meta.local_fields},
        )

    def due_to_open(self, today):
        """The period the calendar opens by `today` and that is not there yet, else None."""
        year = school_year.school_year_of(today)
        if not self.is_on or year not in self.programme.school_years:
            return None
        period = self.period_for(year)
        if period.opens_on > today or not period.cut_off_fits():
            return None
        is_there = self.programme.periods.filter(kind=ReportingPeriod.Kind.INTERIM, school_year=year).exists()
        return None if is_there else period
