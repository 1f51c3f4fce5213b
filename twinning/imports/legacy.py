"""Text of before Unicode: TCVN3 (fonts .VnTime) and VNI. Found by its look, converted only when a person says so.

TCVN3 is TCVN 5712:1993 VN3, one byte a letter, seen here as the Latin-1 or Windows-1252 letters of those bytes; VNI
puts the marks behind the vowel as a letter of its own. Domain.md §7.11.
"""

import re
import unicodedata

# Byte → letter, checked against iconv's TCVN table. Capitals with marks come from a font (.VnTimeH), not from bytes.
_TCVN3 = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
TCVN3 = {start + i: letter for start, letters in _TCVN3.items() for i, letter in enumerate(letters)}

# Vowel + mark letter of VNI → combining marks in Unicode.
_BREVE, _HAT, _HORN = "\u0306", "\u0302", "\u031b"
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_VNI_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _HAT, "à": _HAT + _GRAVE, "á": _HAT + _ACUTE, "å": _HAT + _HOOK, "ã": _HAT + _TILDE, "ä": _HAT + _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_PAIR = re.compile("([aeiouyôö])([" + "".join(_VNI_MARKS) + "])", re.IGNORECASE)

# Letters of Vietnamese that no one-byte code of Western Europe has: text with them is Unicode already.
_UNICODE_ONLY = re.compile("[ăđơưẠ-ỹ]", re.IGNORECASE)
_TCVN3_TELLING = re.compile(r"[µ¶·¸¹®¬©ª«¨»¼½¾\u00ad]")
_VNI_TELLING = re.compile(r"[aeoAEO][øûïåäëüØÛÏÅÄËÜ]|[ôöÔÖ][øùûõïØÙÛÕÏ]|[aeouAEOU]õ|ñ[aeiouy]|Ñ[aeiouyAEIOUY]")


def suspect(texts):
    """ "tcvn3", "vni" or "" from an iterable of cell texts, by how many of the marked ones look like it."""
    tcvn3 = vni = modern = 0
    for text in texts:
        if text.isascii():
            continue
        if _UNICODE_ONLY.search(unicodedata.normalize("NFC", text)):
            modern += 1
        elif _TCVN3_TELLING.search(text):
            tcvn3 += 1
        elif _VNI_TELLING.search(text):
            vni += 1
    if max(tcvn3, vni) < 2 or max(tcvn3, vni) <= modern / 10:
        return ""
    return "tcvn3" if tcvn3 >= vni else "vni"


def convert(text, encoding):
    """`text` in Unicode; a cell that is Unicode already, or plain, stays as it is."""
    if text.isascii() or _UNICODE_ONLY.search(unicodedata.normalize("NFC", text)):
        return text
    if encoding == "tcvn3":
        return "".join(TCVN3.get(_byte(letter), letter) for letter in text)
    return unicodedata.normalize("NFC", _VNI_PAIR.sub(_vni_pair, text).translate(_VNI_ALONE))


def _byte(letter):
    try:
        return letter.encode("cp1252")[0]
    except UnicodeEncodeError:
        return ord(letter)


def _vni_pair(match):
    vowel, mark = match.groups()
    base = _VNI_LETTERS.get(vowel.lower(), vowel.lower())
    return (base.upper() if vowel.isupper() else base) + _VNI_MARKS[mark.lower()]


_VNI_ALONE = str.maketrans(_VNI_LETTERS | {k.upper(): v.upper() for k, v in _VNI_LETTERS.items()})
