"""Targets of an agreement: typed school year by school year, copied from the last one, impossible ones refused."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from twinning.forms.numbers import MoneyField
from twinning.models import Agreement, ContentArea, Target
from twinning.tests.rows import content


@pytest.fixture
def url(school_agreement):
    def make(year=2023):
        return reverse("agreement_targets", args=[school_agreement.pk, year])

    return make


def stored(agreement):
    return [
        (t.school_year, str(t.content_area or ""), t.activities, t.turns, t.support_vnd)
        for t in agreement.targets.for_progress()
    ]


def test_targets_of_the_whole_and_of_a_content_area(world, school_agreement, url, hieu_truong_a, as_user):
    school_agreement.content_areas.add(world.area)
    client = as_user(hieu_truong_a)
    form = {
        "activities_0": "12",
        "turns_0": "1.200",
        "support_vnd_0": "3 tỷ 200 triệu",
        f"activities_{world.area.pk}": "4",
        f"turns_{world.area.pk}": "",
    }
    page = client.post(url(), form, follow=True)
    assert stored(school_agreement) == [
        (2023, "", 12, 1200, 3_200_000_000),
        (2023, "Đổi mới phương pháp dạy học", 4, None, None),
    ]
    assert "3,2 tỷ đồng" in content(page)
    event = school_agreement.events.get(action="targets")
    assert "Năm học 2023-2024" in event.note
    assert "Cả giao ước: không đặt → 12 hoạt động, 1.200 lượt, 3,2 tỷ đồng" in event.note
    again = client.get(url())
    assert 'value="3.200.000.000"' in content(again)
    assert 'value="1200"' in content(again)


def test_emptied_boxes_are_no_target(world, school_agreement, url, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    client.post(url(), {"activities_0": "12", "turns_0": "5", f"activities_{world.area.pk}": "3"})
    client.post(url(), {"activities_0": "", "turns_0": "5"})
    assert stored(school_agreement) == [(2023, "", None, 5, None)]
    client.post(url(), {"activities_0": "", "turns_0": "  "})
    assert stored(school_agreement) == []
    assert school_agreement.events.filter(action="targets").count() == 3
    client.post(url(), {})
    assert school_agreement.events.filter(action="targets").count() == 3


def test_the_last_year_is_copied_into_the_boxes_and_stored_only_when_saved(
    world, school_agreement, url, hieu_truong_a, as_user
):
    client = as_user(hieu_truong_a)
    assert "chep=1" not in content(client.get(url(2024)))
    client.post(url(2023), {"activities_0": "12", "support_vnd_0": "5 triệu", f"turns_{world.area.pk}": "80"})
    assert "Chép từ năm học 2023-2024" in content(client.get(url(2024)))
    page = content(client.get(url(2024) + "?chep=1"))
    for box in ('value="12"', 'value="5.000.000"', 'value="80"'):
        assert box in page
    assert not school_agreement.targets.filter(school_year=2024).exists()
    client.post(url(2024), {"activities_0": "12", "support_vnd_0": "5.000.000", f"turns_{world.area.pk}": "80"})
    assert [row[1:] for row in stored(school_agreement) if row[0] == 2023] == [
        row[1:] for row in stored(school_agreement) if row[0] == 2024
    ]


@pytest.mark.parametrize(
    ("box", "text", "message"),
    [
        ("activities_0", "0", "Chỉ tiêu phải lớn hơn 0"),
        ("activities_0", "-3", "Chỉ tiêu phải lớn hơn 0"),
        ("activities_0", "2,5", "Hãy ghi số nguyên"),
        ("activities_0", "mười", "Hãy ghi số nguyên"),
        ("activities_0", "10001", "Số quá lớn (tối đa 10.000)"),
        ("turns_0", "1000001", "Số quá lớn (tối đa 1.000.000)"),
        ("turns_0", "9" * 40, "Số quá lớn"),
        ("support_vnd_0", "-5 triệu", "Số tiền không thể âm"),
        ("support_vnd_0", "−5", "Số tiền không thể âm"),
        ("support_vnd_0", "0", "Số tiền phải lớn hơn 0"),
        ("support_vnd_0", "3.2 tỷ", "Hãy ghi số tiền như"),
        ("support_vnd_0", "nhiều", "Hãy ghi số tiền như"),
        ("support_vnd_0", "1001 tỷ", "Số tiền quá lớn"),
        ("support_vnd_0", "9" * 400, "Số tiền quá lớn"),
    ],
)
def test_impossible_targets_are_refused(school_agreement, url, hieu_truong_a, as_user, box, text, message):
    form = {"activities_0": "7", "turns_0": "70", box: text}
    answer = as_user(hieu_truong_a).post(url(), form)
    assert answer.status_code == 422
    assert message in content(answer)
    for name, typed in form.items():
        assert f'name="{name}" value="{typed}"' in content(answer)
    assert not school_agreement.targets.exists()


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("3 tỷ 200 triệu", 3_200_000_000),
        ("3,2 tỷ đồng", 3_200_000_000),
        ("12.345.678", 12_345_678),
        ("500 nghìn", 500_000),
        ("1000 tỷ", 10**12),
        ("", None),
        ("   ", None),
    ],
)
def test_money_as_people_write_it(text, amount):
    assert MoneyField(most=10**12, required=False).clean(text) == amount


def test_parts_that_are_more_than_the_whole_are_pointed_at(world, school_agreement, url, hieu_truong_a, as_user):
    form = {"activities_0": "5", f"activities_{world.area.pk}": "8"}
    page = as_user(hieu_truong_a).post(url(), form, follow=True)
    assert school_agreement.targets.count() == 2
    assert "Cộng các nội dung là 8 hoạt động, nhiều hơn chỉ tiêu chung 5." in content(page)


@pytest.mark.parametrize("year", [2021, 2025, 1999, 30000])
def test_a_school_year_the_agreement_does_not_touch_is_not_there(url, hieu_truong_a, as_user, year):
    client = as_user(hieu_truong_a)
    assert client.get(url(year)).status_code == 404
    assert client.post(url(year), {"activities_0": "7"}).status_code == 404
    assert not Target.objects.exists()


def test_an_area_of_another_programme_is_not_there(school_agreement, url, hieu_truong_a, nguoi_tinh_khac, as_user):
    programme = nguoi_tinh_khac.memberships.get().department.programmes.get()
    area = ContentArea.objects.create(programme=programme, name="Của nơi khác")
    as_user(hieu_truong_a).post(url(), {f"activities_{area.pk}": "7"})
    assert not Target.objects.exists()


def test_an_area_the_agreement_dropped_keeps_its_target(world, school_agreement, url, hieu_truong_a, as_user):
    other = ContentArea.objects.create(programme=world.programme, name="Ôn thi", position=2)
    school_agreement.content_areas.set([world.area, other])
    client = as_user(hieu_truong_a)
    client.post(url(), {f"activities_{other.pk}": "7"})
    school_agreement.content_areas.set([world.area])
    assert "Ôn thi" in content(client.get(url()))
    client.post(url(), {f"activities_{other.pk}": "7", "activities_0": "9"})
    assert [row[1:3] for row in stored(school_agreement)] == [("", 9), ("Ôn thi", 7)]


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("hieu_truong_a", True),
        ("hieu_truong_b", True),
        ("can_bo", True),
        ("phong_thanh_tri", True),
        ("phong_chuong_my", True),
        ("so", True),
        ("quan_tri", True),
        ("lanh_dao", False),
        ("chi_xem", False),
        ("nguoi_la", False),
        ("nguoi_tinh_khac", False),
    ],
)
def test_who_may(school_agreement, url, request, as_user, who, may):
    client = as_user(request.getfixturevalue(who))
    assert client.get(url()).status_code == (200 if may else 404)
    assert (url() in content(client.get(school_agreement.get_absolute_url()))) == may
    client.post(url(), {"activities_0": "7"})
    assert school_agreement.targets.exists() == may


def test_of_a_closed_agreement_nothing_changes(school_agreement, url, hieu_truong_a, as_user):
    Agreement.objects.filter(pk=school_agreement.pk).update(status="expired")
    client = as_user(hieu_truong_a)
    assert client.get(url()).status_code == 404
    assert url() not in content(client.get(school_agreement.get_absolute_url()))
    answer = client.post(url(), {"activities_0": "7"})
    assert answer.status_code == 422
    assert "không sửa được nữa" in content(answer)
    assert not school_agreement.targets.exists()


def test_two_who_write_at_once_are_told(school_agreement, url, hieu_truong_a, hieu_truong_b, as_user):
    client = as_user(hieu_truong_a)
    seen = client.get(url()).context["form"]["seen"].value()
    as_user(hieu_truong_b).post(url(), {"activities_0": "5"})
    answer = client.post(url(), {"activities_0": "7", "seen": seen})
    assert answer.status_code == 422
    assert "Người khác đã lưu" in content(answer)
    assert stored(school_agreement) == [(2023, "", 5, None, None)]
    seen = answer.context["form"]["seen"].value()
    client.post(url(), {"activities_0": "7", "seen": seen})
    assert stored(school_agreement) == [(2023, "", 7, None, None)]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"content_area": True, "support_vnd": 5},
        {"activities": -1},
    ],
)
def test_the_database_guards_it_too(world, school_agreement, values):
    if values.get("content_area"):
        values = {**values, "content_area": world.area}
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(agreement=school_agreement, school_year=2023, **values)
