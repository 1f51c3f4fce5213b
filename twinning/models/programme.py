"""A twinning programme (phong trào): its names, legal basis, period, tiers and contents."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import school_year, vietnamese, working
from twinning.access import Role, ScopedQuerySet
from twinning.fields import NameField
from twinning.models.unit import Department

DEPARTMENT_STAFF = frozenset({Role.ADMIN, Role.DEPARTMENT})


class ProgrammeQuerySet(ScopedQuerySet):
    department_paths = ("department",)
    is_directory = True
    editor_roles = DEPARTMENT_STAFF

    def current_for(self, user):
        """The programme `user` works with now: the one chosen, else the newest that has begun; None without any."""
        return self.chosen_first(user).first()

    def chosen_first(self, user):
        """Those `user` may see, the one in use first."""
        chosen = When(pk=working.chosen_by(user) or 0, then=0)
        begun = When(starts_on__lte=timezone.localdate(), then=1)
        mine = self.visible_to(user).select_related("department")
        return mine.order_by(Case(chosen, begun, default=2), "-starts_on", "-pk")


class Programme(models.Model):
    """For Hà Nội: "Nhà trường cùng chung tay phát triển – …", 2022–2025, plan 4340/KH-SGDĐT of 12/12/2022."""

    department = models.ForeignKey(Department, models.PROTECT, related_name="programmes", verbose_name=_("Sở"))
    name = NameField(_("tên phong trào"), max_length=250)
    starts_on = models.DateField(_("từ ngày"))
    ends_on = models.DateField(_("đến ngày"))
    phase = NameField(_("giai đoạn"), max_length=30, help_text="2022–2025")
    has_district_tier = models.BooleanField(_("có cấp Phòng – Phòng"), default=True)
    has_school_tier = models.BooleanField(_("có cấp trường – trường"), default=True)
    has_subject_tier = models.BooleanField(_("có cấp bộ môn – bộ môn"), default=False)
    school_levels = models.JSONField(
        _("cấp học được kết nghĩa"),
        default=list,
        blank=True,
        help_text=_("Mã cấp học (mn, th, thcs, …) của giao ước trường và bộ môn; bỏ trống là mọi cấp."),
    )
    has_members = models.BooleanField(
        _("nhiều đơn vị một bên"),
        default=False,
        help_text=_("Mỗi bên có một đơn vị chủ trì và các đơn vị cùng tham gia."),
    )
    # Abbreviations in the numbers of papers are decided by the head of the body (Decree 30/2020, II.3.b).
    pledge_symbol = NameField(_("ký hiệu giao ước"), max_length=12, default="GƯ")
    joint_plan_symbol = NameField(_("ký hiệu kế hoạch phối hợp"), max_length=12, default="KHPH")
    mou_symbol = NameField(_("ký hiệu bản ghi nhớ"), max_length=12, default="BGN")
    records_names = models.BooleanField(
        _("ghi tên giáo viên"), default=True, help_text=_("Bỏ chọn: chỉ ghi số lượt, không ghi tên ai.")
    )
    is_public = models.BooleanField(
        _("công khai kết quả"), default=False, help_text=_("Chỉ những con số tổng hợp, không có tên người.")
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("phong trào")
        verbose_name_plural = _("phong trào")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="programme_dates_in_order",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('programme_detail')}?phong_trao={self.pk}"

    @property
    def dated_name(self):
        """Its name in a choice among programmes: "2023–2028 · Phòng giúp phòng – …"."""
        return f"{self.phase} · {self.name}"

    def clean(self):
        from twinning.models.school import School  # schools need the subjects of this module first

        unknown = [level for level in self.school_levels if level not in School.Level.values]
        if unknown:
            known = ", ".join(School.Level.values)
            message = _t("Không có cấp học “%(level)s”; các mã dùng được: %(known)s.")
            raise ValidationError({"school_levels": message % {"level": unknown[0], "known": known}})

    def covers(self, day):
        return self.starts_on <= day <= self.ends_on

    def outside(self, day):
        """Why `day` is no day of the programme, as a sentence; empty when it is one."""
        if self.covers(day):
            return ""
        return _t("Ngày phải nằm trong thời gian của phong trào: từ %(from)s đến %(to)s.") % {
            "from": vietnamese.day(self.starts_on),
            "to": vietnamese.day(self.ends_on),
        }

    @property
    def news(self):
        """Why it does not run today, and what can be recorded all the same, in sentences; empty while it runs."""
        today = timezone.localdate()
        if today < self.starts_on:
            text = _t("Phong trào bắt đầu từ ngày %s. Trước ngày ấy chỉ ghi được kế hoạch, cam kết.")
            return text % vietnamese.day(self.starts_on)
        if today > self.ends_on:
            text = _t(
                "Phong trào đã kết thúc ngày %s. Thầy/cô vẫn ghi bổ sung được việc đã làm đến hết ngày ấy; việc về sau "
                "thuộc phong trào khác, chọn ở đầu trang khi Sở đã lập."
            )
            return text % vietnamese.day(self.ends_on)
        return ""

    def clamp(self, day):
        """`day`, or the nearest day within the programme."""
        return min(max(day, self.starts_on), self.ends_on)

    @property
    def tiers(self):
        """What the tiers in use are called."""
        offered = {
            _("Phòng – Phòng"): self.has_district_tier,
            _("trường – trường"): self.has_school_tier,
            _("bộ môn – bộ môn"): self.has_subject_tier,
        }
        return [tier for tier, is_offered in offered.items() if is_offered]

    @property
    def school_years(self):
        """First calendar years of the school years it touches."""
        return school_year.between(self.starts_on, self.ends_on)

    @property
    def default_year(self):
        """This school year while the programme runs; None (the whole phase) once it is over."""
        this = school_year.school_year_of(timezone.localdate())
        return this if this in self.school_years else None


class LegalBasis(models.Model):
    """A document the programme rests on, cited in reports while it is in force."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="legal_bases", verbose_name=_("phong trào"))
    type_name = NameField(_("loại văn bản"), max_length=40)
    symbol = NameField(_("số, ký hiệu"), max_length=60)
    issued_on = models.DateField(_("ngày ban hành"))
    issuer = NameField(_("cơ quan ban hành"), max_length=150)
    abstract = NameField(_("trích yếu"), max_length=400)
    valid_from = models.DateField(_("hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("hiệu lực đến"), null=True, blank=True)

    class Meta:
        verbose_name = _("căn cứ")
        verbose_name_plural = _("căn cứ")
        ordering = ["issued_on"]

    def __str__(self):
        return f"{self.type_name} {self.symbol}"


class ContentAreaQuerySet(ScopedQuerySet):
    department_paths = ("programme__department",)
    is_directory = True
    editor_roles = DEPARTMENT_STAFF


class ContentArea(models.Model):
    """What the parties work on together (nội dung phối hợp)."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="content_areas", verbose_name=_("phong trào"))
    name = NameField(_("nội dung"), max_length=150)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    objects = ContentAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("nội dung phối hợp")
        verbose_name_plural = _("nội dung phối hợp")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name


class Subject(models.Model):
    """A school subject (môn học)."""

    name = NameField(_("môn"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("môn học")
        verbose_name_plural = _("môn học")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name
