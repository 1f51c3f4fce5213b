"""A whole season (đợt xuất PDF): the PDFs of all reports of a period at once, one line a report, by as many workers as
there are."""

import logging
import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models.file import ReportFile
from reports.models.period import LEVELS, ReportingPeriod
from reports.models.report import Report
from reports.models.report_life import Status as ReportStatus
from reports.papers.letters import FontMissing
from twinning import access
from twinning.access import Role, ScopedQuerySet
from twinning.life import Action, Event, LifeModel, Refused
from twinning.models import District, SchoolManagement
from twinning.models.job import MOST_ATTEMPTS, LeaseLost
from twinning.vietnamese import number

logger = logging.getLogger(__name__)

# A worker makes reports for so many seconds, then stands behind what else waits for it.
SLICE_SECONDS = 5
# When nobody took a report for so long though some are due, the message that calls workers is taken for lost.
SILENCE = timedelta(seconds=30)
# How long after an unexpected error a report is tried again, and so on to MOST_ATTEMPTS.
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=16))
# From how many of the last reports the remaining time is reckoned.
PACE_OF = 60
# The long ones first, so that none of them is begun when all others are done.
LONGEST_FIRST = tuple(reversed(LEVELS))


class BatchQuerySet(ScopedQuerySet):
    department_paths = ("period__programme__department",)
    district_paths = ("district",)
    editor_roles = frozenset({Role.ADMIN, Role.DEPARTMENT, Role.DISTRICT})

    def for_list(self):
        return self.select_related("period__programme__department", "district", "requested_by").order_by("-began_at")

    def with_counts(self):
        """With `expected`, `made` and `broken`: how many of its reports there are, have their PDF, failed."""
        return self.annotate(
            expected=Count("items"),
            made=Count("items", filter=Q(items__state=BatchItem.State.DONE)),
            broken=Count("items", filter=Q(items__state=BatchItem.State.FAILED)),
        )

    def unfinished(self):
        """Those with work to do, or begun before they were stopped."""
        being_made = BatchItem.objects.filter(batch=OuterRef("pk"), state=BatchItem.State.MAKING)
        return self.filter(Q(status=Batch.Status.RUNNING) | Exists(being_made))

    def begin(self, period, levels, by):
        """The season of all reports of `period` at `levels` that `by` may read, begun now. Returns (batch, created):
        the same levels of the same period are one season, which is begun again by its action."""
        membership = access.seat(by)
        district = membership.district if membership else None
        levels = " ".join(level for level in LONGEST_FIRST if level in levels)
        same = self.filter(period=period, district=district, levels=levels)
        if batch := same.first():
            return batch, False
        try:
            with transaction.atomic():
                batch = self.create(period=period, district=district, levels=levels, requested_by=by)
                batch.record_event("create", by)
                batch.add_reports(Report.objects.visible_to(by))
                batch.call_workers()
        except IntegrityError:  # somebody began it at the same moment
            return same.get(), False
        return batch, True


