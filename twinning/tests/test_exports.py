"""Exports of every list: exactly its rows, right types, nothing run as a formula; long ones in the background."""

import csv
import io
import tempfile
import tracemalloc
from datetime import date, datetime, timedelta
from urllib.parse import quote

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from twinning import exports
from twinning.access import Role
from twinning.exports import guarded, unguarded
from twinning.models import Agreement, ExportFile, Membership, School
from twinning.tasks import do_job, remove_old_exports

HEAD_ROW = 4
LISTS = ["/don-vi/", "/truong/", "/giao-uoc/", "/hoat-dong/", "/ho-tro/", "/bao-cao/"]


def body(response):
    return b"".join(response) if response.streaming else response.content


def cells(data):
    """Heads and rows of a workbook, all sheets after one another."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    rows = []
    for sheet in book:
        head, *more = sheet.iter_rows(min_row=HEAD_ROW, values_only=True)
        rows += more
    return list(head), rows


def lines(data):
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    return head, rows


def as_text(value):
    """A cell of the workbook as the CSV has it."""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else guarded(value) if isinstance(value, str) else str(value)


@pytest.fixture
def everything(world, activity, support, period, district_agreement, draft):
    """A row at least in every list."""


@pytest.fixture
def many_schools(world):
    """many_schools(25_000): as many more schools, straight into the database."""

    def make(count):
        made = []
        for n in range(count):
            school = School(code=f"{n:08}", name=f"THCS Số {n}", level="thcs", district=world.ba_dinh)
            school.department_id = world.so.pk
            school.sort_key, school.search_key = f"{n:06}", " thcs so / "
            made.append(school)
        School.objects.bulk_create(made, batch_size=2000)

    return make


# --- What is in it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", LISTS)
def test_both_kinds_have_the_rows_and_columns_of_the_page(everything, so, as_user, url):
    client = as_user(so)
    table = client.get(url).context["table"]
    head, rows = cells(body(client.get(url, {"_export": "xlsx"})))
    assert head == [str(column.header) for column in table.columns]
    # What django-tables2 itself gives out for these rows, cell by cell.
    _head, *expected = table.as_values()
    assert rows
    assert [[v.date() if isinstance(v, datetime) else v for v in row] for row in rows] == [
        [value or None if isinstance(value, str) else value for value in row] for row in expected
    ]
    csv_head, csv_rows = lines(body(client.get(url, {"_export": "csv"})))
    assert csv_head == head
    assert csv_rows == [[as_text(value) for value in row] for row in rows]


@pytest.mark.parametrize(
    ("url", "query"),
    [
        ("/truong/", {"q": "dai yen", "cap": "thcs"}),
        ("/truong/", {"giao_uoc": "chua"}),
        ("/giao-uoc/", {"cap": "district"}),
        ("/hoat-dong/", {"tinh_trang": "planned", "nam": "2023", "sort": "-teacher_turns"}),
        ("/ho-tro/", {"nguon": "community"}),
        ("/bao-cao/", {"cap": "school", "sort": "due_on"}),
        ("/don-vi/", {"khu_vuc": "outer", "sort": "-school_count", "page": "2"}),
    ],
)
def test_the_filtered_rows_in_their_order_and_no_other(everything, so, as_user, url, query):
    client = as_user(so)
    shown = [row.pk for row in client.get(url, query).context["table"].data]
    names = {row.pk: str(row) for row in client.get(url).context["table"].data}
    assert len(shown) < len(names)
    _head, rows = cells(body(client.get(url, query | {"_export": "xlsx"})))
    assert len(rows) == len(shown)
    _head, text = lines(body(client.get(url, query | {"_export": "csv"})))
    assert len(text) == len(shown)
    if url == "/truong/":
        assert [row[0] for row in rows] == [names[pk] for pk in shown]


def test_rows_come_from_units_that_differ_only_in_kind(world, activity, as_user, so):
    """A school and a district with the same id are told apart."""
    from activities.tests.recording import a_gift

    a_gift(world, world.thanh_tri, world.school_b, 1)
    a_gift(world, world.school_a, world.chuong_my, 2)
    _head, rows = cells(body(as_user(so).get("/ho-tro/", {"_export": "xlsx", "sort": "value_vnd"})))
    assert [row[1:3] for row in rows] == [
        ("Phòng GD&ĐT huyện Thanh Trì", "THCS Đại Yên"),
        ("THCS Tả Thanh Oai", "Phòng GD&ĐT huyện Chương Mỹ"),
    ]


def test_types_and_top_of_the_workbook(everything, so, as_user):
    data = body(as_user(so).get("/truong/", {"q": "dai yen", "sort": "code", "_export": "xlsx"}))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    today = timezone.localdate()
    assert [sheet[f"A{n}"].value for n in (1, 2, 3)] == [
        "Trường",
        "Tìm: dai yen",
        f"Xuất ngày {today:%d/%m/%Y}: 2 dòng",
    ]
    assert (sheet["D5"].value, sheet["D5"].data_type) == ("01277401", "s")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B5", "A4:E6")
    assert sheet["A4"].font.b
    assert sheet.print_title_rows == "$4:$4"
    sheet = openpyxl.load_workbook(io.BytesIO(body(as_user(so).get("/ho-tro/?_export=xlsx")))).active
    assert (sheet["E5"].value, sheet["E5"].data_type, sheet["E5"].number_format) == (6_000_000, "n", "#,##0")
    assert sheet.column_dimensions["B"].width > len(sheet["B5"].value), "the next cell would hide the end of it"
    assert (sheet["F5"].value.date(), sheet["F5"].number_format) == (date(2023, 10, 20), "dd/mm/yyyy")


def test_days_excel_has_no_number_for_are_text(world, district_agreement, so, as_user):
    Agreement.objects.update(signed_on=date(1, 2, 3))
    _head, [row] = cells(body(as_user(so).get("/giao-uoc/?_export=xlsx")))
    assert row[4] == "03/02/0001"


@pytest.mark.parametrize(("kind", "type_of"), [("xlsx", "spreadsheetml.sheet"), ("csv", "text/csv; charset=utf-8")])
def test_file_names_in_ascii_and_in_utf8_with_the_day(world, so, as_user, kind, type_of):
    response = as_user(so).get("/giao-uoc/", {"_export": kind})
    body(response)
    day = f"{timezone.localdate():%Y-%m-%d}"
    assert response["Content-Type"].endswith(type_of)
    assert response["Content-Disposition"] == (
        f"attachment; filename=\"giao-uoc-{day}.{kind}\"; filename*=UTF-8''{quote(f'Giao ước {day}.{kind}')}"
    )


FORMULAS = ["=1+1", "=cmd|'/c calc'!A1", "+84 912", "@SUM(A1)", "-1", "'=1", "''-x", "\t=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_text_is_no_formula_and_comes_back_as_it_was(world, district_agreement, so, as_user, text):
    Agreement.objects.filter(pk=district_agreement.pk).update(number=text)
    stored = Agreement.objects.get(pk=district_agreement.pk).number
    _head, [row] = lines(body(as_user(so).get("/giao-uoc/?_export=csv")))
    assert row[3].startswith("'")
    assert unguarded(row[3]) == stored


@pytest.mark.parametrize("text", [*FORMULAS, "\rx", "", "'", "''", "'ngoặc'", "THCS Đại Yên", "5-7", "'' ="])
def test_the_guard_can_be_undone(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_csv_keeps_semicolons_quotes_and_lines(world, so, as_user):
    School.objects.filter(pk=world.school_a.pk).update(name='THCS "A"; B')
    _head, rows = lines(body(as_user(so).get("/truong/?_export=csv&cap=thcs&don_vi=" + str(world.thanh_tri.pk))))
    assert [row[0] for row in rows] == ['THCS "A"; B']


def test_more_rows_than_a_sheet_has_go_on_to_the_next(world, many_schools, so, as_user, monkeypatch):
    monkeypatch.setattr(exports, "SHEET_ROWS", HEAD_ROW + 10)
    monkeypatch.setattr(exports, "CHUNK", 7)
    many_schools(21)
    data = body(as_user(so).get("/truong/?_export=xlsx&sort=code"))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Danh sách", "Danh sách 2", "Danh sách 3"]
    assert [sheet.max_row - HEAD_ROW for sheet in book] == [10, 10, 5]
    codes = [row[3] for row in cells(data)[1]]
    assert codes == sorted(School.objects.values_list("code", flat=True))


def test_a_row_deleted_meanwhile_is_left_out(world, so, as_user):
    page = as_user(so).get("/truong/")
    export = exports.ListExport("Trường", page.context["table"], page.context["filter"])
    School.objects.filter(pk=world.school_d.pk).delete()
    assert len(list(export.rows())) == len(export) - 1


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_stays_flat(world, many_schools, so, as_user, kind):
    """Three times the rows take the same memory, but for their ids."""

    def peak():
        page = as_user(so).get("/truong/")
        tracemalloc.start()
        export = exports.ListExport("Trường", page.context["table"], page.context["filter"])
        with tempfile.TemporaryFile() as file:
            export.write(kind, file)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most, len(export)

    many_schools(4_000)
    few, count = peak()
    School.objects.filter(name__startswith="THCS Số").delete()
    many_schools(12_000)
    many, more = peak()
    assert more == count + 8_000
    assert many < few * 1.25 + 8_000 * 48


# --- Long lists -----------------------------------------------------------------------------------------------------


@pytest.fixture
def short_patience(settings):
    settings.EXPORT_ROWS_AT_ONCE = 3


@pytest.fixture
def asked(world, short_patience, so, as_user):
    """The Department's request for all schools with "dai yen" or not; not taken by a worker yet."""
    as_user(so).post("/truong/?sort=-code&page=1&_export=xlsx")
    return ExportFile.objects.get()


