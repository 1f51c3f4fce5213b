"""How the work of a scope (reports/scope.py) divides: by month, school year, kind, unit, agreement, district pair."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from activities.models import Activity, ActivitySchool
from twinning import school_year
from twinning.lens import OUTSIDE, Lens, Units
from twinning.models import Agreement, District, School


@dataclass
class UnitRow:
    """What one unit has to show; `unit` None: of no old district."""

    unit: District | None = None
    name: str = ""
    schools: int = 0
    activities: int = 0
    teacher_turns: int = 0
    support_vnd: int = 0
    links: dict = field(default_factory=dict)


@dataclass
class PairRow:
    agreement: Agreement
    schools: set = field(default_factory=set)
    activities: int = 0
    teacher_turns: int = 0


def by_month(scope):
    """[(first day of month, {group: activities held})] over the school year, empty months included; for the whole
    phase over every month of the programme that lies in its school years."""
    counts = {}
    groups = scope.activities().order_by().values_list("held_on__year", "held_on__month", "kind__group")
    for year, month, group, n in groups.annotate(n=Count("pk")):
        counts.setdefault(date(year, month, 1), {})[group] = n
    years = [scope.year] if scope.year is not None else scope.programme.school_years
    first = scope.programme.starts_on.replace(day=1)
    return [
        (month, counts.get(month, {}))
        for year in years
        for month in school_year.months(year)
        if first <= month <= scope.last
    ]


def by_school_year(scope):
    """{first calendar year: {"activities_held": n, "teacher_turns": n}}, by the rules of the figures."""
    rows = scope.rows().order_by().values("activity__school_year")
    counts = rows.annotate(held=Count("activity", distinct=True), turns=Sum("teacher_turns"))
    return {
        row["activity__school_year"]: {"activities_held": row["held"], "teacher_turns": row["turns"]} for row in counts
    }


def by_kind(scope):
    """[{name, group, activities, in_person, online, manager_turns, teacher_turns, pupil_turns}]; lượt are those of the
    unit's own people, which add up to the figures."""
    own = scope.rows().order_by().values("activity__kind").annotate(**{f"sum_{n}": Sum(n) for n in Activity.TOTALS})
    turns = {row["activity__kind"]: row for row in own}
    is_in_person = Q(mode=Activity.Mode.IN_PERSON)
    kinds = (
        scope.activities()
        .order_by("kind__position", "kind")
        .values("kind", "kind__name", "kind__group")
        .annotate(
            activities=Count("pk"),
            in_person=Count("pk", filter=is_in_person),
            online=Count("pk", filter=~is_in_person),
        )
    )
    return [
        {
            "name": kind["kind__name"],
            "group": kind["kind__group"],
            **{key: kind[key] for key in ("activities", "in_person", "online")},
            **{name: turns.get(kind["kind"], {}).get(f"sum_{name}") or 0 for name in Activity.TOTALS},
        }
        for kind in kinds
    ]


def by_unit(scope):
    """One row for each district with something to show under the lens, in the order of names, what is of no old
    district last. Schools, lượt and help (by who gave it) add up to the whole; an activity stands with every unit
    that took part."""
    found = {}

    def put(key, counts):
        for unit, n in counts:
            if n:
                found.setdefault(unit, UnitRow())
                setattr(found[unit], key, getattr(found[unit], key) + n)

    put("schools", _signed_by_unit(scope))
    own = scope.rows().order_by().annotate(of=scope.units.unit("school", "district")).values_list("of")
    held = list(own.annotate(held=Count("activity", distinct=True), turns=Sum("teacher_turns")))
    put("activities", [(unit, n) for unit, n, _turns in held])
    put("teacher_turns", [(unit, turns) for unit, _n, turns in held])
    given = scope.supports().order_by().annotate(of=scope.units.unit("giver_school", "giver_district"))
    put("support_vnd", given.values_list("of").annotate(n=Sum("value_vnd")))
    districts = District.objects.in_bulk(unit for unit in found if unit)
    for unit, row in found.items():
        row.unit = districts.get(unit)
        row.name = _name(scope, row.unit)
        row.links = _unit_links(scope, row.unit)
    return sorted(found.values(), key=lambda row: (row.unit is None, row.unit and row.unit.sort_key))


