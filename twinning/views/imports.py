"""Pages of importing: choose a kind, send a workbook, look at what would happen, confirm, undo."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import DetailView
from django.views.generic.edit import FormView
from simple_history.models import HistoricalChanges

from twinning import access
from twinning.exports import XLSX, attachment
from twinning.forms.imports import DecisionForm, UploadForm
from twinning.imports.kind import ASK, CHANGE, CREATE, REJECT, SAME, SKIP, kind_called, kinds
from twinning.imports.reading import read_sheets
from twinning.imports.workbooks import in_sheet, template, with_errors
from twinning.life import Event, Refused
from twinning.models import Department, ImportJob
from twinning.pages import Scoped
from twinning.vietnamese import number

PER_PAGE = 50
MOST_JOBS = 20
MOST_QUESTIONS = 100
TABS = {
    ASK: ("can-quyet", _("Cần quyết định"), "yellow"),
    REJECT: ("loi", _("Bị từ chối"), "red"),
    CREATE: ("them", _("Thêm mới"), "green"),
    CHANGE: ("sua", _("Thay đổi"), "blue"),
    SAME: ("giu", _("Không đổi"), "secondary"),
    SKIP: ("bo-qua", _("Không phải dữ liệu"), "secondary"),
}


def kinds_for(user):
    return [kind for kind in kinds() if access.may_import(user, kind)]


def told(written):
    """[(what, created, changed)] of a journal: the rows people know, not the history that is written beside them."""
    return [
        (model._meta.verbose_name, *n)
        for model, *n in written.counts()
        if not issubclass(model, (Event, HistoricalChanges))
    ]


class Importing:
    """404 for those who may not import anything, or not this kind."""

    def dispatch(self, request, *args, **kwargs):
        self.kind = kind_called(kwargs["kind"]) if "kind" in kwargs else None
        allowed = kinds_for(request.user)
        if not allowed or ("kind" in kwargs and (self.kind is None or self.kind not in allowed)):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class ImportHome(Importing, View):
    http_method_names = ["get", "head"]

    def get(self, request):
        jobs = ImportJob.objects.visible_to(request.user).for_list()[:MOST_JOBS]
        return render(request, "twinning/import_home.html", {"kinds": kinds_for(request.user), "jobs": jobs})


class ImportUpload(Importing, FormView):
    form_class = UploadForm
    template_name = "twinning/import_upload.html"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form):
        upload, style = form.cleaned_data["file"], form.cleaned_data["number_style"]
        job = ImportJob.receive(upload, self.kind, self.request.user, form.chosen_department, style)
        job.enqueue()
        return redirect(job)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs):
        return super().get_context_data(kind=self.kind, **kwargs)


class ImportTemplate(Importing, View):
    """The template; `?du_lieu=1` with the rows that are there now, to be changed in Excel and sent back."""

    http_method_names = ["get", "head"]

    def get(self, request, kind):
        departments = Department.objects.visible_to(request.user)
        found = self.kind(
            request.user,
            get_object_or_404(departments, pk=request.GET["so"]) if "so" in request.GET else departments.first(),
        )
        filled = "du_lieu" in request.GET
        name = f"{'du-lieu' if filled else 'mau'}-{self.kind.slug}.xlsx"
        return attachment(template(found, found.present() if filled else ()), name, XLSX)


class JobPage(Scoped):
    queryset = ImportJob.objects.select_related("requested_by", "membership", "department")


class ImportDetail(JobPage, DetailView):
    context_object_name = "job"
    template_name = "twinning/import_detail.html"

    def get_context_data(self, **kwargs):
        job = self.object
        rows = job.plan["rows"]
        counts = Counter(row[2] for row in rows)
        tabs = [
            (action, slug, label, tone, counts[action])
            for action, (slug, label, tone) in TABS.items()
            if counts[action]
        ]
        chosen = next((tab[0] for tab in tabs if tab[1] == self.request.GET.get("xem")), tabs[0][0] if tabs else None)
        if not job.waits_for_confirmation and "xem" not in self.request.GET:
            chosen = CREATE if counts[CREATE] else chosen
        names = [sheet[0] for sheet in job.plan["sheets"]]
        shown = [row for row in rows if row[2] == chosen]
        page = Paginator(shown, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            kind=job.kind_class,
            tabs=tabs,
            chosen=chosen,
            page_obj=page,
            rows=[_as_shown(row, names) for row in page],
            groups=question_groups(job) if chosen == ASK else [],
            counts=counts,
            unread_sheets=[(name, why) for name, _n, why in job.plan["sheets"] if why],
            sheet_count=sum(1 for sheet in job.plan["sheets"] if not sheet[2]),
            unknown=list(dict.fromkeys(job.plan["unknown"]))[:12],
            given=job.plan.get("given", ()),  # previews of before have none
            encoding=job.asks_about_letters,
            encodings=ImportJob.Encoding.choices,
            written=told(job.written) if job.is_applied else [],
            has_errors=bool(counts[REJECT] or counts[ASK]),
            **kwargs,
        )


def _as_shown(row, names):
    sheet, line, _action, label, changes, errors, notes, _question = row
    return {
        "sheet": names[sheet] if len(names) > 1 else "",
        "line": line,
        "label": label,
        "changes": changes,
        # Previews of before do not say where.
        "errors": [(label and in_sheet(label, *where), cell, why) for label, cell, why, *where in errors],
        "notes": notes,
    }


def question_groups(job):
    """[(group, options, [(index, line, question text, options, chosen)])]; a group shares its options. Each question
    once, though it may stand on several lines."""
    groups = {}
    for index, (group, key, text, options) in enumerate(questions_of(job)):
        options = [tuple(option) for option in options]
        rows = groups.setdefault((group, tuple(options)), [])
        rows.append((index, text, options, job.decisions.get(key, "")))
    return [(group, options, rows) for (group, options), rows in groups.items()]


def questions_of(job):
    """(group, key, text, options) of the first questions of a preview; the same for the page and for its answers."""
    asked = {}
    for row in job.plan["rows"]:
        if row[2] == ASK:
            key, text, options = row[7]
            asked.setdefault(key, (key.split(":")[0], key, text, options))
        if len(asked) == MOST_QUESTIONS:
            break
    return list(asked.values())


class ImportProgress(JobPage, DetailView):
    """How far it is; the page asks every two seconds and loads anew when it is finished."""

    context_object_name = "job"
    template_name = "twinning/import_progress.html"

    def render_to_response(self, context, **kwargs):
        if self.object.is_pending:
            return super().render_to_response(context, **kwargs)
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})


class ImportErrors(JobPage, DetailView):
    """The person's own sheets with a column that says what is wrong."""

    def render_to_response(self, context, **kwargs):
        with self.object.file.open("rb") as file:
            sheets = read_sheets(file, self.object.name)
        stem = self.object.name.rsplit(".", 1)[0]
        return attachment(with_errors(sheets, self.object.plan["rows"]), f"{stem}-loi.xlsx", XLSX)


