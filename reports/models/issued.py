"""The issued version of a report as made outside the portal: the edited Word, or the signed and stamped scan."""

from django.db import models, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models.report import Report
from reports.models.report_life import Status
from twinning.access import ScopedQuerySet
from twinning.fields import NameField
from twinning.life import Refused
from twinning.models import PrivateFile


class IssuedPaperQuerySet(ScopedQuerySet):
    department_paths = ("report__period__programme__department",)
    district_paths = (("report__school", "report__district"),)
    school_paths = ("report__school",)


class IssuedPaper(PrivateFile):
    """A paper is never overwritten: a later one is the next version, and the newest one is the official paper."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="issued_papers", verbose_name=_("báo cáo"))
    version = models.PositiveSmallIntegerField(_("bản"))
    note = NameField(_("ghi chú"), max_length=250, blank=True)

    objects = IssuedPaperQuerySet.as_manager()

    class Meta(PrivateFile.Meta):
        verbose_name = _("bản ban hành")
        verbose_name_plural = _("bản ban hành")
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["report", "version"], name="issued_paper_version_once")]

    @classmethod
    @transaction.atomic
    def keep(cls, upload, by, *, report, note=""):
        """Store a checked upload as the next version. Raises Refused when the report is not issued, and for a file that
        is kept already."""
        report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if report.status != Status.ISSUED:
            raise Refused(_t("Chỉ báo cáo đã ban hành và còn hiệu lực mới nhận bản chính thức."))
        last = cls.objects.filter(report=report).order_by("version").last()
        paper = super().keep(upload, by, report=report, note=note, version=last.version + 1 if last else 1)
        if same := cls.objects.filter(report=report, sha256=paper.sha256).exclude(pk=paper.pk).first():
            paper.file.delete(save=False)
            raise Refused(_t("Tệp này giống hệt bản %d đã tải lên, không lưu thêm lần nữa.") % same.version)
        report.record_event(
            "upload", by, _t("Bản chính thức %(n)d: %(name)s") % {"n": paper.version, "name": paper.name}
        )
        return paper
