"""Tables of reports as WordprocessingML text: an annex has hundreds of rows, and building them cell by cell through
python-docx takes a hundred times as long."""

from xml.sax.saxutils import escape

from django.utils.safestring import SafeString, mark_safe

from reports import official
from reports.official import joined
from reports.papers import tables
from reports.papers.annex_widths import WIDTHS

MM = 1440 / 25.4  # a twip is 1/1440 inch
# What a letter of 12 pt takes on the mean, and the margins of a cell, in mm.
LETTER, HEAD_LETTER, MARGIN = 2, 2.9, 3.5
NARROWEST, WORDS = 12, (12, 40)
LEAST_WORDS = 24  # mm that a column of words has at least


def table_xml(table: dict, width: float, is_whole: bool = False) -> SafeString:
    """`table` (reports/annexes.py) as a w:tbl that is `width` mm wide; its heading returns on every page. On one page
    stay a group and its first row, a total and the row before it, the last row and the notes; all of a table that
    `is_whole`."""
    columns = table["columns"]
    widths = [round(share * MM) for share in _widths(table, width)]
    grid = "".join(f'<w:gridCol w:w="{twips}"/>' for twips in widths)
    following = [*(row["kind"] for row in table["rows"][1:]), "notes" if table["notes"] else ""]
    rows = "".join(
        _row(row, columns, widths, row["kind"] == "group" or after in ("total", "notes") or (is_whole and after))
        for row, after in zip(table["rows"], following, strict=True)
    )
    return mark_safe(  # every text in it went through escape()
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{_margin('top', 40)}{_margin('left', 60)}{_margin('bottom', 40)}{_margin('right', 60)}"
        "</w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{_heading(columns, widths)}{rows}</w:tbl>"
    )


def _margin(side, twips):
    return f'<w:{side} w:w="{twips}" w:type="dxa"/>'


def _widths(table, width):
    """mm of each column: those that have a width in the PDF the same; others, numbers as wide as the longest of them,
    while words share what is left by their length."""
    named = WIDTHS.get(table["key"], {})
    return _shared(table, width, named) or _shared(table, width, {})


def _shared(table, width, named):
    """The same; None where `named` leaves too little."""
    printed = [
        [official.in_table(row["cells"][at], column) for row in table["rows"]]
        for at, column in enumerate(table["columns"])
    ]
    fixed, words = {}, {}
    for at, (column, texts) in enumerate(zip(table["columns"], printed, strict=True)):
        longest = max(map(len, texts), default=0)
        if column["kind"] == "text" and column["key"] in named:
            fixed[at] = named[column["key"]]
        elif column["kind"] == "text":
            mean = sum(map(len, texts)) / len(texts) if texts else 0
            longest_word = max((len(word) for text in texts for word in text.split()), default=0)
            words[at] = min(max(mean, longest / 3, longest_word, WORDS[0]), WORDS[1])
        else:
            head = max(map(len, column["label"].split()), default=0)
            needed = NARROWEST, longest * LETTER + MARGIN, head * HEAD_LETTER + MARGIN
            fixed[at] = max(*needed, named.get(column["key"], 0))
    left = width - sum(fixed.values())
    if named and left < LEAST_WORDS * len(words):
        return None
    if not words:  # all columns share what is left
        return [width * fixed[at] / sum(fixed.values()) for at in range(len(printed))]
    return [fixed[at] if at in fixed else left * words[at] / sum(words.values()) for at in range(len(printed))]


def _heading(columns, widths):
    """Word wants a cell in each row: one that goes down two is begun in the first and goes on in the second."""
    rows = tables.heading_rows(columns)
    printed = []
    for index, heads in enumerate(rows):
        cells = [
            (head["label"], head["at"], head["across"], '<w:vMerge w:val="restart"/>' if head["down"] > 1 else "")
            for head in heads
        ]
        if index:
            cells += [("", head["at"], 1, "<w:vMerge/>") for head in rows[0] if head["down"] > 1]
        printed.append(_heading_row(sorted(cells, key=lambda cell: cell[1]), widths))
    return "".join(printed)


def _heading_row(cells, widths):
    parts = (
        _cell("TableHead", label, sum(widths[at : at + across]), across, more) for label, at, across, more in cells
    )
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(parts)}</w:tr>"


def _row(row, columns, widths, is_kept):
    is_bold = row["kind"] != "row"
    parts = []
    for at, (column, value, across) in enumerate(tables.under(row, columns)):
        text, side = tables.cell(value, column), tables.side(column)
        twips = sum(widths[at : at + across])
        parts.append(_cell("TableCell", text, twips, across, "", side=side, is_bold=is_bold, is_kept=is_kept))
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(parts)}</w:tr>"


def _cell(style, text, twips, across, more, *, side="", is_bold=False, is_kept=False):
    """`is_kept`: on one page with the row below."""
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    align = f'<w:jc w:val="{side}"/>' if side and side != "left" else ""
    bold = "<w:rPr><w:b/></w:rPr>" if is_bold else ""
    run = f'<w:r>{bold}<w:t xml:space="preserve">{escape(joined(text))}</w:t></w:r>' if text else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{twips}" w:type="dxa"/>{span}{more}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{"<w:keepNext/>" if is_kept else ""}{align}</w:pPr>{run}</w:p></w:tc>'
    )


def paragraph_xml(text: str, style: str, section: str = "", is_kept: bool = False) -> str:
    """A w:p of `text` in the style with this id; `section`: the w:sectPr it ends; `is_kept`: on one page with the
    next."""
    kept = "<w:keepNext/>" if is_kept else ""
    run = f'<w:r><w:t xml:space="preserve">{escape(joined(text))}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}{section}</w:pPr>{run}</w:p>'
