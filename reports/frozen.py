"""The figures of a report as they were frozen at submission: the rows each was counted from, and what changed in the
data since."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from activities.models import Activity, ActivitySchool, Support
from reports.figures import LABELS
from twinning.models import Agreement, School, Teacher
from twinning.rows import page_of

# Figure → model of its ids; lượt of a district or a school come from the rows of its own people.
MODELS = {
    "schools_signed": School,
    "agreements_live": Agreement,
    "activities_held": Activity,
    "teachers_named": Teacher,
    "support_vnd": Support,
}
RELATED = {
    School: ["district"],
    Agreement: ["supporting_school", "supported_school", "supporting_district", "supported_district", "subject"],
    Activity: ["kind"],
    ActivitySchool: ["activity", "school", "district"],
    Teacher: ["school"],
    Support: ["giver_school", "giver_district", "receiver_school", "receiver_district"],
}


@dataclass(frozen=True)
class Change:
    """One figure that is not what it was. added, removed: ids of rows that count only now, or only then."""

    key: str
    before: int
    after: int
    added: list
    removed: list

    @property
    def label(self):
        return LABELS[self.key]

    @property
    def difference(self):
        return self.after - self.before

    def as_json(self):
        plain = {name: getattr(self, name) for name in ("key", "before", "after", "added", "removed")}
        return plain | {"label": str(self.label)}


def changes(report):
    """[Change] of the figures of `report` (frozen) against today's rows of the same time, unit and day of cut-off."""
    scope = report.scope()
    now, ids = scope.figures(), scope.rows_behind()
    found = []
    for key, then in report.frozen["figures"].items():
        if key not in LABELS:
            continue
        before, after = set(then["ids"]), set(ids[key])
        if then["value"] != now[key].value or before != after:
            found.append(Change(key, then["value"], now[key].value, sorted(after - before), sorted(before - after)))
    return found


def rows_of(report, key, part=slice(None)):
    """The rows that the frozen figure `key` was counted from, those of `part` (a slice): [(row or None, what it is, a
    detail, its address)]; a row that is gone since has its number only."""
    ids = report.frozen["figures"][key]["ids"][part]
    model = MODELS.get(key) or (Activity if report.department_id else ActivitySchool)
    queryset = model._base_manager.filter(pk__in=ids).select_related(*RELATED[model])
    found = {row.pk: row for row in page_of(queryset.order_by("pk"), slice(None))}
    return [_line(found.get(pk), pk, key) for pk in ids]


def _line(row, pk, key):
    if row is None:
        return None, _("dòng %d, nay không còn") % pk, "", ""
    about = row.activity if isinstance(row, ActivitySchool) else row
    address = about.get_absolute_url() if hasattr(about, "get_absolute_url") else ""
    return row, _name(row), _detail(row, key), address


def _name(row):
    if isinstance(row, ActivitySchool):
        return f"{row.activity.title} – {row.unit}"
    return {Activity: lambda: row.title, Support: lambda: row.title, Agreement: lambda: row.pair}.get(
        type(row), lambda: str(row)
    )()


def _detail(row, key):
    """What of the row the figure counts."""
    if isinstance(row, (Activity, ActivitySchool)) and key in ("teacher_turns", "pupil_turns"):
        return getattr(row, key)
    if isinstance(row, Support):
        return row.value_vnd
    if isinstance(row, Activity):
        return row.held_on
    return row.school.name if isinstance(row, Teacher) else ""
