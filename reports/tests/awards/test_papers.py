"""Minutes, decision, certificates and the annex of awards, read back."""

import io
from datetime import date

import pdfplumber
import pytest
from django.urls import reverse
from docx import Document

from reports.awards.annex import awards_annex
from reports.awards.law import laws_on
from reports.content import report_content
from reports.facts import Facts
from reports.models import Award, AwardRound, CertificateFile
from reports.papers.minutes import minutes
from reports.tests.awards.asking import DECISION
from reports.tests.reading import MM, find, plain, style, words_in_top_margin
from twinning.tasks import do_job

pytestmark = pytest.mark.django_db

DETAILS = "quy định chi tiết thi hành một số điều của Luật Thi đua, khen thưởng"


def texts_of(client, name, *args):
    """The text of the paper at the address `name` as PDF and as Word."""
    pdf, docx = (
        io.BytesIO(b"".join(client.get(reverse(name, args=[*args, form])).streaming_content))
        for form in ("pdf", "docx")
    )
    with pdfplumber.open(pdf, unicode_norm=None) as opened:
        yield plain(" ".join(page.extract_text() for page in opened.pages))
    yield plain(
        " ".join(
            thing.text if hasattr(thing, "text") else " ".join(cell.text for row in thing.rows for cell in row.cells)
            for thing in Document(docx).iter_inner_content()
        )
    )


def test_the_minutes_as_pdf_and_word_say_the_same(as_user, so, hieu_truong_a, voted):
    assert as_user(hieu_truong_a).get(reverse("awardround_minutes", args=[voted.pk, "pdf"])).status_code == 404
    paper = minutes(voted)
    assert not paper["is_draft"]
    assert paper["sections"][0]["paragraphs"] == [
        "- Luật Thi đua, khen thưởng số 06/2022/QH15 ngày 15 tháng 6 năm 2022;",
        f"- Nghị định số 98/2023/NĐ-CP ngày 31 tháng 12 năm 2023 của Chính phủ {DETAILS}.",
    ]
    for text in texts_of(as_user(so), "awardround_minutes", voted.pk):
        for words in (
            "BIÊN BẢN",
            "Số: 07/BB-HĐTĐKT",
            "08 giờ 00 phút, ngày 09 tháng 6 năm 2025",
            "8/9 thành viên hội đồng",
            "Nguyễn Thị Mẫu",
            "3/8",
            "10 giờ 30 phút, ngày 09 tháng 6 năm 2025./.",
            "THƯ KÝ",
            "CHỦ TỌA",
            "Lưu: VT, Hồ sơ",
        ):
            assert words in text, words
        assert "Hà Nội, ngày" not in text, "Mẫu 1.9 has no place and date in its head"


def test_the_decision_before_and_after_it_is_written_down(as_user, so, hieu_truong_a, voted, nominate):
    nominate(status="published", kind="individual", full_name="Lê Thị Mẫu", position="Giáo viên Văn", votes_for=7)
    offer = voted.offers.get()
    url = reverse("award_decision", args=[voted.pk, offer.pk, "pdf"])
    assert as_user(hieu_truong_a).get(url).status_code == 404
    client = as_user(so)
    assert url in client.get(voted.get_absolute_url()).content.decode()
    said = (
        "Về việc tặng Giấy khen cho tập thể, cá nhân có thành tích trong năm học 2024-2025 của phong trào “",
        "GIÁM ĐỐC SỞ GIÁO DỤC VÀ ĐÀO TẠO HÀ NỘI",
        "Căn cứ Luật Thi đua, khen thưởng số 06/2022/QH15",
        "Căn cứ Biên bản họp số 07/BB-HĐTĐKT ngày 09 tháng 6 năm 2025",
        "cho 01 tập thể và 01 cá nhân",
        "Điều 3. Quyết định này có hiệu lực kể từ ngày ký.",
        "Như Điều 3;",
        "DANH SÁCH TẬP THỂ, CÁ NHÂN ĐƯỢC TẶNG GIẤY KHEN",
        "Lê Thị Mẫu",
    )
    for text in texts_of(client, "award_decision", voted.pk, offer.pk):
        assert [words for words in said if words not in text] == []
        assert "ngày … tháng … năm 2025" in text
        assert "Nguyễn Thị Mẫu" not in text, "who did not pass"
    with pdfplumber.open(io.BytesIO(b"".join(client.get(url).streaming_content))) as pdf:
        first, names = pdf.pages
        assert style(first, "Điều 1.") == (14, True, False)
        assert style(first, "Căn cứ Luật")[2], "bases are in italics"
        assert find(names, "Phụ lục")[0] > 90 * MM, "centred"
        assert words_in_top_margin(names) == ["DỰ", "THẢO"], "each annex is numbered on its own"
    decide = reverse("awardround_decide", args=[voted.pk, offer.pk])
    assert client.post(decide, DECISION).status_code == 302
    for text in texts_of(client, "award_decision", voted.pk, offer.pk):
        for words in ("Số: 01/QĐ-SGDĐT", "Hà Nội, ngày 20 tháng 6 năm 2025", "PHÓ GIÁM ĐỐC", "Trần Văn Mẫu"):
            assert words in text, words
        assert "Lê Thị Mẫu" in text


