"""Notices by mail: at once or each morning as was chosen, one letter for one thing, whatever befalls workers."""

import smtplib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from celery.schedules import crontab
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import letters
from accounts.models import Notification, User
from accounts.models.notification import LEASE, RETRY_AFTER
from accounts.tasks import mail_notices
from config.celery import app

CHOICE = "/tai-khoan/thu/"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
TUESDAY_AT_TEN = datetime(2024, 3, 5, 10, tzinfo=HANOI)
WEDNESDAY_AT_SEVEN = datetime(2024, 3, 6, 7, tzinfo=HANOI)


def choose(person, choice):
    User.objects.filter(pk=person.pk).update(mail_choice=choice)
    person.refresh_from_db()
    return person


@pytest.fixture
def binh(hieu_truong_a):
    """Wants letters at once."""
    return choose(hieu_truong_a, "at_once")


@pytest.fixture
def chi(hieu_truong_b):
    """Said nothing about mail."""
    return hieu_truong_b


def tell(person, text="Phòng gửi giao ước.", url="/giao-uoc/7/", **more):
    Notification.objects.tell([person], text, url, **more)


def html_of(letter):
    [(content, kind)] = letter.alternatives
    assert kind == "text/html"
    return content


@pytest.fixture
def server(monkeypatch):
    """The mail server: `opening` and `sending` are called when a letter comes; what they raise is what happens."""

    class Server:
        opening = sending = sent = staticmethod(lambda: None)

    server = Server()

    class Backend(EmailBackend):
        def open(self):
            server.opening()

        def send_messages(self, messages):
            server.sending()
            count = super().send_messages(messages)
            server.sent()
            return count

    monkeypatch.setattr(letters, "get_connection", Backend)
    return server


def raising(error):
    def act():
        raise error

    return act


# --- The letter -----------------------------------------------------------------------------------------------------


def test_a_letter_says_what_who_acts_next_and_where(binh, settings):
    settings.SITE_URL = "https://giao-uoc.example.vn"
    tell(binh, "Phòng <Thanh Trì> gửi giao ước.", next_step="THCS A & THCS B xác nhận hoặc trả lại.")
    mail_notices()
    [letter] = mail.outbox
    assert letter.to == ["truong.01020501@example.vn"]
    assert letter.subject == "Phòng <Thanh Trì> gửi giao ước."
    assert "Kính gửi thầy/cô Hiệu trưởng A," in letter.body
    assert "• Phòng <Thanh Trì> gửi giao ước." in letter.body
    assert "Việc tiếp theo: THCS A & THCS B xác nhận hoặc trả lại." in letter.body
    assert "Mở: https://giao-uoc.example.vn/giao-uoc/7/\n" in letter.body
    assert "thôi nhận: https://giao-uoc.example.vn/tai-khoan/thu/" in letter.body
    html = html_of(letter)
    assert "<strong>Phòng &lt;Thanh Trì&gt; gửi giao ước.</strong>" in html
    assert "THCS A &amp; THCS B xác nhận hoặc trả lại." in html
    assert 'href="https://giao-uoc.example.vn/giao-uoc/7/"' in html
    assert 'href="https://giao-uoc.example.vn/tai-khoan/thu/"' in html
    assert 'href="/' not in html
    assert letter.extra_headers["List-Unsubscribe"] == "<https://giao-uoc.example.vn/tai-khoan/thu/>"
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_nothing_is_said_of_a_next_step_that_is_not_there(binh):
    tell(binh)
    mail_notices()
    assert "Việc tiếp theo" not in mail.outbox[0].body + html_of(mail.outbox[0])


def test_what_waits_together_goes_in_one_letter_one_line_a_page_the_newest(binh):
    tell(binh, "A gửi giao ước.", "/giao-uoc/7/", next_step="B xác nhận.")
    tell(binh, "C ghi hoạt động.", "/hoat-dong/1/")
    tell(binh, "A rút giao ước.", "/giao-uoc/7/")
    mail_notices()
    [letter] = mail.outbox
    assert letter.subject == "2 việc mới: A rút giao ước."
    assert letter.body.count("• ") == letter.body.count("Mở:") == 2
    assert letter.body.index("A rút giao ước.") < letter.body.index("C ghi hoạt động.")
    assert "A gửi giao ước." not in letter.body
    assert "B xác nhận." not in letter.body
    mail_notices()
    assert len(mail.outbox) == 1


def test_news_of_a_page_after_its_letter_is_a_new_letter(binh):
    for text in ("A gửi giao ước.", "A rút giao ước."):
        tell(binh, text)
        mail_notices()
    assert [letter.subject for letter in mail.outbox] == ["A gửi giao ước.", "A rút giao ước."]
    assert "A gửi" not in mail.outbox[1].body


