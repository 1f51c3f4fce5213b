"""Lists as Vietnamese offices really make them."""

import unicodedata
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from activities.imports.event_columns import stored_events
from activities.imports.support import Supports
from activities.models import Support
from twinning.imports import cells
from twinning.imports.schools import Schools, level_of, read_level
from twinning.imports.sheet import find_table
from twinning.models import Agreement, District, School, SchoolYearFigures, Subject, Teacher
from twinning.tests.imports.building import actions, csv_bytes, errors, import_rows, plan_of, read, skipped, xlsx


@pytest.mark.parametrize(
    ("header", "cell", "dong"),
    [
        ("Kinh phí (triệu đồng)", 50, 50_000_000),
        ("Kinh phí (triệu đồng)", 1.5, 1_500_000),
        ("Kinh phí\n(nghìn đồng)", 2500, 2_500_000),
        ("Kinh phí (nghìn đồng)", "2.500", 2_500_000),
        ("Kinh phí (đồng)", 6_000_000, 6_000_000),
        ("Kinh phí (triệu đồng)", "50 triệu", 50_000_000),
    ],
)
def test_the_unit_in_a_header_counts(header, cell, dong):
    rows = [
        ["TT", "Đơn vị hỗ trợ", "Đơn vị nhận hỗ trợ", "Hình thức", "Nội dung hỗ trợ", header],
        [1, "THCS A", "THCS B", "Tiền mặt", "Quà Tết", cell],
    ]
    table = find_table(read(xlsx(rows))[0], Supports.columns)
    ((_number, found),) = table.rows
    assert cells.amount(found[table.columns["value_vnd"]], cells.Reading()) == dong
    assert found[table.columns["giver_school"]] == "THCS A"
    assert found[table.columns["receiver_school"]] == "THCS B"


def test_numbered_and_starred_headers():
    rows = [["1. Mã trường học", "2. Tên cơ sở GDMN\n(ghi đầy đủ) (*)", "3. Phòng GD"], ["'01", "MN A", "Ba Vì"]]
    table = find_table(read(xlsx(rows))[0], Schools.columns)
    assert table.columns == {"code": 0, "name": 1, "district": 2}


def test_a_code_loses_its_apostrophes():
    assert cells.code("’0102 0501", cells.Reading()) == "01020501"


@pytest.mark.parametrize(("header", "dong"), [("Kinh phí", 50_000_000), ("Kinh phí (đồng)", 50)])
def test_a_unit_above_the_table_counts(header, dong):
    rows = [
        ["Đơn vị tính: triệu đồng"],
        ["Đơn vị hỗ trợ", "Đơn vị nhận hỗ trợ", "Hình thức", "Nội dung hỗ trợ", header],
        ["THCS A", "THCS B", "Tiền mặt", "Quà Tết", 50],
    ]
    table = find_table(read(xlsx(rows))[0], Supports.columns)
    assert table.rows[0][1][4] == dong


def test_a_unit_with_points_in_an_english_file_is_refused():
    with pytest.raises(cells.CellError):
        cells.amount("2,500 triệu", cells.Reading("en"))


# --- the titles of a sheet, and headings between its rows ------------------------------------------------------------


def test_levels_as_headings_between_the_rows(phong_thanh_tri, world):
    rows = [
        ["STT", "Tên trường", "Số lớp"],
        ["I", "Khối Mầm non", 12],
        [1, "Hoa Sen", 12],
        [2, "Trường TH&THCS Vạn Phúc", 9],
        ["II. Cấp Trung học cơ sở (2 trường)"],
        [1, "Đông Mỹ", 20],
        [2, "Tả Thanh Oai", 21],
    ]
    plan, _journal = import_rows("schools", rows, phong_thanh_tri)
    assert actions(plan) == {"create": 3, "same": 1, "skip": 2}  # the last is THCS Tả Thanh Oai, known by its level
    assert School.objects.get(name="Hoa Sen").level == "mn"
    assert School.objects.get(name="Trường TH&THCS Vạn Phúc").level == "th_thcs"  # the name counts more
    assert School.objects.get(name="Đông Mỹ").level == "thcs"


