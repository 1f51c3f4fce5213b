from django.urls import path
from django.views.generic import RedirectView

from reports.views import awards, coverage, dashboard, frozen, papers, periods, register, reports, writing

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("tim-kiem/", dashboard.search, name="search"),
    path("giao-uoc/<int:pk>/ban-in/<slug:form>/", papers.agreement, name="agreement_paper"),
    path("phu-luc/<int:pk>/ban-in/<slug:form>/", papers.amendment, name="amendment_paper"),
    path("khen-thuong/", awards.AwardList.as_view(), name="award_list"),
    path("phan-tich/", RedirectView.as_view(pattern_name="coverage"), name="analysis"),
    path("phan-tich/bao-phu/", coverage.coverage, name="coverage"),
    path("bao-cao/", reports.ReportList.as_view(), name="report_list"),
    path("bao-cao/so-van-ban-di/", register.OutgoingPaperList.as_view(), name="outgoing_list"),
    path("bao-cao/ky/", periods.PeriodList.as_view(), name="period_list"),
    path("bao-cao/ky/moi/", periods.PeriodCreate.as_view(), name="period_create"),
    path("bao-cao/ky/lich/", periods.Calendar.as_view(), name="reporting_calendar"),
    path("bao-cao/ky/<int:pk>/", periods.PeriodDetail.as_view(), name="period_detail"),
    path("bao-cao/ky/<int:pk>/sua/", periods.PeriodChange.as_view(), name="period_edit"),
    path("bao-cao/ky/<int:pk>/mo/", periods.open_again, name="period_open"),
    path("bao-cao/ky/<int:pk>/mien/", periods.ExemptOpen.as_view(), name="period_exempt"),
    path("bao-cao/tep/<uuid:uuid>/", reports.file_state, name="report_file_state"),
    path("bao-cao/<int:pk>/", reports.ReportDetail.as_view(), name="report_detail"),
    path("bao-cao/<int:pk>/sua/", writing.edit_sections, name="report_edit"),
    path("bao-cao/bo-sung/<int:pk>/", frozen.supplement, name="supplement"),
    path("bao-cao/<int:pk>/so-lieu/<slug:key>/", frozen.figure_rows, name="report_figure"),
    path("bao-cao/<int:pk>/thay-doi/", frozen.changes, name="report_changes"),
    path("bao-cao/<int:pk>/bo-sung/", frozen.SupplementCreate.as_view(), name="supplement_create"),
    path("bao-cao/<int:pk>/doi-chieu/", frozen.reconcile, name="report_reconcile"),
    path("bao-cao/<int:pk>/ky-truoc/", writing.start_from_before, name="report_start"),
    path("bao-cao/<int:pk>/trich/<slug:key>/", writing.QuotePage.as_view(), name="report_quote"),
    path("bao-cao/<int:pk>/tao-tep/", reports.request_file, name="report_file_create"),
    path("bao-cao/<int:pk>/<slug:action>/", reports.ReportAction.as_view(), name="report_action"),
]
