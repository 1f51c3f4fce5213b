"""The calendar of a month, the private feed, the yearly plan of an agreement, and being asked for results."""

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from accounts.models import Notification
from activities.calendar import month_of, weeks
from activities.models import Activity, CalendarAddress
from activities.planning import ask_for_results
from activities.tests.recording import an_activity

PAGE = "/hoat-dong/lich/"


# --- The month ------------------------------------------------------------------------------------------------------


def test_a_month_shows_its_activities_on_their_days(activity, hieu_truong_a, as_user):
    answer = as_user(hieu_truong_a).get(PAGE, {"thang": "2023-10"})
    days = {day: events for week in answer.context["weeks"] for day, _of_month, events in week}
    assert days[date(2023, 10, 20)] == [activity]
    assert answer.context["weeks"][0][0][0] == date(2023, 9, 25)  # a Monday
    assert "Lịch hoạt động tháng 10/2023" in answer.content.decode()
    assert activity.title not in as_user(hieu_truong_a).get(PAGE, {"thang": "2023-11"}).content.decode()


def test_strangers_find_nothing_there(activity, nguoi_la, as_user):
    assert as_user(nguoi_la).get(PAGE, {"thang": "2023-10"}).context["activities"] == []


@pytest.mark.parametrize("text", ["", "2023", "2023-13", "abc", "2023-1x", "99999-1"])
def test_no_month_is_the_default_one(text):
    assert month_of(text, date(2024, 2, 29)) == date(2024, 2, 1)


def test_weeks_cover_the_month_and_nothing_is_shown_twice():
    days = [day for week in weeks(date(2024, 2, 1), []) for day, _of_month, _events in week]
    assert len(days) == len(set(days)) == 35
    assert {day for day in days if day.month == 2} == {date(2024, 2, n) for n in range(1, 30)}


def test_queries_do_not_grow(world, school_agreement, hieu_truong_a, as_user):
    client, asked = as_user(hieu_truong_a), []
    for first in (1, 2, 14):  # the first visit also stores the session
        for n in range(first, 28 if first == 14 else first + 1):
            an_activity(world, {world.school_a: 3}, date(2023, 10, n), agreement=school_agreement)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE, {"thang": "2023-10"})
        asked.append(len(queries))
    assert asked[1] == asked[2]


# --- The feed -------------------------------------------------------------------------------------------------------


@pytest.fixture
def recent(activity, monkeypatch):
    """As if today were soon after the activity."""
    monkeypatch.setattr("activities.calendar.timezone.localdate", lambda: date(2023, 11, 1))
    return activity


def events_of(client, token):
    answer = client.get(reverse("calendar_feed", args=[token]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(event["summary"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_the_feed_tells_a_telephone_what_the_person_sees(recent, hieu_truong_a, client):
    Activity.objects.update(starts_at=time(8, 30), place="Hội trường tầng 2, nhà A; cổng sau")
    token = CalendarAddress.objects.create(user=hieu_truong_a).token
    event = events_of(client, token)[recent.title]
    assert event.decoded("dtstart").isoformat() == "2023-10-20T08:30:00+07:00"
    assert str(event["location"]) == "Hội trường tầng 2, nhà A; cổng sau"
    assert recent.get_absolute_url() in str(event["url"])
    assert str(event["status"]) == "CONFIRMED"


def test_a_day_without_an_hour_and_a_cancelled_one(recent, hieu_truong_a, client):
    Activity.objects.update(status="cancelled")
    event = events_of(client, CalendarAddress.objects.create(user=hieu_truong_a).token)[recent.title]
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2023, 10, 20), date(2023, 10, 21))
    assert str(event["status"]) == "CANCELLED"


def test_another_person_reads_the_own_rows_only(recent, nguoi_la, client):
    assert events_of(client, CalendarAddress.objects.create(user=nguoi_la).token) == {}


def test_a_new_address_ends_the_old_one(recent, hieu_truong_a, as_user, client):
    own = as_user(hieu_truong_a)
    own.post("/hoat-dong/lich/dia-chi/")
    old = CalendarAddress.objects.get().token
    assert old in own.get(PAGE).content.decode()
    own.post("/hoat-dong/lich/dia-chi/")
    assert CalendarAddress.objects.get().token != old
    assert client.get(reverse("calendar_feed", args=[old])).status_code == 404


@pytest.mark.parametrize("change", ["inactive", "no seat"])
def test_who_may_not_sign_in_any_more_has_no_feed(recent, hieu_truong_a, client, change):
    token = CalendarAddress.objects.create(user=hieu_truong_a).token
    if change == "inactive":
        hieu_truong_a.is_active = False
        hieu_truong_a.save()
    else:
        hieu_truong_a.memberships.update(valid_to=date(2020, 1, 1))
    assert client.get(reverse("calendar_feed", args=[token])).status_code == 404


# --- The plan of a year ---------------------------------------------------------------------------------------------


def plan_form(*lines):
    form = {"ke-hoach-TOTAL_FORMS": len(lines), "ke-hoach-INITIAL_FORMS": 0}
    for n, line in enumerate(lines):
        form |= {f"ke-hoach-{n}-{name}": value for name, value in line.items()}
    return form


def url(agreement, year=2023):
    return reverse("agreement_plan", args=[agreement.pk, year])


def test_lines_become_planned_activities_of_both_parties(world, school_agreement, hieu_truong_a, as_user):
    lines = [
        {"title": "Chuyên đề Toán 9", "kind": world.kind.pk, "planned_on": "12/11/2023", "content_area": world.area.pk},
        {"title": "", "kind": "", "planned_on": ""},
        {"title": "Ôn thi vào 10", "kind": world.exam.pk, "planned_on": "15/3/2024"},
    ]
    answer = as_user(hieu_truong_a).post(url(school_agreement), plan_form(*lines), follow=True)
    assert "Đã thêm 2 hoạt động vào kế hoạch." in answer.content.decode()
    first, second = Activity.objects.order_by("planned_on")
    assert (first.status, first.planned_on, first.content_area) == ("planned", date(2023, 11, 12), world.area)
    assert (first.recorded_school, second.school_year) == (world.school_a, 2023)
    assert {row.school for row in first.units.all()} == {world.school_a, world.school_b}
    page = answer.content.decode()
    assert "Đưa vào kế hoạch 2: đã tổ chức 0, chưa tổ chức 2, đã huỷ 0." in page
    assert "Ngoài kế hoạch" not in page


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"planned_on": "1/9/2024"}, "Ngày phải trong năm học và trong thời gian của giao ước"),
        ({"planned_on": ""}, "Hãy ghi ngày dự kiến."),
        ({"kind": ""}, "Hãy chọn loại."),
    ],
)
def test_a_wrong_line_stores_none_and_keeps_what_was_typed(
    world, school_agreement, hieu_truong_a, as_user, changes, message
):
    good = {"title": "Dự giờ", "kind": world.kind.pk, "planned_on": "12/11/2023"}
    answer = as_user(hieu_truong_a).post(url(school_agreement), plan_form(good, good | {"title": "Hội thảo"} | changes))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert "Hội thảo" in answer.content.decode()
    assert not Activity.objects.exists()


