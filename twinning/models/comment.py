"""What the other side asks to have changed in an agreement it returns: a comment on a field reopens just that field."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.fields import ProseField
from twinning.models.agreement import Agreement
from twinning.models.party import OfAgreementQuerySet


class FieldCommentQuerySet(OfAgreementQuerySet):
    def open(self):
        """Those still to be answered by an edit and a new sending."""
        return self.filter(answered_at=None)

    def answer(self):
        return self.open().update(answered_at=timezone.now())


class FieldComment(models.Model):
    """On one field of an agreement that was returned."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="comments", verbose_name=_("giao ước"))
    field = models.CharField(_("mục"), max_length=40)
    text = ProseField(_("ý kiến"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người góp ý"))
    at = models.DateTimeField(_("lúc"), default=timezone.now)
    answered_at = models.DateTimeField(_("đã sửa lúc"), null=True, blank=True)

    objects = FieldCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("ý kiến về một mục")
        verbose_name_plural = _("ý kiến về từng mục")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.field_label}: {self.text}"

    @property
    def field_label(self):
        return Agreement.label_of(self.field)
