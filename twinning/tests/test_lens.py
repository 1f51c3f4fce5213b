"""After the reform of 2025: who may do what, and the same rows under three lenses."""

import re
import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from twinning import access
from twinning.access import Role
from twinning.lens import Lens, Units
from twinning.models import (
    Agreement,
    AgreementDocument,
    District,
    Indicator,
    IndicatorValue,
    Membership,
    PilotSchool,
    School,
    SchoolName,
    SchoolYearFigures,
    Teacher,
    UnitSuccession,
)
from twinning.tests.pairing import SIGNING, act, school_pair
from twinning.tests.reform import FIRST, LAST, commune, end, move, officer, reform

AGREEMENTS, SCHOOLS = "/giao-uoc/", "/truong/"


@pytest.fixture
def new(world, phong_thanh_tri, phong_chuong_my):
    return reform(world)


@pytest.fixture
def commune_a(new, person):
    return officer(person, new.dai_thanh)


@pytest.fixture
def commune_b(new, person):
    return officer(person, new.quang_bi)


@pytest.fixture
def commune_d(new, person):
    """Of the same old district as school B, which it does not manage."""
    return officer(person, new.phu_nghia)


@pytest.fixture
def browse(so, as_user):
    client = as_user(so)
    return lambda url, **query: client.get(url, query)


def rows_of(page):
    return {row.pk for row in page.context["table"].data}


def cells(page, label):
    """The texts of one column."""
    found = re.findall(rf'data-label="{label}">(.*?)</td>', page.content.decode(), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in found]


# --- Rights ---------------------------------------------------------------------------------------------------------


def test_a_commune_answers_for_its_school(draft, commune_a, commune_b, as_user):
    """Registered before the reform by one office, answered after it by the other's successor."""
    assert "đã gửi" in act(as_user(commune_a), draft, "send").content.decode().lower()
    assert [todo.pk for todo in Agreement.objects.waiting_for(commune_b)] == [draft.pk]
    assert "giao ước chờ đơn vị mình xử lý" in as_user(commune_b).get("/").content.decode()
    act(as_user(commune_b), draft, "confirm")
    draft.refresh_from_db()
    assert draft.status == Agreement.Status.CONFIRMED


def test_the_officer_of_the_commune_is_told(draft, commune_b, hieu_truong_a, as_user):
    act(as_user(hieu_truong_a), draft, "send")
    assert commune_b.notifications.count() == 1


def test_an_old_office_has_nothing_left(draft, new, phong_thanh_tri, phong_chuong_my, as_user):
    for person in (phong_thanh_tri, phong_chuong_my):
        assert as_user(person).get(draft.get_absolute_url()).status_code == 404
        assert act(as_user(person), draft, "send").status_code == 404
        assert not Agreement.objects.visible_to(person).exists()
        assert not Agreement.objects.editable_by(person).exists()
    assert not phong_thanh_tri.notifications.exists()


def test_another_commune_of_the_old_district_has_no_part(draft, district_agreement, commune_d, as_user):
    for agreement in (draft, district_agreement):
        assert as_user(commune_d).get(agreement.get_absolute_url()).status_code == 404


def test_what_goes_with_an_agreement_follows_the_school(world, school_agreement, commune_a, commune_d, so, pdf):
    upload = pdf()
    upload.checked_type = "application/pdf"
    paper = AgreementDocument.keep(upload, so, agreement=school_agreement)
    teacher = Teacher.objects.create(school=world.school_a, full_name="Lê Thị Ví Dụ")
    assert AgreementDocument.objects.visible_to(commune_a).get() == paper
    assert Teacher.objects.visible_to(commune_a).get() == teacher
    assert not AgreementDocument.objects.visible_to(commune_d).exists()
    assert not Teacher.objects.visible_to(commune_d).exists()


def test_a_pilot_school_is_seen_by_its_commune(world, district_agreement, commune_a, commune_b):
    pilot = PilotSchool.objects.create(agreement=district_agreement, side="supporting", school=world.school_a)
    assert PilotSchool.objects.visible_to(commune_a).get() == pilot
    assert not PilotSchool.objects.visible_to(commune_b).exists()


def test_the_one_successor_speaks_for_an_office_that_ended(world, new, person):
    heir = officer(person, new.phuong_ba_dinh)
    pair = Agreement.objects.create(
        programme=world.programme,
        tier="district",
        supporting_district=world.ba_dinh,
        supported_district=world.thanh_tri,
        starts_on=date(2023, 4, 15),
        ends_on=date(2025, 12, 31),
    )
    assert access.sides_of(heir, pair) == {"supporting"}
    assert Agreement.objects.editable_by(heir).get() == pair
    assert [who.pk for who in access.people_of(district_id=world.ba_dinh.pk)] == [heir.pk]
    UnitSuccession.objects.create(predecessor=world.ba_dinh, successor=new.dai_thanh, on=FIRST, kind="replace")
    heir = type(heir).objects.get(pk=heir.pk)
    assert not access.sides_of(heir, pair), "several successors: nobody is guessed"
    assert not Agreement.objects.visible_to(heir).exists()


