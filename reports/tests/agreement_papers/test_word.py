"""The form of the Word file of an agreement."""

import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.tests.agreement_papers.reading import WORD, of_one_dict, word_text
from reports.tests.reading import MARGINS, plain


@of_one_dict
class TestWord:
    def test_page_styles_and_number(self, ready, paper):
        document = paper(ready, WORD)
        section = document.sections[0]
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        margins = section.left_margin, section.right_margin, section.top_margin, section.bottom_margin
        assert [round(margin.mm) for margin in margins] == list(MARGINS)
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert "PAGE" not in section.first_page_header._element.xml
        styles = {paragraph.style.name for paragraph in document.paragraphs}
        assert {"Title", "Subtitle", "Heading 1", "Heading 2", "Body Text", "Căn cứ", "Bên ký", "Kết thúc"} <= styles
        normal = document.styles["Normal"]
        assert (normal.font.name, normal.font.size) == ("Times New Roman", Pt(14))
        body = document.styles["Body Text"].paragraph_format
        assert body.first_line_indent == pytest.approx(Mm(12.7), abs=700)
        assert body.space_before == Pt(6)

    def test_nothing_of_the_template_is_left(self, crowded, paper):
        document = paper(crowded, WORD)
        assert not {"{{", "{%", "}}", "%}"} & {mark for mark in ("{{", "{%", "}}", "%}") if mark in word_text(document)}
        assert document.core_properties.title.startswith("Giao ước giữa")

    def test_signatures_are_a_table_that_stays_together(self, crowded, paper):
        document = paper(crowded, WORD)
        assert [paragraph.style.name for paragraph in document.paragraphs if "./." in paragraph.text] == ["Kết thúc"]
        assert document.styles["Kết thúc"].paragraph_format.keep_with_next
        rows = document.tables[1].rows
        cells = [[plain(cell.text) for cell in row.cells] for row in rows]
        assert cells == [
            ["ĐẠI DIỆN BÊN A HIỆU TRƯỞNG", "ĐẠI DIỆN BÊN B KT. HIỆU TRƯỞNG PHÓ HIỆU TRƯỞNG"],
            ["Nguyễn Thị Ánh Tuyết", "Đỗ Văn Quỳnh"],
            [f"{organisation.organisation.upper()} CHỦ TỊCH CÔNG ĐOÀN" for organisation in signatories(crowded)],
            [organisation.full_name for organisation in signatories(crowded)],
        ]
        for row in rows:
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None
            assert all(p.style.paragraph_format.keep_with_next for cell in row.cells for p in cell.paragraphs)


def signatories(agreement):
    rows = list(agreement.further_signatories.all())
    return [next(row for row in rows if row.side == side) for side in ("supporting", "supported")]
