"""Lists as Vietnamese offices really make them."""

import pytest

from activities.imports.support import Supports
from twinning.imports import cells
from twinning.imports.schools import Schools
from twinning.imports.sheet import find_table
from twinning.tests.imports.building import read, xlsx


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
