"""Check-in by code: who says to be there, each person once, and how that becomes names and numbers of the rows.

A check-in is a plain insert; taking it into the row of its school follows in a transaction of its own, under a lock on
the activity, for all that wait at once. So nothing is lost when a hundred phones send in one second, and what a failure
leaves waiting is taken in by the next one or by the sweeper.
"""

from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Notification
from activities import check_in_code
from activities.models.activity import Activity
from activities.models.participation import ActivitySchool, Participation
from twinning import access, vietnamese
from twinning.access import ScopedQuerySet
from twinning.fields import KeyField, NameField
from twinning.models import School, Teacher
from twinning.vietnamese import fold

# One phone may go round a group of colleagues.
MOST_PER_DEVICE = 6
# A check-in is for the day of the activity; a day around it, for what lasts or was written down with a wrong day.
DAYS_AROUND = timedelta(days=1)
SWEEP_BACK = timedelta(days=2)


class OtherDay(check_in_code.Refused):
    heading = _("Hôm nay không phải ngày điểm danh")

    def __init__(self, activity):
        self.what_to_do = _t(
            "Hoạt động ghi ngày %(day)s; điểm danh được từ %(first)s đến hết %(last)s. "
            "Nếu ngày ghi chưa đúng, hãy báo ban tổ chức sửa ngày rồi quét lại mã."
        ) % {
            "day": vietnamese.day(activity.day),
            "first": vietnamese.day(activity.day - DAYS_AROUND),
            "last": vietnamese.day(activity.day + DAYS_AROUND),
        }


class Over(check_in_code.Refused):
    heading = _("Hoạt động này không nhận điểm danh nữa")

    def __init__(self, activity):
        self.what_to_do = {
            Activity.Status.CANCELLED: _t("Hoạt động đã huỷ. Hãy hỏi lại ban tổ chức."),
            Activity.Status.MERGED: _t("Hoạt động đã gộp vào một hoạt động khác. Hãy quét mã của hoạt động đó."),
        }.get(
            activity.status,
            _t("Mọi đơn vị đã xác nhận số người. Nếu còn thiếu tên thầy/cô, hãy báo trường của mình để bổ sung."),
        )


class NotIn(Exception):
    """A check-in that is not taken; str() says why and what to do."""


