"""Work done in the background: asked for once, taken by one worker, seen to its end whatever becomes of the worker."""

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Notification
from twinning.access import ScopedQuerySet
from twinning.failures import in_words
from twinning.life import Refused

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3


class LeaseLost(Exception):
    """Another worker has the job now; stop without a word."""


class JobQuerySet(ScopedQuerySet):
    def pending(self):
        return self.filter(state__in=Job.State.pending())

    def lost(self):
        """Jobs whose worker died (lease over) or whose message never arrived (queued for a whole lease)."""
        now = timezone.now()
        waiting_since = now - timedelta(seconds=settings.JOB_LEASE_SECONDS)
        return self.filter(
            Q(state=Job.State.RUNNING, lease_until__lt=now) | Q(state=Job.State.QUEUED, queued_at__lt=waiting_since)
        )


class Job(models.Model):
    """queued → running → ready | failed. A worker holds a running job by a lease that it renews with every step; when
    the lease runs out the sweeper queues the job again, and the late worker's result is not taken.

    Subclasses give `work()`, which ends with `finish(…)`, and say in `failure_notice` what a person reads when it
    failed.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("đang chờ")
        RUNNING = "running", _("đang làm")
        READY = "ready", _("xong")
        FAILED = "failed", _("lỗi")

        @classmethod
        def pending(cls):
            return [cls.QUEUED, cls.RUNNING]

    failure_notice = _("Không làm được: %s. Hãy thử lại.")

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("tình trạng"), max_length=8, choices=State, default=State.QUEUED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người yêu cầu")
    )
    requested_at = models.DateTimeField(_("yêu cầu lúc"), default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(_("tiến độ (%)"), default=0)
    step = models.CharField(max_length=100, blank=True)
    error = models.CharField(_("lỗi"), max_length=500, blank=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_pending(self):
        return self.state in self.State.pending()

    def enqueue(self):
        """Hand the job to the workers once the transaction is through."""
        from twinning.tasks import do_job  # the task needs the models first

        # robust: a broker that is away makes no error of what was stored; the sweeper queues the job when it is back.
        transaction.on_commit(lambda: do_job.delay(self._meta.label_lower, str(self.pk)), robust=True)

    def take(self):
        """Take the job for this worker. False when another delivery of the same job has it or it is done."""
        return self._change(
            self._rows().filter(state=self.State.QUEUED, attempts=self.attempts),
            state=self.State.RUNNING,
            claim=uuid.uuid4(),
            lease_until=self._lease(),
            attempts=self.attempts + 1,
            progress=1,
        )

    def do(self):
        """Do a job that was taken. Returns the error when it failed, None when it is done or another worker has it."""
        try:
            self.work()
        except LeaseLost:
            logger.warning("Job %s was given to another worker.", self.pk)
        except Refused as reason:
            self.mark_failed(reason)
            return reason
        except Exception as error:
            logger.exception("Job %s failed.", self.pk)
            self.mark_failed(in_words(error))
            return error
        return None

    def work(self):
        """Do it, telling `report_progress` now and then, and end with `finish`."""
        raise NotImplementedError

    def report_progress(self, percent, step):
        """Renew the lease and say how far it is. Raises LeaseLost when the job was given to another worker."""
        if not self._own().update(progress=percent, step=step, lease_until=self._lease()):
            raise LeaseLost

    @transaction.atomic
    def finish(self, notice="", **changes):
        """Ready, with these fields changed, and who asked is told (`notice`, with %s for the subject). False, and
        nothing changed, when the lease was lost meanwhile."""
        done = {"state": self.State.READY, "progress": 100, "step": "", "error": "", "finished_at": timezone.now()}
        finished = self._change(self._own(), **done | changes)
        if finished and notice:
            self.tell(notice)
        return finished

    def mark_failed(self, reason):
        """Give up with a reason. False, and nothing changed, when the lease was lost meanwhile."""
        return self._fail(self._own(), str(reason)[:500])

    def requeue(self):
        """Give a lost job back to the queue; after MOST_ATTEMPTS deaths it has failed. True when queued again."""
        seen = self._rows().filter(state__in=self.State.pending(), claim=self.claim, state=self.state)
        if self.attempts >= MOST_ATTEMPTS:
            self._fail(seen, _t("máy làm việc này dừng đột ngột %d lần") % self.attempts)
            return False
        return bool(
            seen.update(
                state=self.State.QUEUED, claim=None, lease_until=None, queued_at=timezone.now(), progress=0, step=""
            )
        )

    def tell(self, text):
        """Notify who asked; `text` has %s for the name of the job's subject."""
        Notification.objects.tell([self.requested_by], text % self.subject, self.page_url())

    @property
    def subject(self):
        """What the job is about, in words."""
        return self

    def page_url(self):
        """Where who asked sees what became of it."""
        return self.get_absolute_url()

    @transaction.atomic
    def _fail(self, seen, error):
        """Mark the rows `seen` (this one, or none any more) as failed and tell who asked."""
        failed = seen.update(state=self.State.FAILED, error=error, progress=0, step="", finished_at=timezone.now())
        if failed:
            self.tell(self.failure_notice)
        return bool(failed)

    def _change(self, seen, **values):
        """Write these fields where the row is among `seen`, and on this object then. True when it was."""
        if not seen.update(**values):
            return False
        for field, value in values.items():
            setattr(self, field, value)
        return True

    def _rows(self):
        return type(self)._base_manager.filter(pk=self.pk)

    def _own(self):
        return self._rows().filter(state=self.State.RUNNING, claim=self.claim)

    @staticmethod
    def _lease():
        return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
