"""Opens sơ kết of one school year for every unit that has to report; safe to run again."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from reports.models import ReportingPeriod
from twinning.models import Programme


class Command(BaseCommand):
    help = "Mở kỳ báo cáo sơ kết của một năm học: open_period 2023 (năm học 2023-2024)."

    def add_arguments(self, parser):
        parser.add_argument("school_year", type=int, help="Năm đầu của năm học, ví dụ 2023")
        parser.add_argument("--programme", type=int, help="Mã số phong trào, khi cổng có nhiều phong trào")
        parser.add_argument("--cut-off", type=date.fromisoformat, help="Ngày chốt số liệu, mặc định 31/5: 2024-05-31")
        parser.add_argument("--due", type=date.fromisoformat, help="Hạn nộp, mặc định 15/6: 2024-06-15")

    def handle(self, *, school_year, programme, cut_off, due, **options):
        programmes = Programme.objects.filter(pk=programme) if programme else Programme.objects.all()
        if programmes.count() != 1:
            known = "; ".join(f"{p.pk}: {p}" for p in Programme.objects.all()) or "chưa có phong trào nào"
            raise CommandError(f"Hãy chọn một phong trào bằng --programme. Hiện có: {known}.")
        period = ReportingPeriod.objects.filter(programme=programmes.get(), school_year=school_year).first()
        if period is None:
            period = ReportingPeriod(
                programme=programmes.get(),
                school_year=school_year,
                cut_off_on=cut_off or date(school_year + 1, 5, 31),
                due_on=due or date(school_year + 1, 6, 15),
            )
            try:
                period.full_clean()
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            period.save()
        added = period.open()
        self.stdout.write(f"{period}: thêm {added} báo cáo, tất cả {period.reports.count()} đơn vị.")
