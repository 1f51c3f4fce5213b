"""The office above looks at an activity; both words stand side by side; late ones are found; names are picked."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from activities.counting import count
from activities.models import Activity
from activities.tests.recording import act, activity_form, an_activity, counts
from twinning.models import Teacher

LIST = "/hoat-dong/"


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("phong_thanh_tri", True),
        ("phong_chuong_my", True),
        ("quan_tri", True),
        ("so", False),
        ("hieu_truong_a", False),
        ("can_bo", False),
        ("chi_xem", False),
        ("nguoi_la", False),
    ],
)
def test_the_office_above_verifies(activity, request, who, may):
    assert ("verify" in activity.actions_for(request.getfixturevalue(who))) == may


def test_what_an_office_recorded_the_department_verifies(world, activity, phong_thanh_tri, so):
    Activity.objects.update(recorded_school=None, recorded_district=world.thanh_tri)
    activity.refresh_from_db()
    assert "verify" in activity.actions_for(so)
    assert "verify" not in activity.actions_for(phong_thanh_tri)


def test_it_is_shown_found_and_not_asked_twice(activity, phong_thanh_tri, hieu_truong_a, as_user):
    client = as_user(phong_thanh_tri)
    assert activity.title in client.get(LIST, {"kiem_tra": "chua"}).content.decode()
    page = act(client, activity, "verify", note="Đã xem ảnh.").content.decode()
    assert "Cán bộ Phòng Thanh Trì đã kiểm tra ngày" in page
    assert activity.verified_by == phong_thanh_tri
    assert "verify" not in activity.actions_for(phong_thanh_tri)
    assert activity.title in client.get(LIST, {"kiem_tra": "roi"}).content.decode()
    assert activity.title not in client.get(LIST, {"kiem_tra": "chua"}).content.decode()
    assert "đã kiểm tra" in hieu_truong_a.notifications.get().text


def test_new_numbers_need_a_new_look(activity, phong_thanh_tri, hieu_truong_b, as_user):
    act(as_user(phong_thanh_tri), activity, "verify")
    act(as_user(hieu_truong_b), activity, "confirm", **counts(13))
    assert activity.verified_at is None


def test_both_words_stand_side_by_side_where_they_differ(world, hieu_truong_a, hieu_truong_b, as_user):
    rows = [{"unit": f"school:{world.school_b.pk}", "teacher_turns": "12", "manager_turns": "1"}]
    as_user(hieu_truong_a).post("/hoat-dong/moi/", activity_form(world, rows=rows))
    activity = Activity.objects.get()
    row = activity.units.get(school=world.school_b)
    assert row.declared == {"manager_turns": 1, "teacher_turns": 12, "pupil_turns": 0}
    assert row.disagreement == ""  # nobody of B has spoken yet
    page = act(as_user(hieu_truong_b), activity, "confirm", **counts(15, 1)).content.decode()
    assert "giáo viên: bên ghi 12, đơn vị 15" in page
    assert "cán bộ quản lý: bên ghi" not in page


def test_late_ones_are_found_and_still_counted(activity, so, as_user):
    client = as_user(so)
    assert activity.title in client.get(LIST, {"tinh_trang": "cham-xac-nhan"}).content.decode()
    assert activity in Activity.objects.counted()
    Activity.objects.update(asked_on=timezone.localdate() - timedelta(days=14))
    assert activity.title not in client.get(LIST, {"tinh_trang": "cham-xac-nhan"}).content.decode()
    Activity.objects.update(asked_on=date(2023, 10, 20), status="confirmed")
    assert activity.title not in client.get(LIST, {"tinh_trang": "cham-xac-nhan"}).content.decode()


def test_what_is_recorded_late_is_not_late_at_once(world, record, hieu_truong_a, hieu_truong_b, as_user):
    plan = an_activity(world, {world.school_a: 0, world.school_b: 0}, status="planned")
    day = datetime(2024, 1, 10, 9, tzinfo=UTC)
    with time_machine.travel(day, tick=False) as clock:
        record(rows=[{"unit": f"school:{world.school_b.pk}", "teacher_turns": "12"}])
        act(as_user(hieu_truong_a), plan, "hold", **counts(24), held_on="20/10/2023")
        for days, found in ((14, 0), (15, 2)):
            clock.move_to(day + timedelta(days=days))
            table = as_user(hieu_truong_b).get(LIST, {"tinh_trang": "cham-xac-nhan"}).context["table"]
            assert (len(table.rows), count(Activity.objects.all()).late) == (found, found)
        page = as_user(hieu_truong_b).get(plan.get_absolute_url()).content.decode()
        assert "các đơn vị được đề nghị từ ngày 10/1/2024" in page


def test_the_list_tells_people_beside_turns(activity, hieu_truong_b, as_user):
    named = "Trần Thị Bé – tham dự\nLê Văn Cả"
    act(as_user(hieu_truong_b), activity, "confirm", **counts(12), named=named)
    assert Activity.objects.for_list().get().people == 2
    table = as_user(hieu_truong_b).get(LIST).context["table"]
    assert [table.rows[0].get_cell_value(name) for name in ("teacher_turns", "people")] == [36, 2]


def test_teachers_of_the_own_school_and_no_other_are_offered(
    world, hieu_truong_a, can_bo, phong_thanh_tri, chi_xem, as_user
):
    for name in ("Nguyễn Thị Yến", "Trần Văn An", "Đỗ Ánh", "Lê Thị An"):
        Teacher.objects.create(school=world.school_a, full_name=name)
    Teacher.objects.create(school=world.school_b, full_name="Người Trường Khác")
    for person in (hieu_truong_a, can_bo):
        names = as_user(person).get("/giao-vien/cua-toi/").json()["names"]
        assert names == ["Lê Thị An", "Trần Văn An", "Đỗ Ánh", "Nguyễn Thị Yến"]
    for person in (phong_thanh_tri, chi_xem):
        assert as_user(person).get("/giao-vien/cua-toi/").json() == {"names": []}
