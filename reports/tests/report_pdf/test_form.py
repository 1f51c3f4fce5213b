"""The PDF read back: the form of Decree 30/2020 to the millimetre, page numbers and drafts."""

import io
import re
from itertools import pairwise

import pikepdf
import pytest

from reports.content import report_content
from reports.tests.papers import annex, chapter, issued_content, paper_content, section
from reports.tests.reading import A4, MARGINS, MM, find, lines, plain, rule_below, squeezed, style, words_in_top_margin
from reports.tests.report_pdf.pages import blank_half, body_pages


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
