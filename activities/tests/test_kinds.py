"""Kinds of activity as the Department keeps them: in order, retired, never doubled, each group with its place."""

from datetime import date

import pytest
from django.urls import reverse

from activities.models import Activity, ActivityKind, ActivitySchool
from activities.models.kind import STANDARD
from activities.tests.recording import activity_form
from reports import charts
from reports.content import report_content

LIST = "/phong-trao/loai-hoat-dong/"


def names(world):
    return [kind.name for kind in world.programme.activity_kinds.all()]


def test_the_department_adds_renames_and_orders(world, so, as_user):
    client = as_user(so)
    answer = client.post(f"{LIST}moi/", {"name": "Tọa đàm", "group": "professional"})
    assert answer.status_code == 302
    assert names(world)[-1] == "Tọa đàm"
    added = ActivityKind.objects.get(name="Tọa đàm")
    client.post(f"{LIST}{added.pk}/len/")
    client.post(f"{LIST}{added.pk}/len/")
    client.post(f"{LIST}{added.pk}/len/")  # it is the first already
    assert names(world) == ["Tọa đàm", "Chuyên đề", "Hội nghị ôn thi vào lớp 10"]
    assert [kind.name for kind in client.get(LIST).context["kinds"]] == names(world)
    client.post(f"{LIST}{added.pk}/xuong/")
    assert names(world) == ["Chuyên đề", "Tọa đàm", "Hội nghị ôn thi vào lớp 10"]
    client.post(f"{LIST}{added.pk}/sua/", {"name": "Toạ đàm khoa học", "group": "exchange", "is_active": "on"})
    added.refresh_from_db()
    assert (added.name, added.group, added.is_active) == ("Toạ đàm khoa học", "exchange", True)
    page = client.get(LIST).content.decode()
    assert page.rindex("Chuyên đề") < page.rindex("Toạ đàm khoa học")


def test_names_that_differ_in_marks_alone_are_one_kind(world, so, as_user):
    client = as_user(so)
    answer = client.post(f"{LIST}moi/", {"name": "CHUYÊN ĐỂ", "group": "professional"})
    assert answer.status_code == 422
    assert "Phong trào đã có loại “Chuyên đề”." in answer.content.decode()
    ActivityKind.objects.filter(pk=world.kind.pk).update(is_active=False)
    answer = client.post(f"{LIST}moi/", {"name": "chuyên đề", "group": "professional"})
    assert "hãy mở ra và dùng lại" in answer.content.decode()
    assert client.post(f"{LIST}moi/", {"name": "– …", "group": "union"}).status_code == 422


def test_a_retired_kind_is_offered_no_more_and_kept_where_it_is(world, activity, so, hieu_truong_a, as_user):
    as_user(so).post(f"{LIST}{world.kind.pk}/sua/", {"name": "Chuyên đề", "group": "professional"})
    client = as_user(hieu_truong_a)
    offered = client.get(reverse("activity_create")).context["form"].fields["kind"].queryset
    assert list(offered) == [world.exam]
    answer = client.post(reverse("activity_create"), activity_form(world, kind=world.kind.pk))
    assert answer.status_code == 422
    edit = client.get(reverse("activity_edit", args=[activity.pk]))
    assert edit.context["form"].fields["kind"].queryset.filter(pk=world.kind.pk).exists()
    plan = client.get(reverse("agreement_plan", args=[activity.agreement.pk, 2023]))
    assert not plan.context["lines"].empty_form.fields["kind"].queryset.filter(pk=world.kind.pk).exists()


def test_only_an_unused_kind_is_deleted(world, activity, so, as_user):
    client = as_user(so)
    answer = client.post(f"{LIST}{world.kind.pk}/xoa/", follow=True)
    assert "ngừng dùng loại này thay vì xoá" in answer.content.decode()
    client.post(f"{LIST}{world.exam.pk}/xoa/")
    assert names(world) == ["Chuyên đề"]


def test_the_standard_list_is_added_once(world, so, as_user):
    ActivityKind.objects.create(programme=world.programme, name="Tọa đàm", group="professional", is_active=False)
    client = as_user(so)
    assert "Danh mục chuẩn có" in client.get(LIST).content.decode()
    client.post(f"{LIST}bo-chuan/")
    once = names(world)
    assert len(once) == len(STANDARD)  # the three that were there are of the list
    assert once[:3] == ["Tọa đàm", "Chuyên đề", "Hội nghị ôn thi vào lớp 10"]
    client.post(f"{LIST}bo-chuan/")
    assert names(world) == once
    assert "Danh mục chuẩn có" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("who", ["phong_thanh_tri", "hieu_truong_a", "chi_xem", "nguoi_tinh_khac"])
def test_nobody_else_changes_kinds(world, request, as_user, who):
    client = as_user(request.getfixturevalue(who))
    for path in (f"{world.kind.pk}/len/", f"{world.exam.pk}/xoa/"):
        assert client.post(LIST + path).status_code == 404
    assert client.get(f"{LIST}{world.kind.pk}/sua/").status_code == 404
    client.post(f"{LIST}{world.kind.pk}/sua/", {"name": "Khác", "group": "union"})
    if who != "nguoi_tinh_khac":  # keeps a programme of its own
        assert client.get(LIST).status_code == 404
        assert client.post(f"{LIST}moi/", {"name": "Khác", "group": "union"}).status_code == 404
        assert client.post(f"{LIST}bo-chuan/").status_code == 404
    assert names(world) == ["Chuyên đề", "Hội nghị ôn thi vào lớp 10"]


def test_every_group_has_its_place_in_report_and_chart(world, period):
    """Also a group that is added later."""
    rows = []
    for n, group in enumerate(ActivityKind.Group, 1):
        kind = ActivityKind.objects.create(programme=world.programme, name=f"Việc thử {n}", group=group)
        held = Activity.objects.create(
            programme=world.programme, kind=kind, title=f"Việc {n}", held_on=date(2023, 11, n), status="held"
        )
        ActivitySchool.objects.create(activity=held, school=world.school_a, district=world.thanh_tri, teacher_turns=n)
        held.store_totals()
        rows.append((date(2023, 9 + n if n < 4 else n - 3, 1), {group: 1}))
    for unit in ({"department": world.so}, {"district": world.thanh_tri}, {"school": world.school_a}):
        content = report_content(period.reports.get(**unit))
        text = " ".join(p["text"] for c in content["chapters"] for s in c["sections"] for p in s["paragraphs"])
        second = " ".join(str(cell) for row in content["annexes"][1]["rows"] for cell in row["cells"])
        for n, _group in enumerate(ActivityKind.Group, 1):
            assert f"việc thử {n} (1)" in text
            assert f"Việc thử {n}" in second
    colours = charts.monthly(rows).spec["encoding"]["color"]["scale"]
    assert colours["domain"] == [str(group.label) for group in ActivityKind.Group]
    assert len(set(colours["range"])) == len(ActivityKind.Group)
