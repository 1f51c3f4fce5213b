"""Whole numbers as people here write them."""

import re

from django import forms

WHOLE = re.compile(r"[+-]?\d+")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+|[+-]?\d{1,3}(?:\s\d{3})+")


class WholeNumberField(forms.IntegerField):
    """Reads 1200, 1.200 and 1 200 as one number; refuses what could mean two. Django's own field takes ".000" for an
    empty fraction and would read 500.000 as 500."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value):
        text = str(value).strip()
        if value not in self.empty_values and not WHOLE.fullmatch(text):
            if not GROUPED.fullmatch(text):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            value = re.sub(r"[.\s]", "", text)
        return super().to_python(value)
