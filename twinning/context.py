"""What every page knows: the seat in use, the other seats, the programmes (the one in use first), unread notices,
whether these are sample data."""

from twinning.access import imports_anything, is_recorder, seat
from twinning.models import Department, Programme

NOBODY = {
    "seat": None,
    "seats": [],
    "programmes": [],
    "unread": 0,
    "may_record": False,
    "may_import": False,
    "search_query": "",
}


def portal(request):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {**NOBODY, "is_sample": Department.objects.filter(is_sample=True).exists()}
    membership = seat(user)
    return {
        **NOBODY,
        "seat": membership,
        "seats": list(user.memberships.in_force().with_units()),
        "programmes": list(Programme.objects.chosen_first(user)),
        "unread": user.notifications.unread().count(),
        "may_record": is_recorder(user),
        "may_import": imports_anything(user),
        "is_sample": _is_sample(membership),
    }


def _is_sample(membership):
    if membership is None:
        return False
    if membership.is_everywhere:
        return Department.objects.filter(is_sample=True).exists()
    unit = membership.unit
    department = getattr(getattr(unit, "district", unit), "department", unit)
    return department.is_sample
