"""Signing many agreements at one ceremony: all or none, numbers in order, one scan for all or one each."""

from datetime import date

import pytest
from django.urls import reverse

from twinning.models import Agreement, Ceremony, Programme, School
from twinning.tests.pairing import act


@pytest.fixture
def ready(world):
    """Three agreements of Thanh Trì with Chương Mỹ, confirmed."""
    made = []
    for n in range(3):
        other = School.objects.create(code=f"0127770{n}", name=f"THCS Số {n}", level="thcs", district=world.chuong_my)
        made.append(
            Agreement.objects.create(
                programme=world.programme,
                tier="school",
                supporting_district=world.thanh_tri,
                supporting_school=world.school_a,
                supported_district=world.chuong_my,
                supported_school=other,
                starts_on=date(2023, 4, 15),
                ends_on=date(2025, 5, 31),
                status="confirmed",
            )
        )
    return made


def form(agreements, **changes):
    data = {"name": "Lễ ký kết Thanh Trì – Chương Mỹ", "held_on": "15/4/2023", "held_at": "huyện Thanh Trì"}
    for agreement in agreements:
        prefix = f"a{agreement.pk}-"
        data |= {
            prefix + "chosen": "on",
            prefix + "supporting_signatory": "Nguyễn Văn An",
            prefix + "supporting_position": "Hiệu trưởng",
            prefix + "supported_signatory": "Trần Thị Bình",
            prefix + "supported_position": "Hiệu trưởng",
        }
    return data | changes


URL = "/giao-uoc/le-ky/moi/"


def test_all_are_signed_with_one_scan(ready, phong_thanh_tri, as_user, pdf):
    answer = as_user(phong_thanh_tri).post(URL, form(ready, scan=pdf("bien-ban.pdf")), follow=True)
    assert "Đã ghi nhận 3 giao ước ký tại lễ." in answer.content.decode()
    ceremony = Ceremony.objects.get()
    signed = list(Agreement.objects.order_by("pk"))
    assert {a.status for a in signed} == {"signed"}
    assert {(a.ceremony, a.signed_on, a.signed_at) for a in signed} == {
        (ceremony, date(2023, 4, 15), "huyện Thanh Trì")
    }
    assert [a.number for a in signed] == ["01/GƯ-THCSTTO", "02/GƯ-THCSTTO", "03/GƯ-THCSTTO"]
    assert [a.documents.get().name for a in signed] == ["bien-ban.pdf"] * 3
    assert all(a.frozen["signed_on"] == "2023-04-15" for a in signed)
    page = answer.content.decode()
    assert all(a.pair in page for a in signed)


def test_an_own_scan_stands_before_the_common_one(ready, phong_thanh_tri, as_user, pdf):
    own = {f"a{ready[1].pk}-scan": pdf("rieng.pdf")}
    as_user(phong_thanh_tri).post(URL, form(ready, scan=pdf("chung.pdf"), **own))
    assert [a.documents.get().name for a in ready] == ["chung.pdf", "rieng.pdf", "chung.pdf"]


def test_what_is_not_ticked_is_not_signed(ready, phong_thanh_tri, as_user):
    as_user(phong_thanh_tri).post(URL, form(ready[:2]))
    assert list(Agreement.objects.order_by("pk").values_list("status", flat=True)) == ["signed", "signed", "confirmed"]


def test_one_that_cannot_be_signed_stops_all(ready, phong_thanh_tri, as_user):
    Agreement.objects.filter(pk=ready[2].pk).update(confirmed_hash="nội dung khác")
    answer = as_user(phong_thanh_tri).post(URL, form(ready))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "THCS Tả Thanh Oai – THCS Số 2: Nội dung cam kết đã khác bản bên kia xác nhận." in page
    assert "Lễ ký kết Thanh Trì – Chương Mỹ" in page
    assert set(Agreement.objects.values_list("status", flat=True)) == {"confirmed"}
    assert not Ceremony.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"held_on": "1/1/2030"}, "Lễ ký chưa diễn ra."),
        ({"held_on": "1/1/2022"}, "Ngày ký phải nằm trong thời gian của phong trào."),
        ({"held_on": "32/13/2023"}, "ngày, tháng, năm có thật"),
        ({"held_at": ""}, "bắt buộc"),
    ],
)
def test_bad_days_and_places_are_told(ready, phong_thanh_tri, as_user, changes, message):
    answer = as_user(phong_thanh_tri).post(URL, form(ready, **changes))
    assert answer.status_code == 422
    assert set(Agreement.objects.values_list("status", flat=True)) == {"confirmed"}
    assert message in answer.content.decode()


