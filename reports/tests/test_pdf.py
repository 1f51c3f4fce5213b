"""The PDF read back: the form of Decree 30/2020 to the millimetre, faces, letters, page numbers, annexes and drafts."""

import io
import re
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from django.contrib.staticfiles import finders

from reports.content import report_content
from reports.papers import faces, setting
from reports.papers import pdf as press
from reports.papers.letters import FONT, FontMissing
from reports.papers.pdf import build_pdf
from reports.papers.setting import ForeignFile
from reports.tests.papers import annex, chapter, issued_content, paper_content, section
from reports.tests.reading import A4, MARGINS, MM, find, lines, plain, rule_below, squeezed, style, words_in_top_margin

LETTERS = "".join(
    unicodedata.normalize("NFC", base + tone)
    for base in "AĂÂEÊIOÔƠUƯYĐaăâeêioôơuưyđ"
    for tone in ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
    if base not in "Đđ" or not tone
)


@pytest.fixture(scope="module")
def draft_paper(read_pdf):
    return read_pdf(paper_content())


@pytest.fixture(scope="module")
def issued(read_pdf):
    return read_pdf(issued_content())


def body_pages(opened):
    return opened.pages[: first_annex(opened)]


def first_annex(opened):
    return next(i for i, page in enumerate(opened.pages) if "Phụ lục I\n" in page.extract_text() and i > 0)


