"""What is known of a unit in a school year, whatever the programme did: its size, and indicators of its quality."""

from dataclasses import dataclass
from itertools import groupby

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from twinning import school_year, vietnamese
from twinning.access import RECORDERS, Role, ScopedQuerySet
from twinning.fields import KeyField, NameField
from twinning.models.programme import Programme
from twinning.models.school import School
from twinning.models.unit import Department, District
from twinning.vietnamese import number, search_key

MOST = 100_000  # no school has so many of anything
TOO_MANY = _("Số quá lớn cho một trường (tối đa 100.000). Hãy kiểm tra lại.")


def figure_years(programme: Programme | None):
    """School years whose figures units enter, newest first: those of the programme that have begun, and this one."""
    this = school_year.school_year_of(timezone.localdate())
    return sorted(
        {this, *(year for year in (programme.school_years if programme else ()) if year <= this)}, reverse=True
    )


# An indicator is looked at before and after: from so many years before the programme.
YEARS_BEFORE = 3


def indicator_years(programme: Programme | None):
    """School years that indicators have values for, newest first."""
    years = figure_years(programme)
    return list(range(years[0], years[-1] - YEARS_BEFORE - 1, -1))


def count_field(label):
    return models.PositiveIntegerField(label, null=True, blank=True, validators=[MaxValueValidator(MOST, TOO_MANY)])


class SchoolYearFiguresQuerySet(ScopedQuerySet):
    department_paths = ("school__department",)
    district_paths = (("school", None),)
    school_paths = ("school",)
    is_directory = True
    editor_roles = RECORDERS

    def of(self, school, year):
        """{level: figures} of a school in a school year; levels without any are left out."""
        return {figures.level: figures for figures in self.filter(school=school, school_year=year)}

    def newest_of(self, years):
        """The newest of `years` that has any, or None."""
        return self.filter(school_year__in=years).aggregate(newest=models.Max("school_year"))["newest"]

    def for_list(self):
        return self.select_related("school__district").order_by("-school_year", "school__sort_key", "level")


class SchoolYearFigures(models.Model):
    """The size of one level of a school in a school year. Empty is "not reported", 0 is none."""

    class Level(models.TextChoices):
        PRESCHOOL = "mn", _("Mầm non")
        PRIMARY = "th", _("Tiểu học")
        LOWER_SEC = "thcs", _("THCS")
        UPPER_SEC = "thpt", _("THPT")
        CONTINUING = "gdtx", _("GDTX")

    # Which levels a school of each kind has.
    LEVELS_OF = {
        School.Level.PRESCHOOL: (Level.PRESCHOOL,),
        School.Level.PRIMARY: (Level.PRIMARY,),
        School.Level.LOWER_SEC: (Level.LOWER_SEC,),
        School.Level.PRIMARY_LOWER: (Level.PRIMARY, Level.LOWER_SEC),
        School.Level.UPPER_SEC: (Level.UPPER_SEC,),
        School.Level.LOWER_UPPER: (Level.LOWER_SEC, Level.UPPER_SEC),
        School.Level.ALL_THROUGH: (Level.PRESCHOOL, Level.PRIMARY, Level.LOWER_SEC, Level.UPPER_SEC),
        School.Level.CONTINUING: (Level.CONTINUING,),
    }
    COUNTS = ("classes", "pupils", "managers", "teachers", "staff")

    school = models.ForeignKey(School, models.PROTECT, related_name="year_figures", verbose_name=_("trường"))
    school_year = models.PositiveSmallIntegerField(_("năm học"), db_index=True)
    level = models.CharField(_("cấp học"), max_length=5, choices=Level)
    classes = count_field(_("số lớp"))
    pupils = count_field(_("số học sinh"))
    managers = count_field(_("cán bộ quản lý"))
    teachers = count_field(_("giáo viên"))
    staff = count_field(_("nhân viên"))

    history = HistoricalRecords()
    objects = SchoolYearFiguresQuerySet.as_manager()

    class Meta:
        verbose_name = _("số liệu năm học")
        verbose_name_plural = _("số liệu năm học")
        ordering = ["-school_year", "school", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year", "level"],
                name="school_year_figures_once",
                violation_error_message=_("Số liệu năm học này của cấp học này đã có. Hãy sửa dòng đã có."),
            ),
            # Nothing reported is no row, so that "not reported yet" is one question everywhere.
            models.CheckConstraint(
                condition=(
                    Q(classes__isnull=False)
                    | Q(pupils__isnull=False)
                    | Q(managers__isnull=False)
                    | Q(teachers__isnull=False)
                    | Q(staff__isnull=False)
                ),
                name="school_year_figures_not_empty",
                violation_error_message=_("Hãy ghi ít nhất một số."),
            ),
        ]

    def __str__(self):
        return f"{self.school}, {school_year.label(self.school_year)}"

    @property
    def counts(self):
        """{name: number or None} of the five."""
        return {name: getattr(self, name) for name in self.COUNTS}

    def doubts(self, last=None):
        """Sentences on numbers that may be slips of the pen, beside those of the year before (`last`, or None)."""
        doubts = [
            _t("%(what)s: %(now)s, năm trước %(before)s")
            % {"what": label, "now": number(now), "before": number(before)}
            for label, now, before in self._beside(last)
            if differs_much(now, before)
        ]
        people = [n for n in (self.managers, self.teachers, self.staff) if n is not None]
        if self.classes and people and not any(people):
            doubts.append(_t("có %s lớp nhưng không có ai dạy và làm việc") % number(self.classes))
        return doubts

    def _beside(self, last):
        for name in self.COUNTS if last else ():
            yield self._meta.get_field(name).verbose_name, getattr(self, name), getattr(last, name)


