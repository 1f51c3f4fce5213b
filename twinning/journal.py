"""What one act wrote, row by row, so that it can be shown, kept and undone as one act.

An act on many rows (an import, a merger of schools, the reform of units) writes through a Journal. Undoing puts every
changed field back and deletes every created row, or refuses with the reasons when something was built on it since.
"""

import gzip
import json
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.models import HistoricalChanges

from twinning import vietnamese
from twinning.fields import KeyField
from twinning.life import Refused

CHUNK = 900  # ids in one statement
MOST_REASONS = 8


@dataclass
class Journal:
    """`created`: {model label: {pk: fingerprint}} in the order of creation; `changed`: {model label: {pk: {field
    attname: [old, new]}}}; `removed`: {model label: {pk: {field attname: value}}}. Values are as JSON keeps them."""

    created: dict = field(default_factory=dict)
    changed: dict = field(default_factory=dict)
    removed: dict = field(default_factory=dict)

    # --- writing ----------------------------------------------------------------------------------------------------

    def create(self, rows, batch_size=2000):
        """Store unsaved `rows` (of one model; keys they derive from other fields must be set) and remember them."""
        rows = list(rows)
        if rows:
            type(rows[0])._base_manager.bulk_create(rows, batch_size=batch_size)
            self.add(rows)
        return rows

    def add(self, rows):
        """Remember stored `rows` of one model as created by this act."""
        for row in rows:
            self.created.setdefault(row._meta.label_lower, {})[row.pk] = 0

    def change(self, row, **values):
        """Set `values` (field name → value) on a stored row and remember what was there. The derived keys of a row
        that has `set_keys()` follow, and are remembered too."""
        self.change_many([(row, values)])

    def change_many(self, pairs):
        """The same for many (row, values) of one model, in few statements."""
        touched, fields = [], set()
        for row, values in pairs:
            before = _values(row)
            for name, value in values.items():
                setattr(row, name, value)
            if hasattr(row, "set_keys"):
                row.set_keys()
            after = _values(row)
            differences = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
            if differences:
                mine = self.changed.setdefault(row._meta.label_lower, {}).setdefault(row.pk, {})
                for name, (old, new) in differences.items():
                    mine[name] = [mine[name][0] if name in mine else _plain(old), _plain(new)]
                touched.append(row)
                fields |= differences.keys()
        if touched:
            _store(type(touched[0]), touched, fields)

    def remove(self, rows):
        """Delete stored `rows` of one model, to which nothing points any more, and remember what they said."""
        rows = list(rows)
        for row in rows:
            mine = self.changed.get(row._meta.label_lower, {}).pop(row.pk, {})
            before = {name: _plain(value) for name, value in _stored(row).items()}
            self.removed.setdefault(row._meta.label_lower, {})[row.pk] = before | {
                name: old for name, (old, _new) in mine.items()
            }
        for pks in _chunks(row.pk for row in rows):
            # No cascade: the database refuses what something still points to. No signal either: the act keeps account.
            doomed = type(rows[0])._base_manager.filter(pk__in=pks)
            doomed._raw_delete(doomed.db)

    def seal(self):
        """Note how the created rows look now, at the end of the act: what is edited later is not thrown away."""
        for label, rows in self.created.items():
            rows.update(_fingerprints(apps.get_model(label), rows))

    # --- keeping ----------------------------------------------------------------------------------------------------

    def dump(self):
        """As compressed JSON (bytes)."""
        data = {
            "created": {label: list(rows.items()) for label, rows in self.created.items()},
            "changed": self.changed,
            "removed": self.removed,
        }
        return gzip.compress(json.dumps(data, cls=_Exact, ensure_ascii=False).encode(), compresslevel=3)

    @classmethod
    def load(cls, data):
        kept = json.loads(gzip.decompress(data))
        created = {label: {_pk(label, pk): mark for pk, mark in rows} for label, rows in kept["created"].items()}
        changed, removed = (
            {label: {_pk(label, pk): row for pk, row in rows.items()} for label, rows in kept.get(part, {}).items()}
            for part in ("changed", "removed")
        )
        return cls(created, changed, removed)

    def counts(self):
        """[(model, created, changed)] in the order of writing."""
        labels = dict.fromkeys([*self.created, *self.changed])
        return [
            (apps.get_model(label), len(self.created.get(label, ())), len(self.changed.get(label, ())))
            for label in labels
        ]

    def lines(self):
        """[{what, row, field, old, new}]: every row as people read it, keys derived from other fields left out."""
        lines = []
        for label, rows in self.created.items():
            model = apps.get_model(label)
            now = _in_bulk(model, rows)
            lines += [_line(model, now.get(pk, pk), new=_("thêm mới")) for pk in rows]
        for label, rows in self.changed.items():
            lines += _changes(apps.get_model(label), rows)
        for label, rows in self.removed.items():
            model = apps.get_model(label)
            lines += [_line(model, _as_it_was(model, pk, row), old=_("đã có"), new=_("bỏ")) for pk, row in rows.items()]
        return lines

    # --- undoing ----------------------------------------------------------------------------------------------------

    def obstacles(self):
        """Sentences that say what stands in the way of undoing; empty when nothing does."""
        reasons = []
        for label, rows in self.changed.items():
            reasons += _changed_since(apps.get_model(label), rows)
        for label, rows in self.created.items():
            model = apps.get_model(label)
            now = _fingerprints(model, rows)
            edited = [pk for pk, mark in rows.items() if now.get(pk) != mark]
            if edited:
                reasons.append(
                    _("%(n)d %(what)s đã sửa hoặc xoá sau đó: %(names)s")
                    % {"n": len(edited), "what": model._meta.verbose_name, "names": _names(model, edited)}
                )
            reasons += self._built_on(model, rows)
        return reasons

    @transaction.atomic
    def undo(self):
        """Put everything back. Raises Refused, with nothing changed, when something stands in the way."""
        if reasons := self.obstacles():
            more = _(" và %d lý do khác") % (len(reasons) - MOST_REASONS) if len(reasons) > MOST_REASONS else ""
            raise Refused(
                _("Không hoàn tác được vì đã có dữ liệu dựa trên việc này: %s. Không có gì thay đổi.")
                % ("; ".join(reasons[:MOST_REASONS]) + more)
            )
        try:
            with transaction.atomic():
                self._put_everything_back()
        except IntegrityError as error:
            raise Refused(
                _("Không hoàn tác được vì đã có dữ liệu mới trùng với dữ liệu cũ. Không có gì thay đổi.")
            ) from error

    def _put_everything_back(self):
        # Rows that point to created ones go back first, so that those can go; the others after, since a created row may
        # stand where a changed one stood (one open row of its kind, one code).
        leaning, others = {}, {}
        for label, rows in self.changed.items():
            model = apps.get_model(label)
            for pk, changes in rows.items():
                side = leaning if self._leans(model, changes) else others
                side.setdefault(model, {})[pk] = changes
        for model, rows in leaning.items():
            _put_back(model, rows)
        for label in reversed(self.created):
            _throw_away(apps.get_model(label), self.created[label])
        for label, rows in self.removed.items():
            model = apps.get_model(label)
            model._base_manager.bulk_create([_as_it_was(model, pk, row) for pk, row in rows.items()])
        for model, rows in others.items():
            _put_back(model, rows)

    def _leans(self, model, changes):
        """Whether a changed row points to one this act created."""
        return any(
            new in self.created.get(field.related_model._meta.label_lower, ())
            for field, new in ((_concrete(model, name), new) for name, (_old, new) in changes.items())
            if isinstance(field, models.ForeignKey)
        )

    def _built_on(self, model, rows):
        """What points to the created rows and was not created by this act."""
        for relation in model._meta.get_fields(include_hidden=True):
            if not (relation.auto_created and not relation.concrete and relation.is_relation):
                continue
            if relation.many_to_many or relation.field.many_to_many:
                continue  # its rows are reached through the hidden relation of the link table
            other, column = relation.related_model, relation.field.attname
            if issubclass(other, HistoricalChanges):
                continue  # the past of a row builds on nothing
            mine = self.created.get(other._meta.label_lower, {})
            mended = self.changed.get(other._meta.label_lower, {})
            # What this act itself pointed here goes back to where it pointed before.
            found = [
                pk
                for pks in _chunks(rows)
                for pk in other._base_manager.filter(**{f"{column}__in": pks}).values_list("pk", flat=True)
                if pk not in mine and column not in mended.get(pk, {})
            ]
            if found and other._meta.auto_created:
                yield _("%(n)d liên kết mới") % {"n": len(found)}
            elif found:
                yield _("%(n)d %(what)s mới: %(names)s") % {
                    "n": len(found),
                    "what": other._meta.verbose_name,
                    "names": _names(other, found),
                }


