"""Activities and help after the reform of 2025: recorded, seen and confirmed under the units of their day."""

from datetime import date

import pytest
from django.urls import reverse

from activities.models import Activity, ActivitySchool, Participation, Support
from activities.tests.recording import a_gift, act, activity_form, an_activity, counts
from twinning.models import District, School
from twinning.tests.imports.building import actions, import_rows
from twinning.tests.reform import FIRST, officer, reform

LISTS = {"activity": "/hoat-dong/", "support": "/ho-tro/"}


@pytest.fixture
def new(world):
    return reform(world)


@pytest.fixture
def commune_a(new, person):
    return officer(person, new.dai_thanh)


@pytest.fixture
def commune_b(new, person):
    return officer(person, new.quang_bi)


@pytest.fixture
def commune_d(new, person):
    return officer(person, new.phu_nghia)


def rows_of(page):
    return {row.pk for row in page.context["table"].data}


# --- What a commune sees and confirms -------------------------------------------------------------------------------


def test_a_commune_sees_what_its_schools_did(activity, support, commune_a, commune_b, commune_d, as_user):
    for person, sees in ((commune_a, True), (commune_b, True), (commune_d, False)):
        for thing in (activity, support):
            status = as_user(person).get(thing.get_absolute_url()).status_code
            assert status == (200 if sees else 404), (person, thing)
        found = ActivitySchool.objects.visible_to(person).values_list("school", flat=True)
        assert list(found) == [row.school_id for row in activity.units.all() if row.school in _schools(person)]


def _schools(person):
    return list(School.objects.filter(district=person.memberships.get().district))


@pytest.mark.breaks_totals
def test_named_teachers_go_with_their_school(world, activity, commune_a, commune_b):
    activity.units.get(school=world.school_a).name_teachers([("Lê Thị Ví Dụ", "chair")])
    assert Participation.objects.visible_to(commune_a).count() == 1
    assert not Participation.objects.visible_to(commune_b).exists()


def test_an_old_office_sees_nothing(activity, support, phong_thanh_tri, world, as_user):
    reform(world)
    for thing in (activity, support):
        assert as_user(phong_thanh_tri).get(thing.get_absolute_url()).status_code == 404
    assert not Activity.objects.visible_to(phong_thanh_tri).exists()


def test_a_commune_confirms_its_own_people_beside_its_school(world, new, commune_a, commune_b, as_user):
    """The office of a commune takes part itself; head-counts of the school stay the school's own."""
    activity = an_activity(
        world, {world.school_a: 5, world.school_b: 7, new.quang_bi: 2}, date(2025, 10, 8), school_year=2025
    )
    assert Activity.objects.waiting_for(commune_b).get() == activity
    assert rows_of(as_user(commune_b).get(LISTS["activity"] + "?cho=toi")) == {activity.pk}
    act(as_user(commune_b), activity, "confirm", **counts(3))
    row = activity.units.get(school=None)
    assert (row.teacher_turns, row.confirmed_by) == (3, commune_b)
    assert activity.teacher_turns == 15
    assert activity.units.get(school=world.school_b).confirmed_at is None
    assert "không có quyền" in act(as_user(commune_a), activity, "confirm", **counts(3)).content.decode()


def test_the_one_successor_confirms_for_the_office_that_ended(world, person, as_user):
    activity = an_activity(world, {world.school_a: 5, world.ba_dinh: 2})
    gift = a_gift(world, world.school_a, world.ba_dinh, 5)
    new = reform(world)
    heir = officer(person, new.phuong_ba_dinh)
    act(as_user(heir), activity, "confirm", **counts(4))
    assert activity.units.get(school=None).teacher_turns == 4
    assert Support.objects.waiting_for(heir).get() == gift
    act(as_user(heir), gift, "receive")
    assert gift.status == "received"


def test_what_an_ended_office_planned_is_told_by_its_successor(world, person):
    planned = an_activity(world, {world.ba_dinh: 0}, date(2025, 6, 1), status="planned")
    heir = officer(person, reform(world).phuong_ba_dinh)
    assert Activity.objects.overdue_for(heir).get() == planned
    assert "hold" in planned.actions_for(heir)


# --- Recording ------------------------------------------------------------------------------------------------------


def units_of(activity):
    return {row.school: row.district for row in activity.units.select_related("school", "district")}


