"""The host of a check-in: opens and stops it, and strikes who was not there."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import Activity, CheckIn, CheckInDesk
from activities.tests.check_in.morning import DAY, row_of, strike, words
from twinning.models import Teacher


def test_the_host_opens_shows_and_stops(planned, hieu_truong_a, as_user):
    client, url = as_user(hieu_truong_a), reverse("activity_check_in", args=[planned.pk])
    assert "Mở điểm danh" in words(client.get(url))
    client.post(reverse("activity_check_in_open", args=[planned.pk]))
    page = client.get(url).content.decode()
    code = CheckInDesk.objects.get().code
    assert f"http://localhost:8000/diem-danh/{code}/" in page
    assert "<svg" in page
    screen = client.get(url + "?man-hinh=lon").content.decode()
    assert code in screen
    assert "người đã điểm danh" not in screen
    client.post(reverse("activity_check_in_stop", args=[planned.pk]))
    assert code not in client.get(url).content.decode()


def test_the_host_is_told_why_it_cannot_be_opened(planned, hieu_truong_a, as_user):
    Activity.objects.filter(pk=planned.pk).update(planned_on=DAY + timedelta(days=9))
    client = as_user(hieu_truong_a)
    page = client.post(reverse("activity_check_in_open", args=[planned.pk]), follow=True)
    assert "Hôm nay không phải ngày điểm danh" in words(page)
    assert not CheckInDesk.objects.exists()


def test_who_may_host(planned, as_user, hieu_truong_a, hieu_truong_b, can_bo, so, chi_xem, lanh_dao, phong_thanh_tri):
    url = reverse("activity_check_in", args=[planned.pk])
    answers = {
        person.username: as_user(person).get(url).status_code
        for person in (hieu_truong_a, hieu_truong_b, can_bo, so, chi_xem, lanh_dao, phong_thanh_tri)
    }
    assert answers == {
        "truong.01020501": 200,
        "truong.01277501": 200,
        "cbnl": 200,
        "so": 200,
        "chixem": 404,
        "lanhdao": 404,
        "phong.thanh-tri": 404,
    }


def test_a_struck_line_counts_no_more_and_can_be_put_back(planned, send, world, hieu_truong_a, as_user):
    send("Nguyễn Văn An")
    send("Trần Thị Bình")
    client, line = as_user(hieu_truong_a), CheckIn.objects.get(full_name="Nguyễn Văn An")
    page = words(strike(client, line))
    assert "Đã gạch “Nguyễn Văn An”" in page
    assert "Hiệu trưởng A gạch lúc 09:00 15/3" in page
    row = row_of(planned, world.school_a)
    assert (row.teacher_turns, row.named_count) == (1, 1)
    assert not Teacher.objects.filter(full_name="Nguyễn Văn An").exists()
    assert "Dòng này đã bị gạch" in words(send("Nguyễn Văn An"))
    strike(client, line)  # a second tap
    assert planned.events.filter(action="check_in_strike").count() == 1

    strike(client, line, "restore")
    row.refresh_from_db()
    assert (row.teacher_turns, row.named_count) == (2, 2)
    planned.refresh_from_db()
    assert planned.teacher_turns == 2
    assert [event.note for event in planned.events.filter(action="check_in_restore")] == [
        "Nguyễn Văn An – THCS Tả Thanh Oai"
    ]


def test_striking_never_goes_below_what_was_written(planned, send, world, hieu_truong_a, as_user):
    planned.units.filter(school=world.school_a).update(teacher_turns=1)
    planned.store_totals()
    send("Nguyễn Văn An")
    send("Trần Thị Bình")
    for line in CheckIn.objects.all():
        strike(as_user(hieu_truong_a), line)
    assert row_of(planned, world.school_a).teacher_turns == 1


def test_a_row_that_was_there_for_a_struck_line_alone_goes_with_it(planned, send, world, hieu_truong_a, as_user):
    Activity.objects.filter(pk=planned.pk).update(agreement=None)
    send("Lê Thị Cúc", world.school_c)
    line = CheckIn.objects.get()
    strike(as_user(hieu_truong_a), line)
    assert row_of(planned, world.school_c) is None
    strike(as_user(hieu_truong_a), line, "restore")
    assert row_of(planned, world.school_c).teacher_turns == 1


def test_a_guest_strikes_only_lines_of_its_own_school(planned, send, world, hieu_truong_b, as_user):
    send("Nguyễn Văn An", world.school_a)
    send("Lê Thị Cúc", world.school_b)
    client = as_user(hieu_truong_b)
    assert strike(client, CheckIn.objects.get(school=world.school_a)).status_code == 404
    assert strike(client, CheckIn.objects.get(school=world.school_b)).status_code == 200
    assert CheckIn.objects.live().count() == 1


def test_the_list_is_the_same_number_of_queries_however_long(planned, send, hieu_truong_a, as_user):
    client, url = as_user(hieu_truong_a), reverse("activity_check_in_lines", args=[planned.pk])
    send("Nguyễn Văn A")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for n in range(19):
        send(f"Nguyễn Văn {chr(66 + n)}")
    with CaptureQueriesContext(connection) as twenty:
        client.get(url)
    assert len(one) == len(twenty)
