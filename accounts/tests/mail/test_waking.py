"""Workers are woken for letters that go at once, after what is told was stored."""

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from kombu.exceptions import OperationalError

from accounts.models import Notification
from accounts.tasks import mail_notices
from accounts.tests.mail.notices import choose, tell


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
