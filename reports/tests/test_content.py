"""What reports say: the sentences, figures and annexes of a school, a district and the Department."""

import json
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from activities.models import Activity, ActivitySchool, Participation, Support
from reports.content import CHAPTERS, OUTLINE, SECTIONS, report_content
from reports.models import ReportSection
from reports.scope import Scope
from twinning.models import Agreement, LegalBasis, PilotSchool, School, Teacher

ZERO = re.compile(r"(?<![\d.,/])0 (?!\d)")


def texts(content, kind=None):
    return [
        paragraph["text"]
        for chapter in content["chapters"]
        for section in chapter["sections"]
        for paragraph in section["paragraphs"]
        if kind in (None, paragraph["kind"])
    ]


def said(content):
    return "\n".join(texts(content))


def section(content, place):
    chapter_number, _dot, number = place.partition(".")
    chapter = next(chapter for chapter in content["chapters"] if chapter["number"] == chapter_number)
    return next(section for section in chapter["sections"] if section["number"] == number)


def annex(content, number):
    return next(annex for annex in content["annexes"] if annex["number"] == number)


def total(table):
    """{column key: number} of the total row."""
    row = next(row for row in table["rows"] if row["kind"] == "total")
    return {column["key"]: value for column, value in zip(table["columns"], row["cells"], strict=True)}


@pytest.fixture
def reports(small_world, report_of):
    return {
        "department": report_of(department=small_world.so),
        "district": report_of(district=small_world.thanh_tri),
        "school": report_of(school=small_world.school_a),
    }


UNITS = ["department", "district", "school"]


@pytest.mark.parametrize("unit", UNITS)
class TestEveryReport:
    def test_is_plain_data_and_stable(self, reports, unit):
        content = report_content(reports[unit])
        assert json.loads(json.dumps(content)) == content
        assert report_content(reports[unit]) == content

    def test_has_six_chapters_in_order(self, reports, unit):
        content = report_content(reports[unit])
        assert [chapter["number"] for chapter in content["chapters"]] == ["I", "II", "III", "IV", "V", "VI"]
        assert content["chapters"][4]["heading"] == "Phương hướng, nhiệm vụ năm học 2024-2025"
        assert all(section["paragraphs"] for chapter in content["chapters"] for section in chapter["sections"])

    def test_figures_are_those_of_the_dashboard(self, reports, unit):
        report = reports[unit]
        figures = Scope(report.period.programme, report.unit, 2023, report.period.cut_off_on).figures()
        content = report_content(report)
        assert {key: figure["value"] for key, figure in content["figures"].items()} == {
            key: figure.value for key, figure in figures.items()
        }

    def test_annexes_add_up_to_the_figures(self, reports, unit):
        content = report_content(reports[unit])
        figures = {key: figure["value"] for key, figure in content["figures"].items()}
        kinds = total(annex(content, "II"))
        assert (kinds["activities"], kinds["teachers"]) == (figures["activities_held"], figures["teacher_turns"])
        money = total(annex(content, "IV"))
        assert (money["money"] or 0) + (money["in_kind"] or 0) == figures["support_vnd"]

    def test_says_nothing_of_zero_where_nothing_was_reported(self, reports, unit):
        Support.objects.update(status="cancelled", agreement=None)
        Activity.objects.all().delete()
        Agreement.objects.update(status="withdrawn")
        content = report_content(reports[unit])
        assert "chưa có số liệu" in said(content)
        assert not ZERO.search(said(content))
        assert content["charts"] == []
        assert all(annex["rows"] == [] for annex in content["annexes"])

    def test_is_vietnamese_for_a_person_who_reads_english(self, reports, unit):
        content = report_content(reports[unit])
        with translation.override("en"):
            assert report_content(reports[unit]) == content

    def test_takes_the_same_number_of_queries_for_more_rows(self, small_world, reports, unit):
        def count():
            with CaptureQueriesContext(connection) as queries:
                report_content(type(reports[unit]).objects.get(pk=reports[unit].pk))
            return len(queries)

        few = count()
        for n in range(20):
            grow(small_world, n)
        assert count() == few


