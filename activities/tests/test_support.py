"""Help between units, further: who may do what, offices as well as schools, edits, and input that cannot be."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Support
from activities.tests.recording import act, row_counts
from conftest import told
from twinning.models import AgreementMember

CREATE = "/ho-tro/moi/"
PEOPLE = [
    "so",
    "lanh_dao",
    "phong_thanh_tri",
    "phong_chuong_my",
    "hieu_truong_a",
    "hieu_truong_b",
    "can_bo",
    "chi_xem",
    "quan_tri",
]


def content(response):
    return response.content.decode()


def state(support):
    return Support.objects.filter(pk=support.pk).values().get(), row_counts()


# --- Who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("hieu_truong_a", True),
        ("can_bo", True),
        ("phong_thanh_tri", True),
        ("so", False),
        ("lanh_dao", False),
        ("chi_xem", False),
        ("quan_tri", False),
    ],
)
def test_units_that_give_are_offered_the_page(school_agreement, request, as_user, who, may):
    client = as_user(request.getfixturevalue(who))
    assert (CREATE in content(client.get(reverse("support_list")))) == may
    assert client.get(CREATE).status_code == (200 if may else 404)


GIVERS, RECEIVERS = {"hieu_truong_a", "can_bo", "quan_tri"}, {"hieu_truong_b", "quan_tri"}
PARTIES = GIVERS | RECEIVERS
MAY = {
    ("pledged", "deliver"): GIVERS,
    ("pledged", "cancel"): GIVERS,
    ("delivered", "receive"): RECEIVERS,
    ("delivered", "return"): RECEIVERS,
    ("delivered", "cancel"): GIVERS,
    ("claimed", "acknowledge"): GIVERS,
    ("claimed", "cancel"): PARTIES,
    **{(status, "merge"): PARTIES | {"so"} for status in ("pledged", "claimed", "delivered", "received")},
}


@pytest.mark.one_database("The table of actions decides, and it is Python.")
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("status", ["pledged", "claimed", "delivered", "received", "cancelled"])
def test_each_person_gets_the_buttons_of_the_table_and_no_other_act(support, request, as_user, who, status):
    Support.objects.update(status=status)
    client = as_user(request.getfixturevalue(who))
    page = content(client.get(support.get_absolute_url()))
    editors = {"pledged": GIVERS, "claimed": RECEIVERS}.get(status, ())
    assert (reverse("support_edit", args=[support.pk]) in page) == (who in editors)
    for name, action in Support.ACTIONS.items():
        if name in Support.HIDDEN_ACTIONS:
            assert act(client, support, name).status_code == 404
            continue
        may = who in MAY.get((status, name), ())
        assert (reverse("support_action", args=[support.pk, action.slug]) in page) == may, name
        if not may:
            before = state(support)
            [(level, _text)] = told(act(client, support, name, note="Vì", delivered_on="20/10/2023", follow=False))
            assert level == "error", name
            assert state(support) == before, name


@pytest.mark.parametrize("who", ["hieu_truong_b", "phong_thanh_tri", "so", "chi_xem", "nguoi_la"])
def test_only_the_giver_edits_and_only_a_pledge(support, request, as_user, hieu_truong_a, who):
    url = reverse("support_edit", args=[support.pk])
    assert as_user(hieu_truong_a).get(url).status_code == 404, "delivered"
    Support.objects.update(status="pledged", delivered_on=None)
    assert as_user(hieu_truong_a).get(url).status_code == 200
    client = as_user(request.getfixturevalue(who))
    assert client.get(url).status_code == client.post(url, {}).status_code == 404


# --- What is kept ---------------------------------------------------------------------------------------------------


def test_everything_typed_is_on_its_page(pledge, hieu_truong_a, as_user):
    more = {"quantity": "20", "unit": "bộ", "pupils_helped": "1.150", "note": "Trao tại lễ khai giảng"}
    response = pledge(kind="in_kind", value_vnd="6.500.000", **more)
    page = content(as_user(hieu_truong_a).get(response.url))
    assert "Hiện vật" in page
    assert "theo giá bìa" in page
    for words in ("xã hội hoá", "6.500.000 đồng", "20 bộ", "1.150", "Trao tại lễ khai giảng", "1/10/2023"):
        assert words in page
    assert "THCS Tả Thanh Oai trao rồi ghi nhận ngày trao." in page


@pytest.mark.parametrize(
    ("typed", "value"),
    [("6000000", 6_000_000), ("500.000", 500_000), ("6.000.000", 6_000_000), ("6 000 000", 6_000_000), (" 7 ", 7)],
)
def test_dong_as_people_write_them(pledge, typed, value):
    assert pledge(value_vnd=typed).status_code == 302
    assert Support.objects.get().value_vnd == value


def test_an_office_gives_to_an_office_and_to_a_school(world, district_agreement, pledge, phong_thanh_tri):
    by = {"by": phong_thanh_tri, "agreement": district_agreement.pk}
    assert pledge(**by, receiver_school="", receiver_district=world.chuong_my.pk).status_code == 302
    assert pledge(**by, receiver_school=world.school_d.pk).status_code == 302
    to_school, to_office = Support.objects.all()
    assert {to_school.giver, to_office.giver} == {world.thanh_tri.office}
    assert (to_office.receiver, to_school.receiver) == (world.chuong_my.office, world.school_d)
    assert to_school.receiver_district == world.chuong_my


def test_an_office_confirms_what_it_received_itself(world, support, phong_chuong_my, as_user):
    Support.objects.update(receiver_school=None)
    assert Support.objects.waiting_for(phong_chuong_my).get() == support
    act(as_user(phong_chuong_my), support, "receive")
    assert support.status == "received"


def test_help_outside_any_agreement(pledge, world):
    assert pledge(agreement="", receiver_school=world.school_c.pk).status_code == 302
    assert Support.objects.get().agreement is None


def test_each_step_is_told_to_the_other_side(pledge, hieu_truong_a, hieu_truong_b, as_user):
    pledge()
    support = Support.objects.get()
    act(as_user(hieu_truong_a), support, "deliver", delivered_on="20/10/2023")
    assert "ghi nhận đã trao: 20 bộ sách" in hieu_truong_b.notifications.get().text
    page = content(act(as_user(hieu_truong_b), support, "receive"))
    assert "Đã xác nhận. Cảm ơn thầy/cô." in page
    assert "xác nhận đã nhận: 20 bộ sách" in hieu_truong_a.notifications.get().text


def test_history_keeps_the_school_year_of_each_step(pledge, hieu_truong_a, as_user):
    pledge(pledged_on="1/6/2023")
    support = Support.objects.get()
    act(as_user(hieu_truong_a), support, "deliver", delivered_on="5/9/2023")
    versions = support.history.order_by("history_id").values_list("status", "school_year")
    assert list(versions) == [("pledged", 2022), ("delivered", 2023)]


def test_an_edit_of_a_pledge(pledge, hieu_truong_a, can_bo, as_user):
    pledge()
    support = Support.objects.get()
    client = as_user(can_bo)
    url = reverse("support_edit", args=[support.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data["pledged_on"] = "5/9/2024"
    assert client.post(url, data | {"value_vnd": "7.000.000"}).status_code == 302
    support.refresh_from_db()
    assert (support.value_vnd, support.school_year) == (7_000_000, 2024)
    stale = as_user(hieu_truong_a).post(url, data | {"title": "Của hiệu trưởng"})
    assert stale.status_code == 422
    assert "Người khác đã lưu bản ghi này" in content(stale)
    assert "Của hiệu trưởng" in content(stale)


def test_a_cancelled_gift_counts_no_more(support, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    assert "Hãy ghi lý do" in content(act(client, support, "cancel", note=""))
    page = content(act(client, support, "cancel", note="Ghi nhầm trường"))
    assert "Ghi nhầm trường" in page
    assert support.status == "cancelled"
    assert not Support.objects.counted().exists()


def test_a_receipt_after_it_was_cancelled(support, hieu_truong_a, hieu_truong_b, as_user):
    support.perform("cancel", hieu_truong_a, note="Nhầm")
    page = content(act(as_user(hieu_truong_b), support, "receive"))
    assert "“Xác nhận đã nhận” không còn làm được: Hiệu trưởng A đã “Huỷ”" in page


def test_the_partner_stands_in_the_form(
    world, school_agreement, hieu_truong_a, hieu_truong_b, phong_thanh_tri, as_user
):
    """Of the one agreement of the unit's own tier; an office with none, or with several, chooses."""
    given = as_user(hieu_truong_a).get(CREATE).context["form"].initial
    assert (given["agreement"], given["receiver_school"]) == (school_agreement.pk, world.school_b.pk)
    received = as_user(hieu_truong_b).get("/ho-tro/da-nhan/").context["form"].initial
    assert (received["agreement"], received["giver_school"]) == (school_agreement.pk, world.school_a.pk)
    assert "receiver_district" not in as_user(phong_thanh_tri).get(CREATE).context["form"].initial


