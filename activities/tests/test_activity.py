"""Recording an activity, and the other side confirming its own counts, through the pages."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ActivitySchool, Participation
from activities.tests.recording import photo, refused
from twinning.models import Teacher


def test_held(world, record, hieu_truong_a, hieu_truong_b):
    names = {"named": "1. Lê Thị Ví Dụ – chủ trì\nNguyễn Văn Mẫu; dạy minh hoạ"}
    response = record(own_row=names, files=[photo()], place="Phòng họp A", results="Thống nhất đề cương.")
    activity = Activity.objects.get()
    assert response.url == activity.get_absolute_url()
    assert (activity.status, activity.held_on, activity.school_year) == ("held", date(2023, 10, 20), 2023)
    assert (activity.host, activity.recorded_school) == (world.school_a, world.school_a)
    assert (activity.teacher_turns, activity.manager_turns, activity.pupil_turns) == (24, 2, 0)
    own, partner = activity.units.order_by("pk")
    assert own.confirmed_by == hieu_truong_a
    assert (partner.school, partner.confirmed_at, partner.teacher_turns) == (world.school_b, None, 0)
    assert {p.teacher.full_name: p.role for p in own.participations.all()} == {
        "Lê Thị Ví Dụ": "chair",
        "Nguyễn Văn Mẫu": "demo",
    }
    assert activity.documents.get().is_image
    assert "xác nhận" in hieu_truong_b.notifications.get().text
    assert not hieu_truong_a.notifications.exists()
    assert activity.events.get().action == "create"


def test_planned_then_held(world, record, hieu_truong_a, as_user):
    record(state="planned", own_row={"teacher_turns": "", "manager_turns": ""})
    activity = Activity.objects.get()
    assert (activity.status, activity.planned_on, activity.held_on) == ("planned", date(2023, 10, 20), None)
    assert not activity.units.exclude(confirmed_at=None).exists()
    assert activity in Activity.objects.overdue_for(hieu_truong_a)
    page = reverse("activity_action", args=[activity.pk, "da-to-chuc"])
    answer = {"held_on": "3/9/2024", "results": "Tốt", "teacher_turns": "11", "manager_turns": "1", "pupil_turns": "30"}
    as_user(hieu_truong_a).post(page, answer)
    activity.refresh_from_db()
    assert (activity.status, activity.held_on, activity.school_year) == ("held", date(2024, 9, 3), 2024)
    assert (activity.teacher_turns, activity.pupil_turns, activity.results) == (11, 30, "Tốt")


def test_district_conference_with_many_schools(world, district_agreement, phong_thanh_tri, record):
    rows = [
        {"school": str(school.pk), "teacher_turns": str(n)}
        for school, n in ((world.school_a, 5), (world.school_b, 7), (world.school_d, 9))
    ]
    own = {"teacher_turns": "", "manager_turns": "3"}
    record(
        by=phong_thanh_tri,
        agreement=district_agreement.pk,
        own=f"district:{world.thanh_tri.pk}",
        own_row=own,
        rows=rows,
        kind=world.exam.pk,
    )
    activity = Activity.objects.get()
    assert activity.host == world.thanh_tri
    assert activity.units.count() == 5, "two offices and three schools"
    assert (activity.teacher_turns, activity.manager_turns) == (21, 3)


def test_hosted_by_the_partner(world, record):
    record(hosted_by="partner")
    assert Activity.objects.get().host == world.school_b


def test_the_department_records_for_all(world, so, record):
    response = record(by=so, agreement="", own="", own_row={"school": str(world.school_c.pk)})
    activity = Activity.objects.get()
    assert response.status_code == 302
    assert activity.agreement is None
    assert [row.school for row in activity.units.all()] == [world.school_c]


@pytest.mark.parametrize("who", ["chi_xem", "lanh_dao"])
def test_readers_do_not_record(who, request, record, school_agreement):
    assert record(by=request.getfixturevalue(who)).status_code == 404


# --- Confirming -----------------------------------------------------------------------------------------------------


def confirm(client, activity, **counts):
    answer = {"teacher_turns": "12", "manager_turns": "0", "pupil_turns": "0", **counts}
    return client.post(reverse("activity_action", args=[activity.pk, "xac-nhan"]), answer, follow=True)


def test_partner_corrects_and_confirms(activity, hieu_truong_a, hieu_truong_b, as_user, world):
    confirm(as_user(hieu_truong_b), activity, teacher_turns="15", named="Phạm Thị Thử – báo cáo viên")
    activity.refresh_from_db()
    assert activity.status == "confirmed"
    assert activity.teacher_turns == 39
    row = activity.units.get(school=world.school_b)
    assert (row.confirmed_by, row.named_count) == (hieu_truong_b, 1)
    assert activity.units.get(school=world.school_a).teacher_turns == 24
    event = activity.events.get(action="confirm")
    assert "12 → 15" in event.note


def test_not_closed_before_everybody_confirmed(activity, hieu_truong_b, as_user, world):
    ActivitySchool.objects.create(activity=activity, school=world.school_d, district=world.chuong_my)
    confirm(as_user(hieu_truong_b), activity)
    activity.refresh_from_db()
    assert activity.status == "held"


def test_someone_elses_principal_confirms_nothing(activity, nguoi_la, hieu_truong_a, as_user):
    assert confirm(as_user(nguoi_la), activity).status_code == 404
    own_already = confirm(as_user(hieu_truong_a), activity)
    assert "không có quyền" in own_already.content.decode()
    activity.refresh_from_db()
    assert (activity.status, activity.teacher_turns) == ("held", 36)


def test_a_district_does_not_speak_for_its_schools_counts(activity, phong_chuong_my, as_user):
    assert "không có quyền" in confirm(as_user(phong_chuong_my), activity).content.decode()


def test_correcting_after_confirmation_leaves_history(activity, hieu_truong_a, as_user, world):
    page = reverse("activity_correct", args=[activity.pk])
    as_user(hieu_truong_a).post(page, {"teacher_turns": "20", "manager_turns": "2", "pupil_turns": "0", "named": ""})
    activity.refresh_from_db()
    assert activity.teacher_turns == 32
    assert "24 → 20" in activity.events.get(action="correct").note
    assert activity.units.get(school=world.school_a).history.count() == 2


def test_cancelled_counts_no_more(activity, hieu_truong_a, as_user):
    page = reverse("activity_action", args=[activity.pk, "huy"])
    client = as_user(hieu_truong_a)
    assert "ghi lý do" in client.post(page, {"note": ""}).content.decode()
    client.post(page, {"note": "Bão số 3, học sinh nghỉ học"})
    activity.refresh_from_db()
    assert activity.status == "cancelled"
    assert not Activity.objects.counted().exists()
    assert "Bão số 3" in client.get(activity.get_absolute_url()).content.decode()


# --- Bad input ------------------------------------------------------------------------------------------------------


def test_a_future_day_is_not_held(world, record):
    world.programme.ends_on = date(2030, 12, 31)
    world.programme.save()
    tomorrow = timezone.localdate() + timedelta(days=1)
    refused(record(day=f"{tomorrow:%d/%m/%Y}"), "Ngày này chưa tới")


@pytest.mark.parametrize("day", ["1/1/2020", "1/1/2026"])
def test_outside_the_programme(record, day):
    refused(record(day=day), "12/12/2022", "31/12/2025")


def test_no_day_at_all(record):
    refused(record(day="31/2/2024"), "ngày")


def test_more_names_than_teachers(record):
    names = "Lê Thị Ví Dụ\nNguyễn Văn Mẫu"
    refused(record(own_row={"teacher_turns": "1", "named": names}), "Ghi tên 2 giáo viên", "số giáo viên là 1", names)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("Nguyễn Văn Mẫu – hát", "Dòng 1: không rõ vai trò “hát”"),
        ("Nguyễn Văn Mẫu\n2. nguyễn văn mẫu", "đã ghi ở dòng 1"),
        ("Mẫu", "chưa phải họ và tên đầy đủ"),
    ],
)
def test_names_that_are_not_understood(record, named, message):
    refused(record(own_row={"named": named}), message)


@pytest.mark.parametrize(("count", "message"), [("-3", "âm"), ("99999", "quá lớn"), ("1,5", "số nguyên")])
def test_counts_that_cannot_be(record, count, message):
    refused(record(own_row={"teacher_turns": count}), message)


def test_a_school_without_part_in_the_agreement(world, record):
    rows = [{"school": str(world.school_c.pk), "teacher_turns": "4"}]
    refused(record(rows=rows), "THCS Phúc Xá", "không thuộc cặp đơn vị")


def test_the_same_school_twice(world, record):
    refused(record(rows=[{"school": str(world.school_a.pk), "teacher_turns": "4"}]), "chỉ ghi một lần")


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (SimpleUploadedFile("anh.jpg", b"<html>khong phai anh</html>"), "không phải là tệp jpg"),
        (SimpleUploadedFile("bien-ban.pdf", b"MZ\x90"), "không phải là tệp pdf"),
        (SimpleUploadedFile("chay.exe", b"MZ"), "không thuộc loại nhận được"),
        (SimpleUploadedFile("rong.pdf", b""), "rỗng"),
    ],
)
def test_files_that_are_not_what_they_say(record, upload, message):
    upload.seek(0)
    refused(record(files=[upload]), message)


def test_a_file_too_large(record, settings):
    settings.UPLOAD_MAX_BYTES = 100
    refused(record(files=[photo()]), "quá giới hạn")


def test_one_person_is_counted_once_whatever_the_spelling(world, record, hieu_truong_a):
    for named in ("Nguyễn Hoà An – dự", "NGUYỄN HÒA AN"):
        record(own_row={"named": named}, is_different="on")
    assert Activity.objects.count() == 2
    assert Teacher.objects.get().school == world.school_a
    assert Participation.objects.count() == 2
    assert Participation.objects.all().people() == 1
