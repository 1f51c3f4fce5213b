"""One event recorded twice: offered before it is saved, merged later with nothing lost, counted once."""

from datetime import date

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from activities.merging import RELATIONS
from activities.models import Activity, ActivityDocument, ActivitySchool
from activities.tests.recording import a_gift, act, activity_form, photo
from twinning.life import Refused
from twinning.models import SchoolYearFigures
from twinning.uploads import check_upload

CREATE = "/hoat-dong/moi/"


@pytest.fixture
def twin(world, activity, hieu_truong_b):
    """The same event, recorded by school B a day later under another title."""
    twin = Activity.objects.create(
        programme=world.programme,
        agreement=activity.agreement,
        kind=world.kind,
        title="Chuyên đề Toán 9: ôn thi lớp 10",
        host_school=world.school_a,
        recorded_school=world.school_b,
        held_on=date(2023, 10, 21),
        results="Thống nhất đề cương.",
        status="held",
    )
    row = ActivitySchool.objects.create(
        activity=twin, school=world.school_b, district=world.chuong_my, teacher_turns=15, manager_turns=1
    )
    row.put(hieu_truong_b, {"teacher_turns": 15, "manager_turns": 1, "pupil_turns": 0}, [("Trần Thị Bé", "attend")])
    ActivitySchool.objects.create(activity=twin, school=world.school_a, district=world.thanh_tri, teacher_turns=20)
    ActivityDocument.keep(check_upload(photo("anh-b.jpg")), hieu_truong_b, activity=twin)
    twin.store_totals()
    return twin


# --- Before it is saved ---------------------------------------------------------------------------------------------


def test_what_may_be_the_same_is_offered_and_nothing_is_stored(world, activity, hieu_truong_b, as_user):
    form = activity_form(
        world,
        own=f"school:{world.school_b.pk}",
        agreement=activity.agreement.pk,
        title="Chuyên đề Toán 9 – ôn thi vào lớp 10",
        day="22/10/2023",
    )
    client = as_user(hieu_truong_b)
    answer = client.post(CREATE, form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Có vẻ hoạt động này đã được ghi." in page
    assert activity.get_absolute_url() in page
    assert "Chuyên đề Toán 9 – ôn thi vào lớp 10" in page
    assert Activity.objects.count() == 1
    assert client.post(CREATE, {**form, "is_different": "on"}).status_code == 302
    assert Activity.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"day": "24/10/2023"},
        {"title": "Tham quan mô hình trường học hạnh phúc"},
        {"agreement": ""},
    ],
)
def test_other_days_other_titles_and_other_pairs_are_other_events(world, activity, hieu_truong_a, as_user, changes):
    form = activity_form(
        world, **{"agreement": activity.agreement.pk, "title": activity.title, "day": "23/10/2023"} | changes
    )
    assert as_user(hieu_truong_a).post(CREATE, form).status_code == 302


def test_what_was_cancelled_is_not_offered(world, activity, hieu_truong_a, as_user):
    Activity.objects.filter(pk=activity.pk).update(status="cancelled")
    form = activity_form(world, agreement=activity.agreement.pk, title=activity.title)
    assert as_user(hieu_truong_a).post(CREATE, form).status_code == 302


# --- Later ----------------------------------------------------------------------------------------------------------


def test_merged_with_nothing_lost(world, activity, twin, hieu_truong_b, as_user):
    answer = act(as_user(hieu_truong_b), twin, "merge", into=activity.pk)
    assert "Đã gộp." in answer.content.decode()
    assert answer.redirect_chain[-1][0] == activity.get_absolute_url()
    assert (twin.status, twin.merged_into) == ("merged", activity)
    activity.refresh_from_db()
    a, b = activity.units.order_by("pk")
    assert (a.teacher_turns, a.manager_turns) == (24, 2)  # A's own word stays
    assert (b.teacher_turns, b.manager_turns, b.confirmed_by) == (15, 1, hieu_truong_b)  # B's own word came along
    assert [p.teacher.full_name for p in b.participations.all()] == ["Trần Thị Bé"]
    assert activity.documents.get().name == "anh-b.jpg"
    assert activity.results == "Thống nhất đề cương."
    assert (activity.teacher_turns, activity.manager_turns) == (39, 3)
    assert activity.status == "confirmed"  # every unit has said its word now
    note = activity.events.get(action="absorb").note
    assert "Chuyên đề Toán 9: ôn thi lớp 10" in note
    assert "THCS Tả Thanh Oai, bản gộp ghi khác: cán bộ quản lý: 2 → 0; giáo viên: 24 → 20." in note
    assert twin.units.count() == 2
    page = as_user(hieu_truong_b).get(twin.get_absolute_url()).content.decode()
    assert "Đã gộp vào" in page
    assert activity.get_absolute_url() in page


