"""The yearly plan of an agreement: what its parties mean to do, entered at once or copied from last year."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from accounts.models import Notification
from activities.models import Activity, ActivitySchool
from twinning import access, school_year, vietnamese
from twinning.models import School
from twinning.vietnamese import fold

A_YEAR = timedelta(weeks=52)  # the same weekday
# Who has not told a result is asked on the day after; what is older was asked before.
ASKED_FOR = timedelta(days=7)


def of_year(agreement, year):
    """The activities (queryset) of an agreement in a school year, merged ones left out."""
    activities = Activity.objects.for_list().filter(agreement=agreement, school_year=year)
    return activities.exclude(status=Activity.Status.MERGED).order_by("on", "pk")


def counts(activities):
    """{planned: what was entered beforehand, the sum of held, open and cancelled; beside: held without a plan}."""
    status = Activity.Status
    planned = [activity.status for activity in activities if activity.planned_on]
    held = [activity for activity in activities if activity.status in status.counted()]
    return {
        "planned": len(planned),
        "held": sum(activity.planned_on is not None for activity in held),
        "open": planned.count(status.PLANNED),
        "cancelled": planned.count(status.CANCELLED),
        "beside": sum(activity.planned_on is None for activity in held),
    }


def last_years(agreement, year):
    """[{title, kind, content_area, planned_on}] of the year before, on the same weekday of this one. Left out: what
    was cancelled, what the plan has already, days outside the school year, the agreement or the programme."""
    first, last = school_year.bounds(year)
    first, last = max(first, agreement.starts_on), min(last, agreement.last_day)
    there = {fold(title) for title in of_year(agreement, year).values_list("title", flat=True)}
    lines = []
    for activity in of_year(agreement, year - 1).exclude(status=Activity.Status.CANCELLED):
        day = (activity.planned_on or activity.held_on) + A_YEAR
        if first <= day <= last and fold(activity.title) not in there:
            lines.append(
                {
                    "title": activity.title,
                    "kind": activity.kind_id,
                    "content_area": activity.content_area_id,
                    "planned_on": day,
                }
            )
    return lines


@transaction.atomic
def enter(agreement, lines, by):
    """Store planned activities of both parties: `lines` of {title, kind, content_area, planned_on}. Returns them."""
    made = []
    for line in lines:
        activity = draft(agreement, line, by)
        activity.full_clean(exclude=["recorded_school", "recorded_district"])
        activity.save()
        for side in agreement.Side.values:
            school = getattr(agreement, f"{side}_school")
            district = school.managed_on(line["planned_on"]) if school else getattr(agreement, f"{side}_district")
            ActivitySchool.objects.create(activity=activity, school=school, district=district)
        activity.record_event("create", by)
        made.append(activity)
    return made


def draft(agreement, line, by):
    """The planned activity of one of the lines that `enter` takes, not stored: the supporting side hosts unless the
    line says who."""
    membership = access.seat(by)
    own = None if membership.department_id or membership.is_everywhere else membership.unit
    host = {
        "host_school": agreement.supporting_school,
        "host_district": None if agreement.supporting_school_id else agreement.supporting_district,
    }
    return Activity(
        programme=agreement.programme,
        agreement=agreement,
        school_year=school_year.school_year_of(line["planned_on"]),
        recorded_school=own if isinstance(own, School) else None,
        recorded_district=own if own and not isinstance(own, School) else None,
        **host | line,
    )


def ask_for_results(today=None):
    """Ask who recorded a plan whose day is over what became of it, once for each day it was planned for. Returns how
    many were asked about. Safe to run twice."""
    today = today or timezone.localdate()
    over = Activity.objects.filter(
        status=Activity.Status.PLANNED, planned_on__lt=today, planned_on__gte=today - ASKED_FOR
    )
    for activity in over.select_related("programme"):
        text = _t("“%(title)s” dự kiến ngày %(day)s: hãy cho biết kết quả.") % {
            "title": activity.title,
            "day": vietnamese.day(activity.planned_on),
        }
        step = _t("Đơn vị ghi kết quả, dời ngày, hoặc huỷ kèm lý do.")
        key = f"activity-result:{activity.pk}:{activity.planned_on}"
        url = activity.get_absolute_url()
        Notification.objects.tell(activity.recording_people(), text, url, next_step=step, key=key)
    return len(over)
