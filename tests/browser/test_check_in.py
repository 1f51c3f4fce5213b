"""A check-in in two real browsers: the host at a desk, a teacher with a phone of 360 px and no account."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from activities.models import Activity, ActivitySchool, CheckIn
from tests.browser.test_pages import RULES
from tests.conftest import PHONE


@pytest.fixture
def planned(world, school_agreement):
    activity = Activity.objects.create(
        programme=world.programme,
        agreement=school_agreement,
        kind=world.kind,
        title="Chuyên đề Ngữ văn 9",
        host_school=world.school_a,
        recorded_school=world.school_a,
        planned_on=timezone.localdate(),
    )
    for school, district in ((world.school_a, world.thanh_tri), (world.school_b, world.chuong_my)):
        ActivitySchool.objects.create(activity=activity, school=school, district=district)
    return activity


def looks_well(page):
    """No fault that axe finds, nothing wider than the window."""
    faults = Axe().run(page, options=RULES).response["violations"]
    assert not faults, [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in faults]
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def test_the_host_sees_the_list_grow(sign_in_by_cookie, open_page, planned, hieu_truong_a):
    desk = sign_in_by_cookie(hieu_truong_a)
    desk.goto(planned.get_absolute_url())
    desk.get_by_role("link", name="Điểm danh bằng mã QR").click()
    desk.get_by_role("button", name="Mở điểm danh").click()
    expect(desk.get_by_role("img", name="Mã QR")).to_be_visible()
    looks_well(desk)
    address = urlsplit(desk.locator(".check-in-address a").get_attribute("href")).path

    phone = open_page(**PHONE, java_script_enabled=False)
    loaded = []
    phone.on("response", lambda response: loaded.append(len(response.body())))
    phone.goto(address)
    phone.get_by_label("THCS Đại Yên").check()
    phone.get_by_label("Họ và tên, hoặc mã giáo viên").fill("Lê Thị Cúc")
    phone.get_by_role("button", name="Ghi có mặt").click()
    expect(phone.get_by_role("heading", name="Đã ghi nhận")).to_be_visible()
    assert sum(loaded) < 50_000

    # Nobody touches the desk.
    expect(desk.get_by_text("Lê Thị Cúc")).to_be_visible()
    expect(desk.locator("[data-figure=check_ins]")).to_have_text("1")
    desk.get_by_role("button", name="Gạch Lê Thị Cúc").click()
    expect(desk.locator("del")).to_have_text("Lê Thị Cúc")
    assert not CheckIn.objects.live().exists()
    looks_well(desk)


def test_the_pages_of_participants_are_accessible(sign_in_by_cookie, open_page, planned, hieu_truong_a):
    host = sign_in_by_cookie(hieu_truong_a, **PHONE)
    host.goto(reverse("activity_check_in", args=[planned.pk]))
    host.get_by_role("button", name="Mở điểm danh").click()
    looks_well(host)
    address = urlsplit(host.locator(".check-in-address a").get_attribute("href")).path
    host.goto(reverse("activity_check_in", args=[planned.pk]) + "?man-hinh=lon")
    looks_well(host)

    phone = open_page(**PHONE)
    phone.goto(address)
    looks_well(phone)
    phone.get_by_text("Trường khác…").click()
    phone.get_by_label("Gõ vài chữ của tên trường").fill("phuc xa")
    phone.get_by_role("button", name="Tìm trường").click()
    expect(phone.get_by_text("THCS Phúc Xá")).to_be_visible()
    looks_well(phone)
    small = phone.evaluate(
        """[...document.querySelectorAll("button, .button, .choice, input[type=text], summary")]
        .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height]).filter(([, height]) => height < 43.5)"""
    )
    assert not small
    phone.get_by_label("THCS Tả Thanh Oai").check()
    phone.get_by_label("Họ và tên, hoặc mã giáo viên").fill("Nguyễn Văn An")
    phone.get_by_role("button", name="Ghi có mặt").click()
    looks_well(phone)
    phone.get_by_role("link", name="Góp ý về hoạt động").click()
    looks_well(phone)
    phone.locator("[name=useful][value='5']").check()
    phone.locator("[name=applicable][value='4']").check()
    phone.get_by_role("button", name="Gửi góp ý").click()
    expect(phone.get_by_role("heading", name="Cảm ơn thầy/cô đã góp ý")).to_be_visible()
    looks_well(phone)
