"""The mail that tells a person what is new: one letter for all that waits, handed to the mail server once.

Nothing is lost before the letter is handed over (at least once) and nothing is doubled from then on (at most once): a
worker that dies in the very talk with the mail server may leave a notice unmailed, never mailed twice.
"""

import logging
from contextlib import suppress
from smtplib import SMTPServerDisconnected
from ssl import SSLError

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Min
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import Notification, User

logger = logging.getLogger(__name__)

# So many letters a run, so that a worker is free again for reports; beat starts the next run.
LETTERS_A_RUN = 200
THINGS_A_LETTER = 50
SUBJECT_LENGTH = 120
# The line broke while the letter was on its way: nobody knows whether it arrived.
UNSURE = (SMTPServerDisconnected, TimeoutError, ConnectionResetError, ConnectionAbortedError, BrokenPipeError, SSLError)


class ServerAway(Exception):
    """The mail server takes no letters now; everything waits."""


def send_due():
    """Send each person one letter with all that is due. Safe to run twice, and in many workers at the same time."""
    waiting = Notification.objects.due().values("user").annotate(since=Min("mail_due_at")).order_by("since", "user")
    for pk in list(waiting.values_list("user", flat=True)[:LETTERS_A_RUN]):
        send_to(User.objects.get(pk=pk))


def send_to(person):
    """Send one person what is due. Raises ServerAway when no letter can be sent to anybody."""
    if not person.gets_mail:
        person.notifications.forget_mail()
        return
    notices = person.notifications.take_for_mail()
    if not notices:
        return
    taken = Notification.objects.filter(mail_claim=notices[0].mail_claim)
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # smtplib's own are of this kind too
        taken.let_wait()
        raise ServerAway(str(error)) from error
    try:
        letter = compose(person, notices, connection)
        if taken.hand_over():
            letter.send()
    except UNSURE:
        logger.exception("A letter to person %s may have arrived or not; it is not sent again.", person.pk)
    except Exception:
        logger.exception("A letter to person %s was not sent; it is tried again later.", person.pk)
        taken.put_back()
    finally:
        with suppress(OSError):
            connection.close()


def compose(person, notices, connection=None):
    """One letter about `notices`, newest first: of several about one page the newest speaks."""
    newest = {}
    for notice in notices:
        newest.setdefault(notice.url, notice)
    things = list(newest.values())
    context = {
        "person": person,
        "things": things[:THINGS_A_LETTER],
        "left_out": len(things[THINGS_A_LETTER:]),
        "site": settings.SITE_URL,
        "choice_url": settings.SITE_URL + reverse("mail_choice"),
        "list_url": settings.SITE_URL + reverse("notification_list"),
    }
    letter = EmailMultiAlternatives(
        _subject(things),
        render_to_string("account/email/notices.txt", context),
        to=[person.email],
        connection=connection,
        headers={"Auto-Submitted": "auto-generated", "List-Unsubscribe": f"<{context['choice_url']}>"},
    )
    letter.attach_alternative(render_to_string("account/email/notices.html", context), "text/html")
    return letter


def _subject(things):
    first = " ".join(things[0].text.split())
    if len(things) > 1:
        first = _("%(count)d việc mới: %(first)s") % {"count": len(things), "first": first}
    return Truncator(first).chars(SUBJECT_LENGTH)
