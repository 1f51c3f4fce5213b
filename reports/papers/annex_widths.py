"""How wide the columns of annexes are, in mm; those that are not named share what is left. Landscape 247 mm, portrait
160 mm."""

POSITION = 12
WIDTHS = {
    "agreements": {"symbol": 40, "signed": 23, "ends": 23, "status": 25, "pilots": 26},
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
    "award_book": {"book_number": 14, "recipient": 42, "unit": 38, "form": 22, "decision": 38, "issuer": 34},
    "awards": {"position": 11, "recipient": 42, "unit": 42, "post": 30, "form": 22, "decision": 44},
}


def widths(table: str, columns: list[str], whole: float) -> list[float]:
    """mm of each of the `columns` (keys) of the annex with the key `table`, `whole` of them together."""
    fixed = {"position": POSITION} | WIDTHS.get(table, {})
    left = [column for column in columns if column not in fixed]
    share = (whole - sum(fixed[column] for column in columns if column in fixed)) / (len(left) or 1)
    return [fixed.get(column, share) for column in columns]
