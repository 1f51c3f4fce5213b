"""Accounts are given by an administrator; nobody signs up. What sign-in says when it refuses."""

from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _

from accounts.models import User

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
        "enter_current_password": _("Mật khẩu đang dùng không đúng. Hãy gõ lại."),
        "incorrect_password": _("Mật khẩu không đúng. Hãy gõ lại."),
        "rate_limited": _("Thao tác quá nhanh. Hãy chờ vài phút rồi thử lại."),
    }

    def is_open_for_signup(self, request):
        return False

    def _get_login_attempts_cache_key(self, request, **credentials):
        """One count of wrong tries for an account, whether its e-mail address or its user name is typed."""
        owner = User.objects.filter(email__iexact=credentials["email"]).first() if "email" in credentials else None
        return super()._get_login_attempts_cache_key(
            request, **({"username": owner.username} if owner else credentials)
        )
