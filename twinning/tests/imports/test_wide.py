"""Tables laid out wide: columns for years, levels and indicators, with one to three header rows; crosses for levels."""

from decimal import Decimal

import pytest

from twinning.models import Indicator, IndicatorValue, School, SchoolYearFigures
from twinning.tests.imports.building import actions, csv_bytes, errors, import_rows, plan_of, read, skipped, xlsx
from twinning.tests.tables import dump

A, B, D = "THCS Tả Thanh Oai", "THCS Đại Yên", "Tiểu học Đại Yên"


@pytest.fixture
def joint(world):
    """A school of two levels."""
    return School.objects.create(
        code="01277601", name="TH&THCS Hoà Bình", level="th_thcs", district=world.chuong_my
    ).name


@pytest.fixture
def prizes(world):
    return Indicator.objects.create(department=world.so, code="HSG", name="Số giải học sinh giỏi", kind="count")


@pytest.fixture
def exam(world):
    return Indicator.objects.create(department=world.so, code="TS10", name="Điểm thi vào lớp 10", kind="mean")


def stored_figures():
    rows = SchoolYearFigures.objects.order_by("school__sort_key", "school_year", "level")
    return list(rows.values_list("school__name", "school_year", "level", "classes", "pupils", "teachers"))


def stored_values():
    rows = IndicatorValue.objects.order_by("indicator__code", "school_year", "school__sort_key")
    return list(rows.values_list("indicator__code", "school_year", "school__name", "value"))