def grow(world, n):
    """One more pair of schools with an activity, a named teacher, a gift and a pilot school."""
    one = School.objects.create(code=f"A{n}", name=f"THCS Số {n}", level="thcs", district=world.thanh_tri)
    other = School.objects.create(code=f"B{n}", name=f"Tiểu học Số {n}", level="th", district=world.chuong_my)
    agreement = Agreement.objects.create(
        programme=world.programme,
        tier="school",
        supporting_district=world.thanh_tri,
        supported_district=world.chuong_my,
        supporting_school=one,
        supported_school=other,
        starts_on=date(2023, 9, 5),
        ends_on=date(2025, 5, 31),
        signed_on=date(2023, 9, 5),
        status="signed",
    )
    activity = Activity.objects.create(
        programme=world.programme,
        agreement=agreement,
        kind=world.exam if n % 2 else world.kind,
        title=f"Chuyên đề {n}",
        held_on=date(2023, 11, n + 1),
        status="confirmed",
    )
    ActivitySchool.objects.create(activity=activity, school=one, district=world.thanh_tri, teacher_turns=1)
    row = ActivitySchool.objects.create(
        activity=activity, school=world.school_a, district=world.thanh_tri, teacher_turns=2, named_count=1
    )
    teacher = Teacher.objects.create(school=world.school_a, full_name=f"Nguyễn Thị {n}")
    Participation.objects.create(row=row, teacher=teacher)
    activity.store_totals()
    PilotSchool.objects.create(agreement=world.district_agreement, school=one)
    Support.objects.create(
        programme=world.programme,
        giver_school=world.school_a,
        giver_district=world.thanh_tri,
        receiver_school=other,
        receiver_district=world.chuong_my,
        kind="cash",
        title="Hỗ trợ kinh phí",
        value_vnd=1_000_000,
        pledged_on=date(2023, 11, 1),
        delivered_on=date(2023, 11, 2),
        status="received",
    )


class TestFigures:
    def test_the_department_counts_everybody(self, reports):
        content = report_content(reports["department"])
        assert "36 lượt giáo viên và 2 lượt cán bộ quản lý tham gia" in said(content)
        assert content["figures"]["teacher_turns"]["value"] == 36

    @pytest.mark.parametrize(("unit", "whose"), [("district", "huyện Thanh Trì"), ("school", "nhà trường")])
    def test_a_unit_counts_its_own_people(self, reports, unit, whose):
        content = report_content(reports[unit])
        assert f"24 lượt giáo viên và 2 lượt cán bộ quản lý của {whose} tham gia" in said(content)
        assert "chỉ tính người của đơn vị" in texts(content, "counting")[0]

    def test_each_figure_names_its_rows(self, small_world, reports):
        figures = report_content(reports["district"])["figures"]
        own_row = small_world.activity.units.get(district=small_world.thanh_tri)
        assert {key: figure["ids"] for key, figure in figures.items()} == {
            "schools_signed": [small_world.school_a.pk],
            "agreements_live": sorted([small_world.district_agreement.pk, small_world.school_agreement.pk]),
            "activities_held": [small_world.activity.pk],
            "teacher_turns": [own_row.pk],
            "teachers_named": [],
            "pupil_turns": [own_row.pk],
            "support_vnd": [small_world.support.pk],
        }

    def test_the_department_traces_lượt_to_activities(self, small_world, reports):
        figures = report_content(reports["department"])["figures"]
        assert figures["teacher_turns"]["ids"] == [small_world.activity.pk]
        assert figures["schools_signed"]["ids"] == sorted([small_world.school_a.pk, small_world.school_b.pk])

    def test_what_happens_after_the_cut_off_is_left_out(self, small_world, reports):
        Activity.objects.update(held_on=date(2024, 6, 1))
        Support.objects.update(delivered_on=date(2024, 6, 1))
        content = report_content(reports["department"])
        assert "Hoạt động trong năm học 2023-2024: chưa có số liệu." in said(content)
        assert "Hỗ trợ cơ sở vật chất, học sinh: chưa có số liệu." in said(content)

    def test_lượt_and_người_stand_side_by_side(self, small_world, reports):
        row = small_world.activity.units.get(school=small_world.school_a)
        row.name_teachers([("Nguyễn Thị Lan", "speaker"), ("Trần Văn Bình", "attend")])
        content = report_content(reports["school"])
        assert "24 lượt giáo viên" in said(content)
        assert "Số giáo viên khác nhau được ghi tên: 2 người." in said(content)
        assert "một người dự ba lần là ba lượt" in said(content)

    def test_a_programme_without_names_says_so(self, small_world, reports):
        small_world.programme.records_names = False
        small_world.programme.save()
        content = report_content(type(reports["school"]).objects.get(pk=reports["school"].pk))
        assert "không ghi tên giáo viên" in said(content)
        assert "người." not in "".join(texts(content, "figure"))

    def test_pupils_nobody_counted_are_missing_not_zero(self, reports):
        assert "Lượt học sinh: chưa có số liệu." in said(report_content(reports["school"]))

    def test_thousands_and_money_are_written_out(self, small_world, reports):
        ActivitySchool.objects.filter(school=small_world.school_a).update(teacher_turns=1234)
        Support.objects.update(value_vnd=3_200_000_000)
        content = report_content(reports["school"])
        assert "1.234 lượt giáo viên" in said(content)
        assert "đã trao 1 khoản hỗ trợ trị giá 3.200.000.000 đồng" in said(content)

    def test_giver_and_receiver_each_say_their_part(self, small_world, report_of):
        giver = report_content(report_of(school=small_world.school_a))
        receiver = report_content(report_of(school=small_world.school_b))
        assert "nhà trường đã trao 1 khoản hỗ trợ trị giá 6.000.000 đồng" in said(giver)
        assert "nhà trường được nhận 1 khoản hỗ trợ trị giá 6.000.000 đồng" in said(receiver)
        assert "1 khoản bên nhận chưa xác nhận" in said(giver)


