"""Coverage by twins: who has none, which pairs are silent or one-way, who helps many. Every number against its rows."""

import html
import io
import re
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.tests.recording import an_activity
from reports.coverage import Coverage
from reports.tests.test_figures import school_pair
from twinning.access import Role
from twinning.lens import Lens
from twinning.models import Agreement, AgreementMember, District, Programme, School
from twinning.tests.reform import FIRST, officer, reform

URL = "/phan-tich/bao-phu/"
LAST = date(2025, 12, 31)
LINK = re.compile(r'<a [^>]*href="(?P<url>[^"]+)">(?P<text>[^<]*)</a>')
HEAD_ROW = 4


@pytest.fixture
def covered(world, school_agreement):
    """Schools of three districts. With a twin on 31/12/2025: a, b, c, d and the member `beside`; without: e, `small`
    and `founded`. Not there on that day: `closed` and `gone`."""
    a, b, c, d = world.school_a, world.school_b, world.school_c, world.school_d

    def school(name, level, district, **fields):
        return School.objects.create(code=name, name=name, level=level, district=district, **fields)

    world.e = school("THCS Ngọc Hồi", "thcs", world.thanh_tri)
    world.small = school("Mầm non Hoa Mai", "mn", world.ba_dinh)
    world.beside = school("Liên cấp Ba Đình", "lien_cap", world.ba_dinh)
    world.founded = school("THCS Mới", "thcs", world.chuong_my, valid_from=date(2025, 9, 1))
    world.closed = school("THCS Đã đóng", "thcs", world.chuong_my, valid_to=date(2024, 9, 30))
    world.gone = school("THCS Đã nhập", "thcs", world.chuong_my, valid_to=date(2025, 5, 31), merged_into=b)
    Agreement.objects.filter(pk=school_agreement.pk).update(ends_on=LAST)
    world.busy = school_agreement
    an_activity(world, {a: 10, b: 6}, date(2025, 10, 10), agreement=world.busy)
    world.silent = school_pair(world, a, c, date(2023, 5, 5), tier="subject", subject=world.toan, direction="one_way")
    an_activity(world, {a: 3, c: 4}, date(2023, 10, 2), agreement=world.silent)
    an_activity(world, {a: 3, c: 4}, date(2025, 11, 2), agreement=world.silent, status="cancelled")
    AgreementMember.objects.create(
        agreement=world.silent, side="supported", district=world.ba_dinh, school=world.beside
    )
    AgreementMember.objects.create(agreement=world.silent, side="supporting", district=world.thanh_tri)
    world.new = school_pair(world, d, b, date(2025, 11, 3))
    school_pair(world, world.e, world.closed, date(2023, 9, 5), status="ended", ended_on=date(2024, 9, 30))
    school_pair(world, world.e, world.gone, date(2024, 9, 5), ends_on=date(2025, 5, 31), status="expired")
    school_pair(world, c, world.small, date(2025, 10, 1), status="waiting")
    return world


def coverage_of(world, unit=None, day=LAST, **kinds):
    return Coverage(world.programme, unit or world.so, day, **kinds)


def listed(client, url):
    """The rows of the list at `url`, whatever their number."""
    response = client.get(html.unescape(url), headers={"HX-Request": "true"})
    assert response.status_code == 200
    return {row.pk for row in response.context_data["table"].data.data}, response


def numbers_of(page):
    """[(number, URL)] of every number on the page that leads to a list."""
    body = page.content.decode()
    body = body[body.index('<div class="figures">') :]
    found = [(match["text"], match["url"]) for match in LINK.finditer(body)]
    return [
        (int(re.search(r"[\d.]+", text)[0].replace(".", "")), url)
        for text, url in found
        if re.match(r"/(truong|giao-uoc)/\?", url)
    ]


# --- Counts ---------------------------------------------------------------------------------------------------------


def test_who_has_a_twin(covered, as_user, so):
    world, client = covered, as_user(so)
    without, _page = listed(client, "/truong/?cap_doi=chua")
    assert without == {world.e.pk, world.small.pk, world.founded.pk}
    twinned, _page = listed(client, "/truong/?cap_doi=co")
    assert twinned == {s.pk for s in (world.school_a, world.school_b, world.school_c, world.school_d, world.beside)}
    every, _page = listed(client, "/truong/?cap_doi=thuoc-dien")
    assert every == without | twinned


def test_an_earlier_day(covered, as_user, so):
    """On 31/8/2024: what was closed since is there, what was founded since is not; the pair of e is in effect."""
    world, client = covered, as_user(so)
    without, _page = listed(client, "/truong/?cap_doi=chua&ngay=2024-08-31")
    assert without == {world.school_d.pk, world.small.pk, world.gone.pk}
    whole = coverage_of(world, day=date(2024, 8, 31)).whole
    assert (whole.all.schools, whole.all.without, whole.pairs) == (9, 3, 3)


