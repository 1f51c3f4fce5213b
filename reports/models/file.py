"""One file made from a report by a background job: asked for once, built once, kept for good."""

import hashlib
import json

from django.core.files.base import ContentFile
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models.report import Report
from reports.official import number_and_symbol
from reports.papers import signing
from reports.verification import grouped, mark_of, new_code
from twinning.models.job import Job, JobQuerySet
from twinning.vietnamese import fold


class ReportFileQuerySet(JobQuerySet):
    department_paths = ("report__period__programme__department",)
    district_paths = (("report__school", "report__district"),)
    school_paths = ("report__school",)

    def request(self, report, by, is_quiet=False):
        """The PDF of `report` as it is now: the file that is ready or under way when the content is the same, else a
        new version, queued. Returns (file, created). `is_quiet`: nobody is told what became of it."""
        content = report.file_content()
        digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        same = self.filter(report=report, content_hash=digest).exclude(state=ReportFile.State.FAILED).last()
        if same:
            return same, False
        try:
            with transaction.atomic():
                version = (self.filter(report=report).aggregate(n=models.Max("version"))["n"] or 0) + 1
                file = self.create(
                    report=report,
                    version=version,
                    content=content,
                    content_hash=digest,
                    requested_by=by,
                    is_quiet=is_quiet,
                )
        except IntegrityError:  # somebody asked at the same moment: theirs will do
            return self.filter(report=report).latest("version"), False
        return file, True


class ReportFile(Job):
    """A PDF of a report, made once from the content that was asked for and kept for good."""

    failure_notice = _("Không tạo được PDF: %s. Hãy mở báo cáo và bấm “Tạo báo cáo” để thử lại.")

    report = models.ForeignKey(Report, models.PROTECT, related_name="files", verbose_name=_("báo cáo"))
    version = models.PositiveIntegerField(_("bản"))
    content = models.JSONField(editable=False)
    content_hash = models.CharField(max_length=64, editable=False)
    file = models.FileField(upload_to="reports/%Y/", max_length=200, blank=True)
    pages = models.PositiveIntegerField(_("số trang"), null=True, blank=True)
    size = models.PositiveIntegerField(_("dung lượng"), null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # On page 1, for anybody to verify the paper by; files made before there were codes have none.
    code = models.CharField(
        _("mã xác minh"), max_length=12, unique=True, null=True, blank=True, default=new_code, editable=False
    )
    # One of many (models/batch.py), which tell together.
    is_quiet = models.BooleanField(default=False, editable=False)

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
        title = fold(self.report.period.title).removeprefix("bao cao ").replace("nam hoc ", "").replace(" ", "-")
        return f"bao-cao-{title}-{slug}-ban-{self.version}.pdf"

    @property
    def subject(self):
        return self.report

    def page_url(self):
        return self.report.get_absolute_url()

    @property
    def code_in_groups(self):
        """ "ABCD-EFGH-JKMN"; empty without a code."""
        return grouped(self.code or "")

    def tell(self, text):
        if not self.is_quiet:
            super().tell(text)

    def work(self):
        from reports.papers.pdf import build_pdf  # WeasyPrint is slow to import and only workers need it

        # The mark is no part of `content`: the same report asked for again is the same file.
        data, pages = build_pdf(self.content, self.report_progress, mark_of(self.code) if self.code else None)
        if not self.content["is_draft"]:
            number = number_and_symbol(self.content["number"], self.content["symbol"])
            data = signing.signed(data, _t("Ban hành Báo cáo số %s") % number, self.content["place"])
        self.mark_ready(data, pages)

    def mark_ready(self, data, pages):
        """Keep `data` (bytes of the PDF). False, and nothing kept, when the lease was lost meanwhile."""
        name = f"{self.uuid}-{self.claim}.pdf"
        try:
            self.file.save(name, ContentFile(data), save=False)
        except OSError:  # the disk is full: half a file stays nowhere, those of before are untouched
            self.file.storage.delete(self.file.field.generate_filename(self, name))
            raise
        digest = hashlib.sha256(data).hexdigest()
        notice = _t("Đã tạo xong PDF: %s.")
        if not self.finish(notice, file=self.file.name, pages=pages, size=len(data), sha256=digest):
            self.file.storage.delete(self.file.name)
            return False
        return True
