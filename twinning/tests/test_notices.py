"""A notice says who acts next and leads there, also when the page belongs to another seat of the person."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.tasks import mail_notices
from twinning.access import Role
from twinning.models import Membership
from twinning.tests.pairing import act

ELSEWHERE = "Trang này thuộc vai trò khác của thầy/cô"


def test_an_action_tells_who_acts_next(draft, hieu_truong_a, hieu_truong_b, as_user):
    act(as_user(hieu_truong_a), draft, "send")
    draft.refresh_from_db()
    notice = hieu_truong_b.notifications.get()
    assert notice.next_step == draft.next_step == "THCS Đại Yên (huyện Chương Mỹ) xác nhận hoặc trả lại."
    page = as_user(hieu_truong_b).get(reverse("notification_list")).content.decode()
    assert "Việc tiếp theo: THCS Đại Yên (huyện Chương Mỹ) xác nhận hoặc trả lại." in page


def test_the_letter_of_an_action_leads_to_its_page(draft, hieu_truong_a, hieu_truong_b, as_user, settings):
    User.objects.filter(pk=hieu_truong_b.pk).update(mail_choice="at_once")
    act(as_user(hieu_truong_a), draft, "send")
    mail_notices()
    [letter] = mail.outbox
    assert "THCS Đại Yên (huyện Chương Mỹ) xác nhận hoặc trả lại." in letter.body
    path = re.search(re.escape(settings.SITE_URL) + r"(/giao-uoc/\S+)", letter.body)[1]
    assert as_user(hieu_truong_b).get(path).context["object"] == draft


# --- Two seats ------------------------------------------------------------------------------------------------------


@pytest.fixture
def first_seat(hieu_truong_b):
    return hieu_truong_b.memberships.get()


@pytest.fixture
def elsewhere(draft, first_seat, hieu_truong_a, hieu_truong_b, world, as_user):
    """The principal of B, told of the draft, at work as the officer of Ba Đình."""
    draft.perform("send", hieu_truong_a)
    other = Membership.objects.create(user=hieu_truong_b, role=Role.DISTRICT, district=world.ba_dinh)
    client = as_user(hieu_truong_b)
    client.post(reverse("seat_take", args=[other.pk]))
    return client


def test_a_notice_for_another_seat_leads_there_with_one_click(draft, elsewhere, first_seat, hieu_truong_b):
    notice = hieu_truong_b.notifications.get()
    asked = elsewhere.post(reverse("notification_open", args=[notice.pk]), follow=True)
    page = asked.content.decode()
    assert asked.status_code == 404
    assert ELSEWHERE in page
    assert "vai trò <strong>Phòng GD&amp;ĐT – Phòng GD&amp;ĐT quận Ba Đình</strong>" in page
    form = re.search(
        rf'<form method="post" action="{reverse("seat_take", args=[first_seat.pk])}">(.*?)</form>',
        page[page.index("<main") :],
        re.DOTALL,
    )[1]
    assert "Hiệu trưởng – THCS Đại Yên" in form
    target = re.search(r'name="next" value="([^"]+)"', form)[1]
    there = elsewhere.post(reverse("seat_take", args=[first_seat.pk]), {"next": target}, follow=True)
    assert there.redirect_chain[-1][0] == draft.get_absolute_url()
    assert there.status_code == 200
    assert there.context["seat"] == first_seat


def test_asking_changes_no_seat_and_writes_nothing(draft, elsewhere, first_seat):
    elsewhere.get("/")  # the message of the seat taken before is shown, once
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            answer = elsewhere.get(draft.get_absolute_url())
        assert answer.context["seat"] != first_seat
        assert not [q["sql"] for q in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", q["sql"])]
    assert str(draft) not in answer.content.decode()


def test_only_the_seats_that_see_the_page_are_offered(draft, elsewhere, hieu_truong_b, world):
    third = Membership.objects.create(user=hieu_truong_b, role=Role.PRINCIPAL, school=world.school_c)
    page = elsewhere.get(draft.get_absolute_url()).content.decode()
    main = page[page.index("<main") :]
    assert main.count("/vai-tro/") == 1
    assert reverse("seat_take", args=[third.pk]) not in main


def test_a_seat_that_has_ended_is_not_offered(draft, elsewhere, first_seat, world):
    Membership.objects.filter(pk=first_seat.pk).update(valid_to=world.programme.starts_on)
    assert ELSEWHERE not in elsewhere.get(draft.get_absolute_url()).content.decode()


@pytest.mark.parametrize("path", ["/giao-uoc/999999/", "/giao-uoc/99999999999999999999999/", "/khong-co/"])
def test_what_is_nowhere_is_an_ordinary_404(elsewhere, path):
    answer = elsewhere.get(path)
    assert answer.status_code == 404
    assert ELSEWHERE not in answer.content.decode()


def test_a_stranger_with_two_seats_learns_nothing(draft, nguoi_la, world, as_user):
    Membership.objects.create(user=nguoi_la, role=Role.DISTRICT, district=world.ba_dinh)
    answer = as_user(nguoi_la).get(draft.get_absolute_url())
    assert answer.status_code == 404
    assert ELSEWHERE not in answer.content.decode()


def test_switching_leads_to_pages_of_our_own_only(elsewhere, first_seat):
    for page in ("https://ke-xau.example/", "//ke-xau.example/", "javascript:alert(1)"):
        assert elsewhere.post(reverse("seat_take", args=[first_seat.pk]), {"next": page}).url == reverse("dashboard")
