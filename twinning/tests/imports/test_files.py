"""Which files are read and which are refused, with the reason, whatever they are called."""

import io
import struct
import zipfile
from datetime import date

import pytest

from twinning.imports.reading import Unreadable
from twinning.tests.imports.building import actions, csv_bytes, ods, plan_of, read, skipped, xls, xlsx

ROWS = [["Mã trường", "Tên trường", "Năm học"], ["01020501", "THCS Tả Thanh Oai", "2023-2024"]]


def cells(content, name):
    return [row for _number, row in read(content, name)[0].rows]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (xlsx(ROWS), "a.xlsx"),
        (xlsx(ROWS), "a.xls"),  # Huế's lists: .xls that is .xlsx inside
        (xls(ROWS), "a.xls"),
        (xls(ROWS), "a.xlsx"),
        (ods(ROWS), "a.ods"),
        (csv_bytes(ROWS), "a.csv"),
        (csv_bytes(ROWS), "a.CSV"),
        (csv_bytes(ROWS, ";", "utf-8"), "a.csv"),
        (csv_bytes(ROWS, "\t", "utf-16"), "a.txt"),
        (csv_bytes(ROWS, "\t"), "a.xls"),  # text that a system sends as .xls
        (csv_bytes(ROWS, "|"), "a.csv"),
    ],
)
def test_every_form_is_read_by_its_content(content, name):
    assert cells(content, name) == ROWS


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "a.xlsx", "rỗng"),
        (b"%PDF-1.7 \xe2\xe3\xcf\xd3", "a.xlsx", "không phải là .xlsx"),
        (b"%PDF-1.7 \xe2\xe3\xcf\xd3\n1 0 obj, 2; 3\n", "a.xls", "không phải là .xls"),
        (b"<html><table><tr><td>STT</td></tr></table></html>", "a.xls", "trang web"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", "a.xls", "trang web"),
        (b"<html><table><tr><td>a,b</td></tr></table></html>", "a.csv", "trang web"),
        (b"PK\x03\x04 cut short", "a.xlsx", "hỏng"),
        (xlsx(ROWS)[:-400], "a.xlsx", "hỏng"),
        (xls(ROWS)[:600], "a.xls", "hỏng"),
        (xlsx(ROWS), "a.docx", "không phải bảng tính"),
        (xlsx(ROWS), "a.xlsm", "macro"),
        (xlsx([]), "a.xlsx", "không có dòng nào"),
        (b"\n\n  \n", "a.csv", "không có dòng nào"),
        (b"a\x00\x00b,c", "a.csv", "không phải là văn bản"),
        (b"\xff\xd8\xff\xe0" + bytes(range(1, 255)), "a.csv", "không phải là văn bản"),  # a picture
        (b"MZ\x90\x00\x03", "a.xlsx", "không phải là .xlsx"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(content, name, why):
    with pytest.raises(Unreadable, match=why):
        read(content, name)


def with_member(name, content=b"", source=None):
    """A workbook with one more file inside."""
    file = io.BytesIO(source or xlsx(ROWS))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        with_member("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
        ods(ROWS, extra=[("Basic/Standard/Module1.xml", "<x/>")]),
    ],
)
def test_macros_are_refused(content):
    with pytest.raises(Unreadable, match="macro"):
        read(content)


def ole(*streams):
    """A minimal OLE container (Microsoft CFB, 512-byte sectors) with empty streams of these names."""
    names = ["Root Entry", *streams]
    entries = b""
    for index, name in enumerate(names):
        raw = (name + "\0").encode("utf-16-le")
        right = index + 1 if 0 < index < len(names) - 1 else 0xFFFFFFFF
        child = 1 if index == 0 else 0xFFFFFFFF
        kind = 5 if index == 0 else 2
        entries += raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, right, child)
        entries += b"\0" * 36 + struct.pack("<IQ", 0xFFFFFFFE, 0)
    entries = entries.ljust(512, b"\0")
    fat = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE).ljust(512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    return header.ljust(512, b"\xff") + fat + entries


def test_passwords_are_refused():
    with pytest.raises(Unreadable, match="mật khẩu"):
        read(ole("EncryptedPackage", "EncryptionInfo"), "a.xlsx")
    locked = ods(ROWS).replace(b"<manifest/>", b"<manifest/>")
    manifest = [("META-INF/manifest.xml", '<manifest:encryption-data manifest:checksum="x"/>')]
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(locked)) as old, zipfile.ZipFile(file, "w") as new:
        for member in old.namelist():
            if member != "META-INF/manifest.xml":
                new.writestr(member, old.read(member))
        new.writestr(*manifest[0])
    with pytest.raises(Unreadable, match="mật khẩu"):
        read(file.getvalue(), "a.ods")


def test_old_macros_and_other_documents_in_an_old_container():
    with pytest.raises(Unreadable, match="macro"):
        read(ole("Workbook", "_VBA_PROJECT_CUR"), "a.xls")
    with pytest.raises(Unreadable, match="không phải bảng tính Excel"):
        read(ole("WordDocument"), "a.xls")


def test_a_word_file_or_an_archive_called_xlsx():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(Unreadable, match="không phải bảng tính"):
        read(file.getvalue())


def test_a_zip_bomb_that_tells_its_size(monkeypatch):
    monkeypatch.setattr("twinning.imports.reading.MOST_UNPACKED", 10_000_000)
    with pytest.raises(Unreadable, match="quá lớn"):
        read(with_member("xl/media/bomb.bin", b"\0" * 20_000_000))


