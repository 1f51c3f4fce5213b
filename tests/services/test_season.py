"""A reporting season in a real browser, from its opening to the issued PDF: three levels, a return with a comment, a
number from the register, and the file made by a real worker."""

from datetime import timedelta

import pdfplumber
from django.utils import timezone
from playwright.sync_api import expect

from reports.models import Report
from tests.conftest import PHONE
from twinning.models import Programme

SECTIONS = {
    "Thuận lợi": "Hai trường gần nhau.",
    "Khó khăn": "Lịch dạy khác nhau.",
    "Ưu điểm": "Chuyên đề thiết thực.",
    "Tồn tại, hạn chế": "Chưa đều.",
    "Phương hướng, nhiệm vụ": "Thêm môn Tiếng Anh.",
}


def press(page, name):
    """An action that asks nothing but "are you sure"."""
    page.locator(".next-step").get_by_role("button", name=name, exact=True).click()
    page.get_by_role("button", name="Đồng ý").click()


def test_from_opening_to_the_issued_paper(worker, seat, world, activity, so, phong_thanh_tri, hieu_truong_a):
    Programme.objects.update(ends_on=timezone.localdate() + timedelta(days=400))
    department = seat(so)
    department.goto("/bao-cao/ky/moi/")
    department.get_by_label("Năm học").select_option("2023")
    department.get_by_label("Chốt số liệu đến hết ngày").fill("31/5/2024")
    due = (timezone.localdate() + timedelta(days=20)).strftime("%d/%m/%Y")
    for level in ("trường", "Phòng", "Sở"):
        department.get_by_label(f"Hạn nộp của {level}").fill(due)
    department.get_by_role("button", name="Lưu").click()
    expect(department.get_by_text("Đã mở Sơ kết năm học 2023-2024 cho 5 đơn vị.")).to_be_visible()

    # The principal, on a phone: not without the required sections, each change is kept at once.
    principal = seat(hieu_truong_a, **PHONE)
    principal.goto(Report.objects.get(school=world.school_a).get_absolute_url())
    press(principal, "Trình duyệt")
    expect(principal.get_by_text("Chưa trình được: còn mục bắt buộc chưa viết")).to_be_visible()
    principal.locator(".next-step").get_by_role("link", name="Soạn").click()
    for label, text in SECTIONS.items():
        principal.get_by_label(label, exact=True).fill(text)
    expect(principal.locator("#saved")).to_contain_text("đã lưu")
    principal.reload()
    assert principal.get_by_label("Khó khăn", exact=True).input_value() == "Lịch dạy khác nhau."
    principal.get_by_role("button", name="Lưu và xem báo cáo").click()
    press(principal, "Trình duyệt")
    expect(principal.get_by_text("Đã trình.")).to_be_visible()

    # The district returns it with a comment on one section; only that one is open.
    district = seat(phong_thanh_tri)
    district.goto(principal.url)
    district.get_by_role("link", name="Trả lại").click()
    district.get_by_text("Tồn tại, hạn chế").first.click()
    district.get_by_label("Ý kiến về “Tồn tại, hạn chế”").fill("Chưa đều ở đâu?")
    district.get_by_role("button", name="Trả lại").click()
    expect(district.get_by_text("Đã trả lại kèm ý kiến.")).to_be_visible()
    principal.reload()
    principal.get_by_role("link", name="Sửa", exact=True).click()
    expect(principal.get_by_text("Chưa đều ở đâu?")).to_be_visible()
    expect(principal.get_by_label("Thuận lợi", exact=True)).to_have_count(0)
    principal.get_by_label("Tồn tại, hạn chế", exact=True).fill("Cấp mầm non chưa đều.")
    principal.get_by_role("button", name="Lưu và xem báo cáo").click()
    press(principal, "Trình duyệt")
    expect(principal.get_by_text("Đã trình.")).to_be_visible()
    district.reload()
    district.locator(".next-step").get_by_role("button", name="Duyệt", exact=True).click()
    expect(district.get_by_text("Đã duyệt.")).to_be_visible()

    # The district quotes what the school wrote.
    district.goto(Report.objects.get(district=world.thanh_tri).get_absolute_url())
    district.locator(".next-step").get_by_role("link", name="Soạn").click()
    district.get_by_role("link", name="Trích từ cấp dưới (1)").nth(3).click()
    district.get_by_label("Cấp mầm non chưa đều. (THCS Tả Thanh Oai)").check()
    district.get_by_role("button", name="Trích vào báo cáo").click()
    assert "(THCS Tả Thanh Oai)" in district.get_by_label("Tồn tại, hạn chế", exact=True).input_value()

    # Issued under the next number, and the paper says so.
    principal.reload()
    principal.get_by_role("link", name="Ban hành").click()
    principal.get_by_label("Họ tên người ký").fill("Nguyễn Văn Mẫu")
    principal.get_by_role("button", name="Ban hành").click()
    expect(principal.get_by_text("Đã ban hành và vào sổ văn bản đi.")).to_be_visible()
    principal.get_by_role("button", name="Tạo báo cáo").click()
    link = principal.get_by_role("link", name="Tải PDF")
    expect(link).to_be_visible(timeout=60_000)
    with principal.expect_download() as download:
        link.click()
    with pdfplumber.open(download.value.path()) as pdf:
        text = " ".join(page.extract_text() for page in pdf.pages).replace("\u00a0", " ").replace("\n", " ")
    for words in ("Số: 01/BC-THCSTTO", "Cấp mầm non chưa đều.", "24 lượt giáo viên", "Nguyễn Văn Mẫu"):
        assert words in text, words
    assert "DỰ THẢO" not in text
    district.goto("/bao-cao/so-van-ban-di/")
    expect(district.get_by_role("link", name="01/BC-THCSTTO")).to_be_visible()
