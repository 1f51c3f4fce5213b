"""The morning of the seminar, how its pages and rows are read, and how a line of its check-in is struck."""

import re
from datetime import UTC, date, datetime

from django.urls import reverse

DAY = date(2024, 3, 15)
MORNING = datetime(2024, 3, 15, 2, tzinfo=UTC)  # 9 o'clock


def row_of(activity, school):
    return activity.units.filter(school=school).first()


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def strike(client, check_in, what="strike"):
    return client.post(reverse(f"activity_check_in_{what}", args=[check_in.activity_id, check_in.pk]), follow=True)
