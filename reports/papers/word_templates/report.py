"""The Word template of reports and of the annexes behind them."""

from docx.enum.section import WD_ORIENT, WD_SECTION

from reports.papers.word_templates.parts import (
    LONG,
    SHORT,
    add,
    add_foot,
    add_title,
    choose,
    count_from_one,
    each,
    new_paper,
    set_page,
)


def report_template():
    """A python-docx document with the tags of docxtpl for the body of what reports/content.py gives. Its two sections,
    one upright and one on its side, are those of the annexes, which reports/papers/word.py writes into the second one.
    """
    document = new_paper(is_report=True)
    add_title(document)
    add(document, "Kính gửi", "{%p if addressee %}", "Kính gửi: {{ addressee }}", "{%p endif %}")
    each(document, "Căn cứ", "basis in bases", "{{ basis }}")
    add(document, "Body Text", "{{ opening }}", "{%p for chapter in chapters %}")
    _add_heading(document, "Heading 1", "chapter.heading")
    add(document, "Body Text", "{%p for section in chapter.sections %}")
    _add_heading(document, "Heading 2", "section.heading")
    _add_section(document)
    add(document, "Body Text", "{%p endfor %}", "{%p endfor %}")
    add(document, "Kết thúc", "{{ closing }}")
    add_foot(document)
    wide = document.add_section(WD_SECTION.NEW_PAGE)
    wide.orientation = WD_ORIENT.LANDSCAPE
    set_page(wide, LONG, SHORT)
    add(document, "Ô bảng", "{{p annexes }}")
    count_from_one(document)
    return document


def _add_heading(document, style, name):
    add(document, "Body Text", f"{{%p if {name} %}}")
    add(document, style, f"{{{{ {name} }}}}")
    add(document, "Body Text", "{%p endif %}")


def _add_section(document):
    """What stands below its heading: paragraphs (of which one may be a table), tables with notes, charts."""
    add(document, "Body Text", "{%p for paragraph in section.paragraphs %}", '{%p if paragraph.kind == "table" %}')
    _add_drawn(document, "paragraph")
    choose(
        document,
        ('elif paragraph.kind == "counting"', "Cách tính"),
        ('elif paragraph.kind == "missing"', "Chưa có nội dung"),
        ("else", "Body Text"),
    )
    add(document, "Body Text", "{%p endfor %}", "{%p for table in section.tables %}")
    _add_drawn(document, "table")
    each(document, "Ghi chú bảng", "note in table.notes", "{{ note }}")
    add(document, "Body Text", "{%p endfor %}", "{%p for chart in section.charts %}")
    add(document, "Tiêu đề biểu đồ", "{{ chart.title }}")
    add(document, "Biểu đồ", "{{ chart.picture }}")
    add(document, "Body Text", "{%p endfor %}")


def _add_drawn(document, name):
    add(document, "Biểu đồ", "")
    add(document, "Ô bảng", f"{{{{p {name}.drawn }}}}")
