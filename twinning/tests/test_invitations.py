"""People of a unit: inviting them, the letter and its link, the list of seats, ending one; a side that has nobody."""

import re
import smtplib
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import PASSWORD
from twinning.access import Role
from twinning.models import Agreement, Amendment, District, Membership, School
from twinning.tests.pairing import SIGNING, act, school_pair

NEW_PASSWORD = "cung-chung-tay-2026"
AN = {"full_name": "Nguyễn Văn An", "email": "An.NV@truong.example.vn", "role": "principal", "decision_number": "12/QĐ"}


def page_of(unit):
    return reverse("district_invite" if isinstance(unit, District) else "school_invite", args=[unit.pk])


def invite(client, unit, **changes):
    return client.post(page_of(unit), {**AN, **changes}, follow=True)


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def link():
    return urlsplit(re.search(r"https?://\S+/reset/\S+", mail.outbox[-1].body)[0]).path


def set_password(client, password=NEW_PASSWORD):
    form_url = client.get(link(), follow=True).redirect_chain[-1][0]
    return client.post(form_url, {"password1": password, "password2": password}, follow=True)


def sign_in(client, login, password):
    return client.post(reverse("account_login"), {"login": login, "password": password})


# --- Inviting -------------------------------------------------------------------------------------------------------


def test_an_invited_person_sets_a_password_signs_in_and_has_the_seat(world, so, as_user, client):
    answer = invite(as_user(so), world.school_b)
    assert "Đã gửi thư mời Nguyễn Văn An tới an.nv@truong.example.vn." in text(answer)
    seat = world.school_b.membership_set.get()
    assert (seat.role, seat.decision_number, seat.valid_from, seat.valid_to, seat.invited_by) == (
        "principal",
        "12/QĐ",
        timezone.localdate(),
        None,
        so,
    )
    assert (seat.user.full_name, seat.user.username) == ("Nguyễn Văn An", "an.nv@truong.example.vn")
    assert not seat.user.has_usable_password()
    [letter] = mail.outbox
    assert letter.to == ["an.nv@truong.example.vn"]
    assert letter.subject == "Lời mời dùng Cổng giao ước"
    assert "Kính gửi thầy/cô Nguyễn Văn An," in letter.body
    assert "Hiệu trưởng – THCS Đại Yên" in letter.body
    assert "trong 3 ngày" in letter.body
    assert "Chuyên viên Sở mời" in letter.body
    assert set_password(client).status_code == 200
    assert sign_in(client, "an.nv@truong.example.vn", NEW_PASSWORD).status_code == 302
    assert client.get(reverse("dashboard")).context["seat"] == seat
    assert "Liên kết đã được dùng hoặc đã hết hạn." in client.get(link(), follow=True).content.decode()


def test_the_link_lasts_as_long_as_that_of_a_forgotten_password(world, so, as_user, client, settings):
    invite(as_user(so), world.school_b)
    last = timezone.now().timestamp() + settings.PASSWORD_RESET_TIMEOUT
    with time_machine.travel(last - 60):
        assert "Gõ lại mật khẩu mới" in client.get(link(), follow=True).content.decode()
    with time_machine.travel(last + 60):
        assert "Liên kết đã được dùng hoặc đã hết hạn." in client.get(link(), follow=True).content.decode()


def test_the_letter_names_the_portal_whatever_address_the_page_was_asked_under(world, so, as_user, settings):
    settings.ALLOWED_HOSTS = ["*"]
    as_user(so).post(page_of(world.school_b), AN, headers={"host": "ke-gian.example.com"})
    assert settings.SITE_URL in mail.outbox[0].body
    assert "ke-gian" not in mail.outbox[0].body


# Who may give which roles: {who: {unit: roles}}; all else is a 404.
SCHOOL, OFFICE = {"principal", "clerk", "reader"}, {"district", "reader"}
OFFERED = {
    "so": {"school_a": SCHOOL, "school_b": SCHOOL, "thanh_tri": OFFICE, "chuong_my": OFFICE},
    "quan_tri": {"school_a": SCHOOL, "school_b": SCHOOL, "thanh_tri": OFFICE, "chuong_my": OFFICE},
    "lanh_dao": {},
    "chi_xem": {},
    "phong_thanh_tri": {"school_a": SCHOOL, "thanh_tri": {"reader"}},
    "hieu_truong_a": {"school_a": {"clerk"}},
    "can_bo": {},
    "nguoi_la": {},
    "nguoi_tinh_khac": {},
}