@pytest.mark.parametrize("levels_first", [True, False])
def test_levels_and_units_as_headings_one_below_the_other(so, world, levels_first):
    outer = ["I. Khối Mầm non", "II. Khối Tiểu học"]
    inner = ["1. Huyện Thanh Trì", "2. Huyện Chương Mỹ"]
    if not levels_first:
        outer, inner = inner, outer
    rows = [["STT", "Tên trường"]]
    for a, above in enumerate(outer):
        rows.append([above])
        for b, below in enumerate(inner):
            rows += [[below], [1, f"Hoa {'ABCD'[2 * a + b]} Nở"]]
    plan, _journal = import_rows("schools", rows, so)
    assert actions(plan) == {"create": 4, "skip": 6}
    found = School.objects.filter(name__startswith="Hoa ").order_by("name").values_list("level", "district__name")
    by_level = [("mn", "Thanh Trì"), ("mn", "Chương Mỹ"), ("th", "Thanh Trì"), ("th", "Chương Mỹ")]
    assert list(found) == (by_level if levels_first else [by_level[n] for n in (0, 2, 1, 3)])


def test_an_outer_heading_ends_what_the_inner_one_said(so, world):
    rows = [["Tên trường"], ["Huyện Thanh Trì"], ["Khối Mầm non"], ["Hoa Sen"], ["Huyện Chương Mỹ"], ["Hoa Mai"]]
    _kind, plan = plan_of("schools", rows, so)
    assert actions(plan) == {"create": 1, "ask": 1, "skip": 3}  # nobody says that Hoa Mai is a preschool


def test_a_sheet_for_each_level(phong_thanh_tri, world):
    sheets = [
        [["DANH SÁCH TRƯỜNG MẦM NON NĂM HỌC 2024-2025"], ["STT", "Tên trường"], [1, "Hoa Sen"]],
        [["DANH SÁCH TRƯỜNG TIỂU HỌC"], ["STT", "Tên trường"], [1, "Đông Mỹ"]],
    ]
    plan, _journal = import_rows("schools", xlsx(*sheets), phong_thanh_tri)
    assert actions(plan) == {"create": 2}
    assert set(School.objects.filter(name__in=["Hoa Sen", "Đông Mỹ"]).values_list("level", flat=True)) == {"mn", "th"}
    assert [told for _sheet, told in plan.given] == ["Cấp học: Mầm non", "Cấp học: Tiểu học"]


def test_the_year_and_the_unit_of_figures_stand_in_the_title(so, world):
    School.objects.create(
        name="THCS Tả Thanh Oai", level="thcs", district=world.chuong_my, code="01277599"
    )  # one of the same name elsewhere
    rows = [
        ["PHÒNG GD&ĐT HUYỆN THANH TRÌ"],
        ["QUY MÔ TRƯỜNG, LỚP NĂM HỌC 2024 - 2025"],
        ["TT", "Trường", "Lớp", "HS"],
        [1, "THCS Tả Thanh Oai", 20, "800 HS"],
    ]
    plan, _journal = import_rows("figures", rows, so)
    assert actions(plan) == {"create": 1}, errors(plan)
    figures = SchoolYearFigures.objects.get()
    assert (figures.school, figures.school_year, figures.pupils) == (world.school_a, 2024, 800)
    assert plan.given[0][1] == "Năm học: 2024-2025; Đơn vị quản lý: PHÒNG GD&ĐT HUYỆN THANH TRÌ"


@pytest.mark.parametrize("title", ["QUY MÔ NĂM HỌC 2023-2024 VÀ NĂM HỌC 2024-2025", "QUY MÔ TRƯỜNG LỚP", "2020-2025"])
def test_a_title_that_names_no_one_year_is_no_year(so, world, title):
    rows = [[title], ["Mã trường", "Lớp", "HS"], ["01020501", 20, 800]]
    _kind, plan = plan_of("figures", rows, so)
    assert "thiếu cột “Năm học”" in plan.sheets[0][2]


def test_a_column_counts_more_than_the_title(so, world):
    rows = [["NĂM HỌC 2024-2025"], ["Mã trường", "Năm học", "Lớp"], ["01020501", "2022-2023", 20]]
    plan, _journal = import_rows("figures", rows, so)
    assert SchoolYearFigures.objects.get().school_year == 2022
    assert plan.given == []


