"""Forms of reports: the narrative sections, and opening a reporting period."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.content import SECTIONS
from reports.models import ReportingPeriod
from twinning import school_year
from twinning.forms.base import PortalForm
from twinning.models import Programme


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
