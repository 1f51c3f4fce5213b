"""What befalls a school: every relation has its rule; a merger is shown, done, and undone to the last field."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from simple_history.models import HistoricalChanges

from twinning.models import Agreement, Membership, School, SchoolChange, Teacher
from twinning.relations import RELATIONS
from twinning.search import matching
from twinning.tests.tables import dump


def test_every_relation_to_a_school_has_its_rules():
    found = {
        (back.related_model._meta.label, back.field.name)
        for back in School._meta.get_fields(include_hidden=True)
        if back.auto_created and back.is_relation and not back.concrete and not back.many_to_many
        if not issubclass(back.related_model, HistoricalChanges)
    }
    assert found == {(relation.model, relation.field) for relation in RELATIONS}


def everything():
    """All that is stored, but for the act itself and what people are told of it."""
    return dump(
        "twinning.SchoolChange", "twinning.SchoolChangeEvent", "twinning.SchoolChange_schools", "accounts.Notification"
    )


@pytest.fixture
def prepare(world, so, as_user):
    """prepare(school, **typed) → (client, the act as far as its preview)."""

    def make(school, **typed):
        client = as_user(so)
        data = {"on": "1/8/2024", "number": "12/QĐ", **typed}
        response = client.post(reverse("school_change", args=[school.pk]), data)
        assert response.status_code == 302, response.context["form"].errors
        return client, SchoolChange.objects.latest("pk")

    return make


def act(client, change, slug):
    page = client.post(reverse("schoolchange_action", args=[change.pk, slug]), follow=True).content.decode()
    change.refresh_from_db()
    change.__dict__.pop("written", None)
    return page


@pytest.fixture
def merger(world, activity, support, period, hieu_truong_a, so, as_user):
    """School A into C, by the pages, as far as the preview."""
    Teacher.objects.create(school=world.school_a, full_name="Lê Thị Ví Dụ")
    data = {"kind": "merge", "into": world.school_c.pk, "on": "1/8/2024", "number": "12/QĐ"}
    response = as_user(so).post(reverse("school_change", args=[world.school_a.pk]), data)
    assert response.status_code == 302, response.context["form"].errors
    return SchoolChange.objects.get()


def test_a_merger_is_shown_done_and_undone(world, merger, so, as_user):
    before = everything()
    client = as_user(so)
    assert merger.preview["conflicts"] == []
    assert ["giao ước", 1] in merger.preview["moved"]
    assert ["giáo viên", 1] in merger.preview["moved"]
    assert "1 giáo viên" in client.get(merger.get_absolute_url()).content.decode()
    client.post(reverse("schoolchange_action", args=[merger.pk, "thuc-hien"]))
    merger.refresh_from_db()
    world.school_a.refresh_from_db()
    assert (merger.status, world.school_a.merged_into) == ("applied", world.school_c)
    assert world.school_a.valid_to == date(2024, 7, 31)
    assert Teacher.objects.get().school == world.school_c
    assert "THCS Phúc Xá" in client.get(merger.get_absolute_url()).content.decode()
    call_command("check_totals")
    client.post(reverse("schoolchange_action", args=[merger.pk, "hoan-tac"]))
    merger.refresh_from_db()
    assert merger.status == "undone"
    assert everything() == before


def test_renamed_it_is_found_by_both_names(world, activity, prepare):
    client, change = prepare(world.school_a, kind="rename", new_name="THCS Ngô Quyền")
    before = everything()
    assert "THCS Tả Thanh Oai → THCS Ngô Quyền" in client.get(change.get_absolute_url()).content.decode()
    assert everything() == before
    act(client, change, "thuc-hien")
    school = School.objects.get(pk=world.school_a.pk)
    assert school.name == "THCS Ngô Quyền"
    assert (school.name_on(date(2024, 7, 31)), school.name_on(date(2024, 8, 1))) == ("THCS Tả Thanh Oai", school.name)
    assert school.name_then_and_now(date(2023, 1, 1)) == "THCS Tả Thanh Oai, nay là THCS Ngô Quyền"
    assert matching(School.objects.all(), "ta thanh oai").get() == school
    assert "THCS Tả Thanh Oai" in client.get(school.get_absolute_url()).content.decode()
    call_command("check_totals")
    act(client, change, "hoan-tac")
    assert everything() == before


def test_closed_it_keeps_its_past_and_ends_what_was_to_come(world, activity, support, hieu_truong_a, prepare):
    client, change = prepare(world.school_a, kind="close")
    before = everything()
    act(client, change, "thuc-hien")
    school = School.objects.get(pk=world.school_a.pk)
    assert (school.valid_to, school.is_operating) == (date(2024, 7, 31), False)
    agreement = Agreement.objects.get()
    assert (agreement.status, agreement.ended_on) == ("ended", date(2024, 7, 31))
    assert not Membership.objects.in_force().filter(user=hieu_truong_a).exists()
    activity.refresh_from_db()
    assert (activity.status, activity.teacher_turns) == ("held", 36), "what was done stays done"
    assert "đã đóng cửa" in client.get("/truong/?tinh_trang=nghi").content.decode()
    assert "Tả Thanh Oai" not in client.get("/truong/").content.decode().split("<tbody>")[1]
    assert client.get(reverse("school_options") + "?q=ta thanh oai").json() == {"results": []}
    call_command("check_totals")
    act(client, change, "hoan-tac")
    assert everything() == before


def test_handed_to_another_unit(world, activity, prepare):
    client, change = prepare(world.school_a, kind="transfer", to_district=world.ba_dinh.pk)
    before = everything()
    act(client, change, "thuc-hien")
    school = School.objects.get(pk=world.school_a.pk)
    assert school.district == world.ba_dinh
    assert (school.managed_on(date(2024, 7, 31)), school.managed_on(date(2024, 8, 1))) == (
        world.thanh_tri,
        world.ba_dinh,
    )
    assert Agreement.objects.get().supporting_district == world.thanh_tri, "as it was signed"
    assert activity.units.get(school=school).district == world.thanh_tri, "as it was held"
    call_command("check_totals")
    act(client, change, "hoan-tac")
    assert everything() == before


def test_two_become_a_new_one(world, activity, prepare):
    Teacher.objects.create(school=world.school_b, full_name="Lê Thị Ví Dụ")
    client, change = prepare(
        world.school_b,
        kind="merge",
        further_1=world.school_d.pk,
        merged_name="TH&THCS Đại Yên",
        merged_code="01277601",
        merged_level="th_thcs",
    )
    before = everything()
    act(client, change, "thuc-hien")
    new = School.objects.get(code="01277601")
    assert (new.name, new.level, new.district, new.valid_from) == (
        "TH&THCS Đại Yên",
        "th_thcs",
        world.chuong_my,
        date(2024, 8, 1),
    )
    assert set(new.merged_from.all()) == {world.school_b, world.school_d}
    assert Teacher.objects.get().school == new
    assert Agreement.objects.get().supported_school == new
    assert activity.units.filter(school=world.school_b).exists(), "head-counts stay with those who sent people"
    call_command("check_totals")
    act(client, change, "hoan-tac")
    assert everything() == before


def test_a_part_leaves(world, activity, prepare):
    stays = Teacher.objects.create(school=world.school_a, full_name="Trần Văn Ở")
    goes = Teacher.objects.create(school=world.school_a, full_name="Lê Thị Đi")
    client, change = prepare(
        world.school_a,
        kind="split",
        continues="on",
        part_1_name="THCS Tả Thanh Oai B",
        part_1_code="01020599",
        part_1_level="thcs",
        **{f"teacher_{goes.pk}": "1"},
    )
    before = everything()
    act(client, change, "thuc-hien")
    new = School.objects.get(code="01020599")
    for teacher in (stays, goes):
        teacher.refresh_from_db()
    assert (stays.school, goes.school) == (world.school_a, new)
    assert School.objects.get(pk=world.school_a.pk).is_operating
    call_command("check_totals")
    act(client, change, "hoan-tac")
    assert everything() == before


def test_undoing_is_refused_once_something_was_built_on_it(world, prepare):
    client, change = prepare(
        world.school_b, kind="merge", further_1=world.school_d.pk, merged_name="TH&THCS Đại Yên", merged_level="th_thcs"
    )
    act(client, change, "thuc-hien")
    new = School.objects.get(name="TH&THCS Đại Yên")
    Teacher.objects.create(school=new, full_name="Người Mới")
    assert "Người Mới" in act(client, change, "hoan-tac")
    assert change.status == "applied"


@pytest.mark.parametrize(
    "typed",
    [
        {"kind": "rename", "new_name": ""},
        {"kind": "rename", "new_name": "THCS Mới", "on": "1/8/2099"},
        {"kind": "merge"},
        {"kind": "merge", "into": "itself"},
        {"kind": "merge", "into": "closed"},
        {"kind": "split", "continues": "on"},
        {"kind": "transfer", "to_district": ""},
        {"kind": "transfer", "to_district": "own"},
        {"kind": "", "new_name": "THCS Mới"},
    ],
)
def test_what_cannot_befall_a_school_is_refused(typed, world, so, as_user):
    School.objects.filter(pk=world.school_c.pk).update(valid_to=date(2023, 7, 31))
    named = {"itself": world.school_a.pk, "closed": world.school_c.pk, "own": world.thanh_tri.pk}
    before = everything()
    data = {"on": "1/8/2024", **{key: named.get(value, value) for key, value in typed.items()}}
    response = as_user(so).post(reverse("school_change", args=[world.school_a.pk]), data)
    assert response.status_code == 422
    assert any(response.context["form"].errors.values())
    assert everything() == before
    assert not SchoolChange.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("so", 200),
        ("quan_tri", 200),
        ("lanh_dao", 404),
        ("phong_thanh_tri", 404),
        ("hieu_truong_a", 404),
        ("can_bo", 404),
        ("chi_xem", 404),
        ("nguoi_tinh_khac", 404),
    ],
)
def test_only_the_department_decides(who, status, world, as_user, request):
    client = as_user(request.getfixturevalue(who))
    url = reverse("school_change", args=[world.school_a.pk])
    assert client.get(url).status_code == status
    if status == 404:
        assert client.post(url, {"kind": "close", "on": "1/8/2024"}).status_code == 404
        assert not SchoolChange.objects.exists()


def test_two_open_agreements_with_one_partner_are_settled_first(world, draft, merger, so, as_user):
    Agreement.objects.create(
        programme=world.programme,
        tier="school",
        supporting_district=world.ba_dinh,
        supported_district=world.chuong_my,
        supporting_school=world.school_c,
        supported_school=world.school_b,
        starts_on=date(2023, 4, 15),
        ends_on=date(2025, 5, 31),
    )
    before = everything()
    act(as_user(so), merger, "thuc-hien")
    assert merger.status == "draft"
    assert everything() == before


@pytest.mark.parametrize("wrong", ["elsewhere", "nobody", "twice"])
def test_check_totals_finds_who_manages_a_school(wrong, world, activity):
    open_row = world.school_a.managements.get()
    if wrong == "elsewhere":
        world.school_a.managements.update(district=world.ba_dinh)
    elif wrong == "nobody":
        open_row.delete()
    else:
        world.school_a.managements.update(valid_from=date(2020, 1, 1))
        world.school_a.managements.create(
            district=world.ba_dinh, valid_from=date(2019, 1, 1), valid_to=date(2021, 12, 31)
        )
    for options in ({}, {"fix": True}):
        with pytest.raises(CommandError, match="1 trường có quá trình quản lý không khớp"):
            call_command("check_totals", **options)


def test_a_closed_school_is_no_choice_any_more(world, draft, hieu_truong_a, phong_thanh_tri, as_user):
    School.objects.filter(pk=world.school_b.pk).update(valid_to=date(2024, 7, 31))
    new = as_user(phong_thanh_tri).get(reverse("agreement_create")).context["form"]
    assert world.school_b not in new.fields["supported_school"].queryset
    assert world.school_a in new.fields["supporting_school"].queryset
    edited = as_user(hieu_truong_a).get(reverse("agreement_edit", args=[draft.pk])).context["form"]
    assert world.school_b in edited.fields["supported_school"].queryset, "it names it already"
    gift = as_user(hieu_truong_a).get(reverse("support_create")).context["form"]
    assert world.school_b not in gift.fields["receiver_school"].queryset
