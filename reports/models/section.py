"""The sentences people write in a report, what the level above asks to have changed in them, and what was taken over
from the reports below."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.models.report import Report
from twinning.fields import PastedField, ProseField


class ReportSection(models.Model):
    """The sentences under one heading of the report. Who typed last stands beside who answers for it: the signer."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="sections")
    key = models.CharField(max_length=30)
    body = PastedField(_("nội dung"), blank=True)
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người soạn")
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("mục báo cáo")
        verbose_name_plural = _("mục báo cáo")
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="report_section_once")]

    def __str__(self):
        return f"{self.report_id}: {self.key}"


class SectionCommentQuerySet(models.QuerySet):
    def open(self):
        """Those still to be answered by an edit and a new submission."""
        return self.filter(answered_at=None)

    def answer(self):
        return self.open().update(answered_at=timezone.now())


class SectionComment(models.Model):
    """On one section of a report that was returned: while there are any, only the sections commented on are open."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="comments")
    key = models.CharField(_("mục"), max_length=30)
    text = ProseField(_("ý kiến"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người góp ý"))
    at = models.DateTimeField(_("lúc"), default=timezone.now)
    answered_at = models.DateTimeField(_("đã sửa lúc"), null=True, blank=True)

    objects = SectionCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("ý kiến về một mục")
        verbose_name_plural = _("ý kiến về từng mục")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.heading}: {self.text}"

    @property
    def heading(self):
        from reports.content import HEADINGS  # content reads models, models must load first

        return HEADINGS.get(self.key, self.key)


class SectionQuote(models.Model):
    """Sentences of a report below that were taken over into a section, word for word as they were chosen."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="quotes")
    key = models.CharField(_("mục"), max_length=30)
    source = models.ForeignKey(Report, models.PROTECT, related_name="quoted_in", verbose_name=_("từ báo cáo"))
    text = ProseField(_("lời trích"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người trích"))
    at = models.DateTimeField(_("lúc"), default=timezone.now)

    class Meta:
        verbose_name = _("lời trích từ báo cáo cấp dưới")
        verbose_name_plural = _("lời trích từ báo cáo cấp dưới")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.source.unit_name}: {self.text}"
