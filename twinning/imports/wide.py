"""Tables laid out wide, a column for each school year, level or indicator, unfolded into the rows a kind knows.

A kind declares with a `Spread` which of its columns may stand as headers side by side; a sheet may do so in one to
three header rows: "Số lớp: MN | TH | THCS", "Năm học 2022-2023: Số lớp | Số HS", "Số giải HSG | Điểm thi vào lớp 10".
"""

import re
from dataclasses import dataclass, field

from twinning.vietnamese import fold

MOST_WORDS = 16  # of a header that is looked into
_BRACKETS = re.compile(r"\(([^()]*)\)")
NUMBERED = re.compile(r"^\s*\(?(\d{1,2}|[IVX]{1,4})[.)]\s*(?=[^\W\d])")  # "1. Tên trường"
_EMPTY = ("", "-", "–", "—")
# A column that counts only some of those it seems to count is none of ours: "Số HS (nữ)".
_ONLY_SOME = re.compile(r"\b(nu|dan toc|khuyet tat|trong do|hop dong|bien che|ngheo)\b")
_TOTALS = {"tong", "tong so", "cong", "tong cong", "so luong"}
_MARKS = {"x", "v", "co", "1", "✓", "✔", "☑", "●", "•", "+", "√"}
_NO_MARKS = {"", "0", "-", "–", "—", "khong"}


# Words in a header that say nothing about what stands below.
_FILLERS = frozenset(
    fold(
        "năm học nh cấp bậc khối và các của số liệu lượng quy mô trường lớp phát triển giáo dục đội ngũ kết quả chỉ "
        "chất tổng cộng tình hình"
    ).split()
)


@dataclass(frozen=True)
class Spread:
    """What may be spread. `words`: words of a header, folded → (column, its value). `years`: the column of school
    years, when they may. `cells`: the columns whose cells may stand below; where it is only one, no header has to name
    it. `marks`: instead of all that, the column whose value is what is marked with an x below its words."""

    words: dict
    cells: tuple = ()
    years: str = ""
    marks: str = ""
    fillers: frozenset = _FILLERS  # words in a header that say nothing about what stands below


@dataclass
class Part:
    """What becomes one row of each row of the sheet: column name → place of its cell, what the headers `given` say, and
    the places below such headers (`own`; none in a table that is not wide)."""

    columns: dict
    given: dict = field(default_factory=dict)
    own: tuple = ()


class Headers:
    """Reads the headers of a sheet for a `spread`; `by_header`: words → name of a column."""

    def __init__(self, spread, by_header):
        self.spread = spread
        self.known = {words: (name, None) for words, name in by_header.items() if name in spread.cells} | spread.words

    def __call__(self, stack):
        """({column: value}, the column of the cells below) that a `stack` of texts, from the top down, says of its
        column; None when it says nothing of the kind, or something unknown besides."""
        given, below = {}, None
        for text in stack:
            said = self._said(text)
            if said is None:
                return None
            if len({name for name, value in set(said) if value is not None}) < len([v for _n, v in set(said) if v]):
                return None  # two years in one header
            given |= {name: value for name, value in said if value is not None}
            below = next((name for name, value in reversed(said) if value is None), below)
        if not said and fold(stack[-1]) not in _TOTALS:  # the lowest has to say something itself
            return None
        if below is None and len(self.spread.cells) == 1:
            below = self.spread.cells[0]
        return (given, below) if below or (given and self.spread.marks) else None

    def _said(self, text):
        """[(column, value, or None for the column of the cells)] of one text; None when a word of it is not known."""
        text = NUMBERED.sub("", text)
        if _ONLY_SOME.search(fold(text)):
            return None
        said = self._phrases(fold(_BRACKETS.sub(" ", text)).split()[:MOST_WORDS])
        for inside in _BRACKETS.findall(text) if said is not None else ():
            said = said + (self._phrases(fold(inside).split()[:MOST_WORDS]) or [])  # or it is the unit
        return said

    def _phrases(self, words):
        if not words:
            return []
        for n in range(len(words), 0, -1):
            said = self._phrase(words[:n])
            if said is not None and (rest := self._phrases(words[n:])) is not None:
                return [*said, *rest]
        return None

    def _phrase(self, words):
        if found := self.known.get(" ".join(words)):
            return [found]
        if self.spread.years and len(words) == 2 and (year := _school_year(*words)):
            return [(self.spread.years, year)]
        return [] if len(words) == 1 and words[0] in self.spread.fillers else None


