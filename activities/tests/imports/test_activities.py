"""Activities from workbooks: one of several rows, heads of units, hosts, agreements."""

from datetime import date

import pytest
from django.core.management import call_command

from activities.models import Activity, ActivitySchool
from activities.tests.imports.rows import HEAD, TITLE, A, B, event
from twinning.models import Subject
from twinning.tests.imports.building import actions, errors, import_rows, plan_of
from twinning.tests.tables import dump


def test_rows_of_one_title_and_day_are_one_activity(so, world, school_agreement):
    rows = [HEAD, *event((*A, "x", 2, 24, 0), (*B, "", 1, 12, 30))]
    plan, _journal = import_rows("activities", rows, so)
    assert actions(plan) == {"create": 2}
    activity = Activity.objects.get()
    assert (activity.title, activity.held_on, activity.kind) == (TITLE, date(2023, 10, 20), world.kind)
    assert (activity.manager_turns, activity.teacher_turns, activity.pupil_turns) == (3, 36, 30)
    assert activity.agreement == school_agreement, "found by the pair of schools"
    assert activity.host_school == world.school_a
    assert activity.status == "confirmed", "the Department speaks for all"
    assert activity.units.filter(confirmed_by=so).count() == 2
    assert [e.action for e in activity.events.all()] == ["create"]
    assert activity.history.count() == 1
    call_command("check_totals")
    again, _journal = import_rows("activities", rows, so)
    assert actions(again) == {"same": 2}


def test_a_school_confirms_only_its_own_row(hieu_truong_a, world, school_agreement):
    import_rows("activities", [HEAD, *event((*A, "x", 2, 24, 0), (*B, "", 1, 12, 30))], hieu_truong_a)
    activity = Activity.objects.get()
    assert activity.status == "held"
    assert activity.recorded_school == world.school_a
    assert [row.school for row in activity.units.filter(confirmed_at=None)] == [world.school_b]
    call_command("check_totals")


def test_corrections_change_the_heads_and_the_totals(so, activity):
    rows = [HEAD, *event((*A, "", None, 30, None), (*B, "", None, 12, None), title=activity.title)]
    before = dump()
    plan, journal = import_rows("activities", rows, so)
    assert actions(plan) == {"change": 1, "same": 1}
    [outcome] = [o for o in plan.outcomes if o.action == "change"]
    assert outcome.changes == (("giáo viên", "24", "30"),)
    activity.refresh_from_db()
    assert (activity.teacher_turns, activity.manager_turns) == (42, 2), "an empty cell keeps what is there"
    assert activity.status == "held", "the other unit still has to confirm"
    call_command("check_totals")
    journal.undo()
    assert dump() == before


def test_a_new_unit_joins_a_stored_activity(so, activity, world):
    rows = [HEAD, *event((*A, "", "", "", ""), ("Tiểu học Đại Yên", "Chương Mỹ", "", 0, 5, 0), title=activity.title)]
    before = dump()
    plan, journal = import_rows("activities", rows, so)
    assert actions(plan) == {"same": 1, "create": 1}
    activity.refresh_from_db()
    assert activity.teacher_turns == 41
    call_command("check_totals")
    journal.undo()
    assert dump() == before


def test_other_peoples_counts_are_refused(hieu_truong_b, activity):
    rows = [HEAD, *event((*A, "", 9, 9, 9), (*B, "", 0, 11, 0), title=activity.title)]
    plan, _journal = import_rows("activities", rows, hieu_truong_b)
    assert [column for _row, column, _why in errors(plan)] == ["Tên trường"]
    assert ActivitySchool.objects.get(school=activity.host_school).teacher_turns == 24
    activity.refresh_from_db()
    assert activity.status == "confirmed", "B had the last word"


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"day": "20/10/2029"}, "Ngày tổ chức"),
        ({"day": "20/10/2019"}, "Ngày tổ chức"),
        ({"kind": "Du lịch"}, "Loại hoạt động"),
        ({"kind": "", "title": "Gặp mặt đầu xuân"}, "Loại hoạt động"),
        ({"title": "x" * 251}, "Tên hoạt động"),
    ],
)
def test_rules_of_activities_are_errors_of_the_row(so, change, column):
    plan, _journal = import_rows("activities", [HEAD, *event((*A, "x", 0, 5, 0), **change)], so)
    assert [label for _row, label, _why in errors(plan)] == [column]
    assert not Activity.objects.exists()


