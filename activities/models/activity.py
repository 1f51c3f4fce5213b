"""What twinned units do together: one event, recorded once, whoever takes part."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Notification
from activities.models.kind import ActivityKind
from twinning import access, school_year
from twinning.access import ScopedQuerySet
from twinning.fields import KeyField, NameField, ProseField
from twinning.life import Action, Event, LifeModel
from twinning.models import (
    Agreement,
    ContentArea,
    District,
    Programme,
    School,
    SchoolManagement,
    Subject,
)
from twinning.vietnamese import search_key

LATE_DAYS = 14


class ActivityQuerySet(ScopedQuerySet):
    department_paths = ("programme__department",)
    district_paths = (
        ("units__school", "units__district"),
        ("agreement__supporting_school", "agreement__supporting_district"),
        ("agreement__supported_school", "agreement__supported_district"),
    )
    school_paths = ("units__school",)

    def for_list(self):
        return self.select_related(
            "kind",
            "subject",
            "agreement__supporting_district",
            "agreement__supported_district",
            "agreement__supporting_school",
            "agreement__supported_school",
            "host_school",
            "host_district",
        ).annotate(on=Coalesce("held_on", "planned_on"), people=self._people())

    @staticmethod
    def _people():
        """Expression: how many persons are named in an activity. A teacher is of one school, so its rows add up."""
        rows = Activity._meta.get_field("units").related_model.objects.filter(activity=OuterRef("pk")).order_by()
        named = rows.values("activity").annotate(n=Sum("named_count")).values("n")
        return Coalesce(Subquery(named), 0)

    def unconfirmed(self):
        """Held, and not every unit has said its word: counted, and told as not confirmed."""
        return self.filter(status=Activity.Status.HELD)

    def late(self):
        """Unconfirmed for more than LATE_DAYS."""
        return self.unconfirmed().filter(held_on__lt=timezone.localdate() - timedelta(days=LATE_DAYS))

    def counted(self):
        """Held, confirmed by the partner or not yet: what every total counts, each event once."""
        return self.filter(status__in=Activity.Status.counted())

    def open_to_materials(self):
        """Those one may share material of."""
        return self.exclude(status__in=[Activity.Status.CANCELLED, Activity.Status.MERGED])

    def held_in(self, year):
        return self.counted().filter(school_year=year)

    def waiting_for(self, user):
        """Activities whose counts `user`'s own unit still has to confirm."""
        membership = access.seat(user)
        if membership is None or not access.is_recorder(user) or not (membership.school_id or membership.district_id):
            return self.none()
        own = Q(units__confirmed_at=None)
        own &= (
            Q(units__school=membership.school_id)
            if membership.school_id
            else Q(units__school=None, units__district__in=access.offices_of(membership))
        )
        return self.filter(status=Activity.Status.HELD).filter(own)

    def overdue_for(self, user):
        """Planned activities that `user`'s unit entered and whose day has passed: "please tell us what happened"."""
        membership = access.seat(user)
        if membership is None or not access.is_recorder(user):
            return self.none()
        if membership.school_id:
            own = self.filter(recorded_school=membership.school_id)
        elif membership.district_id:
            own = self.filter(recorded_district__in=access.offices_of(membership))
        else:
            own = self.visible_to(user).filter(recorded_school=None, recorded_district=None)
        return own.overdue()

    def overdue_of_others(self, user):
        """The other overdue ones `user` may see: for those who watch over units."""
        return self.visible_to(user).overdue().exclude(pk__in=self.overdue_for(user).order_by().values("pk"))

    def overdue(self):
        return self.filter(status=Activity.Status.PLANNED, planned_on__lt=timezone.localdate())

    def store_totals(self):
        """Recompute the stored totals of these activities from their rows. Returns how many were wrong."""
        wrong = 0
        for activity in self.with_row_sums().only("pk", *Activity.TOTALS):
            sums = {field: getattr(activity, f"sum_{field}") or 0 for field in Activity.TOTALS}
            if any(getattr(activity, field) != total for field, total in sums.items()):
                wrong += self.model.objects.filter(pk=activity.pk).update(**sums)
        return wrong

    def with_row_sums(self):
        """Each activity with `sum_<total>` computed from its rows."""
        return self.annotate(**{f"sum_{field}": Sum(f"units__{field}") for field in Activity.TOTALS})


