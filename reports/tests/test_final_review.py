"""The final review of a phase: school years beside each other, targets against results, indicators of both sides."""

from datetime import date

import pytest

from activities.models import Activity, ActivitySchool, Support
from reports.content import report_content
from reports.models import Report, ReportingPeriod
from reports.scope import Scope
from reports.tests.reading import plain, squeezed
from twinning.models import Indicator, IndicatorValue, Target


def held(world, day, turns):
    activity = Activity.objects.create(
        programme=world.programme,
        agreement=world.school_agreement,
        kind=world.kind,
        title=f"Chuyên đề ngày {day}",
        held_on=day,
        status="confirmed",
    )
    for school, district, n in ((world.school_a, world.thanh_tri, turns), (world.school_b, world.chuong_my, 5)):
        ActivitySchool.objects.create(activity=activity, school=school, district=district, teacher_turns=n)
    activity.store_totals()
    return activity


def given(world, day, value, **more):
    return Support.objects.create(
        programme=world.programme,
        agreement=world.school_agreement,
        giver_school=world.school_a,
        giver_district=world.thanh_tri,
        receiver_school=world.school_b,
        receiver_district=world.chuong_my,
        title="Học bổng",
        value_vnd=value,
        pledged_on=day,
        delivered_on=day,
        status="received",
        **more,
    )


@pytest.fixture
def phase(small_world):
    """Four school years of work, the last one cut short (1, 1, 2 and 1 activities); targets; indicators."""
    world = small_world
    held(world, date(2023, 5, 4), 10)
    held(world, date(2024, 11, 4), 30)
    held(world, date(2025, 3, 4), 40)
    held(world, date(2025, 10, 6), 7)
    given(world, date(2025, 1, 10), 2_000_000, kind="scholarship", pupils_helped=4)
    for year, aim in ((2023, 2), (2024, 2)):
        Target.objects.create(agreement=world.school_agreement, school_year=year, activities=aim, turns=50)
    Target.objects.create(agreement=world.district_agreement, school_year=2024, support_vnd=1_000_000)
    rank = Indicator.objects.create(department=world.so, code="hang", name="Xếp hạng vào lớp 10", kind="rank")
    mean = Indicator.objects.create(
        department=world.so, code="tb", name="Điểm thi bình quân", kind="mean", measures="district", position=1
    )
    for year, of_a, of_b in ((2022, 20, 100), (2024, 18, 110)):
        IndicatorValue.objects.create(indicator=rank, school_year=year, school=world.school_a, value=of_a)
        IndicatorValue.objects.create(indicator=rank, school_year=year, school=world.school_b, value=of_b)
        IndicatorValue.objects.create(indicator=mean, school_year=year, district=world.chuong_my, value=of_a / 4)
    return world


@pytest.fixture
def final(phase):
    period = ReportingPeriod.objects.create(
        programme=phase.programme,
        kind="final",
        cut_off_on=date(2025, 12, 31),
        due_on=date(2026, 1, 31),
        required_sections=[],
    )
    period.open()
    units = {"department": phase.so, "district": phase.thanh_tri, "school": phase.school_a}
    return {level: Report.objects.for_list().get(period=period, **{level: unit}) for level, unit in units.items()}


def by_name(table):
    """{label of a row: its other cells}."""
    return {row["cells"][1]: row["cells"][2:] for row in table["rows"]}


def table_of(content, key):
    tables = [
        table for chapter in content["chapters"] for section in chapter["sections"] for table in section["tables"]
    ]
    return next((table for table in [*content["annexes"], *tables] if table["key"] == key), None)


UNITS = ["department", "district", "school"]


