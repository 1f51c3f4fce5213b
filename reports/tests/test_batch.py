"""A whole season of PDFs: every report gets its own or a reason, by many workers, stopped, resumed, made again."""

import io
import zipfile
from datetime import timedelta

import openpyxl
import pdfplumber
import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports.models import Batch, BatchBook, BatchItem, ReportFile
from reports.papers.letters import FontMissing
from reports.tasks import make_batch, watch_batches
from twinning.tasks import do_job

EVERY = ["department", "district", "school"]


@pytest.fixture
def sent(monkeypatch):
    """The messages workers would get, as (batch, turn); each is taken off by `work`."""
    queue = []
    monkeypatch.setattr(make_batch, "delay", lambda pk, turn: queue.append((pk, turn)))
    return queue


@pytest.fixture
def pages_of():
    """pages_of(3) → the bytes of a PDF of three empty pages."""

    def make(count):
        with pikepdf.new() as pdf:
            for _page in range(count):
                pdf.add_blank_page(page_size=(595, 842))
            target = io.BytesIO()
            pdf.save(target)
        return target.getvalue()

    return make


@pytest.fixture
def season(period, so, press, sent, django_capture_on_commit_callbacks):
    """Begun by the Department: itself, two offices, two schools."""
    with django_capture_on_commit_callbacks(execute=True):
        return Batch.objects.begin(period, EVERY, so)[0]


@pytest.fixture
def work(sent, django_capture_on_commit_callbacks):
    """Let workers take messages until there is none."""

    def run():
        while sent:
            with django_capture_on_commit_callbacks(execute=True):
                make_batch(*sent.pop(0))

    return run


def states(batch):
    return [*batch.items.values_list("level", "state")]


def counts(batch):
    batch.refresh_from_db()
    return {"status": batch.status, **batch.counts()}


def later(**time):
    BatchItem.objects.exclude(next_try_at=None).update(next_try_at=timezone.now() - timedelta(seconds=1))
    Batch.objects.update(called_at=timezone.now() - timedelta(minutes=1))


@pytest.fixture
def watch(django_capture_on_commit_callbacks):
    """What beat does, some time later."""

    def run():
        later()
        with django_capture_on_commit_callbacks(execute=True):
            watch_batches()

    return run


def test_all_reports_of_a_period(season, work, sent, so, as_user):
    assert states(season) == [
        (level, "waiting") for level in ("department", "district", "district", "school", "school")
    ]
    assert len(sent) == 1, "one message for the whole season"
    assert not ReportFile.objects.exists(), "nothing is made in the request"
    work()
    assert counts(season) == {"status": "done", "done": 5, "all": 5}
    assert ReportFile.objects.filter(state="ready").count() == 5
    assert [notice.text for notice in so.notifications.all()] == [
        "PDF sơ kết năm học 2023-2024: Sở, Phòng, trường: xong 5/5 bản."
    ], "told once, not once a report"
    page = as_user(so).get(season.get_absolute_url()).content.decode()
    assert 'data-batch-state="done"' in page
    assert "hx-get" not in page
    answer = as_user(so).get(reverse("batch_progress", args=[season.pk]))
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")


def test_workers_side_by_side_make_each_report_once(season, sent):
    """Two take the same message, two the same report: one of them gets it."""
    first = sent[0]
    item = season.items.due().first()
    assert item.take()
    assert not BatchItem.objects.get(pk=item.pk).take()
    Batch.objects.get(pk=season.pk).work(first[1])
    assert ReportFile.objects.count() == 4
    before = [*ReportFile.objects.values_list("pk", flat=True)]
    make_batch(*first)  # a second delivery is void
    assert [*ReportFile.objects.values_list("pk", flat=True)] == before
    assert counts(season) == {"status": "running", "done": 4, "making": 1, "all": 5}, "not done while one is made"


def test_a_slice_of_time_then_the_next_message(season, sent, monkeypatch, django_capture_on_commit_callbacks):
    """A worker that was busy long enough leaves the rest to the next message, of which there is one."""
    monkeypatch.setattr("reports.models.batch.SLICE_SECONDS", -1)
    first = sent.pop()
    with django_capture_on_commit_callbacks(execute=True):
        make_batch(*first)
        make_batch(*first)  # delivered a second time
    assert counts(season) == {"status": "running", "done": 1, "waiting": 4, "all": 5}
    assert len(sent) == 1
    assert sent[0] != first


