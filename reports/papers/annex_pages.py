"""Draws the annexes of a report: long tables, which WeasyPrint takes forty times as long for (docs/decisions.md).

The form is that of static/pdf/paper.css: Decree 30/2020, Phụ lục III, mẫu 2.1. A heading returns on every page; a row
is not torn, a group goes with its first row, a total with the row before it, notes with the last row.
"""

import re
from dataclasses import dataclass, field
from itertools import accumulate, chain

from reports import official
from reports.papers import tables
from reports.papers.annex_widths import widths
from reports.papers.binding import BOTTOM, LEFT, MM, RIGHT, TOP, Part
from reports.papers.drawn_pdf import DrawnPdf, Element
from reports.papers.faces import face

A4 = 210 * MM, 297 * MM
# The height of a line in sizes of its letters: of tables, and of what stands around them.
TABLE_LINE, LINE = 1.15, 1.3
# Table: size of letters, padding above and below, at the sides, and thickness of lines, in points.
SIZE, ABOVE, SIDE, RULE = 12, 2, 3, 0.5
NOTE = 12
# How high letters rise above the line and hang below it, in their size.
ASCENT, DESCENT = 0.891, 0.216
# Where a line may end: after spaces; in words that are wider than a line after hyphens and slashes before a letter, so
# that symbols of papers stay whole.
SPACES = re.compile(r"[^\S\u00a0]+")
BREAK, IN_WORD = re.compile(r"(?<= )(?=[^ ])"), re.compile(r"(?<=[-/])(?=[^\W\d])")


def draw_annex(annex: dict, label: str, said: list[str]) -> Part:
    """`annex` (reports/annexes.py, its text `printable`) as a part of a paper. label: "Phụ lục I"; said: the lines
    below its name, of the paper it belongs to. Raises FontMissing."""
    pages = _Pages(annex["landscape"])
    part = Element("Part")
    for kind, text in (("H1", label), ("H2", annex["name"].upper())):
        pages.paragraph(part.add(kind), text, "Bold", 14, "center")
    for line in said:
        pages.paragraph(part.add("P"), line, "Italic", 13, "center")
    if annex["rows"]:
        pages.skip(10)
        _table(annex, pages, part)
    else:
        pages.skip(6 + 10)
        pages.paragraph(part.add("P"), "Chưa có số liệu.", "Italic", 14, "center")
    bookmark = f"{label}. {annex['name']}", (0, LEFT, pages.height - TOP), []
    return Part(pages.pdf.data(part), f"{label} – ", [bookmark], len(pages.pdf.pages), pages.letters())


def _table(annex, pages, part):
    columns, edges = annex["columns"], _edges(annex, pages.width)
    table = part.add("Table")
    pages.begin_table(_heading(columns, edges), table)
    notes = sum((pages.paragraph_height(note, NOTE) for note in annex["notes"]), start=4)
    for rows in _together(annex["rows"]):
        pages.rows([_row(row, columns, edges) for row in rows], table, notes if rows[-1] is annex["rows"][-1] else 0)
    if annex["notes"]:
        pages.skip(4)
        for note in annex["notes"]:
            pages.paragraph(part.add("P"), official.joined(note), "Italic", NOTE, "left")


def _together(rows):
    """Runs of rows that stay on one page."""
    run = []
    for index, row in enumerate(rows):
        run.append(row)
        is_followed = index + 1 < len(rows) and rows[index + 1]["kind"] == "total"
        if row["kind"] != "group" and not is_followed:
            yield run
            run = []
    if run:
        yield run


# --- Cells ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """Lines of text in a box between `x` and `x + width`, over `across` columns and, in a heading, `down` rows."""

    x: float
    width: float
    lines: tuple[str, ...]
    style: str
    side: str
    across: int = 1
    down: int = 1


def _edges(annex, whole):
    """Left edges of the columns, and the right edge of the last one."""
    shares = widths(annex["key"], [column["key"] for column in annex["columns"]], whole / MM, _of_numbers(annex))
    return [LEFT, *(LEFT + share * MM for share in accumulate(shares))]


def _of_numbers(annex):
    """What columns of numbers take, in mm: the widest of them is on one line. Bold figures are as wide as others."""
    measure, found = face("Bold").width, {}
    for at, column in enumerate(annex["columns"]):
        if tables.side(column) == "right":
            printed = {tables.cell(row["cells"][at], column) for row in annex["rows"]}
            widest = max((measure(text, SIZE) for text in printed), default=0)
            found[column["key"]] = (widest + 2 * SIDE + 2 * RULE) / MM
    return found


def _cell(edges, at, text, style, side, across=1, down=1):
    x, width = edges[at], edges[at + across] - edges[at]
    lines = _broken(text, style, SIZE, width - 2 * SIDE - RULE)
    return Cell(x, width, lines, style, side, across, down)


def _heading(columns, edges):
    return [
        [
            _cell(edges, head["at"], head["label"], "Bold", "center", across=head["across"], down=head["down"])
            for head in heads
        ]
        for heads in tables.heading_rows(columns)
    ]


def _row(row, columns, edges):
    style = "Regular" if row["kind"] == "row" else "Bold"
    return [
        _cell(edges, at, tables.cell(value, column), style, tables.side(column), across=across)
        for at, (column, value, across) in enumerate(tables.under(row, columns))
    ]