def differs_much(now, before):
    """By more than half of what it was."""
    return now is not None and before is not None and abs(now - before) * 2 > before


class IndicatorQuerySet(ScopedQuerySet):
    department_paths = ("department",)
    is_directory = True
    editor_roles = frozenset({Role.ADMIN, Role.DEPARTMENT})

    def for_list(self):
        return self.annotate(value_count=models.Count("values"), last_year=models.Max("values__school_year"))


class Indicator(models.Model):
    """Something measured every school year: a rank, the mean of an examination, a number of prizes."""

    class Kind(models.TextChoices):
        RANK = "rank", _("thứ hạng")
        MEAN = "mean", _("điểm trung bình")
        COUNT = "count", _("số lượng")
        SHARE = "share", _("tỷ lệ (%)")

    class Subject(models.TextChoices):
        SCHOOL = "school", _("trường")
        DISTRICT = "district", _("đơn vị quản lý")

    department = models.ForeignKey(Department, models.PROTECT, related_name="indicators", verbose_name=_("Sở"))
    code = models.CharField(_("mã"), max_length=30)
    name = NameField(_("chỉ số"), max_length=150)
    kind = models.CharField(_("loại"), max_length=6, choices=Kind)
    measures = models.CharField(_("đo"), max_length=8, choices=Subject, default=Subject.SCHOOL)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    search_key = KeyField()

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("chỉ số chất lượng")
        verbose_name_plural = _("chỉ số chất lượng")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "code"],
                name="indicator_code_once",
                violation_error_message=_("Mã này đã dùng cho chỉ số khác. Hãy chọn mã khác."),
            )
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("indicator_detail", args=[self.pk])

    def set_keys(self):
        self.search_key = search_key(self.name, self.code)

    @property
    def is_whole(self):
        """Only whole numbers make sense."""
        return self.kind in (self.Kind.RANK, self.Kind.COUNT)

    @property
    def less_is_better(self):
        return self.kind == self.Kind.RANK

    @property
    def of_schools(self):
        return self.measures == self.Subject.SCHOOL

    def text(self, value):
        """`value` (Decimal or None) as people write it: rank "13", count "1.204", mean "6,75", share "41%"."""
        if value is None:
            return "–"
        least = 2 if self.kind == self.Kind.MEAN else 0
        shown = vietnamese.decimal(value, least)
        return f"{shown}%" if self.kind == self.Kind.SHARE else shown

    def trend(self, value, before):
        """1 when `value` is better than the one `before` it, -1 when worse, 0 when equal; None without two values."""
        if value is None or before is None:
            return None
        rise = (value > before) - (value < before)
        return -rise if self.less_is_better else rise