@pytest.mark.parametrize("who", OFFERED)
def test_who_may_invite_whom(world, as_user, request, who):
    client = as_user(request.getfixturevalue(who))
    before = Membership.objects.count()
    for unit in ("school_a", "school_b", "thanh_tri", "chuong_my"):
        roles, thing = OFFERED[who].get(unit, set()), getattr(world, unit)
        page = client.get(page_of(thing))
        directory = client.get(thing.get_absolute_url())
        assert (page.status_code == 200) == bool(roles), unit
        if directory.status_code == 200:
            assert (page_of(thing) in directory.content.decode()) == bool(roles), unit
        if roles:
            assert {value for value, _label in page.context["form"].fields["role"].choices} == roles
        for role in SCHOOL | OFFICE | {"department", "leader", "admin"}:
            answer = client.post(page_of(thing), {**AN, "role": role, "email": f"{role}.{unit}@example.vn"})
            assert answer.status_code == (404 if not roles else 302 if role in roles else 422), (unit, role)
    assert Membership.objects.count() - before == sum(len(roles) for roles in OFFERED[who].values())


def test_a_unit_that_is_no_more_gets_nobody(world, so, as_user):
    School.objects.filter(pk=world.school_b.pk).update(valid_to=timezone.localdate() - timedelta(days=1))
    District.objects.filter(pk=world.thanh_tri.pk).update(valid_to=timezone.localdate() - timedelta(days=1))
    for unit in (world.school_b, world.thanh_tri):
        assert as_user(so).get(page_of(unit)).status_code == 404
        assert as_user(so).post(page_of(unit), AN).status_code == 404


