"""Everything a report counts, each asked of the database once: its sentences and annexes read the same facts."""

from collections import Counter
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count

from activities.models import Support
from reports import breakdowns
from reports.official import Issuer, issuer_of
from twinning import school_year
from twinning.models import (
    Agreement,
    Department,
    District,
    PilotSchool,
    School,
    SchoolManagement,
    SchoolName,
    SchoolYearFigures,
)

Tier = Agreement.Tier
MONEY = Support.Kind.money()


@dataclass(frozen=True)
class Size:
    """by_level: {level: {count: sum or None, f"{count}_known": rows that say it, "n": rows}}; ids of the rows; schools
    that reported any."""

    by_level: dict
    ids: list
    schools: int

    def __bool__(self):
        return bool(self.ids)

    def total(self, name):
        """None when nobody said it, which is not 0."""
        told = [row[name] for row in self.by_level.values() if row[name] is not None]
        return sum(told) if told else None

    def unsaid(self, name):
        """Rows that leave this one out."""
        return sum(row["n"] - row[f"{name}_known"] for row in self.by_level.values())


def _sums(rows):
    """What `Size.by_level` holds of the rows of one level."""
    sums = {"n": len(rows)}
    for name in SchoolYearFigures.COUNTS:
        known = [row[name] for row in rows if row[name] is not None]
        sums |= {name: sum(known) if known else None, f"{name}_known": len(known)}
    return sums


