"""How official papers word dates, numbers and names (Decree 30/2020, Phụ lục I)."""

from datetime import date

import pytest

from reports import official
from reports.papers.head import issuer_lines
from reports.papers.tables import cell, heading_rows
from reports.templatetags.reports import kept
from twinning.models import Department, District, School
from twinning.symbols import initials

HARD = "\u00a0"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2020, 1, 5), "ngày 05 tháng 01 năm 2020"),
        (date(2023, 2, 28), "ngày 28 tháng 02 năm 2023"),
        (date(2023, 3, 9), "ngày 09 tháng 3 năm 2023"),
        ("2023-04-15", "ngày 15 tháng 4 năm 2023"),
        (date(2024, 6, 29), "ngày 29 tháng 6 năm 2024"),
        (date(2024, 10, 1), "ngày 01 tháng 10 năm 2024"),
    ],
)
def test_days_below_ten_and_the_first_two_months_get_a_zero(day, words):
    assert official.long_date(day) == words


def test_a_draft_leaves_day_and_month_open():
    assert official.place_and_date("Hà Nội", None, 2024) == "Hà Nội, ngày … tháng … năm 2024"
    assert official.place_and_date("Hà Nội", "2024-06-05", 2024) == "Hà Nội, ngày 05 tháng 6 năm 2024"


def test_numbers_below_ten_get_a_zero_and_a_draft_has_none():
    assert official.number_and_symbol(5, "BC-SGDĐT") == "05/BC-SGDĐT"
    assert official.number_and_symbol(4340, "KH-SGDĐT") == "4340/KH-SGDĐT"
    assert official.number_and_symbol(None, "BC-SGDĐT") == f"{HARD * 7}/BC-SGDĐT"


def test_roman_numbers():
    assert [official.roman(n) for n in (1, 4, 6, 9, 14, 16)] == ["I", "IV", "VI", "IX", "XIV", "XVI"]


def test_lines_are_as_equal_as_they_can_be_and_none_begins_with_a_dash():
    lines = official.subject_lines(
        "Sơ kết năm học 2023-2024 thực hiện phong trào "
        "“Nhà trường cùng chung tay phát triển – Thầy cô cùng sẻ chia trách nhiệm”"
    )
    assert lines == [
        "Sơ kết năm học 2023-2024 thực hiện phong trào",
        f"“Nhà trường cùng chung tay phát triển{HARD}–",
        "Thầy cô cùng sẻ chia trách nhiệm”",
    ]
    assert official.balanced("TRƯỜNG THCS TÂN MAI", 25) == ["TRƯỜNG THCS TÂN MAI"]
    assert official.balanced("x" * 200, 25) == ["x" * 200]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Giám đốc", ["GIÁM ĐỐC"]),
        ("KT. GIÁM ĐỐC", ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
        ("KT. Trưởng phòng / Phó Trưởng phòng", ["KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"]),
        ("KT. HIỆU TRƯỞNG PHÓ HIỆU TRƯỞNG", ["KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"]),
        ("Q. HIỆU TRƯỞNG", ["Q. HIỆU TRƯỞNG"]),
        ("", []),
    ],
)
def test_who_signs_for_the_head_says_so_on_two_lines(title, lines):
    assert official.signer_lines(title) == lines


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("THCS Tân Mai", "THCSTM"),
        ("Mầm non Ứng Hòa", "MNƯH"),
        ("Tiểu học Đại Yên B", "THĐYB"),
        ("Trường Tiểu học Khánh Thượng", "THKT"),
        ("TH&THCS Ấp Bắc 2", "THTHCSÂB2"),
    ],
)
def test_schools_abbreviate_themselves_without_tones(name, short):
    assert initials(name) == short


class TestIssuers:
    @pytest.fixture
    def department(self):
        return Department(
            name="Sở Giáo dục và Đào tạo Hà Nội",
            superior="Ủy ban nhân dân thành phố Hà Nội",
            place="Hà Nội",
            symbol="SGDĐT",
        )

    @pytest.fixture
    def district(self, department):
        office = "Phòng Giáo dục và Đào tạo huyện Thanh Trì"
        return District(department=department, name="Thanh Trì", kind="huyen", office_name=office)

    def test_the_department(self, department):
        issuer = official.issuer_of(department)
        assert (issuer.superior, issuer.line) == ("UBND THÀNH PHỐ HÀ NỘI", "SỞ GIÁO DỤC VÀ ĐÀO TẠO")
        assert (issuer.symbol, issuer.place, issuer.signatory) == ("BC-SGDĐT", "Hà Nội", "GIÁM ĐỐC")
        assert issuer.addressee == ""

    def test_a_district(self, district):
        issuer = official.issuer_of(district)
        assert (issuer.superior, issuer.line) == ("UBND HUYỆN THANH TRÌ", "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO")
        assert (issuer.symbol, issuer.place, issuer.signatory) == ("BC-PGDĐT", "Thanh Trì", "TRƯỞNG PHÒNG")
        assert issuer.addressee == "Sở Giáo dục và Đào tạo Hà Nội"

    def test_a_district_named_by_a_number_keeps_its_kind(self, district):
        district.name, district.kind = "1", "quan"
        assert official.issuer_of(district).place == "Quận 1"

    def test_a_public_school(self, district):
        issuer = official.issuer_of(School(district=district, name="THCS Tả Thanh Oai", level="thcs"))
        assert (issuer.superior, issuer.line) == ("UBND HUYỆN THANH TRÌ", "TRƯỜNG THCS TẢ THANH OAI")
        assert (issuer.symbol, issuer.signatory) == ("BC-THCSTTO", "HIỆU TRƯỞNG")
        assert issuer.addressee == "Phòng Giáo dục và Đào tạo huyện Thanh Trì"

    def test_a_private_school_is_under_the_office(self, district):
        issuer = official.issuer_of(School(district=district, name="Mầm non Hoa Sen", level="mn", ownership="private"))
        assert issuer.superior == "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO HUYỆN THANH TRÌ"

    @pytest.mark.parametrize(
        ("name", "level", "signatory"),
        [("THPT Ngọc Hồi", "thpt", "HIỆU TRƯỞNG"), ("Trung tâm GDNN-GDTX Thanh Trì", "gdtx", "GIÁM ĐỐC")],
    )
    def test_upper_schools_are_under_the_department(self, district, name, level, signatory):
        issuer = official.issuer_of(School(district=district, name=name, level=level))
        assert issuer.superior == "SỞ GIÁO DỤC VÀ ĐÀO TẠO HÀ NỘI"
        assert issuer.addressee == "Sở Giáo dục và Đào tạo Hà Nội"
        assert issuer.signatory == signatory


