"""The page where a person chooses how to get letters."""

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.tests.mail.notices import CHOICE


@pytest.mark.parametrize("choice", ["none", "at_once", "daily"])
def test_a_person_chooses(as_user, chi, choice):
    client = as_user(chi)
    page = client.get(CHOICE).content.decode()
    assert "truong.01277501@example.vn" in page
    assert "Lúc 7 giờ" in page
    answer = client.post(CHOICE, {"mail_choice": choice, "email": "x@example.vn"}, follow=True)
    assert "Đã lưu cách nhận thư." in answer.content.decode()
    chi.refresh_from_db()
    assert (chi.mail_choice, chi.email) == (choice, "truong.01277501@example.vn")
    assert chi.get_mail_choice_display() in client.get(reverse("profile")).content.decode()


@pytest.mark.parametrize("form", [{}, {"mail_choice": "weekly"}])
def test_a_choice_there_is_not_changes_nothing(as_user, binh, form):
    page = as_user(binh).post(CHOICE, form).content.decode()
    assert "invalid-feedback" in page
    binh.refresh_from_db()
    assert binh.mail_choice == "at_once"


def test_who_has_no_address_is_told_so(as_user, chi):
    User.objects.filter(pk=chi.pk).update(email=None)
    assert "chưa có địa chỉ thư điện tử" in as_user(chi).get(CHOICE).content.decode()


def test_a_link_that_stops_letters_leads_through_the_sign_in_page_and_changes_nothing_by_itself(client, binh, as_user):
    assert client.get(CHOICE).url == f"/tai-khoan/login/?next={CHOICE}"
    as_user(binh).get(CHOICE)
    binh.refresh_from_db()
    assert binh.mail_choice == "at_once"