@pytest.mark.parametrize(("day", "old"), [("30/6/2025", True), ("1/7/2025", False)])
def test_rows_stand_under_the_units_of_the_day(world, school_agreement, new, hieu_truong_a, as_user, day, old):
    form = activity_form(world, day=day, agreement=school_agreement.pk)
    assert as_user(hieu_truong_a).post(reverse("activity_create"), form).status_code == 302
    one, other = (world.thanh_tri, world.chuong_my) if old else (new.dai_thanh, new.quang_bi)
    assert units_of(Activity.objects.get()) == {world.school_a: one, world.school_b: other}


def test_the_old_partners_meet_in_the_new_time(world, school_agreement, new, hieu_truong_a, as_user):
    """Under an agreement of before the reform: a neighbour of then and a neighbour of now have a part, others not."""
    now_near = School.objects.create(code="x1", name="THCS Gần", level="thcs", district=new.quang_bi, valid_from=FIRST)
    client = as_user(hieu_truong_a)
    for school, status in ((world.school_d, 302), (now_near, 302), (world.school_c, 422)):
        rows = [{"school": school.pk, "teacher_turns": "3"}]
        form = activity_form(world, day="8/10/2025", agreement=school_agreement.pk, rows=rows, is_different="on")
        page = client.post(reverse("activity_create"), form)
        assert page.status_code == status, school
    assert "“THCS Phúc Xá” không thuộc cặp đơn vị của giao ước này" in page.content.decode()


def test_a_list_of_what_they_did_says_the_same(world, school_agreement, new, so):
    head = ["Tên hoạt động", "Ngày tổ chức", "Tên trường", "Giáo viên", "Giao ước số", "Loại hoạt động"]
    schools = (world.school_a, world.school_b, world.school_d)
    rows = [["Chuyên đề Văn 9", "8/10/2025", school.name, 5, "05/BGN-THCS", "Chuyên đề"] for school in schools]
    plan, _journal = import_rows("activities", [head, *rows], so)
    assert actions(plan) == {"create": 3}
    assert Activity.objects.get().agreement == school_agreement


def test_a_result_after_the_reform_moves_the_rows(world, school_agreement, hieu_truong_a, as_user):
    planned = an_activity(
        world, {world.school_a: 0, world.school_b: 0}, date(2025, 6, 20), status="planned", agreement=school_agreement
    )
    new = reform(world)
    act(as_user(hieu_truong_a), planned, "hold", held_on="2/7/2025", **counts(9))
    assert planned.status == "held"
    assert units_of(planned) == {world.school_a: new.dai_thanh, world.school_b: new.quang_bi}


def test_a_changed_day_moves_the_rows(world, activity, new, hieu_truong_a, as_user):
    page = as_user(hieu_truong_a).get(reverse("activity_edit", args=[activity.pk]))
    form = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    form |= {"day": "1/7/2025", "seen": activity.updated_at.isoformat()}
    assert as_user(hieu_truong_a).post(reverse("activity_edit", args=[activity.pk]), form).status_code == 302
    assert units_of(activity) == {world.school_a: new.dai_thanh, world.school_b: new.quang_bi}


def test_an_ended_office_takes_part_in_nothing_later(world, new, so, as_user):
    form = activity_form(world, day="8/10/2025", own=f"district:{world.thanh_tri.pk}")
    page = as_user(so).post(reverse("activity_create"), form)
    assert page.status_code == 422
    assert "Phòng GD&amp;ĐT huyện Thanh Trì đã kết thúc hoạt động" in page.content.decode()
    assert not Activity.objects.exists()


def test_a_plan_with_an_office_that_ended_says_so(world, so, as_user):
    planned = an_activity(world, {world.thanh_tri: 0, world.school_a: 0}, date(2025, 6, 20), status="planned")
    reform(world)
    page = act(as_user(so), planned, "hold", held_on="2/7/2025")
    assert "đã kết thúc hoạt động từ sau ngày 30/6/2025" in page.content.decode()
    assert planned.status == "planned"


