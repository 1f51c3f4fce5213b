"""The first screen of each role: what waits, the figures of the unit in use, charts with their tables, pairs, years."""

import json
import re
from datetime import date

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from activities.models import Activity
from activities.tests.recording import a_gift, an_activity
from reports.figures import RULES
from reports.scope import Scope
from twinning.access import Role
from twinning.models import Agreement, Department, District, Membership, School

UNIT = {
    "so": "so",
    "lanh_dao": "so",
    "chi_xem": "so",
    "quan_tri": "so",
    "phong_thanh_tri": "thanh_tri",
    "phong_chuong_my": "chuong_my",
    "hieu_truong_a": "school_a",
    "can_bo": "school_a",
    "hieu_truong_b": "school_b",
    "nguoi_la": "school_c",
}


@pytest.fixture
def busy(world, district_agreement, activity, support):
    """A year of the pairing: a seminar, a conference after the summer, a gift."""
    an_activity(
        world,
        {world.thanh_tri: (0, 1, 0), world.school_a: (7, 0, 90), world.school_d: 5},
        date(2024, 10, 8),
        agreement=district_agreement,
        kind=world.exam,
    )
    activity.units.get(school=world.school_a).name_teachers([("Lê Thị Ví Dụ", "chair")])


@pytest.fixture
def open_page(as_user, request):
    """open_page("so", "?nam=2023") → the page of that person."""

    def open_as(who, query=""):
        response = as_user(request.getfixturevalue(who)).get(reverse("dashboard") + query)
        assert response.status_code == 200
        return response

    return open_as


def figures_on(response):
    """data-figure → data-value."""
    found = re.findall(r'data-figure="(\w+)" data-value="(\d+)"', response.content.decode())
    assert len(found) == len(dict(found)), "each figure stands once"
    return {key: int(value) for key, value in found}


@pytest.mark.parametrize("who", UNIT)
@pytest.mark.parametrize(("query", "year"), [("?nam=2023", 2023), ("?nam=2024", 2024), ("?nam=tat-ca", None)])
def test_the_figures_are_those_of_the_unit_and_the_year(world, busy, open_page, who, query, year):
    figures = Scope(world.programme, getattr(world, UNIT[who]), year).figures()
    page = open_page(who, query)
    assert figures_on(page) == {key: figure.value for key, figure in figures.items()}
    html = page.content.decode()
    for figure in figures.values():
        assert f'href="{figure.url.replace("&", "&amp;")}"' in html, figure.key
        assert str(figure.rule) in html


def test_money_is_short_with_the_exact_value_on_hover(world, busy, open_page):
    a_gift(world, world.school_a, world.school_b, 3_194_000_001)
    html = open_page("so", "?nam=2023").content.decode()
    assert 'title="3.200.000.001 đồng"' in html
    assert 'data-value="3200000001">3,2 tỷ đồng<' in html


def test_turns_and_people_stand_side_by_side_with_their_rules(busy, open_page):
    html = open_page("so", "?nam=2023").content.decode()
    assert html.index('data-figure="teacher_turns"') < html.index('data-figure="teachers_named"')
    assert "một người dự ba lần là ba lượt" in html
    assert "mỗi hoạt động tính một lần dù nhiều đơn vị cùng tham gia" in html
    assert "Lượt và người chỉ tính người của đơn vị mình." not in html
    assert "Lượt và người chỉ tính người của đơn vị mình." in open_page("hieu_truong_a").content.decode()


# --- The year -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "query", "chosen"),
    [
        ("2024-03-01", "", 2023),
        ("2024-09-01", "", 2024),
        ("2027-03-01", "", None),
        ("2024-03-01", "?nam=2022", 2022),
        ("2024-03-01", "?nam=tat-ca", None),
        ("2024-03-01", "?nam=1999", 2023),
        ("2024-03-01", "?nam=²", 2023),
        ("2024-03-01", "?nam=x", 2023),
        ("2024-03-01", "?nam=" + "9" * 30, 2023),
    ],
)
def test_the_year_that_is_chosen(busy, so, as_user, time_machine, today, query, chosen):
    time_machine.move_to(f"{today}T08:00:00+07:00")
    page = as_user(so).get(reverse("dashboard") + query)
    assert page.context["year"] == chosen
    selected = re.findall(r'<option value="([^"]+)" selected>', page.content.decode())
    assert selected == [str(chosen or "tat-ca")]


def test_the_years_of_the_programme_are_offered(world, busy, open_page):
    options = re.findall(r'<option value="(\d{4})"', open_page("so").content.decode())
    assert options == [str(year) for year in world.programme.school_years]
    assert {"2022", "2023", "2024"} <= set(options)


