"""Binds the parts of a paper (body, annexes) into one PDF for archives (PDF/A-2u, ISO 19005-2): pages, page labels,
bookmarks, tags, colours, and what it is and who issued it."""

import io
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem


@dataclass(frozen=True)
class Part:
    """A rendered part. label: prefix of its page labels, "" for the body; number: printed number of its first page;
    pages: how many it has; bookmarks: [(title, (page, x, y) in points from the bottom left, children)]."""

    data: bytes
    label: str = ""
    number: int = 1
    bookmarks: list = field(default_factory=list)
    pages: int = 1


# What the whole says of itself: ISO 19005-2, with text that can be copied and searched. Level A would promise more of
# the tags than anybody has checked.
CLAIM = {"pdfaid:part": "2", "pdfaid:conformance": "U"}


def bind(
    parts: list[Part], title: str, author: str, language: str, colours: bytes, keywords: tuple[str, ...] = ()
) -> tuple[bytes, int]:
    """One PDF of all parts in their order, and how many pages it has. The same parts give the same bytes. `colours`: an
    ICC profile, what the RGB of the parts means."""
    with pikepdf.new() as pdf:
        tags = _Tags(pdf)
        labels = Array()
        for part in parts:
            with pikepdf.open(io.BytesIO(part.data)) as source:
                first = len(pdf.pages)
                pdf.pages.extend(source.pages)
                tags.take_over(source, first)
            labels.extend([first, Dictionary(S=Name.D, P=part.label, St=part.number)])
            with pdf.open_outline() as outline:
                outline.root.extend(_bookmarks(part.bookmarks, first))
        tags.finish()
        profile = pdf.make_stream(colours, N=3)
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
