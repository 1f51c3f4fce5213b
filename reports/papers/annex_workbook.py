"""The figures, tables and annexes of a report as a workbook: one sheet each, numbers as numbers, days as days."""

import io

from reports.figures import LABELS
from reports.official import as_date
from reports.papers.report import annex_of, report_paper
from reports.papers.tables import RIGHT
from twinning.exports import HEAD_ROW, begin_sheet, workbook

FORMATS = {"number": "#,##0", "decimal": "#,##0.00", "percent": "0%", "change": "+#,##0;-#,##0;0"}
NAMES = {"size": "Quy mô", "indicators": "Chỉ số", "targets": "Chỉ tiêu"}
WIDEST, NARROWEST = 48, 10


def build_workbook(content: dict) -> bytes:
    """Of `content` (reports/content.py and Report.file_content): a sheet of the figures, one for each table of the body
    and one for each annex, as the bytes of an .xlsx."""
    paper = report_paper(content)
    target = io.BytesIO()
    with workbook(target) as (book, formats):
        kinds = {
            (kind, is_bold): book.add_format({"num_format": shown, "bold": is_bold})
            for kind, shown in FORMATS.items()
            for is_bold in (False, True)
        }
        styles = {**formats, **kinds, "bold": book.add_format({"bold": True})}
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
        is_bold = row["kind"] != "row"
        for at, (column, value) in enumerate(zip(columns, row["cells"], strict=True)):
            if value is not None and value != "":
                _write_cell(sheet, styles, row_at, at, column["kind"], value, is_bold)
    for note_at, note in enumerate(table["notes"], row_at + 2):
        sheet.write_string(note_at, 0, note)


def _width(at, head, column, rows):
    """In letters."""
    longest = max((len(str(row["cells"][at])) for row in rows if row["cells"][at]), default=0)
    least = max(NARROWEST, min(len(head), 18))
    return 6 if column["key"] == "position" else min(WIDEST, max(least, longest + 2))


def _write_cell(sheet, styles, row, at, kind, value, is_bold):
    """Text is never taken for a formula, a link or a number."""
    if kind == "date":
        sheet.write_datetime(row, at, as_date(value))
    elif isinstance(value, str):
        sheet.write_string(row, at, value, *([styles["bold"]] if is_bold else []))
    else:
        share = value / 100 if kind == "percent" else value
        sheet.write_number(row, at, share, styles[kind if kind in RIGHT else "number", is_bold])
