"""Vietnamese text: one spelling for storage, one key for search, one key for order, numbers and money as written.

Traps and sources: shared domain facts §7.
"""

import re
import unicodedata
from functools import cache

import icu

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
LOOKALIKES = str.maketrans({"\u00d0": "Đ", "\u00a0": " ", "\u202f": " ", "\u2007": " "})


def normalise(text):
    """`text` as it is stored: NFC, no invisible characters, Ð (U+00D0) as Đ, line ends kept, other spaces single."""
    # What is invisible goes first: between a letter and its mark it would keep the two apart.
    text = unicodedata.normalize("NFC", text.translate(INVISIBLE).translate(LOOKALIKES))
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.replace("\r\n", "\n").split("\n"))
    return "\n".join(lines).strip()


def fold(text):
    """`text` without case, marks and punctuation, for comparing: "Trường THCS Cổ Loa" → "truong thcs co loa"."""
    text = normalise(text).lower().replace("đ", "d")
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def search_key(*parts):
    """The folded words of `parts`, each with a space before it, so that " tan" finds words that begin with "tan"."""
    return " " + fold(" ".join(str(part) for part in parts if part))


NAME_END = "/"
MARK = "~"


def ranked_key(name, aliases, *places):
    """A search key that also tells what a thing is called (`name`, and the words of `aliases`) from where it is, and
    how the name is written: " dai yen thcs / huyen chuong my ~6đai". Every word stands once."""
    called, placed = (dict.fromkeys(fold(text).split()) for text in (f"{name} {aliases}", " ".join(map(str, places))))
    words = [*called, NAME_END, *(word for word in placed if word not in called)]
    marked = dict.fromkeys(MARK + word for word in written_words(name))
    return "".join(f" {word}" for word in words) + " " + "".join(marked)


TONES = {"\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0301": "5", "\u0323": "6"}


def written_words(text):
    """The words of `text` that have marks, with the tone first wherever it is put: "Hoà" and "Hòa" → ["2hoa"]; "6đa"
    begins "6đai"."""
    words = []
    for word in re.findall(r"\w+", normalise(text).lower()):
        letters = unicodedata.normalize("NFD", word)
        tone = next((TONES[c] for c in letters if c in TONES), "1")
        if not word.isascii():
            words.append(tone + unicodedata.normalize("NFC", "".join(c for c in letters if c not in TONES)))
    return words


def search_terms(query):
    """The terms of a typed query, each to be looked for with `contains` in a search key."""
    return [f" {word}" for word in fold(query).split()]


@cache
def _collator():
    return icu.Collator.createInstance(icu.Locale("vi_VN"))


def sort_key(text):
    """Vietnamese dictionary order as a hexadecimal string that sorts alike in every database (Ba Đình < Ba Vì < Đan
    Phượng; Hà Đông < Hai Bà Trưng)."""
    return _collator().getSortKey(normalise(text)).hex()[:600]


SWAPPED = str.maketrans(",.", ".,")


def number(value):
    """1234567 → "1.234.567", 0.5 → "0,5"; None → "–"."""
    return "–" if value is None else f"{value:,}".translate(SWAPPED)


def money(value):
    """Đồng (an integer) in words short enough for a card: 3_200_000_000 → "3,2 tỷ đồng"; exact below one million."""
    if value is None:
        return "–"
    if abs(value) < 10**6:
        return f"{number(value)} đồng"
    unit, word = (10**6, "triệu đồng") if _tenths(value, 10**6) < 10_000 else (10**9, "tỷ đồng")
    whole, tenth = divmod(_tenths(value, unit), 10)
    return f"{'-' if value < 0 else ''}{number(whole)}{f',{tenth}' if tenth else ''} {word}"


def _tenths(value, unit):
    """How many tenths of `unit` the amount is, halves up, without the rounding of binary fractions."""
    return (20 * abs(value) + unit) // (2 * unit)
