"""Carries out, rehearses or undoes a reorganisation of units from the command line, by the rules of the portal."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from twinning.access import Role
from twinning.life import Refused
from twinning.models import Department, Membership, Reorganisation
from twinning.reforms.plan import plan, slugs
from twinning.vietnamese import number


class Command(BaseCommand):
    help = (
        "Sắp xếp đơn vị theo một phương án (ví dụ ha-noi-2025): đơn vị cũ kết thúc, đơn vị mới bắt đầu, "
        "các trường chuyển sang đơn vị đã chọn. Còn trường chưa quyết nơi về thì không làm gì, chỉ liệt kê."
    )

    def add_arguments(self, parser):
        parser.add_argument("--plan", required=True, choices=slugs(), help="phương án")
        parser.add_argument("--day", type=date.fromisoformat, help="ngày đầu của đơn vị mới, ví dụ 2025-07-01")
        parser.add_argument("--decision", default="", help="số, ký hiệu văn bản; mặc định lấy theo phương án")
        parser.add_argument("--department", type=int, help="mã số Sở, khi cổng có nhiều Sở")
        parser.add_argument("--by", help="tên đăng nhập của người làm; mặc định là quản trị đầu tiên của cổng")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--dry-run", action="store_true", help="chỉ làm thử, không thay đổi gì")
        what.add_argument("--undo", action="store_true", help="hoàn tác lần sắp xếp đã làm")

    def handle(self, *, dry_run, undo, **options):
        department, by = self._department(options["department"]), self._person(options["by"])
        facts = plan(options["plan"])
        day, decision = options["day"] or facts.day, options["decision"] or facts.decision
        try:
            with transaction.atomic():
                if undo:
                    self._find(department, facts, Reorganisation.Status.DONE).perform("undo", by)
                    self.stdout.write("Đã hoàn tác; đơn vị, trường và vai trò trở lại như trước.")
                else:
                    # The draft made here, too, is taken back by a dry run.
                    draft = self._prepare(department, facts, day, decision, by)
                    self._apply(draft, by, dry_run)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _apply(self, reorganisation, by, dry_run):
        if dry_run:
            outcome = reorganisation.rehearse()
            transaction.set_rollback(True)
        elif undecided := self._undecided(reorganisation):
            raise CommandError("\n".join(undecided))
        else:
            reorganisation.perform("apply", by)
            outcome = reorganisation.outcome
        self.stdout.write("Chạy thử, chưa thay đổi gì:" if dry_run else "Đã sắp xếp:")
        for words, key in [
            ("đơn vị kết thúc", "ended"),
            ("đơn vị mới", "created"),
            ("quan hệ kế thừa", "successions"),
            ("trường chuyển đơn vị", "schools"),
            ("trường đã giải thể trước đó, giữ nguyên", "closed"),
            ("vai trò kết thúc", "memberships"),
            ("tài khoản đơn vị mới", "accounts"),
        ]:
            self.stdout.write(f"  {number(outcome[key])} {words}")
        if outcome["undecided"]:
            self.stdout.write(
                f"  {number(outcome['undecided'])} trường chưa quyết nơi về: phải quyết hết mới làm thật được"
            )

    @staticmethod
    def _undecided(reorganisation):
        """Lines that say how many schools wait for a decision, by old unit; none when all is decided."""
        rows = reorganisation.placements.undecided().order_by("old_unit__sort_key").values_list("old_unit")
        counts = dict(rows.annotate(n=Count("pk")))
        if not counts:
            return []
        names = {district.pk: str(district) for district, _old in reorganisation.units_listed()}
        total = number(sum(counts.values()))
        head = f"Còn {total} trường chưa quyết nơi về, chưa thay đổi gì. Quyết tại Đơn vị → Sắp xếp đơn vị:"
        return [head, *(f"  {names[pk]}: {number(n)} trường" for pk, n in counts.items())]

    def _prepare(self, department, facts, day, decision, by):
        """The draft on which people decided, else a new one, with its list of schools up to date."""
        draft = Reorganisation.objects.filter(department=department, plan=facts.slug, status="draft").first()
        if draft is None:
            if facts not in Reorganisation.plans_for(department):
                raise CommandError("Phương án này đã thực hiện, hoặc không còn đơn vị cũ nào của nó đang có hiệu lực.")
            draft = Reorganisation(department=department, plan=facts.slug)
            draft.day, draft.decision_number = day, decision
            draft.save()
            draft.record_event("create", by)
        elif draft.day != day:
            raise CommandError(
                f"Bản chuẩn bị trên cổng ghi ngày {draft.day:%-d/%-m/%Y}; hãy dùng ngày đó hoặc sửa trên cổng."
            )
        draft.list_schools()
        return draft

    @staticmethod
    def _find(department, facts, status):
        found = Reorganisation.objects.filter(department=department, plan=facts.slug, status=status).first()
        if found is None:
            raise CommandError("Chưa có lần sắp xếp nào theo phương án này để hoàn tác.")
        return found

    @staticmethod
    def _department(pk):
        departments = Department.objects.filter(pk=pk) if pk else Department.objects.all()
        if departments.count() != 1:
            known = "; ".join(f"{d.pk}: {d}" for d in Department.objects.all()) or "chưa có Sở nào"
            raise CommandError(f"Hãy chọn một Sở bằng --department. Hiện có: {known}.")
        return departments.get()

    @staticmethod
    def _person(username):
        if username:
            person = User.objects.filter(username=username).first()
        else:
            admins = Membership.objects.in_force(timezone.localdate()).filter(role=Role.ADMIN, user__is_active=True)
            first = admins.select_related("user").order_by("pk").first()
            person = first and first.user
        if person is None:
            raise CommandError("Không có người này. Hãy ghi tên đăng nhập của người làm bằng --by.")
        return person
