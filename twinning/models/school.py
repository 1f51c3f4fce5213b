"""Schools: what they are called, who managed them when, and the teachers named in them."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import school_year
from twinning.access import RECORDERS, Role, ScopedQuerySet
from twinning.fields import KeyField, NameField
from twinning.life import Refused
from twinning.models.programme import Subject
from twinning.models.unit import Department, District, valid_on
from twinning.vietnamese import fold, ranked_key, sort_key


class SchoolQuerySet(ScopedQuerySet):
    department_paths = ("department",)
    district_paths = ("district",)
    school_paths = ("pk",)
    is_directory = True
    editor_roles = RECORDERS - {Role.CLERK}

    def valid_on(self, day):
        return self.filter(valid_on(day))

    def open_in(self, year):
        """Schools that were there on some day of the school year."""
        first, last = school_year.bounds(year)
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=last), Q(valid_to=None) | Q(valid_to__gte=first))

    def without_figures(self, year):
        """Schools that have reported nothing about their size in the school year."""
        reported = School._meta.get_field("year_figures").related_model.objects.filter(school_year=year)
        return self.exclude(pk__in=reported.order_by().values("school"))

    def operating(self):
        """Neither closed nor merged into another by today."""
        return self.filter(merged_into=None).valid_on(timezone.localdate())

    def taking_part(self, programme, day):
        """Schools there on `day` that are to be twinned in `programme`: of its Department and its levels."""
        schools = self.filter(department=programme.department_id).valid_on(day)
        return schools.filter(level__in=programme.school_levels) if programme.school_levels else schools

    def choosable(self, *named):
        """For a choice: those that operate, and those (ids) the row names already."""
        return self.filter(pk__in=self.model.objects.operating().values("pk")) | self.filter(pk__in=filter(None, named))

    def no_longer_operating(self):
        return self.exclude(pk__in=self.model.objects.operating().values("pk"))

    def for_list(self):
        return self.select_related("district", "merged_into")

    def with_past(self):
        """With what `name_on` and `managed_on` read, in two queries however many schools."""
        return self.select_related("merged_into").prefetch_related("former_names", "managements__district")


class School(models.Model):
    """A school. Its managing unit of today is `district`, earlier ones stand in `managements`; `name` is what it is
    called today (or was called last), earlier names stand in `former_names`."""

    class Level(models.TextChoices):
        PRESCHOOL = "mn", _("Mầm non")
        PRIMARY = "th", _("Tiểu học")
        LOWER_SEC = "thcs", _("THCS")
        PRIMARY_LOWER = "th_thcs", _("TH&THCS")
        UPPER_SEC = "thpt", _("THPT")
        LOWER_UPPER = "thcs_thpt", _("THCS&THPT")
        ALL_THROUGH = "lien_cap", _("Liên cấp")
        CONTINUING = "gdtx", _("GDNN-GDTX")

    class Ownership(models.TextChoices):
        PUBLIC = "public", _("công lập")
        PRIVATE = "private", _("tư thục")

    # Words people type for a level, beside the short ones in the name.
    LEVEL_WORDS = {
        Level.PRESCHOOL: "mầm non mn mẫu giáo",
        Level.PRIMARY: "tiểu học th",
        Level.LOWER_SEC: "trung học cơ sở thcs",
        Level.PRIMARY_LOWER: "tiểu học trung học cơ sở th thcs",
        Level.UPPER_SEC: "trung học phổ thông thpt",
        Level.LOWER_UPPER: "trung học cơ sở phổ thông thcs thpt",
        Level.ALL_THROUGH: "liên cấp",
        Level.CONTINUING: "giáo dục thường xuyên gdtx gdnn",
    }

    department = models.ForeignKey(
        Department, models.PROTECT, editable=False, related_name="schools", verbose_name=_("Sở")
    )
    district = models.ForeignKey(District, models.PROTECT, related_name="schools", verbose_name=_("đơn vị quản lý"))
    # Text, never a number: leading zeros count. The Ministry's or the province's own code, and that of examinations.
    code = models.CharField(_("mã trường"), max_length=20, blank=True)
    exam_code = models.CharField(_("mã trường thi"), max_length=20, blank=True)
    name = NameField(_("tên trường"), max_length=150)
    level = models.CharField(_("cấp học"), max_length=10, choices=Level)
    ownership = models.CharField(_("loại hình"), max_length=8, choices=Ownership, default=Ownership.PUBLIC)
    address = NameField(_("địa chỉ"), max_length=200, blank=True)
    ward = NameField(_("phường, xã"), max_length=80, blank=True, help_text=_("Nơi trường đóng; tên cũ vẫn dùng được"))
    valid_from = models.DateField(_("có từ"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", verbose_name=_("nhập vào")
    )
    updated_at = models.DateTimeField(_("sửa lúc"), auto_now=True)
    sort_key = KeyField()
    search_key = KeyField(db_index=False)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("trường")
        verbose_name_plural = _("trường")
        ordering = ["sort_key", "pk"]
        # A search reads this index alone, in the order shown: what is matched, and whether a school is still there.
        indexes = [
            models.Index(
                fields=["department", "sort_key", "search_key", "merged_into", "valid_from", "valid_to"],
                name="school_search",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "code"],
                condition=~Q(code=""),
                name="school_code_once",
                violation_error_message=_("Mã trường này đã dùng cho trường khác; mỗi trường một mã."),
            ),
            models.UniqueConstraint(
                fields=["department", "exam_code"],
                condition=~Q(exam_code=""),
                name="school_exam_code_once",
                violation_error_message=_("Mã trường thi này đã dùng cho trường khác; mỗi trường một mã."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")) | Q(valid_from=None) | Q(valid_to=None),
                name="school_dates_in_order",
                violation_error_message=_("Ngày hết hoạt động phải sau ngày bắt đầu."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        is_new = self._state.adding
        self.set_keys()
        super().save(**kwargs)
        if is_new:
            self.first_management().save()

    def get_absolute_url(self):
        return reverse("school_detail", args=[self.pk])

    def first_management(self):
        """The row, not yet stored, that says who manages a new school; `save` stores it, bulk_create does not."""
        return SchoolManagement(
            school=self, district_id=self.district_id, valid_from=self.valid_from, valid_to=self.valid_to
        )

    def set_keys(self):
        """Fill what follows from the other fields, and from the units it was under before a reform."""
        self.department_id = self.district.department_id
        self.sort_key = sort_key(self.name)
        aliases = f"trường {self.LEVEL_WORDS[self.level]} {self.get_level_display()}"
        former = self.former_names.values_list("name", flat=True) if self.pk else ()
        self.search_key = ranked_key(self.name, aliases, self.code, self.district, *former, *self._former_units())

    def is_open_in(self, year):
        """Whether it was there on some day of the school year."""
        first, last = school_year.bounds(year)
        return (self.valid_from is None or self.valid_from <= last) and (
            self.valid_to is None or self.valid_to >= first
        )

    def _former_units(self):
        """People go on typing the old district. Only a commune's school had one, so only it is asked for."""
        if self.pk is None or not self.district.is_commune:
            return []
        return District.objects.filter(managements__school=self).exclude(pk=self.district_id).distinct()

    @property
    def full_name(self):
        return f"{self.name} ({self.district})"

    # --- then and now -----------------------------------------------------------------------------------------------

    def name_on(self, day):
        """What the school was called on `day`."""
        return next((former.name for former in self.former_names.all() if day <= former.valid_to), self.name)

    def managed_on(self, day):
        """The unit that managed it on `day`; the one of today where nothing is known of that day."""
        then = next((row for row in self.managements.all() if row.holds_on(day)), None)
        return then.district if then and then.district_id != self.district_id else self.district

    def name_then_and_now(self, day):
        """ "THCS Cổ Loa, nay là THCS Ngô Quyền"; the name alone when it is still the same."""
        then = self.name_on(day)
        if self.merged_into:
            return _t("%(then)s, nay thuộc %(now)s") % {"then": then, "now": self.merged_into}
        return then if then == self.name else _t("%(then)s, nay là %(now)s") % {"then": then, "now": self.name}

    @property
    def is_operating(self):
        today = timezone.localdate()
        begun, ended = self.valid_from, self.valid_to
        return not self.merged_into_id and (not begun or begun <= today) and (not ended or ended >= today)

    def get_status_display(self):
        """Where it stands, in words."""
        if self.merged_into_id:
            return _t("đã sáp nhập")
        if self.is_operating:
            return _t("đang hoạt động")
        ended = self.valid_to and self.valid_to < timezone.localdate()
        return _t("đã đóng cửa") if ended else _t("chưa hoạt động")

    def is_open_to_edit(self):
        return not self.merged_into_id and not self.valid_to

    def require_open(self):
        """Raise Refused when the school is no more: what is written of it is the past."""
        if not self.is_open_to_edit():
            raise Refused(_t("Trường này đã sáp nhập hoặc đóng cửa nên không sửa được nữa."))


