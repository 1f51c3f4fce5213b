"""Forms of the sign-in pages and of a person's own profile."""

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignInForm(LoginForm):
    """One field for an e-mail address or a user name, as people expect it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Thư điện tử hoặc tên đăng nhập")
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"].label = _("Mật khẩu")
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Giữ đăng nhập trên máy này")


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["full_name", "phone"]
        widgets = {"phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})}
