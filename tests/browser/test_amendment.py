"""An amendment in a real browser, two people: proposed on a phone, returned, sent again, confirmed and signed; and the
one that came second brought up to date."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.conftest import PHONE
from twinning.models import Agreement, Amendment

SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OBJECTIVES = "Mỗi học kỳ hai chuyên đề Toán, Ngữ văn."


@pytest.fixture
def agreement(school_agreement, world):
    """Live, whatever the day of the test."""
    world.programme.ends_on = date(2099, 12, 31)
    world.programme.save()
    Agreement.objects.filter(pk=school_agreement.pk).update(ends_on=date(2099, 5, 31), objectives=OBJECTIVES)
    school_agreement.refresh_from_db()
    return school_agreement


def agree(page):
    page.get_by_role("button", name="Đồng ý").click()


def test_from_proposal_to_merged(agreement, sign_in_by_cookie, hieu_truong_a, hieu_truong_b, page_errors):
    phone = sign_in_by_cookie(hieu_truong_a, **PHONE)
    phone.goto(agreement.get_absolute_url())
    phone.get_by_role("link", name="Lập phụ lục").click()
    phone.get_by_label("Lý do điều chỉnh").fill("Năm học này thêm môn Tiếng Anh.")
    phone.get_by_role("button", name="Lưu nháp").click()
    expect(phone.get_by_text("Chưa thay đổi gì so với giao ước.")).to_be_visible()
    page_errors.clear()  # the console reports the answer 422
    box = phone.get_by_label("Mục tiêu, nội dung chung")
    assert box.input_value() == OBJECTIVES
    box.fill("Mỗi học kỳ ba chuyên đề Toán, Ngữ văn, Tiếng Anh.")
    phone.get_by_role("button", name="Lưu nháp").click()
    expect(phone.locator("del").filter(has_text="hai")).to_be_visible()
    expect(phone.locator("ins").filter(has_text="ba")).to_be_visible()
    expect(phone.locator("ins").filter(has_text="Tiếng Anh")).to_be_visible()
    phone.get_by_role("button", name="Gửi bên kia xác nhận").click()
    agree(phone)
    expect(phone.get_by_text("Đã gửi phụ lục.")).to_be_visible()
    address = phone.url

    partner = sign_in_by_cookie(hieu_truong_b)
    partner.goto("/")
    partner.get_by_role("link", name="Xử lý").click()
    partner.wait_for_url(address)
    partner.get_by_role("link", name="Trả lại").click()
    partner.get_by_label("Lý do").fill("Xin bỏ Ngữ văn.")
    partner.get_by_role("button", name="Trả lại").click()
    expect(partner.get_by_text("Đã trả lại kèm lý do.")).to_be_visible()

    phone.reload()
    expect(phone.get_by_text("Xin bỏ Ngữ văn.")).to_be_visible()
    phone.get_by_role("link", name="Sửa").click()
    phone.get_by_label("Mục tiêu, nội dung chung").fill("Mỗi học kỳ ba chuyên đề Toán, Tiếng Anh.")
    phone.get_by_role("button", name="Lưu").click()
    phone.get_by_role("button", name="Gửi bên kia xác nhận").click()
    agree(phone)
    expect(phone.get_by_text("Đã gửi phụ lục.")).to_be_visible()

    partner.reload()
    partner.get_by_role("button", name="Xác nhận").click()
    agree(partner)
    expect(partner.get_by_text("Đã xác nhận phụ lục.")).to_be_visible()
    partner.get_by_role("link", name="Ghi nhận đã ký").click()
    partner.get_by_label("Ngày ký").fill("2/3/2024")
    scan = {"name": "phu-luc.pdf", "mimeType": "application/pdf", "buffer": SCAN}
    partner.locator("input[type=file]").set_input_files(scan)
    partner.get_by_role("button", name="Ghi nhận đã ký").click()
    expect(partner.get_by_text("Giao ước đã mang nội dung mới.")).to_be_visible()
    expect(partner.get_by_text("phu-luc.pdf")).to_be_visible()

    phone.goto(agreement.get_absolute_url())
    expect(phone.get_by_text("Mỗi học kỳ ba chuyên đề Toán, Tiếng Anh.")).to_be_visible()
    expect(phone.get_by_text("đã nhập Phụ lục số 1 (2/3/2024)")).to_be_visible()


def test_the_second_is_brought_up_to_date(agreement, sign_in_by_cookie, hieu_truong_a, hieu_truong_b):
    made = []
    for side, text in (("supporting", "Ba chuyên đề Toán."), ("supported", "Hai chuyên đề Toán, một buổi thi thử.")):
        amendment = Amendment.begin(Agreement.objects.for_list().get(pk=agreement.pk), side)
        amendment.reason = "Thống nhất lại."
        amendment.propose(amendment.base | {"objectives": text, "direction": "one_way"})
        amendment.status = "confirmed"
        amendment.store_new()
        made.append(amendment)
    made[0].perform("sign", hieu_truong_a, signed_on=date(2024, 3, 1))

    page = sign_in_by_cookie(hieu_truong_b)
    page.goto(made[1].get_absolute_url())
    expect(page.get_by_text("Phụ lục chỉ ký được sau khi cập nhật")).to_be_visible()
    expect(page.get_by_role("link", name="Ghi nhận đã ký")).to_have_count(0)
    page.get_by_role("link", name="Cập nhật theo giao ước hiện nay").click()
    expect(page.get_by_role("heading", name="Giao ước hiện nay", exact=True)).to_be_visible()
    own = page.get_by_label("Viết lại “Mục tiêu, nội dung chung”")
    expect(own).to_be_hidden()
    page.get_by_text("Viết lại", exact=True).click()
    own.fill("Ba chuyên đề Toán, một buổi thi thử.")
    page.get_by_role("button", name="Cập nhật theo giao ước hiện nay").click()
    expect(page.get_by_text("Đã cập nhật theo giao ước hiện nay.")).to_be_visible()
    expect(page.get_by_role("button", name="Gửi bên kia xác nhận")).to_be_visible()
    amendment = Amendment.objects.get(pk=made[1].pk)
    assert (amendment.status, amendment.changes) == ("draft", {"objectives": "Ba chuyên đề Toán, một buổi thi thử."})
