"""What waits for each person on the first screen: how urgent, what, and a button that leads exactly there."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.tests.recording import a_gift, an_activity
from reports.models import Report
from reports.todo import todos_for
from twinning.models import Agreement, School

PEOPLE = ["so", "lanh_dao", "phong_thanh_tri", "phong_chuong_my", "hieu_truong_a", "hieu_truong_b", "can_bo", "chi_xem"]
FAR = date(2024, 3, 1)


@pytest.fixture(autouse=True)
def _march(time_machine):
    """In the middle of the school year 2023-2024, before its reports are due."""
    time_machine.move_to("2024-03-01T08:00:00+07:00")


@pytest.fixture
def lines(request):
    """lines("so") → what waits for that person: [(tone, text, button)], but for what is wrong with agreements."""

    def of(who):
        found = todos_for(request.getfixturevalue(who))
        return [(todo.tone, todo.text, todo.button) for todo in found if todo.url != reverse("problem_list")]

    return of


def everybody(lines, but=()):
    """Nothing waits for anyone else."""
    return {who: lines(who) for who in PEOPLE if who not in but and lines(who)}


def test_nothing_waits(world, lines, nguoi_la):
    assert everybody(lines) == {}
    assert todos_for(nguoi_la) == []


# --- Agreements -----------------------------------------------------------------------------------------------------

HANDLE = ("yellow", "1 giao ước chờ đơn vị mình xử lý", "Xử lý")


@pytest.mark.parametrize(
    ("status", "for_whom"),
    [
        ("waiting", {"hieu_truong_b", "phong_chuong_my"}),
        ("returned", {"hieu_truong_a", "phong_thanh_tri"}),
        ("confirmed", {"hieu_truong_a", "phong_thanh_tri", "hieu_truong_b", "phong_chuong_my"}),
        ("signed", set()),
        ("withdrawn", set()),
    ],
)
def test_agreements(draft, lines, status, for_whom):
    Agreement.objects.update(status=status, signed_on=date(2023, 4, 15))
    assert everybody(lines) == {who: [HANDLE] for who in for_whom}


def test_what_is_wrong_with_agreements_shows_above_the_schools(school_agreement, request):
    """Signed without a scan."""
    found = {who: todos_for(request.getfixturevalue(who)) for who in PEOPLE}
    assert {who for who in found if found[who]} == {"so", "lanh_dao", "phong_thanh_tri", "phong_chuong_my"}
    [todo] = found["phong_chuong_my"]
    assert (todo.tone, todo.text, todo.button) == ("blue", "1 giao ước cần xem lại", "Xem")
    assert todo.detail == "Đã ký nhưng chưa có bản scan (1)"


def test_an_agreement_that_nobody_answers_shows_at_the_department(draft, so, hieu_truong_b):
    Agreement.objects.update(status="waiting", updated_at=timezone.now() - timedelta(days=8))
    [todo] = todos_for(so)
    assert (todo.tone, todo.text, todo.button) == ("blue", "1 giao ước cần xem lại", "Xem")
    assert todo.detail == "Gửi đã quá 7 ngày, bên kia chưa trả lời (1)"
    Agreement.objects.update(updated_at=timezone.now() - timedelta(days=6))
    assert todos_for(so) == []


# --- Activities and gifts -------------------------------------------------------------------------------------------


def test_counts_to_confirm(activity, lines):
    assert everybody(lines) == {"hieu_truong_b": [("yellow", "1 hoạt động chờ xác nhận số liệu", "Xác nhận")]}
    activity.units.update(confirmed_at=timezone.now())
    assert everybody(lines) == {}


def test_an_office_confirms_its_own_row_not_those_of_its_schools(activity, world, lines):
    activity.units.create(district=world.chuong_my)
    assert lines("phong_chuong_my") == [("yellow", "1 hoạt động chờ xác nhận số liệu", "Xác nhận")]
    assert lines("phong_thanh_tri") == []


def test_a_plan_whose_day_has_passed(world, school_agreement, lines):
    an_activity(world, {world.school_a: 0, world.school_b: 0}, FAR, status="planned", agreement=school_agreement)
    assert everybody(lines) == {}, "today is not over"
    an_activity(
        world,
        {world.school_a: 0, world.school_b: 0},
        FAR - timedelta(days=1),
        status="planned",
        agreement=school_agreement,
    )
    mine = ("yellow", "1 hoạt động đã qua ngày dự kiến: hãy cho biết kết quả", "Ghi")
    theirs = ("blue", "1 hoạt động của các đơn vị đã qua ngày dự kiến, chưa có kết quả", "Xem")
    assert everybody(lines) == {
        "hieu_truong_a": [mine],
        "can_bo": [mine],
        **{who: [theirs] for who in ("so", "lanh_dao", "chi_xem", "phong_thanh_tri", "phong_chuong_my")},
    }


def test_a_plan_of_ones_own_is_named_once(world, district_agreement, lines):
    units = {world.thanh_tri: 0, world.chuong_my: 0}
    an_activity(world, units, FAR - timedelta(days=1), status="planned", agreement=district_agreement)
    assert [tone for tone, _text, _button in lines("phong_thanh_tri")] == ["yellow"]
    assert [tone for tone, _text, _button in lines("phong_chuong_my")] == ["blue"]


def test_gifts_to_confirm(support, lines, world):
    a_gift(world, world.school_a, world.chuong_my, 5)
    a_gift(world, world.school_a, world.school_b, 5, status="pledged")
    received = ("yellow", "1 khoản hỗ trợ chờ đơn vị mình xác nhận hoặc trao đủ", "Xác nhận")
    assert everybody(lines) == {"hieu_truong_b": [received], "phong_chuong_my": [received]}


# --- Reports --------------------------------------------------------------------------------------------------------

WRITE = ("blue", "1 báo cáo cần soạn", "Soạn")
LATE = ("red", "1 báo cáo quá hạn nộp", "Soạn")
MEND = ("yellow", "1 báo cáo bị trả lại: xem ý kiến, sửa rồi trình lại", "Sửa")
ISSUE = ("yellow", "1 báo cáo đã duyệt: ghi số, ngày và ban hành", "Ban hành")
REVIEW = ("yellow", "1 báo cáo chờ duyệt", "Duyệt")


def test_reports_to_write(period, lines, time_machine):
    writers = [who for who in PEOPLE if who not in ("lanh_dao", "chi_xem")]
    assert everybody(lines) == {who: [WRITE] for who in writers}
    time_machine.move_to("2024-06-15T08:00:00+07:00")
    assert everybody(lines) == {who: [WRITE] for who in writers}, "the last day"
    time_machine.move_to("2024-06-16T08:00:00+07:00")
    assert everybody(lines) == {who: [LATE] for who in writers}


@pytest.mark.parametrize(
    ("unit", "status", "expected"),
    [
        ({"school": "school_a"}, "returned", {"hieu_truong_a": [MEND], "can_bo": [MEND]}),
        ({"school": "school_a"}, "submitted", {"phong_thanh_tri": [REVIEW]}),
        ({"school": "school_a"}, "approved", {"hieu_truong_a": [ISSUE]}),
        ({"school": "school_a"}, "issued", {}),
        ({"district": "thanh_tri"}, "submitted", {"so": [REVIEW], "lanh_dao": [REVIEW]}),
        ({"district": "thanh_tri"}, "approved", {"phong_thanh_tri": [ISSUE]}),
        ({"department": "so"}, "submitted", {"lanh_dao": [REVIEW]}),
        ({"department": "so"}, "approved", {"so": [ISSUE], "lanh_dao": [ISSUE]}),
        ({"department": "so"}, "returned", {"so": [MEND]}),
    ],
)
def test_a_report_on_its_way(period, world, lines, unit, status, expected):
    [(kind, name)] = unit.items()
    Report.objects.update(status="issued", number=1, issued_on=date(2024, 6, 20), frozen={})
    Report.objects.filter(**{kind: getattr(world, name)}).update(status=status)
    assert everybody(lines) == expected


def test_a_line_names_school_year_and_day(period, hieu_truong_a):
    [todo] = todos_for(hieu_truong_a)
    assert todo.detail == "năm học 2023-2024 · hạn 15/6/2024"


# --- On the page ----------------------------------------------------------------------------------------------------


@pytest.fixture
def much(world, draft, period, hieu_truong_b, phong_thanh_tri):
    """Two or three of everything for everybody."""
    for school in (world.school_d, world.school_c):
        Agreement.objects.create(
            programme=world.programme,
            tier="school",
            supporting_school=world.school_a,
            supporting_district=world.thanh_tri,
            supported_school=school,
            supported_district=school.district,
            starts_on=date(2023, 4, 15),
            ends_on=date(2025, 5, 31),
            status="confirmed",
        )
    Agreement.objects.update(updated_at=timezone.now() - timedelta(days=30))
    for _n in range(2):
        an_activity(world, {world.school_a: 1, world.school_b: 2}, agreement=draft)
        an_activity(world, {world.school_b: 1, world.school_a: 2}, agreement=draft)
        for host in (world.school_a, world.school_b, world.thanh_tri):
            units = {host: 1, world.school_d: 2}
            an_activity(world, units, FAR - timedelta(days=9), status="planned", agreement=draft)
        a_gift(world, world.school_a, world.school_b, 5)
        a_gift(world, world.school_b, world.school_a, 5)
    Report.objects.exclude(department=world.so).update(status="submitted")


@pytest.mark.parametrize("who", PEOPLE)
def test_each_button_leads_to_as_many_rows_as_the_line_says(much, request, as_user, who):
    client = as_user(request.getfixturevalue(who))
    page = client.get(reverse("dashboard"))
    html = page.content.decode()
    assert page.context["todos"] or who == "chi_xem"
    tones = re.findall(r'class="dot dot-(\w+)"', html)
    assert tones == sorted(tones, key=["red", "yellow", "blue"].index), "the urgent first"
    for todo in page.context["todos"]:
        assert todo.text in html
        assert f'href="{todo.url.replace("&", "&amp;")}">{todo.button}<' in html
        answer = client.get(todo.url)
        assert answer.status_code == 200
        n = int(todo.text.split()[0])
        counted = answer.context.get("total", 1)
        assert (len(answer.context["table"].data) if "table" in answer.context else counted) == n, todo


def test_twenty_of_each_take_as_many_queries_as_three(much, world, hieu_truong_b, phong_thanh_tri, so, draft):
    def queries(person):
        with CaptureQueriesContext(connection) as seen:
            list(todos_for(person))
        return len(seen)

    people = (hieu_truong_b, phong_thanh_tri, so)
    few = [queries(person) for person in people]
    for n in range(17):
        school = School.objects.create(code=f"9{n}", name=f"THCS {n}", level="thcs", district=world.thanh_tri)
        Agreement.objects.create(
            programme=world.programme,
            tier="school",
            supporting_school=school,
            supporting_district=world.thanh_tri,
            supported_school=world.school_b,
            supported_district=world.chuong_my,
            starts_on=date(2023, 4, 15),
            ends_on=date(2025, 5, 31),
            status="confirmed",
        )
        an_activity(world, {school: 1, world.school_b: 2}, agreement=draft)
        an_activity(world, {world.thanh_tri: 1, school: 2}, date(2024, 2, 1), status="planned")
        a_gift(world, school, world.school_b, 5)
    many = [queries(person) for person in people]
    assert all(more <= less for more, less in zip(many, few, strict=True)), (few, many)
