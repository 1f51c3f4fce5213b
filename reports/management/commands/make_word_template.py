"""Makes the Word templates again (agreements, minutes and decisions on awards, reports), after a change here."""

from datetime import UTC, datetime

from django.core.management.base import BaseCommand
from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor, Twips

from reports.papers.word import AGREEMENT, DECISION, MINUTES, REPORT

# What Word has; the PDF is set in a face as wide as this one that may be shipped.
FACE = "Times New Roman"
CENTRE, JUSTIFY, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
HEAD_COLUMNS, SIGNATURE_COLUMNS, FOOT_COLUMNS = (Mm(66), Mm(94)), (Mm(80), Mm(80)), (Mm(76), Mm(84))
SHORT, LONG = Mm(210), Mm(297)  # the sides of A4
THEME_FONTS = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
# Built-in styles whose form is that of official papers here, and our own. Name → (based on, size in pt, bold, italic,
# alignment, space before in pt, first line in mm).
STYLES = {
    "Title": ("Normal", 14, True, False, CENTRE, 20, 0),
    "Subtitle": ("Normal", 14, True, False, CENTRE, 0, 0),
    "Body Text": ("Normal", 14, False, False, JUSTIFY, 6, 12.7),
    "Heading 1": ("Normal", 14, True, False, JUSTIFY, 12, 12.7),
    "Heading 2": ("Normal", 14, True, False, JUSTIFY, 6, 12.7),
    "Quốc hiệu": ("Normal", 12, True, False, CENTRE, 0, 0),
    "Tiêu ngữ": ("Normal", 13, True, False, CENTRE, 0, 0),
    "Cơ quan ban hành": ("Normal", 12, True, False, CENTRE, 0, 0),
    "Số, ký hiệu": ("Normal", 13, False, False, CENTRE, 3, 0),
    "Địa danh, ngày tháng": ("Normal", 13, False, True, CENTRE, 3, 0),
    "Căn cứ": ("Body Text", 14, False, True, JUSTIFY, 6, 12.7),
    "Bên ký": ("Body Text", 14, True, False, LEFT, 6, 12.7),
    "Dòng dẫn": ("Body Text", 14, False, False, JUSTIFY, 6, 12.7),
    "Dòng để trống": ("Body Text", 14, False, False, JUSTIFY, 6, 0),
    "Kết thúc": ("Body Text", 14, False, False, JUSTIFY, 6, 12.7),
    "Chức vụ người ký": ("Normal", 14, True, False, CENTRE, 0, 0),
    "Tên người ký": ("Normal", 14, True, False, CENTRE, 74, 0),
    "Gạch dưới": ("Normal", 2, False, False, CENTRE, 3, 0),
    "Cơ quan chủ quản": ("Normal", 12, False, False, CENTRE, 0, 0),
    "Tiêu đề bảng": ("Normal", 12, True, False, CENTRE, 0, 0),
    "Ô bảng": ("Normal", 12, False, False, LEFT, 0, 0),
    "Nơi nhận": ("Normal", 11, False, False, LEFT, 0, 0),
}
IDS = {
    "Quốc hiệu": "Country",
    "Tiêu ngữ": "Motto",
    "Cơ quan ban hành": "Issuer",
    "Số, ký hiệu": "Number",
    "Địa danh, ngày tháng": "PlaceAndDate",
    "Căn cứ": "Basis",
    "Bên ký": "Party",
    "Dòng dẫn": "Lead",
    "Dòng để trống": "Blank",
    "Kết thúc": "Closing",
    "Chức vụ người ký": "SignerTitle",
    "Tên người ký": "SignerName",
    "Gạch dưới": "Rule",
    "Cơ quan chủ quản": "Superior",
    "Tiêu đề bảng": "TableHead",
    "Ô bảng": "TableCell",
    "Nơi nhận": "Recipients",
}
STAY_WITH_NEXT = (
    "Heading 1",
    "Heading 2",
    "Bên ký",
    "Dòng dẫn",
    "Tiêu đề bảng",
    "Kết thúc",
    "Chức vụ người ký",
    "Tên người ký",
)


