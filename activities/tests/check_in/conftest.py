"""A seminar planned for today, its check-in desk, and phones that send names to it."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from activities.models import Activity, ActivitySchool, CheckInDesk
from activities.tests.check_in.morning import DAY, MORNING


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


@pytest.fixture
def planned(world, school_agreement):
    """A seminar of today that school A planned with school B."""
    activity = Activity.objects.create(
        programme=world.programme,
        agreement=school_agreement,
        kind=world.kind,
        title="Chuyên đề Ngữ văn 9",
        host_school=world.school_a,
        recorded_school=world.school_a,
        planned_on=DAY,
    )
    for school, district in ((world.school_a, world.thanh_tri), (world.school_b, world.chuong_my)):
        ActivitySchool.objects.create(activity=activity, school=school, district=district)
    return activity


@pytest.fixture
def desk(planned, hieu_truong_a):
    CheckInDesk.open(planned, hieu_truong_a)
    return planned.check_in_desk


@pytest.fixture
def send(world, desk):
    """send("Nguyễn Văn An") → the answer to a phone of its own; school A unless another."""

    def send(person="Nguyễn Văn An", school=None, client=None, code=None, **more):
        data = {"school": (school or world.school_a).pk, "person": person, **more}
        return (client or Client()).post(reverse("check_in", args=[code or desk.code]), data)

    return send
