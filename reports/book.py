"""Binds the PDFs of a season into one book: a cover, a table of contents whose lines lead to the pages, bookmarks.

Memory stays flat: the papers of one managing unit are joined first, into a file on the disk, then those files. The
tags for screen readers stay behind in the single papers: those of a thousand at once would fill the memory.
"""

import io
import tempfile
from contextlib import ExitStack
from itertools import groupby

import pikepdf
from django.utils import timezone
from django.utils.translation import gettext as _
from pikepdf import Array, Dictionary, Name, OutlineItem

from reports.content import PAPER_LANGUAGE
from reports.models.batch import BatchItem
from reports.official import long_date
from reports.pdf import build_front


def bind_book(batch, target, progress):
    """Write the book of `batch` (its papers that are ready, in the order of the manifest, each office before its
    schools) to the binary file `target`; returns its number of pages. `progress` as in reports/pdf.py."""
    items = batch.items.filter(state=BatchItem.State.DONE, file__isnull=False)
    items = sorted(
        items.for_list().select_related("file").defer("file__content", "report__frozen"),
        key=lambda item: (item.district.sort_key if item.district else "", item.level == "school", item.pk),
    )
    progress(2, _("Lập mục lục"))
    front, places, offset = _front(batch, items)
    groups = [list(group) for _district, group in groupby(items, key=lambda item: item.district_id)]
    with ExitStack() as stack, pikepdf.new() as book:
        opened = stack.enter_context(pikepdf.open(io.BytesIO(front)))
        book.pages.extend(opened.pages)
        done = 0
        for group in groups:
            part = stack.enter_context(tempfile.TemporaryFile())
            _join(group, part)
            part.seek(0)
            book.pages.extend(stack.enter_context(pikepdf.open(part)).pages)
            done += len(group)
            progress(5 + 80 * done // len(items), _("Đã ghép %(n)d/%(all)d báo cáo") % {"n": done, "all": len(items)})
        _add_links(book, places, offset)
        _add_bookmarks(book, groups, offset)
        book.Root.Lang = PAPER_LANGUAGE
        book.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D, St=1)]))
        book.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        with book.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = _title(batch)
            metadata["dc:language"] = {PAPER_LANGUAGE}
        progress(88, _("Ghi tệp"))
        last = 0

        def renew(percent):
            nonlocal last
            if percent >= last + 10:
                last = percent
                progress(88 + percent // 10, _("Ghi tệp"))

        book.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, progress=renew)
        return len(book.pages)


def _title(batch):
    return f"Báo cáo {batch.period.title}"


def _front(batch, items):
    """(bytes of the cover and contents, places of the lines as reports/pdf.py gives them, {item id: index of its first
    page in the book})."""
    lines, first, pages = [], {}, 0
    for item in items:
        first[item.pk] = pages
        lines.append({"name": item.report.unit_name, "is_school": item.level == "school", "page": pages})
        pages += item.file.pages or 0
    programme = batch.period.programme
    content = {
        "superior": programme.department.superior,
        "issuer": batch.district.office_name if batch.district else programme.department.name,
        "issuer_name": batch.district.office_name if batch.district else programme.department.name,
        "title": _title(batch),
        "programme": programme.name,
        "made_on": long_date(timezone.localdate()),
        "count": len(items),
        "lines": lines,
    }
    data, places, front = build_front(content)
    return data, places, {pk: front + page for pk, page in first.items()}


def _join(items, target):
    """Write the papers of `items` one after the other to `target`."""
    with pikepdf.new() as joined:
        for item in items:
            with item.file.file.open("rb") as stored:
                data = stored.read()
            with pikepdf.open(io.BytesIO(data)) as paper:
                joined.pages.extend(paper.pages)
        for page in joined.pages:
            _untag(page.obj, Name.StructParents)
            for annotation in page.obj.get(Name.Annots, []):
                _untag(annotation, Name.StructParent)
        joined.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _untag(thing, key):
    if key in thing:
        del thing[key]


def _add_links(book, places, offset):
    """Lay a link over each line of the contents."""
    for (page, *box), index in zip(places, offset.values(), strict=True):
        target = Array([book.pages[index].obj, Name.XYZ, None, None, None])
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array(box), Border=Array([0, 0, 0]), Dest=target)
        holder = book.pages[page].obj
        if Name.Annots not in holder:
            holder.Annots = Array()
        holder.Annots.append(book.make_indirect(link))


def _add_bookmarks(book, groups, offset):
    with book.open_outline() as outline:
        outline.root.append(OutlineItem("Mục lục", 1))
        for group in groups:
            head = OutlineItem(group[0].district.office if group[0].district else "Sở", offset[group[0].pk])
            head.children.extend(OutlineItem(item.report.unit_name, offset[item.pk]) for item in group)
            head.is_closed = True
            outline.root.append(head)
