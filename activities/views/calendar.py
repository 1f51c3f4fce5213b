"""The calendar of activities, and the private feed of it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from activities.calendar import feed, month_of, neighbours, weeks
from activities.models import Activity, CalendarAddress
from activities.models.calendar import new_token
from twinning import access
from twinning.models import Programme


@require_GET
def activity_calendar(request):
    """`/hoat-dong/lich/?thang=2023-10`: the month with what the person may see, planned, held and cancelled."""
    programme = Programme.objects.current_for(request.user)
    if programme is None:
        raise Http404
    first = month_of(request.GET.get("thang", ""), programme.clamp(timezone.localdate()))
    before, after = neighbours(first)
    visible = Activity.objects.visible_to(request.user).for_list().filter(programme=programme)
    visible = visible.exclude(status=Activity.Status.MERGED)
    activities = list(visible.filter(on__gte=first, on__lt=after).order_by("on", "starts_at", "pk"))
    address = CalendarAddress.objects.filter(user=request.user).first()
    context = {
        "first": first,
        "before": before,
        "after": after,
        "weeks": weeks(first, activities),
        "activities": activities,
        "today": timezone.localdate(),
        "feed_url": settings.SITE_URL + reverse("calendar_feed", args=[address.token]) if address else "",
        "may_record": access.is_recorder(request.user),
    }
    return render(request, "activities/calendar.html", context)


@require_POST
def calendar_address(request):
    """Make the private address, or a new one in its place: whoever knew the old one reads nothing any more."""
    CalendarAddress.objects.update_or_create(user=request.user, defaults={"token": new_token()})
    return redirect("activity_calendar")


@login_not_required
@require_GET
def calendar_feed(request, token):
    """Read by telephones, which do not sign in; the address is the secret."""
    address = get_object_or_404(CalendarAddress.objects.select_related("user"), token=token)
    if access.seat(address.user) is None:
        raise Http404
    response = HttpResponse(feed(address.user), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="lich-hoat-dong.ics"'
    response["Cache-Control"] = "private, max-age=900"
    return response
