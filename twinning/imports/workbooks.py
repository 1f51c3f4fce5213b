"""Workbooks the import hands out: the template of a kind, and the person's own sheet with a column of errors."""

import tempfile
from datetime import date, datetime, time

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_cell_to_rowcol

from twinning.imports import cells
from twinning.models import Subject

HEAD_ROW = 3
DROP_DOWN_ROWS = 5000
SUBJECT, DISTRICT = "subject", "district"


def template(kind, rows=()):
    """An open file: headers with notes and drop-downs, an example row, then `rows` ({column name: value}), and a sheet
    that explains every column. `kind` is an instance."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    styles = _Styles(book)
    sheet = book.add_worksheet(_("Nhập liệu"))
    guide = book.add_worksheet(_("Hướng dẫn"))
    lists = book.add_worksheet(_("Danh mục"))
    lists.hide()
    sheet.write_string(0, 0, _("Mẫu nhập: %s") % kind.title, styles.title)
    sheet.write_string(
        1, 0, _("Cột có dấu * bắt buộc. Dòng “Ví dụ” không được nhập. Ô trống giữ nguyên giá trị đang có.")
    )
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    for page in (sheet, guide):
        page.set_landscape()
        page.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 7)
    sheet.set_row(HEAD_ROW, 32)
    sheet.write_string(HEAD_ROW, 0, _("STT"), styles.head)
    columns = [column for column in kind.columns if column.is_offered]
    offered = [_offered(kind, column) for column in columns]
    _write_lists(lists, offered)
    for place, column in enumerate(columns, start=1):
        label = f"{column.label} *" if column.is_required else str(column.label)
        sheet.set_column(place, place, max(14, len(label) + 3, 28 if "name" in column.name else 0), styles.of(column))
        sheet.write_string(HEAD_ROW, place, label, styles.head)
        if column.note:
            sheet.write_comment(HEAD_ROW, place, str(column.note))
        if choices := offered[place - 1]:
            letter = xlsxwriter.utility.xl_col_to_name(place - 1)
            source = f"='{_('Danh mục')}'!${letter}$1:${letter}${len(choices)}"
            sheet.data_validation(
                HEAD_ROW + 1,
                place,
                HEAD_ROW + DROP_DOWN_ROWS,
                place,
                {"validate": "list", "source": source, "error_type": "warning", "error_title": str(column.label)},
            )
    sheet.write_string(HEAD_ROW + 1, 0, _("Ví dụ"), styles.example)  # row after row: memory stays flat
    for place, column in enumerate(columns, start=1):
        _write(sheet, HEAD_ROW + 1, place, column.example or next(iter(offered[place - 1]), ""), styles.example)
    for number, row in enumerate(rows, start=1):
        sheet.write_number(HEAD_ROW + 1 + number, 0, number)
        for place, column in enumerate(columns, start=1):
            _write(sheet, HEAD_ROW + 1 + number, place, row.get(column.name), None)
    _write_guide(guide, kind, columns, offered, styles)
    book.close()
    file.seek(0)
    return file


def with_errors(sheets, rows):
    """An open file: the visible `sheets` (reading.Sheet) as they came, the cells that are wrong in red, and a red
    column at the end that says what is wrong with a row. `rows` are those of the preview (Outcome.as_list)."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    styles = _Styles(book)
    wrong, red = {}, set()
    for sheet, row, action, _label, _changes, errors, _notes, question in rows:
        if action == "reject":
            reasons = wrong.setdefault((sheet, row), [])
            for label, _cell, why, *where in errors:
                reasons.append(f"{in_sheet(label, *where)}: {why}" if label else why)
                red |= {(sheet, *xl_cell_to_rowcol(address)) for address in where if address}
        elif action == "ask":
            wrong.setdefault((sheet, row), []).append(_("Cần quyết định: %s") % question[1])
    for index, sheet in enumerate(sheets):
        if sheet.is_hidden:
            continue
        page = book.add_worksheet(_sheet_name(sheet.name, book))
        width = max((len(line) for _number, line in sheet.rows), default=0)
        page.set_column(0, max(width - 1, 0), 16)
        page.set_column(width, width, 60)
        for number, line in sheet.rows:
            last = max((place for at, y, place in red if (at, y) == (index, number - 1)), default=-1)
            for place, cell in enumerate([*line, *[None] * (last + 1 - len(line))]):
                is_red = (index, number - 1, place) in red
                _write(page, number - 1, place, cell, styles.wrong if is_red else None)
                if is_red and cell in ("", None):
                    page.write_blank(number - 1, place, None, styles.wrong)
            if reasons := wrong.get((index, number)):
                page.write_string(number - 1, width, "; ".join(reasons), styles.error)
    book.close()
    file.seek(0)
    return file


