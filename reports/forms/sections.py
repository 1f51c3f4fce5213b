"""The narrative sections of a report, what is quoted in them, and why a report is returned."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.checklist import unprintable_sections
from reports.content import SECTIONS
from reports.models import Report
from twinning.forms.base import PortalForm
from twinning.forms.returning import ReturnForm


class SectionsForm(PortalForm, forms.Form):
    """One box for each narrative section of a report, in the order of the paper. Of a report returned with comments
    only the sections commented on are open."""

    def __init__(self, *args, report, **kwargs):
        self.report = report
        super().__init__(*args, **kwargs)
        texts = report.texts()
        self.comments = {}
        for comment in report.comments.open().select_related("by"):
            self.comments.setdefault(comment.key, []).append(comment)
        for section in SECTIONS:
            self.fields[section.key] = forms.CharField(
                label=section.heading,
                help_text=section.hint,
                required=False,
                max_length=20000,
                strip=True,
                widget=forms.Textarea(attrs={"rows": 4}),
                initial=texts.get(section.key, ""),
                disabled=bool(self.comments) and section.key not in self.comments,
            )

    def rows(self):
        """(section, bound field, open comments on it) of each section."""
        for section in SECTIONS:
            yield section, self[section.key], self.comments.get(section.key, [])

    @property
    def warnings(self):
        written = {key: self.cleaned_data[key] for key in self.changed_data}
        return [*super().warnings, *unprintable_sections(written)]

    def save(self):
        """Store the sections that changed."""
        for key in self.changed_data:
            written = {"body": self.cleaned_data[key], "typed_by": self.user}
            self.report.sections.update_or_create(key=key, defaults=written)


class QuoteForm(PortalForm, forms.Form):
    """Which paragraphs of the reports below are taken over into one section."""

    lines = forms.MultipleChoiceField(
        label=_("Chọn đoạn cần trích"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Hãy chọn ít nhất một đoạn, hoặc quay lại.")},
    )

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {line.key: line for line in lines}
        self.fields["lines"].choices = [(key, line.quoted) for key, line in self.by_key.items()]

    def chosen(self):
        return [self.by_key[key] for key in self.cleaned_data["lines"]]


class SupplementForm(PortalForm, forms.Form):
    """Why the figures changed, and who signs."""

    explanation = forms.CharField(
        label=_("Giải trình"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Vì sao số liệu thay đổi sau khi chốt: nhập bổ sung, sửa sai, xác nhận muộn …"),
    )
    issued_on = forms.DateField(label=_("Ngày ban hành"))
    signer_title = forms.CharField(label=_("Chức vụ người ký"), max_length=120)
    signer_name = forms.CharField(label=_("Họ tên người ký"), max_length=120)

    def __init__(self, *args, report, **kwargs):
        self.report = report
        super().__init__(*args, **kwargs)

    def clean_issued_on(self):
        day = self.cleaned_data["issued_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_t("Ngày ban hành không thể sau hôm nay."))
        if day < self.report.issued_on:
            raise forms.ValidationError(_t("Bản bổ sung không thể có ngày trước báo cáo được bổ sung."))
        return day


class ReturnReportForm(ReturnForm):
    explain = _(
        "Ghi ý kiến vào đúng mục cần sửa: đơn vị chỉ sửa được những mục có ý kiến. Chỉ ghi ý kiến chung thì mọi mục "
        "được mở lại."
    )
    nothing_said = _("Hãy ghi lý do để đơn vị biết cần làm gì: ý kiến chung, hoặc ý kiến về từng mục dưới đây.")

    class Meta:
        model = Report
        fields = []

    def parts(self):
        texts = self.instance.texts()
        return [(section.key, section.heading, texts.get(section.key, "")) for section in SECTIONS]
