"""Letters when a worker dies or the mail server is away: none lost before it is handed over, none sent twice."""

import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import Notification
from accounts.models.notification import LEASE, RETRY_AFTER
from accounts.tasks import mail_notices
from accounts.tests.mail.notices import (
    choose,
    raising,
    tell,
)


@pytest.mark.parametrize("moment", ["opening", "sending", "sent"])
def test_a_second_worker_in_the_middle_sends_nothing_more(binh, server, moment):
    tell(binh)
    others = []

    def also():
        if not others:
            others.append(True)
            mail_notices()

    setattr(server, moment, also)
    mail_notices()
    assert others
    assert len(mail.outbox) == 1


def test_a_worker_that_dies_before_the_letter_is_handed_over_leaves_it_to_another(binh, server):
    tell(binh)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        server.opening = raising(SystemExit())
        with pytest.raises(SystemExit):
            mail_notices()
        server.opening = lambda: None
        mail_notices()
        assert mail.outbox == []  # somebody seems to be at it
        clock.shift(LEASE)
        mail_notices()
        mail_notices()
    assert len(mail.outbox) == 1


def test_a_worker_that_dies_while_the_server_has_the_letter_never_doubles_it(binh, server):
    tell(binh)
    server.sent = raising(SystemExit())
    with pytest.raises(SystemExit):
        mail_notices()
    server.sent = lambda: None
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        mail_notices()
    assert len(mail.outbox) == 1


def test_a_slow_worker_finds_its_notices_taken_and_sends_nothing(binh, server):
    tell(binh)
    others = []

    def long_wait():
        if not others:
            others.append(True)
            with time_machine.travel(timezone.now() + LEASE):
                mail_notices()

    server.opening = long_wait
    mail_notices()
    assert len(mail.outbox) == 1


def test_while_the_mail_server_is_away_everything_waits(binh, chi, server):
    Notification.objects.tell([binh, choose(chi, "at_once")], "Có việc.", "/")
    calls = []

    def away():
        calls.append(True)
        raise ConnectionRefusedError

    server.opening = away
    for _minute in range(10):
        mail_notices()
    assert len(calls) == 10  # one try a run, not one a person
    assert mail.outbox == []
    server.opening = lambda: None
    mail_notices()
    assert len(mail.outbox) == 2
    assert set(Notification.objects.values_list("mail_attempts", flat=True)) == {1}


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPDataError(451, "thử lại sau"),
        smtplib.SMTPRecipientsRefused({}),
        ConnectionRefusedError(),
        ValueError("x"),
    ],
)
def test_a_letter_the_server_refuses_is_tried_again_later(binh, chi, server, error):
    Notification.objects.tell([binh, choose(chi, "at_once")], "Có việc.", "/")
    refused = []

    def refuse_the_first():
        if not refused:
            refused.append(True)
            raise error

    server.sending = refuse_the_first
    with time_machine.travel(timezone.now(), tick=False) as clock:
        mail_notices()
        assert len(mail.outbox) == 1  # the other person's
        clock.shift(RETRY_AFTER[0] - timedelta(seconds=1))
        mail_notices()
        assert len(mail.outbox) == 1
        clock.shift(timedelta(seconds=1))
        mail_notices()
        mail_notices()
    assert len({letter.to[0] for letter in mail.outbox}) == len(mail.outbox) == 2
    assert not Notification.objects.filter(mailed_at=None).exists()


def test_a_letter_that_is_always_refused_is_given_up_and_the_notice_stays(binh, server):
    tell(binh)
    tries = []

    def refuse():
        tries.append(True)
        raise smtplib.SMTPRecipientsRefused({})

    server.sending = refuse
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _day in range(10):
            mail_notices()
            clock.shift(timedelta(days=1))
    assert len(tries) == len(RETRY_AFTER) + 1
    notice = binh.notifications.unread().get()
    assert (notice.mailed_at, notice.mail_due_at) == (None, None)


@pytest.mark.parametrize("error", [smtplib.SMTPServerDisconnected("x"), TimeoutError(), ConnectionResetError()])
def test_a_letter_whose_fate_nobody_knows_is_not_sent_again(binh, server, error, caplog):
    tell(binh)
    server.sent = raising(error)
    mail_notices()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        mail_notices()
    assert len(mail.outbox) == 1
    assert "may have arrived or not" in caplog.text
