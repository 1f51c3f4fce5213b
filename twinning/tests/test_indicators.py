"""Indicators: which there are, their values by unit and year, numbers as written here, who may, who was first."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from twinning.forms.numbers import DecimalNumberField
from twinning.models import Indicator, IndicatorValue, School
from twinning.vietnamese import decimal

LIST = "/chi-so/"


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def indicator(world):
    """indicator("rank", "district") makes one."""

    def make(kind="mean", measures="school", **fields):
        fields = {"code": f"{kind}-{measures}", "name": f"Chỉ số {kind} {measures}", **fields}
        return Indicator.objects.create(department=world.so, kind=kind, measures=measures, **fields)

    return make


@pytest.fixture
def rank(indicator, world):
    """Ba Vì's fact, told of Chương Mỹ: 17th, then 13th."""
    rank = indicator("rank", "district", name="Xếp hạng chất lượng")
    for year, value in ((2020, 17), (2021, 13)):
        IndicatorValue.objects.create(indicator=rank, school_year=year, district=world.chuong_my, value=value)
    return rank


def entry(indicator):
    return reverse("indicator_value_create", args=[indicator.pk])


def edit(value):
    return reverse("indicator_value_edit", args=[value.indicator_id, value.school_year, value.unit.pk])


# --- Numbers as written here ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "number"),
    [("6,75", "6.75"), ("13", "13"), ("1.234", "1234"), ("1.234,5", "1234.5"), (" 1 234 ", "1234"), ("0,5", "0.5")],
)
def test_a_comma_separates_the_fraction(written, number):
    assert DecimalNumberField(max_digits=12, decimal_places=3).clean(written) == Decimal(number)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("6.75", "Phần lẻ viết sau dấu phẩy, ví dụ 6,75"),
        ("0.5", "Phần lẻ viết sau dấu phẩy"),
        ("12.34,5", "Hãy ghi một số"),
        ("6,7,5", "Hãy ghi một số"),
        ("sáu", "Hãy ghi một số"),
        ("NaN", "Hãy ghi một số"),
        ("1e5", "Hãy ghi một số"),
    ],
)
def test_what_could_mean_two_numbers_is_refused_with_the_reason(written, why):
    with pytest.raises(ValidationError, match=why):
        DecimalNumberField(max_digits=12, decimal_places=3).clean(written)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("rank", "13.000", "13"),
        ("count", "1204", "1.204"),
        ("mean", "6.750", "6,75"),
        ("mean", "7", "7,00"),
        ("mean", "6.755", "6,755"),
        ("share", "41", "41%"),
        ("share", "41.5", "41,5%"),
    ],
)
def test_a_value_is_shown_by_its_kind(kind, value, shown):
    assert Indicator(kind=kind).text(Decimal(value)) == shown


def test_large_decimals_are_grouped():
    assert decimal(Decimal("1234567.890")) == "1.234.567,89"
    assert decimal(Decimal("1E+2")) == "100"


# --- The list of indicators -----------------------------------------------------------------------------------------


NEW = {"code": "giai-hsg", "name": "Số giải học sinh giỏi", "kind": "count", "measures": "district", "position": ""}


def test_the_department_adds_and_renames(so, as_user):
    client = as_user(so)
    assert reverse("indicator_create") in client.get(LIST).content.decode()
    client.post(reverse("indicator_create"), NEW)
    made = Indicator.objects.get()
    assert (made.code, made.position, made.department) == ("giai-hsg", 0, so.memberships.get().department)
    client.post(reverse("indicator_edit", args=[made.pk]), {**NEW, "name": "Số giải HSG", "code": "hsg"})
    made.refresh_from_db()
    assert (made.code, made.name) == ("hsg", "Số giải HSG")
    assert "1 kết quả" in text(client.get(LIST, {"q": "so giai"}))


@pytest.mark.parametrize("who", ["phong_thanh_tri", "hieu_truong_a", "lanh_dao", "chi_xem"])
def test_others_only_read_the_list(request, rank, as_user, who):
    client = as_user(request.getfixturevalue(who))
    assert "Xếp hạng chất lượng" in text(client.get(LIST))
    assert client.get(reverse("indicator_create")).status_code == 404
    assert client.post(reverse("indicator_create"), NEW).status_code == 404
    assert client.get(reverse("indicator_edit", args=[rank.pk])).status_code == 404
    assert client.post(reverse("indicator_delete", args=[rank.pk])).status_code == 404
    assert Indicator.objects.count() == 1


def test_a_code_is_used_once(so, rank, as_user):
    refused = as_user(so).post(reverse("indicator_create"), {**NEW, "code": rank.code})
    assert refused.status_code == 422
    assert "Mã này đã dùng cho chỉ số khác." in text(refused)


def test_what_values_mean_is_fixed_once_there_are_any(so, rank, as_user):
    client = as_user(so)
    client.post(
        reverse("indicator_edit", args=[rank.pk]), {**NEW, "code": "khac", "kind": "mean", "measures": "school"}
    )
    rank.refresh_from_db()
    assert (rank.code, rank.kind, rank.measures) == ("rank-district", "rank", "district")
    assert rank.name == NEW["name"]


