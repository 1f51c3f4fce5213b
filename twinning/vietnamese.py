"""Vietnamese text: one spelling for storage, one key for search, one key for order, numbers and money as written.

Traps and sources: shared domain facts §7.
"""

import re
import unicodedata
from functools import cache, lru_cache

import icu

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
LOOKALIKES = str.maketrans({"\u00d0": "Đ", "\u00a0": " ", "\u202f": " ", "\u2007": " "})


# What `normalise` would change, form aside.
_UNTIDY = re.compile("[" + "".join(map(chr, [*INVISIBLE, *LOOKALIKES])) + "]|[^\\S\\n ]|^\\s|\\s$|\\s\\s| \\n|\\n ")


def normalise(text):
    """`text` as it is stored: NFC, no invisible characters, Ð (U+00D0) as Đ, line ends kept, other spaces single."""
    text = str(text)  # also of what is translated later
    if not _UNTIDY.search(text) and unicodedata.is_normalized("NFC", text):
        return text
    # What is invisible goes first: between a letter and its mark it would keep the two apart.
    text = unicodedata.normalize("NFC", text.translate(INVISIBLE).translate(LOOKALIKES))
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.replace("\r\n", "\n").split("\n"))
    return "\n".join(lines).strip()


def normalise_cells(text):
    """The same, but in lines of several cells, parted by tabs, one tab between them stays."""
    if "\t" not in text:
        return normalise(text)
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        cells = [normalise(cell) for cell in line.split("\t")]
        full = [at for at, cell in enumerate(cells) if cell]
        lines.append("\t".join(cells[: full[-1] + 1]) if len(full) > 1 else "".join(cells))
    return "\n".join(lines).strip("\n")


def fold(text):
    """`text` without case, marks and punctuation, for comparing: "Trường THCS Cổ Loa" → "truong thcs co loa"."""
    return " ".join(filter(None, map(_fold_word, normalise(text).split())))


@lru_cache(maxsize=50_000)
def _fold_word(word):
    marked = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in marked if not unicodedata.combining(c))))


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


def decimal(value, least=0):
    """Decimal("6.750") → "6,75", with at least `least` decimals: 7 → "7,00" for two."""
    whole, _point, decimals = f"{value:,f}".partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    return whole.translate(SWAPPED) + (f",{decimals}" if decimals else "")


def day(value):
    """A date or moment as offices write days: 15/4/2023."""
    return f"{value.day}/{value.month}/{value.year}"


