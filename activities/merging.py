"""The same event recorded twice: found before it is saved, and merged later with nothing lost."""

from datetime import timedelta
from difflib import SequenceMatcher

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _t

from activities.models import Activity, ActivitySchool, Participation
from twinning.life import Refused
from twinning.vietnamese import fold

DAYS_APART = 3
ALIKE = 0.6  # of 1, by difflib on the folded titles
# What points to an activity, and what becomes of it: "move" to the one that stays; "join" row by row (units); "stay"
# with the one that goes, which can still be read. A test fails when a relation is missing here.
RELATIONS = {
    "activities.ActivitySchool.activity": "join",
    "activities.ActivityDocument.activity": "move",
    "activities.Material.activity": "move",
    "activities.ActivityEvent.subject": "stay",
    "activities.Activity.merged_into": "move",
    # Who checked in is counted in the rows, which join; the lines themselves tell of the code that was shown there.
    "activities.CheckInDesk.activity": "stay",
    "activities.CheckIn.activity": "stay",
    "activities.Feedback.activity": "move",
}


def likely_same(activity):
    """Other activities (list) that may be the same event as `activity`, stored or not: the same pair, at most three
    days apart, a title alike; the nearest first."""
    if activity.agreement is None or activity.day is None:
        return []
    near = Activity.objects.for_list().filter(
        agreement__pair_key=activity.agreement.pair_key,
        programme=activity.programme_id,
        on__range=(activity.day - timedelta(DAYS_APART), activity.day + timedelta(DAYS_APART)),
        status__in=[Activity.Status.PLANNED, *Activity.Status.counted()],
    )
    title = fold(activity.title)
    alike = [other for other in near.exclude(pk=activity.pk) if likeness(title, fold(other.title)) >= ALIKE]
    return sorted(alike, key=lambda other: (abs(other.day - activity.day), other.pk))


def candidates(activity):
    """Held activities (queryset) of the same pair, at most 31 days apart, that `activity` may be merged into."""
    pair = {"agreement__pair_key": activity.agreement.pair_key} if activity.agreement else {"agreement": None}
    days = activity.day - timedelta(31), activity.day + timedelta(31)
    held = Activity.objects.counted().filter(programme=activity.programme_id, held_on__range=days, **pair)
    return held.exclude(pk=activity.pk).order_by("held_on", "pk")


def likeness(one, other):
    """0 … 1; also high when the words of the shorter title all stand in the longer one."""
    words, others = set(one.split()), set(other.split())
    shorter = min(len(words), len(others)) or 1
    return max(SequenceMatcher(None, one, other).ratio(), len(words & others) / shorter if shorter > 2 else 0)


@transaction.atomic
def merge(activity, into, by):
    """Merge `activity` into `into` as `by`: units, names, papers and sentences join those of `into`; `activity` stays
    readable, says where it went and counts no more. Raises Refused."""
    if into.pk == activity.pk or into.status not in Activity.Status.counted():
        raise Refused(_t("Hãy chọn một hoạt động khác, đã tổ chức, để gộp vào."))
    if into.programme_id != activity.programme_id:
        raise Refused(_t("Hai hoạt động phải thuộc cùng một phong trào."))
    told = [line for row in _rows(activity) if (line := _join(row, into))]
    for relation in (relation for relation, rule in RELATIONS.items() if rule == "move"):
        label, _dot, field = relation.rpartition(".")
        apps.get_model(label)._base_manager.filter(**{field: activity}).update(**{field: into})
    for field in ("results", "next_steps"):
        _add_sentences(into, activity, field)
    into.save()
    activity.perform("merge", by, merged_into=into)
    words = {"it": activity, "n": activity.pk}
    note = "\n".join([_t("Gộp từ hoạt động số %(n)d “%(it)s”.") % words, *told])
    into.record_event("absorb", by, note=note)
    into.after_rows_change(by)


def _rows(activity):
    return activity.units.select_related("school", "district").prefetch_related("participations")


def _join(row, into):
    """Give what the row says to the row of the same unit in `into`. Returns what was decided, in words."""
    there = ActivitySchool.objects.filter(activity=into, school=row.school_id)
    if row.school_id is None:
        there = there.filter(district=row.district_id)
    target = there.first()
    counts = {total: getattr(row, total) for total in Activity.TOTALS}
    if target is None:
        target = ActivitySchool(activity=into, school=row.school, district=row.district, **counts)
        target.confirmed_by, target.confirmed_at = row.confirmed_by, row.confirmed_at
        target.save()
        _join_names(row, target)
        return _t("Thêm %s.") % row.unit
    if target.confirmed_at is None:
        # What a unit says of itself counts more than what the other side wrote of it; of two guesses, the larger.
        known = counts if row.confirmed_at else {t: max(getattr(target, t), n) for t, n in counts.items()}
        for total, number in known.items():
            setattr(target, total, number)
        if row.confirmed_at:
            target.confirmed_by, target.confirmed_at = row.confirmed_by, row.confirmed_at
    difference = target.difference(counts)
    target.save()
    _join_names(row, target)
    return _t("%(unit)s, bản gộp ghi khác: %(what)s.") % {"unit": row.unit, "what": difference} if difference else ""


def _join_names(row, target):
    """Named teachers of both; the number of teachers is never below that of names."""
    there = set(target.participations.values_list("teacher", flat=True))
    missing = [part for part in row.participations.all() if part.teacher_id not in there]
    target.named_count += len(missing)
    target.teacher_turns = max(target.teacher_turns, target.named_count)
    target.save()
    Participation.objects.bulk_create(
        Participation(row=target, teacher_id=part.teacher_id, role=part.role) for part in missing
    )


def _add_sentences(into, activity, field):
    more, there = getattr(activity, field), getattr(into, field)
    if more and fold(more) not in fold(there):
        setattr(into, field, f"{there}\n{more}".strip())
