"""Check-in by code: each person once, by name, code, device or as a manager, and numbers that stay true."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from activities.models import Activity, CheckIn, Participation
from activities.tests.check_in.morning import DAY, row_of, words
from twinning.models import School, Teacher


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


# --- Without names ----------------------------------------------------------------------------------------------------


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


# --- Managers ---------------------------------------------------------------------------------------------------------


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
