"""Filters of school-year figures: those reported, and the schools that reported none."""

import django_filters as filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from twinning import school_year
from twinning.filters.units import UnitFilter, UnitsFilter
from twinning.models import Programme, School, SchoolYearFigures
from twinning.models.figures import figure_years


class FiguresFilter(UnitsFilter):
    """School-year figures of one school year, since sums over several would say nothing. "Then" they are of the unit
    that managed the school when the school year began."""

    school = "school"  # path from a row to its school
    search_path = "school__search_key"

    nam = filters.ChoiceFilter(field_name="school_year", label=_("Năm học"), choices=[], empty_label=None)
    don_vi = UnitFilter(label=_("Đơn vị quản lý"), method="of_unit")
    cap = filters.ChoiceFilter(
        field_name="level", label=_("Cấp học"), choices=SchoolYearFigures.Level, empty_label=_("Mọi cấp")
    )
    tinh_trang = filters.ChoiceFilter(
        label=_("Tình trạng"), method="skip", choices=[("chua", _("trường chưa nhập"))], empty_label=_("đã nhập")
    )

    class Meta:
        model = SchoolYearFigures
        fields = []

    def __init__(self, data=None, *args, request, **kwargs):
        years = figure_years(Programme.objects.current_for(request.user))
        data = data.copy() if data else QueryDict(mutable=True)
        if data.get("nam") not in map(str, years):
            data["nam"] = SchoolYearFigures.objects.visible_to(request.user).newest_of(years) or years[0]
        super().__init__(data, *args, request=request, **kwargs)
        self.form.fields["nam"].choices = [(year, school_year.label(year)) for year in years]

    @property
    def year(self):
        return int(self.data["nam"])

    @property
    def unit(self):
        return self.units.unit_on(school_year.bounds(self.year)[0], self.school)

    def with_units(self, queryset):
        return queryset.annotate(unit=self.unit)

    def of_unit(self, queryset, name, value):
        return queryset.alias(unit_then=self.unit).filter(unit_then=self.unit_id(value))


class MissingFiguresFilter(FiguresFilter):
    """The other side of it: the schools that have reported nothing for the school year."""

    school = ""
    search_path = "search_key"

    nam = filters.ChoiceFilter(method="without", label=_("Năm học"), choices=[], empty_label=None)
    cap = filters.ChoiceFilter(
        method="of_level", label=_("Cấp học"), choices=SchoolYearFigures.Level, empty_label=_("Mọi cấp")
    )

    class Meta:
        model = School
        fields = []

    def without(self, queryset, name, value):
        return queryset.open_in(self.year).without_figures(self.year)

    def of_level(self, queryset, name, value):
        kinds = [kind for kind, levels in SchoolYearFigures.LEVELS_OF.items() if value in levels]
        return queryset.filter(level__in=kinds)