def test_a_broken_unit_never_stops_the_rest(season, work, watch, press, world, so, as_user, monkeypatch, caplog):
    def mostly(content, progress, mark):
        if content["unit"] == {"kind": "school", "id": world.school_a.pk}:
            raise ValueError("bảng quá rộng")
        if content["unit"]["kind"] == "department":
            raise FontMissing
        return b"%PDF-1.7 mau", 3

    monkeypatch.setattr("reports.papers.pdf.build_pdf", mostly)
    work()
    broken = season.items.get(report__school=world.school_a)
    assert (broken.state, broken.attempts) == ("waiting", 1)
    assert timedelta(seconds=50) < broken.next_try_at - timezone.now() < timedelta(seconds=61)
    assert counts(season) == {"status": "running", "done": 3, "failed": 1, "waiting": 1, "all": 5}
    page = as_user(so).get(season.get_absolute_url()).content.decode()
    assert "Sẽ thử lại" in page
    assert "Phần mềm gặp lỗi (ValueError)" in page
    assert "bảng quá rộng" not in page, "what the machine says is for the log"
    assert "bảng quá rộng" in caplog.text
    assert "fonts-liberation2" in page, "what to do is said at once, without a retry"
    for _try in range(2):
        watch()
        work()
    broken.refresh_from_db()
    assert (broken.state, broken.attempts) == ("failed", 3)
    assert counts(season)["status"] == "done"
    assert "xong 3/5 bản. 2 bản lỗi; xem lý do rồi làm lại." in so.notifications.get().text

    # The reason is mended; only what failed is made again.
    made = {*ReportFile.objects.filter(state="ready").values_list("pk", flat=True)}
    monkeypatch.setattr("reports.papers.pdf.build_pdf", lambda content, progress, mark: (b"%PDF-1.7 mau", 3))
    assert as_user(so).post(reverse("batch_action", args=[season.pk, "lam-lai-ban-loi"])).status_code == 302
    assert season.items.open().count() == 2
    season.refresh_from_db()
    make_batch(season.pk, season.turn)
    assert counts(season) == {"status": "done", "done": 5, "all": 5}
    new = ReportFile.objects.filter(state="ready").exclude(pk__in=made)
    assert {file.report.level for file in new} == {"department", "school"}
    assert "lam-lai-ban-loi" not in as_user(so).get(season.get_absolute_url()).content.decode()


def test_content_that_cannot_be_read_fails_alone(season, work, world, monkeypatch, caplog):
    from reports.models import Report

    real = Report.file_content
    monkeypatch.setattr(
        Report, "file_content", lambda report: real(report) if report.school_id != world.school_b.pk else 1 / 0
    )
    work()
    assert counts(season) == {"status": "running", "done": 4, "waiting": 1, "all": 5}
    assert "ZeroDivisionError" in season.items.get(state="waiting").reason


def test_stopped_and_resumed(season, work, sent, so, as_user):
    taken = season.take_next()
    assert as_user(so).post(reverse("batch_action", args=[season.pk, "dung"])).status_code == 302
    work()
    assert counts(season) == {"status": "stopped", "making": 1, "waiting": 4, "all": 5}
    assert 'hx-trigger="every 2s"' in as_user(so).get(season.get_absolute_url()).content.decode(), "one is being made"
    taken.make()
    assert counts(season) == {"status": "stopped", "done": 1, "waiting": 4, "all": 5}
    page = as_user(so).get(season.get_absolute_url()).content.decode()
    assert "hx-trigger" not in page
    assert "Làm tiếp" in page
    season.refresh_from_db()
    season.perform("resume", so)
    make_batch(season.pk, season.turn)
    assert counts(season) == {"status": "done", "done": 5, "all": 5}
    assert ReportFile.objects.count() == 5, "what was done before is not made again"


def test_made_again_only_what_changed(season, work, period, world, so, press):
    work()
    period.reports.get(school=world.school_a).sections.create(key="advantages", body="Viết sau khi đã tạo PDF.")
    season.refresh_from_db()
    season.perform("again", so)
    make_batch(season.pk, season.turn)
    assert counts(season) == {"status": "done", "done": 5, "all": 5}
    new = ReportFile.objects.get(version=2)
    assert new.report.school == world.school_a
    outcomes = {item.report.unit_name: item.outcome for item in season.items.for_list().select_related("file", "batch")}
    assert outcomes["THCS Tả Thanh Oai"] == "xong, bản mới"
    assert outcomes["THCS Đại Yên"] == "xong, giữ bản 1"