def test_a_commune_enters_what_its_schools_did_before_it_was_founded(world, new, commune_a, as_user):
    rows = [{"school": world.school_a.pk, "teacher_turns": "3"}]
    own = f"district:{new.dai_thanh.pk}"
    empty = {"teacher_turns": "", "manager_turns": ""}
    form = activity_form(world, day="8/10/2024", own=own, own_row=empty, rows=rows)
    assert as_user(commune_a).post(reverse("activity_create"), form).status_code == 302
    activity = Activity.objects.get()
    assert units_of(activity) == {world.school_a: world.thanh_tri}
    assert activity.recorded_district == new.dai_thanh
    form = activity_form(world, title="Nữa", day="8/10/2024", own=own, rows=rows)
    page = as_user(commune_a).post(reverse("activity_create"), form)
    assert "UBND xã Đại Thanh có từ ngày 1/7/2025" in page.content.decode()


def support_form(world, **changes):
    return {
        "kind": "cash",
        "title": "Quỹ khuyến học",
        "receiver_school": world.school_b.pk,
        "value_vnd": "5.000.000",
        "source": "own",
        "pledged_on": "20/6/2025",
    } | changes


def test_help_stands_under_the_units_of_its_day(world, school_agreement, new, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    form = support_form(world, agreement=school_agreement.pk)
    assert client.post(reverse("support_create"), form).status_code == 302
    gift = Support.objects.get()
    assert (gift.giver_district, gift.receiver_district) == (world.thanh_tri, world.chuong_my)
    act(client, gift, "deliver", delivered_on="1/7/2025")
    assert (gift.giver_district, gift.receiver_district) == (new.dai_thanh, new.quang_bi)


def test_no_help_for_an_office_that_ended(world, new, hieu_truong_a, as_user):
    form = support_form(world, receiver_school="", receiver_district=world.chuong_my.pk, pledged_on="1/7/2025")
    page = as_user(hieu_truong_a).post(reverse("support_create"), form)
    assert page.status_code == 422
    assert "Phòng GD&amp;ĐT huyện Chương Mỹ đã kết thúc hoạt động" in page.content.decode()


def test_help_under_an_agreement_of_others_is_still_refused(world, school_agreement, new, hieu_truong_a, as_user):
    form = support_form(world, agreement=school_agreement.pk, receiver_school=world.school_c.pk, pledged_on="1/7/2025")
    page = as_user(hieu_truong_a).post(reverse("support_create"), form)
    assert "không thuộc cặp đơn vị của giao ước này" in page.content.decode()


# --- Lists ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lens", "unit", "found"),
    [
        ("", "dai_thanh", {"early", "late"}),
        ("", "thanh_tri", set()),
        ("thoi-diem", "thanh_tri", {"early"}),
        ("thoi-diem", "dai_thanh", {"late"}),
        ("quan-huyen-cu", "thanh_tri", {"early", "late"}),
        ("quan-huyen-cu", "dai_thanh", set()),
        ("", "phuong_ba_dinh", {"office"}),
        ("thoi-diem", "ba_dinh", {"office"}),
        ("quan-huyen-cu", "ba_dinh", {"office"}),
        ("quan-huyen-cu", "khong", {"commune"}),
    ],
)
def test_rows_of_a_unit(world, so, as_user, lens, unit, found):
    """The same four activities and gifts, whatever the lens: each under one unit."""
    things = {"early": (world.school_a, date(2024, 10, 8)), "office": (world.ba_dinh, date(2024, 10, 9))}
    made = {}

    def make(name, host, day):
        # Giver and receiver are one, so that a gift is of one unit.
        made[name] = (an_activity(world, {host: 5}, day).pk, a_gift(world, host, host, 7, day).pk)

    for name, (host, day) in things.items():
        make(name, host, day)
    new = reform(world)
    world.school_a.refresh_from_db()
    make("late", world.school_a, date(2025, 10, 8))
    make("commune", new.xa_thanh_tri, date(2025, 10, 9))
    units = {**vars(world), **vars(new)}
    value = units[unit].pk if unit in units else unit
    client = as_user(so)
    for n, url in enumerate(LISTS.values()):
        page = client.get(url, {"theo": lens, "don_vi": value})
        assert rows_of(page) == {made[name][n] for name in found}, url


def test_given_or_received(world, new, so, as_user):
    gift = a_gift(world, world.school_a, world.school_b, 7)
    client = as_user(so)
    for side, unit in (("giver", new.dai_thanh), ("receiver", new.quang_bi)):
        for other in District.objects.all():
            page = client.get(LISTS["support"], {"don_vi": other.pk, "ben": side})
            assert rows_of(page) == ({gift.pk} if other == unit else set())
