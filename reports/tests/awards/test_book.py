"""Awards: who reads them, the list with its filters and its workbook, what the database refuses."""

import io
from datetime import date

import pdfplumber
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import load_workbook

from accounts.models import Notification
from reports.models import Award, AwardRound, OutgoingPaper

pytestmark = pytest.mark.django_db
LIST = "/khen-thuong/"


@pytest.fixture
def give(world):
    def make(**fields):
        fields = {
            "programme": world.programme,
            "kind": "collective",
            "district": world.thanh_tri,
            "achievement": "Tổ chức nhiều chuyên đề liên trường",
            "decision_number": "15/QĐ-SGDĐT",
            "decided_on": date(2025, 6, 2),
            "issuer": "Giám đốc Sở GD&ĐT Hà Nội",
        } | fields
        return Award.objects.create(**fields)

    return make


@pytest.fixture
def awards(give, world):
    return {
        "office": give(),
        "school": give(district=world.chuong_my, school=world.school_b),
        "person": give(kind="individual", school=world.school_a, full_name="Nguyễn Thị Mẫu", position="Giáo viên"),
    }


def found(client, query=""):
    return {award.pk for award in client.get(LIST + query).context["table"].data}


@pytest.mark.parametrize("who", ["so", "lanh_dao", "phong_thanh_tri", "hieu_truong_b", "can_bo", "chi_xem", "nguoi_la"])
def test_everybody_of_the_department_reads_them(as_user, request, who, awards):
    client = as_user(request.getfixturevalue(who))
    assert found(client) == {award.pk for award in awards.values()}
    assert f'href="{LIST}"' in client.get("/").content.decode(), "there is a way to it in the menu"


def printed(client, query=""):
    """The text of the book's first page, and the cells of its table, each as one line."""
    answer = client.get(f"{LIST}so/{query}")
    assert answer["Content-Type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(b"".join(answer.streaming_content))) as pdf:
        page = pdf.pages[0]
        rows = page.extract_table() or ()
        cells = [" ".join(cell.split()).replace("- ", "-") for row in rows for cell in row if cell]
        return page.extract_text(), cells


def test_the_book_is_printed_with_the_filters_of_the_list(as_user, hieu_truong_b, awards, give):
    give(decision_number="07/QĐ-SGDĐT", decided_on=date(2024, 6, 3), book_number=12)
    Award.objects.filter(pk=awards["school"].pk).update(
        status="revoked", revoked_on=date(2025, 7, 1), revoked_number="31/QĐ-SGDĐT"
    )
    client = as_user(hieu_truong_b)
    listed = client.get(f"{LIST}?nam=2024").content.decode()
    assert f'href="{LIST}so/?nam=2024"' in listed
    text, cells = printed(client)
    assert "SỞ GIÁO DỤC VÀ ĐÀO TẠO HÀ NỘI" in text
    assert cells.index("Năm học 2023-2024 (1)") < cells.index("Năm học 2024-2025 (3)")
    assert {"12", "Nguyễn Thị Mẫu, Giáo viên", "số 07/QĐ-SGDĐT ngày 03/6/2024"} <= set(cells)
    revoked = "đã huỷ bỏ theo Quyết định số 31/QĐ-SGDĐT ngày 01/7/2025"
    assert f"số 15/QĐ-SGDĐT ngày 02/6/2025; {revoked}" in cells
    text, cells = printed(client, "?nam=2024&doi_tuong=individual")
    assert "Năm học: 2024-2025" in text
    assert "1 khen thưởng" in text
    assert "Nguyễn Thị Mẫu, Giáo viên" in cells
    assert "Phòng GD&ĐT huyện Thanh Trì" not in cells
    assert "Chưa có số liệu." in printed(client, "?nam=2022")[0]


def test_a_book_too_long_for_waiting_asks_for_a_year(as_user, so, awards, monkeypatch):
    monkeypatch.setattr("reports.views.awards.MOST_PRINTED", 2)
    answer = as_user(so).get(f"{LIST}so/", follow=True)
    assert "Hãy chọn năm học rồi in" in answer.content.decode()


def test_another_department_prints_none(as_user, nguoi_tinh_khac, awards):
    text, cells = printed(as_user(nguoi_tinh_khac))
    assert "0 khen thưởng" in text
    assert not cells


def test_another_department_reads_none(as_user, nguoi_tinh_khac, awards):
    assert found(as_user(nguoi_tinh_khac)) == set()


def test_only_the_departments_own_staff_writes(so, chi_xem, hieu_truong_a, lanh_dao, nguoi_tinh_khac, awards):
    assert Award.objects.editable_by(so).count() == 3
    for other in (chi_xem, hieu_truong_a, lanh_dao, nguoi_tinh_khac):
        assert not Award.objects.editable_by(other).exists()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?doi_tuong=collective", {"office", "school"}),
        ("?doi_tuong=individual", {"person"}),
        ("?don_vi={thanh_tri}", {"office", "person"}),
        ("?q=nguyen thi mau", {"person"}),
        ("?q=dai yen", {"school"}),
        ("?q=15/QĐ", {"office", "school", "person"}),
        ("?phong_trao={programme}&doi_tuong=individual", {"person"}),
    ],
)
def test_filters(as_user, so, world, awards, query, names):
    query = query.format(thanh_tri=world.thanh_tri.pk, programme=world.programme.pk)
    assert found(as_user(so), query) == {awards[name].pk for name in names}


