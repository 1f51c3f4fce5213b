"""A signing ceremony (lễ ký kết): many agreements, one day and place."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.access import ScopedQuerySet
from twinning.fields import NameField
from twinning.models.programme import Programme


class CeremonyQuerySet(ScopedQuerySet):
    department_paths = ("programme__department",)
    district_paths = (
        ("agreements__supporting_school", "agreements__supporting_district"),
        ("agreements__supported_school", "agreements__supported_district"),
    )
    school_paths = ("agreements__supporting_school", "agreements__supported_school")


class Ceremony(models.Model):
    """Where and when several agreements were signed together: the twenty schools of 15/4/2023, say."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="ceremonies", verbose_name=_("phong trào"))
    name = NameField(_("tên buổi lễ"), max_length=200)
    held_on = models.DateField(_("ngày ký"))
    held_at = NameField(_("nơi ký"), max_length=150)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi")
    )
    recorded_at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    objects = CeremonyQuerySet.as_manager()

    class Meta:
        verbose_name = _("lễ ký kết")
        verbose_name_plural = _("lễ ký kết")
        ordering = ["-held_on", "-pk"]

    def __str__(self):
        return self.name
