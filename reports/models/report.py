"""The report of one unit for one period: figures from the rows, sentences from people, and its way to being issued."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from reports import official
from reports.models.period import LEVELS, ReportingPeriod
from reports.models.report_life import ACTIONS, HIDDEN_ACTIONS, Status
from twinning import access, vietnamese
from twinning.access import Role, ScopedQuerySet
from twinning.fields import NameField, ProseField
from twinning.lens import Lens
from twinning.life import Event, LifeModel, Refused
from twinning.models import Department, District, School, SchoolManagement
from twinning.vietnamese import number

MOST_NAMED = 3


class ReportQuerySet(ScopedQuerySet):
    department_paths = ("period__programme__department",)
    district_paths = (("school", "district"),)
    school_paths = ("school",)

    def for_list(self):
        return self.select_related("period__programme__department", "department", "district", "school__district")

    def standing(self):
        """One a unit: what it handed in first, or the version in force of what was corrected since."""
        return self.filter(Q(replaces=None) | Q(status=Status.ISSUED)).exclude(status=Status.REPLACED)

    def of_seat(self, user):
        """The own reports of the unit `user` sits for."""
        membership = access.seat(user)
        for level in LEVELS:
            if membership and (unit := getattr(membership, f"{level}_id")):
                return self.filter(**{level: unit})
        return self.none()

    def at_level(self, level):
        """Those of "school", "district" or "department"."""
        return self.filter(**{f"{level}__isnull": False})

    def overdue(self):
        """Not handed in though the last day of their level is over."""
        today = timezone.localdate()
        late = Q(school__isnull=False, period__due_school_on__lt=today)
        late |= Q(district__isnull=False, period__due_district_on__lt=today)
        late |= Q(department__isnull=False, period__due_on__lt=today)
        return self.filter(late, status__in=Status.open())

    def before(self, report):
        """The report of the same unit on the time before, in the version that stands; None without one."""
        same = self.filter(department=report.department_id, district=report.district_id, school=report.school_id)
        earlier = same.filter(
            period__programme=report.period.programme_id, period__cut_off_on__lt=report.period.cut_off_on
        )
        return earlier.standing().order_by("-period__cut_off_on").first()

    def below(self, report):
        """The reports of the units below that of `report`, of the same period: those of the schools a district managed
        on the day of cut-off, for the Department all others."""
        others = self.filter(period=report.period_id).exclude(pk=report.pk)
        if report.department_id:
            return others.filter(department=None)
        if report.school_id:
            return self.none()
        managed = SchoolManagement.objects.valid_on(report.period.cut_off_on).filter(district=report.district_id)
        return others.filter(school__in=managed.order_by().values("school"))

    def waiting_for(self, user):
        """Reports `user` has to write (open or returned), to issue (approved) or to review."""
        membership = access.seat(user)
        if membership is None or membership.is_everywhere or not access.is_recorder(user) | access.is_signer(user):
            return self.none()
        status = Report.Status
        writing = Status.open() if access.is_recorder(user) else []
        writing += [status.APPROVED] if access.is_signer(user) else []
        if membership.school_id:
            return self.filter(school=membership.school_id, status__in=writing)
        if membership.district_id:
            own = Q(district__in=access.offices_of(membership), status__in=writing)
            return self.filter(own | Q(school__in=access.schools_of(membership), status=status.SUBMITTED))
        mine = self.filter(period__programme__department=membership.department_id)
        review = Q(district__isnull=False, status=status.SUBMITTED) | Q(unlock_asked_at__isnull=False)
        if membership.role == Role.LEADER:
            review |= Q(department__isnull=False, status=status.SUBMITTED)
        return mine.filter(Q(department__isnull=False, status__in=writing) | review)


class Report(LifeModel):
    """One unit × one period. `frozen` holds the content as submitted; an issued report never changes."""

    Status, ACTIONS, HIDDEN_ACTIONS = Status, ACTIONS, HIDDEN_ACTIONS

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="reports", verbose_name=_("kỳ báo cáo"))
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="reports")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="reports")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="reports")
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFTING, db_index=True)
    frozen = models.JSONField(_("nội dung đã chốt"), null=True, blank=True, editable=False)
    frozen_at = models.DateTimeField(_("chốt lúc"), null=True, blank=True, editable=False)
    version = models.PositiveSmallIntegerField(_("bản thứ"), default=1, editable=False)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("thay thế")
    )
    first_submitted_at = models.DateTimeField(_("nộp lần đầu lúc"), null=True, blank=True, editable=False)
    unlock_asked_at = models.DateTimeField(_("xin mở khoá lúc"), null=True, blank=True, editable=False)
    unlocked_until = models.DateField(_("mở khoá tới hết ngày"), null=True, blank=True)
    number = models.PositiveIntegerField(
        _("số"), null=True, blank=True, help_text=_("Bỏ trống: cổng cấp số tiếp theo của đơn vị.")
    )
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    signer_title = NameField(_("chức vụ người ký"), max_length=120, blank=True, help_text=_("Ví dụ: KT. GIÁM ĐỐC"))
    signer_name = NameField(_("họ tên người ký"), max_length=120, blank=True)
    recipients = ProseField(_("nơi nhận"), blank=True, help_text=_("Mỗi nơi một dòng; dòng cuối là “Lưu: VT”."))

    history = HistoricalRecords(excluded_fields=["frozen"])
    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("báo cáo")
        verbose_name_plural = _("báo cáo")
        ordering = ["-period__cut_off_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(department__isnull=False, district=None, school=None)
                    | Q(department=None, district__isnull=False, school=None)
                    | Q(department=None, district=None, school__isnull=False)
                ),
                name="report_one_unit",
            ),
            models.UniqueConstraint(fields=["period", "department", "version"], name="report_once_per_department"),
            models.UniqueConstraint(fields=["period", "district", "version"], name="report_once_per_district"),
            models.UniqueConstraint(fields=["period", "school", "version"], name="report_once_per_school"),
            models.CheckConstraint(
                condition=~Q(status="issued") | Q(number__isnull=False, issued_on__isnull=False, frozen__isnull=False),
                name="report_issued_is_complete",
                violation_error_message=_("Báo cáo ban hành phải có số và ngày."),
            ),
        ]

    def __str__(self):
        return _t("%(title)s của %(unit)s") % {"title": self.period.report_title, "unit": self.unit_name}

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
    def number_and_symbol(self):
        """ "05/BC-SGDĐT"; empty before issue."""
        return official.number_and_symbol(self.number, self.frozen["symbol"]) if self.number else ""

    @property
    def is_frozen(self):
        return self.frozen is not None and self.status not in Status.open()

    @property
    def level(self):
        return next(level for level in LEVELS if getattr(self, f"{level}_id"))

    @property
    def due_on(self):
        """The last day of its level."""
        return self.period.due_of(self.level)

    @property
    def is_overdue(self):
        return self.status in Status.open() and self.due_on < timezone.localdate()

    @property
    def is_locked(self):
        """The last day is over and the period locks: nothing is written or submitted any more, unless the Department
        opens this one. What was returned or corrects an issued report stays open."""
        today = timezone.localdate()
        is_late = self.period.locks and self.due_on < today and self.status == Status.DRAFTING and not self.replaces_id
        return is_late and not (self.unlocked_until and self.unlocked_until >= today)

    def actions_for(self, user):
        """While it is locked nothing is offered that would be refused for that."""
        found = super().actions_for(user)
        return {name: action for name, action in found.items() if name not in ("submit", "nil") or not self.is_locked}

    @property
    def next_step(self):
        above = (
            self.school.district.office
            if self.school
            else str(self.period.programme.department)
            if self.district
            else _t("Lãnh đạo Sở")
        )
        if self.is_locked and self.unlock_asked_at:
            return _t("%s đã xin mở khoá; Sở mở tới một ngày hoặc từ chối kèm lý do.") % self.unit_name
        if self.is_locked:
            return _t("Đã khoá vì quá hạn nộp; %s gửi yêu cầu mở khoá, Sở quyết định.") % self.unit_name
        sentence = {
            self.Status.DRAFTING: _t("%(unit)s soạn rồi trình %(above)s."),
            self.Status.RETURNED: _t("%(unit)s xem ý kiến, sửa rồi trình lại %(above)s."),
            self.Status.SUBMITTED: _t("%(above)s duyệt hoặc trả lại."),
            self.Status.APPROVED: _t("%(unit)s ghi số, ngày và ban hành."),
        }.get(self.status)
        told = sentence % {"unit": self.unit_name, "above": above} if sentence else ""
        if self.is_overdue and self.unlocked_until:  # else it would be locked, or need not be opened
            told += " " + _t("Được mở khoá tới hết ngày %s.") % vietnamese.day(self.unlocked_until)
        return told

    def is_open_to_edit(self):
        return self.status in Status.open() and not self.is_locked

    def texts(self):
        """Section key → text, as written so far."""
        return {section.key: section.body for section in self.sections.all()}

    def scope(self):
        """Whose figures it tells: the unit's own as it was then, whatever became of its schools since."""
        from reports.scope import Scope  # figures read models, models must load first

        period = self.period
        return Scope(period.programme, self.unit, period.school_year, period.cut_off_on, Lens.THEN)

    def content(self):
        """What the report says: as frozen at submission, or from today's rows while it is still being written."""
        from reports.content import report_content  # content reads models, models must load first

        return self.frozen if self.is_frozen else report_content(self)

    def file_content(self):
        """`content` with what only the paper has: the draft mark, number, day and signatory. Plain JSON."""
        from reports.papers.report import nil_content  # papers read models, models must load first

        issued = self.status in (Status.ISSUED, Status.REPLACED)
        content = self.content()
        if self.status == Status.NIL:
            content = nil_content(content)
        return {
            **content,
            "is_draft": not issued,
            "number": self.number if issued else None,
            "issued_on": self.issued_on.isoformat() if issued else None,
            "signer_title": self.signer_title if issued else "",
            "signer_name": self.signer_name if issued else "",
        } | self._own_recipients()

    def _own_recipients(self):
        """Nơi nhận as the unit wrote it, where it did."""
        lines = [line.strip() for line in self.recipients.split("\n") if line.strip()]
        return {"recipients": lines} if lines else {}

    # --- What actions do ---------------------------------------------------------------------------------------------

    def before_action(self, name, by):
        checks = {
            "submit": [self._require_unlocked, self._require_sections, self._require_below, self._freeze],
            "nil": [self._require_unlocked, self._require_nothing, self._freeze],
            "return": [self._require_nobody_above],
            "correct": [self._require_nobody_above, self._require_no_newer],
            "issue": [self._enter_in_register],
        }
        for check in checks.get(name, ()):
            check()

    def after_action(self, name, by, comments=None):
        """`comments` of "return": {key of a section: what is asked to be changed}."""
        if name == "submit":
            self.comments.answer()
        elif name == "return":
            self.comments.bulk_create(
                self.comments.model(report=self, key=key, text=text, by=by) for key, text in (comments or {}).items()
            )
        elif name == "issue" and self.replaces:
            self.replaces.perform("replace", None)
        elif name == "correct":
            self._begin_correction()
        if name in ("ask_unlock", "unlock", "refuse_unlock"):
            self._set(unlock_asked_at=timezone.now() if name == "ask_unlock" else None)

    def _set(self, **values):
        """Store what no form asks for."""
        for field, value in values.items():
            setattr(self, field, value)
        Report.objects.filter(pk=self.pk).update(**values)

    def _freeze(self):
        content, now = self.content(), timezone.now()
        self._set(frozen=content, frozen_at=now, first_submitted_at=self.first_submitted_at or now)

    def _require_unlocked(self):
        if self.is_locked:
            raise Refused(
                _t("Kỳ báo cáo đã khoá sau hạn nộp %s. Hãy bấm “Gửi yêu cầu mở khoá” và ghi lý do.")
                % vietnamese.day(self.due_on)
            )

    def missing_sections(self):
        """[(key, heading)] of what may not stay empty and is."""
        from reports.content import HEADINGS  # content reads models, models must load first

        texts = self.texts()
        return [
            (key, heading)
            for key, heading in HEADINGS.items()
            if key in self.period.required_sections and not texts.get(key, "").strip()
        ]

    def _require_sections(self):
        if missing := self.missing_sections():
            names = ", ".join(f"“{heading}”" for _key, heading in missing)
            raise Refused(_t("Chưa trình được: còn mục bắt buộc chưa viết là %s. Hãy bấm “Soạn” rồi viết.") % names)

    def unsettled_below(self):
        """The reports below that are still to be submitted or accepted."""
        below = Report.objects.below(self).standing().exclude(status__in=Status.settled())
        return below.for_list().order_by("district__sort_key", "school__sort_key", "pk")

    def _require_below(self):
        waiting = self.unsettled_below()
        if found := list(waiting[:MOST_NAMED]):
            count = waiting.count()
            names = ", ".join(report.unit_name for report in found) + ("…" if count > len(found) else "")
            raise Refused(
                _t(
                    "Chưa trình được: còn %(n)s báo cáo cấp dưới chưa được duyệt (%(names)s). Hãy duyệt, trả lại, "
                    "hoặc đề nghị Sở miễn báo cáo cho đơn vị có lý do."
                )
                % {"n": number(count), "names": names}
            )

    def _require_nothing(self):
        figures = self.scope().figures()
        found = [figures[key] for key in ("activities_held", "support_vnd") if figures[key].value]
        if found:
            words = "; ".join(f"{figure.label.lower()}: {number(figure.value)}" for figure in found)
            raise Refused(_t("Không báo cáo “không phát sinh” được vì cổng đang có %s. Hãy viết báo cáo.") % words)

    def above(self):
        """The report this one goes into: of the district that managed the school on the day of cut-off, or of the
        Department; None for the Department's own."""
        others = Report.objects.filter(period=self.period_id).order_by("-version")
        if self.school_id:
            district = self.school.managed_on(self.period.cut_off_on)
            found = others.filter(district=district).first()
            if found:
                return found
        return None if self.department_id else others.filter(department__isnull=False).first()

    def _require_nobody_above(self):
        """While the level above is being reviewed, what it was written from stays as it is."""
        above = self.above()
        while above:
            if above.status in (Status.SUBMITTED, Status.APPROVED):
                raise Refused(
                    _t("%(unit)s đã trình báo cáo của mình từ số liệu này. Phải rút hoặc trả lại báo cáo ấy trước.")
                    % {"unit": above.unit_name}
                )
            above = above.above()

    def _require_no_newer(self):
        if newer := Report.objects.filter(replaces=self).first():
            raise Refused(_t("Đã có bản thay thế thứ %d của báo cáo này.") % newer.version)

    def _enter_in_register(self):
        from reports.models.register import OutgoingPaper  # a paper names its report

        entry = OutgoingPaper.objects.enter(
            self.unit,
            self.frozen["symbol"],
            self.issued_on,
            self.number,
            type_name=_t("Báo cáo"),
            abstract=self.frozen["abstract"][:400],
            signer=", ".join(filter(None, [self.signer_name, self.signer_title])),
            recipients=self.recipients or "\n".join(self.frozen["recipients"]),
            note=_t("Thay thế số %s") % self.replaces.number_and_symbol if self.replaces else "",
            report=self,
        )
        self.number = entry.number

    def _begin_correction(self):
        newer = Report.objects.create(
            period=self.period,
            department=self.department,
            district=self.district,
            school=self.school,
            version=self.version + 1,
            replaces=self,
            first_submitted_at=self.first_submitted_at,
            recipients=self.recipients,
        )
        newer.sections.bulk_create(
            newer.sections.model(report=newer, key=section.key, body=section.body, typed_by=section.typed_by)
            for section in self.sections.all()
        )

    # --- People ------------------------------------------------------------------------------------------------------

    def writing_people(self):
        return access.people_of(
            school_id=self.school_id, district_id=self.district_id, department_id=self.department_id
        )

    def reviewing_people(self):
        if self.school:
            return access.people_above(self.school)
        return access.people_of(department_id=self.period.programme.department_id)

    def department_people(self):
        return access.people_of(department_id=self.period.programme.department_id)


class ReportEvent(Event):
    subject = models.ForeignKey(Report, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên báo cáo")
        verbose_name_plural = _("việc trên báo cáo")
