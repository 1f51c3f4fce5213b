"""How units stand on papers: full name of a school, abbreviation in the symbol of what it issues, name of its place."""

import re
import unicodedata

# Tones fall away in an abbreviation, the letters Ă Â Đ Ê Ô Ơ Ư stay: Ứng Hòa → ƯH.
TONES = {ord(mark): None for mark in "\u0300\u0301\u0303\u0309\u0323"}
LEVEL_ABBREVIATIONS = {"mầm non": "MN", "mẫu giáo": "MG", "tiểu học": "TH", "trung tâm": "TT"}


def formal_name(name: str) -> str:
    """ "Trường THCS Tân Mai"; names that say what they are stay as they are."""
    says_it = name.lower().startswith(("trường", "trung tâm"))
    return name if says_it else f"Trường {name}"


def place_name(district) -> str:
    """Where papers of a unit are dated: "Thanh Trì", but "Quận 1": a unit named by a number keeps its kind (Decree
    30/2020, Phụ lục I, II.4.a)."""
    if district.name.isdigit():
        kind = district.get_kind_display()
        return f"{kind[0].upper()}{kind[1:]} {district.name}"
    return district.name


def initials(name: str) -> str:
    """The abbreviation a school puts into its symbol: "THCS Tân Mai" → "THCSTM", "Mầm non Ứng Hòa" → "MNƯH"."""
    for words, short in LEVEL_ABBREVIATIONS.items():
        name = re.sub(rf"^(trường )?{words}\b", short, name, flags=re.IGNORECASE)
    words = re.findall(r"[^\W_]+", name.removeprefix("Trường "))
    letters = "".join(word if word.isupper() or word.isdigit() else word[0] for word in words).upper()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", letters).translate(TONES))