def test_a_merged_school_is_under_the_unit_of_the_school_it_went_into(world, draft, new, commune_d, as_user):
    """B went into another school, that one into D: a chain."""
    between = School.objects.create(code="x1", name="THCS Trung gian", level="thcs", district=world.chuong_my)
    School.objects.filter(pk=world.school_b.pk).update(merged_into=between, valid_to=LAST)
    School.objects.filter(pk=between.pk).update(merged_into=world.school_d)
    Agreement.objects.filter(pk=draft.pk).update(status="waiting")
    act(as_user(commune_d), draft, "confirm")
    draft.refresh_from_db()
    assert draft.status == Agreement.Status.CONFIRMED


def test_a_unit_that_lost_a_school_reads_its_history_and_changes_nothing(world, draft, new, commune_a, as_user):
    """Between two units in force: no reform, one school handed over."""
    later = commune(world, "20001", "Tân Lập", first=date(2026, 1, 1))
    Agreement.objects.filter(pk=draft.pk).update(supporting_district=new.dai_thanh)
    move(world.school_a, later, day=date(2026, 1, 1), last=date(2025, 12, 31))
    assert as_user(commune_a).get(draft.get_absolute_url()).status_code == 200
    assert not Agreement.objects.editable_by(commune_a).exists()
    assert "không có quyền" in act(as_user(commune_a), draft, "send").content.decode()


# --- New agreements -------------------------------------------------------------------------------------------------


def test_a_new_pair_stands_under_the_units_of_its_first_day(world, new, commune_a, as_user):
    client = as_user(commune_a)
    for day, units in (
        ("1/9/2025", (new.dai_thanh, new.quang_bi)),
        ("15/4/2023", (world.thanh_tri, world.chuong_my)),
    ):
        Agreement.objects.all().delete()
        client.post(reverse("agreement_create"), school_pair(world, starts_on=day, ends_on="31/12/2025"))
        pair = Agreement.objects.get()
        assert (pair.supporting_district, pair.supported_district) == units
        assert pair.registered_side == "supporting"


def test_signing_decides_the_units(world, draft, new, commune_a, as_user):
    Agreement.objects.filter(pk=draft.pk).update(status="confirmed", ends_on=date(2025, 12, 31))
    act(as_user(commune_a), draft, "sign", **SIGNING | {"signed_on": "1/8/2025"})
    draft.refresh_from_db()
    assert draft.status == "signed"
    assert (draft.supporting_district, draft.supported_district) == (new.dai_thanh, new.quang_bi)
    assert "dai thanh" in draft.search_key


def test_a_pair_needs_a_school_of_the_commune(world, commune_d, as_user):
    page = as_user(commune_d).post(reverse("agreement_create"), school_pair(world))
    assert page.status_code == 422
    assert "Một trong hai bên phải là đơn vị của thầy/cô." in page.content.decode()


@pytest.mark.parametrize(
    ("day", "names", "words"),
    [
        ("1/8/2025", ("thanh_tri", "dai_thanh"), "Phòng GD&amp;ĐT huyện Thanh Trì đã kết thúc hoạt động"),
        ("15/4/2023", ("thanh_tri", "dai_thanh"), "UBND xã Đại Thanh có từ ngày 1/7/2025"),
    ],
)
def test_a_district_is_a_party_only_in_its_own_time(world, new, so, as_user, day, names, words):
    units = {**vars(world), **vars(new)}
    form = {
        "tier": "district",
        "supporting_district": units[names[0]].pk,
        "supported_district": units[names[1]].pk,
        "direction": "mutual",
        "starts_on": day,
        "ends_on": "31/12/2025",
    }
    page = as_user(so).post(reverse("agreement_create"), form)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "huyện Thanh Trì (đến 30/6/2025)" in page.content.decode()


# --- Lists under a lens -----------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(world, district_agreement, school_agreement, new):
    """One pair signed before the reform, one after it."""
    late = Agreement.objects.create(
        programme=world.programme,
        tier="school",
        supporting_school=world.school_a,
        supporting_district=new.dai_thanh,
        supported_school=world.school_d,
        supported_district=new.phu_nghia,
        starts_on=date(2025, 9, 1),
        ends_on=date(2025, 12, 31),
        signed_on=date(2025, 9, 1),
        status="signed",
    )
    return {"district": district_agreement.pk, "early": school_agreement.pk, "late": late.pk}