def test_a_zip_bomb_that_lies_about_its_size():
    content = with_member("xl/media/bomb.bin", b"\0" * 20_000_000)
    for where in (content.rfind(b"PK\x01\x02") + 24, content.rfind(b"PK\x03\x04") + 22):
        content = content[:where] + struct.pack("<I", 1000) + content[where + 4 :]
    with pytest.raises(Unreadable, match="hỏng"):
        read(content)


@pytest.mark.parametrize(("place", "why"), [("A1048576", "1.048.576 dòng"), ("XFD9000", "quá rộng")])
def test_one_stray_cell_far_out_does_not_fill_the_memory(place, why):
    letters, number = place.rstrip("0123456789"), place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cell = f'<row r="{number}"><c r="{letters}{number}"><v>1</v></c></row></sheetData>'
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(ROWS))) as old, zipfile.ZipFile(file, "w") as new:
        for member in old.namelist():
            text = old.read(member)
            new.writestr(member, text.replace(b"</sheetData>", cell.encode()) if "sheet1" in member else text)
    with pytest.raises(Unreadable, match=why):
        read(file.getvalue())


def test_colours_down_to_the_last_row_are_no_rows():
    rows = '<row r="1048576"><c r="XFC1048576" s="1"/><c r="XFD1048576" s="1"></c></row></sheetData>'
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(ROWS))) as old, zipfile.ZipFile(file, "w") as new:
        for member in old.namelist():
            text = old.read(member)
            new.writestr(member, text.replace(b"</sheetData>", rows.encode()) if "sheet1" in member else text)
    assert cells(file.getvalue(), "a.xlsx") == ROWS


def test_too_large_and_too_long(settings, monkeypatch):
    settings.IMPORT_MAX_BYTES = 1024
    with pytest.raises(Unreadable, match="quá giới hạn"):
        read(xlsx(ROWS))
    settings.IMPORT_MAX_BYTES = 10**9
    monkeypatch.setattr("twinning.imports.reading.MOST_ROWS", 1)
    for content, name in ((xlsx(ROWS), "a.xlsx"), (csv_bytes(ROWS), "a.csv"), (ods(ROWS), "a.ods")):
        with pytest.raises(Unreadable, match="Hãy tách thành nhiều tệp"):
            read(content, name)


# --- what is inside --------------------------------------------------------------------------------------------------


def test_a_csv_of_windows_is_read_as_one_byte_letters():
    rows = [["Tên trường", "Số"], ["THCS Cổ Loa", "1"]]
    assert cells("Name,N\nCaf\xe9,1\n".encode("cp1252"), "a.csv") == [["Name", "N"], ["Café", "1"]]
    assert cells(csv_bytes(rows, encoding="utf-16"), "a.csv") == rows


def test_a_formula_in_a_csv_is_text_and_our_apostrophe_is_taken_off():
    assert cells(b"a,b\n=1+1,'=2+2\n'@x,o'clock\n''=3,'tt\n", "a.csv")[1:] == [
        ["=1+1", "=2+2"],
        ["@x", "o'clock"],
        ["'=3", "'tt"],
    ]


def test_quotes_line_breaks_and_commas_in_cells():
    rows = [["Tên", "Ghi chú"], ['THCS "A", B', "dòng 1\ndòng 2"]]
    assert cells(csv_bytes(rows), "a.csv") == rows


def test_formulas_give_the_value_excel_kept():
    [_head, row] = cells(xlsx([["a", "b", "c"], [("=1+1", 2), ("=A1", "chữ"), ("=NA()", "#N/A")]]), "a.xlsx")
    assert row[:2] == [2, "chữ"]


def test_hidden_sheets_and_empty_ones_are_not_read(so):
    head = ["Mã trường", "Tên trường", "Năm học", "Số lớp"]
    content = xlsx(
        [head, ["01020501", "THCS Tả Thanh Oai", "2023-2024", 9]], [head, ["x", "y", "z", 1]], [], hidden=[1]
    )
    _kind, plan = plan_of("figures", content, so)
    assert actions(plan) == {"create": 1}
    assert [reason for _name, _rows, reason in plan.sheets] == ["", "trang tính ẩn, không đọc", "trang tính trống"]
    assert skipped(plan) == {}


def test_days_of_excel_are_days():
    for content in (
        xlsx([["a"], [date(2023, 4, 15)]]),
        xls([["a"], [date(2023, 4, 15)]]),
        ods([["a"], [date(2023, 4, 15)]]),
    ):
        [value] = cells(content, "a.xlsx")[1]
        assert (value.year, value.month, value.day) == (2023, 4, 15)


def test_merged_cells_of_an_ods_hold_for_each_of_their_rows(so, world):
    rows = [
        ["STT", "Tên trường", "Huyện"],
        [1, "TH Hoa Mai", "Thanh Trì"],
        [2, "TH Hoa Đào", None],
        [3, "TH Hoa Lan", ""],
    ]
    cell = '<table:table-cell office:value-type="string"><text:p>Thanh Trì'
    merged = cell.replace("<table:table-cell", '<table:table-cell table:number-rows-spanned="2"')
    file = io.BytesIO(ods(rows))
    with zipfile.ZipFile(file) as old:
        content = old.read("content.xml").decode()
    assert cell in content
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ods(rows))) as old, zipfile.ZipFile(file, "w") as new:
        for member in old.namelist():
            new.writestr(member, content.replace(cell, merged) if member == "content.xml" else old.read(member))
    [sheet] = read(file.getvalue(), "a.ods")
    assert sheet.merged == [((1, 2), (2, 2))]
    _kind, plan = plan_of("schools", [sheet], so)
    assert actions(plan) == {"create": 2, "reject": 1}, "only as far as it is merged"
