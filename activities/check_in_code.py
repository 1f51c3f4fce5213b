"""The code of a check-in: made for the host's page, read from the address that a phone opens.

A code is `<activity>-<turn>-<mark>`: a new turn every three minutes; the mark is a keyed hash of activity, turn and the
secret of the opening, so that nobody makes a code who does not see the page, and a new opening ends every older code.
"""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

TURN = timedelta(minutes=3)
# From the beginning of its turn; who has the page open by then may still finish typing.
LIFE = timedelta(minutes=10)
TYPING = timedelta(minutes=5)
FIRST_TURN = datetime(2020, 1, 1, tzinfo=UTC)
# Digits and letters that are not taken for one another when they are read from a screen and typed.
LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
MARK_LENGTH = 9  # 44 bits; tries are limited per address


class Refused(Exception):
    """A code that is not taken: `heading` and `what_to_do`, in words for a teacher with a phone."""

    status = 410
    heading = ""
    what_to_do = _("Hãy quét lại mã đang hiện trên màn hình của ban tổ chức.")


class Forged(Refused):
    status = 404
    heading = _("Mã điểm danh không đúng")
    what_to_do = _(
        "Địa chỉ gõ chưa đúng, hoặc mã đã được đổi. Hãy quét lại mã đang hiện trên màn hình của ban tổ chức; "
        "nếu gõ tay, hãy so lại từng chữ."
    )


class Expired(Refused):
    heading = _("Mã điểm danh đã hết hạn")
    what_to_do = _("Mỗi mã dùng được trong 10 phút. Hãy quét lại mã đang hiện trên màn hình của ban tổ chức.")


class Stopped(Refused):
    heading = _("Ban tổ chức đã dừng điểm danh")
    what_to_do = _("Nếu thầy/cô có dự mà chưa kịp ghi, hãy báo ban tổ chức hoặc trường của mình để được ghi tên.")


def turn_of(moment):
    return (moment - FIRST_TURN) // TURN


def code_of(activity_id, secret, moment=None):
    """The code that is shown at `moment` (now)."""
    return _code(activity_id, secret, turn_of(moment or timezone.now()))


def activity_of(code):
    """Id of the activity a code names; raises Forged when it names none."""
    return _parts(code)[0]


def check(code, secret, *, typing=False):
    """Raise Forged or Expired unless `code` was made with `secret` and is alive, or was when the page was opened
    (`typing`)."""
    activity_id, turn = _parts(code)
    if not constant_time_compare(_code(activity_id, secret, turn), code.lower()):
        raise Forged
    age = timezone.now() - (FIRST_TURN + turn * TURN)
    if age < timedelta(0):
        raise Forged
    if age > LIFE + (TYPING if typing else timedelta(0)):
        raise Expired


def feedback_code(activity_id):
    """The code of the feedback form of an activity; it lives as long as the form is open."""
    return f"{_letters(activity_id)}-{_mark('feedback', activity_id)}"


def activity_of_feedback(code):
    """Id of the activity whose feedback form `code` opens; raises Forged."""
    activity_id = _number(code.lower().partition("-")[0])
    if not constant_time_compare(feedback_code(activity_id), code.lower()):
        raise Forged
    return activity_id


def _code(activity_id, secret, turn):
    return f"{_letters(activity_id)}-{_letters(turn)}-{_mark('check-in', activity_id, turn, secret)}"


def _parts(code):
    first, _dash, rest = code.lower().partition("-")
    return _number(first), _number(rest.partition("-")[0])


def _mark(*what):
    digest = salted_hmac("activities.check_in_code", ":".join(map(str, what)), algorithm="sha256").digest()
    return _letters(int.from_bytes(digest))[-MARK_LENGTH:]


def _letters(number):
    letters = ""
    while True:
        number, rest = divmod(number, len(LETTERS))
        letters = LETTERS[rest] + letters
        if not number:
            return letters


def _number(letters):
    if not 0 < len(letters) <= 12 or not set(letters) <= set(LETTERS):
        raise Forged
    number = 0
    for letter in letters:
        number = number * len(LETTERS) + LETTERS.index(letter)
    return number