class Batch(LifeModel):
    """One season: the reports of a period at some levels, of a whole Department or (`district`) of one office and its
    schools.

    Its lines are rows, and workers take one after the other by a conditional update. The queue holds one message for
    the whole season, never one a report: whoever gets it hands on the next one before he begins, so that every free
    worker of any machine joins, and what a person asks for meanwhile waits for one slice of work at most. `turn` counts
    the messages; only the newest one is good.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("đang tạo")
        STOPPED = "stopped", _("đã dừng")
        DONE = "done", _("xong")

    ACTIONS = {
        "stop": Action(
            slug="dung",
            label=_("Dừng"),
            before=(Status.RUNNING,),
            after=Status.STOPPED,
            who=access.runs_batch,
            done=_("Đã dừng. Bản đang tạo dở được tạo nốt; không bắt đầu bản nào nữa."),
            tone="quiet",
        ),
        "resume": Action(
            slug="lam-tiep",
            label=_("Làm tiếp"),
            before=(Status.STOPPED,),
            after=Status.RUNNING,
            who=access.runs_batch,
            done=_("Làm tiếp những bản còn lại và bản lỗi."),
        ),
        "retry": Action(
            slug="lam-lai-ban-loi",
            label=_("Làm lại bản lỗi"),
            before=(Status.DONE,),
            after=Status.RUNNING,
            who=access.retries_batch,
            done=_("Đang làm lại những bản lỗi; bản đã xong giữ nguyên."),
        ),
        "again": Action(
            slug="lam-lai",
            label=_("Cập nhật cả đợt"),
            before=(Status.STOPPED, Status.DONE),
            after=Status.RUNNING,
            who=access.runs_batch,
            done=_("Đang xem lại cả đợt: chỉ báo cáo có nội dung thay đổi được tạo bản mới."),
            explain=_("Cổng xem lại mọi báo cáo, kể cả đơn vị mới thêm; chỉ nội dung thay đổi mới có bản PDF mới."),
            tone="quiet",
        ),
        "finish": Action(
            slug="xong",
            label=_("Xong"),
            before=(Status.RUNNING,),
            after=Status.DONE,
            who=access.the_portal,
            done="",
        ),
    }
    HIDDEN_ACTIONS = frozenset({"finish"})

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="batches", verbose_name=_("kỳ báo cáo"))
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="+")
    levels = models.CharField(_("cấp"), max_length=40)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người yêu cầu")
    )
    status = models.CharField(_("tình trạng"), max_length=8, choices=Status, default=Status.RUNNING)
    began_at = models.DateTimeField(_("bắt đầu lúc"), default=timezone.now)
    ended_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    turn = models.PositiveIntegerField(default=0, editable=False)
    called_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt xuất PDF")
        verbose_name_plural = _("đợt xuất PDF")
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "levels"], condition=Q(district=None), name="batch_once_per_department"
            ),
            models.UniqueConstraint(fields=["period", "levels", "district"], name="batch_once_per_district"),
        ]

    def __str__(self):
        of = _t(" của %s") % self.district.office if self.district else ""
        return _t("PDF %(period)s%(of)s: %(levels)s") % {
            "period": self.period.title,
            "of": of,
            "levels": self.level_names,
        }

    def get_absolute_url(self):
        return reverse("batch_detail", args=[self.pk])

    @property
    def level_names(self):
        """ "Sở, Phòng, trường"."""
        names = {"department": _t("Sở"), "district": _t("Phòng"), "school": _t("trường")}
        return ", ".join(names[level] for level in self.levels.split())

    @property
    def is_running(self):
        return self.status == self.Status.RUNNING

    def has_failed(self):
        return self.items.filter(state=BatchItem.State.FAILED).exists()

    # --- Its reports -------------------------------------------------------------------------------------------------

    def add_reports(self, among):
        """Give each report that is `among` (a queryset) and has no line yet its line: the Department's first, then each
        office before its schools. Nothing of their content is read here."""
        managed = dict(
            SchoolManagement.objects.valid_on(self.period.cut_off_on).values_list("school_id", "district_id")
        )
        reports = among.filter(period=self.period).standing().exclude(pk__in=self.items.values("report"))
        found = []
        for level in self.levels.split():
            for report in reports.at_level(level).select_related("school").order_by("district__sort_key", "pk"):
                district = report.district_id
                if report.school_id:
                    district = managed.get(report.school_id, report.school.district_id)
                found.append(BatchItem(batch=self, report=report, level=level, district_id=district))
        # A corrected report has a line of its own; that of the version it replaces goes.
        self.items.exclude(report__in=Report.objects.filter(period=self.period).standing()).delete()
        BatchItem.objects.bulk_create(found, batch_size=500)

    def counts(self):
        """State of its lines → how many, without those that are zero; and "all"."""
        found = dict(self.items.order_by().values_list("state").annotate(n=Count("pk")))
        return {**found, "all": sum(found.values())}

    def counts_by_level(self):
        """{level: {state: how many, "all": …}} of the levels it has, in their order."""
        table = {level: {"all": 0} for level in self.levels.split()}
        rows = self.items.order_by().values_list("level", "state").annotate(n=Count("pk"))
        for level, state, n in rows:
            table[level][state] = n
            table[level]["all"] += n
        return table

    def elapsed(self):
        """How long the present run has taken, or the last one took, as a timedelta."""
        return (self.ended_at or timezone.now()) - self.began_at

    def remaining(self):
        """How long it will take yet at the pace of the last reports, as a timedelta; None while nobody can tell."""
        left = self.items.open().count()
        ended = self.items.filter(finished_at__gte=self.began_at).order_by("-finished_at")
        moments = list(ended.values_list("finished_at", flat=True)[:PACE_OF])
        if not left or len(moments) < 3:
            return None
        return (timezone.now() - moments[-1]) / len(moments) * left

    # --- Its life ----------------------------------------------------------------------------------------------------

    def after_action(self, name, by, **given):
        if name in ("resume", "retry", "again"):
            state = BatchItem.State
            if name == "again":
                self.add_reports(self._all_reports())
            ended = [state.FAILED] if name != "again" else [state.FAILED, state.DONE, state.SKIPPED]
            self.items.filter(Q(state__in=ended) | Q(state=state.WAITING)).update(
                state=state.WAITING, attempts=0, next_try_at=None, reason="", finished_at=None
            )
            self._set(began_at=timezone.now(), ended_at=None, requested_by=by)
            self.call_workers()
        elif name == "stop":
            self._set(ended_at=timezone.now())
        elif name == "finish":
            self._set(ended_at=timezone.now())
            self._tell()

    def _all_reports(self):
        reports = Report.objects.filter(period=self.period)
        if self.district is None:
            return reports
        managed = SchoolManagement.objects.valid_on(self.period.cut_off_on).filter(district=self.district)
        ours = Q(district=self.district) | Q(school__in=managed.order_by().values("school"))
        return reports.filter(ours | Q(school__district=self.district))

    def _tell(self):
        from accounts.models import Notification

        counts = self.counts()
        text = _t("%(it)s: xong %(done)s/%(all)s bản.") % {
            "it": str(self),
            "done": number(counts.get(BatchItem.State.DONE, 0)),
            "all": number(counts["all"]),
        }
        if failed := counts.get(BatchItem.State.FAILED):
            text += " " + _t("%s bản lỗi; xem lý do rồi làm lại.") % number(failed)
        Notification.objects.tell([self.requested_by], text, self.get_absolute_url())

    def _set(self, **values):
        for field, value in values.items():
            setattr(self, field, value)
        Batch.objects.filter(pk=self.pk).update(**values)

    # --- Workers -----------------------------------------------------------------------------------------------------

    def call_workers(self):
        """Send a new message to the workers; every older one is void from now on."""
        Batch.objects.filter(pk=self.pk).update(turn=F("turn") + 1, called_at=timezone.now())
        self.refresh_from_db(fields=["turn", "called_at"])
        self._send(self.turn)

    def _send(self, turn):
        from reports.tasks import make_batch  # the task needs the models first

        # robust: with the broker away, `watch` calls again.
        transaction.on_commit(lambda: make_batch.delay(self.pk, turn), robust=True)

    def work(self, turn):
        """What a worker does with a message: hand on the next one, then make reports for a slice of time."""
        seen = Batch.objects.filter(pk=self.pk, turn=turn, status=self.Status.RUNNING)
        if not seen.update(turn=turn + 1, called_at=timezone.now()):
            return
        if self.items.due()[1:2]:  # more than this worker takes at once
            self._send(turn + 1)
        until = time.monotonic() + SLICE_SECONDS
        while item := self.take_next():
            item.make()
            if time.monotonic() > until:
                break
        self.settle()

    def take_next(self):
        """The next report that is due, taken for this worker; None when there is none or the season was stopped."""
        while found := self.items.due().filter(batch__status=self.Status.RUNNING).first():
            if found.take():
                found.batch = self
                return found
        return None

    def settle(self):
        """Finish when nothing is left to do. Safe to call by everybody at any time."""
        self.refresh_from_db()
        if self.is_running and not self.items.open().exists():
            try:
                self.perform("finish", None)
            except Refused:
                logger.info("Batch %s was finished by another worker.", self.pk)

    def watch(self):
        """Take up what dead workers left, and call again when the message was lost or a time to retry has come."""
        for item in self.items.lost():
            item.give_back()
        self.settle()
        if self.is_running and self.called_at < timezone.now() - SILENCE and self.items.due().exists():
            self.call_workers()


class BatchEvent(Event):
    subject = models.ForeignKey(Batch, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên đợt xuất PDF")
        verbose_name_plural = _("việc trên đợt xuất PDF")


class BatchItemQuerySet(ScopedQuerySet):
    department_paths = ("batch__period__programme__department",)
    district_paths = ("batch__district",)

    def for_list(self):
        return self.select_related(
            "report__period__programme", "report__department", "report__district", "report__school", "district"
        ).order_by("pk")

    def open(self):
        return self.filter(state__in=[BatchItem.State.WAITING, BatchItem.State.MAKING])

    def due(self):
        """Those to be taken now, in their order."""
        now = timezone.now()
        is_due = Q(next_try_at=None) | Q(next_try_at__lte=now)
        return self.filter(is_due, state=BatchItem.State.WAITING).order_by("pk")

    def lost(self):
        """Those nobody makes any more: their worker died, or the file that somebody else was making is finished. While
        the file is under way its own lease counts."""
        nobody = Q(file=None) | ~Q(file__state__in=ReportFile.State.pending())
        return self.filter(nobody, state=BatchItem.State.MAKING, lease_until__lt=timezone.now()).select_related("file")


class BatchItem(models.Model):
    """One line of the manifest: one report, and what became of its PDF. The file itself is a job of its own, the same
    that a person asks for with a button, and is made only when its content is new."""

    class State(models.TextChoices):
        WAITING = "waiting", _("đang chờ")
        MAKING = "making", _("đang tạo")
        DONE = "done", _("xong")
        FAILED = "failed", _("lỗi")
        SKIPPED = "skipped", _("bỏ qua")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items")
    report = models.ForeignKey(Report, models.PROTECT, related_name="+", verbose_name=_("báo cáo"))
    level = models.CharField(_("cấp"), max_length=10)
    district = models.ForeignKey(
        District, models.PROTECT, null=True, related_name="+", verbose_name=_("đơn vị quản lý"), editable=False
    )
    file = models.ForeignKey(ReportFile, models.SET_NULL, null=True, related_name="+", verbose_name=_("tệp"))
    state = models.CharField(_("tình trạng"), max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    next_try_at = models.DateTimeField(_("thử lại lúc"), null=True, blank=True)
    claim = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)

    objects = BatchItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("báo cáo của đợt")
        verbose_name_plural = _("báo cáo của đợt")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "report"], name="batch_item_once")]
        indexes = [models.Index(fields=["batch", "state"], name="batch_item_state")]

    def __str__(self):
        return str(self.report)

    def get_absolute_url(self):
        return self.report.get_absolute_url()

    @property
    def outcome(self):
        """ "xong, bản mới", "xong, giữ bản 2", "lỗi", in words."""
        if self.state != self.State.DONE or self.file is None:
            return self.get_state_display()
        is_new = self.file.requested_at >= self.batch.began_at
        return (_t("xong, bản mới") if is_new else _t("xong, giữ bản %d")) % (() if is_new else self.file.version)

    def take(self):
        """Take it for this worker. False when another one was faster."""
        self.claim = uuid.uuid4()
        lease = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        taken = BatchItem.objects.filter(pk=self.pk, state=self.State.WAITING).update(
            state=self.State.MAKING, claim=self.claim, lease_until=lease, attempts=F("attempts") + 1, file=None
        )
        if taken:
            self.refresh_from_db()
        return bool(taken)

    def make(self):
        """Make its PDF, or say why not; whatever becomes of it, the others go on."""
        try:
            self._make()
        except (Refused, FontMissing) as refusal:  # trying again would not help
            self._end(self.State.FAILED, reason=str(refusal)[:500])
        except LeaseLost:
            logger.warning("Batch item %s was given to another worker.", self.pk)
        except Exception as error:
            logger.exception("Batch item %s failed.", self.pk)
            self._fail(f"{type(error).__name__}: {error}")

    def _make(self):
        report = Report.objects.for_list().get(pk=self.report_id)
        if report.status == ReportStatus.EXEMPT:
            self._end(self.State.SKIPPED, reason=_t("được miễn báo cáo"))
            return
        file, _created = ReportFile.objects.request(report, self.batch.requested_by, is_quiet=True)
        if not self._own().update(file=file):
            raise LeaseLost
        if file.take() and (error := file.do()):
            raise error
        file.refresh_from_db(fields=["state"])
        if file.is_pending:  # somebody else makes it just now; `watch` looks again
            self._own().update(lease_until=timezone.now())
        else:
            self._end(self.State.DONE)

    def give_back(self):
        """Nobody makes it any more: let it be taken again. A PDF that failed in other hands has failed here too."""
        if self.file and self.file.state == ReportFile.State.FAILED:
            self._end(self.State.FAILED, reason=self.file.error)
        elif self.attempts >= MOST_ATTEMPTS and self.file is None:
            self._end(self.State.FAILED, reason=_t("máy làm việc này dừng đột ngột %d lần") % self.attempts)
        else:
            self._own().update(state=self.State.WAITING, claim=None, lease_until=None, next_try_at=None)

    def _fail(self, reason):
        """Try again after a while; at last give up with the reason."""
        if self.attempts < MOST_ATTEMPTS:
            again = timezone.now() + RETRY_AFTER[self.attempts - 1]
            self._own().update(state=self.State.WAITING, claim=None, next_try_at=again, reason=reason[:500])
        else:
            self._end(self.State.FAILED, reason=reason[:500])

    def _end(self, state, reason=""):
        self._own().update(state=state, reason=reason, claim=None, next_try_at=None, finished_at=timezone.now())

    def _own(self):
        return BatchItem.objects.filter(pk=self.pk, state=self.State.MAKING, claim=self.claim)
