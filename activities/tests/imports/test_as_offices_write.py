"""Rows as offices write them: several days, several units, names broken into lines."""

from datetime import date

import pytest
from django.core.management import call_command

from activities.models import Activity
from activities.tests.imports.rows import HEAD, TITLE, A, B, event
from twinning.tests.imports.building import actions, errors, import_rows, plan_of, xlsx


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("20-21/12/2023", date(2023, 12, 20)),
        ("từ 20/12 đến 21/12/2023", date(2023, 12, 20)),
        ("Từ ngày 20/12/2023 đến ngày 21/12/2023", date(2023, 12, 20)),
        ("20, 21 và 22/12/2023", date(2023, 12, 20)),
        ("28/12 – 3/1/2024", date(2023, 12, 28)),
        ("20/12/2023 - 21/12/2023", date(2023, 12, 20)),
    ],
)
def test_of_several_days_the_first_is_taken_and_told(so, written, day):
    plan, _journal = import_rows("activities", [HEAD, *event((*A, "x", 0, 5, 0), day=written)], so)
    assert actions(plan) == {"create": 1}, errors(plan)
    assert Activity.objects.get().held_on == day
    assert plan.outcomes[0].notes == (f"“{written}” gồm nhiều ngày: lấy ngày đầu {day.day}/{day.month}/{day.year}",)


@pytest.mark.parametrize("written", ["4/2023", "tháng 4/2023", "Tháng 4 năm 2023"])
def test_a_month_is_no_day_and_says_what_to_write(so, written):
    plan, _journal = import_rows("activities", [HEAD, *event((*A, "x", 0, 5, 0), day=written)], so)
    [(_row, column, why)] = errors(plan)
    assert column == "Ngày tổ chức"
    assert "chỉ có tháng" in why
    assert "30/4/2023" in why


@pytest.mark.parametrize("written", ["21-20/12/2023", "20-21/13/2023", "20 đến 21", "31/11 - 2/12/2023"])
def test_days_that_are_none_are_refused(so, written):
    plan, _journal = import_rows("activities", [HEAD, *event((*A, "x", 0, 5, 0), day=written)], so)
    assert [column for _row, column, _why in errors(plan)] == ["Ngày tổ chức"]


def test_rows_that_go_on_with_the_activity_above(so, world):
    rows = [
        ["PHÒNG GD&ĐT"],
        ["BÁO CÁO CÁC HOẠT ĐỘNG NĂM HỌC 2023-2024"],
        ["TT", "Nội dung hoạt động", "Thời gian", "Đơn vị tham gia", "Số lượng tham gia", "", ""],
        ["", "", "", "", "CBQL", "GV", "HS"],
        [1, "Chuyên đề Toán 9", "20/10/2023", "THCS Tả Thanh Oai", 2, 24, 0],
        ["", "", "", "THCS Đại Yên", 1, 12, 30],
        ["", "", "", "THCS Phúc Xá", "", 7, ""],
        [2, "Chuyên đề Văn 9", "4/2023", "THCS Tả Thanh Oai", 1, 9, 0],
        ["", "", "", "THCS Đại Yên", 1, 8, 0],
        ["", "Tổng cộng", "", "", 4, 43, 30],
    ]
    plan, _journal = import_rows("activities", xlsx(rows, merged=[(2, 4, 2, 6, "Số lượng tham gia")]), so)
    activity = Activity.objects.get()
    assert (activity.title, activity.manager_turns, activity.teacher_turns, activity.units.count()) == (
        "Chuyên đề Toán 9",
        3,
        43,
        3,
    )
    notes = {outcome.row: outcome.notes for outcome in plan.outcomes}
    assert notes[6] == notes[7] == ("Tên hoạt động, Ngày tổ chức lấy từ dòng 5 phía trên",)
    assert [row for row, _column, _why in errors(plan)] == [8, 9], "what is wrong above is not guessed below"
    assert actions(plan_of("activities", xlsx(rows, merged=[(2, 4, 2, 6, "Số lượng")]), so)[1])["same"] == 3


