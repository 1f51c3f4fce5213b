from django.urls import path

from activities.views import activities, agreements, calendar, check_in, participants, plans, supports, teachers

urlpatterns = [
    path("giao-uoc/", agreements.AgreementProgressList.as_view(), name="agreement_list"),
    path("giao-uoc/<int:pk>/ke-hoach/<int:year>/", plans.AgreementPlan.as_view(), name="agreement_plan"),
    path("hoat-dong/", activities.ActivityList.as_view(), name="activity_list"),
    path("hoat-dong/moi/", activities.ActivityCreate.as_view(), name="activity_create"),
    path("hoat-dong/lich/", calendar.activity_calendar, name="activity_calendar"),
    path("hoat-dong/lich/dia-chi/", calendar.calendar_address, name="calendar_address"),
    path("lich/<slug:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("hoat-dong/<int:pk>/", activities.ActivityDetail.as_view(), name="activity_detail"),
    path("hoat-dong/<int:pk>/sua/", activities.ActivityEdit.as_view(), name="activity_edit"),
    path("hoat-dong/<int:pk>/so-lieu/", activities.ActivityCorrect.as_view(), name="activity_correct"),
    path("hoat-dong/<int:pk>/tai-lieu/", activities.ActivityDocuments.as_view(), name="activity_documents"),
    path("hoat-dong/<int:pk>/diem-danh/", check_in.CheckInDeskPage.as_view(), name="activity_check_in"),
    path("hoat-dong/<int:pk>/diem-danh/ma/", check_in.CheckInCode.as_view(), name="activity_check_in_code"),
    path("hoat-dong/<int:pk>/diem-danh/dong/", check_in.CheckInLines.as_view(), name="activity_check_in_lines"),
    path("hoat-dong/<int:pk>/diem-danh/mo/", check_in.CheckInOpen.as_view(), name="activity_check_in_open"),
    path("hoat-dong/<int:pk>/diem-danh/dung/", check_in.CheckInStop.as_view(), name="activity_check_in_stop"),
    path(
        "hoat-dong/<int:pk>/diem-danh/<int:line>/gach/",
        check_in.CheckInStrike.as_view(),
        name="activity_check_in_strike",
    ),
    path(
        "hoat-dong/<int:pk>/diem-danh/<int:line>/lay-lai/",
        check_in.CheckInRestore.as_view(),
        name="activity_check_in_restore",
    ),
    # Outside the sign-in, for phones.
    path("diem-danh/<slug:code>/", participants.CheckInPage.as_view(), name="check_in"),
    path("gop-y/<slug:code>/", participants.FeedbackPage.as_view(), name="feedback"),
    path("hoat-dong/<int:pk>/<slug:action>/", activities.ActivityAction.as_view(), name="activity_action"),
    path("giao-vien/cua-toi/", teachers.own_teachers, name="own_teachers"),
    path("ho-tro/", supports.SupportList.as_view(), name="support_list"),
    path("ho-tro/moi/", supports.SupportCreate.as_view(), name="support_create"),
    path("ho-tro/<int:pk>/", supports.SupportDetail.as_view(), name="support_detail"),
    path("ho-tro/<int:pk>/sua/", supports.SupportEdit.as_view(), name="support_edit"),
    path("ho-tro/<int:pk>/chung-tu/", supports.SupportDocuments.as_view(), name="support_documents"),
    path("ho-tro/<int:pk>/<slug:action>/", supports.SupportAction.as_view(), name="support_action"),
]
