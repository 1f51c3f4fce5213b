"""Importing through the front door: send, look, decide, confirm, undo; who may; what is refused."""

import errno
import io
import json
from datetime import date, timedelta
from types import SimpleNamespace

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import Participation
from twinning.imports.kind import kinds
from twinning.models import (
    Agreement,
    AgreementEvent,
    District,
    ImportJob,
    Indicator,
    Membership,
    School,
    SchoolManagement,
    SchoolYearFigures,
    Teacher,
)
from twinning.tasks import do_job, forget_old_imports
from twinning.tests import tables
from twinning.views.imports import told

HEAD = ["STT", "Mã trường", "Tên trường", "Cấp học", "Quận/huyện", "Địa chỉ"]


def workbook(rows, name="danh-sach.xlsx"):
    """An upload: the rows of one sheet, text as text."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            (sheet.write_string if isinstance(value, str) else sheet.write)(y, x, value)
    book.close()
    return SimpleUploadedFile(name, file.getvalue())


def schools(*rows):
    return workbook([["DANH SÁCH TRƯỜNG HỌC"], [], HEAD, *([n, *row] for n, row in enumerate(rows, start=1))])


def dump():
    """All that is stored, but for the import itself and what people are told of it."""
    return tables.dump("twinning.ImportJob", "accounts.Notification")


@pytest.fixture
def send(as_user, django_capture_on_commit_callbacks):
    """send(user, kind slug, upload) → (client, job), checked by the worker."""

    def make(user, kind, upload, number_style="vi"):
        client = as_user(user)
        url = reverse("import_upload", args=[kind])
        answer = client.post(url, {"file": upload, "number_style": number_style})
        assert answer.status_code == 302, answer.content.decode()
        job = ImportJob.objects.latest("requested_at")
        assert answer["Location"] == job.get_absolute_url()
        work(job)
        return client, job

    return make


def work(job):
    """What the worker does with it."""
    do_job("twinning.importjob", str(job.pk))
    job.refresh_from_db()
    for cached in ("plan", "written"):
        job.__dict__.pop(cached, None)


def step(client, job, name, data=None):
    """Press a button of the page; the page one lands on, as text."""
    return client.post(reverse("import_step", args=[job.pk, name]), data or {}, follow=True).content.decode()


def page_of(client, job, tab=""):
    return client.get(job.get_absolute_url() + tab).content.decode()


# --- From the file to the rows and back ------------------------------------------------------------------------------


def test_preview_confirm_undo(world, so, send):
    before = dump()
    client, job = send(
        so,
        "truong",
        schools(
            ["01020501", "THCS Tả Thanh Oai", "THCS", "Huyện Thanh Trì", "xóm 2"],
            ["01020502", "THCS Ngũ Hiệp", "", "Thanh Trì", ""],
            ["", "Phòng GD&ĐT Thanh Trì", "", "Thanh Trì", ""],
            ["01020777", "THCS Không Đâu", "THCS", "huyện Không Có", ""],
            ["01277501", "THCS Đại Yên", "THCS", "Chương Mỹ", ""],
            ["", "Tổng cộng", "", "", 4],
        ),
    )
    assert job.counts == {"create": 1, "change": 1, "same": 1, "reject": 1, "skip": 2, "ask": 0}
    assert dump() == before, "looking writes nothing"
    page = page_of(client, job)
    assert "Sẽ thêm 1, thay đổi 1." in page
    assert "huyện Không Có" in page_of(client, job, "?xem=loi")
    assert "<del" in page_of(client, job, "?xem=sua")
    assert "xóm 2" in page_of(client, job, "?xem=sua")
    assert "là cơ quan quản lý, không phải trường" in page_of(client, job, "?xem=bo-qua")

    assert "Đang nhập 2 dòng" in step(client, job, "xac-nhan")
    work(job)
    assert job.is_applied
    new = School.objects.get(code="01020502")
    assert (new.name, new.level, new.district, new.department) == ("THCS Ngũ Hiệp", "thcs", world.thanh_tri, world.so)
    assert SchoolManagement.objects.get(school=new).district == world.thanh_tri
    assert School.objects.get(code="01020501").address == "xóm 2"
    assert "Đã nhập lúc" in page_of(client, job)
    assert "Thêm 1 trường. Sửa 1 trường." in " ".join(page_of(client, job).split())

    step(client, job, "hoan-tac")
    work(job)
    assert "Đã hoàn tác lúc" in page_of(client, job)
    assert dump() == before
    assert so.notifications.count() == 3, "checked, imported, undone"


def test_a_wide_table_from_preview_to_undo(world, so, send):
    """A row for each year of each school; what is wrong is one cell; nothing is written that was not shown."""
    rows = [
        ["SỐ LIỆU TRƯỜNG LỚP"],
        ["TT", "Trường", "Năm học 2022-2023", "", "Năm học 2023-2024", ""],
        ["", "", "Số lớp", "Số HS", "Số lớp", "Số HS"],
        [1, "THCS Tả Thanh Oai", 20, 800, 21, "tám trăm"],
        [2, "THCS Đại Yên", 12, 400, "", ""],
    ]
    client, job = send(so, "so-lieu-nam-hoc", workbook(rows))
    assert job.counts == {"create": 2, "change": 0, "same": 0, "reject": 1, "skip": 0, "ask": 0}
    assert "<strong>Số học sinh (F4)</strong>" in page_of(client, job, "?xem=loi")
    assert "cột C, D" in page_of(client, job, "?xem=them")
    sheet = opened(client.get(reverse("import_errors", args=[job.pk]))).worksheets[0]
    red = [cell.coordinate for line in sheet["A1:F5"] for cell in line if cell.fill.fill_type]
    assert red == ["F4"]
    assert sheet["G4"].value.startswith("Số học sinh (F4): “tám trăm” không phải số")

    SchoolYearFigures.objects.create(school=world.school_a, school_year=2022, level="thcs", classes=19)
    step(client, job, "xac-nhan")
    work(job)
    assert (job.is_applied, job.counts["change"]) == (False, 1), "shown again, since what it would do has changed"
    SchoolYearFigures.objects.all().delete()
    before = dump()
    step(client, job, "quyet-dinh", {"encoding": "unicode"})
    work(job)
    step(client, job, "xac-nhan")
    work(job)
    assert job.is_applied
    assert list(SchoolYearFigures.objects.order_by("pk").values_list("classes", "pupils")) == [(20, 800), (12, 400)]
    step(client, job, "hoan-tac")
    work(job)
    assert dump() == before


def test_the_same_file_again_changes_nothing(world, so, send):
    rows = [["01020502", "THCS Ngũ Hiệp", "THCS", "Thanh Trì", ""]]
    client, job = send(so, "truong", schools(*rows))
    step(client, job, "xac-nhan")
    work(job)
    client, again = send(so, "truong", schools(*rows))
    assert again.counts["same"] == 1
    assert again.writes == 0
    assert "Không có gì để nhập" in page_of(client, again)
    assert "không có gì để nhập" in step(client, again, "xac-nhan")


def test_questions_are_answered_by_a_person(world, so, send):
    """A name that differs in a mark only is never taken for the same school, nor for another one, by itself."""
    client, job = send(so, "truong", schools(["", "THCS Đài Yên", "THCS", "Chương Mỹ", ""]))
    assert (job.counts["ask"], job.writes) == (1, 0)
    page = page_of(client, job)
    assert "“THCS Đài Yên” và “THCS Đại Yên (huyện Chương Mỹ)”" in page
    assert "Chưa chọn câu trả lời nào" in step(client, job, "quyet-dinh")
    step(client, job, "quyet-dinh", {"q0": "new"})
    work(job)
    assert (job.counts["ask"], job.counts["create"]) == (0, 1)
    client, other = send(so, "truong", schools(["", "THCS Đài Yên", "THCS", "Chương Mỹ", "xóm 1"]))
    step(client, other, "quyet-dinh", {"all_giong": "same"})
    work(other)
    step(client, other, "xac-nhan")
    work(other)
    world.school_b.refresh_from_db()
    assert (world.school_b.name, world.school_b.address) == ("THCS Đài Yên", "xóm 1")


def test_undo_is_refused_once_something_was_built_on_it(world, so, send):
    client, job = send(so, "truong", schools(["01020502", "THCS Ngũ Hiệp", "THCS", "Thanh Trì", ""]))
    step(client, job, "xac-nhan")
    work(job)
    new = School.objects.get(code="01020502")
    teacher = Teacher.objects.create(school=new, full_name="Nguyễn Văn An")
    step(client, job, "hoan-tac")
    work(job)
    assert job.is_applied
    page = page_of(client, job)
    assert "1 giáo viên mới: Nguyễn Văn An" in page
    assert School.objects.filter(pk=new.pk).exists()
    teacher.delete()
    School.objects.filter(pk=new.pk).update(address="sửa sau")
    step(client, job, "hoan-tac")
    work(job)
    assert "đã sửa hoặc xoá sau đó: THCS Ngũ Hiệp" in page_of(client, job)
    School.objects.filter(pk=new.pk).update(address="")
    step(client, job, "hoan-tac")
    work(job)
    assert not School.objects.filter(pk=new.pk).exists()


def test_what_is_written_is_what_was_seen(world, so, send):
    client, job = send(so, "truong", schools(["01020501", "THCS Tả Thanh Oai", "THCS", "Thanh Trì", "xóm 2"]))
    School.objects.filter(pk=world.school_a.pk).update(address="xóm 3")
    step(client, job, "xac-nhan")
    work(job)
    assert job.waits_for_confirmation
    assert "đã thay đổi từ lúc kiểm tra, chưa nhập gì" in page_of(client, job)
    assert "xóm 3" in page_of(client, job, "?xem=sua")
    world.school_a.refresh_from_db()
    assert world.school_a.address == "xóm 3"


def test_an_import_that_breaks_changes_nothing(world, so, send, monkeypatch):
    client, job = send(
        so,
        "truong",
        schools(["01020502", "THCS Ngũ Hiệp", "", "Thanh Trì", ""], ["01020503", "THCS Tam Hiệp", "", "Thanh Trì", ""]),
    )
    before = dump()

    def broken(self, rows, batch_size=2000):
        next(iter(rows)).save()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("twinning.journal.Journal.create", broken)
    step(client, job, "xac-nhan")
    work(job)
    assert (job.state, job.is_applied) == ("failed", False)
    assert dump() == before
    assert "không có gì thay đổi" in page_of(client, job)
    assert "Ổ đĩa của máy chủ đã đầy" in page_of(client, job)


def test_pressed_twice(world, so, send):
    client, job = send(so, "truong", schools(["01020502", "THCS Ngũ Hiệp", "", "Thanh Trì", ""]))
    step(client, job, "xac-nhan")
    assert "vừa được làm rồi: tệp đang ở trạng thái “đang nhập”" in step(client, job, "xac-nhan")
    work(job)
    work(job)
    assert School.objects.filter(code="01020502").count() == 1


def test_thrown_away(world, so, send):
    client, job = send(so, "truong", schools(["01020502", "THCS Ngũ Hiệp", "", "Thanh Trì", ""]))
    stored = job.file
    assert "Đã bỏ tệp" in step(client, job, "bo")
    assert not ImportJob.objects.exists()
    assert not stored.storage.exists(stored.name)
    client, job = send(so, "truong", schools(["01020502", "THCS Ngũ Hiệp", "", "Thanh Trì", ""]))
    step(client, job, "xac-nhan")
    work(job)
    assert "Chỉ bỏ được tệp chưa nhập" in step(client, job, "bo")


def test_old_letters_are_converted_only_when_a_person_says_so(world, so, send):
    old = [[n, f"0102060{n}", f"THCS Tr­êng S¬n {n}", "THCS", "Thanh Tr×", ""] for n in range(1, 4)]
    client, job = send(so, "truong", workbook([HEAD, *old]))
    assert job.plan["encoding"] == "tcvn3"
    page = page_of(client, job)
    assert "THCS Trường Sơn 1" in page
    assert job.counts["create"] == 0, "Thanh Tr× is no unit"
    readable = [[n, f"0102061{n}", f"THCS Tr­êng S¬n {n}", "THCS", "Thanh Trì", ""] for n in range(1, 4)]
    other, mixed = send(so, "truong", workbook([HEAD, *readable]))
    assert mixed.counts["create"] == 3
    assert "Nhập 3 dòng" not in page_of(other, mixed)
    assert "chọn chuyển mã hay giữ nguyên trước khi nhập" in step(other, mixed, "xac-nhan")
    step(client, job, "quyet-dinh", {"encoding": "tcvn3"})
    work(job)
    assert job.counts["create"] == 3
    assert "bảng mã cũ" not in page_of(client, job)


def test_a_sheet_with_its_header_in_old_letters_is_offered_too(world, so, send):
    """Nothing in it can be found before it is converted; it must not be refused for that."""
    rows = [["STT", "Tªn tr­êng", "QuËn huyÖn"], [1, "THCS Tr­êng S¬n", "Thanh Tr×"]]
    client, job = send(so, "truong", workbook(rows))
    assert job.waits_for_confirmation
    page = page_of(client, job)
    assert "bảng mã cũ" in page
    assert "THCS Trường Sơn" in page
    assert "Hãy chọn cách đọc chữ" in page
    step(client, job, "quyet-dinh", {"encoding": "tcvn3"})
    work(job)
    assert job.counts["create"] == 1
    client, other = send(so, "truong", workbook(rows))
    step(client, other, "quyet-dinh", {"encoding": "unicode"})
    work(other)
    assert other.state == other.State.FAILED
    assert "không thấy dòng tiêu đề" in other.error


def test_templates_offer_what_the_database_knows(world, so, as_user):
    Indicator.objects.create(department=world.so, code="HSG", name="Số giải học sinh giỏi", kind="count")
    for slug, words in (("chi-so", "Số giải học sinh giỏi"), ("hoat-dong", "Chuyên đề"), ("truong", "huyện Thanh Trì")):
        answer = as_user(so).get(reverse("import_template", args=[slug]))
        book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
        offered = {cell for line in book["Danh mục"].iter_rows(values_only=True) for cell in line}
        assert words in offered
        assert book["Nhập liệu"].data_validations.dataValidation


def test_files_never_imported_are_not_kept_for_ever(world, so, send, time_machine):
    client, job = send(so, "truong", schools(["01020502", "THCS Ngũ Hiệp", "", "Thanh Trì", ""]))
    step(client, job, "xac-nhan")
    work(job)
    _client, unused = send(so, "truong", schools(["01020503", "THCS Tam Hiệp", "", "Thanh Trì", ""]))
    now = timezone.now()
    time_machine.move_to(now + timedelta(days=29))
    forget_old_imports()
    assert ImportJob.objects.count() == 2
    time_machine.move_to(now + timedelta(days=31))
    forget_old_imports()
    assert ImportJob.objects.get() == job
    assert not unused.file.storage.exists(unused.file.name)


# --- Templates and error workbooks -----------------------------------------------------------------------------------


def opened(response):
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.command)
def test_each_kind_has_a_template_that_imports_nothing(kind, world, so, as_user, send):
    client = as_user(so)
    response = client.get(reverse("import_template", args=[kind.slug]))
    assert f'filename="mau-{kind.slug}.xlsx"' in response["Content-Disposition"]
    data = b"".join(response.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    head = [cell.value for cell in sheet[4]]
    assert head == ["STT", *(f"{c.label} *" if c.is_required else str(c.label) for c in kind.columns if c.is_offered)]
    assert sheet["A5"].value == "Ví dụ"
    assert sheet.freeze_panes == "B5"
    drop_downs = {str(validation.sqref) for validation in sheet.data_validations.dataValidation}
    assert len(drop_downs) >= sum(bool(column.choices) for column in kind.columns)
    _client, job = send(so, kind.slug, SimpleUploadedFile("mau.xlsx", data))
    assert job.state == "failed" or job.writes == 0
    assert not job.counts or job.counts["reject"] == 0


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.command)
def test_the_template_filled_with_present_data_comes_back_unchanged(kind, world, so, activity, support, as_user, send):
    Teacher.objects.create(school=world.school_a, full_name="Nguyễn Thị Hoà", code="0077")
    data = b"".join(as_user(so).get(reverse("import_template", args=[kind.slug]) + "?du_lieu=1").streaming_content)
    _client, job = send(so, kind.slug, SimpleUploadedFile("du-lieu.xlsx", data))
    assert job.state == "ready", job.error
    wrong = [row for row in job.plan["rows"] if row[2] in ("create", "change", "reject", "ask")]
    assert not wrong


def test_the_error_workbook_is_the_persons_own_sheet_with_a_column(world, so, send):
    client, job = send(
        so,
        "truong",
        schools(
            ["01020501", "THCS Tả Thanh Oai", "", "Thanh Trì", ""], ["007", "THCS Không Đâu", "", "huyện Không Có", ""]
        ),
    )
    response = client.get(reverse("import_errors", args=[job.pk]))
    assert 'filename="danh-sach-loi.xlsx"' in response["Content-Disposition"]
    sheet = opened(response).worksheets[0]
    assert sheet["A1"].value == "DANH SÁCH TRƯỜNG HỌC"
    assert [cell.value for cell in sheet[3]][: len(HEAD)] == HEAD
    assert sheet["B5"].value == "007"
    assert sheet["G4"].value is None
    assert (sheet["E5"].fill.fgColor.rgb, sheet["E4"].fill.fill_type) == ("FFFCE8E8", None), "the cell itself is red"
    assert sheet["G5"].value.startswith("Đơn vị quản lý (E5): Không có đơn vị “huyện Không Có”")


# --- Who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("so", {"don-vi", "truong", "giao-vien", "tai-khoan"}),
        ("quan_tri", {"don-vi", "truong", "giao-vien", "tai-khoan"}),
        ("phong_thanh_tri", {"truong", "giao-vien"}),
        ("hieu_truong_a", {"giao-vien"}),
        ("can_bo", {"giao-vien"}),
        ("lanh_dao", set()),
        ("chi_xem", set()),
    ],
)
def test_who_may_import_what(who, allowed, world, as_user, request):
    client = as_user(request.getfixturevalue(who))
    assert client.get(reverse("import_home")).status_code == (200 if allowed else 404)
    for kind in ("don-vi", "truong", "giao-vien", "tai-khoan"):
        expected = 200 if kind in allowed else 404
        for name in ("import_upload", "import_template"):
            response = client.get(reverse(name, args=[kind]))
            assert response.status_code == expected, (kind, name)
            b"".join(response) if response.streaming else None


READERS = {"so": 200, "phong_thanh_tri": 200, "chi_xem": 200, "phong_chuong_my": 404, "hieu_truong_a": 404}
READERS |= {"nguoi_tinh_khac": 404}


@pytest.mark.parametrize("who", READERS)
def test_a_file_is_seen_by_its_unit_and_those_above(who, world, phong_thanh_tri, send, as_user, request):
    _client, job = send(phong_thanh_tri, "truong", schools(["01020502", "THCS Ngũ Hiệp", "", "", ""]))
    client = as_user(request.getfixturevalue(who))
    for name in ("import_detail", "import_errors", "import_source"):
        response = client.get(reverse(name, args=[job.pk]))
        assert response.status_code == READERS[who], name
        b"".join(response)
    assert client.get(reverse("import_progress", args=[job.pk])).status_code == {200: 204}.get(READERS[who], 404)
    may_write = who in ("so", "phong_thanh_tri")
    for name in ("hoan-tac", "quyet-dinh", "bo"):
        url = reverse("import_step", args=[job.pk, name])
        assert client.get(url).status_code == 405
        assert client.post(url).status_code == (302 if may_write else 404)


def test_a_district_writes_only_its_own_schools(world, phong_thanh_tri, send):
    _client, job = send(
        phong_thanh_tri,
        "truong",
        schools(
            ["01020502", "THCS Ngũ Hiệp", "", "", ""],
            ["01277501", "THCS Đại Yên", "", "", "xóm 9"],
            ["01277999", "THCS Xuân Mai", "", "Chương Mỹ", ""],
        ),
    )
    assert (job.counts["create"], job.counts["reject"]) == (1, 2)
    assert all("không thuộc quyền" in row[5][0][2] for row in job.plan["rows"] if row[2] == "reject")


def test_a_school_writes_only_its_own_teachers(world, hieu_truong_a, send):
    rows = [
        ["Họ và tên", "Mã giáo viên", "Trường"],
        ["Nguyễn Văn An", "0001", ""],
        ["Trần Thị Bé", "0002", "THCS Đại Yên"],
    ]
    client, job = send(hieu_truong_a, "giao-vien", workbook(rows))
    assert (job.counts["create"], job.counts["reject"]) == (1, 1)
    step(client, job, "xac-nhan")
    work(job)
    teacher = Teacher.objects.get()
    assert (teacher.full_name, teacher.code, teacher.school) == ("Nguyễn Văn An", "0001", world.school_a)


def test_a_seat_that_is_over_imports_nothing(world, phong_thanh_tri, send):
    _client, job = send(phong_thanh_tri, "truong", schools(["01020502", "THCS Ngũ Hiệp", "", "", ""]))
    job.confirm()
    Membership.objects.update(valid_to=date(2025, 6, 30))
    work(job)
    assert job.state == "failed"
    assert "đã hết hiệu lực" in job.error
    assert not School.objects.filter(code="01020502").exists()


def test_the_queries_of_a_check_do_not_grow_with_the_rows(world, so, send):
    def queries(n):
        with CaptureQueriesContext(connection) as caught:
            send(so, "truong", schools(*([f"09{k:06}", f"THCS Mới {k}", "THCS", "Thanh Trì", ""] for k in range(n))))
        return len(caught)

    queries(1)
    assert queries(2) == queries(200)


# --- The command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def csv_file(tmp_path):
    path = tmp_path / "truong.csv"
    path.write_text("ma_truong,ten_truong,huyen\n060,THPT  Ngọc Hồi,Huyện Thanh trì\n061,CĐ nghề A,Huyện Thanh trì\n")
    return path


def test_the_command(world, so, csv_file, capsys):
    before = dump()
    call_command("import_workbook", "schools", str(csv_file), "--dry-run")
    said = capsys.readouterr().out
    assert "thêm mới: 1" in said
    assert "không phải dữ liệu: 1" in said
    assert dump() == before
    assert not ImportJob.objects.exists()
    call_command("import_workbook", "schools", str(csv_file))
    school = School.objects.get(exam_code="060")
    assert (school.name, school.level, school.district) == ("THPT Ngọc Hồi", "thpt", world.thanh_tri)
    job = ImportJob.objects.get()
    assert (job.requested_by, job.is_applied) == (so, True)
    assert job.get_absolute_url() in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["pupils", "{file}"], "Không có loại “pupils”"),
        (["schools", "/khong/co.xlsx"], "Không có tệp"),
        (["schools", "{file}", "--by", "ai-do"], "Không có tài khoản “ai-do”"),
        (["accounts", "{file}", "--by", "chixem"], "không nhập được loại dữ liệu này"),
        (["teachers", "{file}"], "thiếu cột"),
    ],
)
def test_the_command_refuses(arguments, why, world, so, chi_xem, csv_file):
    with pytest.raises(CommandError, match=why):
        call_command("import_workbook", *(argument.format(file=csv_file) for argument in arguments))
    assert not ImportJob.objects.exists()


def test_strict_leaves_everything_when_a_row_is_wrong(world, so, tmp_path):
    path = tmp_path / "truong.csv"
    path.write_text("Tên trường;Đơn vị quản lý\nTHCS Ngũ Hiệp;Thanh Trì\nTHCS Lạ;Không Có\n")
    with pytest.raises(CommandError, match="Có 1 dòng bị từ chối"):
        call_command("import_workbook", "schools", str(path), "--strict")
    assert not School.objects.filter(name="THCS Ngũ Hiệp").exists()


def test_the_preview_is_plain_data(world, so, send):
    _client, job = send(so, "truong", schools(["01020502", "THCS Ngũ Hiệp", "", "Thanh Trì", ""]))
    assert json.dumps(job.plan)
    assert District.objects.count() == 3
    assert not Participation.objects.exists()


def test_people_are_told_of_rows_they_know_not_of_their_history():
    rows = {Agreement: (2, 1), Agreement.history.model: (2, 1), AgreementEvent: (3, 0)}
    written = SimpleNamespace(counts=lambda: [(model, *n) for model, n in rows.items()])
    assert told(written) == [(Agreement._meta.verbose_name, 2, 1)]