class ImportSource(JobPage, DetailView):
    """The file as it was sent in."""

    def render_to_response(self, context, **kwargs):
        return attachment(self.object.file.open("rb"), self.object.name, "application/octet-stream")


class ImportStep(JobPage, View):
    """POST: answer questions, confirm, undo, throw away."""

    http_method_names = ["post"]

    def post(self, request, pk, step):
        job = get_object_or_404(self.get_queryset(), pk=pk)
        steps = {"quyet-dinh": self.decide, "xac-nhan": self.confirm, "hoan-tac": self.undo, "bo": self.throw_away}
        if step not in steps or not access.may_import(request.user, job.kind_class):
            raise Http404
        try:
            answer = steps[step](job)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(job)
        if answer is None and job.is_pending:
            job.enqueue()
        return answer or redirect(job)

    def decide(self, job):
        form = DecisionForm(self.request.POST, questions=questions_of(job))
        if not form.is_valid():
            messages.error(self.request, " ".join(form.non_field_errors()))
            return
        job.check_again(form.cleaned_data["decisions"], form.cleaned_data["encoding"])
        messages.success(self.request, _t("Đã ghi lựa chọn, đang kiểm tra lại tệp."))

    def confirm(self, job):
        job.confirm()
        messages.success(
            self.request, _t("Đang nhập %s dòng. Có thể rời trang này; xong sẽ có thông báo.") % number(job.writes)
        )

    def undo(self, job):
        job.take_back()
        messages.success(self.request, _t("Đang hoàn tác. Xong sẽ có thông báo."))

    def throw_away(self, job):
        """A file that wrote nothing is forgotten altogether."""
        job.forget()
        messages.success(self.request, _t("Đã bỏ tệp, không nhập gì."))
        return redirect("import_home")
