"""The main job, played in a real browser by the people who do it, with a real worker that makes the PDF."""

import re
from io import BytesIO

import pdfplumber
from PIL import Image
from playwright.sync_api import expect

from tests.conftest import PHONE
from twinning.models import Agreement

SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def photo():
    buffer = BytesIO()
    Image.new("RGB", (640, 480), "#7a9cc0").save(buffer, "JPEG")
    return buffer.getvalue()


def figure(page, key):
    return int(page.locator(f"[data-figure={key}]").first.get_attribute("data-value"))


def agree(page):
    """Say yes in the dialog that tells what will change."""
    page.get_by_role("button", name="Đồng ý").click()


def pick(page, field, words, option):
    """Choose in a picker by typing a few letters without marks."""
    page.locator(f"#id_{field}-ts-control").fill(words)
    page.get_by_role("option", name=option).click()


def test_from_pairing_to_report(
    worker, seat, world, so, phong_thanh_tri, phong_chuong_my, hieu_truong_a, hieu_truong_b, page_errors
):
    # A district registers a pairing of two schools and sends it.
    thanh_tri = seat(phong_thanh_tri)
    thanh_tri.get_by_role("link", name="Đăng ký cặp mới").click()
    thanh_tri.get_by_text("Trường – trường", exact=True).click()
    pick(thanh_tri, "supporting_school", "thcs ta thanh", "THCS Tả Thanh Oai")
    pick(thanh_tri, "supported_school", "dai yen thcs", "THCS Đại Yên")
    thanh_tri.get_by_label("Thực hiện từ ngày").fill("15/4/2023")
    thanh_tri.get_by_label("Đến hết ngày").fill("31/5/2025")
    thanh_tri.get_by_role("button", name="Lưu nháp").click()
    thanh_tri.get_by_role("button", name="Gửi bên kia xác nhận").click()
    agree(thanh_tri)
    expect(thanh_tri.get_by_text("Đã gửi.")).to_be_visible()
    expect(thanh_tri.get_by_role("button", name="Xác nhận")).to_have_count(0)

    # The partner district finds it among what waits, and confirms.
    chuong_my = seat(phong_chuong_my)
    chuong_my.get_by_role("link", name="Xử lý").click()
    chuong_my.get_by_role("button", name="Xác nhận").click()
    agree(chuong_my)
    expect(chuong_my.locator(".status-badge").first).to_have_text("đã xác nhận, chờ ký")

    # The first district records that both have signed, with the scan.
    thanh_tri.reload()
    thanh_tri.get_by_role("link", name="Ghi nhận đã ký").click()
    thanh_tri.get_by_label("Số, ký hiệu").fill("05/BGN-THCS")
    thanh_tri.get_by_label("Ngày ký").fill("15/4/2023")
    thanh_tri.get_by_label("Nơi ký").fill("huyện Thanh Trì")
    for side in ("hỗ trợ", "được hỗ trợ"):
        thanh_tri.get_by_label(f"Người ký bên {side}", exact=False).first.fill("Nguyễn Văn Mẫu")
    thanh_tri.locator("#id_supporting_position").fill("Hiệu trưởng")
    thanh_tri.locator("#id_supported_signatory").fill("Trần Thị Minh Hoạ")
    thanh_tri.locator("#id_supported_position").fill("Hiệu trưởng")
    thanh_tri.locator("#id_scan").set_input_files(
        {"name": "giao-uoc.pdf", "mimeType": "application/pdf", "buffer": SCAN}
    )
    thanh_tri.get_by_role("button", name="Ghi nhận đã ký").click()
    expect(thanh_tri.get_by_text("Giao ước có hiệu lực.")).to_be_visible()
    expect(thanh_tri.get_by_role("link", name="giao-uoc.pdf")).to_be_visible()
    agreement = Agreement.objects.get()
    assert (agreement.status, agreement.number) == ("signed", "05/BGN-THCS")

    # A principal records a seminar on the phone.
    phone = seat(hieu_truong_a, **PHONE)
    phone.get_by_role("link", name="Ghi hoạt động").first.click()
    phone.get_by_label("Tên hoạt động").fill("Chuyên đề Toán 9 ôn thi vào lớp 10")
    phone.get_by_label("Ngày").first.fill("20/10/2023")
    phone.get_by_label("Giáo viên", exact=True).fill("24")
    phone.get_by_text("Ghi tên giáo viên").click()
    phone.get_by_label("Giáo viên có tên").fill("Lê Thị Ví Dụ – chủ trì\nNguyễn Văn Mẫu – dạy minh hoạ")
    phone.locator("#id_files").set_input_files({"name": "anh.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    phone.get_by_role("button", name="Lưu và báo đơn vị bạn").click()
    expect(phone.get_by_text("Đã lưu và báo đơn vị bạn xác nhận số liệu.")).to_be_visible()
    assert figure(phone, "teacher_turns") == 24
    assert figure(phone, "teachers_named") == 2

    # The partner school corrects its own counts and confirms.
    partner = seat(hieu_truong_b, **PHONE)
    partner.get_by_role("link", name="Xác nhận", exact=True).click()
    partner.get_by_role("link", name="Xác nhận số liệu").click()
    partner.get_by_label("Giáo viên", exact=True).fill("12")
    partner.get_by_role("button", name="Xác nhận số liệu").click()
    expect(partner.locator(".next-step .status-badge")).to_have_text("đã xác nhận")
    assert figure(partner, "teacher_turns") == 36

    # The Department sees it, opens the period and makes the interim review.
    department = seat(so)
    assert figure(department, "schools_signed") == 2
    assert figure(department, "agreements_live") == 1
    assert figure(department, "activities_held") == 1
    assert figure(department, "teacher_turns") == 36
    assert figure(department, "teachers_named") == 2
    expect(department.locator("#monthly svg")).to_be_visible()
    department.goto("/bao-cao/ky/moi/")
    department.get_by_label("Năm học").select_option("2023")
    department.get_by_label("Chốt số liệu đến hết ngày").fill("31/5/2024")
    department.get_by_label("Hạn nộp của trường").fill("5/6/2024")
    department.get_by_label("Hạn nộp của Phòng").fill("10/6/2024")
    department.get_by_label("Hạn nộp của Sở").fill("15/6/2024")
    department.get_by_role("button", name="Lưu").click()
    department.get_by_role("link", name="Báo cáo của đơn vị mình").click()
    assert figure(department, "teacher_turns") == 36
    department.get_by_role("button", name="Tạo báo cáo").click()
    download_link = department.get_by_role("link", name="Tải PDF")
    expect(download_link).to_be_visible(timeout=60_000)
    with department.expect_download() as download:
        download_link.click()
    assert re.fullmatch(r"bao-cao-so-ket-2023-2024-.*\.pdf", download.value.suggested_filename)
    with pdfplumber.open(download.value.path()) as pdf:
        text = "\n".join(page.extract_text() for page in pdf.pages)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "36 lượt giáo viên" in text.replace("\u00a0", " ").replace("\n", " ")
