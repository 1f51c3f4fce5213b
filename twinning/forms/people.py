"""Forms about the people of a unit: inviting one, ending a role."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from twinning.access import Role
from twinning.forms.base import PortalForm
from twinning.models import Membership
from twinning.vietnamese import normalise


class InvitationForm(PortalForm, forms.Form):
    full_name = forms.CharField(
        label=_("Họ và tên"),
        max_length=Membership._meta.get_field("invited_name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("Thư điện tử"),
        max_length=User._meta.get_field("email").max_length,
        help_text=_("Thư mời và liên kết đặt mật khẩu gửi tới đây; hãy kiểm tra từng chữ."),
        error_messages={"invalid": _("Đây không phải địa chỉ thư điện tử. Hãy ghi như ten@truong.edu.vn.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    role = forms.ChoiceField(label=_("Vai trò"), widget=forms.RadioSelect)
    decision_number = forms.CharField(
        label=_("Quyết định số"),
        required=False,
        max_length=Membership._meta.get_field("decision_number").max_length,
        help_text=_("Văn bản cử người này, nếu có."),
    )

    def __init__(self, *args, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, f"{role.label}: {DUTIES[role]}") for role in roles]
        if len(roles) == 1:
            self.fields["role"].initial = roles[0].value

    def clean_full_name(self):
        return " ".join(normalise(self.cleaned_data["full_name"]).split())

    def clean_email(self):
        return self.cleaned_data["email"].lower()


DUTIES = {
    Role.DISTRICT: _("đăng ký, xác nhận, ký giao ước; duyệt báo cáo của trường"),
    Role.PRINCIPAL: _("xác nhận, ký giao ước; trình báo cáo"),
    Role.CLERK: _("ghi hoạt động, soạn báo cáo; không ký, không trình"),
    Role.READER: _("đọc mọi việc của đơn vị, không ghi, không sửa"),
}


class MembershipEndForm(PortalForm, forms.Form):
    """Nothing to fill in: the page says what will change."""