@pytest.mark.parametrize(
    ("lens", "unit", "found"),
    [
        ("", "dai_thanh", {"early", "late"}),
        ("hien-nay", "quang_bi", {"early"}),
        ("hien-nay", "thanh_tri", {"district"}),
        ("thoi-diem", "thanh_tri", {"district", "early"}),
        ("thoi-diem", "dai_thanh", {"late"}),
        ("quan-huyen-cu", "thanh_tri", {"district", "early", "late"}),
        ("quan-huyen-cu", "ba_dinh", set()),
        ("quan-huyen-cu", "dai_thanh", set()),
    ],
)
def test_agreements_of_a_unit(world, new, mixed, browse, lens, unit, found):
    units = {**vars(world), **vars(new)}
    page = browse(AGREEMENTS, theo=lens, don_vi=units[unit].pk)
    assert rows_of(page) == {mixed[name] for name in found}


@pytest.mark.parametrize(
    ("lens", "shown"),
    [
        ("", "xã Đại Thanh – xã Quảng Bị"),
        ("thoi-diem", "huyện Thanh Trì – huyện Chương Mỹ"),
        ("quan-huyen-cu", "huyện Thanh Trì – huyện Chương Mỹ"),
    ],
)
def test_the_unit_column_follows_the_lens(mixed, browse, lens, shown):
    page = browse(AGREEMENTS, theo=lens, cap="school", nam=2023)
    assert cells(page, "Đơn vị quản lý") == [shown]


def test_schools_under_each_lens(world, new, browse):
    founded = School.objects.create(
        code="x9", name="THCS Mới", level="thcs", district=new.dai_thanh, valid_from=date(2026, 9, 1)
    )
    assert rows_of(browse(SCHOOLS, don_vi=new.dai_thanh.pk)) == {world.school_a.pk, founded.pk}
    assert rows_of(browse(SCHOOLS, don_vi=world.thanh_tri.pk)) == set()
    old = {"theo": "quan-huyen-cu"}
    assert rows_of(browse(SCHOOLS, don_vi=world.thanh_tri.pk, **old)) == {world.school_a.pk}
    assert rows_of(browse(SCHOOLS, don_vi="khong", **old)) == {founded.pk}
    assert rows_of(browse(SCHOOLS, don_vi="khong")) == set(), "today every school has a unit"
    assert rows_of(browse(SCHOOLS, don_vi=world.thanh_tri.pk, theo="thoi-diem")) == {world.school_a.pk}
    assert cells(browse(SCHOOLS, q="moi", **old), "Đơn vị quản lý") == ["không thuộc quận, huyện cũ"]
    assert cells(browse(SCHOOLS, q="ta thanh oai", **old), "Đơn vị quản lý") == ["huyện Thanh Trì"]
    assert cells(browse(SCHOOLS, q="ta thanh oai", theo="thoi-diem"), "Đơn vị quản lý") == [
        "huyện Thanh Trì (đến 30/6/2025); xã Đại Thanh"
    ]


def test_every_school_is_of_exactly_one_unit(world, new):
    School.objects.create(code="x9", name="THCS Mới", level="thcs", district=new.dai_thanh)
    School.objects.filter(pk=world.school_d.pk).update(merged_into=world.school_b)
    every = School.objects.count()
    for lens in (Lens.NOW, Lens.OLD):
        groups = [Units(lens).schools(pk) for pk in [None, *District.objects.values_list("pk", flat=True)]]
        assert sum(group.count() for group in groups) == every, lens
    assert {school.pk for school in Units().schools(new.quang_bi.pk)} == {world.school_b.pk, world.school_d.pk}
    assert world.school_d in Units(Lens.OLD).schools(world.chuong_my.pk)


@pytest.fixture
def of_years(world, new):
    """Figures of before and after the reform, and a value of an indicator."""
    for year in (2024, 2025):
        for school, pupils in ((world.school_a, 500), (world.school_b, 400)):
            SchoolYearFigures.objects.create(school=school, school_year=year, level="thcs", pupils=pupils + year)
    indicator = Indicator.objects.create(
        department=world.so, name="Giáo viên giỏi", code="gvg", kind="count", measures="school"
    )
    IndicatorValue.objects.create(indicator=indicator, school=world.school_a, school_year=2024, value=5)
    world.programme.ends_on = date(2026, 12, 31)
    world.programme.save()
    return indicator


