"""One line of a season of PDFs: a report, and what became of its PDF."""

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models.file import ReportFile
from reports.models.report import Report
from reports.models.report_life import Status as ReportStatus
from reports.papers.letters import FontMissing
from twinning.access import ScopedQuerySet
from twinning.failures import in_words
from twinning.life import Refused
from twinning.models import District
from twinning.models.job import MOST_ATTEMPTS, LeaseLost

logger = logging.getLogger(__name__)


# How long after an unexpected error a report is tried again, and so on to MOST_ATTEMPTS.
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=16))


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

    batch = models.ForeignKey("reports.Batch", models.CASCADE, related_name="items")
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
        claim, attempts = uuid.uuid4(), self.attempts + 1
        lease = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        seen = BatchItem.objects.filter(pk=self.pk, state=self.State.WAITING, attempts=self.attempts)
        if not seen.update(state=self.State.MAKING, claim=claim, lease_until=lease, attempts=attempts, file=None):
            return False
        self.state, self.claim, self.attempts = self.State.MAKING, claim, attempts
        return True

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
            self._fail(in_words(error))

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
