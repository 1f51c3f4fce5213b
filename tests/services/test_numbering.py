"""Twenty people sign and number at the same moment: no gap, no duplicate, on the database of a server."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, connections

from twinning.models import Agreement, School

THREADS = 20
SIGNED = {
    "signed_on": date(2023, 4, 15),
    "signed_at": "huyện Thanh Trì",
    "supporting_signatory": "Nguyễn Văn An",
    "supporting_position": "Hiệu trưởng",
    "supported_signatory": "Trần Thị Bình",
    "supported_position": "Hiệu trưởng",
}


@pytest.fixture
def confirmed(transactional_db, world):
    """Twenty agreements of one school, which numbers them all, each with another school."""
    made = []
    for n in range(THREADS):
        other = School.objects.create(
            code=f"012780{n:02d}", name=f"THCS Số {n}", level="thcs", district=world.chuong_my
        )
        made.append(
            Agreement.objects.create(
                programme=world.programme,
                tier="school",
                supporting_district=world.thanh_tri,
                supporting_school=world.school_a,
                supported_district=world.chuong_my,
                supported_school=other,
                starts_on=date(2023, 4, 15),
                ends_on=date(2025, 5, 31),
                status="confirmed",
            )
        )
    return made


def test_numbers_have_no_gap_and_no_duplicate(confirmed, phong_thanh_tri):
    assert connection.vendor == "postgresql"
    together = Barrier(THREADS)

    def sign(pk):
        try:
            agreement = Agreement.objects.for_list().get(pk=pk)
            together.wait(timeout=60)
            agreement.perform("sign", phong_thanh_tri, **SIGNED)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(sign, [agreement.pk for agreement in confirmed]))

    signed = Agreement.objects.filter(status="signed")
    assert sorted(signed.values_list("number", flat=True)) == [f"{n:02d}/GƯ-THCSTTO" for n in range(1, THREADS + 1)]
    assert sorted(a.frozen["number"] for a in signed) == sorted(a.number for a in signed)


def test_one_agreement_signed_by_twenty_at_once_is_signed_once(confirmed, phong_thanh_tri):
    together, agreement = Barrier(THREADS), confirmed[0]

    def sign(_n):
        try:
            mine = Agreement.objects.for_list().get(pk=agreement.pk)
            together.wait(timeout=60)
            mine.perform("sign", phong_thanh_tri, **SIGNED)
        except Exception as error:
            return type(error).__name__
        else:
            return "signed"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(sign, range(THREADS)))

    assert sorted(outcomes) == ["Refused"] * (THREADS - 1) + ["signed"]
    assert agreement.events.filter(action="sign").count() == 1
    agreement.refresh_from_db()
    assert agreement.number == "01/GƯ-THCSTTO"
    # The losers took no number with them.
    confirmed[1].perform("sign", phong_thanh_tri, **SIGNED)
    assert Agreement.objects.get(pk=confirmed[1].pk).number == "02/GƯ-THCSTTO"
