"""Seats the signed-in person on the membership, and lets them work with the programme, that was chosen; offers the seat
that a page belongs to."""

from django.http import Http404
from django.shortcuts import render
from django.views.defaults import page_not_found
from django.views.generic import DetailView

from twinning.access import seat, take_seat
from twinning.working import take_programme

SESSION_KEY = "membership"


class MembershipMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            chosen = request.session.get(SESSION_KEY)
            if chosen:
                take_seat(request.user, request.user.memberships.in_force().with_units().filter(pk=chosen).first())
                if request.user._seat is None:
                    del request.user._seat  # no longer in force: fall back to the first one
            take_programme(request)
        response = self.get_response(request)
        # The link of a notice or a letter may be opened under another seat than the one it was meant for.
        if response.status_code == 404 and request.method == "GET" and (seats := other_seats_that_see(request)):
            return render(request, "twinning/other_seat.html", {"page_seats": seats}, status=404)
        return response

    def process_exception(self, request, exception):
        """A number in a hand-made address or form that no database can hold names nothing."""
        return page_not_found(request, exception) if isinstance(exception, OverflowError) else None


def other_seats_that_see(request):
    """The person's own seats, but for the one in use, under which the page of a thing that was asked for is found."""
    view_class = getattr(getattr(request.resolver_match, "func", None), "view_class", object)
    if not request.user.is_authenticated or not issubclass(view_class, DetailView):
        return []
    in_use = seat(request.user)
    others = [other for other in request.user.memberships.in_force().with_units() if other != in_use]
    try:
        return [other for other in others if _is_found(view_class, request, other)]
    finally:
        take_seat(request.user, in_use)


def _is_found(view_class, request, membership):
    take_seat(request.user, membership)
    view = view_class()
    view.setup(request, *request.resolver_match.args, **request.resolver_match.kwargs)
    try:
        return view.get_object() is not None
    except (Http404, OverflowError):
        return False