def blank_half(page):
    """The colours in the lower half of a page that has no text there."""
    picture = page.to_image(resolution=20).original.convert("RGB")
    return {colour for _count, colour in picture.crop((0, picture.height // 2, *picture.size)).getcolors(65536)}


class TestPage:
    def test_body_is_a4_upright(self, draft_paper):
        for page in body_pages(draft_paper):
            assert (page.width, page.height) == pytest.approx(A4, abs=0.1)

    @pytest.mark.parametrize("landscape", [False, True])
    def test_nothing_but_number_and_draft_mark_is_in_the_margins(self, read_pdf, landscape):
        content = paper_content(annexes=[{**annex("I", rows=40), "landscape": landscape}])
        left, right, top, bottom = (margin * MM for margin in MARGINS)
        for page in read_pdf(content).pages:
            outside = [
                char["text"]
                for char in page.chars
                if char["text"].strip()
                and not (
                    left - 0.5 <= char["x0"]
                    and char["x1"] <= page.width - right + 0.5
                    and top - 0.5 <= char["top"]
                    and char["bottom"] <= page.height - bottom + 0.5
                )
            ]
            number = str(page.page_number) if page.page_number > 1 else ""
            assert set("".join(outside)) <= set("DỰTHẢO0123456789"), f"page {number}"

    def test_the_number_is_centred_in_the_top_margin_from_page_2(self, issued):
        pages = body_pages(issued)
        assert words_in_top_margin(pages[0]) == []
        for number, page in enumerate(pages[1:], 2):
            assert words_in_top_margin(page) == [str(number)]
            margin = page.crop((0, 0, page.width, 19 * MM))
            chars = margin.chars
            assert {(round(char["size"], 1), char["fontname"].partition("+")[2]) for char in chars} == {
                (13, "Liberation-Serif")
            }
            middle = (chars[0]["x0"] + chars[-1]["x1"]) / 2
            text_column = (MARGINS[0] * MM + page.width - MARGINS[1] * MM) / 2
            assert middle == pytest.approx(text_column, abs=1)

    def test_every_face_is_embedded_and_as_wide_as_times(self, issued):
        with pikepdf.open(io.BytesIO(issued.stream.getvalue())) as document:
            fonts = [thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary)]
            faces = [font for font in fonts if font.get("/Type") == "/FontDescriptor"]
            assert faces
            for face in faces:
                assert "Liberation-Serif" in str(face.FontName)
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(face.keys())
        # "BÁO CÁO" in Times New Roman Bold 14: its advance widths in thousandths of an em.
        page = issued.pages[0]
        widths = {"B": 667, "Á": 722, "O": 778, "C": 722}
        for char in page.crop(find(page, "BÁO CÁO")).chars:
            if char["text"].strip():
                assert 1000 * char["width"] / char["size"] == pytest.approx(widths[char["text"]], abs=2)


class TestHead:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, True, False)),
            ("Độc lập - Tự do - Hạnh phúc", (13, True, False)),
            ("UBND HUYỆN THANH TRÌ", (12, False, False)),
            ("PHÒNG GIÁO DỤC VÀ ĐÀO TẠO", (12, True, False)),
            ("Số: 05/BC-PGDĐT", (13, False, False)),
            ("Thanh Trì, ngày 05 tháng 6 năm 2024", (13, False, True)),
            ("BÁO CÁO", (14, True, False)),
            ("Sơ kết năm học 2023-2024 thực hiện phong trào", (14, True, False)),
            ("Kính gửi: Sở Giáo dục và Đào tạo Hà Nội", (14, False, False)),
            ("Căn cứ các giao ước", (14, False, True)),
            ("I. ĐẶC ĐIỂM TÌNH HÌNH", (14, True, False)),
            ("1. Quy mô", (14, True, False)),
            ("1.234 trường", (14, False, False)),
        ],
    )
    def test_size_and_style_of_each_element(self, issued, words, expected):
        assert style(issued.pages[0], words) == expected

    def test_the_rule_under_the_motto_is_as_long_as_the_line(self, issued):
        page = issued.pages[0]
        box = find(page, "Độc lập - Tự do - Hạnh phúc")
        x0, x1 = rule_below(page, box)
        assert (x0, x1) == pytest.approx((box[0], box[2]), abs=0.8)

    @pytest.mark.parametrize(
        ("longest", "last"),
        [
            ("PHÒNG GIÁO DỤC VÀ ĐÀO TẠO", "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO"),
            ("Sơ kết năm học 2023-2024 thực hiện phong trào", "Thầy cô cùng sẻ chia trách nhiệm”"),
        ],
    )
    def test_rules_under_issuer_and_subject_are_a_third_to_half_and_centred(self, issued, longest, last):
        page = issued.pages[0]
        above, low = find(page, longest), find(page, last)
        x0, x1 = rule_below(page, (above[0], low[1], above[2], low[3]))
        assert 1 / 3 <= (x1 - x0) / (above[2] - above[0]) <= 1 / 2
        assert (x0 + x1) / 2 == pytest.approx((above[0] + above[2]) / 2, abs=1)

    def test_two_columns_of_about_40_to_60_each_centred(self, issued):
        page = issued.pages[0]
        column = MARGINS[0] * MM, page.width - MARGINS[1] * MM
        border = column[0] + 66 * MM
        assert 0.38 <= (border - column[0]) / (column[1] - column[0]) <= 0.42

        def middle(words):
            box = find(page, words)
            return (box[0] + box[2]) / 2

        left, right = (column[0] + border) / 2, (border + column[1]) / 2
        for words in ("UBND HUYỆN THANH TRÌ", "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO", "Số: 05/BC-PGDĐT"):
            assert middle(words) == pytest.approx(left, abs=1)
        day = "Thanh Trì, ngày 05 tháng 6 năm 2024"
        for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", day):
            assert middle(words) == pytest.approx(right, abs=1)

    def test_number_and_date_share_a_line(self, issued):
        page = issued.pages[0]
        assert find(page, "Số: 05/BC-PGDĐT")[3] == pytest.approx(find(page, "Thanh Trì, ngày 05")[3], abs=1)

    def test_long_names_break_into_even_lines_inside_their_column(self, read_pdf):
        name = "TRUNG TÂM GIÁO DỤC NGHỀ NGHIỆP - GIÁO DỤC THƯỜNG XUYÊN HUYỆN THANH TRÌ"
        page = read_pdf(issued_content(issuer=name, annexes=[])).pages[0]
        head = page.crop((30 * MM, 20 * MM, 96 * MM, 50 * MM)).extract_text()
        assert plain(head).startswith(f"UBND HUYỆN THANH TRÌ {name}")


