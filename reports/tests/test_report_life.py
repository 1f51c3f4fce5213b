"""A report from its opening to its issue, by the people of each level; and the life of its file."""

import errno
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.models import OutgoingPaper, Report, ReportFile, ReportingPeriod
from twinning import tasks
from twinning.models.job import MOST_ATTEMPTS


@pytest.fixture
def report(period, world):
    return period.reports.get(school=world.school_a)


def act(client, report, slug, **answer):
    response = client.post(reverse("report_action", args=[report.pk, slug]), answer, follow=True)
    report.refresh_from_db()
    return response


ISSUE = {"number": "5", "issued_on": "20/6/2024", "signer_title": "HIỆU TRƯỞNG", "signer_name": "Nguyễn Văn Mẫu"}
PERIOD = {
    "kind": "interim",
    "asks_schools": "on",
    "asks_districts": "on",
    "opens_on": "1/5/2024",
    "school_year": 2023,
    "cut_off_on": "31/5/2024",
    "due_on": "15/6/2024",
}


def test_opening_a_period(world, school_agreement, so, phong_thanh_tri, as_user):
    assert as_user(phong_thanh_tri).post(reverse("period_create"), PERIOD).status_code == 404
    as_user(so).post(reverse("period_create"), PERIOD)
    period = ReportingPeriod.objects.get()
    units = {report.unit for report in period.reports.all()}
    assert units == {world.so, world.thanh_tri, world.chuong_my, world.school_a, world.school_b}
    assert period.open() == 0, "safe to open again"


def test_nobody_is_locked_out_unawares(world, school_agreement, so, as_user):
    """Of a year that is over the portal proposes days to come; days that are over and lock are told after saving."""
    client = as_user(so)
    proposed = client.get(reverse("period_create")).context["form"].initial
    assert timezone.localdate() < proposed["due_school_on"] < proposed["due_district_on"] < proposed["due_on"]
    data = {"kind": "interim", "asks_schools": "on", "opens_on": "1/5/2024", "school_year": 2023}
    data |= {"cut_off_on": "31/5/2024", "due_on": "15/6/2024"}
    page = client.post(reverse("period_create"), data | {"locks": "on"}, follow=True).content.decode()
    assert "Hạn nộp 15/6/2024 đã qua mà kỳ này khoá sau hạn" in page
    page = client.post(reverse("period_create"), data | {"school_year": 2022, "cut_off_on": "31/5/2023"}, follow=True)
    assert "mà kỳ này khoá" not in page.content.decode()


def test_a_principal_finds_the_report_of_a_year(report, hieu_truong_a, phong_thanh_tri, as_user):
    """By the words of the period; the school's own list opens with it, the office's with the unit."""
    page = as_user(hieu_truong_a).get(reverse("report_list"), {"q": "so ket 2023"})
    assert [row.record for row in page.context["table"].rows] == [report]
    assert [column.name for column in page.context["table"].columns][:2] == ["period", "unit_name"]
    assert "quá hạn" in page.content.decode()
    page = as_user(hieu_truong_a).get(reverse("report_list"), {"q": "2019"}).content.decode()
    assert "Không có dòng nào khớp" in page
    assert "Bỏ mọi điều kiện lọc" in page
    page = as_user(phong_thanh_tri).get(reverse("report_list"), {"q": "2023"})
    assert next(column.name for column in page.context["table"].columns) == "unit_name"


