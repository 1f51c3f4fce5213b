"""Lines of the yearly plan of an agreement, many at once."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.models import ActivityKind
from twinning import school_year, vietnamese
from twinning.forms.base import DateBox
from twinning.forms.sides import BaseRows, RowForm

MOST_LINES = 60


def days_of(agreement, year):
    """First and last day that a plan of the school year may name."""
    first, last = school_year.bounds(year)
    return max(first, agreement.starts_on), min(last, agreement.last_day)


class PlanLineForm(RowForm):
    """One thing to do; a line without a title is no line."""

    telling = ("title",)
    needed = {"kind": _("Hãy chọn loại."), "planned_on": _("Hãy ghi ngày dự kiến.")}

    title = forms.CharField(label=_("Tên hoạt động"), max_length=250, required=False)
    kind = forms.ModelChoiceField(label=_("Loại"), queryset=ActivityKind.objects.none(), required=False)
    planned_on = forms.DateField(label=_("Ngày dự kiến"), widget=DateBox, required=False)
    content_area = forms.ModelChoiceField(label=_("Nội dung phối hợp"), queryset=None, required=False)

    def __init__(self, *args, agreement, year, **kwargs):
        super().__init__(*args, **kwargs)
        self.first, self.last = days_of(agreement, year)
        self.fields["planned_on"].widget.allow(self.first, self.last)
        self.fields["kind"].queryset = ActivityKind.objects.offered(agreement.programme)
        self.fields["kind"].empty_label = _("Chọn loại…")
        self.fields["content_area"].queryset = agreement.programme.content_areas.all()
        self.fields["content_area"].empty_label = _("Không chọn")

    def clean_planned_on(self):
        day = self.cleaned_data["planned_on"]
        if day is not None and not self.first <= day <= self.last:
            raise forms.ValidationError(
                _t("Ngày phải trong năm học và trong thời gian của giao ước: từ %(first)s đến %(last)s.")
                % {"first": vietnamese.day(self.first), "last": vietnamese.day(self.last)}
            )
        return day

    @property
    def line(self):
        """What `planning.enter` takes."""
        return {name: self.cleaned_data[name] for name in ("title", "kind", "planned_on", "content_area")}


PlanLines = forms.formset_factory(
    PlanLineForm, formset=BaseRows, extra=3, max_num=MOST_LINES, validate_max=True, can_delete=True
)
