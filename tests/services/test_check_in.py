"""A hall of 500 checks in within a minute, on the stack of a server: none lost, none doubled, totals true."""

import os
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from activities.models import Activity, CheckIn, CheckInDesk
from bench.check_in import crowd, serving, summary
from twinning.models import School, Teacher

PEOPLE, SECONDS = 500, 45


@pytest.fixture
def desk(transactional_db, world, hieu_truong_a):
    activity = Activity.objects.create(
        programme=world.programme, kind=world.kind, title="Hội thảo", planned_on=timezone.localdate()
    )
    for n in range(16):
        School.objects.create(code=f"012779{n:02d}", name=f"THCS Số {n}", level="thcs", district=world.chuong_my)
    CheckInDesk.open(activity, hieu_truong_a)
    return activity.check_in_desk


def test_five_hundred_in_a_minute(desk, tmp_path):
    assert connection.vendor == "postgresql"
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {"DATABASE_URL": database.geturl(), "SECRET_KEY": settings.SECRET_KEY, "VAR_DIR": str(tmp_path)}
    schools = list(School.objects.values_list("pk", flat=True))
    with serving(environment) as port:
        took, came = crowd(port, desk.code, schools, PEOPLE, SECONDS)
    assert {status for _open, _send, answers in came for status in answers} == {200}
    assert CheckIn.objects.count() == PEOPLE
    assert not CheckIn.objects.waiting().exists()
    activity = desk.activity
    activity.refresh_from_db()
    assert activity.teacher_turns == Teacher.objects.count() == PEOPLE
    assert sum(activity.units.values_list("named_count", flat=True)) == PEOPLE
    call_command("check_totals", stdout=StringIO())
    assert took < 60, summary(took, came)
