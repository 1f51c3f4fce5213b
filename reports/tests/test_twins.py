"""The Word twin and the workbook of a report, read back: they say what PDF and database say."""

import io
import zipfile

import openpyxl
import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from reports import official
from reports.content import report_content
from reports.figures import LABELS
from reports.models import ReportFile
from reports.papers.annex_workbook import build_workbook
from reports.papers.tables import with_tables
from reports.papers.word import build_report
from reports.papers.word_templates.styles import FACE
from reports.scope import Scope
from reports.tests.papers import annex, chapter, issued_content, paper_content, section
from reports.tests.reading import plain, squeezed
from twinning.exports import HEAD_ROW
from twinning.models import Indicator, IndicatorValue, Target
from twinning.vietnamese import number


def word_of(content):
    return Document(io.BytesIO(build_report(content)))


def text_of(document):
    """Every paragraph and cell, in the order of the paper."""
    return " ".join(
        plain("".join(node.text or "" for node in p.iter(qn("w:t")))) for p in document.element.body.iter(qn("w:p"))
    )


def rows_of(table):
    """Printed cells of each row below the heading; cells that go across several columns once."""
    heading = [
        row for row in table._tbl.tr_lst if row.trPr is not None and row.trPr.find(qn("w:tblHeader")) is not None
    ]
    return [
        [plain("".join(node.text or "" for node in cell.iter(qn("w:t")))) for cell in row.tc_lst]
        for row in table._tbl.tr_lst[len(heading) :]
    ]


def printed(table):
    rows = []
    for row in table["rows"]:
        cells = [plain(official.in_table(*pair)) for pair in zip(row["cells"], table["columns"], strict=True)]
        while row["kind"] == "group" and len(cells) > 1 and not cells[-1]:
            cells.pop()
        rows.append(cells)
    return rows


def tables_of(content):
    """Those that have rows, in the order of the paper."""
    of_body = [table for part in content["chapters"] for one in part["sections"] for table in one["tables"]]
    return [table for table in [*of_body, *content["annexes"]] if table["rows"]]


def sheets_of(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(build_workbook(content)))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


@pytest.fixture
def full_world(small_world):
    """With targets and an indicator of two school years, so that every kind of table is there."""
    Target.objects.create(agreement=small_world.school_agreement, school_year=2023, activities=3, turns=30)
    rank = Indicator.objects.create(department=small_world.so, code="tb", name="Điểm thi", kind="mean")
    for year, value in ((2022, "6.25"), (2023, "6.5")):
        IndicatorValue.objects.create(indicator=rank, school_year=year, school=small_world.school_b, value=value)
    return small_world


@pytest.mark.parametrize("unit", ["department", "school"])
def test_word_workbook_pdf_and_database_have_the_same_numbers(full_world, report_of, read_pdf, unit):
    units = {"department": full_world.so, "school": full_world.school_a}
    report = report_of(**{unit: units[unit]})
    content = report.file_content()
    document, sheets = word_of(content), sheets_of(content)
    on_paper = squeezed(" ".join(page.extract_text() for page in read_pdf(content).pages))
    tables = tables_of(content)
    assert {table["key"] for table in tables} >= {"targets", "indicators", "agreements", "kinds", "supports", "years"}
    in_word = [table for table in document.tables if table._tbl.tblPr.find(qn("w:tblStyle")) is not None]
    assert [rows_of(table) for table in in_word] == [printed(table) for table in tables]
    for table in content["annexes"]:
        rows = sheets[f"Phụ lục {table['number']}"][4:]
        for row, kept in zip(table["rows"], rows, strict=False):
            for column, value, cell in zip(table["columns"], row["cells"], kept, strict=True):
                if isinstance(value, int | float):
                    assert type(cell) is float, (column, cell)
                    assert cell == pytest.approx(value / 100 if column["kind"] == "percent" else value)
                elif column["kind"] == "date" and value:
                    assert cell.isoformat() == value
                else:
                    assert cell == (value or "")
    figures = Scope(report.period.programme, report.unit, 2023, report.period.cut_off_on).figures()
    general = dict(row[:2] for row in sheets["Số liệu chung"][4:])
    assert general == {str(LABELS[key]): figure.value for key, figure in figures.items()}
    words = squeezed(text_of(document))
    for key, what in (("teacher_turns", "lượt giáo viên"), ("support_vnd", "đồng"), ("activities_held", "hoạt động")):
        told = squeezed(f"{number(figures[key].value)} {what}")
        assert told in words, told
        assert told in on_paper, told
    for paragraph in [p["text"] for part in content["chapters"] for one in part["sections"] for p in one["paragraphs"]]:
        assert squeezed(paragraph) in words