class TestBody:
    def test_first_lines_are_indented_and_lines_justified(self, issued):
        page = issued.pages[0]
        left, right = MARGINS[0] * MM, page.width - MARGINS[1] * MM
        assert find(page, "Huyện Thanh Trì có")[0] == pytest.approx(left + 12.7 * MM, abs=1)
        first = next(box for text, box in lines(page) if text.startswith("Các trường đã ký kết tích cực"))
        assert first["x1"] == pytest.approx(right, abs=1)

    def test_paragraphs_are_at_least_6_points_apart(self, issued):
        """Baselines of one paragraph are 18,2 pt apart (14 pt × 1,3), those of two paragraphs 6 pt more."""
        page = issued.pages[0]
        base = [box["bottom"] for text, box in lines(page) if box["top"] > find(page, "I. ĐẶC ĐIỂM")[1]]
        gaps = [round(b - a, 1) for a, b in pairwise(base)]
        assert min(gaps) == pytest.approx(18.2, abs=0.3)
        assert {gap for gap in gaps if gap > 19} <= {gap for gap in gaps if gap >= 24}

    def test_sections_come_in_order(self, issued):
        text = "\n".join(page.extract_text() for page in body_pages(issued))
        found = re.findall(r"^(I|II|III|IV|V|VI)\. [A-ZĐ]", text, re.MULTILINE)
        assert found == ["I", "II", "III", "IV", "V", "VI"]

    def test_the_end_mark_closes_the_body(self, issued):
        text = plain(" ".join(page.extract_text() for page in body_pages(issued)))
        assert text.count("./.") == 1
        assert "huyện Thanh Trì./. Nơi nhận:" in text

    def test_number_and_unit_stay_on_one_line(self, read_pdf):
        text = "Đã có 51.065 lượt giáo viên của 1.234 trường tham gia và 3.200.000.000 đồng. " * 12
        content = issued_content(chapters=[{**chapter(0, "X"), "sections": [section("1", "X", text)]}], annexes=[])
        printed = [line_text for line_text, _box in lines(read_pdf(content).pages[0])]
        broken = [text for text in printed if re.search(r"(51\.065|1\.234|3\.200\.000\.000)$", text)]
        assert broken == []

    def test_a_chart_shows_its_finding_and_vietnamese_numbers(self, issued):
        page = next(page for page in body_pages(issued) if "Biểu đồ 1." in page.extract_text())
        assert style(page, "Biểu đồ 1. Tháng 8 sôi nổi nhất: 23 hoạt động, phần lớn là chuyên môn")[:2] == (13, True)
        assert "Ônthi,bồidưỡng" in squeezed(page.extract_text())
        bars = [shape for shape in page.rects + page.curves if shape.get("non_stroking_color")]
        assert len(bars) >= 12


class TestFoot:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("Nơi nhận:", (12, True, True)),
            ("- Như trên;", (11, False, False)),
            ("- Lưu: VT.", (11, False, False)),
            ("KT. TRƯỞNG PHÒNG", (14, True, False)),
            ("PHÓ TRƯỞNG PHÒNG", (14, True, False)),
            ("Nguyễn Thị Ánh Tuyết", (14, True, False)),
        ],
    )
    def test_size_and_style_of_each_element(self, issued, words, expected):
        assert style(body_pages(issued)[-1], words) == expected

    def test_recipients_stand_left_and_level_with_the_signatory(self, issued):
        page = body_pages(issued)[-1]
        recipients, title, name = (find(page, words) for words in ("Nơi nhận:", "KT. TRƯỞNG PHÒNG", "Nguyễn Thị Ánh"))
        assert recipients[0] == pytest.approx(MARGINS[0] * MM, abs=1)
        assert recipients[1] == pytest.approx(title[1], abs=3)
        assert title[0] > page.width / 2
        assert name[1] - title[3] > 25 * MM  # room for signature and seal

    @pytest.mark.parametrize("length", [2, 5, 8, 11, 14, 17, 20])
    def test_the_signature_never_stands_alone_on_a_page(self, read_pdf, length):
        texts = [
            f"Đoạn văn {n}. Hai bên thống nhất kế hoạch từ đầu năm học và phân công rõ người." for n in range(length)
        ]
        content = issued_content(chapters=[{**chapter(0, "X"), "sections": [section("1", "X", *texts)]}], annexes=[])
        last = read_pdf(content).pages[-1].extract_text()
        assert "Nơi nhận:" in last
        assert "./." in last
        assert f"Đoạn văn {length - 1}." in last