def test_figures_that_change_while_the_paper_is_set(season, work, activity, so, world, monkeypatch):
    """Each paper says what was so when it was begun; brought up to date, only what is behind gets a new one."""
    activity.store_totals()
    told = {}

    def build(content, progress, mark):
        told.setdefault(content["unit"]["kind"], content["figures"]["teacher_turns"]["value"])
        activity.units.filter(school=world.school_a).update(teacher_turns=30)
        activity.store_totals()
        return b"%PDF-1.7 mau", 3

    monkeypatch.setattr("reports.papers.pdf.build_pdf", build)
    work()
    assert told["department"] == 36, "the first of them was under way"
    season.refresh_from_db()
    season.perform("again", so)
    make_batch(season.pk, season.turn)
    newer = ReportFile.objects.get(version=2)
    assert newer.report.department == world.so
    assert newer.content["figures"]["teacher_turns"]["value"] == 42


def test_a_worker_that_died_loses_and_doubles_nothing(season, work, watch, monkeypatch, caplog):
    reading = season.take_next()  # died while it read the content
    setting = season.take_next()  # died while it set the paper
    file, _created = ReportFile.objects.request(setting.report, season.requested_by, is_quiet=True)
    BatchItem.objects.filter(pk=setting.pk).update(file=file)
    assert file.take()
    work()
    assert counts(season) == {"status": "running", "done": 3, "making": 2, "all": 5}
    watch()
    assert season.items.filter(state="making").count() == 2, "a lease that still holds is respected"
    BatchItem.objects.filter(state="making").update(lease_until=timezone.now() - timedelta(seconds=1))
    watch()
    work()
    assert counts(season) == {"status": "running", "done": 4, "making": 1, "all": 5}, "its file has a lease of its own"
    assert season.items.get(state="making").attempts == 1
    ReportFile.objects.filter(pk=file.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert file.requeue()
    assert file.take()
    file.do()
    watch()
    work()
    assert counts(season) == {"status": "done", "done": 5, "all": 5}
    assert ReportFile.objects.count() == 5
    assert ReportFile.objects.filter(state="ready").count() == 5
    monkeypatch.setattr("reports.models.Report.file_content", lambda report: 1 / 0)
    reading.make()  # wakes up late: nothing of it is taken
    assert counts(season) == {"status": "done", "done": 5, "all": 5}


def test_a_message_that_was_lost_is_sent_again(season, sent, work, watch):
    old = sent.pop()
    watch()
    assert len(sent) == 1
    assert sent[0] != old
    make_batch(*old)
    assert season.items.filter(state="waiting").count() == 5, "the old one is void"
    work()
    assert counts(season)["status"] == "done"


def test_a_full_disk_keeps_what_was_there(season, work, period, world, so, monkeypatch, as_user, caplog):
    work()
    old = ReportFile.objects.get(report__school=world.school_a)
    period.reports.get(school=world.school_a).sections.create(key="advantages", body="Mới")
    season.refresh_from_db()
    season.perform("again", so)
    stored = {*default_storage.listdir(f"reports/{timezone.localdate().year}")[1]}

    def full(self, name, content):
        with open(self.path(name), "wb") as half:  # noqa: PTH123 what the storage itself leaves behind
            half.write(b"%PDF")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    make_batch(season.pk, season.turn)
    item = season.items.get(report__school=world.school_a)
    assert item.state == "waiting"
    assert "Ổ đĩa của máy chủ đã đầy" in item.reason
    assert {*default_storage.listdir(f"reports/{timezone.localdate().year}")[1]} == stored, "no half file"
    assert b"".join(as_user(so).get(old.get_absolute_url())) == b"%PDF-1.7 mau"


def test_a_unit_that_is_exempt_or_gone(period, world, so, press, sent, work, django_capture_on_commit_callbacks):
    period.reports.get(school=world.school_b).perform("exempt", so, note="Sửa trường")
    world.school_a.valid_to = period.cut_off_on + timedelta(days=40)  # dissolved after the day of cut-off
    world.school_a.save()
    with django_capture_on_commit_callbacks(execute=True):
        batch, _created = Batch.objects.begin(period, ["school"], so)
    work()
    assert counts(batch) == {"status": "done", "done": 1, "skipped": 1, "all": 2}
    assert batch.items.get(state="skipped").reason == "được miễn báo cáo"
    assert batch.items.get(state="done").report.school == world.school_a


def test_a_district_makes_its_own(period, phong_thanh_tri, phong_chuong_my, so, nguoi_la, world, press, sent, as_user):
    client = as_user(phong_thanh_tri)
    form = client.get(reverse("batch_create") + f"?ky={period.pk}").content.decode()
    assert 'value="department"' not in form
    refused = client.post(reverse("batch_create"), {"period": period.pk, "levels": ["department"]})
    assert refused.status_code == 422
    assert client.post(reverse("batch_create"), {"period": period.pk}).status_code == 422
    answer = client.post(reverse("batch_create"), {"period": period.pk, "levels": ["district", "school"]})
    batch = Batch.objects.get()
    assert answer.url == batch.get_absolute_url()
    assert [item.report.unit_name for item in batch.items.for_list()] == [
        "Phòng GD&ĐT huyện Thanh Trì",
        "THCS Tả Thanh Oai",
    ]
    client.post(reverse("batch_create"), {"period": period.pk, "levels": ["school", "district"]})
    assert Batch.objects.count() == 1, "the same again is the same season"
    batch.work(batch.turn)
    assert counts(batch)["status"] == "done"
    for person, status in ((so, 200), (phong_chuong_my, 404), (nguoi_la, 404)):
        assert as_user(person).get(batch.get_absolute_url()).status_code == status
        for name in ("batch_items", "batch_zip", "batch_progress"):
            expected = 204 if (status, name) == (200, "batch_progress") else status
            assert as_user(person).get(reverse(name, args=[batch.pk])).status_code == expected, (person, name)
    assert as_user(nguoi_la).get(reverse("batch_create")).status_code == 404


def test_those_who_read_do_not_run(season, chi_xem, lanh_dao, as_user):
    for person in (chi_xem, lanh_dao):
        client = as_user(person)
        page = client.get(season.get_absolute_url()).content.decode()
        assert reverse("batch_action", args=[season.pk, "dung"]) not in page
        client.post(reverse("batch_action", args=[season.pk, "dung"]))
        assert counts(season)["status"] == "running"


def test_zip_and_manifest(season, work, so, as_user, world, press):
    press.result = b"%PDF-1.7 " + b"x" * 1_000_000
    work()
    client = as_user(so)
    answer = client.get(reverse("batch_zip", args=[season.pk]) + f"?don-vi={world.thanh_tri.pk}")
    assert answer.streaming
    assert "so-ket-nam-hoc-2023-2024-thanh-tri.zip" in answer["Content-Disposition"]
    pieces = [*answer.streaming_content]
    assert max(map(len, pieces)) < 400_000, "sent as it is made"
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "bao-cao-so-ket-2023-2024-huyen-thanh-tri-ban-1.pdf",
            "bao-cao-so-ket-2023-2024-thcs-ta-thanh-oai-ban-1.pdf",
        ]
        assert archive.read(archive.namelist()[0]) == press.result
    lost = ReportFile.objects.get(report__school=world.school_b)
    default_storage.delete(lost.file.name)
    whole = client.get(reverse("batch_zip", args=[season.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(whole.streaming_content))) as archive:
        names = archive.namelist()
        assert names[0].startswith("so/")
        assert "thanh-tri/bao-cao" in " ".join(names)
        assert lost.name in archive.read("THIEU.txt").decode()
    assert client.get(reverse("batch_zip", args=[season.pk]) + "?don-vi=x").status_code == 404

    listed = client.get(reverse("batch_items", args=[season.pk]) + "?q=ta thanh&tinh_trang=done").content.decode()
    assert "THCS Tả Thanh Oai" in listed
    assert "Đại Yên" not in listed
    book = client.get(reverse("batch_items", args=[season.pk]) + "?_export=xlsx")
    rows = [*openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).active.values]
    assert [row[0] for row in rows[4:]] == [item.report.unit_name for item in season.items.for_list()]
    assert {row[3] for row in rows[4:]} == {"xong, bản mới"}


