"""A person who signs in; what the person may do stands in twinning.Membership, never here."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Signs in with an e-mail address or with the user name of a unit."""

    class MailChoice(models.TextChoices):
        DAILY = "daily", _("Mỗi sáng một thư")
        AT_ONCE = "at_once", _("Ngay khi có việc")
        NONE = "none", _("Không nhận thư")

    # Vietnamese names are họ – đệm – tên and are never split.
    first_name = None
    last_name = None
    full_name = models.CharField(_("họ và tên"), max_length=120)
    email = models.EmailField(_("thư điện tử"), null=True, blank=True, unique=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    mail_choice = models.CharField(_("thư thông báo"), max_length=8, choices=MailChoice, default=MailChoice.DAILY)

    REQUIRED_FIELDS = ["email", "full_name"]

    class Meta:
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")

    def __str__(self):
        return self.full_name or self.username

    @classmethod
    def without_password(cls, **fields):
        """A new person, not stored yet, who sets a password by a link in a letter."""
        user = cls(**fields)
        user.set_unusable_password()
        return user

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

    @property
    def gets_mail(self):
        """Whether notices go to this person by mail at all."""
        return self.is_active and bool(self.email) and self.mail_choice != self.MailChoice.NONE

    def mail_due_at(self, now):
        """When a notice told `now` goes out by mail: at once, or with the next digest. None: never."""
        if not self.gets_mail:
            return None
        if self.mail_choice == self.MailChoice.AT_ONCE:
            return now
        digest = timezone.localtime(now).replace(hour=settings.DIGEST_HOUR, minute=0, second=0, microsecond=0)
        return digest if digest > now else digest + timedelta(days=1)
