"""The styles of Word templates: the form of official papers, and what reports and decisions have beside it."""

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

# What Word has; the PDF is set in a face as wide as this one that may be shipped.
FACE = "Times New Roman"
CENTRE, JUSTIFY, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
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


def add_styles(document):
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


def add_report_styles(document):
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
