"""What holds of every import of this app."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import ActivitySchool
from activities.tests.imports.rows import GIFTS, HEAD, A, B, event, gift, named
from twinning.tests.imports.building import actions, import_rows, plan_of, template_rows


@pytest.mark.parametrize("kind", ["activities", "participations", "support", "agreements"])
def test_what_is_there_comes_back_the_same(so, activity, support, world, kind):
    row = activity.units.get(school=world.school_b)
    row.put(so, {}, [("Trần Thị Bình", "speaker"), ("Lê Văn An", "attend")])
    made, _plan = plan_of(kind, [["x"]], so)
    rows = template_rows(made)
    assert len(rows) > 1
    _made, plan = plan_of(kind, rows, so)
    assert actions(plan) == {"same": len(rows) - 1}


@pytest.mark.breaks_totals
@pytest.mark.parametrize("kind", ["activities", "participations", "support"])
def test_queries_do_not_grow_with_rows(so, activity, kind):
    def rows(n):
        if kind == "activities":
            return [
                HEAD,
                *(r for i in range(n) for r in event((*A, "x", 0, 20, 0), (*B, "", 0, 20, 0), title=f"Việc {i}")),
            ]
        if kind == "support":
            return [GIFTS, *(gift((3, f"Việc {i}"), (6, "5/11/2023")) for i in range(n))]
        ActivitySchool.objects.update(teacher_turns=100)
        return named(activity, *((f"Nguyễn Văn {chr(65 + i)}", "", "") for i in range(n)))

    def queries(n):
        with CaptureQueriesContext(connection) as captured:
            plan, journal = import_rows(kind, rows(n), so)
        assert plan.counts["create"] >= n
        journal.undo()
        return len(captured)

    queries(1)
    assert queries(2) == queries(20)
