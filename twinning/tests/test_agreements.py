"""An agreement from registering to its end: who may do what, who is told, what the history says."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Notification
from conftest import told
from twinning.life import Refused
from twinning.models import Agreement
from twinning.tests.pairing import SIGNING, act, school_pair, state_of

# Person → what the person may do with a school agreement that A (Thanh Trì) registered and B (Chương Mỹ) answers.
REGISTERING = {"send", "withdraw", "revise", "sign", "sign_outside", "end"}
ANSWERING = {"confirm", "return", "sign", "end"}
MAY = {
    "hieu_truong_a": REGISTERING,
    "phong_thanh_tri": REGISTERING,
    "hieu_truong_b": ANSWERING,
    "phong_chuong_my": ANSWERING,
    "so": {"end"},
    "lanh_dao": {"end"},
    "quan_tri": set(Agreement.ACTIONS) - {"expire"},
    "can_bo": set(),
    "chi_xem": set(),
    "nguoi_la": set(),
    "nguoi_tinh_khac": set(),
}
BEFORE = {
    "send": {"draft", "returned"},
    "confirm": {"waiting"},
    "return": {"waiting"},
    "withdraw": {"draft", "waiting", "returned", "confirmed"},
    "revise": {"confirmed"},
    "sign": {"confirmed"},
    "sign_outside": {"draft", "waiting", "returned", "confirmed"},
    "end": {"signed"},
    "expire": {"signed"},
}
AFTER = {
    "send": "waiting",
    "confirm": "confirmed",
    "return": "returned",
    "withdraw": "withdrawn",
    "revise": "waiting",
    "sign": "signed",
    "sign_outside": "signed",
    "end": "ended",
    "expire": "expired",
}
GIVEN = {
    "send": {},
    "confirm": {},
    "return": {"note": "Xin sửa mục tiêu."},
    "withdraw": {"note": "Trường sáp nhập."},
    "revise": {},
    "sign": SIGNING,
    "sign_outside": SIGNING,
    "end": {"ended_on": "1/3/2024", "note": "Hai trường đổi cặp."},
    "expire": {},
}
# Done by a form or by the night's job, never by a button.
HIDDEN = Agreement.HIDDEN_ACTIONS


def put(agreement, status):
    """As if it had come to `status` before the test."""
    signed = date(2023, 4, 15) if status in Agreement.Status.once_signed() else None
    Agreement.objects.filter(pk=agreement.pk).update(status=status, signed_on=signed)
    agreement.refresh_from_db()


def test_the_tables_of_this_file_speak_of_every_action_and_role(world):
    assert set(BEFORE) == set(AFTER) == set(GIVEN) == set(Agreement.ACTIONS)
    assert {name: (set(a.before), a.after) for name, a in Agreement.ACTIONS.items()} == {
        name: (BEFORE[name], AFTER[name]) for name in BEFORE
    }


# --- Buttons and refusals: every person × every action × every status -----------------------------------------------


@pytest.mark.one_database("The table of actions decides, and it is Python.")
@pytest.mark.parametrize("who", MAY)
def test_each_person_sees_the_buttons_of_the_table(draft, request, as_user, who):
    person = request.getfixturevalue(who)
    client = as_user(person)
    for status in Agreement.Status.values:
        put(draft, status)
        expected = {name for name in MAY[who] if status in BEFORE[name]}
        assert set(draft.actions_for(person)) == expected, status
        page = client.get(draft.get_absolute_url())
        if who in ("nguoi_la", "nguoi_tinh_khac"):
            assert page.status_code == 404
            continue
        shown = {
            name
            for name, action in Agreement.ACTIONS.items()
            if f'"{reverse("agreement_action", args=[draft.pk, action.slug])}"' in page.content.decode()
        }
        assert shown == expected - HIDDEN, status


@pytest.mark.one_database("The table of actions decides, and it is Python.")
@pytest.mark.parametrize("who", MAY)
def test_what_the_table_refuses_changes_nothing(draft, request, as_user, who):
    person = request.getfixturevalue(who)
    client = as_user(person)
    for status in Agreement.Status.values:
        put(draft, status)
        before = state_of(draft)
        for name in Agreement.ACTIONS:
            if name not in MAY[who] or status not in BEFORE[name]:
                with pytest.raises(Refused):
                    draft.perform(name, person)
        assert state_of(draft) == before, status
    for name in Agreement.ACTIONS:
        refused = [s for s in Agreement.Status.values if name not in MAY[who] or s not in BEFORE[name]]
        # Through the door where it is most tempting: the status fits and the person does not, or the other way round.
        put(draft, next((s for s in refused if s in BEFORE[name]), refused[-1]))
        before = state_of(draft)
        answer = act(client, draft, name, follow=False, **GIVEN[name])
        assert state_of(draft) == before, name
        if who in ("nguoi_la", "nguoi_tinh_khac") or name in HIDDEN:
            assert answer.status_code == 404
        else:
            why = "không làm được khi đang ở trạng thái" if name in MAY[who] else "không có quyền làm việc này"
            [(level, text)] = told(answer)
            assert level == "error"
            assert why in text


@pytest.mark.parametrize("who", [who for who in MAY if MAY[who]])
def test_what_the_table_allows_works(draft, request, as_user, pdf, who):
    person = request.getfixturevalue(who)
    client = as_user(person)
    for name in MAY[who] - HIDDEN:
        for status in BEFORE[name]:
            put(draft, status)
            paper = {"scan": pdf()} if name == "sign_outside" else {}
            answer = act(client, draft, name, follow=False, **GIVEN[name], **paper)
            assert ("success", str(Agreement.ACTIONS[name].done)) in told(answer)
            draft.refresh_from_db()
            event = draft.events.first()
            assert (event.action, event.by, event.from_status, event.to_status) == (name, person, status, AFTER[name])
            assert draft.status == AFTER[name]
            draft.events.all().delete()


def test_a_get_shows_the_question_and_does_nothing(draft, hieu_truong_a, as_user):
    page = as_user(hieu_truong_a).get(reverse("agreement_action", args=[draft.pk, "gui"]))
    assert "Sau khi gửi, nội dung không sửa được" in page.content.decode()
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_an_action_that_is_none_is_not_found(draft, hieu_truong_a, as_user):
    assert as_user(hieu_truong_a).post(reverse("agreement_action", args=[draft.pk, "xoa"])).status_code == 404


# --- Registering ----------------------------------------------------------------------------------------------------


SENDS = "Đã lưu nháp. Kiểm tra lại rồi bấm “Gửi bên kia xác nhận”."
LEAVES = "Đã lưu nháp. Người có quyền ký của THCS Tả Thanh Oai (huyện Thanh Trì) kiểm tra lại rồi gửi bên kia xác nhận."


@pytest.mark.parametrize(
    ("who", "side", "said"),
    [
        ("phong_thanh_tri", "supporting", SENDS),
        ("phong_chuong_my", "supported", SENDS),
        ("hieu_truong_a", "supporting", SENDS),
        ("hieu_truong_b", "supported", SENDS),
        ("can_bo", "supporting", LEAVES),
        ("so", "supporting", LEAVES),
        ("quan_tri", "supporting", SENDS),
    ],
)
def test_each_recorder_registers_for_the_own_side(world, request, as_user, who, side, said):
    person = request.getfixturevalue(who)
    answer = as_user(person).post(reverse("agreement_create"), school_pair(world), follow=True)
    assert said in answer.content.decode()
    agreement = Agreement.objects.get()
    assert (agreement.status, agreement.registered_side) == ("draft", side)
    assert (agreement.supporting_district, agreement.supported_district) == (world.thanh_tri, world.chuong_my)
    assert agreement.programme == world.programme
    assert list(agreement.content_areas.all()) == [world.area]
    event = agreement.events.get()
    assert (event.action, event.by, event.unit) == ("create", person, str(person.memberships.get().unit_name))


def test_a_district_pair(world, phong_thanh_tri, as_user):
    form = school_pair(
        world, tier="district", supporting_district=world.thanh_tri.pk, supported_district=world.chuong_my.pk
    )
    as_user(phong_thanh_tri).post(reverse("agreement_create"), form)
    agreement = Agreement.objects.get()
    assert (agreement.pair, agreement.tier) == ("Thanh Trì – Chương Mỹ", "district")
    assert agreement.supporting_school is agreement.supported_school is None


def test_the_form_offers_what_the_person_may_register(world, hieu_truong_a, phong_chuong_my, as_user):
    school = as_user(hieu_truong_a).get(reverse("agreement_create")).context["form"]
    assert [value for value, _label in school.fields["tier"].choices] == ["school"]
    assert school.initial["supported_school"] == world.school_a.pk
    district = as_user(phong_chuong_my).get(reverse("agreement_create")).context["form"]
    assert [value for value, _label in district.fields["tier"].choices] == ["district", "school"]
    assert (district.initial["starts_on"], district.initial["ends_on"]) == (date(2022, 12, 12), date(2025, 12, 31))


def test_the_form_stands_a_unit_where_its_districts_agreed(world, district_agreement, hieu_truong_a, as_user):
    form = as_user(hieu_truong_a).get(reverse("agreement_create")).context["form"]
    assert form.initial["supporting_school"] == world.school_a.pk


# --- The whole life -------------------------------------------------------------------------------------------------


def test_the_whole_life(world, hieu_truong_a, phong_thanh_tri, hieu_truong_b, phong_chuong_my, so, as_user, pdf):
    a, b = as_user(hieu_truong_a), as_user(phong_chuong_my)
    a.post(reverse("agreement_create"), school_pair(world))
    agreement = Agreement.objects.get()
    page = a.get(agreement.get_absolute_url()).content.decode()
    assert "THCS Tả Thanh Oai (huyện Thanh Trì) hoàn thiện rồi gửi THCS Đại Yên (huyện Chương Mỹ) xác nhận." in page

    act(a, agreement, "send")
    assert hieu_truong_b.notifications.get().text == (
        "Hiệu trưởng A gửi giao ước “THCS Tả Thanh Oai – THCS Đại Yên”, chờ đơn vị mình xác nhận."
    )
    assert people_told(agreement) == {"truong.01277501", "phong.chuong-my"}
    assert agreement in Agreement.objects.waiting_for(hieu_truong_b)
    assert a.get(reverse("agreement_edit", args=[agreement.pk])).status_code == 404

    assert "Hãy ghi lý do" in act(b, agreement, "return", note="  ").content.decode()
    agreement.refresh_from_db()
    assert agreement.status == "waiting"
    act(b, agreement, "return", note="Xin ghi rõ mục tiêu.")
    assert people_told(agreement) == {"truong.01020501", "phong.thanh-tri"}
    assert "Xin ghi rõ mục tiêu." in a.get(agreement.get_absolute_url()).content.decode()

    edited = school_pair(world, objectives="Nâng điểm thi vào lớp 10.", seen=seen_on(a, agreement))
    assert a.post(reverse("agreement_edit", args=[agreement.pk]), edited).status_code == 302
    act(a, agreement, "send")
    assert people_told(agreement) == {"truong.01277501", "phong.chuong-my"}
    act(b, agreement, "confirm")
    assert people_told(agreement) == {"truong.01020501", "phong.thanh-tri"}

    answer = act(b, agreement, "sign", **SIGNING, scan=pdf("Giao ước đã ký.pdf"))
    assert "Giao ước có hiệu lực" in answer.content.decode()
    assert people_told(agreement) == {"truong.01020501", "phong.thanh-tri", "truong.01277501"}
    agreement.refresh_from_db()
    assert (agreement.status, agreement.number, agreement.signed_on) == ("signed", "05/BGN-THCS", date(2023, 4, 15))
    scan = agreement.documents.get()
    assert (scan.kind, scan.name, scan.uploaded_by) == ("signed", "Giao ước đã ký.pdf", phong_chuong_my)
    page = b.get(agreement.get_absolute_url()).content.decode()
    for text in ("05/BGN-THCS", "15/4/2023, huyện Thanh Trì", "Nguyễn Văn An, Hiệu trưởng", "Trần Thị Bình", scan.name):
        assert text in page

    act(as_user(so), agreement, "end", ended_on="1/3/2024", note="Hai trường đổi cặp.")
    assert people_told(agreement) == {"truong.01020501", "phong.thanh-tri", "truong.01277501", "phong.chuong-my"}
    agreement.refresh_from_db()
    assert (agreement.status, agreement.ended_on) == ("ended", date(2024, 3, 1))

    assert [event.action for event in agreement.events.all()] == [
        *("end", "sign", "confirm", "send", "edit", "return", "send", "create"),
    ]
    returned = agreement.events.get(action="return")
    assert (returned.by, returned.unit) == (phong_chuong_my, "Phòng GD&ĐT huyện Chương Mỹ")
    assert (returned.from_status, returned.to_status, returned.note) == ("waiting", "returned", "Xin ghi rõ mục tiêu.")
    assert [row.status for row in agreement.history.order_by("history_id")] == [
        *("draft", "waiting", "returned", "returned", "waiting", "confirmed", "signed", "ended"),
    ]
    page = b.get(agreement.get_absolute_url()).content.decode()
    for text in ("Lập mới", "Sửa nội dung", "Hai trường đổi cặp.", "Thanh lý ngày", "1/3/2024"):
        assert text in page


def people_told(agreement):
    """User names that got the notices of the last event; clears them."""
    notices = Notification.objects.filter(url=agreement.get_absolute_url())
    told = {notice.user.username for notice in notices}
    notices.delete()
    return told


def seen_on(client, agreement):
    return client.get(reverse("agreement_edit", args=[agreement.pk])).context["form"]["seen"].value()


def test_notices_go_to_clerks_too_but_not_to_readers_or_the_one_who_acts(
    draft, world, person, hieu_truong_a, can_bo, hieu_truong_b, as_user
):
    person("doc.b", "reader", school=world.school_b)
    person("cbnl.b", "clerk", school=world.school_b)
    act(as_user(hieu_truong_a), draft, "send")
    assert people_told(draft) == {"truong.01277501", "cbnl.b"}
    act(as_user(hieu_truong_b), draft, "confirm")
    assert people_told(draft) == {"truong.01020501", "cbnl"}
    act(as_user(hieu_truong_a), draft, "sign", **SIGNING)
    assert people_told(draft) == {"cbnl", "truong.01277501", "cbnl.b"}


def test_a_withdrawn_pair_can_be_registered_again(draft, world, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    assert "Hãy ghi lý do" in act(client, draft, "withdraw").content.decode()
    act(client, draft, "withdraw", note="Ghi nhầm trường.")
    client.post(reverse("agreement_create"), school_pair(world))
    assert sorted(Agreement.objects.values_list("status", flat=True)) == ["draft", "withdrawn"]


def test_signing_asks_for_day_place_and_signatories_but_not_for_number_or_scan(draft, hieu_truong_a, as_user):
    put(draft, "confirmed")
    client = as_user(hieu_truong_a)
    form = act(client, draft, "sign").context["form"]
    assert set(form.errors) == set(SIGNING) - {"number"}
    act(client, draft, "sign", **{**SIGNING, "number": ""})
    draft.refresh_from_db()
    assert (draft.status, draft.number) == ("signed", "01/GƯ-THCSTTO")


def test_the_number_given_at_signing_is_found(draft, hieu_truong_a, as_user):
    put(draft, "confirmed")
    client = as_user(hieu_truong_a)
    act(client, draft, "sign", **SIGNING)
    assert draft.pair in client.get("/giao-uoc/", {"q": "05/BGN"}).content.decode()


@pytest.mark.parametrize("first", ["school", "district"])
def test_a_school_agreement_hangs_below_that_of_its_districts(world, request, phong_thanh_tri, as_user, first):
    """Whichever comes first; and not any more when its schools change."""
    names = ["draft", "district_agreement"] if first == "school" else ["district_agreement", "draft"]
    made = {name: request.getfixturevalue(name) for name in names}
    below, above = made["draft"], made["district_agreement"]
    client = as_user(phong_thanh_tri)
    if first == "school":
        assert below.umbrella is None
        put(above, "confirmed")
        act(client, above, "sign", **SIGNING)
    below.refresh_from_db()
    assert below.umbrella == above
    form = school_pair(world, supported_school=world.school_c.pk)
    assert client.post(reverse("agreement_edit", args=[below.pk]), form).status_code == 302
    below.refresh_from_db()
    assert (below.supported_district, below.umbrella) == (world.ba_dinh, None)
