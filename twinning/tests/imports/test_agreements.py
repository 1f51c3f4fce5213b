"""Agreements from workbooks: two parties a row, signed outside the portal or still drafts."""

from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from twinning.imports.workbooks import template
from twinning.models import Agreement, School
from twinning.tests.imports.building import actions, errors, import_rows, plan_of, template_rows, xlsx
from twinning.tests.tables import dump

HEAD = ["STT", "Bên hỗ trợ", "Bên được hỗ trợ", "Số giao ước", "Ngày ký", "Từ ngày", "Đến ngày"]
A, B = "THCS Tả Thanh Oai", "THCS Đại Yên"
TT, CM = "Phòng GD&ĐT huyện Thanh Trì", "PGD huyện Chương Mỹ"


def table(*rows):
    return [HEAD, *([n, *row] for n, row in enumerate(rows, start=1))]


SCHOOLS = (A, B, "05/BGN-THCS", "15/4/2023", "15/4/2023", "31/5/2025")
DISTRICTS = (TT, CM, "01/BGN-PGDĐT", "15/4/2023", "15/4/2023", "31/12/2025")


def test_school_rows_lie_below_the_district_row_wherever_it_stands(so, world):
    before = dump()
    rows = table(SCHOOLS, DISTRICTS)
    plan, journal = import_rows("agreements", rows, so)
    assert actions(plan) == {"create": 2}
    above, below = Agreement.objects.get(tier="district"), Agreement.objects.get(tier="school")
    assert below.umbrella == above
    assert (below.status, below.signed_on, below.number) == ("signed", date(2023, 4, 15), "05/BGN-THCS")
    assert (below.supporting_school, below.supported_school) == (world.school_a, world.school_b)
    assert (below.supporting_district, below.supported_district) == (world.thanh_tri, world.chuong_my)
    event = below.events.get()
    assert (event.action, event.by, event.note) == ("create", so, "Nhập từ tệp Excel")
    assert below.history.get().history_type == "+"
    assert Agreement.objects.filter(search_key__contains=" ta thanh oai").exists()
    assert actions(plan_of("agreements", rows, so)[1]) == {"same": 2}
    journal.undo()
    assert dump() == before


def test_without_a_day_of_signing_it_is_a_draft_of_the_own_side(phong_chuong_my, world):
    plan, _journal = import_rows("agreements", table((A, B, "", "", "", "")), phong_chuong_my)
    assert actions(plan) == {"create": 1}
    agreement = Agreement.objects.get()
    assert (agreement.status, agreement.registered_side) == ("draft", "supported")
    assert (agreement.starts_on, agreement.ends_on) == (world.programme.starts_on, world.programme.ends_on)


def test_a_draft_is_signed_by_a_later_file(so, draft):
    plan, _journal = import_rows("agreements", table((A, B, "05/BGN", "15/4/2023", "", "")), so)
    assert actions(plan) == {"change": 1}
    draft.refresh_from_db()
    assert (draft.status, draft.number) == ("signed", "05/BGN")
    assert [e.action for e in draft.events.all()] == ["sign"]


def test_school_agreements_that_are_there_come_under_a_new_district_one(so, school_agreement):
    before = dump()
    _plan, journal = import_rows("agreements", table(DISTRICTS), so)
    school_agreement.refresh_from_db()
    assert school_agreement.umbrella.tier == "district"
    journal.undo()
    assert dump() == before


def test_the_same_pair_twice_in_either_order(so, world):
    plan, _journal = import_rows("agreements", table(SCHOOLS, (B, A, "", "", "", "")), so)
    assert [(row, column) for row, column, _why in errors(plan)] == [(3, "Trường được hỗ trợ")]