def again(file):
    return ExportFile.objects.get(pk=file.pk)


def work(file):
    do_job("twinning.exportfile", str(file.pk))
    return again(file)


def stored_bytes(file):
    with file.file.open("rb") as stored:
        return stored.read()


def test_a_long_list_is_asked_for_with_a_post(world, short_patience, so, as_user):
    client = as_user(so)
    page = client.get("/truong/?sort=code").content.decode()
    assert '<form method="post" action="/truong/?sort=code&amp;_export=xlsx">' in page
    response = client.get("/truong/?sort=code&_export=xlsx", follow=True)
    assert response.redirect_chain == [("/truong/?sort=code", 302)]
    assert "bấm “Xuất”" in response.content.decode()
    assert not ExportFile.objects.exists()
    response = client.post("/truong/?sort=code&_export=xlsx", follow=True)
    assert "Đang xuất 4 dòng… Có thể rời trang này; xong sẽ có thông báo." in response.content.decode()
    assert response.redirect_chain == [("/truong/?sort=code", 302)]
    file = ExportFile.objects.get()
    assert (file.state, file.path, file.query, file.rows) == ("queued", "/truong/", "sort=code", 4)


def test_a_short_list_answers_at_once(world, so, as_user):
    assert len(cells(body(as_user(so).get("/truong/?_export=xlsx")))[1]) == 4


