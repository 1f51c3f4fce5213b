"""Sets HTML as pages. The only module that knows WeasyPrint."""

import io
import logging
import re
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import pikepdf
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.papers.binding import Ink, Part
from reports.papers.letters import FONT, FontMissing

ELEMENTS, PAPER, DRAFT = "static:pdf/elements.css", "static:pdf/paper.css", "static:pdf/draft.css"
# While pages are laid out the lease is renewed at least this often, in seconds.
RENEWAL = 5


class ForeignFile(Exception):
    """A template or stylesheet asks for something that is not a file of ours."""


def set_pages(
    template: str,
    context: dict,
    drawings: dict[str, bytes] = MappingProxyType({}),
    sheets: tuple[str, ...] = (PAPER,),
    more: str = "",
) -> Document:
    """The pages of `template`, with the stylesheets `sheets` and the rules `more` after them. `drawings`: SVG by the
    address (chart:…) that the template asks for. Raises ForeignFile."""
    html = render_to_string(template, context)
    styles = [_sheet(address) for address in sheets]
    if more:
        styles.append(CSS(string=more))
    try:
        page = _Html(string=html, base_url="static:", url_fetcher=_OwnFiles(drawings))
        return page.render(stylesheets=styles, font_config=FontConfiguration())
    except FatalURLFetchingError as error:  # a BaseException, which would take the worker down
        raise ForeignFile(str(error)) from error


def part_of(document: Document, label: str = "") -> Part:
    """The pages of `document` as a part of a paper, `label` before its page numbers. Raises FontMissing."""
    data = document.write_pdf(pdf_tags=True)
    check_fonts(data)
    tree = _plain_bookmarks(document.make_bookmark_tree(0.75, transform_pages=True))
    return Part(data, label, tree, len(document.pages))


@cache
def ink() -> Ink:
    """What all papers are bound with: the ICC profile of sRGB, which WeasyPrint has (but would leave open with each
    part), and the marks of a draft. Raises FontMissing."""
    drafts = []
    for size in ("A4", "A4 landscape"):
        sheets = [_sheet(PAPER), _sheet(DRAFT), CSS(string=f"@page {{ size: {size} }}")]
        page = _Html(string="<p></p>", base_url="static:", url_fetcher=_OwnFiles({}))
        drafts.append(page.render(stylesheets=sheets, font_config=FontConfiguration()).write_pdf())
        check_fonts(drafts[-1])
    return Ink((files("weasyprint.pdf") / "sRGB2014.icc").read_bytes(), *drafts)


def check_fonts(data: bytes):
    """Raise FontMissing unless every letter of a PDF is set in the face of official papers."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing]
        names = {str(font.BaseFont).partition("+")[2] for font in fonts}
    if not all(name.startswith(FONT.replace(" ", "-")) for name in names):
        raise FontMissing


@contextmanager
def watched(watch: Callable[[int], None]):
    """Call `watch(page)` while WeasyPrint lays out pages in this thread; its log is the only place that tells."""
    handler = _PageLog(watch)
    logger = logging.getLogger("weasyprint.progress")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _PageLog(logging.Handler):
    def __init__(self, watch):
        super().__init__()
        self.watch, self.thread, self.renewed = watch, threading.get_ident(), time.monotonic()

    def emit(self, record):
        page = re.search(r"Page (\d+)$", record.getMessage())
        if page and record.thread == self.thread and time.monotonic() - self.renewed > RENEWAL:
            self.renewed = time.monotonic()
            self.watch(int(page[1]))


class _Html(HTML):
    """HTML whose elements look as elements.css says. WeasyPrint's own sheet has rules for notes and markers of every
    element: six styles for each cell of a table, which take as long as all others together."""

    def _ua_stylesheets(self, forms=False):
        return [_sheet(ELEMENTS)]


@cache
def _sheet(address):
    return CSS(url=address, url_fetcher=_OwnFiles({}))


def _plain_bookmarks(tree):
    """With plain spaces, for who searches them."""
    return [
        (label.replace("\u00a0", " "), target, _plain_bookmarks(children)) for label, target, children, _state in tree
    ]


class _OwnFiles(URLFetcher):
    """Hands out our own static files (static:…) and the drawn charts (chart:…). Anything else, above all an address on
    the network, ends the work: user text is escaped, so only a mistake of ours can ask for it."""

    def __init__(self, drawings):
        super().__init__(allowed_protocols={"static", "chart"}, fail_on_errors=True)
        self.drawings = drawings

    def fetch(self, url, headers=None):
        if url in self.drawings:
            return URLFetcherResponse(url, self.drawings[url], {"Content-Type": "image/svg+xml"})
        path = finders.find(url.removeprefix("static:")) if url.startswith("static:") else None
        if path is None:
            raise FatalURLFetchingError(f"Not a file of ours: {url}")
        kind = "text/css" if url.endswith(".css") else "image/svg+xml"
        return URLFetcherResponse(url, Path(path).read_bytes(), {"Content-Type": kind})