class SchoolNameQuerySet(models.QuerySet):
    def on(self, day):
        """{school id: what it was called on `day`}, of the schools that have another name since."""
        # The last one written wins: the name whose time ended first after the day.
        return dict(self.filter(valid_to__gte=day).order_by("-valid_to").values_list("school", "name"))


class SchoolName(models.Model):
    """What a school was called before: up to and including `valid_to`."""

    school = models.ForeignKey(School, models.CASCADE, related_name="former_names", verbose_name=_("trường"))
    name = NameField(_("tên cũ"), max_length=150)
    valid_to = models.DateField(_("đến hết"))

    objects = SchoolNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("tên cũ của trường")
        verbose_name_plural = _("tên cũ của trường")
        ordering = ["valid_to"]
        constraints = [models.UniqueConstraint(fields=["school", "valid_to"], name="school_name_once_a_day")]

    def __str__(self):
        return self.name


class SchoolManagementQuerySet(ScopedQuerySet):
    department_paths = ("school__department",)
    district_paths = ("district", "school__district")
    school_paths = ("school",)
    is_directory = True

    def valid_on(self, day):
        return self.filter(valid_on(day))

    def units_on(self, day, schools):
        """{school id: id of the unit that managed it on `day`}, of those of `schools` of which it is known."""
        return dict(self.filter(school__in=schools).valid_on(day).values_list("school", "district"))