def _school_year(first, last):
    """The first calendar year of "2022", "2023" or "22", "23"; None of other words."""
    if not (first.isdecimal() and last.isdecimal() and len(first) in (2, 4) and len(last) in (2, 4)):
        return None
    year = int(first) + (2000 if len(first) == 2 else 0)
    return year if int(last) % 100 == (year + 1) % 100 and 1990 <= year <= 2099 else None


def unfold(columns, meanings, spread, given, required):
    """(parts, places not used, places of totals, columns the parts have in common) of a wide table.

    `columns`: name → place of what has a header of its own; `meanings`: place → what Headers says; `given`: what titles
    say; `required`: names without which a part is none. Two columns that say the same are not used, since nobody knows
    which of them counts; nor is a total beside what it adds up, "Tổng số | MN | TH".
    """
    unused = [place for place, (said, _below) in meanings.items() if _is_odd(said, columns, meanings, spread)]
    meanings = {place: said for place, said in meanings.items() if place not in unused}
    if spread.marks:
        marked = {place: said[spread.marks] for place, (said, _below) in meanings.items()}
        return [Part(columns | ({spread.marks: marked} if marked else {}))], unused, [], columns
    headed = {name for said, _below in meanings.values() for name in said}
    unused += [place for name, place in columns.items() if name in headed]
    common = {name: place for name, place in columns.items() if name not in spread.cells and name not in headed}
    if not meanings:
        return [Part(columns)], unused, [], columns
    found = {}  # what headers say → {column: places}
    plain = {columns[name]: ({}, name) for name in spread.cells if name in columns}
    for place, (said, below) in (plain | meanings).items():
        found.setdefault(tuple(sorted(said.items())), {}).setdefault(below, []).append(place)
    parts, totals = [], []
    for said, below in found.items():
        own = {name: places[0] for name, places in below.items() if len(places) == 1}
        unused += [place for places in below.values() if len(places) > 1 for place in places]
        if own and set(required) <= common.keys() | given.keys() | dict(said).keys() | own.keys():
            parts.append(Part(common | own, dict(said), tuple(own.values())))
        else:
            unused += own.values()
    for part in parts:
        finer = {n for other in parts if part.given.items() < other.given.items() for n in other.columns}
        totals += [part.columns.pop(name) for name in finer & part.columns.keys() & set(spread.cells)]
        part.own = tuple(place for place in part.own if place not in totals)
    return [part for part in parts if part.own], sorted(unused), sorted(totals), common


def _is_odd(said, columns, meanings, spread):
    """A header that says what has a column of its own too, in a table that is rather long than wide."""
    long = [name for name in spread.cells or (spread.marks,) if name in columns]
    alike = [place for place, (other, _below) in meanings.items() if other.keys() == said.keys()]
    if spread.marks:
        return bool(long) or len(alike) < 2
    return bool(said.keys() & columns.keys()) and len(long) >= len(alike)


class Unfolded:
    """Gives the parts of a table that a row has something for. What stands under no level, the teachers of a school
    say, joins the one level that the row has."""

    def __init__(self, parts):
        self.parts, self.known = parts, {}

    def __call__(self, cells):
        if not self.parts[0].own:
            return self.parts
        has = tuple(any(_is_filled(cells, place) for place in part.own) for part in self.parts)
        if has not in self.known:
            self.known[has] = _joined([part for part, is_there in zip(self.parts, has, strict=True) if is_there])
        return self.known[has]


def _is_filled(cells, place):
    cell = cells[place] if place < len(cells) else None
    return cell is not None and (not isinstance(cell, str) or cell.strip() not in _EMPTY)


def _joined(parts):
    parts = [Part(dict(part.columns), part.given, part.own) for part in parts]
    for part in list(parts):
        finer = [other for other in parts if part.given.items() < other.given.items()]
        if len(finer) == 1:
            finer[0].columns = part.columns | finer[0].columns
            finer[0].own = part.own + finer[0].own
            parts.remove(part)
    return parts


def marked(cells, places):
    """The words of `places` (place → word) that `cells` mark, as one text; None when none is."""
    words = []
    for place, word in places.items():
        cell = cells[place] if place < len(cells) else None
        text = "" if cell is None else str(int(cell) if isinstance(cell, float) else cell).strip()
        mark = fold(text) or text
        if mark in _MARKS or cell is True:
            words.append(word)
        elif mark not in _NO_MARKS:
            words.append(f"{word}: {text}")  # what nobody understands, for the message
    return ", ".join(words) or None
