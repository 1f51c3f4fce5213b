"""Imports one workbook from the command line: the same check, the same transaction, the same undo as on the page."""

from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from twinning import access
from twinning.access import Role
from twinning.imports.kind import ACTIONS, ASK, CHANGE, REJECT, SKIP, kind_called, kinds
from twinning.imports.reading import Unreadable, examine
from twinning.imports.workbooks import in_sheet
from twinning.models import Department, ImportJob
from twinning.tasks import do_job

MOST_SHOWN = 20
WORDS = {
    "create": _("thêm mới"),
    "change": _("thay đổi"),
    "same": _("không đổi"),
    "reject": _("bị từ chối"),
    "skip": _("không phải dữ liệu"),
    "ask": _("cần quyết định, chưa nhập"),
}


class Command(BaseCommand):
    help = _("Nhập một bảng tính: import_workbook schools danh-sach.xlsx. Loại: %s.") % ", ".join(
        kind.command for kind in kinds()
    )

    def add_arguments(self, parser):
        parser.add_argument("kind", metavar="KIND", help=_("loại dữ liệu, tên tiếng Anh hoặc tên trên trang"))
        parser.add_argument("file", type=Path, metavar="FILE", help=_("tệp .xlsx, .xls, .ods hoặc .csv"))
        parser.add_argument("--dry-run", action="store_true", help=_("chỉ kiểm tra, không ghi gì"))
        parser.add_argument(
            "--by", metavar="USER", help=_("tên đăng nhập của người nhập; mặc định là quản trị hoặc Sở")
        )
        parser.add_argument(
            "--number-style", choices=ImportJob.NumberStyle.values, default="vi", help=_("kiểu viết số")
        )
        parser.add_argument(
            "--encoding", choices=ImportJob.Encoding.values, default="", help=_("chuyển mã chữ TCVN3 hoặc VNI")
        )
        parser.add_argument("--strict", action="store_true", help=_("có dòng bị từ chối thì không nhập gì"))

    def handle(self, *, kind, file, dry_run, by, number_style, encoding, strict, **options):
        found = kind_called(kind)
        if found is None:
            known = ", ".join(k.command for k in kinds())
            raise CommandError(_("Không có loại “%(kind)s”. Các loại: %(known)s.") % {"kind": kind, "known": known})
        job = self.receive(found, file, self.person(by, found), number_style, encoding)
        try:
            do_job(job._meta.label_lower, str(job.pk))
            job.refresh_from_db()
            if job.state == job.State.FAILED:
                raise CommandError(job.error)
            self.report(job)
            rejected = job.counts[REJECT]
            if strict and rejected:
                raise CommandError(_("Có %d dòng bị từ chối nên không nhập gì.") % rejected)
            if job.asks_about_letters and not dry_run:
                raise CommandError(_("Chưa rõ có chuyển mã hay không nên chưa nhập gì."))
            if dry_run or not job.writes:
                self.stdout.write(_("Chưa ghi gì.") if dry_run else _("Không có gì để nhập."))
                return
            self.apply(job)
        finally:
            if not job.applied_at:
                job.forget()

    def apply(self, job):
        job.confirm()
        do_job(job._meta.label_lower, str(job.pk))
        job.refresh_from_db()
        if not job.is_applied:
            raise CommandError(job.error or _("Chưa nhập được. Hãy thử lại."))
        for model, created, changed in job.written.counts():
            self.stdout.write(
                _("%(what)s: thêm %(created)d, sửa %(changed)d.")
                % {"what": str(model._meta.verbose_name).capitalize(), "created": created, "changed": changed}
            )
        self.stdout.write(_("Đã nhập. Xem và hoàn tác tại trang Nhập dữ liệu: %s") % job.get_absolute_url())

    def receive(self, kind, path, person, number_style, encoding):
        if not path.is_file():
            raise CommandError(_("Không có tệp %s.") % path)
        department = Department.objects.visible_to(person).order_by("pk").first()
        if department is None:
            raise CommandError(_("Chưa có Sở nào. Hãy lập Sở ở trang quản trị trước."))
        with path.open("rb") as file:
            try:
                examine(file, path.name)
            except Unreadable as reason:
                raise CommandError(str(reason)) from reason
            job = ImportJob.receive(File(file, path.name), kind, person, department, number_style)
        ImportJob.objects.filter(pk=job.pk).update(encoding=encoding)
        return job

    def person(self, username, kind):
        """Who answers for the import; by default somebody of the Department, else the administrator."""
        if username:
            person = User.objects.filter(username=username).first()
            if person is None:
                raise CommandError(_("Không có tài khoản “%s”.") % username)
        else:
            people = User.objects.filter(is_active=True, memberships__role__in=[Role.DEPARTMENT, Role.ADMIN])
            person = people.order_by("-memberships__role", "pk").first()
            if person is None:
                raise CommandError(_("Chưa có tài khoản của Sở hay quản trị. Hãy ghi --by TÊN-ĐĂNG-NHẬP."))
        if not access.may_import(person, kind):
            raise CommandError(_("Tài khoản “%s” không nhập được loại dữ liệu này.") % person.username)
        return person

    def report(self, job):
        for name, rows, why in job.plan["sheets"]:
            self.stdout.write(
                _("Trang tính “%(name)s”: %(what)s.") % {"name": name, "what": why or _("%d dòng") % rows}
            )
        for name, told in job.plan["given"]:
            self.stdout.write(
                _("Trang tính “%(name)s”, lấy ở phần đầu cho mọi dòng: %(told)s.") % {"name": name, "told": told}
            )
        if job.plan["encoding"] and not job.encoding:
            self.stdout.write(
                _("Tệp có vẻ gõ bằng mã cũ (%s); thêm --encoding để chuyển hoặc --encoding unicode để giữ nguyên.")
                % job.plan["encoding"]
            )
        self.stdout.write("; ".join(f"{WORDS[action]}: {job.counts[action]}" for action in ACTIONS))
        for action in (REJECT, ASK, SKIP, CHANGE):
            rows = [row for row in job.plan["rows"] if row[2] == action]
            for row in rows[:MOST_SHOWN]:
                self.stdout.write(f"  {_('dòng')} {row[1]}: {row[3]} – {_why(row)}")
            if len(rows) > MOST_SHOWN:
                self.stdout.write(
                    _("  … và %(n)d dòng khác %(action)s") % {"n": len(rows) - MOST_SHOWN, "action": WORDS[action]}
                )


def _why(row):
    _sheet, _line, _action, _label, changes, errors, _notes, question = row
    if question:
        return question[1]
    told = [f"{label}: {old} → {new}" for label, old, new in changes]
    return "; ".join(
        told + [f"{in_sheet(label, *where)}: {why}" if label else why for label, _cell, why, *where in errors]
    )
