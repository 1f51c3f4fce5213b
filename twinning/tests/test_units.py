"""Districts, schools and the programme: search without marks, Vietnamese order, filters, detail pages, pickers."""

import re
import unicodedata
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from twinning.models import Agreement, District, School

DISTRICTS = "/don-vi/"
SCHOOLS = "/truong/"


def names_on(page):
    """The names in the first column of a list page, top to bottom."""
    return re.findall(r'data-label="(?:Đơn vị|Trường)"><a href="[^"]+">([^<]+)</a>', page.content.decode())


@pytest.fixture
def tan_mai(world):
    hoang_mai = District.objects.create(
        department=world.so,
        code="008",
        name="Hoàng Mai",
        kind="quan",
        zone="inner",
        office_name="Phòng GD&ĐT quận Hoàng Mai",
    )
    return School.objects.create(
        code="01008501",
        name="THCS Tân Mai",
        level="thcs",
        district=hoang_mai,
        address="Phố Tân Mai",
        ownership="private",
    )


@pytest.fixture
def browse(so, as_user):
    """GET as the Department: browse("/truong/", q="tan mai")."""
    client = as_user(so)
    return lambda url, **query: client.get(url, query)


# --- Search ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "thcs tan mai",
        "THCS Tân Mai",
        unicodedata.normalize("NFD", "THCS Tân Mai"),
        "tân mai",
        "  tan   mai ",
        "mai tan",
        "truong thcs tan mai",
        "Trường Trung học cơ sở Tân Mai",
        "tan mai hoang mai",
        "tan mai quan hoang mai",
        "01008501",
        "tan m",
        "tan-mai",
    ],
)
def test_a_school_is_found_however_it_is_typed(tan_mai, browse, typed):
    assert names_on(browse(SCHOOLS, q=typed)) == ["THCS Tân Mai"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("truong thcs ta thanh oai", ["THCS Tả Thanh Oai"]),
        ("dai yen", ["THCS Đại Yên", "Tiểu học Đại Yên"]),
        ("\u00d0ại Yên", ["THCS Đại Yên", "Tiểu học Đại Yên"]),
        ("truong tieu hoc dai yen", ["Tiểu học Đại Yên"]),
        ("tan mai thpt", []),
        ("anh", []),
        ("%", ["THCS Đại Yên", "THCS Phúc Xá", "THCS Tả Thanh Oai", "THCS Tân Mai", "Tiểu học Đại Yên"]),
    ],
)
def test_search_finds_all_of_it_and_only_it(tan_mai, browse, typed, found):
    assert names_on(browse(SCHOOLS, q=typed)) == found


@pytest.mark.parametrize(
    "typed", ["thanh tri", "huyen thanh tri", "Phòng GD&ĐT Thanh Trì", "phong giao duc thanh tri", "020"]
)
def test_a_district_is_found_by_name_kind_office_or_code(world, browse, typed):
    assert names_on(browse(DISTRICTS, q=typed)) == ["Thanh Trì"]


def test_a_decomposed_name_is_stored_and_found_as_composed(world, browse):
    school = School.objects.create(
        code="x", name=unicodedata.normalize("NFD", "  Tiểu học  Thượng Vực "), level="th", district=world.chuong_my
    )
    school.refresh_from_db()
    assert school.name == "Tiểu học Thượng Vực"
    assert School.objects.filter(name=unicodedata.normalize("NFD", "Tiểu học Thượng Vực")).exists()
    assert names_on(browse(SCHOOLS, q="thuong vuc")) == ["Tiểu học Thượng Vực"]


def test_a_renamed_school_is_found_and_sorted_by_its_new_name(world, browse):
    world.school_c.name = "THCS Ba Đình"
    world.school_c.save()
    assert names_on(browse(SCHOOLS, q="phuc xa")) == []
    assert names_on(browse(SCHOOLS))[0] == "THCS Ba Đình"


def test_an_empty_result_says_what_to_do(world, browse):
    assert "Không có dòng nào khớp. Hãy bỏ bớt điều kiện lọc." in browse(SCHOOLS, q="khong co").content.decode()


# --- Order and filters ----------------------------------------------------------------------------------------------


def test_districts_stand_in_vietnamese_order(world, browse):
    names = "Hai Bà Trưng,Hà Đông,Đống Đa,Đông Anh,Đan Phượng,Cầu Giấy,Ba Vì"
    for n, name in enumerate(names.split(",")):
        District.objects.create(
            department=world.so, code=f"x{n}", name=name, kind="quan", zone="inner", office_name=f"Phòng {name}"
        )
    expected = [
        "Ba Đình",
        "Ba Vì",
        "Cầu Giấy",
        "Chương Mỹ",
        "Đan Phượng",
        "Đông Anh",
        "Đống Đa",
        "Hà Đông",
        "Hai Bà Trưng",
        "Thanh Trì",
    ]
    assert names_on(browse(DISTRICTS)) == expected
    assert names_on(browse(DISTRICTS, sort="-name")) == expected[::-1]


def test_filters_of_districts(world, browse):
    assert names_on(browse(DISTRICTS, loai="huyen")) == ["Chương Mỹ", "Thanh Trì"]
    assert names_on(browse(DISTRICTS, khu_vuc="inner")) == ["Ba Đình"]
    assert names_on(browse(DISTRICTS, loai="huyen", khu_vuc="inner")) == []


