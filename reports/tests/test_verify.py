"""Verifying a paper: the mark on page 1, the public pages behind its code, the official paper that is brought back."""

import io
from datetime import date

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reports import verification
from reports.models import IssuedPaper, ReportFile
from reports.papers.pdf import build_pdf
from reports.tests.papers import annex, paper_content
from reports.tests.reading import MARGINS, MM, find, rules, style
from reports.verification import ALPHABET, Mark, grouped, mark_of, new_code, typed
from reports.views import verify

PDF = b"%PDF-1.7 mau"
CODE = "ABCDEFGHJKMN"


# --- On the paper -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def marked():
    import pdfplumber

    mark = Mark(grouped(CODE), "giao-uoc.example.vn/xac-minh/", f"https://giao-uoc.example.vn/xac-minh/{CODE}/")
    with pdfplumber.open(
        io.BytesIO(build_pdf(paper_content(annexes=[annex("I", 3)]), lambda *_step: None, mark)[0])
    ) as pdf:
        yield pdf, mark


def test_the_mark_stands_at_the_foot_of_page_1_within_the_margins(marked):
    pdf, mark = marked
    page = pdf.pages[0]
    left, _right, _top, bottom = (margin * MM for margin in MARGINS)
    box = find(page, mark.code)
    assert box[3] <= page.height - bottom
    assert box[1] > page.height - bottom - 20 * MM
    assert style(page, mark.code) == (11, True, False)
    assert style(page, mark.place) == (11, False, False)
    rule = [(x0, x1) for x0, x1, y in rules(page) if page.height - bottom - 25 * MM < y < box[1]]
    assert (left, page.width - MARGINS[1] * MM) == pytest.approx(rule[0], abs=1), "a rule above it, as ô 13 has one"
    assert all(mark.code not in other.extract_text() for other in pdf.pages[1:])
    assert "1. Quy mô" in page.extract_text(), "the text begins on page 1 as before"


def test_the_qr_code_leads_to_the_page_of_the_code(marked):
    """Module by module: what is drawn is the code of the address, 16 mm wide."""
    pdf, mark = marked
    page = pdf.pages[0]
    matrix = [list(row) for row in segno.make(mark.url, error="m", micro=False).matrix]
    across, left = 16 * MM, MARGINS[0] * MM
    bottom = page.height - MARGINS[3] * MM
    scale = 600 / 72
    picture = page.to_image(resolution=600).original.convert("L")
    rows = range(int((bottom - across - 4) * scale), int(bottom * scale))
    dark = [
        y
        for y in rows
        if any(picture.getpixel((x, y)) < 100 for x in range(int(left * scale), int((left + across) * scale)))
    ]
    top, module = dark[0] / scale, across / len(matrix)
    assert (dark[-1] - dark[0]) / scale == pytest.approx(across, abs=0.3)
    drawn = [
        [
            int(
                picture.getpixel((int((left + (j + 0.5) * module) * scale), int((top + (i + 0.5) * module) * scale)))
                < 128
            )
            for j in range(len(matrix))
        ]
        for i in range(len(matrix))
    ]
    assert drawn == matrix


def test_codes_are_long_random_and_without_letters_that_look_alike():
    codes = {new_code() for _n in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 12 and set(code) <= set(ALPHABET) for code in codes)
    assert not set(ALPHABET) & set("01ILOU")
    assert len(ALPHABET) ** 12 > 2**58
    assert typed(" abcd-efgh jkmn ") == CODE
    assert [typed(text) for text in ("", "ABC", CODE + "A", "ABCDEFGHJKM0", "ĂBCDEFGHJKMN")] == [""] * 5


# --- Public pages -----------------------------------------------------------------------------------------------------


@pytest.fixture
def report(period, world):
    return period.reports.get(school=world.school_a)


def printed(report, by):
    """A ready file of the report as it is now."""
    report.refresh_from_db()
    file, _created = ReportFile.objects.request(report, by)
    assert file.take()
    assert file.mark_ready(PDF + str(file.version).encode(), 3)
    file.refresh_from_db()
    return file


