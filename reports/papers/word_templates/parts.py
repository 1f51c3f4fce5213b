"""What Word templates are put together from: the sheet, its head and foot, tables, rules, paragraphs with the tags of
docxtpl."""

from datetime import UTC, datetime

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor, Twips

from reports.papers.word_templates.styles import add_report_styles, add_styles

HEAD_COLUMNS, SIGNATURE_COLUMNS, FOOT_COLUMNS = (Mm(66), Mm(94)), (Mm(80), Mm(80)), (Mm(76), Mm(84))
SHORT, LONG = Mm(210), Mm(297)  # the sides of A4


def new_paper(*, is_report=False):
    """A sheet with its styles and its head; `is_report`: one with a superior in its head, and the styles of reports."""
    document = Document()
    set_page(document.sections[0])
    add_styles(document)
    if is_report:
        add_report_styles(document)
    properties = document.core_properties
    properties.author = properties.title = properties.comments = ""
    properties.created = properties.modified = datetime(2022, 12, 12, tzinfo=UTC)
    _add_head(document, with_superior=is_report)
    return document


def set_page(section, width=SHORT, height=LONG):
    """A4 and margins of Mục I; the number 13 pt, centred in the top margin, not on page 1; what a draft is, on each."""
    section.page_width, section.page_height = width, height
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin = Mm(30)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    middle = (width - section.left_margin - section.right_margin) // 2
    for header, with_number in ((section.first_page_header, False), (section.header, True)):
        header.is_linked_to_previous = False
        line = header.paragraphs[0]
        line.paragraph_format.tab_stops.add_tab_stop(middle, WD_TAB_ALIGNMENT.CENTER)
        mark = line.add_run("{% if is_draft %}DỰ THẢO{% endif %}")
        mark.bold, mark.font.color.rgb = True, RGBColor(0xA4, 0x16, 0x1A)
        if with_number:
            line.add_run("\t")
            _field(line, "PAGE")


def count_from_one(document):
    """The pages of each section."""
    for section in document.sections:
        numbers = OxmlElement("w:pgNumType")
        numbers.set(qn("w:start"), "1")
        section._sectPr.insert_element_before(numbers, "w:cols", "w:titlePg", "w:docGrid")  # Word minds the order


def _add_head(document, *, with_superior):
    table = add_table(document, 2, HEAD_COLUMNS)
    issuers, nation = table.rows[0].cells
    write_lines(issuers, "Cơ quan ban hành", "{%p for issuer in issuers %}", "{{ issuer }}", "{%p endfor %}")
    if with_superior:
        first = issuers.paragraphs[0]
        for text in ("{%p for line in superior %}", "{{ line }}", "{%p endfor %}"):
            first.insert_paragraph_before(text, style="Cơ quan chủ quản")
    add_rule(issuers, 20)
    write_lines(nation, "Quốc hiệu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    nation.add_paragraph("Độc lập - Tự do - Hạnh phúc", style="Tiêu ngữ")
    add_rule(nation, 18.5)
    number, day = table.rows[1].cells
    write_lines(number, "Số, ký hiệu", "{% if number %}Số: {{ number }}{% endif %}")
    write_lines(day, "Địa danh, ngày tháng", "{{ place_and_date }}")


def add(container, style, *texts):
    """A paragraph of `style` for each text."""
    for text in texts:
        container.add_paragraph(text, style=style)


def each(container, style, loop, text):
    """`text` as a paragraph for each turn of `loop` ("line in abstract")."""
    add(container, style, f"{{%p for {loop} %}}", text, "{%p endfor %}")


def add_title(document):
    """Tên loại, trích yếu and the rule below."""
    add(document, "Title", "{{ title }}")
    each(document, "Subtitle", "line in abstract", "{{ line }}")
    add_rule(document, 50)


def choose(document, *cases):
    """{{ paragraph.text }} in the style of the first case that holds: (tag without braces, style)."""
    for condition, style in cases:
        add(document, "Body Text", f"{{%p {condition} %}}")
        add(document, style, "{{ paragraph.text }}")
    add(document, "Body Text", "{%p endif %}")


def add_foot(document):
    """Nơi nhận on the left, the signature on the right; the name never on another page than what stands above it."""
    document.add_paragraph(style="Chức vụ người ký")
    (row,) = add_table(document, 1, FOOT_COLUMNS).rows
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    recipients, signature = row.cells
    write_lines(
        recipients,
        "Nơi nhận",
        "Nơi nhận:",
        "{%p for line in recipients %}",
        "{{ line }}",
        "{%p endfor %}",
    )
    recipients.paragraphs[0].style = "Nơi nhận (đầu)"
    write_lines(signature, "Chức vụ người ký", "{%p for line in signer_lines %}", "{{ line }}", "{%p endfor %}")
    signature.add_paragraph("{{ signer_name }}", style="Tên người ký")


def add_signatures(document):
    """A row of titles and a row of names for each pair of blocks; the rows between hold the tags and vanish."""
    document.add_paragraph(style="Chức vụ người ký")
    table = add_table(document, 4, SIGNATURE_COLUMNS, Mm(2))
    begin, titles, names, end = table.rows
    begin.cells[0].paragraphs[0].text = "{%tr for row in signatures %}"
    end.cells[0].paragraphs[0].text = "{%tr endfor %}"
    for side in (0, 1):
        block = f"row[{side}]"
        write_lines(
            titles.cells[side],
            "Chức vụ người ký",
            f"{{{{ {block}.head }}}}",
            f"{{%p for title in {block}.titles %}}",
            "{{ title }}",
            "{%p endfor %}",
        )
        write_lines(names.cells[side], "Tên người ký", f"{{{{ {block}.name }}}}")
        names.cells[side].add_paragraph(style="Chức vụ người ký")
    for row in (titles, names):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def add_table(document, rows, widths, gap=0):
    table = document.add_table(rows, len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    margins = OxmlElement("w:tblCellMar")  # Word would take some from each side of a line
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(gap // Twips(1)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    return table


def write_lines(cell, style, first, *others):
    cell.paragraphs[0].text, cell.paragraphs[0].style = first, style
    for text in others:
        cell.add_paragraph(text, style=style)


def add_rule(container, indent):
    """A rule below what stands above, `indent` mm from both sides."""
    line = container.add_paragraph(style="Gạch dưới")
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Mm(indent)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    line._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _field(line, code):
    run = line.add_run()
    for kind in ("begin", None, "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = code
        run._r.append(part)
