"""Codes of a check-in: which are not taken and what a phone is told then, how long they live, how often one sends."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities import attempts, check_in_code
from activities.models import Activity, CheckIn, CheckInDesk
from activities.models.check_in import MOST_PER_DEVICE
from activities.tasks import forget_devices
from activities.tests.check_in.morning import DAY, words
from twinning import vietnamese


def test_forged_codes_are_refused_with_what_to_do(desk):
    code = desk.code
    for forged in (code[:-1] + ("2" if code[-1] != "2" else "3"), "x", "abc-def-ghj", "2-2-222222222", "a" * 60, "_-_"):
        page = Client().get(reverse("check_in", args=[forged]))
        assert page.status_code == 404, forged
        assert "Mã điểm danh không đúng" in words(page)
        assert "Hãy quét lại mã" in words(page)


def test_a_code_of_another_activity_opens_only_that(desk, planned, world, hieu_truong_a):
    other = Activity.objects.create(
        programme=world.programme, kind=world.kind, title="Sự kiện khác", planned_on=DAY, recorded_school=world.school_a
    )
    CheckInDesk.open(other, hieu_truong_a)
    first, second = desk.code.split("-"), other.check_in_desk.code.split("-")
    mixed = "-".join([first[0], *second[1:]])
    assert Client().get(reverse("check_in", args=[mixed])).status_code == 404


def test_a_code_grows_old_but_who_has_the_page_open_may_finish(desk, send, clock):
    code = desk.code
    begun = check_in_code.FIRST_TURN + check_in_code.turn_of(timezone.now()) * check_in_code.TURN
    clock.move_to(begun + timedelta(minutes=10))
    assert Client().get(reverse("check_in", args=[code])).status_code == 200
    clock.shift(timedelta(seconds=1))
    page = Client().get(reverse("check_in", args=[code]))
    assert page.status_code == 410
    assert "Mã điểm danh đã hết hạn" in words(page)
    assert send(code=code).status_code == 200
    clock.shift(timedelta(minutes=5))
    assert send("Trần Thị Bình", code=code).status_code == 410
    assert CheckIn.objects.count() == 1


def test_the_code_changes_every_three_minutes(desk, clock):
    first = desk.code
    clock.shift(timedelta(minutes=3))
    assert desk.code != first


def test_stopping_ends_every_code_and_opening_again_makes_new_ones(desk, planned, hieu_truong_a, send):
    code = desk.code
    desk.close(hieu_truong_a)
    page = send(code=code)
    assert page.status_code == 410
    assert "Ban tổ chức đã dừng điểm danh" in words(page)
    CheckInDesk.open(planned, hieu_truong_a)
    assert send(code=code).status_code == 404
    assert [event.label for event in planned.events.all()] == ["Mở điểm danh", "Dừng điểm danh", "Mở điểm danh"]


@pytest.mark.parametrize(("away", "status"), [(-2, 410), (-1, 200), (0, 200), (1, 200), (2, 410)])
def test_only_around_the_day_of_the_activity(planned, send, away, status):
    Activity.objects.filter(pk=planned.pk).update(planned_on=DAY + timedelta(days=away))
    page = send()
    assert page.status_code == status
    if status == 410:
        assert "Hôm nay không phải ngày điểm danh" in words(page)
        assert f"Hoạt động ghi ngày {vietnamese.day(DAY + timedelta(days=away))}" in words(page)


@pytest.mark.parametrize(("status", "told"), [("cancelled", "đã huỷ"), ("confirmed", "đã xác nhận số người")])
def test_not_once_it_is_over(planned, send, status, told):
    Activity.objects.filter(pk=planned.pk).update(status=status, held_on=DAY)
    page = send()
    assert page.status_code == 410
    assert told in words(page)


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_one_device_records_a_few_people_only(send):
    phone = Client()
    for n in range(MOST_PER_DEVICE):
        assert send(f"Giáo Viên {chr(65 + n)}", client=phone).status_code == 200
    page = send("Giáo Viên Z", client=phone)
    assert page.status_code == 422
    assert "Máy này đã ghi 6 người" in words(page)


def test_one_device_sends_so_often_only(send):
    phone = Client()
    for _n in range(attempts.SENDS_PER_DEVICE[0]):
        assert send(client=phone).status_code == 200
    page = send(client=phone)
    assert page.status_code == 429
    assert "Gửi quá nhiều lần" in words(page)
    assert send(client=Client()).status_code == 200


def test_one_address_sends_so_often_only(send, monkeypatch):
    monkeypatch.setattr(attempts, "SENDS_PER_ADDRESS", (3, 600))
    assert [send().status_code for _n in range(4)] == [200, 200, 200, 429]


def test_codes_are_not_guessed_by_the_thousand(desk, monkeypatch):
    monkeypatch.setattr(attempts, "FORGED_PER_ADDRESS", (3, 600))
    codes = [f"2-2-22222222{n}" for n in range(2, 6)]
    assert [Client().get(reverse("check_in", args=[code])).status_code for code in codes] == [404, 404, 404, 429]


def test_devices_differ_from_activity_to_activity_and_are_forgotten(planned, send, world, clock, hieu_truong_a):
    other = Activity.objects.create(
        programme=world.programme, kind=world.kind, title="Sự kiện khác", planned_on=DAY, recorded_school=world.school_a
    )
    CheckInDesk.open(other, hieu_truong_a)
    phone = Client()
    send(client=phone)
    send(client=phone, code=other.check_in_desk.code)
    hashes = set(CheckIn.objects.values_list("device_hash", flat=True))
    assert len(hashes) == 2
    assert "" not in hashes
    clock.shift(timedelta(days=31))
    forget_devices()
    assert set(CheckIn.objects.values_list("device_hash", flat=True)) == {""}