@pytest.mark.parametrize(
    ("year", "lens", "names"),
    [
        (2024, "", ["dai_thanh", "quang_bi"]),
        (2024, "thoi-diem", ["thanh_tri", "chuong_my"]),
        (2024, "quan-huyen-cu", ["thanh_tri", "chuong_my"]),
        (2025, "thoi-diem", ["dai_thanh", "quang_bi"]),
        (2025, "quan-huyen-cu", ["thanh_tri", "chuong_my"]),
    ],
)
def test_figures_under_each_lens(world, new, of_years, browse, year, lens, names):
    units = {**vars(world), **vars(new)}
    page = browse("/so-lieu-nam-hoc/", nam=year, theo=lens)
    assert set(cells(page, "Đơn vị quản lý")) - {""} == {str(units[name]) for name in names}
    whole = page.context["table"].totals
    parts = [
        browse("/so-lieu-nam-hoc/", nam=year, theo=lens, don_vi=units[name].pk).context["table"].totals
        for name in names
    ]
    assert [part["schools"] for part in parts] == [1, 1]
    assert sum(part["pupils"] for part in parts) == whole["pupils"] == 900 + 2 * year


def test_schools_without_figures_under_each_lens(world, new, of_years, browse):
    SchoolYearFigures.objects.all().delete()
    missing = {"nam": 2024, "tinh_trang": "chua"}
    assert rows_of(browse("/so-lieu-nam-hoc/", **missing, don_vi=new.dai_thanh.pk)) == {world.school_a.pk}
    assert rows_of(browse("/so-lieu-nam-hoc/", **missing, don_vi=world.thanh_tri.pk)) == set()
    then = browse("/so-lieu-nam-hoc/", **missing, don_vi=world.thanh_tri.pk, theo="thoi-diem")
    assert rows_of(then) == {world.school_a.pk}
    assert cells(then, "Đơn vị quản lý") == ["huyện Thanh Trì"]


def test_measured_schools_under_each_lens(world, new, of_years, browse):
    url = of_years.get_absolute_url()
    assert rows_of(browse(url, don_vi=world.thanh_tri.pk)) == set()
    then = browse(url, don_vi=world.thanh_tri.pk, theo="thoi-diem")
    assert cells(then, "Đơn vị quản lý") == ["huyện Thanh Trì (đến 30/6/2025); xã Đại Thanh"]
    assert cells(browse(url, don_vi=world.thanh_tri.pk, theo="quan-huyen-cu"), "Đơn vị quản lý") == ["huyện Thanh Trì"]
    assert cells(browse(url, don_vi=new.dai_thanh.pk), "Đơn vị quản lý") == ["xã Đại Thanh"]


def test_no_lens_is_offered_before_anything_ended(world, school_agreement, browse):
    for url in (AGREEMENTS, SCHOOLS, "/hoat-dong/", "/ho-tro/", "/so-lieu-nam-hoc/"):
        page = browse(url, theo="thoi-diem").content.decode()
        assert re.search(r'<input type="hidden" name="theo" value="thoi-diem"', page), url
        assert "Xem theo" not in page
        assert "không thuộc quận, huyện cũ" not in page


def test_the_lens_is_offered_once_a_unit_has_ended(new, browse):
    for url in (AGREEMENTS, SCHOOLS, "/hoat-dong/", "/ho-tro/"):
        page = browse(url).content.decode()
        assert re.search(r'<select class="form-select" name="theo"', page), url
        for label in ("đơn vị hiện nay", "đơn vị tại thời điểm", "địa bàn quận, huyện cũ"):
            assert label in page


def test_a_lens_that_is_none_says_so_and_shows_all(mixed, browse):
    page = browse(AGREEMENTS, theo="ngay-mai")
    assert rows_of(page) == set(mixed.values())
    assert "Hãy chọn" in page.content.decode()


def test_the_export_names_the_lens_and_its_units(world, new, mixed, browse):
    def sheet(**query):
        response = browse(AGREEMENTS, theo="quan-huyen-cu", _export="xlsx", **query)
        book = zipfile.ZipFile(BytesIO(b"".join(response.streaming_content)))
        return book.read("xl/worksheets/sheet1.xml").decode()

    text = sheet(don_vi=world.thanh_tri.pk, cap="school")
    assert "Xem theo: địa bàn quận, huyện cũ; Đơn vị: huyện Thanh Trì" in text
    assert "huyện Thanh Trì – huyện Chương Mỹ" in text
    assert "xã Đại Thanh" not in text
    assert "Đơn vị: không thuộc quận, huyện cũ" in sheet(don_vi="khong")


