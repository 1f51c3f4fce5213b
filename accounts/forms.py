"""Forms of the sign-in pages and of a person's own profile."""

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    PasswordVerificationMixin,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User

# Django's own "Trường này là bắt buộc." would speak of a school.
REQUIRED = _("Mục này bắt buộc: hãy điền hoặc chọn.")


class InVietnamese:
    """Mixin for allauth's forms, which have no Vietnamese catalogue: labels of ours, no placeholder that repeats them,
    and no help but the rules for a new password."""

    labels = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = REQUIRED
        for name, label in self.labels.items():
            field = self.fields[name]
            field.label = label
            field.widget.attrs.pop("placeholder", None)
            if name != "password1":
                field.help_text = ""


class NewPassword(InVietnamese):
    """Mixin for the forms that ask for a new password twice."""

    labels = {"password1": _("Mật khẩu mới"), "password2": _("Gõ lại mật khẩu mới")}

    def clean(self):
        cleaned = super(PasswordVerificationMixin, self).clean()  # past allauth's own, whose message is English
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("Hai lần gõ không giống nhau. Hãy gõ lại mật khẩu mới."))
        return cleaned


class SignInForm(InVietnamese, LoginForm):
    """One field for an e-mail address or a user name, as people expect it."""

    labels = {
        "login": _("Thư điện tử hoặc tên đăng nhập"),
        "password": _("Mật khẩu"),
        "remember": _("Giữ đăng nhập trên máy này"),
    }


class ForgottenPasswordForm(InVietnamese, ResetPasswordForm):
    labels = {"email": _("Thư điện tử")}


class NewPasswordByLinkForm(NewPassword, ResetPasswordKeyForm):
    pass


class PasswordChangeForm(NewPassword, ChangePasswordForm):
    labels = {"oldpassword": _("Mật khẩu đang dùng"), **NewPassword.labels}


class PasswordAgainForm(InVietnamese, ReauthenticateForm):
    labels = {"password": _("Mật khẩu")}


class MailChoiceForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["mail_choice"]
        widgets = {"mail_choice": forms.RadioSelect(attrs={"class": "form-selectgroup-input"})}


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["full_name", "phone"]
        error_messages = {"full_name": {"required": REQUIRED}}
        widgets = {"phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})}