class _Exact(DjangoJSONEncoder):
    """Moments with their microseconds, which Django cuts off: what is put back is what was there."""

    def default(self, value):
        return value.isoformat() if isinstance(value, (datetime, time)) else super().default(value)


def _stored(row):
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def _values(row):
    return {name: value for name, value in _stored(row).items() if name != "updated_at"}


def _store(model, rows, fields):
    """Write these fields, and that the rows were written now: whoever has one open in a form is told."""
    fields = sorted(fields)
    if any(f.attname == "updated_at" for f in model._meta.concrete_fields):
        fields.append("updated_at")
        now = timezone.now()
        for row in rows:
            row.updated_at = now
    model._base_manager.bulk_update(rows, fields, batch_size=400)


def _plain(value):
    """As JSON gives it back."""
    return json.loads(json.dumps(value, cls=_Exact))


def _pk(label, text):
    return apps.get_model(label)._meta.pk.to_python(text)


def _chunks(pks):
    pks = list(pks)
    return (pks[start : start + CHUNK] for start in range(0, len(pks), CHUNK))


def _fingerprints(model, pks):
    """{pk: checksum of the stored fields}; rows that are gone are left out."""
    fields = [f.attname for f in model._meta.concrete_fields if f.attname != "updated_at"]
    where = fields.index(model._meta.pk.attname)
    marks = {}
    for chunk in _chunks(pks):
        for row in model._base_manager.filter(pk__in=chunk).values_list(*fields):
            marks[row[where]] = zlib.crc32(repr(row).encode())
    return marks


