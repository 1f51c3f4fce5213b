"""The PDFs of a season bound into one book, made in the background and kept until a newer one is made."""

import hashlib
import tempfile

from django.core.files import File
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models.batch import Batch
from reports.models.batch_item import BatchItem
from twinning.models.job import Job, JobQuerySet
from twinning.vietnamese import fold


class BatchBookQuerySet(JobQuerySet):
    department_paths = ("batch__period__programme__department",)
    district_paths = ("batch__district",)

    def request(self, batch, by):
        """The book of what is ready in `batch` now: the one that is there or under way when it holds the same files,
        else a new one, queued. Returns (book, created)."""
        files = batch.items.filter(state=BatchItem.State.DONE, file__isnull=False).values_list("file", flat=True)
        digest = hashlib.sha256(" ".join(map(str, files.order_by("pk"))).encode()).hexdigest()
        pending = self.filter(batch=batch, state__in=BatchBook.State.pending())
        same = self.filter(batch=batch, digest=digest, state=BatchBook.State.READY)
        if book := pending.first() or same.first():
            return book, False
        try:
            with transaction.atomic():
                return self.create(batch=batch, digest=digest, requested_by=by), True
        except IntegrityError:  # a second tap at the same moment
            return pending.get(), False


class BatchBook(Job):
    failure_notice = _("Không ghép được sách: %s. Hãy mở đợt xuất PDF và bấm “Ghép thành một tệp” để thử lại.")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="books", verbose_name=_("đợt xuất PDF"))
    digest = models.CharField(max_length=64, editable=False)
    file = models.FileField(upload_to="books/%Y/", max_length=200, blank=True)
    pages = models.PositiveIntegerField(_("số trang"), null=True, blank=True)
    size = models.PositiveBigIntegerField(_("dung lượng"), null=True, blank=True)

    objects = BatchBookQuerySet.as_manager()

    content_type = "application/pdf"

    class Meta:
        verbose_name = _("sách gộp")
        verbose_name_plural = _("sách gộp")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch"], condition=Q(state__in=["queued", "running"]), name="batch_book_one_pending"
            )
        ]

    def __str__(self):
        return str(self.batch)

    def get_absolute_url(self):
        return reverse("file", args=[self.uuid])

    @property
    def name(self):
        """ASCII file name: so-ket-nam-hoc-2023-2024-ca-dot.pdf."""
        return f"{fold(self.batch.period.title).replace(' ', '-')}-ca-dot.pdf"

    def page_url(self):
        return self.batch.get_absolute_url()

    def work(self):
        from reports.papers.book import bind_book  # WeasyPrint is slow to import and only workers need it

        with tempfile.TemporaryFile() as made:
            pages = bind_book(self.batch, made, self.report_progress)
            size = made.tell()
            made.seek(0)
            self.file.save(f"{self.uuid}-{self.claim}.pdf", File(made), save=False)
        if self.finish(_t("Đã ghép xong sách: %s."), file=self.file.name, pages=pages, size=size):
            self._remove_older()
        else:
            self.file.storage.delete(self.file.name)

    def _remove_older(self):
        older = BatchBook.objects.filter(batch=self.batch, state=self.State.READY).exclude(pk=self.pk)
        for book in older:
            book.delete()
            book.file.storage.delete(book.file.name)