def issue(report, signer, reviewer, number=None):
    report.perform("submit", signer)
    report.perform("approve", reviewer)
    report.perform(
        "issue",
        signer,
        number=number,
        issued_on=date(2024, 6, 5),
        signer_title="HIỆU TRƯỞNG",
        signer_name="Nguyễn Thị Ánh",
        recipients="",
    )


def page_of(client, file, **posted):
    url = reverse("verify_code", args=[file.code])
    return client.post(url, posted) if posted else client.get(url)


def upload(content, name="bao-cao.pdf"):
    return SimpleUploadedFile(name, content)


def test_from_draft_to_replaced(report, client, hieu_truong_a, phong_thanh_tri):
    draft = printed(report, hieu_truong_a)
    first = page_of(client, draft).content.decode()
    assert "Dự thảo – chưa ban hành." in first
    assert draft.sha256 in first
    issue(report, hieu_truong_a, phong_thanh_tri)
    paper = printed(report, hieu_truong_a)
    assert paper.code != draft.code
    text = page_of(client, paper).content.decode()
    for word in (
        "Còn hiệu lực.",
        "01/BC-THCSTTO",
        "5/6/2024",
        "Trường THCS Tả Thanh Oai",
        grouped(paper.code),
        paper.sha256,
    ):
        assert word in text, word
    assert "Sơ kết năm học 2023-2024 thực hiện phong trào" in text
    for secret in ("Hiệu trưởng A", "lượt giáo viên", "Nguyễn Thị Ánh", reverse("report_detail", args=[report.pk])):
        assert secret not in text, "nothing else is told"
    assert "Báo cáo đã được ban hành sau đó: số 01/BC-THCSTTO ngày 5/6/2024" in page_of(client, draft).content.decode()
    report.perform("correct", hieu_truong_a, note="Sai số liệu")
    assert "Còn hiệu lực." in page_of(client, paper).content.decode(), "until the newer one is issued"
    issue(report.replaced_by, hieu_truong_a, phong_thanh_tri)
    text = page_of(client, paper).content.decode()
    assert "Đã được thay thế." in text
    assert "số 02/BC-THCSTTO ngày 5/6/2024" in text


def test_a_file_is_compared_and_not_kept(report, client, hieu_truong_a, settings):
    file = printed(report, hieu_truong_a)
    stored = sorted(path.name for path in settings.STORAGES["default"]["OPTIONS"]["location"].rglob("*.*"))
    with file.file.open() as kept:
        data = kept.read()
    assert "Khớp: tệp này đúng là tệp cổng đã tạo" in page_of(client, file, tep=upload(data)).content.decode()
    assert "Không khớp" in page_of(client, file, tep=upload(data + b" ")).content.decode()
    nothing = page_of(client, file, khac="1")
    assert (nothing.status_code, "Hãy chọn tệp cần kiểm tra." in nothing.content.decode()) == (422, True)
    settings.UPLOAD_MAX_BYTES = 5
    assert page_of(client, file, tep=upload(data)).status_code == 422
    assert stored == sorted(path.name for path in settings.STORAGES["default"]["OPTIONS"]["location"].rglob("*.*"))


def test_a_code_nobody_has(file_under_way, client):
    for code in (CODE, file_under_way.code, "abc"):
        answer = client.get(reverse("verify_code", args=[code]))
        assert answer.status_code == 404, code
        assert "Không có văn bản nào mang mã" in answer.content.decode()
    asked = client.get(reverse("verify"), {"ma": " abcd efgh-jkmn"})
    assert (asked.status_code, asked.url) == (302, reverse("verify_code", args=[CODE]))
    wrong = client.get(reverse("verify"), {"ma": "l0l<b>"})
    assert (wrong.status_code, "“l0l&lt;b&gt;” chưa phải là mã" in wrong.content.decode()) == (422, True)
    for answer in (asked, wrong, client.get(reverse("verify"))):
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in wrong.content.decode()


