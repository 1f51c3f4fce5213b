"""Filters of the list of indicators, and of the schools or units they have values of."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from twinning.filters.base import PortalFilter
from twinning.filters.units import UnitFilter, UnitsOfSchoolsFilter
from twinning.models import District, Indicator, School


class IndicatorFilter(PortalFilter):
    do = filters.ChoiceFilter(
        field_name="measures", label=_("Đo"), choices=Indicator.Subject, empty_label=_("Trường và đơn vị")
    )

    class Meta:
        model = Indicator
        fields = []


class MeasuredSchoolFilter(UnitsOfSchoolsFilter):
    """Schools that an indicator has values of."""

    don_vi = UnitFilter(label=_("Đơn vị quản lý"), method="of_unit")

    class Meta:
        model = School
        fields = []


class MeasuredDistrictFilter(PortalFilter):
    class Meta:
        model = District
        fields = []
