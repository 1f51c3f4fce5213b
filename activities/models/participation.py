"""Who took part: head-counts per unit (lượt), and the teachers that are named (người)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from activities.models.activity import Activity
from twinning import school_year
from twinning.access import ScopedQuerySet
from twinning.models import District, School, SchoolYearFigures, Teacher
from twinning.vietnamese import fold

# More than this from one unit at one event is a typing error, not an event.
MOST_PER_UNIT = 5000


def beyond_staff(rows):
    """Sentences for those of `rows` (ActivitySchool with `activity` and `school`) that have more teachers or managers
    than the school reported for that school year, or for the last one before it that it reported. One query."""
    rows = [row for row in rows if row.school_id and (row.teacher_turns or row.manager_turns)]
    told = SchoolYearFigures.objects.filter(school__in={row.school_id for row in rows}) if rows else ()
    staff = {}
    for figures in told:
        numbers = staff.setdefault((figures.school_id, figures.school_year), {"teachers": 0, "managers": 0})
        for name in numbers:
            numbers[name] += getattr(figures, name) or 0
    for row in rows:
        years = [year for school, year in staff if school == row.school_id and year <= row.activity.school_year]
        known = staff[row.school_id, max(years)] if years else {}
        for total, name in (("teacher_turns", "teachers"), ("manager_turns", "managers")):
            if known.get(name) and getattr(row, total) > known[name]:
                yield _t(
                    "%(school)s ghi %(n)d %(what)s, nhiều hơn %(known)d %(what)s của trường theo số liệu năm học "
                    "%(year)s. Đã lưu; hãy kiểm tra lại nếu ghi nhầm."
                ) % {
                    "school": row.school,
                    "n": getattr(row, total),
                    "what": row._meta.get_field(total).verbose_name,
                    "known": known[name],
                    "year": school_year.label(max(years)),
                }


class ActivitySchoolQuerySet(ScopedQuerySet):
    department_paths = ("activity__programme__department",)
    district_paths = (("school", "district"),)
    school_paths = ("school",)

    def counted(self):
        return self.filter(activity__status__in=Activity.Status.counted())


class ActivitySchool(models.Model):
    """One unit taking part in one activity: a school, or a district office itself when `school` is empty.

    `district` is the one the school was under when the activity took place.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="units", verbose_name=_("hoạt động"))
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="activity_rows", verbose_name=_("trường")
    )
    district = models.ForeignKey(District, models.PROTECT, related_name="activity_rows", verbose_name=_("phòng"))
    manager_turns = models.PositiveIntegerField(_("cán bộ quản lý"), default=0)
    teacher_turns = models.PositiveIntegerField(_("giáo viên"), default=0)
    pupil_turns = models.PositiveIntegerField(_("học sinh"), default=0)
    named_count = models.PositiveIntegerField(default=0, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người xác nhận"),
    )
    confirmed_at = models.DateTimeField(_("xác nhận lúc"), null=True, blank=True)

    history = HistoricalRecords()
    objects = ActivitySchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị tham gia")
        verbose_name_plural = _("đơn vị tham gia")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "school"],
                name="school_once_per_activity",
                violation_error_message=_("Mỗi trường chỉ ghi một dòng trong một hoạt động."),
            ),
            models.UniqueConstraint(
                fields=["activity", "district"],
                condition=models.Q(school=None),
                name="office_once_per_activity",
                violation_error_message=_("Mỗi phòng chỉ ghi một dòng trong một hoạt động."),
            ),
            models.CheckConstraint(
                condition=models.Q(named_count__lte=models.F("teacher_turns")),
                name="named_not_above_total",
                violation_error_message=_(
                    "Số giáo viên ghi tên nhiều hơn số giáo viên tham gia. Hãy tăng số giáo viên hoặc bỏ bớt tên."
                ),
            ),
        ]

    def __str__(self):
        return str(self.unit)

    @property
    def unit(self):
        return self.school or self.district.office

    def clean(self):
        for field in Activity.TOTALS:
            if (getattr(self, field) or 0) > MOST_PER_UNIT:
                raise ValidationError(
                    {
                        field: _t("Số quá lớn cho một đơn vị trong một hoạt động (tối đa %d). Hãy kiểm tra lại.")
                        % MOST_PER_UNIT
                    }
                )

    def difference(self, counts):
        """What `counts` would change, as a sentence for the history; empty when nothing."""
        return "; ".join(
            _t("%(what)s: %(old)d → %(new)d")
            % {"what": self._meta.get_field(field).verbose_name, "old": getattr(self, field), "new": number}
            for field, number in counts.items()
            if getattr(self, field) != number
        )

    def put(self, by, counts, named=None, confirmed=True):
        """Write head-counts (total field → number) and, unless None, named teachers ((full name, role) pairs); by whom
        and when confirmed, unless they still wait for the unit's own word."""
        for field, value in counts.items():
            setattr(self, field, value)
        if named is not None:
            self.named_count = len(named)
        self.confirmed_by, self.confirmed_at = (by, timezone.now()) if confirmed else (None, None)
        self.full_clean(exclude=["activity", "school", "district", "confirmed_by"])
        self.save()
        if named is not None:
            self.name_teachers(named)

    def name_teachers(self, named):
        """Replace the named teachers of this row: list of (full name, role). Unknown names join the roster."""
        self.participations.all().delete()
        for full_name, role in named:
            teacher, _created = Teacher.objects.get_or_create(
                school=self.school, name_key=fold(full_name), code="", defaults={"full_name": full_name}
            )
            Participation.objects.create(row=self, teacher=teacher, role=role)


class ParticipationQuerySet(ScopedQuerySet):
    department_paths = ("row__activity__programme__department",)
    district_paths = (("row__school", "row__district"),)
    school_paths = ("row__school",)

    def people(self):
        """How many persons (người): distinct teachers, however often they came."""
        return self.aggregate(n=models.Count("teacher", distinct=True))["n"]


class Participation(models.Model):
    """A named teacher in a role at an activity."""

    class PartRole(models.TextChoices):
        CHAIR = "chair", _("chủ trì")
        SPEAKER = "speaker", _("báo cáo viên")
        DEMONSTRATOR = "demo", _("dạy minh hoạ")
        ATTENDEE = "attend", _("tham dự")

    row = models.ForeignKey(
        ActivitySchool, models.CASCADE, related_name="participations", verbose_name=_("đơn vị tham gia")
    )
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="participations", verbose_name=_("giáo viên"))
    role = models.CharField(_("vai trò"), max_length=8, choices=PartRole, default=PartRole.ATTENDEE)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("giáo viên tham gia")
        verbose_name_plural = _("giáo viên tham gia")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["row", "teacher"],
                name="teacher_once_per_activity",
                violation_error_message=_("Một giáo viên chỉ ghi tên một lần trong một hoạt động."),
            )
        ]

    def __str__(self):
        return f"{self.teacher} ({self.get_role_display()})"
