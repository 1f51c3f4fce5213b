"""What a cell means, and which cells are refused rather than guessed."""

import unicodedata
from datetime import date, datetime, time
from decimal import Decimal

import pytest

from twinning.imports import cells, legacy
from twinning.imports.cells import CellError, Reading
from twinning.imports.check import check
from twinning.imports.kind import kind_called
from twinning.imports.reading import Sheet
from twinning.imports.schools import level_of
from twinning.models import Department
from twinning.tests.imports.building import actions, csv_bytes, errors, import_rows, plan_of, read
from twinning.vietnamese import same_key

VI, EN = Reading("vi"), Reading("en")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("  THCS   Cổ\u00a0Loa ", "THCS Cổ Loa"),
        ("THCS\u200b Cổ\ufeff Loa", "THCS Cổ Loa"),
        (unicodedata.normalize("NFD", "Đại Yên"), "Đại Yên"),
        ("Ðông Anh", "Đông Anh"),
        ("dòng 1\r\ndòng 2", "dòng 1 dòng 2"),
        (5.0, "5"),
        (2.5, "2,5"),
        (True, "có"),
        (datetime(2023, 4, 15), "15/04/2023"),  # noqa: DTZ001 as Excel gives it
        ("=1+1", "=1+1"),
        ("'tick", "'tick"),
        ("   ", None),
        ("\u200b", None),
    ],
)
def test_text(cell, value):
    assert cells.text(cell, VI) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("01020501", "01020501"),
        (1020501, "1020501"),
        (1020501.0, "1020501"),
        (" 01 020 501 ", "01020501"),
        ("'01020501", "01020501"),
        ("01-001", "01-001"),
    ],
)
def test_codes_stay_text(cell, value):
    assert cells.code(cell, VI) == value


@pytest.mark.parametrize("cell", [1.5, datetime(2023, 4, 15), time(7, 30)])  # noqa: DTZ001 as Excel gives it
def test_codes_that_excel_spoilt_are_refused(cell):
    with pytest.raises(CellError, match="Văn bản"):
        cells.code(cell, VI)


@pytest.mark.parametrize(
    ("cell", "reading", "value"),
    [
        ("1.009", VI, 1009),
        ("1,009", EN, 1009),
        ("1.234.567", VI, 1234567),
        ("1 234 567", VI, 1234567),
        ("12", VI, 12),
        (12.0, VI, 12),
        (12, VI, 12),
        ("-", VI, None),
        ("–", VI, None),
        ("", VI, None),
        ("5,0", VI, 5),
        ("1.009 HS", VI, 1009),
        ("25 người", VI, 25),
    ],
)
def test_whole_numbers_as_declared(cell, reading, value):
    assert cells.whole(cell, reading) == value


@pytest.mark.parametrize(
    ("cell", "reading", "why"),
    [
        ("1,009", VI, "không có phần lẻ"),
        ("1.009", EN, "không có phần lẻ"),
        (1.009, VI, "Ô chứa số lẻ 1,009"),
        ("1.00", VI, "không phải số viết theo kiểu"),
        ("1,234,567", VI, "không phải số viết theo kiểu"),
        ("-3", VI, "không thể âm"),
        (-3, VI, "không thể âm"),
        ("24 thùng", VI, "không phải số"),
        ("²", VI, "không phải số"),
        (10**12, VI, "quá lớn"),
        (float("nan"), VI, "không phải là số"),
        (float("inf"), VI, "không phải là số"),
        (True, VI, "phải là số"),
        (date(2023, 4, 15), VI, "phải là số"),
        ("#REF!", VI, "báo lỗi #REF!"),
    ],
)
def test_numbers_that_may_mean_two_things_are_refused(cell, reading, why):
    with pytest.raises(CellError, match=why):
        cells.whole(cell, reading)


def test_decimals():
    assert cells.decimal("7,25", VI) == Decimal("7.25")
    assert cells.decimal("7.25", EN) == Decimal("7.25")
    assert cells.decimal(7.1, VI) == Decimal("7.1")
    assert cells.decimal(0.1 + 0.2, VI) == Decimal("0.3"), "noise of binary fractions is none of ours"
    with pytest.raises(CellError, match="Nhiều nhất 3"):
        cells.decimal("7,1234", VI)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("3 tỷ 200 triệu", 3_200_000_000),
        ("3,2 tỷ đồng", 3_200_000_000),
        ("2,327 triệu", 2_327_000),
        ("12.345.678 đồng", 12_345_678),
        ("500k", 500_000),
        ("5000000", 5_000_000),
        (5e6, 5_000_000),
    ],
)
def test_amounts(cell, value):
    assert cells.amount(cell, VI) == value


