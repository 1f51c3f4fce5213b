"""Opening and changing a reporting period, its yearly calendar, and exempting units."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.content import SECTIONS
from reports.models import ReportingCalendar, ReportingPeriod
from reports.models.period import usual_sections
from reports.models.report_life import Status
from twinning import school_year
from twinning.forms.base import PortalForm
from twinning.models import Programme

REQUIREMENTS = ["required_sections", "asks_schools", "asks_districts", "locks"]


class RequirementsForm(PortalForm, forms.ModelForm):
    """What is asked of every unit."""

    required_sections = forms.MultipleChoiceField(
        label=_("Mục bắt buộc"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Thiếu mục nào trong số này thì đơn vị chưa trình được."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["required_sections"].choices = [(section.key, section.heading) for section in SECTIONS]


class DatedForm(RequirementsForm):
    """What is asked, with the days of one year."""

    @property
    def warnings(self):
        """A period whose last day is over already when it is opened, or moved, locks what nobody could write."""
        period = self.instance
        days = [period.due_on]
        days += [period.due_school_on] if period.asks_schools else []
        days += [period.due_district_on] if period.asks_districts else []
        over = [day for day in days if day and day < timezone.localdate()]
        if not over or not period.locks:
            return super().warnings
        return [
            *super().warnings,
            _t(
                "Hạn nộp %s đã qua mà kỳ này khoá sau hạn: các đơn vị không soạn được. "
                "Hãy bấm “Sửa kỳ” để dời hạn, hoặc bỏ “Khoá sau hạn nộp”."
            )
            % f"{min(over):%-d/%-m/%Y}",
        ]


class PeriodForm(DatedForm):
    """Opens a period for every unit that has to report."""

    school_year = forms.TypedChoiceField(
        label=_("Năm học"),
        coerce=int,
        choices=[],
        required=False,
        empty_value=None,
        help_text=_("Bỏ trống khi tổng kết."),
    )

    class Meta:
        model = ReportingPeriod
        fields = [
            "kind",
            "school_year",
            "name",
            "opens_on",
            "cut_off_on",
            "due_school_on",
            "due_district_on",
            "due_on",
            *REQUIREMENTS,
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        programme = Programme.objects.current_for(self.user)
        self.instance.programme = programme
        done = set(programme.periods.filter(kind=ReportingPeriod.Kind.INTERIM).values_list("school_year", flat=True))
        years = programme.school_years
        self.fields["school_year"].choices = [("", "–"), *((year, school_year.label(year)) for year in years)]
        left = [year for year in years if year not in done]
        if left:
            year = left[-1] + 1
            # In June as a rule; of a year that is over, two weeks from now, so that nobody is late from the start.
            first_due = max(date(year, 6, 5), timezone.localdate() + timedelta(14))
            self.initial |= {
                "school_year": left[-1],
                "cut_off_on": date(year, 5, 31),
                "due_school_on": first_due,
                "due_district_on": first_due + timedelta(5),
                "due_on": first_due + timedelta(10),
            }
        self.initial |= {"locks": True, "required_sections": usual_sections(), "opens_on": timezone.localdate()}
        self.initial |= {"asks_schools": True, "asks_districts": True}
        # Their help texts say so too.
        self.needs("school_year", "kind=interim|ad_hoc")
        self.needs("name", "kind=ad_hoc")

    def _get_validation_exclusions(self):
        # The programme is ours, not typed; the rules "one period a year" and the like need it.
        return super()._get_validation_exclusions() - {"programme", "name", "school_year"}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == ReportingPeriod.Kind.FINAL:
            cleaned["school_year"] = None
        return cleaned

    def _post_clean(self):
        # Before the rules on the order of days: who typed one day only means it for every level.
        for name in ("due_district_on", "due_school_on"):
            above = "due_on" if name == "due_district_on" else "due_district_on"
            self.cleaned_data[name] = self.cleaned_data.get(name) or self.cleaned_data.get(above)
        super()._post_clean()


class PeriodChangeForm(DatedForm):
    """Days that move, and what is asked. Figures that were frozen were frozen for the old day of cut-off."""

    class Meta:
        model = ReportingPeriod
        fields = ["opens_on", "cut_off_on", "due_school_on", "due_district_on", "due_on", *REQUIREMENTS]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.is_open:
            del self.fields["opens_on"]

    def clean_cut_off_on(self):
        day = self.cleaned_data["cut_off_on"]
        frozen = self.instance.reports.filter(status__in=Status.handed_in()).count()
        if day != self.initial["cut_off_on"] and frozen:
            raise forms.ValidationError(
                _t("Đã có %d báo cáo chốt số liệu theo ngày cũ. Muốn đổi ngày chốt, hãy trả lại các báo cáo ấy trước.")
                % frozen
            )
        return day


class CalendarForm(RequirementsForm):
    """The days of each year, written as day/month."""

    DAYS = ("opens", "cut_off", "due_school", "due_district", "due_department")

    class Meta:
        model = ReportingCalendar
        fields = ["is_on", "opens", "cut_off", "due_school", "due_district", "due_department", *REQUIREMENTS]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.DAYS:
            self.fields[name] = DayOfYearField(label=self.fields[name].label)


class DayOfYearField(forms.CharField):
    """ "31/5" ↔ the same day of 2001, which is no leap year: a day that exists every year."""

    def prepare_value(self, value):
        return f"{value.day}/{value.month}" if isinstance(value, date) else value

    def to_python(self, value):
        text = super().to_python(value)
        try:
            day, month = map(int, text.split("/")[:2])
            found = date(2001, month, day)
        except ValueError as error:
            raise forms.ValidationError(_t("Hãy ghi ngày/tháng, ví dụ 31/5.")) from error
        if found.month >= school_year.FIRST_MONTH:
            raise forms.ValidationError(_t("Sơ kết diễn ra cuối năm học: hãy chọn ngày từ tháng 1 đến tháng 8."))
        return found


class ExemptForm(PortalForm, forms.Form):
    """Why the units that have not handed in need not."""

    note = forms.CharField(label=_("Lý do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
