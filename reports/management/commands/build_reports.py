"""Queues the PDF of every report of a period; those whose content did not change are left as they are."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from reports.models import Report, ReportFile
from twinning.tasks import do_job

LEVELS = {"so": "department", "phong": "district", "truong": "school"}


class Command(BaseCommand):
    help = "Tạo PDF báo cáo sơ kết của một năm học: build_reports 2023 --level so phong."

    def add_arguments(self, parser):
        parser.add_argument("school_year", type=int, help="Năm đầu của năm học, ví dụ 2023")
        parser.add_argument("--level", nargs="+", choices=LEVELS, default=["so", "phong"], help="Mặc định: so phong")
        parser.add_argument("--by", required=True, help="Tên đăng nhập của người yêu cầu")
        parser.add_argument("--now", action="store_true", help="Tạo ngay trong lệnh này, không qua worker")

    def handle(self, *, school_year, level, by, now, **options):
        person = User.objects.filter(username=by).first()
        if person is None:
            raise CommandError(f"Không có tài khoản “{by}”.")
        made = 0
        for name in level:
            reports = Report.objects.visible_to(person).filter(period__school_year=school_year)
            for report in reports.filter(**{f"{LEVELS[name]}__isnull": False}).for_list().iterator():
                file, created = ReportFile.objects.request(report, person)
                made += created
                if created and now:
                    do_job(file._meta.label_lower, str(file.pk))
                elif created:
                    file.enqueue()
        self.stdout.write(f"{'Đã tạo' if now else 'Đã xếp hàng'} {made} tệp.")