def test_nothing_ticked_is_told(ready, phong_thanh_tri, as_user):
    assert "Chưa chọn giao ước nào." in as_user(phong_thanh_tri).post(URL, form([])).content.decode()


def test_a_missing_signatory_is_told_at_its_row(ready, phong_thanh_tri, as_user):
    answer = as_user(phong_thanh_tri).post(URL, form(ready, **{f"a{ready[0].pk}-supported_signatory": ""}))
    assert [sorted(row.errors) for row in answer.context["rows"]] == [["supported_signatory"], [], []]


def test_who_signed_last_is_suggested(ready, school_agreement, phong_thanh_tri, as_user):
    Agreement.objects.filter(pk=school_agreement.pk).update(
        supporting_signatory="Lê Thị Cúc", supporting_position="Phó Hiệu trưởng"
    )
    rows = as_user(phong_thanh_tri).get(URL).context["rows"]
    assert {row["supporting_signatory"].value() for row in rows} == {"Lê Thị Cúc"}
    assert {row["supporting_position"].value() for row in rows} == {"Phó Hiệu trưởng"}
    assert {row["supported_position"].value() for row in rows} == {"Hiệu trưởng"}


def test_only_signers_and_only_their_own(ready, nguoi_la, can_bo, chi_xem, hieu_truong_a, phong_chuong_my, as_user):
    assert as_user(nguoi_la).get(URL).context["rows"] == []
    for person in (can_bo, chi_xem):
        assert as_user(person).get(URL).status_code == 404
    assert len(as_user(hieu_truong_a).get(URL).context["rows"]) == 3
    assert len(as_user(phong_chuong_my).get(URL).context["rows"]) == 3
    as_user(nguoi_la).post(URL, form(ready))
    assert set(Agreement.objects.values_list("status", flat=True)) == {"confirmed"}


def test_it_is_of_the_programme_in_use(ready, world, phong_thanh_tri, so, as_user):
    later = Programme.objects.create(
        department=world.so, name="Giai đoạn sau", phase="sau", starts_on=date(2023, 1, 1), ends_on=date(2025, 12, 31)
    )
    Agreement.objects.filter(pk=ready[2].pk).update(programme=later)
    client = as_user(phong_thanh_tri)
    for programme, expected in [(later, ready[2:]), (world.programme, ready[:2])]:
        page = client.get(URL, {"phong_trao": programme.pk})
        assert [row.agreement for row in page.context["rows"]] == expected
    # The Department signs for nobody, so it is not shown the way here.
    assert URL in client.get("/giao-uoc/").content.decode()
    assert URL not in as_user(so).get("/giao-uoc/").content.decode()


def test_the_page_of_a_ceremony_is_for_its_parties(ready, phong_thanh_tri, nguoi_la, so, as_user):
    as_user(phong_thanh_tri).post(URL, form(ready))
    url = reverse("ceremony_detail", args=[Ceremony.objects.get().pk])
    assert as_user(so).get(url).status_code == 200
    assert as_user(nguoi_la).get(url).status_code == 404


def test_queries_do_not_grow_with_agreements(ready, phong_thanh_tri, as_user, django_assert_max_num_queries):
    client = as_user(phong_thanh_tri)
    with django_assert_max_num_queries(40):
        client.get(URL)


def test_a_ceremony_is_linked_from_the_agreement(ready, phong_thanh_tri, as_user):
    client = as_user(phong_thanh_tri)
    client.post(URL, form(ready))
    assert "Lễ ký kết Thanh Trì – Chương Mỹ" in client.get(ready[0].get_absolute_url()).content.decode()
    assert act(client, ready[0], "sign").status_code == 200