def test_one_main_button(report, hieu_truong_a, as_user):
    """To write while something is missing, then to submit; the PDF stands back meanwhile."""
    page, client = report.get_absolute_url(), as_user(hieu_truong_a)
    report.period.required_sections = ["advantages"]
    report.period.save()
    main = re.compile(r'class="btn btn-primary[^>]*>(?:<svg.*?</svg>)?([^<]+)<', re.DOTALL)
    assert main.findall(client.get(page).content.decode().split('id="confirm"')[0]) == ["Soạn"]
    report.sections.create(key="advantages", body="Được Phòng quan tâm.")
    assert main.findall(client.get(page).content.decode().split('id="confirm"')[0]) == ["Trình duyệt"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"due_on": "1/5/2024"}, "bằng hoặc sau ngày chốt"),
        ({"cut_off_on": "1/10/2024", "due_on": "1/11/2024"}, "nằm trong năm học 2023-2024"),
    ],
)
def test_a_period_that_cannot_be(world, so, as_user, changes, words):
    response = as_user(so).post(reverse("period_create"), PERIOD | changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not ReportingPeriod.objects.exists()


def test_the_way_up(report, hieu_truong_a, phong_thanh_tri, can_bo, as_user):
    principal, district = as_user(hieu_truong_a), as_user(phong_thanh_tri)
    assert "không có quyền" in act(as_user(can_bo), report, "trinh").content.decode(), "a clerk submits nothing"
    act(principal, report, "trinh")
    assert report.status == "submitted"
    assert report.frozen_at
    assert "ghi lý do" in act(district, report, "tra-lai", note="").content.decode()
    act(district, report, "tra-lai", note="Bổ sung khó khăn")
    assert (report.status, report.is_frozen) == ("returned", False)
    assert "Bổ sung khó khăn" in principal.get(report.get_absolute_url()).content.decode()
    act(principal, report, "trinh")
    act(district, report, "duyet")
    act(principal, report, "ban-hanh", **ISSUE)
    assert (report.status, report.number, report.issued_on) == ("issued", 5, date(2024, 6, 20))
    assert list(report.actions_for(hieu_truong_a)) == ["correct"]
    assert principal.get(reverse("report_edit", args=[report.pk])).status_code == 404, "an issued report never changes"


def test_the_department_reports_to_its_leader(period, world, so, lanh_dao, as_user):
    report = period.reports.get(department=world.so)
    period.reports.exclude(pk=report.pk).update(status="exempt")
    act(as_user(so), report, "trinh")
    assert "không có quyền" in act(as_user(so), report, "duyet").content.decode()
    act(as_user(lanh_dao), report, "duyet")
    assert report.status == "approved"


@pytest.mark.parametrize("who", ["hieu_truong_b", "phong_chuong_my", "nguoi_la"])
def test_others_have_no_part(report, request, as_user, who):
    assert act(as_user(request.getfixturevalue(who)), report, "trinh").status_code == 404


def test_a_number_is_used_once_a_year(report, world, hieu_truong_a, as_user):
    OutgoingPaper.objects.enter(world.school_a, "BC-THCSTTO", date(2024, 1, 9), 5, abstract="Sơ kết 2022-2023")
    principal = as_user(hieu_truong_a)
    act(principal, report, "trinh")
    Report.objects.filter(pk=report.pk).update(status="approved")
    report.refresh_from_db()
    response = act(principal, report, "ban-hanh", **ISSUE)
    assert "Số 05/BC-THCSTTO đã dùng năm 2024 cho “Sơ kết 2022-2023”" in response.content.decode()
    assert report.status == "approved"


def test_sentences_are_kept_as_typed(report, hieu_truong_a, can_bo, as_user):
    page = reverse("report_edit", args=[report.pk])
    answer = as_user(can_bo).post(page, {"advantages": "Đội ngũ nhiệt tình"}, headers={"HX-Request": "true"})
    assert "đã lưu" in answer.content.decode()
    as_user(hieu_truong_a).post(page, {"advantages": "Đội ngũ nhiệt tình", "difficulties": "Đường xa"})
    assert report.texts() == {"advantages": "Đội ngũ nhiệt tình", "difficulties": "Đường xa"}


# --- The file -------------------------------------------------------------------------------------------------------


def make(client, report):
    return client.post(reverse("report_file_create", args=[report.pk]), follow=True)


def test_asked_for_twice(report, hieu_truong_a, as_user, press):
    client = as_user(hieu_truong_a)
    assert "Đang tạo báo cáo" in make(client, report).content.decode()
    assert "không cần bấm lần nữa" in make(client, report).content.decode()
    file = ReportFile.objects.get()
    tasks.do_job("reports.reportfile", str(file.pk))
    tasks.do_job("reports.reportfile", str(file.pk))  # a second delivery
    file.refresh_from_db()
    assert (file.state, file.attempts, file.pages, file.size) == ("ready", 1, 3, len(press.result))
    assert "chưa thay đổi từ bản 1" in make(client, report).content.decode()
    assert ReportFile.objects.count() == 1
    download = client.get(file.get_absolute_url())
    assert b"".join(download.streaming_content) == press.result
    assert 'filename="bao-cao-so-ket-2023-2024' in download["Content-Disposition"]
    assert hieu_truong_a.notifications.filter(text__contains="Đã tạo xong PDF").count() == 1


def test_a_new_version_when_the_content_changed(report, activity, hieu_truong_a, as_user, press):
    client = as_user(hieu_truong_a)
    make(client, report)
    tasks.do_job("reports.reportfile", str(ReportFile.objects.get().pk))
    report.sections.create(key="advantages", body="Đội ngũ nhiệt tình")
    make(client, report)
    assert [file.version for file in report.files.all()] == [1, 2]


def test_a_failure_says_why_and_can_be_tried_again(report, hieu_truong_a, as_user, press):
    client = as_user(hieu_truong_a)
    make(client, report)
    press.result = OSError(errno.ENOSPC, "No space left on device")
    tasks.do_job("reports.reportfile", str(ReportFile.objects.get().pk))
    file = ReportFile.objects.get()
    assert file.state == "failed"
    assert "Ổ đĩa của máy chủ đã đầy" in client.get(reverse("report_file_state", args=[file.pk])).content.decode()
    assert client.get(file.get_absolute_url()).status_code == 404
    make(client, report)
    assert ReportFile.objects.count() == 2


def test_a_late_worker_is_not_taken(report, hieu_truong_a):
    file, _created = ReportFile.objects.request(report, hieu_truong_a)
    assert file.take()
    late = ReportFile.objects.get(pk=file.pk)
    ReportFile.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    [lost] = ReportFile.objects.lost()
    assert lost.requeue()
    assert lost.requeue() is False, "it is queued already"
    taken = ReportFile.objects.get(pk=file.pk)
    assert taken.take()
    assert lost.take() is False, "one of two deliveries"
    assert late.mark_ready(b"%PDF muon", 1) is False
    assert taken.mark_ready(b"%PDF dung", 1)
    taken.refresh_from_db()
    with taken.file.open() as stored:
        assert stored.read() == b"%PDF dung"


def test_after_three_deaths_it_has_failed(report, hieu_truong_a):
    file, _created = ReportFile.objects.request(report, hieu_truong_a)
    for _death in range(MOST_ATTEMPTS):
        assert ReportFile.objects.get().take()
        ReportFile.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        ReportFile.objects.get().requeue()
    file.refresh_from_db()
    assert file.state == "failed"
    assert "dừng đột ngột" in file.error


def test_a_message_that_never_arrived_is_found(report, hieu_truong_a, settings):
    file, _created = ReportFile.objects.request(report, hieu_truong_a)
    assert not ReportFile.objects.lost()
    ReportFile.objects.update(queued_at=timezone.now() - timedelta(seconds=settings.JOB_LEASE_SECONDS + 1))
    assert ReportFile.objects.lost().get() == file


def test_readers_ask_for_nothing(report, chi_xem, as_user):
    assert make(as_user(chi_xem), report).status_code == 404
