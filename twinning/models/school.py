"""Schools and the teachers named in them."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning.access import RECORDERS, Role, ScopedQuerySet
from twinning.fields import KeyField, NameField
from twinning.models.unit import District
from twinning.vietnamese import fold, search_key, sort_key


class SchoolQuerySet(ScopedQuerySet):
    department_paths = ("district__department",)
    district_paths = ("district",)
    school_paths = ("pk",)
    is_directory = True
    editor_roles = RECORDERS - {Role.CLERK}

    def for_list(self):
        return self.select_related("district")


class School(models.Model):
    """A school, known by its code; its current managing unit is `district`."""

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

    district = models.ForeignKey(District, models.PROTECT, related_name="schools", verbose_name=_("đơn vị quản lý"))
    code = models.CharField(_("mã trường"), max_length=20, unique=True)
    name = NameField(_("tên trường"), max_length=150)
    level = models.CharField(_("cấp học"), max_length=10, choices=Level)
    ownership = models.CharField(_("loại hình"), max_length=8, choices=Ownership, default=Ownership.PUBLIC)
    address = NameField(_("địa chỉ"), max_length=200, blank=True)
    valid_from = models.DateField(_("có từ"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", verbose_name=_("nhập vào")
    )
    sort_key = KeyField()
    search_key = KeyField()

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("trường")
        verbose_name_plural = _("trường")
        ordering = ["sort_key", "pk"]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("school_detail", args=[self.pk])

    def set_keys(self):
        self.sort_key = sort_key(self.name)
        self.search_key = search_key(
            "trường", self.name, self.LEVEL_WORDS[self.level], self.code, self.district, self.get_level_display()
        )

    @property
    def full_name(self):
        return f"{self.name} ({self.district})"


class TeacherQuerySet(ScopedQuerySet):
    department_paths = ("school__district__department",)
    district_paths = ("school__district",)
    school_paths = ("school",)


class Teacher(models.Model):
    """A teacher named in an activity. One row a person and school, so that people can be counted beside attendances."""

    school = models.ForeignKey(School, models.PROTECT, related_name="teachers", verbose_name=_("trường"))
    full_name = NameField(_("họ và tên"), max_length=120)
    code = models.CharField(_("mã"), max_length=20, blank=True)
    name_key = KeyField(max_length=150)

    objects = TeacherQuerySet.as_manager()

    class Meta:
        verbose_name = _("giáo viên")
        verbose_name_plural = _("giáo viên")
        constraints = [models.UniqueConstraint(fields=["school", "name_key", "code"], name="teacher_once_per_school")]

    def __str__(self):
        return self.full_name

    def save(self, **kwargs):
        self.name_key = fold(self.full_name)
        super().save(**kwargs)