class Command(BaseCommand):
    help = "Makes the files of templates/reports/word again, after their form was changed in this command."

    def handle(self, *args, **options):
        made = (
            (agreement_template(), AGREEMENT),
            (minutes_template(), MINUTES),
            (decision_template(), DECISION),
            (report_template(), REPORT),
        )
        for template, path in made:
            template.save(path)
            self.stdout.write(str(path))


def agreement_template():
    """A python-docx document with the tags of docxtpl for what reports/papers/agreement.py gives."""
    document = _paper()
    _head(document)
    _body(document)
    _signatures(document)
    return document


def minutes_template():
    """The same for what reports/papers/minutes.py gives."""
    document = _paper()
    _report_styles(document)
    _head(document, with_superior=True)
    _minutes(document)
    _signatures(document)
    document.add_paragraph("Nơi nhận:", style="Nơi nhận (đầu)")
    for text in ("{%p for line in recipients %}", "{{ line }}", "{%p endfor %}"):
        document.add_paragraph(text, style="Nơi nhận")
    return document


def decision_template():
    """The same for what reports/papers/decision.py gives; its list has a section of its own."""
    document = _paper()
    _report_styles(document)
    _head(document, with_superior=True)
    _decision(document)
    document.add_section(WD_SECTION.NEW_PAGE)
    document.add_paragraph("{{ list.number }}", style="Số phụ lục")
    document.add_paragraph("{{ list_name }}", style="Tên phụ lục")
    document.add_paragraph("{{ list.of }}", style="Kèm theo")
    document.add_paragraph(style="Ghi chú bảng")
    document.add_paragraph("{{p table }}", style="Ô bảng")
    _count_from_one(document)
    return document


def report_template():
    """The same for the body of what reports/content.py gives. Its two sections, one upright and one on its side, are
    those of the annexes, which reports/papers/word.py writes into the second one."""
    document = _paper()
    _report_styles(document)
    _head(document, with_superior=True)
    _report(document)
    wide = document.add_section(WD_SECTION.NEW_PAGE)
    wide.orientation = WD_ORIENT.LANDSCAPE
    _page(wide, LONG, SHORT)
    document.add_paragraph("{{p annexes }}", style="Ô bảng")
    _count_from_one(document)
    return document


REPORT_STYLES = {
    "Kính gửi": ("Normal", 14, False, False, CENTRE, 8),
    "Cách tính": ("Body Text", 13, False, True, JUSTIFY, 6),
    "Chưa có nội dung": ("Body Text", 14, False, True, JUSTIFY, 6),
    "Tiêu đề biểu đồ": ("Normal", 13, True, False, CENTRE, 10),
    "Biểu đồ": ("Normal", 13, False, False, CENTRE, 0),
    "Ghi chú bảng": ("Normal", 12, False, True, LEFT, 0),
    "Nơi nhận (đầu)": ("Normal", 12, True, True, LEFT, 0),
    "Số phụ lục": ("Normal", 14, True, False, CENTRE, 0),
    "Tên phụ lục": ("Normal", 14, True, False, CENTRE, 0),
    "Kèm theo": ("Normal", 13, False, True, CENTRE, 0),
}
REPORT_IDS = {
    "Kính gửi": "Addressee",
    "Cách tính": "Counting",
    "Chưa có nội dung": "Missing",
    "Tiêu đề biểu đồ": "ChartTitle",
    "Biểu đồ": "Chart",
    "Ghi chú bảng": "TableNote",
    "Nơi nhận (đầu)": "RecipientsHead",
    "Số phụ lục": "AnnexNumber",
    "Tên phụ lục": "AnnexName",
    "Kèm theo": "AnnexOf",
}


def _report_styles(document):
    for name, (base, size, bold, italic, alignment, before) in REPORT_STYLES.items():
        style = document.styles.add_style(REPORT_IDS[name], WD_STYLE_TYPE.PARAGRAPH)
        style.name, style.quick_style, style.base_style = name, True, document.styles[base]
        _face(style, size)
        style.font.bold, style.font.italic = bold, italic
        form = style.paragraph_format
        form.alignment, form.space_before, form.first_line_indent = (
            alignment,
            Pt(before),
            Mm(12.7 if base == "Body Text" else 0),
        )
        form.keep_with_next = name in ("Tiêu đề biểu đồ", "Số phụ lục", "Tên phụ lục")


