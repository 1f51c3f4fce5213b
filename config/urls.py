"""Every URL of the portal; each app keeps its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from reports.models import BatchBook, CertificateFile, ReportFile
from twinning.views.portal import private_file

# The one door, with its limit of attempts, is the portal's own.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = admin.site.site_title = _("Quản trị cổng giao ước")

urlpatterns = [
    path("quan-tri/", admin.site.urls),
    # Files of every app go out through one door.
    path("tep/<uuid:uuid>/", private_file, {"kinds": (ReportFile, CertificateFile, BatchBook)}, name="file"),
    path("", include("accounts.urls")),
    path("", include("twinning.urls")),
    path("", include("activities.urls")),
    path("", include("reports.urls")),
]
