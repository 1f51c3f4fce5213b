"""Does a report agree with the others: with the sum of the reports below, with what the twins count of the same
activities, with what was printed for the time before."""

from dataclasses import dataclass, field

from django.db.models import F
from django.db.models.functions import Coalesce

from activities.models import ActivitySchool
from reports.figures import LABELS
from reports.models import Report
from reports.models.report_life import Status
from twinning.models import Agreement, District, School

# What adds up over units, and what one activity of several units stands in more than once.
ADDED = ("teacher_turns", "pupil_turns")
ONCE = ("activities_held", "support_vnd")


def figures_of(report):
    """{key: value}: as frozen, or as they are now while the report is written."""
    if report.is_frozen:
        return {key: figure["value"] for key, figure in report.frozen["figures"].items() if key in LABELS}
    return {key: figure.value for key, figure in report.scope().figures().items()}


@dataclass(frozen=True)
class Line:
    """One figure of two sources."""

    key: str
    own: int
    other: int

    @property
    def label(self):
        return LABELS[self.key]

    @property
    def difference(self):
        return self.own - self.other

    @property
    def adds_up(self):
        return self.key in ADDED


@dataclass(frozen=True)
class Below:
    """The figures of a report beside the sum of those below: how many told theirs, and how many did not."""

    lines: list
    told: int
    untold: int


def with_below(report):
    """None for a school, which has nobody below. Of the Department the districts, where they report."""
    if report.school_id:
        return None
    below = Report.objects.below(report).standing()
    if report.department_id and report.period.asks_districts:
        below = below.at_level("district")
    told = [
        figures
        for figures in below.filter(status__in=Status.handed_in()).order_by().values_list("frozen__figures", flat=True)
        if figures
    ]
    sums = {key: sum(figures[key]["value"] for figures in told) for key in (*ADDED, *ONCE)}
    own = figures_of(report)
    lines = [Line(key, own[key], sums[key]) for key in (*ADDED, *ONCE)]
    return Below(lines, len(told), below.exclude(status=Status.EXEMPT).count() - len(told))


def with_before(report):
    """(the report of the time before, [Line]) from what it printed; (None, []) without one that was handed in."""
    earlier = Report.objects.before(report)
    if earlier is None or earlier.frozen is None:
        return None, []
    own = figures_of(report)
    then = {key: figure["value"] for key, figure in earlier.frozen["figures"].items()}
    return earlier, [Line(key, own[key], then[key]) for key in LABELS if key in then]


@dataclass
class Twins:
    """One agreement of the unit: the activities under it, the lượt of both sides, and how many rows the other side has
    not confirmed."""

    agreement: Agreement
    twin: School | District
    report: Report | None = None
    activities: set = field(default_factory=set)
    own_turns: int = 0
    twin_turns: int = 0
    unconfirmed: int = 0


def with_twins(report):
    """[Twins] of a school or a district; a district's are those of its agreements with districts. [] for the
    Department."""
    if report.department_id:
        return []
    scope = report.scope()
    kind = "district" if report.district_id else "school"
    live = scope.agreements().filter(**{f"supporting_{kind}__isnull": False, f"supported_{kind}__isnull": False})
    if kind == "district":
        live = live.filter(tier="district")
    found = {}
    for agreement in live.select_related(f"supporting_{kind}", f"supported_{kind}").order_by("pk"):
        sides = getattr(agreement, f"supporting_{kind}"), getattr(agreement, f"supported_{kind}")
        found[agreement.pk] = Twins(agreement, sides[sides[0] == report.unit])
    theirs = Report.objects.filter(
        period=report.period_id, **{f"{kind}__in": [line.twin.pk for line in found.values()]}
    )
    reports = {getattr(other, f"{kind}_id"): other for other in theirs.standing().for_list()}
    for line in found.values():
        line.report = reports.get(line.twin.pk)
    # What lies below an agreement of districts is theirs too.
    pair = (
        Coalesce("activity__agreement__umbrella", "activity__agreement")
        if report.district_id
        else F("activity__agreement")
    )
    rows = ActivitySchool.objects.filter(activity__in=scope.activities().order_by().values("pk")).annotate(pair=pair)
    names = ("pair", kind, "activity", "teacher_turns", "confirmed_at")
    for agreement, unit, activity, turns, confirmed_at in rows.filter(pair__in=found).order_by().values_list(*names):
        line = found[agreement]
        line.activities.add(activity)
        if unit == line.twin.pk:
            line.twin_turns += turns
            line.unconfirmed += confirmed_at is None
        elif unit == report.unit.pk:
            line.own_turns += turns
    return list(found.values())