def test_only_an_indicator_without_values_is_taken_away(so, rank, indicator, as_user):
    client = as_user(so)
    refused = client.post(reverse("indicator_delete", args=[rank.pk]), follow=True)
    assert "đã có giá trị nên không xoá được" in text(refused)
    assert reverse("indicator_delete", args=[rank.pk]) not in refused.content.decode()
    empty = indicator()
    assert reverse("indicator_delete", args=[empty.pk]) in client.get(empty.get_absolute_url()).content.decode()
    client.post(reverse("indicator_delete", args=[empty.pk]))
    assert list(Indicator.objects.all()) == [rank]


# --- Entering values ------------------------------------------------------------------------------------------------


def test_the_department_enters_one_value_after_the_other(world, so, rank, as_user):
    client = as_user(so)
    form = {"school_year": "2023", "district": world.ba_dinh.pk, "value": "5", "source": "Báo cáo tổng kết"}
    page = client.post(entry(rank), form, follow=True)
    assert "Đã lưu: quận Ba Đình, 2023-2024: 5." in text(page)
    assert page.context["form"]["school_year"].value() == "2023", "the same year for the next unit"
    stored = IndicatorValue.objects.get(school_year=2023)
    assert (stored.district, stored.value, stored.source) == (world.ba_dinh, 5, "Báo cáo tổng kết")
    assert stored.history.get().history_user == so


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("rank", "13,5", "Thứ hạng là số nguyên, không có phần lẻ."),
        ("rank", "0", "Thứ hạng bắt đầu từ 1."),
        ("count", "1,5", "Số lượng là số nguyên, không có phần lẻ."),
        ("mean", "6.75", "Phần lẻ viết sau dấu phẩy, ví dụ 6,75."),
        ("mean", "-1", "Giá trị không thể âm."),
        ("share", "100,5", "Tỷ lệ không thể quá 100%."),
        ("mean", "", "Mục này bắt buộc: hãy điền hoặc chọn."),
    ],
)
def test_a_value_that_does_not_fit_is_refused(world, so, indicator, as_user, kind, value, why):
    form = {"school_year": "2023", "school": world.school_a.pk, "value": value}
    refused = as_user(so).post(entry(indicator(kind)), form)
    assert refused.status_code == 422
    assert why in text(refused)
    assert not IndicatorValue.objects.exists()


def test_a_district_enters_its_schools_and_itself(world, phong_thanh_tri, rank, indicator, as_user):
    client, mean = as_user(phong_thanh_tri), indicator("mean")
    form = {"school_year": "2023", "value": "6,75"}
    client.post(entry(mean), {**form, "school": world.school_a.pk})
    client.post(entry(rank), {**form, "value": "9", "district": world.thanh_tri.pk})
    assert {(v.unit, v.value) for v in IndicatorValue.objects.filter(school_year=2023)} == {
        (world.school_a, Decimal("6.75")),
        (world.thanh_tri, 9),
    }
    for of, unit in ((mean, {"school": world.school_b.pk}), (rank, {"district": world.chuong_my.pk})):
        refused = client.post(entry(of), {**form, "value": "7", **unit})
        assert refused.status_code == 422
        assert "Thầy/cô không nhập được giá trị của đơn vị này." in text(refused)
    theirs = rank.values.get(district=world.chuong_my, school_year=2021)
    assert client.get(edit(theirs)).status_code == 404
    assert client.post(edit(theirs), {"value": "1"}).status_code == 404
    options = client.get(reverse("own_school_options"), {"q": "thcs"}).json()["results"]
    assert [option["value"] for option in options] == [world.school_a.pk]


@pytest.mark.parametrize("who", ["hieu_truong_a", "can_bo", "lanh_dao", "chi_xem"])
def test_schools_and_readers_enter_none(request, rank, as_user, who):
    client = as_user(request.getfixturevalue(who))
    assert client.get(entry(rank)).status_code == 404
    page = client.get(rank.get_absolute_url())
    assert "13" in text(page)
    assert entry(rank) not in page.content.decode()
    assert edit(rank.values.first()) not in page.content.decode()


def test_a_unit_has_one_value_a_year(world, so, rank, as_user):
    form = {"school_year": "2021", "district": world.chuong_my.pk, "value": "12"}
    refused = as_user(so).post(entry(rank), form)
    assert refused.status_code == 422
    assert "huyện Chương Mỹ đã có giá trị 13 của năm học này." in text(refused)
    assert rank.values.get(school_year=2021).value == 13


