"""Makes reports, agreements and other official papers as PDFs in the form of Decree 30/2020.

The body of a report and each annex are documents of their own, since each has its own page numbers: setting.py
sets the body, annex_pages.py draws annexes, binding.py joins all.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import override

from reports import charts
from reports.content import PAPER_LANGUAGE
from reports.papers.annex_pages import draw_annex
from reports.papers.binding import bind
from reports.papers.letters import printable
from reports.papers.report import report_paper
from reports.papers.setting import PAPER, check_fonts, ink, part_of, set_pages, watched
from reports.verification import Mark

CERTIFICATE, BOOK = "static:pdf/certificate.css", "static:pdf/book.css"
# The address of the QR code for templates.
MARK = "chart:mark"

Progress = Callable[[int, str], None]


def build_pdf(content: dict, progress: Progress, mark: Mark | None = None) -> tuple[bytes, int]:
    """The PDF of `content` (reports/content.py and Report.file_content) as bytes, and its number of pages; with `mark`
    at the foot of page 1, if one is given.

    progress(percent, step) is called at every step, and every few seconds while pages are laid out; whatever it raises
    ends the work. The same content gives the same bytes. Raises FontMissing.
    """
    with override(PAPER_LANGUAGE):
        content = printable(content)
        paper = report_paper(content)
        progress(2, _("Vẽ biểu đồ"))
        parts = [_body(content, paper, mark, _span(progress, 5, 60, _("Phần nội dung")))]
        for index, annex in enumerate(content["annexes"]):
            progress(60 + 30 * index // len(content["annexes"]), _("Phụ lục %s") % annex["number"])
            parts.append(_annex(annex, content, paper))
        progress(92, _("Ghép các phần"))
        told = "báo cáo", content["period"].get("title"), content["programme"]["name"]  # schema 2 had no title
        keywords = tuple(filter(None, told))
        given = paper["name"], content["issuer_name"], PAPER_LANGUAGE, ink(), keywords, content["is_draft"]
        return bind(parts, *given)


def _body(content, paper, mark, watch):
    drawings = {f"chart:{chart['key']}": charts.svg(chart["spec"]) for chart in content["charts"]}
    if mark:
        drawings[MARK] = mark.drawing.encode()
    given = {"content": content, "paper": paper, "mark": mark, "mark_url": MARK}
    with watched(watch):
        return part_of(set_pages("reports/pdf/body.html", given, drawings))


def _annex(annex, content, paper):
    label = f"Phụ lục {annex['number']}"
    said = f"(Kèm theo Báo cáo số {paper['number']} {paper['date']}", f"của {content['issuer_name']})"
    return draw_annex(annex, label, [" ".join(said)] if annex["landscape"] else [*said])


def build_agreement(content: dict) -> bytes:
    """The PDF of an agreement or amendment, of `content` (agreement.py), as bytes; takes some 0,03
    seconds a page. Raises FontMissing."""
    return _short(content, ("reports/pdf/agreement.html", ""))


def build_minutes(content: dict) -> bytes:
    """The PDF of the minutes of a council, of `content` (minutes.py), as bytes. Raises FontMissing."""
    return _short(content, ("reports/pdf/minutes.html", ""))


def build_decision(content: dict) -> bytes:
    """The PDF of a decision on awards and its list, of `content` (decision.py). Raises FontMissing."""
    return _short(content, ("reports/pdf/decision.html", ""), ("reports/pdf/decision_list.html", "Phụ lục – "))


def build_award_book(content: dict) -> bytes:
    """The PDF of the book of awards, of `content` (reports/papers/award_book.py). Raises FontMissing."""
    with override(PAPER_LANGUAGE):
        content = printable(content)
        part = draw_annex(content["table"], content["name"], content["said"])
        data, _pages = bind([part], content["name"], content["issuer_name"], PAPER_LANGUAGE, ink())
    return data


def _short(content, *templates):
    """A paper of a few pages; templates: (name, label of the page numbers) of each part."""
    with override(PAPER_LANGUAGE):
        content = printable(content)
        given = {"content": content, "paper": content}
        parts = [part_of(set_pages(template, given), label) for template, label in templates]
        said = content["name"], content["issuer_name"], PAPER_LANGUAGE
        data, _pages = bind(parts, *said, ink(), is_draft=content["is_draft"])
    return data


def build_front(content: dict) -> tuple[bytes, list, int]:
    """The cover and table of contents of a book, of `content` (book.py; `page` of a line counts from 0 after
    the contents): the bytes of a PDF, the place of each line as (page from 0, x1, y1, x2, y2) in points from the bottom
    left, and the number of pages. Raises FontMissing."""
    with override(PAPER_LANGUAGE):
        content = printable(content) | {"name": content["title"]}
        pages = 9990  # set twice: page numbers depend on how long the contents are
        for _turn in range(2):
            lines = [line | {"number": pages + line["page"] + 1} for line in content["lines"]]
            given = {"content": content | {"lines": lines}, "paper": content}
            document = set_pages("reports/pdf/book.html", given, sheets=(PAPER, BOOK))
            pages = len(document.pages)
        data = document.write_pdf()
        check_fonts(data)
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
    """The certificates of `content` (certificate.py), a sheet each, as the bytes of a PDF, and how many.
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
            document = set_pages("reports/pdf/certificates.html", some, sheets=(CERTIFICATE,), more=page)
            parts.append(part_of(document))
        return bind(parts, content["name"], content["issuer_name"], PAPER_LANGUAGE, ink(), is_numbered=False)


def _span(progress, start, end, step):
    """A function that reports the pages laid out so far as a percentage between `start` and `end`."""

    progress(int(start), step)

    def watch(page):
        percent = start + (end - start) * (1 - 0.97**page)  # nobody knows how many pages there will be
        progress(int(percent), _("%(step)s, trang %(page)d") % {"step": step, "page": page})

    return watch
