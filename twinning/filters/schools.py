"""The filter of the list of schools."""

from collections import Counter
from functools import cached_property

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from twinning.filters.base import at_least, visible
from twinning.filters.programmes import YearFilter
from twinning.filters.twins import TwinsFilter
from twinning.filters.units import UnitFilter, UnitsOfSchoolsFilter
from twinning.lens import Lens
from twinning.models import Agreement, School
from twinning.search import best_first, matching
from twinning.twins import HELPED, Twin


class SchoolFilter(TwinsFilter, UnitsOfSchoolsFilter):
    programme_path = None

    don_vi = UnitFilter(label=_("Đơn vị quản lý"), method="of_unit")
    cap = filters.ChoiceFilter(field_name="level", label=_("Cấp học"), choices=School.Level, empty_label=_("Mọi cấp"))
    giao_uoc = filters.ChoiceFilter(
        label=_("Giao ước"),
        method="by_agreement",
        choices=[("co", _("đã ký")), ("chua", _("chưa ký"))],
        empty_label=_("Tất cả"),
    )
    tinh_trang = filters.ChoiceFilter(
        label=_("Tình trạng"),
        method="skip",
        choices=[("nghi", _("đã sáp nhập, đóng cửa")), ("tat-ca", _("tất cả"))],
        empty_label=_("đang hoạt động"),
    )
    nam = YearFilter(method="skip")
    cap_doi = filters.ChoiceFilter(label=_("Kết nghĩa"), method="by_twin", choices=Twin, empty_label=_("Tất cả"))
    giup_nhieu = filters.ChoiceFilter(
        label=_("Đang giúp"),
        method="by_load",
        choices=at_least(HELPED, _("từ %d trường")),
        empty_label=_("Tất cả"),
    )
    truong = filters.ModelChoiceFilter(
        field_name="pk", queryset=visible(School), widget=forms.HiddenInput, method="one", label=_("Trường")
    )

    seldom = ("cap_doi", "giup_nhieu")

    class Meta:
        model = School
        fields = []

    def search(self, queryset, name, value):
        return best_first(matching(queryset, value), value)

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        chosen = self.form.cleaned_data
        if chosen.get("tinh_trang") == "nghi":
            return queryset.no_longer_operating()
        # Who signed in a school year counts whatever became of the school since; so does one that is named.
        # Twins are of a day, and so are the schools asked for them.
        if self.asks("tinh_trang", "giao_uoc", "truong", *self.seldom):
            return queryset
        return queryset.operating()

    def one(self, queryset, name, value):
        return queryset.filter(pk=value.pk)

    def of_unit(self, queryset, name, value):
        if self.units.lens == Lens.THEN and self.form.cleaned_data.get("giao_uoc") == "co":
            then = self.live_pairs().units_of_schools()
            return queryset.filter(pk__in=[school for school, district in then.items() if district == value.pk])
        if self.units.lens == Lens.THEN and self.day and self.asks(*self.seldom):
            return queryset.alias(unit_then=self.units.unit_on(self.day)).filter(unit_then=self.unit_id(value))
        return super().of_unit(queryset, name, value)

    def live_pairs(self):
        """School agreements as the figures count them."""
        return self.live(Agreement.objects.filter(tier=Agreement.Tier.SCHOOL)).order_by()

    def by_agreement(self, queryset, name, value):
        if not self.programmes:
            return queryset.none()
        signed = self.live_pairs().schools()
        return queryset.filter(signed) if value == "co" else queryset.exclude(signed)

    def by_twin(self, queryset, name, value):
        if self.programme is None:
            return queryset.none()
        schools = queryset.taking_part(self.programme, self.day)
        if value == Twin.ANY:
            return schools
        twinned = self.twins().twinned_schools()
        return schools.filter(twinned) if value == Twin.WITH else schools.exclude(twinned)

    def by_load(self, queryset, name, value):
        if self.programme is None:
            return queryset.none()
        many = [school for school, n in self.helps.items() if n >= int(value)]
        return queryset.taking_part(self.programme, self.day).filter(pk__in=many)

    def for_table(self):
        """What the table has to know of the filters."""
        return {
            "units": self.units,
            "helps": self.helps if self.asks("giup_nhieu") else None,
            "is_without_twin": self.form.cleaned_data.get("cap_doi") == Twin.WITHOUT,
        }

    @cached_property
    def helps(self):
        """{id of a school that helps others: how many}."""
        return Counter(helper for helper, _helped in self.twins().helping())
