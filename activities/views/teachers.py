"""The teachers of one's own school, for choosing who took part."""

from django.http import JsonResponse

from twinning import access
from twinning.models import Teacher
from twinning.vietnamese import sort_key


def own_teachers(request):
    """{"names": [full name]} of the school of the seat, in the order of given names; empty for offices."""
    membership = access.seat(request.user)
    names = set()
    if membership and membership.school_id and access.is_recorder(request.user):
        names = set(Teacher.objects.filter(school=membership.school_id).values_list("full_name", flat=True))
    return JsonResponse({"names": sorted(names, key=_by_given_name)})


def _by_given_name(name):
    """Lists of people go by tên, then họ, then đệm; names are never split when stored."""
    family, *middle, given = name.split() if " " in name else ("", name)
    return sort_key(given), sort_key(family), sort_key(" ".join(middle))
