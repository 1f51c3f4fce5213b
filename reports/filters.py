"""Filters of the lists of reports and of awards."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.models import Award, Report
from twinning.filters import ProgrammesFilter, UnitFilter, UnitsFilter, YearFilter
from twinning.vietnamese import search_terms


class ReportFilter(ProgrammesFilter):
    programme_path = "period__programme"

    nam = YearFilter(field_name="period__school_year")
    cap = filters.ChoiceFilter(
        label=_("Cấp"),
        method="of_level",
        choices=[("department", _("Sở")), ("district", _("Phòng")), ("school", _("Trường"))],
        empty_label=_("Mọi cấp"),
    )
    tinh_trang = filters.ChoiceFilter(
        label=_("Tình trạng"),
        method="by_status",
        choices=[*Report.Status.choices, ("qua-han", _("quá hạn nộp"))],
        empty_label=_("Mọi tình trạng"),
    )
    cho = filters.ChoiceFilter(
        method="waiting", choices=[("toi", _("chờ tôi"))], widget=forms.HiddenInput, label=_("Chờ tôi xử lý")
    )

    class Meta:
        model = Report
        fields = []

    def search(self, queryset, name, value):
        for term in search_terms(value):
            queryset = queryset.filter(Q(school__search_key__contains=term) | Q(district__search_key__contains=term))
        return queryset

    def of_level(self, queryset, name, value):
        return queryset.filter(**{f"{value}__isnull": False})

    def by_status(self, queryset, name, value):
        if value == "qua-han":
            return queryset.filter(
                status__in=[Report.Status.DRAFTING, Report.Status.RETURNED], period__due_on__lt=timezone.localdate()
            )
        return queryset.filter(status=value)

    def waiting(self, queryset, name, value):
        return queryset.waiting_for(self.request.user)


class AwardFilter(ProgrammesFilter, UnitsFilter):
    doi_tuong = filters.ChoiceFilter(
        field_name="kind", label=_("Đối tượng"), choices=Award.Kind, empty_label=_("Tập thể và cá nhân")
    )
    don_vi = UnitFilter(method="of_unit")

    class Meta:
        model = Award
        fields = []

    def of_unit(self, queryset, name, value):
        return queryset.filter(self.units.belongs(self.unit_id(value), "school", "district"))
