"""Sets reports and agreements as official PDFs in the form of Decree 30/2020. The only module that knows WeasyPrint.

The body of a report and each annex are documents of their own, since each has its own page numbers;
reports/binding.py joins them.
"""

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
from django.utils.translation import gettext as _
from django.utils.translation import override
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports import charts
from reports.binding import Part, bind
from reports.content import PAPER_LANGUAGE
from reports.kept import kept_part
from reports.letters import FONT, FontMissing, printable
from reports.report_paper import report_paper
from reports.verification import Mark

PAPER, DRAFT, CERTIFICATE = "static:pdf/paper.css", "static:pdf/draft.css", "static:pdf/certificate.css"
BOOK = "static:pdf/book.css"
# While pages are laid out the lease is renewed at least this often, in seconds.
RENEWAL = 5
# Rows of an annex set at once, some six pages of them.
SLICE = 150
# The address of the QR code for templates.
MARK = "chart:mark"
# What a slice that does not begin its annex has on its first page.
CONTINUED = """
    @page :first { counter-reset: page %d; @top-center { content: counter(page) } }
    @page wide:first { counter-reset: page %d; @top-center { content: counter(page) } }
"""

# What an annex says of the paper it belongs to.
ANNEX_SAYS = ("name", "number", "date")

Progress = Callable[[int, str], None]


class ForeignFile(Exception):
    """A template or stylesheet asks for something that is not a file of ours."""


def build_pdf(content: dict, progress: Progress, mark: Mark | None = None) -> tuple[bytes, int]:
    """The PDF of `content` (reports/content.py and Report.file_content) as bytes, and its number of pages; with `mark`
    at the foot of page 1, if one is given.

    progress(percent, step) is called at every step, and every few seconds while pages are laid out; whatever it raises
    ends the work. The same content gives the same bytes. Raises FontMissing.
    """
    with override(PAPER_LANGUAGE):
        content = printable(content)
        progress(2, _("Vẽ biểu đồ"))
        press = _Press(content, mark)
        parts = press.body(_stretch(progress, 5, 30, _("Phần nội dung")))
        # Annexes take as long as they have rows.
        weights = [10 + len(annex["rows"]) for annex in content["annexes"]]
        done = 30
        for annex, weight in zip(content["annexes"], weights, strict=True):
            end = done + 65 * weight / sum(weights)
            step = _("Phụ lục %s") % annex["number"]
            parts += press.annex(annex, _stretch(progress, done, end, step))
            done = end
        progress(96, _("Ghép các phần"))
        told = "báo cáo", content["period"].get("title"), content["programme"]["name"]  # schema 2 had no title
        keywords = tuple(filter(None, told))
        return bind(parts, press.paper["name"], content["issuer_name"], PAPER_LANGUAGE, _colours(), keywords)


def build_agreement(content: dict) -> bytes:
    """The PDF of an agreement or amendment, of `content` (reports/agreement_paper.py), as bytes; takes some 0,03
    seconds a page. Raises FontMissing."""
    with override(PAPER_LANGUAGE):
        content = printable(content)
        part = _part(_set("reports/pdf/agreement.html", {"content": content, "paper": content}, content["is_draft"]))
        data, _pages = bind([part], content["name"], content["issuer_name"], PAPER_LANGUAGE, _colours())
    return data


def build_minutes(content: dict) -> bytes:
    """The PDF of the minutes of a council, of `content` (reports/award_minutes.py), as bytes. Raises FontMissing."""
    with override(PAPER_LANGUAGE):
        content = printable(content)
        part = _part(_set("reports/pdf/minutes.html", {"content": content, "paper": content}, content["is_draft"]))
        data, _pages = bind([part], content["name"], content["issuer_name"], PAPER_LANGUAGE, _colours())
    return data


