"""Filters of the lists of units and agreements; the base of all filters."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twinning import school_year
from twinning.models import Agreement, District, Programme, School
from twinning.vietnamese import search_terms


class PortalFilter(filters.FilterSet):
    """A search box that forgives missing marks (model field `search_key`), and choices of what the person may see."""

    q = filters.CharFilter(
        label=_("Tìm"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Gõ không dấu cũng được")}),
    )

    def search(self, queryset, name, value):
        for term in search_terms(value):
            queryset = queryset.filter(search_key__contains=term)
        return queryset

    def live(self, agreements):
        """Those in effect in the chosen school year (`nam`), else in the whole phase: the rule of the figures."""
        programme = Programme.objects.current_for(self.request.user)
        if programme is None:
            return agreements.none()
        year = self.form.cleaned_data.get("nam")
        first, last = school_year.bounds(int(year)) if year else (programme.starts_on, programme.ends_on)
        return agreements.filter(programme=programme).live_during(first, last)


class YearFilter(filters.ChoiceFilter):
    """School years of the programme the person works with."""

    def __init__(self, **kwargs):
        kwargs = {"label": _("Năm học"), "empty_label": _("Cả giai đoạn"), "choices": [], **kwargs}
        super().__init__(**kwargs)

    @property
    def field(self):
        programme = Programme.objects.current_for(self.parent.request.user)
        years = programme.school_years if programme else []
        self.extra["choices"] = [(year, school_year.label(year)) for year in years]
        return super().field


def visible(model):
    """For ModelChoiceFilter: the rows of `model` the person may see."""
    return lambda request: model.objects.visible_to(request.user)


class DistrictFilter(PortalFilter):
    loai = filters.ChoiceFilter(field_name="kind", label=_("Loại"), choices=District.Kind, empty_label=_("Mọi loại"))
    khu_vuc = filters.ChoiceFilter(
        field_name="zone", label=_("Khu vực"), choices=District.Zone, empty_label=_("Mọi khu vực")
    )

    class Meta:
        model = District
        fields = []


class SchoolFilter(PortalFilter):
    don_vi = filters.ModelChoiceFilter(
        field_name="district", label=_("Đơn vị quản lý"), queryset=visible(District), empty_label=_("Mọi đơn vị")
    )
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
    truong = filters.ModelChoiceFilter(
        field_name="pk", queryset=visible(School), widget=forms.HiddenInput, method="one", label=_("Trường")
    )

    class Meta:
        model = School
        fields = []

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        chosen = self.form.cleaned_data
        if chosen.get("tinh_trang") == "nghi":
            return queryset.no_longer_operating()
        # Who signed in a school year counts whatever became of the school since; so does one that is named.
        if any(chosen.get(name) for name in ("tinh_trang", "giao_uoc", "truong")):
            return queryset
        return queryset.operating()

    def skip(self, queryset, name, value):
        return queryset

    def one(self, queryset, name, value):
        return queryset.filter(pk=value.pk)

    def by_agreement(self, queryset, name, value):
        programme = Programme.objects.current_for(self.request.user)
        if programme is None:
            return queryset.none()
        year = self.form.cleaned_data.get("nam")
        first, last = school_year.bounds(int(year)) if year else (programme.starts_on, programme.ends_on)
        live = (
            Agreement.objects.filter(programme=programme, tier=Agreement.Tier.SCHOOL)
            .live_during(first, last)
            .order_by()
        )
        signed = Q(pk__in=live.values("supporting_school")) | Q(pk__in=live.values("supported_school"))
        return queryset.filter(signed) if value == "co" else queryset.exclude(signed)


class AgreementFilter(PortalFilter):
    cap = filters.ChoiceFilter(field_name="tier", label=_("Cấp"), choices=Agreement.Tier, empty_label=_("Mọi cấp"))
    tinh_trang = filters.ChoiceFilter(
        label=_("Tình trạng"),
        method="by_status",
        choices=[("co-hieu-luc", _("có hiệu lực")), *Agreement.Status.choices],
        empty_label=_("Mọi tình trạng"),
    )
    nam = YearFilter(method="in_year")
    don_vi = filters.ModelChoiceFilter(
        label=_("Đơn vị"), queryset=visible(District), method="of_district", empty_label=_("Mọi đơn vị")
    )
    truong = filters.ModelChoiceFilter(
        queryset=visible(School), method="of_school", widget=forms.HiddenInput, label=_("Trường")
    )
    cho = filters.ChoiceFilter(
        method="waiting", choices=[("toi", _("chờ tôi"))], widget=forms.HiddenInput, label=_("Chờ tôi xử lý")
    )

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

    def of_district(self, queryset, name, value):
        return queryset.filter(Q(supporting_district=value) | Q(supported_district=value))

    def of_school(self, queryset, name, value):
        return queryset.filter(Q(supporting_school=value) | Q(supported_school=value))

    def waiting(self, queryset, name, value):
        return queryset.waiting_for(self.request.user)
