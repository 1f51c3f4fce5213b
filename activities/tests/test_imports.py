"""Activities, named teachers and help from workbooks."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity, ActivitySchool, Participation, Support
from twinning.models import Subject, Teacher
from twinning.tests.imports.building import actions, errors, import_rows, plan_of, template_rows, xlsx
from twinning.tests.tables import dump

HEAD = ["STT", "Tên hoạt động", "Ngày", "Loại hoạt động", "Đơn vị", "Quận huyện", "Chủ trì", "CBQL", "GV", "HS"]
TITLE = "Chuyên đề Ngữ văn 9"


def event(*units, title=TITLE, day="20/10/2023", kind="Chuyên đề"):
    """Rows of one activity: units as (name, unit, host, managers, teachers, pupils)."""
    return [[n, title, day, kind, *unit] for n, unit in enumerate(units, start=1)]


A, B = ("THCS Tả Thanh Oai", "Thanh Trì"), ("THCS Đại Yên", "Chương Mỹ")


@pytest.fixture
def so(so, school_agreement):
    return so


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


# --- named teachers ---------------------------------------------------------------------------------------------------

NAMED = ["Tên hoạt động", "Ngày tổ chức", "Mã trường", "Họ và tên", "Mã GV", "Vai trò"]


def named(activity, *people):
    return [NAMED, *([activity.title, activity.held_on, "01277501", *person] for person in people)]


def test_teachers_are_named_and_made_when_unknown(so, activity, world):
    old = Teacher.objects.create(school=world.school_b, full_name="Trần Thị Bình")
    rows = named(activity, ("Trần Thị Bình", "", "Báo cáo viên"), ("Lê Văn Cường", "B07", ""))
    before = dump()
    plan, journal = import_rows("participations", rows, so)
    assert actions(plan) == {"create": 2}
    row = activity.units.get(school=world.school_b)
    assert row.named_count == 2
    assert {(p.teacher.full_name, p.teacher.code, p.role) for p in row.participations.all()} == {
        ("Trần Thị Bình", "", "speaker"),
        ("Lê Văn Cường", "B07", "attend"),
    }
    assert row.participations.filter(teacher=old).exists()
    assert actions(plan_of("participations", rows, so)[1]) == {"same": 2}
    rows[1][-1] = "chủ trì"
    assert actions(plan_of("participations", rows, so)[1]) == {"change": 1, "same": 1}
    journal.undo()
    assert dump() == before


@pytest.mark.breaks_totals
def test_never_more_names_than_teachers(so, activity, world):
    ActivitySchool.objects.filter(school=world.school_b).update(teacher_turns=2)
    people = [(f"Nguyễn Văn {name}", "", "") for name in ("An", "Bình", "Cường")]
    plan, _journal = import_rows("participations", named(activity, *people), so)
    assert [(row, column) for row, column, _why in errors(plan)] == [(4, "Họ và tên")]
    assert Participation.objects.count() == 2


def test_no_names_where_the_programme_records_none(so, activity, world):
    world.programme.records_names = False
    world.programme.save()
    plan, _journal = import_rows("participations", named(activity, ("Trần Thị Bình", "", "")), so)
    assert "không ghi tên" in errors(plan)[0][2]
    assert not Teacher.objects.exists()


def test_pupils_are_never_named(so, activity):
    plan, _journal = import_rows("participations", named(activity, ("Em Nguyễn An", "", "Học sinh")), so)
    assert "không ghi tên học sinh" in errors(plan)[0][2]


def test_a_person_twice_an_unknown_activity_and_a_school_that_was_not_there(so, activity):
    rows = named(activity, ("Trần Thị Bình", "", ""), ("Trần Thị Bình", "", ""))
    rows += [["Việc khác", "20/10/2023", "01277501", "Lê Văn An", "", ""]]
    rows += [[activity.title, activity.held_on, "01001501", "Lê Văn An", "", ""]]
    plan, _journal = import_rows("participations", rows, so)
    assert [(row, column) for row, column, _why in errors(plan)] == [
        (3, "Họ và tên"),
        (4, "Tên hoạt động"),
        (5, "Tên trường"),
    ]


def test_a_school_names_only_its_own(hieu_truong_a, activity):
    plan, _journal = import_rows("participations", named(activity, ("Trần Thị Bình", "", "")), hieu_truong_a)
    assert "không thuộc" in errors(plan)[0][2]


# --- help -------------------------------------------------------------------------------------------------------------

GIFTS = [
    "Bên trao",
    "Bên nhận",
    "Hình thức",
    "Nội dung hỗ trợ",
    "Số tiền",
    "Ngày cam kết",
    "Ngày trao",
    "Cách ước giá trị",
]


def gift(*changes):
    row = [
        "THCS Tả Thanh Oai",
        "THCS Đại Yên",
        "Tiền mặt",
        "Ủng hộ xây phòng học",
        "3 tỷ 200 triệu",
        "1/10/2023",
        "",
        "",
    ]
    for place, value in changes:
        row[place] = value
    return row


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


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["activities", "participations", "support", "agreements"])
def test_what_is_there_comes_back_the_same(so, activity, support, world, kind):
    row = activity.units.get(school=world.school_b)
    row.put(so, {}, [("Trần Thị Bình", "speaker"), ("Lê Văn An", "attend")])
    made, _plan = plan_of(kind, [["x"]], so)
    rows = template_rows(made)
    assert len(rows) > 1
    _made, plan = plan_of(kind, rows, so)
    assert actions(plan) == {"same": len(rows) - 1}


@pytest.mark.breaks_totals
@pytest.mark.parametrize("kind", ["activities", "participations", "support"])
def test_queries_do_not_grow_with_rows(so, activity, kind):
    def rows(n):
        if kind == "activities":
            return [
                HEAD,
                *(r for i in range(n) for r in event((*A, "x", 0, 20, 0), (*B, "", 0, 20, 0), title=f"Việc {i}")),
            ]
        if kind == "support":
            return [GIFTS, *(gift((3, f"Việc {i}"), (6, "5/11/2023")) for i in range(n))]
        ActivitySchool.objects.update(teacher_turns=100)
        return named(activity, *((f"Nguyễn Văn {chr(65 + i)}", "", "") for i in range(n)))

    def queries(n):
        with CaptureQueriesContext(connection) as captured:
            plan, journal = import_rows(kind, rows(n), so)
        assert plan.counts["create"] >= n
        journal.undo()
        return len(captured)

    queries(1)
    assert queries(2) == queries(20)


# --- rows as offices write them ---------------------------------------------------------------------------------------


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
