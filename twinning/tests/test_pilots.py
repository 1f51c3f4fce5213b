"""Pilot schools: each side chooses its own, quotas are shown as filled or missing, what exceeds one is refused."""

from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from twinning.models import Agreement, PilotQuota, School, SchoolManagement
from twinning.models.pilot import Quotas, filled_of
from twinning.tests.rows import content, typed

PROGRAMME = {"mn": 1, "th": 1, "thcs": 1}


@pytest.fixture
def quotas(world):
    for level, count in PROGRAMME.items():
        PilotQuota.objects.create(programme=world.programme, level=level, count=count)


@pytest.fixture
def url(district_agreement):
    return reverse("agreement_pilots", args=[district_agreement.pk])


@pytest.fixture
def new_school(world):
    """new_school("TH&THCS Vạn Phúc", "th_thcs") of Thanh Trì, or of another unit."""

    def make(name, level, district=None):
        code = f"x{School.objects.count()}"
        return School.objects.create(code=code, name=name, level=level, district=district or world.thanh_tri)

    return make


def choose(client, url, *schools, side="supporting", **more):
    return client.post(url, typed(side, *({"school": getattr(s, "pk", s)} for s in schools)) | more, follow=True)


def chosen(agreement):
    return sorted((pilot.side, pilot.school.name) for pilot in agreement.pilot_schools.select_related("school"))


# --- How schools fill quotas ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quotas", "levels", "words", "excess"),
    [
        ({}, {"thcs": 2}, "đã chọn 2 trường", 0),
        ({"mn": 3, "th": 3, "thcs": 3}, {}, "đã chọn 0/9; còn thiếu 3 Mầm non, 3 Tiểu học, 3 THCS", 0),
        ({"mn": 3, "th": 3, "thcs": 3}, {"mn": 3, "th": 3, "thcs": 2}, "đã chọn 8/9; còn thiếu 1 THCS", 0),
        ({"mn": 3, "th": 3, "thcs": 3}, {"mn": 3, "th": 3, "thcs": 3}, "đã chọn 9/9", 0),
        ({"": 10}, {"thcs": 9}, "đã chọn 9/10; còn thiếu 1 trường", 0),
        ({"": 10}, {"thpt": 10}, "đã chọn 10/10", 0),
        ({"": 10}, {"thcs": 11}, "đã chọn 11/10; vượt chỉ tiêu", 1),
        ({"": 10, "thcs": 3}, {"thcs": 2, "mn": 5}, "đã chọn 7/10; còn thiếu 1 THCS, 2 trường bất kỳ cấp nào", 0),
        ({"thcs": 3}, {"thcs": 4}, "đã chọn 4/3; vượt chỉ tiêu", 1),
        ({"thcs": 3}, {"thpt": 1}, "đã chọn 1/3; còn thiếu 3 THCS", 1),
        # A school of two levels stands where it is needed, and counts once.
        ({"th": 3, "thcs": 3}, {"th": 3, "thcs": 2, "th_thcs": 1}, "đã chọn 6/6", 0),
        ({"th": 3, "thcs": 3}, {"th": 2, "thcs": 3, "th_thcs": 1}, "đã chọn 6/6", 0),
        ({"th": 3, "thcs": 3}, {"th_thcs": 6}, "đã chọn 6/6", 0),
        ({"th": 3, "thcs": 3}, {"th_thcs": 7}, "đã chọn 7/6; vượt chỉ tiêu", 1),
        ({"th": 3, "thcs": 3}, {"th": 3, "thcs": 3, "th_thcs": 1}, "đã chọn 7/6; vượt chỉ tiêu", 1),
        # One stands in the place another could not take: THCS&THPT has to leave THCS to TH&THCS.
        ({"th": 1, "thcs": 1, "thpt": 1}, {"th": 1, "th_thcs": 1, "thcs_thpt": 1}, "đã chọn 3/3", 0),
        ({"thcs": 0}, {"thcs": 1}, "đã chọn 1/0; vượt chỉ tiêu", 1),
    ],
)
def test_schools_fill_quotas(quotas, levels, words, excess):
    filled = Quotas(quotas).filled(levels)
    assert str(filled) == words
    assert len(filled.excess) == excess