def test_with_nothing_to_merge_into_there_is_nothing_to_press(world, activity, hieu_truong_a, as_user):
    gift = a_gift(world, world.school_a, world.school_b, 1_000_000)
    for thing in (activity, gift):
        url = reverse(f"{thing._meta.model_name}_action", args=[thing.pk, "gop"])
        page = as_user(hieu_truong_a).get(url).content.decode()
        assert "trong vòng 31 ngày trước và sau" in page
        assert 'btn-primary" type="submit"' not in page
        assert as_user(hieu_truong_a).post(url).status_code == 422


def test_merged_ones_count_once(activity, twin, hieu_truong_b, as_user):
    act(as_user(hieu_truong_b), twin, "merge", into=activity.pk)
    assert list(Activity.objects.counted()) == [activity]
    call_command("check_totals")


def test_names_beyond_the_number_raise_it(world, activity, twin, hieu_truong_b, as_user):
    ActivitySchool.objects.filter(activity=activity, school=world.school_b).update(
        teacher_turns=0, confirmed_at=timezone.now(), confirmed_by=hieu_truong_b
    )
    activity.store_totals()
    act(as_user(hieu_truong_b), twin, "merge", into=activity.pk)
    row = activity.units.get(school=world.school_b)
    assert (row.teacher_turns, row.named_count) == (1, 1)
    call_command("check_totals")


def test_who_may(activity, twin, request):
    may = {"hieu_truong_b", "phong_chuong_my", "phong_thanh_tri", "so", "quan_tri"}
    for who in [*may, "hieu_truong_a", "can_bo", "chi_xem", "lanh_dao", "nguoi_la"]:
        assert ("merge" in twin.actions_for(request.getfixturevalue(who))) == (who in may), who


@pytest.mark.parametrize("into", ["itself", "cancelled", "nothing"])
def test_only_into_another_held_one_of_the_pair(activity, twin, hieu_truong_b, as_user, into):
    if into == "cancelled":
        Activity.objects.filter(pk=activity.pk).update(status="cancelled")
    chosen = {"itself": twin.pk, "cancelled": activity.pk, "nothing": ""}[into]
    assert act(as_user(hieu_truong_b), twin, "merge", into=chosen).status_code == 422
    assert twin.status == "held"


def test_a_merged_one_is_not_merged_again(activity, twin, hieu_truong_b):
    twin.perform("merge", hieu_truong_b, merged_into=activity)
    with pytest.raises(Refused):
        twin.perform("merge", hieu_truong_b, merged_into=activity)


def test_every_relation_to_an_activity_has_its_rule():
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Activity and not model.__name__.startswith("Historical")
    }
    assert found == set(RELATIONS)


# --- More than the school has ---------------------------------------------------------------------------------------


def test_more_teachers_than_the_school_has_is_stored_and_told(world, hieu_truong_a, as_user):
    SchoolYearFigures.objects.create(school=world.school_a, school_year=2022, level="thcs", teachers=20, managers=3)
    answer = as_user(hieu_truong_a).post(CREATE, activity_form(world), follow=True)
    assert (
        "THCS Tả Thanh Oai ghi 24 giáo viên, nhiều hơn 20 giáo viên của trường theo số liệu năm học 2022-2023."
        in answer.content.decode()
    )
    assert Activity.objects.get().teacher_turns == 24


def test_as_many_as_it_has_is_nothing_to_tell(world, hieu_truong_a, as_user):
    SchoolYearFigures.objects.create(school=world.school_a, school_year=2023, level="thcs", teachers=24, managers=2)
    answer = as_user(hieu_truong_a).post(CREATE, activity_form(world), follow=True)
    assert "nhiều hơn" not in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Liên hệ thầy An 0912 345 678 để lấy đề cương.", True),
        ("CCCD 001099012345", True),
        ("Đã phát 1.200 bộ đề; 3.200.000 đồng.", False),
    ],
)
def test_long_numbers_in_free_text_are_told(world, hieu_truong_a, as_user, text, is_told):
    answer = as_user(hieu_truong_a).post(CREATE, activity_form(world, results=text), follow=True)
    assert ("có dãy số dài" in answer.content.decode()) == is_told
    assert Activity.objects.get().results == text


def test_a_photo_cut_short_keeps_what_was_typed(world, hieu_truong_a, as_user):
    answer = as_user(hieu_truong_a).post(
        CREATE, activity_form(world, files=[SimpleUploadedFile("anh.heic", b"khong phai anh")])
    )
    assert answer.status_code == 422
    assert "không phải là tệp heic" in answer.content.decode()
    assert not Activity.objects.exists()
