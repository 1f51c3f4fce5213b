"""Lists of units, agreements and notices: as many queries for 20 rows as for one, pages, order, XLSX of the rows."""

import io
import re
from datetime import date, datetime

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notification
from twinning.models import Agreement, AgreementDocument, District, School
from twinning.uploads import check_upload

HEAD_ROW = 4


@pytest.fixture
def more(world, so, phong_thanh_tri, hieu_truong_a, pdf):
    """Add rows of everything the lists show: more(19)."""

    def add(count):
        for n in range(count):
            number = School.objects.count() + n
            district = District.objects.create(
                department=world.so,
                code=f"d{number}",
                name=f"Quận số {number}",
                kind="quan",
                zone="inner",
                office_name="Phòng",
            )
            helper = School.objects.create(code=f"a{number}", name=f"THCS Số {number}", level="thcs", district=district)
            agreement = Agreement.objects.create(
                programme=world.programme,
                tier="school",
                supporting_school=helper,
                supporting_district=district,
                supported_school=world.school_b,
                supported_district=world.chuong_my,
                starts_on=date(2023, 1, 1),
                ends_on=date(2025, 5, 31),
                status="signed",
                signed_on=date(2023, 4, 15),
                number=f"{number}/BGN",
            )
            agreement.record_event("create", hieu_truong_a)
            Agreement.objects.create(
                programme=world.programme,
                tier="district",
                supporting_district=district,
                supported_district=world.chuong_my,
                starts_on=date(2023, 1, 1),
                ends_on=date(2025, 5, 31),
            )
            Notification.objects.tell([so], f"Việc số {number}", "/")

    return add


def read(response):
    """To its end, which closes the file of a download."""
    return b"".join(response) if response.streaming else response.content


def queries(client, url):
    read(client.get(url))  # what is fetched once a process (content types, templates) is not of the page
    with CaptureQueriesContext(connection) as seen:
        response = client.get(url)
        read(response)
    assert response.status_code == 200
    return response, [query["sql"] for query in seen]


@pytest.mark.parametrize(
    "url",
    [
        "/don-vi/",
        "/truong/",
        "/truong/?q=thcs&giao_uoc=co",
        "/giao-uoc/",
        "/giao-uoc/?q=so&tinh_trang=signed",
        "/giao-uoc/?_export=xlsx",
        "/truong/?_export=xlsx",
        "/truong/chon/?q=thcs",
        "/thong-bao/",
    ],
)
def test_twenty_rows_take_as_many_queries_as_one(more, as_user, so, url):
    more(1)
    client = as_user(so)
    _page, few = queries(client, url)
    more(19)
    _page, many = queries(client, url)
    assert len(many) == len(few), set(many) - set(few)


def test_pages_of_units_take_as_many_queries_for_twenty_agreements(world, more, as_user, so):
    more(1)
    client = as_user(so)
    urls = [world.chuong_my.get_absolute_url(), world.school_b.get_absolute_url()]
    few = [len(queries(client, url)[1]) for url in urls]
    more(19)
    assert [len(queries(client, url)[1]) for url in urls] == few


def test_an_agreement_page_takes_as_many_queries_for_twenty_of_each(
    world, district_agreement, as_user, so, hieu_truong_a, pdf
):
    client, url = as_user(so), district_agreement.get_absolute_url()

    def add(count):
        for _n in range(count):
            number = School.objects.count()
            helper = School.objects.create(
                code=f"a{number}", name=f"THCS {number}", level="thcs", district=world.thanh_tri
            )
            Agreement.objects.create(
                programme=world.programme,
                tier="school",
                supporting_school=helper,
                supporting_district=world.thanh_tri,
                supported_school=world.school_b,
                supported_district=world.chuong_my,
                starts_on=date(2023, 1, 1),
                ends_on=date(2025, 5, 31),
            )
            district_agreement.pilot_schools.create(school=helper, side="supporting")
            district_agreement.record_event("edit", hieu_truong_a)
            AgreementDocument.keep(check_upload(pdf()), hieu_truong_a, agreement=district_agreement)

    add(1)
    few = queries(client, url)[1]
    add(13)
    page, many = queries(client, url)
    assert "14 giao ước trường – trường" in page.content.decode()
    assert len(many) == len(few), set(many) - set(few)


# --- Pages and order ------------------------------------------------------------------------------------------------


def rows_on(page):
    return page.content.decode().count("<tr>") - 1


def test_twenty_five_rows_a_page(world, as_user, so):
    School.objects.bulk_create(
        School(
            department=world.so,
            code=f"m{n}",
            name=f"Mầm non Số {n}",
            level="mn",
            district=world.ba_dinh,
            sort_key=f"{n:03}",
            search_key=" mam non",
        )
        for n in range(60)
    )
    client = as_user(so)
    first = client.get("/truong/", {"cap": "mn"})
    assert "60 kết quả" in first.content.decode()
    assert "Trang 1/3" in first.content.decode()
    assert "?cap=mn&amp;page=2" in first.content.decode()
    assert [rows_on(client.get("/truong/", {"cap": "mn", "page": page})) for page in (1, 2, 3)] == [25, 25, 10]
    names = re.findall(
        r">(Mầm non Số \d+)</a>",
        "".join(client.get("/truong/", {"cap": "mn", "page": p}).content.decode() for p in (1, 2, 3)),
    )
    assert len(set(names)) == 60


