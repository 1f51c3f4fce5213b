"""People who check in, and the numbers a unit has said or will say itself."""

from django.urls import reverse

from activities.models import ActivitySchool, CheckIn
from activities.tasks import count_check_ins
from activities.tests.check_in.morning import row_of, strike, words


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
