"""A round that is open, its nominations, and one that the council voted on."""

from datetime import date, timedelta

import pytest

from reports.models import AwardRound, Nomination
from reports.tests.awards.asking import TODAY, meeting


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(f"{TODAY} 09:00 +07:00")


@pytest.fixture
def award_round(world):
    award_round = AwardRound.objects.create(
        programme=world.programme,
        name="Xét khen năm học 2024-2025",
        school_year=2024,
        opens_on=date(2025, 5, 1),
        due_on=TODAY + timedelta(days=10),
        status="open",
    )
    award_round.offers.create(form="giay_khen", issuer="Giám đốc Sở Giáo dục và Đào tạo Hà Nội")
    return award_round


@pytest.fixture
def nominate(award_round, world):
    """Make a nomination past the form: of school A unless said otherwise."""

    def make(**fields):
        fields = {
            "round": award_round,
            "offer": award_round.offers.get(),
            "kind": "collective",
            "school": world.school_a,
            "district": world.thanh_tri,
            "achievement": "Tổ chức nhiều chuyên đề liên trường",
            "citation": "Giúp đỡ trường bạn ôn thi vào lớp 10",
            "submitted_on": date(2025, 5, 20),
        } | fields
        return Nomination.objects.create(**fields)

    return make


@pytest.fixture
def voted(award_round, nominate, world):
    nominate(status="published", votes_for=8, votes_against=0)
    nominate(
        status="dropped",
        votes_for=3,
        votes_against=5,
        kind="individual",
        full_name="Nguyễn Thị Mẫu",
        position="Giáo viên Toán",
        submitted_on=date(2025, 6, 30),
    )
    meeting(award_round)
    AwardRound.objects.update(status="public", published_on=date(2025, 6, 10))
    return AwardRound.objects.for_list().get()