def test_heads_of_the_workbook_do_not_lie_over_each_other(full_world, report_of):
    """LibreOffice keeps the height a row was written with."""
    book = openpyxl.load_workbook(io.BytesIO(build_workbook(report_of(department=full_world.so).file_content())))
    for sheet in book:
        widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[HEAD_ROW + 1]]
        lines = max(-(-len(cell.value) // width) for cell, width in zip(sheet[HEAD_ROW + 1], widths, strict=True))
        assert sheet.row_dimensions[HEAD_ROW + 1].height >= 15 * lines, sheet.title


def test_a_workbook_shows_its_numbers_whole_and_its_words_on_lines():
    table = annex("I", rows=2)
    table["rows"][0]["cells"][1:3] = ["Sinh hoạt chuyên môn " * 8, 1_234_567_890]
    sheet = openpyxl.load_workbook(io.BytesIO(build_workbook(issued_content(annexes=[table], figures={}))))["Phụ lục I"]
    row = next(row for row in sheet.iter_rows(min_row=HEAD_ROW + 2) if row[2].value == 1_234_567_890)
    assert row[2].number_format == "#,##0"
    assert sheet.column_dimensions[row[2].column_letter].width > len("1.234.567.890") + 1, "Excel would show #####"
    assert row[1].alignment.wrap_text
    assert sheet.row_dimensions[row[1].row].height >= 15 * 4


def test_the_form_of_the_word_twin():
    long = annex("I", rows=60)
    document = word_of(
        issued_content(annexes=[annex("I", rows=2), {**long, "number": "II", "landscape": True}, annex("III", rows=0)])
    )
    assert [(round(s.page_width.mm), round(s.page_height.mm)) for s in document.sections] == [
        (210, 297),
        (210, 297),
        (297, 210),
        (210, 297),
    ]
    for part in document.sections:
        sides = part.top_margin, part.bottom_margin, part.left_margin, part.right_margin
        assert [round(side.mm) for side in sides] == [20, 20, 30, 20]
        assert part.different_first_page_header_footer
        assert part._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert "PAGE" in part.header._element.xml
        assert "PAGE" not in part.first_page_header._element.xml
        assert "DỰ THẢO" not in part.header._element.xml
    head = [plain(cell.text) for row in document.tables[0].rows for cell in row.cells]
    assert head == [
        "UBND HUYỆN THANH TRÌ PHÒNG GIÁO DỤC VÀ ĐÀO TẠO",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc",
        "Số: 05/BC-PGDĐT",
        "Thanh Trì, ngày 05 tháng 6 năm 2024",
    ]
    styles = {p.style.name: (p.style.font.size.pt, p.style.font.bold, p.style.font.italic) for p in document.paragraphs}
    assert styles["Title"] == styles["Heading 1"] == (14, True, False)
    assert styles["Căn cứ"] == (14, False, True)
    assert styles["Tên phụ lục"] == (14, True, False)
    assert styles["Kèm theo"] == (13, False, True)
    assert document.styles["Normal"].font.name == FACE
    foot = [plain(cell.text) for table in document.tables for cell in table._cells if "Nơi nhận:" in cell.text]
    assert foot == ["Nơi nhận: - Như trên; - UBND huyện Thanh Trì (để báo cáo); - Lưu: VT."]
    text = plain(text_of(document))
    assert "KT. TRƯỞNG PHÒNG PHÓ TRƯỞNG PHÒNG Nguyễn Thị Ánh Tuyết" in text
    assert text.index("./.") < text.index("Phụ lục I HOẠT ĐỘNG THEO LOẠI")
    assert text.endswith("Phụ lục III HOẠT ĐỘNG THEO LOẠI (Kèm theo Báo cáo số 05/BC-PGDĐT ngày 05 tháng 6 năm 2024 "
        "của Phòng Giáo dục và Đào tạo huyện Thanh Trì) Chưa có số liệu.")  # fmt: skip
    (drawing,) = document.inline_shapes
    assert drawing._inline.docPr.get("descr").startswith("Tháng"), "told in words too"
    order = [child.tag.split("}")[1] for child in document.sections[0]._sectPr]
    wanted = ["headerReference", "footerReference", "type", "pgSz", "pgMar", "pgNumType", "cols", "titlePg", "docGrid"]
    assert [name for name in wanted if name in order] == list(dict.fromkeys(order)), "Word minds the order"
    properties = document.core_properties
    assert properties.title.startswith("Báo cáo sơ kết năm học 2023-2024")
    assert (properties.author, properties.language) == ("Phòng Giáo dục và Đào tạo huyện Thanh Trì", "vi-VN")


def test_a_table_whose_columns_are_all_planned_is_as_wide_as_the_paper():
    table = {**annex("I", rows=2), "key": "years"}
    table["columns"] = [{**column, "group": ""} for column in table["columns"][:3]]
    table["rows"] = [{**row, "cells": row["cells"][:3]} for row in table["rows"]]
    grid = word_of(issued_content(annexes=[table])).tables[-1]._tbl.tblGrid
    twips = sum(int(column.get(qn("w:w"))) for column in grid.iter(qn("w:gridCol")))
    assert twips == pytest.approx(160 * 1440 / 25.4, abs=5)


def test_the_end_of_an_annex_stays_together_in_word():
    """The row before the total, the total, and all notes but the last."""
    document = word_of(issued_content(annexes=[annex("I", rows=5)]))
    *_others, before, total = document.tables[-1].rows
    notes = [p for p in document.paragraphs if p.style.name == "Ghi chú bảng" and p.text][-2:]
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in (*_others, before, total)]
    assert kept[-3:] == [None, True, True]
    assert [note.paragraph_format.keep_with_next for note in notes] == [True, None]


def test_a_draft_says_so_and_what_people_wrote_is_text_only():
    nasty = "<w:p>&lt; {{ 7 * 7 }} {% raw %} =1+1 </script> 😀 " + "x" * 20_000
    content = paper_content(chapters=[chapter(0, "A"), {**chapter(1, "B"), "sections": [section("1", "C", nasty)]}])
    document = word_of({**content, "annexes": []})
    assert "DỰ THẢO" in document.sections[0].header._element.xml
    assert len(document.sections) == 1
    text = text_of(document)
    assert "<w:p>&lt; {{ 7 * 7 }} {% raw %} =1+1 </script> □ xxx" in text
    assert "x" * 20_000 in text
    table = {**annex("I", rows=1), "name": "=HYPERLINK(1)"}
    table["rows"][0]["cells"][1] = "=1+1"
    data = build_workbook({**content, "annexes": [table], "figures": {}, "period": {"title": "sơ kết"}})
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist() if "sheet" in name), "no formula"


