"""What the portal tells one person: a sentence, who acts next, and the page where; there, and by mail as was chosen."""

import uuid
from datetime import timedelta

from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User

# A worker that took notices for a letter hands it to the mail server within this time, or another one takes them.
LEASE = timedelta(minutes=5)
# A letter that was refused is tried again after these times, then given up; the notice itself stays.
RETRY_AFTER = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3), timedelta(hours=12))
# A word to the workers is worth nothing after this time: beat has said the same by then.
WAKE_EXPIRES_SECONDS = 60


class NotificationQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def mark_read(self):
        """What was read needs no mail any more."""
        return self.unread().update(read_at=timezone.now(), mail_due_at=None)

    @transaction.atomic
    def tell(self, people, text, url, next_step="", key=""):
        """Write the same notice to each of `people` (iterable of User), one row a person, and see to their mail.

        `next_step` says who acts next. Who was told something under `key` before is not told again.
        """
        now = timezone.now()
        notices = [
            Notification(
                user=person,
                text=_fitting("text", text),
                url=url,
                next_step=_fitting("next_step", next_step),
                key=key,
                mail_due_at=person.mail_due_at(now),
            )
            for person in {p.pk: p for p in people}.values()
        ]
        self.bulk_create(notices, ignore_conflicts=bool(key))
        if any(notice.mail_due_at == now for notice in notices):
            # robust: a broker that is away makes no error of what was stored; beat finds what waits.
            transaction.on_commit(_wake_workers, robust=True)

    # --- Mail: waits (due) → taken by one worker (claim, due again when its lease is over) → handed over (mailed) ---

    def due(self):
        """Unread ones that are to be mailed by now, and no worker holds."""
        return self.unread().filter(mail_due_at__lte=timezone.now())

    def take_for_mail(self):
        """Take what is due for one letter: a list, empty when another worker was faster.

        The conditions are columns of the row itself: PostgreSQL asks only those again when two workers meet.
        """
        claim = uuid.uuid4()
        self.due().update(mail_claim=claim, mail_due_at=timezone.now() + LEASE, mail_attempts=F("mail_attempts") + 1)
        return list(self.filter(mail_claim=claim))

    def hand_over(self):
        """The last step before the mail server has the letter. False when they were read or taken away meanwhile."""
        return bool(self.filter(mail_due_at__isnull=False).update(mailed_at=timezone.now(), mail_due_at=None))

    def put_back(self):
        """The mail server refused the letter: try again later, and not for ever."""
        now = timezone.now()
        later = [When(mail_attempts=n, then=Value(now + wait)) for n, wait in enumerate(RETRY_AFTER, start=1)]
        self.unread().update(
            mailed_at=None, mail_due_at=Case(*later, default=None, output_field=models.DateTimeField())
        )

    def let_wait(self):
        """No attempt was made: due as before."""
        self.unread().update(mail_due_at=timezone.now(), mail_attempts=F("mail_attempts") - 1)

    def forget_mail(self):
        """The person wants no mail, or has no address any more."""
        self.filter(mail_due_at__isnull=False).update(mail_due_at=None)


class Notification(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="notifications", verbose_name=_("người nhận"))
    text = models.CharField(_("nội dung"), max_length=500)
    next_step = models.CharField(_("việc tiếp theo"), max_length=500, blank=True)
    url = models.CharField(_("trang"), max_length=300)
    key = models.CharField(_("khoá chống lặp"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("lúc"), auto_now_add=True)
    read_at = models.DateTimeField(_("đã đọc lúc"), null=True, blank=True)
    # When it goes out by mail, or may be taken again; empty: it never does, or it has.
    mail_due_at = models.DateTimeField(_("gửi thư lúc"), null=True, blank=True)
    mail_claim = models.UUIDField(null=True, blank=True, editable=False)
    mail_attempts = models.PositiveSmallIntegerField(_("số lần gửi thư"), default=0)
    mailed_at = models.DateTimeField(_("đã gửi thư lúc"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "read_at"]),
            models.Index(fields=["mail_due_at"], name="notification_due", condition=Q(mail_due_at__isnull=False)),
            models.Index(fields=["mail_claim"], name="notification_claim", condition=Q(mail_claim__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notification_told_once", condition=~Q(key=""))
        ]

    def __str__(self):
        return self.text


def _fitting(field, text):
    """A name may be as long as it likes; a notice must not fail for it."""
    return Truncator(text).chars(Notification._meta.get_field(field).max_length)


def _wake_workers():
    from accounts.tasks import mail_notices  # the task needs the models first

    mail_notices.apply_async(expires=WAKE_EXPIRES_SECONDS)
