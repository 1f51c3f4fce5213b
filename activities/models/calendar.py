"""The private address of a person's calendar feed."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def new_token():
    """43 letters nobody guesses (256 bits)."""
    return secrets.token_urlsafe(32)


class CalendarAddress(models.Model):
    """Who knows it reads the person's calendar without signing in; a new one makes the old one worthless."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_address", verbose_name=_("người dùng")
    )
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("tạo lúc"), auto_now=True)

    class Meta:
        verbose_name = _("địa chỉ lịch riêng")
        verbose_name_plural = _("địa chỉ lịch riêng")

    def __str__(self):
        return str(self.user)