class TestForm:
    def test_the_department(self, reports):
        content = report_content(reports["department"])
        assert (content["superior"], content["issuer"]) == ("UBND THÀNH PHỐ HÀ NỘI", "SỞ GIÁO DỤC VÀ ĐÀO TẠO")
        assert (content["symbol"], content["addressee"]) == ("BC-SGDĐT", "")
        assert (content["title"], content["signatory"]) == ("BÁO CÁO", "GIÁM ĐỐC")
        assert content["recipients"] == [
            "UBND thành phố Hà Nội (để báo cáo)",
            "Các Phòng Giáo dục và Đào tạo huyện",
            "Lưu: VT",
        ]

    @pytest.mark.parametrize(
        ("unit", "symbol", "addressee", "signatory"),
        [
            ("district", "BC-PGDĐT", "Sở Giáo dục và Đào tạo Hà Nội", "TRƯỞNG PHÒNG"),
            ("school", "BC-THCSTTO", "Phòng Giáo dục và Đào tạo huyện Thanh Trì", "HIỆU TRƯỞNG"),
        ],
    )
    def test_units_report_to_their_superior(self, reports, unit, symbol, addressee, signatory):
        content = report_content(reports[unit])
        assert (content["symbol"], content["addressee"], content["signatory"]) == (symbol, addressee, signatory)
        assert (content["recipients"][0], content["recipients"][-1]) == ("Như trên", "Lưu: VT")
        assert content["closing"].endswith(f"trân trọng báo cáo {addressee}./.")

    def test_the_abstract_names_year_and_movement(self, reports):
        assert report_content(reports["school"])["abstract"] == (
            "Sơ kết năm học 2023-2024 thực hiện phong trào "
            "“Nhà trường cùng chung tay phát triển – Thầy cô cùng sẻ chia trách nhiệm”"
        )

    def test_legal_bases_are_cited_in_full_while_in_force(self, small_world, reports):
        LegalBasis.objects.create(
            programme=small_world.programme,
            type_name="Quyết định",
            symbol="99/QĐ-UBND",
            issued_on=date(2021, 3, 9),
            issuer="UBND thành phố Hà Nội",
            abstract="về việc đã hết hiệu lực",
            valid_to=date(2024, 5, 30),
        )
        full = "Căn cứ Kế hoạch số 4340/KH-SGDĐT ngày 12 tháng 12 năm 2022 của Sở GD&ĐT Hà Nội về triển khai phong trào"
        assert report_content(reports["department"])["bases"] == [f"{full}."]
        assert report_content(reports["school"])["bases"] == [
            f"{full};",
            "Căn cứ các giao ước đã ký kết giữa các đơn vị (Phụ lục I).",
        ]

    def test_every_number_in_the_outline_is_used_once(self):
        places = [section.place for section in OUTLINE]
        assert len(set(places)) == len(places)
        assert {section.chapter for section in OUTLINE} == set(CHAPTERS)
        keys = [section.key for section in SECTIONS]
        assert len(set(keys)) == len(keys)