@pytest.mark.parametrize("page", ["99", "0", "-1", "hai"])
def test_a_page_that_is_none_is_a_page_that_is(world, as_user, so, page):
    """The filter was narrowed, or an old link is followed."""
    response = as_user(so).get("/truong/", {"page": page})
    assert response.status_code == 200
    assert rows_on(response) == 4


def test_rows_alike_have_one_order(world, as_user, so):
    """Sorting by a column with equal values must not lose or double a row between two pages."""
    client = as_user(so)
    for url, column in (("/truong/", "level"), ("/giao-uoc/", "signed_on"), ("/don-vi/", "zone")):
        for sign in ("", "-"):
            table = client.get(url, {"sort": sign + column}).context["table"]
            assert table.data.data.query.order_by[-1] in ("pk", "-pk"), url


def test_sort_by_a_column_both_ways(world, as_user, so):
    client = as_user(so)
    codes = [school.code for school in client.get("/truong/", {"sort": "code"}).context["table"].data]
    assert codes == ["01001501", "01020501", "01277401", "01277501"]
    assert [school.code for school in client.get("/truong/", {"sort": "-code"}).context["table"].data] == codes[::-1]
    assert client.get("/truong/", {"sort": "khong-co"}).status_code == 200


def test_agreements_without_a_day_come_first_then_the_newest(draft, district_agreement, world, as_user, so):
    Agreement.objects.filter(pk=district_agreement.pk).update(signed_on=date(2023, 4, 15))
    later = Agreement.objects.create(
        programme=world.programme,
        tier="district",
        supporting_district=world.ba_dinh,
        supported_district=world.chuong_my,
        starts_on=date(2023, 5, 1),
        ends_on=date(2025, 5, 31),
        status="signed",
        signed_on=date(2023, 5, 1),
    )
    assert list(as_user(so).get("/giao-uoc/").context["table"].data) == [draft, later, district_agreement]


def test_htmx_gets_the_rows_alone(world, as_user, so):
    page = as_user(so).get("/truong/", {"q": "dai yen"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "2 kết quả" in page


# --- Filters of agreements ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"draft", "district"}),
        ({"cap": "school"}, {"draft"}),
        ({"tinh_trang": "signed"}, {"district"}),
        ({"tinh_trang": "co-hieu-luc"}, {"district"}),
        ({"tinh_trang": "co-hieu-luc", "nam": "2022"}, {"district"}),
        ({"nam": "2024"}, {"draft", "district"}),
        ({"q": "ta thanh oai"}, {"draft"}),
        ({"q": "truong thcs ta thanh oai"}, {"draft"}),
        ({"q": "phong thanh tri"}, {"district"}),
        ({"q": "chuong my thanh tri"}, {"draft", "district"}),
        ({"q": "01/BGN"}, {"district"}),
        ({"don_vi": "chuong_my"}, {"draft", "district"}),
        ({"don_vi": "ba_dinh"}, set()),
        ({"truong": "school_b"}, {"draft"}),
        ({"truong": "school_c"}, set()),
    ],
)
def test_filters_of_agreements(world, draft, district_agreement, as_user, so, query, found):
    query = {k: getattr(world, v).pk if k in ("don_vi", "truong") else v for k, v in query.items()}
    names = {draft.pk: "draft", district_agreement.pk: "district"}
    rows = as_user(so).get("/giao-uoc/", query).context["table"].data
    assert {names[row.pk] for row in rows} == found


def test_an_agreement_ended_early_is_not_of_later_years(school_agreement, as_user, so):
    Agreement.objects.update(status="ended", ended_on=date(2024, 3, 1))
    client = as_user(so)
    found = {year: len(client.get("/giao-uoc/", {"nam": year}).context["table"].data) for year in (2022, 2023, 2024)}
    assert found == {2022: 1, 2023: 1, 2024: 0}


@pytest.mark.parametrize(
    ("who", "status", "waits"),
    [
        ("hieu_truong_b", "waiting", True),
        ("phong_chuong_my", "waiting", True),
        ("hieu_truong_a", "waiting", False),
        ("hieu_truong_a", "returned", True),
        ("hieu_truong_b", "returned", False),
        ("hieu_truong_a", "confirmed", True),
        ("hieu_truong_b", "confirmed", True),
        ("can_bo", "returned", False),
        ("so", "waiting", False),
        ("lanh_dao", "confirmed", False),
        ("hieu_truong_a", "signed", False),
    ],
)
def test_what_waits_for_me(draft, request, as_user, who, status, waits):
    Agreement.objects.filter(pk=draft.pk).update(status=status, signed_on=date(2023, 4, 15))
    rows = as_user(request.getfixturevalue(who)).get("/giao-uoc/", {"cho": "toi"}).context["table"].data
    assert list(rows) == ([draft] if waits else [])