@pytest.mark.parametrize("url", ["/truong/", "/truong/?_export=pdf"])
def test_a_post_for_nothing_is_refused(world, so, as_user, url):
    assert as_user(so).post(url).status_code == 405


def test_nothing_to_export_or_nobody_to_ask(world, so, as_user):
    client = as_user(so)
    assert client.post("/truong/?q=khong-co-truong-nao&_export=xlsx").status_code == 404
    Membership.objects.all().delete()
    assert client.post("/truong/?_export=xlsx").status_code == 404
    assert not ExportFile.objects.exists()


def test_the_same_twice_is_one(world, short_patience, so, as_user, django_capture_on_commit_callbacks):
    client = as_user(so)
    client.post("/truong/?sort=code&_export=xlsx")
    page = client.post("/truong/?sort=code&page=2&_export=xlsx", follow=True).content.decode()
    assert "không cần bấm lần nữa" in page
    assert ExportFile.objects.count() == 1
    for other in ("/truong/?sort=code&_export=csv", "/truong/?_export=xlsx"):
        client.post(other)
    assert ExportFile.objects.count() == 3


def test_the_database_holds_one_of_the_same_at_a_time(asked):
    copy = again(asked)
    copy.pk, copy._state.adding = None, True
    copy.uuid = "0" * 32
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_25000_rows_from_the_button_to_the_download(world, many_schools, phong_thanh_tri, as_user):
    many_schools(25_000)
    client = as_user(phong_thanh_tri)
    client.post("/truong/?cap=thcs&sort=code&_export=xlsx")
    file = work(ExportFile.objects.get())
    assert (file.state, file.error, file.rows, file.progress) == ("ready", "", 25_003, 100)
    notice = phong_thanh_tri.notifications.get()
    assert notice.text == "Đã xuất xong: Trường (Excel, 25.003 dòng)."
    page = client.post(reverse("notification_open", args=[notice.pk]), follow=True).content.decode()
    assert file.get_absolute_url() in page
    assert "Cấp học: THCS" in page
    response = client.get(file.get_absolute_url())
    data = body(response)
    assert len(data) == file.size
    assert response["Content-Disposition"].startswith('attachment; filename="truong-')
    _head, rows = cells(data)
    assert [row[3] for row in rows] == sorted(School.objects.filter(level="thcs").values_list("code", flat=True))


def test_csv_in_the_background(world, short_patience, so, as_user):
    as_user(so).post("/truong/?_export=csv")
    file = work(ExportFile.objects.get())
    assert len(lines(stored_bytes(file))[1]) == 4
    assert file.name.endswith(".csv")


