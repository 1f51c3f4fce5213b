"""Does at once what beat starts each night: expire, warn, remind, tell what is wrong."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from twinning import nightly
from twinning.vietnamese import number


class Command(BaseCommand):
    help = _("Rà soát giao ước như mỗi đêm: hết hạn, báo sắp hết hạn, nhắc trả lời, báo Sở. Chạy lại không báo trùng.")

    def handle(self, **options):
        done = nightly.watch()
        for what, words in (
            ("expired", _("%s giao ước chuyển thành hết hạn.")),
            ("warned", _("%s giao ước sắp hết hiệu lực được báo hai bên.")),
            ("reminded", _("%s giao ước được nhắc trả lời.")),
            ("told", _("%s Sở được báo những giao ước cần xem lại.")),
        ):
            self.stdout.write(words % number(done[what]))