@pytest.mark.parametrize("lens", Lens.values)
@pytest.mark.parametrize("url", [AGREEMENTS, SCHOOLS, "/hoat-dong/", "/ho-tro/"])
def test_lists_take_as_many_queries_for_more_rows(world, new, mixed, so, as_user, url, lens):
    client = as_user(so)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url, {"theo": lens}).status_code == 200
        return len(seen)

    queries()
    few = queries()
    for n in range(10):
        unit = commune(world, f"30{n}", f"Xã {n}")
        school = School.objects.create(code=f"m{n}", name=f"THCS {n}", level="thcs", district=unit)
        School.objects.create(code=f"n{n}", name=f"TH {n}", level="th", district=unit, merged_into=school)
        Agreement.objects.create(
            programme=world.programme,
            tier="school",
            supporting_school=world.school_a,
            supporting_district=new.dai_thanh,
            supported_school=school,
            supported_district=unit,
            starts_on=date(2025, 9, 1),
            ends_on=date(2025, 12, 31),
        )
    assert queries() == few


def test_the_to_do_list_takes_as_many_queries_for_more_agreements(world, draft, new, commune_b, as_user):
    Agreement.objects.filter(pk=draft.pk).update(status="waiting")
    client = as_user(commune_b)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get(AGREEMENTS, {"cho": "toi"})
        return len(seen)

    queries()
    few = queries()
    for n in range(10):
        school = School.objects.create(code=f"m{n}", name=f"THCS {n}", level="thcs", district=new.dai_thanh)
        merged = School.objects.create(code=f"n{n}", name=f"TH {n}", level="th", district=world.chuong_my)
        School.objects.filter(pk=merged.pk).update(merged_into=world.school_b)
        Agreement.objects.create(
            programme=world.programme,
            tier="school",
            supporting_school=school,
            supporting_district=new.dai_thanh,
            supported_school=merged,
            supported_district=world.chuong_my,
            starts_on=date(2025, 9, 1),
            ends_on=date(2025, 12, 31),
            status="waiting",
        )
    assert queries() == few
    assert len(rows_of(client.get(AGREEMENTS, {"cho": "toi"}))) == 11


# --- Units and schools ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["phuc xa ba dinh", "quan ba dinh", "phuong ba dinh"])
def test_a_school_is_found_by_its_old_district_too(new, browse, typed):
    assert cells(browse(SCHOOLS, q=typed), "Trường") == ["THCS Phúc Xá"]


def test_the_page_of_an_ended_unit_shows_what_it_managed(world, new, district_agreement, browse):
    page = browse(world.chuong_my.get_absolute_url()).content.decode()
    assert "đến 30/6/2025" in page
    assert "2 trường" in page
    link = re.search(r'href="(/truong/\?don_vi=\d+&amp;theo=thoi-diem)"', page)[1].replace("&amp;", "&")
    assert rows_of(browse(link)) == {world.school_b.pk, world.school_d.pk}


def test_the_page_of_an_agreement_says_where_its_schools_are_now(new, school_agreement, browse):
    page = browse(school_agreement.get_absolute_url()).content.decode()
    assert "huyện Thanh Trì, nay thuộc xã Đại Thanh" in page


def test_names_and_units_of_a_day(world, new):
    school = world.school_a
    SchoolName.objects.create(school=school, name="THCS Tả Thanh Oai cũ", valid_to=date(2023, 8, 31))
    SchoolName.objects.create(school=school, name="THCS Tả Thanh Oai giữa", valid_to=date(2024, 8, 31))
    for day, name in (
        (date(2023, 8, 31), "THCS Tả Thanh Oai cũ"),
        (date(2023, 9, 1), "THCS Tả Thanh Oai giữa"),
        (date(2024, 9, 1), "THCS Tả Thanh Oai"),
    ):
        assert school.name_on(day) == name
        assert SchoolName.objects.on(day).get(school.pk, school.name) == name
    assert school.managed_on(LAST) == world.thanh_tri
    assert school.managed_on(FIRST) == new.dai_thanh


def test_a_ring_of_successors_ends(world, new):
    """Renamed and renamed back: nobody loops for ever."""
    end(new.phuong_ba_dinh, world.ba_dinh, last=date(2026, 1, 1))
    assert set(Units().heirs) == {world.ba_dinh.pk, new.phuong_ba_dinh.pk}


def test_a_reader_of_a_commune_reads_and_no_more(draft, new, person, as_user):
    reader = person("doc", Role.READER, district=new.dai_thanh)
    assert Membership.objects.get(user=reader).district == new.dai_thanh
    assert as_user(reader).get(draft.get_absolute_url()).status_code == 200
    assert "không có quyền" in act(as_user(reader), draft, "send").content.decode()
