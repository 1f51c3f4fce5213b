"""Suggests twins for a school, with the reasons in words and numbers. A person decides: nothing is registered here.

The rule. Candidates are schools of the same Department that operate today, share a level with the school and take part
in the programme; left out are the school itself, those it is twinned with or has an agreement under way with, and those
with MOST twins or more. Each gets points, at most 100; every point stands beside the reason it was given for:

- OWN_STRENGTH    by indicators of the two schools: the one that helps is the better one. The mean, over the indicators
                  both have a value of in the newest school year the school has one, of (difference for the better) /
                  (greatest − least value among all compared); an indicator in which it is not better counts 0;
- UNIT_STRENGTH   the same by indicators of the units that manage (or managed) them, when they have different ones;
- TWINNED_UNITS   an agreement of the two units is in effect: the programme brings them together already;
- SAME_UNIT       both under one unit: near each other;
- OTHER_ZONE      one in the inner, one in the outer part of the city;
- FREE            the candidate has nobody yet in the part it would play; less for each school it helps (or that helps
                  it) already or in an agreement under way, nothing from MOST on.

Of equal points the order of names decides, so the same rows always give the same list.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial

from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import school_year
from twinning.lens import Lens, Units
from twinning.models import Agreement, District, Indicator, IndicatorValue, Programme, School, SchoolYearFigures
from twinning.twins import today_in

OWN_STRENGTH = 35
UNIT_STRENGTH = 15
TWINNED_UNITS = 20
SAME_UNIT = 10
OTHER_ZONE = 15
FREE = 15
WEIGHTS = {
    _("Chỉ số của hai trường: bên giúp mạnh hơn bên được giúp"): OWN_STRENGTH,
    _("Chỉ số của hai đơn vị quản lý: bên giúp mạnh hơn"): UNIT_STRENGTH,
    _("Hai đơn vị quản lý đã ký giao ước với nhau"): TWINNED_UNITS,
    _("Cùng một đơn vị quản lý, gần nhau"): SAME_UNIT,
    _("Một trường nội thành, một trường ngoại thành"): OTHER_ZONE,
    _("Trường được gợi ý chưa giúp (hoặc chưa được giúp bởi) trường nào; giảm dần theo số trường"): FREE,
}
# Who has so many twins is not suggested for one more.
MOST = 3
SHOWN = 20


class Part(TextChoices):
    """What the school itself would be in the pair."""

    HELPED = "duoc-giup", _("Tìm trường giúp trường này")
    HELPER = "giup", _("Tìm trường để trường này giúp")


@dataclass(frozen=True)
class Reason:
    """What speaks for a candidate, with its points (0: only told). Said when it is shown: of many candidates most never
    are."""

    say: Callable[[], str]
    points: int = 0

    @property
    def text(self):
        return self.say()


@dataclass
class Suggestion:
    school: School
    reasons: list = field(default_factory=list)

    @property
    def points(self):
        return sum(reason.points for reason in self.reasons)


@dataclass(frozen=True)
class Search:
    """The suggestions for `school` in the part it would play, in a fixed number of queries."""

    school: School
    programme: Programme
    part: Part

    @cached_property
    def day(self):
        return today_in(self.programme)

    @cached_property
    def suggestions(self):
        """The SHOWN best ones, best first."""
        found = [Suggestion(school, self._reasons(school)) for school in self.candidates]
        return sorted(found, key=lambda one: (-one.points, one.school.sort_key, one.school.pk))[:SHOWN]

    @cached_property
    def candidates(self):
        """Every school that could be suggested, in the order of names, with `old_unit`: the id of its old district."""
        schools = School.objects.operating().taking_part(self.programme, timezone.localdate())
        schools = schools.filter(level__in=levels_like(self.school.level)).exclude(pk__in=self._taken)
        schools = schools.select_related("district").annotate(old_unit=Units(Lens.OLD).unit_of_school())
        return list(schools.order_by("sort_key", "pk"))

    # --- who is left out --------------------------------------------------------------------------------------------

    @property
    def _agreements(self):
        return Agreement.objects.filter(programme=self.programme, tier__in=Agreement.Tier.of_schools())

    @cached_property
    def _taken(self):
        """Ids of the school, of those it has an agreement with, signed or under way, and of those with MOST twins."""
        own = self._agreements.filter(status__in=Agreement.Status.open()).with_school(self.school)
        full = [school for school, partners in self._partners.items() if len(partners) >= MOST]
        return {self.school.pk, *full, *(school for pair in own.helping() for school in pair)}

    @cached_property
    def _helping(self):
        """{(helper, helped)} in effect."""
        return self._agreements.twins_on(self.day).helping()

    @cached_property
    def _under_way(self):
        """{(helper, helped)} registered and not signed yet: whoever was just chosen is not suggested to the next one
        as if it were free."""
        return self._agreements.filter(status__in=Agreement.Status.unsigned()).helping() - self._helping

    @cached_property
    def _partners(self):
        """{school id: ids of its twins, those under way too}."""
        return _partners(self._helping | self._under_way)

    @cached_property
    def _loads(self):
        """({school id: how many it has in the part a candidate would play}, the same of those under way)."""
        place = 0 if self.part == Part.HELPED else 1
        return tuple(Counter(pair[place] for pair in pairs) for pairs in (self._helping, self._under_way))

    @property
    def own_twins(self):
        """How many twins the school has now."""
        return len(_partners(self._helping)[self.school.pk])

    # --- reasons ----------------------------------------------------------------------------------------------------

    def _reasons(self, other):
        own, against = self._strength(OWN_STRENGTH, self.measures, (other.pk,))
        units, more_against = self._by_units(other)
        reasons = [*own, *units, *self._by_zone(other), self._by_load(other)]
        reasons.sort(key=lambda reason: -reason.points)
        if against or more_against:
            reasons.append(Reason(partial(_say_against, [*against, *more_against])))
        return reasons

    def _by_units(self, other):
        """(reasons by the units of the two, what speaks against)."""
        mine, its = self._units, _units_of(other)
        if mine[0] == its[0]:
            return [Reason(lambda: _t("Cùng %s") % other.district, SAME_UNIT)], []
        reasons, against = [], []
        if not set(mine) & set(its):
            reasons, against = self._strength(UNIT_STRENGTH, self._measures_of_units, its)
        pairs = (self._twinned_units.get(frozenset((one, another))) for one in mine for another in its)
        if twinned := next(filter(None, pairs), None):
            reasons.append(Reason(lambda: _t("Hai đơn vị đã ký giao ước: %s") % twinned, TWINNED_UNITS))
        return reasons, against

    def _by_zone(self, other):
        zone, own = self._zone_of(_units_of(other)), self._zone_of(self._units)
        if zone and own and zone != own:
            words = {"zone": District.Zone(zone).label, "own": District.Zone(own).label}
            yield Reason(lambda: _t("Trường ở %(zone)s, trường này ở %(own)s") % words, OTHER_ZONE)

    def _by_load(self, other):
        now, coming = (load[other.pk] for load in self._loads)
        return Reason(partial(self._say_load, now, coming), max(0, FREE * (MOST - now - coming) // MOST))

    def _say_load(self, now, coming):
        if self.part == Part.HELPED:
            said = _t("Đang giúp %d trường") % now if now else _t("Chưa giúp trường nào")
        else:
            said = _t("Đang được %d trường giúp") % now if now else _t("Chưa được trường nào giúp")
        return _t("%(said)s, %(n)d cặp đang lập") % {"said": said, "n": coming} if coming else said

    def _strength(self, weight, measures, ids):
        """(reasons by the indicators that one of `ids` has a value of, too; what speaks against). The points are shared
        among these indicators."""
        compared = [(measure, found) for measure in measures if (found := measure.of(ids)) is not None]
        reasons, against = [], []
        for measure, found in compared:
            helper, helped = (found, measure.own) if self.part == Part.HELPED else (measure.own, found)
            better = helped - helper if measure.indicator.less_is_better else helper - helped
            if better > 0:
                points = max(1, int(weight * better / measure.spread / len(compared)))
                reasons.append(Reason(partial(measure.words, found), points))
            elif better < 0:
                against.append(partial(measure.words, found))
        return reasons, against

    # --- units ------------------------------------------------------------------------------------------------------

    @cached_property
    def _units(self):
        """Ids of the units of the school, like `_units_of`."""
        old = Units(Lens.OLD).unit_of_school()
        return _units_of(School.objects.annotate(old_unit=old).only("district").get(pk=self.school.pk))

    @cached_property
    def _districts(self):
        return District.objects.filter(department=self.programme.department_id).in_bulk()

    def _zone_of(self, units):
        return next((zone for unit in units if (zone := self._districts[unit].zone)), "")

    @cached_property
    def _twinned_units(self):
        """{the two ids: "huyện Thanh Trì – huyện Chương Mỹ"} of agreements of districts in effect."""
        pairs = Agreement.objects.filter(programme=self.programme, tier=Agreement.Tier.DISTRICT)
        pairs = pairs.live_during(self.day, self.day).order_by("pk")
        sides = pairs.values_list("supporting_district", "supported_district")
        return {frozenset(pair): " – ".join(str(self._districts[pk]) for pk in pair) for pair in sides}

    # --- indicators -------------------------------------------------------------------------------------------------

    @cached_property
    def measures(self):
        """What the school itself was measured by."""
        return self._measures("school", (self.school.pk,), {school.pk for school in self.candidates})

    @cached_property
    def _measures_of_units(self):
        return self._measures("district", self._units, self._districts.keys())

    def _measures(self, kind, mine, others):
        """A Measure for each indicator of schools or units that one of the ids `mine` has a value of."""
        values = defaultdict(lambda: defaultdict(dict))  # indicator → school year → id → value
        for indicator, unit, year, value in self._stored:
            if indicator.measures == kind and (unit in mine or unit in others):
                values[indicator][year][unit] = value
        measures = []
        for indicator, years in values.items():
            known = [year for year, of in years.items() if any(unit in of for unit in mine)]
            if known:
                of = years[max(known)]
                measures.append(Measure(indicator, max(known), next(of[unit] for unit in mine if unit in of), of))
        return measures

    @cached_property
    def _stored(self):
        """[(indicator, id of the school or unit, school year, value)], in the order of indicators."""
        indicators = Indicator.objects.filter(department=self.programme.department_id).in_bulk()
        of_levels = Q(school__level__in=levels_like(self.school.level))
        rows = IndicatorValue.objects.filter(Q(school=None) | of_levels, indicator__in=indicators)
        rows = rows.order_by("indicator__position", "indicator", "pk")
        rows = rows.values_list("indicator", "school", "district", "school_year", "value")
        return [
            (indicators[indicator], school or district, year, value)
            for indicator, school, district, year, value in rows
        ]


@dataclass(frozen=True)
class Measure:
    """The values of an indicator in one school year: the school's own (or that of its unit), and {id: value} of all."""

    indicator: Indicator
    year: int
    own: Decimal
    values: dict

    def of(self, ids):
        """The value of the first of `ids` that has one, else None."""
        return next((self.values[pk] for pk in ids if pk in self.values), None)

    @cached_property
    def spread(self):
        """Greatest less least value of all; never 0 where two differ."""
        return max(self.values.values()) - min(self.values.values())

    def words(self, found):
        """ "Số giáo viên dạy giỏi (2024-2025): 5 so với 1", the school found first."""
        words = {
            "indicator": self.indicator.name,
            "year": school_year.label(self.year),
            "found": self.indicator.text(found),
            "own": self.indicator.text(self.own),
        }
        if self.indicator.of_schools:
            return _t("%(indicator)s (%(year)s): %(found)s so với %(own)s") % words
        return _t("%(indicator)s của đơn vị (%(year)s): %(found)s so với %(own)s") % words


