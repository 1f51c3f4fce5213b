"""Writing a report: what one started from, quotes from below with their origin, who typed."""

from datetime import date

import pytest
from django.urls import reverse

from reports.models import Report, ReportingPeriod, ReportSection, SectionQuote


def write(report, **texts):
    ReportSection.objects.bulk_create(ReportSection(report=report, key=key, body=body) for key, body in texts.items())


@pytest.fixture
def later(period):
    later = ReportingPeriod.objects.create(
        programme=period.programme, school_year=2024, cut_off_on=date(2025, 5, 31), due_on=date(2025, 6, 15)
    )
    later.open()
    return later


def test_the_year_before_as_a_start(period, later, world, hieu_truong_a, can_bo, nguoi_la, as_user):
    write(period.reports.get(school=world.school_a), advantages="Gần nhau.", lessons="Chọn đúng việc.")
    report = later.reports.get(school=world.school_a)
    write(report, lessons="Năm nay khác.")
    client = as_user(can_bo)
    page = client.get(reverse("report_edit", args=[report.pk])).content.decode()
    assert "Sơ kết năm học 2023-2024 đã viết" in page
    assert "Gần nhau." in page
    start = reverse("report_start", args=[report.pk])
    assert as_user(nguoi_la).post(start).status_code == 404
    client.post(start)
    assert report.texts() == {"advantages": "Gần nhau.", "lessons": "Năm nay khác."}
    assert report.sections.get(key="advantages").typed_by == can_bo
    assert "kỳ trước vào mục trống" not in client.get(reverse("report_edit", args=[report.pk])).content.decode()
    assert "Cán bộ nhập liệu A" in as_user(hieu_truong_a).get(report.get_absolute_url()).content.decode()


def test_quotes_name_where_they_come_from(period, world, phong_thanh_tri, as_user):
    school, district = period.reports.get(school=world.school_a), period.reports.get(district=world.thanh_tri)
    write(school, proposals="Thêm phòng máy.\nMiễn học phí.", lessons="Chưa trích")
    client, url = as_user(phong_thanh_tri), reverse("report_quote", args=[district.pk, "proposals"])
    assert "Chưa có đoạn nào để trích" in client.get(url).content.decode(), "it is not handed in yet"
    Report.objects.filter(pk=school.pk).update(status="approved")
    assert "Trích từ cấp dưới (1)" in client.get(reverse("report_edit", args=[district.pk])).content.decode()
    write(district, proposals="Kiến nghị chung.")
    assert client.post(url, {"lines": []}).status_code == 422
    assert client.post(url, {"lines": ["999:0"]}).status_code == 422
    client.post(url, {"lines": [f"{school.pk}:0"]})
    assert district.texts()["proposals"] == "Kiến nghị chung.\nThêm phòng máy. (THCS Tả Thanh Oai)"
    quote = SectionQuote.objects.get()
    assert (quote.source, quote.text, quote.by) == (school, "Thêm phòng máy.", phong_thanh_tri)
    page = client.get(url).content.decode()
    assert "Miễn học phí." in page
    assert "Thêm phòng máy." not in page, "nothing twice"
    assert client.get(reverse("report_quote", args=[district.pk, "khong-co"])).status_code == 404


def test_signs_that_papers_cannot_print_are_told_and_kept(period, world, hieu_truong_a, as_user):
    report = period.reports.get(school=world.school_a)
    client = as_user(hieu_truong_a)
    typed = {"advantages": "Vui 😀 quá 👍😀", "lessons": "Đúng việc – “đủ” người…"}
    saved = client.post(reverse("report_edit", args=[report.pk]), typed, follow=True).content.decode()
    told = "Mục “Thuận lợi” có ký hiệu không in được: 😀 👍."
    assert saved.count(told) == 2, "once for what was saved, once in what to see to before it is submitted"
    assert "“Bài học kinh nghiệm” có" not in saved
    assert report.texts() == typed
    assert client.get(report.get_absolute_url()).content.decode().count(told) == 1
