"""The Word template of agreements and amendments."""

from reports.papers.word_templates.parts import add, add_signatures, add_title, choose, each, new_paper


def agreement_template():
    """A python-docx document with the tags of docxtpl for what reports/papers/agreement.py gives."""
    document = new_paper()
    add_title(document)
    each(document, "Căn cứ", "basis in bases", "{{ basis }}")
    add(document, "Body Text", "{{ opening }}", "{%p for party in parties %}")
    add(document, "Bên ký", "{{ party.label }}{{ party.unit }}")
    each(document, "Body Text", "line in party.lines", "{{ line }}")
    add(document, "Body Text", "{%p endfor %}", "{{ agreed }}", "{%p for article in articles %}")
    add(document, "Heading 1", "Điều {{ article.number }}. {{ article.heading }}")
    add(document, "Body Text", "{%p for paragraph in article.paragraphs %}")
    choose(
        document,
        ('if paragraph.kind == "heading"', "Heading 2"),
        ('elif paragraph.kind == "lead"', "Dòng dẫn"),
        ('elif paragraph.kind == "blank"', "Dòng để trống"),
        ("elif loop.last and article.number == articles|length", "Kết thúc"),
        ("else", "Body Text"),
    )
    add(document, "Body Text", "{%p endfor %}", "{%p endfor %}")
    add_signatures(document)
    return document
