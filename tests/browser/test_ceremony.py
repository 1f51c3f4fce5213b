"""A signing ceremony in a real browser: the partner asks for a change of one field, confirms, and all are signed."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.conftest import PHONE
from twinning.models import Agreement, School

SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def waiting(world):
    made = []
    for n in (1, 2, 3):
        other = School.objects.create(code=f"0127790{n}", name=f"THCS Số {n}", level="thcs", district=world.chuong_my)
        made.append(
            Agreement.objects.create(
                programme=world.programme,
                tier="school",
                supporting_district=world.thanh_tri,
                supporting_school=world.school_a,
                supported_district=world.chuong_my,
                supported_school=other,
                starts_on=date(2023, 4, 15),
                ends_on=date(2025, 5, 31),
                objectives="Cùng ôn thi vào lớp 10.",
                status="waiting" if n == 1 else "confirmed",
            )
        )
    return made


def agree(page):
    page.get_by_role("button", name="Đồng ý").click()


def test_from_a_comment_to_the_ceremony(waiting, sign_in_by_cookie, phong_thanh_tri, phong_chuong_my, page_errors):
    first = waiting[0]
    partner = sign_in_by_cookie(phong_chuong_my, **PHONE)
    partner.goto(first.get_absolute_url())
    partner.get_by_role("link", name="Trả lại").click()
    partner.get_by_text("Đến hết ngày", exact=True).click()
    partner.get_by_label("Ý kiến về “Đến hết ngày”").fill("Xin kéo dài đến hết năm 2025.")
    partner.get_by_role("button", name="Trả lại").click()
    expect(partner.get_by_text("Đã trả lại kèm lý do.")).to_be_visible()

    officer = sign_in_by_cookie(phong_thanh_tri)
    officer.goto(first.get_absolute_url())
    expect(officer.get_by_text("Xin kéo dài đến hết năm 2025.").first).to_be_visible()
    officer.locator(".next-step").get_by_role("link", name="Sửa").click()
    expect(officer.get_by_label("Mục tiêu, nội dung chung")).to_be_disabled()
    officer.get_by_label("Đến hết ngày").fill("31/12/2025")
    officer.get_by_role("button", name="Lưu").click()
    officer.get_by_role("button", name="Gửi bên kia xác nhận").click()
    agree(officer)
    expect(officer.get_by_text("Đã gửi.")).to_be_visible()

    partner.goto(first.get_absolute_url())
    partner.get_by_role("button", name="Xác nhận").click()
    agree(partner)
    expect(partner.get_by_text("Đã xác nhận.")).to_be_visible()

    officer.goto("/giao-uoc/")
    officer.get_by_role("link", name="Ghi lễ ký kết").click()
    officer.get_by_label("Tên buổi lễ").fill("Lễ ký kết Thanh Trì – Chương Mỹ")
    officer.get_by_label("Ngày ký").fill("15/4/2023")
    officer.get_by_label("Nơi ký").fill("huyện Thanh Trì")
    officer.locator("#id_scan").set_input_files({"name": "bien-ban.pdf", "mimeType": "application/pdf", "buffer": SCAN})
    for row in officer.locator(".signing").all():
        row.get_by_label("Người ký bên hỗ trợ").fill("Nguyễn Văn An")
        row.get_by_label("Người ký bên được hỗ trợ").fill("Trần Thị Bình")
    officer.get_by_role("button", name="Ghi nhận đã ký").click()
    expect(officer.get_by_text("Đã ghi nhận 3 giao ước ký tại lễ.")).to_be_visible()
    expect(officer.get_by_text("02/GƯ-THCSTTO")).to_be_visible()

    partner.goto(first.get_absolute_url())
    expect(partner.locator(".status-badge").first).to_have_text("đã ký")
    expect(partner.get_by_text("01/GƯ-THCSTTO").first).to_be_visible()
    expect(partner.get_by_role("link", name="bien-ban.pdf")).to_be_visible()