def _broken(text, style, size, width):
    """`text` in lines of at most `width` points: they end at spaces; a word that is wider than a line is broken after
    its hyphens and slashes, else anywhere. Line ends, tabs and rare spaces in it are spaces, as in HTML."""
    text = SPACES.sub(" ", text).strip(" ")
    measure = face(style).width
    if measure(text, size) <= width:
        return (text,) if text else ()
    lines, line = [], ""
    words = BREAK.split(text)
    parts = ([word] if measure(word.rstrip(" "), size) <= width else IN_WORD.split(word) for word in words)
    for word in chain.from_iterable(parts):
        if measure((line + word).rstrip(" "), size) <= width:
            line += word
            continue
        if line:
            lines.append(line.rstrip(" "))
        line = word
        while measure(line.rstrip(" "), size) > width:
            fits = _fitting(line, measure, size, width)
            lines.append(line[:fits])
            line = line[fits:]
    return (*lines, line.rstrip(" "))


def _fitting(word, measure, size, width):
    """How many letters of a word go into a line, one at least."""
    taken = 0.0
    for count, letter in enumerate(word):
        taken += measure(letter, size)
        if taken > width:
            return max(count, 1)
    return len(word)


# --- Pages ------------------------------------------------------------------------------------------------------------


@dataclass
class _Pages:
    """Pages that are filled from top to bottom. `y`: from the top of the page, in points."""

    landscape: bool
    pdf: DrawnPdf = field(init=False)
    heading: list = field(default_factory=list)
    used: dict = field(default_factory=dict)

    def __post_init__(self):
        self.wide, self.height = A4[::-1] if self.landscape else A4
        self.width = self.wide - LEFT - RIGHT
        self.pdf = DrawnPdf(self.wide, self.height)
        self.turn()

    @property
    def left(self):
        """Points that are left on this page."""
        return self.height - BOTTOM - self.y

    def letters(self):
        return {style: frozenset(letters) for style, letters in self.used.items()}

    def turn(self):
        self.page = self.pdf.add_page()
        self.y = TOP

    def skip(self, points):
        self.y += points

    # -- Text

    def paragraph_height(self, text, size):
        return len(_broken(text, "Italic", size, self.width)) * size * LINE

    def paragraph(self, element, text, style, size, side):
        for line in _broken(text, style, size, self.width):
            if size * LINE > self.left + 0.01:
                self.turn()
            self._line(element, line, style, size, side, LEFT, self.width, self.y, LINE)
            self.y += size * LINE

    def _line(self, element, line, style, size, side, x, width, top, leading):
        """`line` between `x` and `x + width`, in a line of `leading` sizes whose upper edge is at `top`."""
        letters = face(style)
        if side != "left":
            gap = width - letters.width(line, size)
            x += gap if side == "right" else gap / 2
        base = top + size * ((leading - ASCENT - DESCENT) / 2 + ASCENT)
        self.used.setdefault(style, set()).update(line)
        self.page.text(element, style, size, x, self.height - base, letters.code(line))

    # -- Tables

    def begin_table(self, heading, table):
        self.heading = heading
        self._head(table)

    def rows(self, rows, table, below):
        """`rows` on one page, with `below` points left under them; on pages of their own if they are too high."""
        heights = [_height(row) for row in rows]
        whole = self.height - TOP - BOTTOM - _heights(self.heading)
        if sum(heights) + below > self.left and self.left < whole - 1:
            self._next()
        for row, height in zip(rows, heights, strict=True):
            if height > self.left and self.left < whole - 1:
                self._next()
            self._torn(row, height, table.add("TR"))

    def _torn(self, row, height, element):
        """A row on this page, or on as many as it takes."""
        cells = [element.add("TD", **({"ColSpan": cell.across} if cell.across > 1 else {})) for cell in row]
        done = 0
        while height > self.left + 0.01:
            count = max(int((self.left - 2 * ABOVE - RULE) / (SIZE * TABLE_LINE)), 1)
            self._cells(row, cells, done, done + count, _row_height(count))
            done += count
            height = _row_height(max(len(cell.lines) for cell in row) - done)
            self._next()
        self._cells(row, cells, done, None, height)

    def _cells(self, row, elements, first, last, height):
        for cell, element in zip(row, elements, strict=True):
            self._cell(cell, element, cell.lines[first:last], self.y, height)
        self.y += height

    def _cell(self, cell, element, lines, top, height):
        self.page.box(cell.x, self.height - top - height, cell.width, height, RULE)
        y = top + (height - len(lines) * SIZE * TABLE_LINE) / 2
        inner = cell.x + SIDE + RULE / 2, cell.width - 2 * SIDE - RULE
        for line in lines:
            self._line(element, line, cell.style, SIZE, cell.side, *inner, y, TABLE_LINE)
            y += SIZE * TABLE_LINE

    def _next(self):
        self.turn()
        self._head(None)

    def _head(self, table):
        """The heading; where it returns it is no part of the text."""
        heights = _heading_heights(self.heading)
        for index, row in enumerate(self.heading):
            element = table and table.add("TR")
            for cell in row:
                span = {"ColSpan": cell.across, "RowSpan": cell.down}
                given = {name: count for name, count in span.items() if count > 1}
                head = element and element.add("TH", Scope="/Column", **given)
                self._cell(cell, head, cell.lines, self.y, sum(heights[index : index + cell.down]))
            self.y += heights[index]


def _row_height(lines):
    return max(lines, 1) * SIZE * TABLE_LINE + 2 * ABOVE + RULE


def _height(row):
    return _row_height(max(len(cell.lines) for cell in row))


def _heading_heights(heading):
    """Of its rows: a cell that takes several may make the last of them higher."""
    heights = [_height([cell for cell in row if cell.down == 1] or row) for row in heading]
    tall = max((_height([cell]) for cell in heading[0] if cell.down > 1), default=0)
    heights[-1] += max(0, tall - sum(heights))
    return heights


def _heights(heading):
    return sum(_heading_heights(heading))
