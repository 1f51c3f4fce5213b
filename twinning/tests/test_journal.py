"""The Journal: what an act wrote is kept, told, and put back; or refused with names when something was built on it."""

from datetime import date

import pytest

from twinning.journal import Journal
from twinning.life import Refused
from twinning.models import Agreement, District, School, Teacher
from twinning.tests.tables import dump


@pytest.fixture
def act(world, school_agreement):
    """An act that made a teacher and renamed a school, as it comes back from where it was kept; (before, journal)."""
    before = dump()
    journal = Journal()
    journal.create([Teacher(school=world.school_a, full_name="Lê Thị Mới", name_key="le thi moi")])
    journal.change(world.school_b, name="THCS Ngô Quyền", valid_from=date(2020, 9, 1))
    journal.seal()
    return before, Journal.load(journal.dump())


def test_put_back_to_the_last_field(act):
    before, journal = act
    assert dump() != before
    assert [(model.__name__, *n) for model, *n in journal.counts()] == [("Teacher", 1, 0), ("School", 0, 1)]
    assert not journal.obstacles()
    journal.undo()
    assert dump() == before


def test_a_field_changed_twice_goes_back_to_the_first(world):
    before = dump()
    journal = Journal()
    for name in ("Tên hai", "Tên ba"):
        journal.change(world.school_a, name=name)
    assert School.objects.get(pk=world.school_a.pk).name == "Tên ba"
    journal.undo()
    assert dump() == before


def test_what_does_not_change_is_not_written(world):
    journal = Journal()
    journal.change(world.school_a, name=world.school_a.name)
    assert journal.counts() == []


def edit_created(world, agreement):
    Teacher.objects.update(full_name="Lê Thị Sửa")


def delete_created(world, agreement):
    Teacher.objects.all().delete()


def edit_changed(world, agreement):
    School.objects.filter(pk=world.school_b.pk).update(name="THCS Khác")


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (edit_created, "1 giáo viên đã sửa hoặc xoá sau đó: Lê Thị Sửa"),
        (delete_created, "1 giáo viên đã sửa hoặc xoá sau đó"),
        (edit_changed, "1 trường đã thay đổi sau đó: THCS Khác"),
    ],
)
def test_what_was_edited_since_is_not_thrown_away(since, words, act, world, school_agreement):
    _before, journal = act
    since(world, school_agreement)
    now = dump()
    with pytest.raises(Refused, match=words):
        journal.undo()
    assert dump() == now


def test_another_field_may_change_meanwhile(act, world):
    _before, journal = act
    School.objects.filter(pk=world.school_b.pk).update(address="xóm 5")
    journal.undo()
    school = School.objects.get(pk=world.school_b.pk)
    assert (school.name, school.address) == ("THCS Đại Yên", "xóm 5")


def test_what_points_to_a_created_row_stands_in_the_way(world):
    journal = Journal()
    unit = District(department=world.so, code="900", name="Mới", kind="xa", office_name="UBND xã Mới")
    unit.set_keys()
    journal.create([unit])
    journal.seal()
    School.objects.create(code="09", name="THCS Xa Lạ", level="thcs", district=unit)
    now = dump()
    with pytest.raises(Refused, match="1 trường mới: THCS Xa Lạ"):
        journal.undo()
    assert dump() == now


def test_a_link_of_many_to_many_stands_in_the_way(world, draft):
    journal = Journal()
    made = Agreement(
        programme=world.programme,
        tier="district",
        supporting_district=world.thanh_tri,
        supported_district=world.ba_dinh,
        starts_on=date(2023, 4, 15),
        ends_on=date(2025, 5, 31),
    )
    made.set_keys()
    journal.create([made])
    journal.seal()
    made.content_areas.add(world.area)
    with pytest.raises(Refused, match="1 liên kết mới"):
        journal.undo()
    assert Agreement.objects.filter(pk=made.pk).exists()


def test_a_clash_while_putting_back_changes_nothing(world):
    journal = Journal()
    journal.change(world.school_a, code="77777777")
    School.objects.filter(pk=world.school_c.pk).update(code="01020501")
    now = dump()
    with pytest.raises(Refused, match="trùng với dữ liệu cũ"):
        journal.undo()
    assert dump() == now