def test_a_letter_of_very_many_things_says_how_many_are_left_out(binh, monkeypatch):
    monkeypatch.setattr(letters, "THINGS_A_LETTER", 2)
    for n in range(5):
        tell(binh, f"Việc {n}.", f"/giao-uoc/{n}/")
    mail_notices()
    assert "Còn 3 việc nữa" in mail.outbox[0].body
    assert "Còn 3 việc nữa" in html_of(mail.outbox[0])
    assert mail.outbox[0].body.count("• ") == 2


def test_a_long_name_or_one_over_two_lines_stops_nothing(binh):
    tell(binh, "Hội\nnghị " + "dài " * 200, next_step="Ai " * 300)
    notice = binh.notifications.get()
    assert len(notice.text) == len(notice.next_step) == 500
    mail_notices()
    assert mail.outbox[0].subject.startswith("Hội nghị dài dài")
    assert len(mail.outbox[0].subject) == 120


# --- When -----------------------------------------------------------------------------------------------------------


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


# --- Who ------------------------------------------------------------------------------------------------------------


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


# --- The same thing twice -------------------------------------------------------------------------------------------


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


# --- Workers and servers that fail ----------------------------------------------------------------------------------


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


# --- Waking the workers ---------------------------------------------------------------------------------------------


@pytest.fixture
def woken(monkeypatch):
    """How often the workers were woken; `woken.error` is what the broker answers."""

    class Woken(list):
        error = None

    woken = Woken()

    def apply_async(**options):
        woken.append(options)
        if woken.error:
            raise woken.error

    monkeypatch.setattr(mail_notices, "apply_async", apply_async)
    return woken


def test_workers_are_woken_once_for_all_who_want_letters_at_once(
    binh, chi, so, woken, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        Notification.objects.tell([binh, choose(so, "at_once"), chi], "Có việc.", "/")
        assert woken == []
    assert len(woken) == 1


def test_nobody_is_woken_for_a_digest(chi, woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tell(chi)
    assert woken == []


def test_what_is_taken_back_is_neither_told_nor_mailed(binh, woken, django_capture_on_commit_callbacks):
    def tell_in_vain():
        with transaction.atomic():
            tell(binh)
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        tell_in_vain()
    mail_notices()
    assert (woken, mail.outbox, binh.notifications.count()) == ([], [], 0)


def test_a_broker_that_is_away_stops_nobody(binh, woken, django_capture_on_commit_callbacks):
    woken.error = OperationalError("away")
    with django_capture_on_commit_callbacks(execute=True):
        tell(binh)
    assert len(woken) == 1
    mail_notices()  # as beat does each minute
    assert len(mail.outbox) == 1


def test_telling_many_takes_as_many_queries_as_telling_one(binh, person, world):
    people = [binh, *(person(f"nguoi-{n}", "principal", school=world.school_a) for n in range(19))]
    counts = []
    for told in (people[:1], people):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            Notification.objects.tell(told, "Có việc.", "/", key=f"k{len(told)}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- The page where one chooses -------------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", ["none", "at_once", "daily"])
def test_a_person_chooses(as_user, chi, choice):
    client = as_user(chi)
    page = client.get(CHOICE).content.decode()
    assert "truong.01277501@example.vn" in page
    assert "Lúc 7 giờ" in page
    answer = client.post(CHOICE, {"mail_choice": choice, "email": "x@example.vn"}, follow=True)
    assert "Đã lưu cách nhận thư." in answer.content.decode()
    chi.refresh_from_db()
    assert (chi.mail_choice, chi.email) == (choice, "truong.01277501@example.vn")
    assert chi.get_mail_choice_display() in client.get(reverse("profile")).content.decode()


@pytest.mark.parametrize("form", [{}, {"mail_choice": "weekly"}])
def test_a_choice_there_is_not_changes_nothing(as_user, binh, form):
    page = as_user(binh).post(CHOICE, form).content.decode()
    assert "invalid-feedback" in page
    binh.refresh_from_db()
    assert binh.mail_choice == "at_once"


def test_who_has_no_address_is_told_so(as_user, chi):
    User.objects.filter(pk=chi.pk).update(email=None)
    assert "chưa có địa chỉ thư điện tử" in as_user(chi).get(CHOICE).content.decode()


def test_a_link_that_stops_letters_leads_through_the_sign_in_page_and_changes_nothing_by_itself(client, binh, as_user):
    assert client.get(CHOICE).url == f"/tai-khoan/login/?next={CHOICE}"
    as_user(binh).get(CHOICE)
    binh.refresh_from_db()
    assert binh.mail_choice == "at_once"
