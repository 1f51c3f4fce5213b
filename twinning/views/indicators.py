"""Pages of indicators: which there are, their values by unit and school year, one value."""

from django.contrib import messages
from django.db import transaction
from django.db.models import OuterRef, ProtectedError, Q, Subquery
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import UpdateView

from twinning import access, school_year
from twinning.changes import changes
from twinning.filters.indicators import IndicatorFilter, MeasuredDistrictFilter, MeasuredSchoolFilter
from twinning.forms.figures import IndicatorForm, NewValueForm, ValueForm
from twinning.models import Department, District, Indicator, IndicatorValue, School
from twinning.pages import CreatePage, Editable, FormPage, ListPage, SmallFormPage
from twinning.tables import IndicatorTable, MeasuredDistrictTable, MeasuredSchoolTable


class IndicatorList(ListPage):
    model = Indicator
    queryset = Indicator.objects.for_list()
    filterset_class = IndicatorFilter
    table_class = IndicatorTable
    title = _("Chỉ số chất lượng")
    intro = _("Thứ hạng, điểm trung bình thi, số giải … của trường và đơn vị qua các năm học.")
    empty_text = _("Chưa có chỉ số nào. Sở lập chỉ số; sau đó các đơn vị nhập giá trị từng năm học.")
    export_name = "chi-so"

    def create_link(self):
        if access.keeps_indicators(self.request.user):
            return reverse("indicator_create"), _("Thêm chỉ số")
        return None


class _IndicatorForm(FormPage):
    model = Indicator
    form_class = IndicatorForm
    template_name = "twinning/indicator_form.html"

    def save(self, form):
        self.object = form.save()

    def get_success_url(self):
        return self.object.get_absolute_url()


class IndicatorCreate(_IndicatorForm, CreatePage):
    may_create = access.keeps_indicators

    def get_form_kwargs(self):
        departments = Department.objects.editable_by(self.request.user).order_by("pk")
        return {**super().get_form_kwargs(), "department": departments.first()}


class IndicatorEdit(_IndicatorForm, Editable, UpdateView):
    pass


@require_POST
def delete_indicator(request, pk):
    """An indicator without values is taken off the list."""
    indicator = get_object_or_404(Indicator.objects.editable_by(request.user), pk=pk)
    try:
        indicator.delete()
    except ProtectedError:
        messages.error(request, _t("“%s” đã có giá trị nên không xoá được. Hãy xoá các giá trị trước.") % indicator)
        return redirect(indicator)
    messages.success(request, _t("Đã xoá chỉ số “%s”.") % indicator)
    return redirect("indicator_list")


class IndicatorDetail(ListPage):
    """The units it has values of, a column for each school year."""

    template_name = "twinning/indicator_detail.html"
    export_name = "gia-tri-chi-so"
    empty_text = _("Chưa nhập giá trị nào.")

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.indicator = get_object_or_404(Indicator.objects.visible_to(request.user), pk=kwargs["pk"])
        self.title = self.indicator.name
        self.years = sorted(set(self.indicator.values.order_by().values_list("school_year", flat=True)))

    @property
    def intro(self):
        rule = _t(" · số nhỏ hơn là tốt hơn") if self.indicator.less_is_better else ""
        return f"{self.indicator.get_kind_display().capitalize()}{rule} · {_t('mã')} {self.indicator.code}"

    def get_queryset(self):
        unit = "school" if self.indicator.of_schools else "district"
        units = School.objects.for_list() if self.indicator.of_schools else District.objects.order_by("sort_key")
        values = self.indicator.values.order_by()
        units = units.visible_to(self.request.user).filter(
            pk__in=values.filter(**{f"{unit}__isnull": False}).values(unit)
        )
        own = values.filter(**{unit: OuterRef("pk")})
        return units.annotate(
            **{f"y{year}": Subquery(own.filter(school_year=year).values("value")) for year in self.years}
        )

    def get_filterset_class(self):
        return MeasuredSchoolFilter if self.indicator.of_schools else MeasuredDistrictFilter

    def get_table_class(self):
        return MeasuredSchoolTable if self.indicator.of_schools else MeasuredDistrictTable

    def get_table_kwargs(self):
        units = {"units": self.filterset.units} if self.indicator.of_schools else {}
        return {**super().get_table_kwargs(), "indicator": self.indicator, "years": self.years, **units}

    def create_link(self):
        if access.records_indicator_values(self.request.user):
            return reverse("indicator_value_create", args=[self.indicator.pk]), _("Nhập giá trị")
        return None

    def get_context_data(self, **kwargs):
        may_edit = Indicator.objects.editable_by(self.request.user).filter(pk=self.indicator.pk).exists()
        return super().get_context_data(
            indicator=self.indicator, may_edit=may_edit, may_delete=may_edit and not self.years, **kwargs
        )


class ValueCreate(SmallFormPage):
    """One value after the other of a school year: the form comes back for the next unit."""

    model = Indicator
    form_class = NewValueForm
    template_name = "components/form.html"
    heading = _("Nhập giá trị")

    def may(self, user):
        return access.records_indicator_values(user)

    def get_initial(self):
        return {"school_year": self.request.GET.get("nam")}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "indicator": self.object}

    def save(self, form):
        self.value = form.save()
        self.done = _t("Đã lưu: %(unit)s, %(year)s: %(value)s.") % {
            "unit": self.value.unit,
            "year": school_year.label(self.value.school_year),
            "value": self.value.text,
        }

    def next_page(self):
        return f"{self.request.path}?nam={self.value.school_year}"


class ValueEdit(SmallFormPage):
    """A stored value. Its row is locked while it is saved; one that somebody else changed meanwhile is refused."""

    model = IndicatorValue
    queryset = IndicatorValue.objects.select_related("indicator", "district", "school__district")
    form_class = ValueForm
    template_name = "twinning/indicator_value_form.html"

    def get_object(self, queryset=None):
        indicator, year, unit = (self.kwargs[name] for name in ("pk", "year", "unit"))
        of_unit = Q(indicator__measures=Indicator.Subject.SCHOOL, school=unit) | Q(
            indicator__measures=Indicator.Subject.DISTRICT, district=unit
        )
        return get_object_or_404(self.get_queryset(), of_unit, indicator=indicator, school_year=year)

    def may(self, user):
        return access.records_indicator_value(user, self.object.unit)

    def post(self, request, *args, **kwargs):
        with transaction.atomic():
            IndicatorValue.objects.select_for_update(no_key=True).filter(pk=self.object.pk).first()
            self.object = self.get_object()
            return super().post(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.object}

    def save(self, form):
        self.done = _t("Đã lưu giá trị.") if form.save() else _t("Đã xoá giá trị.")

    def next_page(self):
        return self.object.indicator

    def get_context_data(self, **kwargs):
        value = IndicatorValue.objects.select_related("indicator").get(pk=self.object.pk)
        show = {"value": value.indicator.text, "source": lambda text: text or "–"}
        return super().get_context_data(
            stored=value,
            year=school_year.label(value.school_year),
            events=changes(IndicatorValue.history.filter(id=value.pk), show),
            **kwargs,
        )
