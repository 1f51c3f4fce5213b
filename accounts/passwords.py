"""What a new password has to be, where Django's own words have no Vietnamese."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LengthValidator(MinimumLengthValidator):
    def get_error_message(self):
        return _("Mật khẩu quá ngắn. Hãy dùng ít nhất %d ký tự.") % self.min_length
