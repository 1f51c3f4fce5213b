"""Charts: the finding in the title, data and table that agree, and a drawing for paper."""

import re
from datetime import date
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from reports import charts
from twinning import school_year

MONTHS = school_year.months(2023)


def months(**counts):
    """Rows of breakdowns.by_month: months(m3={"exam": 5})."""
    return [(month, counts.get(f"m{month.month}", {})) for month in MONTHS]


def pair(pk, name, activities, turns, schools=()):
    agreement = SimpleNamespace(pk=pk, pair=name)
    return SimpleNamespace(agreement=agreement, schools=set(schools), activities=activities, teacher_turns=turns)


PAIRS = [
    pair(1, "Ba Đình – Ba Vì", 49, 3870),
    pair(2, "Đống Đa – Sóc Sơn", 0, 0),
    pair(3, "Thanh Trì – Chương Mỹ", 58, 4112, schools=[7, 8]),
]


class TestMonthly:
    @pytest.mark.parametrize(
        ("rows", "finding"),
        [
            (
                months(m2={"professional": 40}, m3={"exam": 70, "professional": 58}),
                "Tháng 3 sôi nổi nhất: 128 hoạt động, phần lớn là ôn thi, bồi dưỡng",
            ),
            (
                months(m2={"union": 1}, m3={"exam": 4, "professional": 3, "exchange": 3}),
                "Tháng 3 sôi nổi nhất: 10 hoạt động, nhiều nhất là ôn thi, bồi dưỡng",
            ),
            (months(m2={"exam": 1}, m3={"exam": 2}), "Tháng 3 sôi nổi nhất: 2 hoạt động, đều là ôn thi, bồi dưỡng"),
            (months(m2={"exam": 2}, m3={"union": 2}), "Tháng 2 và tháng 3 sôi nổi nhất: mỗi tháng 2 hoạt động"),
            (
                months(m2={"exam": 2}, m3={"exam": 2}, m4={"exam": 2}),
                "Hoạt động rải đều, tháng nhiều nhất có 2 hoạt động",
            ),
            (months(m11={"exam": 3}), "Cả 3 hoạt động đều vào tháng 11, đều là ôn thi, bồi dưỡng"),
            (months(m11={"exam": 1}), "Mới có một hoạt động, vào tháng 11"),
        ],
    )
    def test_the_title_is_the_finding(self, rows, finding):
        assert charts.monthly(rows).title == finding

    @pytest.mark.parametrize("rows", [[], months()])
    def test_nothing_to_draw_is_a_sentence(self, rows):
        chart = charts.monthly(rows)
        assert chart.spec is None
        assert not chart
        assert chart.title == "Chưa có hoạt động nào được ghi trong thời gian này"

    def test_the_table_has_the_same_numbers_empty_months_included(self):
        chart = charts.monthly(months(m3={"exam": 70, "professional": 58}))
        assert chart.table == (chart.header, chart.rows)
        assert chart.header == ["Tháng", "Chuyên môn", "Ôn thi, bồi dưỡng", "Cộng"]
        assert [row[0] for row in chart.rows][:5] == ["9/2023", "10/2023", "11/2023", "12/2023", "1/2024"]
        assert chart.rows[6] == ["3/2024", 58, 70, 128]
        assert sum(row[-1] for row in chart.rows) == sum(datum["activities"] for datum in chart.spec["data"]["values"])

    def test_bars_link_to_their_rows(self):
        chart = charts.monthly(months(m3={"exam": 5}), href=lambda datum: f"/{datum['month']}/{datum['group']}")
        assert [datum["href"] for datum in chart.spec["data"]["values"]] == ["/2024-03/exam"]
        assert chart.spec["encoding"]["href"] == {"field": "href"}

    def test_a_group_keeps_its_colour_whichever_others_there_are(self):
        alone = charts.monthly(months(m3={"exam": 5})).spec["encoding"]["color"]["scale"]
        together = charts.monthly(months(m3={"exam": 5, "professional": 1})).spec["encoding"]["color"]["scale"]
        assert dict(zip(alone["domain"], alone["range"], strict=True)) == {"Ôn thi, bồi dưỡng": "#e0a100"}
        assert dict(zip(together["domain"], together["range"], strict=True))["Ôn thi, bồi dưỡng"] == "#e0a100"

    def test_the_whole_phase_names_the_year_of_each_month(self):
        rows = [(month, {}) for year in (2022, 2023) for month in school_year.months(year)]
        rows[30 - 12] = (date(2024, 3, 1), {"exam": 5, "union": 1})
        rows[0] = (rows[0][0], {"exam": 1})
        assert charts.monthly(rows).title.startswith("Tháng 3/2024 sôi nổi nhất: 6 hoạt động")


