"""The life of a report's file: claimed once, held by a lease, given back, finished or failed; and who downloads it."""

import hashlib
import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import Notification
from reports.models import ReportFile
from twinning import tasks
from twinning.failures import in_words
from twinning.models.job import MOST_ATTEMPTS, LeaseLost

PDF = b"%PDF-1.7 mau"


@pytest.fixture
def report(period, world):
    return period.reports.get(school=world.school_a)


@pytest.fixture
def file(report, hieu_truong_a):
    """Asked for by principal A, not taken by a worker yet."""
    return ReportFile.objects.request(report, hieu_truong_a)[0]


@pytest.fixture
def taken(file):
    """In the hands of a worker."""
    assert file.take()
    return file


@pytest.fixture
def ready(taken):
    assert taken.mark_ready(PDF, 3)
    taken.refresh_from_db()
    return taken


def again(file):
    """The same file as another process reads it."""
    return ReportFile.objects.get(pk=file.pk)


def over(file, seconds=1):
    """Let the lease run out."""
    ReportFile.objects.filter(pk=file.pk).update(lease_until=timezone.now() - timedelta(seconds=seconds))


def stored():
    """Names of everything the storage holds."""
    folder = f"reports/{timezone.localdate().year}"
    return default_storage.listdir(folder)[1] if default_storage.exists(folder) else []


# --- Claim and lease ------------------------------------------------------------------------------------------------


def test_one_of_two_workers_gets_it(file):
    one, other = again(file), again(file)
    assert one.take()
    assert not other.take()
    file.refresh_from_db()
    assert (file.state, file.attempts, file.claim) == ("running", 1, one.claim)


@pytest.mark.parametrize("state", ["running", "ready", "failed"])
def test_only_what_is_queued_is_taken(file, state):
    ReportFile.objects.update(state=state)
    assert not file.take()


def test_each_step_renews_the_lease(taken, settings, time_machine):
    start = timezone.now()
    time_machine.move_to(start + timedelta(seconds=settings.JOB_LEASE_SECONDS - 1), tick=False)
    taken.report_progress(40, "Phụ lục I")
    seen = again(taken)
    assert (seen.progress, seen.step) == (40, "Phụ lục I")
    time_machine.shift(settings.JOB_LEASE_SECONDS - 1)
    assert not ReportFile.objects.lost()
    time_machine.shift(2)
    assert ReportFile.objects.lost().get() == taken


@pytest.mark.parametrize("state", ["ready", "failed"])
def test_what_is_finished_is_never_lost(taken, state):
    over(taken, 10**6)
    ReportFile.objects.update(state=state, queued_at=timezone.now() - timedelta(days=9))
    assert not ReportFile.objects.lost()


def test_a_worker_that_lost_its_lease_stops_at_the_next_step(taken):
    over(taken)
    assert again(taken).requeue()
    with pytest.raises(LeaseLost):
        taken.report_progress(60, "Phụ lục II")
    assert again(taken).progress == 0


def test_nothing_of_a_late_worker_is_taken(taken):
    over(taken)
    again(taken).requeue()
    new = again(taken)
    assert new.take()
    assert taken.mark_failed("hết chỗ") is False
    assert taken.mark_ready(b"%PDF muon", 1) is False
    assert stored() == [], "not even on the disk"
    assert (again(new).state, again(new).claim, again(new).error) == ("running", new.claim, "")
    assert new.mark_ready(PDF, 1)
    assert stored() == [f"{new.pk}-{new.claim}.pdf"]
    assert Notification.objects.count() == 1


def test_a_sweeper_that_is_late_takes_nothing_away(taken):
    over(taken)
    slow = again(taken)
    again(taken).requeue()
    new = again(taken)
    assert new.take()
    assert slow.requeue() is False
    assert again(new).claim == new.claim


def test_after_three_deaths_who_asked_is_told(file, hieu_truong_a, as_user):
    for _death in range(MOST_ATTEMPTS):
        worker = again(file)
        assert worker.take()
        over(file)
        last = again(file).requeue()
    assert last is False
    assert (again(file).state, again(file).attempts) == ("failed", MOST_ATTEMPTS)
    notice = hieu_truong_a.notifications.get()
    assert "Không tạo được PDF: báo cáo sơ kết năm học 2023-2024 của THCS Tả Thanh Oai" in notice.text
    assert "bấm “Tạo báo cáo” để thử lại" in notice.text
    page = as_user(hieu_truong_a).get(notice.url).content.decode()
    assert "dừng đột ngột 3 lần" in page
    assert again(file).requeue() is False, "told once"
    assert hieu_truong_a.notifications.count() == 1


