"""The Word template of decisions on awards."""

from docx.enum.section import WD_SECTION
from docx.shared import Pt

from reports.papers.word_templates.parts import add, add_foot, add_title, count_from_one, each, new_paper


def decision_template():
    """A python-docx document with the tags of docxtpl for what reports/papers/decision.py gives; its list has a section
    of its own."""
    document = new_paper(is_report=True)
    add_title(document)
    each(document, "Subtitle", "line in authority", "{{ line }}")
    each(document, "Căn cứ", "basis in bases", "{{ basis }}")
    document.add_paragraph("QUYẾT ĐỊNH:", style="Title").paragraph_format.space_before = Pt(12)
    add(document, "Body Text", "{%p for article in articles %}")
    for condition, style in (("if loop.last", "Kết thúc"), ("else", "Body Text")):
        add(document, "Body Text", f"{{%p {condition} %}}")
        article = document.add_paragraph(style=style)
        article.add_run("{{ article.heading }}").bold = True
        article.add_run(" {{ article.text }}")
    add(document, "Body Text", "{%p endif %}", "{%p endfor %}")
    add_foot(document)
    document.add_section(WD_SECTION.NEW_PAGE)
    add(document, "Số phụ lục", "{{ list.number }}")
    add(document, "Tên phụ lục", "{{ list_name }}")
    add(document, "Kèm theo", "{{ list.of }}")
    document.add_paragraph(style="Ghi chú bảng")
    add(document, "Ô bảng", "{{p table }}")
    count_from_one(document)
    return document