def test_a_year_that_runs_is_compared_with_as_much_of_the_one_before(world, busy, open_page, time_machine):
    time_machine.move_to("2025-01-20T08:00:00+07:00")
    an_activity(world, {world.school_a: 10}, date(2024, 1, 10))
    an_activity(world, {world.school_a: 90}, date(2024, 3, 1))
    an_activity(world, {world.school_a: 20}, date(2025, 1, 10))
    page = open_page("so", "?nam=2024")
    before = Activity.objects.counted().filter(school_year=2023, held_on__lte=date(2024, 1, 21))
    now = Activity.objects.counted().filter(school_year=2024)
    turns = [rows.aggregate(n=Sum("teacher_turns"))["n"] for rows in (now, before)]
    assert page.context["changes"]["teacher_turns"] == round(100 * (turns[0] - turns[1]) / turns[1])
    assert "so với cùng kỳ năm trước" in page.content.decode()


def test_a_year_is_compared_with_the_one_before(world, busy, open_page):
    an_activity(world, {world.school_a: 1}, date(2024, 10, 9))
    page = open_page("so", "?nam=2024")
    assert page.context["changes"]["activities_held"] == 100
    assert page.context["changes"]["teacher_turns"] == -64
    assert "▼ 64%" in page.content.decode()
    assert "%</span>" not in open_page("so", "?nam=2022").content.decode(), "nothing to compare with"


# --- Charts and pairs -----------------------------------------------------------------------------------------------


def chart_of(response, chart_id):
    text = re.search(rf'<script id="{chart_id}-spec" type="application/json">(.*?)</script>', response.content.decode())
    return json.loads(text[1])


@pytest.mark.parametrize("who", ["so", "phong_chuong_my", "hieu_truong_a"])
def test_the_monthly_chart_has_its_table_and_links(busy, open_page, request, as_user, who):
    page = open_page(who, "?nam=2023")
    spec = chart_of(page, "monthly")
    chart = page.context["monthly"]
    html = page.content.decode()
    assert chart.title in html
    table = [html.split("Bảng số liệu")[1].count(f">{cell}</t") for cell in (*chart.header, *chart.rows[0][:1])]
    assert all(table), "the same numbers as a table"
    [datum] = [row for row in spec["data"]["values"] if row["activities"]]
    assert (datum["month"], datum["activities"]) == ("2023-10", 1)
    rows = as_user(request.getfixturevalue(who)).get(datum["href"]).context["table"].data
    assert [row.title for row in rows] == ["Chuyên đề Toán 9 ôn thi vào lớp 10"]
    assert sum(row[-1] for row in chart.rows) == 1


@pytest.mark.parametrize("who", ["so", "hieu_truong_b"])
def test_the_whole_phase_has_a_chart_for_each_year(busy, open_page, request, as_user, who):
    page = open_page(who, "?nam=tat-ca")
    for measure in ("activities_held", "teacher_turns"):
        data = chart_of(page, f"yearly-{measure}")["data"]["values"]
        assert sum(datum.get("value") or 0 for datum in data) == figures_on(page)[measure]
    [link] = {datum["href"] for datum in data if datum["year"] == 2023}
    assert len(as_user(request.getfixturevalue(who)).get(link).context["table"].data) == 1
    assert "yearly-" not in open_page(who, "?nam=2023").content.decode()


def test_nothing_yet(world, open_page):
    html = open_page("nguoi_la").content.decode()
    assert "Chưa có số liệu để vẽ." in html
    assert "monthly-spec" not in html
    assert "pair-table" not in html
    assert set(figures_on(open_page("nguoi_la")).values()) == {0}
    assert "Không có việc nào đang chờ. Cảm ơn thầy/cô!" in html


def cells_of(html):
    """The rows of the table of pairs as text."""
    body = re.search(r'id="pair-table">.*?<tbody>(.*?)</tbody>', html, re.DOTALL)[1]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", c).strip() for c in re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL)] for row in rows
    ]


def test_the_table_of_pairs(world, busy, open_page, so, as_user):
    Agreement.objects.create(
        programme=world.programme,
        tier="district",
        supporting_district=world.ba_dinh,
        supported_district=world.thanh_tri,
        starts_on=date(2023, 4, 15),
        ends_on=date(2025, 12, 31),
        signed_on=date(2023, 4, 15),
        status="signed",
        is_invented=True,
    )
    page = open_page("so", "?nam=tat-ca")
    assert cells_of(page.content.decode()) == [
        ["Ba Đình – Thanh Trì minh hoạ", "0", "chưa có", "0"],
        ["Thanh Trì – Chương Mỹ", "2", "2", "48"],
    ]
    [(row, link)] = [(row, link) for row, link in page.context["pairs"] if row.activities]
    assert len(as_user(so).get(link).context["table"].data) == row.activities == 2
    assert {datum["agreement"] for datum in chart_of(page, "pairs")["data"]["values"]} == {
        row.agreement.pk for row, _link in page.context["pairs"]
    }
    assert len(cells_of(open_page("phong_chuong_my").content.decode())) == 1
    assert "pair-table" not in open_page("hieu_truong_a").content.decode()