@pytest.mark.parametrize(
    "units",
    [
        "THCS Tả Thanh Oai, THCS Đại Yên",
        "THCS Tả Thanh Oai và THCS Đại Yên",
        "THCS Tả Thanh Oai - THCS Đại Yên",
        "- THCS Tả Thanh Oai\n- THCS Đại Yên",
        "THCS Tả Thanh Oai, huyện Thanh Trì; THCS Đại Yên, huyện Chương Mỹ",
    ],
)
def test_two_units_in_one_row_are_split_and_no_number_is_guessed(so, world, school_agreement, units):
    rows = [["Tên hoạt động", "Ngày", "Đơn vị", "Chủ trì", "GV"], [TITLE, "20/10/2023", units, "x", 36]]
    plan, _journal = import_rows("activities", rows, so)
    assert actions(plan) == {"create": 2}, errors(plan)
    activity = Activity.objects.get()
    assert (activity.host_school, activity.agreement, activity.teacher_turns) == (world.school_a, school_agreement, 36)
    found = activity.units.order_by("pk").values_list("school", "teacher_turns", "confirmed_at")
    assert list(found) == [(world.school_a.pk, 36, None), (world.school_b.pk, 0, None)]
    assert activity.status == "held", "each unit still says how many came"
    assert all("dòng ghi chung 2 đơn vị" in outcome.notes[0] for outcome in plan.outcomes)
    call_command("check_totals")
    activity.units.filter(school=world.school_b).update(teacher_turns=12)
    activity.units.filter(school=world.school_a).update(teacher_turns=24)
    assert actions(plan_of("activities", rows, so)[1]) == {"same": 2}, "what the units said since stays"


@pytest.mark.parametrize("head", [["Đơn vị tham gia", "Đơn vị tham gia"], ["Trường", "Trường kết nghĩa"]])
def test_two_columns_of_units(so, world, head):
    rows = [["Tên hoạt động", "Ngày", *head, "GV"], [TITLE, "20/10/2023", A[0], B[0], 36]]
    import_rows("activities", rows, so)
    assert [(p.school, p.teacher_turns) for p in Activity.objects.get().units.order_by("pk")] == [
        (world.school_a, 36),
        (world.school_b, 0),
    ]


def test_a_header_over_two_columns_of_units(so, world):
    rows = [["Tên hoạt động", "Ngày", "Đơn vị tham gia", "", "GV"], [TITLE, "20/10/2023", A[0], B[0], 36]]
    import_rows("activities", xlsx(rows, merged=[(0, 2, 0, 3, "Đơn vị tham gia")]), so)
    assert Activity.objects.get().units.count() == 2


def test_a_school_names_its_partner_only(hieu_truong_a, world):
    rows = [["Tên hoạt động", "Ngày", "Trường kết nghĩa", "GV"], [TITLE, "20/10/2023", B[0], 24]]
    import_rows("activities", rows, hieu_truong_a)
    parts = Activity.objects.get().units.order_by("pk")
    assert [(p.school, p.teacher_turns) for p in parts] == [(world.school_a, 24), (world.school_b, 0)]


def test_a_name_broken_into_lines_is_one_unit(so, world):
    rows = [["Tên hoạt động", "Ngày", "Đơn vị", "GV"], [TITLE, "20/10/2023", "THCS Tả\nThanh Oai", 24]]
    import_rows("activities", rows, so)
    assert Activity.objects.get().units.get().school == world.school_a


def test_one_unknown_among_several_units_refuses_the_row(so, world):
    rows = [["Tên hoạt động", "Ngày", "Đơn vị", "GV"], [TITLE, "20/10/2023", f"{A[0]}, THCS Không Có", 24]]
    plan, _journal = import_rows("activities", rows, so)
    assert [column for _row, column, _why in errors(plan)] == ["Tên trường"]
    assert not Activity.objects.exists()