class Facts:
    """The facts of one report: unit, time (`year` None: the whole phase), day of cut-off. A fixed number of
    queries, however many rows."""

    def __init__(self, report):
        self.period = report.period
        self.programme = report.period.programme
        self.year, self.cut_off_on = self.period.school_year, self.period.cut_off_on
        self.unit = self._as_it_was(report.unit)
        self.scope = report.scope()
        self.replaces = report.replaces

    def _as_it_was(self, unit):
        """A school under the name and the unit of the day of cut-off; on a copy, which nobody saves."""
        if not isinstance(unit, School):
            return unit
        school = copy(unit)
        school.district = unit.managed_on(self.cut_off_on)
        return self._called(school)

    def _called(self, *schools):
        """Give `schools` (of rows read for this paper only) the names they had on the day of cut-off."""
        for school in filter(None, schools):
            school.name = self.former_names.get(school.pk, school.name)
        return schools[0]

    @cached_property
    def former_names(self):
        """{school id: its name on the day of cut-off}, of the schools that have another one since."""
        return SchoolName.objects.on(self.cut_off_on)

    @property
    def is_department(self):
        return isinstance(self.unit, Department)

    @property
    def is_district(self):
        return isinstance(self.unit, District)

    @property
    def is_school(self):
        return isinstance(self.unit, School)

    @cached_property
    def issuer(self) -> Issuer:
        return issuer_of(self.unit)

    @property
    def span(self):
        """The time in words: "năm học 2023-2024", "giai đoạn 2022–2025"."""
        return self.period.span

    @property
    def last_year(self):
        """The school year of what is told as it stands at the end: the year reported on, the last one of a phase."""
        return school_year.school_year_of(self.cut_off_on) if self.year is None else self.year

    # --- figures ------------------------------------------------------------------------------------------------------

    @cached_property
    def figures(self):
        """{key: {"value": n, "ids": [...]}}: every figure with the rows it comes from."""
        ids = self.scope.rows_behind(self.agreements, self.supports, self.own_rows if self.is_school else None)
        return {key: {"value": figure.value, "ids": ids[key]} for key, figure in self._counted.items()}

    @cached_property
    def _counted(self):
        return self.scope.figures()

    def unconfirmed(self, key):
        """counting.Share of a figure that no partner has confirmed yet."""
        return self._counted[key].unconfirmed

    def value(self, key):
        return self.figures[key]["value"]

    @cached_property
    def months(self):
        return breakdowns.by_month(self.scope)

    @cached_property
    def kinds(self):
        return breakdowns.by_kind(self.scope)

    @cached_property
    def pairs(self):
        return breakdowns.by_district_pair(self.scope)

    @cached_property
    def counts(self):
        return breakdowns.by_agreement(self.scope)

    # --- rows ---------------------------------------------------------------------------------------------------------

    @cached_property
    def agreements(self):
        """In the order of the names of their parties."""
        live = self.scope.agreements().select_related(
            "subject", "supporting_district", "supported_district", "supporting_school", "supported_school"
        )
        found = list(
            live.order_by(
                "supporting_district__sort_key",
                "supported_district__sort_key",
                "supporting_school__sort_key",
                "supported_school__sort_key",
                "pk",
            )
        )
        for agreement in found:
            self._called(agreement.supporting_school, agreement.supported_school)
        return found

    def agreements_of(self, *tiers):
        """Of the first tier first."""
        return [agreement for tier in tiers for agreement in self.agreements if agreement.tier == tier]

    @cached_property
    def pilots(self):
        """{district agreement id: [(school id, level, district id of the school)]}; for a school its own role only."""
        pilots = PilotSchool.objects.order_by("agreement", "school__level", "school__sort_key")
        if self.is_school:
            pilots = pilots.filter(agreement__programme=self.programme, school=self.unit)
        else:
            pilots = pilots.filter(agreement__in=[agreement.pk for agreement in self.agreements_of(Tier.DISTRICT)])
        found = list(pilots.values_list("agreement", "school", "school__level", "school__district"))
        then, by_agreement = {}, {}
        if not self.is_school:
            then = SchoolManagement.objects.units_on(self.cut_off_on, pilots.order_by().values("school"))
        for agreement, school, level, district in found:
            by_agreement.setdefault(agreement, []).append((school, level, then.get(school, district)))
        return by_agreement

    @cached_property
    def supports(self):
        """Delivered help, oldest first."""
        given = self.scope.supports().select_related(
            "giver_school", "giver_district", "receiver_school", "receiver_district"
        )
        found = list(given.order_by("delivered_on", "pk"))
        for support in found:
            self._called(support.giver_school, support.receiver_school)
        return found

    @cached_property
    def own_rows(self):
        """The rows of a unit's own people with their activities, oldest first."""
        rows = self.scope.rows().select_related("activity__kind", "activity__host_school", "activity__host_district")
        found = list(rows.order_by("activity__held_on", "activity"))
        for row in found:
            self._called(row.activity.host_school)
        return found

    @property
    def schools_there(self):
        """The schools of the unit on the day of cut-off, of a district those it managed then; of a school itself."""
        if self.is_school:
            return School.objects.filter(pk=self.unit.pk).order_by()
        there = School.objects.valid_on(self.cut_off_on).order_by()
        if self.is_department:
            return there.filter(department=self.unit)
        managed = SchoolManagement.objects.valid_on(self.cut_off_on).filter(district=self.unit)
        return there.filter(pk__in=managed.values("school"))

    @cached_property
    def schools(self):
        """{(level, ownership): schools there on the day of cut-off}, in the order of levels."""
        counts = self.schools_there.values_list("level", "ownership").annotate(n=Count("pk"))
        return Counter({(level, ownership): n for level, ownership, n in counts})

    @cached_property
    def size_year(self):
        """The school year whose size is told: of a phase the last one that schools reported any for."""
        if self.year is not None:
            return self.year
        years = [year for year in self.programme.school_years if year <= self.last_year]
        reported = SchoolYearFigures.objects.filter(school__in=self.schools_there.values("pk"))
        return reported.newest_of(years) or self.last_year

    @cached_property
    def size(self) -> "Size":
        """Classes, pupils and people of the schools in `size_year`, as far as they reported them."""
        of_year = SchoolYearFigures.objects.filter(school_year=self.size_year)
        there = of_year.filter(school__in=self.schools_there.values("pk"))
        rows = list(there.order_by("pk").values("pk", "school", "level", *SchoolYearFigures.COUNTS))
        by_level = {}
        for row in rows:
            by_level.setdefault(row["level"], []).append(row)
        sums = {level: _sums(of_level) for level, of_level in by_level.items()}
        return Size(sums, [row["pk"] for row in rows], len({row["school"] for row in rows}))

    @cached_property
    def signed_by_level(self):
        """{level: schools that signed}."""
        signed = School.objects.filter(pk__in=self.figures["schools_signed"]["ids"])
        return Counter(dict(signed.order_by().values_list("level").annotate(n=Count("pk"))))

    @cached_property
    def districts_without_agreement(self):
        """Names of the units of the Department that no district agreement covers."""
        paired = {
            pk
            for agreement in self.agreements_of(Tier.DISTRICT)
            for pk in (agreement.supporting_district_id, agreement.supported_district_id)
        }
        districts = District.objects.valid_on(self.cut_off_on).filter(department=self.unit)
        return [str(district) for district in districts.order_by("sort_key") if district.pk not in paired]
