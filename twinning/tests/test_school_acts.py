"""What befalls a school: every relation has its rule; a merger is shown, done, and undone to the last field."""

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse
from simple_history.models import HistoricalChanges

from twinning.models import School, SchoolChange, Teacher
from twinning.relations import RELATIONS


def test_every_relation_to_a_school_has_its_rules():
    found = {
        (back.related_model._meta.label, back.field.name)
        for back in School._meta.get_fields(include_hidden=True)
        if back.auto_created and back.is_relation and not back.concrete and not back.many_to_many
        if not issubclass(back.related_model, HistoricalChanges)
    }
    assert found == {(relation.model, relation.field) for relation in RELATIONS}


@pytest.fixture
def merger(world, activity, support, period, hieu_truong_a, so, as_user):
    """School A into C, by the pages, as far as the preview."""
    Teacher.objects.create(school=world.school_a, full_name="Lê Thị Ví Dụ")
    data = {"kind": "merge", "into": world.school_c.pk, "on": "1/8/2024", "number": "12/QĐ"}
    response = as_user(so).post(reverse("school_change", args=[world.school_a.pk]), data)
    assert response.status_code == 302, response.context["form"].errors
    return SchoolChange.objects.get()


def stored(world):
    return [
        *School.objects.order_by("pk").values_list("pk", "name", "merged_into", "valid_to", "district"),
        *Teacher.objects.order_by("pk").values_list("pk", "school", "full_name"),
        *world.programme.agreements.order_by("pk").values(),
    ]


def without_time(rows):
    return [{k: v for k, v in row.items() if k != "updated_at"} if isinstance(row, dict) else row for row in rows]


def test_a_merger_is_shown_done_and_undone(world, merger, so, as_user):
    before = without_time(stored(world))
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
    assert without_time(stored(world)) == before