def test_a_line_with_the_symbol_of_a_paper_is_full(read_pdf):
    """WeasyPrint ended lines early before what must not be parted from it."""
    told = (
        "Cử giáo viên cốt cán dạy minh hoạ, dự giờ góp ý mỗi học kỳ ít nhất một lần; ngày 15 tháng 4 năm 2024 có "
        "1.234 lượt giáo viên theo Kế hoạch số 4340/KH-SGDĐT. "
    )
    content = issued_content(annexes=[], charts=[])
    content["chapters"] = [{**chapter(0, "Thử"), "sections": [section("1", "Thử", told * 3)]}]
    text = plain(read_pdf(content).pages[0].extract_text().replace("\n", "|"))
    assert "một|lần; ngày 15 tháng 4 năm 2024 có" in text
    assert "số 4340/KH-SGDĐT." in text


class TestAnnexes:
    def test_each_counts_its_own_pages(self, issued):
        pages = issued.pages[first_annex(issued) :]
        numbers = [words_in_top_margin(page) for page in pages]
        of_the_first = next(i for i, page in enumerate(pages) if "Phụ lục II" in page.extract_text())
        assert of_the_first > 3
        assert numbers == [[], *([str(n)] for n in range(2, of_the_first + 1)), []]

    def test_rows_run_on_without_a_gap(self, issued):
        text = "\n".join(page.extract_text() for page in issued.pages[first_annex(issued) :])
        rows = re.findall(r"^(\d+) Hội thảo (\d+) 1 – 1\.234 – 1 –$", text, re.MULTILINE)
        assert rows == [(str(n), str(n)) for n in range(1, 171)]

    def test_a_number_is_never_broken(self, read_pdf):
        table = annex("I", rows=1)
        table["rows"][0]["cells"][4] = 123_456_789_012
        assert "123.456.789.012" in read_pdf(issued_content(annexes=[table])).pages[-1].extract_text()

    def test_the_heading_of_the_table_is_repeated(self, issued):
        pages = issued.pages[first_annex(issued) : -1]
        assert len(pages) > 3
        for page in pages:
            heading = plain(page.extract_text().partition("Hội thảo")[0])
            assert all(words in heading for words in ("STT", "Loại hoạt động", "Lượt người tham gia", "Hình thức"))

    def test_no_page_is_left_half_empty(self, issued):
        pages = issued.pages[first_annex(issued) : -2]
        rows = [page.extract_text().count("Hội thảo") for page in pages]
        assert min(rows[1:]) >= max(rows) - 2

    def test_the_total_ends_the_table_and_is_never_alone(self, read_pdf):
        last = Counter()
        for rows in range(30, 41):
            page = read_pdf(issued_content(annexes=[annex("I", rows)])).pages[-1].extract_text()
            assert f"Cộng {rows} –" in page
            last[page.count("Hội thảo")] += 1
        assert 0 not in last

    def test_a_group_never_ends_a_page(self, read_pdf):
        """Nor does the heading of a table stand there alone."""
        for before in range(28, 34):
            table = annex("I", rows=60)
            table["rows"].insert(before, {"kind": "group", "cells": ["A", "Nhóm sau", *[""] * 6]})
            page = next(
                page for page in read_pdf(issued_content(annexes=[table])).pages if "Nhóm sau" in page.extract_text()
            )
            assert "Hội thảo" in page.extract_text().partition("Nhóm sau")[2]

    def test_a_row_higher_than_a_page_is_torn_and_whole(self, read_pdf):
        table = annex("I", rows=3)
        table["rows"][1]["cells"][1] = " ".join(f"chữ{n}" for n in range(700))
        pages = read_pdf(issued_content(annexes=[table])).pages
        text = " ".join(page.extract_text() for page in pages)
        words = re.findall(r"chữ\d+", text)
        assert words == [f"chữ{n}" for n in range(700)]
        assert all(max(char["bottom"] for char in page.chars) <= page.height - MARGINS[3] * MM + 1 for page in pages)
        assert text.count("Loại hoạt động") >= 3

    def test_notes_below_a_last_row_higher_than_a_page_are_on_a_page(self, read_pdf):
        table = annex("I", rows=1)
        table["rows"] = table["rows"][:1]
        table["notes"] = ["Ghi chú cuối bảng."]
        for words in range(560, 600, 4):
            table["rows"][0]["cells"][1] = " ".join(f"chữ{n}" for n in range(words))
            last = read_pdf(issued_content(annexes=[table])).pages[-1]
            assert find(last, "Ghi chú cuối bảng.")[3] <= last.height - MARGINS[3] * MM + 1

    def test_spaces_of_every_kind_in_a_cell_are_spaces(self, read_pdf):
        table = annex("I", rows=1)
        table["rows"][0]["cells"][1] = "A\r\nb\tc\u2003d\u2028e"
        page = read_pdf(issued_content(annexes=[table])).pages[-1]
        assert "1 A b c d e 1 – 1.234" in page.extract_text()

    def test_tables_are_tagged_for_those_who_listen(self, issued):
        with pikepdf.open(io.BytesIO(issued.stream.getvalue())) as document:
            table = next(
                element
                for part in list(document.Root.StructTreeRoot.K[0].K)[1:]
                for element in part.K
                if element.S == "/Table"
            )
            kinds = [[str(cell.S) for cell in row.K] for row in table.K]
            spans = [int(cell.A.get("/ColSpan", 1)) for cell in table.K[0].K]
            assert str(table.K[0].K[0].A.Scope) == "/Column"
        assert kinds == [["/TH"] * 5, ["/TH"] * 5, *[["/TD"] * 8] * 171], "once, wherever it is printed again"
        assert spans == [1, 1, 1, 3, 2]

    def test_numbers_stand_right_words_left(self, issued):
        page = issued.pages[first_annex(issued)]
        ends = {round(word["x1"]) for word in page.extract_words() if word["text"] == "1.234"}
        starts = {round(word["x0"]) for word in page.extract_words() if word["text"] == "Hội"}
        assert len(ends) == len(starts) == 1

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("Phụ lục I", (14, True, False)),
            ("HOẠT ĐỘNG THEO LOẠI", (14, True, False)),
            ("(Kèm theo Báo cáo số 05/BC-PGDĐT ngày 05 tháng 6 năm 2024", (13, False, True)),
        ],
    )
    def test_the_head(self, issued, words, expected):
        page = issued.pages[first_annex(issued)]
        assert style(page, words) == expected

    def test_an_empty_annex_says_so(self, issued):
        assert plain(issued.pages[-1].extract_text()).endswith("Chưa có số liệu.")

    def test_wide_ones_lie_on_their_side(self, read_pdf):
        content = issued_content(annexes=[{**annex("I", rows=60), "landscape": True}])
        pages = read_pdf(content).pages
        wide = [page for page in pages if page.width > page.height]
        assert len(wide) > 1
        assert (wide[0].width, wide[0].height) == pytest.approx(A4[::-1], abs=0.1)
        assert [words_in_top_margin(page) for page in wide] == [[], *([str(n)] for n in range(2, len(wide) + 1))]