def _name(scope, unit):
    if unit is None:
        return str(OUTSIDE)
    # Among today's units an ended one stands for what its office did itscope and nobody took over.
    return unit.dated_name if scope.lens == Lens.NOW else str(unit)


def _signed_by_unit(scope):
    """[(unit id, schools that signed)]."""
    if scope.lens == Lens.THEN:
        return Counter(scope.units_then().values()).items()
    signed = School.objects.filter(scope.agreements().filter(tier=Agreement.Tier.SCHOOL).schools())
    of = signed.order_by().annotate(of=scope.units.unit_of_school()).values_list("of")
    return of.annotate(n=Count("pk"))


def _unit_links(scope, unit):
    """Key of a number of a row → the list of what it counts."""
    query = urlencode(scope.district_query(unit))
    keys = {"schools": "schools_signed", "activities": "activities_held", "support_vnd": "support_vnd"}
    links = {key: f"{scope.url(figure)}&{query}" for key, figure in keys.items()}
    return links | {"teacher_turns": links["activities"], "support_vnd": f"{links['support_vnd']}&ben=giver"}


def _registered(scope):
    """Every activity entered for this time, those still planned and those cancelled too."""
    entered = Activity.objects.filter(scope.takes_part(), programme=scope.programme)
    if scope.year is not None:
        entered = entered.filter(school_year=scope.year)
    if scope.until:
        entered = entered.alias(day=Coalesce("held_on", "planned_on")).filter(day__lte=scope.until)
    return entered


def by_agreement(scope):
    """Counts of the activities of each agreement; the key None holds those without one.

    {agreement id: {"parties": (supporting district id, supported district id), "registered": n, "held": n,
    "turns": {district id: teacher turns of its people}}}
    """
    is_held = Q(status__in=Activity.Status.counted())
    parties = ("agreement", "agreement__supporting_district", "agreement__supported_district")
    counts = {}
    entered = _registered(scope).order_by().values_list(*parties)
    for pk, *districts, registered, held in entered.annotate(n=Count("pk"), held=Count("pk", filter=is_held)):
        counts[pk] = {"parties": tuple(districts), "registered": registered, "held": held, "turns": {}}
    rows = ActivitySchool.objects.filter(activity__in=scope.activities().order_by().values("pk")).order_by()
    old = Units(Lens.OLD).unit("school", "district")
    turns = rows.annotate(old=old).values_list("activity__agreement", "district", "old")
    for pk, district, old, n in turns.annotate(n=Sum("teacher_turns")):
        if pk in counts:  # else it was entered a moment ago, between the two queries
            # For the whole, a school stays on its side of the pair when it came under a new unit in between.
            parties = counts[pk]["parties"]
            side = old if scope.is_department and district not in parties and old in parties else district
            counts[pk]["turns"][side] = counts[pk]["turns"].get(side, 0) + n
    return counts


def by_district_pair(scope):
    """One row for each district-tier agreement in effect, in the order of its name: agreement, schools signed,
    activities held, teacher turns of each side and of all; activities of school pairs count under the pair of their
    districts."""
    pairs = {}
    live = scope.agreements().filter(tier=Agreement.Tier.DISTRICT)
    for agreement in live.select_related("supporting_district", "supported_district").order_by(
        "supporting_district__sort_key"
    ):
        pairs[_pair_of(agreement.supporting_district_id, agreement.supported_district_id)] = PairRow(agreement)
    school_pairs = scope.agreements().filter(tier=Agreement.Tier.SCHOOL).order_by()
    for pair in school_pairs.values_list(
        "supporting_district", "supported_district", "supporting_school", "supported_school"
    ):
        if row := pairs.get(_pair_of(*pair[:2])):
            row.schools.update(pair[2:])
    counts = (
        scope.activities().order_by().values_list("agreement__supporting_district", "agreement__supported_district")
    )
    for supporting, supported, n, turns in counts.annotate(n=Count("pk"), turns=Sum("teacher_turns")):
        if row := pairs.get(_pair_of(supporting, supported)):
            row.activities += n
            row.teacher_turns += turns
    return list(pairs.values())


def _pair_of(one, other):
    return frozenset((one, other))
