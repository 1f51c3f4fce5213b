"""I.1 of reports: classes, pupils and people as far as schools reported them, and how many reported nothing."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.content import report_content
from reports.models import ReportSection
from twinning.models import School, SchoolYearFigures

pytestmark = pytest.mark.django_db


@pytest.fixture
def figures(small_world):
    def make(school, level="thcs", year=2023, **counts):
        return SchoolYearFigures.objects.create(school=school, school_year=year, level=level, **counts)

    return make


@pytest.fixture
def size_of(small_world, report_of):
    """(sentences of I.1, its table or None) of a unit: size_of(district=…)."""

    def read(**unit):
        section = report_content(report_of(**unit))["chapters"][0]["sections"][0]
        words = " ".join(paragraph["text"] for paragraph in section["paragraphs"])
        return words, next(iter(section["tables"]), None)

    return read


FULL = {"classes": 20, "pupils": 1800, "managers": 3, "teachers": 38, "staff": 6}


def test_a_school_tells_its_own(small_world, figures, size_of):
    figures(small_world.school_a, **FULL)
    figures(small_world.school_a, year=2022, classes=99)
    words, table = size_of(school=small_world.school_a)
    assert words.endswith(
        "Năm học 2023-2024, nhà trường có 20 lớp, 1.800 học sinh, 3 cán bộ quản lý, 38 giáo viên và 6 nhân viên."
    )
    assert table is None, "a single level is told in the sentence"


def test_a_school_of_two_levels_gets_a_table(small_world, figures, size_of):
    School.objects.filter(pk=small_world.school_a.pk).update(level="th_thcs")
    figures(small_world.school_a, "th", classes=10, pupils=300)
    figures(small_world.school_a, "thcs", classes=8, pupils=0)
    words, table = size_of(school=small_world.school_a)
    assert "nhà trường có 18 lớp và 300 học sinh. Số cán bộ quản lý, giáo viên và nhân viên: chưa có số liệu." in words
    assert [row["cells"] for row in table["rows"]] == [
        ["Tiểu học", 10, 300, None, None, None],
        ["THCS", 8, 0, None, None, None],
        ["Cộng", 18, 300, None, None, None],
    ]
    assert table["notes"] == ["Dấu “–”: chưa có số liệu."]


def test_a_district_adds_up_its_schools_and_says_how_many_are_missing(small_world, figures, size_of):
    one = figures(small_world.school_b, **FULL)
    other = figures(small_world.school_d, "th", classes=30, pupils=900, managers=2, teachers=45)
    figures(small_world.school_a, **FULL)
    School.objects.create(code="01277502", name="THCS Mới", level="thcs", district=small_world.chuong_my)
    words, table = size_of(district=small_world.chuong_my)
    assert (
        "các trường đã nhập số liệu của huyện Chương Mỹ có 50 lớp, 2.700 học sinh, 5 cán bộ quản lý, 83 giáo viên và "
        "6 nhân viên. Còn 1/3 trường chưa nhập số liệu năm học 2023-2024, nên các số trên chưa đủ."
    ) in words
    assert [column["label"] for column in table["columns"]][:3] == ["Cấp học", "Trường có số liệu", "Lớp"]
    assert [row["cells"] for row in table["rows"]] == [
        ["Tiểu học", 1, 30, 900, 2, 45, None],
        ["THCS", 1, 20, 1800, 3, 38, 6],
        ["Cộng", 2, 50, 2700, 5, 83, 6],
    ]
    assert table["ids"] == sorted([one.pk, other.pk])
    assert table["notes"] == ["Dấu “–”: chưa có số liệu.", "Số dòng còn để trống, không tính là 0: nhân viên (1)."]


def test_a_school_of_two_levels_is_one_school_of_a_district(small_world, figures, size_of):
    School.objects.filter(pk=small_world.school_b.pk).update(level="th_thcs")
    figures(small_world.school_b, "th", **FULL)
    figures(small_world.school_b, "thcs", **FULL)
    words, table = size_of(district=small_world.chuong_my)
    assert "Còn 1/2 trường chưa nhập số liệu" in words
    assert table["rows"][-1]["cells"][:3] == ["Cộng", 1, 40]
    assert "Trường nhiều cấp học tính ở mỗi cấp; dòng cộng tính mỗi trường một lần." in table["notes"]


def test_nobody_is_missing_when_all_have_reported(small_world, figures, size_of):
    figures(small_world.school_a, **FULL)
    words, table = size_of(district=small_world.thanh_tri)
    assert "chưa nhập" not in words
    assert "chưa đủ" not in words
    assert (len(table["rows"]), table["notes"]) == (1, [])


@pytest.mark.parametrize("unit", ["department", "district", "school"])
def test_without_figures_nothing_is_nought(small_world, size_of, unit):
    units = {"department": small_world.so, "district": small_world.chuong_my, "school": small_world.school_a}
    words, table = size_of(**{unit: units[unit]})
    assert "Số lớp, học sinh, cán bộ quản lý, giáo viên, nhân viên: chưa có số liệu" in words
    assert table is None
    assert not re.search(r"(?<![\d.,/])0 ", words)
    expected = {"department": "4/4 trường chưa nhập", "district": "2/2 trường chưa nhập"}
    assert expected.get(unit, "chưa có số liệu.") in words


def test_what_was_submitted_stays(small_world, figures, report_of, hieu_truong_a):
    row = figures(small_world.school_a, **FULL)
    report = report_of(school=small_world.school_a)
    for key in ("scale", "advantages"):
        ReportSection.objects.create(report=report, key=key, body="Đã viết.")
    report.perform("submit", hieu_truong_a)
    row.classes = 21
    row.save()
    said = str(report_of(school=small_world.school_a).content()["chapters"][0])
    assert "20 lớp" in said
    assert "21 lớp" not in said


def test_as_many_queries_for_many_schools(small_world, figures, report_of):
    report = report_of(department=small_world.so)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            report_content(report)
        return len(caught)

    figures(small_world.school_a, **FULL)
    few = queries()
    for n in range(20):
        school = School.objects.create(code=f"n{n}", name=f"Số {n}", level="thcs", district=small_world.chuong_my)
        figures(school, **FULL)
    assert queries() == few


def test_the_table_is_set_on_paper(small_world, figures, report_of, read_pdf):
    figures(small_world.school_b, **FULL)
    figures(small_world.school_d, "th", classes=30, pupils=0)
    pdf = read_pdf(report_of(district=small_world.chuong_my).file_content())
    tables = [table for page in pdf.pages for table in page.extract_tables()]
    assert ["Tiểu học", "1", "30", "0", "–", "–", "–"] in tables[0]
    assert ["Cộng", "2", "50", "1.800", "3", "38", "6"] in tables[0]