class TestByPair:
    def test_the_longest_bar_comes_first_and_idle_pairs_are_told(self):
        chart = charts.by_pair(PAIRS)
        assert chart.title == "Thanh Trì – Chương Mỹ dẫn đầu: 4.112 lượt giáo viên; 1 cặp chưa có hoạt động nào"
        assert [datum["value"] for datum in chart.spec["data"]["values"]] == [4112, 3870, 0]
        assert chart.rows[0] == ["Thanh Trì – Chương Mỹ", 2, 58, 4112]

    def test_activities_instead_of_lượt(self):
        assert charts.by_pair(PAIRS, "activities").title.startswith("Thanh Trì – Chương Mỹ dẫn đầu: 58 hoạt động")

    def test_one_active_pair(self):
        assert charts.by_pair(PAIRS[:2]).title == (
            "Chỉ Ba Đình – Ba Vì có hoạt động: 3.870 lượt giáo viên; 1 cặp chưa có hoạt động nào"
        )

    def test_bars_link_to_their_rows(self):
        chart = charts.by_pair(PAIRS, href=lambda datum: f"/{datum['agreement']}/")
        assert [datum["href"] for datum in chart.spec["data"]["values"]] == ["/3/", "/1/", "/2/"]

    @pytest.mark.parametrize("rows", [[], [PAIRS[1]]])
    def test_nothing_to_draw_is_a_sentence(self, rows):
        chart = charts.by_pair(rows)
        assert chart.spec is None
        assert chart.title == "Chưa có cặp đơn vị nào có hoạt động trong thời gian này"


class TestBySchoolYear:
    @pytest.mark.parametrize(
        ("rows", "finding"),
        [
            ([(2023, 53870)], "Năm học 2023-2024: 53.870 lượt giáo viên"),
            (
                [(2022, 40000), (2023, 53870)],
                "Năm học 2023-2024 tăng 35% so với năm học 2022-2023: 53.870 lượt giáo viên",
            ),
            ([(2022, 100), (2023, 50)], "Năm học 2023-2024 giảm 50% so với năm học 2022-2023: 50 lượt giáo viên"),
            ([(2022, 100), (2023, 100)], "Năm học 2023-2024 ngang năm học 2022-2023: 100 lượt giáo viên"),
            ([(2022, None)], "Lượt giáo viên tham gia: chưa có số liệu"),
        ],
    )
    def test_the_title_is_the_finding(self, rows, finding):
        assert charts.by_school_year(rows).title == finding

    def test_a_year_without_report_is_a_dash_and_no_bar(self):
        chart = charts.by_school_year([(2022, 5), (2023, None)], "activities_held")
        assert chart.rows == [["2022-2023", 5], ["2023-2024", "–"]]
        assert [datum["year"] for datum in chart.spec["data"]["values"]] == [2022]


def every_chart():
    return [
        charts.monthly(months(m3=dict.fromkeys(charts.GROUP_COLOURS, 1300))),
        charts.by_pair(PAIRS),
        charts.by_school_year([(2022, 40000), (2023, 53870)]),
    ]


def walk(value):
    if isinstance(value, dict):
        yield from value.items()
        for item in value.values():
            yield from walk(item)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)


@pytest.mark.parametrize("chart", every_chart(), ids=["monthly", "by_pair", "by_school_year"])
class TestEveryChart:
    def test_holds_its_data_and_no_expressions(self, chart):
        keys = {key for key, _value in walk(chart.spec)}
        assert not keys & {"url", "expr", "signal", "transform", "calculate", "condition", "test", "labelExpr"}

    def test_numbers_are_vietnamese(self, chart):
        assert chart.spec["config"]["locale"]["number"]["thousands"] == "."
        assert re.search(r">\d{1,3}\.\d{3}<", charts.svg(chart.spec))

    def test_paper_gets_one_face_and_no_links(self, chart):
        drawing = ElementTree.fromstring(charts.svg(chart.spec))
        faces = {node.get("font-family") for node in drawing.iter() if node.get("font-family")}
        assert faces == {"Liberation Serif"}
        assert not [node for node in drawing.iter() if node.tag.endswith("}a")]
        assert float(drawing.get("width")) <= charts.PAPER_WIDTH + 1


def test_names_cannot_break_out_of_the_drawing():
    name = "<script>x()</script> & Ứng Hòa"
    drawing = charts.svg(charts.by_pair([pair(1, name, 1, 1)]).spec)
    assert "<script" not in drawing
    assert name in {node.text for node in ElementTree.fromstring(drawing).iter()}