def test_the_workbook_says_it_all(as_user, so, awards):
    Award.objects.filter(pk=awards["person"].pk).update(is_invented=True, source_note="Dữ liệu minh hoạ")
    response = as_user(so).get(f"{LIST}?_export=xlsx")
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    person = next(row for row in rows if row[0] == "Nguyễn Thị Mẫu, Giáo viên")
    assert person[1:4] == ["THCS Tả Thanh Oai", "cá nhân", "giấy khen"]
    assert person[4:6] == [awards["person"].achievement, "15/QĐ-SGDĐT"]
    assert person[7] == "Giám đốc Sở GD&ĐT Hà Nội"
    assert "minh hoạ" in as_user(so).get(LIST).content.decode()


def test_a_person_has_a_name_and_a_collective_has_none(give, world):
    for wrong in (
        {"kind": "individual"},
        {"kind": "collective", "full_name": "Nguyễn Thị Mẫu"},
        {"kind": "collective", "position": "Giáo viên"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            give(**wrong)


def test_a_decision_names_each_recipient_once(give, world, awards):
    for again in (
        {},
        {"district": world.chuong_my, "school": world.school_b},
        {"kind": "individual", "school": world.school_a, "full_name": "Nguyễn Thị Mẫu"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            give(**again)
    give(decision_number="16/QĐ-SGDĐT")
    give(kind="individual", school=world.school_a, full_name="Trần Văn Mẫu")
    with pytest.raises(ValidationError, match="rồi"):
        Award(**{name: getattr(awards["office"], name) for name in _FIELDS}).full_clean(exclude=["search_key"])


_FIELDS = ["programme", "kind", "form", "district", "achievement", "decision_number", "decided_on", "issuer"]


def test_twenty_awards_take_as_many_queries_as_one(as_user, so, give, world):
    def queries():
        with CaptureQueriesContext(connection) as queries:
            as_user(so).get(LIST)
        return len(queries)

    give(decision_number="0/QĐ-SGDĐT", school=world.school_a)
    one = queries()
    for n in range(1, 20):
        give(decision_number=f"{n}/QĐ-SGDĐT", school=world.school_a)
    assert queries() == one


def test_rounds_and_periods_are_found_without_marks(as_user, so, period, world):
    AwardRound.objects.create(
        programme=world.programme, name="Xét khen năm học", opens_on=date(2025, 5, 1), due_on=date(2025, 6, 1)
    )
    for address, typed in (("awardround_list", "xet khen"), ("period_list", "so ket 2023")):
        for query, n in ((typed, 1), ("bong da", 0)):
            assert len(as_user(so).get(reverse(address), {"q": query}).context["table"].rows) == n, (address, query)


# --- Revoked ----------------------------------------------------------------------------------------------------------

REVOKED = {
    "revoked_on": "20/6/2025",
    "revoked_number": "",
    "revoked_signer": "Trần Văn Mẫu, Giám đốc",
    "revoked_reason": "Thành tích ghi chưa đúng.",
}


def test_a_revoked_award_stays_in_the_book_and_says_so(
    as_user, awards, so, lanh_dao, hieu_truong_a, chi_xem, phong_thanh_tri, world, time_machine
):
    time_machine.move_to("2025-06-25 09:00 +07:00")
    office, person = awards["office"], awards["person"]
    url = reverse("award_action", args=[person.pk, "huy-bo"])
    department = as_user(so)
    for stranger in (hieu_truong_a, phong_thanh_tri, chi_xem):
        assert as_user(stranger).get(url).status_code == 404
    assert "Huỷ bỏ quyết định khen" in department.get(person.get_absolute_url()).content.decode()
    assert "Lý do huỷ bỏ" in as_user(lanh_dao).get(url).content.decode()
    for changes, words in (
        ({"revoked_on": "1/6/2025"}, "Không thể trước ngày quyết định khen"),
        ({"revoked_on": "1/7/2025"}, "không thể sau hôm nay"),
        ({"revoked_reason": ""}, "Mục này bắt buộc"),
    ):
        answer = department.post(url, REVOKED | changes)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words

    assert department.post(url, REVOKED).status_code == 302
    paper = OutgoingPaper.objects.get()
    assert paper.number_and_symbol == "01/QĐ-SGDĐT"
    assert "tại Quyết định số 15/QĐ-SGDĐT" in paper.abstract
    person.refresh_from_db()
    assert (person.status, person.revoked_number) == ("revoked", "01/QĐ-SGDĐT")
    assert department.post(url, REVOKED).status_code == 302, "once"
    assert OutgoingPaper.objects.count() == 1
    for reader, may_read_why in ((hieu_truong_a, False), (chi_xem, False), (so, True)):
        page = as_user(reader).get(person.get_absolute_url()).content.decode()
        assert "theo quyết định số 01/QĐ-SGDĐT ngày 20/6/2025" in page
        assert ("Thành tích ghi chưa đúng." in page) == may_read_why
    assert person.pk in found(as_user(chi_xem)), "still in the book"
    assert found(as_user(chi_xem), "?tinh_trang=revoked") == {person.pk}
    assert "đã huỷ bỏ" in as_user(chi_xem).get(world.school_a.get_absolute_url()).content.decode()
    assert Notification.objects.filter(user=hieu_truong_a, text__contains="đã được huỷ bỏ").exists()
    assert Award.objects.standing().count() == 2

    # The same decision revokes another award of that decision, and nothing else bears its number.
    second = reverse("award_action", args=[office.pk, "huy-bo"])
    department.post(second, REVOKED | {"revoked_number": "01/QĐ-SGDĐT"})
    assert OutgoingPaper.objects.count() == 1
    assert Award.objects.get(pk=office.pk).revoked_number == "01/QĐ-SGDĐT"
    other = awards["school"]
    Award.objects.filter(pk=other.pk).update(decision_number="16/QĐ-SGDĐT")
    taken = department.post(
        reverse("award_action", args=[other.pk, "huy-bo"]), REVOKED | {"revoked_number": "01/QĐ-SGDĐT"}
    )
    assert (taken.status_code, "đã dùng năm 2025" in taken.content.decode()) == (422, True)
    assert "Thành tích ghi chưa đúng." in taken.content.decode(), "nothing typed is lost"
