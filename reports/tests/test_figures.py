"""The seven figures against rows made by hand: for the Department, districts and schools, by year and in all."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from activities.models import Activity
from activities.tests.recording import a_gift, an_activity
from reports import breakdowns
from reports.figures import LABELS, RULES
from reports.scope import Scope
from twinning.models import Agreement, Programme

KEYS = list(RULES)
MILLION = 10**6


def school_pair(world, one, other, signed_on, **fields):
    fields = {"tier": "school", "status": "signed", "starts_on": signed_on, "ends_on": date(2025, 12, 31), **fields}
    return Agreement.objects.create(
        programme=world.programme,
        supporting_school=one,
        supporting_district=one.district,
        supported_school=other,
        supported_district=other.district,
        signed_on=signed_on,
        **fields,
    )


@pytest.fixture
def rows(world, district_agreement, school_agreement):
    """Two school years and a half of four schools in three districts; what must not count is large."""
    a, b, c, d = world.school_a, world.school_b, world.school_c, world.school_d
    school_pair(world, a, d, date(2023, 4, 15), status="ended", ended_on=date(2023, 6, 30))
    school_pair(world, a, c, date(2024, 10, 10))
    Agreement.objects.create(
        programme=world.programme,
        tier="district",
        supporting_district=world.thanh_tri,
        supported_district=world.ba_dinh,
        starts_on=date(2023, 4, 15),
        ends_on=date(2025, 12, 31),
        status="confirmed",
    )
    an_activity(world, {a: 10, b: 6}, date(2023, 3, 15), agreement=school_agreement)
    seminar = an_activity(world, {a: (24, 2, 0), b: (12, 0, 40)}, date(2023, 10, 20), agreement=school_agreement)
    an_activity(world, {c: 4}, date(2023, 10, 2), status="confirmed")
    conference = an_activity(
        world,
        {world.thanh_tri: (0, 3, 0), world.chuong_my: 0, a: 5, d: 9},
        date(2024, 11, 5),
        agreement=district_agreement,
        kind=world.exam,
        status="confirmed",
        mode="online",
    )
    for status in ("planned", "cancelled"):
        idle = an_activity(world, {a: (500, 500, 500), c: 500}, date(2024, 2, 1), status=status)
        idle.units.first().name_teachers([("Không Ai Đếm", "attend")])
    seminar.units.get(school=a).name_teachers([("Lê Thị Ví Dụ", "chair"), ("Nguyễn Văn Mẫu", "demo")])
    seminar.units.get(school=b).name_teachers([("Lê Thị Ví Dụ", "attend")])
    conference.units.get(school=a).name_teachers([("lê thị ví dụ", "speaker")])
    a_gift(world, a, b, 6 * MILLION, date(2023, 10, 20))
    a_gift(world, c, b, 300_000, date(2024, 5, 1))
    a_gift(world, world.thanh_tri, d, 2 * MILLION, date(2024, 12, 1), status="received", delivered_on=date(2024, 12, 1))
    a_gift(world, a, c, 900 * MILLION, date(2023, 10, 1), status="pledged")
    a_gift(world, b, a, 900 * MILLION, date(2023, 10, 1), status="cancelled", delivered_on=date(2023, 10, 2))


# Unit and school year → schools signed, agreements, activities, teacher turns, teachers, pupil turns, đồng.
EXPECTED = {
    ("so", 2022): (3, 3, 1, 16, 0, 0, 0),
    ("so", 2023): (2, 2, 2, 40, 3, 40, 6_300_000),
    ("so", 2024): (3, 3, 1, 14, 1, 0, 2_000_000),
    ("so", None): (4, 4, 4, 70, 3, 40, 8_300_000),
    ("thanh_tri", 2022): (1, 3, 1, 10, 0, 0, 0),
    ("thanh_tri", 2023): (1, 2, 1, 24, 2, 0, 6_000_000),
    ("thanh_tri", 2024): (1, 3, 1, 5, 1, 0, 2_000_000),
    ("thanh_tri", None): (1, 4, 3, 39, 2, 0, 8_000_000),
    ("chuong_my", 2022): (2, 3, 1, 6, 0, 0, 0),
    ("chuong_my", 2023): (1, 2, 1, 12, 1, 40, 6_300_000),
    ("chuong_my", 2024): (1, 2, 1, 9, 0, 0, 2_000_000),
    ("chuong_my", None): (2, 3, 3, 27, 1, 40, 8_300_000),
    ("ba_dinh", None): (1, 1, 1, 4, 0, 0, 300_000),
    ("school_a", 2023): (1, 1, 1, 24, 2, 0, 6_000_000),
    ("school_a", None): (1, 3, 3, 39, 2, 0, 6_000_000),
    ("school_b", 2023): (1, 1, 1, 12, 1, 40, 6_300_000),
    ("school_b", None): (1, 1, 2, 18, 1, 40, 6_300_000),
    ("school_c", 2022): (0, 0, 0, 0, 0, 0, 0),
    ("school_c", 2024): (1, 1, 0, 0, 0, 0, 0),
    ("school_d", None): (1, 1, 1, 9, 0, 0, 2_000_000),
}


def values(world, unit, year=None, until=None):
    return {key: figure.value for key, figure in Scope(world.programme, unit, year, until).figures().items()}


@pytest.mark.parametrize(("unit", "year"), EXPECTED)
def test_each_figure(world, rows, unit, year):
    assert values(world, getattr(world, unit), year) == dict(zip(KEYS, EXPECTED[unit, year], strict=True))


def test_every_figure_says_its_rule():
    assert list(LABELS) == KEYS
    assert len(set(map(str, RULES.values()))) == len(set(map(str, LABELS.values()))) == 7


@pytest.mark.parametrize("year", [2022, 2023, 2024, None])
def test_units_add_up_to_the_whole(world, rows, year):
    whole = values(world, world.so, year)
    districts = [values(world, unit, year) for unit in (world.thanh_tri, world.chuong_my, world.ba_dinh)]
    schools = [values(world, getattr(world, f"school_{x}"), year) for x in "abcd"]
    for key in ("schools_signed", "teacher_turns", "teachers_named", "pupil_turns"):
        assert sum(unit[key] for unit in districts) == whole[key], key
        assert sum(unit[key] for unit in schools) == whole[key], key
    assert sum(unit["activities_held"] for unit in districts) > whole["activities_held"] or year is None, "shared ones"


@pytest.mark.parametrize("unit", ["so", "thanh_tri", "school_a"])
def test_years_add_up_to_the_phase(world, rows, unit):
    unit = getattr(world, unit)
    years = [values(world, unit, year) for year in (2022, 2023, 2024)]
    for key in ("activities_held", "teacher_turns", "pupil_turns", "support_vnd"):
        assert sum(year[key] for year in years) == values(world, unit)[key], key


def test_up_to_and_including_a_day(world, rows):
    before = values(world, world.so, 2023, until=date(2023, 10, 19))
    assert (before["activities_held"], before["teacher_turns"], before["support_vnd"]) == (1, 4, 0)
    on_the_day = values(world, world.so, 2023, until=date(2023, 10, 20))
    assert (on_the_day["activities_held"], on_the_day["teacher_turns"], on_the_day["support_vnd"]) == (
        2,
        40,
        6 * MILLION,
    )
    school = values(world, world.school_b, 2023, until=date(2023, 10, 19))
    assert (school["teacher_turns"], school["teachers_named"]) == (0, 0)
    assert values(world, world.so, 2024, until=date(2024, 10, 9))["agreements_live"] == 2
    assert values(world, world.so, 2024, until=date(2024, 10, 10))["agreements_live"] == 3


def test_another_programme_counts_apart(world, rows, nguoi_tinh_khac):
    theirs = nguoi_tinh_khac.memberships.get().department
    assert {figure.value for figure in Scope(theirs.programmes.get(), theirs).figures().values()} == {0}


def test_a_correction_is_counted_at_once(world, rows, hieu_truong_a):
    seminar = Activity.objects.get(held_on=date(2023, 10, 20))
    seminar.correct_own_row(hieu_truong_a, {"teacher_turns": 30, "manager_turns": 0, "pupil_turns": 1}, [])
    assert values(world, world.so, 2023)["teacher_turns"] == 46
    assert values(world, world.thanh_tri, 2023)["teacher_turns"] == 30
    assert values(world, world.so, 2023)["teachers_named"] == 1


@pytest.mark.parametrize("unit", ["so", "thanh_tri", "school_a"])
def test_the_number_of_queries_does_not_grow(world, rows, unit, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        Scope(world.programme, getattr(world, unit)).figures()


# --- Figures lead to their rows -------------------------------------------------------------------------------------

SEATS = {
    "so": "so",
    "lanh_dao": "so",
    "phong_thanh_tri": "thanh_tri",
    "phong_chuong_my": "chuong_my",
    "hieu_truong_a": "school_a",
    "hieu_truong_b": "school_b",
    "nguoi_la": "school_c",
}


def follow(client, figure):
    """The rows of every page of the list a figure leads to."""
    response = client.get(figure.url)
    assert response.status_code == 200
    filterset = response.context["filter"]
    assert filterset.form.is_valid(), filterset.form.errors
    assert set(parse_qs(urlsplit(figure.url).query)) <= set(filterset.filters), "every condition is a filter"
    return list(response.context["table"].data)


same_queries = pytest.mark.one_database("Asks what another person here asks: one of each kind of unit is enough.")


@pytest.mark.parametrize(
    "who",
    [
        *("so", "phong_thanh_tri", "hieu_truong_a", "nguoi_la"),
        *(pytest.param(who, marks=same_queries) for who in ("lanh_dao", "phong_chuong_my", "hieu_truong_b")),
    ],
)
@pytest.mark.parametrize("year", [2022, 2023, 2024, None])
def test_a_figure_leads_to_exactly_its_rows(world, rows, request, as_user, who, year):
    client = as_user(request.getfixturevalue(who))
    scope = Scope(world.programme, getattr(world, SEATS[who]), year)
    figures, behind = scope.figures(), scope.rows_behind()
    for key in ("schools_signed", "agreements_live", "activities_held"):
        found = follow(client, figures[key])
        assert sorted(row.pk for row in found) == behind[key], key
        assert len(found) == figures[key].value, key
    gifts = follow(client, figures["support_vnd"])
    assert sorted(gift.pk for gift in gifts) == behind["support_vnd"]
    assert sum(gift.value_vnd for gift in gifts) == figures["support_vnd"].value
    for key in ("teacher_turns", "teachers_named", "pupil_turns"):
        found = follow(client, figures[key])
        assert sorted(row.pk for row in found) == behind["activities_held"]
        if SEATS[who] == "so" and key != "teachers_named":
            assert sum(getattr(row, key) for row in found) == figures[key].value


def test_a_figure_up_to_a_day_leads_to_rows_up_to_that_day(world, rows, so, as_user):
    scope = Scope(world.programme, world.so, 2023, until=date(2023, 10, 19))
    figures = scope.figures()
    client = as_user(so)
    assert len(follow(client, figures["activities_held"])) == figures["activities_held"].value == 1
    assert follow(client, figures["support_vnd"]) == []


def test_rows_of_an_earlier_programme_are_not_behind_a_figure(world, rows, so, as_user):
    old = Programme.objects.create(
        department=world.so,
        name="Giai đoạn trước",
        starts_on=date(2019, 1, 1),
        ends_on=date(2022, 12, 11),
        phase="2019",
    )
    activity = an_activity(world, {world.school_a: 99})
    Activity.objects.filter(pk=activity.pk).update(programme=old)
    gift = a_gift(world, world.school_a, world.school_b, 99)
    type(gift).objects.filter(pk=gift.pk).update(programme=old)
    figures = Scope(world.programme, world.so).figures()
    client = as_user(so)
    assert len(follow(client, figures["activities_held"])) == figures["activities_held"].value == 4
    assert len(follow(client, figures["support_vnd"])) == 3


# --- Tables ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["so", "thanh_tri", "school_b"])
@pytest.mark.parametrize("year", [2022, 2023, 2024, None])
def test_months_kinds_and_years_add_up_to_the_figures(world, rows, unit, year):
    scope = Scope(world.programme, getattr(world, unit), year)
    figures = values(world, getattr(world, unit), year)
    held = figures["activities_held"]
    assert sum(sum(groups.values()) for _month, groups in breakdowns.by_month(scope)) == held
    assert sum(kind["activities"] for kind in breakdowns.by_kind(scope)) == held
    assert sum(kind["in_person"] + kind["online"] for kind in breakdowns.by_kind(scope)) == held
    for turns in ("teacher_turns", "pupil_turns"):
        assert sum(kind[turns] for kind in breakdowns.by_kind(scope)) == figures[turns]
    years = breakdowns.by_school_year(scope)
    assert sum(counts["activities_held"] for counts in years.values()) == held
    assert sum(counts["teacher_turns"] for counts in years.values()) == figures["teacher_turns"]


def test_an_activity_of_the_last_months_stands_in_a_month_too(world, rows):
    an_activity(world, {world.school_a: 3}, date(2025, 10, 8))
    scope = Scope(world.programme, world.so)
    assert sum(sum(groups.values()) for _month, groups in breakdowns.by_month(scope)) == 5


def test_pairs_of_districts(world, rows):
    [pair] = breakdowns.by_district_pair(Scope(world.programme, world.so))
    assert pair.agreement.pair == "Thanh Trì – Chương Mỹ"
    assert {pk for pk in pair.schools if pk} == {world.school_a.pk, world.school_b.pk, world.school_d.pk}
    assert (pair.activities, pair.teacher_turns) == (3, 66)
    [pair] = breakdowns.by_district_pair(Scope(world.programme, world.so, 2023))
    assert (len(pair.schools), pair.activities, pair.teacher_turns) == (2, 1, 36)
    [pair] = breakdowns.by_district_pair(Scope(world.programme, world.chuong_my, 2024))
    assert (pair.activities, pair.teacher_turns) == (1, 14)
    assert not breakdowns.by_district_pair(Scope(world.programme, world.ba_dinh))


def test_agreements_with_what_was_registered_and_held(world, rows, school_agreement, district_agreement):
    counts = breakdowns.by_agreement(Scope(world.programme, world.so))
    thanh_tri, chuong_my = world.thanh_tri.pk, world.chuong_my.pk
    assert counts[school_agreement.pk] == {
        "parties": (thanh_tri, chuong_my),
        "registered": 2,
        "held": 2,
        "turns": {thanh_tri: 34, chuong_my: 18},
    }
    assert (counts[None]["registered"], counts[None]["held"]) == (3, 1)


def test_the_day_decides_the_school_year(world):
    for day, year in ((date(2023, 8, 31), 2022), (date(2023, 9, 1), 2023)):
        an_activity(world, {world.school_a: 1}, day)
        assert values(world, world.so, year)["activities_held"] == 1
