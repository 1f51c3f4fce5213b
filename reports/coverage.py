"""Who is not reached by twinning on a day: schools without a twin, pairs that are silent or go one way only, schools
that help many. Counted by unit under a lens and by level; every number knows the list of exactly what it counts.

Rules (printed on the page):
- a school has a twin when it is a party of an agreement of schools or of a subject in effect on the day, or stands
  beside one as a member; agreements of districts give their schools no twin;
- schools of levels that do not take part in the programme, and those not there on the day, are left out;
- a pair stands with the units of both its lead schools, a school with one; the whole counts each once.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _t

from twinning import vietnamese, working
from twinning.filters.units import UnitFilter
from twinning.lens import OUTSIDE, Lens, Units
from twinning.models import Agreement, Department, District, Programme, School
from twinning.twins import SILENT_MONTHS, TOO_MANY, Twin, months_before, today_in

Level = School.Level
# Shares of schools without a twin from which a cell is darker.
HEAT = (0.25, 0.5, 0.75)


@dataclass(slots=True)
class Cell:
    """Schools of a unit and a level, and how many of them have no twin; with the query of the lists of both."""

    label: str
    schools: int = 0
    without: int = 0
    query: str = ""

    @property
    def twinned(self):
        return self.schools - self.without

    @property
    def percent(self):
        """Share without a twin; never 0 or 100 unless it is none or all."""
        share = round(100 * self.without / self.schools) if self.schools else 0
        return min(max(share, self.without > 0), 100 - (self.twinned > 0))

    @property
    def heat(self):
        """0 (none without a twin) … 4 (most)."""
        return 0 if not self.without else 1 + sum(self.without / self.schools >= step for step in HEAT)


@dataclass
class Row:
    """What one unit has (`unit` None: no old district), or the whole."""

    unit: District | None = None
    name: str = ""
    query: str = ""
    cells: list = field(default_factory=list)
    all: Cell = field(default_factory=lambda: Cell(_t("Tất cả")))
    pairs: int = 0
    silent: int = 0
    one_way: int = 0
    helpers: int = 0

    @property
    def shown(self):
        return [self.all, *self.cells]


@dataclass(frozen=True)
class Coverage:
    """Of a Department, or of one district alone. `months` without an activity make a pair silent, `many` schools helped
    are too many."""

    programme: Programme
    unit: Department | District
    day: date
    lens: Lens = Lens.NOW
    months: int = SILENT_MONTHS
    many: int = TOO_MANY

    @cached_property
    def units(self):
        return Units(self.lens)

    @cached_property
    def _only(self):
        """The id of the one district it is about, else None."""
        return self.unit.pk if isinstance(self.unit, District) else None

    # --- rows -------------------------------------------------------------------------------------------------------

    @cached_property
    def _schools(self):
        """{id of a school that takes part: (unit id, level)}."""
        schools = School.objects.taking_part(self.programme, self.day).order_by()
        rows = schools.annotate(of=self.units.unit_on(self.day)).values_list("pk", "of", "level")
        return {pk: (unit, level) for pk, unit, level in rows if self._only in (None, unit)}

    @cached_property
    def _pairs(self):
        return Agreement.objects.filter(programme=self.programme).twins_on(self.day).order_by()

    @cached_property
    def _twinned(self):
        """Ids of all schools that have a twin."""
        return set(School.objects.filter(self._pairs.twinned_schools()).order_by().values_list("pk", flat=True))

    @cached_property
    def _helpers(self):
        """Ids of the schools that help `many` others or more."""
        helps = Counter(helper for helper, _helped in self._pairs.helping())
        return [school for school, n in helps.items() if n >= self.many]

    def _of_units(self, pairs):
        """[{ids of the units of its two lead schools}] of the pairs."""
        sides = {
            "one": self.units.unit("supporting_school", "supporting_district"),
            "other": self.units.unit("supported_school", "supported_district"),
        }
        rows = pairs.annotate(**sides).values_list("one", "other")
        return [{one, other} for one, other in rows if self._only in (None, one, other)]

    # --- counts -----------------------------------------------------------------------------------------------------

    @cached_property
    def levels(self):
        """The levels that have schools here, in the order of School.Level."""
        found = {level for _unit, level in self._schools.values()}
        return [level for level in Level if level in found]

    @cached_property
    def rows(self):
        """One for each unit with a school or a pair, in the order of names, what is of no old district last."""
        return self._counted[0]

    @cached_property
    def whole(self):
        """The row that counts everything once."""
        return self._counted[1]

    @cached_property
    def _counted(self):
        rows, whole = {}, self._row()
        for pk, (unit, level) in self._schools.items():
            at = self.levels.index(level)
            for row in (whole, self._row_of(unit, rows)):
                for cell in (row.cells[at], row.all):
                    cell.schools += 1
                    cell.without += pk not in self._twinned
        for helper in self._helpers:
            if helper in self._schools:
                whole.helpers += 1
                self._row_of(self._schools[helper][0], rows).helpers += 1
        silent = self._pairs.silent(months_before(self.day, self.months), self.day)
        kinds = {"pairs": self._pairs, "silent": silent, "one_way": self._pairs.one_way()}
        for name, pairs in kinds.items():
            for units in self._of_units(pairs):
                setattr(whole, name, getattr(whole, name) + 1)
                for unit in units if self._only is None else [self._only]:
                    row = self._row_of(unit, rows)
                    setattr(row, name, getattr(row, name) + 1)
        return self._named(rows), self._linked(whole, {"don_vi": self._only} if self._only else {})

    def _row(self):
        return Row(cells=[Cell(str(level.label)) for level in self.levels])

    def _row_of(self, unit, rows):
        if unit not in rows:
            rows[unit] = self._row()
        return rows[unit]

    def _named(self, rows):
        districts = District.objects.in_bulk(unit for unit in rows if unit)
        for unit, row in rows.items():
            row.unit = districts.get(unit)
            row.name = str(OUTSIDE) if row.unit is None else self._name(row.unit)
            self._linked(row, {"don_vi": unit or UnitFilter.NONE})
        return sorted(rows.values(), key=lambda row: (row.unit is None, row.unit and row.unit.sort_key))

    def _name(self, unit):
        # Among today's units an ended one stands for schools that nobody took over.
        return unit.dated_name if self.lens == Lens.NOW else str(unit)

    # --- the lists behind -------------------------------------------------------------------------------------------

    def _linked(self, row, of_unit):
        row.query = urlencode(self.query | of_unit)
        row.all.query = row.query
        for level, cell in zip(self.levels, row.cells, strict=True):
            cell.query = f"cap={level.value}&{row.query}"
        return row

    @cached_property
    def query(self):
        """What every list has to know: the programme; the lens and the day where lists would take others."""
        query = {working.QUERY: self.programme.pk}
        if self.lens != Lens.NOW:
            query["theo"] = self.lens.value
        return query if self.day == today_in(self.programme) else query | {"ngay": self.day.isoformat()}

    @cached_property
    def lists(self):
        """Name of a number of a row → the list of what it counts, to be followed by the row's query."""
        schools, agreements = reverse("school_list"), reverse("agreement_list")
        return {
            "without": f"{schools}?cap_doi={Twin.WITHOUT.value}&",
            "schools": f"{schools}?cap_doi={Twin.ANY.value}&",
            "helpers": f"{schools}?giup_nhieu={self.many}&",
            "pairs": f"{agreements}?cap_doi=co&",
            "silent": f"{agreements}?im_lang={self.months}&",
            "one_way": f"{agreements}?mot_chieu=1&",
        }

    # --- in words ---------------------------------------------------------------------------------------------------

    @property
    def finding(self):
        """The page in one sentence: how many schools have no twin, and where it is worst."""
        every = self.whole.all
        words = {"n": vietnamese.number(every.without), "all": vietnamese.number(every.schools)}
        if not every.schools:
            return _t("Chưa có trường nào thuộc diện kết nghĩa")
        if not every.without:
            return _t("Cả %(all)s trường đều đã có cặp") % words
        units = [(row.name, row.all) for row in self.rows if row.all.schools]
        if len(units) > 1:
            # Of equal shares the biggest unit.
            name, cell = min(units, key=lambda unit: (unit[1].twinned / unit[1].schools, -unit[1].schools))
            words |= {"where": name, "some": vietnamese.number(cell.twinned), "there": vietnamese.number(cell.schools)}
            sentence = _t(
                "%(n)s trên %(all)s trường chưa có cặp; tỷ lệ có cặp thấp nhất: %(where)s (%(some)s trên %(there)s)"
            )
        else:
            cell = max(self.whole.cells, key=lambda cell: cell.without)
            words |= {
                "where": cell.label,
                "some": vietnamese.number(cell.without),
                "there": vietnamese.number(cell.schools),
            }
            sentence = _t("%(n)s trên %(all)s trường chưa có cặp; nhiều nhất: %(where)s (%(some)s trên %(there)s)")
        return sentence % words
