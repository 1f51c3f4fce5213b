"""Filters of official papers: what Decree 30/2020 asks of text, dates and tables, for the templates of the PDF."""

import re
from itertools import groupby

from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

from reports import official

register = template.Library()
register.filter("long_date", official.long_date)
register.filter("short_date", official.short_date)
register.filter("roman", official.roman)
register.filter("balanced", official.balanced)
register.filter("subject_lines", official.subject_lines)

# "4340/KH-SGDĐT", "30/2020/NĐ-CP": lines may break after / and -, symbols must not. Applied to escaped text.
SYMBOL = re.compile(r"\b\d{1,6}(?:/\d{4})?/[A-ZĐ](?:[A-ZĐ0-9-]|&amp;){1,30}(?![\w&])")


@register.filter
def kept(text):
    """`text`, escaped: number and unit stay together, document symbols never break, no line begins with a dash."""
    return mark_safe(SYMBOL.sub(r'<span class="keep">\g<0></span>', escape(official.joined(text))))


@register.filter
def cell(value, column):
    """A cell of an annex as it is printed; words keep together what `kept` keeps."""
    text = official.in_table(value, column)
    return kept(text) if value and isinstance(value, str) and column["kind"] != "date" else text


@register.filter
def under(row, columns):
    """[(column, cell, columns it goes across)] of a row of an annex; the last words of a heading row go to its end."""
    cells = [[column, value, 1] for column, value in zip(columns, row["cells"], strict=True)]
    while row["kind"] == "group" and len(cells) > 1 and cells[-1][1] == "":
        cells.pop()
        cells[-1][2] = len(columns) - len(cells) + 1
    return cells


@register.filter
def heading_rows(columns):
    """The heading of an annex as rows of {label, across, down}: columns that share a group stand below its name."""
    if not any(column["group"] for column in columns):
        return [[{"label": column["label"], "across": 1, "down": 1} for column in columns]]
    top, below = [], []
    for group, members in groupby(columns, key=lambda column: column["group"]):
        labels = [column["label"] for column in members]
        if group:
            top.append({"label": group, "across": len(labels), "down": 1})
            below += [{"label": label, "across": 1, "down": 1} for label in labels]
        else:
            top += [{"label": label, "across": 1, "down": 2} for label in labels]
    return [top, below]
