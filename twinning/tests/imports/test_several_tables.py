"""Sheets that hold more than one table: below each other with headers of their own, and side by side."""

from twinning.models import School, SchoolYearFigures, Teacher
from twinning.tests.imports.building import actions, errors, import_rows, plan_of, skipped, xlsx

A, B, C = "THCS Tả Thanh Oai", "THCS Đại Yên", "THCS Phúc Xá"


def test_a_second_table_is_read_by_its_own_header(so, world):
    """Its columns stand elsewhere: read by the header above, a school would be called by its code."""
    rows = [
        ["I. KHỐI TIỂU HỌC"],
        ["STT", "Tên trường", "Địa chỉ", "Quận huyện"],
        [1, "Hoa Sen", "xã A", "Thanh Trì"],
        [],
        ["II. KHỐI THCS"],
        ["STT", "Mã trường", "Tên trường", "Hiệu trưởng", "Quận huyện"],
        [1, "01020998", "Hoa Mai", "Ông Nguyễn Văn An", "Thanh Trì"],
    ]
    plan, _journal = import_rows("schools", rows, so)
    assert actions(plan) == {"create": 2, "skip": 2}, errors(plan)
    stored = School.objects.filter(name__startswith="Hoa").order_by("name").values_list("name", "code", "level")
    assert list(stored) == [("Hoa Mai", "01020998", "thcs"), ("Hoa Sen", "", "th")]
    assert skipped(plan) == {5: "tiêu đề của bảng dưới", 6: "dòng tiêu đề của bảng dưới"}
    assert plan.unknown == ["Hiệu trưởng"]


def test_the_year_above_a_second_table_counts_for_its_rows(so, world):
    rows = [
        ["SỐ LIỆU NĂM HỌC 2023-2024"],
        ["STT", "Trường", "Số lớp", "Số HS"],
        [1, A, 20, 800],
        [2, B, 15, 600],
        ["", "Người lập", "", "TRƯỞNG PHÒNG"],
        ["SỐ LIỆU NĂM HỌC 2024-2025"],
        ["STT", "Trường", "Số lớp", "Số HS"],
        [1, A, 21, 820],
    ]
    plan, _journal = import_rows("figures", rows, so)
    stored = SchoolYearFigures.objects.order_by("school_year", "classes")
    assert list(stored.values_list("school__name", "school_year", "classes")) == [
        (B, 2023, 15),
        (A, 2023, 20),
        (A, 2024, 21),
    ]
    assert [told for _sheet, told in plan.given] == ["Năm học: 2023-2024", "Năm học: 2024-2025"]


def test_a_small_table_above_a_larger_one_is_not_taken_for_its_titles(so, world):
    rows = [
        ["NĂM HỌC 2024-2025"],
        ["STT", "Trường", "Số lớp"],
        [1, A, 20],
        ["STT", "Trường", "Số lớp", "Số HS", "CBQL"],
        [1, B, 15, 600, 2],
    ]
    import_rows("figures", rows, so)
    assert set(SchoolYearFigures.objects.values_list("school__name", "classes")) == {(A, 20), (B, 15)}


def test_another_list_below_is_reported_not_read(so, world):
    rows = [
        ["Tên trường", "Quận huyện", "Cấp học"],
        ["Hoa Sen", "Thanh Trì", "Mầm non"],
        ["TỔNG HỢP"],
        ["STT", "Cấp học", "Số trường"],
        [1, "Mầm non", 12],
    ]
    plan, _journal = import_rows("schools", rows, so)
    assert actions(plan) == {"create": 1, "skip": 3}
    assert "bảng khác: thiếu cột “Tên trường”" in skipped(plan)[5]


def test_a_header_on_every_page_goes_on_with_the_school_above(so, world):
    head = ["STT", "Đơn vị", "Họ và tên", "Môn"]
    rows = [head, [1, A, "Nguyễn Văn An", "Toán"], head, [2, A, "Lê Thị Bình", "Toán"]]
    plan, _journal = import_rows("teachers", rows, so)
    assert actions(plan) == {"create": 2, "skip": 1}
    assert skipped(plan) == {3: "dòng tiêu đề lặp lại"}


def test_lists_side_by_side(so, world):
    rows = [
        ["DANH SÁCH TRƯỜNG MẦM NON HUYỆN THANH TRÌ NĂM HỌC 2024-2025"],
        ["STT", "Tên trường", "Địa chỉ", "", "STT", "Tên trường", "Địa chỉ"],
        [1, "Hoa Sen", "xã A", "", 3, "Hoa Mai", "xã B"],
        [2, "Hoa Đào", "", "", "", "", ""],
    ]
    plan, _journal = import_rows("schools", rows, so)
    assert actions(plan) == {"create": 3}, errors(plan)
    stored = School.objects.filter(name__startswith="Hoa ").order_by("name").values_list("name", "address")
    assert set(stored) == {("Hoa Đào", ""), ("Hoa Mai", "xã B"), ("Hoa Sen", "xã A")}
    assert plan.given[0][1] == "Đơn vị quản lý: HUYỆN THANH TRÌ; Cấp học: Mầm non"
    other = [["Tên trường", "Huyện", "Tên trường mới"], ["MN Hoa Cúc", "Thanh Trì", "MN Hoa Lan"]]
    _kind, plan = plan_of("schools", other, so)
    assert (actions(plan), plan.unknown) == ({"create": 1}, ["Tên trường mới"]), "another name of the same school"
    _kind, wrong = plan_of("schools", [rows[1], [1, "Hoa X", "", "", 2, "Hoa Y", ""]], so)
    assert [outcome.errors[0][0] for outcome in wrong.outcomes] == ["Đơn vị quản lý"] * 2


def test_the_lower_row_of_a_header_is_no_row_of_data(so, world):
    rows = [
        ["NĂM HỌC 2024-2025"],
        ["TT", "Trường", "Số lớp", "", "", "Số học sinh", ""],
        ["", "", "TS", "K6", "K7", "TS", "Nữ"],
        [1, A, 20, 10, 10, "1.009", 500],
    ]
    merged = [(1, 2, 1, 4, "Số lớp"), (1, 5, 1, 6, "Số học sinh")]
    plan, _journal = import_rows("figures", xlsx(rows, merged=merged), so)
    assert actions(plan) == {"create": 1, "skip": 1}
    assert SchoolYearFigures.objects.values_list("classes", "pupils").get() == (20, 1009)
    assert skipped(plan) == {3: "dòng tiêu đề phụ"}


def test_a_row_of_words_alone_is_no_header(so, world):
    """Words of a header may be data: a teacher of a subject that is called like a column."""
    rows = [["Họ và tên", "Đơn vị", "Môn"], ["Nguyễn Văn An", A, "Toán"], ["Lê Thị Bình", A, "Tin học"]]
    import_rows("teachers", rows, so)
    assert Teacher.objects.filter(school=world.school_a).count() == 2
