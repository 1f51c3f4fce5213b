"""Lists of activities and gifts: filters find the rows they name, as many queries for 20 rows as for one, XLSX."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.tests.recording import a_gift, an_activity
from twinning.models import School


@pytest.fixture
def names(world, district_agreement, school_agreement):
    """Id → name of some activities: of the pair, of the offices, of nobody's agreement, planned, cancelled."""
    rows = {world.school_a: 24, world.school_b: 12}
    made = {
        "seminar": an_activity(world, rows, agreement=school_agreement, title="Chuyên đề Đại số", subject=world.toan),
        "conference": an_activity(
            world,
            {world.thanh_tri: (0, 3, 0), world.chuong_my: 0, world.school_d: 9},
            date(2024, 11, 5),
            agreement=district_agreement,
            kind=world.exam,
        ),
        "alone": an_activity(world, {world.school_c: 4}, date(2023, 10, 2), status="confirmed"),
        "planned": an_activity(world, rows, date(2024, 3, 1), status="planned", agreement=school_agreement),
        "cancelled": an_activity(world, rows, date(2024, 3, 2), status="cancelled", agreement=school_agreement),
    }
    made["seminar"].units.filter(school=world.school_a).update(confirmed_at=timezone.now())
    return {activity.pk: name for name, activity in made.items()}


EVERYTHING = {"seminar", "conference", "alone", "planned", "cancelled"}


@pytest.mark.parametrize(
    ("who", "query", "found"),
    [
        ("so", "", EVERYTHING),
        ("so", "q=dai+so", {"seminar"}),
        ("so", "q=thanh+tri", {"conference"}),
        ("so", "nam=2023", EVERYTHING - {"conference"}),
        ("so", "nam=2023&thang=10", {"seminar", "alone"}),
        ("so", "nhom=exam", {"conference"}),
        ("so", "tinh_trang=da-tinh", {"seminar", "conference", "alone"}),
        ("so", "tinh_trang=qua-ngay", {"planned"}),
        ("so", "tinh_trang=cancelled", {"cancelled"}),
        ("so", "don_vi={chuong_my}", EVERYTHING - {"alone"}),
        ("so", "don_vi={ba_dinh}", {"alone"}),
        ("so", "truong={school_d}", {"conference"}),
        ("so", "mon={toan}", {"seminar"}),
        ("so", "loai={exam}", {"conference"}),
        ("so", "cap_don_vi={thanh_tri}-{chuong_my}", EVERYTHING - {"alone"}),
        ("so", "cap_don_vi={chuong_my}-{thanh_tri}&tinh_trang=da-tinh", {"seminar", "conference"}),
        ("so", "cap_don_vi={ba_dinh}-{thanh_tri}", set()),
        ("so", "cap_don_vi=x-²", set()),
        ("so", "thang=x", EVERYTHING),
        ("hieu_truong_a", "", EVERYTHING - {"conference", "alone"}),
        ("hieu_truong_a", "cho=toi", set()),
        ("hieu_truong_a", "cho=ket-qua", {"planned"}),
        ("hieu_truong_b", "cho=toi", {"seminar"}),
        ("hieu_truong_b", "cho=ket-qua", set()),
        ("phong_chuong_my", "cho=toi", {"conference"}),
        ("phong_chuong_my", "", EVERYTHING - {"alone"}),
        ("nguoi_la", "", {"alone"}),
        ("nguoi_tinh_khac", "", set()),
        ("chi_xem", "cho=toi", set()),
    ],
)
def test_activities_are_found(names, world, request, as_user, who, query, found):
    ids = {name: thing.pk for name, thing in vars(world).items()}
    client = as_user(request.getfixturevalue(who))
    table = client.get(f"{reverse('activity_list')}?{query.format(**ids)}").context["table"]
    assert {names[activity.pk] for activity in table.data} == found


def test_the_newest_day_stands_first(names, so, as_user):
    table = as_user(so).get(reverse("activity_list")).context["table"]
    days = [activity.day for activity in table.data]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    ("who", "query", "found"),
    [
        ("so", "", {1, 2, 3}),
        ("so", "tinh_trang=da-tinh", {1, 3}),
        ("so", "tinh_trang=pledged", {2}),
        ("so", "nam=2024", {3}),
        ("so", "nguon=community", {3}),
        ("so", "hinh_thuc=scholarship", {2}),
        ("so", "don_vi={ba_dinh}", {2}),
        ("so", "truong={school_b}", {1, 3}),
        ("so", "q=tang+3", {3}),
        ("hieu_truong_b", "cho=toi", {1, 3}),
        ("hieu_truong_a", "cho=toi", set()),
        ("phong_chuong_my", "", {1, 3}),
        ("nguoi_la", "", {2}),
        ("nguoi_tinh_khac", "", set()),
    ],
)
def test_gifts_are_found(world, request, as_user, who, query, found):
    a_gift(world, world.school_a, world.school_b, 1)
    a_gift(world, world.school_a, world.school_c, 2, status="pledged", kind="scholarship")
    a_gift(world, world.school_a, world.school_b, 3, date(2024, 9, 5), source="community")
    ids = {name: thing.pk for name, thing in vars(world).items()}
    client = as_user(request.getfixturevalue(who))
    table = client.get(f"{reverse('support_list')}?{query.format(**ids)}").context["table"]
    assert {gift.value_vnd for gift in table.data} == found


