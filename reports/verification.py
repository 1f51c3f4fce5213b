"""The code on page 1 of a report by which anybody finds out whether the paper in hand is what the portal made."""

import secrets
from dataclasses import dataclass

import segno
from django.conf import settings
from django.urls import reverse

# No 0 O, 1 I L, nor U beside V: a code is read from paper and typed. 12 of 30 letters are 58 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 12, 4


def new_code() -> str:
    """A code that cannot be guessed."""
    return "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))


def grouped(code: str) -> str:
    """ "ABCD-EFGH-JKMN"."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def typed(text: str) -> str:
    """The code in what somebody typed or scanned: without spaces and dashes, in capitals; "" when it cannot be one."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return letters if len(letters) == LENGTH and set(letters) <= set(ALPHABET) else ""


@dataclass(frozen=True)
class Mark:
    """What stands on page 1: the code in groups, where to type it, and a QR code that leads to its page."""

    code: str
    place: str
    url: str

    @property
    def drawing(self) -> str:
        """The QR code as SVG."""
        return segno.make(self.url, error="m", micro=False).svg_inline(border=0, omitsize=True)


def mark_of(code: str) -> Mark:
    """The mark of a paper with `code`."""
    place = f"{settings.SITE_URL}{reverse('verify')}"
    return Mark(grouped(code), place.partition("://")[2], f"{settings.SITE_URL}{reverse('verify_code', args=[code])}")