def test_teachers_of_the_school_in_the_title(so, world):
    rows = [
        ["UBND HUYỆN THANH TRÌ"],
        ["TRƯỜNG THCS TẢ THANH OAI"],
        ["TT", "Họ và tên", "Chuyên môn", "Ngày sinh"],
        [1, "Nguyễn Văn An", "Văn", "1980"],
        [2, "Lê Thị Bình", "Thể dục", ""],
        [3, "Trần Văn Cường", "Toán, Lý", ""],
        ["", "Danh sách gồm 3 người"],
    ]
    Subject.objects.get_or_create(name="Ngữ văn")
    Subject.objects.get_or_create(name="Giáo dục thể chất")
    plan, _journal = import_rows("teachers", rows, so)
    assert actions(plan) == {"create": 3, "skip": 1}, errors(plan)
    found = Teacher.objects.filter(school=world.school_a).order_by("pk").values_list("subject__name", flat=True)
    assert list(found) == ["Ngữ văn", "Giáo dục thể chất", None]
    assert "môn “Toán, Lý” không có" in plan.outcomes[2].notes[0]
    assert plan.unknown == ["Ngày sinh"]  # as it is written, without the title above it


# --- names with their unit behind, words of offices -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Trường THCS Tả Thanh Oai - huyện Thanh Trì",
        "THCS Tả Thanh Oai-Thanh Trì",
        "THCS Tả Thanh Oai (H. Thanh Trì)",
        "THCS Tả Thanh Oai, Thanh Trì",
        "THCS Tả Thanh Oai huyện Thanh Trì",
    ],
)
def test_a_school_with_its_unit_behind(so, world, name):
    School.objects.create(name="THCS Tả Thanh Oai", level="thcs", district=world.chuong_my, code="01277599")
    assert actions(plan_of("schools", [["Tên trường", "Địa chỉ"], [name, ""]], so)[1]) == {"same": 1}
    rows = [["Tên trường", "Năm học", "Lớp"], [name, "2024-2025", 20]]
    import_rows("figures", rows, so)
    assert SchoolYearFigures.objects.get().school == world.school_a


def test_schools_of_the_list_of_examinations(so, world):
    """The name as written, three figures as the code of examinations; the Ministry's code comes later by the name."""
    rows = [["Tên trường", "Mã trường"], ["THPT Nguyễn Trãi-Ba Đình", "060"], ["TH Nguyễn Trãi-Ba Đình", "061"]]
    import_rows("schools", rows, so)
    found = School.objects.filter(name__contains="Nguyễn Trãi").order_by("pk")
    assert list(found.values_list("name", "code", "exam_code", "district__name")) == [
        ("THPT Nguyễn Trãi-Ba Đình", "", "060", "Ba Đình"),
        ("TH Nguyễn Trãi-Ba Đình", "061", "", "Ba Đình"),
    ]
    assert actions(plan_of("schools", rows, so)[1]) == {"same": 2}
    renamed = [rows[0], ["THPT Nguyễn Trãi (mới)", "060"]]
    assert plan_of("schools", renamed, so)[1].counts["ask"] == 1
    ministry = [rows[0], ["THPT Nguyễn Trãi-Ba Đình", "01001701"]]
    import_rows("schools", ministry, so)
    assert School.objects.get(exam_code="060").code == "01001701"


@pytest.mark.parametrize(
    ("said", "level"), [("TH, THCS", "th_thcs"), ("Tiểu học + THCS", "th_thcs"), ("THCS-THPT", "thcs_thpt")]
)
def test_levels_as_a_list(said, level):
    assert read_level(said, cells.Reading()) == level


@pytest.mark.parametrize(
    ("name", "level"), [("Nhóm trẻ Hoa Mai", "mn"), ("Lớp MG độc lập Hoa Mai", "mn"), ("Lớp Một", None)]
)
def test_small_preschools(name, level):
    assert level_of(name) == level


def test_offices_among_schools_and_among_units(so, world):
    rows = [
        ["STT", "Huyện/TX", "Tên đơn vị"],
        [1, "Thanh Trì", "Sở GD&ĐT Hà Nội"],
        [2, "Thanh Trì", "Phòng GD Thanh Trì"],
    ]
    assert actions(plan_of("schools", rows, so)[1]) == {"skip": 2}
    rows = [["Mã xã", "Tên xã/phường"], ["1", "Sở GD&ĐT"], ["10015", "UBND xã Đại Thanh"]]
    plan, _journal = import_rows("units", rows, so)
    assert actions(plan) == {"skip": 1, "create": 1}
    assert str(District.objects.get(code="10015")) == "xã Đại Thanh"