@pytest.mark.parametrize("unit", UNITS)
def test_the_years_add_up_to_the_figures(final, unit):
    report = final[unit]
    content = report_content(report)
    assert [annex["key"] for annex in content["annexes"]][3:] == ["supports", "pupils", "years"]
    table = table_of(content, "years")
    assert [column["label"] for column in table["columns"]] == [
        "STT",
        "Chỉ tiêu",
        "2022-2023",
        "2023-2024",
        "2024-2025",
        "2025-2026",
        "Cả giai đoạn",
        "2024-2025 so với 2022-2023",
    ]
    rows = by_name(table)
    scope = Scope(report.period.programme, report.unit, None, report.period.cut_off_on)
    figures = {key: figure.value for key, figure in scope.figures().items()}
    assert figures == {key: figure["value"] for key, figure in content["figures"].items()}
    for label, key in (
        ("Hoạt động đã tổ chức", "activities_held"),
        ("Lượt giáo viên", "teacher_turns"),
        ("Tổng giá trị hỗ trợ (đồng)", "support_vnd"),
    ):
        *years, whole, _change = rows[label]
        assert sum(n or 0 for n in years) == whole == figures[key], label
    assert rows["Hoạt động đã tổ chức"] == [1, 1, 2, 1, 5, 1]
    assert rows["Trường đã ký giao ước trường – trường"][4] == figures["schools_signed"]
    assert rows["Lượt giáo viên"][-1] == (65 if unit == "department" else 60)
    assert rows["Tổng giá trị hỗ trợ (đồng)"][-1] is None, "nobody reported any in the first year"
    assert any("Năm học 2025-2026: từ ngày 01 tháng 9 năm 2025" in note for note in table["notes"])


@pytest.mark.parametrize("unit", UNITS)
def test_targets_stand_against_results_and_indicators_of_both_sides(final, phase, unit):
    content = report_content(final[unit])
    rows = [row["cells"] for row in table_of(content, "targets")["rows"]]
    whole = rows.index(["Giao ước trường – trường, cả giai đoạn (1 giao ước)", "", "", ""])
    assert rows[whole + 1 : whole + 3] == [["Hoạt động", 4, 3, 75], ["Lượt giáo viên", 100, 116, 116]]
    above = ["Hỗ trợ (đồng)", 1_000_000, 2_000_000, 200]
    assert (above in rows) == (unit != "school"), "the agreement of the districts is not the school's"
    changes = [row["cells"] for row in table_of(content, "indicators")["rows"]]
    assert changes[:3] == [
        ["Xếp hạng vào lớp 10 (thứ hạng), năm học 2022-2023 và 2024-2025", "", "", "", "", ""],
        ["Bên hỗ trợ", 1, 20.0, 18.0, 1, None],
        ["Bên được hỗ trợ", 1, 100.0, 110.0, None, 1],
    ]
    assert (["Bên được hỗ trợ", 1, 5.0, 4.5, None, 1] in changes) == (unit != "school")
    said = " ".join(p["text"] for c in content["chapters"] for s in c["sections"] for p in s["paragraphs"])
    assert "trong giai đoạn 2022–2025" in said.lower()
    assert "Xếp hạng vào lớp 10, năm học 2024-2025 so với 2022-2023: bên hỗ trợ có 1 đơn vị: 1 tốt lên; bên" in said
    assert "Năm học 2024-2025 so với năm học 2022-2023: số hoạt động tăng 1 (từ 1 lên 2)" in said


@pytest.mark.one_database("The numbers are asked for in the tests above; this one sets them on paper.")
@pytest.mark.parametrize("unit", UNITS)
def test_it_is_set_on_paper_with_its_numbers(final, read_pdf, unit):
    content = final[unit].file_content()
    opened = read_pdf(content)
    text = squeezed(plain(" ".join(page.extract_text() for page in opened.pages)))
    assert squeezed("Tổng kết giai đoạn 2022–2025 thực hiện phong trào") in text
    assert squeezed(f"Phụ lục {content['annexes'][-1]['number']} SO SÁNH NĂM HỌC") in text
    turns = by_name(table_of(content, "years"))["Lượt giáo viên"]
    assert squeezed("Lượt giáo viên " + " ".join(map(str, turns[:-1])) + f" +{turns[-1]}") in text
    assert squeezed("Lượt giáo viên 100 116 116%") in text


def test_an_interim_review_compares_with_the_year_before(phase, report_of):
    """Up to the day its own report was cut off, where there is one; without a year before nothing is compared."""
    ReportingPeriod.objects.create(
        programme=phase.programme, school_year=2022, cut_off_on=date(2023, 5, 31), due_on=date(2023, 6, 15)
    )
    held(phase, date(2023, 6, 20), 99)
    content = report_content(report_of(school=phase.school_a))
    assert by_name(table_of(content, "years"))["Lượt giáo viên"] == [10, 24, 14]
    assert table_of(content, "indicators") is None, "no value of 2023-2024"
    first = ReportingPeriod.objects.get(school_year=2022)
    first.open()
    report = Report.objects.for_list().get(period=first, school=phase.school_a)
    assert [annex["key"] for annex in report_content(report)["annexes"]] == [
        "agreements",
        "kinds",
        "activities",
        "supports",
    ]
