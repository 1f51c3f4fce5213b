"""Pages of seasons of PDFs: all reports of a period made at once, how far they are, the manifest, their ZIP files."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView

from reports.archive import zipped
from reports.filters import BatchFilter, BatchItemFilter
from reports.forms.batch import BatchForm
from reports.models import Batch, BatchBook, BatchItem
from reports.standing import LEVEL_NAMES
from reports.tables import BatchItemTable, BatchTable
from twinning import access
from twinning.exports import disposition, fence
from twinning.models import District
from twinning.pages import ActionPage, DetailPage, ListPage
from twinning.vietnamese import number

State = BatchItem.State
# As many failed reports are told on the page itself.
MOST_TOLD = 10


class BatchList(ListPage):
    model = Batch
    queryset = Batch.objects.for_list().with_counts()
    filterset_class = BatchFilter
    table_class = BatchTable
    title = _("Đợt xuất PDF")
    intro = _("Mỗi đợt tạo PDF của mọi báo cáo trong một kỳ: theo dõi tiến độ, tải ZIP từng đơn vị.")
    empty_text = _("Chưa có đợt nào. Mở một kỳ báo cáo rồi bấm “Xuất PDF cả đợt”.")

    def create_link(self):
        return (reverse("batch_create"), _("Xuất PDF cả đợt")) if access.runs_batches(self.request.user) else None


class BatchCreate(FormView):
    form_class = BatchForm
    template_name = "reports/batch_form.html"

    def dispatch(self, request, *args, **kwargs):
        if not access.runs_batches(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_initial(self):
        asked = self.request.GET.get("ky", "")
        return {"period": asked} if asked.isdecimal() else {}

    def form_valid(self, form):
        batch, created = Batch.objects.begin(
            form.cleaned_data["period"], form.cleaned_data["levels"], self.request.user
        )
        if created:
            messages.success(self.request, _t("Đang tạo PDF cả đợt. Có thể rời trang này; xong sẽ có thông báo."))
        else:
            messages.info(self.request, _t("Đợt này đã có. Bấm “Cập nhật cả đợt” để tạo lại những gì đã thay đổi."))
        return redirect(batch)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


@dataclass
class Line:
    """Counts of one level or one managing unit."""

    label: str
    all: int
    done: int
    failed: int
    url: str = ""
    zip_url: str = ""

    @property
    def left(self):
        return self.all - self.done - self.failed


class BatchDetail(DetailPage):
    """The frame; what changes while workers work is in a part of its own, which asks again every two seconds."""

    model = Batch
    queryset = Batch.objects.for_list()
    template_name = "reports/batch_detail.html"

    def get_context_data(self, **kwargs):
        batch = self.object
        counts = batch.counts()
        ended = sum(counts.get(state, 0) for state in (State.DONE, State.FAILED, State.SKIPPED))
        items_url = reverse("batch_items", args=[batch.pk])
        failed = batch.items.filter(state=State.FAILED).for_list()[:MOST_TOLD]
        retried = batch.items.filter(state=State.WAITING, next_try_at__isnull=False)
        return super().get_context_data(
            counts={state.value: counts.get(state, 0) for state in State} | {"all": counts["all"]},
            ended=ended,
            percent=100 * ended // counts["all"] if counts["all"] else 100,
            is_live=batch.is_running or bool(counts.get(State.MAKING)),
            remaining=batch.remaining() if batch.is_running else None,
            levels=[
                Line(
                    LEVEL_NAMES[level],
                    row["all"],
                    row.get(State.DONE, 0) + row.get(State.SKIPPED, 0),
                    row.get(State.FAILED, 0),
                    f"{items_url}?cap={level}",
                )
                for level, row in batch.counts_by_level().items()
            ],
            failed=failed,
            retried=list(retried.for_list()[:MOST_TOLD]),
            items_url=items_url,
            failed_url=f"{items_url}?tinh_trang=failed",
            districts=self.districts(),
            book=batch.books.select_related("batch__period", "requested_by").first(),
            may_bind=access.runs_batch(self.request.user, batch),
            events=batch.events.select_related("by"),
            **kwargs,
        )

    def districts(self):
        """[Line] of the managing units, each with its ZIP."""
        rows = self.object.items.filter(district__isnull=False).order_by().values("district")
        rows = rows.annotate(
            all=Count("pk"),
            done=Count("pk", filter=Q(state__in=[State.DONE, State.SKIPPED])),
            failed=Count("pk", filter=Q(state=State.FAILED)),
        ).order_by("district__sort_key")
        zip_url = reverse("batch_zip", args=[self.object.pk])
        offices = District.objects.in_bulk([row["district"] for row in rows])
        return [
            Line(
                offices[row["district"]].office,
                row["all"],
                row["done"],
                row["failed"],
                zip_url=f"{zip_url}?don-vi={row['district']}" if row["done"] else "",
            )
            for row in rows
        ]


class BatchProgress(BatchDetail):
    template_name = "reports/batch_progress.html"

    def render_to_response(self, context, **kwargs):
        if context["is_live"]:
            return super().render_to_response(context, **kwargs)
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})


class BatchItemList(ListPage):
    """The manifest."""

    model = BatchItem
    filterset_class = BatchItemFilter
    table_class = BatchItemTable
    empty_text = _("Chưa có báo cáo nào.")

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.batch = get_object_or_404(Batch.objects.visible_to(request.user).for_list(), pk=kwargs["pk"])

    def get_queryset(self):
        return BatchItem.objects.filter(batch=self.batch).for_list().select_related("batch", "file")

    @property
    def title(self):
        return _t("Danh mục %s") % self.batch

    @property
    def intro(self):
        counts = self.batch.counts()
        return _t("Phải tạo %(all)s, xong %(done)s, lỗi %(failed)s.") % {
            "all": number(counts["all"]),
            "done": number(counts.get(State.DONE, 0)),
            "failed": number(counts.get(State.FAILED, 0)),
        }

    def further_links(self):
        return [(self.batch.get_absolute_url(), _("Trang của đợt"))]


class BatchAction(ActionPage):
    model = Batch
    queryset = Batch.objects.for_list()


@require_POST
def request_book(request, pk):
    """ "Ghép thành một tệp": queue the book of what is ready, or lead to the one that is there."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).for_list(), pk=pk)
    if not (access.runs_batch(request.user, batch) and batch.items.filter(state=State.DONE).exists()):
        raise Http404
    book, created = BatchBook.objects.request(batch, request.user)
    if created:
        book.enqueue()
        messages.success(request, _t("Đang ghép sách. Có thể rời trang này; xong sẽ có thông báo."))
    elif book.is_pending:
        messages.info(request, _t("Sách này đang được ghép, không cần bấm lần nữa."))
    else:
        messages.info(request, _t("Sách đã có đủ các bản PDF mới nhất; có thể tải ngay."))
    return redirect(batch)


def book_state(request, uuid):
    """One line on the book; the page asks every two seconds until it is finished."""
    books = BatchBook.objects.visible_to(request.user).select_related("batch__period", "requested_by")
    return render(request, "reports/book_row.html", {"file": get_object_or_404(books, pk=uuid)})


@require_safe
def archive(request, pk):
    """The PDFs of one managing unit (`?don-vi=`), or of all in a folder a unit, as a ZIP that is made while it is
    sent."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).for_list(), pk=pk)
    items = BatchItem.objects.filter(batch=batch, state=State.DONE, file__isnull=False)
    asked = request.GET.get("don-vi", "")
    if asked:
        items = items.filter(district=asked if asked.isdecimal() else 0)
    name, chunks = zipped(batch, items, is_whole=not asked)
    if chunks is None:
        raise Http404
    response = StreamingHttpResponse(chunks, content_type="application/zip")
    response["Content-Disposition"] = disposition(name)
    return fence(response)
