"""Lists as files: every filtered row and every shown column, as XLSX or CSV, in flat memory whatever their number."""

import csv
import gc
import io
import tempfile
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import chain, islice
from operator import attrgetter
from pathlib import PurePath
from textwrap import wrap
from urllib.parse import quote

import xlsxwriter
from django.core.exceptions import FieldDoesNotExist
from django.db.models import IntegerField, Model
from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tables2 import Column
from django_tables2.rows import BoundRow
from django_tables2.utils import signature

from twinning import vietnamese
from twinning.rows import RowReader

XLSX, CSV = "xlsx", "csv"
CONTENT_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
CHUNK = 2000  # rows fetched at a time
SHEET_ROWS = 1_048_576  # as many as a sheet of a workbook has; what is more goes on to a further sheet
HEAD_ROW = 3
# Of heads: the height of a line in points, and how many bold letters fit in a width told in plain ones.
LINE_HEIGHT, BOLD_SHARE = 15, 0.85
MEASURED = 200  # rows that tell how wide columns are
MOST_NAMES = 20_000  # kept at hand for a column
FIRST_YEAR = 1900  # of Excel's calendar
PLAIN = frozenset({str, int, float, Decimal, bool, date, datetime, type(None)})


class ListExport:
    """The rows of a list page, read in chunks: their ids first, in the order shown, then the rows themselves. So no
    query stays open for long, and the number of rows is known before the first one is written."""

    def __init__(self, title, table, filterset, tick=None):
        """`tick(done)` is told after every chunk how many rows are through."""
        self.title = str(title)
        self.filters = filters_in_words(filterset) or _("Tất cả")
        self.day = timezone.localdate()
        self.columns = [column for column in table.columns if not column.column.exclude_from_export]
        self.heads = [str(column.header) for column in self.columns]
        self._note = table.note
        self._queryset = table.data.data
        self._prepare = table.prepare
        self._readers = [_reader(column, self._queryset.model, table) for column in self.columns]
        self._ids = list(self._queryset.values_list("pk", flat=True))
        self._tick = tick

    def __len__(self):
        return len(self._ids)

    def name(self, kind):
        """ "Giao ước 2026-11-24.xlsx"."""
        return f"{self.title} {self.day:%Y-%m-%d}.{kind}"

    def rows(self):
        """Lists of plain values: text, numbers, days and None."""
        reader = RowReader(self._queryset, {column.accessor.split("__")[0] for column in self.columns})
        readers = self._readers
        for start in range(0, len(self._ids), CHUNK):
            ids = self._ids[start : start + CHUNK]
            found = reader.read(ids)
            self._prepare(found.values())
            for pk in ids:
                if row := found.get(pk):  # else it was deleted meanwhile
                    yield [read(row) for read in readers]
            if self._tick:
                self._tick(start + len(ids))

    def write(self, kind, file):
        """Write the whole list to a binary file."""
        if kind == XLSX:
            self._write_xlsx(file)
        else:
            file.writelines(self.csv())

    def response(self, kind):
        """A download: the workbook as a whole, CSV as it is made."""
        if kind == CSV:
            response = StreamingHttpResponse(self.csv(), content_type=CONTENT_TYPES[CSV])
            response["Content-Disposition"] = disposition(self.name(CSV))
            return response
        file = tempfile.TemporaryFile()  # noqa: SIM115 FileResponse closes it
        self._write_xlsx(file)
        file.seek(0)
        return attachment(file, self.name(XLSX), CONTENT_TYPES[XLSX])

    def csv(self):
        """Pieces of the file, as Vietnamese Excel opens it: UTF-8 with a BOM, semicolons, 15/4/2023 and 1,5."""
        text = io.StringIO()
        lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
        lines.writerow(map(guarded, self.heads))
        yield b"\xef\xbb\xbf"
        for size, row in enumerate(self.rows(), start=1):
            lines.writerow(map(_csv_text, row))
            if size % CHUNK == 0:
                yield text.getvalue().encode()
                text.seek(0)
                text.truncate()
        yield text.getvalue().encode()

    def _write_xlsx(self, file):
        with workbook(file) as (book, formats), _without_looking_for_cycles():
            self.add_to(book, formats, _("Danh sách"))

    def add_to(self, book, formats, name):
        """Write the list to a sheet called `name`, and further ones when it does not fit on one."""
        rows = iter(self.rows())
        first = list(islice(rows, MEASURED))
        rows, self._widths = chain(first, rows), [_width(at, head, first) for at, head in enumerate(self.heads)]
        number, is_more = 1, True
        while is_more:
            is_more = self._write_sheet(book.add_worksheet(f"{name} {number}" if number > 1 else name), rows, formats)
            number += 1

    def _write_sheet(self, sheet, rows, formats):
        """Fill one sheet from `rows`; True when there may be more of them."""
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # codes are meant to be text
        words = {"day": f"{self.day:%d/%m/%Y}", "n": vietnamese.number(len(self))}
        told = _("Xuất ngày %(day)s: %(n)s dòng") % words
        lines = self.title, self.filters, f"{told}. {self._note()}" if self._note() else told
        begin_sheet(sheet, formats, lines, [*zip(self.heads, self._widths, strict=True)])
        writers = _writers(sheet, formats)
        at = HEAD_ROW
        is_full = False
        for at, row in enumerate(rows, start=HEAD_ROW + 1):
            for index, value in enumerate(row):
                if value is not None:
                    writers[type(value)](at, index, value)
            if is_full := at == SHEET_ROWS - 1:
                break
        sheet.autofilter(HEAD_ROW, 0, at, len(self.heads) - 1)
        return is_full


