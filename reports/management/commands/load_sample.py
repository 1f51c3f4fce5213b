"""Loads the sample: invented data around what sources tell, for trying the portal out. All or nothing, once."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from activities.sample.activities import load_activities
from activities.sample.support import load_support
from reports.sample.periods import load_periods
from twinning.models import Department
from twinning.sample.agreements import load_agreements
from twinning.sample.figures import load_figures
from twinning.sample.people import load_people
from twinning.sample.schools import load_schools
from twinning.sample.units import DEPARTMENT, load_units


class Command(BaseCommand):
    help = _("Nạp dữ liệu mẫu (Hà Nội). Đã nạp rồi thì không thay đổi gì.")

    def add_arguments(self, parser):
        parser.add_argument("--scale", type=int, default=1, metavar="N", help=_("nhân số trường, giao ước, hoạt động"))
        parser.add_argument("--programme", choices=["ha-noi"], default="ha-noi", help=_("phong trào của địa phương"))

    def handle(self, *, scale, **options):
        if settings.PRODUCTION:
            raise CommandError(_("Không nạp dữ liệu mẫu trên máy chủ thật: mật khẩu dùng thử ai cũng biết."))
        if scale < 1:
            raise CommandError(_("--scale phải là số nguyên từ 1 trở lên."))
        try:
            with transaction.atomic():
                there = Department.objects.filter(name=DEPARTMENT).first()
                if there is None:
                    load(scale)
        except IntegrityError as error:
            raise CommandError(
                _("Dữ liệu mẫu trùng với dữ liệu đã có, không nạp gì cả. Hãy nạp vào cơ sở dữ liệu trống. (%s)") % error
            ) from error
        if there is None:
            self.stdout.write(_("Đã nạp dữ liệu mẫu Hà Nội, quy mô %d.") % scale)
        elif there.is_sample:
            self.stdout.write(_("Dữ liệu mẫu Hà Nội đã có sẵn; không thay đổi gì."))
        else:
            raise CommandError(_("Cơ sở dữ liệu đã có %s (dữ liệu thật); dữ liệu mẫu không nạp chung vào đó.") % there)


def load(scale):
    province = load_units(scale)
    load_schools(province)
    load_figures(province)
    load_people(province)
    load_agreements(province)
    load_activities(province)
    load_support(province)
    load_periods(province)
    if connection.vendor == "postgresql":
        # A planner that still believes in empty tables makes hours of minutes.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