def test_the_office_of_today_invites_not_the_one_before(world, person, phong_chuong_my, as_user):
    commune = District.objects.create(department=world.so, code="10", name="Đại Yên", kind="xa")
    School.objects.filter(pk=world.school_b.pk).update(district=commune)
    assert as_user(phong_chuong_my).get(page_of(world.school_b)).status_code == 404
    assert as_user(person("xa", Role.DISTRICT, district=commune)).get(page_of(world.school_b)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": "an.truong.vn"}, "Đây không phải địa chỉ thư điện tử. Hãy ghi như ten@truong.edu.vn."),
        ({"email": ""}, "bắt buộc"),
        ({"full_name": " "}, "bắt buộc"),
        ({"full_name": "A" * 121}, "120"),
        ({"role": ""}, "bắt buộc"),
        ({"role": "district"}, "district"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world, so, as_user, changes, message):
    answer = invite(as_user(so), world.school_b, **changes)
    assert answer.status_code == 422
    assert message in text(answer)
    assert 'value="12/QĐ"' in text(answer)
    assert not world.school_b.membership_set.exists()
    assert mail.outbox == []


def test_a_name_is_one_line(world, so, as_user):
    invite(as_user(so), world.school_b, full_name="Nguyễn  Văn\r\nAn")
    assert User.objects.get(email="an.nv@truong.example.vn").full_name == "Nguyễn Văn An"


# --- An address that is known ---------------------------------------------------------------------------------------


def test_an_account_that_is_there_gets_the_seat_and_keeps_its_password(world, so, nguoi_la, as_user, client):
    answer = invite(as_user(so), world.school_b, email="TRUONG.01001501@example.vn", full_name="Ai Đó")
    assert "Đã gửi thư mời Ai Đó tới truong.01001501@example.vn." in text(answer)
    assert User.objects.filter(email__iexact="truong.01001501@example.vn").count() == 1
    assert set(nguoi_la.memberships.values_list("school", flat=True)) == {world.school_c.pk, world.school_b.pk}
    nguoi_la.refresh_from_db()
    assert nguoi_la.full_name == "Hiệu trưởng trường khác"
    assert nguoi_la.check_password(PASSWORD)
    [letter] = mail.outbox
    assert "Thầy/cô đã có tài khoản." in letter.body
    assert "/reset/key" not in letter.body
    assert "Kính gửi thầy/cô Hiệu trưởng trường khác" in letter.body


def test_the_one_who_invites_learns_nothing_about_an_address(world, so, nguoi_la, as_user, client):
    """Whether it has an account, whose it is: pages and the list of people look the same until the person comes."""

    def seen(school, address):
        pages = invite(as_user(so), school, email=address, full_name="Ai Đó")
        pages = [text(pages), text(as_user(so).get(school.get_absolute_url()))]
        seat = school.membership_set.get()
        return [
            re.sub(r'csrfmiddlewaretoken" value="\w+"|csrf-token" content="\w+"', "", page)
            .replace(address, "ADDRESS")
            .replace(f"/vai-tro/{seat.pk}/", "/vai-tro/N/")
            for page in pages
        ]

    nguoi_la.last_login = timezone.now()
    nguoi_la.save()
    known = seen(world.school_b, "truong.01001501@example.vn")
    world.school_b.membership_set.all().delete()
    assert known == seen(world.school_b, "khong-co@example.vn")
    assert "Hiệu trưởng trường khác" not in "".join(known)
    assert "chưa đăng nhập" in known[1]

    world.school_b.membership_set.all().delete()
    invite(as_user(so), world.school_b, email="truong.01001501@example.vn", full_name="Ai Đó")
    sign_in(client, "truong.01001501", PASSWORD)
    page = text(as_user(so).get(world.school_b.get_absolute_url()))
    assert "Hiệu trưởng trường khác" in page
    assert "Ai Đó" not in page


def test_the_same_role_twice_is_refused(world, so, as_user):
    client = as_user(so)
    invite(client, world.school_b)
    answer = invite(client, world.school_b, email="an.nv@TRUONG.example.vn", full_name="Văn An")
    assert "Văn An: Người có thư này đã giữ vai trò ấy ở đơn vị." in text(answer)
    assert world.school_b.membership_set.count() == len(mail.outbox) == 1
    invite(client, world.school_b, role="clerk")
    assert world.school_b.membership_set.count() == 2
    assert User.objects.filter(email="an.nv@truong.example.vn").count() == 1


def test_a_seat_that_ended_may_be_given_again(world, so, hieu_truong_b, as_user):
    hieu_truong_b.memberships.update(valid_to=timezone.localdate() - timedelta(days=1))
    invite(as_user(so), world.school_b, email=hieu_truong_b.email)
    assert hieu_truong_b.memberships.in_force().count() == 1


def test_a_user_name_that_is_the_address_of_another_is_left_alone(world, so, as_user):
    """An account is found by its own address only: the link must never reach whoever holds another one."""
    other = User.objects.create_user("an.nv@truong.example.vn", None, PASSWORD, full_name="Người khác")
    invite(as_user(so), world.school_b)
    seat = world.school_b.membership_set.get()
    assert seat.user != other
    assert seat.user.username.startswith("nguoi-")
    assert not other.memberships.exists()


def test_an_address_that_is_no_user_name(world, so, as_user):
    invite(as_user(so), world.school_b, email="o'an&b@truong.example.vn")
    assert world.school_b.membership_set.get().user.username.startswith("nguoi-")
    assert mail.outbox[0].to == ["o'an&b@truong.example.vn"]


def test_a_closed_account_is_not_opened_by_an_invitation(world, so, nguoi_la, as_user):
    User.objects.filter(pk=nguoi_la.pk).update(is_active=False)
    answer = invite(as_user(so), world.school_b, email=nguoi_la.email)
    assert "Đã gửi thư mời" in text(answer)
    assert "đang khoá" in mail.outbox[0].body
    nguoi_la.refresh_from_db()
    assert not nguoi_la.is_active


# --- The letter -----------------------------------------------------------------------------------------------------


@pytest.fixture
def broken_mail(monkeypatch):
    def refuse(*args, **kwargs):
        raise smtplib.SMTPServerDisconnected("đứt")

    monkeypatch.setattr("accounts.invitations.send_mail", refuse)
    return monkeypatch


def test_a_letter_that_is_not_sent_loses_no_seat_and_can_be_sent_again(world, so, as_user, broken_mail):
    client = as_user(so)
    answer = invite(client, world.school_b)
    assert "nhưng chưa gửi được thư tới an.nv@truong.example.vn" in text(answer)
    assert "Đã gửi thư mời" not in text(answer)
    seat = world.school_b.membership_set.get()
    broken_mail.undo()
    answer = client.post(reverse("membership_letter", args=[seat.pk]), follow=True)
    assert "Đã gửi thư mời Nguyễn Văn An tới an.nv@truong.example.vn." in text(answer)
    assert len(mail.outbox) == 1


def test_sending_again_gives_a_link_that_works(world, so, as_user, client):
    invite(as_user(so), world.school_b)
    seat = world.school_b.membership_set.get()
    as_user(so).post(reverse("membership_letter", args=[seat.pk]))
    assert len(mail.outbox) == 2
    assert "Đã đổi mật khẩu" in text(set_password(client))
    sign_in(client, seat.user.email, NEW_PASSWORD)
    answer = as_user(so).post(reverse("membership_letter", args=[seat.pk]), follow=True)
    assert "đã đăng nhập rồi" in text(answer)
    assert len(mail.outbox) == 2
    assert "Gửi lại thư mời" not in text(as_user(so).get(world.school_b.get_absolute_url()))


def test_letters_to_one_address_are_few(world, so, as_user):
    client = as_user(so)
    invite(client, world.school_b)
    url = reverse("membership_letter", args=[world.school_b.membership_set.get().pk])
    answers = [text(client.post(url, follow=True)) for _n in range(3)]
    assert len(mail.outbox) == 3
    assert "Đã gửi quá nhiều thư mời" in answers[-1]
    answer = invite(client, world.school_a)
    assert answer.status_code == 422
    assert "Đã gửi quá nhiều thư mời" in text(answer)
    assert 'value="Nguyễn Văn An"' in text(answer)
    assert not world.school_a.membership_set.exists()


def test_one_person_sends_so_many_letters_an_hour(world, so, as_user, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "invite": "2/h/user"}
    client = as_user(so)
    for n in range(3):
        invite(client, world.school_b, email=f"an{n}@example.vn")
    assert len(mail.outbox) == 2


def test_an_account_without_an_address_gets_no_letter(world, so, as_user):
    user = User.without_password(username="xa.dai-yen", full_name="Xã Đại Yên")
    user.save()
    seat = Membership.objects.create(user=user, role=Role.DISTRICT, district=world.chuong_my)
    assert "Gửi lại thư mời" not in text(as_user(so).get(world.chuong_my.get_absolute_url()))
    answer = as_user(so).post(reverse("membership_letter", args=[seat.pk]), follow=True)
    assert "không có thư điện tử" in text(answer)
    assert mail.outbox == []


# --- The list, and ending a role ------------------------------------------------------------------------------------


def test_the_list_says_who_has_a_seat_and_since_when(world, so, hieu_truong_a, can_bo, as_user):
    hieu_truong_a.memberships.update(valid_from="2023-09-01", decision_number="7/QĐ-UBND")
    User.objects.update(last_login=timezone.now())
    page = text(as_user(so).get(world.school_a.get_absolute_url()))
    assert page.index("Hiệu trưởng A") < page.index("Cán bộ nhập liệu A")
    assert "Hiệu trưởng · từ 1/9/2023 · 7/QĐ-UBND" in page
    assert "chưa đăng nhập" not in page


def test_the_list_is_for_those_who_may_invite(world, hieu_truong_a, hieu_truong_b, nguoi_la, chi_xem, as_user):
    for person in (nguoi_la, chi_xem, hieu_truong_b):
        assert "Người của đơn vị" not in text(as_user(person).get(world.school_a.get_absolute_url()))
    assert "Người của đơn vị" in text(as_user(hieu_truong_a).get(world.school_a.get_absolute_url()))


def test_a_role_ends_with_the_day(world, so, can_bo, hieu_truong_a, as_user):
    can_bo.last_login = timezone.now()
    can_bo.save()
    seat = can_bo.memberships.get()
    client = as_user(hieu_truong_a)
    page = client.get(reverse("membership_end", args=[seat.pk]))
    assert "đến hết hôm nay" in text(page)
    seat.refresh_from_db()
    assert seat.valid_to is None
    answer = client.post(reverse("membership_end", args=[seat.pk]), follow=True)
    assert "Đã kết thúc vai trò của Cán bộ nhập liệu A." in text(answer)
    seat.refresh_from_db()
    assert seat.valid_to == timezone.localdate()
    assert can_bo.memberships.in_force().exists()
    assert not can_bo.memberships.in_force(timezone.localdate() + timedelta(days=1)).exists()


def test_an_invitation_nobody_took_ends_at_once(world, so, as_user, client):
    invite(as_user(so), world.school_b)
    seat = world.school_b.membership_set.get()
    page = as_user(so).get(reverse("membership_end", args=[seat.pk]))
    assert "chưa nhận lời mời" in text(page)
    as_user(so).post(reverse("membership_end", args=[seat.pk]))
    set_password(client)
    sign_in(client, seat.user.email, NEW_PASSWORD)
    assert client.get(reverse("dashboard")).context["seat"] is None


def test_nobody_ends_the_own_last_seat(world, quan_tri, as_user):
    """The Department's own officer holds a seat in a district, too, and ends that one."""
    person = User.objects.create_user("kiem-nhiem", "kiem-nhiem@example.vn", PASSWORD, full_name="Kiêm nhiệm")
    person.last_login = timezone.now()
    person.save()
    here = Membership.objects.create(user=person, role=Role.DISTRICT, district=world.chuong_my)
    office = Membership.objects.create(user=person, role=Role.DEPARTMENT, department=world.so)
    client = as_user(person)
    client.post(reverse("seat_take", args=[office.pk]))
    url = reverse("membership_end", args=[here.pk])
    Membership.objects.filter(pk=office.pk).update(department=None, district=world.thanh_tri, role=Role.DISTRICT)
    assert client.post(url).status_code == 404, "an officer of Thanh Trì has no say in Chương Mỹ"
    Membership.objects.filter(pk=office.pk).update(department=world.so, district=None, role=Role.DEPARTMENT)
    client.post(url)
    here.refresh_from_db()
    assert here.valid_to == timezone.localdate()


def test_the_own_last_seat_is_kept(world, as_user):
    """An officer whose only seat is in the unit cannot end it, even where the role is one the officer may give."""
    from twinning import invitations
    from twinning.life import Refused

    person = User.objects.create_user("mot-minh", "mot-minh@example.vn", PASSWORD, full_name="Một mình")
    seat = Membership.objects.create(user=person, role=Role.READER, district=world.chuong_my)
    with pytest.raises(Refused, match="vai trò duy nhất"):
        invitations.end(seat, person)
    seat.refresh_from_db()
    assert seat.valid_to is None


def test_strangers_end_and_send_nothing(world, so, hieu_truong_a, hieu_truong_b, can_bo, as_user, request):
    seats = {seat.user.username: seat for seat in Membership.objects.all()}
    refused = [
        ("hieu_truong_b", "cbnl"),
        ("hieu_truong_a", "truong.01020501"),
        ("can_bo", "cbnl"),
        ("phong_chuong_my", "cbnl"),
        ("nguoi_tinh_khac", "cbnl"),
        ("lanh_dao", "cbnl"),
        ("so", "so"),
        ("hieu_truong_a", "so"),
    ]
    for who, whose in refused:
        client = as_user(request.getfixturevalue(who))
        for name in ("membership_end", "membership_letter"):
            url = reverse(name, args=[seats[whose].pk])
            assert client.post(url).status_code == 404, (who, whose, name)
    assert not Membership.objects.exclude(valid_to=None).exists()
    assert mail.outbox == []


# --- A side that has nobody -----------------------------------------------------------------------------------------


def test_sending_to_a_side_without_anybody_tells_the_department_and_the_sender(
    draft, world, so, lanh_dao, chi_xem, hieu_truong_a, as_user
):
    answer = act(as_user(hieu_truong_a), draft, "send")
    party = "THCS Đại Yên (huyện Chương Mỹ)"
    assert f"{party} chưa có ai dùng cổng. Sở đã được báo để mời người" in text(answer)
    assert "Đã gửi." in text(answer)
    draft.refresh_from_db()
    assert draft.status == "waiting"
    assert draft.next_step == f"{party} chưa có ai dùng cổng: Sở hoặc đơn vị cấp trên mời người, để họ xác nhận."
    assert draft.next_step in text(answer)
    for person in (so, lanh_dao):
        notice = person.notifications.get()
        assert notice.text.startswith(f"{party} chưa có ai dùng cổng")
        assert notice.url == draft.get_absolute_url()
        assert notice.next_step == "Sở mời người của đơn vị này."
    assert not chi_xem.notifications.exists()
    page = text(as_user(so).get(draft.get_absolute_url()))
    assert page_of(world.school_b) in page
    assert page_of(world.chuong_my) in page
    assert page_of(world.school_b) not in text(answer)


def test_with_somebody_there_nothing_is_said(draft, world, so, hieu_truong_a, phong_chuong_my, as_user):
    answer = act(as_user(hieu_truong_a), draft, "send")
    assert "chưa có ai" not in text(answer)
    assert not so.notifications.exists()
    assert "chưa có ai" not in text(as_user(so).get(draft.get_absolute_url()))


def test_a_draft_says_it_before_it_is_sent(draft, hieu_truong_a, as_user):
    page = text(as_user(hieu_truong_a).get(draft.get_absolute_url()))
    assert "chưa có ai dùng cổng nên sẽ chưa ai xác nhận được. Khi gửi, Sở được báo" in page


def test_a_change_of_commitments_is_told_too(draft, world, so, hieu_truong_a, hieu_truong_b, as_user):
    client = as_user(hieu_truong_a)
    act(client, draft, "send")
    act(as_user(hieu_truong_b), draft, "confirm")
    hieu_truong_b.memberships.all().delete()
    url = reverse("agreement_edit", args=[draft.pk])
    seen = client.get(url).context["form"]["seen"].value()
    client.post(url, school_pair(world, kind="pledge", seen=seen, objectives="Khác hẳn."))
    assert so.notifications.get().url == draft.get_absolute_url()


def test_an_amendment_to_a_side_without_anybody_is_told_too(school_agreement, world, so, hieu_truong_a, as_user):
    amendment = Amendment.begin(Agreement.objects.for_list().get(), "supporting")
    amendment.propose(amendment.base | {"objectives": "Thêm ôn thi vào lớp 10."})
    amendment.store_new()
    page = text(as_user(hieu_truong_a).get(amendment.get_absolute_url()))
    assert "sẽ chưa ai xác nhận được. Khi gửi, Sở được báo" in page
    url = reverse("amendment_action", args=[amendment.pk, "gui"])
    answer = text(as_user(hieu_truong_a).post(url, follow=True))
    party = "THCS Đại Yên (huyện Chương Mỹ)"
    assert f"{party} chưa có ai dùng cổng. Sở đã được báo để mời người" in answer
    notice = so.notifications.get()
    assert notice.text.startswith(f"{party} chưa có ai dùng cổng để trả lời “Phụ lục số 1")
    assert notice.url == amendment.get_absolute_url()
    for page in (amendment.get_absolute_url(), reverse("problem_list")):
        assert page_of(world.school_b) in text(as_user(so).get(page))


def test_a_signing_outside_nobody_of_the_other_side_can_check_is_told(draft, so, hieu_truong_a, as_user, pdf):
    act(as_user(hieu_truong_a), draft, "sign_outside", scan=pdf("ban-ky.pdf"), **SIGNING)
    notice = so.notifications.get()
    assert "chưa có ai dùng cổng để đối chiếu giao ước" in notice.text
    assert notice.url == draft.get_absolute_url()


def test_a_pair_the_department_drafted_says_whom_to_invite(draft, world, so, hieu_truong_b, as_user):
    """Nobody of the registering side, so nobody sends it; and nobody to mend what was returned."""
    page = text(as_user(so).get(draft.get_absolute_url()))
    assert "THCS Tả Thanh Oai (huyện Thanh Trì) chưa có ai dùng cổng nên sẽ chưa ai gửi được." in page
    assert page_of(world.school_a) in page
    Agreement.objects.filter(pk=draft.pk).update(status="waiting")
    answer = act(as_user(hieu_truong_b), draft, "return", note="Thiếu nội dung.")
    assert "chưa có ai dùng cổng. Sở đã được báo để mời người, rồi họ sửa và gửi lại." in text(answer)
    assert "để sửa và gửi lại giao ước" in so.notifications.get().text


def test_the_invited_person_answers_the_agreement(draft, world, so, hieu_truong_a, as_user, client):
    act(as_user(hieu_truong_a), draft, "send")
    invite(as_user(so), world.school_b)
    set_password(client)
    sign_in(client, "an.nv@truong.example.vn", NEW_PASSWORD)
    act(client, draft, "confirm")
    draft.refresh_from_db()
    assert draft.status == "confirmed"
    act(client, draft, "sign", **SIGNING)
    draft.refresh_from_db()
    assert draft.status == "signed"