# --- Asking ---------------------------------------------------------------------------------------------------------


def test_the_database_keeps_one_file_under_way(file, report, hieu_truong_a):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportFile.objects.create(report=report, version=2, content={}, content_hash="x", requested_by=hieu_truong_a)
    ReportFile.objects.update(state="failed")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportFile.objects.create(report=report, version=1, content={}, content_hash="x", requested_by=hieu_truong_a)


def test_asked_again_with_other_content_while_one_is_under_way(file, report, hieu_truong_a):
    report.sections.create(key="advantages", body="Vừa viết")
    assert ReportFile.objects.request(report, hieu_truong_a) == (file, False)
    ReportFile.objects.update(state="ready")
    new, created = ReportFile.objects.request(report, hieu_truong_a)
    assert (created, new.version) == (True, 2)
    assert new.content != file.content


def test_asked_by_two_people_at_the_same_moment(report, hieu_truong_a, phong_thanh_tri, monkeypatch):
    """The second looks before the first has stored anything; the database lets one through."""
    first, _created = ReportFile.objects.request(report, hieu_truong_a)
    report.sections.create(key="advantages", body="Vừa viết")
    assert ReportFile.objects.request(report, phong_thanh_tri) == (first, False)
    assert ReportFile.objects.count() == 1


def test_what_failed_is_made_anew(taken, report, hieu_truong_a):
    taken.mark_failed("hết chỗ")
    new, created = ReportFile.objects.request(report, hieu_truong_a)
    assert (created, new.version, new.content_hash) == (True, 2, taken.content_hash)


def test_a_broker_that_is_away_loses_no_request(
    report, hieu_truong_a, as_user, monkeypatch, settings, caplog, django_capture_on_commit_callbacks
):
    def away(*args):
        raise OperationalError

    monkeypatch.setattr(tasks.do_job, "delay", away)
    url = reverse("report_file_create", args=[report.pk])
    with django_capture_on_commit_callbacks(execute=True):
        page = as_user(hieu_truong_a).post(url, follow=True).content.decode()
    assert "Đang tạo báo cáo" in page
    assert "OperationalError" in caplog.text
    file = ReportFile.objects.get()
    ReportFile.objects.update(queued_at=timezone.now() - timedelta(seconds=settings.JOB_LEASE_SECONDS + 1))
    assert ReportFile.objects.lost().get() == file


# --- The jobs -------------------------------------------------------------------------------------------------------


def test_the_job_builds_from_the_content_that_was_asked_for(file, report, press, monkeypatch):
    asked = file.content
    report.sections.create(key="advantages", body="Viết sau khi đã bấm")
    seen = []
    monkeypatch.setattr(
        "reports.papers.pdf.build_pdf", lambda content, progress, mark: seen.append(content) or (PDF, 2)
    )
    tasks.do_job("reports.reportfile", str(file.pk))
    assert seen == [asked]
    file.refresh_from_db()
    assert (file.state, file.progress, file.step, file.pages) == ("ready", 100, "", 2)
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    assert file.finished_at


def test_a_job_that_fails_says_why_once(file, press, hieu_truong_a, caplog):
    press.result = ValueError("bảng quá rộng")
    tasks.do_job("reports.reportfile", str(file.pk))
    press.result = PDF
    tasks.do_job("reports.reportfile", str(file.pk))  # a second delivery does not try again by itself
    file.refresh_from_db()
    assert (file.state, file.error) == ("failed", in_words(ValueError()))
    assert f"Job {file.pk} failed." in caplog.text
    assert "Không tạo được PDF" in hieu_truong_a.notifications.get().text
    assert stored() == []


def test_a_very_long_reason_is_cut(taken):
    taken.mark_failed("dài " * 500)
    assert len(again(taken).error) == 500