# --- Choosing ---------------------------------------------------------------------------------------------------------


def test_each_side_chooses_its_own_schools(
    world, district_agreement, quotas, url, phong_thanh_tri, phong_chuong_my, as_user
):
    page = choose(as_user(phong_thanh_tri), url, world.school_a)
    assert chosen(district_agreement) == [("supporting", "THCS Tả Thanh Oai")]
    assert "đã chọn 1/3; còn thiếu 1 Mầm non, 1 Tiểu học" in content(page)
    assert "đã chọn 0/3" in content(page)
    choose(as_user(phong_chuong_my), url, world.school_b, world.school_d, side="supported")
    assert chosen(district_agreement) == [
        ("supported", "THCS Đại Yên"),
        ("supported", "Tiểu học Đại Yên"),
        ("supporting", "THCS Tả Thanh Oai"),
    ]
    event = district_agreement.events.filter(action="pilots").latest("pk")
    assert "thêm THCS Đại Yên, Tiểu học Đại Yên" in event.note


def test_rows_taken_away_or_emptied_go_and_the_rest_stays(world, district_agreement, url, phong_thanh_tri, as_user):
    client, kept = as_user(phong_thanh_tri), world.school_a
    other = School.objects.create(code="x9", name="THCS Vạn Phúc", level="thcs", district=world.thanh_tri)
    choose(client, url, kept, other)
    before = district_agreement.pilot_schools.get(school=kept).pk
    data = typed("supporting", {"school": kept.pk}, {"school": other.pk, "DELETE": "on"})
    client.post(url, data)
    assert district_agreement.pilot_schools.get().pk == before
    choose(client, url, "")
    assert not district_agreement.pilot_schools.exists()


def test_what_exceeds_a_quota_is_refused_and_the_quota_named(
    district_agreement, quotas, world, url, phong_thanh_tri, new_school, as_user
):
    second = new_school("THCS Vạn Phúc", "thcs")
    answer = choose(as_user(phong_thanh_tri), url, world.school_a, second)
    assert answer.status_code == 422
    assert "Chỉ tiêu trường điểm mỗi bên là 1 THCS; đã chọn 2 trường. Hãy bỏ bớt 1 trường." in content(answer)
    assert "THCS Vạn Phúc" in content(answer)  # still in its box
    assert not district_agreement.pilot_schools.exists()


def test_a_level_without_quota_is_refused(district_agreement, quotas, url, phong_thanh_tri, new_school, as_user):
    answer = choose(as_user(phong_thanh_tri), url, new_school("THPT Ngọc Hồi", "thpt"))
    assert answer.status_code == 422
    assert "Không có chỉ tiêu trường điểm cấp THPT" in content(answer)


def test_a_lowered_quota_keeps_nobody_from_taking_schools_out(
    district_agreement, world, url, phong_thanh_tri, new_school, as_user
):
    client = as_user(phong_thanh_tri)
    schools = [world.school_a, new_school("THCS Một", "thcs"), new_school("THCS Hai", "thcs")]
    choose(client, url, *schools)
    PilotQuota.objects.create(programme=world.programme, level="thcs", count=1)
    assert "vượt chỉ tiêu" in content(client.get(district_agreement.get_absolute_url()))
    assert choose(client, url, *schools[:2]).status_code == 200
    assert district_agreement.pilot_schools.count() == 2
    assert choose(client, url, *schools).status_code == 422
    assert district_agreement.pilot_schools.count() == 2