def test_the_kind_that_a_title_begins_with(so):
    import_rows("activities", [HEAD, *event((*A, "x", 0, 5, 0), kind="")], so)
    assert Activity.objects.get().kind.name == "Chuyên đề"


def test_a_summary_as_offices_write_it(so, world):
    """Schools with their unit behind, counts with their word, a part of the day before the day."""
    rows = [
        ["TỔNG HỢP NĂM HỌC 2023-2024"],
        ["STT", "Nội dung sinh hoạt", "Thời gian", "Đơn vị tham gia", "Số GV tham dự", "Môn"],
        [1, "Chuyên đề Mỹ thuật 6", "Sáng 20/10/2023", "THCS Tả Thanh Oai, huyện Thanh Trì", "30 GV", "Mỹ thuật"],
        [1, "Chuyên đề Mỹ thuật 6", "20/10/2023", "THCS Đại Yên - Chương Mỹ", "25 người", "Mĩ thuật"],
    ]
    Subject.objects.get_or_create(name="Mĩ thuật")
    plan, _journal = import_rows("activities", rows, so)
    assert actions(plan) == {"create": 2}, errors(plan)
    activity = Activity.objects.get()
    assert (activity.held_on, activity.teacher_turns, activity.subject.name) == (date(2023, 10, 20), 55, "Mĩ thuật")


def test_what_rows_of_one_activity_say_must_agree(so):
    rows = [HEAD, *event((*A, "x", 0, 5, 0)), *event((*B, "", 0, 5, 0), kind="Hội nghị ôn thi vào lớp 10")]
    plan, _journal = import_rows("activities", rows, so)
    assert [(row, column) for row, column, _why in errors(plan)] == [(3, "Loại hoạt động")]


def test_same_unit_twice_and_too_many_heads(so):
    rows = [HEAD, *event((*A, "x", 0, 5, 0), (*A, "", 0, 5, 0), (*B, "", 0, 5001, 0))]
    plan, _journal = import_rows("activities", rows, so)
    assert [(row, column) for row, column, _why in errors(plan)] == [(3, "Tên trường"), (4, "Giáo viên")]


def test_two_activities_with_one_title_and_day_are_told_apart_by_the_host(so, world):
    rows = [
        HEAD,
        *event((*A, "THCS Tả Thanh Oai", 0, 5, 0), (*B, "THCS Tả Thanh Oai", 0, 6, 0)),
        *event((*B, "THCS Đại Yên", 0, 7, 0), (*A, "THCS Đại Yên", 0, 8, 0)),
    ]
    plan, _journal = import_rows("activities", rows, so)
    assert actions(plan) == {"create": 4}
    assert sorted(Activity.objects.values_list("teacher_turns", flat=True)) == [11, 15]
    assert actions(plan_of("activities", rows, so)[1]) == {"same": 4}


def test_offices_take_part_too(so, world, district_agreement):
    rows = [
        HEAD,
        *event(("Phòng GD&ĐT huyện Thanh Trì", "", "x", 3, 0, 0), ("", "huyện Chương Mỹ", "", 4, 0, 0)),
    ]
    plan, _journal = import_rows("activities", rows, so)
    assert actions(plan) == {"create": 2}
    activity = Activity.objects.get()
    assert activity.host_district == world.thanh_tri
    assert activity.agreement == district_agreement


def test_agreement_by_number_must_fit_the_units(so, school_agreement, world):
    head = [*HEAD, "Giao ước số"]
    rows = [head, [*event(("THCS Phúc Xá", "Ba Đình", "x", 0, 5, 0))[0], "05/BGN-THCS"]]
    plan, _journal = import_rows("activities", rows, so)
    assert errors(plan)[0][1] == "Giao ước số"
    rows[1][-1] = "99/KHONG-CO"
    assert "99/KHONG-CO" in errors(plan_of("activities", rows, so)[1])[0][2]
