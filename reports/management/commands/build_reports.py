"""Begins, or brings up to date, the season of PDFs of the periods of a school year, as the page "Đợt xuất PDF" does."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from reports.models import Batch, BatchItem, ReportingPeriod
from twinning.life import Refused

LEVELS = {"so": "department", "phong": "district", "truong": "school"}


class Command(BaseCommand):
    help = "Tạo PDF báo cáo của một năm học: build_reports 2023 --level so phong. Chỉ nội dung thay đổi được tạo lại."

    def add_arguments(self, parser):
        parser.add_argument("school_year", type=int, help="Năm đầu của năm học, ví dụ 2023")
        parser.add_argument("--level", nargs="+", choices=LEVELS, default=["so", "phong"], help="Mặc định: so phong")
        parser.add_argument("--by", required=True, help="Tên đăng nhập của người yêu cầu")
        parser.add_argument("--now", action="store_true", help="Tạo ngay trong lệnh này, không qua worker")

    def handle(self, *, school_year, level, by, now, **options):
        person = User.objects.filter(username=by).first()
        if person is None:
            raise CommandError(f"Không có tài khoản “{by}”.")
        periods = ReportingPeriod.objects.visible_to(person).filter(school_year=school_year, opened_at__isnull=False)
        if not periods:
            raise CommandError(f"“{by}” không thấy kỳ báo cáo nào đã mở của năm học {school_year}.")
        for period in periods.for_list():
            batch, created = Batch.objects.begin(period, [LEVELS[name] for name in level], person)
            if not created and not batch.is_running:
                try:
                    batch.perform("again", person)
                except Refused as refusal:
                    raise CommandError(str(refusal)) from refusal
            if now:
                self.work(batch)
            counts = batch.counts()
            self.stdout.write(
                f"{batch}: {counts['all']} báo cáo, xong {counts.get(BatchItem.State.DONE, 0)}, "
                f"lỗi {counts.get(BatchItem.State.FAILED, 0)}."
            )

    def work(self, batch):
        """Make all that is due, beside the workers if there are any; what has to be retried later is left to them."""
        while item := batch.take_next():
            item.make()
        batch.settle()
