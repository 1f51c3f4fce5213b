"""Numbers as people here write them: 1.234.567,89."""

import re
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from twinning import vietnamese

WHOLE = re.compile(r"[+-]?\d+")
FRACTION = re.compile(r"(.*),(\d+)")
POINT = re.compile(r"[+-]?\d+\.\d+")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+|[+-]?\d{1,3}(?:\s\d{3})+")


class WholeNumberField(forms.IntegerField):
    """Reads 1200, 1.200 and 1 200 as one number; refuses what could mean two. Django's own field takes ".000" for an
    empty fraction and would read 500.000 as 500."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value):
        text = str(value).strip()
        if not text:
            value = text
        elif value not in self.empty_values and not WHOLE.fullmatch(text):
            if not GROUPED.fullmatch(text):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            value = re.sub(r"[.\s]", "", text)
        return super().to_python(value)


class DecimalNumberField(forms.DecimalField):
    """Reads 6,75 and 1.234,5; refuses 6.75 with the reason, since a dot groups thousands here."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "invalid": _("Hãy ghi một số, ví dụ 13 hoặc 6,75."),
        "point": _("Dấu chấm ở đây ngăn hàng nghìn. Phần lẻ viết sau dấu phẩy, ví dụ 6,75."),
    }

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, Decimal):
            return super().to_python(value)
        text = str(value).strip()
        found = FRACTION.fullmatch(text)
        whole, decimals = found.groups() if found else (text, "")
        if not WHOLE.fullmatch(whole) and not GROUPED.fullmatch(whole):
            wrong = "point" if POINT.fullmatch(text) else "invalid"
            raise forms.ValidationError(self.error_messages[wrong], code=wrong)
        return super().to_python(re.sub(r"[.\s]", "", whole) + (f".{decimals}" if decimals else ""))

    def prepare_value(self, value):
        """Back into the box as it is written here."""
        return vietnamese.decimal(value).replace(".", "") if isinstance(value, Decimal) else value


class MoneyField(forms.Field):
    """Whole đồng as people write them: "3 tỷ 200 triệu", "3,2 tỷ đồng", "12.345.678"; at least 1, at most `most`."""

    widget = forms.TextInput(attrs={"autocomplete": "off"})
    default_error_messages = {
        "invalid": _("Hãy ghi số tiền như 12.345.678, “3 tỷ 200 triệu” hoặc “3,2 tỷ”."),
        "negative": _("Số tiền không thể âm."),
        "min_value": _("Số tiền phải lớn hơn 0."),
        "max_value": _("Số tiền quá lớn. Hãy kiểm tra lại số chữ số 0."),
    }

    def __init__(self, *, most, **kwargs):
        self.most = most
        super().__init__(**kwargs)

    def to_python(self, value):
        """Whole đồng, or None for an empty box."""
        if isinstance(value, int):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        figures = re.sub(r"\s*(đồng|đ|₫|vnđ)$", "", text, flags=re.IGNORECASE)
        if re.search(r"[a-zà-ỹ]", figures, flags=re.IGNORECASE):
            amount = vietnamese.parse_amount(text)
        else:
            # Without a word for millions a comma may be one thing here and another elsewhere: 500,000 is not guessed.
            is_plain = WHOLE.fullmatch(figures) or GROUPED.fullmatch(figures)
            amount = int(re.sub(r"[.\s]", "", figures)) if is_plain else None
        wrong = ""
        if re.match(r"[-−–]\s*\d", text):
            wrong = "negative"
        elif amount is None:
            wrong = "invalid"
        elif amount < 1:
            wrong = "min_value"
        elif amount > self.most:
            wrong = "max_value"
        if wrong:
            raise forms.ValidationError(self.error_messages[wrong], code=wrong)
        return amount

    def prepare_value(self, value):
        """Back into the box as it is written here."""
        return vietnamese.number(value) if isinstance(value, int) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except forms.ValidationError:
            return True
