"""Periods that open by themselves, and who is told what on which day."""

from datetime import date

import pytest
import time_machine

from reports import reminders
from reports.models import Report, ReportingCalendar, ReportingPeriod


def texts(person):
    return [notice.text for notice in person.notifications.order_by("pk")]


@pytest.fixture
def levels(period):
    """Due: schools on 5/6, districts on 10/6, the Department on 15/6/2024."""
    ReportingPeriod.objects.filter(pk=period.pk).update(
        due_school_on=date(2024, 6, 5), due_district_on=date(2024, 6, 10), opened_at="2024-05-01T00:00Z"
    )


def watch_on(day):
    with time_machine.travel(f"{day}T05:00:00+07:00", tick=False):
        return reminders.watch()


def test_before_on_and_after_the_last_day(levels, period, hieu_truong_a, phong_thanh_tri, so, world):
    for day in ("2024-05-20", "2024-05-29", "2024-05-30", "2024-06-04", "2024-06-05", "2024-06-06", "2024-06-07"):
        watch_on(day)
        watch_on(day)  # twice is once
    it = "báo cáo sơ kết năm học 2023-2024 của THCS Tả Thanh Oai"
    assert texts(hieu_truong_a) == [
        f"Sắp đến hạn nộp {it}: 5/6/2024.",
        f"Ngày mai, 5/6/2024, là hạn nộp {it}.",
        f"Hôm nay, 5/6/2024, là hạn nộp {it}.",
        f"Đã quá hạn nộp {it}: 5/6/2024.",
    ]
    assert texts(phong_thanh_tri) == [
        "Sắp đến hạn nộp báo cáo sơ kết năm học 2023-2024 của Phòng GD&ĐT huyện Thanh Trì: 10/6/2024."
    ]
    assert texts(so) == ["Sơ kết năm học 2023-2024: 2 đơn vị quá hạn chưa nộp."]
    watch_on("2024-06-13")
    assert texts(hieu_truong_a)[-1] == texts(hieu_truong_a)[-2], "once a week as long as it is late"
    Report.objects.filter(school=world.school_a).update(status="submitted")
    watch_on("2024-06-20")
    assert len(texts(hieu_truong_a)) == 5


def test_a_day_that_moves_is_told_anew(levels, period, hieu_truong_a):
    watch_on("2024-06-05")
    ReportingPeriod.objects.filter(pk=period.pk).update(
        due_school_on=date(2024, 6, 12), due_district_on=date(2024, 6, 12)
    )
    watch_on("2024-06-06")
    assert [text.split()[0] for text in texts(hieu_truong_a)] == ["Hôm", "Sắp"]
    assert texts(hieu_truong_a)[-1].endswith("12/6/2024.")


def test_the_calendar_opens_the_year(world, school_agreement, hieu_truong_a, so):
    calendar = ReportingCalendar.objects.create(programme=world.programme, required_sections=["lessons"], locks=True)
    assert watch_on("2024-04-30")["opened"] == 0
    assert watch_on("2024-05-02")["opened"] == 1
    assert watch_on("2024-05-03")["opened"] == 0
    period = ReportingPeriod.objects.get()
    assert (period.school_year, period.cut_off_on, period.due_on) == (2023, date(2024, 5, 31), date(2024, 6, 30))
    assert (period.required_sections, period.locks) == (["lessons"], True)
    assert texts(hieu_truong_a) == ["Sơ kết năm học 2023-2024 đã mở. Hạn nộp của THCS Tả Thanh Oai: 5/6/2024."]
    calendar.is_on = False
    calendar.save()
    watch_on("2025-05-02")
    assert ReportingPeriod.objects.count() == 1


def test_a_period_waits_for_its_day(world, school_agreement, so, as_user):
    with time_machine.travel("2024-05-02T09:00:00+07:00", tick=False):
        as_user(so).post(
            "/bao-cao/ky/moi/",
            {"kind": "ad_hoc", "name": "Báo cáo nhanh giữa kỳ", "school_year": 2023, "opens_on": "10/5/2024",
             "cut_off_on": "8/5/2024", "due_on": "20/5/2024", "asks_schools": "on"},
        )  # fmt: skip
    period = ReportingPeriod.objects.get()
    assert not period.reports.exists()
    watch_on("2024-05-09")
    assert not period.reports.exists()
    watch_on("2024-05-10")
    assert {str(report.unit) for report in period.reports.all()} == {
        "Sở GD&ĐT Hà Nội", "THCS Tả Thanh Oai", "THCS Đại Yên"
    }  # fmt: skip
    assert str(period) == "Báo cáo nhanh giữa kỳ"
