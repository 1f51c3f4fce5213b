"""What twinned units do together: one event, recorded once, whoever takes part; its fields and its rows of units."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from activities.models.activity_life import ActivityLife
from activities.models.activity_rows import ActivityQuerySet
from activities.models.kind import ActivityKind
from twinning import access, school_year
from twinning.fields import KeyField, NameField, ProseField
from twinning.life import Event
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


class Activity(ActivityLife):
    """One event. Totals of head-counts are stored so that pages add up thousands of events, not attendances."""

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("trực tiếp")
        ONLINE = "online", _("trực tuyến")
        BLENDED = "blended", _("kết hợp")

    # Stored sums of the columns of the same name in ActivitySchool.
    TOTALS = ("manager_turns", "teacher_turns", "pupil_turns")

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
    # When the units that took part were first asked to confirm: it may have been recorded long after it was held.
    asked_on = models.DateField(_("ngày đề nghị xác nhận"), null=True, blank=True, editable=False)
    starts_at = models.TimeField(_("bắt đầu lúc"), null=True, blank=True)
    school_year = models.PositiveSmallIntegerField(_("năm học"), db_index=True)
    place = NameField(_("địa điểm"), max_length=200, blank=True)
    mode = models.CharField(_("hình thức"), max_length=10, choices=Mode, default=Mode.IN_PERSON)
    results = ProseField(_("kết quả"), blank=True)
    next_steps = ProseField(_("việc tiếp theo"), blank=True)
    status = models.CharField(
        _("tình trạng"), max_length=10, choices=ActivityLife.Status, default=ActivityLife.Status.PLANNED, db_index=True
    )
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
                condition=Q(asked_on__isnull=False) | ~Q(status="held"), name="activity_held_was_asked"
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
        errors = {}
        for field in ("held_on", "planned_on"):
            day = getattr(self, field)
            if day and self.programme_id and (outside := self.programme.outside(day)):
                errors[field] = outside
        if self.held_on and self.held_on > timezone.localdate():
            errors["held_on"] = _t(
                "Ngày này chưa tới. Hoạt động sắp diễn ra thì ghi vào kế hoạch, xong rồi mới ghi kết quả."
            )
        if errors:
            raise ValidationError(errors)

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def set_keys(self):
        if self.school_year is None and self.day:
            self.school_year = school_year.school_year_of(self.day)
        if self.asked_on is None and self.status in self.Status.counted():
            self.asked_on = timezone.localdate()
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


class ActivityEvent(Event):
    subject = models.ForeignKey(Activity, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên hoạt động")
        verbose_name_plural = _("việc trên hoạt động")