def test_a_pair_that_has_an_agreement_with_another_number(so, school_agreement):
    plan, _journal = import_rows("agreements", table((A, B, "77/BGN", "1/5/2023", "", "")), so)
    assert errors(plan)[0][1] == "Số, ký hiệu"
    assert "05/BGN-THCS" in errors(plan)[0][2]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ((A, B, "", "15/4/2023", "1/1/2020", "31/5/2025"), "Thực hiện từ ngày"),
        ((A, B, "", "15/4/2023", "15/4/2023", "31/5/2030"), "Đến hết ngày"),
        ((A, B, "", "15/4/2023", "15/4/2024", "15/4/2023"), "Đến hết ngày"),
        ((A, B, "", "1/1/2021", "15/4/2023", "31/5/2025"), "Ngày ký"),
        ((A, B, "", "1/6/2025", "15/4/2023", "31/5/2025"), "Ngày ký"),
        ((A, A, "", "", "", ""), "Trường được hỗ trợ"),
        ((TT, TT, "", "", "", ""), "Đơn vị được hỗ trợ"),
        ((A, "", "", "", "", ""), "Đơn vị được hỗ trợ"),
        ((A, CM, "", "", "", ""), "Trường được hỗ trợ"),
        (("THCS Không Có", B, "", "", "", ""), "Trường hỗ trợ"),
        ((A, B, "x" * 61, "", "", ""), "Số, ký hiệu"),
    ],
)
def test_rules_of_agreements_are_errors_of_the_row(so, world, row, column):
    plan, _journal = import_rows("agreements", table(row), so)
    assert [label for _row, label, _why in errors(plan)] == [column]
    assert not Agreement.objects.exists()


def test_a_district_imports_only_its_own(phong_thanh_tri, world):
    rows = table(SCHOOLS, ("THCS Phúc Xá", B, "", "", "", ""))
    plan, _journal = import_rows("agreements", rows, phong_thanh_tri)
    assert [(row, why) for row, _column, why in errors(plan)] == [(3, "Một trong hai bên phải là đơn vị của thầy/cô.")]
    assert Agreement.objects.count() == 1


def test_a_district_does_not_rewrite_what_is_signed(phong_thanh_tri, school_agreement):
    plan, _journal = import_rows(
        "agreements", table((A, B, "05/BGN-THCS", "15/4/2023", "", "30/6/2025")), phong_thanh_tri
    )
    assert "nhờ Sở" in errors(plan)[0][2]


def test_schools_stand_under_the_unit_of_then(so, world):
    world.school_a.managements.all().delete()
    world.school_a.managements.create(district=world.thanh_tri, valid_to=date(2025, 6, 30))
    world.school_a.managements.create(district=world.ba_dinh, valid_from=date(2025, 7, 1))
    School.objects.filter(pk=world.school_a.pk).update(district=world.ba_dinh)
    import_rows("agreements", table(SCHOOLS), so)
    assert Agreement.objects.get().supporting_district == world.thanh_tri


def test_queries_do_not_grow_with_rows(so, world):
    for n in range(20):
        School.objects.create(code=f"0102{n:04}", name=f"THCS Số {n + 10}", level="thcs", district=world.thanh_tri)

    def queries(n):
        rows = table(DISTRICTS, *((f"THCS Số {i + 10}", B, f"{i}/BGN", "15/4/2023", "", "") for i in range(n)))
        with CaptureQueriesContext(connection) as captured:
            plan, journal = import_rows("agreements", rows, so)
        assert actions(plan) == {"create": n + 1}
        journal.undo()
        return len(captured)

    queries(1)
    assert queries(2) == queries(20)


# --- how long ---------------------------------------------------------------------------------------------------------


def with_period(written, signed_on="15/4/2023"):
    """An agreement as offices list it, its time in one column."""
    return [
        ["SỞ GIÁO DỤC VÀ ĐÀO TẠO HÀ NỘI"],
        ["DANH SÁCH KÝ KẾT GIAO ƯỚC"],
        ["TT", "Bên hỗ trợ", "Bên được hỗ trợ", "Ngày ký", "Thời gian thực hiện"],
        [1, A, B, signed_on, written],
        ["", "Tổng cộng: 01 giao ước"],
    ]


