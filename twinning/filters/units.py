"""Filters of rows by their unit, under a lens (now, then, the old map), and of the units themselves."""

from functools import cached_property

import django_filters as filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.filters.base import AlwaysFilter, PortalFilter
from twinning.lens import OUTSIDE, Lens, Units, has_ended_units
from twinning.models import District, School


def _in_force_first(request):
    return District.objects.visible_to(request.user).in_force_first()


class UnitFilter(filters.ModelChoiceFilter):
    """Units of every time: those in force first, the ended ones with their last day; "none" under the lens of old
    districts."""

    NONE = "khong"

    def __init__(self, **kwargs):
        kwargs = {"label": _("Đơn vị"), "empty_label": _("Mọi đơn vị"), **kwargs}
        super().__init__(queryset=_in_force_first, null_value=self.NONE, **kwargs)

    @property
    def field(self):
        if self.parent.lenses_differ:
            self.extra["null_label"] = OUTSIDE
        field = super().field
        field.label_from_instance = lambda unit: unit.dated_name
        return field


class UnitsFilter(PortalFilter):
    """Rows of units, under a lens. Subclasses have `don_vi` and name in `sides` the (name, school path, district path)
    of each unit of a row; tables find its id under the lens in the annotation <name>."""

    theo = filters.ChoiceFilter(label=_("Xem theo"), method="skip", choices=Lens.choices, empty_label=None)

    sides = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = [name for name in self.form.fields if name != "theo"]
        names.insert(names.index("don_vi"), "theo")
        self.form.order_fields(names)
        if not self.lenses_differ:  # nothing to choose: out of sight, but links keep their meaning
            self.form.fields["theo"].widget = forms.HiddenInput()

    @cached_property
    def lenses_differ(self):
        return has_ended_units(self.request.user)

    @cached_property
    def units(self):
        chosen = self.form.cleaned_data.get("theo") if self.form.is_bound and not self.form.errors.get("theo") else None
        return Units(chosen or Lens.NOW)

    def skip(self, queryset, name, value):
        return queryset

    @cached_property
    def qs(self):
        return self.with_units(super().qs)

    def with_units(self, queryset):
        return queryset.annotate(**{name: self.units.unit(school, district) for name, school, district in self.sides})

    def unit_id(self, value):
        """The id in `don_vi`; None for none of the old districts."""
        return None if value == UnitFilter.NONE else value.pk


class UnitsOfSchoolsFilter(UnitsFilter):
    """Rows that are schools: "then" a school has had several units; its table names them all."""

    class Meta:
        model = School
        fields = []

    def with_units(self, queryset):
        if self.units.lens == Lens.THEN:
            return queryset.prefetch_related("managements__district")
        return queryset.annotate(unit=self.units.unit_of_school())

    def of_unit(self, queryset, name, value):
        return queryset.filter(pk__in=self.units.schools(self.unit_id(value)).values("pk"))


class DistrictFilter(AlwaysFilter):
    hieu_luc = filters.ChoiceFilter(
        label=_("Hiệu lực"),
        method="by_validity",
        choices=[("ket-thuc", _("đã kết thúc")), ("tat-ca", _("tất cả"))],
        empty_label=_("đang có hiệu lực"),
    )
    loai = filters.ChoiceFilter(field_name="kind", label=_("Loại"), choices=District.Kind, empty_label=_("Mọi loại"))
    khu_vuc = filters.ChoiceFilter(
        field_name="zone", label=_("Khu vực"), choices=District.Zone, empty_label=_("Mọi khu vực")
    )

    class Meta:
        model = District
        fields = []

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        return queryset if self.form.cleaned_data.get("hieu_luc") else queryset.valid_on(timezone.localdate())

    def by_validity(self, queryset, name, value):
        return queryset.filter(valid_to__lt=timezone.localdate()) if value == "ket-thuc" else queryset
