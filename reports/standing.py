"""How far a period has come: of how many reports each level and district is made, how many are in, accepted, late."""

from dataclasses import dataclass, field

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.models.period import LEVELS
from reports.models.report import Report
from reports.models.report_life import Status

LEVEL_NAMES = {"school": _("Trường"), "district": _("Phòng, xã"), "department": _("Sở")}
OWN_STATUSES = (Status.SUBMITTED, Status.APPROVED, Status.ISSUED, Status.NIL, Status.EXEMPT)


@dataclass
class Standing:
    """Counts of reports, one a unit. handed_in: the unit has done its part; on_time: of these by the last day."""

    label: str
    expected: int = 0
    handed_in: int = 0
    on_time: int = 0
    open: int = 0
    overdue: int = 0
    by_status: dict = field(default_factory=dict)
    url: str = ""

    @property
    def percent(self):
        """Handed in, of those that are not exempt; None when nobody has to."""
        asked = self.expected - self.by_status.get(Status.EXEMPT, 0)
        return round(100 * self.handed_in / asked) if asked else None

    @property
    def on_time_percent(self):
        return round(100 * self.on_time / self.handed_in) if self.handed_in else None


def counts(reports, due):
    """Aggregates of `reports` (a queryset of one level, whose last day is `due`)."""
    is_handed_in = Q(status__in=Status.handed_in())
    today = timezone.localdate()
    return {
        "expected": Count("pk"),
        "handed_in": Count("pk", filter=is_handed_in),
        "on_time": Count("pk", filter=is_handed_in & Q(first_submitted_at__date__lte=due)),
        "open": Count("pk", filter=Q(status__in=Status.open())),
        "overdue": Count("pk", filter=Q(status__in=Status.open()) if due < today else Q(pk=None)),
        **{f"n_{status}": Count("pk", filter=Q(status=status)) for status in OWN_STATUSES},
    }


def _standing(label, row, url=""):
    by_status = {status: row[f"n_{status}"] for status in OWN_STATUSES}
    plain = {name: row[name] for name in ("expected", "handed_in", "on_time", "open", "overdue")}
    return Standing(label, **plain, by_status=by_status, url=url)


def by_level(period, user):
    """[Standing] of the levels that report, as far as `user` may see them."""
    rows = []
    for level in LEVELS:
        reports = _of(period, user).at_level(level)
        row = reports.order_by().aggregate(**counts(reports, period.due_of(level)))
        if row["expected"]:
            rows.append(_standing(LEVEL_NAMES[level], row, list_url(period, cap=level)))
    return rows


def by_district(period, user):
    """[Standing] of the schools of each district of today, in the order of names."""
    reports = _of(period, user).at_level("school")
    rows = reports.order_by().values(unit=F("school__district"), name=F("school__district__name"))
    rows = rows.annotate(key=F("school__district__sort_key"), **counts(reports, period.due_school_on)).order_by("key")
    return [_standing(row["name"], row, list_url(period, cap="school", don_vi=row["unit"])) for row in rows]


def list_url(period, **query):
    """The list of reports that a number counts."""
    asked = "&".join(f"{key}={value}" for key, value in {"ky": period.pk, **query}.items())
    return f"{reverse('report_list')}?{asked}"


def _of(period, user):
    return Report.objects.visible_to(user).filter(period=period).standing()
