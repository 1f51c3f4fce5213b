"""Recording as principal A, and gifts of A, through the pages; every scenario ends with `check_totals`."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from activities.tests.recording import activity_form


@pytest.fixture(autouse=True)
def totals_are_true(request):
    """After every test that has a database the stored totals are those of the rows. A test that writes past the models
    on purpose is marked `breaks_totals`."""
    database = next((name for name in ("transactional_db", "db") if name in request.fixturenames), None)
    if database:
        request.getfixturevalue(database)  # so that it is still there afterwards
    yield
    if database and not request.node.get_closest_marker("breaks_totals"):
        told = io.StringIO()
        try:
            call_command("check_totals", stdout=told)
        except CommandError as error:
            pytest.fail(f"{error}\n{told.getvalue()}")


@pytest.fixture
def record(world, school_agreement, hieu_truong_a, as_user):
    """record(**changes) → the answer to sending the form of an activity, as principal A unless `by` another."""

    def send(by=hieu_truong_a, **changes):
        changes.setdefault("agreement", school_agreement.pk)
        return as_user(by).post(reverse("activity_create"), activity_form(world, **changes))

    return send


@pytest.fixture
def pledge(world, school_agreement, hieu_truong_a, as_user):
    """pledge(**changes) → the answer to sending the form of a gift, as principal A unless `by` another."""

    def send(by=hieu_truong_a, **changes):
        data = {
            "kind": "in_kind",
            "title": "20 bộ sách giáo khoa lớp 6",
            "receiver_school": world.school_b.pk,
            "agreement": school_agreement.pk,
            "value_vnd": "6000000",
            "source": "community",
            "estimate_note": "theo giá bìa",
            "pledged_on": "1/10/2023",
            **changes,
        }
        return as_user(by).post(reverse("support_create"), data)

    return send
