"""The reform of 2025 played on the sample of Hà Nội: rehearsed, done, undone; stored totals are right each time."""

import time

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F

from accounts.models import User
from twinning.models import District, Membership, Reorganisation, School, SchoolManagement, UnitSuccession
from twinning.reforms.plan import Share, plan
from twinning.tests.tables import dump

PLAN = "ha-noi-2025"
OWN = ("twinning.Reorganisation", "twinning.ReorganisationEvent", "twinning.Placement")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database("The sample's names decide; twinning/tests/test_reorganisation.py does the same acts."),
]


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The sample, rolled back after this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_sample", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def prepared(sample):
    """The draft with every school of a split ward decided, as a person might."""
    so = User.objects.get(username="so")
    department = so.memberships.get().department
    facts = plan(PLAN)
    reorganisation = Reorganisation.objects.create(
        department=department, plan=PLAN, day=facts.day, decision_number=facts.decision
    )
    reorganisation.list_schools()
    open_rows = reorganisation.placements.undecided().select_related("reorganisation", "old_unit")
    reorganisation.decide({row.pk: row.ward.units[row.pk % len(row.ward.units)] for row in open_rows}, so)
    return reorganisation


def test_every_school_of_the_sample_has_a_ward_the_plan_knows(prepared):
    assert prepared.placements.count() == School.objects.count()
    assert not prepared.placements.filter(share=Share.UNKNOWN).exists()
    assert not prepared.placements.filter(share=Share.WHOLE, unit="").exists()
    assert not prepared.placements.filter(share=Share.SPLIT, decided_by=None).exists()


def test_undecided_schools_are_counted_by_old_unit_and_nothing_is_done(sample):
    before = dump()
    with pytest.raises(CommandError, match=r"Còn 1\.\d{3} trường chưa quyết nơi về[\s\S]*quận Ba Đình: \d+ trường"):
        call_command("reorganise", plan=PLAN)
    assert dump() == before


def test_rehearsed_done_and_undone(prepared, capsys):
    before = dump()
    outside = {table: rows for table, rows in before.items() if table not in OWN}
    call_command("reorganise", plan=PLAN, dry_run=True)
    assert dump() == before
    call_command("check_totals")

    schools = School.objects.count()
    started = time.monotonic()
    call_command("reorganise", plan=PLAN)
    assert time.monotonic() - started < 30
    call_command("check_totals")
    assert District.objects.filter(valid_to="2025-06-30").count() == 30
    new = District.objects.filter(valid_from="2025-07-01").annotate(n=Count("schools"))
    assert (new.count(), sum(unit.n for unit in new)) == (126, schools)
    assert UnitSuccession.objects.count() == 213
    assert not School.objects.exclude(district__in=new).exists()
    # Every school went to a successor of the unit that had it, and has one unit at any time.
    left = SchoolManagement.objects.filter(valid_to="2025-06-30", district__valid_to="2025-06-30")
    assert left.count() == schools
    pairs = set(UnitSuccession.objects.values_list("predecessor", "successor"))
    assert set(left.values_list("district", "school__district")) <= pairs
    assert SchoolManagement.objects.count() == 2 * schools
    assert SchoolManagement.objects.filter(valid_to=None, district=F("school__district")).count() == schools
    officers = Membership.objects.filter(district__isnull=False)
    assert officers.in_force().count() == 126
    assert not officers.in_force().filter(user__username__startswith="phong.").exists()
    assert User.objects.filter(username__in=["phuong.van-mieu-quoc-tu-giam", "xa.ba-vi"]).count() == 2
    # What was done stays as it was done.
    still = ("accounts.User", "twinning.Membership", "twinning.District", "twinning.UnitSuccession")
    still += ("twinning.School", "twinning.SchoolManagement")
    after = dump(*OWN)
    assert {table: rows for table, rows in after.items() if table not in still} == {
        table: rows for table, rows in outside.items() if table not in still
    }

    call_command("reorganise", plan=PLAN, undo=True)
    call_command("check_totals")
    assert dump(*OWN) == outside
    assert "Mọi số tổng đang lưu đều khớp." in capsys.readouterr().out
