"""The figures of a unit over a time, computed from the rows. Dashboards and reports both read them here, so they agree.

Rules (printed beside the figures):
- an event counts once, however many units took part; planned and cancelled ones do not count;
- lượt = head-counts added up; người = distinct named teachers, where names are recorded;
- for a district or a school, lượt and người are those of its own people only, so that units add up to the whole;
- help counts once delivered;
- what partners have not confirmed yet counts too, and every figure says how much of it that is (`Figure.unconfirmed`);
- which district a row is of depends on the lens (twinning/lens.py); the whole does not.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, wraps
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities import counting
from activities.counting import Share
from activities.models import Activity, ActivitySchool, Participation, Support
from twinning import school_year, working
from twinning.filters.units import UnitFilter
from twinning.lens import OUTSIDE, Lens, Units
from twinning.models import Agreement, Department, District, Programme, School, Target

RULES = {
    "schools_signed": _(
        "Số trường có giao ước trường – trường đã ký, có hiệu lực trong thời gian này; mỗi trường tính một lần."
    ),
    "agreements_live": _("Giao ước đã ký, có hiệu lực ít nhất một ngày trong thời gian này; gồm mọi cấp."),
    "activities_held": _("Hoạt động đã tổ chức; mỗi hoạt động tính một lần dù nhiều đơn vị cùng tham gia."),
    "teacher_turns": _("Cộng số giáo viên tham gia của từng hoạt động: một người dự ba lần là ba lượt."),
    "teachers_named": _("Số giáo viên khác nhau được ghi tên; một người dự ba lần vẫn là một người."),
    "pupil_turns": _("Cộng số học sinh tham gia của từng hoạt động; cổng không ghi tên học sinh."),
    "support_vnd": _("Tiền và hiện vật quy ra tiền đã trao, tính theo đồng; khoản mới cam kết chưa tính."),
}
LATE = "cham-xac-nhan"  # in the address of the list of activities
LABELS = {
    "schools_signed": _("Trường đã ký giao ước"),
    "agreements_live": _("Giao ước có hiệu lực"),
    "activities_held": _("Hoạt động đã tổ chức"),
    "teacher_turns": _("Lượt giáo viên tham gia"),
    "teachers_named": _("Giáo viên có tên"),
    "pupil_turns": _("Lượt học sinh tham gia"),
    "support_vnd": _("Hỗ trợ đã trao"),
}
# Of cards and lists, not of reports.
FURTHER_LABELS = {"manager_turns": _("Lượt cán bộ quản lý tham gia")}


def printed_rules(figures):
    """[(label, rule)] of `figures` ({key: Figure}), to print beside them."""
    rules = [(figures[key].label, rule) for key, rule in RULES.items()]
    return [*rules, (_("Chưa xác nhận"), counting.UNCONFIRMED_RULE)]


@dataclass(frozen=True)
class Figure:
    """One number with what it means and where its rows are. `value` is a plain int."""

    key: str
    value: int
    url: str = ""
    unconfirmed: Share | None = None

    @property
    def label(self):
        return LABELS.get(self.key) or FURTHER_LABELS[self.key]

    @property
    def rule(self):
        return RULES[self.key]


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
        return Activity.objects.counted().filter(self._in_time("held_on"), self._takes_part())

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
        if self._is_department:
            return {school for pair in pairs.values_list("supporting_school", "supported_school") for school in pair}
        if self.lens == Lens.THEN:
            return {school for school, unit in self._units_then().items() if unit == self.unit.pk}
        sides = ("supporting", "supported")
        own = [pairs.filter(self._is_unit(side)).values_list(f"{side}_school", flat=True) for side in sides]
        return {school for schools in own for school in schools}

    def _units_then(self):
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
    def _is_department(self):
        return isinstance(self.unit, Department)

    def _is_unit(self, side):
        """Q: the side is the unit, or of the unit."""
        return self._of(f"{side}_school", f"{side}_district")

    def _own_row(self):
        return self._of("school", "district")

    def _of(self, school, district):
        if self._is_department:
            return Q()
        if isinstance(self.unit, School):
            return Q(**{school: self.unit})
        return self.units.belongs(self.unit.pk, school, district)

    def _takes_part(self):
        if self._is_department:
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
        return _work(self.counts, lambda **only: self.url("activities_held", **only))

    @cached_property
    def counts(self):
        """counting.Counts of the unit: its activities, and lượt and people of its own rows."""
        return counting.count(self.activities(), None if self._is_department else self.rows())

    def rows_behind(self, agreements=None, supports=None):
        """Key of a figure → sorted ids of what it counts: schools, agreements, activities, teachers or gifts; lượt come
        from activities for the whole and from the own rows (ActivitySchool) for a district or a school. `agreements`
        and `supports`: the rows of this scope, if they were read already."""
        activities = _ids(self.activities())
        turns = activities if self._is_department else _ids(self.rows())
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

    # --- tables -----------------------------------------------------------------------------------------------------

    def by_month(self):
        """[(first day of month, {group: activities held})] over the school year, empty months included; for the whole
        phase over every month of the programme that lies in its school years."""
        counts = {}
        groups = self.activities().order_by().values_list("held_on__year", "held_on__month", "kind__group")
        for year, month, group, n in groups.annotate(n=Count("pk")):
            counts.setdefault(date(year, month, 1), {})[group] = n
        years = [self.year] if self.year is not None else self.programme.school_years
        first = self.programme.starts_on.replace(day=1)
        return [
            (month, counts.get(month, {}))
            for year in years
            for month in school_year.months(year)
            if first <= month <= self.last
        ]

    def by_school_year(self):
        """{first calendar year: {"activities_held": n, "teacher_turns": n}}, by the rules of the figures."""
        rows = self.rows().order_by().values("activity__school_year")
        counts = rows.annotate(held=Count("activity", distinct=True), turns=Sum("teacher_turns"))
        return {
            row["activity__school_year"]: {"activities_held": row["held"], "teacher_turns": row["turns"]}
            for row in counts
        }

    def by_kind(self):
        """Rows of annex II: kind, activities, manager/teacher/pupil turns (whole events), in person, online."""
        Mode = Activity.Mode
        return list(
            self.activities()
            .order_by("kind__position")
            .values("kind__name")
            .annotate(
                activities=Count("pk"),
                **{f"{name}_sum": Sum(name) for name in Activity.TOTALS},
                in_person=Count("pk", filter=Q(mode=Mode.IN_PERSON)),
                online=Count("pk", filter=~Q(mode=Mode.IN_PERSON)),
            )
        )

    def own_by_kind(self):
        """Like `by_kind`, with the group of the kind and the lượt of the unit's own people, which add up to the
        figures: [{name, group, activities, in_person, online, manager_turns, teacher_turns, pupil_turns}]."""
        own = self.rows().order_by().values("activity__kind").annotate(**{f"sum_{n}": Sum(n) for n in Activity.TOTALS})
        turns = {row["activity__kind"]: row for row in own}
        is_in_person = Q(mode=Activity.Mode.IN_PERSON)
        kinds = (
            self.activities()
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

    def by_unit(self):
        """One row for each district with something to show under the lens, in the order of names, what is of no old
        district last. Schools, lượt and help (by who gave it) add up to the whole; an activity stands with every unit
        that took part."""
        found = {}

        def put(key, counts):
            for unit, n in counts:
                if n:
                    found.setdefault(unit, UnitRow())
                    setattr(found[unit], key, getattr(found[unit], key) + n)

        put("schools", self._signed_by_unit())
        own = self.rows().order_by().annotate(of=self.units.unit("school", "district")).values_list("of")
        held = list(own.annotate(held=Count("activity", distinct=True), turns=Sum("teacher_turns")))
        put("activities", [(unit, n) for unit, n, _turns in held])
        put("teacher_turns", [(unit, turns) for unit, _n, turns in held])
        given = self.supports().order_by().annotate(of=self.units.unit("giver_school", "giver_district"))
        put("support_vnd", given.values_list("of").annotate(n=Sum("value_vnd")))
        districts = District.objects.in_bulk(unit for unit in found if unit)
        for unit, row in found.items():
            row.unit = districts.get(unit)
            row.name = self._name(row.unit)
            row.links = self._unit_links(row.unit)
        return sorted(found.values(), key=lambda row: (row.unit is None, row.unit and row.unit.sort_key))

    def _name(self, unit):
        if unit is None:
            return str(OUTSIDE)
        # Among today's units an ended one stands for what its office did itself and nobody took over.
        return unit.dated_name if self.lens == Lens.NOW else str(unit)

    def _signed_by_unit(self):
        """[(unit id, schools that signed)]."""
        if self.lens == Lens.THEN:
            return Counter(self._units_then().values()).items()
        signed = School.objects.filter(self.agreements().filter(tier=Agreement.Tier.SCHOOL).schools())
        of = signed.order_by().annotate(of=self.units.unit_of_school()).values_list("of")
        return of.annotate(n=Count("pk"))

    def _unit_links(self, unit):
        """Key of a number of a row → the list of what it counts."""
        query = urlencode(self.district_query(unit))
        keys = {"schools": "schools_signed", "activities": "activities_held", "support_vnd": "support_vnd"}
        links = {key: f"{self.url(figure)}&{query}" for key, figure in keys.items()}
        return links | {"teacher_turns": links["activities"], "support_vnd": f"{links['support_vnd']}&ben=giver"}

    def registered(self):
        """Every activity entered for this time, those still planned and those cancelled too."""
        entered = Activity.objects.filter(self._takes_part(), programme=self.programme)
        if self.year is not None:
            entered = entered.filter(school_year=self.year)
        if self.until:
            entered = entered.alias(day=Coalesce("held_on", "planned_on")).filter(day__lte=self.until)
        return entered

    def by_agreement(self):
        """Counts of the activities of each agreement; the key None holds those without one.

        {agreement id: {"parties": (supporting district id, supported district id), "registered": n, "held": n,
        "turns": {district id: teacher turns of its people}}}
        """
        is_held = Q(status__in=Activity.Status.counted())
        parties = ("agreement", "agreement__supporting_district", "agreement__supported_district")
        counts = {}
        entered = self.registered().order_by().values_list(*parties)
        for pk, *districts, registered, held in entered.annotate(n=Count("pk"), held=Count("pk", filter=is_held)):
            counts[pk] = {"parties": tuple(districts), "registered": registered, "held": held, "turns": {}}
        rows = ActivitySchool.objects.filter(activity__in=self.activities().order_by().values("pk")).order_by()
        old = Units(Lens.OLD).unit("school", "district")
        turns = rows.annotate(old=old).values_list("activity__agreement", "district", "old")
        for pk, district, old, n in turns.annotate(n=Sum("teacher_turns")):
            if pk in counts:  # else it was entered a moment ago, between the two queries
                # For the whole, a school stays on its side of the pair when it came under a new unit in between.
                parties = counts[pk]["parties"]
                side = old if self._is_department and district not in parties and old in parties else district
                counts[pk]["turns"][side] = counts[pk]["turns"].get(side, 0) + n
        return counts

    def by_district_pair(self):
        """One row for each district-tier agreement in effect, in the order of its name: agreement, schools signed,
        activities held, teacher turns of each side and of all; activities of school pairs count under the pair of their
        districts."""
        pairs = {}
        live = self.agreements().filter(tier=Agreement.Tier.DISTRICT)
        for agreement in live.select_related("supporting_district", "supported_district").order_by(
            "supporting_district__sort_key"
        ):
            pairs[_pair_of(agreement.supporting_district_id, agreement.supported_district_id)] = PairRow(agreement)
        school_pairs = self.agreements().filter(tier=Agreement.Tier.SCHOOL).order_by()
        for pair in school_pairs.values_list(
            "supporting_district", "supported_district", "supporting_school", "supported_school"
        ):
            if row := pairs.get(_pair_of(*pair[:2])):
                row.schools.update(pair[2:])
        counts = (
            self.activities().order_by().values_list("agreement__supporting_district", "agreement__supported_district")
        )
        for supporting, supported, n, turns in counts.annotate(n=Count("pk"), turns=Sum("teacher_turns")):
            if row := pairs.get(_pair_of(supporting, supported)):
                row.activities += n
                row.teacher_turns += turns
        return list(pairs.values())


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


def of_agreement(agreement):
    """{key: Figure} of what was done under an agreement and under those it covers, by every unit that took part."""
    activities = Activity.objects.filter(Q(agreement=agreement) | Q(agreement__umbrella=agreement))
    query = {"tinh_trang": "da-tinh", "giao_uoc": agreement.pk, working.QUERY: agreement.programme_id}
    return _work(counting.count(activities), lambda **only: f"{reverse('activity_list')}?{urlencode(query | only)}")


def _work(done, url):
    """{key: Figure} of counting.Counts; `url(**filters)`: the list of the activities, or of those the filters leave."""
    held = replace(done.held_share, url=url(tinh_trang=Activity.Status.HELD.value), late_url=url(tinh_trang=LATE))
    turns = {
        total: Figure(total, done.turns[total], url(), replace(done.share(total), url=url(so_lieu="chua")))
        for total in Activity.TOTALS
    }
    return {
        "activities_held": Figure("activities_held", done.held, url(), held),
        "teachers_named": Figure("teachers_named", done.people, url()),
        **turns,
    }


def _ids(queryset):
    return sorted(queryset.order_by().values_list("pk", flat=True))


def _pair_of(one, other):
    return frozenset((one, other))


def scope_of(membership, programme, year=None, lens=Lens.NOW):
    """The scope of a seat; the administrator sees what the Department sees."""
    return Scope(programme, membership.unit or programme.department, year, lens=lens)
