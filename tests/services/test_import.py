"""A workbook on its whole way, in a real browser, with a real worker: sent, looked at, decided, confirmed, undone."""

import io

import xlsxwriter
from playwright.sync_api import expect

from tests.conftest import PHONE
from twinning.models import School

ROWS = [
    ["SỞ GIÁO DỤC VÀ ĐÀO TẠO"],
    ["DANH SÁCH TRƯỜNG NĂM HỌC 2024-2025"],
    [],
    ["STT", "Tên trường", "Quận/huyện", "Mã trường", "Địa chỉ"],
    [1, "Trường THCS Tả Thanh Oai", "Huyện Thanh Trì", "01020501", "thôn Tả Thanh Oai"],
    [2, "TH và THCS Vạn Phúc", "Huyện Thanh Trì", "01020601", ""],
    [3, "THCS Đài Yên", "Chương Mỹ", "", ""],
    [4, "THCS Không Rõ", "Huyện Nào Đó", "", ""],
    ["", "Tổng cộng: 4 trường"],
]


def workbook():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Danh sách")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    return {"name": "danh sách trường.xlsx", "mimeType": "application/octet-stream", "buffer": file.getvalue()}


def test_upload_preview_confirm_undo(worker, seat, world, so):
    page = seat(so)
    page.get_by_role("link", name="Nhập dữ liệu").click()
    page.get_by_role("link", name="Trường", exact=True).last.click()
    page.locator("input[type=file]").set_input_files(workbook())
    page.get_by_role("button", name="Gửi để kiểm tra").click()

    # The page follows the worker by itself, then shows what would happen.
    expect(page.get_by_text("Sẽ thêm 1, thay đổi 1.")).to_be_visible(timeout=20_000)
    page.locator("[data-rows=change]").click()
    expect(page.get_by_text("thôn Tả Thanh Oai")).to_be_visible()
    page.locator("[data-rows=reject]").click()
    expect(page.get_by_text("Không có đơn vị “Huyện Nào Đó”")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp kèm cột lỗi").click()
    assert download.value.suggested_filename == "danh sách trường-loi.xlsx"

    # A likeness is decided by a person.
    page.locator("[data-rows=ask]").click()
    page.get_by_label("“THCS Đài Yên” và “THCS Đại Yên (huyện Chương Mỹ)”").select_option("new")
    page.get_by_role("button", name="Ghi lựa chọn và kiểm tra lại").click()
    expect(page.get_by_text("Sẽ thêm 2, thay đổi 1.")).to_be_visible(timeout=20_000)

    page.get_by_role("button", name="Nhập 3 dòng").click()
    expect(page.get_by_text("Đã nhập lúc")).to_be_visible(timeout=20_000)
    assert School.objects.filter(name="TH và THCS Vạn Phúc", level="th_thcs").exists()

    # Undone on a phone, from the notice.
    phone = seat(so, **PHONE)
    phone.goto("/thong-bao/")
    expect(phone.locator(".todo").first).to_contain_text("Đã nhập tệp “danh sách trường.xlsx”")
    phone.get_by_role("button", name="Xem").first.click()
    phone.get_by_role("button", name="Hoàn tác").click()
    expect(phone.get_by_text("Đã hoàn tác lúc")).to_be_visible(timeout=20_000)
    assert not School.objects.filter(name="TH và THCS Vạn Phúc").exists()
    assert School.objects.get(code="01020501").address == ""