class TestKept:
    def test_number_and_unit_stay_together(self):
        assert kept("có 51.065 lượt giáo viên") == f"có 51.065{HARD}lượt giáo viên"
        assert kept("bằng 40,2% số trường") == f"bằng 40,2%{HARD}số trường"
        assert kept("3 tỷ đồng") == f"3{HARD}tỷ{HARD}đồng"

    def test_dates_may_break_between_day_month_and_year_only(self):
        assert kept("ngày 15 tháng 4 năm 2023 tại") == f"ngày{HARD}15 tháng{HARD}4 năm{HARD}2023 tại"

    def test_symbols_do_not_break(self):
        assert kept("số 4340/KH-SGDĐT của") == f'<span class="keep">số{HARD}4340/KH-SGDĐT</span> của'
        assert '<span class="keep">30/2020/NĐ-CP</span>' in kept("Nghị định 30/2020/NĐ-CP")

    def test_everything_is_escaped(self):
        assert kept("<script>alert(1)</script> & “x”") == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “x”"

    def test_a_symbol_of_thousands_of_letters_may_break(self):
        assert "<span" not in kept("1/" + "A" * 5000)


def test_cells_of_annexes():
    text, number, day = ({"kind": kind} for kind in ("text", "number", "date"))
    assert cell(None, number) == cell(None, text) == "–"
    assert cell(1234567, number) == "1.234.567"
    assert cell("2024-02-05", day) == "05/02/2024"
    assert cell("2023-04-15", day) == "15/4/2023"
    assert cell("5 triệu đồng", text) == f"5{HARD}triệu{HARD}đồng"
    assert cell("", text) == ""


def test_columns_of_a_group_share_a_heading():
    columns = [{"label": "STT", "group": ""}, {"label": "CBQL", "group": "Lượt"}, {"label": "GV", "group": "Lượt"}]
    top, below = heading_rows(columns)
    assert [(head["label"], head["across"], head["down"]) for head in top] == [("STT", 1, 2), ("Lượt", 2, 1)]
    assert [head["label"] for head in below] == ["CBQL", "GV"]
    assert len(heading_rows(columns[:1])) == 1


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("PHÒNG GIÁO DỤC VÀ ĐÀO TẠO", ["PHÒNG GIÁO DỤC VÀ ĐÀO TẠO"]),
        ("TRƯỜNG MẦM NON BÁCH KHOA", ["TRƯỜNG MẦM NON", "BÁCH KHOA"]),
        ("TRƯỜNG MẦM NON DUYÊN HÀ B", ["TRƯỜNG MẦM NON", "DUYÊN HÀ B"]),
        ("TRƯỜNG THPT VINH 1 -", ["TRƯỜNG THPT VINH 1 -"]),
    ],
)
def test_the_name_of_the_issuer_breaks_by_sense(name, lines):
    assert [line.replace(HARD, " ") for line in issuer_lines(name)] == lines
    assert [line for part in issuer_lines(name) for line in issuer_lines(part)] == issuer_lines(name)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("“A giúp B – C giúp D”, năm học 2023-2024", ["“A giúp B – C giúp D”, năm học 2023-2024"]),
        (
            "“Phòng giúp phòng – Trường giúp trường – Bộ môn giúp bộ môn”, giai đoạn 2019–2023",
            ["“Phòng giúp phòng – Trường giúp trường – Bộ môn giúp bộ môn”,", "giai đoạn 2019–2023"],
        ),
        (
            "“Nhà trường cùng chung tay phát triển – Thầy cô cùng sẻ chia trách nhiệm”, năm học 2023-2024",
            ["“Nhà trường cùng chung tay phát triển –", "Thầy cô cùng sẻ chia trách nhiệm”, năm học 2023-2024"],
        ),
    ],
)
def test_the_name_of_a_movement_breaks_at_its_dashes(text, lines):
    assert [line.replace(HARD, " ") for line in official.named_lines(text)] == lines


def test_the_end_of_a_name_stays_with_it():
    told = official.joined("dạy Toán 9, Trường THPT Vinh 1 và Mầm non Bình Minh B; Có 1.234 lượt, cấp 2")
    for words in (f"Toán{HARD}9, ", f"Vinh{HARD}1", f"Minh{HARD}B;", f"1.234{HARD}lượt", "cấp 2"):
        assert words in told


@pytest.mark.parametrize(("n", "letter"), [(1, "a"), (4, "d"), (5, "đ"), (6, "e"), (7, "g"), (23, "y"), (24, "a1")])
def test_letters_of_points(n, letter):
    assert official.point(n) == letter
