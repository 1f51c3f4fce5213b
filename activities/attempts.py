"""How often one address or one device may send to the public pages: counted in the cache, forgotten with it."""

import hashlib
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache

# A whole hall is one address behind its router; a phone is one person with a few colleagues.
SENDS_PER_ADDRESS = 3000, 600
SENDS_PER_DEVICE = 12, 60
# Codes that are no codes: somebody types, or guesses.
FORGED_PER_ADDRESS = 100, 600


def is_within(limit, what, who):
    """Count one attempt of `who` (text) at `what`; False once there are more than `limit` (number, seconds)."""
    number, seconds = limit
    digest = hashlib.sha256(who.encode()).hexdigest()[:32]
    key = f"attempts:{what}:{digest}:{int(time.time() // seconds)}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= number
    except ValueError:  # the cache was emptied in this moment
        return True


def address_of(request):
    """The address of the sender, as the limit of sign-in attempts sees it too."""
    return get_adapter().get_client_ip(request)