def around(*rows):
    """Rows as an office frames them: titles above, a total, notes and a signature below."""
    return [
        ["UBND HUYỆN", "", "", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["PHÒNG GIÁO DỤC VÀ ĐÀO TẠO"],
        [],
        ["BIỂU TỔNG HỢP SỐ LIỆU"],
        *rows,
        ["", "Tổng cộng", 99, 99, 99, 99, 99, 99],
        ["Ghi chú: số liệu đến 31/5"],
        ["", "", "", "Hà Nội, ngày 15 tháng 4 năm 2024"],
        ["", "Người lập biểu", "", "TRƯỞNG PHÒNG"],
    ]


# --- school-year figures ----------------------------------------------------------------------------------------------


def test_years_merged_over_their_figures(so, world):
    rows = around(
        ["TT", "Trường", "Năm học 2022-2023", "", "", "Năm học 2023-2024", "", "", "Ghi chú"],
        ["", "", "Số lớp", "Số HS", "GV", "Số lớp", "Số HS", "GV", ""],
        [1, A, 20, "1.009", 40, 21, 990, 41, "mới xây"],
        [2, B, "", "", "", 12, "ba trăm", 20, ""],
        [3, D, "-", "", "", "", "", "", ""],
    )
    merged = [(4, 2, 4, 4, "Năm học 2022-2023"), (4, 5, 4, 7, "Năm học 2023-2024"), (4, 0, 5, 0, "TT")]
    before = dump()
    plan, journal = import_rows("figures", xlsx(rows, merged=merged), so)
    assert actions(plan) == {"create": 2, "reject": 1, "skip": 5}
    assert stored_figures() == [(A, 2022, "thcs", 20, 1009, 40), (A, 2023, "thcs", 21, 990, 41)]
    assert plan.unknown == ["Ghi chú"]
    [wrong] = [outcome for outcome in plan.outcomes if outcome.action == "reject"]
    assert (wrong.row, wrong.errors[0][0], wrong.errors[0][3]) == (8, "Số học sinh", "G8")
    assert skipped(plan)[9] == "các ô số liệu đều trống"
    assert [outcome.notes for outcome in plan.outcomes[:2]] == [("cột C, D, E",), ("cột F, G, H",)]
    assert actions(plan_of("figures", xlsx(rows, merged=merged), so)[1])["same"] == 2
    journal.undo()
    assert dump() == before


def test_levels_under_a_merged_header_with_their_total(so, world, joint):
    rows = around(
        ["STT", "Đơn vị", "Số lớp", "", "", "", "Số học sinh", "", "", "CBQL"],
        ["", "", "Tổng số", "MN", "TH", "THCS", "Tổng số", "TH", "THCS", ""],
        [1, joint, 25, "", 15, 10, 700, 420, 280, ""],
        [2, A, 20, "", "", 20, 800, "", 800, 3],
        [3, D, 9, "", 9, "", 300, 300, "", 2],
    )
    rows[3] = ["QUY MÔ TRƯỜNG LỚP NĂM HỌC 2024-2025"]
    merged = [(4, 2, 4, 5, "Số lớp"), (4, 6, 4, 8, "Số học sinh"), (3, 0, 3, 9, "QUY MÔ NĂM HỌC 2024-2025")]
    plan, _journal = import_rows("figures", xlsx(rows, merged=merged), so)
    assert actions(plan) == {"create": 4, "skip": 4}, errors(plan)
    assert stored_figures() == [
        (joint, 2024, "th", 15, 420, None),
        (joint, 2024, "thcs", 10, 280, None),
        (A, 2024, "thcs", 20, 800, None),
        (D, 2024, "th", 9, 300, None),
    ]
    assert SchoolYearFigures.objects.get(school=world.school_a).managers == 3, "joins the one level of the school"
    assert plan.unknown == ["Số lớp – Tổng số (cột tổng)", "Số học sinh – Tổng số (cột tổng)"]


def test_headings_of_units_and_levels_with_their_subtotals(so, world):
    School.objects.create(name=A, level="thcs", district=world.chuong_my, code="01277599")  # of the same name
    rows = [
        ["TT", "Trường", "Năm học 2022-2023", "", "Năm học 2023-2024", ""],
        ["", "", "Số lớp", "Số HS", "Số lớp", "Số HS"],
        ["A", "Huyện Thanh Trì", 20, 800, 21, 810],
        ["I", "Khối THCS", 20, 800, 21, 810],
        [1, A, 20, 800, 21, 810],
    ]
    merged = [(0, 2, 0, 3, "Năm học 2022-2023"), (0, 4, 0, 5, "Năm học 2023-2024")]
    plan, _journal = import_rows("figures", xlsx(rows, merged=merged), so)
    assert actions(plan) == {"create": 2, "skip": 2}, errors(plan)
    assert set(SchoolYearFigures.objects.values_list("school", flat=True)) == {world.school_a.pk}


def test_what_stands_under_no_level_of_several_is_refused_not_guessed(so, joint):
    rows = [["Trường", "Số lớp TH", "Số lớp THCS", "GV"], [joint, 15, 10, 40]]
    rows.insert(0, ["NĂM HỌC 2024-2025"])
    plan, _journal = import_rows("figures", rows, so)
    assert actions(plan) == {"create": 2, "reject": 1}
    assert "nhiều cấp học" in errors(plan)[0][2]


def test_a_level_the_school_has_not_is_shown_at_its_cell(so, world):
    rows = [["NĂM HỌC 2024-2025"], ["Trường", "Số lớp (TH)", "Số lớp (THCS)"], [A, 3, 20]]
    _kind, plan = plan_of("figures", rows, so)
    [wrong] = [outcome for outcome in plan.outcomes if outcome.action == "reject"]
    assert (wrong.errors[0][0], wrong.errors[0][3]) == ("Cấp học", "B3")


def test_three_header_rows_years_levels_and_figures(so, joint):
    rows = around(
        ["TT", "Trường", "Quy mô trường lớp", "", "", "", "", ""],
        ["", "", "Năm học 2022-2023", "", "", "", "2023-2024", ""],
        ["", "", "TH: Số lớp", "TH: Số HS", "THCS: Số lớp", "THCS: Số HS", "TH: Số lớp", "THCS: Số lớp"],
        ["A", "B", 1, 2, 3, 4, 5, 6],
        [1, joint, 15, 420, 10, 280, 16, 11],
    )
    merged = [
        (4, 2, 4, 7, "Quy mô trường lớp"),
        (5, 2, 5, 5, "Năm học 2022-2023"),
        (5, 6, 5, 7, "2023-2024"),
        (4, 1, 6, 1, "Trường"),
    ]
    plan, _journal = import_rows("figures", xlsx(rows, merged=merged), so)
    assert actions(plan)["create"] == 4
    assert stored_figures() == [
        (joint, 2022, "th", 15, 420, None),
        (joint, 2022, "thcs", 10, 280, None),
        (joint, 2023, "th", 16, None, None),
        (joint, 2023, "thcs", 11, None, None),
    ]


def test_a_csv_has_no_merged_cells(so, world):
    rows = [["TT", "Trường", "NH 22-23", "", "NH 23-24", ""], ["", "", "Số lớp", "HS", "Số lớp", "HS"]]
    rows += [["1", A, "20", "800", "21", "810"]]
    import_rows("figures", read(csv_bytes(rows, ";"), "quy-mo.csv"), so)
    assert stored_figures() == [(A, 2022, "thcs", 20, 800, None), (A, 2023, "thcs", 21, 810, None)]


@pytest.mark.parametrize(
    ("head", "unknown"),
    [
        (["Số HS 2022-2023", "Số HS nữ 2022-2023"], ["Số HS nữ 2022-2023"]),
        (["Số HS 2022-2023", "Số HS (nữ) 2022-2023"], ["Số HS (nữ) 2022-2023"]),
        (["Số HS 2022-2023", "Số HS 2022-2024"], ["Số HS 2022-2024"]),
        (["Số HS 2022-2023", "Diện tích 2022-2023"], ["Diện tích 2022-2023"]),
        (["Số HS 2022-2023", "Số HS 2022-2023 và 2023-2024"], ["Số HS 2022-2023 và 2023-2024"]),
    ],
)
def test_headers_that_say_something_else_are_told_as_unknown(so, world, head, unknown):
    plan, _journal = import_rows("figures", [["Trường", *head], [A, 800, 390]], so)
    assert plan.unknown == unknown
    assert stored_figures() == [(A, 2022, "thcs", None, 800, None)]


def test_two_columns_that_say_the_same_are_not_chosen_from(so, world):
    rows = [["Trường", "Số lớp 22-23", "Nhà trẻ: HS 22-23", "HS mầm non 22-23", "HS mẫu giáo 22-23"], [A, 20, 1, 2, 3]]
    plan, _journal = import_rows("figures", rows, so)
    assert plan.unknown == ["Nhà trẻ: HS 22-23", "HS mầm non 22-23", "HS mẫu giáo 22-23"]
    assert stored_figures() == [(A, 2022, "thcs", 20, None, None)]


def test_a_long_table_with_one_odd_column_stays_long(so, world):
    rows = [["Trường", "Năm học", "Cấp học", "Số lớp", "Số HS", "GV THCS"], [A, "2023-2024", "THCS", 20, 800, 40]]
    plan, _journal = import_rows("figures", rows, so)
    assert (stored_figures(), plan.unknown) == ([(A, 2023, "thcs", 20, 800, None)], ["GV THCS"])


def test_no_year_anywhere_says_so(so, world):
    _kind, plan = plan_of("figures", [["Trường", "Số lớp MN", "Số lớp TH"], [A, 1, 2]], so)
    assert plan.sheets[0][2] == "thiếu cột “Năm học” (chỉ thấy “Tên trường”)"


# --- indicators -------------------------------------------------------------------------------------------------------


def test_a_column_for_each_indicator_by_name_or_code(so, world, prizes, exam):
    rows = around(
        ["TT", "Trường", "Số giải học sinh giỏi (giải)", "TS10 (điểm)", "Xếp loại"],
        [1, A, 12, "6,75", "Tốt"],
        [2, B, "", "5,5", "Khá"],
        [3, "THCS Không Có", 1, "", ""],
    )
    rows[3] = ["KẾT QUẢ NĂM HỌC 2023-2024"]
    plan, _journal = import_rows("indicators", rows, so)
    assert actions(plan) == {"create": 3, "reject": 1, "skip": 4}
    assert stored_values() == [
        ("HSG", 2023, A, 12),
        ("TS10", 2023, B, Decimal("5.5")),
        ("TS10", 2023, A, Decimal("6.75")),
    ]
    assert plan.unknown == ["Xếp loại"]


@pytest.mark.parametrize("years_above", [True, False])
def test_years_and_indicators_in_two_header_rows(so, world, prizes, exam, years_above):
    years, names = ["Năm học 2021-2022", "Năm học 2022-2023"], ["HSG", "Điểm thi vào lớp 10"]
    above, below = (years, names) if years_above else (names, years)
    rows = around(
        ["TT", "Mã trường", "Tên trường", above[0], "", above[1], ""],
        ["", "", "", *below, *below],
        [1, 1020501.0, A, 1, 2, 3, 4],
    )
    merged = [(4, 3, 4, 4, above[0]), (4, 5, 4, 6, above[1])]
    before = dump()
    plan, journal = import_rows("indicators", xlsx(rows, merged=merged), so)
    assert actions(plan)["create"] == 4, errors(plan)
    values = [1, 3, 2, 4] if years_above else [1, 2, 3, 4]
    assert [value for *_key, value in stored_values()] == values
    assert actions(plan_of("indicators", xlsx(rows, merged=merged), so)[1])["same"] == 4
    journal.undo()
    assert dump() == before


def test_years_of_the_one_indicator_in_the_title_or_in_a_column(so, world, prizes):
    rows = [["Số giải học sinh giỏi"], ["Trường", "2021-2022", "2022-2023"], [A, 3, 5]]
    import_rows("indicators", rows, so)
    assert stored_values() == [("HSG", 2021, A, 3), ("HSG", 2022, A, 5)]
    rows = [["Chỉ số", "Trường", "2021-2022", "2022-2023"], ["HSG", B, 7, ""]]
    import_rows("indicators", rows, so)
    assert stored_values()[0] == ("HSG", 2021, B, 7)


def test_an_indicator_nobody_made_is_an_unknown_column(so, world, prizes):
    rows = [["Trường", "Năm học", "HSG", "Số giải cấp tỉnh"], [A, "2023-2024", 3, 5]]
    plan, _journal = import_rows("indicators", rows, so)
    assert (stored_values(), plan.unknown) == ([("HSG", 2023, A, 3)], ["Số giải cấp tỉnh"])


# --- crosses ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["x", "X", "✓", "✔", 1, "x "])
def test_crosses_tell_the_level_of_a_school(phong_thanh_tri, world, mark):
    rows = [
        ["TT", "Tên trường", "Cấp học", "", "", ""],
        ["", "", "MN", "TH", "THCS", "THPT"],
        [1, "Hoa Sen", mark, "", "", ""],
        [2, "Đông Mỹ", "", mark, mark, ""],
        [3, "Ngôi Sao", "", mark, mark, mark],
        [4, "Mặt Trời", mark, mark, "", 0],
        [5, "Lạ", "", "nhiều", "", ""],
        [6, "TH Tứ Hiệp", "", "", "", ""],
    ]
    plan, _journal = import_rows("schools", xlsx(rows, merged=[(0, 2, 0, 5, "Cấp học")]), phong_thanh_tri)
    assert actions(plan) == {"create": 5, "reject": 1}, errors(plan)
    names = ["Hoa Sen", "Đông Mỹ", "Ngôi Sao", "Mặt Trời", "TH Tứ Hiệp"]
    assert [School.objects.get(name=name).level for name in names] == ["mn", "th_thcs", "lien_cap", "lien_cap", "th"]
    [wrong] = [outcome for outcome in plan.outcomes if outcome.action == "reject"]
    assert (wrong.errors[0][0], wrong.errors[0][1], wrong.errors[0][3]) == ("Cấp học", "TH: nhiều", "C7")


def test_one_column_called_th_is_no_cross(phong_thanh_tri, world):
    plan, _journal = import_rows("schools", [["Tên trường", "TH"], ["THCS Vạn Phúc", "x"]], phong_thanh_tri)
    assert (School.objects.get(name="THCS Vạn Phúc").level, plan.unknown) == ("thcs", ["TH"])


@pytest.mark.parametrize(("last", "stored"), [("Toàn trường", (10, 401)), ("Khối 8", None)])
def test_figures_of_each_grade_are_not_those_of_the_school(so, world, last, stored):
    rows = [
        ["NĂM HỌC 2024-2025"],
        ["TT", "Trường", "CBQL", "Khối 6", "", "Khối 7", "", last, ""],
        ["", "", "", "Lớp", "HS", "Lớp", "HS", "Lớp", "HS"],
        [1, A, 3, 5, 200, 5, 201, 10, 401],
    ]
    merged = [(1, 3, 1, 4, "Khối 6"), (1, 5, 1, 6, "Khối 7"), (1, 7, 1, 8, last)]
    plan, _journal = import_rows("figures", xlsx(rows, merged=merged), so)
    figures = SchoolYearFigures.objects.get()
    assert (figures.managers, figures.classes, figures.pupils) == (3, *(stored or (None, None)))
    assert plan.unknown[0].startswith("Khối 6")