def test_a_school_of_neither_the_side_then_nor_now_is_refused(world, district_agreement, url, phong_thanh_tri, as_user):
    for school in (world.school_b, world.school_c):
        answer = choose(as_user(phong_thanh_tri), url, school)
        assert answer.status_code == 422
        assert "không thuộc" in content(answer)
        assert school.name in content(answer)
    assert not district_agreement.pilot_schools.exists()


def test_a_school_of_the_side_at_signing_or_today_may_be_chosen(
    world, district_agreement, url, phong_thanh_tri, new_school, as_user
):
    """One left for Ba Đình after the signing, one came from there."""
    left, came = new_school("THCS Đi", "thcs"), new_school("THCS Đến", "thcs", world.ba_dinh)
    for school, old, new in ((left, world.thanh_tri, world.ba_dinh), (came, world.ba_dinh, world.thanh_tri)):
        SchoolManagement.objects.filter(school=school).update(valid_to=date(2024, 7, 31))
        SchoolManagement.objects.create(school=school, district=new, valid_from=date(2024, 8, 1))
        School.objects.filter(pk=school.pk).update(district=new)
        assert old != new
    choose(as_user(phong_thanh_tri), url, left, came)
    assert chosen(district_agreement) == [("supporting", "THCS Đi"), ("supporting", "THCS Đến")]


def test_twice_closed_and_unknown(world, district_agreement, url, phong_thanh_tri, new_school, so, as_user):
    client = as_user(phong_thanh_tri)
    assert "Trường này đã chọn ở dòng trên." in content(choose(client, url, world.school_a, world.school_a))
    closed = new_school("THCS Đã đóng", "thcs")
    School.objects.filter(pk=closed.pk).update(valid_to=date(2024, 5, 31))
    assert "không còn hoạt động" in content(choose(client, url, closed))
    for nonsense in (999_999, "abc", "-1", "1' OR 1=1"):
        answer = choose(client, url, nonsense)
        assert answer.status_code == 422
        assert "Không thấy trường này" in content(answer)
    assert not district_agreement.pilot_schools.exists()


def test_one_school_is_of_one_side(world, district_agreement, url, so, new_school, as_user):
    """It was of Thanh Trì at signing and is of Chương Mỹ today: the first to choose it has it."""
    school = new_school("THCS Giáp ranh", "thcs")
    SchoolManagement.objects.filter(school=school).update(valid_to=date(2024, 7, 31))
    SchoolManagement.objects.create(school=school, district=world.chuong_my, valid_from=date(2024, 8, 1))
    School.objects.filter(pk=school.pk).update(district=world.chuong_my)
    client = as_user(so)
    both = typed("supporting", {"school": school.pk}) | typed("supported", {"school": school.pk})
    assert client.post(url, both).status_code == 422
    assert not district_agreement.pilot_schools.exists()
    client.post(url, typed("supporting", {"school": school.pk}) | typed("supported"))
    answer = client.post(url, both)
    assert answer.status_code == 422
    assert "đã là trường điểm của bên kia" in content(answer)


def test_the_picker_offers_the_schools_of_the_side(world, district_agreement, phong_thanh_tri, as_user):
    client = as_user(phong_thanh_tri)
    options = reverse("pilot_options", args=[district_agreement.pk, "supporting"])
    assert [row["value"] for row in client.get(options + "?q=thcs").json()["results"]] == [world.school_a.pk]
    assert client.get(options + "?q=dai").json()["results"] == []
    other = reverse("pilot_options", args=[district_agreement.pk, "supported"])
    assert client.get(other + "?q=thcs").status_code == 404
    assert client.get(reverse("pilot_options", args=[district_agreement.pk, "ca-hai"])).status_code == 404


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("so", True),
        ("quan_tri", True),
        ("phong_thanh_tri", True),
        ("phong_chuong_my", True),
        ("lanh_dao", False),
        ("chi_xem", False),
        ("hieu_truong_a", False),
        ("nguoi_la", False),
        ("nguoi_tinh_khac", False),
    ],
)
def test_who_may(world, district_agreement, school_agreement, url, request, as_user, who, may):
    client = as_user(request.getfixturevalue(who))
    for page in (url, reverse("agreement_quotas", args=[district_agreement.pk])):
        assert client.get(page).status_code == (200 if may else 404)
    both = typed("supporting", {"school": world.school_a.pk}) | typed("supported", {"school": world.school_b.pk})
    client.post(url, both)
    assert district_agreement.pilot_schools.exists() == may
    client.post(reverse("agreement_quotas", args=[district_agreement.pk]), {"count_all": 10})
    assert PilotQuota.objects.exists() == may