def test_accounts_by_the_words_of_offices(so, world):
    rows = [
        ["Họ tên", "Chức vụ", "Đơn vị", "Email", "SĐT"],
        ["Nguyễn A", "P.HT", "THCS Tả Thanh Oai", "a@example.vn", 912345678.0],
        ["Nguyễn B", "Chuyên viên", "Phòng GD&ĐT huyện Thanh Trì", "b@example.vn", "0912.345.678"],
        ["Nguyễn C", "Chuyên viên", "Sở GD&ĐT", "c@example.vn", ""],
        ["Nguyễn D", "Chuyên viên", "THCS Tả Thanh Oai", "d@example.vn", ""],
    ]
    plan, _journal = import_rows("accounts", rows, so)
    assert [(row, column) for row, column, _why in errors(plan)] == [(5, "Vai trò")]
    people = User.objects.filter(email__in=["a@example.vn", "b@example.vn", "c@example.vn"]).order_by("email")
    found = people.values_list("memberships__role", "phone")
    assert list(found) == [("principal", "0912345678"), ("district", "0912345678"), ("department", "")]


def test_agreements_under_a_header_of_two_rows(so, world):
    rows = [
        ["TT", "Đơn vị giúp đỡ", "", "Đơn vị được giúp đỡ", "", "Ngày, tháng, năm ký"],
        ["", "Tên trường", "Quận/huyện", "Tên trường", "Quận/huyện", ""],
        [1, "THCS Tả Thanh Oai", "Thanh Trì", "THCS Đại Yên", "Chương Mỹ", "15.4.2023"],
    ]
    merged = [(0, 1, 0, 2, "Đơn vị giúp đỡ"), (0, 3, 0, 4, "Đơn vị được giúp đỡ")]
    import_rows("agreements", xlsx(rows, merged=merged), so)
    agreement = Agreement.objects.get()
    assert (agreement.supporting_school, agreement.supported_school) == (world.school_a, world.school_b)


def test_a_school_in_the_column_of_units(so, world):
    rows = [
        ["Đơn vị hỗ trợ", "Đơn vị được hỗ trợ", "Ngày ký"],
        ["THCS Tả Thanh Oai (Thanh Trì)", "THCS Đại Yên", "15/4/2023"],
        ["Phòng GD&ĐT Thanh Trì", "Phòng GD&ĐT Chương Mỹ", "15/4/2023"],
    ]
    plan, _journal = import_rows("agreements", rows, so)
    assert actions(plan) == {"create": 2}, errors(plan)
    assert set(Agreement.objects.values_list("tier", flat=True)) == {"school", "district"}


def test_a_sheet_that_is_no_list_of_agreements_says_what_was_looked_for(so, world):
    _kind, plan = plan_of("agreements", [["Bên A", "Bên B"], ["x", "y"]], so)
    assert "không thấy dòng tiêu đề có cột “Cấp giao ước”, “Mã trường hỗ trợ”" in plan.sheets[0][2]


# --- encodings of CSV -------------------------------------------------------------------------------------------------

LIST = [["STT", "Tên trường", "Quận huyện"], ["1", "Trường Tiểu học Đông Phượng Ngải", "Huyện Chương Mỹ"]]


