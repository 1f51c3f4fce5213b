"""What tells of persons where none should be told of: numbers of identity cards and telephones in free text, names of
persons where an organisation is asked for."""

import re
from itertools import takewhile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t

from twinning.vietnamese import fold

# Nine digits in a row (old identity cards have 9, new ones 12, telephones 10), or a telephone written in groups.
# Amounts of money have dots, school years four digits.
_LONG = re.compile(r"\d{9,}|(?<![\d.])0\d{2,3}(?:[ .-]\d{2,4}){2,3}(?![\d.])")


# The surnames of nine in ten people, and how persons are addressed; folded.
_SURNAMES = frozenset(
    {"nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong"}
    | {"ly", "dinh", "trinh", "mai", "cao", "luong", "dao", "ta"}
)
_ADDRESSES = frozenset({"ong", "ba", "anh", "chi", "chu", "bac", "thay", "em", "chau", "co"})


def is_person(text):
    """Whether `text` reads as the name of one person: two to five words that begin with a surname or a form of address
    ("Nguyễn Văn An", "bà Trần Thị Bé"). Organisations begin with what they are ("Công ty …", "Hội …")."""
    words = fold(text or "").split()
    if not 2 <= len(words) <= 5:
        return False
    return words[0] in _SURNAMES or (words[0] in _ADDRESSES and words[1] in _SURNAMES)


def named_person(text):
    """The first run of words in `text` that reads as the name of a person: a surname and one to three more words, all
    with a capital ("em Nguyễn Văn Nam" → "Nguyễn Văn Nam"); "" when there is none. Schools and streets bear names of
    persons too, so this is for texts on single pupils only."""
    for phrase in re.split(r"[^\w\s]+", text or ""):
        words = phrase.split()
        for start, word in enumerate(words):
            name = list(takewhile(lambda part: part[0].isupper() and part.isalpha(), words[start : start + 4]))
            if len(name) >= 2 and fold(word) in _SURNAMES:
                return " ".join(name)
    return ""


def refuse_person(text):
    """Raise ValidationError when `text` names a person. A validator of form fields."""
    if name := named_person(text):
        raise ValidationError(
            _t("“%s” có vẻ là tên người. Hãy bỏ tên đi; cổng chỉ giữ mã của học sinh, không giữ tên.") % name
        )


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