def test_remaining_time_is_reckoned_from_the_last_reports(season, time_machine):
    start = timezone.now()
    time_machine.move_to(start + timedelta(seconds=40), tick=False)
    items = [*season.items.all()]
    for seconds, item in zip((10, 20, 30), items, strict=False):
        BatchItem.objects.filter(pk=item.pk).update(state="done", finished_at=start + timedelta(seconds=seconds))
    assert season.remaining() == timedelta(seconds=20), "two left, 30 s for the last three"
    BatchItem.objects.filter(pk=items[0].pk).update(finished_at=None)
    assert season.remaining() is None


def test_the_command(period, so, press, capsys):
    for _run in range(2):
        call_command("build_reports", 2023, level=["so", "phong"], by="so", now=True)
    assert capsys.readouterr().out.count("3 báo cáo, xong 3, lỗi 0.") == 2
    assert ReportFile.objects.count() == 3


def test_as_many_queries_whatever_the_number_of_reports(season, so, as_user):
    """The page, the manifest and its workbook, for 5 reports and for 3."""
    Batch.objects.update(status="stopped")
    BatchItem.objects.update(state="failed", reason="lỗi")
    client = as_user(so)

    def taken(name, query=""):
        url = reverse(name, args=[season.pk]) + query
        b"".join(client.get(url))
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.get(url))
        return len(queries)

    pages = [("batch_detail",), ("batch_items",), ("batch_items", "?_export=xlsx")]
    of_five = [taken(*page) for page in pages]
    for level in ("district", "school"):
        season.items.filter(level=level).last().delete()
    assert of_five == [taken(*page) for page in pages]


