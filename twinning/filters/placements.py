"""The filter of where the schools of a reorganisation go."""

import django_filters as filters
from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from twinning.filters.base import AlwaysFilter
from twinning.models import District, Placement


def _auto():
    """A select that filters as soon as it is changed."""
    return forms.Select(attrs={"class": "form-select", "data-autosubmit": ""})


class PlacementFilter(AlwaysFilter):
    """The schools of one reorganisation; those without a decision unless asked otherwise."""

    tinh_trang = filters.ChoiceFilter(
        label=_("Tình trạng"),
        method="by_state",
        choices=[
            ("da-quyet", _("đã có người quyết")),
            ("theo-bang", _("theo phường, xã nằm trọn")),
            ("tat-ca", _("tất cả")),
        ],
        empty_label=_("cần quyết"),
        widget=_auto(),
    )
    don_vi = filters.ModelChoiceFilter(
        field_name="old_unit",
        label=_("Đơn vị cũ"),
        queryset=District.objects.none(),
        empty_label=_("Mọi đơn vị cũ"),
        widget=_auto(),
    )
    phuong = filters.ChoiceFilter(
        label=_("Phường, xã cũ"),
        method="of_ward",
        choices=[],
        empty_label=_("Mọi phường, xã"),
        widget=_auto(),
    )
    UNKNOWN = "chua-ro"

    search_path = "school__search_key"

    class Meta:
        model = Placement
        fields = []

    def __init__(self, *args, reorganisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.reorganisation = reorganisation
        old_units = {district.pk: (district, old) for district, old in reorganisation.units_listed()}
        self.filters["don_vi"].queryset = District.objects.filter(pk__in=old_units)
        self.filters["phuong"].extra["choices"] = self._wards(old_units)

    def _wards(self, old_units):
        """Of the chosen old unit, else of all: wards that have schools here, with how many of them are still open."""
        rows = self.reorganisation.placements.order_by().values_list("old_unit", "ward_code")
        groups = {}
        for pk, code, left in rows.annotate(n=Count("pk", filter=Q(unit=""))):
            if code and self.data.get("don_vi") in (None, "", str(pk)):
                groups.setdefault(pk, []).append((code, left))
        choices = [(self.UNKNOWN, _("chưa rõ phường, xã"))]
        for pk, (district, old) in old_units.items():
            found = sorted((code, left) for code, left in groups.get(pk, []) if code in old.wards)
            wards = [(code, f"{old.wards[code].name} ({left})") for code, left in found]
            if wards:
                choices.append((str(district), wards))
        return choices

    def ward_in_question(self):
        """The one ward the list is about, when it has schools to decide: {"code", "name", "left", "units"}, or None."""
        code = self.form.cleaned_data.get("phuong")
        row = code and self.reorganisation.placements.undecided().filter(ward_code=code).for_list().first()
        if not row or row.ward is None:
            return None
        left = self.reorganisation.placements.undecided().filter(ward_code=code).count()
        return {"code": code, "name": row.ward.name, "left": left, "options": row.options, "hint": row.hint}

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        return queryset if self.form.cleaned_data.get("tinh_trang") else queryset.undecided()

    def by_state(self, queryset, name, value):
        if value == "tat-ca":
            return queryset
        return queryset.exclude(unit="").filter(decided_by__isnull=value == "theo-bang")

    def of_ward(self, queryset, name, value):
        return queryset.filter(ward_code="" if value == self.UNKNOWN else value)