class TestDraft:
    def test_every_page_is_marked(self, draft_paper):
        for page in draft_paper.pages:
            assert words_in_top_margin(page)[:2] == ["DỰ", "THẢO"]

    def test_number_and_day_stay_open(self, draft_paper):
        text = draft_paper.pages[0].extract_text().replace("\u00a0", " ")
        assert re.search(r"Số: +/BC-PGDĐT", text)
        assert "Thanh Trì, ngày … tháng … năm 2024" in text
        page = draft_paper.pages[0]
        gap = find(page, "/BC-PGDĐT")[0] - find(page, "Số:")[2]
        assert gap > 7 * MM

    def test_nobody_signs_a_draft(self, draft_paper):
        page = body_pages(draft_paper)[-1]
        assert "TRƯỞNG PHÒNG" in page.extract_text()
        assert "KT." not in page.extract_text()

    def test_the_mark_behind_the_text_is_pale_and_not_text(self, draft_paper):
        assert all(page.extract_text().count("DỰ THẢO") == 1 for page in draft_paper.pages)
        for page in draft_paper.pages[-1:]:
            assert blank_half(page) > {(255, 255, 255)}
            assert min(min(colour) for colour in blank_half(page)) > 225

    def test_once_issued_no_page_is_marked(self, issued):
        for page in issued.pages:
            assert "DỰ THẢO" not in page.extract_text()
        assert blank_half(issued.pages[-1]) == {(255, 255, 255)}


