"""Reads a PDF back: where words stand on a page, in what size and style, and the rules below them."""

import re

MM = 72 / 25.4
A4 = (595.28, 841.89)
# Mục I of the decree, and what we chose of it: left, right, top, bottom in mm.
MARGINS = (30, 20, 20, 20)


def lines(page, **options):
    """The lines of a page: text (spaces made plain) and the characters of each."""
    found = page.extract_text_lines(return_chars=True, strip=True, **options)
    return [(plain(line["text"]), line) for line in found]


def plain(text):
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()


def squeezed(text):
    """Without any space, since lines may end anywhere."""
    return re.sub(r"\s", "", text)


def find(page, words):
    match = page.search(re.escape(words).replace(r"\ ", r"\s+"), regex=True, return_chars=True)
    assert match, f"{words!r} is not on the page"
    return match[0]["x0"], match[0]["top"], match[0]["x1"], match[0]["bottom"]


def style(page, words):
    """(size, bold, italic) of `words`, which must be in one style."""
    match = page.search(re.escape(words).replace(r"\ ", r"\s+"), regex=True, return_chars=True)
    assert match, f"{words!r} is not on the page"
    styles = {
        (round(char["size"], 1), "Bold" in char["fontname"], "Italic" in char["fontname"])
        for char in match[0]["chars"]
        if char["text"].strip()
    }
    assert len(styles) == 1, styles
    return styles.pop()


def rules(page):
    """Horizontal lines as (x0, x1, y), wherever they were drawn as lines or as thin rectangles."""
    drawn = [(edge["x0"], edge["x1"], edge["top"]) for edge in page.horizontal_edges]
    return sorted({(round(x0, 1), round(x1, 1), round(y)) for x0, x1, y in drawn}, key=lambda rule: rule[2])


def rule_below(page, box):
    """(x0, x1) of the first rule under `box`, at most 3 mm below."""
    below = [
        (x0, x1) for x0, x1, y in rules(page) if -1 <= y - box[3] < 3 * MM and box[0] - 1 <= x0 and x1 <= box[2] + 1
    ]
    assert below, "no rule"
    return below[0]


def words_in_top_margin(page):
    return [word["text"] for word in page.crop((0, 0, page.width, 19 * MM)).extract_words()]
