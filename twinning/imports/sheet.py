"""Finds the tables in a sheet as an office wrote it: titles above, a header of one to three rows, totals and notes
below; and further tables with headers of their own, below or beside the first.

Nothing is dropped in silence: every row that is not data is listed with why.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import zip_longest

from django.utils.translation import gettext as _

from twinning.imports.cells import amount
from twinning.imports.wide import NUMBERED, Headers, Part, unfold
from twinning.vietnamese import fold, normalise

HEADER_WITHIN = 20
EXAMPLE = re.compile(r"ví dụ\b.*")  # what stands first in the example row of our templates
# With their marks, since "Tống Thị Hoa", "Cộng Hòa" and "Công đoàn" are no totals; typed without any, only alone.
_TOTALS = re.compile(
    r"tổng (?:cộng|số)\b.*|"
    r"(?:cộng|tổng)(?: *[:(\d–-].*|(?: (?:toàn|chung|các|khối|cấp|bậc|theo|lại|trang|mục|phần|quận|huyện|"
    r"thị xã|thành phố|phường|xã|mn|th|thcs|thpt|mầm non|tiểu học|trung học|trường|[ivx]+|[a-h])\b.*)?)|"
    r"(?:tong cong|tong so|cong|tong)(?: *[:(\d].*)?"
)
_NOTES = re.compile(
    r"(ghi chu|luu y|nguon|nguoi lap|thu truong|ky ten|danh sach (nay|gom|co|tren)|an dinh danh sach|noi nhan|"
    r"xac nhan cua|.*\bngay\b.*\bthang\b.*\bnam\b).*"
)
_SIGNATURE = re.compile(
    r".*\bngay\b.*\bthang\b.*\bnam\b.*|nguoi lap.*|thu truong.*|(kt |tm |t m |q )?(pho )?(hieu truong|giam doc)|"
    r"truong phong|chu tich.*|ky .*(ten|dau).*|xac nhan cua.*"
)
_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
NUMBERING = ("stt", "tt", "so tt", "id", "so thu tu")
# A row of numbers or letters below the header that counts the columns: 1 2 3, (1) (2), A B 1 2.
_COUNTER = re.compile(r"\(?([0-9]{1,2}|[A-Z]|[IVX]{2,5})\)?")

_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_UNIT = re.compile(r"\b(?:(ty|ti)|(trieu|trd)|(nghin|ngan|1000 ?d|1 000 ?d))\b|\b(1000|1 000) dong\b")


@dataclass
class Table:
    """One sheet's table: `columns` maps a column's name to its place, or to the places of its two halves; `rows` are
    (row number, cells), each of which becomes a row for every one of `parts`."""

    sheet: object
    columns: dict
    header_row: int
    rows: list
    parts: list
    unknown: list = field(default_factory=list)  # headers nobody asked for, as they are written
    given: dict = field(default_factory=dict)  # column name → what the titles above say for all rows
    skipped: list = field(default_factory=list)  # (row number, text, why)
    below: object = None  # the Sheet of what follows, from the titles of the next table on


@dataclass
class NoTable:
    """A sheet without the table that was looked for, and why."""

    sheet: object
    reason: str


def find_tables(sheet, columns, said=lambda titles: {}, spread=None, given=None):
    """Every Table of `sheet`, from the top down, or [NoTable]; see `find_table`. What the titles of a table say holds
    for the tables below it too, until their own say otherwise; `given` is said before any title."""
    tables, rest = [], sheet
    while rest is not None:
        table = find_table(rest, columns, said, spread, given)
        if not isinstance(table, NoTable):
            tables.append(table)
            rest, given = table.below, table.given
            continue
        if not tables:
            return [table]
        # Another list with words of ours in its header: its rows must not be read by the header above.
        told = {number for number, _text, _why in tables[-1].skipped}
        others = [(n, _first_text(cells)) for n, cells in rest.rows if n not in told]
        tables[-1].skipped += [(*other, _("bảng khác: %s") % table.reason) for other in others]
        break
    return tables


def find_table(sheet, columns, said=lambda titles: {}, spread=None, above=None):
    """The first Table of `sheet` for these `columns` (name, headers, is_required), or NoTable. `said` tells what the
    titles (the sheet's name and the lines above its header) say for all rows: {column name: cell}; `above` what those
    of a table above said. `spread` (wide.Spread) says which columns may stand as headers side by side."""
    if sheet.is_hidden:
        return NoTable(sheet, _("trang tính ẩn, không đọc"))
    if not sheet.rows:
        return NoTable(sheet, _("trang tính trống"))
    by_header = {fold(half): (c.name, i, len(c.halves) - 1) for c in columns for i, half in _halves(c)}
    by_header |= {fold(header): column.name for column in reversed(columns) for header in column.also}
    by_header |= {fold(header): column.name for column in reversed(columns) for header in (column.name, column.label)}
    seconds = {column.name: column.second for column in columns if column.second}
    meaning = Headers(spread, by_header) if spread else lambda stack: None
    required = [column for column in columns if column.is_required]
    best, first, stacks, found = (0, 0), 0, [], _Found()
    head = [row for row in sheet.rows if row[0] <= sheet.rows[0][0] + HEADER_WITHIN][:HEADER_WITHIN]
    last = len(head)  # a header that has all it needs is not beaten by that of a larger table further below
    for index in range(len(head)):
        if index > last:
            break
        for some, taken in _readings(sheet, head, index, most=3 if spread else 2):
            match = _match(some, by_header, meaning, seconds)
            count = len(match.places) + sum(bool(spread_over) for spread_over, _below in match.meanings.values())
            words = [header_words(stack[-1]) if stack else "" for stack in some]
            # One known word among others may stand in any sentence; two side by side are a header, or one beside STT.
            is_numbered = any(word in NUMBERING for word in words)
            alone = sum(bool(word) and word not in NUMBERING for word in words) == 1
            # A title put in front of a header of one row adds nothing to it.
            if count and (count > 1 or is_numbered or alone) and (count, -taken) > best:
                best, first, stacks, found = (count, -taken), index + taken, some, match
                if last == len(head) and required and (count > 1 or is_numbered):
                    given = (above or {}) | (said(_titles(sheet, index)) if index else {})
                    if all(c.name in match.places.keys() | match.in_headers | given.keys() for c in required):
                        last = index + taken - 1
    places, taken = found.places, -best[1]
    given = (above or {}) | (said(_titles(sheet, first - taken)) if first else {})
    parts, totals = _blocks(found, required), []
    if found.meanings:
        names = [column.name for column in required]
        parts, unused, totals, places = unfold(places, found.meanings, spread, given, names)
        found.unknown += unused
    missing = [c.label for c in required if c.name not in places.keys() | given.keys() | found.in_headers]
    if not first or not parts or missing:
        return NoTable(sheet, _what_lacks(columns, found.places, missing or [c.label for c in required]))
    unknown = [" – ".join(stacks[place][-2:]) for place in sorted(found.unknown)]
    unknown += [_("%s (cột tổng)") % " – ".join(stacks[place][-2:]) for place in totals]
    table = Table(sheet, places, sheet.rows[first - 1][0], [], parts, unknown)
    table.given = {name: cell for name, cell in given.items() if name not in places}
    _widen(sheet, table, columns)
    _fill_merged(sheet, first)
    _name_units(sheet, table, columns, first)
    headers = (
        by_header.keys()
        | set(NUMBERING)
        | {words for stack in stacks for text in stack if (words := header_words(text))}
    )
    is_signed = False
    for index, (number, cells) in enumerate(sheet.rows[first:], start=first):
        is_first = number <= table.header_row + 2
        if _is_header(cells, by_header, headers) and not (is_first and _is_below_header(cells, table)):
            begins = _first_title(sheet.rows, index, first)
            titles = {title for title, _cells in sheet.rows[begins:index]}
            table.rows = [row for row in table.rows if row[0] not in titles]
            table.skipped = [row for row in table.skipped if row[0] not in titles]
            table.skipped += [
                (n, _first_text(line), _("tiêu đề của bảng dưới")) for n, line in sheet.rows[begins:index]
            ]
            is_same = begins == index and all(header_words(cell) in headers for cell in _filled(cells))
            why = _("dòng tiêu đề lặp lại") if is_same else _("dòng tiêu đề của bảng dưới")
            table.skipped.append((number, _first_text(cells), why))
            table.below = replace(sheet, rows=sheet.rows[begins:])
            break
        why = _not_data(cells, table, headers, is_first)
        is_signed = is_signed or _begins_signatures(cells)
        if not why and is_signed and _is_sparse(cells):
            why = _("phần ký tên")
        if why:
            table.skipped.append((number, _first_text(cells), why))
        else:
            table.rows.append((number, cells))
    return table


def _is_header(cells, by_header, headers):
    """Whether a row below a header is another header: that of the next page, or of another table."""
    filled = _filled(cells)
    if len(filled) < 2 or not all(isinstance(cell, str) for cell in filled):
        return False
    words = [header_words(cell) for cell in filled]
    known = {by_header[word] for word in words if word in by_header}
    if len(known) < 1 or len(known) + (words[0] in NUMBERING) < 2:
        return False
    # Each word of a header may be somebody's data too: "Tiểu học" of a school, "Toán" of a lesson.
    return words[0] in NUMBERING or all(word in headers for word in words)


def _first_title(rows, header, first):
    """Where the titles of the table with its header at the index `header` begin: lines of one text each."""
    begins = header
    while begins > first and len(_filled(rows[begins - 1][1])) == 1 and _is_sparse(rows[begins - 1][1], most=1):
        begins -= 1
    return begins


def _blocks(found, required):
    """The Parts of a table: one, or those of lists side by side under the same headers ("STT | Tên trường" twice)."""
    blocks = [dict(found.places)]
    for name, place in sorted(found.again, key=lambda again: again[1]):
        if name in blocks[-1] or len(blocks) == 1:
            blocks.append({})
        blocks[-1][name] = place
    names = {column.name for column in required}
    if len(blocks) == 1 or not names or found.meanings or not all(names <= block.keys() for block in blocks):
        found.unknown += [place for _name, place in found.again]
        return [Part(found.places)]
    return [Part(block, own=tuple(block.values())) for block in blocks]


def _what_lacks(columns, places, missing):
    """Why a sheet has not the table that was looked for."""
    if places:
        found = ", ".join(f"“{column.label}”" for column in columns if column.name in places)
        return _("thiếu cột %(missing)s (chỉ thấy %(found)s)") % {
            "missing": ", ".join(f"“{label}”" for label in missing),
            "found": found,
        }
    wanted = [column for column in columns if column.is_required] or columns[:4]
    return _("không thấy dòng tiêu đề có cột %(wanted)s trong %(n)d dòng đầu") % {
        "wanted": ", ".join(f"“{column.label}”" for column in wanted),
        "n": HEADER_WITHIN,
    }


def _readings(sheet, head, index, most):
    """([the texts that stand over a column, from the top down], rows taken): the row alone, and with the rows below it
    as a header of up to `most` rows."""
    for taken in range(1, min(most, len(head) - index) + 1):
        rows = head[index : index + taken]
        if taken > 1 and isinstance(next(iter(_filled(rows[-1][1])), ""), (int, float)):
            break  # a row of data, or the numbers of the columns
        lines = [rows[-1][1]]
        for row in reversed(rows[:-1]):
            lines.insert(0, _spread(sheet, row, lines[0] if most > 2 else ()))
        stacks = [[" ".join(cell.split()) for cell in column if header_words(cell)] for column in zip_longest(*lines)]
        if taken == 1 or any(len(stack) == taken for stack in stacks):
            yield stacks, taken


def _spread(sheet, row, below):
    """The cells of a header row with each merged cell repeated to the right; in a row without merged cells (in a CSV,
    or centred over columns) as far as something stands `below`. A title over the whole table stays where it is."""
    number, cells = row
    width = max(len(cells), len(below))
    cells = [*cells, *[None] * width][:width]
    texts = [place for place, cell in enumerate(cells) if header_words(cell)]
    if below and len(texts) == 1 and not any(below[: texts[0]]):
        return cells
    is_merged = False
    for (top, left), (bottom, right) in sheet.merged:
        if top + 1 <= number <= bottom + 1 and left < width and cells[left] not in ("", None):
            cells[left : right + 1] = [cells[left]] * (right + 1 - left)
            is_merged = True
    for place in range(1, len(below)) if not is_merged else ():
        if cells[place] in ("", None) and header_words(below[place]):
            cells[place] = cells[place - 1]
    return cells


def header_words(cell):
    """A header as words to compare: no marks, nothing in brackets, no stars."""
    if not isinstance(cell, str):
        return ""
    cell = NUMBERED.sub("", cell)
    return fold(re.sub(r"\([^)]*\)", " ", cell)) or fold(cell)


@dataclass
class _Found:
    """What the headers of a sheet say: column name → place, place → what a header of a wide table says (wide.Headers),
    and the places of headers nobody asked for."""

    places: dict = field(default_factory=dict)
    meanings: dict = field(default_factory=dict)
    unknown: list = field(default_factory=list)
    again: list = field(default_factory=list)  # (column name, place) of headers that stand once more

    @property
    def in_headers(self):
        return {name for said_there, below in self.meanings.values() for name in (*said_there, below)}


def _match(stacks, by_header, meaning, seconds):
    """What the headers say, as _Found; each header is a stack of texts. `seconds`: column → that of a second one with
    its header."""
    found, halves, under = _Found(), {}, {}
    for place, stack in enumerate(stacks):
        if not stack:
            continue
        wide = meaning(stack)
        words = [header_words(text) for text in stack]
        readings = [" ".join(words[n:]) for n in range(len(words))]  # with all that stands above, then with less
        readings += map(fold, _IN_BRACKETS.findall(stack[-1]))  # "Bên A (bên hỗ trợ)"
        name = next((by_header[reading] for reading in readings if reading in by_header), None)
        if not wide and len(stack) > 1 and name not in seconds and isinstance(name, str) and words[0] not in by_header:
            of_whole = by_header.get(readings[0]) == name  # what stands above is part of the name of the column
            if not of_whole and not _takes(found, under, name, place, words[0]):
                continue
        if name in found.places and name not in seconds:
            # Only the very same header begins a list beside the first; "Tên trường mới" beside "Tên trường" does not.
            same = words[-1] == header_words(stacks[found.places[name]][-1])
            found.again += [(name, place)] if same else []
            found.unknown += [] if same else [place]
            continue
        if name in found.places:
            name = seconds[name]
        if wide and (wide[0] or not name):
            found.meanings[place] = wide
        elif isinstance(name, tuple) and name not in halves:
            halves[name] = place
        elif name and name not in found.places and not isinstance(name, tuple):
            found.places[name] = place
        elif readings[0] not in NUMBERING:
            found.unknown.append(place)
    for name, part, last in list(halves):
        if part == last and name not in found.places:  # without the last, the given name, it is no name
            places = tuple(place for (one, *_part), place in sorted(halves.items()) if one == name)
            found.places[name] = places if len(places) > 1 else places[0]
    return found


_OF_ALL = {"tong", "tong so", "tong cong", "cong", "chung", "toan truong", "toan don vi", "tat ca"}


def _takes(found, under, name, place, head):
    """Whether the column `name` is at this place, below a `head` that the name does not need: "Khối 6: Lớp | HS". Under
    several heads it is the one of all, "Toàn trường", or none, since nobody knows which is meant. `under`: name → head
    of the place it has, or None once it has none."""
    if name not in under:
        if name not in found.places:
            under[name] = head
        return True
    if head in _OF_ALL and under[name] not in _OF_ALL:
        found.unknown += [found.places.pop(name)] if name in found.places else []
        under[name] = head
        return True
    if head != under[name] and under[name] not in _OF_ALL and name in found.places:
        found.unknown.append(found.places.pop(name))
        under[name] = None
    found.unknown.append(place)
    return False


def _titles(sheet, header):
    """The sheet's name and the texts of the `header` rows above its header."""
    above = [cell for _number, cells in sheet.rows[:header] for cell in cells if isinstance(cell, str) and cell.strip()]
    return [sheet.name, *map(_without_number, above)]


def _halves(column):
    return ((i, header) for i, headers in enumerate(column.halves) for header in headers)


def _widen(sheet, table, columns):
    """A header that is merged over columns stands for all parts of what is below, or for one and a second one."""
    halved = {table.columns[c.name]: c.name for c in columns if c.halves and c.name in table.columns}
    seconds = {table.columns[c.name]: c.second for c in columns if c.second and c.name in table.columns}
    for (top, left), (bottom, right) in sheet.merged:
        if right == left or not top < table.header_row <= bottom + 1:
            continue
        if left in halved and right - left < 3:
            table.columns[halved[left]] = tuple(range(left, right + 1))
        elif right == left + 1 and left in seconds and right not in table.columns.values():
            table.columns.setdefault(seconds[left], right)


def _name_units(sheet, table, columns, first):
    """A header such as "Kinh phí (triệu đồng)" says what its bare numbers count: 50 is read as 50 million.
    So does a line "Đơn vị tính: triệu đồng" above the table."""
    titles = (fold(cell) for _n, cells in sheet.rows[: first - 1] for cell in cells if isinstance(cell, str))
    title = next((words for words in titles if re.match(r"(don vi( tinh)?|dvt)\b", words) and _UNIT.search(words)), "")
    layouts = [table.columns, *(part.columns for part in table.parts)]
    amounts = {places[c.name] for c in columns if c.read is amount for places in layouts if c.name in places}
    for place in amounts:
        if not isinstance(place, int):
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


def _filled(cells):
    return [cell for cell in cells if cell not in ("", None) and str(cell).strip()]


def _first_text(cells):
    return next((" ".join(str(cell).split()) for cell in cells if isinstance(cell, str) and cell.strip()), "")[:120]


def _not_data(cells, table, headers, is_first):
    """Why a row below the header is no data; empty when it is."""
    filled = _filled(cells)
    if not filled:
        return _("dòng trống")
    if is_first and len(filled) > 1 and all(_is_counter(cell) for cell in filled):
        return _("dòng đánh số cột")
    if is_first and len(filled) > 1 and _is_below_header(cells, table):
        return _("dòng tiêu đề phụ")
    text = _first_text([cell for cell in cells if not isinstance(cell, str) or not _COUNTER.fullmatch(cell.strip())])
    words, plain = fold(text), normalise(text).lower()
    if EXAMPLE.fullmatch(plain):
        return _("dòng ví dụ")
    if _TOTALS.fullmatch(plain):
        return _("dòng tổng")
    if _NOTES.fullmatch(words) and _is_sparse(cells, most=2):
        return _("ghi chú")
    if len(filled) > 1 and all(isinstance(cell, str) and header_words(cell) in headers for cell in filled):
        return _("dòng tiêu đề lặp lại")
    return ""


def _is_below_header(cells, table):
    """The lower row of a header that was taken as one row, since its upper row says all: "TS | Nữ" below "Số học sinh".
    Below the first columns, the names, nothing stands."""
    places = [place for part in table.parts for place in part.columns.values() if type(place) is int]
    if not places or any(cell not in ("", None) for cell in cells[: min(places) + 1]):
        return False
    return all(isinstance(cell, str) and not cell[:1].isdecimal() for cell in _filled(cells))


def _is_sparse(cells, most=3):
    """A few words, no number and no day: what stands below a table, not in it."""
    filled = _filled(cells)
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


_BEHIND_HEADING = re.compile(r"\s*(?:\([^()]*\)\s*:?|[:;,–-]\s*\d+\b[^:]*|:)\s*$")  # "(12 trường)", ": 12 trường"
_HEADING = re.compile(r"\s*([IVX]+|[A-H])\s*([.)\-:]|$)")


def is_group(cells):
    """A row with one text only, as offices head the schools of a unit: "II. Huyện Ba Vì"; the text, else ""."""
    filled = _filled(cells)
    texts = [cell for cell in filled if isinstance(cell, str) and not _COUNTER.fullmatch(cell.strip().rstrip(".)"))]
    others = [cell for cell in filled if not isinstance(cell, str)]
    if len(texts) != 1 or any(isinstance(cell, date) for cell in others):
        return ""
    is_counted = isinstance(filled[0], str) and _HEADING.match(filled[0])
    if len(filled) > 2 and not is_counted and filled[0] is not texts[0]:
        return ""  # a number in front of other numbers counts a row of data
    return _BEHIND_HEADING.sub("", _without_number(texts[0]))


def _without_number(heading):
    """ "II. Huyện Ba Vì" → "Huyện Ba Vì"."""
    return re.sub(r"^\s*([IVX]+|[A-Z]|\d+)\s*[.)\-:]\s*", "", heading).strip()
