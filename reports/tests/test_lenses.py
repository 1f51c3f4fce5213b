"""Figures, dashboards and reports before and after the reform of 2025: one set of rows, three lenses, equal totals."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import ActivitySchool, Support
from activities.tests.recording import a_gift, an_activity
from reports import breakdowns
from reports.content import report_content
from reports.figures import RULES
from reports.models import Report, ReportingPeriod
from reports.scope import Scope
from reports.tests.test_dashboard import chart_of, figures_on
from reports.tests.test_figures import follow, school_pair
from twinning.lens import Lens
from twinning.models import Agreement, District, School, SchoolName
from twinning.tests.reform import FIRST, commune, end, move, officer, reform

MILLION = 10**6
YEARS = [2023, 2024, 2025, None]


@pytest.fixture
def mixed(world, district_agreement, school_agreement):
    """Rows of schools and offices before and after the reform, a merged school, a school founded later, a unit that
    moved again. Returns the new units."""
    a, b, c, d = world.school_a, world.school_b, world.school_c, world.school_d
    gone = School.objects.create(code="x1", name="THCS Đã nhập", level="thcs", district=world.chuong_my)
    school_pair(world, a, gone, date(2023, 5, 5))
    school_pair(world, c, d, date(2024, 10, 10))
    seminar = an_activity(world, {a: (24, 2, 0), b: (12, 0, 40)}, date(2023, 10, 20), agreement=school_agreement)
    conference = an_activity(
        world,
        {world.thanh_tri: (3, 1, 0), world.ba_dinh: 1, a: 5, gone: 9},
        date(2024, 11, 5),
        agreement=district_agreement,
    )
    seminar.units.get(school=a).name_teachers([("Lê Thị Ví Dụ", "chair"), ("Nguyễn Văn Mẫu", "demo")])
    conference.units.get(school=gone).name_teachers([("Trần Thị Thí", "attend")])
    a_gift(world, a, b, 6 * MILLION, date(2023, 10, 20))
    a_gift(world, world.ba_dinh, gone, 2 * MILLION, date(2024, 12, 1))
    new = reform(world)
    # Merged before the reform: its own unit ended with it and nobody moved it.
    School.objects.filter(pk=gone.pk).update(merged_into=b, valid_to=date(2025, 5, 31))
    for school in (a, b, c, d):
        school.refresh_from_db()
    founded = School.objects.create(code="x2", name="THCS Mới", level="thcs", district=new.quang_bi, valid_from=FIRST)
    school_pair(world, a, founded, date(2025, 9, 9))
    late = an_activity(world, {a: 4, d: 6, founded: 2, new.dai_thanh: (1, 1, 0)}, date(2025, 10, 8))
    late.units.get(school=a).name_teachers([("Lê Thị Ví Dụ", "attend")])
    a_gift(world, founded, a, 300_000, date(2025, 10, 8))
    a_gift(world, new.xa_thanh_tri, d, 400_000, date(2025, 10, 9))
    again = commune(world, "20001", "Tân Lập", first=date(2026, 1, 1))
    move(d, again, day=date(2026, 1, 1), last=date(2025, 12, 31))
    new.again, new.gone, new.founded = again, gone, founded
    return new


def scope_of(world, unit, year, lens):
    return Scope(world.programme, unit, year, lens=lens)


def values(scope):
    return {key: figure.value for key, figure in scope.figures().items()}


# --- Totals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lens", Lens)
@pytest.mark.parametrize("year", YEARS)
def test_units_add_up_to_the_whole_under_each_lens(world, mixed, year, lens):
    whole = scope_of(world, world.so, year, lens)
    figures, rows = values(whole), breakdowns.by_unit(whole)
    assert sum(row.schools for row in rows) == figures["schools_signed"]
    assert sum(row.teacher_turns for row in rows) == figures["teacher_turns"]
    assert sum(row.support_vnd for row in rows) == figures["support_vnd"]
    units = [values(scope_of(world, unit, year, lens)) for unit in District.objects.all()]
    outside = [row for row in rows if row.unit is None]
    assert len(outside) <= (lens == Lens.OLD)
    for key in ("schools_signed", "teacher_turns"):
        extra = {"schools_signed": "schools"}.get(key, key)
        assert sum(unit[key] for unit in units) + sum(getattr(row, extra) for row in outside) == figures[key], key
    # Whoever took part under two units is a person of both of them then.
    if lens == Lens.NOW or (lens == Lens.THEN and year):
        for key in ("teachers_named", "pupil_turns"):
            assert sum(unit[key] for unit in units) == figures[key], key


@pytest.mark.parametrize("year", YEARS)
def test_the_whole_does_not_depend_on_the_lens(world, mixed, year):
    first, *others = [values(scope_of(world, world.so, year, lens)) for lens in Lens]
    assert others == [first, first]


@pytest.mark.parametrize("lens", Lens)
def test_every_row_is_of_exactly_one_unit(world, mixed, lens):
    units = scope_of(world, world.so, None, lens).units
    keys = [None, *District.objects.values_list("pk", flat=True)]
    for model, school, district in (
        (ActivitySchool, "school", "district"),
        (Support, "giver_school", "giver_district"),
        (Support, "receiver_school", "receiver_district"),
        (Agreement, "supporting_school", "supporting_district"),
        (Agreement, "supported_school", "supported_district"),
    ):
        groups = [
            set(model.objects.filter(units.belongs(key, school, district)).values_list("pk", flat=True)) for key in keys
        ]
        assert sum(map(len, groups)) == model.objects.count() == len(set().union(*groups)), (model, school)
        # The expression says the same as the condition.
        said = dict(model.objects.annotate(of=units.unit(school, district)).values_list("pk", "of"))
        assert said == {pk: key for key, group in zip(keys, groups, strict=True) for pk in group}


def by_name(world, year, lens):
    rows = breakdowns.by_unit(scope_of(world, world.so, year, lens))
    return {row.name: (row.schools, row.activities, row.teacher_turns, row.support_vnd) for row in rows}


def test_the_same_years_under_three_lenses(world, mixed):
    assert by_name(world, 2023, Lens.THEN) == {
        "huyện Chương Mỹ": (2, 1, 12, 0),
        "huyện Thanh Trì": (1, 1, 24, 6 * MILLION),
    }
    assert by_name(world, 2023, Lens.NOW) == {
        "xã Đại Thanh": (1, 1, 24, 6 * MILLION),
        "xã Quảng Bị": (2, 1, 12, 0),
    }
    assert by_name(world, 2023, Lens.OLD) == by_name(world, 2023, Lens.THEN)
    assert by_name(world, 2025, Lens.OLD) == {
        "huyện Chương Mỹ": (2, 1, 6, 0),
        "huyện Thanh Trì": (1, 1, 4, 0),
        "quận Ba Đình": (1, 0, 0, 0),
        "không thuộc quận, huyện cũ": (1, 1, 3, 700_000),
    }
    now = by_name(world, 2025, Lens.NOW)
    assert now["xã Tân Lập"] == (1, 1, 6, 0)
    assert now["xã Quảng Bị"] == (2, 1, 2, 300_000)
    assert now["phường Ba Đình"] == (1, 0, 0, 0)
    assert by_name(world, 2025, Lens.THEN)["xã Phú Nghĩa"] == (0, 1, 6, 0)


def test_the_one_successor_has_the_rows_of_the_office(world, mixed):
    """Ba Đình has one, Thanh Trì has several."""
    assert by_name(world, 2024, Lens.NOW)["phường Ba Đình"] == (1, 1, 1, 2 * MILLION)
    assert by_name(world, 2024, Lens.NOW)["huyện Thanh Trì (đến 30/6/2025)"] == (0, 1, 3, 0), "it stays itself"


def test_before_the_reform_all_lenses_are_one(world, school_agreement, district_agreement, activity, support):
    tables = [by_name(world, None, lens) for lens in Lens]
    assert (
        tables[0]
        == tables[1]
        == tables[2]
        == {
            "huyện Chương Mỹ": (1, 1, 12, 0),
            "huyện Thanh Trì": (1, 1, 24, 6 * MILLION),
        }
    )


def test_a_scope_under_a_lens_says_what_the_table_says(world, mixed):
    for lens in Lens:
        for row in breakdowns.by_unit(scope_of(world, world.so, None, lens)):
            if row.unit:
                figures = values(scope_of(world, row.unit, None, lens))
                assert figures["schools_signed"] == row.schools
                assert figures["activities_held"] == row.activities
                assert figures["teacher_turns"] == row.teacher_turns


def test_a_commune_has_the_whole_history_of_its_schools(world, mixed):
    figures = values(scope_of(world, mixed.quang_bi, None, Lens.NOW))
    assert figures == dict(zip(RULES, (3, 3, 3, 23, 1, 40, 8_300_000), strict=True))


# --- Figures lead to their rows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lens", Lens)
@pytest.mark.parametrize("year", [2025, None])
def test_each_number_of_the_table_leads_to_its_rows(world, mixed, so, as_user, lens, year):
    client = as_user(so)
    rows = breakdowns.by_unit(scope_of(world, world.so, year, lens))
    assert rows
    for row in rows:
        for key in ("schools", "activities"):
            if getattr(row, key):
                found = client.get(row.links[key]).context["table"].data
                assert len(found) == getattr(row, key), (row.name, key)
        gifts = client.get(row.links["support_vnd"]).context["table"].data
        assert sum(gift.value_vnd for gift in gifts) == row.support_vnd, row.name


@pytest.mark.parametrize("lens", [Lens.NOW, Lens.THEN])
@pytest.mark.parametrize("year", [2025, None])
@pytest.mark.parametrize("unit", ["dai_thanh", "quang_bi", "phuong_ba_dinh", "phu_nghia"])
def test_the_figures_of_a_commune_lead_to_its_rows(world, mixed, person, as_user, unit, year, lens):
    unit = getattr(mixed, unit)
    client = as_user(officer(person, unit))
    scope = scope_of(world, unit, year, lens)
    figures, behind = scope.figures(), scope.rows_behind()
    for key in ("schools_signed", "agreements_live", "activities_held", "support_vnd"):
        assert sorted(row.pk for row in follow(client, figures[key])) == behind[key], key
        assert len(behind[key]) == figures[key].value or key == "support_vnd"


def test_a_figure_of_a_month_carries_the_lens(world, mixed, person, as_user):
    page = as_user(officer(person, mixed.dai_thanh)).get(reverse("dashboard"), {"nam": 2025, "theo": "thoi-diem"})
    [datum] = chart_of(page, "monthly")["data"]["values"]
    assert "theo=thoi-diem" in datum["href"]


# --- Dashboards -----------------------------------------------------------------------------------------------------


def test_the_department_switches_the_lens(mixed, so, as_user):
    client = as_user(so)
    seen = {}
    for lens in Lens:
        page = client.get(reverse("dashboard"), {"nam": 2023, "theo": lens.value})
        html = page.content.decode()
        assert re.search(r'aria-current="true" href="\?nam=2023&amp;theo=' + lens.value, html)
        table = re.search(r'id="unit-table">(.*?)</table>', html, re.DOTALL)[1]
        seen[lens] = re.findall(r'<td data-label="">(?:<a[^>]*>)?([^<]+)', table)
        assert {datum["unit"] for datum in chart_of(page, "units-chart")["data"]["values"]} <= set(seen[lens])
        assert figures_on(page) == figures_on(client.get(reverse("dashboard"), {"nam": 2023}))
    assert seen[Lens.NOW] == ["xã Đại Thanh", "xã Quảng Bị"]
    assert seen[Lens.THEN] == seen[Lens.OLD] == ["huyện Chương Mỹ", "huyện Thanh Trì"]


def test_the_year_keeps_the_lens(mixed, so, as_user):
    html = as_user(so).get(reverse("dashboard"), {"theo": "quan-huyen-cu"}).content.decode()
    assert '<input type="hidden" name="theo" value="quan-huyen-cu">' in html


def test_nothing_to_switch_before_a_unit_ended(activity, so, as_user):
    page = as_user(so).get(reverse("dashboard"))
    assert "lens-switch" not in page.content.decode()
    assert len(page.context["units"]) == 2


def test_a_commune_officer_opens_on_the_whole_history(world, mixed, person, as_user):
    client = as_user(officer(person, mixed.dai_thanh))
    page = client.get(reverse("dashboard"), {"nam": 2023})
    assert "<h1>UBND xã Đại Thanh</h1>" in page.content.decode()
    assert "Chờ UBND xã xử lý" in page.content.decode()
    assert figures_on(page)["teacher_turns"] == 24
    assert figures_on(client.get(reverse("dashboard"), {"nam": 2023, "theo": "thoi-diem"}))["teacher_turns"] == 0
    assert "địa bàn quận, huyện cũ" not in page.content.decode()
    odd = client.get(reverse("dashboard"), {"nam": 2023, "theo": "quan-huyen-cu"})
    assert figures_on(odd)["teacher_turns"] == 24, "no lens of hers: the usual one"


def test_an_old_officer_has_no_dashboard(world, phong_thanh_tri, as_user):
    reform(world)
    assert "data-figure" not in as_user(phong_thanh_tri).get(reverse("dashboard")).content.decode()


@pytest.mark.parametrize("lens", Lens)
def test_the_dashboard_takes_as_many_queries_for_more_units(world, mixed, so, as_user, lens):
    client = as_user(so)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("dashboard"), {"nam": 2025, "theo": lens.value}).status_code == 200
        return [query["sql"] for query in seen]

    queries()
    few = queries()
    for n in range(15):
        unit = commune(world, f"30{n}", f"Xã {n}")
        school = School.objects.create(code=f"m{n}", name=f"THCS {n}", level="thcs", district=unit)
        merged = School.objects.create(code=f"n{n}", name=f"TH {n}", level="th", district=unit, merged_into=school)
        school_pair(world, world.school_a, school, date(2025, 9, 9))
        an_activity(world, {school: 3, merged: 2, unit: 1}, date(2025, 10, 8))
        a_gift(world, merged, school, 5, date(2025, 10, 8))
        ended = commune(world, f"40{n}", f"Xã cũ {n}", first=date(2024, 1, 1))
        end(ended, unit)
    many = queries()
    assert len(many) == len(few), [sql for sql in many if sql not in few]


def test_the_chart_stops_at_twenty_units_and_says_so(world, so, as_user):
    for n in range(25):
        unit = commune(world, f"30{n}", f"Số {n}", first=date(2022, 1, 1))
        an_activity(world, {unit: n + 1})
    page = as_user(so).get(reverse("dashboard"), {"nam": 2023})
    assert len(chart_of(page, "units-chart")["data"]["values"]) == 20
    assert "biểu đồ vẽ 20 đơn vị đầu" in page.content.decode()
    assert len(page.context["units"]) == 25


# --- Reports --------------------------------------------------------------------------------------------------------


def open_period(world, year, cut_off_on):
    period = ReportingPeriod.objects.create(
        programme=world.programme, school_year=year, cut_off_on=cut_off_on, due_on=cut_off_on, required_sections=[]
    )
    period.open()
    return period


def units_of(period):
    return {str(report.unit) for report in period.reports.all()}


def test_reports_go_to_the_units_of_the_day_of_cut_off(world, mixed):
    before = open_period(world, 2023, date(2024, 5, 31))
    assert units_of(before) == {
        "Sở GD&ĐT Hà Nội",
        "huyện Thanh Trì",
        "huyện Chương Mỹ",
        "THCS Tả Thanh Oai",
        "THCS Đại Yên",
        "THCS Đã nhập",
    }
    after = open_period(world, 2025, date(2026, 5, 31))
    assert units_of(after) == {
        "Sở GD&ĐT Hà Nội",
        "xã Đại Thanh",
        "xã Quảng Bị",
        "phường Ba Đình",
        "xã Tân Lập",
        "THCS Tả Thanh Oai",
        "THCS Phúc Xá",
        "Tiểu học Đại Yên",
        "THCS Mới",
    }
    assert after.open() == 0, "once"


@pytest.fixture
def renamed(world, mixed):
    """School A has a new name since; 2023-2024 was under the old one."""
    SchoolName.objects.create(school=world.school_a, name="THCS Tả Thanh Oai", valid_to=date(2025, 8, 31))
    School.objects.filter(pk=world.school_a.pk).update(name="THCS Đại Thanh Mới")


def texts(content):
    """Everything printed, as one string."""
    parts = [content["issuer"], content["superior"], content["opening"], content["addressee"]]
    parts += [p["text"] for c in content["chapters"] for s in c["sections"] for p in s["paragraphs"]]
    parts += [str(cell) for annex in content["annexes"] for row in annex["rows"] for cell in row["cells"]]
    return "\n".join(parts)


@pytest.mark.parametrize("unit", ["so", "thanh_tri", "school_a"])
def test_a_report_prints_names_and_units_of_its_time(world, renamed, unit):
    period = open_period(world, 2023, date(2024, 5, 31))
    unit = getattr(world, unit)
    report = period.reports.get(**{type(unit)._meta.model_name: unit})
    printed = texts(report_content(report))
    assert "THCS Tả Thanh Oai" in printed
    assert "Đại Thanh Mới" not in printed
    assert "xã " not in printed
    if unit == world.school_a:
        assert "TRƯỜNG THCS TẢ THANH OAI" in printed
        assert "Phòng Giáo dục và Đào tạo huyện Thanh Trì" in printed


def test_a_later_report_prints_the_new_ones(world, renamed):
    report = open_period(world, 2025, date(2026, 5, 31)).reports.get(school=world.school_a)
    printed = texts(report_content(report))
    assert "TRƯỜNG THCS ĐẠI THANH MỚI" in printed
    assert "UBND XÃ ĐẠI THANH" in printed


def test_a_report_of_a_district_says_what_the_page_says(world, mixed, so, as_user):
    report = open_period(world, 2023, date(2024, 5, 31)).reports.get(district=world.thanh_tri)
    page = as_user(so).get(report.get_absolute_url())
    assert figures_on(page)["teacher_turns"] == report_content(report)["figures"]["teacher_turns"]["value"] == 24
    for key in ("schools_signed", "activities_held", "support_vnd"):
        figure = page.context["figures"][key]
        assert "theo=thoi-diem" in figure.url
        assert [row.pk for row in follow(as_user(so), figure)] == report_content(report)["figures"][key]["ids"]


def test_a_pair_keeps_its_sides_when_its_schools_come_under_communes(world, district_agreement, school_agreement):
    """An activity of the autumn after the reform, under the agreement of before it."""
    new = reform(world)
    Agreement.objects.filter(pk=school_agreement.pk).update(ends_on=date(2025, 12, 31))
    for school in (world.school_a, world.school_b):
        school.refresh_from_db()
    an_activity(world, {world.school_a: 5, world.school_b: 7}, date(2025, 10, 8), agreement=school_agreement)
    period = open_period(world, 2025, date(2026, 5, 31))
    [row, *_more] = next(
        annex for annex in report_content(period.reports.get(department=world.so))["annexes"] if annex["key"] == "pairs"
    )["rows"]
    assert row["cells"][1:] == ["Thanh Trì – Chương Mỹ", 2, 1, 1, 5, 7, 12]
    [row, *_more] = next(
        annex
        for annex in report_content(period.reports.get(district=new.dai_thanh))["annexes"]
        if annex["key"] == "pairs"
    )["rows"]
    assert row["cells"][-3:] == [5, 7, 12], "of the commune, of its partner, of both"


def test_schools_are_counted_where_they_were_on_the_day(world, mixed):
    report = open_period(world, 2023, date(2024, 5, 31)).reports.get(district=world.chuong_my)
    assert "huyện Chương Mỹ có 3 trường" in texts(report_content(report))
    later = open_period(world, 2025, date(2026, 5, 31)).reports.get(district=mixed.quang_bi)
    assert "xã Quảng Bị có 2 trường" in texts(report_content(later))


def test_a_commune_reviews_the_report_of_its_school(world, mixed, person, hieu_truong_a, as_user):
    report = open_period(world, 2025, date(2026, 5, 31)).reports.get(school=world.school_a)
    here, elsewhere = officer(person, mixed.dai_thanh), officer(person, mixed.xa_thanh_tri)
    as_user(hieu_truong_a).post(reverse("report_action", args=[report.pk, "trinh"]))
    assert here.notifications.count() == 1
    assert Report.objects.waiting_for(here).get(status="submitted") == report
    assert as_user(elsewhere).get(report.get_absolute_url()).status_code == 404
    as_user(here).post(reverse("report_action", args=[report.pk, "duyet"]))
    report.refresh_from_db()
    assert report.status == "approved"


def test_an_old_report_waits_for_the_commune_of_today(world, period, hieu_truong_a, phong_thanh_tri, person, as_user):
    """Submitted to the old office, approved after the reform."""
    report = period.reports.get(school=world.school_a)
    as_user(hieu_truong_a).post(reverse("report_action", args=[report.pk, "trinh"]))
    new = reform(world)
    assert as_user(phong_thanh_tri).get(report.get_absolute_url()).status_code == 404
    page = as_user(officer(person, new.dai_thanh)).post(
        reverse("report_action", args=[report.pk, "tra-lai"]), {"note": "Ghi rõ số."}
    )
    assert page.status_code == 302
    report.refresh_from_db()
    assert report.status == "returned"