def duration(seconds):
    """A time in seconds as words: "45 giây", "3 phút 20 giây", "1 giờ 5 phút"."""
    hours, rest = divmod(max(0, round(seconds)), 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [(hours, "giờ"), (minutes, "phút"), (0 if hours else seconds, "giây")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 giây"


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


# --- Sameness: names that mean the same thing however they are typed --------------------------------------------------

_TONES = "\u0300\u0301\u0309\u0303\u0323"
_SHORT = {
    "trung học cơ sở": "thcs",
    "trung học phổ thông": "thpt",
    "phổ thông cơ sở": "ptcs",
    "tiểu học": "th",
    "mầm non": "mn",
    "mẫu giáo": "mg",
    "giáo dục thường xuyên": "gdtx",
    "giáo dục nghề nghiệp": "gdnn",
    "phổ thông dân tộc nội trú": "ptdtnt",
    "phổ thông dân tộc bán trú": "ptdtbt",
    "dân tộc nội trú": "dtnt",
    "dân tộc bán trú": "dtbt",
    "liên cấp": "lc",
    "trung tâm": "tt",
    "phòng giáo dục và đào tạo": "pgd",
    "phòng gd&đt": "pgd",
    "phòng gdđt": "pgd",
    "phòng gd": "pgd",
    "phòng giáo dục": "pgd",
    "pgd&đt": "pgd",
    "pgdđt": "pgd",
    "phòng văn hóa xã hội": "pvhxh",
    "phòng vhxh": "pvhxh",
    "phòng vh xh": "pvhxh",
    "sgd&đt": "sgd",
    "sgdđt": "sgd",
    "sở giáo dục và đào tạo": "sgd",
    "sở gd&đt": "sgd",
    "sở gdđt": "sgd",
    "sở gd": "sgd",
    "sở giáo dục": "sgd",
    "ủy ban nhân dân": "ubnd",
}
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_AND, _SCHOOL = "va1", "trương1"  # và, trường


@cache
def _short_words():
    keys = {" ".join(_syllables(normalise(long).lower())): short for long, short in _SHORT.items()}
    return re.compile(r"\b(" + "|".join(sorted(map(re.escape, keys), key=len, reverse=True)) + r")\b"), keys


def same_key(text):
    """A key that is equal for spellings of one name: where the tone stands (hoà, hòa), y or i (Mỹ, Mĩ), Ð or Đ, "&",
    "và" or a dash, long or short words of schools (Tiểu học, TH), "Trường" in front, Roman figures at the end. Marks
    still count: "Đại Yên" and "Đài Yên" differ (compare `fold` for a likeness)."""
    pattern, keys = _short_words()
    joined = pattern.sub(lambda match: keys[match[0]], " ".join(_syllables(normalise(text).lower())))
    words = [word for word in joined.split() if word != _AND]
    if len(words) > 1 and words[0] == _SCHOOL:
        del words[0]
    if len(words) > 1 and words[-1] in _ROMAN:
        words[-1] = _ROMAN[words[-1]]
    return " ".join(words)


def _syllables(text):
    """Each word of lower-case NFC `text` with its tone as a figure behind it and y after a consonant as i."""
    return [_syllable(word) for word in re.findall(r"[^\W_]+", text)]


@cache
def _syllable(word):
    parts = unicodedata.normalize("NFD", word)
    tone = next((str(_TONES.index(mark) + 1) for mark in parts if mark in _TONES), "")
    base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    return re.sub(r"(?<=[bcdđghklmnpqrstvx])y$|(?<=qu)y$", "i", base) + tone


# --- Amounts of money as people write them ----------------------------------------------------------------------------

_UNITS = {"tỷ": 10**9, "tỉ": 10**9, "ty": 10**9, "ti": 10**9, "triệu": 10**6, "trieu": 10**6, "tr": 10**6}
_UNITS |= {"nghìn": 10**3, "ngàn": 10**3, "nghin": 10**3, "ngan": 10**3, "k": 10**3}
_AMOUNT = re.compile(r"(\d[\d.]*(?:,\d+)?)\s*([a-zà-ỹ]*)")


def parse_amount(text):
    """Whole đồng from "3 tỷ 200 triệu", "3,2 tỷ đồng", "12.345.678", "500 nghìn"; None when it is no such amount, has a
    fraction of a đồng, or ends in a number without its word ("3 tỷ 2")."""
    text = normalise(text).lower().removesuffix("đồng").removesuffix("vnđ").removesuffix("đ").removesuffix("₫").strip()
    total, position, last = 0, 0, 10**18
    for match in _AMOUNT.finditer(text):
        if text[position : match.start()].strip():
            return None
        digits, word = match.groups()
        unit = _UNITS.get(word) if word else 1
        if total and not word and "." not in digits:
            return None  # "3 tỷ 2" is 3,2 tỷ to who says it; nobody means two đồng
        whole, _comma, decimals = digits.partition(",")
        if unit is None or unit >= last or not re.fullmatch(r"\d+|\d{1,3}(\.\d{3})+", whole):
            return None
        value, rest = divmod(int(whole.replace(".", "") + decimals) * unit, 10 ** len(decimals))
        if rest:
            return None
        total, position, last = total + value, match.end(), unit
    return None if position == 0 or text[position:].strip() else total


# --- Amounts of money in words ----------------------------------------------------------------------------------------

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu")


def money_in_words(value):
    """Whole đồng in words, as papers ask for: 3.200.000.000 → "Ba tỷ hai trăm triệu đồng". Northern words (linh,
    nghìn); `value` is an int from 0 to below 10^18."""
    if not 0 <= value < 10**18:
        raise ValueError(value)
    billions, rest = divmod(value, 10**9)
    parts = [f"{_below_a_billion(billions)} tỷ"] if billions else []
    if rest or not billions:
        parts.append(_below_a_billion(rest, is_first=not billions))
    text = f"{' '.join(parts)} đồng"
    return text[0].upper() + text[1:]


def _below_a_billion(value, is_first=True):
    """Groups of three figures; a group that is not the first says its hundreds even when there are none."""
    if value == 0:
        return _DIGITS[0]
    groups = [value // 1000**n % 1000 for n in (2, 1, 0)]
    parts = []
    for name, group in zip(reversed(_GROUPS), groups, strict=True):
        if group:
            spoken = _three_figures(group, is_full=bool(parts) or not is_first)
            parts.append(f"{spoken} {name}".strip())
    return " ".join(parts)


def _three_figures(value, is_full):
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    words = [f"{_DIGITS[hundreds]} trăm"] if hundreds or is_full else []
    if tens > 1:
        words.append(f"{_DIGITS[tens]} mươi")
    elif tens == 1:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if ones:
        special = {1: "mốt", 4: "tư", 5: "lăm"} if tens > 1 else {5: "lăm"} if tens == 1 else {}
        words.append(special.get(ones, _DIGITS[ones]))
    return " ".join(words)
