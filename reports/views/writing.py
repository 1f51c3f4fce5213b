"""Writing a report: its sections with autosave, the sentences of the time before, quotes from the reports below."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from reports import quoting
from reports.content import HEADINGS
from reports.forms.sections import QuoteForm, SectionsForm
from reports.models import Report
from twinning import access
from twinning.pages import SmallFormPage, warn


def open_report(request, pk):
    """The report, when the person may write in it now; else 404."""
    report = get_object_or_404(Report.objects.editable_by(request.user).for_list(), pk=pk)
    if not access.writes_report(request.user, report) or not report.is_open_to_edit():
        raise Http404
    return report


def edit_sections(request, pk):
    """The sentences people write. htmx sends each change at once; a plain POST saves all."""
    report = open_report(request, pk)
    form = SectionsForm(request.POST or None, report=report, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        if request.htmx:
            return render(request, "reports/saved.html", {"at": timezone.localtime()})
        messages.success(request, _t("Đã lưu lời văn báo cáo."))
        warn(request, form)
        return redirect(report)
    earlier = Report.objects.before(report)
    told_before, told = earlier.texts() if earlier else {}, report.texts()
    below = quoting.counts_below(report)
    context = {
        "form": form,
        "object": report,
        "earlier": earlier,
        "can_start": any(told_before.get(key) and not told.get(key) for key in HEADINGS),
        "rows": [
            (section, field, comments, told_before.get(section.key, ""), below[section.key])
            for section, field, comments in form.rows()
            if not field.field.disabled
        ],
        "required": report.period.required_sections,
        "figures": report.scope().figures().values(),
    }
    return render(request, "reports/report_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def start_from_before(request, pk):
    """Fills what is still empty; what was written stays."""
    filled = quoting.start_from_before(open_report(request, pk), request.user)
    messages.success(request, _t("Đã đưa lời văn kỳ trước vào %d mục còn trống. Hãy sửa cho đúng kỳ này.") % filled)
    return redirect("report_edit", pk)


class QuotePage(SmallFormPage):
    """Paragraphs of the reports below, to choose from for one section."""

    model = Report
    queryset = Report.objects.for_list()
    form_class = QuoteForm
    template_name = "reports/quote_form.html"
    button = _("Trích vào báo cáo")

    def may(self, user):
        report, self.key = self.object, self.kwargs["key"]
        may_write = access.writes_report(user, report) and report.is_open_to_edit()
        commented = set(report.comments.open().values_list("key", flat=True))
        return may_write and self.key in HEADINGS and (not commented or self.key in commented)

    @property
    def heading(self):
        return _t("Trích từ báo cáo cấp dưới: %s") % HEADINGS[self.key]

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "lines": quoting.lines_below(self.object, self.key)}

    def save(self, form):
        lines = form.chosen()
        quoting.quote(self.object, self.key, lines, self.request.user)
        self.done = _t("Đã trích %d đoạn, mỗi đoạn ghi rõ đơn vị. Hãy đọc lại cho liền mạch.") % len(lines)

    def next_page(self):
        return reverse("report_edit", args=[self.object.pk])
