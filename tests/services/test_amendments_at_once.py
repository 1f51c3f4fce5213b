"""Conflicting amendments signed at the same moment: one becomes part of the agreement, the other is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, connections

from twinning.life import Refused
from twinning.models import Agreement, Amendment

TOGETHER = 8


@pytest.fixture
def amendments(transactional_db, school_agreement):
    """Confirmed ones of one agreement, made from the same text; each says something else in the same field."""
    made = []
    for n in range(TOGETHER):
        amendment = Amendment.begin(Agreement.objects.for_list().get(pk=school_agreement.pk), "supporting")
        amendment.reason = "Thống nhất lại."
        amendment.propose(amendment.base | {"objectives": f"Lời thứ {n}."})
        amendment.status = "confirmed"
        amendment.store_new()
        made.append(amendment)
    return made


def at_once(amendments, person):
    """Sign all of them together; [the refusal, or None] of each."""
    together = Barrier(len(amendments))

    def sign(pk):
        try:
            amendment = Amendment.objects.for_list().get(pk=pk)
            together.wait(timeout=60)
            amendment.perform("sign", person, signed_on=date(2024, 3, 1))
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(amendments)) as pool:
        return list(pool.map(sign, [amendment.pk for amendment in amendments]))


def test_one_of_conflicting_amendments_is_signed(amendments, school_agreement, phong_thanh_tri):
    assert connection.vendor == "postgresql"
    refusals = at_once(amendments, phong_thanh_tri)
    assert refusals.count(None) == 1
    assert all("Giao ước đã có nội dung khác ở: “Mục tiêu, nội dung chung”" in text for text in refusals if text)
    signed = Amendment.objects.get(status="signed")
    school_agreement.refresh_from_db()
    assert school_agreement.objectives == signed.changes["objectives"]
    assert school_agreement.events.filter(action="amend").count() == 1


def test_amendments_of_different_fields_all_become_part(amendments, school_agreement, phong_thanh_tri):
    two = amendments[:2]
    two[1].propose(two[1].base | {"direction": "one_way"})
    two[1].save()
    assert at_once(two, phong_thanh_tri) == [None, None]
    school_agreement.refresh_from_db()
    assert (school_agreement.objectives, school_agreement.direction) == ("Lời thứ 0.", "one_way")
    assert school_agreement.events.filter(action="amend").count() == 2


def test_one_amendment_signed_by_many_is_signed_once(amendments, school_agreement, phong_thanh_tri):
    refusals = at_once([amendments[0]] * TOGETHER, phong_thanh_tri)
    assert refusals.count(None) == 1
    assert school_agreement.events.filter(action="amend").count() == 1
