"""A person who signs in; what the person may do stands in twinning.Membership, never here."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Signs in with an e-mail address or with the user name of a unit."""

    # Vietnamese names are họ – đệm – tên and are never split.
    first_name = None
    last_name = None
    full_name = models.CharField(_("họ và tên"), max_length=120)
    email = models.EmailField(_("thư điện tử"), null=True, blank=True, unique=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)

    REQUIRED_FIELDS = ["email", "full_name"]

    class Meta:
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")

    def __str__(self):
        return self.full_name or self.username

    def clean(self):
        super().clean()
        self.email = self.email or None

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self).split()[-1]

    @property
    def initials(self):
        """First letters of the first and the last word: "Nguyễn Văn An" → "NA"."""
        words = str(self).split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()
