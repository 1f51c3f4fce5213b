"""The figures, tables and annexes of a report as a workbook: one sheet each, numbers as numbers, days as days."""

import io
from textwrap import wrap

from reports.figures import LABELS
from reports.official import as_date, in_table
from reports.papers.report import annex_of, report_paper
from twinning.exports import HEAD_ROW, LINE_HEIGHT, begin_sheet, workbook

FORMATS = {
    "number": {"num_format": "#,##0"},
    "decimal": {"num_format": "#,##0.00"},
    "percent": {"num_format": "0%"},
    "change": {"num_format": "+#,##0;-#,##0;0"},
    "date": {"num_format": "dd/mm/yyyy", "align": "center"},
    "position": {"num_format": "0", "align": "center"},
    "text": {"text_wrap": True},
    "group": {},  # its words go on into the cells beside
}
NAMES = {"size": "Quy mô", "indicators": "Chỉ số", "targets": "Chỉ tiêu"}
WIDEST, NARROWEST = 48, 10


def build_workbook(content: dict) -> bytes:
    """Of `content` (reports/content.py and Report.file_content): a sheet of the figures, one for each table of the body
    and one for each annex, as the bytes of an .xlsx."""
    paper = report_paper(content)
    target = io.BytesIO()
    with workbook(target) as (book, formats):
        kinds = {
            (kind, is_bold): book.add_format({**form, "bold": is_bold, "valign": "vcenter"})
            for kind, form in FORMATS.items()
            for is_bold in (False, True)
        }
        styles = {**formats, **kinds}
        title = f"{content['issuer_name']}: {paper['name']}"
        for name, table in _tables(content):
            heading = f"Phụ lục {table['number']}. {table['name']}" if "number" in table else table["name"]
            _write(book.add_worksheet(name), styles, (heading, title, annex_of(content, paper)), table)
    return target.getvalue()


def _tables(content):
    """[(name of a sheet, table)]."""
    yield "Số liệu chung", _figures(content)
    for chapter in content["chapters"]:
        for section in chapter["sections"]:
            for table in section["tables"]:
                yield NAMES.get(table["key"], table["key"])[:31], {**table, "name": section["heading"]}
    for annex in content["annexes"]:
        yield f"Phụ lục {annex['number']}", annex


def _figures(content):
    time = content["period"].get("title", "số liệu")
    columns = [
        {"key": "label", "label": "Chỉ tiêu", "group": "", "kind": "text"},
        {"key": "value", "label": f"{time[0].upper()}{time[1:]}", "group": "", "kind": "number"},
    ]
    told = content["figures"].items()
    rows = [{"kind": "row", "cells": [str(LABELS[key]), figure["value"]]} for key, figure in told if key in LABELS]
    return {"name": "Số liệu chung", "columns": columns, "rows": rows, "notes": []}


def _write(sheet, styles, lines, table):
    columns = table["columns"]
    heads = [f"{column['group']} – {column['label']}" if column["group"] else column["label"] for column in columns]
    widths = [
        _width(at, head, column, table["rows"]) for at, (head, column) in enumerate(zip(heads, columns, strict=True))
    ]
    begin_sheet(sheet, styles, lines, [*zip(heads, widths, strict=True)])
    row_at = HEAD_ROW
    for row_at, row in enumerate(table["rows"], HEAD_ROW + 1):
        is_group, is_bold = _is_heading(row), row["kind"] != "row"
        # LibreOffice leaves a row as low as it was written.
        lines = 1 if is_group else max(map(_lines, row["cells"], widths))
        if lines > 1:
            sheet.set_row(row_at, LINE_HEIGHT * lines + 2)
        for at, (column, value) in enumerate(zip(columns, row["cells"], strict=True)):
            if value is not None and value != "":
                _write_cell(sheet, styles, row_at, at, _kind(column, value, is_group), value, is_bold)
    for note_at, note in enumerate(table["notes"], row_at + 2):
        sheet.write_string(note_at, 0, note)


def _is_heading(row):
    """Whether its words have the rest of the row for themselves."""
    return row["kind"] == "group" and sum(map(bool, row["cells"][1:])) <= 1


def _kind(column, value, is_group):
    """How a cell is formatted: a key of FORMATS."""
    if column["key"] in ("position", "book_number"):
        return "position"
    if isinstance(value, str) and column["kind"] != "date":
        return "group" if is_group else "text"
    return column["kind"] if column["kind"] in FORMATS and column["kind"] != "text" else "number"


def _lines(value, width):
    return len(wrap(value, int(width) - 1)) if isinstance(value, str) else 1


def _width(at, head, column, rows):
    """In letters; of numbers as they are shown, with points between thousands."""
    if column["key"] == "position":
        return 6
    shown = [in_table(row["cells"][at], column) for row in rows if not _is_heading(row) and row["cells"][at]]
    longest = max(map(len, shown), default=0)
    least = max(NARROWEST, min(len(head), 18))
    return min(WIDEST, max(least, longest + 3))


def _write_cell(sheet, styles, row, at, kind, value, is_bold):
    """Text is never taken for a formula, a link or a number."""
    style = styles[kind, is_bold]
    if kind == "date":
        sheet.write_datetime(row, at, as_date(value), style)
    elif isinstance(value, str):
        sheet.write_string(row, at, value, style)
    else:
        sheet.write_number(row, at, value / 100 if kind == "percent" else value, style)
