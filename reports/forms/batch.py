"""Beginning a season of PDFs: which period, which levels."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import Report, ReportingPeriod
from twinning import access
from twinning.forms.base import PortalForm
from twinning.models import Programme

LEVEL_CHOICES = [("department", _("Sở")), ("district", _("Phòng")), ("school", _("Các trường"))]


class BatchForm(PortalForm, forms.Form):
    period = forms.ModelChoiceField(label=_("Kỳ báo cáo"), queryset=ReportingPeriod.objects.none(), empty_label=None)
    levels = forms.MultipleChoiceField(
        label=_("Báo cáo của"),
        choices=LEVEL_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một cấp.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        periods = ReportingPeriod.objects.visible_to(self.user).filter(opened_at__isnull=False).for_list()
        programme = Programme.objects.current_for(self.user)
        asked = self.data.get("period") or self.initial.get("period")
        if asked is None and programme:
            periods = periods.filter(programme=programme)
        self.fields["period"].queryset = periods
        if not access.is_of_department(self.user):
            self.fields["levels"].choices = [choice for choice in LEVEL_CHOICES if choice[0] != "department"]
        self.initial.setdefault("levels", [value for value, _label in self.fields["levels"].choices])

    def clean(self):
        given = super().clean()
        if given.get("period") and given.get("levels"):
            reports = Report.objects.visible_to(self.user).filter(period=given["period"])
            if not any(reports.at_level(level).exists() for level in given["levels"]):
                raise forms.ValidationError(_("Kỳ này chưa có báo cáo nào của cấp đã chọn. Hãy chọn cấp khác."))
        return given