def test_a_name_that_says_report_does_not_say_it_twice(reports):
    report = reports["school"]
    report.period.kind, report.period.name = "ad_hoc", "Báo cáo nhanh về thiên tai"
    content = report_content(report)
    assert content["abstract"] == "Về thiên tai", "below the word BÁO CÁO"
    assert "báo cáo nhanh về thiên tai thực hiện" in content["opening"]
    assert content["closing"].startswith("Trên đây là báo cáo nhanh về thiên tai của")


class TestWords:
    def test_what_people_wrote_stands_in_its_place_line_by_line(self, reports):
        ReportSection.objects.create(
            report=reports["school"], key="lessons", body="Thống nhất lịch.\n\nHỏi trường bạn."
        )
        content = report_content(reports["school"])
        assert section(content, "IV.4")["paragraphs"] == [
            {"kind": "written", "text": "Thống nhất lịch."},
            {"kind": "written", "text": "Hỏi trường bạn."},
        ]

    def test_what_nobody_wrote_is_said_to_be_missing(self, reports):
        paragraphs = section(report_content(reports["school"]), "IV.1")["paragraphs"]
        assert paragraphs == [{"kind": "missing", "text": "Đơn vị chưa có nội dung báo cáo ở mục này."}]

    def test_words_follow_the_figures_of_their_section(self, reports):
        ReportSection.objects.create(report=reports["district"], key="scale", body="Toàn huyện có 1.100 lớp.")
        paragraphs = section(report_content(reports["district"]), "I.1")["paragraphs"]
        assert [paragraph["kind"] for paragraph in paragraphs] == ["figure", "figure", "written"]
        assert paragraphs[0]["text"].startswith(
            "Theo danh sách đến hết ngày 31 tháng 5 năm 2024, huyện Thanh Trì có 1 "
        )

    def test_a_signing_is_told_with_day_and_place(self, reports):
        assert (
            "Ngày 15 tháng 4 năm 2023, tại huyện Thanh Trì, Phòng Giáo dục và Đào tạo huyện Thanh Trì và "
            "Phòng Giáo dục và Đào tạo huyện Chương Mỹ ký giao ước số 01/BGN-PGDĐT"
        ) in said(report_content(reports["district"]))

    def test_units_without_a_twin_are_named(self, reports):
        assert "Chưa có giao ước Phòng – Phòng: quận Ba Đình." in said(report_content(reports["department"]))

    def test_pilot_schools_are_counted_by_level(self, small_world, reports):
        for school in (small_world.school_a, small_world.school_b, small_world.school_d):
            PilotSchool.objects.create(agreement=small_world.district_agreement, school=school)
        district = said(report_content(reports["district"]))
        assert "Có 3 trường được chọn xây dựng điểm, gồm 1 trường tiểu học và 2 trường THCS" in district
        assert "trong đó 1 trường của huyện Thanh Trì" in district
        assert "Nhà trường được chọn là trường xây dựng điểm" in said(report_content(reports["school"]))


