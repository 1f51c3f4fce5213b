"""What was frozen stays: the list behind each figure, what changed since, supplements, and reconciliation."""

import errno
import io

import pdfplumber
import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from activities.models import Activity
from reports import supplements
from reports.models import OutgoingPaper, Report
from twinning.life import Refused

SUPPLEMENT = {
    "explanation": "Trường nhập muộn.",
    "issued_on": "25/6/2024",
    "signer_title": "HIỆU TRƯỞNG",
    "signer_name": "Nguyễn Văn Mẫu",
}


@pytest.fixture
def report(period, activity, support, world, hieu_truong_a):
    """Of school A, issued with 24 teacher turns."""
    report = Report.objects.for_list().get(period=period, school=world.school_a)
    report.perform("submit", hieu_truong_a)
    Report.objects.filter(pk=report.pk).update(status="approved")
    report.refresh_from_db()
    report.perform(
        "issue", hieu_truong_a, number=None, issued_on=period.due_on, signer_title="HIỆU TRƯỞNG",
        signer_name="Nguyễn Văn Mẫu", recipients="",
    )  # fmt: skip
    return report


def page(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def correct(activity, school, turns):
    activity.units.filter(school=school).update(teacher_turns=turns)
    activity.store_totals()


def test_each_figure_opens_the_list_frozen_with_it(report, activity, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    assert reverse("report_figure", args=[report.pk, "teacher_turns"]) in page(client, "report_detail", report.pk)
    rows = page(client, "report_figure", report.pk, "teacher_turns")
    assert f"{activity.title} – THCS Tả Thanh Oai" in rows
    assert activity.get_absolute_url() in rows
    Activity.objects.filter(pk=activity.pk).update(status="cancelled")
    assert activity.title in page(client, "report_figure", report.pk, "activities_held"), "listed whatever became of it"
    activity.delete()
    assert "nay không còn" in page(client, "report_figure", report.pk, "activities_held")


def test_changes_become_a_numbered_supplement(report, activity, world, hieu_truong_a, phong_thanh_tri, as_user):
    client = as_user(hieu_truong_a)
    before = report.file_content()
    create = reverse("supplement_create", args=[report.pk])
    assert "khớp với số liệu đã chốt" in page(client, "report_changes", report.pk)
    assert client.get(create).status_code == 404, "nothing to tell"
    correct(activity, world.school_a, 30)
    changes = page(client, "report_changes", report.pk)
    assert ">24<" in changes
    assert ">30<" in changes
    assert ">+6<" in changes
    assert as_user(phong_thanh_tri).post(create, SUPPLEMENT).status_code == 404, "only who signs the report"
    assert "không thể có ngày trước" in client.post(create, SUPPLEMENT | {"issued_on": "1/6/2024"}).content.decode()
    assert client.post(create, SUPPLEMENT).status_code == 302
    found = report.supplements.get()
    assert (found.position, found.paper.number) == (1, report.number + 1)
    assert client.get(create).status_code == 404, "told already"
    report.refresh_from_db()
    assert report.file_content() == before, "an issued report never changes"

    data = b"".join(client.get(found.get_absolute_url()).streaming_content)
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        text = " ".join(p.extract_text() for p in pdf.pages).replace("\u00a0", " ").replace("\n", " ")
    said = "Bổ sung số liệu lần 1", "24 30", "sửa dòng đã có", "Trường nhập muộn.", f"Số: 02/{before['symbol']}"
    for words in said:
        assert words in text, words
    assert f"bổ sung số liệu lần 1: số 02/{before['symbol']} ngày 25/6/2024" in page(client, "report_detail", report.pk)
    assert found.code_in_groups in text
    seen = verify(client, found)
    assert "Còn hiệu lực." in seen
    assert found.sha256 in seen
    assert "Bổ sung số liệu lần 1 của Báo cáo số" in seen
    assert "Trường nhập muộn" not in seen, "nothing else is told"
    assert "đúng là tệp cổng đã tạo" in verify(client, found, tep=SimpleUploadedFile("bo-sung.pdf", data))
    assert "Không khớp" in verify(client, found, tep=SimpleUploadedFile("bo-sung.pdf", data + b" "))
    correct(activity, world.school_a, 31)
    client.post(create, SUPPLEMENT)
    assert f"Văn bản thay thế: số 03/{before['symbol']}" in verify(client, found), "the newer one tells all changes"
    assert [paper.number for paper in OutgoingPaper.objects.order_by("number")] == [1, 2, 3]
    with pytest.raises(Refused, match="không có thay đổi"):
        supplements.issue(report, hieu_truong_a, issued_on=found.paper.issued_on, explanation="", signer_title="",
                          signer_name="")  # fmt: skip


def verify(client, supplement, **posted):
    url = reverse("verify_code", args=[supplement.code])
    return (client.post(url, posted) if posted else client.get(url)).content.decode()


def test_a_supplement_that_cannot_be_kept_is_not_issued(
    report, activity, world, hieu_truong_a, as_user, monkeypatch, settings
):
    correct(activity, world.school_a, 30)
    settings.SIGNING_KEY = "/khong/co.p12"
    unsigned = as_user(hieu_truong_a).post(reverse("supplement_create", args=[report.pk]), SUPPLEMENT)
    assert "Không mở được khoá ký số" in unsigned.content.decode(), "it would be signed, as reports are"
    settings.SIGNING_KEY = ""
    monkeypatch.setattr(FileSystemStorage, "_save", full)
    answer = as_user(hieu_truong_a).post(reverse("supplement_create", args=[report.pk]), SUPPLEMENT)
    assert "không lưu được tệp" in answer.content.decode()
    assert "Trường nhập muộn." in answer.content.decode(), "nothing typed is lost"
    assert not report.supplements.exists()
    assert OutgoingPaper.objects.count() == 1, "no number is used"


def full(*_given):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_district_beside_the_sum_of_its_schools(report, period, world, activity, phong_thanh_tri, as_user):
    district = Report.objects.get(period=period, district=world.thanh_tri)
    text = page(as_user(phong_thanh_tri), "report_reconcile", district.pk)
    assert "1 báo cáo cấp dưới đã nộp, 0 chưa nộp" in text
    assert text.count("khớp") >= 2
    correct(activity, world.school_a, 31)
    assert ">+7<" in page(as_user(phong_thanh_tri), "report_reconcile", district.pk)


def test_a_school_beside_its_twin_and_the_year_before(report, period, hieu_truong_a, as_user):
    text = page(as_user(hieu_truong_a), "report_reconcile", report.pk)
    assert "THCS Đại Yên" in text
    assert 'data-label="Chưa xác nhận">1<' in text
    assert "Kỳ trước chưa có báo cáo" in text
    later = type(period).objects.create(
        programme=period.programme, school_year=2024, cut_off_on="2025-05-31", due_on="2025-06-15"
    )
    later.open()
    text = page(as_user(hieu_truong_a), "report_reconcile", later.reports.get(school=report.school).pk)
    assert reverse("report_figure", args=[report.pk, "teacher_turns"]) in text
    assert ">-24<" in text
