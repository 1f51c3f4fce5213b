"""The annexes of a report read back: tables, their heads, groups and totals, sheets on their side."""

import io
import re
from collections import Counter

import pikepdf
import pytest

from reports.tests.papers import annex, issued_content
from reports.tests.reading import A4, MARGINS, MM, find, plain, style, words_in_top_margin
from reports.tests.report_pdf.pages import first_annex


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