# --- The book ---------------------------------------------------------------------------------------------------------


def test_the_book(
    season, work, so, phong_chuong_my, as_user, press, world, pages_of, django_capture_on_commit_callbacks
):
    """Cover, contents whose lines lead to the pages, the papers office by office, bookmarks; made once."""
    press.result = pages_of(3)
    work()
    client = as_user(so)
    url = reverse("batch_book", args=[season.pk])
    assert client.post(url).status_code == 302
    book = BatchBook.objects.get()
    assert client.post(url).status_code == 302
    do_job("reports.batchbook", str(book.pk))
    client.post(url)
    assert BatchBook.objects.count() == 1, "the same files are the same book"
    book.refresh_from_db()
    assert (book.state, book.error) == ("ready", "")
    assert so.notifications.first().text.startswith("Đã ghép xong sách")
    answer = client.get(book.get_absolute_url())
    assert "so-ket-nam-hoc-2023-2024-ca-dot.pdf" in answer["Content-Disposition"]
    data = b"".join(answer)
    assert as_user(phong_chuong_my).get(book.get_absolute_url()).status_code == 404
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == book.pages == 2 + 5 * 3
        numbers = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
        links = [numbers[link.Dest[0].objgen] for link in pdf.pages[1].Annots]
        assert links == [2, 5, 8, 11, 14]
        with pdf.open_outline() as outline:
            heads = [(head.title, [child.title for child in head.children]) for head in outline.root]
    assert heads == [
        ("Mục lục", []),
        ("Sở", ["Sở GD&ĐT Hà Nội"]),
        ("Phòng GD&ĐT huyện Chương Mỹ", ["Phòng GD&ĐT huyện Chương Mỹ", "THCS Đại Yên"]),
        ("Phòng GD&ĐT huyện Thanh Trì", ["Phòng GD&ĐT huyện Thanh Trì", "THCS Tả Thanh Oai"]),
    ]
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        cover, contents = (page.extract_text() for page in pdf.pages[:2])
        assert pdf.pages[0].annots == []
    assert "BÁO CÁO SƠ KẾT NĂM HỌC 2023-2024" in cover
    assert "5 báo cáo" in cover
    assert [line.rsplit(" ", 1) for line in contents.split("\n")[3:]] == [
        ["Sở GD&ĐT Hà Nội", "3"],
        ["Phòng GD&ĐT huyện Chương Mỹ", "6"],
        ["THCS Đại Yên", "9"],
        ["Phòng GD&ĐT huyện Thanh Trì", "12"],
        ["THCS Tả Thanh Oai", "15"],
    ]