def read(client, url):
    """The answer to its end, which closes the file of a download, and how many queries it took."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        body = b"".join(response) if response.streaming else response.content
    return body, len(queries)


@pytest.mark.parametrize(
    "url",
    [
        "/hoat-dong/",
        "/hoat-dong/?tinh_trang=da-tinh&nam=2023",
        "/hoat-dong/?_export=xlsx",
        "/ho-tro/",
        "/ho-tro/?_export=xlsx",
        "/tim-kiem/?q=chuyen+de",
    ],
)
def test_twenty_rows_take_as_many_queries_as_one(world, school_agreement, district_agreement, as_user, so, url):
    def add(count):
        for n in range(count):
            school_of = [school_agreement, district_agreement, None][n % 3]
            an_activity(world, {world.school_a: 1, world.school_b: 2, world.chuong_my: 3}, agreement=school_of)
            a_gift(world, world.thanh_tri, world.school_b, 5)
            a_gift(world, world.school_a, world.chuong_my, 5)

    client = as_user(so)
    add(3)
    read(client, url)  # what is fetched once a process is not of the page
    _body, few = read(client, url)
    add(17)
    _body, many = read(client, url)
    assert many == few


@pytest.mark.breaks_totals
def test_the_page_of_an_activity_takes_as_many_queries_for_twenty_schools(world, activity, so, as_user, make_schools):
    client, url = as_user(so), activity.get_absolute_url()
    read(client, url)
    _body, few = read(client, url)
    for school in make_schools(18):
        row = activity.units.create(school=school, district=school.district, teacher_turns=2)
        row.name_teachers([("Lê Thị Ví Dụ", "chair"), ("Nguyễn Văn Mẫu", "demo")])
    body, many = read(client, url)
    assert "2 người có tên" in body.decode()
    assert many <= few + 1, "the named teachers, all at once"


@pytest.fixture
def make_schools(world):
    def make(count):
        of = {"level": "thcs", "district": world.chuong_my}
        return [School.objects.create(code=f"9{n}", name=f"THCS Số {n}", **of) for n in range(count)]

    return make


def sheet(body):
    rows = list(openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True))
    return rows[3], rows[4:]


def test_xlsx_of_activities(names, so, as_user):
    body, _queries = read(as_user(so), "/hoat-dong/?tinh_trang=da-tinh&nam=2023&_export=xlsx")
    head, rows = sheet(body)
    assert head == (
        "Hoạt động",
        "Loại",
        "Ngày",
        "Cặp đơn vị",
        "Lượt CBQL",
        "Lượt GV",
        "Lượt GV chưa xác nhận",
        "GV có tên (người)",
        "Lượt HS",
        "Tình trạng",
    )
    pair = "THCS Tả Thanh Oai – THCS Đại Yên"
    assert [(*row[:2], row[2].date(), *row[3:]) for row in rows] == [
        ("Chuyên đề Đại số", "Chuyên đề", date(2023, 10, 20), pair, 0, 36, 12, 0, 0, "đã tổ chức, chờ xác nhận"),
        ("Chuyên đề ngày 02/10/2023", "Chuyên đề", date(2023, 10, 2), None, 0, 4, 0, 0, 0, "đã xác nhận"),
    ]


def test_xlsx_of_gifts_has_numbers_for_money(world, so, as_user):
    a_gift(world, world.thanh_tri, world.school_b, 6_500_000)
    head, [row] = sheet(read(as_user(so), "/ho-tro/?_export=xlsx")[0])
    assert (head[4], row[4]) == ("Giá trị (đồng)", 6_500_000)
    assert row[1:3] == ("Phòng GD&ĐT huyện Thanh Trì", "THCS Đại Yên")


def test_an_activity_not_confirmed_for_two_weeks_says_so(world, as_user, so):
    world.programme.ends_on = date(2035, 12, 31)
    world.programme.save()
    client = as_user(so)
    for days, late in ((14, False), (15, True)):
        activity = an_activity(world, {world.school_a: 3}, timezone.localdate() - timedelta(days=days))
        page = client.get(activity.get_absolute_url()).content.decode()
        assert ("Quá 14 ngày chưa đủ xác nhận" in page) == late
