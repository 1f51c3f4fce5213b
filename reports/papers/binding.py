"""Binds the parts of a paper (body, annexes) into one PDF for archives (PDF/A-2u, ISO 19005-2): pages, page labels,
bookmarks, tags, colours, and what it is and who issued it."""

import io
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem

from reports.papers.faces import face

# Points in a millimetre, and the margins of every paper but certificates, as in static/pdf/paper.css.
MM = 72 / 25.4
TOP, RIGHT, BOTTOM, LEFT = 20 * MM, 20 * MM, 20 * MM, 30 * MM


@dataclass(frozen=True)
class Part:
    """A rendered part. label: prefix of its page labels, "" for the body; parts of one label that follow each other
    count their pages on; bookmarks: [(title, (page, x, y) in points from the bottom left, children)]; pages: how
    many; letters: those it is drawn with, by their style (faces.py), whose fonts it leaves to the binding."""

    data: bytes
    label: str = ""
    bookmarks: list = field(default_factory=list)
    pages: int = 1
    letters: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Ink:
    """What every paper is bound with. colours: an ICC profile, what the RGB of the parts means; draft, wide_draft: a
    page with nothing but the marks of a draft, as a PDF."""

    colours: bytes
    draft: bytes
    wide_draft: bytes


# What the whole says of itself: ISO 19005-2, with text that can be copied and searched. Level A would promise more of
# the tags than anybody has checked.
CLAIM = {"pdfaid:part": "2", "pdfaid:conformance": "U"}


def bind(
    parts: list[Part],
    title: str,
    author: str,
    language: str,
    ink: Ink,
    keywords: tuple[str, ...] = (),
    is_draft: bool = False,
    is_numbered: bool = True,
) -> tuple[bytes, int]:
    """One PDF of all parts in their order, and how many pages it has; `is_draft`: each is marked as one. The same parts
    give the same bytes. Raises FontMissing."""
    with pikepdf.new() as pdf:
        tags, fonts, draft = _Tags(pdf), _Fonts(pdf, parts), _Draft(pdf, ink)
        labels, label, number = Array(), None, 1
        with pdf.open_outline() as outline:
            for part in parts:
                first = len(pdf.pages)
                with pikepdf.open(io.BytesIO(part.data)) as source:
                    pdf.pages.extend(source.pages)
                    tags.take_over(source, first)
                if part.label != label:
                    label, number = part.label, 1
                    labels.extend([first, Dictionary(S=Name.D, P=label, St=1)])
                for offset, page in enumerate(list(pdf.pages)[first:]):
                    fonts.add(page, part.letters)
                    if is_numbered and number + offset > 1:
                        fonts.print(page, str(number + offset))
                    if is_draft:
                        draft.mark(page)
                number += part.pages
                outline.root.extend(_bookmarks(part.bookmarks, first))
        tags.finish()
        profile = pdf.make_stream(ink.colours, N=3)
        intent = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1, DestOutputProfile=profile)
        intent.OutputConditionIdentifier = intent.Info = pikepdf.String("sRGB")
        pdf.Root.OutputIntents = Array([intent])
        pdf.Root.PageLabels = Dictionary(Nums=labels)
        pdf.Root.Lang = language
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
            metadata["dc:creator"] = [author]
            metadata["dc:language"] = {language}
            if keywords:
                metadata["dc:subject"] = set(keywords)
                metadata["pdf:Keywords"] = ", ".join(keywords)
            for name, value in CLAIM.items():
                metadata[name] = value
        pages = len(pdf.pages)
        target = io.BytesIO()
        mode = pikepdf.ObjectStreamMode.generate
        pdf.save(target, min_version="1.7", deterministic_id=True, object_stream_mode=mode)
    return target.getvalue(), pages


def _bookmarks(tree, first):
    items = []
    for title, (page, x, y), children in tree:
        item = OutlineItem(title, first + page, "XYZ", left=x, top=y)
        item.children.extend(_bookmarks(children, first))
        items.append(item)
    return items


