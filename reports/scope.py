"""The figures of a unit over a time, computed from the rows. Dashboards and reports both read them here, so they agree;
the rules are those of reports/figures.py."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, wraps
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.urls import reverse

from activities import counting
from activities.counting import Share
from activities.models import Activity, ActivitySchool, Participation, Support
from reports.figures import RULES, Figure, of_work
from twinning import school_year, working
from twinning.filters.units import UnitFilter
from twinning.lens import Lens, Units
from twinning.models import Agreement, Department, District, Programme, School, Target


def _once(build):
    """Rows of a scope, put together once and copied for each caller: a report asks for them twenty times."""
    name = f"_{build.__name__}"

    @wraps(build)
    def rows(self):
        if name not in self.__dict__:
            self.__dict__[name] = build(self)
        return self.__dict__[name].all()

    return rows


@dataclass(frozen=True)
class Scope:
    """Whose figures, and of when: a unit, a school year (None: the whole phase), up to and including a day; under
    which lens rows are of a district."""

    programme: Programme
    unit: Department | District | School
    year: int | None = None
    until: date | None = None
    lens: Lens = Lens.NOW

    @cached_property
    def units(self):
        return Units(self.lens)

    @cached_property
    def first(self):
        return self.programme.starts_on if self.year is None else school_year.bounds(self.year)[0]

    @cached_property
    def last(self):
        last = self.programme.ends_on if self.year is None else school_year.bounds(self.year)[1]
        return min(last, self.until) if self.until else last

    # --- rows -------------------------------------------------------------------------------------------------------

    @_once
    def agreements(self):
        live = Agreement.objects.filter(programme=self.programme).live_during(self.first, self.last)
        return live.filter(self._is_unit("supporting") | self._is_unit("supported"))

    def agreements_with_targets(self):
        """Those that set themselves targets in this time, ready to be shown."""
        targets = Target.objects.filter(agreement__programme=self.programme)
        if self.year is not None:
            targets = targets.filter(school_year=self.year)
        return self.agreements().filter(pk__in=targets.order_by().values("agreement")).for_list()

    @_once
    def activities(self):
        return Activity.objects.counted().filter(self._in_time("held_on"), self.takes_part())

    @_once
    def rows(self):
        """Rows (units taking part) of the unit's own people."""
        return ActivitySchool.objects.counted().filter(self._in_time("held_on", "activity__"), self._own_row())

    @_once
    def supports(self):
        ours = self._is_unit("giver") | self._is_unit("receiver")
        return Support.objects.counted().filter(self._in_time("delivered_on"), ours)

    @cached_property
    def schools_signed_ids(self):
        """Ids of the schools that signed; for a district or a school only its own."""
        pairs = self.agreements().filter(tier=Agreement.Tier.SCHOOL).order_by()
        if isinstance(self.unit, School):
            return {self.unit.pk} if pairs.exists() else set()
        if self.is_department:
            return {school for pair in pairs.values_list("supporting_school", "supported_school") for school in pair}
        if self.lens == Lens.THEN:
            return {school for school, unit in self.units_then().items() if unit == self.unit.pk}
        sides = ("supporting", "supported")
        own = [pairs.filter(self._is_unit(side)).values_list(f"{side}_school", flat=True) for side in sides]
        return {school for schools in own for school in schools}

    def units_then(self):
        """{school that signed: id of its unit at the last signing}, of every unit."""
        live = Agreement.objects.filter(programme=self.programme, tier=Agreement.Tier.SCHOOL)
        return live.live_during(self.first, self.last).units_of_schools()

    def _in_time(self, day, path=""):
        """Q: of the programme, the school year and up to the last day, for rows that reach these by `path`."""
        time = {f"{path}programme": self.programme}
        if self.year is not None:
            time[f"{path}school_year"] = self.year
        if self.until:
            time[f"{path}{day}__lte"] = self.until
        return Q(**time)

    @property
    def is_department(self):
        return isinstance(self.unit, Department)

    def _is_unit(self, side):
        """Q: the side is the unit, or of the unit."""
        return self._of(f"{side}_school", f"{side}_district")

    def _own_row(self):
        return self._of("school", "district")

    def _of(self, school, district):
        if self.is_department:
            return Q()
        if isinstance(self.unit, School):
            return Q(**{school: self.unit})
        return self.units.belongs(self.unit.pk, school, district)

    def takes_part(self):
        if self.is_department:
            return Q()
        rows = ActivitySchool.objects.filter(self._own_row())
        return Q(pk__in=rows.values("activity"))

    # --- figures ----------------------------------------------------------------------------------------------------

    def figures(self):
        """Key → Figure, in the order pages show them. A fixed number of queries, whatever the number of rows."""
        waiting = Share(
            self.gifts["waiting"],
            self.gifts["support_vnd"],
            self.url("support_vnd", tinh_trang=Support.Status.DELIVERED.value),
        )
        values = {
            "schools_signed": len(self.schools_signed_ids),
            "agreements_live": self.signings["agreements_live"],
            "support_vnd": self.gifts["support_vnd"],
        }
        found = {key: Figure(key, value, self.url(key)) for key, value in values.items()} | self.work()
        found["support_vnd"] = replace(found["support_vnd"], unconfirmed=waiting)
        return {key: found[key] for key in RULES}

    @cached_property
    def gifts(self):
        """Delivered help in đồng: {"gifts": how many, "support_vnd": all, "money", "in_kind", "waiting": of it not
        confirmed, "pupils_helped": how many}."""
        is_money = Q(kind__in=Support.Kind.money())
        sums = self.supports().aggregate(
            gifts=Count("pk"),
            support_vnd=Sum("value_vnd"),
            money=Sum("value_vnd", filter=is_money),
            in_kind=Sum("value_vnd", filter=~is_money),
            waiting=Sum("value_vnd", filter=Q(status=Support.Status.DELIVERED)),
            pupils_helped=Sum("pupils_helped"),
        )
        return {name: value or 0 for name, value in sums.items()}

    @cached_property
    def signings(self):
        """{"agreements_live": in effect in this time, "agreements_new": signed in it}."""
        is_new = Q(signed_on__range=(self.first, self.last))
        return self.agreements().aggregate(agreements_live=Count("pk"), agreements_new=Count("pk", filter=is_new))

    def work(self):
        """Of these figures those of activities, and lượt of managers: {key: Figure}."""
        return of_work(self.counts, lambda **only: self.url("activities_held", **only))

    @cached_property
    def counts(self):
        """counting.Counts of the unit: its activities, and lượt and people of its own rows."""
        return counting.count(self.activities(), None if self.is_department else self.rows())

    def rows_behind(self, agreements=None, supports=None, rows=None):
        """Key of a figure → sorted ids of what it counts: schools, agreements, activities, teachers or gifts; lượt come
        from activities for the whole and from the own rows (ActivitySchool) for a district or a school. `agreements`,
        `supports` and, of a unit, `rows`: those of this scope, if they were read already."""
        if rows is None:
            activities = _ids(self.activities())
            turns = activities if self.is_department else _ids(self.rows())
        else:
            activities, turns = sorted({row.activity_id for row in rows}), sorted(row.pk for row in rows)
        teachers = Participation.objects.filter(row__in=self.rows().values("pk")).order_by()
        return {
            "schools_signed": sorted(self.schools_signed_ids),
            "agreements_live": _ids(self.agreements()) if agreements is None else sorted(row.pk for row in agreements),
            "activities_held": activities,
            "teacher_turns": turns,
            "teachers_named": sorted(teachers.values_list("teacher", flat=True).distinct()),
            "pupil_turns": turns,
            "support_vnd": _ids(self.supports()) if supports is None else sorted(row.pk for row in supports),
        }

    def url(self, key, **only):
        """The list of the rows behind a figure, or of `only` those of them that these filters leave."""
        page = {
            "schools_signed": "school_list",
            "agreements_live": "agreement_list",
            "support_vnd": "support_list",
        }.get(key, "activity_list")
        query = {"school_list": {"giao_uoc": "co"}, "agreement_list": {"tinh_trang": "co-hieu-luc"}}.get(
            page, {"tinh_trang": "da-tinh"}
        )
        if self.year is not None:
            query["nam"] = self.year
        if self.until and page in ("activity_list", "support_list"):
            query["den"] = self.until.isoformat()
        return f"{reverse(page)}?{urlencode(query | self.unit_query() | self.programme_query() | only)}"

    def programme_query(self):
        """Keeps lists to the programme, whichever the reader works with."""
        return {working.QUERY: self.programme.pk}

    def unit_query(self):
        """The filter of lists that keeps only the rows of this unit."""
        if isinstance(self.unit, District):
            return self.district_query(self.unit)
        return {"truong": self.unit.pk} if isinstance(self.unit, School) else {}

    def district_query(self, district):
        """The filter of lists that keeps only the rows of `district` (None: of no old district) under this lens."""
        query = {"don_vi": district.pk if district else UnitFilter.NONE}
        return query if self.lens == Lens.NOW else query | {"theo": self.lens.value}


def _ids(queryset):
    return sorted(queryset.order_by().values_list("pk", flat=True))


def scope_of(membership, programme, year=None, lens=Lens.NOW):
    """The scope of a seat; the administrator sees what the Department sees."""
    return Scope(programme, membership.unit or programme.department, year, lens=lens)
