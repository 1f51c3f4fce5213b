"""Pages on the figures of a report: the rows behind a frozen one, what changed since, supplements, reconciliation."""

import io

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reports import frozen, reconciliation, supplements
from reports.figures import LABELS
from reports.forms.sections import SupplementForm
from reports.models import Report, Supplement
from reports.models.report_life import Status
from twinning import access
from twinning.exports import attachment, fence
from twinning.pages import SmallFormPage

ROWS_A_PAGE = 50


def frozen_report(request, pk):
    """The report, when its figures are frozen; else 404."""
    report = get_object_or_404(Report.objects.visible_to(request.user).for_list(), pk=pk)
    if not report.is_frozen:
        raise Http404
    return report


@require_safe
def figure_rows(request, pk, key):
    """The rows a frozen figure was counted from, as they were listed then."""
    report = frozen_report(request, pk)
    if key not in LABELS or key not in report.frozen["figures"]:
        raise Http404
    figure = report.frozen["figures"][key]
    page = Paginator(range(len(figure["ids"])), ROWS_A_PAGE).get_page(request.GET.get("page"))
    part = slice(page.start_index() - 1 if page.paginator.count else 0, page.end_index())
    context = {
        "object": report,
        "label": LABELS[key],
        "value": figure["value"],
        "rows": frozen.rows_of(report, key, part),
        "page_obj": page,
        "first": page.start_index(),
    }
    return render(request, "reports/figure_rows.html", context)


@require_safe
def changes(request, pk):
    """What is not any more as the report says, and the supplements that told it."""
    report = frozen_report(request, pk)
    may_issue = report.status == Status.ISSUED and access.signs_report(request.user, report)
    context = {
        "object": report,
        "changes": frozen.changes(report),
        "supplements": report.supplements.select_related("paper", "by"),
        "issue_url": reverse("supplement_create", args=[pk]) if may_issue and supplements.untold(report) else None,
    }
    return render(request, "reports/changes.html", context)


class SupplementCreate(SmallFormPage):
    """Issues what changed as a numbered supplement."""

    model = Report
    queryset = Report.objects.for_list()
    form_class = SupplementForm
    heading = _("Ban hành bổ sung số liệu")
    button = _("Ban hành")
    keeps_typed = True
    intro = _(
        "Cổng ghi mọi số liệu đã thay đổi sau khi chốt vào bản bổ sung và cấp số; báo cáo đã ban hành giữ nguyên."
    )
    done = _("Đã ban hành bản bổ sung và vào sổ văn bản đi.")

    def may(self, user):
        return access.signs_report(user, self.object) and bool(
            self.object.status == Status.ISSUED and supplements.untold(self.object)
        )

    def get_initial(self):
        return {"issued_on": timezone.localdate(), "signer_title": self.object.frozen["signatory"]}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "report": self.object}

    def save(self, form):
        supplements.issue(self.object, self.request.user, **form.cleaned_data)

    def next_page(self):
        return reverse("report_changes", args=[self.object.pk])


@require_safe
def supplement(request, pk):
    """The PDF of a supplement as it was issued; one of before PDFs were kept is made from what was stored."""
    from reports.papers.pdf import build_pdf  # WeasyPrint is slow to import and few processes need it

    found = get_object_or_404(
        Supplement.objects.visible_to(request.user).select_related("report__period__programme", "paper"), pk=pk
    )
    if not found.file:
        data = io.BytesIO(build_pdf(supplements.content(found), lambda percent, step: None)[0])
        return fence(attachment(data, found.name, "application/pdf", inline=True))
    try:
        stored = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return fence(attachment(stored, found.name, "application/pdf", inline=True))


@require_safe
def reconcile(request, pk):
    """The figures of the report beside those of the reports below, of the twins, and of the time before."""
    report = get_object_or_404(Report.objects.visible_to(request.user).for_list(), pk=pk)
    earlier, before = reconciliation.with_before(report)
    context = {
        "object": report,
        "below": reconciliation.with_below(report),
        "twins": reconciliation.with_twins(report),
        "earlier": earlier,
        "before": before,
        "title": _t("Đối chiếu số liệu"),
    }
    return render(request, "reports/reconcile.html", context)
