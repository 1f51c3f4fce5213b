"""What changed in the data after a report's figures were frozen, issued as a numbered supplement: the report itself
stays as it is."""

import hashlib

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models.register import OutgoingPaper
from reports.models.report import Report
from reports.verification import grouped, new_code
from twinning.access import ScopedQuerySet
from twinning.fields import NameField, ProseField


class SupplementQuerySet(ScopedQuerySet):
    department_paths = ("report__period__programme__department",)
    district_paths = (("report__school", "report__district"),)
    school_paths = ("report__school",)


class Supplement(models.Model):
    """Supplement number `position` of an issued report. `changes`: [{key, label, before, after, added, removed}] as
    reports/changes.py found them at issue, ids of rows in the last two."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="supplements", verbose_name=_("báo cáo"))
    position = models.PositiveSmallIntegerField(_("lần bổ sung"))
    changes = models.JSONField(editable=False)
    explanation = ProseField(_("giải trình"), max_length=4000)
    paper = models.OneToOneField(OutgoingPaper, models.PROTECT, related_name="supplement", verbose_name=_("văn bản"))
    signer_title = NameField(_("chức vụ người ký"), max_length=120)
    signer_name = NameField(_("họ tên người ký"), max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người lập"))
    at = models.DateTimeField(_("lúc"), default=timezone.now)
    # The PDF as it was issued, and what it is verified by; those of before there were codes have neither.
    file = models.FileField(upload_to="supplements/%Y/", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    code = models.CharField(
        _("mã xác minh"), max_length=12, unique=True, null=True, blank=True, default=new_code, editable=False
    )

    objects = SupplementQuerySet.as_manager()

    class Meta:
        verbose_name = _("bổ sung số liệu")
        verbose_name_plural = _("bổ sung số liệu")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["report", "position"], name="supplement_position_once")]

    def __str__(self):
        return _t("bổ sung lần %(n)d %(report)s") % {"n": self.position, "report": self.report}

    def get_absolute_url(self):
        return reverse("supplement", args=[self.pk])

    @property
    def name(self):
        """ASCII file name: bo-sung-1-bao-cao-12.pdf."""
        return f"bo-sung-{self.position}-bao-cao-{self.report_id}.pdf"

    @property
    def code_in_groups(self):
        """ "ABCD-EFGH-JKMN"; empty without a code."""
        return grouped(self.code or "")

    def keep(self, data):
        """Store `data` (bytes of the PDF) for good. Raises OSError, and keeps nothing, when the disk is full."""
        name = f"{new_code().lower()}.pdf"
        try:
            self.file.save(name, ContentFile(data), save=False)
        except OSError:  # half a file stays nowhere
            self.file.storage.delete(self.file.field.generate_filename(self, name))
            raise
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.save(update_fields=["file", "sha256"])
