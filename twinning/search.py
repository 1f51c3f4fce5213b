"""Search by typed letters: which rows match, in which order, and the index that finds them."""

import sys

from django.db import DatabaseError, migrations, transaction
from django.db.models import Case, Q, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import LessThan

from twinning.vietnamese import MARK, NAME_END, search_terms, written_words

# What people type before the name of any school.
EVERYWHERE = frozenset(written_words("trường"))


def matching(queryset, typed, path="search_key"):
    """The rows that have every typed word, or a word that begins with it; marks forgiven."""
    for term in search_terms(typed):
        queryset = queryset.filter(**{f"{path}__contains": term})
    return queryset


def best_first(queryset, typed):
    """Rows (with a `ranked_key`) that are called what was typed before those that only lie in a place called so; and
    typed "Đại Yên", Đại Yên before Đài Yên. Otherwise in the order they were in."""
    terms = search_terms(typed)
    if not terms:
        return queryset
    name_end = StrIndex("search_key", Value(NAME_END))
    is_named = [LessThan(StrIndex("search_key", Value(term)), name_end) for term in terms]
    ranks = [When(Q(*is_named), then=0)]
    if written := [word for word in written_words(typed) if word not in EVERYWHERE]:
        as_written = Q(*(Q(search_key__contains=MARK + word) for word in written))
        ranks.insert(0, When(as_written, then=-1))
    order = queryset.query.order_by or queryset.model._meta.ordering
    return queryset.order_by(Case(*ranks, default=1), *order)


def trigram_index(app, model):
    """A migration's operation: on PostgreSQL the index that finds a piece of `search_key`; elsewhere nothing. pg_trgm
    is a trusted extension: the owner of a database may create it."""

    def create(apps, editor):
        table = apps.get_model(app, model)._meta.db_table
        statements = ["CREATE EXTENSION IF NOT EXISTS pg_trgm", _index(table)]
        if editor.connection.vendor != "postgresql":
            return
        try:
            with transaction.atomic(editor.connection.alias), editor.connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        except DatabaseError as error:
            sys.stderr.write(
                f"\nCHÚ Ý: chưa tạo được chỉ mục tìm kiếm của {table} ({str(error).strip()}). Cổng vẫn chạy, tìm kiếm"
                f" chậm hơn. Nhờ người quản trị PostgreSQL chạy trong cơ sở dữ liệu này: {'; '.join(statements)};\n"
            )

    def drop(apps, editor):
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP INDEX IF EXISTS {apps.get_model(app, model)._meta.db_table}_trigrams")

    return migrations.RunPython(create, drop)


def _index(table):
    return f"CREATE INDEX IF NOT EXISTS {table}_trigrams ON {table} USING gin (search_key gin_trgm_ops)"
