"""Agreements from workbooks: two parties a row, signed outside the portal or still drafts."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from twinning.models import Agreement, School
from twinning.tests.imports.building import actions, errors, import_rows, plan_of
from twinning.tests.tables import dump

HEAD = ["STT", "Bên hỗ trợ", "Bên được hỗ trợ", "Số giao ước", "Ngày ký", "Từ ngày", "Đến ngày"]
A, B = "THCS Tả Thanh Oai", "THCS Đại Yên"
TT, CM = "Phòng GD&ĐT huyện Thanh Trì", "PGD huyện Chương Mỹ"


def table(*rows):
    return [HEAD, *([n, *row] for n, row in enumerate(rows, start=1))]


SCHOOLS = (A, B, "05/BGN-THCS", "15/4/2023", "15/4/2023", "31/5/2025")
DISTRICTS = (TT, CM, "01/BGN-PGDĐT", "15/4/2023", "15/4/2023", "31/12/2025")


def test_school_rows_lie_below_the_district_row_wherever_it_stands(so, world):
    before = dump()
    rows = table(SCHOOLS, DISTRICTS)
    plan, journal = import_rows("agreements", rows, so)
    assert actions(plan) == {"create": 2}
    above, below = Agreement.objects.get(tier="district"), Agreement.objects.get(tier="school")
    assert below.umbrella == above
    assert (below.status, below.signed_on, below.number) == ("signed", date(2023, 4, 15), "05/BGN-THCS")
    assert (below.supporting_school, below.supported_school) == (world.school_a, world.school_b)
    assert (below.supporting_district, below.supported_district) == (world.thanh_tri, world.chuong_my)
    event = below.events.get()
    assert (event.action, event.by, event.note) == ("create", so, "Nhập từ tệp Excel")
    assert below.history.get().history_type == "+"
    assert Agreement.objects.filter(search_key__contains=" ta thanh oai").exists()
    assert actions(plan_of("agreements", rows, so)[1]) == {"same": 2}
    journal.undo()
    assert dump() == before


def test_without_a_day_of_signing_it_is_a_draft_of_the_own_side(phong_chuong_my, world):
    plan, _journal = import_rows("agreements", table((A, B, "", "", "", "")), phong_chuong_my)
    assert actions(plan) == {"create": 1}
    agreement = Agreement.objects.get()
    assert (agreement.status, agreement.registered_side) == ("draft", "supported")
    assert (agreement.starts_on, agreement.ends_on) == (world.programme.starts_on, world.programme.ends_on)


def test_a_draft_is_signed_by_a_later_file(so, draft):
    plan, _journal = import_rows("agreements", table((A, B, "05/BGN", "15/4/2023", "", "")), so)
    assert actions(plan) == {"change": 1}
    draft.refresh_from_db()
    assert (draft.status, draft.number) == ("signed", "05/BGN")
    assert [e.action for e in draft.events.all()] == ["sign"]


def test_school_agreements_that_are_there_come_under_a_new_district_one(so, school_agreement):
    before = dump()
    _plan, journal = import_rows("agreements", table(DISTRICTS), so)
    school_agreement.refresh_from_db()
    assert school_agreement.umbrella.tier == "district"
    journal.undo()
    assert dump() == before


def test_the_same_pair_twice_in_either_order(so, world):
    plan, _journal = import_rows("agreements", table(SCHOOLS, (B, A, "", "", "", "")), so)
    assert [(row, column) for row, column, _why in errors(plan)] == [(3, "Trường được hỗ trợ")]


def test_a_pair_that_has_an_agreement_with_another_number(so, school_agreement):
    plan, _journal = import_rows("agreements", table((A, B, "77/BGN", "1/5/2023", "", "")), so)
    assert errors(plan)[0][1] == "Số, ký hiệu"
    assert "05/BGN-THCS" in errors(plan)[0][2]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ((A, B, "", "15/4/2023", "1/1/2020", "31/5/2025"), "Thực hiện từ ngày"),
        ((A, B, "", "15/4/2023", "15/4/2023", "31/5/2030"), "Đến hết ngày"),
        ((A, B, "", "15/4/2023", "15/4/2024", "15/4/2023"), "Đến hết ngày"),
        ((A, B, "", "1/1/2021", "15/4/2023", "31/5/2025"), "Ngày ký"),
        ((A, B, "", "1/6/2025", "15/4/2023", "31/5/2025"), "Ngày ký"),
        ((A, A, "", "", "", ""), "Trường được hỗ trợ"),
        ((TT, TT, "", "", "", ""), "Đơn vị được hỗ trợ"),
        ((A, "", "", "", "", ""), "Đơn vị được hỗ trợ"),
        ((A, CM, "", "", "", ""), "Trường được hỗ trợ"),
        (("THCS Không Có", B, "", "", "", ""), "Trường hỗ trợ"),
        ((A, B, "x" * 61, "", "", ""), "Số, ký hiệu"),
    ],
)
def test_rules_of_agreements_are_errors_of_the_row(so, world, row, column):
    plan, _journal = import_rows("agreements", table(row), so)
    assert [label for _row, label, _why in errors(plan)] == [column]
    assert not Agreement.objects.exists()


def test_a_district_imports_only_its_own(phong_thanh_tri, world):
    rows = table(SCHOOLS, ("THCS Phúc Xá", B, "", "", "", ""))
    plan, _journal = import_rows("agreements", rows, phong_thanh_tri)
    assert [(row, why) for row, _column, why in errors(plan)] == [(3, "Một trong hai bên phải là đơn vị của thầy/cô.")]
    assert Agreement.objects.count() == 1


def test_a_district_does_not_rewrite_what_is_signed(phong_thanh_tri, school_agreement):
    plan, _journal = import_rows(
        "agreements", table((A, B, "05/BGN-THCS", "15/4/2023", "", "30/6/2025")), phong_thanh_tri
    )
    assert "nhờ Sở" in errors(plan)[0][2]


def test_schools_stand_under_the_unit_of_then(so, world):
    world.school_a.managements.all().delete()
    world.school_a.managements.create(district=world.thanh_tri, valid_to=date(2025, 6, 30))
    world.school_a.managements.create(district=world.ba_dinh, valid_from=date(2025, 7, 1))
    School.objects.filter(pk=world.school_a.pk).update(district=world.ba_dinh)
    import_rows("agreements", table(SCHOOLS), so)
    assert Agreement.objects.get().supporting_district == world.thanh_tri


def test_queries_do_not_grow_with_rows(so, world):
    for n in range(20):
        School.objects.create(code=f"0102{n:04}", name=f"THCS Số {n + 10}", level="thcs", district=world.thanh_tri)

    def queries(n):
        rows = table(DISTRICTS, *((f"THCS Số {i + 10}", B, f"{i}/BGN", "15/4/2023", "", "") for i in range(n)))
        with CaptureQueriesContext(connection) as captured:
            plan, journal = import_rows("agreements", rows, so)
        assert actions(plan) == {"create": n + 1}
        journal.undo()
        return len(captured)

    queries(1)
    assert queries(2) == queries(20)
