"""Letters on PostgreSQL: many workers at the same moment send each person one."""

from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection, connections

from accounts.models import Notification, User
from accounts.tasks import mail_notices


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_send_each_person_one_letter():
    assert connection.vendor == "postgresql"
    people = [
        User.objects.create_user(f"p{n}", f"p{n}@example.vn", full_name=f"P{n}", mail_choice="at_once")
        for n in range(20)
    ]
    for n in range(3):
        Notification.objects.bulk_create(
            Notification(user=person, text=f"Việc {n}.", url=f"/giao-uoc/{n}/", mail_due_at=person.date_joined)
            for person in people
        )
    start = Barrier(8)

    def work():
        start.wait()
        try:
            mail_notices()
        finally:
            connections.close_all()

    workers = [Thread(target=work) for _n in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(person.email for person in people)
    assert all(letter.body.count("• ") == 3 for letter in mail.outbox)
