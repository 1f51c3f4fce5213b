"""Accounts are given by an administrator; nobody signs up. What sign-in says when it refuses."""

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _

MISMATCH = _(
    "Tên đăng nhập (hoặc thư điện tử) và mật khẩu không khớp. Hãy kiểm tra lại; "
    "sau 5 lần sai, tài khoản tạm khoá 5 phút."
)


class InvitedOnlyAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
        "too_many_login_attempts": _("Sai quá nhiều lần. Hãy chờ 5 phút rồi thử lại, hoặc chọn “Quên mật khẩu”."),
    }

    def is_open_for_signup(self, request):
        return False
