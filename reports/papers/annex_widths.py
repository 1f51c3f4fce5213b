"""How wide the columns of tables are, in mm; those that are not named share what is left. Landscape 247 mm, portrait
160 mm."""

from collections.abc import Mapping
from types import MappingProxyType

POSITION = 12
WIDTHS = {
    "agreements": {"symbol": 42, "signed": 23, "ends": 23, "status": 23, "pilots": 29},
    "kinds": {"activities": 17, "managers": 17, "in_person": 17, "teachers": 19, "pupils": 19, "online": 21},
    "pairs": {"schools": 22, "registered": 22, "held": 22, "all": 22, "one": 34, "other": 34},
    "activities": {"held": 25, "kind": 42, "host": 50, "managers": 17, "teachers": 17, "pupils": 17},
    "pupils": {"gifts": 20, "pupils": 20, "money": 32, "in_kind": 32},
    "years": {"name": 56, "change": 34},
    "supports": {
        "delivered": 23,
        "giver": 37,
        "receiver": 37,
        "money": 25,
        "in_kind": 25,
        "source": 19,
        "receipt": 19,
    },
    "award_book": {"book_number": 14, "recipient": 42, "unit": 38, "form": 20, "decision": 42, "issuer": 34},
    "awards": {"position": 11, "recipient": 42, "unit": 42, "post": 30, "form": 22, "decision": 44},
    # Of the body and of decisions, for Word; the PDF has them from static/pdf/paper.css.
    "size": {"reported": 24, "classes": 19, "pupils": 22, "managers": 19, "teachers": 22, "staff": 22},
    "targets": {"target": 34, "done": 34, "percent": 18},
    "indicators": {"units": 18, "before": 22, "after": 22, "better": 18, "worse": 18},
    "changes": {"label": 64, "before": 32, "after": 32},
    "honoured": {"position": 11, "recipient": 48, "unit": 38},
}
# No numbers, so what a number takes is nowhere more than was planned.
NOTHING: Mapping[str, float] = MappingProxyType({})


def widths(table: str, columns: list[str], whole: float, least: Mapping[str, float] = NOTHING) -> list[float]:
    """mm of each of the `columns` (keys) of the table with the key `table`, `whole` of them together; `least`: what
    columns of numbers take, which never break."""
    planned = {"position": POSITION} | WIDTHS.get(table, {})
    fixed = {column: max(planned[column], least.get(column, 0)) for column in columns if column in planned}
    share = _share(columns, fixed, whole)
    fixed |= {column: least[column] for column in columns if column not in fixed and least.get(column, 0) > share}
    share = _share(columns, fixed, whole)
    return [fixed.get(column, share) for column in columns]


def _share(columns, fixed, whole):
    return (whole - sum(fixed.values())) / ((len(columns) - len(fixed)) or 1)
