"""What an import is made of: kinds with their columns, and the check that turns sheets into a plan of what would be.

One check serves the preview, the dry run and the import itself, so that what is confirmed is what was shown: the import
runs the check again in its transaction and refuses when the plan is no longer the same.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import islice

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from twinning import access, school_year, vietnamese
from twinning.imports import cells as convert
from twinning.imports import legacy
from twinning.imports.cells import CellError, Reading, RowError
from twinning.imports.finder import Finder
from twinning.imports.sheet import NoTable, find_table, is_group
from twinning.vietnamese import fold, same_key

STEP = 2000  # rows between two words on how far it is


@dataclass(frozen=True)
class Column:
    """One column of a kind: `name` in code, `label` in the template, other headers people write (`also`), how its cells
    are read, and what the template says about it."""

    name: str
    label: str
    read: object = convert.text
    also: tuple = ()
    is_required: bool = False
    note: str = ""
    example: object = ""
    halves: tuple = ()  # headers of its two halves where people split it: ("Họ đệm", …), ("Tên", …)

    @property
    def headers(self):
        return (self.label, self.name.replace("_", " "), *self.also)

    @property
    def choices(self):
        return getattr(self.read, "labels", ())


@dataclass(frozen=True)
class Question:
    """What only a person can decide about a row. `key` stays the same when the file is checked again."""

    key: str
    text: str
    options: tuple  # (value, label)


class Undecided(Exception):
    def __init__(self, question):
        self.question = question
        super().__init__(question.text)


class Skipped(Exception):
    """A row that is none of ours, reported with the reason: a Department among the schools, say."""


CREATE, CHANGE, SAME, REJECT, SKIP, ASK = "create", "change", "same", "reject", "skip", "ask"
ACTIONS = (CREATE, CHANGE, SAME, REJECT, SKIP, ASK)


@dataclass(slots=True)
class Outcome:
    """What becomes of one row. `changes`: (label, old, new) in words; `errors`: (column label, cell as text, why)."""

    sheet: int
    row: int
    action: str
    label: str
    changes: tuple = ()
    errors: tuple = ()
    notes: tuple = ()
    question: Question | None = None

    def as_list(self):
        question = self.question and [self.question.key, self.question.text, self.question.options]
        return [self.sheet, self.row, self.action, self.label, self.changes, self.errors, self.notes, question]


@dataclass
class Plan:
    """What an import would do. `sheets`: (name, rows read, why not read); `items`: what the kind writes from."""

    outcomes: list = field(default_factory=list)
    items: list = field(default_factory=list)
    sheets: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    encoding: str = ""  # suspected, and not yet decided about
    samples: list = field(default_factory=list)  # (as it stands, converted)

    @property
    def counts(self):
        counts = Counter(outcome.action for outcome in self.outcomes)
        return {action: counts[action] for action in ACTIONS}

    @property
    def digest(self):
        """The same for the same plan: what is confirmed must be what was seen."""
        digest = hashlib.sha256()
        for outcome in self.outcomes:
            digest.update(repr(outcome.as_list()).encode())
        return digest.hexdigest()


class Kind:
    """One kind of import. Subclasses give the texts, `columns` and four methods: `load(rows)` once for all rows, `plan`
    for each, `write` for all that was planned."""

    do_not_call_in_templates = True  # pages show the class itself
    slug = ""  # in URLs
    command = ""  # for manage.py import_workbook
    title = ""
    intro = ""
    icon = "table"
    columns = ()
    roles = access.IMPORT_ROLES_OFFICE

    def __init__(self, user, department, decisions=None):
        self.user, self.department, self.decisions = user, department, decisions or {}
        self.finder = Finder(department)

    # --- what subclasses give ---------------------------------------------------------------------------------------

    def load(self, rows):
        """Fetch what the database knows about `rows` (list of Row), in a fixed number of queries."""

    def plan(self, row):
        """Decide about one Row: `row.create(…)`, `row.change(…)` or raise RowError, Undecided or Skipped."""
        raise NotImplementedError

    def write(self, items, journal, progress):
        """Store the planned items through the Journal."""
        raise NotImplementedError

    def present(self):
        """Rows that are there now, as {column name: value}, for the template filled with present data."""
        return iter(())

    def group(self, text):
        """What a row with one text only says about the rows below it: {column name: cell}, or None when nothing."""
        return

    # --- for subclasses ---------------------------------------------------------------------------------------------

    def decide(self, key, text, options):
        """What a person decided about this question, or Undecided to ask."""
        chosen = self.decisions.get(key)
        if chosen is None or chosen not in {value for value, _label in options}:
            raise Undecided(Question(key, text, tuple(options)))
        return chosen

    def school(self, row, name="school", code="code", district="district", is_required=True):
        """The school a row names by code or by name and unit; errors say on which column."""
        return self.finder.school(
            row.get(code), row.get(name), row.get(district), columns=(code, name, district), is_required=is_required
        )

    def party(self, row, side="", day=None):
        """(school or None, managing unit) that a row names in its columns `<side>school`, `<side>code` and
        `<side>district`, as they were on `day`; (None, None) when it names none."""
        code, name, district = (row.get(f"{side}{part}") for part in ("code", "school", "district"))
        if name and not code and self.finder.is_office(name):
            return None, self.finder.district(name, f"{side}school", day)
        if code or name:
            school = self.school(row, f"{side}school", f"{side}code", f"{side}district")
            return school, self.finder.unit_of(school, day or timezone.localdate())
        return None, self.finder.district(district, f"{side}district", day) if district else None

    def covers(self, school, district):
        """The person's seat covers this school or, without one, this managing unit."""
        if school is None:
            return access.covers_district(self.user, district)
        return access.covers_school(self.user, school)

    @cached_property
    def programmes(self):
        """Of the Department, the newest first."""
        return list(self.department.programmes.select_related("department").order_by("-starts_on", "-pk"))

    def programme(self, row, day, column="programme"):
        """The programme a row names, else the newest that runs on `day`, else the newest."""
        if (name := row.get(column)) is not None:
            named = [one for one in self.programmes if same_key(one.name) == same_key(name)]
            if not named:
                raise RowError(column, _("Không có phong trào “%s”.") % name)
            return named[0]
        if not self.programmes:
            raise RowError("", _("Sở chưa có phong trào nào. Hãy lập phong trào trước khi nhập."))
        running = [one for one in self.programmes if day and one.covers(day)]
        return (running or self.programmes)[0]

    @staticmethod
    def clean(thing):
        """Raise ValidationError when a thing breaks the rules of its model, without a query: what it points to was
        found in the database."""
        thing.clean_fields(exclude=[field.name for field in thing._meta.fields if field.is_relation])
        thing.clean()

    def note_history(self, journal, rows, *, update):
        """Field history of stored `rows` (of one model with a history), which bulk writes leave out."""
        if rows:
            journal.add(type(rows[0]).history.bulk_history_create(rows, 500, update=update, default_user=self.user))

    def event(self, event, subject, action, before="", note=""):
        """An unsaved event (of class `event`) in the life of `subject`, done by this import."""
        return event(
            subject=subject,
            action=action,
            by=self.user,
            unit=str(access.seat(self.user).unit_name),
            from_status=before,
            to_status=subject.status,
            note=note or _("Nhập từ tệp Excel"),
        )

    def require_own(self, school, column="school"):
        """The person's seat covers this school."""
        if not access.covers_school(self.user, school):
            raise RowError(column, _("“%s” không thuộc đơn vị của thầy/cô.") % school)


