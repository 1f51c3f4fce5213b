"""The yearly plan of an agreement from a workbook: months, agreements found, what is there already, errors, undo."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from activities.models import Activity
from twinning.imports.cells import CellError, Reading
from twinning.imports.spans import planned_time
from twinning.tests.imports.building import actions, errors, import_rows, plan_of, skipped, template_rows, xlsx
from twinning.tests.tables import dump

HEAD = ["STT", "Nội dung công việc", "Thời gian", "Loại", "GV dự kiến"]
TITLE = "Chuyên đề Toán 9"


def lines(*rows, title="KẾ HOẠCH NĂM HỌC 2023-2024"):
    return [[title], HEAD, *([n, *row] for n, row in enumerate(rows, start=1))]


@pytest.mark.parametrize(
    ("written", "month", "year"),
    [
        ("10/2025", 10, 2025),
        ("tháng 10/2025", 10, 2025),
        ("Tháng 10 năm 2025", 10, 2025),
        ("tháng 10", 10, None),
        ("Tháng 9-10", 10, None),
        ("đầu tháng 3/2026", 3, 2026),
        ("Tuần 2 tháng 11", 11, None),
        ("T11", 11, None),
        (10.0, 10, None),
        ("4", 4, None),
    ],
)
def test_a_month_alone_is_understood(written, month, year):
    found = planned_time(written, Reading())
    assert (found.month, found.year) == (month, year)


@pytest.mark.parametrize("written", ["tháng 13", "14/2025", "học kỳ I", "31/2/2024", "13/10", 45])
def test_what_is_neither_day_nor_month_is_refused(written):
    with pytest.raises(CellError):
        planned_time(written, Reading())


def test_the_plan_of_a_school(world, school_agreement, hieu_truong_a):
    rows = lines(
        (TITLE, "15/10/2023", "", 24),
        ("Chuyên đề Văn 9", "tháng 11", "", ""),
        ("", "Tháng 12/2023", "", ""),
        ("Ôn thi vào lớp 10", "", "Hội nghị ôn thi vào lớp 10", ""),
    )
    rows[4] = ["Tháng 12/2023"]  # a heading between the rows
    before = dump()
    plan, journal = import_rows("plans", rows, hieu_truong_a)
    assert actions(plan) == {"create": 3, "skip": 1}, [o.errors for o in plan.outcomes]
    made = list(Activity.objects.order_by("planned_on"))
    assert [(a.title, a.planned_on, a.kind.name, a.status) for a in made] == [
        (TITLE, date(2023, 10, 15), "Chuyên đề", "planned"),
        ("Chuyên đề Văn 9", date(2023, 11, 30), "Chuyên đề", "planned"),
        ("Ôn thi vào lớp 10", date(2023, 12, 31), "Hội nghị ôn thi vào lớp 10", "planned"),
    ]
    assert {a.agreement for a in made} == {school_agreement}
    assert {a.recorded_school for a in made} == {world.school_a}
    assert made[0].units.count() == 2
    assert made[0].units.get(school=world.school_a).teacher_turns == made[0].teacher_turns == 24
    notes = [note for outcome in plan.outcomes for note in outcome.notes]
    assert "“tháng 11” chỉ có tháng: lấy ngày cuối 30/11/2023" in notes
    call_command("check_totals")
    assert actions(plan_of("plans", rows, hieu_truong_a)[1]) == {"same": 3, "skip": 1}
    journal.undo()
    assert dump() == before


def test_what_is_there_moves_and_what_was_done_stays(world, school_agreement, hieu_truong_a):
    import_rows("plans", lines((TITLE, "15/10/2023", "", 24), ("Chuyên đề Văn", "11/2023", "", "")), hieu_truong_a)
    Activity.objects.filter(title="Chuyên đề Văn").update(
        status="held", planned_on=date(2023, 11, 8), held_on=date(2023, 11, 9), asked_on=date(2023, 11, 9)
    )
    before = dump()
    rows = lines((TITLE, "20/10/2023", "", 30), ("Chuyên đề Văn", "11/2023", "", 99))
    plan, journal = import_rows("plans", rows, hieu_truong_a)
    assert actions(plan) == {"change": 1, "same": 1}
    activity = Activity.objects.get(title=TITLE)
    assert (activity.planned_on, activity.teacher_turns) == (date(2023, 10, 20), 30)
    assert [event.action for event in activity.events.order_by("pk")] == ["create", "edit"]
    call_command("check_totals")
    journal.undo()
    assert dump() == before


def test_a_list_of_many_agreements(world, school_agreement, district_agreement, so, phong_thanh_tri):
    head = ["Tên hoạt động", "Thời gian dự kiến", "Đơn vị", "Đơn vị kết nghĩa", "Chủ trì", "Tình trạng"]
    rows = [
        head,
        ["Chuyên đề Lý", "5/12/2023", "THCS Tả Thanh Oai", "THCS Đại Yên", "THCS Đại Yên", ""],
        ["Chuyên đề quản lý", "12/2023", "Phòng GD&ĐT Thanh Trì", "Phòng GD&ĐT Chương Mỹ", "", "dự kiến"],
        ["Chuyên đề đã huỷ", "12/2023", "THCS Tả Thanh Oai", "THCS Đại Yên", "", "huỷ"],
    ]
    plan, _journal = import_rows("plans", rows, so)
    assert actions(plan) == {"create": 2, "skip": 1}, errors(plan)
    assert "đã huỷ" in skipped(plan)[4]
    physics = Activity.objects.get(title="Chuyên đề Lý")
    assert (physics.agreement, physics.host_school) == (school_agreement, world.school_b)
    assert Activity.objects.get(title="Chuyên đề quản lý").agreement == district_agreement
    # An officer plans for the schools of the unit, too; the template with what is there comes back unchanged.
    kind, _plan = plan_of("plans", rows, phong_thanh_tri)
    assert actions(plan_of("plans", template_rows(kind), phong_thanh_tri)[1]) == {"same": 2}


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ((TITLE, "tháng 13", "", ""), "Thời gian dự kiến", "Không có tháng"),
        ((TITLE, "10/2026", "", ""), "Thời gian dự kiến", "thời gian của giao ước"),
        ((TITLE, "15/10/2024", "", ""), "Thời gian dự kiến", "không thuộc năm học 2023-2024"),
        ((TITLE, "10/2023", "Du lịch", ""), "Loại hoạt động", "phong trào có"),
        ((TITLE, "10/2023", "", "6000"), "Giáo viên dự kiến", "Số quá lớn"),
        ((TITLE, "10/2023", "", "-3"), "Giáo viên dự kiến", "không thể âm"),
        (("Gặp mặt", "10/2023", "", ""), "Loại hoạt động", "Thiếu loại"),
    ],
)
def test_errors_say_what_to_do(world, school_agreement, hieu_truong_a, row, column, why):
    plan, _journal = import_rows("plans", lines(row), hieu_truong_a)
    [(_row, where, text)] = errors(plan)
    assert where == column
    assert why in text
    assert not Activity.objects.exists()


def test_all_that_is_wrong_with_a_line_is_said_at_once(school_agreement, hieu_truong_a):
    plan, _journal = import_rows("plans", lines(("Gặp mặt", "15/10/2024", "Du lịch", "")), hieu_truong_a)
    assert [column for _row, column, _why in errors(plan)] == ["Thời gian dự kiến", "Loại hoạt động"]


def test_no_year_no_agreement_twice_and_done(world, school_agreement, hieu_truong_a, nguoi_la):
    plan, _journal = import_rows("plans", lines((TITLE, "tháng 10", "", ""), title="KẾ HOẠCH"), hieu_truong_a)
    assert "chưa rõ năm" in errors(plan)[0][2]
    plan, _journal = import_rows("plans", lines((TITLE, "10/2023", "", "")), nguoi_la)
    assert "Không có giao ước đã ký" in errors(plan)[0][2]
    _kind, plan = plan_of("plans", lines((TITLE, "10/2023", "", ""), (TITLE, "31/10/2023", "", "")), hieu_truong_a)
    assert "Trùng với dòng 3" in errors(plan)[0][2]
    head = [*HEAD, "Tình trạng"]
    plan, _journal = import_rows("plans", [head, [1, TITLE, "10/2023", "", "", "đã tổ chức"]], hieu_truong_a)
    assert "ghi kết quả" in errors(plan)[0][2]


def test_a_kind_no_longer_offered_is_not_planned(world, school_agreement, hieu_truong_a):
    type(world.kind).objects.update(is_active=False)
    plan, _journal = import_rows("plans", lines((TITLE, "10/2023", "", "")), hieu_truong_a)
    assert "không còn dùng" in errors(plan)[0][2]


def test_the_page_of_the_plan_leads_to_the_import(world, school_agreement, as_user, hieu_truong_a, so, chi_xem):
    url = reverse("agreement_plan", args=[school_agreement.pk, 2023])
    upload = reverse("import_upload", args=["ke-hoach-nam"])
    for who, may in ((hieu_truong_a, True), (so, True), (chi_xem, False)):
        assert (f'href="{upload}"' in as_user(who).get(url).content.decode()) == may
    assert as_user(chi_xem).get(upload).status_code == 404


def test_a_plan_of_days_gone_by_asks_for_results(world, school_agreement, hieu_truong_a):
    plan, _journal = import_rows("plans", lines((TITLE, "15/10/2023", "", "")), hieu_truong_a)
    assert any("đã qua" in note for note in plan.outcomes[0].notes)
    assert Activity.objects.overdue_for(hieu_truong_a).count() == 1


def test_one_with_a_bad_row_reads_from_a_real_file(world, school_agreement, hieu_truong_a):
    plan = plan_of("plans", xlsx(lines((TITLE, date(2023, 10, 15), "", 24), ("Văn", "x", "", ""))), hieu_truong_a)[1]
    assert actions(plan) == {"create": 1, "reject": 1}
