"""How the names in the head of a paper (ô 2) break into lines: by sense, measured in the face of papers."""

import re
from functools import lru_cache

from reports.official import joined
from reports.papers.binding import MM
from reports.papers.faces import face
from reports.papers.letters import FontMissing

# The column is as wide (static/pdf/paper.css): "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO" just fits. Size of letters in points.
WIDTH, SIZE = 66 * MM, 12
# What a unit is called stays whole, so that its own name begins a line.
WORDS = re.compile(
    r"\b(mầm non|mẫu giáo|tiểu học|trung học|cơ sở|phổ thông|liên cấp|dân tộc|nội trú|bán trú|trung tâm|giáo dục"
    r"|đào tạo|nghề nghiệp|thường xuyên|thành phố|thị xã|thị trấn)\b",
    re.IGNORECASE,
)


def issuer_lines(name: str) -> list[str]:
    """The lines of who issues the paper, set bold."""
    return list(_lines(name, "Bold"))


def superior_lines(name: str) -> list[str]:
    """The lines of the body above it."""
    return list(_lines(name, "Regular"))


def whole_words(name: str) -> str:
    """`name` with hard spaces within what a unit is called."""
    return WORDS.sub(lambda words: words[0].replace(" ", "\u00a0"), name)


@lru_cache(maxsize=4096)
def _lines(name, style):
    """As few lines as there is room for, and these as equal as they can be; a word that is wider than a line stays
    whole, and the setting breaks it. Taken apart and together again it comes out the same."""
    kept = whole_words(joined(name)).replace(" - ", "\u00a0- ")
    words = [word for word in re.split(r"[^\S\u00a0]+", kept) if word]
    measure = _measure(style)
    lines = _wrapped(words, WIDTH, measure)
    while len(lines) > 1:
        narrower = _wrapped(words, max(map(measure, lines)) - 0.1, measure)
        if len(narrower) > len(lines) or max(map(measure, narrower)) >= max(map(measure, lines)):
            break
        lines = narrower
    return lines


def _measure(style):
    """Width of a text in points; without the face what its letters take on the mean."""
    try:
        widths = face(style).widths
    except FontMissing:
        return lambda text: 0.65 * SIZE * len(text)
    return lambda text: SIZE * sum(widths.get(letter, 0.65) for letter in text)


def _wrapped(words, width, measure):
    lines = []
    for word in words:
        together = f"{lines[-1]} {word}" if lines else word
        if lines and measure(together) <= width:
            lines[-1] = together
        else:
            lines.append(word)
    return lines
