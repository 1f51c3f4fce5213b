"""Pages of reporting periods: the list, one with how far it has come, opening, moving days, the yearly calendar."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import UpdateView

from reports.content import HEADINGS
from reports.filters import PeriodFilter
from reports.forms.period import CalendarForm, ExemptForm, PeriodChangeForm, PeriodForm
from reports.models import Batch, Report, ReportingCalendar, ReportingPeriod
from reports.standing import by_district, by_level, list_url
from reports.tables import PeriodTable
from reports.tasks import tell_opened
from twinning import access, vietnamese
from twinning.models import Programme
from twinning.pages import CreatePage, DetailPage, Editable, FormPage, ListPage, SmallFormPage
from twinning.vietnamese import number

# As many seasons of PDFs are told on the page of a period.
MOST_BATCHES = 3


class PeriodList(ListPage):
    model = ReportingPeriod
    queryset = ReportingPeriod.objects.for_list().with_counts()
    filterset_class = PeriodFilter
    table_class = PeriodTable
    title = _("Kỳ báo cáo")
    intro = _("Sơ kết năm học, tổng kết giai đoạn và báo cáo đột xuất: hạn nộp từng cấp, đã nộp đến đâu.")
    empty_text = _("Chưa mở kỳ báo cáo nào.")

    def create_link(self):
        return (reverse("period_create"), _("Mở kỳ báo cáo")) if access.runs_reporting(self.request.user) else None

    def further_links(self):
        return [(reverse("reporting_calendar"), _("Lịch hằng năm"))] if access.runs_reporting(self.request.user) else []


class PeriodDetail(DetailPage):
    model = ReportingPeriod
    queryset = ReportingPeriod.objects.for_list()
    template_name = "reports/period_detail.html"

    def get_context_data(self, **kwargs):
        period, user = self.object, self.request.user
        levels = by_level(period, user)
        sees_many = access.compares_schools(user)
        return super().get_context_data(
            levels=levels,
            districts=by_district(period, user) if sees_many else [],
            open_url=list_url(period, tinh_trang="chua-nop"),
            overdue_url=list_url(period, tinh_trang="qua-han"),
            unlock_url=list_url(period, tinh_trang="xin-mo-khoa"),
            unlock_count=Report.objects.visible_to(user).filter(period=period, unlock_asked_at__isnull=False).count(),
            required=[HEADINGS[key] for key in HEADINGS if key in period.required_sections],
            own=Report.objects.visible_to(user).filter(period=period).for_list().of_seat(user).last(),
            runs=access.runs_reporting(user),
            may_batch=access.runs_batches(user),
            batches=list(Batch.objects.visible_to(user).filter(period=period).for_list().with_counts()[:MOST_BATCHES]),
            still_open=sum(level.open for level in levels),
            **kwargs,
        )


class PeriodCreate(CreatePage):
    """Every unit concerned gets its report at once, or on the day the period opens."""

    model = ReportingPeriod
    form_class = PeriodForm
    template_name = "reports/period_form.html"
    may_create = access.runs_reporting

    def dispatch(self, request, *args, **kwargs):
        if Programme.objects.current_for(request.user) is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def list_page(self):
        return "period_list"

    def save(self, form):
        self.object = form.save()
        self.count = None
        if self.object.opens_on <= timezone.localdate():
            self.count = self.object.open()
            _tell_opened(self.object)

    def saved_message(self):
        if self.count is None:
            text = _t("Đã lưu. Cổng sẽ mở %(period)s ngày %(day)s.")
            return text % {"period": self.object, "day": vietnamese.day(self.object.opens_on)}
        return _t("Đã mở %(period)s cho %(n)s đơn vị.") % {"period": self.object, "n": number(self.count)}

    def get_context_data(self, **kwargs):
        heading, back = _("Mở kỳ báo cáo"), reverse("period_list")
        return super().get_context_data(heading=heading, back_url=back, back=_("Kỳ báo cáo"), **kwargs)


class PeriodChange(FormPage, Editable, UpdateView):
    """Days may move at any time: reminders, locks and the rate of those on time follow."""

    model = ReportingPeriod
    form_class = PeriodChangeForm
    template_name = "reports/period_form.html"

    def save(self, form):
        self.object = form.save()

    def get_context_data(self, **kwargs):
        back = self.object.get_absolute_url()
        return super().get_context_data(heading=_("Sửa kỳ báo cáo"), back_url=back, back=self.object, **kwargs)


class ExemptOpen(SmallFormPage):
    """All units of one level that have not handed in, exempted for one reason."""

    model = ReportingPeriod
    form_class = ExemptForm
    heading = _("Miễn báo cáo cho các trường chưa nộp")
    button = _("Miễn báo cáo")

    def may(self, user):
        return access.runs_reporting(user) and self.reports().exists()

    def reports(self):
        return Report.objects.filter(period=self.object).standing().at_level("school").filter(status="drafting")

    @property
    def intro(self):
        text = _t(
            "%s trường chưa nộp sẽ được miễn kỳ này và nhận thông báo kèm lý do. Trường bị trả lại không được miễn."
        )
        return text % number(self.reports().count())

    def save(self, form):
        reports = list(self.reports().for_list())
        for report in reports:
            report.perform("exempt", self.request.user, note=form.cleaned_data["note"])
        self.done = _t("Đã miễn báo cáo cho %s trường.") % number(len(reports))


class Calendar(SmallFormPage):
    """The days by which the portal opens sơ kết of each school year by itself."""

    model = Programme
    form_class = CalendarForm
    template_name = "reports/period_form.html"
    heading = _("Lịch báo cáo hằng năm")
    done = _("Đã lưu lịch. Mỗi năm, đến ngày mở, cổng tự mở kỳ sơ kết và báo cho các đơn vị.")

    def get_object(self):
        programme = Programme.objects.current_for(self.request.user)
        if programme is None:
            raise Http404
        return programme

    def may(self, user):
        return access.runs_reporting(user)

    def get_form_kwargs(self):
        found = ReportingCalendar.objects.filter(programme=self.object).first()
        instance = found or ReportingCalendar(programme=self.object)
        return {**super().get_form_kwargs(), "instance": instance}

    def save(self, form):
        form.save()

    def next_page(self):
        return redirect("period_list").url

    def get_context_data(self, **kwargs):
        context = super().get_context_data(back=_("Kỳ báo cáo"), **kwargs)
        return {**context, "back_url": reverse("period_list")}


def _tell_opened(period):
    # robust: a broker that is away makes no error of what was stored; reminders before the last day go out anyway.
    transaction.on_commit(lambda: tell_opened.delay(period.pk), robust=True)


@require_POST
def open_again(request, pk):
    """Opens a period that waits for its day, or gives units that came since their report."""
    period = get_object_or_404(ReportingPeriod.objects.editable_by(request.user), pk=pk)
    was_open = period.is_open
    added = period.open()
    _tell_opened(period)
    if was_open and not added:
        messages.info(request, _t("Không có đơn vị nào thiếu báo cáo."))
    else:
        messages.success(request, _t("Đã thêm báo cáo cho %d đơn vị.") % added)
    return redirect(period)
