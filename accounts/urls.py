from allauth.account.urls import urlpatterns as allauth_urls
from django.urls import include, path

from accounts import views

# Of allauth's pages only those that have a use here: no sign-up, no e-mail management.
SHOWN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_change_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}

urlpatterns = [
    path("tai-khoan/", views.Profile.as_view(), name="profile"),
    path("tai-khoan/thu/", views.MailChoice.as_view(), name="mail_choice"),
    path("tai-khoan/", include([url for url in allauth_urls if url.name in SHOWN])),
    path("thong-bao/", views.NotificationList.as_view(), name="notification_list"),
    path("thong-bao/<int:pk>/doc/", views.open_notification, name="notification_open"),
    path("thong-bao/da-doc/", views.read_all_notifications, name="notification_read_all"),
    path("healthz", views.healthz, name="healthz"),
]