@pytest.mark.parametrize(
    ("day", "symbols"),
    [
        (date(2023, 8, 30), ["15/2003/QH11", "91/2017/NĐ-CP"]),
        (date(2024, 6, 1), ["06/2022/QH15", "98/2023/NĐ-CP"]),
        (date(2025, 7, 1), ["06/2022/QH15", "152/2025/NĐ-CP"]),
        (date(2026, 4, 2), ["06/2022/QH15", "152/2025/NĐ-CP", "15/2025/TT-BNV", "07/2026/TT-BGDĐT"]),
        (
            date(2026, 10, 1),
            ["06/2022/QH15", "06/2026/QH16", "152/2025/NĐ-CP", "15/2025/TT-BNV", "07/2026/TT-BGDĐT"],
        ),
    ],
)
def test_the_law_is_that_of_the_day_of_the_file(day, symbols):
    assert [law["symbol"] for law in laws_on(day)] == symbols


def test_certificates_in_one_file_on_the_blank_form(as_user, so, hieu_truong_a, voted, nominate, world):
    nominate(
        status="published",
        kind="individual",
        full_name="Lê Thị Ánh Mẫu",
        position="Tổ trưởng tổ Toán",
        votes_for=9,
    )
    late = nominate(status="department", school=world.school_b, district=world.chuong_my)
    department = as_user(so)
    offer = voted.offers.get()
    department.post(reverse("awardround_decide", args=[voted.pk, offer.pk]), DECISION | {"number": "150/QĐ-SGDĐT"})
    page = reverse("award_certificates", args=[voted.pk])
    assert as_user(hieu_truong_a).get(page).status_code == 404
    asked = {"decision": offer.decision.pk, "paper": "a3", "layout": "blank", "shift_right": "0", "shift_down": "10"}
    late.refresh_from_db()
    assert late.status == "dropped", "the round is over"
    assert late.events.first().note == "Đợt xét khen đã kết thúc."
    department.post(page, asked)
    department.post(page, asked)
    file = CertificateFile.objects.get()  # pressed twice, made once
    do_job("reports.certificatefile", str(file.pk))
    file.refresh_from_db()
    assert (file.state, file.pages) == ("ready", 2), file.error
    assert as_user(hieu_truong_a).get(file.get_absolute_url()).status_code == 404
    data = b"".join(department.get(file.get_absolute_url()).streaming_content)
    with pdfplumber.open(io.BytesIO(data), unicode_norm=None) as pdf:
        first, second = pdf.pages
        assert (round(first.width), round(first.height)) == (1191, 842), "A3 across"
        assert "THCS Tả Thanh Oai" in plain(first.extract_text())
        text = plain(second.extract_text())
        assert "CỘNG HÒA" not in text, "the blank form has it"
    for words in (
        "Lê Thị Ánh Mẫu",
        "Tổ trưởng tổ Toán, Trường THCS Tả Thanh Oai",
        "Đã có thành tích giúp đỡ trường bạn ôn thi vào lớp 10",
        "Quyết định số 150/QĐ-SGDĐT",
        "Số sổ khen thưởng: 2",
        "PHÓ GIÁM ĐỐC",
        "Trần Văn Mẫu",
    ):
        assert words in text, words
    assert department.get(page).context["form"]["shift_down"].value() == 10, "as it was printed last"


def test_the_annex_of_a_report(voted, nominate, period, world):
    """`period` tells of another school year than the round, until it tells of the same."""
    proposed = nominate(status="department", school=world.school_b, district=world.chuong_my)
    reports = {report.unit: report for report in period.reports.all()}
    units = (world.so, world.thanh_tri, world.school_b)

    def named(unit):
        annex = awards_annex(Facts(reports[unit]))
        return annex and [row["cells"][1] for row in annex["rows"] if row["kind"] == "row"]

    assert [named(unit) for unit in units] == [None, None, None]
    AwardRound.objects.update(school_year=period.school_year)
    assert [named(unit) for unit in units] == [
        ["THCS Đại Yên", "THCS Tả Thanh Oai"],
        ["THCS Tả Thanh Oai"],
        ["THCS Đại Yên"],
    ]
    content = report_content(reports[world.so])
    assert [annex["key"] for annex in content["annexes"]][4:] == ["years", "awards"]
    cells = content["annexes"][-1]["rows"][1]["cells"]
    assert cells == [1, "THCS Đại Yên", "", "huyện Chương Mỹ", proposed.citation, "giấy khen", "đề nghị"]
    last = content["chapters"][-1]
    assert (last["number"], last["heading"]) == ("VII", "Khen thưởng, đề nghị khen thưởng")
    assert last["sections"][0]["paragraphs"][0]["text"] == "Đề nghị khen thưởng 2 tập thể. Danh sách tại Phụ lục VI."
    given = Award.objects.create(
        programme=world.programme, kind="individual", full_name="Lê Thị Mẫu", school=world.school_a,
        district=world.thanh_tri, achievement="Tốt", decision_number="9/QĐ-SGDĐT", decided_on=date(2024, 3, 1),
    )  # fmt: skip

    def told():
        return report_content(reports[world.so])["chapters"][-1]["sections"][0]["paragraphs"][0]["text"]

    assert told().startswith("Đã khen thưởng 1 cá nhân; đề nghị khen thưởng 2 tập thể.")
    Award.objects.filter(pk=given.pk).update(
        status="revoked", revoked_on=date(2024, 5, 1), revoked_number="10/QĐ-SGDĐT"
    )
    assert told().startswith("Đề nghị khen thưởng 2 tập thể."), "what was revoked is told no more"