class CheckInDesk(models.Model):
    """The check-in of one activity: opened by a unit taking part, with a secret that its codes are made with."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="check_in_desk", verbose_name=_("hoạt động"))
    secret = models.CharField(max_length=32, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người mở")
    )
    opened_at = models.DateTimeField(_("mở lúc"))
    closed_at = models.DateTimeField(_("dừng lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("điểm danh")
        verbose_name_plural = _("điểm danh")

    def __str__(self):
        return str(self.activity)

    @classmethod
    @transaction.atomic
    def open(cls, activity, by):
        """Open, or open again with a new secret. Raises a check_in_code.Refused when it is not the day."""
        require_open(activity)
        cls.objects.update_or_create(
            activity=activity,
            defaults={
                "secret": get_random_string(32),
                "opened_by": by,
                "opened_at": timezone.now(),
                "closed_at": None,
            },
        )
        activity.record_event("check_in_open", by)

    @transaction.atomic
    def close(self, by):
        if CheckInDesk.objects.filter(pk=self.pk, closed_at=None).update(closed_at=timezone.now()):
            self.activity.record_event("check_in_stop", by)

    @property
    def code(self):
        return check_in_code.code_of(self.activity_id, self.secret)

    @classmethod
    def of_code(cls, code, *, typing=False):
        """The desk whose code this is. Raises a check_in_code.Refused with the reason."""
        desk = (
            cls.objects.filter(activity=check_in_code.activity_of(code))
            .select_related("activity__programme__department", "activity__agreement", "activity__host_school")
            .select_related("activity__host_district")
            .first()
        )
        if desk is None:
            raise check_in_code.Forged
        check_in_code.check(code, desk.secret, typing=typing)
        if desk.closed_at:
            raise check_in_code.Stopped
        require_open(desk.activity)
        return desk


def require_open(activity):
    """Raise OtherDay or Over unless people may check in at `activity` today."""
    if activity.status not in OPEN:
        raise Over(activity)
    if abs(timezone.localdate() - activity.day) > DAYS_AROUND:
        raise OtherDay(activity)


OPEN = (Activity.Status.PLANNED, Activity.Status.HELD)


class CheckInQuerySet(ScopedQuerySet):
    department_paths = ("activity__programme__department",)
    district_paths = (("school", None),)
    school_paths = ("school",)

    def live(self):
        return self.filter(struck_at=None)

    def waiting(self):
        """Not taken into the row of their school: just sent, or beyond what the school itself has confirmed."""
        return self.live().filter(counted_at=None)

    def arrive(self, activity, school, device, *, full_name="", code="", is_manager=False):
        """Store that somebody is there: (check-in, whether it is new). With a name or a teacher's code where the
        programme records names, else the device stands for the person; who the roster says is a manager is one, chosen
        or not. Raises NotIn."""
        if not may_take_part(activity, school):
            raise NotIn(
                _t("“%s” không thuộc các đơn vị của hoạt động này. Hãy chọn lại trường, hoặc báo ban tổ chức.") % school
            )
        hashed = device_hash(activity, device)
        teacher = Teacher.objects.coded(school, code) if code else Teacher.objects.called(school, full_name)
        if code:
            key = f"c:{school.pk}:{fold(code)}"
        else:
            key = f"n:{school.pk}:{fold(full_name)}" if full_name else f"d:{hashed}"
        if known := self._known(activity, school, key, teacher):
            return known, False
        if self.filter(activity=activity, device_hash=hashed).count() >= MOST_PER_DEVICE:
            raise NotIn(
                _t("Máy này đã ghi %d người. Hãy dùng máy khác, hoặc báo ban tổ chức ghi tên giúp.") % MOST_PER_DEVICE
            )
        try:
            with transaction.atomic():
                made = self.create(
                    activity=activity,
                    school=school,
                    full_name=full_name,
                    code=code,
                    person_key=key,
                    teacher=teacher,
                    is_manager=is_manager or (teacher is not None and teacher.is_manager),
                    device_hash=hashed,
                )
        except IntegrityError:
            return self.get(activity=activity, person_key=key), False  # a second tap was faster
        return made, True

    def _known(self, activity, school, key, teacher):
        same = Q(person_key=key)
        if teacher is not None:
            same |= Q(school=school, teacher=teacher)
        return self.filter(same, activity=activity).order_by("pk").first()

    def count_in(self, activity_id):
        """Take what waits at an activity into the rows of its schools; all totals stay true. Safe to run twice.

        One at a time does it, for all; the others do not wait for it. Who finds the lock taken has stored before that,
        and the one who counts looks again after letting go. Only what comes while a form is being saved may be left; it
        is taken in by the next one or by the sweeper.
        """
        left = []
        while left is not None and self.waiting().filter(activity=activity_id).exclude(pk__in=left).exists():
            left = self._count_in(activity_id)

    @transaction.atomic
    def _count_in(self, activity_id):
        """Ids of those that have to wait for the word of their school; None when another one counts, or it is over."""
        activity = Activity.lock(activity_id, wait=False)
        if activity is None or activity.status not in OPEN:
            return None
        waiting = self.waiting().filter(activity=activity).select_related("school__district", "teacher")
        left = []
        # Ordered by school, so that two activities meet the rosters of their schools in the same order.
        for school, those in groupby(waiting.order_by("school_id", "pk"), attrgetter("school")):
            row = activity.units.filter(school=school).first() or self._new_row(activity, school)
            left += row.take_in(list(those))
        activity.store_totals()
        return left

    @staticmethod
    def _new_row(activity, school):
        row = ActivitySchool.objects.create(
            activity=activity, school=school, district=school.managed_on(activity.day), is_from_check_in=True
        )
        if activity.status == Activity.Status.HELD:
            text = _t("Giáo viên của trường đã điểm danh ở “%s”. Hãy xác nhận số người của đơn vị mình.") % activity
            people = access.people_of(school_id=school.pk)
            Notification.objects.tell(people, text, activity.get_absolute_url(), "")
        return row

    def left_behind(self):
        """Ids of the activities where something still waits that could be counted."""
        recent = self.waiting().filter(at__gte=timezone.now() - SWEEP_BACK, activity__status__in=OPEN)
        return recent.order_by().values_list("activity_id", flat=True).distinct()

    def forget_devices(self, before):
        """Forget which device sent what was sent before the moment. Returns how many."""
        old = self.filter(at__lt=before).exclude(device_hash="")
        old.filter(full_name="", code="").update(person_key="")
        return old.update(device_hash="")


class CheckIn(models.Model):
    """One person at one activity. Of the person: name or teacher's code, and school; nothing where the programme
    records no names. The device is a keyed hash that differs from activity to activity, and is forgotten."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="check_ins", verbose_name=_("hoạt động"))
    school = models.ForeignKey(School, models.PROTECT, related_name="check_ins", verbose_name=_("trường"))
    full_name = NameField(_("họ và tên"), max_length=120, blank=True)
    code = models.CharField(_("mã giáo viên"), max_length=20, blank=True)
    # Who it is, for "each person once": by code, by folded name, or by device; "" once the device is forgotten.
    person_key = KeyField(max_length=200)
    teacher = models.ForeignKey(
        Teacher, models.SET_NULL, null=True, blank=True, related_name="check_ins", verbose_name=_("giáo viên")
    )
    # Counts among the managers of the school, not its teachers, and is named nowhere else: by the roster, or by choice.
    is_manager = models.BooleanField(_("cán bộ quản lý"), default=False)
    is_new_teacher = models.BooleanField(default=False, editable=False)  # joined the roster by checking in
    # The name it put into the row of its school; none when the school itself has named its people since.
    participation = models.OneToOneField(
        Participation, models.SET_NULL, null=True, blank=True, related_name="check_in", editable=False
    )
    device_hash = models.CharField(max_length=40, blank=True, editable=False)
    at = models.DateTimeField(_("lúc"), default=timezone.now)
    counted_at = models.DateTimeField(_("tính lúc"), null=True, blank=True)
    struck_at = models.DateTimeField(_("gạch lúc"), null=True, blank=True)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người gạch"),
    )

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("lượt điểm danh")
        verbose_name_plural = _("lượt điểm danh")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person_key"], condition=~Q(person_key=""), name="check_in_once_per_person"
            )
        ]
        indexes = [
            models.Index(fields=["activity", "-at"]),
            models.Index(fields=["at"], condition=Q(counted_at=None, struck_at=None), name="check_in_waiting"),
            models.Index(fields=["at"], condition=~Q(device_hash=""), name="check_in_device_kept"),
        ]

    def __str__(self):
        return f"{self.person} – {self.school}"

    @property
    def person(self):
        """Name or code, as it was typed."""
        return self.full_name or (_t("mã %s") % self.code if self.code else _t("một người"))

    def find_teacher(self):
        """The teacher it is of; who gave a name that is not on the roster joins it. None for a code nobody has, for
        managers of no roster, and where no names are recorded."""
        if self.teacher is None and self.full_name and not self.is_manager:
            self.teacher, self.is_new_teacher = Teacher.objects.called_or_new(self.school, self.full_name)
        return self.teacher

    @transaction.atomic
    def strike(self, by):
        """Cross the line out: it counts no more, unless its school has confirmed its own numbers since. It stays in
        the list and can be put back."""
        activity = Activity.lock(self.activity_id)
        if not CheckIn.objects.live().filter(pk=self.pk).update(struck_at=timezone.now(), struck_by=by):
            return
        self.refresh_from_db()
        if self.participation_id:
            self.participation.delete()
        if self.is_new_teacher and self.teacher and self._is_only_use_of_teacher():
            self.teacher.delete()
        if row := activity.units.filter(school=self.school_id).first():
            row.recount()
        activity.store_totals()
        activity.record_event("check_in_strike", by, note=str(self))

    def _is_only_use_of_teacher(self):
        others = self.teacher.check_ins.exclude(pk=self.pk)
        return not (others.exists() or self.teacher.participations.exists())

    @transaction.atomic
    def restore(self, by):
        activity = Activity.lock(self.activity_id)
        changed = {"struck_at": None, "struck_by": None, "counted_at": None, "participation": None}
        if CheckIn.objects.filter(pk=self.pk, struck_at__isnull=False).update(**changed):
            activity.record_event("check_in_restore", by, note=str(self))
            CheckIn.objects.count_in(activity.pk)


def may_take_part(activity, school):
    """Whether people of `school` may check in: it is in a row already, has a part in the agreement, or is of the same
    Department at an event of the whole programme."""
    if school.department_id != activity.programme.department_id:
        return False
    if activity.agreement is None or activity.units.filter(school=school).exists():
        return True
    row = ActivitySchool(school=school, district=school.managed_on(activity.day))
    return not activity.agreement.strangers([row])


def device_hash(activity, device, purpose="check-in"):
    """A keyed hash of a device (text kept in its cookie) that tells nothing across activities or purposes."""
    return salted_hmac(f"activities.{purpose}", f"{activity.pk}:{device}", algorithm="sha256").hexdigest()[:40]