class TestAnnexes:
    def test_names_and_numbers(self, reports):
        names = {
            unit: [table["name"] for table in report_content(report)["annexes"]] for unit, report in reports.items()
        }
        first, second, fourth, last = (
            "Tổng hợp giao ước",
            "Hoạt động theo loại",
            "Hỗ trợ đã trao",
            "So sánh năm học",
        )
        assert names["department"] == names["district"] == [first, second, "Hoạt động theo cặp đơn vị", fourth, last]
        assert names["school"] == [first, second, "Danh sách hoạt động", fourth, last]

    def test_every_row_has_a_cell_for_every_column(self, small_world, reports):
        grow(small_world, 1)
        for report in reports.values():
            for table in report_content(report)["annexes"]:
                assert {len(row["cells"]) for row in table["rows"]} == {len(table["columns"])}

    def test_school_pairs_stand_below_their_districts(self, small_world, reports):
        rows = annex(report_content(reports["department"]), "I")["rows"]
        assert [(row["kind"], row["cells"][:3]) for row in rows] == [
            (
                "group",
                ["I", "Phòng Giáo dục và Đào tạo huyện Thanh Trì", "Phòng Giáo dục và Đào tạo huyện Chương Mỹ"],
            ),
            ("row", [1, "THCS Tả Thanh Oai", "THCS Đại Yên"]),
        ]
        assert rows[1]["cells"][3:] == ["05/BGN-THCS", "2023-04-15", "2025-05-31", "có hiệu lực", None]

    def test_pairs_outside_any_districts_are_listed_too(self, reports):
        Agreement.objects.update(umbrella=None)
        rows = annex(report_content(reports["department"]), "I")["rows"]
        assert rows[1]["cells"][1] == "Ngoài các cặp Phòng – Phòng"
        assert rows[2]["cells"][1:3] == ["THCS Tả Thanh Oai (huyện Thanh Trì)", "THCS Đại Yên (huyện Chương Mỹ)"]

    def test_status_is_that_of_the_day_of_cut_off(self, small_world, reports):
        Agreement.objects.filter(tier="school").update(status="ended", ended_on=date(2024, 6, 10))
        assert annex(report_content(reports["school"]), "I")["rows"][0]["cells"][6] == "có hiệu lực"
        Agreement.objects.filter(tier="school").update(ended_on=date(2024, 5, 10))
        assert annex(report_content(reports["school"]), "I")["rows"][0]["cells"][6] == "thanh lý trước hạn"

    def test_the_department_sees_registered_beside_held(self, small_world, reports):
        Activity.objects.create(
            programme=small_world.programme,
            agreement=small_world.school_agreement,
            kind=small_world.kind,
            title="Chưa tổ chức",
            planned_on=date(2024, 5, 20),
        )
        first, last = annex(report_content(reports["department"]), "III")["rows"]
        assert first["cells"] == [1, "Thanh Trì – Chương Mỹ", 2, 2, 1, 24, 12, 36]
        assert last["cells"] == ["", "Cộng", 2, 2, 1, 24, 12, 36]

    def test_activities_of_no_pair_keep_the_total_whole(self, small_world, reports):
        Activity.objects.update(agreement=None)
        content = report_content(reports["department"])
        rows = annex(content, "III")["rows"]
        assert rows[0]["cells"][3:] == [None] * 5
        assert rows[1]["cells"] == [2, "Ngoài các cặp Phòng – Phòng", None, 1, 1, None, None, 36]
        assert total(annex(content, "III"))["all"] == content["figures"]["teacher_turns"]["value"]

    def test_a_district_sees_itself_and_its_partner(self, reports):
        rows = annex(report_content(reports["district"]), "III")["rows"]
        assert [row["cells"] for row in rows] == [
            [1, "Phòng GD&ĐT huyện Thanh Trì – Phòng GD&ĐT huyện Chương Mỹ", None, None, None, None, None],
            [2, "THCS Tả Thanh Oai – THCS Đại Yên", 1, 1, 24, 12, 36],
            ["", "Cộng", 1, 1, 24, 12, 36],
        ]

    def test_a_school_lists_what_it_took_part_in(self, reports):
        first, last = annex(report_content(reports["school"]), "III")["rows"]
        assert first["cells"] == [
            1,
            "2023-10-20",
            "Chuyên đề Toán 9 ôn thi vào lớp 10",
            "Chuyên đề",
            "THCS Tả Thanh Oai",
            2,
            24,
            None,
        ]
        assert last["cells"][5:] == [2, 24, None]

    def test_help_in_kind_and_money_are_kept_apart(self, small_world, reports):
        Support.objects.create(
            programme=small_world.programme,
            giver_district=small_world.chuong_my,
            receiver_district=small_world.thanh_tri,
            kind="scholarship",
            title="Học bổng",
            value_vnd=2_000_000,
            pledged_on=date(2023, 11, 1),
            delivered_on=date(2023, 11, 5),
            status="received",
        )
        rows = annex(report_content(reports["district"]), "IV")["rows"]
        assert [row["cells"][5:7] for row in rows] == [
            [None, 6_000_000],
            [2_000_000, None],
            [2_000_000, 6_000_000],
        ]
        assert [row["cells"][8] for row in rows] == ["chưa xác nhận", "đã xác nhận", ""]


class TestCharts:
    def test_every_report_draws_its_months(self, reports):
        charts = {unit: report_content(report)["charts"] for unit, report in reports.items()}
        assert {unit: [chart["key"] for chart in drawn] for unit, drawn in charts.items()} == {
            "department": ["monthly", "by_pair"],
            "district": ["monthly"],
            "school": ["monthly"],
        }
        assert charts["school"][0]["title"] == "Mới có một hoạt động, vào tháng 10"

    def test_charts_stand_in_the_body(self, reports):
        assert section(report_content(reports["department"]), "III.2")["charts"] == ["monthly", "by_pair"]
