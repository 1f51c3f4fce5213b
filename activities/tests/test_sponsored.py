"""Sponsored pupils: a code and nothing else, for both sides of the agreement."""

import pytest
from django.urls import reverse

from activities.models import SponsoredPupil, Support

PUPIL = {"grade": "7", "need": "poor", "since": "1/9/2023", "until": "", "note": "Sách vở, xe đạp"}


@pytest.fixture
def pupil(world, school_agreement):
    return SponsoredPupil.objects.create(
        school=world.school_b, agreement=school_agreement, grade=7, since="2023-09-01", note="Sách vở"
    )


def test_registered_by_the_school_with_a_code(school_agreement, hieu_truong_b, phong_chuong_my, as_user):
    create = reverse("sponsored_create")
    assert as_user(phong_chuong_my).get(create).status_code == 404
    client = as_user(hieu_truong_b)
    for changes, words in (
        ({"note": "Nguyễn Văn An, lớp 7A"}, "“Nguyễn Văn An” có vẻ là tên người"),
        ({"note": "Gọi 0912 345 678"}, "có vẻ là số căn cước"),
        ({"grade": "13"}, "Lớp từ 1 đến 12"),
        ({"until": "1/8/2023"}, "không thể trước ngày bắt đầu"),
    ):
        answer = client.post(create, PUPIL | {"agreement": school_agreement.pk} | changes)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    client.post(create, PUPIL | {"agreement": school_agreement.pk})
    pupil = SponsoredPupil.objects.get()
    assert pupil.school.name == "THCS Đại Yên"
    assert pupil.code.startswith("ĐĐ-")
    assert len(pupil.code) == 9


@pytest.mark.parametrize(
    ("who", "sees"),
    [("hieu_truong_a", 200), ("hieu_truong_b", 200), ("phong_thanh_tri", 200), ("so", 200), ("nguoi_la", 404)],
)
def test_who_sees_it(pupil, who, sees, request, as_user):
    client = as_user(request.getfixturevalue(who))
    assert client.get(pupil.get_absolute_url()).status_code == sees
    edit = client.get(reverse("sponsored_edit", args=[pupil.pk])).status_code
    assert edit == (200 if who == "hieu_truong_b" else 404)
    assert (pupil.code in client.get(reverse("sponsored_list")).content.decode()) == (sees == 200)


def test_a_gift_names_the_code(pupil, world, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    gift = {
        "kind": "sponsorship", "title": "Đỡ đầu một em lớp 7", "receiver_school": world.school_b.pk,
        "value_vnd": "2 triệu", "pledged_on": "1/10/2023", "source": "own", "pupil": pupil.pk, "pupils_helped": "1",
    }  # fmt: skip
    named = client.post(reverse("support_create"), gift | {"title": "Đỡ đầu em Nguyễn Văn Nam, 0912345678"})
    assert "“Nguyễn Văn Nam” có vẻ là tên người" in named.content.decode()
    wrong = client.post(reverse("support_create"), gift | {"kind": "cash"})
    assert "Chỉ khoản đỡ đầu" in wrong.content.decode()
    elsewhere = client.post(reverse("support_create"), gift | {"receiver_school": world.school_d.pk})
    assert "không học ở trường nhận" in elsewhere.content.decode()
    client.post(reverse("support_create"), gift)
    support = Support.objects.get()
    assert (support.pupil, support.value_vnd) == (pupil, 2_000_000)
    assert support.title in client.get(pupil.get_absolute_url()).content.decode()
    assert pupil.code in client.get(support.get_absolute_url()).content.decode()
