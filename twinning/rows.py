"""Model rows, read fast: one page of many, and very many for exports that only look at them.

For exports: Django builds every joined row anew for every row and runs each through its constructor; of 150.000
activities that is most of the time. Here a row is its stored values, and what rows point to is read once and shared.
"""

from django.db.models import JSONField, TextField
from django.db.models.base import ModelState

from twinning.fields import KeyField

MOST_SHARED = 20_000  # related rows kept at hand


def page_of(queryset, part):
    """The rows of `queryset[part]` as a list: their ids first, since sorting whole rows to throw most of them away is
    what takes long."""
    ids = list(queryset.values_list("pk", flat=True)[part])
    found = queryset.order_by().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


class RowReader:
    """Reads rows of `queryset` by id: its annotations and select_related are there, its order is not needed. What is
    long, or a stamp nobody lists, is left out unless `shown` (names of fields) has it."""

    def __init__(self, queryset, shown=()):
        self._db = queryset.db
        self._model = queryset.model
        self._names = [field.attname for field in _short(self._model, shown)] + list(queryset.query.annotations)
        self._values = queryset.order_by().select_related(None).values_list(*self._names)
        joined = queryset.query.select_related
        self._relations = _relations(self._model, joined if isinstance(joined, dict) else {}, self._db)

    def read(self, ids):
        """{id: row} of those that are still there."""
        found = {}
        for values in self._values.filter(pk__in=ids):
            row = _row(self._model, self._names, values, self._db)
            found[row.pk] = row
        for relation in self._relations:
            relation.fill(found.values())
        return found


class _Relation:
    """One foreign key followed from many rows to few."""

    def __init__(self, field, joined, db):
        self._db = db
        self._attname, self._cache_name = field.attname, field.cache_name
        self._model = field.related_model
        self._names = [field.attname for field in _short(self._model)]
        self._further = _relations(self._model, joined, db)
        self._shared = {}

    def fill(self, rows):
        """Give each row what it points to. Straight to where Django keeps both: its descriptors are Python calls."""
        shared = self._shared
        ids = [row.__dict__[self._attname] for row in rows]
        missing = set(ids) - shared.keys() - {None}
        if missing:
            if len(shared) > MOST_SHARED:
                shared.clear()
                missing = set(ids) - {None}
            new = self._read(list(missing))
            for relation in self._further:
                relation.fill(new.values())
            shared.update(new)
        for row, pk in zip(rows, ids, strict=True):
            if (target := shared.get(pk)) is not None:
                row._state.fields_cache[self._cache_name] = target

    def _read(self, ids):
        rows = self._model._base_manager.using(self._db).filter(pk__in=ids).values_list(*self._names)
        made = (_row(self._model, self._names, values, self._db) for values in rows)
        return {row.pk: row for row in made}


def _relations(model, joined, db):
    return [_Relation(model._meta.get_field(name), further, db) for name, further in joined.items()]


def _short(model, shown=()):
    return [
        field
        for field in model._meta.concrete_fields
        if field.name in shown
        or not (
            isinstance(field, (KeyField, TextField, JSONField))
            or getattr(field, "auto_now", False)
            or getattr(field, "auto_now_add", False)
        )
    ]


def _row(model, names, values, db):
    """An instance as from_db makes it, without the constructor; what was not read is fetched when it is asked for."""
    row, state = model.__new__(model), ModelState()
    state.__dict__ = {"adding": False, "db": db, "fields_cache": {}}
    row.__dict__ = dict(zip(names, values, strict=True), _state=state)
    return row
