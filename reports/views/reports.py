"""Pages of reports: list, one report, what can happen to it, its PDF."""

import io
from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from reports import breakdowns, charts
from reports.checklist import checklist
from reports.content import SECTIONS
from reports.figures import RULES, Figure, printed_rules
from reports.filters import ReportFilter
from reports.forms.sections import ReturnReportForm
from reports.models import Report, ReportFile
from reports.models.report_life import Status
from reports.papers import word
from reports.papers.annex_workbook import build_workbook
from reports.papers.letters import FontMissing
from reports.tables import ReportTable
from twinning import access
from twinning.exports import CONTENT_TYPES, XLSX, attachment, fence
from twinning.pages import ActionPage, DetailPage, ListPage

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TWINS = {"docx": (word.build_report, WORD_TYPE), XLSX: (build_workbook, CONTENT_TYPES[XLSX])}


class ReportList(ListPage):
    model = Report
    queryset = Report.objects.for_list()
    filterset_class = ReportFilter
    table_class = ReportTable
    title = _("Báo cáo")
    intro = _("Báo cáo sơ kết, tổng kết của trường, Phòng và Sở.")
    empty_text = _("Chưa có báo cáo nào. Sở mở kỳ báo cáo thì báo cáo của các đơn vị hiện ở đây.")

    def get_table_kwargs(self):
        """A school has reports of its own only: what tells them apart is the period, so that comes first."""
        seat = access.seat(self.request.user)
        first = {"sequence": ("period", "...")} if seat and seat.school_id else {}
        return {**super().get_table_kwargs(), **first}

    def create_link(self):
        return (reverse("period_create"), _("Mở kỳ báo cáo")) if access.runs_reporting(self.request.user) else None

    def further_links(self):
        links = [(reverse("period_list"), _("Kỳ báo cáo")), (reverse("outgoing_list"), _("Sổ văn bản đi"))]
        batches = [(reverse("batch_list"), _("Đợt xuất PDF"))] if access.runs_batches(self.request.user) else []
        return links + batches


class ReportDetail(DetailPage):
    model = Report
    queryset = Report.objects.for_list()
    template_name = "reports/report_detail.html"

    def get_context_data(self, **kwargs):
        report, user = self.object, self.request.user
        texts = report.texts()
        scope = report.scope()
        figures = frozen_figures(report) if report.is_frozen else scope.figures()
        comments = list(report.comments.select_related("by"))
        events = list(report.events.select_related("by"))
        may_write = report.is_open_to_edit() and access.writes_report(user, report)
        steps = checklist(report) if report.status in Status.open() else []
        return super().get_context_data(
            figures=figures,
            rules=printed_rules(figures),
            written=[(section, texts[section.key]) for section in SECTIONS if texts.get(section.key)],
            unwritten=[section.heading for section in SECTIONS if not texts.get(section.key)],
            checklist=steps,
            is_for_later=may_write and not all(is_done for is_done, *_rest in steps),
            build_is_main=not may_write and not report.actions_for(user),
            comments=[comment for comment in comments if comment.answered_at is None],
            answered=[comment for comment in comments if comment.answered_at],
            answers_for=next((event for event in events if event.action in ("submit", "nil")), None),
            typists=typists(report),
            newer=Report.objects.filter(replaces=report).first(),
            supplement=report.supplements.select_related("paper").last(),
            monthly=charts.monthly(breakdowns.by_month(scope)),
            files=list(report.files.select_related("requested_by").defer("content").order_by("-version")[:5]),
            events=events,
            **official_papers(report, user),
            edit_url=reverse("report_edit", args=[report.pk]) if may_write else None,
            may_build=access.is_signer(user) or access.is_recorder(user),
            **kwargs,
        )


def official_papers(report, user):
    """What stands for the report once it is issued: the newest paper the issuer brought back, else the portal's PDF."""
    if report.status not in (Status.ISSUED, Status.REPLACED):
        return {}
    printed = report.files.filter(state=ReportFile.State.READY, content__is_draft=False).defer("content")
    return {
        "issued_papers": list(report.issued_papers.select_related("uploaded_by").order_by("-version")),
        "printed": printed.order_by("version").last(),
        "may_bring_back": report.status == Status.ISSUED and access.brings_back_report(user, report),
    }


def typists(report):
    """Who typed the sections, beside who answers for the report."""
    names = report.sections.exclude(typed_by=None).values_list("typed_by__full_name", flat=True)
    return sorted(set(names))


def frozen_figures(report):
    """The figures as they were at submission, as the dashboards show figures; each leads to the list frozen with it."""
    return {
        key: Figure(key, figure["value"], reverse("report_figure", args=[report.pk, key]))
        for key, figure in report.frozen["figures"].items()
        if key in RULES
    }


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
    return redirect(f"{report.get_absolute_url()}#tep-pdf")  # on a phone the file is far below the top


def file_state(request, uuid):
    """One line on a file; the page asks every two seconds until it is finished."""
    file = get_object_or_404(
        ReportFile.objects.visible_to(request.user).select_related("report", "requested_by").defer("content"), pk=uuid
    )
    return render(request, "reports/file_row.html", {"file": file})


@require_safe
def file_twin(request, uuid, form):
    """The Word twin or the workbook of a file: made on the spot from the content the PDF was made from."""
    file = get_object_or_404(ReportFile.objects.visible_to(request.user).select_related("report"), pk=uuid)
    if form not in TWINS:
        raise Http404
    build, media_type = TWINS[form]
    try:
        data = build(file.content)
    except FontMissing as error:
        messages.error(request, str(error))
        return redirect(file.report)
    return fence(attachment(io.BytesIO(data), f"{file.name.removesuffix('.pdf')}.{form}", media_type))


class ReportAction(ActionPage):
    model = Report
    queryset = Report.objects.for_list()

    def get_template_names(self):
        return ["twinning/return.html"] if self.name == "return" else [self.template_name]

    def get_form(self, form_class=None):
        if self.name != "return":
            return super().get_form(form_class)
        return ReturnReportForm(instance=Report.objects.for_list().get(pk=self.object.pk), **self.get_form_kwargs())

    def next_page(self):
        """A correction is written on its own page."""
        newer = Report.objects.filter(replaces=self.object).first() if self.name == "correct" else None
        return newer or self.object

    def get_initial(self):
        if self.name == "unlock":
            return {"unlocked_until": timezone.localdate() + timedelta(days=7)}
        if self.name != "issue":
            return {}
        frozen = self.object.frozen
        recipients = self.object.recipients or "\n".join(frozen["recipients"])
        return {
            "signer_title": frozen["signatory"],
            "issued_on": timezone.localdate(),
            "recipients": recipients,
        }
