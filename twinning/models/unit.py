"""Managing units: the Department and the districts (since 1 July 2025 communes) under it, each with its time."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import vietnamese
from twinning.access import Role, ScopedQuerySet, keeps_schools, seat
from twinning.fields import KeyField, NameField
from twinning.vietnamese import search_key, sort_key


def valid_on(day, prefix=""):
    """Q: rows (reached by the path `prefix`) with `valid_from` and `valid_to` that hold on `day`, both included."""
    begun = Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": day})
    return begun & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": day}))


def _day(day):
    return vietnamese.day(day)


class DepartmentQuerySet(ScopedQuerySet):
    department_paths = ("pk",)
    is_directory = True
    editor_roles = frozenset({Role.ADMIN, Role.DEPARTMENT})


class Department(models.Model):
    """Sở Giáo dục và Đào tạo of one province."""

    name = NameField(_("tên"), max_length=150)
    short_name = NameField(_("tên gọn"), max_length=80)
    superior = NameField(_("cơ quan chủ quản"), max_length=150, help_text=_("UBND tỉnh, thành phố"))
    place = NameField(_("địa danh"), max_length=60, help_text=_("Ghi ở dòng ngày tháng của văn bản"))
    symbol = NameField(_("ký hiệu"), max_length=30, help_text="SGDĐT")
    is_sample = models.BooleanField(_("dữ liệu mẫu"), default=False)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Sở")
        verbose_name_plural = _("Sở")

    def __str__(self):
        return self.short_name


class DistrictQuerySet(ScopedQuerySet):
    department_paths = ("department",)
    district_paths = ("pk",)
    is_directory = True
    editor_roles = frozenset({Role.ADMIN, Role.DEPARTMENT})

    def valid_on(self, day):
        return self.filter(valid_on(day))

    def in_force_first(self):
        """For choices: what has ended stands at the end."""
        return self.order_by(models.Case(models.When(valid_to__lt=timezone.localdate(), then=1), default=0), "sort_key")

    def keeping_schools(self, user):
        """Those whose schools `user` enters: a district officer the own one, the Department all of its own."""
        return self._of(seat(user), reading=False) if keeps_schools(user) else self.none()

    def for_list(self):
        """With how many schools each has today."""
        here = Q(schools__merged_into=None) & valid_on(timezone.localdate(), "schools__")
        return self.annotate(school_count=models.Count("schools", filter=here)).order_by("sort_key")


class District(models.Model):
    """A managing unit below the Department, valid from – to; renamed or merged units are new rows with successors."""

    class Kind(models.TextChoices):
        URBAN_DISTRICT = "quan", _("quận")
        RURAL_DISTRICT = "huyen", _("huyện")
        TOWN = "thi_xa", _("thị xã")
        CITY = "thanh_pho", _("thành phố")
        WARD = "phuong", _("phường")
        COMMUNE = "xa", _("xã")
        CLUSTER = "cum", _("cụm trường")

    class Zone(models.TextChoices):
        INNER = "inner", _("nội thành")
        OUTER = "outer", _("ngoại thành")

    # Words people type for the office of a unit, beside its own name.
    OFFICE_WORDS = "phòng gd&đt gdđt pgd"

    department = models.ForeignKey(Department, models.PROTECT, related_name="districts", verbose_name=_("Sở"))
    code = models.CharField(_("mã"), max_length=12)
    name = NameField(_("tên"), max_length=80)
    kind = models.CharField(_("loại"), max_length=12, choices=Kind)
    zone = models.CharField(_("khu vực"), max_length=6, choices=Zone, blank=True)
    office_name = NameField(_("tên phòng"), max_length=150, help_text=_("Phòng Giáo dục và Đào tạo huyện …"))
    symbol = NameField(_("ký hiệu"), max_length=30, default="PGDĐT")
    valid_from = models.DateField(_("có từ"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết"), null=True, blank=True)
    sort_key = KeyField()
    search_key = KeyField()

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị quản lý")
        verbose_name_plural = _("đơn vị quản lý")
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "code"],
                name="district_code_once",
                violation_error_message=_("Mã này đã dùng cho đơn vị khác; mỗi đơn vị một mã."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")) | Q(valid_from=None) | Q(valid_to=None),
                name="district_dates_in_order",
                violation_error_message=_("Ngày hết hiệu lực phải sau ngày bắt đầu."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.name}"

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("district_detail", args=[self.pk])

    def set_keys(self):
        self.sort_key = sort_key(self.name)
        self.search_key = search_key(self.OFFICE_WORDS, self, self.code, self.office_name)

    def was_there(self, day):
        """Whether the unit existed on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or self.valid_to >= day)

    def absence(self, day):
        """Why the unit can be no party on `day`, as a sentence; empty when it existed then."""
        if self.was_there(day):
            return ""
        if self.valid_to and self.valid_to < day:
            return _t("%(unit)s đã kết thúc hoạt động từ sau ngày %(last)s. Hãy chọn đơn vị kế thừa.") % {
                "unit": self.office,
                "last": _day(self.valid_to),
            }
        return _t("%(unit)s có từ ngày %(first)s, sau ngày này. Hãy chọn đơn vị quản lý lúc đó.") % {
            "unit": self.office,
            "first": _day(self.valid_from),
        }

    @property
    def has_ended(self):
        return self.valid_to is not None and self.valid_to < timezone.localdate()

    @property
    def dated_name(self):
        """Its name in a choice among units of different times: "huyện Thanh Trì (đến 30/6/2025)"."""
        if not self.has_ended:
            return str(self)
        return _t("%(unit)s (đến %(last)s)") % {"unit": self, "last": _day(self.valid_to)}

    @property
    def is_commune(self):
        return self.kind in (self.Kind.WARD, self.Kind.COMMUNE)

    @property
    def validity(self):
        """ "từ 1/7/2025", "đến 30/6/2025", both, or nothing."""
        words = [(_t("từ"), self.valid_from), (_t("đến"), self.valid_to)]
        return " ".join(f"{word} {day:%-d/%-m/%Y}" for word, day in words if day)

    @property
    def office(self):
        """The short name people use: "Phòng GD&ĐT huyện Thanh Trì", "UBND xã Thanh Trì" (domain.md §4.4)."""
        return f"UBND {self}" if self.is_commune else f"Phòng GD&ĐT {self}"


class UnitSuccession(models.Model):
    """What became of a unit: predecessor → successor on a day."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("sáp nhập")
        SPLIT = "split", _("chia tách")
        RENAME = "rename", _("đổi tên")
        REPLACE = "replace", _("sắp xếp")

    predecessor = models.ForeignKey(District, models.PROTECT, related_name="successions", verbose_name=_("đơn vị cũ"))
    successor = models.ForeignKey(District, models.PROTECT, related_name="origins", verbose_name=_("đơn vị mới"))
    on = models.DateField(_("ngày"))
    kind = models.CharField(_("hình thức"), max_length=10, choices=Kind)

    class Meta:
        verbose_name = _("kế thừa đơn vị")
        verbose_name_plural = _("kế thừa đơn vị")
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once")]

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"
