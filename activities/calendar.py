"""Activities by day: the weeks of a month for a page, and the feed that a telephone's calendar reads (RFC 5545)."""

import calendar
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _t
from icalendar import Calendar, Event

from activities.models import Activity

MOST_EVENTS = 1000
PAST = timedelta(days=180)
LASTS = timedelta(hours=2)  # of an activity that says when it begins, and not when it ends
STATES = {
    Activity.Status.PLANNED: "TENTATIVE",
    Activity.Status.HELD: "CONFIRMED",
    Activity.Status.CONFIRMED: "CONFIRMED",
    Activity.Status.CANCELLED: "CANCELLED",
}


def month_of(text, default):
    """The first day of the month "2023-10"; of the month of `default` (a date) when it is no month."""
    year, _dash, month = text.partition("-")
    if year.isdecimal() and month.isdecimal() and 2000 <= int(year) <= 2100 and 1 <= int(month) <= 12:
        return date(int(year), int(month), 1)
    return default.replace(day=1)


def neighbours(first):
    """The first days of the months before and after."""
    return (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=32)).replace(day=1)


def weeks(first, activities):
    """The weeks (Monday first) that the month of `first` touches: lists of (day, is of the month, activities)."""
    by_day = {}
    for activity in activities:
        by_day.setdefault(activity.on, []).append(activity)
    month = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [[(day, day.month == first.month, by_day.get(day, [])) for day in week] for week in month]


def feed(user):
    """The calendar of `user` as bytes: what the person may see, from half a year ago on; cancelled ones say so."""
    since = timezone.localdate() - PAST
    activities = Activity.objects.visible_to(user).for_list().filter(on__gte=since, status__in=STATES)
    book = Calendar()
    book.add("prodid", "-//Cong giao uoc//VN")
    book.add("version", "2.0")
    book.add("x-wr-calname", _t("Hoạt động kết nghĩa"))
    book.add("x-wr-timezone", settings.TIME_ZONE)
    for activity in activities.order_by("-on", "pk")[:MOST_EVENTS]:
        book.add_component(_event(activity))
    return book.to_ical()


def _event(activity):
    event = Event()
    event.add("uid", f"hoat-dong-{activity.pk}@{settings.SITE_URL.partition('://')[2]}")
    event.add("dtstamp", activity.updated_at)
    event.add("summary", activity.title)
    if activity.starts_at:
        begins = timezone.make_aware(datetime.combine(activity.on, activity.starts_at))
        event.add("dtstart", begins)
        event.add("dtend", begins + LASTS)
    else:
        event.add("dtstart", activity.on)
        event.add("dtend", activity.on + timedelta(days=1))
    if activity.place:
        event.add("location", activity.place)
    pair = activity.agreement.pair if activity.agreement else ""
    event.add("description", "\n".join(filter(None, [str(activity.kind), pair, activity.get_status_display()])))
    event.add("url", settings.SITE_URL + activity.get_absolute_url())
    event.add("status", STATES[activity.status])
    return event