class TestLetters:
    @pytest.mark.parametrize("place", ["body", "bold", "italic"])
    def test_every_vietnamese_letter_comes_back_composed(self, read_pdf, place):
        words = " ".join(re.findall("." * 6, LETTERS + "xxxxx"))
        changes = {
            "body": {"opening": words},
            "bold": {"chapters": [{**chapter(0, "X"), "sections": [section("1", words)]}]},
            "italic": {"bases": [words]},
        }[place]
        page = read_pdf(issued_content(annexes=[], **changes)).pages[0]
        text = page.extract_text()
        assert squeezed(words) in squeezed(text)
        assert text == unicodedata.normalize("NFC", text)
        assert "\ufffd" not in text
        assert {char["fontname"].partition("+")[2][:16] for char in page.chars} == {"Liberation-Serif"}

    def test_decomposed_text_is_composed(self, read_pdf):
        words = "Trường Tiểu học Đại Yên"
        opening = unicodedata.normalize("NFD", words)
        text = read_pdf(issued_content(opening=opening, annexes=[])).pages[0].extract_text()
        assert words in text.replace("\u00a0", " ")


class TestHostileText:
    def test_markup_is_printed_not_obeyed(self, read_pdf):
        words = '<script>alert("x")</script> <img src="http://example.com/x.png"> {{ 7|add:1 }} & </p>'
        text = read_pdf(issued_content(opening=words, annexes=[])).pages[0].extract_text()
        assert squeezed(words) in squeezed(text)

    def test_emoji_and_control_characters_do_not_stop_the_press(self, read_pdf):
        words = "Vui \U0001f600 quá\x00\x0c\x1b, bạn \U0001f1fb\U0001f1f3 \U0001f469\u200d\U0001f3eb 学 \uf0b7 a\u2011b"
        page = read_pdf(issued_content(opening=words, annexes=[])).pages[0]
        assert "Vui □ quá, bạn □ □ □ • a-b" in plain(page.extract_text())
        assert {char["fontname"].partition("+")[2][:16] for char in page.chars} == {"Liberation-Serif"}

    def test_a_word_of_20000_letters_breaks_and_stays_in_its_column(self, read_pdf):
        content = issued_content(opening="ươ" * 10_000, annexes=[])
        pages = read_pdf(content).pages
        assert sum(page.extract_text().count("ư") for page in pages) >= 10_000
        for page in pages:
            assert max(char["x1"] for char in page.chars if char["text"].strip()) <= page.width - MARGINS[1] * MM + 1

    def test_a_long_word_in_a_cell_stays_in_its_column(self, read_pdf):
        table = annex("I", rows=1)
        table["rows"][0]["cells"][1] = "ươ" * 120
        page = read_pdf(issued_content(annexes=[table])).pages[-1]
        number = next(word for word in page.extract_words() if word["text"] == "1.234")
        letters = page.crop((0, find(page, "ươươ")[1], page.width, page.height)).chars
        assert max(char["x1"] for char in letters if char["text"] in "ươ") < number["x0"] - 30 * MM