@pytest.mark.parametrize(
    ("written", "starts", "ends"),
    [
        ("từ 15/4/2023 đến 31/12/2025", (2023, 4, 15), (2025, 12, 31)),
        ("Từ ngày 01/05/2023 đến hết ngày 31/05/2025", (2023, 5, 1), (2025, 5, 31)),
        ("15/4/2023 - 30/6/2025", (2023, 4, 15), (2025, 6, 30)),
        ("5/2023 – 6/2025", (2023, 5, 1), (2025, 6, 30)),
        ("từ tháng 5/2023 đến tháng 6/2025", (2023, 5, 1), (2025, 6, 30)),
        ("2023-2025", (2023, 4, 15), (2025, 12, 31)),
        ("Giai đoạn 2022 - 2025", (2023, 4, 15), (2025, 12, 31)),
        ("từ năm 2024 đến năm 2025", (2024, 1, 1), (2025, 12, 31)),
        ("Năm học 2023-2024", (2023, 9, 1), (2024, 8, 31)),
        ("năm học 2023-2024 đến năm học 2024-2025", (2023, 9, 1), (2025, 8, 31)),
        ("2 năm", (2023, 4, 15), (2025, 4, 14)),
        ("02 năm (2023-2025)", (2023, 4, 15), (2025, 12, 31)),
        ("18 tháng", (2023, 4, 15), (2024, 10, 14)),
        ("2 năm, từ 1/5/2023 đến 30/4/2025", (2023, 5, 1), (2025, 4, 30)),
        ("đến hết 30/6/2025", (2023, 4, 15), (2025, 6, 30)),
        ("từ 1/9/2023", (2023, 9, 1), (2025, 12, 31)),
    ],
)
def test_a_stretch_of_time_as_people_write_it(so, world, written, starts, ends):
    plan, _journal = import_rows("agreements", with_period(written), so)
    assert plan.counts["create"] == 1, errors(plan)
    agreement = Agreement.objects.get()
    assert (agreement.starts_on, agreement.ends_on) == (date(*starts), date(*ends))
    assert any(f"“{written}” → " in note for note in plan.outcomes[0].notes)
    assert plan_of("agreements", with_period(written), so)[1].counts["same"] == 1


def test_two_years_side_by_side_are_asked_about(so, world):
    rows = with_period("2023-2024")
    _kind, plan = plan_of("agreements", rows, so)
    assert plan.counts["ask"] == 1
    key = next(outcome.question.key for outcome in plan.outcomes if outcome.question)
    import_rows("agreements", rows, so, decisions={key: "school_year"})
    agreement = Agreement.objects.get()
    assert (agreement.starts_on, agreement.ends_on) == (date(2023, 9, 1), date(2024, 8, 31))
    import_rows("agreements", rows, so, decisions={key: "years"})
    agreement.refresh_from_db()
    assert (agreement.starts_on, agreement.ends_on) == (date(2023, 4, 15), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("written", "signed_on", "column"),
    [
        ("lâu dài", "15/4/2023", "Thời gian thực hiện"),
        ("31/12/2025 - 15/4/2023", "15/4/2023", "Thời gian thực hiện"),
        ("3 năm học", "15/4/2023", "Thời gian thực hiện"),
        ("3 năm", "", "Thời gian thực hiện"),
        ("5 năm", "15/4/2023", "Đến hết ngày"),  # longer than the programme
    ],
)
def test_a_time_nobody_understands_is_refused_at_its_cell(so, world, written, signed_on, column):
    plan, _journal = import_rows("agreements", with_period(written, signed_on), so)
    [outcome] = [outcome for outcome in plan.outcomes if outcome.action == "reject"]
    assert (outcome.errors[0][0], outcome.errors[0][3]) == (column, "E4")


def test_columns_of_days_count_more_than_a_stretch(so, world):
    rows = [[*HEAD, "Giai đoạn"], [1, *SCHOOLS, "2024-2025"]]
    import_rows("agreements", rows, so, decisions={"thoi-gian:2024-2025": "years"})
    assert Agreement.objects.get().ends_on == date(2025, 5, 31)


# --- kinds of paper, subjects, what each side promises ----------------------------------------------------------------