def test_progress_is_told_on_the_way(asked, many_schools, monkeypatch):
    many_schools(9_000)
    steps = []
    monkeypatch.setattr(ExportFile, "report_progress", lambda self, percent, step: steps.append(step))
    work(asked)
    assert steps == ["Đã ghi 4.000/9.004 dòng", "Đã ghi 8.000/9.004 dòng", "Đã ghi 9.004/9.004 dòng"]


def test_the_rows_are_those_the_seat_sees(everything, short_patience, so, world, as_user):
    """Asked as a school of another district; the first seat, the Department's, would see everything."""
    other = Membership.objects.create(user=so, role=Role.PRINCIPAL, school=world.school_a)
    client = as_user(so)
    client.post(reverse("seat_take", args=[other.pk]))
    client.post("/hoat-dong/?_export=csv")
    assert as_user(so).get("/bao-cao/").context["table"].paginator.count > 1
    client.post("/bao-cao/?_export=csv")
    file = ExportFile.objects.get(path="/bao-cao/")
    assert file.membership == other
    _head, rows = lines(stored_bytes(work(file)))
    assert [row[:2] for row in rows] == [["Sơ kết năm học 2023-2024", "THCS Tả Thanh Oai"]]


@pytest.mark.parametrize("end", ["over", "deleted", "inactive"])
def test_a_seat_that_is_over_gets_nothing(asked, so, end):
    if end == "over":
        so.memberships.update(valid_to=timezone.localdate() - timedelta(days=1))
    elif end == "deleted":
        so.memberships.get().delete()
    else:
        type(so).objects.filter(pk=so.pk).update(is_active=False)
    file = work(asked)
    assert (file.state, file.error) == ("failed", "vai trò đã dùng để yêu cầu không còn hiệu lực")
    assert not file.file
    assert Notification.objects.get().text.startswith("Không xuất được Trường (Excel, 4 dòng).")


def test_a_file_goes_to_who_asked_alone_and_while_the_seat_lasts(asked, so, lanh_dao, quan_tri, nguoi_la, as_user):
    file = work(asked)
    urls = [file.get_absolute_url(), reverse("export_file_state", args=[file.pk])]
    for url in urls:
        for stranger in (lanh_dao, quan_tri, nguoi_la):
            assert as_user(stranger).get(url).status_code == 404
        response = as_user(so).get(url)
        assert response.status_code == 200
        body(response)
    assert file.name not in as_user(lanh_dao).get("/xuat-du-lieu/").content.decode()
    so.memberships.update(valid_to=timezone.localdate() - timedelta(days=1))
    for url in urls:
        assert as_user(so).get(url).status_code == 404


def test_a_late_worker_leaves_no_file(asked, monkeypatch):
    monkeypatch.setattr(ExportFile, "finish", lambda self, **changes: False)
    work(asked)
    folder = f"exports/{timezone.localdate().year}"
    assert default_storage.listdir(folder)[1] == []
    assert not Notification.objects.exists()


def test_files_are_removed_after_some_days(asked, so):
    file = work(asked)
    name = file.file.name
    remove_old_exports()
    assert default_storage.exists(name)
    ExportFile.objects.update(requested_at=timezone.now() - timedelta(days=7, minutes=1))
    waiting = ExportFile.objects.create(
        requested_by=so,
        kind="csv",
        title="Trường",
        path="/truong/",
        rows=1,
        requested_at=timezone.now() - timedelta(days=8),
    )
    remove_old_exports()
    assert list(ExportFile.objects.all()) == [waiting]
    assert not default_storage.exists(name)


@pytest.mark.parametrize(
    ("state", "words", "asks_again"),
    [
        ({"state": "queued"}, ["đang chờ", "Đang chờ tới lượt…"], True),
        ({"state": "running", "progress": 40, "step": "Đã ghi 8/9 dòng"}, ['value="40"', "Đã ghi 8/9 dòng"], True),
        ({"state": "failed", "error": "đĩa đầy"}, ["lỗi", "bấm “Xuất”", "đĩa đầy"], False),
        ({"state": "ready", "size": 234567, "filters": "Tất cả"}, ["xong", "229 kB", "Tất cả", "Tải tệp"], False),
    ],
)
def test_the_page_asks_until_it_is_finished(asked, so, as_user, state, words, asks_again):
    ExportFile.objects.update(finished_at=timezone.now(), **state)
    url = reverse("export_file_state", args=[asked.pk])
    for page in (as_user(so).get(url), as_user(so).get("/xuat-du-lieu/")):
        html = page.content.decode()
        assert (f'hx-get="{url}" hx-trigger="every 2s"' in html) == asks_again
        for word in words:
            assert word in html