@pytest.mark.parametrize("cell", ["nhiều", "3 tỷ 5 tỷ", "1,0005 nghìn", "tỷ", "3 tỷ hoặc 4 tỷ"])
def test_amounts_that_are_none(cell):
    with pytest.raises(CellError, match="Không hiểu số tiền"):
        cells.amount(cell, VI)


@pytest.mark.parametrize(
    "cell",
    [
        date(2023, 4, 15),
        datetime(2023, 4, 15, 8, 30),  # noqa: DTZ001 as Excel gives it
        "15/4/2023",
        "15/04/2023",
        "15-4-2023",
        "15.4.2023",
        "15/4/23",
        " 15 / 4 / 2023 ",
        "15/4/2023 08:30",
        "8h30 ngày 15/4/2023",
        "Sáng 15/4/2023",
        "Buổi chiều, ngày 15/4/2023",
        "Ngày 15/4/2023",
        "Thứ bảy, 15/4/2023",
        "2023-04-15",
        "2023-04-15T00:00:00",
        "ngày 15 tháng 4 năm 2023",
        "Ngày 15 tháng 04 năm 2023",
        "15 tháng 4 năm 2023",
        45031,
        45031.0,
        45031.5,
    ],
)
def test_days_in_every_form(cell):
    assert cells.day(cell, VI) == date(2023, 4, 15)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("4/15/2023", "kiểu Mỹ"),
        ("31/2/2023", "trong lịch"),
        ("15/13/2023", "trong lịch|không phải ngày"),
        ("tháng 4/2023", "không phải ngày"),
        ("4/2023", "không phải ngày"),
        ("2023", "không phải ngày"),
        (2023, "không phải ngày"),
        ("15/4/0203", "không hợp lý"),
        ("hôm qua", "không phải ngày"),
        ("15/4/2023 - 17/4/2023", "không phải ngày"),
        ("#N/A", "báo lỗi"),
    ],
)
def test_days_that_are_none(cell, why):
    with pytest.raises(CellError, match=why):
        cells.day(cell, VI)


@pytest.mark.parametrize(
    "cell", ["2022-2023", "2022 - 2023", "2022–2023", "NH 22-23", "Năm học 2022-2023", "2022/2023", 2022, "2022"]
)
def test_school_years(cell):
    assert cells.year(cell, VI) == 2022


@pytest.mark.parametrize("cell", ["2022-2024", "22", "abc", "1822-1823", 3])
def test_school_years_that_are_none(cell):
    with pytest.raises(CellError):
        cells.year(cell, VI)


@pytest.mark.parametrize("error", sorted(cells.EXCEL_ERRORS))
@pytest.mark.parametrize(
    "read_cell", [cells.text, cells.code, cells.whole, cells.day, cells.year, cells.prose, cells.amount]
)
def test_error_cells_are_never_a_value(error, read_cell):
    with pytest.raises(CellError):
        read_cell(error, VI)


# --- names that are one name ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("THCS Hoà Bình", "THCS Hòa Bình"),
        ("Tiểu học Thuỷ Xuân", "TH Thủy Xuân"),
        ("THCS Mỹ Đức", "THCS Mĩ Đức"),
        ("THPT Ngô Sỹ Liên", "THPT Ngô Sĩ Liên"),
        ("THCS Đại Yên", "Trường THCS Ðại Yên"),
        ("TH&THCS Khánh Thượng", "Trường Tiểu học và Trung học cơ sở Khánh Thượng"),
        ("TH & THCS Khánh Thượng", "TH-THCS Khánh Thượng"),
        ("TH–THCS Khánh Thượng", "TH, THCS Khánh Thượng"),
        ("Mầm non Bình Minh I", "MN Bình Minh 1"),
        ("THPT Sóc Sơn II", "THPT Sóc Sơn 2"),
        ("THCS Cổ Loa", unicodedata.normalize("NFD", "thcs  cổ\u00a0loa")),
    ],
)
def test_spellings_of_one_name(one, other):
    assert same_key(one) == same_key(other)


