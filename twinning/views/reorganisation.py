"""Pages of the act "Sắp xếp đơn vị": prepare, decide where schools go, rehearse, carry out, undo."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView, View
from django_filters.views import FilterView

from twinning import access
from twinning.exports import XLSX, attachment
from twinning.filters.placements import PlacementFilter
from twinning.forms.reorganisation import PlacementSheetForm, ReorganisationForm, plans_offered
from twinning.life import Refused
from twinning.models import District, Placement, Reorganisation
from twinning.pages import ActionPage, CreatePage, DetailPage, EditPage, Scoped, SmallFormPage
from twinning.placement_sheet import write_sheet
from twinning.reforms.plan import Share
from twinning.vietnamese import number, sort_key


class ReorganisationList(Scoped, ListView):
    model = Reorganisation
    queryset = Reorganisation.objects.for_list()
    template_name = "twinning/reorganisation_list.html"

    def dispatch(self, request, *args, **kwargs):
        if not access.is_of_department(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        user = self.request.user
        offered = plans_offered(user) if access.keeps_units(user) else []
        return super().get_context_data(offered=offered, **kwargs)


class ReorganisationDetail(DetailPage):
    model = Reorganisation
    queryset = Reorganisation.objects.for_list()
    template_name = "twinning/reorganisation_detail.html"

    def get_context_data(self, **kwargs):
        reorganisation, user = self.object, self.request.user
        is_open = reorganisation.is_open_to_edit()
        may = access.reorganises_units(user, reorganisation)
        codes = [code for code, _n in reorganisation.outcome.get("per_unit", [])]
        units = {}
        if not is_open:
            units = {
                unit.code: unit
                for unit in District.objects.filter(department=reorganisation.department_id, code__in=codes)
            }
        return super().get_context_data(
            counts=counts_of(reorganisation),
            per_unit=sorted(
                (
                    (units.get(code), reorganisation.unit_name(code), n)
                    for code, n in reorganisation.outcome.get("per_unit", [])
                ),
                key=lambda row: sort_key(row[1]),
            ),
            may_prepare=may and is_open,
            edit_url=reverse("reorganisation_edit", args=[reorganisation.pk]) if may and is_open else None,
            events=reorganisation.events.select_related("by"),
            **kwargs,
        )


def counts_of(reorganisation):
    """How many schools move, how many of them are still open, decided by a person, placed by the facts."""
    return reorganisation.placements.aggregate(
        total=Count("pk"),
        undecided=Count("pk", filter=Q(unit="")),
        done=Count("pk", filter=~Q(unit="")),
        decided=Count("pk", filter=~Q(unit="") & Q(decided_by__isnull=False)),
        by_facts=Count("pk", filter=~Q(unit="") & Q(decided_by=None)),
    )


class ReorganisationCreate(CreatePage):
    model = Reorganisation
    form_class = ReorganisationForm
    template_name = "twinning/reorganisation_form.html"

    @staticmethod
    def may_create(user):
        return access.keeps_units(user) and bool(plans_offered(user))

    def save(self, form):
        super().save(form)
        self.object.list_schools()

    def saved_message(self):
        undecided = self.object.placements.undecided().count()
        return _t("Đã lập bản chuẩn bị. Còn %s trường cần quyết định nơi về.") % number(undecided)


class ReorganisationEdit(EditPage):
    model = Reorganisation
    form_class = ReorganisationForm
    template_name = "twinning/reorganisation_form.html"

    def save(self, form):
        super().save(form)
        self.object.forget_outcome()
        self.object.list_schools()


class ReorganisationAction(ActionPage):
    model = Reorganisation
    queryset = Reorganisation.objects.for_list()


class OfReorganisation:
    """Acts of the staff of its Department; anybody else gets 404."""

    def find(self, request, pk):
        found = get_object_or_404(Reorganisation.objects.for_list().visible_to(request.user), pk=pk)
        if not access.reorganises_units(request.user, found):
            raise Http404
        return found


class ReorganisationRehearse(OfReorganisation, View):
    """Bring the list of schools up to date, do it all, note what it changed, and take it back."""

    http_method_names = ["post"]

    def post(self, request, pk):
        reorganisation = self.find(request, pk)
        try:
            with transaction.atomic():
                reorganisation.require_open()
                reorganisation.list_schools()
                outcome = reorganisation.rehearse()
                Reorganisation.objects.filter(pk=pk).update(outcome=outcome)
                reorganisation.record_event("rehearse", request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _t("Đã chạy thử, chưa có gì thay đổi. Xem kết quả dưới đây."))
        return redirect(reorganisation)


class PlacementList(Scoped, FilterView):
    """ "Việc cần quyết": the schools that move, 25 a page, each with a box for its new unit."""

    model = Placement
    queryset = Placement.objects.for_list()
    filterset_class = PlacementFilter
    template_name = "twinning/placement_list.html"
    paginate_by = 25
    strict = False

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        found = Reorganisation.objects.for_list().visible_to(request.user)
        self.reorganisation = get_object_or_404(found, pk=kwargs["pk"])

    def get_queryset(self):
        return super().get_queryset().filter(reorganisation=self.reorganisation)

    def get_filterset_kwargs(self, filterset_class):
        return {**super().get_filterset_kwargs(filterset_class), "reorganisation": self.reorganisation}

    def post(self, request, *args, **kwargs):
        if not access.reorganises_units(request.user, self.reorganisation):
            raise Http404
        try:
            choices, seen = self._posted(request.POST)
            changed = self.reorganisation.decide(choices, request.user, seen)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            undecided = self.reorganisation.placements.undecided().count()
            left = {"n": number(changed), "left": number(undecided)}
            messages.success(request, _t("Đã lưu nơi về của %(n)s trường; còn %(left)s trường cần quyết.") % left)
        query = request.GET.copy()
        # On to what is still open: the page may be past the end now, and a ward decided as a whole is done.
        for done in ("page", "phuong") if "ward" in request.POST else ("page",):
            query.pop(done, None)
        return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)

    def _posted(self, data):
        """({Placement pk: code}, {pk: code seen}) of what was changed on the page, or of a whole ward."""
        if "ward" in data:
            if not data.get("bulk"):
                raise Refused(_t("Hãy chọn đơn vị mới cho các trường của phường, xã này rồi bấm Áp dụng."))
            rows = self.reorganisation.placements.undecided().filter(ward_code=data["ward"]).exclude(ward_code="")
            return dict.fromkeys(rows.values_list("pk", flat=True), data["bulk"]), None
        choices, seen = {}, {}
        for name, code in data.items():
            pk = name.removeprefix("unit_")
            if name.startswith("unit_") and pk.isdigit() and code != data.get(f"was_{pk}", ""):
                choices[int(pk)], seen[int(pk)] = code, data.get(f"was_{pk}", "")
        return choices, seen

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        is_open = self.reorganisation.is_open_to_edit()
        return context | {
            "reorganisation": self.reorganisation,
            "counts": counts_of(self.reorganisation),
            "may_decide": is_open and access.reorganises_units(self.request.user, self.reorganisation),
            "ward": context["filter"].ward_in_question(),
            "SPLIT": Share.SPLIT,
        }


class PlacementSheet(View):
    """The filtered list as a workbook to be filled in."""

    def get(self, request, pk):
        reorganisation = get_object_or_404(Reorganisation.objects.for_list().visible_to(request.user), pk=pk)
        rows = Placement.objects.for_list().visible_to(request.user).filter(reorganisation=reorganisation)
        chosen = PlacementFilter(request.GET, rows, request=request, reorganisation=reorganisation)
        return attachment(write_sheet(chosen.qs), "noi-ve-cua-truong.xlsx", XLSX)


class PlacementUpload(SmallFormPage):
    model = Reorganisation
    queryset = Reorganisation.objects.for_list()
    form_class = PlacementSheetForm
    heading = _("Nhận danh sách đã điền")

    def may(self, user):
        return access.reorganises_units(user, self.object) and self.object.is_open_to_edit()

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "reorganisation": self.object}

    def save(self, form):
        changed = self.object.decide(form.choices, self.request.user)
        self.object.record_event("upload", self.request.user, note=form.cleaned_data["file"].name)
        undecided = self.object.placements.undecided().count()
        left = {"n": number(changed), "left": number(undecided)}
        self.done = _t("Đã nhận: %(n)s trường có nơi về mới; còn %(left)s trường cần quyết.") % left
