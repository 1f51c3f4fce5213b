"""What becomes of an activity: held, each unit's own word on its counts, corrections, cancelling; by whom."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ActivitySchool
from activities.tests.recording import act, counts, row_counts, totals
from conftest import told
from reports.scope import Scope

PEOPLE = [
    "so",
    "lanh_dao",
    "phong_thanh_tri",
    "phong_chuong_my",
    "hieu_truong_a",
    "hieu_truong_b",
    "can_bo",
    "chi_xem",
    "quan_tri",
]
RECORDED_IT = {"hieu_truong_a", "can_bo", "so", "quan_tri"}


def content(response):
    return response.content.decode()


@pytest.fixture
def planned(activity):
    """The activity of A and B as it was before its day: nobody has confirmed anything."""
    Activity.objects.update(status="planned", planned_on=date(2023, 10, 20), held_on=None)
    activity.units.update(confirmed_at=None)
    activity.refresh_from_db()
    return activity


@pytest.fixture
def row_a(activity, world):
    return activity.units.get(school=world.school_a)


@pytest.fixture
def row_b(activity, world):
    return activity.units.get(school=world.school_b)


# --- Who gets which button ------------------------------------------------------------------------------------------

# The offices above the units that take part.
OFFICES = {"phong_thanh_tri", "phong_chuong_my"}
MAY = {
    ("planned", "hold"): RECORDED_IT,
    ("planned", "cancel"): RECORDED_IT,
    ("held", "confirm"): {"hieu_truong_b", "quan_tri"},
    ("held", "cancel"): RECORDED_IT,
    **{(status, "verify"): OFFICES | {"quan_tri"} for status in ("held", "confirmed")},
    **{(status, "merge"): RECORDED_IT | OFFICES for status in ("planned", "held", "confirmed")},
}


def state(activity):
    return (
        Activity.objects.filter(pk=activity.pk).values().get(),
        list(activity.units.values()),
        row_counts(),
    )


@pytest.mark.one_database("The table of actions decides, and it is Python.")
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("status", ["planned", "held", "confirmed", "cancelled"])
def test_each_person_gets_the_buttons_of_the_table_and_no_other_act(activity, request, as_user, who, status):
    day = {"planned_on": activity.held_on, "held_on": None} if status == "planned" else {}
    Activity.objects.update(status=status, **day)
    activity.refresh_from_db()
    client = as_user(request.getfixturevalue(who))
    page = content(client.get(activity.get_absolute_url()))
    for name, action in Activity.ACTIONS.items():
        url = reverse("activity_action", args=[activity.pk, action.slug])
        may = who in MAY.get((status, name), ())
        assert (url in page) == may, name
        if name == "close":
            assert client.post(url).status_code == 404, "nobody presses it"
        elif not may:
            before = state(activity)
            [(level, _text)] = told(act(client, activity, name, note="Vì", held_on="1/10/2023", follow=False))
            assert level == "error", name
            assert state(activity) == before, name
            assert [level for level, _text in told(client.get(url))] == ["error"], name


@pytest.mark.parametrize("name", ["hold", "confirm", "cancel"])
def test_a_stranger_finds_nothing_to_act_on(activity, nguoi_la, nguoi_tinh_khac, as_user, name):
    before = state(activity)
    for stranger in (nguoi_la, nguoi_tinh_khac):
        assert act(as_user(stranger), activity, name, **counts(teachers=1)).status_code == 404
    assert state(activity) == before


def test_a_clerk_of_the_partner_confirms(activity, person, world, as_user):
    clerk = person("cbnl.b", "clerk", school=world.school_b)
    act(as_user(clerk), activity, "confirm", **counts(teachers=12))
    assert (activity.status, activity.units.get(school=world.school_b).confirmed_by) == ("confirmed", clerk)


def test_the_reader_of_the_partner_does_not(activity, person, world, as_user):
    reader = person("xem.b", "reader", school=world.school_b)
    assert "không có quyền" in content(act(as_user(reader), activity, "confirm", **counts(teachers=12)))
    assert activity.status == "held"


# --- Confirming -----------------------------------------------------------------------------------------------------


@pytest.mark.breaks_totals
def test_the_page_shows_what_was_recorded_for_the_unit(activity, row_b, hieu_truong_b, as_user):
    row_b.name_teachers([("Trần Thị Mẫu", "demo")])
    form = as_user(hieu_truong_b).get(reverse("activity_action", args=[activity.pk, "xac-nhan"])).context["form"]
    assert {name: form[name].value() for name in form.fields} == {
        "teacher_turns": 12,
        "manager_turns": 0,
        "pupil_turns": 0,
        "named": "Trần Thị Mẫu – dạy minh hoạ",
        "seen_check_in": 0,
    }


def test_confirming_as_it_is_closes_it_and_tells_who_recorded_it(
    activity, hieu_truong_a, can_bo, hieu_truong_b, as_user
):
    page = content(act(as_user(hieu_truong_b), activity, "confirm", **counts(teachers=12)))
    assert "Đã xác nhận số liệu của đơn vị mình." in page
    assert activity.status == "confirmed"
    assert totals(activity) == (36, 2, 0)
    assert [(event.action, event.note) for event in activity.events.order_by("pk")] == [("confirm", ""), ("close", "")]
    for person in (hieu_truong_a, can_bo):
        assert "Hiệu trưởng B đã xác nhận số liệu hoạt động" in person.notifications.get().text
    assert not hieu_truong_b.notifications.exists()


def test_other_boxes_change_no_other_row(activity, row_a, hieu_truong_b, as_user, world):
    more = {
        "school": world.school_a.pk,
        "unit": f"school:{world.school_a.pk}",
        "row": row_a.pk,
        "units-0-teacher_turns": 1,
    }
    act(as_user(hieu_truong_b), activity, "confirm", **counts(teachers=15), **more)
    row_a.refresh_from_db()
    assert row_a.teacher_turns == 24
    assert totals(activity) == (39, 2, 0)


def test_every_unit_has_to_say_its_word(activity, hieu_truong_a, hieu_truong_b, person, world, as_user):
    ActivitySchool.objects.create(activity=activity, school=world.school_d, district=world.chuong_my, teacher_turns=5)
    ActivitySchool.objects.create(activity=activity, district=world.chuong_my)
    act(as_user(hieu_truong_b), activity, "confirm", **counts(teachers=12))
    assert activity.status == "held"
    assert activity.next_step == "Chờ xác nhận số liệu: Tiểu học Đại Yên, Phòng GD&ĐT huyện Chương Mỹ."
    assert hieu_truong_a.notifications.get().next_step == activity.next_step
    principal_d = person("hieu.truong.d", "principal", school=world.school_d)
    act(as_user(principal_d), activity, "confirm", **counts(teachers=6))
    assert activity.status == "held"
    office = person("phong.hai", "district", district=world.chuong_my)
    act(as_user(office), activity, "confirm", **counts(managers=2))
    assert activity.status == "confirmed"
    assert hieu_truong_a.notifications.first().next_step == ""
    assert totals(activity) == (42, 4, 0)


def test_an_office_speaks_for_its_own_people_only(activity, phong_chuong_my, row_b, world, as_user):
    ActivitySchool.objects.create(activity=activity, district=world.chuong_my)
    page = as_user(phong_chuong_my).get(reverse("activity_action", args=[activity.pk, "xac-nhan"]))
    assert "named" not in page.context["form"].fields, "an office has no roster"
    act(as_user(phong_chuong_my), activity, "confirm", **counts(managers=1))
    row_b.refresh_from_db()
    assert row_b.confirmed_at is None
    assert activity.status == "held"


def test_the_administrator_answers_for_the_unit_that_is_missing(activity, row_a, row_b, quan_tri, as_user):
    act(as_user(quan_tri), activity, "confirm", **counts(teachers=13))
    for row in (row_a, row_b):
        row.refresh_from_db()
    assert (row_a.teacher_turns, row_b.teacher_turns, row_b.confirmed_by) == (24, 13, quan_tri)
    assert activity.status == "confirmed"


def test_a_second_confirmation_is_told_that_it_is_done(activity, hieu_truong_b, as_user):
    client = as_user(hieu_truong_b)
    act(client, activity, "confirm", **counts(teachers=12))
    before = state(activity)
    page = content(act(client, activity, "confirm", **counts(teachers=99)))
    assert "“Xác nhận số liệu”" in page
    assert "alert-danger" in page
    assert state(activity) == before


def test_it_was_cancelled_meanwhile(activity, hieu_truong_a, hieu_truong_b, as_user):
    activity.perform("cancel", hieu_truong_a, note="Bão")
    page = content(act(as_user(hieu_truong_b), activity, "confirm", **counts(teachers=12)))
    assert "“Xác nhận số liệu” không còn làm được: Hiệu trưởng A đã “Huỷ hoạt động”" in page
    assert activity.status == "cancelled"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (counts(teachers=-1), "Số người không thể âm"),
        (counts(teachers=5001), "Số quá lớn cho một đơn vị"),
        (counts() | {"teacher_turns": "mười"}, "Hãy ghi số nguyên"),
        (counts(teachers=1, named="Lê Thị Ví Dụ\nNguyễn Văn Mẫu"), "Ghi tên 2 giáo viên nhưng số giáo viên là 1"),
    ],
)
def test_counts_that_cannot_be_are_refused_with_what_was_typed(activity, hieu_truong_b, as_user, typed, words):
    before = state(activity)
    response = act(as_user(hieu_truong_b), activity, "confirm", **typed)
    assert response.status_code == 422
    assert words in content(response)
    assert f'value="{typed["teacher_turns"]}"' in content(response)
    assert typed.get("named", "") in content(response)
    assert state(activity) == before


# --- Correcting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["hieu_truong_a", "can_bo", "hieu_truong_b", "quan_tri"])
def test_a_correction_after_it_is_closed_leaves_history(activity, request, as_user, who):
    activity.units.update(confirmed_at=timezone.now())
    Activity.objects.update(status="confirmed")
    person = request.getfixturevalue(who)
    client = as_user(person)
    page = reverse("activity_correct", args=[activity.pk])
    assert page in content(client.get(activity.get_absolute_url()))
    row = activity.own_row(person)
    old = row.teacher_turns
    answer = content(client.post(page, counts(teachers=20, managers=2, pupils=30), follow=True))
    assert "Đã sửa số liệu của đơn vị mình." in answer
    assert f"giáo viên: {old} → 20" in activity.events.get().note
    assert "học sinh: 0 → 30" in answer
    row.refresh_from_db()
    assert (row.teacher_turns, row.confirmed_by) == (20, person)
    versions = row.history.order_by("history_id").values_list("teacher_turns", flat=True)
    assert list(versions) == [old, 20]
    assert row.history.latest().history_user == person
    activity.refresh_from_db()
    assert activity.status == "confirmed"
    assert totals(activity)[0] == 36 - old + 20


@pytest.mark.parametrize("who", ["so", "lanh_dao", "phong_chuong_my", "chi_xem", "nguoi_la"])
def test_others_correct_nothing(activity, request, as_user, who):
    client = as_user(request.getfixturevalue(who))
    page = reverse("activity_correct", args=[activity.pk])
    before = state(activity)
    assert client.get(page).status_code == client.post(page, counts(teachers=1)).status_code == 404
    assert state(activity) == before


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_only_what_was_held_is_corrected(activity, hieu_truong_a, as_user, status):
    Activity.objects.update(status=status, planned_on=activity.held_on)
    assert as_user(hieu_truong_a).get(reverse("activity_correct", args=[activity.pk])).status_code == 404


def test_the_last_word_may_come_as_a_correction(activity, hieu_truong_b, as_user):
    as_user(hieu_truong_b).post(reverse("activity_correct", args=[activity.pk]), counts(teachers=12))
    activity.refresh_from_db()
    assert activity.status == "confirmed"


# --- A plan that is held --------------------------------------------------------------------------------------------


def test_a_plan_is_held(planned, hieu_truong_a, hieu_truong_b, row_a, row_b, as_user):
    client = as_user(hieu_truong_a)
    form = client.get(reverse("activity_action", args=[planned.pk, "da-to-chuc"])).context["form"]
    assert form["held_on"].value() == date(2023, 10, 20)
    typed = counts(teachers=20, managers=1, named="Lê Thị Ví Dụ – chủ trì")
    page = content(act(client, planned, "hold", held_on="21/10/2023", results="Tốt.\nRất tốt.", **typed))
    assert "Đã ghi kết quả và gửi các đơn vị cùng tham gia xác nhận." in page
    assert (planned.status, planned.held_on, planned.planned_on) == ("held", date(2023, 10, 21), date(2023, 10, 20))
    assert planned.results == "Tốt.\nRất tốt."
    assert totals(planned) == (32, 1, 0), "the partner's 12 as planned, until its own word"
    for row in (row_a, row_b):
        row.refresh_from_db()
    assert (row_a.confirmed_by, row_a.named_count, row_b.confirmed_at) == (hieu_truong_a, 1, None)
    assert "Hãy xác nhận số người của đơn vị mình" in hieu_truong_b.notifications.get().text


def test_held_with_nobody_is_asked_about(planned, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    url = reverse("activity_action", args=[planned.pk, "da-to-chuc"])
    page = client.post(url, {"held_on": "20/10/2023", "teacher_turns": "0"}, follow=True).content.decode()
    assert "Đã lưu 0 người của đơn vị mình." in page


def test_a_plan_of_one_unit_is_closed_when_held(planned, hieu_truong_a, row_b, as_user):
    row_b.delete()
    act(as_user(hieu_truong_a), planned, "hold", held_on="20/10/2023", **counts(teachers=20))
    assert planned.status == "confirmed"


def test_the_department_says_that_it_was_held_but_not_how_many_came(planned, so, row_a, as_user):
    client = as_user(so)
    form = client.get(reverse("activity_action", args=[planned.pk, "da-to-chuc"])).context["form"]
    assert list(form.fields) == ["held_on", "results"], "nothing is asked that would not be kept"
    act(client, planned, "hold", held_on="20/10/2023")
    row_a.refresh_from_db()
    assert (planned.status, row_a.teacher_turns, row_a.confirmed_at) == ("held", 24, None)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"held_on": "1/1/2020"}, "Ngày phải nằm trong thời gian của phong trào: từ 12/12/2022 đến 31/12/2025"),
        ({"held_on": ""}, "bắt buộc"),
        ({"held_on": "30/2/2024"}, "ngày"),
        ({"teacher_turns": "1", "named": "Lê Thị Ví Dụ\nNguyễn Văn Mẫu"}, "Ghi tên 2 giáo viên"),
    ],
)
def test_a_result_that_cannot_be(planned, hieu_truong_a, as_user, typed, words):
    before = state(planned)
    answer = {"held_on": "20/10/2023", "results": "Kết quả vừa gõ", **counts(teachers=20)} | typed
    response = act(as_user(hieu_truong_a), planned, "hold", **answer)
    assert response.status_code == 422
    assert words in content(response)
    assert "Kết quả vừa gõ" in content(response)
    assert state(planned) == before


def test_a_result_before_the_day(planned, hieu_truong_a, world, as_user):
    world.programme.ends_on = date(2035, 12, 31)
    world.programme.save()
    tomorrow = timezone.localdate() + timedelta(days=1)
    response = act(as_user(hieu_truong_a), planned, "hold", held_on=f"{tomorrow:%d/%m/%Y}", **counts(teachers=20))
    assert "Ngày này chưa tới" in content(response)
    assert planned.status == "planned"


def test_of_two_results_the_first_counts(planned, hieu_truong_a, can_bo, row_a, as_user):
    act(as_user(can_bo), planned, "hold", held_on="20/10/2023", **counts(teachers=20))
    page = content(act(as_user(hieu_truong_a), planned, "hold", held_on="21/10/2023", **counts(teachers=30)))
    assert "“Ghi kết quả” không còn làm được: Cán bộ nhập liệu A đã “Ghi kết quả”" in page
    row_a.refresh_from_db()
    assert (planned.held_on, row_a.teacher_turns) == (date(2023, 10, 20), 20)


# --- Cancelling -----------------------------------------------------------------------------------------------------


def test_a_cancelled_activity_counts_nowhere(activity, hieu_truong_a, hieu_truong_b, world, as_user):
    act(as_user(hieu_truong_a), activity, "cancel", note="Bão số 3")
    assert activity.status == "cancelled"
    for unit in (world.so, world.thanh_tri, world.chuong_my, world.school_a, world.school_b):
        figures = Scope(world.programme, unit).figures()
        assert {figures[key].value for key in ("activities_held", "teacher_turns", "pupil_turns")} == {0}
    assert not Activity.objects.waiting_for(hieu_truong_b).exists()
    assert "đã huỷ hoạt động" in hieu_truong_b.notifications.get().text
    page = content(as_user(hieu_truong_b).get(activity.get_absolute_url()))
    assert "Bão số 3" in page
    assert "đã huỷ" in page


def test_a_plan_is_cancelled_too(planned, hieu_truong_a, as_user):
    act(as_user(hieu_truong_a), planned, "cancel", note="Trường bạn bận")
    assert planned.status == "cancelled"
    assert not Activity.objects.overdue().exists()


@pytest.mark.parametrize("note", ["", "   ", "\n"])
def test_a_reason_is_asked_for(activity, hieu_truong_a, as_user, note):
    response = act(as_user(hieu_truong_a), activity, "cancel", note=note)
    assert response.status_code == 422
    assert "Hãy ghi lý do" in content(response)
    assert activity.status == "held"