def build_decision(content: dict) -> bytes:
    """The PDF of a decision on awards and its list, of `content` (reports/decision_paper.py). Raises FontMissing."""
    with override(PAPER_LANGUAGE):
        content = printable(content)
        given = {"content": content, "paper": content}
        parts = [
            _part(_set("reports/pdf/decision.html", given, content["is_draft"])),
            _part(_set("reports/pdf/decision_list.html", given, content["is_draft"]), "Phụ lục – "),
        ]
        data, _pages = bind(parts, content["name"], content["issuer_name"], PAPER_LANGUAGE, _colours())
    return data


def build_front(content: dict) -> tuple[bytes, list, int]:
    """The cover and table of contents of a book, of `content` (reports/book.py; `page` of a line counts from 0 after
    the contents): the bytes of a PDF, the place of each line as (page from 0, x1, y1, x2, y2) in points from the bottom
    left, and the number of pages. Raises FontMissing."""
    with override(PAPER_LANGUAGE):
        content = printable(content) | {"name": content["title"]}
        pages = 9990  # set twice: page numbers depend on how long the contents are
        for _turn in range(2):
            lines = [line | {"number": pages + line["page"] + 1} for line in content["lines"]]
            given = {"content": content | {"lines": lines}, "paper": content}
            document = _set("reports/pdf/book.html", given, is_draft=False, sheets=[PAPER, BOOK])
            pages = len(document.pages)
        data = document.write_pdf()
        _check_fonts(data)
        return data, _places(document), pages


def _places(document):
    """Of the rows with an id "line-0", "line-1" …, see `build_front`; 0,75 points a pixel."""
    found = {}
    for index, page in enumerate(document.pages):
        for name, (x1, y1, x2, y2) in page.anchors.items():
            if name.startswith("line-"):
                box = (x1, page.height - y2, x2, page.height - y1)
                found[int(name.removeprefix("line-"))] = (index, *(round(0.75 * side, 2) for side in box))
    return [found[number] for number in sorted(found)]


# Width of the page in mm; a certificate is drawn on a sheet of 74,25 rem (static/pdf/certificate.css).
CERTIFICATE_PAPERS = {"a4": 297, "a3": 420}
CERTIFICATES_AT_ONCE = 40
CERTIFICATE_PAGE = """
    @page {{ size: {size} landscape; margin: 0 }}
    html {{ font-size: {rem:.3f}mm }}
    .shifted {{ left: {right}mm; top: {down}mm }}
"""