def test_a_job_whose_lease_is_lost_leaves_without_a_word(file, hieu_truong_a, monkeypatch):
    def slow(content, progress, mark):
        over(file)
        again(file).requeue()
        progress(50, "Phụ lục")

    monkeypatch.setattr("reports.papers.pdf.build_pdf", slow)
    tasks.do_job("reports.reportfile", str(file.pk))
    assert (again(file).state, again(file).error) == ("queued", "")
    assert not hieu_truong_a.notifications.exists()


def test_the_sweeper_queues_what_is_lost_and_nothing_else(taken, period, world, hieu_truong_b, monkeypatch):
    other, _created = ReportFile.objects.request(period.reports.get(school=world.school_b), hieu_truong_b)
    queued = []
    monkeypatch.setattr(tasks.do_job, "delay", lambda label, pk: queued.append(pk))
    tasks.requeue_lost_jobs()
    assert queued == []
    over(taken)
    tasks.requeue_lost_jobs()
    tasks.requeue_lost_jobs()
    assert queued == [str(taken.pk)]
    ReportFile.objects.filter(pk=taken.pk).update(state="running", attempts=MOST_ATTEMPTS)
    over(taken)
    tasks.requeue_lost_jobs()
    assert queued == [str(taken.pk)], "given up"
    assert again(other).state == "queued"


# --- Its line on the page -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words", "asks_again"),
    [
        ({"state": "queued"}, ["đang chờ", "Đang chờ tới lượt…"], True),
        ({"state": "running", "progress": 40, "step": "Phụ lục II"}, ["đang làm", 'value="40"', "Phụ lục II"], True),
        ({"state": "failed", "error": "Ổ đĩa đầy."}, ["lỗi", "bấm “Tạo báo cáo” để thử lại", "Ổ đĩa đầy"], False),
        ({"state": "ready", "pages": 12, "size": 234567}, ["xong", "12 trang", "229 kB", "Tải PDF"], False),
    ],
)
def test_the_page_asks_until_it_is_finished(file, hieu_truong_a, as_user, state, words, asks_again):
    ReportFile.objects.update(finished_at=timezone.now(), **state)
    client = as_user(hieu_truong_a)
    url = reverse("report_file_state", args=[file.pk])
    for page in (client.get(url), client.get(file.report.get_absolute_url())):
        html = page.content.decode()
        assert f'data-file-state="{state["state"]}"' in html
        assert (f'hx-get="{url}" hx-trigger="every 2s"' in html) == asks_again
        for word in words:
            assert word in html


# --- Who reads it ---------------------------------------------------------------------------------------------------

READERS = {
    "hieu_truong_a": True,
    "can_bo": True,
    "phong_thanh_tri": True,
    "so": True,
    "lanh_dao": True,
    "chi_xem": True,
    "quan_tri": True,
    "hieu_truong_b": False,
    "phong_chuong_my": False,
    "nguoi_la": False,
    "nguoi_tinh_khac": False,
}


@pytest.mark.parametrize("who", READERS)
def test_download_by_those_who_read_the_report(ready, request, as_user, who):
    client = as_user(request.getfixturevalue(who))
    answer = client.get(ready.get_absolute_url())
    assert (answer.status_code == 200) == READERS[who]
    if READERS[who]:
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert "bao-cao-so-ket-2023-2024-thcs-ta-thanh-oai-ban-1.pdf" in answer["Content-Disposition"]
    state = client.get(reverse("report_file_state", args=[ready.pk]))
    assert state.status_code == answer.status_code == (200 if READERS[who] else 404)


@pytest.mark.parametrize(
    ("who", "status"), [("chi_xem", 404), ("hieu_truong_b", 404), ("nguoi_la", 404), ("can_bo", 302)]
)
def test_asked_for_by_those_who_work_on_it(report, request, as_user, who, status):
    url = reverse("report_file_create", args=[report.pk])
    client = as_user(request.getfixturevalue(who))
    assert client.post(url).status_code == status
    assert ReportFile.objects.exists() == (status == 302)
    assert client.get(url).status_code == 405


def test_what_is_not_there_cannot_be_downloaded(taken, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    assert client.get(taken.get_absolute_url()).status_code == 404, "not finished"
    assert client.get(reverse("report_file_state", args=[uuid.uuid4()])).status_code == 404
    taken.mark_ready(PDF, 1)
    default_storage.delete(again(taken).file.name)
    assert client.get(taken.get_absolute_url()).status_code == 404, "lost from the disk"
