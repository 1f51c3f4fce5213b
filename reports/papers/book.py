"""Binds the PDFs of a season into one book: a cover, a table of contents whose lines lead to the pages, bookmarks.

Memory stays flat, since each paper is written and forgotten (long_pdf.py). The tags for screen readers stay
behind in the single papers.
"""

import io
from itertools import groupby

import pikepdf
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reports.content import PAPER_LANGUAGE
from reports.models import BatchItem
from reports.official import long_date
from reports.papers.long_pdf import LongPdf, text
from reports.papers.pdf import build_front


def bind_book(batch, target, progress):
    """Write the book of `batch` (its papers that are ready, each office before its schools) to the binary file
    `target`; returns its number of pages. `progress` as in pdf.py."""
    items = batch.items.filter(state=BatchItem.State.DONE, file__isnull=False)
    items = sorted(
        items.for_list().select_related("file").defer("file__content", "report__frozen"),
        key=lambda item: (item.district.sort_key if item.district else "", item.level == "school", item.pk),
    )
    book = LongPdf(target)
    first, lines, pages = [], [], 0  # number of the first page of each paper; lines of the contents; pages so far
    for done, item in enumerate(items):
        progress(5 + 85 * done // len(items), _("Ghép %(n)d/%(all)d báo cáo") % {"n": done + 1, "all": len(items)})
        with item.file.file.open("rb") as stored, pikepdf.open(io.BytesIO(stored.read())) as paper:
            numbers = book.add(paper)
        first.append(numbers[0])
        lines.append({"name": item.report.unit_name, "is_school": item.level == "school", "page": pages})
        pages += len(numbers)
    progress(92, _("Lập mục lục"))
    contents = _add_front(book, batch, lines, first)
    outlines = _add_bookmarks(book, items, first, contents)
    title = text(capfirst(batch.period.report_title))
    book.close(
        b"/Lang(%b)/Outlines %d 0 R/PageMode/UseOutlines/ViewerPreferences<</DisplayDocTitle true>>"
        b"/PageLabels<</Nums[0<</S/D/St 1>>]>>" % (PAPER_LANGUAGE.encode(), outlines),
        b"/Title %b" % title,
    )
    return book.count


def _add_front(book, batch, lines, first):
    """Cover and contents, before all others, a link over each line. Returns the number of the page of the contents."""
    programme = batch.period.programme
    issuer = batch.district.office_name if batch.district else programme.department.name
    front, places, _pages = build_front(
        {
            "superior": programme.department.superior,
            "issuer": issuer,
            "issuer_name": issuer,
            "title": capfirst(batch.period.report_title),
            "programme": programme.name,
            "made_on": long_date(timezone.localdate()),
            "count": len(lines),
            "lines": lines,
        }
    )
    links = {}  # page from 0 → numbers of its links
    for (page, *box), target in zip(places, first, strict=True):
        number = book.number()
        sides = b" ".join(b"%.2f" % side for side in box)
        link = b"<</Type/Annot/Subtype/Link/Border[0 0 0]/F 4/Rect[%b]/Dest[%d 0 R/XYZ null null null]>>"
        book.write(number, link % (sides, target))
        links.setdefault(page, []).append(number)
    annotations = {page: b"/Annots[%b]" % b" ".join(b"%d 0 R" % n for n in numbers) for page, numbers in links.items()}
    with pikepdf.open(io.BytesIO(front)) as paper:
        return book.add(paper, at_front=True, more=annotations)[1]


def _add_bookmarks(book, items, first, contents):
    """The outline: contents, then each managing unit with its papers below it, closed. Returns its number."""
    root, target = book.number(), dict(zip((item.pk for item in items), first, strict=True))
    heads = [(_("Mục lục"), contents, [])]
    for _district, group in groupby(items, key=lambda item: item.district_id):
        group = list(group)
        name = group[0].district.office if group[0].district else _("Sở")
        heads.append((name, target[group[0].pk], [(item.report.unit_name, target[item.pk], []) for item in group]))
    ends = _write_level(book, heads, root)
    book.write(root, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (*ends, len(heads)))
    return root


def _write_level(book, heads, parent):
    """Write bookmarks (title, number of the page, those below) side by side; the numbers of the first and the last."""
    numbers = [book.number() for _head in heads]
    for at, (title, page, below) in enumerate(heads):
        body = b"/Title %b/Parent %d 0 R/Dest[%d 0 R/XYZ null null null]" % (text(title), parent, page)
        if at:
            body += b"/Prev %d 0 R" % numbers[at - 1]
        if at + 1 < len(heads):
            body += b"/Next %d 0 R" % numbers[at + 1]
        if below:  # a negative count: closed
            body += b"/First %d 0 R/Last %d 0 R" % _write_level(book, below, numbers[at]) + b"/Count -%d" % len(below)
        book.write(numbers[at], b"<<%b>>" % body)
    return numbers[0], numbers[-1]
