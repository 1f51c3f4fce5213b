"""The report of one unit for one period: figures from the rows, sentences from people, and its way to being issued."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from reports.models.period import ReportingPeriod
from twinning import access
from twinning.access import Role, ScopedQuerySet
from twinning.fields import NameField, ProseField
from twinning.lens import Lens
from twinning.life import Action, Event, LifeModel, Refused
from twinning.models import Department, District, School


class ReportQuerySet(ScopedQuerySet):
    department_paths = ("period__programme__department",)
    district_paths = (("school", "district"),)
    school_paths = ("school",)

    def for_list(self):
        return self.select_related("period__programme__department", "department", "district", "school__district")

    def waiting_for(self, user):
        """Reports `user` has to write (open or returned), to issue (approved) or to review."""
        membership = access.seat(user)
        if membership is None or membership.is_everywhere or not access.is_recorder(user) | access.is_signer(user):
            return self.none()
        status = Report.Status
        writing = [status.DRAFTING, status.RETURNED] if access.is_recorder(user) else []
        writing += [status.APPROVED] if access.is_signer(user) else []
        if membership.school_id:
            return self.filter(school=membership.school_id, status__in=writing)
        if membership.district_id:
            own = Q(district__in=access.offices_of(membership), status__in=writing)
            return self.filter(own | Q(school__in=access.schools_of(membership), status=status.SUBMITTED))
        mine = self.filter(period__programme__department=membership.department_id)
        review = Q(district__isnull=False, status=status.SUBMITTED)
        if membership.role == Role.LEADER:
            review |= Q(department__isnull=False, status=status.SUBMITTED)
        return mine.filter(Q(department__isnull=False, status__in=writing) | review)


class Report(LifeModel):
    """One unit × one period. `frozen` holds the content as submitted; an issued report never changes."""

    class Status(models.TextChoices):
        DRAFTING = "drafting", _("đang soạn")
        SUBMITTED = "submitted", _("đã trình, chờ duyệt")
        RETURNED = "returned", _("trả lại")
        APPROVED = "approved", _("đã duyệt, chờ ban hành")
        ISSUED = "issued", _("đã ban hành")

    ACTIONS = {
        "submit": Action(
            slug="trinh",
            label=_("Trình duyệt"),
            before=(Status.DRAFTING, Status.RETURNED),
            after=Status.SUBMITTED,
            who=access.signs_report,
            done=_("Đã trình. Số liệu được chốt tại thời điểm này."),
            explain=_("Số liệu và lời văn được chốt; muốn sửa phải được cấp trên trả lại."),
            tells="reviewing_people",
            news=_("{by} đã trình {it}, chờ duyệt."),
        ),
        "return": Action(
            slug="tra-lai",
            label=_("Trả lại"),
            before=(Status.SUBMITTED,),
            after=Status.RETURNED,
            who=access.reviews_report,
            asks=("note",),
            done=_("Đã trả lại kèm ý kiến."),
            explain=_("Đơn vị nhận ý kiến, sửa rồi trình lại."),
            tone="danger",
            tells="writing_people",
            news=_("{by} trả lại {it}. Xem ý kiến, sửa rồi trình lại."),
        ),
        "approve": Action(
            slug="duyet",
            label=_("Duyệt"),
            before=(Status.SUBMITTED,),
            after=Status.APPROVED,
            who=access.reviews_report,
            done=_("Đã duyệt. Đơn vị có thể ban hành báo cáo."),
            tells="writing_people",
            news=_("{by} đã duyệt {it}; đơn vị có thể ban hành."),
        ),
        "issue": Action(
            slug="ban-hanh",
            label=_("Ban hành"),
            before=(Status.APPROVED,),
            after=Status.ISSUED,
            who=access.signs_report,
            asks=("number", "issued_on", "signer_title", "signer_name"),
            done=_("Đã ban hành. Hãy tạo bản PDF chính thức."),
            explain=_("Ghi số, ngày và người ký đúng như văn bản. Sau khi ban hành, báo cáo không thay đổi được nữa."),
            tells="reviewing_people",
            news=_("{by} đã ban hành {it}."),
        ),
    }

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="reports", verbose_name=_("kỳ báo cáo"))
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="reports")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="reports")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="reports")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFTING, db_index=True)
    frozen = models.JSONField(_("nội dung đã chốt"), null=True, blank=True, editable=False)
    frozen_at = models.DateTimeField(_("chốt lúc"), null=True, blank=True, editable=False)
    number = models.PositiveIntegerField(_("số"), null=True, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    signer_title = NameField(_("chức vụ người ký"), max_length=120, blank=True, help_text=_("Ví dụ: KT. GIÁM ĐỐC"))
    signer_name = NameField(_("họ tên người ký"), max_length=120, blank=True)

    history = HistoricalRecords(excluded_fields=["frozen"])
    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("báo cáo")
        verbose_name_plural = _("báo cáo")
        ordering = ["-period__school_year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(department__isnull=False, district=None, school=None)
                    | Q(department=None, district__isnull=False, school=None)
                    | Q(department=None, district=None, school__isnull=False)
                ),
                name="report_one_unit",
            ),
            models.UniqueConstraint(fields=["period", "department"], name="report_once_per_department"),
            models.UniqueConstraint(fields=["period", "district"], name="report_once_per_district"),
            models.UniqueConstraint(fields=["period", "school"], name="report_once_per_school"),
            models.CheckConstraint(
                condition=~Q(status="issued") | Q(number__isnull=False, issued_on__isnull=False, frozen__isnull=False),
                name="report_issued_is_complete",
                violation_error_message=_("Báo cáo ban hành phải có số và ngày."),
            ),
        ]

    def __str__(self):
        return _t("báo cáo sơ kết năm học %(year)s của %(unit)s") % {
            "year": self.period.school_year_label,
            "unit": self.unit_name,
        }

    def clean(self):
        if self.number is not None and self.number < 1:
            raise ValidationError({"number": _t("Số văn bản bắt đầu từ 1.")})
        if self.issued_on and self.issued_on > timezone.localdate():
            raise ValidationError({"issued_on": _t("Ngày ban hành không thể sau hôm nay.")})
        if self.issued_on and self.issued_on < self.period.cut_off_on:
            raise ValidationError({"issued_on": _t("Ngày ban hành không thể trước ngày chốt số liệu.")})

    def get_absolute_url(self):
        return reverse("report_detail", args=[self.pk])

    @property
    def unit(self):
        return self.school or self.district or self.department

    @property
    def unit_name(self):
        return self.district.office if self.district else str(self.unit)

    @property
    def is_frozen(self):
        return self.frozen is not None and not self.is_open_to_edit()

    @property
    def is_overdue(self):
        return self.is_open_to_edit() and self.period.due_on < timezone.localdate()

    @property
    def next_step(self):
        above = (
            self.school.district.office
            if self.school
            else str(self.period.programme.department)
            if self.district
            else _t("Lãnh đạo Sở")
        )
        sentence = {
            self.Status.DRAFTING: _t("%(unit)s soạn rồi trình %(above)s."),
            self.Status.RETURNED: _t("%(unit)s xem ý kiến, sửa rồi trình lại %(above)s."),
            self.Status.SUBMITTED: _t("%(above)s duyệt hoặc trả lại."),
            self.Status.APPROVED: _t("%(unit)s ghi số, ngày và ban hành."),
        }.get(self.status)
        return sentence % {"unit": self.unit_name, "above": above} if sentence else ""

    def is_open_to_edit(self):
        return self.status in (self.Status.DRAFTING, self.Status.RETURNED)

    def texts(self):
        """Section key → text, as written so far."""
        return {section.key: section.body for section in self.sections.all()}

    def scope(self):
        """Whose figures it tells: the unit's own as it was then, whatever became of its schools since."""
        from reports.figures import Scope  # figures read models, models must load first

        period = self.period
        return Scope(period.programme, self.unit, period.school_year, period.cut_off_on, Lens.THEN)

    def content(self):
        """What the report says: as frozen at submission, or from today's rows while it is still being written."""
        from reports.content import report_content  # content reads models, models must load first

        return self.frozen if self.is_frozen else report_content(self)

    def file_content(self):
        """`content` with what only the paper has: the draft mark, number, day and signatory. Plain JSON."""
        issued = self.status == self.Status.ISSUED
        return {
            **self.content(),
            "is_draft": not issued,
            "number": self.number if issued else None,
            "issued_on": self.issued_on.isoformat() if issued else None,
            "signer_title": self.signer_title if issued else "",
            "signer_name": self.signer_name if issued else "",
        }

    def before_action(self, name, by):
        if name == "submit":
            self.frozen, self.frozen_at = self.content(), timezone.now()
            Report.objects.filter(pk=self.pk).update(frozen=self.frozen, frozen_at=self.frozen_at)
        if name == "issue":
            year = self.issued_on.year
            same = Report.objects.filter(
                department=self.department,
                district=self.district,
                school=self.school,
                number=self.number,
                issued_on__year=year,
            )
            if same.exclude(pk=self.pk).exists():
                raise Refused(
                    _t("Số %(number)d đã dùng cho một báo cáo khác năm %(year)d. Hãy chọn số tiếp theo.")
                    % {"number": self.number, "year": year}
                )

    def writing_people(self):
        return access.people_of(
            school_id=self.school_id, district_id=self.district_id, department_id=self.department_id
        )

    def reviewing_people(self):
        if self.school:
            return access.people_above(self.school)
        return access.people_of(department_id=self.period.programme.department_id)


class ReportSection(models.Model):
    """The sentences people write under one heading of the report."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="sections")
    key = models.CharField(max_length=30)
    body = ProseField(_("nội dung"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("mục báo cáo")
        verbose_name_plural = _("mục báo cáo")
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="report_section_once")]

    def __str__(self):
        return f"{self.report_id}: {self.key}"


class ReportEvent(Event):
    subject = models.ForeignKey(Report, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên báo cáo")
        verbose_name_plural = _("việc trên báo cáo")
