"""A long list as a file, made in the background as the person who asked sees it, and kept for some days."""

import hashlib
import tempfile
from datetime import timedelta

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, QueryDict
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access, vietnamese
from twinning.exports import CONTENT_TYPES, CSV, XLSX
from twinning.fields import NameField
from twinning.life import Refused
from twinning.models.job import Job, JobQuerySet
from twinning.models.membership import Membership
from twinning.working import take_programme

TICK = 4000  # rows between two words on the progress


class ExportFileQuerySet(JobQuerySet):
    def visible_to(self, user):
        """Of the person who asked alone, and only while the seat it was made for lasts."""
        if access.seat(user) is None:
            return self.none()
        return self.filter(requested_by=user, membership__in=user.memberships.in_force())

    def old(self):
        kept_since = timezone.now() - timedelta(days=settings.EXPORT_KEPT_DAYS)
        return self.exclude(state__in=ExportFile.State.pending()).filter(requested_at__lt=kept_since)

    def remove(self):
        """Delete the rows and their files."""
        for file in self:
            file.delete()
            if file.file:
                file.file.storage.delete(file.file.name)

    def request(self, page, kind, count):
        """The file of a list page (twinning.pages.ListPage with its request), `count` rows: the one under way when the
        same was asked for already, else a new one, queued. Returns (file, created)."""
        user = page.request.user
        path, _mark, query = page.address().partition("?")
        asked = (user.pk, access.seat(user).pk, kind, path, sorted(QueryDict(query).lists()))
        key = hashlib.sha256(repr(asked).encode()).hexdigest()
        same = self.pending().filter(key=key)
        if file := same.first():
            return file, False
        try:
            with transaction.atomic():
                file = self.create(
                    requested_by=user,
                    membership=access.seat(user),
                    kind=kind,
                    title=str(page.title),
                    path=path,
                    query=query,
                    key=key,
                    rows=count,
                )
        except IntegrityError:  # a second tap at the same moment
            return same.get(), False
        return file, True


class ExportFile(Job):
    """What was asked for is the address of a list page and a seat: the page is opened again when the job runs, so the
    rights and the rows are those of that moment."""

    class Kind(models.TextChoices):
        XLSX = XLSX, _("Excel")
        CSV = CSV, _("CSV")

    failure_notice = _("Không xuất được %s. Hãy mở Tệp đã xuất để xem lý do.")

    # Empty once the seat was deleted: then nobody may have the file.
    membership = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+", verbose_name=_("vai trò"))
    kind = models.CharField(_("loại tệp"), max_length=4, choices=Kind)
    title = NameField(_("danh sách"), max_length=150)
    path = models.CharField(_("trang"), max_length=200)
    query = models.TextField(_("điều kiện lọc"), blank=True)
    key = models.CharField(max_length=64, editable=False)
    filters = models.TextField(_("điều kiện lọc bằng lời"), blank=True)
    rows = models.PositiveIntegerField(_("số dòng"))
    file = models.FileField(upload_to="exports/%Y/", max_length=200, blank=True)
    name = NameField(_("tên tệp"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("dung lượng"), null=True, blank=True)

    objects = ExportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("tệp đã xuất")
        verbose_name_plural = _("tệp đã xuất")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state__in=["queued", "running"]), name="export_file_one_pending"
            )
        ]

    def __str__(self):
        return _t("%(title)s (%(kind)s, %(n)s dòng)") % {
            "title": self.title,
            "kind": self.get_kind_display(),
            "n": vietnamese.number(self.rows),
        }

    def get_absolute_url(self):
        return reverse("file", args=[self.uuid])

    def page_url(self):
        return f"{reverse('export_file_list')}#tep-{self.pk}"

    @property
    def content_type(self):
        return CONTENT_TYPES[self.kind]

    @property
    def list_url(self):
        """The list it was made from."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def kept_until(self):
        return timezone.localdate(self.requested_at) + timedelta(days=settings.EXPORT_KEPT_DAYS)

    def work(self):
        try:
            page = self.open_page()
        except Refused as refusal:
            self.mark_failed(refusal)
            return
        export = page.export(self._tick)
        self.rows = len(export)
        with tempfile.TemporaryFile() as made:
            export.write(self.kind, made)
            size = made.tell()
            made.seek(0)
            self.file.save(f"{self.uuid}-{self.claim}.{self.kind}", File(made), save=False)
        changes = {"file": self.file.name, "name": export.name(self.kind), "size": size, "filters": export.filters}
        if self.finish(rows=self.rows, **changes):
            self.tell(_t("Đã xuất xong: %s."))
        else:
            self.file.storage.delete(self.file.name)

    def open_page(self):
        """The list page as the person who asked has it now. Raises Refused when that is no longer possible."""
        user = self.requested_by
        seat = user.memberships.in_force().with_units().filter(pk=self.membership_id).first()
        if seat is None or not user.is_active:
            raise Refused(_t("vai trò đã dùng để yêu cầu không còn hiệu lực"))
        access.take_seat(user, seat)
        request = HttpRequest()
        request.method, request.path, request.user = "GET", self.path, user
        request.GET, request.htmx, request.session = QueryDict(self.query), False, {}
        take_programme(request)
        view, args, kwargs = resolve(self.path)
        page = view.view_class(**view.view_initkwargs)
        page.setup(request, *args, **kwargs)
        try:
            page.dispatch(request, *args, **kwargs)
        except Http404:
            raise Refused(_t("thầy/cô không còn quyền xem danh sách này")) from None
        return page

    def _tick(self, done):
        if done % TICK == 0 or done == self.rows:
            numbers = {"done": vietnamese.number(done), "all": vietnamese.number(self.rows)}
            self.report_progress(max(1, done * 95 // max(1, self.rows)), _t("Đã ghi %(done)s/%(all)s dòng") % numbers)
