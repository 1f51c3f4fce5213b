"""What changed in the data after a report's figures were frozen, issued as a numbered supplement: the report itself
stays as it is."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models.register import OutgoingPaper
from reports.models.report import Report
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
