"""The columns by which a row names the event it belongs to, and the events a Department has."""

import re
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, ActivitySchool
from twinning.imports import cells
from twinning.imports.cells import RowError
from twinning.imports.kind import Column
from twinning.imports.spans import first_day
from twinning.vietnamese import fold, same_key

EVENT_COLUMNS = (
    Column(
        "title",
        _("Tên hoạt động"),
        cells.limited(250),
        (
            "Hoạt động",
            "Nội dung hoạt động",
            "Tên chuyên đề",
            "Chuyên đề",
            "Nội dung sinh hoạt",
            "Nội dung",
            "Tên nội dung",
        ),
        is_required=True,
        example="Chuyên đề Toán 9 ôn thi vào lớp 10",
    ),
    Column(
        "held_on",
        _("Ngày tổ chức"),
        first_day,
        ("Ngày", "Thời gian", "Thời gian tổ chức", "Ngày thực hiện", "Thời gian thực hiện", "Ngày tháng"),
        is_required=True,
        example="20/10/2023",
    ),
    Column(
        "host",
        _("Đơn vị chủ trì"),
        cells.text,
        ("Chủ trì", "Đơn vị tổ chức", "Nơi chủ trì"),
        note=_("Tên đơn vị chủ trì, hoặc “x” ở dòng của đơn vị đó."),
    ),
)
# Not "units__school": on SQLite Django asks for what a foreign key points to with one OR a row, and a thousand of them
# are too many for it.
WITH_UNITS = Prefetch("units", ActivitySchool.objects.select_related("school", "district"))
IS_HOST = {"x", "co", "chu tri", "1"}


def event_key(title, day):
    return same_key(title), day


def of_event(activity, finder):
    """The cells of these columns for a stored activity."""
    return {"title": activity.title, "held_on": activity.held_on, "host": host_text(activity, finder)}


def host_text(activity, finder):
    """The host of a stored activity in one cell; "" without one."""
    if activity.host_district_id:
        return activity.host_district.office
    return school_text(activity.host_school, finder) if activity.host_school_id else ""


def school_text(school, finder):
    """A school in one cell: by its code where its name is not enough."""
    same = finder.by_name.get(same_key(school.name), ())
    return school.full_name if len(same) < 2 or not school.code else school.code


def read_host(kind, row, own):
    """(school, unit) that the row says was host; `own` when it says "x"; None when it says nothing."""
    text = row.get("host")
    if text is None:
        return None
    if fold(text) in IS_HOST:
        return own
    if kind.finder.is_office(text):
        return None, kind.finder.district(text, "host", row.get("held_on"))
    school = kind.finder.school(None, text, None, columns=("host", "host", "host"))
    return school, kind.finder.unit_of(school, row.get("held_on"))


def place_of(unit):
    """A unit (school or None, managing unit) as a key."""
    school, district = unit
    return ("school", school.pk) if school else ("district", district.pk)


def host_place(activity):
    if activity.host_school_id:
        return "school", activity.host_school_id
    return ("district", activity.host_district_id) if activity.host_district_id else None


def row_place(row):
    return ("school", row.school_id) if row.school_id else ("district", row.district_id)


def stored_events(department, rows):
    """Key of title and day → the counted activities of the Department on the days that `rows` name, with units."""
    days = {row.get("held_on") for row in rows}
    found = {}
    activities = Activity.objects.counted().filter(
        programme__department=department, held_on__range=(min(days), max(days)) if days else (None, None)
    )
    related = ("programme__department", "agreement__supporting_district", "agreement__supported_district", "subject")
    schools = ("agreement__supporting_school", "agreement__supported_school")
    activities = activities.select_related(*related, *schools, "kind", "host_school__district", "host_district")
    for activity in activities.prefetch_related(WITH_UNITS).order_by("pk") if days else ():
        if activity.held_on in days:
            found.setdefault(event_key(activity.title, activity.held_on), []).append(activity)
    return found


def event_said(department, titles):
    """{"title", "held_on"} of the one stored event that the titles of a list name with its day: "DANH SÁCH GIÁO VIÊN DỰ
    CHUYÊN ĐỀ HÌNH HỌC 9", "Ngày 20/10/2023"; else {}."""
    days = {day for title in titles for day in _days_in(title)}
    if not days:
        return {}
    stored = Activity.objects.counted().filter(programme__department=department, held_on__in=days)
    said = [f" {same_key(title)} " for title in titles]
    named = {
        (title, day)
        for title, day in stored.values_list("title", "held_on")
        if any(f" {same_key(title)} " in text for text in said)
    }
    longest = max((len(same_key(title)) for title, _day in named), default=0)  # "Toán 9" and "Toán 9 nâng cao"
    found = [(title, day) for title, day in named if len(same_key(title)) == longest]
    return {"title": found[0][0], "held_on": found[0][1]} if len(found) == 1 else {}


_DAY_IN = re.compile(r"\b(\d{1,2})(?:[/.-]| tháng )(\d{1,2})(?:[/.-]| năm )(\d{4})\b", re.IGNORECASE)


def _days_in(text):
    for match in _DAY_IN.finditer(text):
        day, month, year = map(int, match.groups())
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def only_one(found, host):
    """Of several activities with one title and day the one with this `host` (a key, or None); RowError when it is not
    clear which one is meant."""
    if host is not None and len(found) > 1:
        found = [activity for activity in found if host_place(activity) == host]
    if len(found) > 1:
        raise RowError("host", _t("Có %d hoạt động cùng tên, cùng ngày. Hãy ghi đơn vị chủ trì.") % len(found))
    return found[0] if found else None