def in_sheet(label, where=""):
    """A column's label with where its cell stands: "Số học sinh (F12)"."""
    return f"{label} ({where})" if where else label


class _Styles:
    def __init__(self, book):
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {"bold": True, "bg_color": "#EEF4FA", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        )
        self.example = book.add_format({"italic": True, "font_color": "#6B7280"})
        self.code = book.add_format({"num_format": "@"})  # so that Excel keeps leading zeros
        self.error = book.add_format({"font_color": "#A4161A", "text_wrap": True})
        self.wrong = book.add_format({"bg_color": "#FCE8E8", "font_color": "#A4161A"})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})

    def of(self, column):
        return self.code if column.read is cells.code else None


def _offered(kind, column):
    """What the drop-down of a column holds."""
    if column.name == SUBJECT:
        return list(Subject.objects.values_list("name", flat=True))
    if column.name == DISTRICT:
        return [str(district) for district in kind.finder.districts if district.valid_to is None]
    return list(column.choices) or kind.offers(column.name)


def _write_lists(sheet, offered):
    for row in range(max(map(len, offered), default=0)):  # row by row: memory stays flat
        for place, choices in enumerate(offered):
            if row < len(choices):
                sheet.write_string(row, place, str(choices[row]))


def _write_guide(sheet, kind, columns, offered, styles):
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 3, 48)
    sheet.write_string(0, 0, _("Hướng dẫn: %s") % kind.title, styles.title)
    sheet.write_string(1, 0, str(kind.intro))
    for place, label in enumerate((_("Cột"), _("Ghi chú"), _("Giá trị nhận"), _("Cũng hiểu các tiêu đề"))):
        sheet.write_string(HEAD_ROW, place, label, styles.head)
    for row, (column, choices) in enumerate(zip(columns, offered, strict=True), start=HEAD_ROW + 1):
        required = _("Bắt buộc. ") if column.is_required else ""
        sheet.write_string(row, 0, str(column.label), styles.wrap)
        sheet.write_string(row, 1, f"{required}{column.note}", styles.wrap)
        sheet.write_string(row, 2, ", ".join(map(str, choices[:40])), styles.wrap)
        sheet.write_string(row, 3, ", ".join(column.also[:12]), styles.wrap)


def _write(sheet, row, place, value, style):
    """A value with its type; text is never a formula."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, place, _("có") if value else _("không"), style)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, place, value.replace(tzinfo=None), style)
    elif isinstance(value, (date, time)):
        sheet.write_datetime(row, place, value, style)
    elif isinstance(value, str):
        sheet.write_string(row, place, value, style)
    else:
        sheet.write_number(row, place, value, style)


def _sheet_name(name, book):
    """A name Excel accepts, once in the book."""
    plain = "".join(" " if letter in "[]:*?/\\" else letter for letter in name)[:28].strip("' ") or _("Trang")
    taken = {sheet.get_name().lower() for sheet in book.worksheets()}
    return plain if plain.lower() not in taken else f"{plain} {len(taken) + 1}"
