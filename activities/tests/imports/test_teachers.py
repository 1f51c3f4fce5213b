"""Named teachers from workbooks."""

import pytest

from activities.models import ActivitySchool, Participation
from activities.tests.imports.rows import named
from twinning.models import Teacher
from twinning.tests.imports.building import actions, errors, import_rows, plan_of
from twinning.tests.tables import dump


def test_teachers_are_named_and_made_when_unknown(so, activity, world):
    old = Teacher.objects.create(school=world.school_b, full_name="Trần Thị Bình")
    rows = named(activity, ("Trần Thị Bình", "", "Báo cáo viên"), ("Lê Văn Cường", "B07", ""))
    before = dump()
    plan, journal = import_rows("participations", rows, so)
    assert actions(plan) == {"create": 2}
    row = activity.units.get(school=world.school_b)
    assert row.named_count == 2
    assert {(p.teacher.full_name, p.teacher.code, p.role) for p in row.participations.all()} == {
        ("Trần Thị Bình", "", "speaker"),
        ("Lê Văn Cường", "B07", "attend"),
    }
    assert row.participations.filter(teacher=old).exists()
    assert actions(plan_of("participations", rows, so)[1]) == {"same": 2}
    rows[1][-1] = "chủ trì"
    assert actions(plan_of("participations", rows, so)[1]) == {"change": 1, "same": 1}
    journal.undo()
    assert dump() == before


@pytest.mark.breaks_totals
def test_never_more_names_than_teachers(so, activity, world):
    ActivitySchool.objects.filter(school=world.school_b).update(teacher_turns=2)
    people = [(f"Nguyễn Văn {name}", "", "") for name in ("An", "Bình", "Cường")]
    plan, _journal = import_rows("participations", named(activity, *people), so)
    assert [(row, column) for row, column, _why in errors(plan)] == [(4, "Họ và tên")]
    assert Participation.objects.count() == 2


def test_no_names_where_the_programme_records_none(so, activity, world):
    world.programme.records_names = False
    world.programme.save()
    plan, _journal = import_rows("participations", named(activity, ("Trần Thị Bình", "", "")), so)
    assert "không ghi tên" in errors(plan)[0][2]
    assert not Teacher.objects.exists()


def test_pupils_are_never_named(so, activity):
    plan, _journal = import_rows("participations", named(activity, ("Em Nguyễn An", "", "Học sinh")), so)
    assert "không ghi tên học sinh" in errors(plan)[0][2]


def test_a_person_twice_an_unknown_activity_and_a_school_that_was_not_there(so, activity):
    rows = named(activity, ("Trần Thị Bình", "", ""), ("Trần Thị Bình", "", ""))
    rows += [["Việc khác", "20/10/2023", "01277501", "Lê Văn An", "", ""]]
    rows += [[activity.title, activity.held_on, "01001501", "Lê Văn An", "", ""]]
    plan, _journal = import_rows("participations", rows, so)
    assert [(row, column) for row, column, _why in errors(plan)] == [
        (3, "Họ và tên"),
        (4, "Tên hoạt động"),
        (5, "Tên trường"),
    ]


def test_a_school_names_only_its_own(hieu_truong_a, activity):
    plan, _journal = import_rows("participations", named(activity, ("Trần Thị Bình", "", "")), hieu_truong_a)
    assert "không thuộc" in errors(plan)[0][2]
