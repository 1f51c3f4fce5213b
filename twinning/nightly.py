"""What the portal does with agreements each night: those that are over expire, both sides are warned of an end to come,
who has not answered is reminded, the Department is told what is wrong.

Safe to run twice: what was told stands in the notices themselves (`Notification.key`), by the end day the agreement has
then. A night that was missed is made up for by the next one, without telling the same thing several times.
"""

import logging
from datetime import datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Notification
from twinning import access, problems, vietnamese
from twinning.life import Refused
from twinning.models import Agreement, Department
from twinning.vietnamese import number

logger = logging.getLogger(__name__)

Status = Agreement.Status
# Days before the end; of a time when the portal was off, only the nearest one is told.
WARNINGS = (15, 60)
A_WEEK = timedelta(days=7)
MOST_NAMED = 3
ENDS, WAITS, WRONG = "agreement-ends", "agreement-waits", "agreements-wrong"
AMENDMENT_WAITS = "amendment-waits"


def watch():
    """Do all of it; → {"expired" | "warned" | "reminded" | "told": how many agreements (of "reminded" amendments, too;
    of "told" Departments)}."""
    return {
        "expired": _each(Agreement.objects.filter(problems.over_but_signed()), _expire),
        "warned": _each(_near_their_end(), _warn),
        "reminded": _each(_unanswered(), _remind) + _each(_unanswered_amendments(), _remind_of_amendment),
        "told": _each(Department.objects.all(), _tell_department),
    }


def _each(rows, act):
    """`act` on each of `rows` that still is one of them when its turn comes; → for how many it did something. One that
    fails is logged and left for the next night."""
    done = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                row = rows.for_list() if hasattr(rows, "for_list") else rows
                row = row.filter(pk=pk).first()
                done += bool(row and act(row))
        except Refused as refusal:  # somebody was faster
            logger.info("%s %s is left alone: %s", rows.model.__name__, pk, refusal)
        except Exception:
            logger.exception("%s %s: the nightly watch failed.", rows.model.__name__, pk)
    return done


def _expire(agreement):
    agreement.perform("expire", None)
    return True


# --- The end is near ------------------------------------------------------------------------------------------------


def _near_their_end():
    today = timezone.localdate()
    return Agreement.objects.live().filter(ends_on__range=(today, today + timedelta(days=max(WARNINGS))))


def _warn(agreement):
    days = (agreement.ends_on - timezone.localdate()).days
    warning = min(limit for limit in WARNINGS if days <= limit)
    key = f"{ENDS}:{agreement.pk}:{agreement.ends_on}:{warning}"
    people = agreement.own_people()
    told = set(Notification.objects.filter(key=key, user__in=people).values_list("user", flat=True))
    news = [person for person in people if person.pk not in told]
    if not news:
        return False
    last_day = vietnamese.day(agreement.ends_on)
    when = _("còn %(days)d ngày nữa, hết ngày %(day)s") if days else _("hôm nay, %(day)s, là ngày cuối")
    renewed = agreement.renewals.exclude(status=Status.WITHDRAWN).exists()
    step = (
        _("Bản gia hạn đã lập; hai bên tổng kết kết quả.")
        if renewed
        else _("Hai bên tổng kết kết quả; muốn tiếp tục thì lập bản gia hạn.")
    )
    text = _("Giao ước “%(it)s” sắp hết hiệu lực: %(when)s.") % {
        "it": agreement,
        "when": when % {"days": days, "day": last_day},
    }
    Notification.objects.tell(news, text, agreement.get_absolute_url(), step, key)
    return True


# --- Nobody answers -------------------------------------------------------------------------------------------------


def _unanswered():
    """Waiting for more than a week, not over, and nobody was reminded within the last one."""
    waiting = Agreement.objects.filter(problems.long_unanswered(), ends_on__gte=timezone.localdate())
    return waiting.exclude(pk__in=_lately_told(WAITS))


def _unanswered_amendments():
    return problems.amendments_long_unanswered().exclude(pk__in=_lately_told(AMENDMENT_WAITS))


def _remind(agreement):
    return _tell_who_answers(agreement, WAITS, _("Giao ước “%s” vẫn chờ đơn vị mình trả lời, đã quá 7 ngày."))


def _remind_of_amendment(amendment):
    return _tell_who_answers(amendment, AMENDMENT_WAITS, _("“%s” vẫn chờ đơn vị mình trả lời, đã quá 7 ngày."))


def _tell_who_answers(thing, what, text):
    people = thing.answering_people()
    key = f"{what}:{thing.pk}:{timezone.localdate()}"
    Notification.objects.tell(people, text % thing, thing.get_absolute_url(), thing.next_step, key)
    return bool(people)


def _lately_told(what):
    """Ids of what somebody was told about within the last seven days, today among them."""
    first = timezone.make_aware(datetime.combine(timezone.localdate() - A_WEEK + timedelta(days=1), time.min))
    keys = Notification.objects.filter(key__startswith=f"{what}:", created_at__gte=first).values_list("key", flat=True)
    return {int(key.split(":")[1]) for key in keys}


# --- Something is wrong ---------------------------------------------------------------------------------------------


def _tell_department(department):
    """One notice a week, as long as something is wrong."""
    people = access.people_of(department_id=department.pk)
    if not people or department.pk in _lately_told(WRONG):
        return False
    counts = problems.count(Agreement.objects.filter(programme__department=department))
    if not counts[problems.ANY]:
        return False
    found = [(counts[p.slug], str(p.title)) for p in problems.PROBLEMS if counts[p.slug]]
    named = "; ".join(f"{title} ({number(n)})" for n, title in found[:MOST_NAMED]) + (
        "…" if found[MOST_NAMED:] else "."
    )
    text = _("%(n)s giao ước cần xem lại: %(named)s") % {"n": number(counts[problems.ANY]), "named": named}
    key = f"{WRONG}:{department.pk}:{timezone.localdate()}"
    step = _("Sở xem từng điều và việc cần làm.")
    Notification.objects.tell(people, text, reverse("problem_list"), step, key)
    return True
