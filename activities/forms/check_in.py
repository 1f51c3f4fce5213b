"""What a participant fills in on the public pages, on a phone and without an account: who is there, and feedback."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.forms.roster import LONGEST_NAME, NOT_IN_NAMES
from activities.models import CheckIn, Feedback
from twinning.models import School, Teacher
from twinning.personal import long_number, refuse_long_number
from twinning.vietnamese import normalise

LONGEST_CODE = CheckIn._meta.get_field("code").max_length


class CheckInForm(forms.Form):
    """School and person: a full name, or a teacher's code. `cleaned_data` has full_name and code, one of them filled;
    where no names are recorded neither is asked for. `is_manager` says as what the person came."""

    school = forms.ModelChoiceField(
        queryset=School.objects.none(),
        error_messages={
            "required": _("Hãy chọn trường của thầy/cô."),
            "invalid_choice": _("Trường này không có trong danh sách. Hãy chọn lại."),
        },
    )
    person = forms.CharField(
        max_length=LONGEST_NAME,
        error_messages={
            "required": _("Hãy ghi họ và tên, hoặc mã giáo viên."),
            "max_length": _("Tên quá dài. Hãy ghi riêng họ và tên của thầy/cô."),
        },
    )

    AS_TEACHER, AS_MANAGER = "gv", "cbql"
    # Nothing chosen, as from a page that was opened before, is a teacher.
    part = forms.ChoiceField(
        choices=[(AS_TEACHER, _("Giáo viên")), (AS_MANAGER, _("Cán bộ quản lý"))], initial=AS_TEACHER, required=False
    )

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = School.objects.filter(department=programme.department_id).operating()
        if not programme.records_names:
            del self.fields["person"]

    def clean(self):
        cleaned = super().clean()
        cleaned |= {"full_name": "", "code": "", "is_manager": cleaned.get("part") == self.AS_MANAGER}
        typed = normalise(cleaned.get("person") or "")
        if not typed:
            return cleaned
        school = cleaned.get("school")
        # A code is one word; a roster may hold longer ones than an identity card has digits.
        if school and " " not in typed and Teacher.objects.coded(school, typed):
            cleaned["code"] = typed
        elif long_number(typed):
            self.add_error(
                "person",
                _t("Hãy ghi họ và tên. Không ghi số căn cước hay số điện thoại; cổng không giữ các số này."),
            )
        elif any(letter.isdigit() for letter in typed):
            if " " in typed or len(typed) > LONGEST_CODE or not typed.replace("-", "").replace(".", "").isalnum():
                self.add_error("person", _t("Hãy ghi họ và tên không kèm số, hoặc chỉ ghi mã giáo viên."))
            else:
                cleaned["code"] = typed
        elif len(typed.split()) < 2 or NOT_IN_NAMES.search(typed):
            self.add_error("person", _t("Hãy ghi đầy đủ họ và tên, ví dụ: Nguyễn Văn Mẫu."))
        else:
            cleaned["full_name"] = typed
        return cleaned


class FeedbackForm(forms.ModelForm):
    MARKS = [(1, _("1")), (2, _("2")), (3, _("3")), (4, _("4")), (5, _("5"))]

    useful = forms.TypedChoiceField(
        choices=MARKS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một mức từ 1 đến 5.")},
    )
    applicable = forms.TypedChoiceField(
        choices=MARKS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một mức từ 1 đến 5.")},
    )
    comment = forms.CharField(
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[refuse_long_number],
        error_messages={"max_length": _("Ý kiến dài quá 500 chữ cái. Hãy viết gọn lại.")},
    )

    class Meta:
        model = Feedback
        fields = ["useful", "applicable", "comment"]