def test_pairs_and_helpers(covered, as_user, so):
    world, client = covered, as_user(so)
    assert listed(client, "/giao-uoc/?cap_doi=co")[0] == {world.busy.pk, world.silent.pk, world.new.pk}
    assert listed(client, "/giao-uoc/?mot_chieu=1")[0] == {world.silent.pk}
    # `new` was signed two months ago: nobody can say it has been silent for twelve.
    silent, page = listed(client, "/giao-uoc/?im_lang=12")
    assert silent == {world.silent.pk}
    assert "2/10/2023" in page.content.decode()
    assert listed(client, "/giao-uoc/?im_lang=3")[0] == {world.silent.pk}
    # a helps b, c and the school beside c; d helps b only.
    helpers, page = listed(client, "/truong/?giup_nhieu=3")
    assert helpers == {world.school_a.pk}
    assert re.search(r'data-label="Đang giúp">\s*3\s*<', page.content.decode())
    assert listed(client, "/truong/?giup_nhieu=4")[0] == set()


def test_an_activity_on_the_first_day_of_silence_does_not_break_it(covered, as_user, so):
    """Twelve months before 31/12/2025 is 31/12/2024: what was held that day was before."""
    world, client = covered, as_user(so)
    an_activity(world, {world.school_a: 3}, date(2024, 12, 31), agreement=world.silent)
    assert listed(client, "/giao-uoc/?im_lang=12")[0] == {world.silent.pk}
    an_activity(world, {world.school_a: 3}, date(2025, 1, 1), agreement=world.silent)
    assert listed(client, "/giao-uoc/?im_lang=12")[0] == set()
    assert listed(client, "/giao-uoc/?im_lang=6")[0] == {world.silent.pk}


def test_levels_that_do_not_take_part_are_left_out(covered, as_user, so):
    Programme.objects.filter(pk=covered.programme.pk).update(school_levels=["thcs", "th"])
    page = as_user(so).get(URL)
    assert [level.value for level in page.context["coverage"].levels] == ["th", "thcs"]
    assert page.context["coverage"].whole.all.without == 2  # the preschool is gone
    without, _page = listed(as_user(so), "/truong/?cap_doi=chua")
    assert without == {covered.e.pk, covered.founded.pk}


# --- The page and its lists -----------------------------------------------------------------------------------------


def check_numbers(client, url):
    numbers = numbers_of(client.get(url))
    assert len(numbers) > 10
    for number, url in set(numbers):
        assert len(listed(client, url)[0]) == number, url


@pytest.mark.parametrize("query", ["?giup=3", "?ngay=2024-08-31&thang=6&xep=thieu"])
@pytest.mark.parametrize("who", ["so", "quan_tri", "phong_thanh_tri", "phong_chuong_my"])
def test_each_number_is_the_number_of_rows_behind_it(covered, as_user, request, who, query):
    check_numbers(as_user(request.getfixturevalue(who)), URL + query)


@pytest.mark.parametrize("lens", Lens)
@pytest.mark.parametrize("query", ["?giup=3", "?ngay=2024-08-31&thang=6"])
def test_each_number_is_that_of_its_rows_under_each_lens(covered, as_user, so, lens, query):
    reform(covered)
    check_numbers(as_user(so), f"{URL}{query}&theo={lens.value}")


def test_leaders_and_readers_see_what_the_department_sees(covered, as_user, so, lanh_dao, chi_xem):
    seen = [numbers_of(as_user(person).get(URL)) for person in (so, lanh_dao, chi_xem)]
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("day", [LAST, date(2024, 8, 31)])
def test_totals_are_the_same_under_each_lens(covered, day):
    reform(covered)
    wholes = []
    for lens in Lens:
        coverage = coverage_of(covered, day=day, lens=lens, months=3)
        whole, rows = coverage.whole, coverage.rows
        for at in range(len(coverage.levels)):
            for count in ("schools", "without"):
                assert sum(getattr(row.cells[at], count) for row in rows) == getattr(whole.cells[at], count)
        assert sum(row.all.without for row in rows) == whole.all.without
        assert sum(row.helpers for row in rows) == whole.helpers
        # A pair stands with one unit or two.
        for count in ("pairs", "silent", "one_way"):
            assert getattr(whole, count) <= sum(getattr(row, count) for row in rows) <= 2 * getattr(whole, count)
        cells = [(cell.label, cell.schools, cell.without) for cell in whole.shown]
        wholes.append((cells, whole.pairs, whole.silent, whole.one_way, whole.helpers))
    assert wholes[0] == wholes[1] == wholes[2]
    assert wholes[0][1] == 3


