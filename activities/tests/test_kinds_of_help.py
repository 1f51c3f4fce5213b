"""Kinds of help beside each other, how things were estimated, who stands behind a gift: no names of persons."""

import pytest
from django.db.models import Sum

from activities.models import Support
from activities.tests.recording import a_gift
from reports.annexes import supports as annex_of_supports
from reports.facts import MONEY
from twinning.personal import is_person

Kind = Support.Kind


def test_every_kind_is_money_or_worth_what_was_estimated():
    assert set(Kind.money()) | set(Kind.things()) | {Kind.FREE_CLASS} == set(Kind)
    assert not set(Kind.money()) & set(Kind.things())


@pytest.mark.parametrize("kind", ["books", "devices", "in_kind"])
def test_things_need_a_word_on_their_value(pledge, kind):
    answer = pledge(kind=kind, estimate_note="")
    assert answer.status_code == 422
    assert "cách ước giá trị" in answer.content.decode()
    assert not Support.objects.exists()
    assert pledge(kind=kind, estimate_note="theo hoá đơn").status_code == 302
    assert Support.objects.get().kind == kind


def test_the_annex_adds_up_over_all_kinds(world, period):
    for n, kind in enumerate(Kind, 1):
        a_gift(world, world.school_a, world.school_b, n * 1_000_000, kind=kind, estimate_note="theo hoá đơn")
    facts = type("Facts", (), {"supports": list(Support.objects.order_by("pk"))})
    *rows, total = annex_of_supports(facts)["rows"]
    assert len(rows) == len(Kind)
    money, things = total["cells"][5:7]
    assert money + things == Support.objects.aggregate(n=Sum("value_vnd"))["n"]
    assert money == Support.objects.filter(kind__in=MONEY).aggregate(n=Sum("value_vnd"))["n"]


def test_the_donor_is_on_the_page(pledge, hieu_truong_b, as_user):
    pledge(source="community", donor="Hội Chữ thập đỏ huyện Thanh Trì")
    page = as_user(hieu_truong_b).get(Support.objects.get().get_absolute_url()).content.decode()
    assert "Hội Chữ thập đỏ huyện Thanh Trì" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source": "own", "donor": "Công ty Sách"}, "Nguồn nội lực không có nhà ủng hộ"),
        ({"source": "community", "donor": "Nguyễn Văn An"}, "không ghi tên người ủng hộ"),
        ({"source": "community", "donor": "bà Trần Thị Bé"}, "không ghi tên người ủng hộ"),
    ],
)
def test_no_donor_of_ones_own_means_and_no_name_of_a_person(pledge, changes, words):
    answer = pledge(**changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert changes["donor"] in answer.content.decode()
    assert not Support.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["cá nhân", "Công ty Trần Phú", "Hội Khuyến học", "Ban đại diện cha mẹ học sinh", "Quỹ Nguyễn Văn An", ""],
)
def test_organisations_are_no_persons(name):
    assert not is_person(name)
