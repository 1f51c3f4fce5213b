"""What is known of a unit in a school year, whatever the programme did: its size, and indicators of its quality."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twinning import school_year
from twinning.access import RECORDERS, Role, ScopedQuerySet
from twinning.fields import NameField
from twinning.models.school import School
from twinning.models.unit import Department, District


class SchoolYearFiguresQuerySet(ScopedQuerySet):
    department_paths = ("school__department",)
    district_paths = (("school", None),)
    school_paths = ("school",)
    is_directory = True
    editor_roles = RECORDERS

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
    classes = models.PositiveIntegerField(_("số lớp"), null=True, blank=True)
    pupils = models.PositiveIntegerField(_("số học sinh"), null=True, blank=True)
    managers = models.PositiveIntegerField(_("cán bộ quản lý"), null=True, blank=True)
    teachers = models.PositiveIntegerField(_("giáo viên"), null=True, blank=True)
    staff = models.PositiveIntegerField(_("nhân viên"), null=True, blank=True)

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
            )
        ]

    def __str__(self):
        return f"{self.school}, {school_year.label(self.school_year)}"


class IndicatorQuerySet(ScopedQuerySet):
    department_paths = ("department",)
    is_directory = True
    editor_roles = frozenset({Role.ADMIN, Role.DEPARTMENT})


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

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("chỉ số chất lượng")
        verbose_name_plural = _("chỉ số chất lượng")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "code"],
                name="indicator_code_once",
                violation_error_message=_("Mã này đã dùng cho chỉ số khác."),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_whole(self):
        """Only whole numbers make sense."""
        return self.kind in (self.Kind.RANK, self.Kind.COUNT)

    @property
    def less_is_better(self):
        return self.kind == self.Kind.RANK


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
        return f"{self.indicator}: {self.value}"

    @property
    def unit(self):
        return self.school or self.district
