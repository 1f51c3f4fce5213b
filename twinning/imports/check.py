"""The check: sheets become rows, rows become a Plan of what an import would do. Reads the database, never writes."""

from dataclasses import replace
from itertools import islice

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from twinning import vietnamese
from twinning.imports import legacy
from twinning.imports.cells import CellError, Noted, Reading, RowError
from twinning.imports.kind import (
    ASK,
    CHANGE,
    CREATE,
    REJECT,
    SKIP,
    STEP,
    Outcome,
    Plan,
    Row,
    Skipped,
    Undecided,
    in_words,
)
from twinning.imports.sheet import NoTable, find_tables, is_group
from twinning.imports.wide import Unfolded, marked


def check(kind, sheets, reading=None, progress=lambda percent, step: None, encoding_decided=False):
    """The Plan of importing `sheets` (reading.read_sheets) as `kind` (an instance). Only reads the database."""
    reading = reading or Reading()
    plan = Plan()
    if reading.encoding:
        sheets = [_in_unicode(sheet, reading.encoding) for sheet in sheets]
    elif not encoding_decided:
        _look_for_old_letters(plan, sheets)
    found = []  # (index of the sheet, its tables)
    for index, sheet in enumerate(sheets):
        read, given = kind.headings(sheet)
        tables = find_tables(read, kind.columns, kind.said, kind.spread, given)
        if isinstance(tables[0], NoTable):
            plan.sheets.append((sheet.name, 0, tables[0].reason))
            continue
        plan.sheets.append((sheet.name, sum(len(table.rows) for table in tables), ""))
        plan.unknown += [header for table in tables for header in table.unknown]
        told = dict.fromkeys(kind.told(table.given) for table in tables)
        plan.given += [(sheet.name, text) for text in told if text]
        found.append((index, tables))
    total = sum(len(table.rows) * len(table.parts) for _index, tables in found for table in tables) or 1
    rows, done = [], 0
    readers = {}
    for index, tables in found:
        for table in tables:
            for number, text, why in table.skipped:
                plan.outcomes.append(Outcome(index, number, SKIP, text, errors=(("", "", why, ""),)))
        for row in _rows(kind, tables, index, reading, readers, plan):
            rows.append(row)
            done += 1
            if done % STEP == 0:
                progress(5 + 35 * done // total, _("Đọc dòng %s") % vietnamese.number(row.number))
    progress(40, _("So với dữ liệu đang có"))
    kind.load([row for row in rows if not row.errors])
    for done, row in enumerate(rows, start=1):
        _decide(kind, row)
        if done % STEP == 0:
            progress(45 + 45 * done // len(rows), _("Kiểm tra dòng %s") % vietnamese.number(row.number))
    labels = {column.name: str(column.label) for column in kind.columns}
    words = {column.name: column.in_words for column in kind.columns}
    for row in rows:
        plan.outcomes.append(
            Outcome(
                row.sheet,
                row.number,
                row.action,
                row.label or _label_of(row, words),
                row.changes,
                tuple((labels.get(name, ""), cell, why, _address(kind, row, name)) for name, cell, why in row.errors),
                row.notes,
                row.question,
            )
        )
        if row.action in (CREATE, CHANGE) and row.item is not None:
            plan.items.append((row.action, row.item))
    plan.outcomes.sort(key=lambda outcome: (outcome.sheet, outcome.row))
    return plan


def _rows(kind, tables, index, reading, readers, plan):
    """The data rows of the tables of a sheet as Row, cells read; a row that only heads a group is noted and holds for
    the next."""
    for column in kind.columns:
        readers.setdefault(column.name, _Reader(column, reading))
    parts_read = {}  # a part → [(name, place, reader)] of its columns, and those of them that are required
    heading, outer, above, unfold, table = {}, None, None, None, None

    def skip(number, text, why):
        plan.outcomes.append(Outcome(index, number, SKIP, text, errors=(("", "", why, ""),)))

    for one, number, cells in ((table, *row) for table in tables for row in table.rows):
        if one is not table:
            table, above, unfold = one, None, Unfolded(one.parts)
            # What a column of the table says is not taken from above.
            heading = {name: value for name, value in heading.items() if name not in table.columns} | table.given
        if (text := is_group(cells)) and (group := kind.group(text)) is not None:
            outer = outer or group.keys()  # levels below units, or units below levels: the outer one begins anew
            heading = (table.given if group.keys() == outer else heading) | group
            above = None
            skip(number, text, _("dòng nhóm"))
            continue
        parts = unfold(cells)
        if not parts:
            skip(number, _text_of(cells), _("các ô số liệu đều trống"))
        for part in parts:
            row = Row(index, number, {}, [], part=part)
            if (known := parts_read.get(id(part))) is None:
                columns = [column for column in kind.columns if column.name in part.columns]
                reads = [(c.name, part.columns[c.name], readers[c.name]) for c in columns]
                known = parts_read[id(part)] = reads, [column for column in columns if column.is_required]
            reads, required = known
            filled = _fill(row, cells, reads)
            for said in (part.given, heading):
                for name, value in said.items():
                    row.values.setdefault(name, value)
            missing = [c for c in required if c.name not in row.values]
            missing = [c for c in missing if not any(name == c.name for name, _cell, _why in row.errors)]
            if missing and filled + len(row.errors) < 2:
                skip(number, _text_of(cells), _("không phải dòng dữ liệu"))
                break
            if part.own:
                row.notes += (_("cột %s") % ", ".join(map(xl_col_to_name, sorted(part.own))),)
            if above and missing and kind.continues(row, above):
                missing = [c for c in missing if c.name not in row.values]
            else:
                above = row
            row.errors += [(c.name, "", _("Thiếu %s.") % str(c.label).lower()) for c in missing]
            yield from kind.split(row)


def _fill(row, cells, reads):
    """Read the cells of a row into its values, errors and notes, by (name, place, reader). Returns how many say
    something."""
    filled, width = 0, len(cells)
    for name, place, read in reads:
        if type(place) is tuple:
            cell = " ".join(str(cells[p]) for p in place if p < width and cells[p] not in ("", None))
        elif type(place) is dict:
            cell = marked(cells, place)
        else:
            cell = cells[place] if place < width else None
        if cell is None or cell == "":
            continue
        value, why = read(cell)
        if why:
            row.errors.append((name, str(cell)[:200], why))
        elif value is not None:
            if type(value) is Noted:
                value, row.notes = value.value, (*row.notes, value.note)
            row.values[name] = value
            filled += 1
    return filled


def _text_of(cells):
    return " ".join(str(cell) for cell in cells if cell not in ("", None))[:120]


def _address(kind, row, name):
    """Where on the sheet the cell of a column stands, "F12"; "" when it has none. What a header of a wide table says is
    shown at the cells below it."""
    place = row.part.columns.get(name, row.part.columns.get(kind.told_by.get(name)))
    if place is None and name in row.part.given:
        place = row.part.own
    if place is None:
        return ""
    return xl_rowcol_to_cell(row.number - 1, place if type(place) is int else min(place))


class _Reader:
    """Reads the cells of one column; the same cell twice is read once."""

    MOST_KEPT = 50_000

    def __init__(self, column, reading):
        self.read, self.reading, self.known = column.read, reading, {}

    def __call__(self, cell):
        key = (cell.__class__, cell)
        if key not in self.known:
            if len(self.known) > self.MOST_KEPT:
                self.known.clear()
            try:
                self.known[key] = (self.read(cell, self.reading), "")
            except CellError as error:
                self.known[key] = (None, str(error))
        return self.known[key]


def _decide(kind, row):
    if row.errors:
        row.action = REJECT
        return
    try:
        kind.plan(row)
    except RowError as error:
        row.action = REJECT
        row.errors += [(one.column, _shown(row, one.column), one.why) for one in error.all]
    except ValidationError as error:
        row.action = REJECT
        fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        row.errors += [(name, _shown(row, name), why) for name, messages in fields.items() for why in messages]
    except Undecided as undecided:
        row.action, row.question = ASK, undecided.question
    except Skipped as reason:
        row.action = SKIP
        row.errors.append(("", "", str(reason)))


def _shown(row, name):
    value = row.values.get(name)
    return "" if value is None else in_words(None, name, value)


def _label_of(row, words):
    said = ((words[name], value) for name, value in row.values.items() if name in words)
    return " · ".join(as_words(value) for as_words, value in islice(said, 4))


def _in_unicode(sheet, encoding):
    rows = [
        (number, [legacy.convert(cell, encoding) if isinstance(cell, str) else cell for cell in cells])
        for number, cells in sheet.rows
    ]
    return replace(sheet, rows=rows)


def _look_for_old_letters(plan, sheets):
    texts = [
        cell
        for sheet in sheets
        if not sheet.is_hidden
        for _number, cells in sheet.rows[:3000]
        for cell in cells
        if isinstance(cell, str) and not cell.isascii()
    ]
    plan.encoding = legacy.suspect(texts)
    if plan.encoding:
        changed = ((text, legacy.convert(text, plan.encoding)) for text in dict.fromkeys(texts))
        plan.samples = list(islice((pair for pair in changed if pair[0] != pair[1]), 8))
