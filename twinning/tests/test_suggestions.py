"""Suggestions of twins: who is a candidate, who is not, why, in which order, and who may see them."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from twinning import suggestions
from twinning.access import Role
from twinning.models import Agreement, AgreementMember, District, Indicator, IndicatorValue, Programme, School
from twinning.suggestions import FREE, OTHER_ZONE, OWN_STRENGTH, SAME_UNIT, TWINNED_UNITS, UNIT_STRENGTH
from twinning.tests.reform import reform

LAST = date(2025, 12, 31)


@pytest.fixture
def seeking(world):
    """THCS Đại Yên (b, Chương Mỹ, outer city) seeks somebody who helps: a of Thanh Trì, c of Ba Đình, `near` of Chương
    Mỹ; of no use are the primary school d and those that are no more."""

    def school(name, level, district, **fields):
        return School.objects.create(code=name, name=name, level=level, district=district, **fields)

    world.near = school("THCS Ngọc Hoà", "thcs", world.chuong_my)
    world.both = school("TH&THCS Trần Phú", "th_thcs", world.chuong_my)
    world.preschool = school("Mầm non Hoa Mai", "mn", world.ba_dinh)
    world.closed = school("THCS Đã đóng", "thcs", world.ba_dinh, valid_to=date(2024, 9, 30))
    world.gone = school("THCS Đã nhập", "thcs", world.ba_dinh, valid_to=LAST, merged_into=world.school_c)
    return world


def pair(world, one, other, status="signed", **fields):
    return Agreement.objects.create(
        programme=world.programme,
        **{"tier": "school", **fields},
        supporting_school=one,
        supporting_district=one.district,
        supported_school=other,
        supported_district=other.district,
        starts_on=date(2023, 4, 15),
        signed_on=date(2023, 4, 15),
        ends_on=LAST,
        status=status,
    )


def measured(world, name, kind, values, year=2024, position=1):
    """An indicator with the values of {school or district: number}."""
    of = "district" if isinstance(next(iter(values)), District) else "school"
    indicator, _created = Indicator.objects.get_or_create(
        department=world.so, code=name, name=name, kind=kind, measures=of, position=position
    )
    for unit, value in values.items():
        IndicatorValue.objects.create(indicator=indicator, school_year=year, value=value, **{of: unit})
    return indicator


def url_of(school, part="duoc-giup"):
    return reverse("school_suggestions", args=[school.pk]) + (f"?vai={part}" if part else "")


def found(client, school, part="duoc-giup"):
    """{school: {what is said: points}}, in the order shown."""
    response = client.get(url_of(school, part))
    assert response.status_code == 200
    page = re.sub(r"\s+", " ", response.content.decode())
    for suggestion in response.context["suggestions"]:
        for reason in suggestion.reasons:
            assert reason.text in page
    return {
        suggestion.school: {reason.text: reason.points for reason in suggestion.reasons}
        for suggestion in response.context["suggestions"]
    }


# --- Who ------------------------------------------------------------------------------------------------------------


def test_candidates_share_a_level_and_operate(seeking, as_user, so):
    shown = found(as_user(so), seeking.school_b)
    assert set(shown) == {seeking.school_a, seeking.school_c, seeking.near, seeking.both}
    # The other way round: a school of several levels meets schools of each of them.
    shown = found(as_user(so), seeking.both)
    assert set(shown) == {seeking.school_a, seeking.school_b, seeking.school_c, seeking.school_d, seeking.near}


@pytest.mark.parametrize("status", ["draft", "waiting", "returned", "confirmed", "signed"])
def test_nobody_it_is_twinned_with_already(seeking, as_user, so, status):
    pair(seeking, seeking.school_b, seeking.school_a, status)
    assert seeking.school_a not in found(as_user(so), seeking.school_b)
    assert seeking.school_b not in found(as_user(so), seeking.school_a)


@pytest.mark.parametrize("status", ["withdrawn", "expired", "ended"])
def test_a_pair_that_is_over_may_meet_again(seeking, as_user, so, status):
    pair(seeking, seeking.school_b, seeking.school_a, status)
    assert seeking.school_a in found(as_user(so), seeking.school_b)


def test_members_are_twins_too(seeking, as_user, so):
    agreement = pair(seeking, seeking.school_a, seeking.school_c, tier="subject", subject=seeking.toan)
    AgreementMember.objects.create(
        agreement=agreement, side="supported", district=seeking.chuong_my, school=seeking.school_b
    )
    shown = found(as_user(so), seeking.school_b)
    assert set(shown) == {seeking.near, seeking.both}


def test_who_has_enough_twins_is_left_alone(seeking, as_user, so, monkeypatch):
    monkeypatch.setattr(suggestions, "MOST", 2)
    pair(seeking, seeking.school_a, seeking.school_c)
    assert seeking.school_a in found(as_user(so), seeking.school_b)
    pair(seeking, seeking.preschool, seeking.school_a, "waiting")
    assert seeking.school_a not in found(as_user(so), seeking.school_b)


def test_levels_that_do_not_take_part(seeking, as_user, so):
    Programme.objects.filter(pk=seeking.programme.pk).update(school_levels=["thcs", "mn"])
    assert set(found(as_user(so), seeking.school_b)) == {seeking.school_a, seeking.school_c, seeking.near}
    page = as_user(so).get(url_of(seeking.school_d)).content.decode()
    assert "Cấp học Tiểu học không kết nghĩa trong phong trào này" in page


# --- Why ------------------------------------------------------------------------------------------------------------


def test_reasons_with_their_numbers(seeking, as_user, so, district_agreement):
    """a: the best by indicators, of the twinned district; c: of the inner city; `near`: next door and weaker."""
    a, b, c, near = seeking.school_a, seeking.school_b, seeking.school_c, seeking.near
    measured(seeking, "Điểm trung bình vào 10", "mean", {a: "8.12", b: "5.40", c: "6.76", near: "4.04"})
    measured(seeking, "Xếp hạng thi đua", "rank", {a: 2, b: 10, near: 12}, position=2)
    shown = found(as_user(so), b)
    assert next(iter(shown)) == a
    # 2,72 of a spread of 4,08; 8 places of a spread of 10; half the points each.
    assert shown[a] == {
        "Hai đơn vị đã ký giao ước: huyện Thanh Trì – huyện Chương Mỹ": TWINNED_UNITS,
        "Chưa giúp trường nào": FREE,
        "Điểm trung bình vào 10 (2024-2025): 8,12 so với 5,40": int(OWN_STRENGTH * 272 / 408 / 2),
        "Xếp hạng thi đua (2024-2025): 2 so với 10": int(OWN_STRENGTH * 8 / 10 / 2),
    }
    assert shown[c] == {
        "Trường ở nội thành, trường này ở ngoại thành": OTHER_ZONE,
        "Chưa giúp trường nào": FREE,
        "Điểm trung bình vào 10 (2024-2025): 6,76 so với 5,40": int(OWN_STRENGTH * 136 / 408),
    }
    assert shown[near] == {
        "Cùng huyện Chương Mỹ": SAME_UNIT,
        "Chưa giúp trường nào": FREE,
        "Ngược chiều: Điểm trung bình vào 10 (2024-2025): 4,04 so với 5,40; "
        "Xếp hạng thi đua (2024-2025): 12 so với 10": 0,
    }


def test_the_other_part_turns_strength_round(seeking, as_user, so):
    a, b, near = seeking.school_a, seeking.school_b, seeking.near
    measured(seeking, "Số giải", "count", {a: 9, b: 5, near: 1})
    pair(seeking, seeking.preschool, near)
    shown = found(as_user(so), b, "giup")
    assert shown[near] == {
        "Cùng huyện Chương Mỹ": SAME_UNIT,
        "Đang được 1 trường giúp": FREE * 2 // 3,
        "Số giải (2024-2025): 1 so với 5": OWN_STRENGTH // 2,
    }
    assert shown[a]["Ngược chiều: Số giải (2024-2025): 9 so với 5"] == 0


def test_units_are_compared_when_they_differ(seeking, as_user, so):
    measured(seeking, "Xếp hạng", "rank", {seeking.chuong_my: 20, seeking.thanh_tri: 15, seeking.ba_dinh: 10})
    shown = found(as_user(so), seeking.school_b)
    assert shown[seeking.school_c]["Xếp hạng của đơn vị (2024-2025): 10 so với 20"] == UNIT_STRENGTH
    assert shown[seeking.school_a]["Xếp hạng của đơn vị (2024-2025): 15 so với 20"] == UNIT_STRENGTH // 2
    assert not any("Xếp hạng" in text for text in shown[seeking.near])


def test_the_newest_year_of_the_school_is_compared(seeking, as_user, so):
    a, b, c = seeking.school_a, seeking.school_b, seeking.school_c
    measured(seeking, "Số giải", "count", {a: 3, b: 1, c: 7}, year=2023)
    measured(seeking, "Số giải", "count", {a: 9}, year=2024)
    shown = found(as_user(so), b)
    assert "Số giải (2023-2024): 3 so với 1" in shown[a]
    assert not any("Số giải" in text for text in shown[seeking.near])


def test_whoever_helps_less_comes_first(seeking, as_user, so):
    pair(seeking, seeking.school_a, seeking.preschool)
    pair(seeking, seeking.near, seeking.preschool, "draft")
    shown = found(as_user(so), seeking.school_b)
    assert shown[seeking.school_a] == {"Đang giúp 1 trường": FREE * 2 // 3}
    assert shown[seeking.near]["Chưa giúp trường nào, 1 cặp đang lập"] == FREE * 2 // 3
    assert list(shown) == [seeking.school_c, seeking.both, seeking.near, seeking.school_a]


def test_points_are_at_most_a_hundred(seeking, as_user, so):
    Agreement.objects.create(
        programme=seeking.programme,
        tier="district",
        supporting_district=seeking.ba_dinh,
        supported_district=seeking.chuong_my,
        starts_on=date(2023, 4, 15),
        signed_on=date(2023, 4, 15),
        ends_on=LAST,
        status="signed",
    )
    measured(seeking, "Số giải", "count", {seeking.school_c: 9, seeking.school_b: 0})
    measured(seeking, "Điểm", "mean", {seeking.ba_dinh: 9, seeking.chuong_my: 1}, position=2)
    page = as_user(so).get(url_of(seeking.school_b))
    best = page.context["suggestions"][0]
    assert (best.school, best.points) == (seeking.school_c, 100)
    assert sum(suggestions.WEIGHTS.values()) - SAME_UNIT == 100


def test_after_the_reform_old_districts_still_bring_together(seeking, as_user, so, district_agreement):
    measured(seeking, "Xếp hạng", "rank", {seeking.chuong_my: 20, seeking.thanh_tri: 15})
    reform(seeking)
    shown = found(as_user(so), seeking.school_b)
    reasons = shown[seeking.school_a]
    assert reasons["Hai đơn vị đã ký giao ước: huyện Thanh Trì – huyện Chương Mỹ"] == TWINNED_UNITS
    assert reasons["Xếp hạng của đơn vị (2024-2025): 15 so với 20"] == UNIT_STRENGTH
    assert shown[seeking.school_c]["Trường ở nội thành, trường này ở ngoại thành"] == OTHER_ZONE


def test_the_usual_part(seeking, as_user, so, district_agreement):
    """As in the agreement of the two districts; without one, the inner city helps."""

    def part(school):
        return as_user(so).get(url_of(school, "")).context["search"].part

    assert [part(s) for s in (seeking.school_a, seeking.school_b)] == ["giup", "duoc-giup"]
    assert part(seeking.school_c) == "giup"
    district_agreement.delete()
    assert part(seeking.school_a) == "duoc-giup"
    assert as_user(so).get(url_of(seeking.school_a, "khac")).context["search"].part == "duoc-giup"


# --- The page -------------------------------------------------------------------------------------------------------


def test_a_person_decides_and_registers(seeking, as_user, phong_chuong_my):
    client = as_user(phong_chuong_my)
    page = client.get(url_of(seeking.school_b)).content.decode()
    assert "Đây chỉ là gợi ý" in page
    link = f"/giao-uoc/moi/?ho_tro={seeking.school_a.pk}&amp;duoc_ho_tro={seeking.school_b.pk}"
    assert link in page
    assert not Agreement.objects.exists()
    form = client.get(link.replace("&amp;", "&")).context["form"]
    assert form["tier"].value() == "school"
    assert form["supporting_school"].value() == seeking.school_a.pk
    assert form["supported_school"].value() == seeking.school_b.pk
    assert form["supported_district"].value() is None
    turned = client.get(url_of(seeking.school_b, "giup")).content.decode()
    assert f"ho_tro={seeking.school_b.pk}&amp;duoc_ho_tro={seeking.school_a.pk}" in turned


@pytest.mark.parametrize("query", ["?ho_tro=x&duoc_ho_tro=1", "?ho_tro=1", "?ho_tro=²&duoc_ho_tro=³", ""])
def test_an_address_without_a_pair_opens_the_usual_form(seeking, as_user, phong_chuong_my, query):
    form = as_user(phong_chuong_my).get(f"/giao-uoc/moi/{query}").context["form"]
    assert form["supported_district"].value() == seeking.chuong_my.pk
    assert not form["supporting_school"].value()


def test_a_pair_of_unknown_schools_is_an_empty_choice(seeking, as_user, phong_chuong_my):
    page = as_user(phong_chuong_my).get("/giao-uoc/moi/?ho_tro=999999&duoc_ho_tro=888888")
    assert page.status_code == 200
    assert "999999" not in re.sub(r'data-draft="[^"]*"', "", page.content.decode())


def test_the_school_page_offers_it_only_without_a_twin(seeking, as_user, so, hieu_truong_b, nguoi_la):
    link = reverse("school_suggestions", args=[seeking.school_b.pk])

    def offered(person):
        return link in as_user(person).get(seeking.school_b.get_absolute_url()).content.decode()

    assert offered(so)
    assert offered(hieu_truong_b)
    assert not offered(nguoi_la)
    pair(seeking, seeking.school_a, seeking.school_b)
    assert not offered(so)
    assert link not in as_user(so).get(seeking.closed.get_absolute_url()).content.decode()


def test_the_list_of_schools_without_a_twin_offers_it(seeking, as_user, so, phong_chuong_my):
    for person in (so, phong_chuong_my):
        page = as_user(person).get(f"/truong/?cap_doi=chua&don_vi={seeking.chuong_my.pk}").content.decode()
        assert reverse("school_suggestions", args=[seeking.school_b.pk]) in page
    page = as_user(phong_chuong_my).get("/truong/?cap_doi=chua").content.decode()
    assert reverse("school_suggestions", args=[seeking.school_a.pk]) not in page
    assert "Thao tác" not in as_user(so).get("/truong/").content.decode()


def test_who_may(seeking, as_user, person, so, lanh_dao, quan_tri, phong_chuong_my, hieu_truong_b, phong_thanh_tri):
    url = url_of(seeking.school_b)
    clerk = person("cbnl-b", Role.CLERK, school=seeking.school_b)
    for who in (so, lanh_dao, quan_tri, phong_chuong_my, hieu_truong_b, clerk):
        assert as_user(who).get(url).status_code == 200, who
    # who signs nothing here reads the suggestions, without a button
    assert "/giao-uoc/moi/" not in as_user(lanh_dao).get(url).content.decode()
    reader = person("doc", Role.READER, department=seeking.so)
    for who in (phong_thanh_tri, reader):
        assert as_user(who).get(url).status_code == 404, who


def test_strangers_and_schools_that_are_no_more(seeking, as_user, so, nguoi_la, hieu_truong_a, nguoi_tinh_khac):
    for who in (nguoi_la, hieu_truong_a, nguoi_tinh_khac):
        assert as_user(who).get(url_of(seeking.school_b)).status_code == 404, who
    for school in (seeking.closed, seeking.gone):
        assert as_user(so).get(url_of(school)).status_code == 404


def test_nobody_left(world, as_user, so):
    School.objects.exclude(pk=world.school_d.pk).delete()
    page = as_user(so).get(url_of(world.school_d)).content.decode()
    assert "Không còn trường nào cùng cấp học để gợi ý" in page


def test_twenty_schools_take_as_many_queries_as_one(seeking, as_user, so):
    client, url = as_user(so), url_of(seeking.school_b)

    def add(count):
        for _n in range(count):
            n = School.objects.count()
            unit = District.objects.create(
                department=seeking.so, code=f"d{n}", name=f"Quận {n}", kind="quan", zone="inner", office_name="Phòng"
            )
            school = School.objects.create(code=f"{n}", name=f"THCS {n}", level="thcs", district=unit)
            measured(seeking, "Số giải", "count", {school: n})
            pair(seeking, school, seeking.preschool)

    def queries():
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return [query["sql"] for query in seen]

    measured(seeking, "Số giải", "count", {seeking.school_b: 1})
    add(1)
    few = queries()
    add(19)
    many = queries()
    assert len(many) == len(few), set(many) - set(few)
