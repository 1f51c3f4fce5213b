"""A whole season (đợt xuất PDF): the PDFs of all reports of a period at once, one line a report, by as many workers as
there are."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models.batch_item import BatchItem
from reports.models.period import LEVELS, ReportingPeriod
from reports.models.report import Report
from twinning import access
from twinning.access import Role, ScopedQuerySet
from twinning.life import Action, Event, LifeModel, Refused
from twinning.models import District, SchoolManagement
from twinning.vietnamese import number

logger = logging.getLogger(__name__)

# A worker makes reports for so many seconds, then stands behind what else waits for it.
SLICE_SECONDS = 5
# When nobody took a report for so long though some are due, the message that calls workers is taken for lost.
SILENCE = timedelta(seconds=30)
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
