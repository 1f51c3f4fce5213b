"""Forms of reports: the narrative sections, opening a reporting period, and what to look for in coverage."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.content import SECTIONS
from reports.models import ReportingPeriod
from twinning import school_year
from twinning.forms.base import PortalForm
from twinning.models import Programme
from twinning.twins import HELPED, MONTHS, SILENT_MONTHS, TOO_MANY, days_of, short_day


class SectionsForm(PortalForm, forms.Form):
    """One box for each narrative section of a report, in the order of the paper."""

    def __init__(self, *args, report, **kwargs):
        self.report = report
        super().__init__(*args, **kwargs)
        texts = report.texts()
        for section in SECTIONS:
            self.fields[section.key] = forms.CharField(
                label=section.heading,
                help_text=section.hint,
                required=False,
                max_length=20000,
                strip=True,
                widget=forms.Textarea(attrs={"rows": 4}),
                initial=texts.get(section.key, ""),
            )

    def save(self):
        """Store the sections that changed."""
        for key in self.changed_data:
            self.report.sections.update_or_create(key=key, defaults={"body": self.cleaned_data[key]})


class PeriodForm(PortalForm, forms.ModelForm):
    """Opens sơ kết of one school year for every unit that has to report."""

    school_year = forms.TypedChoiceField(label=_("Năm học"), coerce=int, choices=[])

    class Meta:
        model = ReportingPeriod
        fields = ["school_year", "cut_off_on", "due_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        programme = Programme.objects.current_for(self.user)
        self.instance.programme = programme
        done = set(programme.periods.values_list("school_year", flat=True))
        years = [year for year in programme.school_years if year not in done]
        self.fields["school_year"].choices = [(year, school_year.label(year)) for year in years]
        if years:
            self.initial |= {
                "school_year": years[-1],
                "cut_off_on": date(years[-1] + 1, 5, 31),
                "due_on": date(years[-1] + 1, 6, 15),
            }

    def _get_validation_exclusions(self):
        # The programme is ours, not typed; the rule "one period a year" needs it.
        return super()._get_validation_exclusions() - {"programme", "kind"}


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
