"""Numbers of persons in free text: identity cards and telephones have no place in what is written about an activity."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t

# Nine digits in a row (old identity cards have 9, new ones 12, telephones 10), or a telephone written in groups.
# Amounts of money have dots, school years four digits.
_LONG = re.compile(r"\d{9,}|(?<![\d.])0\d{2,3}(?:[ .-]\d{2,4}){2,3}(?![\d.])")


def long_number(text):
    """The first run of digits in `text` that may be a person's number; "" when there is none."""
    found = _LONG.search(text or "")
    return found[0] if found else ""


def refuse_long_number(text):
    """Raise ValidationError when `text` has what may be a person's number. A validator of form fields."""
    if number := long_number(text):
        raise ValidationError(
            _t("“%s…” có vẻ là số căn cước hoặc số điện thoại. Hãy bỏ số đó đi; cổng không giữ các số này.")
            % number[:4]
        )
