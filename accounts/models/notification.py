"""What the portal tells one person: a sentence and the page where to act."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class NotificationQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def mark_read(self):
        return self.unread().update(read_at=timezone.now())

    def tell(self, people, text, url):
        """Write the same notice to each of `people` (iterable of User); one row a person."""
        return self.bulk_create(
            Notification(user=person, text=text, url=url) for person in {p.pk: p for p in people}.values()
        )


class Notification(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="notifications", verbose_name=_("người nhận"))
    text = models.CharField(_("nội dung"), max_length=500)
    url = models.CharField(_("trang"), max_length=300)
    created_at = models.DateTimeField(_("lúc"), auto_now_add=True)
    read_at = models.DateTimeField(_("đã đọc lúc"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user", "read_at"])]

    def __str__(self):
        return self.text