@pytest.fixture
def file_under_way(report, hieu_truong_a):
    """Not ready: there is nothing to verify yet, and a file made before there were codes, which nobody can ask for."""
    old = ReportFile.objects.request(report, hieu_truong_a)[0]
    ReportFile.objects.filter(pk=old.pk).update(code=None, state="ready")
    report.sections.create(key="advantages", body="Vừa viết")
    return ReportFile.objects.request(report, hieu_truong_a)[0]


def test_codes_cannot_be_tried_in_turn(client, db, monkeypatch):
    monkeypatch.setattr(verify, "LOOKS", (3, 600))
    answers = [client.get(reverse("verify_code", args=[new_code()])).status_code for _try in range(5)]
    assert answers == [404, 404, 404, 429, 429]
    assert "Hãy chờ 10 phút" in client.get(reverse("verify")).content.decode()


def test_the_code_is_not_part_of_the_content(report, hieu_truong_a, monkeypatch):
    file, created = ReportFile.objects.request(report, hieu_truong_a)
    assert created
    assert file.code not in str(file.content)
    assert ReportFile.objects.request(report, hieu_truong_a) == (file, False)
    seen = []
    monkeypatch.setattr("reports.papers.pdf.build_pdf", lambda content, progress, mark: seen.append(mark) or (PDF, 1))
    file.take()
    file.work()
    assert seen == [mark_of(file.code)]
    assert seen[0].url.endswith(f"/xac-minh/{file.code}/")
    assert verification.grouped(file.code) == file.code_in_groups == seen[0].code


# --- The official paper -----------------------------------------------------------------------------------------------


def bring(client, report, content, name="ban-ky.pdf", note=""):
    url = reverse("report_official_upload", args=[report.pk])
    return client.post(url, {"file": upload(content, name), "note": note}, follow=True)


def test_the_official_paper_is_kept_in_versions(
    report, client, as_user, hieu_truong_a, can_bo, chi_xem, phong_thanh_tri, nguoi_la
):
    url = reverse("report_official_upload", args=[report.pk])
    own = as_user(hieu_truong_a)
    assert own.get(url).status_code == 404, "not issued yet"
    issue(report, hieu_truong_a, phong_thanh_tri)
    paper = printed(report, hieu_truong_a)
    assert "Bản PDF 1 do cổng tạo là bản chính thức" in own.get(report.get_absolute_url()).content.decode()
    for user in (chi_xem, phong_thanh_tri, nguoi_la):
        assert as_user(user).get(url).status_code == 404
    assert "Nội dung tệp “ban-ky.pdf” không phải là tệp pdf" in bring(own, report, b"MZ...").content.decode()
    bring(own, report, PDF + b"scan 1", note="Bản ký, đóng dấu")
    page = bring(as_user(can_bo), report, PDF + b"scan 2", note="Quét lại trang 3").content.decode()
    one, two = report.issued_papers.all()
    assert (one.version, two.version) == (1, 2)
    assert "Bản chính thức · bản 2" in page
    assert "Bản 1, đã có bản sau" in page
    assert two.sha256 in page
    again = bring(own, report, PDF + b"scan 1").content.decode()
    assert "giống hệt bản 1 đã tải lên" in again
    assert IssuedPaper.objects.count() == 2
    kept = b"".join(own.get(one.get_absolute_url()).streaming_content)
    assert kept == PDF + b"scan 1", "never overwritten"
    for user, may_read in ((chi_xem, True), (phong_thanh_tri, True), (nguoi_la, False)):
        answer = as_user(user).get(two.get_absolute_url())
        assert answer.status_code == (200 if may_read else 404)
        assert not may_read or b"".join(answer.streaming_content) == PDF + b"scan 2"
    public = page_of(client, paper).content.decode()
    assert two.sha256 in public
    assert one.sha256 not in public
    matched = page_of(client, paper, tep=upload(PDF + b"scan 2")).content.decode()
    assert "đúng là bản chính thức (bản 2)" in matched
    earlier = page_of(client, paper, tep=upload(PDF + b"scan 1")).content.decode()
    assert "Khớp với bản 1 mà nơi ban hành đã gửi lên trước đây; bản chính thức nay là bản 2" in earlier
