"""Seats the signed-in person on the membership chosen in the header."""

from django.views.defaults import page_not_found

from twinning.access import take_seat

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
        return self.get_response(request)

    def process_exception(self, request, exception):
        """A number in a hand-made address or form that no database can hold names nothing."""
        return page_not_found(request, exception) if isinstance(exception, OverflowError) else None
