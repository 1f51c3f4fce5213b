"""What can happen to an activity: its statuses, the table of the ways between them, what each step does."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Notification
from twinning import access, school_year
from twinning.life import Action, LifeModel

LATE_DAYS = 14


def late_before():
    """Units that were asked before this day, LATE_DAYS ago, and have not all confirmed are late."""
    return timezone.localdate() - timedelta(days=LATE_DAYS)


class Status(models.TextChoices):
    PLANNED = "planned", _("kế hoạch")
    HELD = "held", _("đã tổ chức, chờ xác nhận")
    CONFIRMED = "confirmed", _("đã xác nhận")
    CANCELLED = "cancelled", _("đã huỷ")
    MERGED = "merged", _("đã gộp")

    @classmethod
    def counted(cls):
        return [cls.HELD, cls.CONFIRMED]


ACTIONS = {
    "hold": Action(
        slug="da-to-chuc",
        label=_("Ghi kết quả"),
        before=(Status.PLANNED,),
        after=Status.HELD,
        who=access.records_activity,
        done=_("Đã ghi kết quả và gửi các đơn vị cùng tham gia xác nhận."),
        tells="unconfirmed_people",
        news=_("{by} đã ghi kết quả “{it}”. Hãy xác nhận số người của đơn vị mình."),
    ),
    "confirm": Action(
        slug="xac-nhan",
        label=_("Xác nhận số liệu"),
        before=(Status.HELD,),
        after=None,
        who=access.answers_activity,
        done=_("Đã xác nhận số liệu của đơn vị mình."),
        explain=_("Sửa số người của đơn vị mình nếu chưa đúng, rồi xác nhận."),
        news=_("{by} đã xác nhận số liệu hoạt động “{it}”."),
    ),
    "close": Action(
        slug="hoan-tat",
        label=_("Đủ xác nhận"),
        before=(Status.HELD,),
        after=Status.CONFIRMED,
        who=access.takes_part_in_activity,
        done=_("Mọi đơn vị đã xác nhận."),
    ),
    "cancel": Action(
        slug="huy",
        label=_("Huỷ hoạt động"),
        before=(Status.PLANNED, Status.HELD),
        after=Status.CANCELLED,
        who=access.records_activity,
        asks=("note",),
        done=_("Đã huỷ hoạt động. Số liệu của nó không được tính nữa."),
        explain=_("Hoạt động vẫn xem lại được, kèm lý do, nhưng không tính vào số liệu."),
        tone="danger",
        tells="all_people",
        news=_("{by} đã huỷ hoạt động “{it}”."),
    ),
    "verify": Action(
        slug="kiem-tra",
        label=_("Xác nhận đã kiểm tra"),
        before=(Status.HELD, Status.CONFIRMED),
        after=None,
        who=access.verifies_activity,
        asks=("note",),
        optional=("note",),
        done=_("Đã ghi nhận cơ quan quản lý đã kiểm tra."),
        explain=_("Cơ quan quản lý đã xem số liệu, ảnh, biên bản và thấy đúng. Đơn vị sửa số sau đó thì cần xem lại."),
        tone="quiet",
        tells="recording_people",
        news=_("{by} đã kiểm tra hoạt động “{it}”."),
    ),
    "merge": Action(
        slug="gop",
        label=_("Gộp vào hoạt động khác"),
        before=(Status.PLANNED, Status.HELD, Status.CONFIRMED),
        after=Status.MERGED,
        who=access.merges_activity,
        done=_("Đã gộp. Đơn vị, tên giáo viên, ảnh và lời ghi đã sang hoạt động kia; số liệu tính một lần."),
        explain=_("Dùng khi một việc bị ghi hai lần. Bản này vẫn xem lại được nhưng không tính vào số liệu."),
        tone="quiet",
        tells="all_people",
        news=_("{by} đã gộp hoạt động “{it}” vào hoạt động khác vì ghi trùng."),
    ),
}


class ActivityLife(LifeModel):
    """An activity as far as it lives: what was said of it and by whom, who has the next word. The model
    (activities.models.activity) has the fields and the rows of the units."""

    Status, ACTIONS = Status, ACTIONS
    # These ask for head-counts, on forms of their own (activities/forms/counts.py).
    ACTIONS_WITH_FORMS = frozenset({"hold", "confirm", "merge"})
    # "close" follows from the last confirmation, nobody presses it.
    HIDDEN_ACTIONS = frozenset({"close"})
    OTHER_EVENTS = {
        **LifeModel.OTHER_EVENTS,
        "correct": _("Sửa số liệu của đơn vị"),
        "absorb": _("Nhận gộp từ hoạt động khác"),
        "check_in_open": _("Mở điểm danh"),
        "check_in_stop": _("Dừng điểm danh"),
        "check_in_strike": _("Gạch tên điểm danh"),
        "check_in_restore": _("Lấy lại tên điểm danh"),
    }

    class Meta:
        abstract = True

    @property
    def is_overdue(self):
        return self.status == self.Status.PLANNED and self.planned_on and self.planned_on < timezone.localdate()

    @property
    def next_step(self):
        if self.status == self.Status.PLANNED:
            return _t("Hãy cho biết kết quả.") if self.is_overdue else _t("Tổ chức xong, đơn vị ghi sẽ ghi kết quả.")
        if self.status == self.Status.HELD:
            waiting = [row for row in self.units.all() if row.confirmed_at is None]
            names = [str(row.unit) for row in waiting[:3]] + (["…"] if len(waiting) > 3 else [])
            return _t("Chờ xác nhận số liệu: %s.") % ", ".join(names)
        return ""

    @property
    def is_late(self):
        """Unconfirmed for more than LATE_DAYS since the units were asked."""
        return self.status == self.Status.HELD and self.asked_on < late_before()

    @property
    def is_open_to_materials(self):
        return self.status not in (self.Status.CANCELLED, self.Status.MERGED)

    def is_open_to_edit(self):
        return self.status in (self.Status.PLANNED, self.Status.HELD)

    @classmethod
    def lock(cls, pk, *, wait=True):
        """The activity, held until the end of the transaction against others who change its rows: whoever does takes
        this lock first, so that no two wait for each other. None when another one holds it and one does not `wait`.
        (SQLite locks the whole file instead.)"""
        locked = cls.objects.select_for_update(of=("self",), no_key=True, skip_locked=not wait)
        return locked.select_related("programme", "agreement").filter(pk=pk).first()

    @transaction.atomic
    def hold(self, by, held_on, results, counts, named, seen=None):
        """Say what became of a planned activity: the day, the results, and who came from the own unit."""
        self.lock(self.pk)
        if (row := self.own_row(by)) is not None:
            row.put(by, counts, named, seen=seen)
        self.school_year = school_year.school_year_of(held_on)
        day = timezone.localdate()
        self.perform("hold", by, held_on=held_on, results=results, school_year=self.school_year, asked_on=day)
        self.place_units()
        self.after_rows_change(by)

    @transaction.atomic
    def confirm_own_row(self, by, counts, named, seen=None):
        """Confirm, or correct and confirm, the head-counts of the own unit."""
        self.lock(self.pk)
        self.require("confirm", by)
        row = self.own_row(by)
        self.perform("confirm", by, note=row.difference(counts))
        row.put(by, counts, named, seen=seen)
        self.after_rows_change(by)
        # Not by the table: who acts next is known only now that the row is confirmed.
        self._tell(self.recording_people(), by, self.ACTIONS["confirm"].news.format(by=by, it=self))

    @transaction.atomic
    def correct_own_row(self, by, counts, named, seen=None):
        """Change the head-counts of the own unit after they were confirmed."""
        self.lock(self.pk)
        row = self.own_row(by)
        changes = row.difference(counts)
        self.record_event("correct", by, note=changes)
        row.put(by, counts, named, seen=seen)
        self.after_rows_change(by)
        text = _t("%(by)s sửa số liệu đơn vị mình ở hoạt động “%(it)s”: %(changes)s.")
        self._tell(self.all_people(), by, text % {"by": by, "it": self, "changes": changes or _t("tên giáo viên")})

    def before_action(self, name, by):
        if name == "verify":
            type(self).objects.filter(pk=self.pk).update(verified_by=by, verified_at=timezone.now())

    def after_rows_change(self, by):
        """Keep the stored totals true and close the activity once every unit has confirmed."""
        self.check_ins.count_in(self.pk)
        self.store_totals()
        # What an office looked at is not what stands there now.
        type(self).objects.filter(pk=self.pk).update(verified_by=None, verified_at=None)
        if self.status == self.Status.HELD and not self.units.filter(confirmed_at=None).exists():
            self.perform("close", by)

    def tell_unconfirmed(self, by):
        """A new activity is news for the units that took part and did not record it."""
        self._tell(self.unconfirmed_people(), by, self.ACTIONS["hold"].news.format(by=by, it=self))

    def unconfirmed_people(self):
        return self._people(self.units.filter(confirmed_at=None))

    def all_people(self):
        return self._people(self.units.all())

    def recording_people(self):
        return access.people_of(school_id=self.recorded_school_id, district_id=self.recorded_district_id)

    def _tell(self, people, by, text):
        others = [person for person in people if person.pk != by.pk]
        Notification.objects.tell(others, text, self.get_absolute_url(), self.next_step)

    def _people(self, rows):
        return [
            person for row in rows for person in access.people_of(school_id=row.school_id, district_id=row.district_id)
        ]
