"""Check-in by code: each person once, numbers that stay true, and what a phone is told when the code is not taken."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities import attempts, check_in_code
from activities.models import Activity, ActivitySchool, CheckIn, CheckInDesk, Feedback, Participation
from activities.models.check_in import MOST_PER_DEVICE
from activities.tasks import count_check_ins, forget_devices
from twinning.models import School, Teacher

DAY = date(2024, 3, 15)
MORNING = datetime(2024, 3, 15, 2, tzinfo=UTC)  # 9 o'clock


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


@pytest.fixture
def planned(world, school_agreement):
    """A seminar of today that school A planned with school B."""
    activity = Activity.objects.create(
        programme=world.programme,
        agreement=school_agreement,
        kind=world.kind,
        title="Chuyên đề Ngữ văn 9",
        host_school=world.school_a,
        recorded_school=world.school_a,
        planned_on=DAY,
    )
    for school, district in ((world.school_a, world.thanh_tri), (world.school_b, world.chuong_my)):
        ActivitySchool.objects.create(activity=activity, school=school, district=district)
    return activity


@pytest.fixture
def desk(planned, hieu_truong_a):
    CheckInDesk.open(planned, hieu_truong_a)
    return planned.check_in_desk


@pytest.fixture
def send(world, desk):
    """send("Nguyễn Văn An") → the answer to a phone of its own; school A unless another."""

    def send(person="Nguyễn Văn An", school=None, client=None, code=None, **more):
        data = {"school": (school or world.school_a).pk, "person": person, **more}
        return (client or Client()).post(reverse("check_in", args=[code or desk.code]), data)

    return send


def row_of(activity, school):
    return activity.units.filter(school=school).first()


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- Being there ----------------------------------------------------------------------------------------------------


def test_names_raise_the_row_and_the_total(planned, send, world):
    page = send("Nguyễn Văn An")
    assert page.status_code == 200
    assert "Đã ghi nhận" in words(page)
    send("Trần Thị Bình")
    send("Lê Thị Cúc", world.school_b)
    row = row_of(planned, world.school_a)
    assert (row.teacher_turns, row.named_count) == (2, 2)
    assert [part.teacher.full_name for part in row.participations.all()] == ["Nguyễn Văn An", "Trần Thị Bình"]
    planned.refresh_from_db()
    assert planned.teacher_turns == 3
    assert planned.status == "planned"


def test_names_below_what_was_written_change_no_number(planned, send, world):
    planned.units.filter(school=world.school_a).update(teacher_turns=24)
    planned.store_totals()
    send("Nguyễn Văn An")
    row = row_of(planned, world.school_a)
    assert (row.teacher_turns, row.named_count, row.check_in_turns) == (24, 1, 0)


@pytest.mark.parametrize("again", ["Nguyễn Văn An", "  nguyễn   văn AN ", "Nguyen Van An", "NGUYỄN VĂN AN".lower()])
def test_the_same_person_counts_once_and_is_told_when(planned, send, world, again, clock):
    send("Nguyễn Văn An")
    clock.shift(timedelta(minutes=4))
    page = send(again)
    assert "Đã ghi nhận lúc 09:00 ngày 15/3/2024" in words(page)
    assert CheckIn.objects.count() == 1
    assert row_of(planned, world.school_a).teacher_turns == 1


def test_name_and_code_of_one_teacher_are_one_person(planned, send, world):
    Teacher.objects.create(school=world.school_a, full_name="Nguyễn Văn An", code="GV07")
    send("gv07")
    page = send("Nguyễn Văn An")
    assert "Đã ghi nhận lúc" in words(page)
    row = row_of(planned, world.school_a)
    assert (row.teacher_turns, row.named_count) == (1, 1)
    assert Teacher.objects.count() == 1


def test_name_and_code_sent_in_the_same_moment_are_one_person(planned, desk, world):
    """Both were stored before either knew of the other."""
    teacher = Teacher.objects.create(school=world.school_a, full_name="Nguyễn Văn An", code="GV07")
    for key, typed in (("c:gv07", {"code": "GV07"}), ("n:an", {"full_name": "Nguyễn Văn An"})):
        CheckIn.objects.create(activity=planned, school=world.school_a, person_key=key, teacher=teacher, **typed)
    CheckIn.objects.count_in(planned.pk)
    row = row_of(planned, world.school_a)
    assert (row.teacher_turns, row.named_count, CheckIn.objects.count()) == (1, 1, 1)


def test_namesakes_of_two_schools_are_two_persons(planned, send, world):
    send("Nguyễn Văn An", world.school_a)
    send("Nguyễn Văn An", world.school_b)
    planned.refresh_from_db()
    assert planned.teacher_turns == 2


def test_a_code_nobody_has_counts_without_a_name_and_says_nothing_of_the_roster(planned, send, world):
    Teacher.objects.create(school=world.school_a, full_name="Nguyễn Văn An", code="GV07")
    known, unknown = words(send("GV07")), words(send("GV99"))
    assert known.replace("GV07", "GV99") == unknown
    assert "Nguyễn Văn An" not in known
    row = row_of(planned, world.school_a)
    assert (row.teacher_turns, row.named_count) == (2, 1)


def test_a_school_of_the_agreement_gets_a_row_that_waits_for_its_word(planned, send, world):
    planned.units.filter(school=world.school_b).delete()
    send("Lê Thị Cúc", world.school_b)
    row = row_of(planned, world.school_b)
    assert (row.teacher_turns, row.confirmed_at, row.district) == (1, None, world.chuong_my)


def test_a_school_without_a_part_is_refused_and_what_was_typed_stays(planned, send, world):
    page = send("Lê Thị Cúc", world.school_c)
    assert page.status_code == 422
    assert "“THCS Phúc Xá” không thuộc các đơn vị của hoạt động này" in words(page)
    assert 'value="Lê Thị Cúc"' in page.content.decode()
    assert not CheckIn.objects.exists()


def test_at_an_event_of_the_programme_every_school_of_the_department_may(planned, send, world, nguoi_tinh_khac):
    Activity.objects.filter(pk=planned.pk).update(agreement=None)
    assert send("Lê Thị Cúc", world.school_c).status_code == 200
    assert row_of(planned, world.school_c).named_count == 1
    nghe_an = nguoi_tinh_khac.memberships.get().department
    district = nghe_an.districts.create(
        code="412", name="Vinh", kind="thanh_pho", zone="inner", office_name="Phòng Vinh"
    )
    other = School.objects.create(code="40412501", name="THCS Lê Lợi", level="thcs", district=district)
    assert send("Lê Thị Cúc", other).status_code == 422


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Hãy ghi họ và tên, hoặc mã giáo viên."),
        ("An", "Hãy ghi đầy đủ họ và tên"),
        ("Nguyễn Văn An 0912345678", "Không ghi số căn cước hay số điện thoại"),
        ("001085012345", "Không ghi số căn cước hay số điện thoại"),
        ("Nguyễn Văn An 9", "không kèm số"),
        ("<b>An</b> Nguyễn", "Hãy ghi đầy đủ họ và tên"),
        ("A" * 200, "Tên quá dài"),
    ],
)
def test_what_is_no_name_is_refused_and_stays(send, typed, told):
    page = send(typed)
    assert page.status_code == 422
    assert told in words(page)
    assert not CheckIn.objects.exists()


def test_a_long_code_of_the_roster_is_no_identity_number(send, world):
    Teacher.objects.create(school=world.school_a, full_name="Nguyễn Văn An", code="0105012345")
    assert send("0105012345").status_code == 200


def test_no_school_chosen_is_said(send, world, desk):
    page = Client().post(reverse("check_in", args=[desk.code]), {"person": "Nguyễn Văn An"})
    assert page.status_code == 422
    assert "Hãy chọn trường của thầy/cô." in words(page)
    assert 'value="Nguyễn Văn An"' in page.content.decode()


def test_looking_for_a_school_keeps_the_name_and_stores_nothing(send, world):
    page = send("Lê Thị Cúc", tim="phuc xa", find="1")
    assert page.status_code == 200
    assert "THCS Phúc Xá" in words(page)
    assert 'value="Lê Thị Cúc"' in page.content.decode()
    assert "Không thấy trường nào với “xyz”" in words(send(tim="xyz", find="1"))
    assert not CheckIn.objects.exists()


def test_the_page_names_no_teacher_and_is_small(desk, world):
    Teacher.objects.create(school=world.school_a, full_name="Nguyễn Văn An", code="GV07")
    page = Client().get(reverse("check_in", args=[desk.code]))
    assert page.status_code == 200
    assert "Nguyễn Văn An" not in words(page)
    assert "GV07" not in words(page)
    assert "THCS Tả Thanh Oai" in words(page)
    assert "<script" not in page.content.decode()
    assert len(page.content) < 10_000
    assert not page.cookies.get("sessionid")


# --- Without names --------------------------------------------------------------------------------------------------


@pytest.fixture
def nameless(world):
    world.programme.records_names = False
    world.programme.save()


def test_where_no_names_are_recorded_a_device_is_a_person(nameless, planned, send, world):
    phone = Client()
    page = send("Nguyễn Văn An", client=phone)
    assert "Đã ghi nhận" in words(page)
    assert "Nguyễn Văn An" not in words(page)
    send("Trần Thị Bình", client=phone)
    send("Trần Thị Bình")
    row = row_of(planned, world.school_a)
    assert (row.teacher_turns, row.named_count) == (2, 0)
    assert set(CheckIn.objects.values_list("full_name", "code")) == {("", "")}
    assert not Participation.objects.exists()
    assert not Teacher.objects.exists()


# --- Codes that are not taken ---------------------------------------------------------------------------------------


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
        assert f"Hoạt động ghi ngày {DAY + timedelta(days=away):%d/%m/%Y}" in words(page)


@pytest.mark.parametrize(("status", "told"), [("cancelled", "đã huỷ"), ("confirmed", "đã xác nhận số người")])
def test_not_once_it_is_over(planned, send, status, told):
    Activity.objects.filter(pk=planned.pk).update(status=status, held_on=DAY)
    page = send()
    assert page.status_code == 410
    assert told in words(page)


# --- Limits ---------------------------------------------------------------------------------------------------------


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


# --- The host -------------------------------------------------------------------------------------------------------


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


def strike(client, check_in, what="strike"):
    return client.post(reverse(f"activity_check_in_{what}", args=[check_in.activity_id, check_in.pk]), follow=True)


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


# --- With the unit's own word ---------------------------------------------------------------------------------------


def hold(client, activity, **typed):
    url = reverse("activity_action", args=[activity.pk, "da-to-chuc"])
    form = client.get(url).context["form"]
    data = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    return client.post(url, {**data, "held_on": "15/3/2024", **typed})


def test_the_result_begins_with_who_checked_in(planned, send, world, hieu_truong_a, hieu_truong_b, as_user):
    send("Nguyễn Văn An")
    send("Trần Thị Bình")
    send("Lê Thị Cúc", world.school_b)
    assert hold(as_user(hieu_truong_a), planned, manager_turns="1").status_code == 302
    planned.refresh_from_db()
    assert (planned.status, planned.teacher_turns, planned.manager_turns) == ("held", 3, 1)
    row = row_of(planned, world.school_a)
    assert (row.named_count, row.confirmed_by) == (2, hieu_truong_a)
    assert row_of(planned, world.school_b).confirmed_at is None


def test_who_checks_in_while_the_result_is_written_is_not_lost(planned, send, world, hieu_truong_a, as_user):
    send("Nguyễn Văn An")
    client, url = as_user(hieu_truong_a), reverse("activity_action", args=[planned.pk, "da-to-chuc"])
    form = client.get(url).context["form"]
    data = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    send("Trần Thị Bình")
    client.post(url, {**data, "held_on": "15/3/2024", "teacher_turns": "20"})
    row = row_of(planned, world.school_a)
    assert (row.teacher_turns, row.named_count) == (20, 2)


def test_beyond_what_a_school_confirmed_people_wait_for_its_correction(
    planned, send, world, hieu_truong_a, hieu_truong_b, as_user
):
    send("Nguyễn Văn An")
    client = as_user(hieu_truong_a)
    hold(client, planned)
    page = send("Trần Thị Bình")
    assert "Đã ghi nhận" in words(page)
    row = row_of(planned, world.school_a)
    assert (row.teacher_turns, row.named_count) == (1, 1)
    assert "1 người của đơn vị mình đã điểm danh nhưng chưa được tính" in words(client.get(planned.get_absolute_url()))

    url = reverse("activity_correct", args=[planned.pk])
    form = client.get(url).context["form"]
    assert form["teacher_turns"].value() == 2
    assert "Trần Thị Bình" in form["named"].value()
    client.post(url, {name: form[name].value() or "" for name in form.fields})
    row.refresh_from_db()
    assert (row.teacher_turns, row.named_count) == (2, 2)
    assert not CheckIn.objects.waiting().exists()


def test_a_name_the_school_took_out_stays_out(planned, send, world, hieu_truong_a, as_user):
    send("Nguyễn Văn An")
    send("Trần Thị Bình")
    hold(as_user(hieu_truong_a), planned, teacher_turns="1", named="Nguyễn Văn An")
    row = row_of(planned, world.school_a)
    assert (row.teacher_turns, row.named_count) == (1, 1)
    CheckIn.objects.count_in(planned.pk)
    strike(as_user(hieu_truong_a), CheckIn.objects.get(full_name="Nguyễn Văn An"))
    row.refresh_from_db()
    assert (row.teacher_turns, row.named_count) == (1, 1)  # its own word


def test_a_school_that_checks_in_after_the_result_is_asked_to_confirm(
    planned, send, world, hieu_truong_a, hieu_truong_b, as_user
):
    planned.units.filter(school=world.school_b).delete()
    ActivitySchool.objects.create(activity=planned, district=world.chuong_my)
    hold(as_user(hieu_truong_a), planned, teacher_turns="3")
    hieu_truong_b.notifications.all().delete()
    send("Lê Thị Cúc", world.school_b)
    assert "đã điểm danh ở “Chuyên đề Ngữ văn 9”" in hieu_truong_b.notifications.get().text


def test_what_a_failure_left_waiting_is_taken_in_by_the_sweeper(planned, send, world, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(ActivitySchool, "take_in", lambda self, check_ins: 1 / 0)
        assert send("Nguyễn Văn An").status_code == 200
    assert row_of(planned, world.school_a).teacher_turns == 0
    count_check_ins()
    assert row_of(planned, world.school_a).teacher_turns == 1


# --- Feedback -------------------------------------------------------------------------------------------------------


@pytest.fixture
def tell(planned):
    def tell(client=None, **answers):
        data = {"useful": 5, "applicable": 4, "comment": "", **answers}
        code = check_in_code.feedback_code(planned.pk)
        return (client or Client()).post(reverse("feedback", args=[code]), data)

    return tell


def test_feedback_shows_from_five_answers_on(planned, tell, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    for n in range(4):
        assert "Cảm ơn thầy/cô đã góp ý" in words(tell(useful=n + 1, comment=f"Ý kiến số {n}"))
    page = words(client.get(planned.get_absolute_url()))
    assert "Đã có 4 góp ý" in page
    assert "Ý kiến số" not in page
    assert "/ 5" not in page
    tell(useful=5)
    page = words(client.get(planned.get_absolute_url()))
    assert "5 góp ý, không ghi tên" in page
    assert "3,0 / 5" in page
    assert "4,0 / 5" in page
    assert "Ý kiến số 2" in page


def test_one_answer_a_device_and_none_leads_to_its_check_in(planned, send, tell):
    phone = Client()
    send(client=phone)
    tell(client=phone, comment="Nên có thêm thời gian.")
    assert "Máy này đã gửi góp ý rồi" in words(tell(client=phone))
    answer, check_in = Feedback.objects.get(), CheckIn.objects.get()
    assert answer.device_hash != check_in.device_hash
    assert [field.name for field in Feedback._meta.fields if field.is_relation] == ["activity"]
    assert answer.day == DAY


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"useful": ""}, "Hãy chọn một mức từ 1 đến 5."),
        ({"applicable": "9"}, "9"),
        ({"comment": "Gọi tôi 0912 345 678"}, "có vẻ là số căn cước hoặc số điện thoại"),
        ({"comment": "x" * 501}, "Ý kiến dài quá 500 chữ cái"),
    ],
)
def test_bad_answers_are_refused_and_stay(tell, answers, told):
    page = tell(**{"comment": "Rất hay", **answers})
    assert page.status_code == 422
    assert told in words(page)
    assert answers.get("comment", "Rất hay") in page.content.decode()
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(("away", "status"), [(1, 410), (0, 200), (-7, 200), (-8, 410)])
def test_feedback_is_taken_for_a_week(planned, tell, away, status):
    Activity.objects.filter(pk=planned.pk).update(planned_on=DAY + timedelta(days=away))
    assert tell().status_code == status


def test_a_forged_feedback_code_is_refused(planned):
    assert Client().get(reverse("feedback", args=["2-222222222"])).status_code == 404


# --- Managers -------------------------------------------------------------------------------------------------------


def test_managers_by_choice_or_by_the_roster_count_apart(planned, send, world):
    Teacher.objects.create(school=world.school_a, full_name="Phạm Thị Hiệu", code="HT01", is_manager=True)
    planned.units.filter(school=world.school_a).update(manager_turns=1, teacher_turns=1)
    planned.store_totals()
    send("ht01")  # the roster says so
    assert (lambda row: (row.manager_turns, row.check_in_manager_turns))(row_of(planned, world.school_a)) == (1, 0)
    page = send("Đỗ Văn Phó", part="cbql")
    assert "cán bộ quản lý" in words(page)
    send("Nguyễn Văn An")
    send("Trần Thị Bình")
    row = row_of(planned, world.school_a)
    assert (row.manager_turns, row.teacher_turns, row.named_count) == (2, 2, 2)
    assert [part.teacher.full_name for part in row.participations.all()] == ["Nguyễn Văn An", "Trần Thị Bình"]
    assert not Teacher.objects.filter(full_name="Đỗ Văn Phó").exists(), "no manager joins the roster of teachers"
    planned.refresh_from_db()
    assert (planned.manager_turns, planned.teacher_turns) == (2, 2)
    send("Phạm Thị Hiệu")  # by name after the code: one person
    assert row_of(planned, world.school_a).manager_turns == 2


def test_a_struck_manager_counts_no_more_and_may_come_back(planned, send, world, hieu_truong_a):
    send("Đỗ Văn Phó", part="cbql")
    line = CheckIn.objects.get()
    line.strike(hieu_truong_a)
    assert row_of(planned, world.school_a).manager_turns == 0
    line.refresh_from_db()
    line.restore(hieu_truong_a)
    row = row_of(planned, world.school_a)
    assert (row.manager_turns, row.check_in_manager_turns, row.teacher_turns) == (1, 1, 0)


def test_managers_beyond_what_a_school_confirmed_stand_filled_in(planned, send, world, hieu_truong_a, as_user):
    planned.hold(hieu_truong_a, DAY, "", {"manager_turns": 1, "teacher_turns": 0, "pupil_turns": 0}, [])
    send("Đỗ Văn Phó", part="cbql")
    send("Lê Thị Hiệu", part="cbql")
    row = row_of(planned, world.school_a)
    assert (row.manager_turns, row.waiting_check_ins.count()) == (1, 1)
    form = as_user(hieu_truong_a).get(reverse("activity_correct", args=[planned.pk])).context["form"]
    assert (form.initial["manager_turns"], form.initial["teacher_turns"]) == (2, 0)


def test_a_forged_part_is_refused_and_none_is_a_teacher(planned, send, world):
    assert send("Nguyễn Văn An", part="admin").status_code == 422
    assert not CheckIn.objects.exists()
    send("Nguyễn Văn An", part="")
    assert row_of(planned, world.school_a).teacher_turns == 1