@dataclass(slots=True)
class Row:
    """One row of data on its way: the values by column name, and what became of it."""

    sheet: int
    number: int
    values: dict
    errors: list
    action: str = ""
    label: str = ""
    changes: tuple = ()
    notes: tuple = ()
    question: object = None
    item: object = None

    def get(self, name):
        return self.values.get(name)

    def need(self, name, label):
        value = self.values.get(name)
        if value is None:
            raise RowError(name, _("Thiếu %s.") % label)
        return value

    def create(self, item, label):
        self.action, self.item, self.label = CREATE, item, label

    def compare(self, item, thing, wanted, label, labels=None):
        """Plan to set `wanted` (field → value; None keeps what is there) on the stored `thing`, or nothing when all is
        so already. `item` is what `write` gets with the differences."""
        differences = {
            name: value for name, value in wanted.items() if value is not None and getattr(thing, name) != value
        }
        self.label = label
        if not differences:
            self.action = SAME
            return
        self.action, self.item = CHANGE, (item, differences)
        self.changes = tuple(
            (
                str((labels or {}).get(name) or thing._meta.get_field(name).verbose_name),
                in_words(thing, name, getattr(thing, name)),
                in_words(thing, name, value),
            )
            for name, value in differences.items()
        )


def in_words(thing, name, value):
    """A value as a person reads it."""
    field_ = thing._meta.get_field(name) if thing is not None else None
    if value in (None, ""):
        return "–"
    if name == "school_year":
        return school_year.label(value)
    if field_ is not None and field_.choices:
        return str(dict(field_.flatchoices).get(value, value))
    if isinstance(value, datetime):
        return f"{value:%H:%M %d/%m/%Y}"
    if isinstance(value, date):
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, (int, float)):
        return vietnamese.number(value)
    if isinstance(value, Decimal):
        return vietnamese.number(value.normalize()) if value % 1 else vietnamese.number(int(value))
    return str(value)


