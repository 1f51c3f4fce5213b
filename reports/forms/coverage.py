"""What to look for in coverage: which day, how silent, how many helped, in which order."""

from django import forms
from django.utils.translation import gettext_lazy as _

from twinning.twins import HELPED, MONTHS, SILENT_MONTHS, TOO_MANY, days_of, short_day


class CoverageForm(forms.Form):
    """Which day, how silent, how many helped, in which order; what is no choice falls back to the first one or the
    usual one, as a wrong address is nothing to be scolded for."""

    class Order:
        NAME, WITHOUT = "ten", "thieu"

    ngay = forms.ChoiceField(label=_("Tính đến ngày"), choices=[])
    thang = forms.TypedChoiceField(
        label=_("Cặp không hoạt động từ"), coerce=int, choices=[(n, _("%d tháng") % n) for n in MONTHS]
    )
    giup = forms.TypedChoiceField(
        label=_("Trường giúp nhiều, từ"), coerce=int, choices=[(n, _("%d trường") % n) for n in HELPED]
    )
    xep = forms.ChoiceField(
        label=_("Thứ tự"),
        choices=[(Order.NAME, _("theo tên đơn vị")), (Order.WITHOUT, _("thiếu cặp nhiều nhất trước"))],
    )

    def __init__(self, given, programme):
        self.days = {day.isoformat(): day for day in days_of(programme)}
        usual = {"ngay": next(iter(self.days)), "thang": SILENT_MONTHS, "giup": TOO_MANY, "xep": self.Order.NAME}
        super().__init__({name: given.get(name, value) for name, value in usual.items()})
        self.fields["ngay"].choices = [(key, short_day(day)) for key, day in self.days.items()]
        for field in self.fields.values():
            field.widget.attrs |= {"class": "form-select", "data-autosubmit": ""}
        self.full_clean()
        for name in self.errors:
            self.data[name] = usual[name]
        self.full_clean()

    @property
    def day(self):
        return self.days[self.cleaned_data["ngay"]]

    @property
    def worst_first(self):
        return self.cleaned_data["xep"] == self.Order.WITHOUT