def test_two_enter_the_same_value_at_once(world, so, rank, as_user, monkeypatch):
    def validate(self, exclude=None):
        """Somebody else's row comes after the last look and before the write."""
        IndicatorValue.objects.get_or_create(
            indicator=rank, school_year=2023, district=world.ba_dinh, defaults={"value": 4}
        )

    monkeypatch.setattr(IndicatorValue, "validate_constraints", validate)
    refused = as_user(so).post(entry(rank), {"school_year": "2023", "district": world.ba_dinh.pk, "value": "5"})
    assert refused.status_code == 422
    assert "Vừa có người lưu dữ liệu trùng" in text(refused)
    assert rank.values.get(school_year=2023).value == 4


def test_a_value_is_corrected_and_taken_away(so, rank, as_user):
    client, value = as_user(so), rank.values.get(school_year=2021)
    page = client.get(edit(value))
    assert page.context["form"]["value"].value() == "13"
    seen = page.context["form"]["seen"].value()
    client.post(edit(value), {"seen": seen, "value": "12", "source": "Sở"})
    value.refresh_from_db()
    assert (value.value, value.source) == (12, "Sở")
    page = client.get(edit(value))
    assert "giá trị: 13 → 12" in text(page)
    assert "nguồn: – → Sở" in text(page)
    said = text(client.post(edit(value), {"seen": page.context["form"]["seen"].value(), "value": ""}, follow=True))
    assert "Đã xoá giá trị." in said
    assert not rank.values.filter(school_year=2021).exists()


def test_the_later_of_two_who_correct_is_told(so, rank, as_user):
    client, value = as_user(so), rank.values.get(school_year=2021)
    seen = client.get(edit(value)).context["form"]["seen"].value()
    IndicatorValue.objects.filter(pk=value.pk).update(value=11)
    refused = client.post(edit(value), {"seen": seen, "value": "12"})
    assert refused.status_code == 422
    assert "Người khác đã lưu số liệu này" in text(refused)
    assert "đang lưu 11" in text(refused)
    value.refresh_from_db()
    assert value.value == 11


# --- Where they are shown -------------------------------------------------------------------------------------------


def test_a_lower_rank_is_better(rank, indicator):
    assert rank.trend(13, 17) == 1
    assert rank.trend(17, 13) == -1
    assert indicator("mean").trend(Decimal("6.5"), Decimal("6.75")) == -1
    assert rank.trend(13, 13) == 0
    assert rank.trend(13, None) is None


def test_the_values_stand_by_unit_and_year(world, so, rank, as_user):
    IndicatorValue.objects.create(indicator=rank, school_year=2021, district=world.ba_dinh, value=2)
    client = as_user(so)
    page = client.get(rank.get_absolute_url())
    said = text(page)
    assert "2020-2021 2021-2022" in said
    assert re.search(r"Ba Đình quận – 2 .*Chương Mỹ huyện 17 ▲ tốt hơn lần trước 13", said)
    assert edit(rank.values.get(district=world.ba_dinh)) in page.content.decode()
    assert "1 kết quả" in text(client.get(rank.get_absolute_url(), {"q": "chuong my"}))
    by_value = text(client.get(rank.get_absolute_url(), {"sort": "-y2021"}))
    assert by_value.index("Chương Mỹ huyện") < by_value.index("Ba Đình quận")


def test_unit_and_school_pages_show_their_own(world, so, rank, indicator, as_user):
    IndicatorValue.objects.create(
        indicator=indicator("share", name="Tỷ lệ đỗ"), school_year=2022, school=world.school_a, value=41
    )
    client = as_user(so)
    district = text(client.get(world.chuong_my.get_absolute_url()))
    assert re.search(r"Xếp hạng chất lượng \(số nhỏ hơn là tốt hơn\) 2020-2021 17 2021-2022 13 ▲", district)
    assert "Xếp hạng" not in text(client.get(world.ba_dinh.get_absolute_url()))
    assert "Tỷ lệ đỗ 2022-2023 41%" in text(client.get(world.school_a.get_absolute_url()))


def test_another_province_sees_no_indicator(rank, nguoi_tinh_khac, as_user):
    client = as_user(nguoi_tinh_khac)
    assert "Xếp hạng" not in text(client.get(LIST))
    assert client.get(rank.get_absolute_url()).status_code == 404
    assert client.get(entry(rank)).status_code == 404
    assert client.get(edit(rank.values.first())).status_code == 404


def test_as_many_queries_for_twenty_units_as_for_one(world, so, indicator, as_user):
    client, mean = as_user(so), indicator("mean")

    def queries(url):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    def add(n):
        school = School.objects.create(code=f"n{n}", name=f"THCS Số {n}", level="thcs", district=world.thanh_tri)
        IndicatorValue.objects.create(indicator=mean, school_year=2023, school=school, value=6)
        another = indicator("mean", code=f"m{n}")
        IndicatorValue.objects.create(indicator=another, school_year=2023, school=world.school_a, value=6)

    add(0)
    pages = (mean.get_absolute_url(), LIST, world.school_a.get_absolute_url())
    few = [queries(url) for url in pages for _again in range(2)][1::2]
    for n in range(1, 20):
        add(n)
    assert [queries(url) for url in pages] == few
