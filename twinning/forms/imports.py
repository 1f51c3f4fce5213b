"""What a person sends in and decides about an import."""

from django import forms
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.forms.base import PortalForm
from twinning.imports.reading import EXTENSIONS, Unreadable, examine
from twinning.models import Department, ImportJob


class UploadForm(PortalForm, forms.Form):
    """A workbook. The administrator, who sits nowhere, says for which Department."""

    department = forms.ModelChoiceField(label=_("Sở"), queryset=Department.objects.none(), empty_label=None)
    file = forms.FileField(
        label=_("Tệp danh sách"),
        help_text=_("Excel (.xlsx, .xls), LibreOffice (.ods) hoặc .csv, tối đa 50 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(EXTENSIONS)}),
        error_messages={"empty": _("Tệp rỗng (0 byte). Hãy mở thử tệp trên máy rồi chọn lại.")},
    )
    number_style = forms.ChoiceField(
        label=_("Số trong tệp viết theo kiểu"),
        choices=ImportJob.NumberStyle,
        widget=forms.RadioSelect,
        initial=ImportJob.NumberStyle.VIETNAMESE,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        departments = Department.objects.visible_to(self.user)
        seat = access.seat(self.user)
        if seat.is_everywhere and departments.count() > 1:
            self.fields["department"].queryset = departments
        else:
            del self.fields["department"]
            self.only_department = departments.get() if seat.is_everywhere else departments.first()

    def clean_file(self):
        upload = self.cleaned_data["file"]
        try:
            examine(upload, upload.name)
        except Unreadable as reason:
            raise forms.ValidationError(str(reason)) from reason
        upload.seek(0)
        return upload

    @property
    def chosen_department(self):
        return self.cleaned_data.get("department") or self.only_department


class DecisionForm(forms.Form):
    """Answers to the questions of a preview: {question key: option}; `all_<group>` answers the rest of a group."""

    def __init__(self, *args, questions=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions  # (group, key, text, options)

    def clean(self):
        cleaned, decided = super().clean(), {}
        for index, (group, key, _text, options) in enumerate(self.questions):
            allowed = {value for value, _label in options}
            chosen = self.data.get(f"q{index}") or self.data.get(f"all_{group}")
            if chosen in allowed:
                decided[key] = chosen
        encoding = self.data.get("encoding", "")
        cleaned["encoding"] = encoding if encoding in ImportJob.Encoding.values else ""
        cleaned["decisions"] = decided
        if not (decided or cleaned["encoding"]):
            raise forms.ValidationError(_("Chưa chọn câu trả lời nào. Hãy chọn rồi gửi lại."))
        return cleaned
