"""Filters of the lists of agreements, and of how many pilot schools they have."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twinning import problems, school_year
from twinning.filters.base import at_least, visible
from twinning.filters.programmes import ProgrammesFilter, YearFilter
from twinning.filters.twins import TwinsFilter
from twinning.filters.units import UnitFilter
from twinning.models import Agreement, School
from twinning.models.pilot import filled_of
from twinning.twins import MONTHS, months_before


class AgreementFilter(TwinsFilter):
    sides = (
        ("supporting_unit", "supporting_school", "supporting_district"),
        ("supported_unit", "supported_school", "supported_district"),
    )
    cap = filters.ChoiceFilter(field_name="tier", label=_("Cấp"), choices=Agreement.Tier, empty_label=_("Mọi cấp"))
    tinh_trang = filters.ChoiceFilter(
        label=_("Tình trạng"),
        method="by_status",
        choices=[("co-hieu-luc", _("có hiệu lực")), *Agreement.Status.choices],
        empty_label=_("Mọi tình trạng"),
    )
    nam = YearFilter(method="in_year")
    van_de = filters.ChoiceFilter(
        label=_("Cần xem lại"),
        method="by_problem",
        choices=[(problems.ANY, _("có điều cần xem lại")), *((p.slug, p.title) for p in problems.PROBLEMS)],
        empty_label=_("Mọi giao ước"),
    )
    don_vi = UnitFilter(method="of_unit")
    truong = filters.ModelChoiceFilter(
        queryset=visible(School), method="of_school", widget=forms.HiddenInput, label=_("Trường")
    )
    cho = filters.ChoiceFilter(
        method="waiting", choices=[("toi", _("chờ tôi"))], widget=forms.HiddenInput, label=_("Chờ tôi xử lý")
    )
    cap_doi = filters.ChoiceFilter(
        label=_("Cặp trường, bộ môn"), method="in_effect", choices=[("co", _("có hiệu lực"))], empty_label=_("Tất cả")
    )
    im_lang = filters.ChoiceFilter(
        label=_("Không hoạt động"),
        method="by_silence",
        choices=at_least(MONTHS, _("từ %d tháng")),
        empty_label=_("Tất cả"),
    )
    mot_chieu = filters.ChoiceFilter(
        label=_("Chiều hỗ trợ"), method="by_direction", choices=[("1", _("một chiều"))], empty_label=_("Tất cả")
    )

    seldom = ("cap_doi", "im_lang", "mot_chieu")

    class Meta:
        model = Agreement
        fields = []

    def by_status(self, queryset, name, value):
        return self.live(queryset) if value == "co-hieu-luc" else queryset.filter(status=value)

    def in_year(self, queryset, name, value):
        if self.form.cleaned_data.get("tinh_trang") == "co-hieu-luc":
            return queryset
        first, last = school_year.bounds(int(value))
        over = Q(signed_on__gt=last) | Q(ended_on__lt=first)
        return queryset.filter(starts_on__lte=last, ends_on__gte=first).exclude(over)

    def by_problem(self, queryset, name, value):
        return queryset.filter(problems.having(value))

    def of_unit(self, queryset, name, value):
        unit = self.unit_id(value)
        return queryset.filter(
            self.units.belongs(unit, "supporting_school", "supporting_district")
            | self.units.belongs(unit, "supported_school", "supported_district")
        )

    def of_school(self, queryset, name, value):
        return queryset.filter(Q(supporting_school=value) | Q(supported_school=value))

    def waiting(self, queryset, name, value):
        return queryset.waiting_for(self.request.user)

    def in_effect(self, queryset, name, value):
        """Of schools or their subject groups, in effect on the day."""
        return queryset.filter(programme=self.programme).twins_on(self.day) if self.programme else queryset.none()

    def by_silence(self, queryset, name, value):
        if self.programme is None:
            return queryset.none()
        pairs = self.in_effect(queryset, name, value).silent(months_before(self.day, int(value)), self.day)
        return pairs.with_last_activity(self.day)

    def for_table(self):
        """What the table has to know of the filters."""
        return {"units": self.units, "is_silent": self.asks("im_lang")}

    def by_direction(self, queryset, name, value):
        return self.in_effect(queryset, name, value).one_way()


class PilotFilter(ProgrammesFilter):
    thieu = filters.ChoiceFilter(
        label=_("Trường điểm"),
        method="by_missing",
        choices=[("co", _("còn thiếu")), ("khong", _("đã đủ"))],
        empty_label=_("Mọi cặp"),
    )

    class Meta:
        model = Agreement
        fields = []

    def by_missing(self, queryset, name, value):
        filled = filled_of(queryset)
        full = [pk for pk, sides in filled.items() if all(side.is_full for side in sides.values())]
        return queryset.filter(pk__in=full) if value == "khong" else queryset.exclude(pk__in=full)
