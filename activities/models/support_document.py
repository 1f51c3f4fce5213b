"""What proves a gift: a receipt, an invoice, a photo of what was handed over."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models.support import Support
from twinning.access import ScopedQuerySet
from twinning.models import PrivateFile


class SupportDocumentQuerySet(ScopedQuerySet):
    department_paths = ("support__programme__department",)
    district_paths = (
        ("support__giver_school", "support__giver_district"),
        ("support__receiver_school", "support__receiver_district"),
    )
    school_paths = ("support__giver_school", "support__receiver_school")


class SupportDocument(PrivateFile):
    support = models.ForeignKey(Support, models.PROTECT, related_name="documents", verbose_name=_("khoản hỗ trợ"))

    objects = SupportDocumentQuerySet.as_manager()

    class Meta(PrivateFile.Meta):
        verbose_name = _("chứng từ hỗ trợ")
        verbose_name_plural = _("chứng từ hỗ trợ")
