"""Recording an activity on a phone: three minutes, few taps; nothing is lost without a network or by a closed tab."""

import time

import pytest
from PIL import Image
from playwright.sync_api import expect

from activities.models import Activity
from conftest import PASSWORD
from tests.conftest import PHONE

# What Chromium's own tools call slow 4G.
SLOW_4G = {"offline": False, "latency": 562, "downloadThroughput": 180_000, "uploadThroughput": 84_000}
MOST_TAPS, MOST_SECONDS = 25, 180


@pytest.fixture
def photo(tmp_path):
    """A photo as a phone takes it, some 4 MB."""
    noise = Image.effect_noise((4000, 3000), 40).convert("RGB")
    path = tmp_path / "IMG_2023.jpg"
    noise.save(path, "JPEG", quality=90)
    assert path.stat().st_size > 3_000_000
    return path


class Thumb:
    """Counts what a person does: a tap on something, or typing into a box (one tap to get there)."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, what):
        self.taps += 1
        what.click()

    def type(self, label, text):
        self.taps += 1
        self.page.get_by_label(label).first.fill(text)


def test_three_minutes_on_slow_4g(open_page, school_agreement, hieu_truong_a, photo):
    page = open_page(**PHONE)
    page.context.set_default_timeout(60_000)
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW_4G)
    thumb, started = Thumb(page), time.monotonic()

    page.goto("/")
    thumb.type("Thư điện tử hoặc tên đăng nhập", hieu_truong_a.email)
    thumb.type("Mật khẩu", PASSWORD)
    thumb.tap(page.get_by_role("button", name="Đăng nhập"))
    thumb.tap(page.get_by_role("link", name="Ghi hoạt động").last)
    page.wait_for_url("**/hoat-dong/moi/", wait_until="load")
    thumb.tap(page.get_by_text("Chuyên đề", exact=True))
    thumb.type("Tên hoạt động", "Chuyên đề Toán 9")
    thumb.type("Ngày", "20/10/2023")
    thumb.type("Giáo viên", "24")
    thumb.type("Cán bộ quản lý", "2")
    thumb.taps += 2  # the box, and the photo in the phone's own list
    page.locator("#id_files").set_input_files(photo)
    thumb.tap(page.get_by_role("button", name="Lưu và báo đơn vị bạn"))
    expect(page.get_by_text("Đã lưu và báo đơn vị bạn xác nhận số liệu.")).to_be_visible(timeout=120_000)
    seconds = time.monotonic() - started

    assert thumb.taps <= MOST_TAPS
    assert seconds < MOST_SECONDS
    activity = Activity.objects.get()
    assert (activity.agreement, activity.teacher_turns, activity.manager_turns) == (school_agreement, 24, 2)
    assert {row.school for row in activity.units.all()} == {
        school_agreement.supporting_school,
        school_agreement.supported_school,
    }
    kept = activity.documents.get()
    assert kept.size < 1_500_000  # made smaller before it was sent


def test_without_a_network_it_waits_and_then_sends_by_itself(
    sign_in_by_cookie, school_agreement, hieu_truong_a, photo, page_errors
):
    page = sign_in_by_cookie(hieu_truong_a, **PHONE)
    page.goto("/hoat-dong/moi/")
    page.context.set_offline(True)
    page.get_by_label("Tên hoạt động").fill("Dự giờ Ngữ văn 9")
    page.get_by_label("Ngày").first.fill("20/10/2023")
    page.locator("#id_files").set_input_files(photo)
    page.get_by_role("button", name="Lưu và báo đơn vị bạn").click()
    expect(page.get_by_text("Chưa có mạng.")).to_be_visible()
    assert not Activity.objects.exists()

    page.context.set_offline(False)
    expect(page.get_by_text("Đã lưu và báo đơn vị bạn")).to_be_visible(timeout=30_000)
    activity = Activity.objects.get()
    assert (activity.title, activity.documents.count()) == ("Dự giờ Ngữ văn 9", 1)
    page_errors[:] = [error for error in page_errors if "ERR_INTERNET_DISCONNECTED" not in error]


def test_a_closed_tab_keeps_text_and_photo(sign_in_by_cookie, school_agreement, hieu_truong_a, photo, page_errors):
    page = sign_in_by_cookie(hieu_truong_a, **PHONE)
    page.goto("/hoat-dong/moi/")
    page.context.set_offline(True)
    page.get_by_label("Tên hoạt động").fill("Dự giờ Ngữ văn 9")
    page.get_by_label("Ngày").first.fill("20/10/2023")
    page.locator("#id_files").set_input_files(photo)
    page.get_by_role("button", name="Lưu và báo đơn vị bạn").click()
    expect(page.get_by_text("Chưa có mạng.")).to_be_visible()
    context = page.context
    page.close()

    context.set_offline(False)
    page = context.new_page()
    page.goto("/hoat-dong/moi/")
    expect(page.get_by_label("Tên hoạt động")).to_have_value("Dự giờ Ngữ văn 9")
    expect(page.get_by_text("IMG_2023.jpg")).to_be_visible()
    page.get_by_role("button", name="Lưu và báo đơn vị bạn").click()
    expect(page.get_by_text("Đã lưu và báo đơn vị bạn")).to_be_visible(timeout=30_000)
    assert Activity.objects.get().documents.count() == 1

    page.goto("/hoat-dong/moi/")
    expect(page.get_by_label("Tên hoạt động")).to_have_value("")
    assert page.locator("#id_files").evaluate("input => input.files.length") == 0
    page_errors[:] = [error for error in page_errors if "ERR_INTERNET_DISCONNECTED" not in error]


def test_a_session_that_ended_keeps_the_draft(sign_in_by_cookie, school_agreement, hieu_truong_a, db):
    page = sign_in_by_cookie(hieu_truong_a, **PHONE)
    page.goto("/hoat-dong/moi/")
    page.get_by_label("Tên hoạt động").fill("Dự giờ Ngữ văn 9")
    page.get_by_text("đã lưu nháp").wait_for()
    cookies = [cookie for cookie in page.context.cookies() if not cookie["name"].startswith("sessionid")]
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    page.get_by_role("button", name="Lưu và báo đơn vị bạn").click()
    expect(page.get_by_role("button", name="Đăng nhập")).to_be_visible()
    assert not Activity.objects.exists()
    page.get_by_label("Thư điện tử hoặc tên đăng nhập").fill(hieu_truong_a.email)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.goto("/hoat-dong/moi/")
    expect(page.get_by_label("Tên hoạt động")).to_have_value("Dự giờ Ngữ văn 9")