# --- XLSX -----------------------------------------------------------------------------------------------------------


def sheet_of(response):
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active


def table_of(sheet):
    head, *rows = sheet.iter_rows(min_row=HEAD_ROW, values_only=True)
    return list(head), rows


def test_xlsx_of_agreements_has_typed_days(draft, district_agreement, as_user, so):
    response = as_user(so).get("/giao-uoc/", {"_export": "xlsx"})
    sheet = sheet_of(response)
    head, rows = table_of(sheet)
    assert head[:7] == ["Cặp đơn vị", "Đơn vị quản lý", "Cấp", "Số, ký hiệu", "Ngày ký", "Đến hết", "Tình trạng"]
    assert head[7:] == ["Thực hiện chỉ tiêu"]  # see activities/tests/test_progress.py
    districts, ends = "huyện Thanh Trì – huyện Chương Mỹ", [date(2025, 5, 31), date(2025, 12, 31)]
    assert [tuple(value.date() if isinstance(value, datetime) else value for value in row[:7]) for row in rows] == [
        ("THCS Tả Thanh Oai – THCS Đại Yên", districts, "Trường – trường", None, None, ends[0], "nháp"),
        ("Thanh Trì – Chương Mỹ", districts, "Phòng – Phòng", "01/BGN-PGDĐT", date(2023, 4, 15), ends[1], "đã ký"),
    ]
    day = sheet.cell(HEAD_ROW + 2, 5)
    assert day.is_date
    assert day.number_format == "dd/mm/yyyy"
    assert (sheet["A1"].value, sheet["A2"].value) == ("Giao ước", "Tất cả")
    assert sheet.freeze_panes == "B5"


def test_xlsx_has_the_filtered_rows_only_and_names_the_filter(world, school_agreement, as_user, so):
    sheet = sheet_of(as_user(so).get("/truong/", {"q": "dai", "giao_uoc": "co", "nam": "2023", "_export": "xlsx"}))
    head, rows = table_of(sheet)
    assert head == ["Trường", "Cấp học", "Đơn vị quản lý", "Mã trường", "Loại hình"]
    assert rows == [("THCS Đại Yên", "THCS", "huyện Chương Mỹ", "01277501", "công lập")]
    assert sheet["A2"].value == "Tìm: dai; Giao ước: đã ký; Năm học: 2023-2024"


def test_xlsx_names_the_unit_and_ignores_what_is_no_choice(world, as_user, so):
    sheet = sheet_of(as_user(so).get("/truong/", {"don_vi": world.chuong_my.pk, "cap": "dai-hoc", "_export": "xlsx"}))
    assert sheet["A2"].value == "Đơn vị quản lý: huyện Chương Mỹ"
    assert len(table_of(sheet)[1]) == 2


def test_xlsx_has_all_pages_in_the_order_shown(world, more, as_user, so):
    more(30)
    client = as_user(so)
    _head, rows = table_of(sheet_of(client.get("/truong/", {"sort": "-code", "page": "2", "_export": "xlsx"})))
    assert len(rows) == 34
    assert [row[3] for row in rows] == sorted((row[3] for row in rows), reverse=True)


def test_xlsx_numbers_are_numbers(world, as_user, so):
    _head, rows = table_of(sheet_of(as_user(so).get("/don-vi/", {"_export": "xlsx"})))
    assert rows == [
        ("Ba Đình", "quận", "nội thành", "001", None, 1),
        ("Chương Mỹ", "huyện", "ngoại thành", "277", None, 2),
        ("Thanh Trì", "huyện", "ngoại thành", "020", None, 1),
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|'/c calc'!A1", "+84 912", "@SUM(A1)", "-1", "https://ke-xau.example", "007"]
)
def test_xlsx_text_stays_text(world, district_agreement, as_user, so, text):
    Agreement.objects.filter(pk=district_agreement.pk).update(number=text)
    cell = sheet_of(as_user(so).get("/giao-uoc/", {"_export": "xlsx"})).cell(HEAD_ROW + 1, 4)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_xlsx_has_only_what_the_person_sees(draft, district_agreement, as_user, nguoi_la):
    assert table_of(sheet_of(as_user(nguoi_la).get("/giao-uoc/", {"_export": "xlsx"})))[1] == []


def test_the_link_to_the_xlsx_keeps_the_filter(world, as_user, so):
    page = as_user(so).get(reverse("school_list"), {"q": "dai yen", "cap": "th"}).content.decode()
    for kind in ("xlsx", "csv"):
        assert f'href="/truong/?q=dai+yen&amp;cap=th&amp;_export={kind}" download' in page
