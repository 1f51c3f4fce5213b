"""Letters on PostgreSQL: workers that meet send each person one."""

import time
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection, connections, transaction

from accounts.models import Notification, User
from accounts.tasks import mail_notices

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people():
    """Twenty, each with three things that are due."""
    assert connection.vendor == "postgresql"
    people = [
        User.objects.create_user(f"p{n}", f"p{n}@example.vn", full_name=f"P{n}", mail_choice="at_once")
        for n in range(20)
    ]
    for n in range(3):
        Notification.objects.tell(people, f"Việc {n}.", f"/giao-uoc/{n}/", key=f"viec-{n}")
    return people


@pytest.fixture(autouse=True)
def _nobody_is_woken(monkeypatch):
    monkeypatch.setattr(mail_notices, "apply_async", lambda **options: None)


def start(work):
    def run():
        try:
            work()
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_many_workers_at_once_send_each_person_one_letter(people):
    barrier = Barrier(8)

    def work():
        barrier.wait()
        mail_notices()

    for worker in [start(work) for _n in range(8)]:
        worker.join()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(person.email for person in people)
    assert all(letter.body.count("• ") == 3 for letter in mail.outbox)


def test_a_worker_that_waited_for_another_looks_again_before_it_takes(people):
    """It found the rows due, waits for their lock, and gets it when the other has mailed them."""
    notices, taken = people[0].notifications, []
    with transaction.atomic():
        claim = notices.take_for_mail()[0].mail_claim
        assert notices.filter(mail_claim=claim).hand_over()
        second = start(lambda: taken.extend(notices.take_for_mail()))
        wait_for_a_lock()
    second.join()
    assert taken == []
    assert not notices.exclude(mail_due_at=None).exists()


def wait_for_a_lock():
    with connection.cursor() as cursor:
        for _try in range(200):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    pytest.fail("The second worker waits for nothing.")