def _count_from_one(document):
    """The pages of each section."""
    for section in document.sections:
        numbers = OxmlElement("w:pgNumType")
        numbers.set(qn("w:start"), "1")
        section._sectPr.insert_element_before(numbers, "w:cols", "w:titlePg", "w:docGrid")  # Word minds the order


def _paper():
    document = Document()
    _page(document.sections[0])
    _styles(document)
    properties = document.core_properties
    properties.author = properties.title = properties.comments = ""
    properties.created = properties.modified = datetime(2022, 12, 12, tzinfo=UTC)
    return document


def _page(section, width=SHORT, height=LONG):
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


def _field(line, code):
    run = line.add_run()
    for kind in ("begin", None, "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = code
        run._r.append(part)


def _styles(document):
    styles = document.styles
    normal = styles["Normal"]
    _face(normal, 14)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    normal.paragraph_format.widow_control = True
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    for name, (base, size, bold, italic, alignment, before, indent) in STYLES.items():
        style = _style(styles, name)
        style.base_style = styles[base]
        _face(style, size)
        style.font.bold, style.font.italic = bold, italic
        form = style.paragraph_format
        form.alignment, form.space_before, form.space_after = alignment, Pt(before), Pt(0)
        form.first_line_indent = Mm(indent)
        form.line_spacing = 1.15 if indent or name in ("Subtitle", "Dòng để trống") else 1.0
        form.keep_with_next = name in STAY_WITH_NEXT
    styles["Gạch dưới"].paragraph_format.space_after = Pt(6)
    _face(styles["Header"], 13)
    for stop in list(styles["Header"].paragraph_format.tab_stops):
        stop._tab.getparent().remove(stop._tab)


def _style(styles, name):
    if name not in IDS:
        style = styles[name]
        borders = style.element.pPr.find(qn("w:pBdr")) if style.element.pPr is not None else None
        if borders is not None:
            borders.getparent().remove(borders)
        return style
    style = styles.add_style(IDS[name], WD_STYLE_TYPE.PARAGRAPH)
    style.name, style.quick_style = name, True
    return style


def _face(style, size):
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in THEME_FONTS:
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FACE)
    style.font.size, style.font.color.rgb = Pt(size), RGBColor(0, 0, 0)
    spacing = style.element.rPr.find(qn("w:spacing"))
    if spacing is not None:
        style.element.rPr.remove(spacing)


# --- Parts ------------------------------------------------------------------------------------------------------------