# --- Bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value_vnd": "500,000"}, "Hãy ghi số tiền như"),
        ({"value_vnd": "6.00"}, "Hãy ghi số tiền như"),
        ({"value_vnd": "1e6"}, "Hãy ghi số tiền như"),
        ({"value_vnd": ""}, "bắt buộc"),
        ({"value_vnd": "-6.000.000"}, "không thể âm"),
        ({"value_vnd": "1" + "0" * 25}, "quá lớn"),
        ({"pupils_helped": "-1"}, "lớn hơn"),
        ({"quantity": "1,5"}, "Hãy ghi số nguyên"),
        ({"kind": "xe"}, "xe"),
        ({"title": ""}, "bắt buộc"),
        ({"title": "Sách " * 60}, "250"),
        ({"pledged_on": "1/1/2026"}, "từ 12/12/2022 đến 31/12/2025"),
        ({"pledged_on": "30/2/2024"}, "ngày"),
        ({"receiver_school": "999999"}, "chọn"),
        ({"receiver_school": "", "receiver_district": "", "value_vnd": "0"}, "Hãy chọn trường nhận"),
    ],
)
def test_what_cannot_be_is_refused_with_everything_typed(pledge, hieu_truong_a, changes, words):
    before = row_counts()
    typed = {"title": "20 bộ sách", "note": "Ghi chú vừa gõ", "estimate_note": "theo hoá đơn"} | changes
    response = pledge(**typed)
    assert response.status_code == 422
    page = content(response)
    assert words in page
    assert "Ghi chú vừa gõ" in page
    assert "theo hoá đơn" in page
    assert row_counts() == before