def in_cp1258(text):
    """As Windows writes it: letters with their hat, hook or breve are one byte, tones stand behind."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    letters = ("".join(sorted(unicodedata.normalize("NFD", letter), key=tones.__contains__)) for letter in text)
    split = (
        "".join((unicodedata.normalize("NFC", one.rstrip(tones)), *(m for m in one if m in tones))) for one in letters
    )
    return "".join(split).encode("cp1258")


@pytest.mark.parametrize(
    "content",
    [
        in_cp1258(csv_bytes(LIST, ";", "utf-8").decode()),
        csv_bytes(LIST, ";", "utf-16-le"),
        csv_bytes(LIST, "\t", "utf-16-be"),
        b"sep=;\r\n" + csv_bytes(LIST, ";", "utf-8"),
    ],
)
def test_csv_without_a_mark(content):
    rows = [cells for _number, cells in read(content, "a.csv")[0].rows]
    assert rows[-2:] == LIST


def test_tcvn3_in_a_csv_is_not_taken_for_windows():
    tcvn3 = csv_bytes([["Tªn tr\u00adêng"], ["TiÓu häc §¹i Yªn"], ["THCS Hång Hµ"]], ",", "latin-1")
    assert read(tcvn3, "a.csv")[0].rows[1][1] == ["TiÓu häc §¹i Yªn"]


# --- lists of schools of ministries and of 2025 -----------------------------------------------------------------------


def test_the_national_list_of_schools_with_examinations(so, world):
    """Codes that Excel made numbers, levels under "Loại hình", and rows of the Department that are no schools."""
    rows = [
        ["Mã Tỉnh/TP", "Mã Quận/Huyện", "Tên Quận/Huyện", "Mã trường", "Tên trường", "Khu vực", "Loại hình"],
        ["01", "00", "Sở Giáo dục và Đào tạo", "000", "Sở GD-ĐT Hà Nội", "3", ""],
        ["01", "00", "Sở Giáo dục và Đào tạo", "800", "Học ở nước ngoài_01", "3", ""],
        ["01", "00", "Sở Giáo dục và Đào tạo", "900", "Quân nhân, Công an tại ngũ_01", "3", ""],
        ["01", "28", "Huyện Thanh Trì", "050", "THPT Ngô Thì Nhậm", "2", "Trường THPT công lập"],
        [1.0, 28.0, "Huyện Thanh Trì", 9.0, "Hoa Mai", "2", "Trung tâm GDTX"],
        ["01", "00", "Sở GD&ĐT", "051", "THPT Chuyên", "3", "Công lập tự chủ"],
    ]
    plan, _journal = import_rows("schools", rows, so)
    assert actions(plan) == {"create": 2, "skip": 3, "reject": 1}
    stored = School.objects.exclude(exam_code="").order_by("exam_code").values_list("exam_code", "level", "ownership")
    assert list(stored) == [("009", "gdtx", "public"), ("050", "thpt", "public")]
    assert "nơi trường đóng" in errors(plan)[0][2]


def test_a_list_with_the_units_of_before_and_of_today(so, world):
    District.objects.create(department=world.so, code="10015", name="Đại Thanh", kind="xa", office_name="UBND")
    rows = [
        ["STT", "Tên đơn vị trước sắp xếp", "Tên đơn vị sau sắp xếp", "Xã/phường mới", "Quận/huyện cũ", "Loại hình"],
        [1, "TH Cũ", "Tiểu học Hoa Mai", "Xã Đại Thanh", "Huyện Chương Mỹ", "Tiểu học tư thục"],
        [2, "TH Cũ", "Tiểu học Hoa Đào", "Xã Nào Đó", "Huyện Chương Mỹ", "Ngoài công lập"],
    ]
    plan, _journal = import_rows("schools", rows, so)
    stored = School.objects.filter(name__contains="Hoa").order_by("name")
    assert {(s.name, str(s.district), s.level, s.ownership) for s in stored} == {
        ("Tiểu học Hoa Mai", "huyện Chương Mỹ", "th", "private"),
        ("Tiểu học Hoa Đào", "huyện Chương Mỹ", "th", "private"),
    }
    District.objects.filter(name="Chương Mỹ").update(valid_to="2025-06-30")
    rows[1][2], rows[2][2] = "Tiểu học Hoa Lan", "Tiểu học Hoa Cúc"
    plan, _journal = import_rows("schools", rows, so)
    assert str(School.objects.get(name="Tiểu học Hoa Lan").district) == "xã Đại Thanh", "the unit that is there today"
    assert "đã kết thúc" in errors(plan)[0][2]


def test_a_code_that_lost_its_zero_is_asked_about(so, world):
    rows = [["Mã trường", "Tên trường", "Huyện"], [1020599.0, "THCS Hoa Mai", "Thanh Trì"]]
    _kind, plan = plan_of("schools", rows, so)
    assert actions(plan) == {"ask": 1}
    question = plan.outcomes[0].question
    assert "Excel đã bỏ số 0?" in question.text
    for answer, code in (("keep", "1020599"), ("add", "01020599")):
        _kind, decided = plan_of("schools", rows, so, decisions={question.key: answer})
        assert decided.items[0][1].code == code
    known = [rows[0], [1020501.0, "THCS Tả Thanh Oai", "Thanh Trì"]]
    assert actions(plan_of("schools", known, so)[1]) == {"same": 1}, "a school that is there is known without it"


# --- pairs, where only the order or a heading tells the sides ---------------------------------------------------------


def pairs_of_units(*rows):
    return [["DANH SÁCH CÁC TRƯỜNG KẾT NGHĨA"], ["STT", "Huyện Chương Mỹ", "Huyện  Thanh Trì", "Ghi chú"], *rows]


def test_units_as_headers_with_their_schools_below(so, world):
    """Who supports whom is not said, so a person is asked once; the agreement of the two offices would say it."""
    rows = pairs_of_units([1, "THCS Đại Yên", "THCS Tả Thanh Oai", ""])
    _kind, plan = plan_of("agreements", rows, so)
    assert actions(plan) == {"ask": 1}
    question = plan.outcomes[0].question
    assert "Huyện Chương Mỹ hay Huyện Thanh Trì" in question.text
    plan, _journal = import_rows("agreements", rows, so, decisions={question.key: "second"})
    agreement = Agreement.objects.get()
    assert (agreement.supporting_school, agreement.supported_school) == (world.school_a, world.school_b)
    assert plan.outcomes[0].notes == ("bên hỗ trợ: THCS Tả Thanh Oai, theo lựa chọn",)


def test_the_agreement_of_the_offices_tells_the_sides(so, world, district_agreement):
    rows = pairs_of_units([1, "THCS Đại Yên", "THCS Tả Thanh Oai", ""])
    plan, _journal = import_rows("agreements", rows, so)
    agreement = Agreement.objects.get(tier="school")
    assert (agreement.supporting_school, agreement.supported_school) == (world.school_a, world.school_b)
    assert "theo giao ước của hai đơn vị quản lý" in plan.outcomes[0].notes[0]


def test_both_sides_in_one_cell(so, world, district_agreement):
    rows = [
        ["STT", "Cặp kết nghĩa", "Ngày ký", "Số BBGN", "Ngày hết hạn"],
        [1, "THCS Tả Thanh Oai - THCS Đại Yên", "15/4/2023", "01/BGN", "31/5/2025"],
        [2, "THCS Phúc Xá với trường bạn", "15/4/2023", "", ""],
    ]
    plan, _journal = import_rows("agreements", rows, so)
    agreement = Agreement.objects.get(tier="school")
    assert (agreement.supporting_school, agreement.number, f"{agreement.ends_on}") == (
        world.school_a,
        "01/BGN",
        "2025-05-31",
    )
    assert "Hãy ghi hai bên ở hai cột" in errors(plan)[0][2]


def test_a_side_in_brackets(so, world):
    rows = [["STT", "Bên A (bên hỗ trợ)", "Bên B (bên được hỗ trợ)"], [1, "THCS Tả Thanh Oai", "THCS Đại Yên"]]
    import_rows("agreements", rows, so)
    assert Agreement.objects.get().supporting_school == world.school_a


def test_money_and_things_in_columns_of_their_own(so, world):
    rows = [
        ["ĐVT: nghìn đồng"],
        ["STT", "Đơn vị hỗ trợ", "Đơn vị nhận", "Nội dung", "Hình thức hỗ trợ", "", "Ngày trao", "Cách ước giá trị"],
        ["", "", "", "", "Tiền mặt", "Hiện vật quy ra tiền", "", ""],
        [1, "THCS Tả Thanh Oai", "THCS Đại Yên", "Sách và quà Tết", 2000, 3000, "20/12/2023", "giá bìa"],
        [2, "THCS Tả Thanh Oai", "THCS Đại Yên", "Máy tính", "", "60.000", "20/12/2023", "hoá đơn"],
    ]
    merged = [(1, 4, 1, 5, "Hình thức hỗ trợ")]
    plan, _journal = import_rows("support", xlsx(rows, merged=merged), so)
    assert actions(plan) == {"create": 3}, errors(plan)
    stored = Support.objects.order_by("value_vnd").values_list("title", "kind", "value_vnd")
    assert list(stored) == [
        ("Sách và quà Tết", "cash", 2_000_000),
        ("Sách và quà Tết", "in_kind", 3_000_000),
        ("Máy tính", "in_kind", 60_000_000),
    ]
    assert actions(plan_of("support", xlsx(rows, merged=merged), so)[1]) == {"same": 3}
    counted = [[*rows[1][:4], "Tiền mặt", "Số lượng hiện vật", *rows[1][6:]], rows[3]]
    _kind, plan = plan_of("support", counted, so)
    assert plan.unknown == ["Số lượng hiện vật"], "how many is not how much"


def test_people_with_a_title_and_staff_among_teachers(so, world):
    rows = [
        ["TRƯỜNG THCS TẢ THANH OAI"],
        ["Họ và tên", "Chức vụ"],
        ["Cô Phạm Thị Em", "GV"],
        ["Bà Phạm Thị Phương", "Kế toán"],
        ["Ông Văn An", "TTCM"],
        ["Ông Nguyễn Văn Bình", "Nhân viên thư viện kiêm GV"],
        ["Đ/c Lê Thị Hoa", "PHT"],
    ]
    plan, _journal = import_rows("teachers", rows, so)
    assert actions(plan) == {"create": 4, "skip": 1}
    stored = Teacher.objects.filter(school=world.school_a).order_by("pk").values_list("full_name", "is_manager")
    assert list(stored) == [
        ("Phạm Thị Em", False),
        ("Ông Văn An", False),
        ("Nguyễn Văn Bình", False),
        ("Lê Thị Hoa", True),
    ]
    assert plan.outcomes[0].notes == ("bỏ “Cô” trước họ tên",)


def test_a_list_of_those_who_came_names_the_event_in_its_title(so, world):
    head = ["Tên hoạt động", "Ngày tổ chức", "Trường", "GV"]
    import_rows("activities", [head, ["Chuyên đề Hình học 9", "20/10/2023", "THCS Tả Thanh Oai", 5]], so)
    rows = [
        ["DANH SÁCH GIÁO VIÊN DỰ CHUYÊN ĐỀ HÌNH HỌC 9"],
        ["Thời gian: 8h00 ngày 20 tháng 10 năm 2023"],
        ["STT", "Họ và tên", "Đơn vị", "Ký tên"],
        [1, "Nguyễn Văn An", "THCS Tả Thanh Oai", ""],
    ]
    plan, _journal = import_rows("participations", rows, so)
    assert actions(plan) == {"create": 1}, errors(plan)
    assert plan.given[0][1] == "Tên hoạt động: Chuyên đề Hình học 9; Ngày tổ chức: 20/10/2023"
    rows[0] = ["DANH SÁCH GIÁO VIÊN DỰ CHUYÊN ĐỀ SỐ HỌC 6"]
    assert "thiếu cột “Tên hoạt động”" in plan_of("participations", rows, so)[1].sheets[0][2]


@pytest.mark.parametrize("name", ["Tống Thị Hoa", "Vi Dũng", "Công Thị Lan", "Tổng Văn Nam"])
def test_a_name_that_reads_like_a_total_without_its_marks_is_data(so, world, name):
    rows = [["STT", "Họ và tên", "Trường"], [1, name, "THCS Tả Thanh Oai"]]
    assert actions(plan_of("teachers", rows, so)[1]) == {"create": 1}


def test_totals(so, world):
    totals = "Tổng cộng;TỔNG CỘNG:;Cộng;Cộng: 4 trường;Cộng huyện Ba Vì: 20 trường;Tổng (A+B);Tổng số 3;Cộng I;"
    totals += "Tong cong;Tổng toàn huyện;cộng trang;To\u0302\u0309ng co\u0323\u0302ng"
    rows = [["STT", "Tên trường", "Huyện"], [1, "MN Cộng Hòa", "Thanh Trì"]]
    rows += [["", total, "x"] for total in totals.split(";")]
    assert actions(plan_of("schools", rows, so)[1]) == {"create": 1, "skip": 12}


@pytest.mark.parametrize("title", ["Công đoàn hai trường giao lưu", "Tổng kết phong trào"])
def test_an_activity_called_like_a_total(so, world, title):
    rows = [["Tên hoạt động", "Ngày", "Trường", "Loại hoạt động", "GV"]]
    rows += [[title, "20/3/2024", "THCS Tả Thanh Oai", "Chuyên đề", 7]]
    assert actions(plan_of("activities", rows, so)[1]) == {"create": 1}


def test_what_activities_point_to_is_not_asked_with_one_or_a_row(so, world, activity):
    """On SQLite a thousand schools were "Expression tree is too large"."""
    row = SimpleNamespace(get=lambda name: activity.held_on)
    with CaptureQueriesContext(connection) as captured:
        [events] = stored_events(world.so, [row]).values()
        assert [part.school for part in events[0].units.all()]
    assert not [query for query in captured if 'FROM "twinning_school"' in query["sql"]]


@pytest.mark.parametrize("is_merged", [True, False])
def test_names_in_three_columns(so, world, is_merged):
    """A middle name that is left out is another person."""
    head = ["STT", "Họ và tên", "", ""] if is_merged else ["STT", "Họ", "Tên đệm", "Tên"]
    rows = [
        ["DANH SÁCH CBGV TRƯỜNG THCS TẢ THANH OAI NĂM HỌC 2024-2025"],
        [*head, "Môn dạy"],
        [1, "Nguyễn", "Thị", "Hoa", "Toán"],
        [2, "Lê", "", "Bình", "Toán"],
    ]
    import_rows("teachers", xlsx(rows, merged=[(1, 1, 1, 3, "Họ và tên")] if is_merged else ()), so)
    found = Teacher.objects.filter(school=world.school_a).order_by("pk").values_list("full_name", flat=True)
    assert list(found) == ["Nguyễn Thị Hoa", "Lê Bình"]


@pytest.mark.parametrize("office", ["PGD&ĐT Thanh Trì", "PGDĐT huyện Thanh Trì", "Phòng VH-XH Thanh Trì"])
def test_offices_by_their_short_names(so, world, office):
    rows = [["Tên trường", "Thuộc Phòng GDĐT"], ["TH Hoa Mai", office], [office, office]]
    plan, _journal = import_rows("schools", rows, so)
    assert actions(plan) == {"create": 1, "skip": 1}
    assert School.objects.get(name="TH Hoa Mai").district == world.thanh_tri


def test_a_subtotal_counted_by_letters_is_a_total(so, world):
    rows = [["NĂM HỌC 2024-2025"], ["STT", "Trường", "Lớp"], [1, "THCS Tả Thanh Oai", 20], ["II", "Cộng THCS", 20]]
    assert actions(plan_of("figures", rows, so)[1]) == {"create": 1, "skip": 1}


def test_headings_that_count_what_stands_below(so, world):
    """A heading that is not understood would become a school, and its schools would go to the unit above."""
    rows = [
        ["DANH SÁCH TRƯỜNG MẦM NON"],
        ["TT", "Tên trường", "Số lớp"],
        ["I", "HUYỆN CHƯƠNG MỸ", 5],
        [1, "Hoa Sen", 5],
        ["II", "HUYỆN THANH TRÌ (2 trường)", 12],
        [1, "Hoa Mai", 7],
        ["", "Huyện Chương Mỹ: 2 trường", ""],
        [2, "Hoa Đào", 5],
        ["Huyện Thanh Trì", 4, 8],
        [3, "Hoa Lan", 5],
        [4, "Quận Ba Đình", 5],
    ]
    plan, _journal = import_rows("schools", rows, so)
    assert actions(plan) == {"create": 4, "skip": 5}
    stored = School.objects.filter(name__startswith="Hoa ").values_list("name", "district__name")
    assert dict(stored) == {
        "Hoa Sen": "Chương Mỹ",
        "Hoa Mai": "Thanh Trì",
        "Hoa Đào": "Chương Mỹ",
        "Hoa Lan": "Thanh Trì",
    }
    assert skipped(plan)[11] == "là đơn vị quản lý, không phải trường"


def test_two_new_schools_alike_in_one_file_are_asked_about(so, world):
    rows = [["Tên trường", "Huyện"], ["TH Nguyễn Du", "Thanh Trì"], ["TH Nguyễn Dư", "Thanh Trì"]]
    rows += [["TH Nguyễn Dữ", "Ba Đình"]]
    _kind, plan = plan_of("schools", rows, so)
    assert actions(plan) == {"create": 2, "ask": 1}
    question = plan.outcomes[1].question
    assert "“TH Nguyễn Dư” và “TH Nguyễn Du” ở dòng 2" in question.text
    assert actions(plan_of("schools", rows, so, decisions={question.key: "new"})[1]) == {"create": 3}