# --- Roles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "title", "words", "not_words"),
    [
        ("so", "Nhà trường cùng chung tay", ["Chờ Sở xử lý", "Báo cáo sơ kết"], ["Đăng ký cặp mới"]),
        ("lanh_dao", "Nhà trường cùng chung tay", ["Chờ Sở xử lý"], ["Ghi hoạt động"]),
        ("quan_tri", "Nhà trường cùng chung tay", ["Chờ Sở xử lý"], []),
        ("phong_thanh_tri", "Phòng GD&amp;ĐT huyện Thanh Trì", ["Chờ Phòng xử lý", "Đăng ký cặp mới"], []),
        ("hieu_truong_a", "THCS Tả Thanh Oai", ["Việc của tôi", "Ghi hoạt động"], ["Đăng ký cặp mới"]),
        ("can_bo", "THCS Tả Thanh Oai", ["Việc của tôi", "Ghi hoạt động"], []),
        ("chi_xem", "Nhà trường cùng chung tay", [], ["Ghi hoạt động", "Đăng ký cặp mới"]),
    ],
)
def test_each_role_has_its_own_screen(busy, period, open_page, who, title, words, not_words):
    html = open_page(who).content.decode()
    assert title in re.search(r"<h1>(.*?)</h1>", html)[1]
    main = html[html.index("<h1>") :]
    for word in words:
        assert word in main
    for word in not_words:
        assert word not in main


def test_a_person_without_a_seat_is_told_what_to_do(db, as_user):
    nobody = User.objects.create_user(username="moi", email="moi@example.vn", password="x", full_name="Người Mới")
    html = as_user(nobody).get(reverse("dashboard")).content.decode()
    assert "data-figure" not in html
    assert "vai trò" in html


def test_a_department_without_a_programme(db, as_user):
    department = Department.objects.create(
        name="Sở GD&ĐT tỉnh Mới", short_name="Sở Mới", superior="UBND tỉnh Mới", place="Mới", symbol="SGDĐT"
    )
    user = User.objects.create_user(username="moi", email="moi@example.vn", password="x", full_name="Người Mới")
    Membership.objects.create(user=user, role=Role.DEPARTMENT, department=department)
    assert "data-figure" not in as_user(user).get(reverse("dashboard")).content.decode()


def test_search_finds_across_and_only_what_one_may_see(world, busy, as_user, hieu_truong_a, nguoi_la):
    def found(person, text):
        page = as_user(person).get(reverse("search"), {"q": text})
        return {str(row) for _url, _icon, rows, _more in page.context["groups"] for row in rows}

    assert found(hieu_truong_a, "ta thanh oai") == {
        "THCS Tả Thanh Oai",
        "THCS Tả Thanh Oai – THCS Đại Yên",
        "Chuyên đề Toán 9 ôn thi vào lớp 10",
    }
    assert found(nguoi_la, "ta thanh oai") == {"THCS Tả Thanh Oai"}
    assert found(hieu_truong_a, "  ") == set()


# --- Queries --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["so", "phong_thanh_tri", "hieu_truong_a"])
@pytest.mark.parametrize("query", ["?nam=2023", "?nam=tat-ca"])
def test_twenty_of_everything_take_as_many_queries_as_one(world, busy, period, request, as_user, who, query):
    def add(count):
        for _n in range(count):
            number = School.objects.count()
            district = District.objects.create(
                department=world.so,
                code=f"9{number}",
                name=f"Huyện {number}",
                kind="huyen",
                zone="outer",
                office_name="Phòng",
            )
            school = School.objects.create(code=f"9{number}", name=f"THCS {number}", level="thcs", district=district)
            common = {
                "programme": world.programme,
                "supporting_district": world.thanh_tri,
                "supported_district": district,
                "starts_on": date(2023, 4, 15),
                "ends_on": date(2025, 12, 31),
                "signed_on": date(2023, 4, 15),
                "status": "signed",
            }
            Agreement.objects.create(tier="district", **common)
            schools = {"supporting_school": world.school_a, "supported_school": school}
            pair = Agreement.objects.create(tier="school", **schools, **common)
            for status in ("held", "planned"):
                an_activity(world, {world.school_a: 2, school: 1}, date(2023, 11, 3), status=status, agreement=pair)
            activity = an_activity(world, {school: 2, world.school_a: 1, world.thanh_tri: 0}, agreement=pair)
            activity.units.get(school=school).name_teachers([("Lê Thị Ví Dụ", "chair")])
            a_gift(world, school, world.school_a, 5)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("dashboard") + query).status_code == 200
        return [query["sql"] for query in seen]

    client = as_user(request.getfixturevalue(who))
    add(2)
    queries()  # what is fetched once a process is not of the page
    few = queries()
    add(18)
    many = queries()
    assert len(many) == len(few), [sql for sql in many if sql not in few]


def test_every_rule_is_printed(busy, open_page):
    html = open_page("hieu_truong_a").content.decode()
    for rule in RULES.values():
        assert str(rule) in html