def test_one_office_does_not_give_to_itself(world, pledge, phong_thanh_tri):
    response = pledge(by=phong_thanh_tri, agreement="", receiver_school="", receiver_district=world.thanh_tri.pk)
    assert "Bên trao và bên nhận phải là hai đơn vị khác nhau" in content(response)
    assert not Support.objects.exists()


def test_an_office_may_give_to_a_school_of_its_own(world, pledge, phong_thanh_tri):
    assert pledge(by=phong_thanh_tri, agreement="", receiver_school=world.school_a.pk).status_code == 302


def test_who_gives_and_who_receives_are_parties_of_the_agreement(
    world, pledge, school_agreement, district_agreement, phong_thanh_tri, hieu_truong_a, as_user
):
    """A neighbour of the partner is none; the agreement of the two offices holds for it, or none at all."""
    before = row_counts()
    for stranger in (world.school_c, world.school_d):
        response = pledge(receiver_school=stranger.pk)
        assert response.status_code == 422
        assert f"“{stranger}” không thuộc cặp đơn vị của giao ước này" in content(response)
        assert "hoặc để trống giao ước" in content(response)
    assert pledge(by=phong_thanh_tri).status_code == 422
    offered = as_user(phong_thanh_tri).get(CREATE).context["form"].fields["agreement"].queryset
    assert list(offered) == [district_agreement], "an office gives under its own"
    assert row_counts() == before
    school_agreement.save()  # and stands under that of the offices
    to_neighbour = {"receiver_school": world.school_d.pk}
    assert pledge(**to_neighbour, agreement=district_agreement.pk).status_code == 302
    assert pledge(**to_neighbour, agreement="", title="Quỹ khuyến học", value_vnd="7000000").status_code == 302
    AgreementMember.objects.create(
        agreement=school_agreement, side="supported", school=world.school_d, district=world.chuong_my
    )
    assert pledge(**to_neighbour, title="5 máy tính", value_vnd="8000000").status_code == 302, (
        "it stands beside the partner"
    )

    AgreementMember.objects.all().delete()  # as what was taken before there was this rule
    computers = Support.objects.get(title="5 máy tính")
    client, url = as_user(hieu_truong_a), reverse("support_edit", args=[computers.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert client.post(url, data | {"title": "6 máy tính"}).status_code == 302, "what is stored stays open to edits"
    Support.objects.filter(pk=computers.pk).update(agreement=None)
    assert client.post(url, data | {"seen": ""}).status_code == 422, "and is not chosen anew"


def test_schools_and_agreements_of_others_are_no_choice(world, pledge, nguoi_tinh_khac, nguoi_la, school_agreement):
    assert pledge(by=nguoi_la, receiver_school=world.school_b.pk).status_code == 422, "not its agreement"
    assert not Support.objects.exists()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("30/9/2023", "Ngày trao không thể trước ngày cam kết."),
        ("1/1/2026", "Ngày phải nằm trong thời gian của phong trào: từ 12/12/2022 đến 31/12/2025"),
        ("", "bắt buộc"),
        ("31/9/2023", "ngày"),
    ],
)
def test_days_of_delivery_that_cannot_be(pledge, hieu_truong_a, as_user, day, words):
    pledge()
    support = Support.objects.get()
    before = state(support)
    response = act(as_user(hieu_truong_a), support, "deliver", delivered_on=day)
    assert response.status_code == 422
    assert words in content(response)
    assert state(support) == before


def test_a_delivery_that_is_still_to_come(pledge, hieu_truong_a, as_user, world):
    world.programme.ends_on = date(2035, 12, 31)
    world.programme.save()
    pledge()
    support = Support.objects.get()
    tomorrow = timezone.localdate() + timedelta(days=1)
    response = act(as_user(hieu_truong_a), support, "deliver", delivered_on=f"{tomorrow:%d/%m/%Y}")
    assert "Ngày trao chưa tới. Khi nào trao xong hãy ghi nhận." in content(response)
    assert support.status == "pledged"