def _head(document, *, with_superior=False):
    table = _table(document, 2, HEAD_COLUMNS)
    issuers, nation = table.rows[0].cells
    _lines(issuers, "Cơ quan ban hành", "{%p for issuer in issuers %}", "{{ issuer }}", "{%p endfor %}")
    if with_superior:
        first = issuers.paragraphs[0]
        for text in ("{%p for line in superior %}", "{{ line }}", "{%p endfor %}"):
            first.insert_paragraph_before(text, style="Cơ quan chủ quản")
    _rule(issuers, 20)
    _lines(nation, "Quốc hiệu", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    nation.add_paragraph("Độc lập - Tự do - Hạnh phúc", style="Tiêu ngữ")
    _rule(nation, 18.5)
    number, day = table.rows[1].cells
    _lines(number, "Số, ký hiệu", "{% if number %}Số: {{ number }}{% endif %}")
    _lines(day, "Địa danh, ngày tháng", "{{ place_and_date }}")


def _body(document):
    def add(style, text):
        document.add_paragraph(text, style=style)

    add("Title", "{{ title }}")
    add("Subtitle", "{%p for line in abstract %}")
    add("Subtitle", "{{ line }}")
    add("Subtitle", "{%p endfor %}")
    _rule(document, 50)
    add("Căn cứ", "{%p for basis in bases %}")
    add("Căn cứ", "{{ basis }}")
    add("Căn cứ", "{%p endfor %}")
    add("Body Text", "{{ opening }}")
    add("Body Text", "{%p for party in parties %}")
    add("Bên ký", "{{ party.label }}{{ party.unit }}")
    add("Body Text", "{%p for line in party.lines %}")
    add("Body Text", "{{ line }}")
    add("Body Text", "{%p endfor %}")
    add("Body Text", "{%p endfor %}")
    add("Body Text", "{{ agreed }}")
    add("Body Text", "{%p for article in articles %}")
    add("Heading 1", "Điều {{ article.number }}. {{ article.heading }}")
    add("Body Text", "{%p for paragraph in article.paragraphs %}")
    for condition, style in (
        ('if paragraph.kind == "heading"', "Heading 2"),
        ('elif paragraph.kind == "lead"', "Dòng dẫn"),
        ('elif paragraph.kind == "blank"', "Dòng để trống"),
        ("elif loop.last and article.number == articles|length", "Kết thúc"),
        ("else", "Body Text"),
    ):
        add("Body Text", f"{{%p {condition} %}}")
        add(style, "{{ paragraph.text }}")
    for _open in range(3):
        add("Body Text", "{%p endif %}" if _open == 0 else "{%p endfor %}")


def _report(document):
    def add(style, text):
        document.add_paragraph(text, style=style)

    def each(style, loop, text):
        for line in (f"{{%p for {loop} %}}", text, "{%p endfor %}"):
            add(style, line)

    add("Title", "{{ title }}")
    each("Subtitle", "line in abstract", "{{ line }}")
    _rule(document, 50)
    add("Kính gửi", "{%p if addressee %}")
    add("Kính gửi", "Kính gửi: {{ addressee }}")
    add("Kính gửi", "{%p endif %}")
    each("Căn cứ", "basis in bases", "{{ basis }}")
    add("Body Text", "{{ opening }}")
    add("Body Text", "{%p for chapter in chapters %}")
    add("Body Text", "{%p if chapter.heading %}")
    add("Heading 1", "{{ chapter.heading }}")
    add("Body Text", "{%p endif %}")
    add("Body Text", "{%p for section in chapter.sections %}")
    add("Body Text", "{%p if section.heading %}")
    add("Heading 2", "{{ section.heading }}")
    add("Body Text", "{%p endif %}")
    add("Body Text", "{%p for paragraph in section.paragraphs %}")
    add("Body Text", '{%p if paragraph.kind == "table" %}')
    add("Biểu đồ", "")
    add("Ô bảng", "{{p paragraph.drawn }}")
    for condition, style in (
        ('elif paragraph.kind == "counting"', "Cách tính"),
        ('elif paragraph.kind == "missing"', "Chưa có nội dung"),
        ("else", "Body Text"),
    ):
        add("Body Text", f"{{%p {condition} %}}")
        add(style, "{{ paragraph.text }}")
    add("Body Text", "{%p endif %}")
    add("Body Text", "{%p endfor %}")
    add("Body Text", "{%p for table in section.tables %}")
    add("Biểu đồ", "")
    add("Ô bảng", "{{p table.drawn }}")
    each("Ghi chú bảng", "note in table.notes", "{{ note }}")
    add("Body Text", "{%p endfor %}")
    add("Body Text", "{%p for chart in section.charts %}")
    add("Tiêu đề biểu đồ", "{{ chart.title }}")
    add("Biểu đồ", "{{ chart.picture }}")
    add("Body Text", "{%p endfor %}")
    add("Body Text", "{%p endfor %}")
    add("Body Text", "{%p endfor %}")
    add("Kết thúc", "{{ closing }}")
    _foot(document)


def _foot(document):
    """Nơi nhận on the left, the signature on the right; the name never on another page than what stands above it."""
    document.add_paragraph(style="Chức vụ người ký")
    (row,) = _table(document, 1, FOOT_COLUMNS).rows
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    recipients, signature = row.cells
    _lines(
        recipients,
        "Nơi nhận",
        "Nơi nhận:",
        "{%p for line in recipients %}",
        "{{ line }}",
        "{%p endfor %}",
    )
    recipients.paragraphs[0].style = "Nơi nhận (đầu)"
    _lines(signature, "Chức vụ người ký", "{%p for line in signer_lines %}", "{{ line }}", "{%p endfor %}")
    signature.add_paragraph("{{ signer_name }}", style="Tên người ký")


def _decision(document):
    def add(style, text):
        document.add_paragraph(text, style=style)

    def each(style, loop, text):
        for line in (f"{{%p for {loop} %}}", text, "{%p endfor %}"):
            add(style, line)

    add("Title", "{{ title }}")
    each("Subtitle", "line in abstract", "{{ line }}")
    _rule(document, 50)
    each("Subtitle", "line in authority", "{{ line }}")
    each("Căn cứ", "basis in bases", "{{ basis }}")
    document.add_paragraph("QUYẾT ĐỊNH:", style="Title").paragraph_format.space_before = Pt(12)
    add("Body Text", "{%p for article in articles %}")
    for condition, style in (("if loop.last", "Kết thúc"), ("else", "Body Text")):
        add("Body Text", f"{{%p {condition} %}}")
        article = document.add_paragraph(style=style)
        article.add_run("{{ article.heading }}").bold = True
        article.add_run(" {{ article.text }}")
    add("Body Text", "{%p endif %}")
    add("Body Text", "{%p endfor %}")
    _foot(document)


COUNTED_COLUMNS = (Mm(11), Mm(41), Mm(34), Mm(54), Mm(20))
COUNTED_HEADS = ("STT", "Tập thể, cá nhân", "Đơn vị", "Thành tích", "Phiếu đồng ý")


def _minutes(document):
    def add(style, text):
        document.add_paragraph(text, style=style)

    add("Title", "{{ title }}")
    for text in ("{%p for line in abstract %}", "{{ line }}", "{%p endfor %}"):
        add("Subtitle", text)
    _rule(document, 50)
    add("Body Text", "{%p for fact in facts %}")
    add("Body Text", "{{ fact.label }}: {{ fact.text }}")
    for text in ("{%p for point in fact.points %}", "{{ point }}", "{%p endfor %}", "{%p endfor %}"):
        add("Body Text", text)
    add("Dòng dẫn", "Nội dung (theo diễn biến cuộc họp):")
    add("Body Text", "{%p for section in sections %}")
    add("Heading 1", "{{ section.heading }}")
    for text in ("{%p for paragraph in section.paragraphs %}", "{{ paragraph }}", "{%p endfor %}"):
        add("Body Text", text)
    add("Body Text", "{%p if section.rows %}")
    _counted(document)
    add("Body Text", "{%p endif %}")
    add("Body Text", "{%p endfor %}")
    add("Kết thúc", "{{ closing }}")


def _counted(document):
    """The table of votes: its head, and a row for each of `section.rows` between two that hold the tags and vanish."""
    table = _table(document, 4, COUNTED_COLUMNS, Mm(1))
    table.style = "Table Grid"
    head, begin, row, end = table.rows
    for cell, text in zip(head.cells, COUNTED_HEADS, strict=True):
        _lines(cell, "Tiêu đề bảng", text)
    begin.cells[0].paragraphs[0].text = "{%tr for row in section.rows %}"
    end.cells[0].paragraphs[0].text = "{%tr endfor %}"
    for i, cell in enumerate(row.cells):
        _lines(cell, "Ô bảng", f"{{{{ row[{i}] }}}}")
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        if i in (0, len(row.cells) - 1):
            cell.paragraphs[0].alignment = CENTRE
    repeated = OxmlElement("w:tblHeader")
    head._tr.get_or_add_trPr().append(repeated)
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _signatures(document):
    """A row of titles and a row of names for each pair of blocks; the rows between hold the tags and vanish."""
    document.add_paragraph(style="Chức vụ người ký")
    table = _table(document, 4, SIGNATURE_COLUMNS, Mm(2))
    begin, titles, names, end = table.rows
    begin.cells[0].paragraphs[0].text = "{%tr for row in signatures %}"
    end.cells[0].paragraphs[0].text = "{%tr endfor %}"
    for side in (0, 1):
        block = f"row[{side}]"
        _lines(
            titles.cells[side],
            "Chức vụ người ký",
            f"{{{{ {block}.head }}}}",
            f"{{%p for title in {block}.titles %}}",
            "{{ title }}",
            "{%p endfor %}",
        )
        _lines(names.cells[side], "Tên người ký", f"{{{{ {block}.name }}}}")
        names.cells[side].add_paragraph(style="Chức vụ người ký")
    for row in (titles, names):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _table(document, rows, widths, gap=0):
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


def _lines(cell, style, first, *others):
    cell.paragraphs[0].text, cell.paragraphs[0].style = first, style
    for text in others:
        cell.add_paragraph(text, style=style)


def _rule(container, indent):
    """A rule below what stands above, `indent` mm from both sides."""
    line = container.add_paragraph(style="Gạch dưới")
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Mm(indent)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    line._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
