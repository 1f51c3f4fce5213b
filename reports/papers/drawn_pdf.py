"""A tagged PDF that is drawn by hand: lines of text, boxes, and the tree of what they are (ISO 32000-1, 14.7).

Written as bytes, since an annex has ten thousand objects and pikepdf takes as long for them as for all the rest.
Its fonts are named only (faces.py); binding.py adds them for all parts of a paper at once.
"""

import zlib

CATALOG, TREE, PAGES, BY_PAGE, FONTS = 1, 2, 3, 4, 5


class Element:
    """A node of the tree. kind: a standard type of structure (P, Table, TR …); attributes: of tables, as PDF names
    them."""

    def __init__(self, kind, **attributes):
        self.kind, self.attributes = kind, attributes
        self.children, self.marks = [], []

    def add(self, kind, **attributes) -> "Element":
        child = Element(kind, **attributes)
        self.children.append(child)
        return child


class DrawnPage:
    """What is drawn on one page; x and y in points from the bottom left."""

    def __init__(self, index):
        self.index = index
        self.marked = []  # the element of each marked content
        self.drawn = []
        self.boxes = []

    def text(self, element: Element | None, font: str, size: float, x: float, y: float, code: str):
        """A line of text, in hexadecimal, as the content of `element`; without one it is no part of the text."""
        if element is None:
            begin = "/Artifact BMC"
        else:
            element.marks.append((self.index, len(self.marked)))
            begin = f"/{element.kind} <</MCID {len(self.marked)}>> BDC"
            self.marked.append(element)
        self.drawn.append(f"{begin} BT /{font} {size:g} Tf {x:.2f} {y:.2f} Td <{code}> Tj ET EMC")

    def box(self, x: float, y: float, width: float, height: float, rule: float):
        """The outline of a box, `rule` points thick."""
        if not self.boxes:
            self.boxes.append(f"{rule:g} w")
        self.boxes.append(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re")

    def content(self):
        boxes = ["/Artifact BMC q", *self.boxes, "S Q EMC"] if self.boxes else []
        return "\n".join([*boxes, *self.drawn]).encode("ascii")


class DrawnPdf:
    """Pages of one size (width and height in points)."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.pages = []

    def add_page(self) -> DrawnPage:
        self.pages.append(DrawnPage(len(self.pages)))
        return self.pages[-1]

    def data(self, root: Element) -> bytes:
        """The file, tagged by `root` and what is below it."""
        self.objects = [b""] * FONTS
        self.numbers = {}
        pages = [(self._reserve(), self._reserve()) for _page in self.pages]
        self.page_numbers = [page for page, _content in pages]
        top = self._element(root, TREE)
        for (number, content), page in zip(pages, self.pages, strict=True):
            self._put(number, self._page(page, content))
            self._put_stream(content, page.content())
        kids = " ".join(f"{number} 0 R" for number in self.page_numbers)
        self._put(CATALOG, f"<</Type /Catalog /Pages {PAGES} 0 R /StructTreeRoot {TREE} 0 R>>")
        self._put(PAGES, f"<</Type /Pages /Kids [{kids}] /Count {len(self.pages)}>>")
        self._put(TREE, f"<</Type /StructTreeRoot /K [{top} 0 R] /ParentTree {BY_PAGE} 0 R>>")
        self._put(BY_PAGE, f"<</Nums [{' '.join(map(self._elements_of, self.pages))}]>>")
        self._put(FONTS, "<<>>")
        return self._file()

    def _page(self, page, content):
        return (
            f"<</Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 {self.width:.3f} {self.height:.3f}] "
            f"/Contents {content} 0 R /Resources <</Font {FONTS} 0 R>> /StructParents {page.index} /Tabs /S>>"
        )

    def _elements_of(self, page):
        return f"{page.index} [{' '.join(f'{self.numbers[element]} 0 R' for element in page.marked)}]"

    def _element(self, element, parent):
        number = self.numbers[element] = self._reserve()
        kids = [f"{self._element(child, number)} 0 R" for child in element.children]
        page = element.marks[0][0] if element.marks else None
        for index, mark in element.marks:
            on = self.page_numbers[index]
            kids.append(f"{mark}" if index == page else f"<</Type /MCR /Pg {on} 0 R /MCID {mark}>>")
        where = "" if page is None else f" /Pg {self.page_numbers[page]} 0 R"
        told = "".join(f" /{name} {value}" for name, value in element.attributes.items())
        told = f" /A <</O /Table{told}>>" if told else ""
        self._put(
            number, f"<</Type /StructElem /S /{element.kind} /P {parent} 0 R{where}{told} /K [{' '.join(kids)}]>>"
        )
        return number

    def _reserve(self):
        self.objects.append(b"")
        return len(self.objects)

    def _put(self, number, body):
        self.objects[number - 1] = body.encode("ascii")

    def _put_stream(self, number, content):
        packed = zlib.compress(content)
        head = f"<</Filter /FlateDecode /Length {len(packed)}>>\nstream\n".encode("ascii")
        self.objects[number - 1] = head + packed + b"\nendstream"

    def _file(self):
        written, places = bytearray(b"%PDF-1.7\n"), []
        for number, body in enumerate(self.objects, 1):
            places.append(len(written))
            written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        start = len(written)
        count = len(self.objects) + 1
        written += b"xref\n0 %d\n0000000000 65535 f \n" % count
        written += b"".join(b"%010d 00000 n \n" % place for place in places)
        written += b"trailer\n<</Size %d /Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, CATALOG, start)
        return bytes(written)