def test_units_then_are_those_of_the_day(covered):
    reform(covered)
    names = {row.name for row in coverage_of(covered, day=date(2024, 8, 31), lens=Lens.THEN).rows}
    assert names == {"huyện Thanh Trì", "huyện Chương Mỹ", "quận Ba Đình"}
    now = {row.name: row.all.schools for row in coverage_of(covered, lens=Lens.NOW).rows}
    assert now["xã Đại Thanh"] == 1
    # The school founded after the reform was moved by nobody: it stays with the unit written on it.
    assert {"xã Quảng Bị", "xã Phú Nghĩa", "phường Ba Đình"} < set(now)


def test_a_district_sees_its_own_schools_only(covered, as_user, phong_chuong_my):
    page = as_user(phong_chuong_my).get(URL)
    coverage = page.context["coverage"]
    assert [row.unit for row in coverage.rows] == [covered.chuong_my]
    assert (coverage.whole.all.without, coverage.whole.all.schools) == (1, 3)
    assert coverage.whole.pairs == 2
    assert "1 trên 3 trường chưa có cặp; nhiều nhất: THCS (1 trên 2)" in page.content.decode()
    assert "Thanh Trì" not in page.content.decode()


def test_an_officer_of_a_commune_sees_what_the_commune_manages(covered, as_user, person):
    new = reform(covered)
    page = as_user(officer(person, new.quang_bi)).get(URL)
    assert [row.unit for row in page.context["coverage"].rows] == [new.quang_bi]
    assert "Xem theo" in page.content.decode()


def test_the_finding_and_the_day_are_said(covered, as_user, so, time_machine):
    page = as_user(so).get(URL).content.decode()
    assert "3 trên 8 trường chưa có cặp; tỷ lệ có cặp thấp nhất: huyện Thanh Trì (1 trên 2)" in page
    assert "Tính đến ngày 31/12/2025" in page
    assert "Phong trào đã kết thúc ngày 31/12/2025" in page
    time_machine.move_to("2025-03-03 09:00+07:00")
    page = as_user(so).get(URL).content.decode()
    assert "Tính đến ngày 3/3/2025" in page
    assert "đã kết thúc" not in page


def test_everybody_has_a_twin_or_nobody_is_there(world, as_user, so):
    Programme.objects.filter(pk=world.programme.pk).update(school_levels=["thpt"])
    assert "Chưa có trường nào thuộc diện kết nghĩa" in as_user(so).get(URL).content.decode()
    Programme.objects.filter(pk=world.programme.pk).update(school_levels=["th"])
    school_pair(world, world.school_d, world.school_a, date(2024, 5, 5))
    assert "Cả 1 trường đều đã có cặp" in as_user(so).get(URL).content.decode()


def test_what_is_no_choice_falls_back(covered, as_user, so):
    page = as_user(so).get(URL + "?thang=7&giup=x&ngay=2031-01-01&theo=khac&xep=")
    coverage = page.context["coverage"]
    assert (coverage.months, coverage.many, coverage.day, coverage.lens) == (12, 2, LAST, Lens.NOW)


def test_worst_first(covered, as_user, so):
    rows = as_user(so).get(URL + "?xep=thieu").context["rows"]
    missing = [row.all.without for row in rows]
    assert missing == sorted(missing, reverse=True)


def test_a_school_is_told_nothing_of_the_others(covered, as_user, hieu_truong_a, can_bo):
    for person in (hieu_truong_a, can_bo):
        client = as_user(person)
        assert client.get(URL).status_code == 404
        assert URL not in client.get("/").content.decode()


def test_readers_of_a_district(covered, as_user, person):
    reader = person("doc", Role.READER, district=covered.thanh_tri)
    page = as_user(reader).get(URL)
    assert [row.unit for row in page.context["coverage"].rows] == [covered.thanh_tri]
    # who only reads is not offered to look for a twin
    assert "/goi-y/" not in as_user(reader).get("/truong/?cap_doi=chua").content.decode()


def test_another_province_counts_its_own(covered, as_user, nguoi_tinh_khac):
    page = as_user(nguoi_tinh_khac).get(URL)
    assert page.context["coverage"].whole.all.schools == 0
    assert "Thanh Trì" not in page.content.decode()


def test_the_menu_leads_there(covered, as_user, so):
    client = as_user(so)
    assert f'href="{URL}"' in client.get("/").content.decode()
    assert client.get("/phan-tich/").url == URL


