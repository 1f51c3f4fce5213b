"""What an import is made of: kinds with their columns, and the check that turns sheets into a plan of what would be.

One check serves the preview, the dry run and the import itself, so that what is confirmed is what was shown: the import
runs the check again in its transaction and refuses when the plan is no longer the same.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from twinning import access, school_year, vietnamese
from twinning.imports import cells as convert
from twinning.imports.cells import RowError
from twinning.imports.finder import Finder
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
    is_offered: bool = True  # stands in the template; what others write besides is only read
    second: str = ""  # the column that a second one with the same header is
    halves: tuple = ()  # headers of its two halves where people split it: ("Họ đệm", …), ("Tên", …)

    @property
    def choices(self):
        return getattr(self.read, "labels", ())

    def in_words(self, value):
        """A value that was read, as a person reads it."""
        return getattr(self.read, "words", {}).get(value) or in_words(None, self.name, value)


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
    """What becomes of one row. `changes`: (label, old, new) in words; `errors`: (column label, cell as text, why,
    where: "F12" or "")."""

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
    given: list = field(default_factory=list)  # (name of a sheet, what its titles say for all its rows)
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
    """One kind of import. Subclasses give the texts, `columns` and methods: `load(rows)` once for all rows, `plan` for
    each, `write` for all that was planned, where it is more than rows that are new or changed."""

    do_not_call_in_templates = True  # pages show the class itself
    slug = ""  # in URLs
    command = ""  # for manage.py import_workbook
    title = ""
    intro = ""
    icon = "table"
    columns = ()
    spread = None  # wide.Spread: which columns may stand as headers side by side
    inherited = ()  # columns a row that leaves all of them empty takes from the row above
    told_by = {}  # column → the column that says it where it has none of its own
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
        """Store the planned items through the Journal. Returns the new rows."""
        new = journal.create(item for action, item in items if action == CREATE)
        journal.change_many(item for action, item in items if action == CHANGE)
        return new

    def present(self):
        """Rows that are there now, as {column name: value}, for the template filled with present data."""
        return iter(())

    def offers(self, column):
        """Words for the drop-down of a column (its name) that only the database knows."""
        return []

    def group(self, text):
        """What a row with one text only says about the rows below it: {column name: value}, or None when nothing."""
        return

    def said(self, titles):
        """What the titles of a sheet say about all its rows: {column name: value}. It counts where the sheet has no
        column of its own, and is shown in the preview."""
        return {}

    def headings(self, sheet):
        """(the sheet, {column name: value}): what only this kind understands of the headers of a sheet, said in headers
        and values that everybody knows."""
        return sheet, {}

    def split(self, row):
        """The rows (of one unit each, say) that a row of the sheet stands for."""
        return (row,)

    # --- for the check ----------------------------------------------------------------------------------------------

    def continues(self, row, above):
        """Whether a row belongs to the one `above`, from which it then takes what it leaves out."""
        wrong = {name for name, _cell, _why in row.errors}
        if not self.inherited or any(name in row.values or name in wrong for name in self.inherited):
            return False
        row.values |= {name: above.values[name] for name in self.inherited if name in above.values}
        labels = [str(column.label) for column in self.columns if column.name in self.inherited]
        row.notes += (_("%(what)s lấy từ dòng %(n)d phía trên") % {"what": ", ".join(labels), "n": above.number},)
        return True

    # --- for subclasses ---------------------------------------------------------------------------------------------

    def told(self, given):
        """What titles say, in words."""
        labels = {column.name: column.label for column in self.columns}
        told = ((labels[name], in_words(None, name, value)) for name, value in given.items() if name in labels)
        return "; ".join(f"{label}: {value}" for label, value in told)

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
        if district and not (code or name) and not self.finder.is_district(district):
            row.values[f"{side}school"] = name = row.values.pop(f"{side}district")  # "Đơn vị" may well be a school
            district = None
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
        """The programme a row names (of several phases under one name the one of the day), else the newest that runs on
        `day`, else the newest."""
        if (name := row.get(column)) is not None:
            named = [one for one in self.programmes if same_key(one.name) == same_key(name)]
            if not named:
                raise RowError(column, _("Không có phong trào “%s”.") % name)
            return next((one for one in named if day and one.covers(day)), named[0])
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
    part: object = None  # wide.Part: where its cells stand

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
        return f"{value:%H:%M} {vietnamese.day(value)}"
    if isinstance(value, date):
        return vietnamese.day(value)
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
