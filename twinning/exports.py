"""Lists as XLSX: every filtered row, the columns shown, the filters named on top."""

import tempfile
from datetime import date, datetime
from pathlib import PurePath
from urllib.parse import quote

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from twinning.vietnamese import fold

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD_ROW = 3


def xlsx_response(context, name, title):
    """A download of the whole table of a list page. `context` is the page's; memory stays flat (rows are streamed)."""
    table, filterset = context["table"], context["filter"]
    file = tempfile.TemporaryFile()  # noqa: SIM115 FileResponse closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(_("Danh sách"))
    head = book.add_format({"bold": True, "bg_color": "#EEF4FA", "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    rows = table.as_values()
    columns = next(rows)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, min(48, max(12, len(str(column)) + 2, 32 if index == 0 else 0)))
    sheet.write_string(0, 0, str(title), book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, filters_in_words(filterset) or _("Tất cả"))
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    for index, column in enumerate(columns):
        sheet.write_string(HEAD_ROW, index, str(column), head)
    last = HEAD_ROW
    for last, row in enumerate(rows, start=HEAD_ROW + 1):
        for index, value in enumerate(row):
            _write(sheet, last, index, value)
    sheet.autofilter(HEAD_ROW, 0, last, len(columns) - 1)
    book.close()
    file.seek(0)
    return attachment(file, f"{name}.xlsx", XLSX)


def _write(sheet, row, column, value):
    """Numbers and days keep their type; everything else is text, never a formula. What is empty stays blank."""
    if value in (None, "", "—") or value is False:
        return
    if value is True:
        sheet.write_string(row, column, _("có"))
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, timezone.localtime(value).replace(tzinfo=None))
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value)
    else:
        sheet.write_string(row, column, str(value) if isinstance(value, Promise) else f"{value}")


def filters_in_words(filterset):
    """The filters in use as one line: "Tìm: tan mai; Năm học: 2023-2024"."""
    words = []
    form = filterset.form
    form.is_valid()  # what is no choice filters nothing, and is left out of `cleaned_data`
    for name, value in form.cleaned_data.items():
        if value in (None, "", []):
            continue
        field = form.fields[name]
        is_choice = hasattr(field, "choices") and not hasattr(value, "_meta")
        text = {str(key): label for key, label in field.choices}[value] if is_choice else value
        words.append(f"{field.label}: {text}")
    return "; ".join(words)


def attachment(file, name, content_type, inline=False):
    """A file answer with an ASCII and a UTF-8 name."""
    response = FileResponse(file, content_type=content_type)
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    plain = (fold(stem).replace(" ", "-") or "tep") + (suffix if suffix.isascii() else "")
    kind = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response
