"""What an amendment changes, old beside new and word by word, for people to read."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from twinning import vietnamese
from twinning.agreement_text import AMENDABLE, PROSE
from twinning.models import Agreement, ContentArea, District, School
from twinning.vietnamese import sort_key

SAME, OLD, NEW = "same", "old", "new"
TOKEN = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
# Texts less alike than this share but a few common words: one reads better after the other.
LEAST_ALIKE = 0.4
# Comparing takes time with the square of the length; of very long passages whole lines are compared.
MOST_TOKENS = 3000


@dataclass(frozen=True)
class Part:
    """A piece of text that stayed (SAME), went (OLD) or came (NEW)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One field: what it is called, the two values in words, and their parts. `is_list`: each part is an item."""

    field: str
    label: str
    old: str
    new: str
    parts: tuple
    is_list: bool = False


def words(old, new):
    """[Part] that lead from `old` to `new`, word by word; what goes stands before what comes in its place."""
    parts = []
    for lines, kind in _blocks(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        if kind == SAME:
            parts.append(Part(SAME, lines[0]))
            continue
        before, after = (TOKEN.findall(text) for text in lines)
        if max(len(before), len(after)) > MOST_TOKENS or not _are_alike(before, after):
            parts += [Part(OLD, lines[0]), Part(NEW, lines[1])]
        else:
            for texts, inner in _blocks(before, after):
                parts += [Part(SAME, texts[0])] if inner == SAME else [Part(OLD, texts[0]), Part(NEW, texts[1])]
    return _joined(parts)


def _blocks(old, new):
    """((old text, new text), SAME or NEW) of the runs that are equal and of those that differ."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield ("".join(old[a:b]), "".join(new[c:d])), SAME if tag == "equal" else NEW


def _are_alike(old, new):
    words_only = ([token for token in tokens if token.strip()] for tokens in (old, new))
    return not old or not new or SequenceMatcher(None, *words_only, autojunk=False).ratio() >= LEAST_ALIKE


def _joined(parts):
    """Runs that differ and only have a space or a single word between them read better as one."""
    told, old, new, gap = [], "", "", ""

    def flush():
        told.extend(Part(kind, text) for kind, text in ((OLD, old), (NEW, new), (SAME, gap)) if text)

    for part in parts:
        if part.kind == SAME and (old or new) and len(part.text.split()) <= 1 and "\n" not in part.text:
            gap += part.text
        elif part.kind == SAME:
            flush()
            told.append(part)
            old = new = gap = ""
        else:
            old, new, gap = old + gap, new + gap, ""
            old, new = (old + part.text, new) if part.kind == OLD else (old, new + part.text)
    flush()
    merged = []
    for part in told:
        if merged and merged[-1].kind == part.kind == SAME:
            merged[-1] = Part(SAME, merged[-1].text + part.text)
        else:
            merged.append(part)
    return merged


def items(old, new):
    """[Part], each one item of two lists: what stays, what goes, what comes."""
    return [
        *(Part(SAME, text) for text in old if text in new),
        *(Part(OLD, text) for text in old if text not in new),
        *(Part(NEW, text) for text in new if text not in old),
    ]


class Wording:
    """Plain values of `agreement_text.amendable` in words; the names of several dicts of them are read at once."""

    def __init__(self, *said):
        areas = {pk for values in said for pk in values.get("content_areas", ())}
        members = [member for values in said for member in values.get("members", ())]
        self.areas = ContentArea.objects.in_bulk(areas) if areas else {}
        self.schools = School.objects.select_related("district").in_bulk({m[2] for m in members if m[2]})
        self.districts = District.objects.in_bulk({m[1] for m in members if not m[2]}) if members else {}

    def differences(self, old, new):
        """[Difference] of the fields in `new` whose value differs from that in `old`, in the order of the paper."""
        return [
            self.difference(name, old[name], new[name]) for name in AMENDABLE if name in new and old[name] != new[name]
        ]

    def difference(self, name, old, new):
        label = Agreement.label_of(name)
        if name in ("content_areas", "members"):
            before, after = self.list_of(name, old), self.list_of(name, new)
            return Difference(name, label, "; ".join(before), "; ".join(after), tuple(items(before, after)), True)
        before, after = self.text(name, old), self.text(name, new)
        if name in PROSE:
            return Difference(name, label, before, after, tuple(words(before, after)))
        return Difference(name, label, before, after, (Part(OLD, before), Part(NEW, after)))

    def text(self, name, value):
        if name == "ends_on":
            day = date.fromisoformat(value)
            return vietnamese.day(day)
        if name == "direction":
            return str(Agreement.Direction(value).label)
        return "; ".join(self.list_of(name, value)) if isinstance(value, list) else value

    def list_of(self, name, value):
        if name == "content_areas":
            ordered = sorted(self.areas, key=lambda pk: (self.areas[pk].position, pk))
            gone = [_("một nội dung đã bỏ") for pk in value if pk not in self.areas]
            return [self.areas[pk].name for pk in ordered if pk in value] + gone
        named = [(side, self._unit(district, school)) for side, district, school in value]
        return [f"{unit} ({Agreement.Side(side).label})" for side, unit in sorted(named, key=_by_side)]

    def _unit(self, district, school):
        if not school:
            unit = self.districts.get(district)
            return unit.office if unit else "–"
        return self.schools[school].full_name if school in self.schools else "–"


def _by_side(named):
    side, unit = named
    return side != Agreement.Side.SUPPORTING, sort_key(unit)
