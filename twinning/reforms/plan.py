"""Plans of reorganisation: which old units end, which new ones begin, and where each old ward goes. Facts, no rules.

A plan is a folder beside this file: plan.toml (name, decision, day), units.csv (the new units) and wards.csv (old
ward → new unit, a row for each part). Another province adds a folder.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.facts import facts, texts
from twinning.vietnamese import fold

HERE = Path(__file__).parent
WARD_WORDS = {"phuong": "phuong", "p": "phuong", "xa": "xa", "x": "xa", "thi tran": "thi tran", "tt": "thi tran"}
WARD = re.compile(rf"({'|'.join(WARD_WORDS)})\s+(.+)")


class Share(models.TextChoices):
    """How a school of an old unit finds its new one."""

    WHOLE = "whole", _("phường, xã nằm trọn trong một đơn vị mới")
    SPLIT = "split", _("phường, xã bị chia")
    UNKNOWN = "unknown", _("chưa rõ phường, xã cũ")


@dataclass(frozen=True)
class NewUnit:
    code: str
    kind: str  # District.Kind
    word: str  # "Phường"
    name: str

    def __str__(self):
        return f"{self.word} {self.name}"


@dataclass
class OldWard:
    name: str  # with the word for its kind
    units: list[str] = field(default_factory=list)  # codes of the new units that take land of it
    hint: str = ""  # the unit the source takes by default: never more than a hint

    @property
    def share(self):
        return Share.WHOLE if len(self.units) == 1 else Share.SPLIT

    @property
    def proposed(self):
        return self.units[0] if self.share == Share.WHOLE else ""


@dataclass
class OldUnit:
    kind: str
    name: str
    wards: dict[str, OldWard] = field(default_factory=dict)  # code → ward

    @property
    def units(self):
        """The codes of the new units that take land of it, in the order of the facts."""
        return list(dict.fromkeys(code for ward in self.wards.values() for code in ward.units))

    def find_ward(self, text):
        """(code, ward) of the ward a school says it stands in, or None when that is not sure. The word for the kind
        counts where it is written; without it the name must be the only one of its kind."""
        key = _key(re.split("[,;(]", text, maxsplit=1)[0])
        worded = WARD.fullmatch(key)
        if worded:
            wanted = f"{WARD_WORDS[worded[1]]} {worded[2]}"
            found = [item for item in self.wards.items() if _key(item[1].name) == wanted]
        else:
            found = [item for item in self.wards.items() if _without_word(item[1].name) == key]
        return found[0] if len(found) == 1 else None


@dataclass
class Plan:
    slug: str
    name: str
    decision: str
    decided_on: date
    day: date  # the first day of the new units
    source: str
    units: dict[str, NewUnit]  # by code
    old_units: dict[tuple[str, str], OldUnit]  # by (kind, folded name)

    def old_unit(self, district):
        """What the plan says about a District, found by kind and name (codes differ from office to office), or None."""
        return self.old_units.get((district.kind, _key(district.name)))

    def find_unit(self, text, codes):
        """The one of `codes` that is called `text`, with or without the word for its kind, or None."""
        wanted, text = _key(text), text.strip()
        exactly = [code for code in codes if text == code or wanted == _key(str(self.units[code]))]
        found = exactly or [code for code in codes if wanted == _key(self.units[code].name)]
        return found[0] if len(found) == 1 else None


@lru_cache(maxsize=10_000)
def _key(text):
    """For comparing names: no marks, no case, Mỹ = Mĩ."""
    return fold(text).replace("y", "i")


def _without_word(name):
    worded = WARD.fullmatch(_key(name))
    return worded[2] if worded else _key(name)


def _kind(word):
    """ "Thị xã" → "thi_xa", as District.Kind has it."""
    return fold(word).replace(" ", "_")


def slugs():
    return sorted(path.parent.name for path in HERE.glob("*/plan.toml"))


def plans():
    """Every plan that comes with the portal."""
    return [plan(slug) for slug in slugs()]


@cache
def plan(slug):
    """The plan of this name. Raises KeyError when there is none."""
    if slug not in slugs():
        raise KeyError(slug)
    units = {
        row["code"]: NewUnit(row["code"], _kind(row["kind"]), row["kind"], row["name"])
        for row in facts(HERE / slug / "units.csv")
    }
    old_units = {}
    for row in facts(HERE / slug / "wards.csv"):
        key = _kind(row["old_kind"]), _key(row["old_name"])
        old_unit = old_units.setdefault(key, OldUnit(key[0], row["old_name"]))
        ward = old_unit.wards.setdefault(row["ward_code"], OldWard(row["ward"]))
        ward.units.append(row["unit"])
        if row["share"] == "chia_mac_dinh":
            ward.hint = row["unit"]
    return Plan(slug, **texts(HERE / slug / "plan.toml"), units=units, old_units=old_units)
