"""Letters and hostile text in the PDF of a report."""

import re
import unicodedata

import pytest

from reports.tests.papers import annex, chapter, issued_content, section
from reports.tests.reading import MARGINS, MM, find, plain, squeezed

LETTERS = "".join(
    unicodedata.normalize("NFC", base + tone)
    for base in "AĂÂEÊIOÔƠUƯYĐaăâeêioôơuưyđ"
    for tone in ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
    if base not in "Đđ" or not tone
)


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
