"""The list of schools to place as a workbook: downloaded, filled in where it suits people, and read back row by row."""

from dataclasses import dataclass
from io import BytesIO

import python_calamine
import xlsxwriter
from django.utils.translation import gettext as _

from twinning.vietnamese import fold, normalise

SHEET = "Nơi về của trường"
CHOICES = "Đơn vị mới"
KEY, SCHOOL, UNIT = "Mã dòng", "Tên trường", "Đơn vị mới (điền vào đây)"
# Heading → width.
COLUMNS = {
    KEY: 9,
    "Đơn vị cũ": 20,
    "Phường, xã trường ghi": 22,
    "Mã trường": 12,
    SCHOOL: 36,
    "Cấp học": 12,
    "Địa chỉ": 36,
    "Căn cứ": 30,
    "Gợi ý (chưa xác nhận)": 24,
    UNIT: 30,
}
HEAD_ROW = 2
MOST_ROWS_ABOVE = 10


class Unreadable(Exception):
    """The workbook is not one we can read; str() says why and what to do."""


def write_sheet(placements):
    """The workbook (an open binary file) with a row for each of `placements` (Placement.objects.for_list())."""
    placements = list(placements)
    file = BytesIO()  # a few thousand rows at most
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, choices = book.add_worksheet(SHEET), book.add_worksheet(CHOICES)
    bold = book.add_format({"bold": True, "bg_color": "#EEF4FA", "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    fill = book.add_format({"bg_color": "#FFF8E1"})
    sheet.write_string(0, 0, _("Nơi về của trường"), book.add_format({"bold": True, "font_size": 14}))
    note = _("Chỉ điền cột cuối (chọn trong danh sách thả xuống), không sửa cột đầu. Ô để trống: giữ như trên cổng.")
    sheet.write_string(1, 0, note)
    for column, (heading, width) in enumerate(COLUMNS.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(HEAD_ROW, column, heading, bold)
    ranges = _write_choices(choices, placements, bold)
    last_column = len(COLUMNS) - 1
    for line, row in enumerate(placements, start=HEAD_ROW + 1):
        school = row.school
        sheet.write_number(line, 0, row.pk)
        texts = [
            str(row.old_unit),
            school.ward,
            school.code,
            school.name,
            school.get_level_display(),
            school.address,
            row.get_share_display(),
            row.hint,
        ]
        for column, text in enumerate(texts, start=1):
            sheet.write_string(line, column, str(text))
        sheet.write_string(line, last_column, row.unit_name, fill)
        sheet.data_validation(
            line, last_column, line, last_column, {"validate": "list", "source": ranges[row.old_unit_id]}
        )
    sheet.freeze_panes(HEAD_ROW + 1, 0)
    sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(placements), last_column)
    book.close()
    file.seek(0)
    return file


def _write_choices(sheet, placements, bold):
    """A column for each old unit with the new units that take land of it; {old unit pk: range for a drop-down}."""
    ranges = {}
    for row in placements:
        if row.old_unit_id in ranges:
            continue
        column = len(ranges)
        sheet.set_column(column, column, 26)
        sheet.write_string(0, column, str(row.old_unit), bold)
        for line, code in enumerate(row.codes, start=1):
            sheet.write_string(line, column, row.reorganisation.unit_name(code))
        first = xlsxwriter.utility.xl_rowcol_to_cell(1, column, row_abs=True, col_abs=True)
        last = xlsxwriter.utility.xl_rowcol_to_cell(len(row.codes), column, row_abs=True, col_abs=True)
        ranges[row.old_unit_id] = f"='{CHOICES}'!{first}:{last}"
    return ranges


@dataclass
class Reading:
    """What a filled workbook says: `choices` {Placement pk: code} and `errors`, sentences that name row and value."""

    choices: dict
    errors: list


def read_sheet(file, reorganisation):
    """Read a filled workbook (binary file) against the rows of `reorganisation`. Raises Unreadable."""
    lines = _lines(file)
    head, columns = _find_head(lines)
    placements = reorganisation.placements.for_list().in_bulk()
    choices, errors = {}, []
    for number, line in enumerate(lines[head + 1 :], start=head + 2):
        key, name, text = (_text(line, columns[heading]) for heading in (KEY, SCHOOL, UNIT))
        if not (key or text):
            continue
        try:
            row = _row(key, name, placements)
            code = _code(text, row)
            if code and choices.setdefault(row.pk, code) != code:
                raise ValueError(_("trường này đã ghi ở dòng trên với đơn vị khác."))
        except ValueError as error:
            errors.append(_("Dòng %(n)d, %(school)s: %(error)s") % {"n": number, "school": name or "?", "error": error})
    if not choices and not errors:
        raise Unreadable(_("Tệp không có dòng nào điền đơn vị mới. Hãy điền cột “%s” rồi gửi lại.") % UNIT)
    return Reading(choices, errors)


def _lines(file):
    try:
        book = python_calamine.load_workbook(file)
        sheets = book.sheet_names
        return book.get_sheet_by_name(SHEET if SHEET in sheets else sheets[0]).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError, OSError, ValueError) as error:
        raise Unreadable(
            _("Không đọc được tệp Excel này (có thể bị hỏng hoặc đặt mật khẩu). Hãy lưu lại rồi gửi.")
        ) from error


def _find_head(lines):
    """(index, {heading: column}) of the row of headings."""
    for index, line in enumerate(lines[:MOST_ROWS_ABOVE]):
        texts = [fold(str(cell)) for cell in line]
        if all(fold(heading) in texts for heading in (KEY, SCHOOL, UNIT)):
            return index, {heading: texts.index(fold(heading)) for heading in (KEY, SCHOOL, UNIT)}
    raise Unreadable(
        _("Không thấy hàng tiêu đề có các cột “%s”, “%s”, “%s”. Hãy dùng tệp tải về từ trang này.")
        % (KEY, SCHOOL, UNIT)
    )


def _text(line, column):
    value = line[column] if column < len(line) else ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return normalise(str(value))


def _row(key, name, placements):
    row = placements.get(int(key)) if key.isascii() and key.isdigit() else None
    if row is None:
        raise ValueError(_("mã dòng “%s” không có trong danh sách. Hãy giữ nguyên cột đầu của tệp tải về.") % key)
    if fold(name) != fold(row.school.name):
        raise ValueError(
            _("mã dòng %(key)s là của “%(school)s”; các dòng có thể đã bị xếp lệch.")
            % {"key": key, "school": row.school}
        )
    return row


def _code(text, row):
    """The code of the unit named in a cell; "" for an empty one, which changes nothing."""
    if not text:
        return ""
    code = row.reorganisation.facts.find_unit(text, row.codes)
    if code is None:
        known = ", ".join(row.reorganisation.unit_name(code) for code in row.codes)
        raise ValueError(
            _("“%(text)s” không phải đơn vị nhận địa bàn của %(old)s. Các đơn vị: %(known)s.")
            % {"text": text, "old": row.old_unit, "known": known}
        )
    return code
