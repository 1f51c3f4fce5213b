"""The form of the PDF of an agreement."""

import io

import pikepdf
import pytest
from django.urls import reverse

from reports.papers import letters
from reports.tests.agreement_papers.reading import PDF, PROSE, changed, of_one_dict, pages_of
from reports.tests.reading import A4, MARGINS, MM, find, plain, rule_below, style, words_in_top_margin


@of_one_dict
class TestPdf:
    def test_the_page_is_that_of_the_decree(self, crowded, paper):
        left, right, top, bottom = (margin * MM for margin in MARGINS)
        pdf = paper(changed(crowded, objectives="\n".join([PROSE] * 30)), PDF)
        assert len(pdf.pages) > 4
        for page in pdf.pages:
            assert (page.width, page.height) == pytest.approx(A4, abs=0.1)
            chars = [char for char in page.chars if char["text"].strip()]
            body = [char for char in chars if char["top"] > top - 0.5]
            assert min(char["x0"] for char in body) >= left - 0.5
            assert max(char["x1"] for char in body) <= page.width - right + 0.5
            assert max(char["bottom"] for char in body) <= page.height - bottom + 0.5
            assert {char["fontname"].partition("+")[2].partition("-")[0] for char in chars} == {"Liberation"}
            number = words_in_top_margin(page)
            assert number == ([str(page.page_number)] if page.page_number > 1 else [])
            if number:
                box = page.crop((0, 0, page.width, 19 * MM)).extract_words()[0]
                assert (box["x0"] + box["x1"]) / 2 == pytest.approx((left + page.width - right) / 2, abs=1)

    def test_size_and_style_of_each_element(self, ready, paper):
        page = paper(ready, PDF).pages[0]
        for words, expected in (
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, True, False)),
            ("Độc lập - Tự do - Hạnh phúc", (13, True, False)),
            ("TRƯỜNG THCS ĐẠI YÊN", (12, True, False)),
            ("Số: ………/GƯ-THCSTTO", (13, False, False)),
            ("Thanh Trì, ngày …… tháng …… năm ………", (13, False, True)),
            ("GIAO ƯỚC", (14, True, False)),
            ("Về việc kết nghĩa giữa Trường THCS Tả Thanh Oai", (14, True, False)),
            ("Căn cứ Kế hoạch số 4340/KH-SGDĐT", (14, False, True)),
            ("BÊN A (BÊN HỖ TRỢ)", (14, True, False)),
            ("Đại diện: Ông (Bà) Nguyễn", (14, False, False)),
            ("Điều 1. Mục tiêu, nội dung phối hợp", (14, True, False)),
        ):
            assert style(page, words) == expected, words

    def test_the_head_names_both_parties_and_is_level(self, district_agreement, paper, phong_thanh_tri):
        page = paper(district_agreement, PDF, phong_thanh_tri).pages[0]
        names = [line["text"] for line in page.crop((0, 19 * MM, 97 * MM, 50 * MM)).extract_text_lines()]
        assert [plain(name) for name in names] == [
            "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO",
            "HUYỆN THANH TRÌ -",
            "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO",
            "HUYỆN CHƯƠNG MỸ",
            "Số: 01/BGN-PGDĐT",
        ]
        country, issuer = find(page, "CỘNG HÒA XÃ HỘI"), find(page, "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO")
        assert country[1] == pytest.approx(issuer[1], abs=1)
        x0, x1 = rule_below(page, find(page, "Độc lập - Tự do - Hạnh phúc"))
        motto = find(page, "Độc lập - Tự do - Hạnh phúc")
        assert (x0, x1) == pytest.approx((motto[0], motto[2]), abs=1)

    @pytest.mark.parametrize("paragraphs", [1, 9, 12, 15])
    def test_signatures_stand_side_by_side_and_whole_with_the_end_of_the_text(self, crowded, paper, paragraphs):
        pdf = paper(changed(crowded, objectives="\n".join([PROSE] * paragraphs)), PDF)
        (number,) = pages_of(pdf, "./.")
        page = pdf.pages[number - 1]
        left, right = find(page, "ĐẠI DIỆN BÊN A"), find(page, "ĐẠI DIỆN BÊN B")
        assert left[1] == right[1]
        assert left[2] < page.width / 2 < right[0]
        # The names on one line, with room for signature and seal above them.
        names = [page.search(name.replace(" ", r"\s+"))[-1] for name in ("Nguyễn Thị Ánh Tuyết", "Đỗ Văn Quỳnh")]
        assert names[0]["top"] == pytest.approx(names[1]["top"], abs=0.5)
        assert names[0]["top"] - find(page, "PHÓ HIỆU TRƯỞNG")[3] > 25 * MM
        # The organisations that sign as well: each whole on its side of one page.
        for half, organisation, name in ((0, "CÔNG ĐOÀN THCS TẢ THANH OAI", "Oanh G"), (1, "ĐẠI YÊN", "Oanh D")):
            (block,) = [
                text
                for page in pdf.pages[number - 1 :]
                if "CÔNG ĐOÀN" in (text := plain(page.crop(half_of(page, half)).extract_text()))
            ]
            assert organisation in block
            assert block.endswith(f"CHỦ TỊCH CÔNG ĐOÀN Vũ Thị {name}")

    def test_it_has_a_title_and_bookmarks_of_the_articles(self, ready, as_user, hieu_truong_a):
        response = as_user(hieu_truong_a).get(reverse("agreement_paper", args=[ready.pk, PDF]))
        with pikepdf.open(io.BytesIO(b"".join(response.streaming_content))) as pdf:
            assert pdf.open_metadata()["dc:title"] == "Giao ước giữa Trường THCS Tả Thanh Oai và Trường THCS Đại Yên"
            assert pdf.Root.Lang == "vi"
            with pdf.open_outline() as outline:
                assert [item.title for item in outline.root][:2] == [
                    "Điều 1. Mục tiêu, nội dung phối hợp",
                    "Điều 2. Trách nhiệm của Bên A",
                ]

    @pytest.mark.parametrize("objectives", ["a\n" * 800, "Dài " * 13_000, "x" * 400])
    def test_what_would_take_long_is_offered_as_word(self, ready, as_user, hieu_truong_a, objectives):
        agreement = changed(ready, objectives=objectives)
        response = as_user(hieu_truong_a).get(reverse("agreement_paper", args=[agreement.pk, PDF]), follow=True)
        assert response.redirect_chain == [(agreement.get_absolute_url(), 302)]
        assert "Hãy tải bản Word rồi in từ đó" in response.content.decode()

    def test_without_the_face_it_says_what_to_install(self, ready, as_user, hieu_truong_a, monkeypatch):
        def missing():
            raise letters.FontMissing

        monkeypatch.setattr(letters, "_repertoire", missing)
        response = as_user(hieu_truong_a).get(reverse("agreement_paper", args=[ready.pk, PDF]), follow=True)
        assert "fonts-liberation2" in response.content.decode()


def half_of(page, half):
    return half * page.width / 2, 19 * MM, (half + 1) * page.width / 2, page.height