def _width(at, head, rows):
    """In letters: of the first rows the longest cell, with points between thousands, in reasonable bounds."""
    longest = max((_letters(row[at]) for row in rows), default=0)
    return min(48, max(12, len(head) * 6 // 5 + 2, longest + 2, 0 if at else 32))


def _letters(value):
    if isinstance(value, date):
        return len("15/04/2023 10:30" if isinstance(value, datetime) else "15/04/2023")
    return len(f"{value:,}" if isinstance(value, int) else str(value))


@contextmanager
def _without_looking_for_cycles():
    """Rows and cells are made and dropped by the ten thousand and form no cycles; looking for some among all that
    Django holds would be a tenth of the time. What others leave meanwhile is collected afterwards."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def workbook(file):
    """A workbook in the style of the portal, written row by row to a binary file: (book, its formats by name)."""
    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(file, options) as book:
        head = {"bold": True, "bg_color": "#EEF4FA", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        yield (
            book,
            {
                "title": book.add_format({"bold": True, "font_size": 14}),
                "head": book.add_format(head),
                "total": book.add_format({"bold": True, "top": 1}),
                "percent": book.add_format({"num_format": "0%"}),
                "total_percent": book.add_format({"num_format": "0%", "bold": True, "top": 1}),
                "day": book.add_format({"num_format": "dd/mm/yyyy", "align": "center"}),
                "whole": book.add_format({"num_format": "#,##0"}),
                "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
            },
        )


def begin_sheet(sheet, formats, lines, columns):
    """The top of every sheet: what it is, what was asked for, when (three lines); then the heads of `columns` ((head,
    width in letters)), which stay in sight and return on every printed page. Rows follow from HEAD_ROW + 1 on."""
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")
    for at, line in enumerate(lines):
        sheet.write_string(at, 0, line, *([formats["title"]] if at == 0 else []))
    # LibreOffice leaves a row as low as it was written, so the heads would lie over each other.
    deepest = max(len(wrap(head, int(width * BOLD_SHARE))) for head, width in columns)
    sheet.set_row(HEAD_ROW, LINE_HEIGHT * deepest + 3)
    for index, (head, width) in enumerate(columns):
        sheet.set_column(index, index, width)
        sheet.write_string(HEAD_ROW, index, head, formats["head"])


def _writers(sheet, formats):
    """Type → how a cell of it is written. Text is never taken for a formula, a link or a number."""

    def day(row, column, value):
        if value.year < FIRST_YEAR:
            return sheet.write_string(row, column, _csv_text(value))
        return sheet.write_datetime(row, column, value, formats["day"])

    def moment(row, column, value):
        return sheet.write_datetime(row, column, value, formats["moment"])

    def whole(row, column, value):
        return sheet.write_number(row, column, value, formats["whole"])

    numbers = {int: whole} | dict.fromkeys((float, Decimal), sheet.write_number)
    truth = {bool: lambda row, column, value: sheet.write_string(row, column, _csv_text(value)) if value else None}
    return {str: sheet.write_string, date: day, datetime: moment} | numbers | truth


# --- Values ---------------------------------------------------------------------------------------------------------


def as_it_is(self, value):
    """`value` of a column that exports what it finds."""
    return value


def _reader(bound, model, table):
    """A function row → plain value of one column. What django-tables2 looks up again for every cell (the way to the
    value, labels of choices, the arguments of value_…) is worked out once."""
    path, labels = _path(str(bound.accessor), model)
    empty, column = bound.column.empty_values, bound.column
    gives = getattr(bound.value, "__func__", None)
    if gives is as_it_is or (gives is Column.value and type(column).render is Column.render):
        if (name := str(bound.accessor)) in _numbers(model):

            def read(record):
                value = record.__dict__[name]
                return None if value in empty else value

            return read
        names = {}  # of the things rows point to: many rows point to few

        def read(record):
            try:
                value = path(record)
            except AttributeError:  # nothing there: a column that has its value from elsewhere, or an empty relation
                return None
            if type(value) in PLAIN:
                value = labels.get(value, value) if labels else value
                return None if value in empty else value
            if callable(value):
                value = value()
            if not isinstance(value, Model):
                return _plain(value)
            key = type(value), value.pk
            if key not in names:
                if len(names) > MOST_NAMES:
                    names.clear()
                names[key] = str(value)
            return names[key]

        return _once_for_each(read, str(bound.accessor), model)

    wanted, catch_all = signature(bound.value)
    known = {"column": column, "bound_column": bound, "table": table}

    needs_row, needs_record = catch_all or "bound_row" in wanted, catch_all or "record" in wanted
    needs_value = catch_all or "value" in wanted
    gives = partial(bound.value, **{name: thing for name, thing in known.items() if catch_all or name in wanted})

    def read(record):
        try:
            value = path(record)
        except AttributeError:
            value = None
        if type(value) not in PLAIN and callable(value):
            value = value()
        value = labels.get(value, value) if labels else value
        if value in empty:
            return None
        given = {"value": value} if needs_value else {}
        if needs_record:
            given["record"] = record
        if needs_row:
            given["bound_row"] = BoundRow(record, table)
        value = gives(**given)
        return value if type(value) in PLAIN else _plain(value)

    return read


def _once_for_each(read, accessor, model):
    """`read`, once for each thing that rows point to where the value is found behind a foreign key."""
    try:
        field = model._meta.get_field(accessor.replace(".", "__").split("__")[0])
    except FieldDoesNotExist:
        return read
    if not (field.many_to_one and field.concrete):
        return read
    attname, known = field.attname, {}

    def read_once(record):
        key = record.__dict__[attname]
        if key not in known:
            if len(known) > MOST_NAMES:
                known.clear()
            known[key] = read(record)
        return known[key]

    return read_once


def _numbers(model):
    """The columns of `model` that hold whole numbers and no choices; every row was read with them."""
    fields = (f for f in model._meta.concrete_fields if isinstance(f, IntegerField) and not f.flatchoices)
    return {field.attname for field in fields}


def _path(accessor, model):
    """(a function row → value at the end of the path `accessor`, the labels of its choices)."""
    *way, last = accessor.replace(".", "__").split("__")
    return attrgetter(".".join([*way, last])), _labels(model, way, last)


def _labels(model, way, last):
    try:
        for name in way:
            model = model._meta.get_field(name).related_model
        field = model._meta.get_field(last)
    except (FieldDoesNotExist, AttributeError):
        return {}
    return {value: str(label) for value, label in getattr(field, "flatchoices", ())}


def _plain(value):
    """Text, a number, a day or None of whatever a column gives."""
    for kind in (bool, int, float, Decimal, date):
        if isinstance(value, kind) and not isinstance(value, datetime):
            return value if type(value) in PLAIN else kind(value)
    return str(value) or None


# --- CSV ------------------------------------------------------------------------------------------------------------

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text):
    """`text` with an apostrophe before what Excel would take for a formula. `unguarded` gives back exactly `text`."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def unguarded(text):
    """What was written by `guarded`, as it was; any other text as it is."""
    is_guarded = text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS)
    return text[1:] if is_guarded else text


def _csv_text(value):
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return _("có") if value else ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    return "" if value is None else str(value).replace(".", ",")


# --- Filters and files ----------------------------------------------------------------------------------------------


def filters_in_words(filterset):
    """The filters in use as one line: "Tìm: tan mai; Năm học: 2023-2024"."""
    words = []
    form = filterset.form
    form.is_valid()  # what is no choice filters nothing, and is left out of `cleaned_data`
    for name, value in form.cleaned_data.items() if form.is_bound else ():
        if value in (None, "", []):
            continue
        field = form.fields[name]
        is_choice = hasattr(field, "choices") and not isinstance(value, Model)
        text = {str(key): label for key, label in field.choices}[value] if is_choice else value
        words.append(f"{field.label}: {text:%d/%m/%Y}" if isinstance(text, date) else f"{field.label}: {text}")
    return "; ".join(words)


def attachment(file, name, content_type, inline=False):
    """A file answer with an ASCII and a UTF-8 name."""
    response = FileResponse(file, content_type=content_type)
    response["Content-Disposition"] = disposition(name, inline)
    return response


def fence(response):
    """The answer `response` with a private file: kept by no shared cache, and it never runs anything in our name."""
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    if response["Content-Type"] == "application/pdf":
        response._csp_exempt = True  # browsers open no PDF under a policy that forbids plug-ins
    else:
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def disposition(name, inline=False):
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    plain = (vietnamese.fold(stem).replace(" ", "-") or "tep") + (suffix if suffix.isascii() else "")
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
