from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TwinningConfig(AppConfig):
    name = "twinning"
    verbose_name = _("Kết nghĩa")

    def ready(self):
        from twinning import invitations  # noqa: F401 it listens to sign-ins