def kinds():
    """Every kind of import, in the order of the settings."""
    return [import_string(path) for path in settings.IMPORT_KINDS]


def kind_called(name):
    """The kind with this slug or command name, or None."""
    wanted = fold(name)
    return next((kind for kind in kinds() if wanted in {fold(kind.slug), fold(kind.command), fold(kind.title)}), None)


# --- The check ------------------------------------------------------------------------------------------------------


def check(kind, sheets, reading=None, progress=lambda percent, step: None, encoding_decided=False):
    """The Plan of importing `sheets` (reading.read_sheets) as `kind` (an instance). Only reads the database."""
    reading = reading or Reading()
    plan = Plan()
    if reading.encoding:
        sheets = [_in_unicode(sheet, reading.encoding) for sheet in sheets]
    elif not encoding_decided:
        _look_for_old_letters(plan, sheets)
    tables = [find_table(sheet, kind.columns) for sheet in sheets]
    found = [table for table in tables if not isinstance(table, NoTable)]
    for table in tables:
        if isinstance(table, NoTable):
            plan.sheets.append((table.sheet.name, 0, table.reason))
        else:
            plan.sheets.append((table.sheet.name, len(table.rows), ""))
            plan.unknown += table.unknown
    total = sum(len(table.rows) for table in found) or 1
    rows, done = [], 0
    readers = {}
    for index, table in enumerate(tables):
        if isinstance(table, NoTable):
            continue
        for number, text, why in table.skipped:
            plan.outcomes.append(Outcome(index, number, SKIP, text, errors=(("", "", why),)))
        for row in _rows(kind, table, index, reading, readers, plan):
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
    for row in rows:
        plan.outcomes.append(
            Outcome(
                row.sheet,
                row.number,
                row.action,
                row.label or _label_of(row),
                row.changes,
                tuple((labels.get(name, ""), cell, why) for name, cell, why in row.errors),
                row.notes,
                row.question,
            )
        )
        if row.action in (CREATE, CHANGE) and row.item is not None:
            plan.items.append((row.action, row.item))
    plan.outcomes.sort(key=lambda outcome: (outcome.sheet, outcome.row))
    return plan


def _rows(kind, table, index, reading, readers, plan):
    """The data rows of a table as Row, cells read; a row that only heads a group is noted and holds for the next."""
    columns = [(column, table.columns[column.name]) for column in kind.columns if column.name in table.columns]
    for column, _place in columns:
        readers.setdefault(column.name, _Reader(column, reading))
    heading = {}
    for number, cells in table.rows:
        if (text := is_group(cells)) and (group := kind.group(text)) is not None:
            heading = group
            plan.outcomes.append(Outcome(index, number, SKIP, text, errors=(("", "", _("dòng nhóm")),)))
            continue
        values, errors, filled = {}, [], 0
        width = len(cells)
        for column, place in columns:
            if type(place) is tuple:
                cell = " ".join(str(cells[p]) for p in place if p < width and cells[p] not in ("", None))
            else:
                cell = cells[place] if place < width else None
            if cell is None or cell == "":
                continue
            value, why = readers[column.name](cell)
            if why:
                errors.append((column.name, str(cell)[:200], why))
            elif value is not None:
                values[column.name] = value
                filled += 1
        for name, value in heading.items():
            values.setdefault(name, value)
        missing = [c for c in kind.columns if c.is_required and c.name not in values and c.name in table.columns]
        missing = [c for c in missing if not any(name == c.name for name, _cell, _why in errors)]
        if missing and filled + len(errors) < 2:
            text = " ".join(str(cell) for cell in cells if cell not in ("", None))[:120]
            plan.outcomes.append(Outcome(index, number, SKIP, text, errors=(("", "", _("không phải dòng dữ liệu")),)))
            continue
        errors += [(c.name, "", _("Thiếu %s.") % str(c.label).lower()) for c in missing]
        yield Row(index, number, values, errors)


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
        row.errors.append((error.column, _shown(row, error.column), error.why))
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


def _label_of(row):
    return " · ".join(in_words(None, name, value) for name, value in islice(row.values.items(), 4))


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