def test_last_year_is_offered_on_the_same_weekday(world, activity, hieu_truong_a, as_user):
    answer = as_user(hieu_truong_a).get(url(activity.agreement, 2024), {"chep": "1"})
    [line] = [form.initial for form in answer.context["lines"].initial_forms]
    assert (line["title"], line["planned_on"]) == (activity.title, date(2024, 10, 18))
    assert line["planned_on"].weekday() == activity.held_on.weekday()
    planned = an_activity(
        world, {world.school_a: 0}, date(2024, 10, 18), status="planned", agreement=activity.agreement
    )
    planned.title = activity.title.upper()
    planned.save()
    answer = as_user(hieu_truong_a).get(url(activity.agreement, 2024), {"chep": "1"})
    assert answer.context["lines"].initial_form_count() == 0, "it is planned already"
    Activity.objects.update(status="cancelled")
    answer = as_user(hieu_truong_a).get(url(activity.agreement, 2024), {"chep": "1"})
    assert answer.context["lines"].initial_form_count() == 0


def test_cancelled_ones_count_apart(world, school_agreement, activity, hieu_truong_a, as_user):
    an_activity(world, {world.school_a: 0}, date(2023, 12, 1), status="cancelled", agreement=school_agreement)
    Activity.objects.filter(status="cancelled").update(planned_on=date(2023, 12, 1))
    page = as_user(hieu_truong_a).get(url(school_agreement)).content.decode()
    assert "Đưa vào kế hoạch 1: đã tổ chức 0, chưa tổ chức 0, đã huỷ 1. Ngoài kế hoạch còn tổ chức 1." in page


def test_who_plans(school_agreement, hieu_truong_b, can_bo, phong_thanh_tri, so, chi_xem, nguoi_la, as_user):
    for person in (hieu_truong_b, can_bo, phong_thanh_tri):
        assert as_user(person).get(url(school_agreement)).context["may_plan"]
    for person in (so, chi_xem):
        client = as_user(person)
        assert not client.get(url(school_agreement)).context["may_plan"]
        assert client.post(url(school_agreement), plan_form()).status_code == 404
    assert as_user(nguoi_la).get(url(school_agreement)).status_code == 404
    assert as_user(so).get(url(school_agreement, 1999)).status_code == 404


# --- The day after --------------------------------------------------------------------------------------------------


def test_the_day_after_one_is_asked_once(world, school_agreement, hieu_truong_a, hieu_truong_b):
    planned = an_activity(world, {world.school_a: 0}, date(2023, 11, 12), status="planned", agreement=school_agreement)
    assert ask_for_results(date(2023, 11, 12)) == 0
    ask_for_results(date(2023, 11, 13))
    ask_for_results(date(2023, 11, 14))
    notice = Notification.objects.get()
    assert (notice.user, notice.url) == (hieu_truong_a, planned.get_absolute_url())
    assert "dự kiến ngày 12/11/2023: hãy cho biết kết quả" in notice.text
    Activity.objects.update(planned_on=date(2023, 11, 20))
    ask_for_results(date(2023, 11, 21))
    assert Notification.objects.count() == 2
