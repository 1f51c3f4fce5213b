"""Notices to be mailed, the choice of who gets them, and the days of these tests."""

from datetime import datetime
from zoneinfo import ZoneInfo

from accounts.models import Notification, User

CHOICE = "/tai-khoan/thu/"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
TUESDAY_AT_TEN = datetime(2024, 3, 5, 10, tzinfo=HANOI)
WEDNESDAY_AT_SEVEN = datetime(2024, 3, 6, 7, tzinfo=HANOI)


def choose(person, choice):
    User.objects.filter(pk=person.pk).update(mail_choice=choice)
    person.refresh_from_db()
    return person


def tell(person, text="Phòng gửi giao ước.", url="/giao-uoc/7/", **more):
    Notification.objects.tell([person], text, url, **more)


def html_of(letter):
    [(content, kind)] = letter.alternatives
    assert kind == "text/html"
    return content


def raising(error):
    def act():
        raise error

    return act
