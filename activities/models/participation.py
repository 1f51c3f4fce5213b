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

    @staticmethod
    def waits():
        """Q: the activity was held, and the unit has not said its own word yet."""
        return models.Q(activity__status=Activity.Status.HELD, confirmed_at=None)

    def unconfirmed(self):
        """Counted, and told as not confirmed."""
        return self.filter(self.waits())


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
    # How many of the teachers are there only because they checked in: beyond what a person wrote. And whether the whole
    # row is there for that alone.
    check_in_turns = models.PositiveIntegerField(default=0, editable=False)
    check_in_manager_turns = models.PositiveIntegerField(default=0, editable=False)  # the same of the managers
    is_from_check_in = models.BooleanField(default=False, editable=False)
    # What whoever recorded the activity wrote of this unit, before its own word: {total: number}; None: nothing.
    declared = models.JSONField(null=True, blank=True, editable=False)
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

    @property
    def disagreement(self):
        """What the recording side wrote and what the unit itself says, where the two differ, as a sentence."""
        if not self.declared or self.confirmed_at is None:
            return ""
        return "; ".join(
            _t("%(what)s: bên ghi %(declared)d, đơn vị %(own)d")
            % {"what": self._meta.get_field(total).verbose_name, "declared": number, "own": getattr(self, total)}
            for total, number in self.declared.items()
            if number != getattr(self, total)
        )

    def difference(self, counts):
        """What `counts` would change, as a sentence for the history; empty when nothing."""
        return "; ".join(
            _t("%(what)s: %(old)d → %(new)d")
            % {"what": self._meta.get_field(field).verbose_name, "old": getattr(self, field), "new": number}
            for field, number in counts.items()
            if getattr(self, field) != number
        )

    def put(self, by, counts, named=None, confirmed=True, seen=None):
        """Write head-counts (total field → number) and, unless None, named teachers ((full name, role) pairs); by whom
        and when confirmed, unless they still wait for the unit's own word. `seen` is the last check-in (id) the person
        knew of: what came before is settled by these numbers, what came since still has to be taken in."""
        for field, value in counts.items():
            setattr(self, field, value)
        self.check_in_turns, self.check_in_manager_turns, self.is_from_check_in = 0, 0, False
        if not confirmed and any(counts.values()):
            self.declared = counts
        if named is not None:
            self.named_count = len(named)
        self.confirmed_by, self.confirmed_at = (by, timezone.now()) if confirmed else (None, None)
        self.full_clean(exclude=["activity", "school", "district", "confirmed_by"])
        self.save()
        if named is not None:
            self.name_teachers(named)
        if seen is not None and self.school_id:
            here = self.activity.check_ins.live().filter(school=self.school_id)
            here.filter(pk__lte=seen, counted_at=None).update(counted_at=timezone.now())
            here.filter(pk__gt=seen, participation=None).update(counted_at=None)

    @property
    def waiting_check_ins(self):
        """People of the school who checked in beyond what it has confirmed, first come first."""
        return self.activity.check_ins.waiting().filter(school=self.school_id).order_by("pk") if self.school_id else []

    def take_in(self, check_ins):
        """Name the people who checked in, and let the total follow. What the unit has confirmed is its own word: up to
        that total names are added, beyond it people wait until the unit corrects its numbers: returns their ids."""
        named = set(self.participations.values_list("teacher_id", flat=True))
        counted = list(self._counted().values_list("teacher_id", "is_manager"))
        managers = sum(is_manager for _teacher, is_manager in counted)
        teachers = len(counted) - managers
        here = {teacher for teacher, _is_manager in counted} - {None}
        new, taken, left = [], [], []
        for check_in in check_ins:
            teacher = check_in.find_teacher()
            if teacher is not None and teacher.pk in here:
                check_in.delete()  # once by name, once by code, in the same moment
                continue
            is_new = teacher is not None and teacher.pk not in named and not check_in.is_manager
            if check_in.is_manager:
                is_beyond = managers + 1 > self.manager_turns
            else:
                is_beyond = max(len(named) + is_new, teachers + 1) > self.teacher_turns
            if self.confirmed_at and is_beyond:
                left.append(check_in.pk)
                continue
            if teacher is not None:
                here.add(teacher.pk)
            if is_new:
                named.add(teacher.pk)
                check_in.participation = Participation(row=self, teacher=teacher)
                new.append(check_in.participation)
            check_in.counted_at = timezone.now()
            taken.append(check_in)
            managers += check_in.is_manager
            teachers += not check_in.is_manager
        Participation.objects.bulk_create(new)
        self.activity.check_ins.bulk_update(taken, ["teacher", "is_new_teacher", "participation", "counted_at"])
        self.recount()
        return left

    def recount(self):
        """Let names, teachers and managers follow from the people who checked in and those that were written. A row
        that is there for check-ins alone goes with the last of them."""
        self.named_count = self.participations.count()
        if not self.confirmed_at:
            here = self._counted().aggregate(
                managers=models.Count("pk", filter=models.Q(is_manager=True)),
                teachers=models.Count("pk", filter=models.Q(is_manager=False)),
            )
            written = self.teacher_turns - self.check_in_turns
            written_managers = self.manager_turns - self.check_in_manager_turns
            self.teacher_turns = max(written, self.named_count, here["teachers"])
            self.check_in_turns = self.teacher_turns - written
            self.manager_turns = max(written_managers, here["managers"])
            self.check_in_manager_turns = self.manager_turns - written_managers
        if self.is_from_check_in and not any(getattr(self, total) for total in Activity.TOTALS):
            self.delete()
            return
        # Not by `save`: of people who come in at a door no line of field history is kept, each of them is one.
        fields = ("named_count", "teacher_turns", "check_in_turns", "manager_turns", "check_in_manager_turns")
        ActivitySchool.objects.filter(pk=self.pk).update(**{field: getattr(self, field) for field in fields})

    def _counted(self):
        return self.activity.check_ins.live().filter(school=self.school_id, counted_at__isnull=False)

    def name_teachers(self, named):
        """Replace the named teachers of this row: list of (full name, role). Unknown names join the roster."""
        self.participations.all().delete()
        for full_name, role in named:
            teacher, _created = Teacher.objects.called_or_new(self.school, full_name)
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