class TestFile:
    def test_says_what_it_is_and_who_issued_it(self, issued):
        with pikepdf.open(io.BytesIO(issued.stream.getvalue())) as document:
            title = str(document.docinfo["/Title"])
            assert title.startswith("Báo cáo sơ kết năm học 2023-2024 thực hiện phong trào “Nhà trường")
            assert str(document.docinfo["/Author"]) == "Phòng Giáo dục và Đào tạo huyện Thanh Trì"
            assert str(document.Root.Lang) == "vi"
            with document.open_metadata() as metadata:
                assert metadata["dc:title"] == title

    def test_is_made_for_archives(self, issued):
        """PDF/A-2u: says so in its metadata, says what its colours mean, has every face and nothing that could act."""
        with pikepdf.open(io.BytesIO(issued.stream.getvalue())) as document:
            with document.open_metadata() as metadata:
                assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "U")
                assert metadata.pdfa_status == "2U"
                assert metadata["dc:creator"] == [str(document.docinfo["/Author"])]
                assert metadata["dc:language"] == {"vi"}
                assert metadata["pdf:Keywords"] == str(document.docinfo["/Keywords"])
                assert metadata["pdf:Keywords"].startswith("báo cáo, sơ kết năm học 2023-2024, Nhà trường")
            (intent,) = document.Root.OutputIntents
            assert (intent.S, len(bytes(intent.DestOutputProfile.read_bytes())) > 100) == ("/GTS_PDFA1", True)
            assert document.trailer.ID
            assert not document.is_encrypted
            assert document.pdf_version >= "1.7"
            assert not {"/OpenAction", "/AA", "/AcroForm"} & set(document.Root.keys())
            things = [thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)]
            for thing in things:
                assert thing.get("/S") not in ("/JavaScript", "/Launch", "/URI")
                if thing.get("/Subtype") in ("/Type0", "/TrueType", "/Type1"):
                    assert "/ToUnicode" in thing, "text can be copied and searched"
                if isinstance(thing, pikepdf.Stream):
                    assert "/F" not in thing, "nothing lies outside the file"
                    assert thing.get("/Filter") != "/LZWDecode"

    def test_bookmarks_lead_to_sections_and_annexes(self, issued):
        with pikepdf.open(io.BytesIO(issued.stream.getvalue())) as document, document.open_outline() as outline:
            titles = [item.title for item in outline.root]
            pages = [document.pages.index(pikepdf.Page(item.destination[0])) for item in outline.root]
        assert titles[0] == "I. ĐẶC ĐIỂM TÌNH HÌNH"
        assert titles[5:] == [
            "VI. ĐỀ XUẤT, KIẾN NGHỊ",
            "Phụ lục I. Hoạt động theo loại",
            "Phụ lục II. Hoạt động theo loại",
        ]
        assert pages == sorted(pages)
        assert pages[-2] == first_annex(issued)
        assert pages[-1] == len(issued.pages) - 1

    def test_page_labels_are_the_printed_numbers(self, issued):
        with pikepdf.open(io.BytesIO(issued.stream.getvalue())) as document:
            labels = [page.label for page in document.pages]
        first = first_annex(issued)
        assert labels[:2] == ["1", "2"]
        assert labels[first : first + 2] == ["Phụ lục I – 1", "Phụ lục I – 2"]
        assert labels[-2] == f"Phụ lục I – {len(labels) - first - 1}"
        assert labels[-1] == "Phụ lục II – 1"

    def test_tags_of_all_parts_are_kept(self, issued):
        with pikepdf.open(io.BytesIO(issued.stream.getvalue())) as document:
            pages = {page.objgen for page in document.pages}
            seen, kinds = set(), Counter()
            for element in elements(document.Root.StructTreeRoot):
                kinds[str(element.S)] += 1
                if "/Pg" in element:
                    seen.add(element.Pg.objgen)
            numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)[::2]
            own = [int(page.obj.StructParents) for page in document.pages]
        assert seen == pages
        assert numbers == own == list(range(len(own)))
        assert kinds["/Table"] >= 1
        assert kinds["/H2"] >= 6
        assert kinds["/Figure"] == 1

    def test_the_same_content_gives_the_same_bytes(self):
        content = issued_content(annexes=[annex("I", 5)])
        assert build_pdf(content, ignore) == build_pdf(content, ignore)