class Activity(LifeModel):
    """One event. Totals of head-counts are stored so that pages add up thousands of events, not attendances."""

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("trực tiếp")
        ONLINE = "online", _("trực tuyến")
        BLENDED = "blended", _("kết hợp")

    class Status(models.TextChoices):
        PLANNED = "planned", _("kế hoạch")
        HELD = "held", _("đã tổ chức, chờ xác nhận")
        CONFIRMED = "confirmed", _("đã xác nhận")
        CANCELLED = "cancelled", _("đã huỷ")
        MERGED = "merged", _("đã gộp")

        @classmethod
        def counted(cls):
            return [cls.HELD, cls.CONFIRMED]

    # Stored sums of the columns of the same name in ActivitySchool.
    TOTALS = ("manager_turns", "teacher_turns", "pupil_turns")

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
            explain=_(
                "Cơ quan quản lý đã xem số liệu, ảnh, biên bản và thấy đúng. Đơn vị sửa số sau đó thì cần xem lại."
            ),
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

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="activities", verbose_name=_("phong trào"))
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("giao ước")
    )
    kind = models.ForeignKey(ActivityKind, models.PROTECT, related_name="activities", verbose_name=_("loại hoạt động"))
    content_area = models.ForeignKey(
        ContentArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("nội dung phối hợp"),
    )
    title = NameField(_("tên hoạt động"), max_length=250)
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, blank=True, verbose_name=_("môn"))
    grade = models.PositiveSmallIntegerField(
        _("khối lớp"), null=True, blank=True, choices=[(n, _("Khối %d") % n) for n in range(1, 13)]
    )
    host_school = models.ForeignKey(
        School,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities_hosted",
        verbose_name=_("trường chủ trì"),
    )
    host_district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities_hosted",
        verbose_name=_("phòng chủ trì"),
    )
    planned_on = models.DateField(_("ngày dự kiến"), null=True, blank=True)
    held_on = models.DateField(_("ngày tổ chức"), null=True, blank=True, db_index=True)
    starts_at = models.TimeField(_("bắt đầu lúc"), null=True, blank=True)
    school_year = models.PositiveSmallIntegerField(_("năm học"), db_index=True)
    place = NameField(_("địa điểm"), max_length=200, blank=True)
    mode = models.CharField(_("hình thức"), max_length=10, choices=Mode, default=Mode.IN_PERSON)
    results = ProseField(_("kết quả"), blank=True)
    next_steps = ProseField(_("việc tiếp theo"), blank=True)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PLANNED, db_index=True)
    recorded_school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("trường ghi")
    )
    recorded_district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("phòng ghi")
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người kiểm tra"),
    )
    verified_at = models.DateTimeField(_("kiểm tra lúc"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", verbose_name=_("gộp vào")
    )
    manager_turns = models.PositiveIntegerField(_("lượt cán bộ quản lý"), default=0, editable=False)
    teacher_turns = models.PositiveIntegerField(_("lượt giáo viên"), default=0, editable=False)
    pupil_turns = models.PositiveIntegerField(_("lượt học sinh"), default=0, editable=False)
    search_key = KeyField()

    history = HistoricalRecords()
    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("hoạt động")
        verbose_name_plural = _("hoạt động")
        ordering = [Coalesce("held_on", "planned_on").desc(), "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(held_on__isnull=False) | ~Q(status__in=["held", "confirmed"]),
                name="activity_held_has_day",
                violation_error_message=_("Hoạt động đã tổ chức phải có ngày tổ chức."),
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=False) | Q(planned_on__isnull=False),
                name="activity_has_some_day",
                violation_error_message=_("Hãy ghi ngày tổ chức hoặc ngày dự kiến."),
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False) | (~Q(status="merged") & Q(merged_into=None)),
                name="activity_merged_names_the_other",
                violation_error_message=_("Hoạt động đã gộp phải ghi rõ gộp vào hoạt động nào."),
            ),
            models.CheckConstraint(
                condition=Q(host_school=None) | Q(host_district=None),
                name="activity_one_host",
                violation_error_message=_("Mỗi hoạt động có một đơn vị chủ trì."),
            ),
        ]
        indexes = [models.Index(fields=["programme", "school_year", "status"])]

    def __str__(self):
        return self.title

    def clean(self):
        if self.held_on and self.held_on > timezone.localdate():
            raise ValidationError(
                {
                    "held_on": _t(
                        "Ngày này chưa tới. Hoạt động sắp diễn ra thì ghi vào kế hoạch, xong rồi mới ghi kết quả."
                    )
                }
            )
        for field in ("held_on", "planned_on"):
            day = getattr(self, field)
            if day and self.programme_id and not self.programme.covers(day):
                raise ValidationError(
                    {
                        field: _t("Ngày phải nằm trong thời gian của phong trào: từ %(from)s đến %(to)s.")
                        % {
                            "from": f"{self.programme.starts_on:%d/%m/%Y}",
                            "to": f"{self.programme.ends_on:%d/%m/%Y}",
                        }
                    }
                )

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def set_keys(self):
        if self.school_year is None and self.day:
            self.school_year = school_year.school_year_of(self.day)
        pair = self.agreement.pair if self.agreement else ""
        self.search_key = search_key(self.title, pair, self.subject, self.place)

    def get_absolute_url(self):
        return reverse("activity_detail", args=[self.pk])

    @property
    def day(self):
        return self.held_on or self.planned_on

    @property
    def host(self):
        return self.host_school or self.host_district

    @property
    def school_year_label(self):
        return school_year.label(self.school_year)

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
        """Unconfirmed for more than LATE_DAYS after it was held."""
        return self.status == self.Status.HELD and self.held_on < timezone.localdate() - timedelta(days=LATE_DAYS)

    @property
    def is_open_to_materials(self):
        return self.status not in (self.Status.CANCELLED, self.Status.MERGED)

    def is_open_to_edit(self):
        return self.status in (self.Status.PLANNED, self.Status.HELD)

    def store_totals(self):
        """Sum the rows into the stored totals; call after any change of rows, in the same transaction."""
        type(self).objects.filter(pk=self.pk).store_totals()
        self.refresh_from_db(fields=self.TOTALS)

    def place_units(self):
        """Write beside each school of the rows the unit that managed it on the day of the activity."""
        rows = list(self.units.filter(school__isnull=False).select_related("school"))
        units = SchoolManagement.objects.units_on(self.day, [row.school_id for row in rows])
        for row in rows:
            district_id = units.get(row.school_id, row.school.district_id)
            if row.district_id != district_id:
                row.district_id = district_id
                row.save()

    def absent_office(self, day):
        """Why a district office among the rows could not take part on `day`, as a sentence; empty when all could."""
        offices = self.units.filter(school=None).select_related("district")
        return next((absence for row in offices if (absence := row.district.absence(day))), "")

    def own_row(self, user):
        """The row of the unit `user` speaks for, or None; for the administrator, who speaks for all, one that waits."""
        return min(access.rows_of(user, self), key=lambda row: row.confirmed_at is not None, default=None)

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
        self.perform("hold", by, held_on=held_on, results=results, school_year=self.school_year)
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


class ActivityEvent(Event):
    subject = models.ForeignKey(Activity, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên hoạt động")
        verbose_name_plural = _("việc trên hoạt động")