def _say_against(said):
    """What the helper is not better in, told in one line without points."""
    return _t("Ngược chiều: %s") % "; ".join(say() for say in said)


def _partners(pairs):
    """{school id: ids of those it is paired with}."""
    partners = defaultdict(set)
    for helper, helped in pairs:
        partners[helper].add(helped)
        partners[helped].add(helper)
    return partners


def usual_part(school, programme):
    """What the school would be if nobody says otherwise: what its unit is in the agreement of units; else, in the inner
    city, the one that helps. Units of today may have neither, so those it was under before are asked as well."""
    units = [row.district for row in school.managements.all()] + [school.district]
    deals = Agreement.objects.filter(programme=programme, tier=Agreement.Tier.DISTRICT).signed()
    for side, part in (("supported", Part.HELPED), ("supporting", Part.HELPER)):
        if deals.filter(**{f"{side}_district__in": units}).exists():
            return part
    return Part.HELPER if District.Zone.INNER in {unit.zone for unit in units} else Part.HELPED


def _units_of(school):
    """Ids of the unit that manages a school (annotated with `old_unit`) and of its old district, each once."""
    return tuple(dict.fromkeys(filter(None, (school.district_id, school.old_unit))))


def levels_like(level):
    """The kinds of school that share a level with one of the kind `level`."""
    of = SchoolYearFigures.LEVELS_OF
    return [kind for kind in School.Level if set(of[kind]) & set(of[level])]