class SchoolManagement(models.Model):
    """Which unit managed a school from – to. The open row (no end) names the same unit as `School.district`."""

    school = models.ForeignKey(School, models.CASCADE, related_name="managements", verbose_name=_("trường"))
    district = models.ForeignKey(District, models.PROTECT, related_name="managements", verbose_name=_("đơn vị quản lý"))
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    objects = SchoolManagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("quản lý trường")
        verbose_name_plural = _("quản lý trường")
        ordering = [F("valid_from").asc(nulls_first=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school"], condition=Q(valid_to=None), name="school_managed_by_one"),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")) | Q(valid_from=None) | Q(valid_to=None),
                name="management_dates_in_order",
                violation_error_message=_("Ngày kết thúc phải bằng hoặc sau ngày bắt đầu."),
            ),
        ]

    def __str__(self):
        return f"{self.school}: {self.district}"

    def holds_on(self, day):
        return (not self.valid_from or self.valid_from <= day) and (not self.valid_to or day <= self.valid_to)


class TeacherQuerySet(ScopedQuerySet):
    department_paths = ("school__department",)
    district_paths = (("school", None),)
    school_paths = ("school",)

    def called(self, school, full_name):
        """The one teacher of `school` with this name, or None: nobody, or namesakes who all have a code."""
        if not full_name:
            return None
        found = list(self.filter(school=school, name_key=fold(full_name))[:3])
        return found[0] if len(found) == 1 else next((teacher for teacher in found if not teacher.code), None)

    def coded(self, school, code):
        """The one teacher of `school` with this code, or None."""
        found = list(self.filter(school=school, code__iexact=code).exclude(code="")[:2])
        return found[0] if len(found) == 1 else None

    def called_or_new(self, school, full_name):
        """(the same as `called`, False); who is not on the roster joins it: (teacher, True)."""
        if known := self.called(school, full_name):
            return known, False
        return self.get_or_create(school=school, name_key=fold(full_name), code="", defaults={"full_name": full_name})


class Teacher(models.Model):
    """A teacher named in an activity. One row a person and school, so that people can be counted beside attendances."""

    school = models.ForeignKey(School, models.PROTECT, related_name="teachers", verbose_name=_("trường"))
    full_name = NameField(_("họ và tên"), max_length=120)
    code = models.CharField(_("mã"), max_length=20, blank=True)
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, blank=True, verbose_name=_("môn dạy"))
    is_manager = models.BooleanField(_("cán bộ quản lý"), default=False)
    name_key = KeyField(max_length=150)

    objects = TeacherQuerySet.as_manager()

    class Meta:
        verbose_name = _("giáo viên")
        verbose_name_plural = _("giáo viên")
        constraints = [models.UniqueConstraint(fields=["school", "name_key", "code"], name="teacher_once_per_school")]

    def __str__(self):
        return self.full_name

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def set_keys(self):
        self.name_key = fold(self.full_name)
