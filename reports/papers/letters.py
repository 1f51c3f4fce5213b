"""Which letters a paper can have: the text of people made fit for the face of official papers."""

import re
import subprocess
import unicodedata
from functools import cache

from django.utils.translation import gettext as _

from twinning.vietnamese import INVISIBLE

FONT = "Liberation Serif"
VIETNAMESE = "ĂÂĐÊÔƠƯăâđêôơưẠạẢảẤấẰằẴẵẶặẸẹỆệỈỉỌọỚớỢợỤụỨứỰựỲỳỴỵỶỷỸỹ"
# What Word pastes and the face does not have: the unbreakable hyphen and the bullet of the Symbol font.
ALIKE = {**INVISIBLE, 0x2011: "-", 0xF0B7: "•"}
UNKNOWN = re.compile("\ufffd+")
# Stands for letters that the face does not have.
REPLACEMENT = "□"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class FontMissing(Exception):
    """The server cannot set Vietnamese in the face of official papers; str() says what to install."""

    def __str__(self):
        return _(
            "Máy chủ chưa có phông %(font)s đủ chữ tiếng Việt để in văn bản hành chính. "
            "Hãy cài gói fonts-liberation2 (Debian 12) hoặc fonts-liberation bản 2 trở lên, rồi tạo lại tệp."
        ) % {"font": FONT}


def printable(value):
    """`value` (text, or dicts and lists of it) as it can be set: composed (NFC), as searches of the PDF expect, without
    control characters, and with a box for signs that the face does not have (emoji, foreign scripts)."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", CONTROLS.sub("", value)).translate(ALIKE)
        return text if text.isascii() else UNKNOWN.sub(REPLACEMENT, "".join(map(_known, text)))
    if isinstance(value, dict):
        return {key: printable(item) for key, item in value.items()}
    return [printable(item) for item in value] if isinstance(value, list) else value


def unprintable(text: str) -> str:
    """The signs of `text` that papers print as a box, each once in the order they stand: "😀 👍"; "" where the face is
    not there to ask."""
    try:
        composed = unicodedata.normalize("NFC", CONTROLS.sub("", text)).translate(ALIKE)
        return " ".join(dict.fromkeys(sign for sign in composed if _known(sign) != sign))
    except FontMissing:
        return ""


def _known(letter):
    return letter if letter.isspace() or letter in _repertoire() else "\ufffd"


@cache
def _repertoire():
    """The characters of the face of official papers, as fontconfig tells: "20-7e a0-17f …". Raises FontMissing."""
    try:
        told = subprocess.run(  # noqa: S603 nothing of a user's in it
            ["fc-match", "--format=%{family}\n%{charset}", f"{FONT}:lang=vi"],  # noqa: S607 from wherever it is installed
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise FontMissing from error
    family, _newline, charset = told.stdout.partition("\n")
    letters = set()
    for span in charset.split():
        first, _dash, last = span.partition("-")
        letters.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    if FONT not in family or not letters.issuperset(VIETNAMESE):
        raise FontMissing
    return frozenset(letters)
