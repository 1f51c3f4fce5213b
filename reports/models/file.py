"""One file made from a report by a background job: asked for once, built once, kept for good."""

import hashlib
import json
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Notification
from reports.models.report import Report
from twinning.access import ScopedQuerySet
from twinning.vietnamese import fold

MOST_ATTEMPTS = 3


class ReportFileQuerySet(ScopedQuerySet):
    department_paths = ("report__period__programme__department",)
    district_paths = ("report__district", "report__school__district")
    school_paths = ("report__school",)

    def pending(self):
        return self.filter(state__in=ReportFile.State.pending())

    def lost(self):
        """Files whose worker died (lease over) or whose message never arrived (queued for a whole lease)."""
        now = timezone.now()
        waiting_since = now - timedelta(seconds=settings.REPORT_LEASE_SECONDS)
        return self.filter(
            Q(state=ReportFile.State.RUNNING, lease_until__lt=now)
            | Q(state=ReportFile.State.QUEUED, queued_at__lt=waiting_since)
        )

    def request(self, report, by):
        """The PDF of `report` as it is now: the file that is ready or under way when the content is the same, else a
        new version, queued. Returns (file, created)."""
        content = report.file_content()
        digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        same = self.filter(report=report, content_hash=digest).exclude(state=ReportFile.State.FAILED).last()
        if same:
            return same, False
        try:
            with transaction.atomic():
                version = (self.filter(report=report).aggregate(n=models.Max("version"))["n"] or 0) + 1
                file = self.create(
                    report=report, version=version, content=content, content_hash=digest, requested_by=by
                )
        except IntegrityError:  # somebody asked at the same moment: theirs will do
            return self.filter(report=report).latest("version"), False
        return file, True


class ReportFile(models.Model):
    """queued → running → ready | failed. A worker holds a running file by a lease that it renews with every step; when
    the lease runs out the sweeper queues the file again, and the late worker's result is not taken."""

    class State(models.TextChoices):
        QUEUED = "queued", _("đang chờ")
        RUNNING = "running", _("đang tạo")
        READY = "ready", _("xong")
        FAILED = "failed", _("lỗi")

        @classmethod
        def pending(cls):
            return [cls.QUEUED, cls.RUNNING]

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="files", verbose_name=_("báo cáo"))
    version = models.PositiveIntegerField(_("bản"))
    state = models.CharField(_("tình trạng"), max_length=8, choices=State, default=State.QUEUED)
    content = models.JSONField(editable=False)
    content_hash = models.CharField(max_length=64, editable=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người tạo")
    )
    requested_at = models.DateTimeField(_("yêu cầu lúc"), default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(_("tiến độ (%)"), default=0)
    step = models.CharField(max_length=100, blank=True)
    error = models.CharField(_("lỗi"), max_length=500, blank=True)
    file = models.FileField(upload_to="reports/%Y/", max_length=200, blank=True)
    pages = models.PositiveIntegerField(_("số trang"), null=True, blank=True)
    size = models.PositiveIntegerField(_("dung lượng"), null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)

    objects = ReportFileQuerySet.as_manager()

    # What the download asks of every stored file.
    content_type = "application/pdf"

    class Meta:
        verbose_name = _("tệp báo cáo")
        verbose_name_plural = _("tệp báo cáo")
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["report", "version"], name="report_file_version_once"),
            models.UniqueConstraint(
                fields=["report"], condition=Q(state__in=["queued", "running"]), name="report_file_one_pending"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("file", args=[self.uuid])

    @property
    def name(self):
        """ASCII file name: bao-cao-so-ket-2022-2023-thanh-tri-ban-1.pdf."""
        slug = fold(self.report.unit_name.replace("Phòng GD&ĐT", "")).replace(" ", "-")
        return f"bao-cao-so-ket-{self.report.period.school_year_label}-{slug}-ban-{self.version}.pdf"

    @property
    def is_pending(self):
        return self.state in self.State.pending()

    def claim_for_build(self):
        """Take the file for this worker. False when another delivery of the same job has it or it is done."""
        claim = uuid.uuid4()
        taken = ReportFile.objects.filter(pk=self.pk, state=self.State.QUEUED).update(
            state=self.State.RUNNING, claim=claim, lease_until=self._lease(), attempts=F("attempts") + 1, progress=1
        )
        if taken:
            self.refresh_from_db()
        return bool(taken)

    def report_progress(self, percent, step):
        """Renew the lease and say how far it is. Raises LeaseLost when the file was given to another worker."""
        if not self._own().update(progress=percent, step=step, lease_until=self._lease()):
            raise LeaseLost

    def mark_ready(self, data, pages):
        """Keep `data` (bytes of the PDF). False, and nothing kept, when the lease was lost meanwhile."""
        self.file.save(f"{self.uuid}-{self.claim}.pdf", ContentFile(data), save=False)
        done = self._own().update(
            state=self.State.READY,
            file=self.file.name,
            pages=pages,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            progress=100,
            step="",
            error="",
            finished_at=timezone.now(),
        )
        if not done:
            self.file.storage.delete(self.file.name)
            return False
        text = _t("Đã tạo xong PDF: %s.") % self.report
        Notification.objects.tell([self.requested_by], text, self.report.get_absolute_url())
        return True

    def mark_failed(self, reason):
        self._own().update(
            state=self.State.FAILED, error=str(reason)[:500], progress=0, step="", finished_at=timezone.now()
        )

    def requeue(self):
        """Give a lost file back to the queue; after MOST_ATTEMPTS deaths it has failed. True when queued again."""
        seen = ReportFile.objects.filter(pk=self.pk, state=self.state, claim=self.claim)
        if self.attempts >= MOST_ATTEMPTS:
            seen.update(
                state=self.State.FAILED,
                error=_t("Máy tạo tệp dừng đột ngột %d lần. Hãy báo quản trị.") % self.attempts,
                finished_at=timezone.now(),
            )
            return False
        return bool(
            seen.update(state=self.State.QUEUED, claim=None, lease_until=None, queued_at=timezone.now(), progress=0)
        )

    def _own(self):
        return ReportFile.objects.filter(pk=self.pk, state=self.State.RUNNING, claim=self.claim)

    @staticmethod
    def _lease():
        return timezone.now() + timedelta(seconds=settings.REPORT_LEASE_SECONDS)


class LeaseLost(Exception):
    """Another worker has the file now; stop without a word."""
