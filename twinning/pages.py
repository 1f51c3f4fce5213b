"""The five kinds of page: list, detail, create, edit, action. Scope and refusals live here once."""

import hashlib
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import CreateView, DetailView, UpdateView
from django.views.generic.detail import SingleObjectMixin
from django.views.generic.edit import FormView
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from twinning import access, vietnamese, working
from twinning.exports import ListExport
from twinning.forms.action import action_form
from twinning.life import LifeModel, Refused
from twinning.models import ExportFile

EXPORT = "_export"
CSRF = "csrfmiddlewaretoken"
SAME_FORM_SECONDS = 20
SAVED_MEANWHILE = gettext_lazy("Vừa có người lưu dữ liệu trùng với dữ liệu này. Hãy xem lại danh sách trước khi lưu.")


def warn(request, form):
    """Say what was stored but looks wrong."""
    for text in getattr(form, "warnings", ()):
        messages.warning(request, text)


class Scoped:
    """Rows come from `visible_to(user)`; anything else is a 404."""

    def get_queryset(self):
        queryset = self.queryset if self.queryset is not None else self.model.objects.all()
        return queryset.all().visible_to(self.request.user)


class Editable:
    """Rows come from `editable_by(user)`."""

    def get_queryset(self):
        return self.model.objects.editable_by(self.request.user)


class ListPage(Scoped, SingleTableMixin, FilterView):
    """Search, filters in the URL, sort, pages; `?_export=xlsx` or `csv` sends every filtered row, not one page. Of many
    rows a POST to the same address makes the file in the background.

    Subclasses give model, queryset, filterset_class, table_class, title and, as they need, a create link and what an
    empty list says.
    """

    template_name = "components/list.html"
    table_pagination = {"per_page": 25}  # not paginate_by: Django would page, and count, a second time
    strict = False
    title = ""
    intro = ""
    empty_text = ""
    summary_template = ""  # what all rows together say, between the count and the rows

    def get(self, request, *args, **kwargs):
        page = super().get(request, *args, **kwargs)
        kind = request.GET.get(EXPORT)
        if kind not in ExportFile.Kind.values:
            return page
        if self.is_long(page.context_data["table"]):
            messages.info(request, _("Danh sách này dài; hãy bấm “Xuất” để cổng làm tệp ở phía sau rồi báo thầy/cô."))
            return redirect(self.address())
        return self.export().response(kind)

    def post(self, request, *args, **kwargs):
        """Ask for the file of a long list."""
        kind = request.GET.get(EXPORT)
        if kind not in ExportFile.Kind.values:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        count = super().get(request, *args, **kwargs).context_data["table"].paginator.count
        if access.seat(request.user) is None or not count:
            raise Http404
        file, created = ExportFile.objects.request(self, kind, count)
        if created:
            file.enqueue()
            text = _("Đang xuất %s dòng… Có thể rời trang này; xong sẽ có thông báo.")
            messages.success(request, text % vietnamese.number(count))
        else:
            messages.info(request, _("Tệp này đang được làm, không cần bấm lần nữa; xong sẽ có thông báo."))
        return redirect(self.address())

    def export(self, tick=None):
        """The rows of the page that `get` has put together, as a file to be."""
        context = self.get_context_data()
        return ListExport(self.title, context["table"], context["filter"], tick)

    def address(self):
        """This page with its filters."""
        query = self.request.GET.copy()
        for name in (EXPORT, "page"):
            query.pop(name, None)
        if chosen := working.chosen_by(self.request.user):
            query.setdefault(working.QUERY, chosen)  # it stands in the session, which no job sees
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    @staticmethod
    def is_long(table):
        return table.paginator.count > settings.EXPORT_ROWS_AT_ONCE

    def get_template_names(self):
        return ["components/list_rows.html" if self.request.htmx else self.template_name]

    def get_table_kwargs(self):
        return {"empty_text": self.empty_text}

    def get_context_data(self, **kwargs):
        kwargs.setdefault("filter", self.filterset)
        kwargs.setdefault("object_list", self.object_list)
        context = super().get_context_data(
            title=self.title,
            intro=self.intro,
            empty_text=self.empty_text,
            create=self.create_link(),
            further_links=self.further_links(),
            summary_template=self.summary_template,
            **kwargs,
        )
        asked = {field.html_name for field in self.filterset.form if self.request.GET.get(field.html_name)}
        folded = [field.html_name for field in self.filterset.form.visible_fields() if field.name != "q"]
        return {
            **context,
            "export_kinds": ExportFile.Kind.choices,
            "is_long": self.is_long(context["table"]),
            "folds_filters": len(folded) > 1,  # on a phone
            "filters_asked": len(asked.intersection(folded)),
            "is_filtered": bool(asked),
        }

    def create_link(self):
        """(URL, label) of the button that adds a row, or None when the person may not."""
        return

    def further_links(self):
        """[(URL, label)] of what else one may do with many rows."""
        return []


class DetailPage(Scoped, DetailView):
    pass