def test_a_table_pasted_from_word_is_one_and_scripts_stay_text(
    small_world, report_of, read_pdf, as_user, hieu_truong_a
):
    """Typed into the form, kept as lines, the same in PDF and Word."""
    report = report_of(school=small_world.school_a)
    pasted = "Môn\tSố tiết\u0007\r\nToán\t12\u000b\u00a0\r\n\uf0b7\tNgữ văn<script>alert(1)</script>"
    as_user(hieu_truong_a).post(reverse("report_edit", args=[report.pk]), {"advantages": pasted})
    body = report.sections.get(key="advantages").body
    content = report.file_content()
    text = squeezed(plain(" ".join(page.extract_text() for page in read_pdf(content).pages)))
    word = word_of(content)
    for line in ("Môn Số tiết", "Toán 12", "• Ngữ văn<script>alert(1)</script>"):
        assert squeezed(line) in text, body
        assert squeezed(line) in squeezed(text_of(word))
    assert [["Toán", "12"]] in [rows_of(table) for table in word.tables], "rows below heads are a table"


@pytest.mark.parametrize(
    "text",
    ["1.\tXa\n2.\tGần", "-\tXa\n-\tGần", "Tân Mai\t12\nĐại Yên\t9", "Trường\tSố tiết", "Môn\tTiết\nToán\t1\tA"],
)
def test_lists_and_rows_without_heads_stay_lines(text):
    lines = [{"kind": "written", "text": line} for line in text.split("\n")]
    assert with_tables(lines) == lines


def test_they_are_offered_beside_the_pdf(small_world, report_of, as_user, hieu_truong_a, nguoi_la):
    """From the content the PDF was made from, whatever was written since."""
    report = report_of(school=small_world.school_a)
    file, _created = ReportFile.objects.request(report, hieu_truong_a)
    ReportFile.objects.filter(pk=file.pk).update(state="ready", size=1)
    report.sections.create(key="advantages", body="Viết sau khi tạo tệp")
    client = as_user(hieu_truong_a)
    page = client.get(report.get_absolute_url()).content.decode()
    for form, kind in (("docx", "wordprocessingml.document"), ("xlsx", "spreadsheetml.sheet")):
        url = reverse("report_file_twin", args=[file.pk, form])
        assert url in page
        answer = client.get(url)
        assert answer["Content-Type"].endswith(kind)
        assert f"bao-cao-so-ket-2023-2024-thcs-ta-thanh-oai-ban-1.{form}" in answer["Content-Disposition"]
        data = b"".join(answer.streaming_content)
        assert zipfile.is_zipfile(io.BytesIO(data))
        if form == "docx":
            assert "Viết sau khi tạo tệp" not in text_of(Document(io.BytesIO(data)))
            assert "Viết sau khi tạo tệp" in text_of(word_of({**report_content(report), **draft_of(report)}))
        assert as_user(nguoi_la).get(url).status_code == 404
    assert client.get(reverse("report_file_twin", args=[file.pk, "exe"])).status_code == 404


def draft_of(report):
    return {
        key: report.file_content()[key] for key in ("is_draft", "number", "issued_on", "signer_title", "signer_name")
    }
