"""Filters of official papers: what Decree 30/2020 asks of text, dates and tables, for the templates of the PDF."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

from reports import official
from reports.papers import head, tables

register = template.Library()
register.filter("long_date", official.long_date)
register.filter("short_date", official.short_date)
register.filter("roman", official.roman)
register.filter("subject_lines", official.subject_lines)
register.filter("issuer_lines", head.issuer_lines)
register.filter("superior_lines", head.superior_lines)
register.filter("with_tables", tables.with_tables)
register.filter("cell", tables.cell)
register.filter("under", tables.under)
register.filter("heading_rows", tables.heading_rows)

# "4340/KH-SGDĐT", "30/2020/NĐ-CP": lines may break after / and -, symbols must not. Applied to escaped text. What may
# not be parted from a symbol ("số" before it, a stop behind it) is in the same element: WeasyPrint breaks lines too
# early before an element that has to stay with the text beside it.
SYMBOL = re.compile(
    r"(?<!\w)[(“]?(?:[^\W\d_]{1,20}\u00a0){0,3}\d{1,6}(?:/\d{4})?/[A-ZĐ](?:[A-ZĐ0-9-]|&amp;){1,30}(?![\w&])[.,;:)”]*"
)


@register.filter
def kept(text):
    """`text`, escaped: number and unit stay together, document symbols never break, no line begins with a dash."""
    return mark_safe(SYMBOL.sub(r'<span class="keep">\g<0></span>', escape(official.joined(text))))