def test_filters_of_schools(world, tan_mai, browse):
    assert names_on(browse(SCHOOLS, don_vi=world.chuong_my.pk)) == ["THCS Đại Yên", "Tiểu học Đại Yên"]
    assert names_on(browse(SCHOOLS, don_vi=world.chuong_my.pk, cap="th")) == ["Tiểu học Đại Yên"]
    assert names_on(browse(SCHOOLS, truong=tan_mai.pk)) == ["THCS Tân Mai"]


def test_a_filter_that_is_no_choice_says_so_and_shows_all(world, browse):
    page = browse(SCHOOLS, cap="dai-hoc")
    assert len(names_on(page)) == 4
    assert "Hãy chọn" in page.content.decode()


@pytest.mark.parametrize(
    ("year", "signed"),
    [("", True), ("2022", True), ("2024", True), ("2023", False)],
)
def test_schools_with_an_agreement_in_a_school_year(world, school_agreement, browse, year, signed):
    if not signed:
        Agreement.objects.filter(pk=school_agreement.pk).update(signed_on=date(2024, 9, 5))
    every, both = names_on(browse(SCHOOLS)), ["THCS Đại Yên", "THCS Tả Thanh Oai"]
    with_one = both if signed else []
    assert names_on(browse(SCHOOLS, giao_uoc="co", nam=year)) == with_one
    assert names_on(browse(SCHOOLS, giao_uoc="chua", nam=year)) == [name for name in every if name not in with_one]


def test_an_agreement_ended_early_counts_until_it_ended(world, school_agreement, browse):
    Agreement.objects.filter(pk=school_agreement.pk).update(status="ended", ended_on=date(2024, 3, 1))
    assert len(names_on(browse(SCHOOLS, giao_uoc="co", nam="2023"))) == 2
    assert names_on(browse(SCHOOLS, giao_uoc="co", nam="2024")) == []


def test_a_draft_does_not_count_as_signed(world, draft, browse):
    assert names_on(browse(SCHOOLS, giao_uoc="co")) == []


# --- Detail pages ---------------------------------------------------------------------------------------------------


def test_district_page(world, district_agreement, browse):
    page = browse(world.chuong_my.get_absolute_url()).content.decode()
    for text in ("Phòng GD&amp;ĐT huyện Chương Mỹ", "2 trường", "ngoại thành", "277", "Thanh Trì – Chương Mỹ", "đã ký"):
        assert text in page
    assert f"/truong/?don_vi={world.chuong_my.pk}&amp;cap=thcs" in page


def test_school_page(world, school_agreement, tan_mai, browse):
    page = browse(world.school_a.get_absolute_url()).content.decode()
    for text in (
        "THCS Tả Thanh Oai",
        "huyện Thanh Trì",
        "01020501",
        "công lập",
        "THCS Tả Thanh Oai – THCS Đại Yên",
        "05/BGN-THCS",
    ):
        assert text in page
    tan_mai.merged_into = world.school_a
    tan_mai.save()
    page = browse(tan_mai.get_absolute_url()).content.decode()
    for text in ("tư thục", "Phố Tân Mai", "Đã nhập vào", "Chưa có giao ước nào"):
        assert text in page


def test_the_directory_shows_a_stranger_no_agreement(world, school_agreement, district_agreement, as_user, nguoi_la):
    client = as_user(nguoi_la)
    for unit in (world.school_a, world.thanh_tri):
        page = client.get(unit.get_absolute_url())
        assert page.status_code == 200
        assert "Chưa có giao ước nào mà thầy/cô xem được" in page.content.decode()


def test_programme_page(world, browse):
    page = browse(reverse("programme_detail")).content.decode()
    for text in ("Nhà trường cùng chung tay phát triển", "4340/KH-SGDĐT", "12/12/2022", "2022–2025", "31/12/2025"):
        assert text in page
    assert "Đổi mới phương pháp dạy học" in page
    assert "Phòng – Phòng; trường – trường" in re.sub(r"\s+", " ", page)


# --- Options of pickers ---------------------------------------------------------------------------------------------


def test_school_options_match_what_is_typed(world, browse):
    assert browse(reverse("school_options"), q="dai yen").json() == {
        "results": [
            {"value": world.school_b.pk, "text": "THCS Đại Yên (huyện Chương Mỹ)"},
            {"value": world.school_d.pk, "text": "Tiểu học Đại Yên (huyện Chương Mỹ)"},
        ]
    }
    assert (
        browse(reverse("school_options"), q="truong thcs ta thanh oai").json()["results"][0]["value"]
        == world.school_a.pk
    )


def test_school_options_are_never_more_than_twenty(world, browse):
    for n in range(25):
        School.objects.create(code=f"m{n}", name=f"Mầm non Số {n}", level="mn", district=world.ba_dinh)
    assert len(browse(reverse("school_options"), q="mam non").json()["results"]) == 20


def test_a_unit_code_is_used_once(world):
    twin = District(department=world.so, code="020", name="Khác", kind="quan", office_name="Phòng Khác")
    with pytest.raises(ValidationError, match="Mã này đã dùng cho đơn vị khác"):
        twin.full_clean()