def elements(node):
    """Every structure element below `node`."""
    children = node.get("/K", [])
    for child in [children] if isinstance(children, pikepdf.Dictionary) else children:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


def ignore(percent, step):
    pass


class TestPress:
    def test_progress_only_grows_and_names_the_step(self):
        told = []
        build_pdf(paper_content(annexes=[annex("I", 5), annex("II", 0)]), lambda *step: told.append(step))
        percents = [percent for percent, _step in told]
        assert percents == sorted(percents)
        assert all(0 < percent < 100 for percent in percents)
        assert [step for _percent, step in told] == [
            "Vẽ biểu đồ",
            "Phần nội dung",
            "Phụ lục I",
            "Phụ lục II",
            "Ghép các phần",
        ]

    def test_progress_is_told_while_pages_are_laid_out(self, monkeypatch):
        monkeypatch.setattr(setting, "RENEWAL", -1)
        told = []
        build_pdf(paper_content(annexes=[annex("I", 60)]), lambda *step: told.append(step))
        assert "Phần nội dung, trang 2" in {step for _percent, step in told}
        assert [percent for percent, _step in told] == sorted(percent for percent, _step in told)

    @pytest.mark.parametrize("step", ["Vẽ biểu đồ", "Phần nội dung, trang 2", "Phụ lục I", "Ghép các phần"])
    def test_what_progress_raises_ends_the_work(self, monkeypatch, step):
        class Lost(Exception):
            pass

        def progress(percent, now):
            if now == step:
                raise Lost

        monkeypatch.setattr(setting, "RENEWAL", -1)
        with pytest.raises(Lost):
            build_pdf(paper_content(annexes=[annex("I", 60)]), progress)

    def test_without_the_face_of_official_papers_it_says_what_to_install(self, monkeypatch):
        """Where the body is set, and where annexes are drawn."""
        sheet = setting._sheet

        def other_face(address):
            css = Path(finders.find(address.removeprefix("static:"))).read_text().replace(FONT, "DejaVu Sans")
            return setting.CSS(string=css) if address == setting.PAPER else sheet(address)

        with monkeypatch.context() as patched:
            patched.setattr(setting, "_sheet", other_face)
            with pytest.raises(FontMissing, match="fonts-liberation2"):
                build_pdf(paper_content(annexes=[]), ignore)
        monkeypatch.setattr(faces, "face", faces.face.__wrapped__)
        monkeypatch.setattr(faces, "FONT", "Times New Roman")
        with pytest.raises(FontMissing, match="fonts-liberation2"):
            faces.face("Regular")

    @pytest.mark.parametrize(
        "url", ["http://example.com/x.svg", "file:///etc/passwd", "static:../manage.py", "chart:none"]
    )
    def test_nothing_but_our_own_files_is_read(self, monkeypatch, url):
        made = press.report_paper
        monkeypatch.setattr(press, "report_paper", lambda content: with_chart_at(made(content), url))
        with pytest.raises(ForeignFile):
            build_pdf(paper_content(annexes=[]), ignore)


def with_chart_at(paper, url):
    return {**paper, "charts": [{**chart, "url": url} for chart in paper["charts"]]}


@pytest.mark.parametrize("unit", ["department", "district", "school"])
def test_a_real_report_prints_its_figures(small_world, report_of, read_pdf, unit):
    units = {"department": small_world.so, "district": small_world.thanh_tri, "school": small_world.school_a}
    report = report_of(**{unit: units[unit]})
    opened = read_pdf(report.file_content())
    text = plain(" ".join(page.extract_text() for page in opened.pages))
    content = report_content(report)
    turns = content["figures"]["teacher_turns"]["value"]
    assert f"{turns} lượt giáo viên" in text
    assert content["issuer"] in text
    assert all(f"Phụ lục {annex['number']} {annex['name'].upper()}" in text for annex in content["annexes"])