class IndicatorValueQuerySet(ScopedQuerySet):
    department_paths = ("indicator__department",)
    district_paths = (("school", "district"),)
    school_paths = ("school",)
    is_directory = True
    editor_roles = frozenset({Role.ADMIN, Role.DEPARTMENT, Role.DISTRICT})

    def for_list(self):
        return self.select_related("indicator", "district", "school__district").order_by(
            "-school_year", "indicator__position", "district__sort_key", "school__sort_key", "pk"
        )

    def series(self):
        """[(indicator, [Point, …])] of one unit, oldest first, each with its trend since the value before it."""
        rows = self.select_related("indicator").order_by("indicator__position", "indicator", "school_year")
        found = []
        for indicator, values in groupby(rows, key=lambda row: row.indicator):
            points, before = [], None
            for row in values:
                points.append(Point(row, indicator.trend(row.value, before)))
                before = row.value
            found.append((indicator, points))
        return found


@dataclass(frozen=True)
class Point:
    """One value in a series: the stored row, and whether it is better (1) or worse (-1) than the one before it."""

    row: "IndicatorValue"
    trend: int | None


class IndicatorValue(models.Model):
    """The value of an indicator for one unit or one school in a school year, with where it comes from."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values", verbose_name=_("chỉ số"))
    school_year = models.PositiveSmallIntegerField(_("năm học"), db_index=True)
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="indicator_values",
        verbose_name=_("đơn vị quản lý"),
    )
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="indicator_values", verbose_name=_("trường")
    )
    value = models.DecimalField(_("giá trị"), max_digits=12, decimal_places=3, validators=[MinValueValidator(0)])
    source = NameField(_("nguồn"), max_length=200, blank=True)

    history = HistoricalRecords()
    objects = IndicatorValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("giá trị chỉ số")
        verbose_name_plural = _("giá trị chỉ số")
        ordering = ["-school_year", "indicator", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(district=None, school__isnull=False) | Q(district__isnull=False, school=None),
                name="indicator_value_of_one_unit",
                violation_error_message=_("Mỗi giá trị là của một trường hoặc của một đơn vị quản lý."),
            ),
            models.UniqueConstraint(
                fields=["indicator", "school_year", "school"],
                condition=Q(district=None),
                name="indicator_value_once_per_school",
                violation_error_message=_("Trường này đã có giá trị của chỉ số trong năm học này."),
            ),
            models.UniqueConstraint(
                fields=["indicator", "school_year", "district"],
                condition=Q(school=None),
                name="indicator_value_once_per_district",
                violation_error_message=_("Đơn vị này đã có giá trị của chỉ số trong năm học này."),
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="indicator_value_not_negative",
                violation_error_message=_("Giá trị không thể âm."),
            ),
        ]

    def __str__(self):
        return f"{self.indicator}: {self.text}"

    def get_absolute_url(self):
        return self.indicator.get_absolute_url()

    def clean(self):
        """A value has to fit the kind of its indicator."""
        if self.value is None:
            return
        kind = self.indicator.kind
        if self.indicator.is_whole and self.value % 1:
            raise ValidationError({"value": _t("%s là số nguyên, không có phần lẻ.") % self._kind_name})
        if kind == Indicator.Kind.RANK and self.value < 1:
            raise ValidationError({"value": _t("Thứ hạng bắt đầu từ 1.")})
        if kind == Indicator.Kind.SHARE and self.value > 100:
            raise ValidationError({"value": _t("Tỷ lệ không thể quá 100%.")})

    @property
    def _kind_name(self):
        return self.indicator.get_kind_display().capitalize()

    @property
    def text(self):
        return self.indicator.text(self.value)

    @property
    def unit(self):
        return self.school or self.district
