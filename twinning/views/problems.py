"""The page of what is wrong with agreements: how many have each problem, what to do, and the way to exactly those."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from twinning import access, invitations, problems, working
from twinning.lens import Units
from twinning.models import Agreement

MOST_UNITS = 10


def problem_list(request):
    if not access.watches_agreements(request.user):
        raise Http404
    agreements = Agreement.objects.visible_to(request.user)
    counts = problems.count(agreements)
    lines = [
        (problem, counts[problem.slug], _list_of(problem.slug)) for problem in problems.PROBLEMS if counts[problem.slug]
    ]
    return render(
        request,
        "twinning/problem_list.html",
        {
            "lines": lines,
            "total": counts[problems.ANY],
            "all_url": _list_of(problems.ANY),
            "nobody": problems.NOBODY,
            "invite": _units_to_invite(agreements, request.user) if counts[problems.NOBODY.slug] else [],
        },
    )


def _list_of(slug):
    """Address of the agreements that have the problem, of whatever programme."""
    return f"{reverse('agreement_list')}?van_de={slug}&{working.QUERY}={working.EVERY}"


def _units_to_invite(agreements, user):
    """[(unit, address)] of some units that have nobody and that `user` may invite people for."""
    found = agreements.filter(problems.having(problems.NOBODY.slug))
    amendments = problems.amendments_without_answerers().filter(agreement__in=found.order_by().values("pk")).for_list()
    rows = [*found.filter(status=Agreement.Status.WAITING).for_list()[:MOST_UNITS], *amendments[:MOST_UNITS]]
    units = Units()
    found = {unit: None for row in rows for unit in invitations.units_to_invite(row, user, units)}
    return [(unit, invitations.invite_url(unit)) for unit in list(found)[:MOST_UNITS]]