class _Tags:
    """The tag tree of the whole: one Document with a Part for each part. Copying pages alone would leave their tags
    behind, and a screen reader without headings and tables (ISO 32000, 14.7)."""

    def __init__(self, pdf):
        self.pdf = pdf
        self.root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=self.root, K=Array()))
        self.by_page = Array()
        self.next_key = 0

    def take_over(self, source, first):
        """Take the tags of `source`, whose pages are those from `first` on."""
        tree = self.pdf.copy_foreign(source.Root.StructTreeRoot)
        for part in tree.K:
            part.S, part.P = Name.Part, self.document
            self.document.K.append(part)
        numbers = list(tree.ParentTree.Nums)
        for key, value in zip(numbers[::2], numbers[1::2], strict=True):
            self.by_page.extend([self.next_key + int(key), value])
        for page in list(self.pdf.pages)[first:]:
            page.obj.StructParents = self.next_key + int(page.obj.StructParents)
            for annotation in page.obj.get(Name.Annots, []):
                if Name.StructParent in annotation:
                    annotation.StructParent = self.next_key + int(annotation.StructParent)
        self.next_key += len(numbers) // 2

    def finish(self):
        self.root.K = Array([self.document])
        self.root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=self.by_page))
        self.root.ParentTreeNextKey = self.next_key
        self.pdf.Root.StructTreeRoot = self.root
        self.pdf.Root.MarkInfo = Dictionary(Marked=True)


class _Fonts:
    """The letters of what is drawn, and page numbers: Decree 30/2020, Phụ lục I, Phần I, mục II.7: 13 pt, upright, in
    the middle of the top margin; not on page 1. They are printed here, since a part does not know how many pages go
    before it."""

    SIZE = 13
    # From the middle of a line down to where its letters stand, in ems of the face.
    DOWN = 0.34

    def __init__(self, pdf, parts):
        self.pdf = pdf
        wanted = {"Regular": frozenset()}
        for part in parts:
            for style, letters in part.letters.items():
                wanted[style] = wanted.get(style, frozenset()) | letters
        self.fonts = {style: self._font(face(style).letters(letters)) for style, letters in wanted.items()}

    def add(self, page, styles):
        """Fonts that a page is drawn with."""
        for style in styles:
            page.Resources.Font[f"/{style}"] = self.fonts[style]

    def print(self, page, number):
        _x, _y, width, height = map(float, page.mediabox)
        regular = face("Regular")
        x = (LEFT + width - RIGHT - regular.width(number, self.SIZE)) / 2
        y = height - TOP / 2 - self.DOWN * self.SIZE
        drawn = f"q BT /Regular {self.SIZE} Tf {x:.3f} {y:.3f} Td <{regular.code(number)}> Tj ET Q"
        # No part of the text: ISO 32000-1, 14.8.2.2.
        page.contents_add(f"/Artifact <</Type /Pagination>> BDC {drawn} EMC\n".encode(), prepend=True)
        self.add(page, ["Regular"])

    def _font(self, letters):
        """ISO 32000-1, 9.7.4: a font of glyphs by their numbers."""
        file = self.pdf.make_stream(letters.file, Filter=Name.FlateDecode, Length1=letters.length)
        name = Name(f"/{letters.name}")
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=Array(letters.box),
            ItalicAngle=letters.angle,
            Ascent=letters.ascent,
            Descent=letters.descent,
            CapHeight=letters.ascent,
            StemV=80,
            FontFile2=file,
        )
        glyphs = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            CIDToGIDMap=Name.Identity,
            FontDescriptor=self.pdf.make_indirect(descriptor),
            W=pikepdf.Object.parse(f"[{letters.widths}]".encode()),
        )
        return self.pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=name,
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([self.pdf.make_indirect(glyphs)]),
                ToUnicode=self.pdf.make_stream(letters.to_unicode, Filter=Name.FlateDecode),
            )
        )


class _Draft:
    """What every page of a draft has behind its text."""

    def __init__(self, pdf, ink):
        self.pdf, self.ink, self.forms = pdf, ink, {}

    def mark(self, page):
        _x, _y, width, height = map(float, page.mediabox)
        page.contents_add(b"/Artifact BMC q /Draft Do Q EMC\n", prepend=True)
        if Name.XObject not in page.Resources:
            page.Resources.XObject = Dictionary()
        page.Resources.XObject.Draft = self._form(width > height)

    def _form(self, is_wide):
        if is_wide not in self.forms:
            with pikepdf.open(io.BytesIO(self.ink.wide_draft if is_wide else self.ink.draft)) as source:
                self.forms[is_wide] = self.pdf.copy_foreign(source.pages[0].as_form_xobject())
        return self.forms[is_wide]
