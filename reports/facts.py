"""Everything a report counts, each asked of the database once: its sentences and annexes read the same facts."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q, Sum

from activities.models import Support
from reports.figures import Scope
from reports.official import Issuer, issuer_of
from twinning import school_year
from twinning.models import Agreement, Department, District, PilotSchool, School, SchoolYearFigures

Tier = Agreement.Tier
MONEY = (Support.Kind.CASH, Support.Kind.SCHOLARSHIP, Support.Kind.SPONSORSHIP)


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


class Facts:
    """The facts of one report: unit, school year, day of cut-off. A fixed number of queries, however many rows."""

    def __init__(self, report):
        self.period = report.period
        self.programme = report.period.programme
        self.unit = report.unit
        self.year, self.cut_off_on = self.period.school_year, self.period.cut_off_on
        self.scope = Scope(self.programme, self.unit, year=self.year, until=self.cut_off_on)

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
    def year_label(self):
        return school_year.label(self.year)

    # --- figures ------------------------------------------------------------------------------------------------------

    @cached_property
    def figures(self):
        """{key: {"value": n, "ids": [...]}}: every figure with the rows it comes from."""
        ids = self.scope.rows_behind()
        return {key: {"value": figure.value, "ids": ids[key]} for key, figure in self.scope.figures().items()}

    def value(self, key):
        return self.figures[key]["value"]

    @cached_property
    def months(self):
        return self.scope.by_month()

    @cached_property
    def kinds(self):
        return self.scope.own_by_kind()

    @cached_property
    def pairs(self):
        return self.scope.by_district_pair()

    @cached_property
    def counts(self):
        return self.scope.by_agreement()

    # --- rows ---------------------------------------------------------------------------------------------------------

    @cached_property
    def agreements(self):
        """In the order of the names of their parties."""
        live = self.scope.agreements().select_related(
            "supporting_district", "supported_district", "supporting_school", "supported_school"
        )
        return list(
            live.order_by(
                "supporting_district__sort_key",
                "supported_district__sort_key",
                "supporting_school__sort_key",
                "supported_school__sort_key",
                "pk",
            )
        )

    def agreements_of(self, tier):
        return [agreement for agreement in self.agreements if agreement.tier == tier]

    @cached_property
    def pilots(self):
        """{district agreement id: [(school id, level, district id of the school)]}; for a school its own role only."""
        pilots = PilotSchool.objects.order_by("agreement", "school__level", "school__sort_key")
        if self.is_school:
            pilots = pilots.filter(agreement__programme=self.programme, school=self.unit)
        else:
            pilots = pilots.filter(agreement__in=[agreement.pk for agreement in self.agreements_of(Tier.DISTRICT)])
        by_agreement = {}
        for agreement, *school in pilots.values_list("agreement", "school", "school__level", "school__district"):
            by_agreement.setdefault(agreement, []).append(tuple(school))
        return by_agreement

    @cached_property
    def supports(self):
        """Delivered help, oldest first."""
        given = self.scope.supports().select_related(
            "giver_school", "giver_district", "receiver_school", "receiver_district"
        )
        return list(given.order_by("delivered_on", "pk"))

    @cached_property
    def own_rows(self):
        """The rows of a unit's own people with their activities, oldest first."""
        rows = self.scope.rows().select_related("activity__kind", "activity__host_school", "activity__host_district")
        return list(rows.order_by("activity__held_on", "activity"))

    @property
    def schools_there(self):
        """The schools of the unit on the day of cut-off; of a school itself."""
        if self.is_school:
            return School.objects.filter(pk=self.unit.pk).order_by()
        here = Q(department=self.unit) if self.is_department else Q(district=self.unit)
        return School.objects.valid_on(self.cut_off_on).filter(here).order_by()

    @cached_property
    def schools(self):
        """{(level, ownership): schools there on the day of cut-off}, in the order of levels."""
        counts = self.schools_there.values_list("level", "ownership").annotate(n=Count("pk"))
        return Counter({(level, ownership): n for level, ownership, n in counts})

    @cached_property
    def size(self) -> "Size":
        """Classes, pupils and people of the schools in the school year, as far as they reported them."""
        rows = SchoolYearFigures.objects.filter(school_year=self.year, school__in=self.schools_there.values("pk"))
        every = SchoolYearFigures.COUNTS
        known = {f"{name}_known": Count(name) for name in every}
        levels = rows.order_by().values("level").annotate(n=Count("pk"), **known, **{name: Sum(name) for name in every})
        by_level = {row["level"]: row for row in levels}
        ids = sorted(rows.order_by().values_list("pk", "school"))
        return Size(by_level, [pk for pk, _school in ids], len({school for _pk, school in ids}))

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
