"""Finds the table in a sheet as an office wrote it: titles above, a header of one or two rows, totals and notes below.

Nothing is dropped in silence: every row that is not data is listed with why.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from twinning.imports.cells import amount
from twinning.vietnamese import fold

HEADER_WITHIN = 20
EXAMPLE = "vi du"  # what stands first in the example row of our templates
_TOTALS = re.compile(r"(tong cong|tong so|cong|tong|tong toan \w+)( .*)?")
_NOTES = re.compile(
    r"(ghi chu|luu y|nguon|nguoi lap|thu truong|ky ten|danh sach (nay|gom|co)|an dinh danh sach|noi nhan|xac nhan cua|"
    r".*\bngay\b.*\bthang\b.*\bnam\b).*"
)
_SIGNATURE = re.compile(
    r".*\bngay\b.*\bthang\b.*\bnam\b.*|nguoi lap.*|thu truong.*|(kt |tm |t m |q )?(pho )?(hieu truong|giam doc)|"
    r"truong phong|chu tich.*|ky .*(ten|dau).*|xac nhan cua.*"
)
_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
NUMBERING = ("stt", "tt", "so tt", "id", "so thu tu")
# A row of numbers or letters below the header that counts the columns: 1 2 3, (1) (2), A B 1 2.
_COUNTER = re.compile(r"\(?([0-9]{1,2}|[A-Z]|[IVX]{2,5})\)?")

_NUMBERED = re.compile(r"^\s*\(?(\d{1,2}|[IVX]{1,4})[.)]\s*(?=[^\W\d])")  # "1. Tên trường"
_UNIT = re.compile(r"\b(?:(ty|ti)|(trieu|trd)|(nghin|ngan|1000 ?d|1 000 ?d))\b|\b(1000|1 000) dong\b")


@dataclass
class Table:
    """One sheet's table: `columns` maps a column's name to its place, or to the places of its two halves; `rows` are
    (row number, cells)."""

    sheet: object
    columns: dict
    header_row: int
    rows: list
    unknown: list = field(default_factory=list)  # headers nobody asked for, as they are written
    given: dict = field(default_factory=dict)  # column name → what the titles above say for all rows
    skipped: list = field(default_factory=list)  # (row number, text, why)


@dataclass
class NoTable:
    """A sheet without the table that was looked for, and why."""

    sheet: object
    reason: str


def find_table(sheet, columns, said=lambda titles: {}):
    """The Table of `sheet` for these `columns` (name, headers, is_required), or NoTable. `said` tells what the titles
    (the sheet's name and the lines above its header) say for all rows: {column name: cell}."""
    if sheet.is_hidden:
        return NoTable(sheet, _("trang tính ẩn, không đọc"))
    if not sheet.rows:
        return NoTable(sheet, _("trang tính trống"))
    by_header = {fold(half): (c.name, i) for c in columns for i, half in _halves(c)}
    by_header |= {fold(header): column.name for column in reversed(columns) for header in column.also}
    by_header |= {fold(header): column.name for column in reversed(columns) for header in (column.name, column.label)}
    best, first, places, unknown = (0, 0), None, {}, []
    head = [row for row in sheet.rows if row[0] <= sheet.rows[0][0] + HEADER_WITHIN][:HEADER_WITHIN]
    for index, (_number, cells) in enumerate(head):
        for headers, taken in _readings(sheet, head, index, cells):
            found, others = _match(headers, by_header)
            # One known word among others may stand in any sentence; two side by side are a header, or one beside STT.
            is_numbered = any(isinstance(words, str) and words in NUMBERING for words in headers)
            alone = sum(bool(words) and words not in NUMBERING for words in headers) == 1
            is_header = len(found) > 1 or is_numbered or alone
            # A title put in front of a header of one row adds nothing to it.
            if found and is_header and (len(found), -taken) > best:
                best, first, places, unknown = (len(found), -taken), index + taken, found, others
    given = said(_titles(sheet, first - 1)) if places else {}
    missing = [c.label for c in columns if c.is_required and c.name not in places and c.name not in given]
    if not places or missing:
        if places:
            found = ", ".join(f"“{column.label}”" for column in columns if column.name in places)
            reason = _("thiếu cột %(missing)s (chỉ thấy %(found)s)") % {
                "missing": ", ".join(f"“{label}”" for label in missing),
                "found": found,
            }
        else:
            wanted = [column for column in columns if column.is_required] or columns[:4]
            wanted = ", ".join(f"“{column.label}”" for column in wanted)
            reason = _("không thấy dòng tiêu đề có cột %(wanted)s trong %(n)d dòng đầu") % {
                "wanted": wanted,
                "n": HEADER_WITHIN,
            }
        return NoTable(sheet, reason)
    table = Table(sheet, places, sheet.rows[first - 1][0], [], _written(unknown, head[max(0, first - 2) : first]))
    table.given = {name: cell for name, cell in given.items() if name not in places}
    _widen(sheet, table, columns)
    _fill_merged(sheet, first)
    _name_units(sheet, table, columns, first)
    headers = (
        by_header.keys() | set(NUMBERING) | {words for cell in sheet.rows[first - 1][1] if (words := _words(cell))}
    )
    is_signed = False
    for number, cells in sheet.rows[first:]:
        why = _not_data(cells, table, headers, is_first=number <= table.header_row + 2)
        is_signed = is_signed or _begins_signatures(cells)
        if not why and is_signed and _is_sparse(cells):
            why = _("phần ký tên")
        if why:
            table.skipped.append((number, _first_text(cells), why))
        else:
            table.rows.append((number, cells))
    return table


def _readings(sheet, head, index, cells):
    """The row alone, and with the row above it put in front of its words (a header of two rows)."""
    yield [_words(cell) for cell in cells], 1
    if index + 1 < len(head):
        upper, lower = _spread(sheet, head[index]), head[index + 1][1]
        width = max(len(upper), len(lower))
        upper, lower = (row + [None] * (width - len(row)) for row in (upper, list(lower)))
        pairs = list(zip(map(_words, upper), map(_words, lower), strict=True))
        if any(above and below for above, below in pairs):
            yield [(f"{above} {below}".strip(), below) if below else above for above, below in pairs], 2


def _spread(sheet, row):
    """The cells of a header row with each merged cell repeated to the right."""
    number, cells = row
    cells = list(cells)
    for (top, left), (bottom, right) in sheet.merged:
        if top + 1 <= number <= bottom + 1 and left < len(cells) and cells[left] not in ("", None):
            cells += [None] * (right + 1 - len(cells))
            cells[left : right + 1] = [cells[left]] * (right + 1 - left)
    return cells


def _words(cell):
    """A header as words to compare: no marks, nothing in brackets, no stars."""
    if not isinstance(cell, str):
        return ""
    cell = _NUMBERED.sub("", cell)
    return fold(re.sub(r"\([^)]*\)", " ", cell)) or fold(cell)


def _match(headers, by_header):
    """{column name: place} and the places of headers nobody asked for. A header is words, or of two rows: (both, the
    lower)."""
    places, halves, unknown = {}, {}, []
    for place, words in enumerate(headers):
        readings = words if isinstance(words, tuple) else (words,)
        name = next((by_header[reading] for reading in readings if reading in by_header), None)
        if isinstance(name, tuple) and name not in halves:
            halves[name] = place
        elif name and name not in places and not isinstance(name, tuple):
            places[name] = place
        elif readings[0] and readings[0] not in NUMBERING:
            unknown.append(place)
    for name, half in list(halves):
        if half == 1 and name not in places:
            places[name] = (halves[name, 0], halves[name, 1]) if (name, 0) in halves else halves[name, 1]
    return places, unknown


def _written(places, rows):
    """The headers at `places` as they stand in the last of `rows`, or above where that is empty."""
    words = []
    for place in places:
        cells = (cells[place] for _number, cells in reversed(rows) if place < len(cells))
        words.append(next((" ".join(cell.split()) for cell in cells if isinstance(cell, str) and cell.strip()), ""))
    return list(filter(None, words))


def _titles(sheet, header):
    """The sheet's name and the texts above its header (the `header`-th row that has something)."""
    above = [cell for _number, cells in sheet.rows[:header] for cell in cells if isinstance(cell, str) and cell.strip()]
    return [sheet.name, *above]


def _halves(column):
    return ((i, header) for i, headers in enumerate(column.halves) for header in headers)


def _widen(sheet, table, columns):
    """A header that is merged over two columns stands for both halves of what is below."""
    halved = {table.columns[c.name]: c.name for c in columns if c.halves and c.name in table.columns}
    for (top, left), (bottom, right) in sheet.merged:
        if right == left + 1 and top < table.header_row <= bottom + 1 and left in halved:
            table.columns[halved[left]] = left, right


def _name_units(sheet, table, columns, first):
    """A header such as "Kinh phí (triệu đồng)" says what its bare numbers count: 50 is read as 50 million.
    So does a line "Đơn vị tính: triệu đồng" above the table."""
    titles = (fold(cell) for _n, cells in sheet.rows[: first - 1] for cell in cells if isinstance(cell, str))
    title = next((words for words in titles if re.match(r"(don vi( tinh)?|dvt)\b", words) and _UNIT.search(words)), "")
    for column in columns:
        place = table.columns.get(column.name)
        if column.read is not amount or not isinstance(place, int):
            continue
        above = (cells[place] for _n, cells in sheet.rows[max(0, first - 2) : first] if place < len(cells))
        header = fold(" ".join(cell for cell in above if isinstance(cell, str)))
        found = _UNIT.search(header) or (not re.search(r"\b(dong|vnd)\b", header) and _UNIT.search(title))
        if not found:
            continue
        unit = "tỷ" if found[1] else "triệu" if found[2] else "nghìn"
        for _n, cells in sheet.rows[first:]:
            cell = cells[place] if place < len(cells) else None
            if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                cells[place] = float(Decimal(f"{cell:.15g}") * {"tỷ": 10**9, "triệu": 10**6, "nghìn": 10**3}[unit])
            elif isinstance(cell, str) and re.fullmatch(r"\s*\d[\d.,\s]*", cell):
                cells[place] = f"{cell.strip()} {unit}"


def _fill_merged(sheet, first):
    """Below the header a cell merged over several rows holds for each of them."""
    rows = dict(sheet.rows[first:])
    for (top, left), (bottom, _right) in sheet.merged:
        source = rows.get(top + 1)
        if source is None or bottom == top or left >= len(source) or source[left] in ("", None):
            continue
        for number in range(top + 2, bottom + 2):
            if number in rows and left < len(rows[number]) and rows[number][left] in ("", None):
                rows[number][left] = source[left]


def _first_text(cells):
    return next((" ".join(str(cell).split()) for cell in cells if isinstance(cell, str) and cell.strip()), "")[:120]


def _not_data(cells, table, headers, is_first):
    """Why a row below the header is no data; empty when it is."""
    filled = [cell for cell in cells if cell not in ("", None) and str(cell).strip()]
    if not filled:
        return _("dòng trống")
    if is_first and len(filled) > 1 and all(_is_counter(cell) for cell in filled):
        return _("dòng đánh số cột")
    words = fold(_first_text(cells))
    if words.startswith(EXAMPLE):
        return _("dòng ví dụ")
    if _TOTALS.fullmatch(words):
        return _("dòng tổng")
    if _NOTES.fullmatch(words) and _is_sparse(cells, most=2):
        return _("ghi chú")
    if len(filled) > 1 and all(isinstance(cell, str) and _words(cell) in headers for cell in filled):
        return _("dòng tiêu đề lặp lại")
    return ""


def _is_sparse(cells, most=3):
    """A few words, no number and no day: what stands below a table, not in it."""
    filled = [cell for cell in cells if cell not in ("", None) and str(cell).strip()]
    return len(filled) <= most and all(
        isinstance(cell, str) and not _is_counter(cell) and not _DAY.search(cell) for cell in filled
    )


def _begins_signatures(cells):
    return _is_sparse(cells, most=2) and any(
        _SIGNATURE.fullmatch(fold(cell)) for cell in cells if isinstance(cell, str)
    )


def _is_counter(cell):
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell).is_integer() and 0 < cell < 100
    return isinstance(cell, str) and bool(_COUNTER.fullmatch(cell.strip()))


_HEADING = re.compile(r"\s*([IVX]+|[A-H])\s*([.)\-:]|$)")


def is_group(cells):
    """A row with one text only, as offices head the schools of a unit: "II. Huyện Ba Vì"; the text, else ""."""
    filled = [cell for cell in cells if cell not in ("", None) and str(cell).strip()]
    texts = [cell for cell in filled if isinstance(cell, str) and not _COUNTER.fullmatch(cell.strip().rstrip(".)"))]
    others = [cell for cell in filled if not isinstance(cell, str)]
    if len(texts) != 1 or any(isinstance(cell, date) for cell in others):
        return ""
    if len(filled) > 2 and not (isinstance(filled[0], str) and _HEADING.match(filled[0])):
        return ""  # numbers stand beside a heading only when it is counted by letters or Roman figures
    return re.sub(r"^\s*([IVX]+|[A-Z]|\d+)\s*[.)\-:]\s*", "", texts[0]).strip()