def test_twenty_of_everything_take_as_many_queries_as_one(covered, as_user, so):
    world, client = covered, as_user(so)

    def add(count):
        for _n in range(count):
            n = School.objects.count()
            unit = District.objects.create(
                department=world.so, code=f"d{n}", name=f"Quận {n}", kind="quan", zone="inner", office_name="Phòng"
            )
            one, other = (
                School.objects.create(code=f"{n}{i}", name=f"THCS {n}{i}", level="thcs", district=unit) for i in "ab"
            )
            pair = school_pair(world, one, world.school_b, date(2023, 4, 15), direction="one_way")
            AgreementMember.objects.create(agreement=pair, side="supported", district=unit, school=other)

    def read(response):
        assert response.status_code == 200
        return b"".join(response)

    def queries(url):
        read(client.get(url))
        with CaptureQueriesContext(connection) as seen:
            read(client.get(url))
        return [query["sql"] for query in seen]

    urls = [URL, URL + "?_export=xlsx", "/truong/?cap_doi=chua", "/truong/?giup_nhieu=2", "/giao-uoc/?im_lang=12"]
    add(1)
    few = {url: queries(url) for url in urls}
    add(19)
    for url in urls:
        many = queries(url)
        assert len(many) == len(few[url]), (url, set(many) - set(few[url]))


# --- Workbook -------------------------------------------------------------------------------------------------------


def workbook_of(client, query=""):
    response = client.get(f"{URL}?_export=xlsx{query}")
    assert "bao-phu-ket-nghia" in response["Content-Disposition"]
    return openpyxl.load_workbook(io.BytesIO(b"".join(response)))


@pytest.mark.parametrize("who", ["so", "phong_chuong_my"])
def test_the_workbook_says_what_the_page_says(covered, as_user, request, who):
    client = as_user(request.getfixturevalue(who))
    page = client.get(URL + "?thang=3&giup=3").context
    book = workbook_of(client, "&thang=3&giup=3")
    assert book.sheetnames == ["Tổng quan", "Chưa có cặp", "Cặp im lặng", "Trường giúp nhiều", "Cặp một chiều"]
    coverage, whole = page["coverage"], page["coverage"].whole
    sheet = book["Tổng quan"]
    assert sheet["A1"].value == coverage.finding
    assert "31/12/2025" in sheet["A2"].value
    heads = [cell.value for cell in sheet[HEAD_ROW]]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD_ROW + 1)]
    assert [row[0] for row in rows] == [*(row.name for row in coverage.rows), "Tất cả"]
    total = dict(zip(heads, rows[-1], strict=True))
    assert total["Trường thuộc diện"] == whole.all.schools
    assert total["Chưa có cặp"] == whole.all.without
    assert total["Tỷ lệ chưa có cặp"] == pytest.approx(whole.all.without / whole.all.schools)
    assert total["THCS: chưa có cặp"] == next(cell.without for cell in whole.cells if cell.label == "THCS")
    counts = {"Chưa có cặp": whole.all.without, "Cặp im lặng": whole.silent}
    counts |= {"Trường giúp nhiều": whole.helpers, "Cặp một chiều": whole.one_way}
    for name, count in counts.items():
        assert book[name].max_row - HEAD_ROW == count, name


def test_the_lists_in_the_workbook_name_their_filters(covered, as_user, so):
    book = workbook_of(as_user(so), "&ngay=2024-08-31")
    sheet = book["Chưa có cặp"]
    assert sheet["A1"].value == "Trường chưa có cặp"
    assert "Kết nghĩa: chưa có cặp" in sheet["A2"].value
    assert "Tính đến ngày: 31/8/2024" in sheet["A2"].value
    assert {row[0].value for row in sheet.iter_rows(min_row=HEAD_ROW + 1)} == {
        "Tiểu học Đại Yên",
        "Mầm non Hoa Mai",
        "THCS Đã nhập",
    }
    heads = [cell.value for cell in book["Trường giúp nhiều"][HEAD_ROW]]
    assert heads[-1] == "Đang giúp"
    assert "Thao tác" not in heads
    silent = [[cell.value for cell in row] for row in workbook_of(as_user(so))["Cặp im lặng"].iter_rows()]
    assert silent[HEAD_ROW - 1][-1] == "Hoạt động gần nhất"
    assert silent[HEAD_ROW][-1].date() == date(2023, 10, 2)


def test_the_first_school_of_the_reform_day(covered):
    """The day the units change is of the new ones already."""
    reform(covered)
    coverage = coverage_of(covered, day=FIRST, lens=Lens.THEN)
    assert "xã Đại Thanh" in {row.name for row in coverage.rows}
    assert reverse("coverage") == URL
