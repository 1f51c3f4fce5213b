"""An amendment from proposal to merged: who may do what, what is refused and why, what the agreement says after it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notification
from twinning.agreement_text import amendable, text_of
from twinning.differences import NEW, OLD, SAME, Part, words
from twinning.life import Refused
from twinning.models import Agreement, AgreementMember, Amendment, ContentArea, School

REGISTERING = {"send", "withdraw", "sign", "take_back", "rebase"}
ANSWERING = {"confirm", "return", "sign"}
# The amendment of these tests was proposed by A (Thanh Trì) and is answered by B (Chương Mỹ).
MAY = {
    "hieu_truong_a": REGISTERING,
    "phong_thanh_tri": REGISTERING,
    "hieu_truong_b": ANSWERING,
    "phong_chuong_my": ANSWERING,
    "can_bo": {"rebase"},
    "quan_tri": REGISTERING | ANSWERING,
    "so": set(),
    "lanh_dao": set(),
    "chi_xem": set(),
    "nguoi_la": set(),
}
OPEN = {"draft", "waiting", "returned", "confirmed"}
BEFORE = {
    "send": {"draft", "returned"},
    "confirm": {"waiting"},
    "sign": {"confirmed"},
    "rebase": OPEN,
    "take_back": {"waiting", "confirmed"},
    "return": {"waiting"},
    "withdraw": OPEN,
}
OBJECTIVES = "Cùng ôn thi vào lớp 10.\nMỗi học kỳ hai chuyên đề."


@pytest.fixture(autouse=True)
def _march(time_machine):
    time_machine.move_to("2024-03-01T08:00:00+07:00")


@pytest.fixture
def agreement(school_agreement, world):
    """Live until 31/5/2025, with its text frozen as signed."""
    school_agreement.objectives = OBJECTIVES
    school_agreement.save()
    school_agreement.content_areas.set([world.area])
    Agreement.objects.filter(pk=school_agreement.pk).update(frozen=text_of(school_agreement))
    return Agreement.objects.for_list().get(pk=school_agreement.pk)


def box_values(agreement, **changes):
    """The form as it opens, with `changes`; an option set to None is left out."""
    form = {
        "reason": "Hai trường thống nhất lại.",
        "direction": agreement.direction,
        "ends_on": f"{agreement.ends_on:%-d/%-m/%Y}",
        "content_areas": list(agreement.content_areas.values_list("pk", flat=True)),
        "objectives": agreement.objectives,
        "supporting_contents": agreement.supporting_contents,
        "supported_contents": agreement.supported_contents,
        **changes,
    }
    return {name: value for name, value in form.items() if value is not None}


def create_url(agreement):
    return reverse("amendment_create", args=[agreement.pk])


def act(client, amendment, name, *, follow=True, **given):
    url = reverse("amendment_action", args=[amendment.pk, Amendment.ACTIONS[name].slug])
    return client.post(url, given, follow=follow)


@pytest.fixture
def propose(agreement):
    """propose(ends_on="2025-12-31") → a stored amendment of side A that lets the agreement say so."""

    def make(status="draft", side="supporting", **changes):
        fresh = Agreement.objects.for_list().get(pk=agreement.pk)
        amendment = Amendment.begin(fresh, side)
        amendment.reason = "Hai trường thống nhất lại."
        amendment.propose(amendment.base | changes)
        amendment.status = status
        amendment.store_new()
        return amendment

    return make


def fresh(row):
    return type(row).objects.for_list().get(pk=row.pk)


# --- Drafting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "side"),
    [
        ("hieu_truong_a", "supporting"),
        ("can_bo", "supporting"),
        ("phong_thanh_tri", "supporting"),
        ("hieu_truong_b", "supported"),
        ("phong_chuong_my", "supported"),
    ],
)
def test_either_side_drafts_from_what_the_agreement_says(agreement, request, as_user, who, side):
    client = as_user(request.getfixturevalue(who))
    page = client.get(agreement.get_absolute_url()).content.decode()
    assert create_url(agreement) in page
    page = client.get(create_url(agreement))
    text = page.content.decode()
    assert OBJECTIVES in text
    assert 'value="31/5/2025"' in text

    answer = client.post(create_url(agreement), box_values(agreement, ends_on="31/12/2025"))
    amendment = Amendment.objects.get()
    assert answer.url == amendment.get_absolute_url()
    assert (amendment.position, amendment.registered_side, amendment.status) == (1, side, "draft")
    assert amendment.changes == {"ends_on": "2025-12-31"}
    assert amendment.base == amendable(agreement)
    assert [event.action for event in amendment.events.all()] == ["create"]
    agreement.refresh_from_db()
    assert agreement.ends_on == date(2025, 5, 31)


@pytest.mark.parametrize("who", ["so", "lanh_dao", "chi_xem", "nguoi_la", "nguoi_tinh_khac"])
def test_others_draft_nothing(agreement, request, as_user, who):
    client = as_user(request.getfixturevalue(who))
    assert client.get(create_url(agreement)).status_code == 404
    assert client.post(create_url(agreement), box_values(agreement, direction="one_way")).status_code == 404
    assert not Amendment.objects.exists()


def test_nothing_changed_is_no_amendment(agreement, hieu_truong_a, as_user):
    page = as_user(hieu_truong_a).post(create_url(agreement), box_values(agreement))
    assert page.status_code == 422
    assert "Chưa thay đổi gì so với giao ước. Hãy sửa mục cần điều chỉnh rồi lưu." in page.content.decode()
    assert "Hai trường thống nhất lại." in page.content.decode()
    # Windows line ends and spaces at the end are no change.
    typed = box_values(agreement, objectives=OBJECTIVES.replace("\n", "\r\n") + "  ")
    assert as_user(hieu_truong_a).post(create_url(agreement), typed).status_code == 422
    assert not Amendment.objects.exists()


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("1/1/2026", "Phong trào kết thúc ngày 31/12/2025, phụ lục không kéo dài quá ngày đó."),
        ("29/2/2024", "Ngày kết thúc mới đã qua. Muốn dừng giao ước thì chọn “Thanh lý trước hạn”."),
        ("14/4/2023", "Ngày kết thúc phải bằng hoặc sau ngày bắt đầu (15/4/2023)."),
        ("31/2/2025", "Hãy ghi ngày, tháng, năm có thật"),
        ("", "Mục này bắt buộc: hãy điền hoặc chọn."),
    ],
)
def test_ends_that_cannot_be(agreement, hieu_truong_a, as_user, day, said):
    page = as_user(hieu_truong_a).post(create_url(agreement), box_values(agreement, ends_on=day))
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not Amendment.objects.exists()


def test_an_end_within_the_renewal_is_refused(agreement, hieu_truong_a, as_user):
    Agreement.objects.create(
        **{
            name: getattr(agreement, name)
            for name in ("tier", "programme", "supporting_district", "supported_district")
        },
        supporting_school=agreement.supported_school,
        supported_school=agreement.supporting_school,
        subject=None,
        starts_on=date(2025, 6, 1),
        ends_on=date(2025, 12, 31),
        renews=agreement,
        status="ended",
        signed_on=date(2025, 6, 1),
    )
    page = as_user(hieu_truong_a).post(create_url(agreement), box_values(agreement, ends_on="1/6/2025"))
    assert (
        "Bản gia hạn của giao ước này bắt đầu từ 1/6/2025; ngày kết thúc phải trước ngày đó." in page.content.decode()
    )


@pytest.mark.parametrize("status", ["draft", "confirmed", "expired", "ended"])
def test_only_a_live_agreement_is_amended(agreement, hieu_truong_a, as_user, status):
    Agreement.objects.filter(pk=agreement.pk).update(status=status)
    client = as_user(hieu_truong_a)
    page = client.get(create_url(agreement), follow=True).content.decode()
    assert "Phụ lục chỉ lập cho giao ước đang hiệu lực; giao ước này đang ở trạng thái" in page
    page = client.post(create_url(agreement), box_values(agreement, direction="one_way"))
    assert page.status_code == 422
    assert "nên không lập, không sửa phụ lục được nữa" in page.content.decode()
    assert not Amendment.objects.exists()
    assert create_url(agreement) not in client.get(agreement.get_absolute_url()).content.decode()


def test_a_form_sent_twice_stores_one(agreement, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    form = box_values(agreement, direction="one_way")
    assert client.post(create_url(agreement), form).status_code == 302
    again = client.post(create_url(agreement), form, follow=True)
    assert "không lưu thêm lần nữa" in again.content.decode()
    assert Amendment.objects.count() == 1


def test_edit_is_of_the_proposing_side(propose, hieu_truong_a, hieu_truong_b, can_bo, as_user, agreement):
    amendment = propose(direction="one_way")
    url = reverse("amendment_edit", args=[amendment.pk])
    assert as_user(hieu_truong_b).get(url).status_code == 404
    client = as_user(can_bo)
    page = client.get(url)
    assert page.context["form"]["direction"].value() == "one_way"
    form = box_values(agreement, direction="mutual", objectives="Ôn thi.", seen=page.context["form"]["seen"].value())
    assert client.post(url, form).status_code == 302
    amendment.refresh_from_db()
    assert amendment.changes == {"objectives": "Ôn thi."}
    amendment.perform("send", hieu_truong_a)
    assert client.get(url).status_code == 404
    late = client.post(url, form)
    assert late.status_code == 422
    assert "Không lưu được: Hiệu trưởng A đã “Gửi bên kia xác nhận”" in late.content.decode()


def test_what_another_amendment_changed_while_one_typed_is_not_ones_own(agreement, propose, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    base = client.get(create_url(agreement)).context["form"]["base"].value()
    propose(status="confirmed", objectives="Lời mới.").perform("sign", hieu_truong_a, signed_on=date(2024, 2, 1))
    client.post(create_url(agreement), box_values(agreement, direction="one_way", base=base))
    mine = Amendment.objects.get(position=2)
    assert mine.changes == {"direction": "one_way"}
    assert not mine.conflicts()
    client.post(create_url(agreement), box_values(agreement, direction="one_way", base="giả", reason="Khác."))
    assert Amendment.objects.get(position=3).changes.keys() == {"direction", "objectives"}


# --- Members and content areas --------------------------------------------------------------------------------------


@pytest.fixture
def further(world):
    """Three more schools: two beside A, one beside B."""

    def school(code, name, district):
        return School.objects.create(code=code, name=name, level="thcs", district=district)

    return (
        school("01020502", "THCS Liên Ninh", world.thanh_tri),
        school("01020503", "THCS Ngũ Hiệp", world.thanh_tri),
        school("01277502", "THCS Phụng Châu", world.chuong_my),
    )


def test_members_and_contents_are_merged(world, agreement, further, hieu_truong_a, hieu_truong_b, as_user):
    world.programme.has_members = True
    world.programme.save()
    exams = ContentArea.objects.create(programme=world.programme, name="Ôn thi vào lớp 10", position=2)
    one, two, three = further
    AgreementMember.objects.create(agreement=agreement, side="supporting", school=one, district=world.thanh_tri)
    client = as_user(hieu_truong_a)
    form = box_values(
        agreement,
        content_areas=[exams.pk],
        supporting_members=None,
        supporting_member_1=two.pk,
        supported_member_2=three.pk,
    )
    assert client.post(create_url(agreement), form).status_code == 302
    amendment = Amendment.objects.get()
    page = client.get(amendment.get_absolute_url()).content.decode()
    for mark, unit in (("del", one.full_name), ("ins", two.full_name), ("ins", three.full_name)):
        assert f"{unit} (" in page
        assert f"<{mark}>" in page
    amendment.perform("send", hieu_truong_a)
    amendment.perform("confirm", hieu_truong_b)
    amendment.perform("sign", hieu_truong_a, signed_on=date(2024, 3, 1))
    assert list(agreement.content_areas.all()) == [exams]
    assert [(m.side, m.school, m.district) for m in agreement.members.all()] == [
        ("supported", three, world.chuong_my),
        ("supporting", two, world.thanh_tri),
    ]


def test_members_that_cannot_be(world, agreement, further, hieu_truong_a, as_user):
    world.programme.has_members, world.programme.school_levels = True, ["thcs"]
    world.programme.save()
    client = as_user(hieu_truong_a)

    def said(**boxes):
        page = client.post(create_url(agreement), box_values(agreement, **boxes))
        assert page.status_code == 422
        return page.content.decode()

    assert "là đơn vị chủ trì của giao ước" in said(supporting_member_1=world.school_a.pk)
    twice = said(supporting_member_1=further[0].pk, supported_member_1=further[0].pk)
    assert "THCS Liên Ninh được chọn hai lần. Mỗi đơn vị chỉ ở một bên, một lần." in twice
    assert "thuộc cấp Tiểu học, cấp học này không kết nghĩa" in said(supporting_member_1=world.school_d.pk)
    School.objects.filter(pk=further[1].pk).update(valid_to=date(2023, 1, 1))
    assert "Hãy chọn một lựa chọn hợp lệ" in said(supporting_member_1=further[1].pk)


def test_a_member_that_closed_before_signing_stops_it(world, agreement, propose, further, hieu_truong_a):
    member = ["supporting", world.thanh_tri.pk, further[0].pk]
    amendment = propose(status="confirmed", members=[member])
    School.objects.filter(pk=further[0].pk).update(valid_to=date(2023, 1, 1))
    with pytest.raises(Refused, match="THCS Liên Ninh không còn hoạt động"):
        amendment.perform("sign", hieu_truong_a, signed_on=date(2024, 3, 1))
    assert not agreement.members.exists()


# --- The whole way --------------------------------------------------------------------------------------------------


def test_from_draft_to_merged(agreement, hieu_truong_a, hieu_truong_b, as_user, pdf):
    a, b = as_user(hieu_truong_a), as_user(hieu_truong_b)
    frozen = Agreement.objects.get(pk=agreement.pk).frozen
    new = "Cùng ôn thi vào lớp 10.\nMỗi học kỳ ba chuyên đề, luân phiên."
    a.post(create_url(agreement), box_values(agreement, objectives=new, ends_on="31/12/2025"))
    amendment = Amendment.objects.get()
    page = a.get(amendment.get_absolute_url()).content.decode()
    assert "THCS Tả Thanh Oai (huyện Thanh Trì) hoàn thiện rồi gửi THCS Đại Yên (huyện Chương Mỹ) xác nhận." in page
    assert "bỏ:</span> " not in page
    assert "</span>hai<span" in page
    assert "</span>ba<span" in page
    assert "</span>31/5/2025<span" in page

    assert "Đã gửi phụ lục." in act(a, amendment, "send").content.decode()
    assert hieu_truong_b.notifications.get().text == (
        "Hiệu trưởng A gửi “Phụ lục số 1 của giao ước THCS Tả Thanh Oai – THCS Đại Yên”, chờ đơn vị mình xác nhận."
    )
    assert "Xin ghi rõ." in act(b, amendment, "return", note="Xin ghi rõ.").content.decode()
    assert fresh(amendment).status == "returned"
    act(a, amendment, "send")
    act(b, amendment, "confirm")
    assert fresh(amendment).status == "confirmed"
    agreement.refresh_from_db()
    assert agreement.objectives == OBJECTIVES

    page = act(b, amendment, "sign", signed_on="28/2/2024", scan=pdf()).content.decode()
    assert "Giao ước đã mang nội dung mới." in page
    assert "ban-ky.pdf" in page
    agreement.refresh_from_db()
    assert (agreement.objectives, agreement.ends_on) == (new, date(2025, 12, 31))
    assert agreement.frozen == frozen
    assert frozen["ends_on"] == "2025-05-31"
    event = agreement.events.get()
    assert (event.action, event.by) == ("amend", hieu_truong_b)
    assert event.note == "Phụ lục số 1: Đến hết ngày, Mục tiêu, nội dung chung"
    assert agreement.history.first().history_user == hieu_truong_b
    page = a.get(agreement.get_absolute_url()).content.decode()
    assert "đã nhập Phụ lục số 1 (28/2/2024)" in page
    assert "luân phiên" in page
    assert {n.text for n in Notification.objects.filter(user=hieu_truong_a)} >= {
        f"“{amendment}” đã ký; giao ước mang nội dung mới."
    }
    # Signed once.
    assert "“Ghi nhận đã ký” không còn làm được" in act(a, amendment, "sign", signed_on="1/3/2024").content.decode()
    assert agreement.events.count() == 1


def test_scans_of_amendments_have_versions_of_their_own(agreement, propose, hieu_truong_a, hieu_truong_b, as_user, pdf):
    first, second = propose("confirmed", objectives="Một."), propose("confirmed", ends_on="2025-06-30")
    a = as_user(hieu_truong_a)
    papers = reverse("agreement_document", args=[agreement.pk])

    def versions(amendment):
        return [(paper.name, paper.version) for paper in fresh(amendment).documents.order_by("version")]

    act(a, first, "sign", signed_on="28/2/2024", scan=pdf("mot.pdf"))
    act(a, second, "sign", signed_on="28/2/2024")  # its scan comes later
    page = a.get(second.get_absolute_url()).content.decode()
    assert f"{papers}?phu_luc={second.pk}" in page
    form = a.get(papers, {"phu_luc": second.pk}).context["form"]
    assert (form["kind"].value(), form["amendment"].value()) == ("amendment", str(second.pk))
    a.post(papers, {"kind": "amendment", "amendment": second.pk, "file": pdf("hai.pdf")})
    assert (versions(first), versions(second)) == ([("mot.pdf", 1)], [("hai.pdf", 1)])
    # A new version of the first, told by the paper or by the amendment; none is ever of the other one.
    old = fresh(first).documents.get()
    a.post(papers, {"kind": "amendment", "replaces": old.pk, "file": pdf("mot-2.pdf")})
    as_user(hieu_truong_b).post(papers, {"kind": "amendment", "amendment": first.pk, "file": pdf("mot-3.pdf")})
    assert versions(first) == [("mot.pdf", 1), ("mot-2.pdf", 2), ("mot-3.pdf", 3)]
    assert versions(second) == [("hai.pdf", 1)]
    page = a.get(first.get_absolute_url()).content.decode()
    assert page.index("mot-3.pdf") < page.index("2 bản trước") < page.index(old.get_absolute_url())
    # One file each, a paper that can be one, and of which amendment.
    two = a.post(papers, {"kind": "amendment", "amendment": first.pk, "file": [pdf("x.pdf"), pdf("y.pdf")]})
    assert "Mỗi bản mới là một tệp" in two.content.decode()
    of_none = a.post(papers, {"kind": "amendment", "file": pdf("x.pdf")})
    assert "Hãy chọn phụ lục mà bản scan này thuộc về." in of_none.content.decode()
    assert len(versions(first)) == 3


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("14/4/2023", "Phụ lục ký trong thời gian hiệu lực của giao ước: từ 15/4/2023 đến 31/5/2025."),
        ("2/3/2024", "Ngày ký chưa tới. Hãy ghi nhận sau khi hai bên đã ký."),
        ("", "Mục này bắt buộc: hãy điền hoặc chọn."),
    ],
)
def test_days_of_signing_that_cannot_be(agreement, propose, hieu_truong_a, as_user, day, said):
    amendment = propose(status="confirmed", direction="one_way")
    page = act(as_user(hieu_truong_a), amendment, "sign", signed_on=day).content.decode()
    assert said in page
    assert fresh(amendment).status == "confirmed"
    assert fresh(agreement).direction == "mutual"


@pytest.mark.one_database("The table of actions decides, and it is Python.")
@pytest.mark.parametrize("who", MAY)
def test_who_may_do_what_when(propose, agreement, request, as_user, who):
    person = request.getfixturevalue(who)
    client = as_user(person)
    amendment = propose(direction="one_way")
    Agreement.objects.filter(pk=agreement.pk).update(objectives="Khác.")  # so that there is something to update
    for status in Amendment.Status.values:
        Amendment.objects.filter(pk=amendment.pk).update(
            status=status, signed_on=date(2024, 2, 1) if status == "signed" else None
        )
        expected = {name for name in MAY[who] if status in BEFORE[name]}
        if who == "nguoi_la":
            assert client.get(amendment.get_absolute_url()).status_code == 404
            continue
        assert set(fresh(amendment).actions_for(person)) == expected, status
        for name in set(BEFORE) - expected:
            act(client, amendment, name, note="Lý do.", signed_on="1/3/2024", follow=False)
            assert fresh(amendment).status == status, name


def test_the_table_of_this_file_is_that_of_the_model():
    assert {name: {str(s) for s in action.before} for name, action in Amendment.ACTIONS.items()} == BEFORE


# --- Amendments in parallel -----------------------------------------------------------------------------------------


def test_the_second_is_warned_and_refused_on_conflict(
    agreement, propose, hieu_truong_a, hieu_truong_b, phong_chuong_my, as_user
):
    one = propose(objectives="Lời của A.")
    b = as_user(hieu_truong_b)
    page = b.get(create_url(agreement)).content.decode()
    assert "Giao ước này đang có phụ lục khác:" in page
    assert "Mục tiêu, nội dung chung" in page
    answer = b.post(
        create_url(agreement), box_values(agreement, objectives="Lời của B.", direction="one_way"), follow=True
    )
    assert "Phụ lục số 1 cũng đang sửa mục của phụ lục này." in answer.content.decode()
    two = Amendment.objects.for_list().get(position=2)
    for amendment, proposer, other in ((one, hieu_truong_a, hieu_truong_b), (two, hieu_truong_b, hieu_truong_a)):
        amendment.perform("send", proposer)
        amendment.perform("confirm", other)
    Notification.objects.all().delete()
    one.perform("sign", hieu_truong_a, signed_on=date(2024, 3, 1))
    assert "cần cập nhật theo giao ước hiện nay trước khi ký." in " ".join(
        n.text for n in hieu_truong_b.notifications.all()
    )

    page = act(b, two, "sign", signed_on="1/3/2024").content.decode()
    assert "Giao ước đã có nội dung khác ở: “Mục tiêu, nội dung chung”" in page
    assert "“Cập nhật theo giao ước hiện nay”" in page
    two = fresh(two)
    assert two.status == "confirmed"
    assert "sign" not in two.actions_for(hieu_truong_b)
    agreement.refresh_from_db()
    assert (agreement.objectives, agreement.direction) == ("Lời của A.", "mutual")

    # Three ways: as it was, as it is, as proposed; a person chooses.
    url = reverse("amendment_rebase", args=[two.pk])
    assert as_user(hieu_truong_a).post(url, follow=True).status_code == 200
    assert fresh(two).status == "confirmed"
    page = b.get(url)
    text = page.content.decode()
    for part in ("Mỗi học kỳ hai chuyên đề.", "Lời của A", "Lời của B", "một chiều"):
        assert part in text
    seen = page.context["form"]["seen"].value()
    nothing = b.post(url, {"seen": seen})
    assert nothing.status_code == 422
    assert "Hãy chọn một cách ghi." in nothing.content.decode()
    answer = b.post(url, {"seen": seen, "pick_objectives": "own", "own_objectives": "Lời của cả hai."}, follow=True)
    assert "Đã cập nhật theo giao ước hiện nay." in answer.content.decode()
    two = fresh(two)
    assert two.status == "draft"
    assert two.changes == {"direction": "one_way", "objectives": "Lời của cả hai."}
    assert two.base == amendable(agreement)
    assert "sẽ gửi lại để đơn vị mình xác nhận" in hieu_truong_a.notifications.first().text

    # Both sides anew.
    two.perform("send", hieu_truong_b)
    two.perform("confirm", hieu_truong_a)
    two.perform("sign", phong_chuong_my, signed_on=date(2024, 3, 1))
    agreement.refresh_from_db()
    assert (agreement.objectives, agreement.direction) == ("Lời của cả hai.", "one_way")
    assert [event.action for event in agreement.events.all()] == ["amend", "amend"]


def test_two_on_different_fields_are_both_merged(agreement, propose, hieu_truong_a, as_user):
    one, two = propose(status="confirmed", direction="one_way"), propose(status="confirmed", objectives="Khác.")
    one.perform("sign", hieu_truong_a, signed_on=date(2024, 3, 1))
    page = as_user(hieu_truong_a).get(two.get_absolute_url()).content.decode()
    assert "giao ước đã thay đổi ở mục khác. Phụ lục vẫn ký được" in page
    fresh(two).perform("sign", hieu_truong_a, signed_on=date(2024, 3, 1))
    agreement.refresh_from_db()
    assert (agreement.direction, agreement.objectives) == ("one_way", "Khác.")


def test_two_that_say_the_same_do_not_conflict(agreement, propose, hieu_truong_a):
    one, two = propose(status="confirmed", objectives="Khác."), propose(status="confirmed", objectives="Khác.")
    one.perform("sign", hieu_truong_a, signed_on=date(2024, 3, 1))
    two.perform("sign", hieu_truong_a, signed_on=date(2024, 3, 1))
    assert fresh(agreement).objectives == "Khác."


def test_both_changes_of_a_list_can_be_joined(world, agreement, propose, hieu_truong_a, as_user):
    two, three = (
        ContentArea.objects.create(programme=world.programme, name=name, position=5).pk for name in ("Hai", "Ba")
    )
    one = propose(status="confirmed", content_areas=sorted([world.area.pk, two]))
    other = propose(status="confirmed", content_areas=[three])
    one.perform("sign", hieu_truong_a, signed_on=date(2024, 3, 1))
    url = reverse("amendment_rebase", args=[other.pk])
    client = as_user(hieu_truong_a)
    client.post(url, {"pick_content_areas": "both"})
    assert fresh(other).said()["content_areas"] == sorted([two, three])


def test_dropping_ones_own_change_leaves_nothing_to_send(agreement, propose, hieu_truong_a, as_user):
    one, two = propose(status="confirmed", objectives="A."), propose(status="waiting", objectives="B.")
    one.perform("sign", hieu_truong_a, signed_on=date(2024, 3, 1))
    client = as_user(hieu_truong_a)
    client.post(reverse("amendment_rebase", args=[two.pk]), {"pick_objectives": "now"})
    two = fresh(two)
    assert two.changes == {}
    assert "send" not in two.actions_for(hieu_truong_a)
    assert "Phụ lục không còn thay đổi gì" in client.get(two.get_absolute_url()).content.decode()
    assert "Phụ lục chưa thay đổi gì so với giao ước" in act(client, two, "send").content.decode()
    assert fresh(two).status == "draft"


def test_a_choice_made_on_what_changed_again_is_not_taken(agreement, propose, hieu_truong_a, as_user):
    one, two = propose(status="confirmed", objectives="A."), propose(objectives="B.")
    third = propose(status="confirmed", direction="one_way")
    one.perform("sign", hieu_truong_a, signed_on=date(2024, 3, 1))
    client, url = as_user(hieu_truong_a), reverse("amendment_rebase", args=[two.pk])
    seen = client.get(url).context["form"]["seen"].value()
    fresh(third).perform("sign", hieu_truong_a, signed_on=date(2024, 3, 1))
    page = client.post(url, {"seen": seen, "pick_objectives": "mine"})
    assert page.status_code == 422
    assert "Giao ước vừa thay đổi lần nữa." in page.content.decode()
    assert (
        client.post(url, {"seen": page.context["form"]["seen"].value(), "pick_objectives": "mine"}).status_code == 302
    )


def test_nothing_to_update(propose, hieu_truong_a, as_user):
    amendment = propose(direction="one_way")
    page = as_user(hieu_truong_a).get(reverse("amendment_rebase", args=[amendment.pk]), follow=True).content.decode()
    assert "Giao ước chưa thay đổi gì kể từ khi soạn phụ lục này" in page
    assert "rebase" not in amendment.actions_for(hieu_truong_a)


# --- The agreement ends meanwhile -----------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["expired", "ended"])
@pytest.mark.parametrize(
    ("status", "name", "who"),
    [
        ("draft", "send", "hieu_truong_a"),
        ("waiting", "confirm", "hieu_truong_b"),
        ("confirmed", "sign", "hieu_truong_b"),
    ],
)
def test_nothing_goes_on_once_the_agreement_is_over(agreement, propose, request, as_user, end, status, name, who):
    amendment = propose(status=status, direction="one_way")
    Agreement.objects.filter(pk=agreement.pk).update(status=end)
    client = as_user(request.getfixturevalue(who))
    page = act(client, amendment, name, signed_on="1/3/2024").content.decode()
    assert "nên phụ lục không tiếp tục được. Bên đề xuất có thể rút phụ lục." in page
    assert "rút phụ lục: giao ước không còn hiệu lực." in page
    amendment = fresh(amendment)
    assert (amendment.status, fresh(agreement).direction) == (status, "mutual")
    proposer = request.getfixturevalue("hieu_truong_a")
    assert as_user(proposer).get(reverse("amendment_rebase", args=[amendment.pk])).status_code == 302
    act(as_user(proposer), amendment, "withdraw", note="Giao ước đã hết.")
    assert fresh(amendment).status == "withdrawn"


# --- Reading --------------------------------------------------------------------------------------------------------


def test_parties_and_those_above_read_a_draft(propose, request, as_user):
    amendment = propose(direction="one_way")
    for who in ("hieu_truong_b", "phong_chuong_my", "can_bo", "so", "chi_xem"):
        page = as_user(request.getfixturevalue(who)).get(amendment.get_absolute_url())
        assert page.status_code == 200, who


def test_pages_ask_the_database_as_often_for_many(agreement, propose, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)

    def counts(amendment):
        found = []
        for url in (agreement.get_absolute_url(), amendment.get_absolute_url(), reverse("dashboard")):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    amendment = propose(status="returned", direction="one_way")
    propose(status="returned", direction="one_way")
    before = counts(amendment)
    for n in range(6):
        propose(status="returned", direction="one_way", objectives=f"Lời {n}")
    assert counts(amendment) == before


def test_what_waits_stands_on_the_first_screen(propose, hieu_truong_b, so, as_user):
    amendment = propose(status="waiting", direction="one_way")
    page = as_user(hieu_truong_b).get(reverse("dashboard")).content.decode()
    assert "1 phụ lục chờ đơn vị mình xử lý" in page
    assert amendment.get_absolute_url() in page
    assert "phụ lục chờ" not in as_user(so).get(reverse("dashboard")).content.decode()


# --- Differences ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("", "Ôn thi.", [(NEW, "Ôn thi.")]),
        ("Ôn thi.", "", [(OLD, "Ôn thi.")]),
        ("Mỗi kỳ hai buổi.", "Mỗi kỳ ba buổi.", [(SAME, "Mỗi kỳ "), (OLD, "hai"), (NEW, "ba"), (SAME, " buổi.")]),
        ("Ôn Toán, Văn.", "Ôn Toán, Văn, Anh.", [(SAME, "Ôn Toán, Văn"), (NEW, ", Anh"), (SAME, ".")]),
        (
            "một chuyên đề lớn ở trường",
            "ba hội thảo nhỏ ở trường",
            [(OLD, "một chuyên đề lớn ở trường"), (NEW, "ba hội thảo nhỏ ở trường")],
        ),
        (
            "Mỗi kỳ hai buổi ôn Toán tại trường.",
            "Mỗi kỳ ba lượt ôn Văn tại trường.",
            [(SAME, "Mỗi kỳ "), (OLD, "hai buổi ôn Toán"), (NEW, "ba lượt ôn Văn"), (SAME, " tại trường.")],
        ),
        ("Dòng một\nDòng hai", "Dòng một\nDòng ba", [(SAME, "Dòng một\nDòng "), (OLD, "hai"), (NEW, "ba")]),
    ],
)
def test_word_by_word(old, new, parts):
    assert words(old, new) == [Part(*part) for part in parts]


def test_both_texts_can_be_read_from_the_parts():
    old = "Hỗ trợ 20 tiết dạy, 3 chuyên đề Toán; tặng sách.\n\nMỗi năm 2 lần thăm."
    new = "Hỗ trợ 24 tiết dạy và 3 chuyên đề Ngữ văn.\nTặng sách, vở.\n\nMỗi năm 2 lần."
    parts = words(old, new)
    assert "".join(p.text for p in parts if p.kind != NEW) == old
    assert "".join(p.text for p in parts if p.kind != OLD) == new


def test_long_passages_are_compared_in_time():
    old = " ".join(f"từ{n}" for n in range(20_000))
    parts = words(old, old + " thêm")
    assert [part.kind for part in parts] == [OLD, NEW]
