"""Help between units: pledged, delivered, received; what cannot be; who may."""

from datetime import date

import pytest
from django.urls import reverse

from activities.models import Support


def act(client, support, slug, **answer):
    return client.post(reverse("support_action", args=[support.pk, slug]), answer, follow=True)


def test_from_pledge_to_receipt(world, pledge, hieu_truong_a, hieu_truong_b, as_user):
    assert pledge().status_code == 302
    support = Support.objects.get()
    assert (support.status, support.giver, support.receiver) == ("pledged", world.school_a, world.school_b)
    assert support.receiver_district == world.chuong_my
    assert not Support.objects.counted().exists(), "a pledge is not help"
    act(as_user(hieu_truong_a), support, "da-trao", delivered_on="5/9/2024")
    support.refresh_from_db()
    assert (support.status, support.delivered_on, support.school_year) == ("delivered", date(2024, 9, 5), 2024)
    assert Support.objects.waiting_for(hieu_truong_b).get() == support
    act(as_user(hieu_truong_b), support, "da-nhan")
    support.refresh_from_db()
    assert support.status == "received"
    assert [event.action for event in support.events.order_by("pk")] == ["create", "deliver", "receive"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value_vnd": "-5"}, "không thể âm"),
        ({"value_vnd": "0"}, "lớn hơn"),
        ({"value_vnd": "1,5"}, "Hãy ghi số tiền như"),
        ({"value_vnd": "9000000000000"}, "quá lớn"),
        ({"estimate_note": ""}, "cách ước giá trị"),
        ({"receiver_school": ""}, "chọn trường nhận"),
        ({"pledged_on": "1/1/2020"}, "thời gian của phong trào"),
    ],
)
def test_what_cannot_be_pledged(pledge, changes, words):
    response = pledge(**changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Support.objects.exists()


def test_not_to_oneself(pledge, world):
    response = pledge(receiver_school=world.school_a.pk)
    assert "hai đơn vị khác nhau" in response.content.decode()


def test_delivered_before_it_was_pledged(pledge, hieu_truong_a, as_user):
    pledge()
    support = Support.objects.get()
    page = act(as_user(hieu_truong_a), support, "da-trao", delivered_on="1/9/2023").content.decode()
    assert "không thể trước ngày cam kết" in page
    support.refresh_from_db()
    assert (support.status, support.delivered_on) == ("pledged", None)


def test_only_the_receiver_confirms(support, hieu_truong_a, nguoi_la, phong_chuong_my, as_user):
    assert act(as_user(nguoi_la), support, "da-nhan").status_code == 404
    for person in (hieu_truong_a, phong_chuong_my):
        assert "không có quyền" in act(as_user(person), support, "da-nhan").content.decode()
    support.refresh_from_db()
    assert support.status == "delivered"


def test_the_department_gives_nothing(pledge, so):
    assert pledge(by=so).status_code == 404


def test_what_did_not_arrive_in_full_waits_for_the_giver(support, hieu_truong_a, hieu_truong_b, as_user):
    assert not Support.objects.waiting_for(hieu_truong_a)
    act(as_user(hieu_truong_b), support, "chua-du", note="Còn thiếu 5 bộ")
    support.refresh_from_db()
    assert (support.status, support.delivered_on) == ("pledged", None)
    assert list(Support.objects.waiting_for(hieu_truong_a)) == [support]
    assert "Còn thiếu 5 bộ" in as_user(hieu_truong_a).get(support.get_absolute_url()).content.decode()
    act(as_user(hieu_truong_a), support, "da-trao", delivered_on="1/11/2023")
    assert not Support.objects.waiting_for(hieu_truong_a)
    assert list(Support.objects.waiting_for(hieu_truong_b)) == [support]
