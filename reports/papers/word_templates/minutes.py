"""The Word template of minutes of award councils."""

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.oxml import OxmlElement
from docx.shared import Mm

from reports.papers.word_templates.parts import (
    add,
    add_signatures,
    add_table,
    add_title,
    each,
    new_paper,
    write_lines,
)
from reports.papers.word_templates.styles import CENTRE

COUNTED_COLUMNS = (Mm(11), Mm(41), Mm(34), Mm(54), Mm(20))
COUNTED_HEADS = ("STT", "Tập thể, cá nhân", "Đơn vị", "Thành tích", "Phiếu đồng ý")


def minutes_template():
    """A python-docx document with the tags of docxtpl for what reports/papers/minutes.py gives."""
    document = new_paper(is_report=True)
    add_title(document)
    add(document, "Body Text", "{%p for fact in facts %}", "{{ fact.label }}: {{ fact.text }}")
    each(document, "Body Text", "point in fact.points", "{{ point }}")
    add(document, "Body Text", "{%p endfor %}")
    add(document, "Dòng dẫn", "Nội dung (theo diễn biến cuộc họp):")
    add(document, "Body Text", "{%p for section in sections %}")
    add(document, "Heading 1", "{{ section.heading }}")
    each(document, "Body Text", "paragraph in section.paragraphs", "{{ paragraph }}")
    add(document, "Body Text", "{%p if section.rows %}")
    _counted(document)
    add(document, "Body Text", "{%p endif %}", "{%p endfor %}")
    add(document, "Kết thúc", "{{ closing }}")
    add_signatures(document)
    add(document, "Nơi nhận (đầu)", "Nơi nhận:")
    each(document, "Nơi nhận", "line in recipients", "{{ line }}")
    return document


def _counted(document):
    """The table of votes: its head, and a row for each of `section.rows` between two that hold the tags and vanish."""
    table = add_table(document, 4, COUNTED_COLUMNS, Mm(1))
    table.style = "Table Grid"
    head, begin, row, end = table.rows
    for cell, text in zip(head.cells, COUNTED_HEADS, strict=True):
        write_lines(cell, "Tiêu đề bảng", text)
    begin.cells[0].paragraphs[0].text = "{%tr for row in section.rows %}"
    end.cells[0].paragraphs[0].text = "{%tr endfor %}"
    for i, cell in enumerate(row.cells):
        write_lines(cell, "Ô bảng", f"{{{{ row[{i}] }}}}")
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        if i in (0, len(row.cells) - 1):
            cell.paragraphs[0].alignment = CENTRE
    repeated = OxmlElement("w:tblHeader")
    head._tr.get_or_add_trPr().append(repeated)
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
