"""Pages of reports: list, one report, its sentences, its PDF, and opening a period."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from reports import charts
from reports.content import SECTIONS
from reports.figures import RULES, Figure
from reports.filters import ReportFilter
from reports.forms import PeriodForm, SectionsForm
from reports.models import Report, ReportFile, ReportingPeriod
from reports.tables import ReportTable
from twinning import access
from twinning.models import Programme
from twinning.pages import ActionPage, DetailPage, ListPage


class ReportList(ListPage):
    model = Report
    queryset = Report.objects.for_list()
    filterset_class = ReportFilter
    table_class = ReportTable
    title = _("Báo cáo")
    intro = _("Báo cáo sơ kết của trường, Phòng và Sở.")
    empty_text = _("Chưa có báo cáo nào khớp. Sở mở kỳ báo cáo thì báo cáo của các đơn vị hiện ở đây.")

    def create_link(self):
        if ReportingPeriod.objects.may_open(self.request.user):
            return reverse("period_create"), _("Mở kỳ báo cáo")
        return None


class ReportDetail(DetailPage):
    model = Report
    queryset = Report.objects.for_list()
    template_name = "reports/report_detail.html"

    def get_context_data(self, **kwargs):
        report, user = self.object, self.request.user
        texts = report.texts()
        scope = report.scope()
        figures = frozen_figures(report, scope) if report.is_frozen else scope.figures()
        may_write = report.is_open_to_edit() and access.writes_report(user, report)
        return super().get_context_data(
            figures=figures,
            rules=[(figures[key].label, rule) for key, rule in RULES.items()],
            sections=[(section, texts.get(section.key, "")) for section in SECTIONS],
            missing=sum(not texts.get(section.key) for section in SECTIONS),
            monthly=charts.monthly(scope.by_month()),
            files=list(report.files.select_related("requested_by").defer("content").order_by("-version")[:5]),
            events=report.events.select_related("by"),
            edit_url=reverse("report_edit", args=[report.pk]) if may_write else None,
            may_build=access.is_signer(user) or access.is_recorder(user),
            **kwargs,
        )


def frozen_figures(report, scope):
    """The figures as they were at submission, as the dashboards show figures."""
    return {
        key: Figure(key, figure["value"], scope.url(key))
        for key, figure in report.frozen["figures"].items()
        if key in RULES
    }


def edit_sections(request, pk):
    """The sentences people write. htmx sends each change at once; a plain POST saves all."""
    report = get_object_or_404(Report.objects.editable_by(request.user).for_list(), pk=pk)
    if not access.writes_report(request.user, report) or not report.is_open_to_edit():
        raise Http404
    form = SectionsForm(request.POST or None, report=report, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        if request.htmx:
            return render(request, "reports/saved.html", {"at": timezone.localtime()})
        messages.success(request, _t("Đã lưu lời văn báo cáo."))
        return redirect(report)
    status = 422 if form.is_bound else 200
    return render(request, "reports/report_form.html", {"form": form, "object": report}, status=status)


@require_POST
def request_file(request, pk):
    """ "Tạo báo cáo": queue the PDF, or lead to the one that is there already."""
    report = get_object_or_404(Report.objects.visible_to(request.user).for_list(), pk=pk)
    if not (access.is_recorder(request.user) or access.is_signer(request.user)):
        raise Http404
    file, created = ReportFile.objects.request(report, request.user)
    if created:
        file.enqueue()
        messages.success(request, _t("Đang tạo báo cáo. Có thể rời trang này; xong sẽ có thông báo."))
    elif file.is_pending:
        messages.info(request, _t("Báo cáo này đang được tạo, không cần bấm lần nữa."))
    else:
        messages.info(request, _t("Nội dung chưa thay đổi từ bản %d; có thể tải ngay bản đó.") % file.version)
    return redirect(report)


def file_state(request, uuid):
    """One line on a file; the page asks every two seconds until it is finished."""
    file = get_object_or_404(
        ReportFile.objects.visible_to(request.user).select_related("report", "requested_by").defer("content"), pk=uuid
    )
    return render(request, "reports/file_row.html", {"file": file})


class ReportAction(ActionPage):
    model = Report
    queryset = Report.objects.for_list()

    def get_initial(self):
        if self.name != "issue":
            return {}
        titles = {"school": "HIỆU TRƯỞNG", "district": "TRƯỞNG PHÒNG", "department": "GIÁM ĐỐC"}
        kind = next(kind for kind in titles if getattr(self.object, f"{kind}_id"))
        return {"signer_title": titles[kind], "issued_on": timezone.localdate()}


def open_period(request):
    """The Department opens sơ kết of a school year; every unit concerned gets its report."""
    programme = Programme.objects.current_for(request.user)
    if programme is None or not ReportingPeriod.objects.may_open(request.user):
        raise Http404
    form = PeriodForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            period = form.save()
            count = period.open()
        messages.success(request, _t("Đã mở %(period)s cho %(n)d đơn vị.") % {"period": period, "n": count})
        return redirect("report_list")
    context = {
        "form": form,
        "object": _t("Báo cáo"),
        "back_url": reverse("report_list"),
        "heading": _t("Mở kỳ báo cáo sơ kết"),
    }
    return render(request, "components/form.html", context, status=422 if form.is_bound else 200)