def _names(model, pks):
    named = ", ".join(str(row) for row in model._base_manager.filter(pk__in=pks[:3]))
    return f"{named}, …" if len(pks) > 3 else named


def _changed_since(model, rows):
    fields = sorted({name for changes in rows.values() for name in changes})
    now = {}
    for chunk in _chunks(rows):
        for pk, *values in model._base_manager.filter(pk__in=chunk).values_list("pk", *fields):
            now[pk] = dict(zip(fields, values, strict=True))
    touched = [
        pk
        for pk, changes in rows.items()
        if pk not in now or any(_plain(now[pk][name]) != new for name, (_old, new) in changes.items())
    ]
    if touched:
        yield _("%(n)d %(what)s đã thay đổi sau đó: %(names)s") % {
            "n": len(touched),
            "what": model._meta.verbose_name,
            "names": _names(model, touched),
        }


def _put_back(model, rows):
    by_fields = groupby(sorted(rows.items(), key=lambda row: sorted(row[1])), key=lambda row: sorted(row[1]))
    for fields, group in by_fields:
        _store(
            model,
            [_as_it_was(model, pk, {name: old for name, (old, _new) in changes.items()}) for pk, changes in group],
            fields,
        )


def _as_it_was(model, pk, values):
    return model(pk=pk, **{name: _field(model, name).to_python(value) for name, value in values.items()})


def _concrete(model, attname):
    return next(f for f in model._meta.concrete_fields if f.attname == attname)


def _throw_away(model, pks):
    """Delete rows that nothing outside this act points to, with their field history: it would tell of rows that, after
    the undoing, never were. No signals, so that a hundred thousand rows go as fast as they came."""
    history = getattr(model, "history", None)
    for chunk in _chunks(pks):
        rows = model._base_manager.filter(pk__in=chunk)
        rows._raw_delete(rows.db)
        if history is not None:
            history.filter(**{f"{model._meta.pk.name}__in": chunk}).delete()


def _field(model, attname):
    found = _concrete(model, attname)
    return found.target_field if isinstance(found, models.ForeignKey) else found


# --- in words ---------------------------------------------------------------------------------------------------------


def _in_bulk(model, pks):
    """{pk: row}, with the rows their names are made of."""
    near = [f.name for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]
    rows = model._base_manager.select_related(*near) if near else model._base_manager.all()
    return {pk: row for chunk in _chunks(pks) for pk, row in rows.in_bulk(chunk).items()}


def _line(model, row, field="", old="", new=""):
    return {"what": str(model._meta.verbose_name), "row": str(row), "field": field, "old": old, "new": new}


def _changes(model, rows):
    """The lines of changed rows; what a foreign key points to is read once for all of them."""
    now, named = _in_bulk(model, rows), {}
    for name in {name for changes in rows.values() for name in changes}:
        field = _concrete(model, name)
        if isinstance(field, models.ForeignKey):
            values = {value for changes in rows.values() for value in changes.get(name, ()) if value is not None}
            named[name] = {pk: str(row) for pk, row in _in_bulk(field.related_model, values).items()}
    for pk, changes in rows.items():
        for name, (old, new) in changes.items():
            field = _concrete(model, name)
            if not isinstance(field, KeyField):
                words = [_in_words(field, value, named.get(name)) for value in (old, new)]
                yield _line(model, now.get(pk, pk), str(field.verbose_name), *words)


def _in_words(field, value, named):
    if value is None or value == "":
        return "–"
    if named is not None:
        return named.get(value, str(value))
    value = field.to_python(value)
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, date):
        return vietnamese.day(value)
    return str(dict(field.flatchoices).get(value, value))
