"""What a new password has to be, in the portal's own words: Django's have gaps in Vietnamese and say "bạn"."""

from django.contrib.auth import password_validation as django_validators
from django.utils.translation import gettext as _


class LengthValidator(django_validators.MinimumLengthValidator):
    def get_error_message(self):
        return _("Mật khẩu quá ngắn. Hãy dùng ít nhất %d ký tự.") % self.min_length

    def get_help_text(self):
        return _("Ít nhất %d ký tự.") % self.min_length


class SimilarityValidator(django_validators.UserAttributeSimilarityValidator):
    def get_help_text(self):
        return _("Không giống họ tên, tên đăng nhập hay thư điện tử.")

    def get_error_message(self):
        return _("Mật khẩu quá giống “%(verbose_name)s”. Hãy đặt mật khẩu khác.")


class CommonValidator(django_validators.CommonPasswordValidator):
    def get_help_text(self):
        return _("Không phải mật khẩu nhiều người hay dùng.")

    def get_error_message(self):
        return _("Mật khẩu này nhiều người hay dùng. Hãy đặt mật khẩu khác.")


class NumericValidator(django_validators.NumericPasswordValidator):
    def get_help_text(self):
        return _("Không chỉ toàn chữ số.")

    def get_error_message(self):
        return _("Mật khẩu chỉ toàn chữ số. Hãy thêm chữ.")
