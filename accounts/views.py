"""A person's own pages: profile, notices and the mail they go out by."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import ListView, UpdateView

from accounts.forms import MailChoiceForm, ProfileForm


class Profile(UpdateView):
    form_class = ProfileForm
    template_name = "account/profile.html"
    success_url = reverse_lazy("profile")

    def get_object(self, queryset=None):
        return self.request.user

    def form_valid(self, form):
        messages.success(self.request, _("Đã lưu thông tin của thầy/cô."))
        return super().form_valid(form)


class MailChoice(UpdateView):
    """Whether and when notices come by mail; every letter links here."""

    form_class = MailChoiceForm
    template_name = "account/mail_choice.html"
    success_url = reverse_lazy("mail_choice")
    extra_context = {"digest_hour": settings.DIGEST_HOUR}

    def get_object(self, queryset=None):
        return self.request.user

    def form_valid(self, form):
        messages.success(self.request, _("Đã lưu cách nhận thư."))
        return super().form_valid(form)


class NotificationList(ListView):
    template_name = "account/notification_list.html"
    paginate_by = 30

    def get_queryset(self):
        return self.request.user.notifications.all()


@require_POST
def open_notification(request, pk):
    """Go to the page of a notice. That one and those before it about the page are read then (it writes: a POST)."""
    notice = get_object_or_404(request.user.notifications, pk=pk)
    request.user.notifications.filter(url=notice.url, pk__lte=pk).mark_read()
    return redirect(notice.url)


@require_POST
def read_all_notifications(request):
    request.user.notifications.mark_read()
    return redirect("notification_list")


@login_not_required
@never_cache
def healthz(request):
    """Answers 200 when the database does; for monitors and for bin/run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)
