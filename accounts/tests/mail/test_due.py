"""Who gets letters and when: at once or each morning as was chosen, once for one thing."""

from datetime import timedelta

import pytest
import time_machine
from celery.schedules import crontab
from django.core import mail
from django.urls import reverse

from accounts import letters
from accounts.models import Notification, User
from accounts.tasks import mail_notices
from accounts.tests.mail.notices import TUESDAY_AT_TEN, WEDNESDAY_AT_SEVEN, choose, tell
from config.celery import app


def test_a_person_who_said_nothing_gets_one_letter_in_the_morning(chi):
    with time_machine.travel(TUESDAY_AT_TEN, tick=False) as clock:
        tell(chi, "Việc sáng.", "/giao-uoc/1/")
        clock.move_to(TUESDAY_AT_TEN + timedelta(hours=8))
        tell(chi, "Việc chiều.", "/giao-uoc/2/")
        clock.move_to(WEDNESDAY_AT_SEVEN - timedelta(seconds=1))
        mail_notices()
        assert mail.outbox == []
        clock.move_to(WEDNESDAY_AT_SEVEN)
        mail_notices()
        mail_notices()
        [letter] = mail.outbox
        assert letter.subject == "2 việc mới: Việc chiều."
        clock.move_to(WEDNESDAY_AT_SEVEN + timedelta(days=1))
        mail_notices()
        assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("told", "due"),
    [
        (WEDNESDAY_AT_SEVEN - timedelta(minutes=1), WEDNESDAY_AT_SEVEN),
        (WEDNESDAY_AT_SEVEN, WEDNESDAY_AT_SEVEN + timedelta(days=1)),
    ],
)
def test_the_next_morning_that_comes(chi, told, due):
    assert chi.mail_due_at(told) == due


def test_a_digest_that_was_missed_goes_out_when_the_portal_is_back(chi):
    with time_machine.travel(TUESDAY_AT_TEN, tick=False) as clock:
        tell(chi)
        clock.move_to(WEDNESDAY_AT_SEVEN + timedelta(hours=5))
        mail_notices()
    assert len(mail.outbox) == 1


def test_beat_mails_each_morning_and_sweeps_each_minute():
    schedule = app.conf.beat_schedule
    assert schedule["mail-digest"]["schedule"] == crontab(hour=7, minute=0)
    assert schedule["mail-left-behind"]["schedule"] == 60.0
    assert {schedule[name]["task"] for name in ("mail-digest", "mail-left-behind")} == {mail_notices.name}
    assert app.conf.timezone == "Asia/Ho_Chi_Minh"


def test_what_was_read_needs_no_letter(binh, as_user):
    tell(binh, "A gửi giao ước.")
    tell(binh, "A rút giao ước.")
    tell(binh, "C ghi hoạt động.", "/hoat-dong/1/")
    newest = binh.notifications.get(text="A rút giao ước.")
    as_user(binh).post(reverse("notification_open", args=[newest.pk]))
    mail_notices()
    assert [letter.subject for letter in mail.outbox] == ["C ghi hoạt động."]


def test_what_is_read_while_the_letter_is_written_is_not_sent(binh, server):
    tell(binh)
    server.opening = lambda: binh.notifications.mark_read()
    mail_notices()
    assert mail.outbox == []


# --- Who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"mail_choice": "none"}, {"email": None}, {"email": ""}, {"is_active": False}])
@pytest.mark.parametrize("when", ["before", "after"])
def test_no_letter_to_who_wants_none_or_cannot_get_any(binh, change, when):
    if when == "before":
        User.objects.filter(pk=binh.pk).update(**change)
        binh.refresh_from_db()
    tell(binh)
    User.objects.filter(pk=binh.pk).update(**change)
    mail_notices()
    assert mail.outbox == []
    assert binh.notifications.unread().count() == 1
    # Who wants letters again later is not told old news.
    User.objects.filter(pk=binh.pk).update(mail_choice="at_once", email="a@example.vn", is_active=True)
    mail_notices()
    assert mail.outbox == []


def test_one_without_an_address_keeps_no_other_from_theirs(binh, chi):
    User.objects.filter(pk=binh.pk).update(email=None)
    choose(chi, "at_once")
    Notification.objects.tell([binh, chi], "Có việc.", "/")
    mail_notices()
    assert [letter.to for letter in mail.outbox] == [["truong.01277501@example.vn"]]


def test_nobody_sees_the_address_of_another(binh, chi):
    Notification.objects.tell([binh, choose(chi, "at_once")], "Có việc.", "/")
    mail_notices()
    assert sorted(letter.recipients() for letter in mail.outbox) == [
        ["truong.01020501@example.vn"],
        ["truong.01277501@example.vn"],
    ]


def test_a_run_sends_so_many_letters_and_the_next_one_the_rest(binh, chi, so, monkeypatch):
    monkeypatch.setattr(letters, "LETTERS_A_RUN", 2)
    Notification.objects.tell([choose(person, "at_once") for person in (binh, chi, so)], "Có việc.", "/")
    mail_notices()
    assert len(mail.outbox) == 2
    mail_notices()
    assert len({letter.to[0] for letter in mail.outbox}) == len(mail.outbox) == 3


# --- The same thing twice ---------------------------------------------------------------------------------------------


def test_a_nightly_job_run_twice_tells_once(binh, chi):
    tell(binh, "Sắp hết hạn.", key="agreement-7-ends-60")
    binh.notifications.mark_read()
    Notification.objects.tell([binh, chi], "Sắp hết hạn.", "/giao-uoc/7/", key="agreement-7-ends-60")
    tell(binh, "Còn 15 ngày.", key="agreement-7-ends-15")
    assert [notice.text for notice in binh.notifications.all()] == ["Còn 15 ngày.", "Sắp hết hạn."]
    assert chi.notifications.count() == 1
    mail_notices()
    assert [letter.subject for letter in mail.outbox] == ["Còn 15 ngày."]


def test_notices_without_a_key_are_all_kept(binh):
    for _time in range(2):
        tell(binh, "Có việc.")
    assert binh.notifications.count() == 2