@pytest.mark.parametrize(("one", "other"), [("THCS Đại Yên", "THCS Đài Yên"), ("THCS Sơn Tây A", "THCS Sơn Tây B")])
def test_names_that_differ(one, other):
    assert same_key(one) != same_key(other)


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Trường Mầm non Hoa Sen", "mn"),
        ("Mẫu giáo Hoa Sen", "mn"),
        ("Trường Tiểu học Đại Yên", "th"),
        ("TH Đại Yên", "th"),
        ("Trường THCS Cổ Loa", "thcs"),
        ("Trung học cơ sở Cổ Loa", "thcs"),
        ("TH&THCS Khánh Thượng", "th_thcs"),
        ("TH và THCS Khánh Thượng", "th_thcs"),
        ("Tiểu học và Trung học cơ sở Khánh Thượng", "th_thcs"),
        ("PTCS Khánh Thượng", "th_thcs"),
        ("Phổ thông cơ sở Nguyễn Đình Chiểu", "th_thcs"),
        ("PTDTBT TH&THCS Tà Xùa", "th_thcs"),
        ("PTDTBT THCS Tà Xùa", "thcs"),
        ("PTDTNT THPT Hà Nội", "thpt"),
        ("Phổ thông dân tộc nội trú THCS Ba Vì", "thcs"),
        ("THPT Chu Văn An", "thpt"),
        ("THCS-THPT Newton", "thcs_thpt"),
        ("THCS và THPT Nguyễn Tất Thành", "thcs_thpt"),
        ("Trường TH, THCS và THPT Archimedes", "lien_cap"),
        ("Liên cấp Gateway", "lien_cap"),
        ("Trung tâm GDNN-GDTX huyện Ba Vì", "gdtx"),
        ("TTGDTX Ba Vì", "gdtx"),
        ("Trung tâm Giáo dục thường xuyên Đống Đa", "gdtx"),
        ("Hoa Sen", None),
        ("Thanh Xuân", None),
    ],
)
def test_the_level_in_a_name(name, level):
    assert level_of(name) == level


# --- letters of before Unicode ----------------------------------------------------------------------------------------

TCVN3 = ["B¶o Th¾ng", "B¸t X¸t", "M\u00adêng Kh\u00ad¬ng"]
VNI = ["Tröôøng THCS Ñaïi Yeân", "Phoøng Giaùo duïc", "Huyeän Chöông Myõ"]


@pytest.mark.parametrize(
    ("old", "encoding", "new"),
    [
        (TCVN3, "tcvn3", ["Bảo Thắng", "Bát Xát", "Mường Khương"]),
        (VNI, "vni", ["Trường THCS Đại Yên", "Phòng Giáo dục", "Huyện Chương Mỹ"]),
    ],
)
def test_old_letters_are_found_and_converted(old, encoding, new):
    assert legacy.suspect(old) == encoding
    assert [legacy.convert(text, encoding) for text in old] == new
    modern = ["Trường Bảo Thắng", "Phòng Giáo dục và Đào tạo"]
    assert [legacy.convert(text, encoding) for text in modern] == modern, "what is Unicode already stays"


def test_unicode_is_never_taken_for_old_letters():
    assert legacy.suspect(["Bảo Thắng", "Café", "Hòa Bình", "Điện Biên", "Quảng Ngãi", "TP. Hà Nội"] * 3) == ""


def old_sheet():
    """Header and rows of a workbook of before Unicode, in fonts .VnTime."""
    return [
        ["M· tr\u00adêng", "Tªn tr\u00adêng", "QuËn huyÖn"],
        ["01020502", "THCS V¹n Phóc", "Thanh Tr×"],
        ["01020503", "THCS Liªn Ninh", "Thanh Tr×"],
    ]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_old_letters_are_offered_and_converted_only_when_said_so(so, world, form):
    sheets = [Sheet("x", list(enumerate(old_sheet(), 1)))]
    if form == "csv":  # one byte a letter, as the old programs saved it
        sheets = read("\n".join(",".join(row) for row in old_sheet()).encode("latin-1"), "a.csv")
    _made, plan = plan_of("schools", sheets, so)
    assert plan.encoding == "tcvn3"
    assert ("THCS V¹n Phóc", "THCS Vạn Phúc") in plan.samples
    assert plan.counts["create"] == 0
    reading = Reading(encoding="tcvn3")
    plan = check(kind_called("schools")(so, Department.objects.get()), sheets, reading, encoding_decided=True)
    assert plan.encoding == ""
    assert [o.label.split(" · ")[0] for o in plan.outcomes] == ["THCS Vạn Phúc", "THCS Liên Ninh"]
    assert actions(plan) == {"create": 2}


def test_cells_say_which_row_column_and_value_is_wrong(so, world):
    rows = [["Mã trường", "Năm học", "Số lớp"], ["01020501", "2023-2025", "abc"]]
    _kind, plan = plan_of("figures", rows, so)
    wrong = [(column, cell) for column, cell, _why, _where in plan.outcomes[0].errors]
    assert wrong == [("Năm học", "2023-2025"), ("Số lớp", "abc")]
    assert plan.outcomes[0].row == 2
    assert errors(plan)


def test_a_declared_english_file(so, world):
    rows = [["Mã trường", "Năm học", "Số học sinh"], ["01020501", "2023-2024", "1,009"]]
    import_rows("figures", read(csv_bytes(rows, ";"), "a.csv"), so, reading=EN)
    assert world.school_a.year_figures.get().pupils == 1009