def test_schools_of_a_school_agreement_are_no_pilots(school_agreement, so, as_user):
    client = as_user(so)
    assert client.get(reverse("agreement_pilots", args=[school_agreement.pk])).status_code == 404
    assert client.get(reverse("agreement_quotas", args=[school_agreement.pk])).status_code == 404


# --- Quotas -----------------------------------------------------------------------------------------------------------


def test_the_department_sets_those_of_the_programme(world, district_agreement, so, as_user):
    client, url = as_user(so), reverse("programme_quotas", args=[world.programme.pk])
    assert url in content(client.get(reverse("programme_detail")))
    client.post(url, {"count_mn": "3", "count_th": "3", "count_thcs": "3"})
    assert dict(PilotQuota.objects.values_list("level", "count")) == {"mn": 3, "th": 3, "thcs": 3}
    assert "9 trường mỗi bên (3 Mầm non, 3 Tiểu học, 3 THCS)" in content(client.get(reverse("programme_detail")))
    client.post(url, {"count_all": "10"})
    assert dict(PilotQuota.objects.values_list("level", "count")) == {"": 10}


@pytest.mark.parametrize("who", ["lanh_dao", "phong_thanh_tri", "hieu_truong_a", "chi_xem", "nguoi_tinh_khac"])
def test_nobody_else_sets_those_of_the_programme(world, request, as_user, who):
    client, url = as_user(request.getfixturevalue(who)), reverse("programme_quotas", args=[world.programme.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {"count_all": "10"}).status_code == 404
    assert url not in content(client.get(reverse("programme_detail")))
    assert not PilotQuota.objects.exists()


def test_those_of_an_agreement_take_the_place_of_the_programmes(
    world, district_agreement, quotas, phong_chuong_my, as_user
):
    client, url = as_user(phong_chuong_my), reverse("agreement_quotas", args=[district_agreement.pk])
    assert "Theo phong trào: 1" in content(client.get(url))
    page = client.post(url, {"count_all": "10"}, follow=True)
    assert "đã chọn 0/10; còn thiếu 10 trường" in content(page)
    page = client.post(url, {"count_all": ""}, follow=True)
    assert "đã chọn 0/3" in content(page)
    assert district_agreement.events.filter(action="quotas").count() == 2


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"count_mn": "-1"}, "Số trường không thể âm"),
        ({"count_mn": "101"}, "Số quá lớn"),
        ({"count_mn": "2,5"}, "Hãy ghi số nguyên"),
        ({"count_mn": "ba"}, "Hãy ghi số nguyên"),
        ({"count_all": "5", "count_mn": "3", "count_th": "3"}, "Cộng các cấp là 6 trường, nhiều hơn 5 trường"),
    ],
)
def test_impossible_quotas_are_refused(world, so, as_user, form, message):
    answer = as_user(so).post(reverse("programme_quotas", args=[world.programme.pk]), form)
    assert answer.status_code == 422
    assert message in content(answer)
    for name, typed_text in form.items():
        assert f'name="{name}" value="{typed_text}"' in content(answer)
    assert not PilotQuota.objects.exists()


# --- Where it is shown ------------------------------------------------------------------------------------------------