def build_certificates(content: dict, progress: Progress) -> tuple[bytes, int]:
    """The certificates of `content` (reports/certificate_paper.py), a sheet each, as the bytes of a PDF, and how many.
    `progress` as in `build_pdf`. Raises FontMissing."""
    with override(PAPER_LANGUAGE):
        content = printable(content)
        page = CERTIFICATE_PAGE.format(
            size=content["paper"].upper(),
            rem=CERTIFICATE_PAPERS[content["paper"]] / 74.25,
            right=content["shift_right"],
            down=content["shift_down"],
        )
        parts, sheets = [], content["sheets"]
        for start in range(0, len(sheets), CERTIFICATES_AT_ONCE):
            progress(5 + 90 * start // len(sheets), _("Tờ %(n)d/%(all)d") % {"n": start + 1, "all": len(sheets)})
            some = {"content": content, "sheets": sheets[start : start + CERTIFICATES_AT_ONCE]}
            document = _set("reports/pdf/certificates.html", some, is_draft=False, sheets=[CERTIFICATE], more=page)
            parts.append(_part(document, pages=start))
        return bind(parts, content["name"], content["issuer_name"], PAPER_LANGUAGE, _colours())


def _stretch(progress, start, end, step):
    """A function that reports the pages laid out so far as a percentage between `start` and `end`."""

    progress(int(start), step)

    def watch(page):
        percent = start + (end - start) * (1 - 0.97**page)  # nobody knows how many pages there will be
        progress(int(percent), _("%(step)s, trang %(page)d") % {"step": step, "page": page})

    return watch


# --- Setting the parts ------------------------------------------------------------------------------------------------


class _Press:
    """Sets the parts of one report."""

    def __init__(self, content, mark):
        self.content, self.mark = content, mark
        self.drawings = {f"chart:{chart['key']}": charts.svg(chart["spec"]) for chart in content["charts"]}
        if mark:
            self.drawings[MARK] = mark.drawing.encode()
        self.paper = report_paper(content)

    def body(self, watch):
        document = self._set("reports/pdf/body.html", {"mark": self.mark, "mark_url": MARK}, watch)
        return [_part(document)]

    def annex(self, annex, watch):
        """The annex as parts of at most SLICE rows: a long table set at once takes 200 kB of memory a row. The last
        page of a slice is not full, so its rows begin the next slice, and nobody can see the seams."""
        parts, start, pages = [], 0, 0
        label = f"Phụ lục {annex['number']} – "
        while start is not None:
            rows = annex["rows"][start : start + SLICE]
            ends = start + len(rows) == len(annex["rows"])
            context = {"annex": {**annex, "rows": rows}, "begins": start == 0, "ends": ends}
            said = [self.content["issuer_name"], self.content["is_draft"], *(self.paper[key] for key in ANNEX_SAYS)]
            part, further = kept_part(
                [context, *said, pages],
                lambda context=context, pages=pages: self._slice(context, label, watch, pages),
            )
            parts.append(part)
            pages += part.pages
            start = None if ends else start + further
        return parts

    def _slice(self, context, label, watch, pages):
        """(Part, the row of the slice that begins the next one or None): see `annex`."""
        document = self._set("reports/pdf/annex.html", context, watch, pages)
        if context["ends"]:
            return _part(document, label, pages), None
        *full, last = document.pages
        further = min(int(anchor.removeprefix("row-")) for anchor in last.anchors)
        return _part(document.copy(full), label, pages), further

    def _set(self, template, context, watch, pages=0):
        context = {"content": self.content, "paper": self.paper, **context}
        with _watched(lambda page: watch(pages + page)):
            return _set(template, context, self.content["is_draft"], self.drawings, pages)


def _set(template, context, is_draft, drawings=MappingProxyType({}), pages=0, sheets=(PAPER,), more=""):
    """A WeasyPrint document, its pages numbered after the `pages` that went before; `more`: rules after `sheets`."""
    html = render_to_string(template, context)
    fetcher = _OwnFiles(drawings)
    fonts = FontConfiguration()
    sheets = [*sheets, DRAFT] if is_draft else sheets
    styles = [CSS(url=sheet, url_fetcher=fetcher, font_config=fonts) for sheet in sheets]
    more += CONTINUED % (pages + 1, pages + 1) if pages else ""
    if more:
        styles.append(CSS(string=more))
    try:
        return HTML(string=html, base_url="static:", url_fetcher=fetcher).render(stylesheets=styles, font_config=fonts)
    except FatalURLFetchingError as error:  # a BaseException, which would take the worker down
        raise ForeignFile(str(error)) from error


def _part(document, label="", pages=0):
    data = document.write_pdf(pdf_tags=True)
    _check_fonts(data)
    tree = _plain_bookmarks(document.make_bookmark_tree(0.75, transform_pages=True))
    return Part(data, label, pages + 1, tree, len(document.pages))


def _plain_bookmarks(tree):
    return [(label, target, _plain_bookmarks(children)) for label, target, children, _state in tree]


@cache
def _colours():
    """The ICC profile of sRGB. WeasyPrint has it, but would leave the file open with each part."""
    return (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()


# --- Fences -----------------------------------------------------------------------------------------------------------


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


@contextmanager
def _watched(watch):
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


def _check_fonts(data):
    """Raise FontMissing unless every letter is set in the face of official papers."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing]
        names = {str(font.BaseFont).partition("+")[2] for font in fonts}
    if not all(name.startswith(FONT.replace(" ", "-")) for name in names):
        raise FontMissing
