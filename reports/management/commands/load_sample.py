"""Loads a sample: invented data around what sources tell, to try the portal out. All or nothing, once a province."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from reports.sample import hanoi, nghean
from twinning.sample.people import PASSWORD

SAMPLES = {sample.home.slug: sample for sample in (hanoi.SAMPLE, nghean.SAMPLE)}


class Command(BaseCommand):
    help = _("Nạp dữ liệu mẫu của một tỉnh, thành phố. Đã nạp rồi thì không thay đổi gì.")

    def add_arguments(self, parser):
        parser.add_argument("--scale", type=int, default=1, metavar="N", help=_("nhân số trường, giao ước, hoạt động"))
        parser.add_argument(
            "--programme", choices=SAMPLES, default=hanoi.SAMPLE.home.slug, help=_("phong trào của địa phương")
        )

    def handle(self, *, scale, programme, **options):
        if settings.PRODUCTION:
            raise CommandError(_("Không nạp dữ liệu mẫu trên máy chủ thật: mật khẩu dùng thử ai cũng biết."))
        if scale < 1:
            raise CommandError(_("--scale phải là số nguyên từ 1 trở lên."))
        sample = SAMPLES[programme]
        try:
            with transaction.atomic():
                there = sample.department()
                if there is None:
                    sample.load(scale)
        except IntegrityError as error:
            raise CommandError(
                _("Dữ liệu mẫu trùng với dữ liệu đã có, không nạp gì cả. Hãy nạp vào cơ sở dữ liệu trống. (%s)") % error
            ) from error
        name = sample.home.name
        if there is None:
            loaded = _("Đã nạp dữ liệu mẫu %(name)s, quy mô %(scale)d.") % {"name": name, "scale": scale}
            self.stdout.write(loaded)
            self.stdout.write(_("Tài khoản dùng thử, mật khẩu chung %s:") % PASSWORD)
            for username, whose in sample.accounts:
                self.stdout.write(f"  {username}@example.vn  {whose}")
        elif there.is_sample:
            self.stdout.write(_("Dữ liệu mẫu %s đã có sẵn; không thay đổi gì.") % name)
        else:
            raise CommandError(_("Cơ sở dữ liệu đã có %s (dữ liệu thật); dữ liệu mẫu không nạp chung vào đó.") % there)