def test_the_same_words_on_the_page_in_the_list_and_in_the_overview(
    world, district_agreement, quotas, url, phong_thanh_tri, so, as_user
):
    choose(as_user(phong_thanh_tri), url, world.school_a)
    client = as_user(so)
    supporting, supported = filled_of([district_agreement])[district_agreement.pk].values()
    assert (supporting.short, supported.short) == ("1/3", "0/3")
    page = content(client.get(district_agreement.get_absolute_url()))
    overview = content(client.get(reverse("pilot_overview")))
    for words in (str(supporting), str(supported)):
        assert words in page
        assert words in overview
    assert "1/3 · 0/3" in content(client.get(reverse("agreement_list") + "?cap=district"))
    assert "1/3 · 0/3" not in content(client.get(reverse("agreement_list")))
    sheet = client.get(reverse("pilot_overview") + "?_export=xlsx")
    rows = list(openpyxl.load_workbook(_file(sheet)).active.iter_rows(min_row=5, values_only=True))
    quotas = "3 trường mỗi bên (1 Mầm non, 1 Tiểu học, 1 THCS)"
    assert rows == [("Thanh Trì – Chương Mỹ", quotas, str(supporting), str(supported))]


def _file(response):
    import io

    return io.BytesIO(b"".join(response.streaming_content))


def test_the_overview_tells_the_full_from_the_others(world, district_agreement, so, url, as_user):
    PilotQuota.objects.create(programme=world.programme, level="thcs", count=1)
    client, page = as_user(so), reverse("pilot_overview")
    assert "Thanh Trì – Chương Mỹ" in content(client.get(page + "?thieu=co"))
    client.post(
        url, typed("supporting", {"school": world.school_a.pk}) | typed("supported", {"school": world.school_b.pk})
    )
    assert "Thanh Trì – Chương Mỹ" not in content(client.get(page + "?thieu=co"))
    assert "Thanh Trì – Chương Mỹ" in content(client.get(page + "?thieu=khong"))


def test_lists_take_as_many_queries_for_twenty(world, district_agreement, quotas, so, as_user, new_school):
    client = as_user(so)
    pages = [reverse("pilot_overview"), reverse("agreement_list") + "?cap=district"]
    pages += [page + ("&" if "?" in page else "?") + "_export=xlsx" for page in pages]

    def queries():
        counts = []
        for page in pages:
            for _again in range(2):
                with CaptureQueriesContext(connection) as seen:
                    response = client.get(page)
                    if response.streaming:
                        b"".join(response.streaming_content)
            counts.append(len(seen))
        return counts

    few = queries()
    for n in range(19):
        district = world.ba_dinh.__class__.objects.create(
            department=world.so, code=f"q{n}", name=f"Quận {n}", kind="quan", zone="inner", office_name="Phòng"
        )
        agreement = Agreement.objects.create(
            programme=world.programme,
            tier="district",
            supporting_district=district,
            supported_district=world.chuong_my,
            starts_on=date(2023, 4, 15),
            ends_on=date(2025, 12, 31),
            signed_on=date(2023, 4, 15),
            status="signed",
        )
        agreement.pilot_schools.create(side="supporting", school=new_school(f"THCS Số {n}", "thcs", district))
    assert queries() == few


def test_the_form_takes_as_many_queries_for_many_rows(world, district_agreement, url, so, as_user, new_school):
    client = as_user(so)

    def queries():
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    district_agreement.pilot_schools.create(side="supporting", school=world.school_a)
    few = queries()
    for n in range(12):
        district_agreement.pilot_schools.create(side="supporting", school=new_school(f"THCS Số {n}", "thcs"))
    assert queries() == few


def test_a_merged_school_hands_its_part_on(world, district_agreement, quotas):
    """The side stays with the row; what counts is the level of the successor."""
    district_agreement.pilot_schools.create(side="supported", school=world.school_b)
    district_agreement.pilot_schools.update(school=world.school_d)
    filled = filled_of([district_agreement])[district_agreement.pk]["supported"]
    assert str(filled) == "đã chọn 1/3; còn thiếu 1 Mầm non, 1 THCS"
