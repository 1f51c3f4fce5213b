"""How much of the figures no partner has confirmed: said on dashboards, lists, pages, exports and in reports, each with
exactly the rows it counts."""

import io
import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from activities.counting import Share
from activities.tests.recording import a_gift, an_activity
from reports.content import report_content
from reports.scope import Scope


@pytest.fixture
def waiting(world, school_agreement):
    """A seminar A recorded (24) and B has not confirmed (12), one that all have confirmed (6), two gifts."""
    seminar = an_activity(world, {world.school_a: 24, world.school_b: 12}, agreement=school_agreement)
    seminar.units.filter(school=world.school_a).update(confirmed_at=timezone.now())
    done = an_activity(world, {world.school_a: 6}, date(2023, 11, 2), status="confirmed")
    done.units.update(confirmed_at=timezone.now())
    a_gift(world, world.school_a, world.school_b, 3_000_000)
    a_gift(world, world.school_a, world.school_b, 1_000_000, status="received", delivered_on=date(2023, 10, 20))
    return seminar


def numbers(page):
    return {key: int(n) for key, n in re.findall(r'data-figure="(\w+)" data-value="(\d+)"', page.content.decode())}


@pytest.mark.parametrize(
    ("who", "unit", "turns"),
    [
        ("so", "so", (12, 42)),
        ("phong_thanh_tri", "thanh_tri", (0, 30)),
        ("phong_chuong_my", "chuong_my", (12, 12)),
        ("hieu_truong_a", "school_a", (0, 30)),
        ("hieu_truong_b", "school_b", (12, 12)),
    ],
)
def test_dashboards_say_it_and_lead_to_exactly_its_rows(world, waiting, as_user, request, who, unit, turns):
    client = as_user(request.getfixturevalue(who))
    figures = Scope(world.programme, getattr(world, unit), 2023).figures()
    held, teachers = figures["activities_held"].unconfirmed, figures["teacher_turns"].unconfirmed
    assert (held.value, held.late, held.of) == (1, 1, figures["activities_held"].value)
    assert (teachers.value, teachers.of) == turns
    assert (figures["support_vnd"].unconfirmed.value, figures["support_vnd"].unconfirmed.percent) == (3_000_000, "75%")
    page = client.get(reverse("dashboard") + "?nam=2023").content.decode().replace("&amp;", "&")
    for share in (held, figures["support_vnd"].unconfirmed, *([teachers] if teachers else [])):
        assert f'href="{share.url}"' in page
        assert f"({share.percent})" in page
    assert f'href="{held.late_url}"' in page
    assert "1 quá 14 ngày" in page

    for url in (held.url, held.late_url):
        assert [row.pk for row in client.get(url).context["table"].data] == [waiting.pk]
    listed = client.get(teachers.url)
    assert [row.pk for row in listed.context["table"].data] == ([waiting.pk] if teachers else [])
    assert listed.context["table"].counts.teacher_share.value == teachers.value
    # The list behind the figure adds up to the figure.
    every = numbers(client.get(figures["teacher_turns"].url))
    assert every["teacher_turns"] == figures["teacher_turns"].value
    assert every["activities_held"] == figures["activities_held"].value


def test_young_ones_wait_without_a_flag(world, so, as_user):
    today = timezone.localdate()
    world.programme.ends_on = today + timedelta(days=30)
    world.programme.save()
    an_activity(world, {world.school_a: 5}, today - timedelta(days=14))
    counts = as_user(so).get("/hoat-dong/?nam=").context["table"].counts
    assert (counts.waiting, counts.late) == (1, 0)


def test_the_list_and_its_files_add_up(world, waiting, so, as_user):
    waiting.units.get(school=world.school_b).name_teachers([("Trần Thị Bình", "attend")])
    waiting.units.filter(school=world.school_b).update(named_count=1)
    an_activity(world, {world.school_a: 99}, date(2024, 3, 1), status="planned")
    page = as_user(so).get("/hoat-dong/")
    assert numbers(page) == {
        "activities_held": 2,
        "teacher_turns": 42,
        "teachers_named": 1,
        "manager_turns": 0,
        "pupil_turns": 0,
    }, "what is planned is not counted"
    text = page.content.decode()
    assert "chưa xác nhận 1 (50%)" in text
    assert "chưa xác nhận 12 (29%)" in text
    assert "một người dự ba lần là ba lượt" in text, "the rule is printed"
    book = b"".join(as_user(so).get("/hoat-dong/?_export=xlsx").streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    told = sheet["A3"].value
    assert "Đã tổ chức 2 hoạt động, chưa xác nhận 1 (50%); 42 lượt giáo viên, chưa xác nhận 12 (29%)" in told
    assert "1 giáo viên có tên" in told
    assert "một người dự ba lần là ba lượt" in told
    column = [cell.value for cell in sheet[4]].index("Lượt GV chưa xác nhận")
    assert sorted(row[column] for row in sheet.iter_rows(min_row=5, values_only=True)) == [0, 0, 12]


@pytest.mark.parametrize(
    ("who", "page", "turns"),
    [
        ("hieu_truong_a", "school_a", 30),
        ("phong_chuong_my", "school_b", 12),
        ("so", "thanh_tri", 30),
        ("phong_thanh_tri", "thanh_tri", 30),
        ("hieu_truong_b", "agreement", 36),
        ("so", "agreement", 36),
    ],
)
def test_pages_of_units_and_agreements_say_luot_and_nguoi(
    world, waiting, school_agreement, as_user, request, who, page, turns
):
    thing = school_agreement if page == "agreement" else getattr(world, page)
    client = as_user(request.getfixturevalue(who))
    shown = client.get(thing.get_absolute_url())
    found = numbers(shown)
    assert found["teacher_turns"] == turns
    assert found["teachers_named"] == 0
    assert "một người dự ba lần là ba lượt" in shown.content.decode()
    link = re.search(r'href="([^"]+)"><strong data-figure="teacher_turns"', shown.content.decode())[1]
    listed = client.get(link.replace("&amp;", "&"))
    assert parse_qs(urlsplit(link).query)["tinh_trang"] == ["da-tinh"]
    assert numbers(listed)["teacher_turns"] == turns


@pytest.mark.parametrize(("who", "page"), [("nguoi_la", "school_a"), ("hieu_truong_a", "thanh_tri")])
def test_others_read_no_work_in_the_directory(world, waiting, as_user, request, who, page):
    shown = as_user(request.getfixturevalue(who)).get(getattr(world, page).get_absolute_url())
    assert shown.status_code == 200
    assert "teacher_turns" not in numbers(shown)


def test_reports_say_it_in_one_sentence(world, waiting, period):
    report = period.reports.get(department=world.so)
    sentence = "Trong số đó, 1 hoạt động (50%) và 12 lượt giáo viên (29%) chưa được đơn vị tham gia xác nhận trên cổng."
    assert sentence in repr(report_content(report))
    waiting.units.update(confirmed_at=timezone.now())
    type(waiting).objects.update(status="confirmed")
    assert "Các số trên đã được các đơn vị tham gia xác nhận trên cổng." in repr(report_content(report))


@pytest.mark.parametrize(
    ("value", "of", "words"),
    [(0, 0, "0%"), (1, 1000, "dưới 1%"), (999, 1000, "trên 99%"), (1, 3, "33%"), (3, 3, "100%")],
)
def test_percents_never_say_none_or_all_of_it_wrongly(value, of, words):
    assert Share(value, of).percent == words