class FormPage:
    """Shared by all pages with a form: the person is known to the form, a race on a unique row is a message, and a
    refusal shows the form again, where it can be put right or what was typed is long (`keeps_typed`), or leads on."""

    keeps_typed = True

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form):
        try:
            with transaction.atomic():
                self.save(form)
        except IntegrityError:
            form.add_error(None, SAVED_MEANWHILE)
            return self.form_invalid(form)
        except Refused as refusal:
            if self.keeps_typed:
                form.add_error(None, str(refusal))
                return self.form_invalid(form)
            messages.error(self.request, str(refusal))
        else:
            if text := self.saved_message():
                messages.success(self.request, text)
            warn(self.request, form)
        return redirect(self.next_page())

    def next_page(self):
        """Where one goes from here: an object or an address."""
        return self.get_success_url()

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def saved_message(self):
        return _("Đã lưu.")

    def note(self, what):
        """Things with a life keep who did what."""
        if isinstance(self.object, LifeModel):
            self.object.record_event(what, self.request.user)


class CreatePage(FormPage, CreateView):
    """`/<list>/moi/`: 404 for those who may not record. `heading` is what the page says it does while it is closed."""

    may_create = None  # rule of twinning.access: user → bool
    heading = ""

    def dispatch(self, request, *args, **kwargs):
        if not type(self).may_create(request.user):
            raise Http404
        if reason := self.closed():
            context = {"heading": self.heading, "reason": reason, "back_url": reverse(self.list_page())}
            return TemplateResponse(
                request, "components/closed.html", context, status=422 if request.method == "POST" else 200
            )
        return super().dispatch(request, *args, **kwargs)

    def closed(self):
        """Why nobody can record anything now, and what to do, in sentences; empty when somebody can."""
        return ""

    def form_valid(self, form):
        """A second tap, or a form sent again over a bad line, stores nothing twice."""
        typed = sorted((key, self.request.POST.getlist(key)) for key in self.request.POST if key != CSRF)
        digest = hashlib.sha256(repr((self.request.path, self.request.user.pk, typed)).encode()).hexdigest()
        if not cache.add(f"create:{digest}", True, SAME_FORM_SECONDS):
            messages.info(self.request, _("Vừa nhận đúng nội dung này; bản ghi đã có, không lưu thêm lần nữa."))
            return redirect(self.list_page())
        response = super().form_valid(form)
        if response.status_code != HTTPStatus.FOUND:
            cache.delete(f"create:{digest}")
        return response

    def list_page(self):
        """Where a row that is there already is found."""
        return f"{self.model._meta.model_name}_list"

    def save(self, form):
        self.object = form.save()
        self.note("create")


class EditPage(FormPage, Editable, UpdateView):
    """`/<list>/<id>/sua/`. The row is locked while it is saved; a row changed or closed since the page was opened is
    refused by the form (forms.base.SeenMixin) with everything typed kept. Asks `is_open_to_edit` and `require_open` of
    the row."""

    def get(self, request, *args, **kwargs):
        if not self.get_object().is_open_to_edit():
            raise Http404
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        with transaction.atomic():
            self.model.objects.select_for_update(of=("self",)).filter(pk=kwargs["pk"]).first()
            return super().post(request, *args, **kwargs)

    def save(self, form):
        self.object.require_open()
        self.object = form.save()
        self.note("edit")


class SmallFormPage(Scoped, FormPage, SingleObjectMixin, FormView):
    """A form of its own on one thing: a paper to attach, counts to correct. Subclasses give `form_class`, `heading`,
    `intro` (what it changes), `done`, `may(user)` (else 404) and `save(form)`."""

    template_name = "components/form.html"
    heading = ""
    intro = ""
    button = ""  # else "Lưu"
    done = ""
    keeps_typed = False

    def dispatch(self, request, *args, **kwargs):
        self.object = self.get_object()
        if not self.may(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def saved_message(self):
        return self.done

    def next_page(self):
        return self.object

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            heading=self.heading,
            intro=self.intro,
            button=self.button,
            back_url=self.object.get_absolute_url(),
            **kwargs,
        )


class ActionPage(SmallFormPage):
    """`/<list>/<id>/<action>/`: GET asks for what the action needs, POST does it. Who may is said by the action, with
    the reason, on the page of the thing."""

    template_name = "components/action.html"

    def dispatch(self, request, *args, **kwargs):
        self.name, self.action = self.find_action(kwargs["action"])
        return super().dispatch(request, *args, **kwargs)

    def may(self, user):
        return True

    def find_action(self, slug):
        hidden = getattr(self.model, "HIDDEN_ACTIONS", ())
        for name, action in self.model.ACTIONS.items():
            if action.slug == slug and name not in hidden:
                return name, action
        raise Http404

    def get(self, request, *args, **kwargs):
        refusal = self.refusal()
        return self.refuse(refusal) if refusal else super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        refusal = self.refusal()
        return self.refuse(refusal) if refusal else super().post(request, *args, **kwargs)

    def refusal(self):
        try:
            self.object.require(self.name, self.request.user)
        except Refused as refusal:
            return refusal
        return None

    def refuse(self, refusal):
        messages.error(self.request, str(refusal))
        return redirect(self.object)

    def get_form(self, form_class=None):
        return action_form(self.object, self.action, **self.get_form_kwargs())

    def form_valid(self, form):
        self.done = self.action.done
        return super().form_valid(form)

    def save(self, form):
        self.object.perform(self.name, self.request.user, **form.given())

    def get_context_data(self, **kwargs):
        return super().get_context_data(action=self.action, **kwargs)
