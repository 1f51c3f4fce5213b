"""Workbooks as offices make them, and the import of them from file to database."""

import csv
import io
import zipfile
from datetime import date
from xml.sax.saxutils import escape

import xlsxwriter
import xlwt

from twinning.imports.cells import Reading
from twinning.imports.check import check
from twinning.imports.kind import kind_called
from twinning.imports.reading import Sheet, read_sheets
from twinning.journal import Journal
from twinning.models import Department


def xlsx(*sheets, hidden=(), merged=()):
    """The bytes of a workbook: each sheet is a list of rows; text stays text. `merged`: (first row, first column, last
    row, last column, text) on the first sheet, from 0."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"})
    for index, rows in enumerate(sheets):
        sheet = book.add_worksheet()
        if index in hidden:
            sheet.hide()
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                _write(sheet, y, x, cell)
        for area in merged if index == 0 else ():
            sheet.merge_range(*area)
    book.close()
    return file.getvalue()


def _write(sheet, y, x, cell):
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(y, x, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(y, x, cell)
    elif isinstance(cell, tuple):  # (formula, the value Excel kept)
        sheet.write_formula(y, x, cell[0], None, cell[1])
    else:
        sheet.write(y, x, cell)


def xls(rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if cell not in (None, ""):
                sheet.write(y, x, cell, *([day] if isinstance(cell, date) else []))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
    '<office:spreadsheet><table:table table:name="Sheet1">{}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)


def ods(rows, extra=()):
    """A spreadsheet of LibreOffice as it is inside; `extra`: more (name, content) of the archive."""

    def cell(value):
        if value in (None, ""):
            return "<table:table-cell/>"
        if isinstance(value, (int, float)):
            kind = f'office:value-type="float" office:value="{value}"'
        elif isinstance(value, date):
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        else:
            kind = 'office:value-type="string"'
        return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format(body))
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        for name, content in extra:
            archive.writestr(name, content)
    return file.getvalue()


def csv_bytes(rows, delimiter=",", encoding="utf-8-sig"):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([["" if c is None else c for c in row] for row in rows])
    return file.getvalue().encode(encoding)


def read(content, name="danh-sach.xlsx"):
    return read_sheets(io.BytesIO(content), name)


def plan_of(kind, source, user, decisions=None, reading=None, **options):
    """(kind, plan) of rows, of the bytes of an xlsx, or of sheets."""
    if isinstance(source, bytes):
        source = read(source)
    elif not isinstance(source[0], Sheet):
        source = read(xlsx(source))
    made = kind_called(kind)(user, Department.objects.first(), decisions)
    return made, check(made, source, reading or Reading(), **options)


def import_rows(kind, source, user, **options):
    """Check and write: (plan, the sealed journal)."""
    made, plan = plan_of(kind, source, user, **options)
    journal = Journal()
    made.write(plan.items, journal, lambda percent, step: None)
    journal.seal()
    return plan, journal


def actions(plan):
    """{action: how many rows}, without those there are none of."""
    return {action: n for action, n in plan.counts.items() if n}


def errors(plan):
    """[(row, column label, why)] of the rows that were rejected."""
    return [
        (o.row, column, why) for o in plan.outcomes if o.action == "reject" for column, _cell, why, _where in o.errors
    ]


def skipped(plan):
    return {o.row: o.errors[0][2] for o in plan.outcomes if o.action == "skip"}


def template_rows(kind):
    """What is there now as a table: the header of the template and the rows of `present`."""
    return [
        [str(column.label) for column in kind.columns],
        *([row.get(column.name) for column in kind.columns] for row in kind.present()),
    ]
