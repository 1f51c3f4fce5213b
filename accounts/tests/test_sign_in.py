"""Coming in: by e-mail or user name, the limit of tries, no sign-up, a forgotten password, safe headers."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path, reverse
from django.utils import timezone

from accounts.models import User
from conftest import PASSWORD

LOGIN = "/tai-khoan/login/"
NEW_PASSWORD = "cung-chung-tay-2026"

# A page somebody adds and says nothing about.
urlpatterns = [path("trang-moi/", lambda request: HttpResponse("nội dung")), path("", include("config.urls"))]


def sign_in(client, login, password=PASSWORD):
    return client.post(LOGIN, {"login": login, "password": password})


def is_signed_in(client):
    return client.get(reverse("profile")).status_code == 200


def fail_five_times(client, login="truong.01020501"):
    return [sign_in(client, login, f"sai-{n}") for n in range(5)]


def link_in_mail():
    return urlsplit(re.search(r"https?://\S+", mail.outbox[-1].body)[0]).path


@pytest.mark.parametrize(
    "login",
    [
        "truong.01020501",
        "TRUONG.01020501",
        " truong.01020501 ",
        "truong.01020501@example.vn",
        "Truong.01020501@Example.vn",
    ],
)
def test_sign_in_by_unit_user_name_or_e_mail(client, hieu_truong_a, login):
    response = sign_in(client, login)
    assert response.status_code == 302
    assert response.url == reverse("dashboard")
    assert is_signed_in(client)


@pytest.mark.parametrize("login", ["truong.01020501", "truong.01020501@example.vn", "khong-co", "khong-co@example.vn"])
def test_a_wrong_password_says_what_to_do_and_not_whether_the_account_exists(client, hieu_truong_a, login):
    response = sign_in(client, login, "khong-phai")
    assert "không khớp. Hãy kiểm tra lại; sau 5 lần sai, tài khoản tạm khoá 5 phút." in response.content.decode()
    assert not is_signed_in(client)


def test_a_closed_account_does_not_come_in(client, hieu_truong_a):
    User.objects.filter(pk=hieu_truong_a.pk).update(is_active=False)
    response = client.post(LOGIN, {"login": "truong.01020501", "password": PASSWORD}, follow=True)
    assert "Hãy liên hệ cán bộ phụ trách" in response.content.decode()
    assert not is_signed_in(client)


def test_five_wrong_tries_lock_for_five_minutes(client, hieu_truong_a, hieu_truong_b):
    for answer in fail_five_times(client):
        assert "không khớp" in answer.content.decode()
    locked = sign_in(client, "truong.01020501").content.decode()
    assert "Sai quá nhiều lần. Hãy chờ 5 phút rồi thử lại, hoặc chọn “Quên mật khẩu”." in locked
    assert not is_signed_in(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert sign_in(client, "truong.01020501").status_code == 302


def test_the_lock_is_of_one_account_under_both_its_names(client, hieu_truong_a, hieu_truong_b):
    fail_five_times(client)
    assert "Sai quá nhiều lần" in sign_in(client, "truong.01020501@example.vn").content.decode()
    assert sign_in(client, "truong.01277501").status_code == 302


def test_nobody_signs_up(client, db):
    form = {"email": "la@example.vn", "username": "nguoi-la", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    for answer in (client.get("/tai-khoan/signup/"), client.post("/tai-khoan/signup/", form)):
        assert "Cổng không mở đăng ký" in answer.content.decode()
    assert not User.objects.exists()


def test_password_reset_mail_arrives_and_its_link_works_once(client, hieu_truong_a):
    answer = client.post(reverse("account_reset_password"), {"email": "Truong.01020501@example.vn"}, follow=True)
    assert "Hãy xem hộp thư" in answer.content.decode()
    [letter] = mail.outbox
    assert letter.to == ["truong.01020501@example.vn"]
    assert letter.subject == "Đặt lại mật khẩu Cổng giao ước"
    assert "Tên đăng nhập: truong.01020501" in letter.body
    assert not re.search(r"password|account|thank", re.sub(r"https?://\S+", "", letter.body), re.IGNORECASE)

    page = client.get(link_in_mail(), follow=True)
    form_url = page.redirect_chain[-1][0]
    assert "Gõ lại mật khẩu mới" in page.content.decode()
    answer = client.post(form_url, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, follow=True)
    assert "Đã đổi mật khẩu." in answer.content.decode()
    assert sign_in(client, "truong.01020501", PASSWORD).status_code == 200
    assert sign_in(client, "truong.01020501", NEW_PASSWORD).status_code == 302
    assert "Liên kết đã được dùng hoặc đã hết hạn." in client.get(link_in_mail(), follow=True).content.decode()


def test_a_reset_opens_a_locked_account(client, hieu_truong_a):
    fail_five_times(client)
    client.post(reverse("account_reset_password"), {"email": "truong.01020501@example.vn"})
    form_url = client.get(link_in_mail(), follow=True).redirect_chain[-1][0]
    client.post(form_url, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert sign_in(client, "truong.01020501", NEW_PASSWORD).status_code == 302


def test_a_reset_for_an_unknown_address_looks_the_same_and_mails_nobody(client, hieu_truong_a):
    answer = client.post(reverse("account_reset_password"), {"email": "khong-co@example.vn"}, follow=True)
    assert "Hãy xem hộp thư" in answer.content.decode()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("old", "first", "second", "message"),
    [
        ("sai", NEW_PASSWORD, NEW_PASSWORD, "Mật khẩu đang dùng không đúng. Hãy gõ lại."),
        (PASSWORD, NEW_PASSWORD, NEW_PASSWORD + "x", "Hai lần gõ không giống nhau. Hãy gõ lại mật khẩu mới."),
        (PASSWORD, "ngan", "ngan", "Mật khẩu quá ngắn. Hãy dùng ít nhất 12 ký tự."),
        (PASSWORD, "123456789012345", "123456789012345", "Mật khẩu chỉ toàn chữ số. Hãy thêm chữ."),
        (PASSWORD, "truong.01020501", "truong.01020501", "Mật khẩu quá giống “Tên đăng nhập”."),
    ],
)
def test_a_new_password_is_refused_with_the_reason(as_user, hieu_truong_a, old, first, second, message):
    answer = as_user(hieu_truong_a).post(
        reverse("account_change_password"), {"oldpassword": old, "password1": first, "password2": second}
    )
    assert message in answer.content.decode()
    hieu_truong_a.refresh_from_db()
    assert hieu_truong_a.check_password(PASSWORD)


def test_a_person_changes_the_password_and_stays_signed_in(as_user, hieu_truong_a):
    client = as_user(hieu_truong_a)
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert "Đã đổi mật khẩu." in client.post(reverse("account_change_password"), form, follow=True).content.decode()
    assert is_signed_in(client)


def test_signing_out_takes_a_post(as_user, hieu_truong_a):
    client = as_user(hieu_truong_a)
    client.get(reverse("account_logout"))
    assert is_signed_in(client)
    assert "Thầy/cô đã đăng xuất." in client.post(reverse("account_logout"), follow=True).content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "name", ["account_login", "account_reset_password", "account_change_password", "account_signup"]
)
def test_no_page_of_allauth_speaks_english(client, as_user, hieu_truong_a, name):
    client = as_user(hieu_truong_a) if name == "account_change_password" else client
    text = re.sub(r"<[^>]+>", " ", client.get(reverse(name)).content.decode())
    assert not re.search(r"\b(password|username|e-?mail|sign|forgot)\b", text, re.IGNORECASE)


def test_an_english_browser_gets_vietnamese_pages_and_days(as_user, phong_thanh_tri, draft):
    """In English 4/5/2023 would be read as 5 April."""
    client = as_user(phong_thanh_tri)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en-US,en;q=0.9"
    assert "15/4/2023" in client.get(draft.get_absolute_url()).content.decode()
    form = {
        "tier": "school",
        "supporting_school": draft.supporting_school_id,
        "supported_school": draft.supported_school_id,
        "direction": "mutual",
        "starts_on": "4/5/2023",
        "ends_on": "31/5/2025",
    }
    assert client.post(reverse("agreement_edit", args=[draft.pk]), form).status_code == 302
    draft.refresh_from_db()
    assert f"{draft.starts_on:%d/%m/%Y}" == "04/05/2023"


# --- Safe by default ------------------------------------------------------------------------------------------------


def test_after_sign_in_only_pages_of_our_own_are_next(client, hieu_truong_a):
    form = {"login": "truong.01020501", "password": PASSWORD}
    assert client.post(f"{LOGIN}?next=https://ke-xau.example/", form).url == reverse("dashboard")
    client.post(reverse("account_logout"))
    assert client.post(f"{LOGIN}?next=/giao-uoc/", form).url == "/giao-uoc/"


def test_nobody_is_led_to_the_sign_in_page_and_back(client, db):
    assert client.get("/giao-uoc/?cap=school").url == f"{LOGIN}?next=/giao-uoc/%3Fcap%3Dschool"


def test_a_new_page_needs_sign_in_unless_it_says_otherwise(client, as_user, hieu_truong_a, settings):
    settings.ROOT_URLCONF = __name__
    assert client.get("/trang-moi/").url == f"{LOGIN}?next=/trang-moi/"
    assert as_user(hieu_truong_a).get("/trang-moi/").status_code == 200


def test_the_session_ends_with_the_browser_or_after_twelve_hours(client, hieu_truong_a, settings):
    cookie = sign_in(client, "truong.01020501").cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")
    form = {"login": "truong.01020501", "password": PASSWORD, "remember": "on"}
    cookie = Client().post(LOGIN, form).cookies[settings.SESSION_COOKIE_NAME]
    assert int(cookie["max-age"]) == 12 * 3600


def test_over_https_cookies_never_travel_in_the_clear(tmp_path):
    """Settings are read once a process, so a new one is asked."""
    asked = "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SESSION_COOKIE_NAME"
    said = subprocess.run(
        [sys.executable, "-c", f"from config import settings as s; print(*(getattr(s, n) for n in '{asked}'.split()))"],
        env={**os.environ, "SITE_URL": "https://giao-uoc.example.vn", "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["True", "True", "True", "31536000", "sessionid"]


def test_sign_in_gives_a_new_session(client, hieu_truong_a, settings):
    """A session planted before sign-in is worth nothing afterwards."""
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    sign_in(client, "truong.01020501")
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted


def test_headers_of_every_page(client, as_user, hieu_truong_a):
    for response in (client.get(LOGIN), as_user(hieu_truong_a).get("/")):
        policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'self'"
        assert policy["object-src"] == policy["frame-ancestors"] == "'none'"
        assert policy["form-action"] == policy["base-uri"] == "'self'"
        assert "unsafe" not in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"


def test_a_post_without_its_token_is_refused_in_vietnamese(hieu_truong_a):
    response = Client(enforce_csrf_checks=True).post(LOGIN, {"login": "truong.01020501", "password": PASSWORD})
    assert response.status_code == 403
    assert "Hãy quay lại, tải lại trang rồi gửi lần nữa" in response.content.decode()


def test_healthz_tells_monitors_that_the_database_answers(client, db):
    response = client.get(reverse("healthz"))
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]


def test_a_profile_keeps_name_and_phone_only(as_user, hieu_truong_a):
    form = {"full_name": "Nguyễn Thị Bình", "phone": "0912 345 678", "username": "so", "is_staff": "on"}
    assert "Đã lưu thông tin" in as_user(hieu_truong_a).post(reverse("profile"), form, follow=True).content.decode()
    hieu_truong_a.refresh_from_db()
    assert (hieu_truong_a.full_name, hieu_truong_a.username) == ("Nguyễn Thị Bình", "truong.01020501")
    assert not hieu_truong_a.is_staff


def test_a_profile_without_a_name_is_refused(as_user, hieu_truong_a):
    response = as_user(hieu_truong_a).post(reverse("profile"), {"full_name": " ", "phone": ""})
    assert "bắt buộc" in response.content.decode()
    hieu_truong_a.refresh_from_db()
    assert hieu_truong_a.full_name == "Hiệu trưởng A"
