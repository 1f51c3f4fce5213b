"""One workbook on its way in: checked, shown, confirmed, written in one transaction, and undone as one act."""

import gzip
import json
from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.fields import NameField
from twinning.journal import Journal
from twinning.life import Refused
from twinning.models.document import random_path
from twinning.models.job import Job, JobQuerySet, LeaseLost
from twinning.models.membership import Membership
from twinning.models.school import School
from twinning.models.unit import Department, District


class ImportJobQuerySet(JobQuerySet):
    department_paths = ("department",)
    district_paths = ("district", "school__district")
    school_paths = ("school",)

    def for_list(self):
        """Without what is only needed on the page of one."""
        return self.select_related("requested_by").defer("preview", "journal", "decisions").order_by("-requested_at")

    def forget_old(self):
        """Delete what was sent in long ago and never imported, files and all. Returns how many."""
        before = timezone.now() - timedelta(days=settings.IMPORT_KEEP_DAYS)
        old = list(self.filter(applied_at=None, requested_at__lt=before).exclude(state__in=Job.State.pending()))
        for job in old:
            job.forget()
        return len(old)


class ImportJob(Job):
    """`stage` says what the worker does, or did last: check (then a person confirms), apply, undo.

    `preview` is the plan as compressed JSON, `digest` its fingerprint: what is written is what was confirmed. `journal`
    is every row that was written (twinning.journal).
    """

    class Stage(models.TextChoices):
        CHECK = "check", _("kiểm tra")
        APPLY = "apply", _("nhập")
        UNDO = "undo", _("hoàn tác")

    class NumberStyle(models.TextChoices):
        VIETNAMESE = "vi", _("1.009 là một nghìn lẻ chín; 1,5 là một rưỡi (kiểu Việt Nam)")
        ENGLISH = "en", _("1,009 là một nghìn lẻ chín; 1.5 là một rưỡi (kiểu Anh)")

    class Encoding(models.TextChoices):
        UNICODE = "unicode", _("giữ nguyên, không chuyển mã")
        TCVN3 = "tcvn3", _("chuyển từ TCVN3 (phông .VnTime)")
        VNI = "vni", _("chuyển từ VNI")

    failure_notice = _("Không nhập được tệp %s. Hãy mở trang của tệp để xem lý do.")

    kind = models.CharField(_("loại dữ liệu"), max_length=30)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("với vai trò"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="import_jobs", verbose_name=_("Sở"))
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="import_jobs", verbose_name=_("đơn vị")
    )
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="import_jobs", verbose_name=_("trường")
    )
    file = models.FileField(_("tệp"), upload_to=random_path, max_length=200)
    name = NameField(_("tên tệp"), max_length=200)
    number_style = models.CharField(
        _("cách viết số"), max_length=2, choices=NumberStyle, default=NumberStyle.VIETNAMESE
    )
    encoding = models.CharField(_("mã chữ"), max_length=8, choices=Encoding, blank=True)
    decisions = models.JSONField(default=dict, editable=False)
    stage = models.CharField(_("bước"), max_length=5, choices=Stage, default=Stage.CHECK)
    counts = models.JSONField(default=dict, editable=False)
    preview = models.BinaryField(default=b"")
    digest = models.CharField(max_length=64, blank=True, editable=False)
    journal = models.BinaryField(default=b"")
    applied_at = models.DateTimeField(_("nhập lúc"), null=True, blank=True)
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True, blank=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần nhập dữ liệu")
        verbose_name_plural = _("lần nhập dữ liệu")
        ordering = ["-requested_at"]

    def __str__(self):
        return f"“{self.name}”"

    def get_absolute_url(self):
        return reverse("import_detail", args=[self.pk])

    @classmethod
    def receive(cls, upload, kind, user, department, number_style):
        """Keep a workbook that `user` sent in, as a job to check it."""
        seat = access.seat(user)
        return cls.objects.create(
            kind=kind.slug,
            membership=seat,
            department=department,
            district=seat.district,
            school=seat.school,
            file=upload,
            name=upload.name[-200:],
            number_style=number_style,
            requested_by=user,
        )

    # --- what it is about -------------------------------------------------------------------------------------------

    @cached_property
    def kind_class(self):
        from twinning.imports.kind import kind_called  # kinds need the models

        return kind_called(self.kind)

    @property
    def status(self):
        """Where it stands, in words."""
        if self.state == self.State.FAILED:
            return _t("không đọc được") if self.stage == self.Stage.CHECK else _t("lỗi")
        words = {
            self.Stage.CHECK: (_t("đang kiểm tra"), _t("chờ xác nhận")),
            self.Stage.APPLY: (_t("đang nhập"), _t("đã nhập")),
            self.Stage.UNDO: (_t("đang hoàn tác"), _t("đã hoàn tác")),
        }
        return words[self.stage][self.state == self.State.READY]

    @property
    def tone(self):
        if self.state == self.State.FAILED:
            return "red"
        if self.is_pending:
            return "blue"
        return {self.Stage.CHECK: "yellow", self.Stage.APPLY: "green", self.Stage.UNDO: "secondary"}[self.stage]

    @property
    def waits_for_confirmation(self):
        return self.stage == self.Stage.CHECK and self.state == self.State.READY

    @property
    def asks_about_letters(self):
        """The suspected encoding that nobody has decided about yet; empty when there is none."""
        return "" if self.encoding else self.plan["encoding"]

    @property
    def is_applied(self):
        return self.stage == self.Stage.APPLY and self.state == self.State.READY

    @property
    def writes(self):
        """How many rows confirming it would write."""
        return self.counts.get("create", 0) + self.counts.get("change", 0)

    @cached_property
    def plan(self):
        """The preview: {"sheets", "unknown", "given", "encoding", "samples", "rows"}."""
        if not self.preview:
            return {"sheets": [], "unknown": [], "given": [], "encoding": "", "samples": [], "rows": []}
        return json.loads(gzip.decompress(bytes(self.preview)))

    @cached_property
    def written(self):
        return Journal.load(bytes(self.journal)) if self.journal else Journal()

    # --- what people do; each leaves the job queued for a worker (`enqueue`) -----------------------------------------

    def check_again(self, decisions=None, encoding=""):
        """Check once more with what a person decided about rows ({question key: choice}) and letters."""
        changes = {"decisions": self.decisions | (decisions or {})}
        if encoding:
            changes["encoding"] = encoding
        self._advance(self.Stage.CHECK, self.Stage.CHECK, **changes)

    def confirm(self):
        """Write what the preview shows."""
        if not self.writes:
            raise Refused(_t("Tệp này không có gì để nhập."))
        if self.asks_about_letters:
            raise Refused(_t("Tệp này có vẻ gõ bằng bảng mã cũ. Hãy chọn chuyển mã hay giữ nguyên trước khi nhập."))
        self._advance(self.Stage.CHECK, self.Stage.APPLY)

    def take_back(self):
        """Undo all it wrote."""
        self._advance(self.Stage.APPLY, self.Stage.UNDO)

    def forget(self):
        """Delete it with its file; only what wrote nothing."""
        if self.is_pending or self.applied_at:
            raise Refused(_t("Chỉ bỏ được tệp chưa nhập."))
        self.file.delete(save=False)
        self.delete()

    def _advance(self, seen, stage, **changes):
        again = {"claim": None, "lease_until": None, "attempts": 0, "progress": 0, "step": "", "error": ""}
        ready = self._rows().filter(stage=seen, state=self.State.READY)
        if not ready.update(stage=stage, state=self.State.QUEUED, queued_at=timezone.now(), **again, **changes):
            self.refresh_from_db(fields=["stage", "state"])
            raise Refused(_t("Việc này vừa được làm rồi: tệp đang ở trạng thái “%s”.") % self.status)
        self.refresh_from_db()

    # --- what the worker does ---------------------------------------------------------------------------------------

    def work(self):
        if self.stage == self.Stage.CHECK:
            self._check()
        elif self.stage == self.Stage.APPLY:
            self._apply()
        else:
            self._undo()

    def _check(self):
        from twinning.imports.reading import Unreadable

        self.report_progress(2, _t("Đọc tệp"))
        try:
            _kind, plan = self._make_plan(self.report_progress)
        except Unreadable as reason:
            self.mark_failed(reason)
            return
        is_unknown = all(why for _name, _rows, why in plan.sheets)
        if is_unknown and not plan.encoding:  # in old letters the headers are unknown too
            found = "; ".join(f"{name}: {why}" for name, _rows, why in plan.sheets)
            self.mark_failed(_t("Không tìm thấy bảng cần nhập. %s. Hãy sửa dòng tiêu đề theo mẫu rồi gửi lại.") % found)
            return
        self.finish(_t("Đã kiểm tra tệp %s. Hãy xem trước rồi xác nhận nhập."), **_as_preview(plan))

    def _apply(self):
        self.report_progress(10, _t("Ghi dữ liệu"))
        try:
            self._write()
        except IntegrityError as error:
            raise Refused(
                _t("Vừa có người lưu dữ liệu trùng với tệp này nên chưa nhập gì. Hãy gửi lại tệp để kiểm tra lại.")
            ) from error

    def _write(self):
        with transaction.atomic():
            kind, plan = self._make_plan()
            if plan.digest != self.digest:
                # Something changed under the preview: show the new one, write nothing.
                notice = _t("Tệp %s cần xem lại trước khi nhập: dữ liệu trên cổng vừa thay đổi.")
                why = _t(
                    "Dữ liệu trên cổng đã thay đổi từ lúc kiểm tra, chưa nhập gì. Hãy xem lại bản mới rồi xác nhận."
                )
                self.finish(notice, stage=self.Stage.CHECK, error=why, **_as_preview(plan))
                return
            journal = Journal()
            kind.write(plan.items, journal, lambda percent, step: None)
            journal.seal()
            notice = _t("Đã nhập tệp %s. Có thể hoàn tác khi chưa có gì dựa trên dữ liệu này.")
            if not self.finish(notice, journal=journal.dump(), applied_at=timezone.now()):
                raise LeaseLost

    def _undo(self):
        self.report_progress(10, _t("Hoàn tác"))
        try:
            with transaction.atomic():
                self.written.undo()
                notice = _t("Đã hoàn tác tệp %s: mọi dòng trở lại như trước khi nhập.")
                if not self.finish(notice, undone_at=timezone.now()):
                    raise LeaseLost
        except Refused as reason:
            notice = _t("Không hoàn tác được tệp %s. Hãy mở trang của tệp để xem lý do.")
            self.finish(notice, stage=self.Stage.APPLY, error=str(reason)[:500])

    def _kind(self):
        """The kind at work as the person who sent the file in, under the seat of then."""
        if not Membership.objects.in_force().filter(pk=self.membership_id).exists():
            raise Refused(_t("Vai trò “%s” đã hết hiệu lực.") % self.membership)
        access.take_seat(self.requested_by, self.membership)
        if not access.may_import(self.requested_by, self.kind_class):
            raise Refused(_t("Vai trò này không nhập được loại dữ liệu “%s”.") % self.kind_class.title)
        return self.kind_class(self.requested_by, self.department, self.decisions)

    def _make_plan(self, progress=lambda percent, step: None):
        from twinning.imports.cells import Reading
        from twinning.imports.check import check
        from twinning.imports.reading import read_sheets

        kind = self._kind()
        with self.file.open("rb") as file:
            sheets = read_sheets(file, self.name)
        old = self.encoding if self.encoding in (self.Encoding.TCVN3, self.Encoding.VNI) else ""
        reading = Reading(self.number_style, old)
        return kind, check(kind, sheets, reading, progress, encoding_decided=bool(self.encoding))


def _as_preview(plan):
    rows = [outcome.as_list() for outcome in plan.outcomes]
    shown = {
        "sheets": plan.sheets,
        "unknown": plan.unknown,
        "given": plan.given,
        "encoding": plan.encoding,
        "samples": plan.samples,
        "rows": rows,
    }
    data = json.dumps(shown, ensure_ascii=False, default=str).encode()
    return {"preview": gzip.compress(data, compresslevel=3), "counts": plan.counts, "digest": plan.digest}
