"""Papers ready for signing as PDF, or as their Word twin to be worked on: agreements and amendments here."""

import io

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from reports.papers import word
from reports.papers.agreement import agreement_paper
from reports.papers.amendment import amendment_paper
from reports.papers.letters import FontMissing
from twinning.exports import attachment, fence
from twinning.models import Agreement, Amendment

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {"pdf": "application/pdf", "docx": WORD_TYPE}
# Up to so many lines, some twenty pages, a PDF is set while one waits (docs/decisions.md); words longer than any real
# one take the time of pages.
MOST_LINES, LINE_LETTERS, LONGEST_WORD = 700, 70, 300


@require_safe
def agreement(request, pk, form):
    """The paper as `form` "pdf" or "docx"."""
    return _print(request, get_object_or_404(Agreement.objects.visible_to(request.user).for_list(), pk=pk), form)


@require_safe
def amendment(request, pk, form):
    """The paper as `form` "pdf" or "docx"."""
    return _print(request, get_object_or_404(Amendment.objects.visible_to(request.user).for_list(), pk=pk), form)


def _print(request, thing, form):
    if form not in FORMS:
        raise Http404
    worded = {Agreement: agreement_paper, Amendment: amendment_paper}[type(thing)]
    paper = worded(thing)
    if form == "pdf" and _is_long(paper):
        messages.error(request, _t("Nội dung dài quá để in thẳng ra PDF. Hãy tải bản Word rồi in từ đó."))
        return redirect(thing)
    return handed_out(request, thing, form, paper, "agreement")


def handed_out(request, thing, form, paper, name):
    """The answer with `paper` of `thing` as `form` "pdf" or "docx", set by `build_<name>` of pdf.py or word.py in
    reports/papers/. It is made anew each time: nothing is stored, and it takes a moment only."""
    from reports.papers import pdf  # WeasyPrint is slow to import and few processes need it

    try:
        data = getattr({"pdf": pdf, "docx": word}[form], f"build_{name}")(paper)
    except FontMissing as error:
        messages.error(request, str(error))
        return redirect(thing)
    return fence(attachment(io.BytesIO(data), f"{paper['file_name']}.{form}", FORMS[form], inline=form == "pdf"))


def _is_long(paper):
    texts = [paragraph["text"] for article in paper["articles"] for paragraph in article["paragraphs"]]
    lines = sum(1 + len(text) // LINE_LETTERS for text in texts)
    return lines > MOST_LINES or any(len(word) > LONGEST_WORD for text in texts for word in text.split())