def test_kinds_of_paper_and_what_each_side_promises(so, world):
    rows = [
        ["TT", "Bên hỗ trợ", "", "Bên được hỗ trợ", "", "Loại văn bản", "Ngày ký"],
        ["", "Tên trường", "Nội dung cam kết", "Tên trường", "Nội dung cam kết", "", ""],
        [1, A, "Cử giáo viên dạy mẫu\nTặng sách", B, "Cử giáo viên dự giờ", "Bản ghi nhớ", "15/4/2023"],
        [2, A, "", "THCS Phúc Xá", "", "KH phối hợp", ""],
    ]
    merged = [(0, 1, 0, 2, "Bên hỗ trợ"), (0, 3, 0, 4, "Bên được hỗ trợ")]
    plan, _journal = import_rows("agreements", xlsx(rows, merged=merged), so)
    assert actions(plan) == {"create": 2}, errors(plan)
    signed, draft = Agreement.objects.order_by("pk")
    assert (signed.kind, draft.kind) == ("mou", "joint_plan")
    assert signed.supporting_contents == "Cử giáo viên dạy mẫu\nTặng sách"
    assert signed.supported_contents == "Cử giáo viên dự giờ"
    assert actions(plan_of("agreements", xlsx(rows, merged=merged), so)[1]) == {"same": 2}
    rows[3][5] = "giao ước"
    assert actions(plan_of("agreements", xlsx(rows, merged=merged), so)[1]) == {"same": 1, "change": 1}


def test_groups_of_a_subject_beside_their_schools(so, world):
    world.programme.has_subject_tier = True
    world.programme.save()
    head = ["Cấp", "Bộ môn", "Bên hỗ trợ", "Bên được hỗ trợ", "Ngày ký"]
    rows = [
        head,
        ["", "Toán học", A, B, "15/4/2023"],
        ["Trường – trường", "", A, B, "15/4/2023"],
        ["Phòng – Phòng", "", TT, CM, "15/4/2023"],
        ["bộ môn", "", A, "THCS Phúc Xá", ""],
        ["trường", "Toán", A, "THCS Phúc Xá", ""],
        ["", "Bay", A, "THCS Phúc Xá", ""],
        ["", "Toán", TT, CM, ""],
    ]
    before = dump()
    plan, journal = import_rows("agreements", rows, so)
    assert [(row, column) for row, column, _why in errors(plan)] == [
        (5, "Bộ môn"),
        (6, "Bộ môn"),
        (7, "Bộ môn"),
        (8, "Trường hỗ trợ"),
    ]
    of_subject = Agreement.objects.get(tier="subject")
    assert (of_subject.subject, of_subject.umbrella.tier, of_subject.status) == (world.toan, "district", "signed")
    assert Agreement.objects.count() == 3
    made, _plan = plan_of("agreements", rows, so)
    again = template_rows(made)
    assert actions(plan_of("agreements", again, so)[1]) == {"same": 3}
    journal.undo()
    assert dump() == before


def test_a_tier_the_programme_has_not(so, world):
    plan, _journal = import_rows("agreements", [["Bộ môn", "Bên hỗ trợ", "Bên được hỗ trợ"], ["Toán", A, B]], so)
    assert errors(plan) == [(2, "Cấp giao ước", "Phong trào này không có giao ước Bộ môn – bộ môn.")]


def test_a_level_that_takes_no_part(so, world):
    world.programme.school_levels = ["thcs"]
    world.programme.save()
    rows = table((A, B, "", "", "", ""), ("THCS Phúc Xá", "Tiểu học Đại Yên", "", "", "", ""))
    plan, _journal = import_rows("agreements", rows, so)
    assert actions(plan) == {"create": 1, "reject": 1}
    [(row, column, why)] = errors(plan)
    assert (row, column) == (3, "Trường được hỗ trợ")
    assert "cấp học này không kết nghĩa trong phong trào" in why


def test_the_template_offers_the_new_columns(so, world):
    made, _plan = plan_of("agreements", [["x"]], so)
    with template(made) as file:
        heads = [cell.value for cell in openpyxl.load_workbook(file).worksheets[0][4]]
    assert {"Loại văn bản", "Bộ môn", "Bên hỗ trợ cam kết", "Bên được hỗ trợ cam kết"} <= set(heads)
    assert "Thời gian thực hiện" not in heads, "only read where others write it"
