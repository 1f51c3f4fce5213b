"""Help from workbooks: amounts in words, both sides, all that is wrong with a row."""

from datetime import date

import pytest

from activities.models import Support
from activities.tests.imports.rows import GIFTS, gift
from twinning.tests.imports.building import actions, errors, import_rows, plan_of
from twinning.tests.tables import dump


def test_help_in_words_and_numbers(so, world):
    rows = [GIFTS, gift(), gift((1, "Phòng GD&ĐT huyện Chương Mỹ"), (4, "1.500.000"), (6, "2/10/2023"))]
    before = dump()
    plan, journal = import_rows("support", rows, so)
    assert actions(plan) == {"create": 2}
    pledged, given = Support.objects.order_by("pk")
    assert (pledged.value_vnd, pledged.status, pledged.school_year) == (3_200_000_000, "pledged", 2023)
    assert (given.value_vnd, given.status, given.receiver_school) == (1_500_000, "received", None)
    assert given.receiver_district == world.chuong_my
    assert actions(plan_of("support", rows, so)[1]) == {"same": 2}
    journal.undo()
    assert dump() == before


def test_a_gift_to_a_neighbour_is_not_under_the_agreement_of_the_pair(so, world, school_agreement, district_agreement):
    head = [*GIFTS, "Số giao ước"]
    rows = [[*gift(), "05/BGN-THCS"], [*gift((1, "Tiểu học Đại Yên")), "05/BGN-THCS"]]
    plan, _journal = import_rows("support", [head, *rows], so)
    [(row, column, why)] = errors(plan)
    assert (row, column) == (3, "Giao ước số")
    assert "“Tiểu học Đại Yên” không thuộc cặp đơn vị của giao ước này" in why
    assert Support.objects.get().agreement == school_agreement
    # The offices' agreement of the same number is the one that is meant for the neighbour, and for it alone.
    type(district_agreement).objects.filter(pk=district_agreement.pk).update(number="05/BGN-THCS")
    plan, _journal = import_rows("support", [head, *rows], so)
    assert actions(plan) == {"same": 1, "create": 1}
    assert Support.objects.get(receiver_school=world.school_d).agreement == district_agreement


def test_a_pledge_that_was_delivered_since(so, world):
    import_rows("support", [GIFTS, gift()], so)
    plan, _journal = import_rows("support", [GIFTS, gift((6, "5/11/2023"))], so)
    assert actions(plan) == {"change": 1}
    support = Support.objects.get()
    assert (support.status, support.delivered_on) == ("received", date(2023, 11, 5))
    assert [e.action for e in support.events.order_by("pk")] == ["create", "deliver"]


def test_what_a_school_gives_waits_for_the_receiver(hieu_truong_a, world):
    rows = [GIFTS, gift((6, "5/11/2023")), gift((0, "THCS Đại Yên"), (1, "THCS Tả Thanh Oai"))]
    plan, _journal = import_rows("support", rows, hieu_truong_a)
    assert Support.objects.get().status == "delivered"
    assert [(row, column) for row, column, _why in errors(plan)] == [(3, "Trường trao")]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ((2, "Hiện vật"), "Cách ước giá trị"),
        ((1, "THCS Tả Thanh Oai"), "Trường nhận"),
        ((6, "1/9/2023"), "Ngày trao"),
        ((5, "1/9/2019"), "Ngày cam kết"),
        ((4, "nhiều lắm"), "Giá trị (đồng)"),
        ((4, "0"), "Giá trị (đồng)"),
        ((2, "Vàng"), "Hình thức"),
    ],
)
def test_rules_of_help_are_errors_of_the_row(so, change, column):
    plan, _journal = import_rows("support", [GIFTS, gift(change)], so)
    assert [label for _row, label, _why in errors(plan)] == [column]


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ([(0, "THCS Không Có"), (1, "THCS Cũng Không")], {"Trường trao", "Trường nhận"}),
        ([(2, "Hiện vật"), (5, "1/9/2019")], {"Ngày cam kết", "Cách ước giá trị"}),
    ],
)
def test_all_that_is_wrong_with_a_gift_is_said_at_once(so, changes, columns):
    plan, _journal = import_rows("support", [GIFTS, gift(*changes)], so)
    assert {label for _row, label, _why in errors(plan)} == columns
