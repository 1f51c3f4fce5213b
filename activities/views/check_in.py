"""Pages of those who host a check-in: the code to show, the list that grows, and lines struck or put back."""

from datetime import timedelta

import segno
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _t
from django.views.generic import View
from django.views.generic.detail import SingleObjectMixin

from activities import check_in_code
from activities.models import Activity, CheckInDesk
from activities.models.check_in import DAYS_AROUND, require_open
from twinning import access
from twinning.pages import DetailPage, Scoped

SHOWN = 40


class Hosted:
    """Rows the person may see and host the check-in of; anything else is a 404."""

    model = Activity
    queryset = Activity.objects.for_list().select_related("programme__department", "check_in_desk")

    def get_object(self, queryset=None):
        activity = super().get_object(queryset)
        if not access.hosts_check_in(self.request.user, activity):
            raise Http404
        return activity


class CheckInDeskPage(Hosted, DetailPage):
    """`/hoat-dong/<id>/diem-danh/`; with `?man-hinh=lon` the code alone, without names, for the screen of the hall."""

    def get_template_names(self):
        screen = self.request.GET.get("man-hinh") == "lon"
        return ["activities/check_in_screen.html" if screen else "activities/check_in_desk.html"]

    def get_context_data(self, **kwargs):
        activity = self.object
        is_whole = "tat-ca" in self.request.GET
        return super().get_context_data(
            **code_context(activity),
            **list_context(activity, self.request.user, shown=None if is_whole else SHOWN),
            first_day=activity.day - DAYS_AROUND,
            last_day=activity.day + DAYS_AROUND,
            feedback_url=settings.SITE_URL + reverse("feedback", args=[check_in_code.feedback_code(activity.pk)]),
            **kwargs,
        )


class CheckInCode(Hosted, DetailPage):
    """The part of the page that shows the code; asked for again before the code grows old."""

    template_name = "activities/check_in_code.html"

    def get_context_data(self, **kwargs):
        screen = "man-hinh" in self.request.GET
        return super().get_context_data(**code_context(self.object), screen=screen, **kwargs)


class CheckInLines(Hosted, DetailPage):
    """The part of the page that shows who is there; asked for again every few seconds."""

    template_name = "activities/check_in_lines.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**list_context(self.object, self.request.user, shown=SHOWN), **kwargs)


class CheckInAct(Hosted, Scoped, SingleObjectMixin, View):
    """What is done with one press on the page, a POST. Subclasses give `act(activity)`, which says what was done."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        self.object = activity = self.get_object()
        try:
            if done := self.act(activity):
                messages.success(request, done)
        except check_in_code.Refused as refusal:
            messages.error(request, f"{refusal.heading}. {refusal.what_to_do}")
        return redirect("activity_check_in", activity.pk)


class CheckInOpen(CheckInAct):
    def act(self, activity):
        CheckInDesk.open(activity, self.request.user)
        return _t("Đã mở điểm danh. Chiếu mã lên màn hình để mọi người quét.")


class CheckInStop(CheckInAct):
    def act(self, activity):
        if desk := desk_of(activity):
            desk.close(self.request.user)
        return _t("Đã dừng điểm danh. Các mã đã chiếu không dùng được nữa.")


class CheckInStrike(CheckInAct):
    def act(self, activity):
        line = self.line(activity)
        line.strike(self.request.user)
        return _t("Đã gạch “%s”. Dòng vẫn còn ở cuối danh sách, lấy lại được.") % line.person

    def line(self, activity):
        line = activity.check_ins.select_related("school", "teacher").filter(pk=self.kwargs["line"]).first()
        if line is None:
            raise Http404
        line.activity = activity
        if not access.strikes_check_in(self.request.user, line):
            raise Http404
        return line


class CheckInRestore(CheckInStrike):
    def act(self, activity):
        line = self.line(activity)
        line.restore(self.request.user)
        return _t("Đã lấy lại “%s”.") % line.person


def desk_of(activity):
    return getattr(activity, "check_in_desk", None)


def code_context(activity):
    """What shows the code: `desk`, `is_open`, `refusal` (why it cannot be opened), `code_url`, `qr` (SVG)."""
    desk, refusal = desk_of(activity), None
    try:
        require_open(activity)
    except check_in_code.Refused as why:
        refusal = why
    is_open = desk is not None and desk.closed_at is None and refusal is None
    context = {
        "desk": desk,
        "is_open": is_open,
        "refusal": refusal,
        "turn_minutes": check_in_code.TURN // timedelta(minutes=1),
    }
    if is_open:
        address = settings.SITE_URL + reverse("check_in", args=[desk.code])
        drawn = segno.make(address, error="m", micro=False).svg_inline(
            omitsize=True, border=2, svgclass=None, lineclass=None
        )
        context |= {"code_url": address, "qr": mark_safe(drawn)}  # drawn by segno from our own address
    return context


def list_context(activity, user, shown):
    """Who is there: the newest `shown` lines (all when None), what was struck, and how many from each school."""
    lines = activity.check_ins.select_related("school", "struck_by")
    live = Q(struck_at=None)
    counts = activity.check_ins.aggregate(
        live=Count("pk", filter=live), waiting=Count("pk", filter=live & Q(counted_at=None))
    )
    hosting = access.records_activity(user, activity) or access.speaks_for(
        user, school_id=activity.host_school_id, district_id=activity.host_district_id
    )
    seat = access.seat(user)
    return {
        "lines": list(lines.live()[:shown]),
        "struck": list(lines.filter(struck_at__isnull=False)[:shown]),
        "live_count": counts["live"],
        "waiting_count": counts["waiting"],
        "schools": activity.check_ins.live()
        .values("school__name")
        .annotate(n=Count("pk"), managers=Count("pk", filter=Q(is_manager=True)))
        .order_by("-n", "school__name"),
        "is_whole": shown is None,
        "is_cut": shown is not None and counts["live"] > shown,
        "may_strike_all": hosting,
        "own_school": seat.school_id if seat else None,
    }
