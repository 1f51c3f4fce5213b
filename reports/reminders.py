"""What the portal does with reporting periods each day: opens those whose day has come, tells who has to report,
reminds before, on and after the last day of each level.

Safe to run twice: what was told stands in the notices themselves (`Notification.key`), by the last day it was told for,
so that a day that moves is told anew.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Notification
from reports.models import Report, ReportingCalendar, ReportingPeriod
from reports.models.period import LEVELS
from reports.models.report_life import Status
from reports.standing import list_url
from twinning import access, vietnamese
from twinning.vietnamese import number

logger = logging.getLogger(__name__)

# Days before the last day; of days the portal was off, only the nearest is told.
BEFORE = (0, 1, 7)
# So many weeks long a report that is late is asked for, once a week.
LATE_WEEKS = 8


def watch():
    """Do all of it; → {"opened" | "reminded" | "told": how many periods, reports, Departments}."""
    return {
        "opened": open_due(),
        "reminded": sum(_remind(period, level) for period in _running() for level in LEVELS),
        "told": sum(_tell_department(period) for period in _running()),
    }


def open_due():
    """Open the periods whose day has come, and those the yearly calendars ask for; → how many."""
    today = timezone.localdate()
    opened = 0
    for calendar in ReportingCalendar.objects.filter(is_on=True).select_related("programme"):
        if period := calendar.due_to_open(today):
            period.save()
    for period in ReportingPeriod.objects.for_list().filter(opened_at=None, opens_on__lte=today):
        try:
            with transaction.atomic():
                period.open()
            tell_opened(period)
            opened += 1
        except Exception:
            logger.exception("Period %s was not opened.", period.pk)
    return opened


def tell_opened(period):
    """Everyone who has to report learns by when; each once."""
    for report in period.reports.standing().for_list():
        text = _("%(period)s đã mở. Hạn nộp của %(unit)s: %(day)s.") % {
            "period": period,
            "unit": report.unit_name,
            "day": _day(report.due_on),
        }
        key = f"period-open:{report.pk}"
        Notification.objects.tell(report.writing_people(), text, report.get_absolute_url(), report.next_step, key)


def _running():
    """Opened, and not over for longer than anybody is asked."""
    first = timezone.localdate() - timedelta(weeks=LATE_WEEKS)
    return ReportingPeriod.objects.for_list().filter(opened_at__isnull=False, due_on__gte=first)


def _remind(period, level):
    """→ of how many units the report is asked for; a person learns it once under one key."""
    due = period.due_of(level)
    days = (due - timezone.localdate()).days
    if days > max(BEFORE) or days < -7 * LATE_WEEKS:
        return 0
    mark = f"late{(-days - 1) // 7}" if days < 0 else str(min(limit for limit in BEFORE if days <= limit))
    words = {
        "0": _("Hôm nay, %(day)s, là hạn nộp %(it)s."),
        "1": _("Ngày mai, %(day)s, là hạn nộp %(it)s."),
    }.get(mark, _("Sắp đến hạn nộp %(it)s: %(day)s.") if days > 0 else _("Đã quá hạn nộp %(it)s: %(day)s."))
    reports = period.reports.standing().at_level(level).filter(status__in=Status.open())
    reports = list(reports.for_list())
    for report in reports:
        text = words % {"it": report, "day": _day(due)}
        key = f"report-due:{report.pk}:{due}:{mark}"
        Notification.objects.tell(report.writing_people(), text, report.get_absolute_url(), report.next_step, key)
    return len(reports)


def _tell_department(period):
    """The day after the last day of a level, and each week then, who runs the period learns how many are late."""
    today = timezone.localdate()
    late = Report.objects.filter(period=period).standing().overdue()
    count = late.count()
    weeks = [(today - period.due_of(level)).days // 7 for level in LEVELS if period.due_of(level) < today]
    if not count or not weeks:
        return 0
    key = f"period-late:{period.pk}:{period.due_school_on}:{period.due_district_on}:{period.due_on}:{sum(weeks)}"
    people = access.people_of(department_id=period.programme.department_id)
    text = _("%(period)s: %(n)s đơn vị quá hạn chưa nộp.") % {"period": period, "n": number(count)}
    step = _("Nhắc đơn vị, dời hạn, hoặc miễn báo cáo cho đơn vị có lý do.")
    Notification.objects.tell(people, text, list_url(period, tinh_trang="qua-han"), step, key)
    return 1


def _day(day):
    return vietnamese.day(day)
