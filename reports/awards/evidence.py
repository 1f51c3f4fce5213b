"""What speaks for whom in a round of awards, counted from the rows: suggestions for who nominates and who reviews,
never a verdict.

Each criterion is a number of the rules of reports/figures.py for the time of the round. It gives its points in full
from `full` on (empty: from the highest number of anybody), below that in proportion, to one decimal. Every number opens
the rows it counts. The queries are grouped: as many for one school as for all.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models import Participation
from reports import breakdowns
from reports.scope import Scope
from twinning import working
from twinning.models import Agreement, District, School, Teacher
from twinning.vietnamese import money, number, sort_key

SCHOOLS, OFFICES, PEOPLE = "school", "district", "person"
SUBJECTS = {SCHOOLS: _("Trường"), OFFICES: _("Phòng, xã, phường"), PEOPLE: _("Cá nhân")}
LEADING = (Participation.PartRole.CHAIR, Participation.PartRole.SPEAKER, Participation.PartRole.DEMONSTRATOR)


@dataclass(frozen=True)
class Evidence:
    """One thing that can be counted: what it is called, what exactly it counts, the points it has when nobody said
    otherwise; `is_money` when it is đồng."""

    label: str
    rule: str
    points: int
    is_money: bool = False

    def text(self, value):
        return money(value) if self.is_money else number(value)


EVIDENCE = {
    SCHOOLS: {
        "held": Evidence(_("Hoạt động đã tham gia"), _("hoạt động đã tổ chức mà trường có tham gia"), 20),
        "hosted": Evidence(_("Hoạt động chủ trì"), _("hoạt động đã tổ chức mà trường chủ trì"), 25),
        "turns": Evidence(_("Lượt giáo viên"), _("lượt giáo viên của trường ở các hoạt động đã tổ chức"), 25),
        "given": Evidence(_("Hỗ trợ đã trao"), _("tiền và hiện vật quy ra tiền trường đã trao"), 20, True),
        "agreements": Evidence(_("Giao ước có hiệu lực"), _("giao ước của trường có hiệu lực trong thời gian này"), 10),
    },
    OFFICES: {
        "schools": Evidence(_("Trường đã ký"), _("trường của đơn vị có giao ước có hiệu lực"), 25),
        "held": Evidence(_("Hoạt động"), _("hoạt động đã tổ chức có đơn vị hoặc trường của đơn vị tham gia"), 30),
        "turns": Evidence(_("Lượt giáo viên"), _("lượt giáo viên của đơn vị và các trường"), 25),
        "given": Evidence(_("Hỗ trợ đã trao"), _("hỗ trợ đơn vị và các trường đã trao"), 20, True),
    },
    PEOPLE: {
        "led": Evidence(_("Chủ trì, báo cáo, dạy minh hoạ"), _("lần được ghi tên với một trong ba vai trò này"), 70),
        "attended": Evidence(_("Lần tham gia"), _("lần được ghi tên ở hoạt động đã tổ chức"), 30),
    },
}


@dataclass(frozen=True)
class Point:
    """What one criterion gives one candidate: the number, where its rows are, the points (of `most`)."""

    evidence: Evidence
    value: int
    url: str
    points: float
    most: int

    @property
    def text(self):
        return self.evidence.text(self.value)


@dataclass
class Candidate:
    """Somebody the numbers speak for. `values`: {criterion: number}."""

    unit: object
    name: str
    belongs_to: str
    query: dict
    values: dict = field(default_factory=lambda: defaultdict(int))
    points: list = field(default_factory=list)
    marks: list = field(default_factory=list)

    @property
    def total(self):
        return round(sum(point.points for point in self.points), 1)


def criteria_of(award_round, subject: str) -> dict:
    """{key: (points, full or None)} of the round, as the Department set them; the usual ones where it set none."""
    stored = {c.key: (c.points, c.full) for c in award_round.criteria.all() if c.subject == subject}
    known = EVIDENCE[subject]
    if not stored:
        return {key: (evidence.points, None) for key, evidence in known.items()}
    return {key: stored[key] for key in known if key in stored}


def candidates(award_round, subject: str, district: District | None = None, level: str = "") -> list[Candidate]:
    """Everybody with at least one number, the most points first; of `district` and of schools of `level` alone when
    given. What gives full points is told by all, so the points do not depend on what is looked at."""
    criteria = {key: given for key, given in criteria_of(award_round, subject).items() if given[0]}
    found = _COUNTED[subject](Scope(award_round.programme, award_round.department, award_round.school_year))
    full = {key: full or max((c.values[key] for c in found), default=0) for key, (_p, full) in criteria.items()}
    if district is not None:
        found = [c for c in found if _district_of(c) == district.pk]
    if level:
        found = [c for c in found if getattr(c.unit, "level", level) == level]
    for candidate in found:
        candidate.points = [
            _point(award_round, subject, key, candidate, most, full[key]) for key, (most, _full) in criteria.items()
        ]
    found = [candidate for candidate in found if candidate.total]
    return sorted(found, key=lambda candidate: (-candidate.total, sort_key(candidate.name)))


def _district_of(candidate):
    if isinstance(candidate.unit, District):
        return candidate.unit.pk
    return getattr(candidate.unit, "school", candidate.unit).district_id


def _point(award_round, subject, key, candidate, most, full):
    value = candidate.values[key]
    points = round(most * min(value, full) / full, 1) if full else 0.0
    return Point(EVIDENCE[subject][key], value, _url(award_round, subject, key, candidate), points, most)


# --- Counting ---------------------------------------------------------------------------------------------------------


def _schools(scope):
    """Values of every school with rows in the time of the scope, in a fixed number of queries."""
    found = defaultdict(lambda: defaultdict(int))

    def put(key, counts):
        for school, n in counts:
            if school and n:
                found[school][key] += n

    rows = scope.rows().filter(school__isnull=False).order_by().values("school")
    for school, held, turns in rows.annotate(
        held=Count("activity", distinct=True), turns=Sum("teacher_turns")
    ).values_list("school", "held", "turns"):
        put("held", [(school, held)])
        put("turns", [(school, turns)])
    put("hosted", scope.activities().order_by().values_list("host_school").annotate(n=Count("pk")))
    put("given", scope.supports().order_by().values_list("giver_school").annotate(n=Sum("value_vnd")))
    live = scope.agreements().filter(tier__in=Agreement.Tier.of_schools()).order_by()
    for side in ("supporting_school", "supported_school"):
        put("agreements", live.values_list(side).annotate(n=Count("pk")))
    schools = School.objects.filter(pk__in=found).select_related("district")
    return [
        Candidate(school, str(school), str(school.district), {"truong": school.pk}, found[school.pk])
        for school in schools
    ]


def _offices(scope):
    made = []
    for row in breakdowns.by_unit(scope):
        if row.unit is None:
            continue
        values = defaultdict(
            int, schools=row.schools, held=row.activities, turns=row.teacher_turns, given=row.support_vnd
        )
        made.append(Candidate(row.unit, row.unit.office, "", scope.district_query(row.unit), values))
    return made


def _people(scope):
    named = Participation.objects.filter(row__in=scope.rows().order_by().values("pk")).order_by()
    counts = named.values_list("teacher").annotate(attended=Count("pk"), led=Count("pk", filter=Q(role__in=LEADING)))
    found = {teacher: (attended, led) for teacher, attended, led in counts if led}
    teachers = Teacher.objects.filter(pk__in=found).select_related("school__district", "subject")
    return [
        Candidate(
            teacher,
            teacher.full_name,
            str(teacher.school),
            {"giao_vien": teacher.pk},
            defaultdict(int, attended=found[teacher.pk][0], led=found[teacher.pk][1]),
        )
        for teacher in teachers
    ]


_COUNTED: dict[str, Callable] = {SCHOOLS: _schools, OFFICES: _offices, PEOPLE: _people}


# --- Where the rows are -----------------------------------------------------------------------------------------------


def _url(award_round, subject, key, candidate):
    """The list of exactly the rows that were counted."""
    page, query = _PAGES[key]
    query = {**query, **candidate.query, working.QUERY: award_round.programme_id}
    if subject == SCHOOLS and key == "hosted":
        query["chu_tri"] = query.pop("truong")
    if key == "given":
        query["ben"] = "giver"
    if award_round.school_year is not None:
        query["nam"] = award_round.school_year
    return f"{reverse(page)}?{urlencode(query)}"


_HELD = ("activity_list", {"tinh_trang": "da-tinh"})
_PAGES = {
    "held": _HELD,
    "turns": _HELD,
    "hosted": _HELD,
    "attended": _HELD,
    "led": ("activity_list", {"tinh_trang": "da-tinh", "vai": "dan-dat"}),
    "given": ("support_list", {"tinh_trang": "da-tinh"}),
    "agreements": ("agreement_list", {"tinh_trang": "co-hieu-luc"}),
    "schools": ("school_list", {"giao_uoc": "co"}),
}
