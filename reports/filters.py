"""Filters of the lists of reports, periods, seasons of PDFs, outgoing papers, awards, their rounds and nominations."""

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.models import Award, AwardRound, Batch, BatchItem, Nomination, OutgoingPaper, Report, ReportingPeriod
from reports.models.report_life import Status
from twinning import school_year
from twinning.filters.base import PortalFilter, visible
from twinning.filters.programmes import ProgrammesFilter, YearFilter
from twinning.filters.units import UnitFilter, UnitsFilter
from twinning.models import School
from twinning.vietnamese import search_key, search_terms

LEVEL_CHOICES = [("department", _("Sở")), ("district", _("Phòng")), ("school", _("Trường"))]
FIRST_YEAR = 2019


def periods_of(request):
    return ReportingPeriod.objects.visible_to(request.user).for_list()


class ReportFilter(ProgrammesFilter, UnitsFilter):
    programme_path = "period__programme"

    nam = YearFilter(field_name="period__school_year")
    cap = filters.ChoiceFilter(
        label=_("Cấp"),
        method="of_level",
        choices=LEVEL_CHOICES,
        empty_label=_("Mọi cấp"),
    )
    tinh_trang = filters.ChoiceFilter(
        label=_("Tình trạng"),
        method="by_status",
        choices=[
            *Report.Status.choices,
            ("chua-nop", _("chưa nộp")),
            ("chua-xong", _("chưa xong")),
            ("qua-han", _("quá hạn nộp")),
            ("xin-mo-khoa", _("xin mở khoá")),
        ],
        empty_label=_("Mọi tình trạng"),
    )
    don_vi = UnitFilter(method="of_unit")
    ky = filters.ModelChoiceFilter(
        label=_("Kỳ báo cáo"), field_name="period", queryset=periods_of, empty_label=_("Mọi kỳ")
    )
    cho = filters.ChoiceFilter(
        method="waiting", choices=[("toi", _("chờ tôi"))], widget=forms.HiddenInput, label=_("Chờ tôi xử lý")
    )

    class Meta:
        model = Report
        fields = []

    def search(self, queryset, name, value):
        """Words of the unit or of the period: "so ket 2022" finds last year's too."""
        periods = list(periods_of(self.request))
        for term in search_terms(value):
            named = [period.pk for period in periods if term in search_key(str(period))]
            queryset = queryset.filter(
                Q(school__search_key__contains=term) | Q(district__search_key__contains=term) | Q(period__in=named)
            )
        return queryset

    def of_level(self, queryset, name, value):
        return queryset.filter(**{f"{value}__isnull": False})

    def by_status(self, queryset, name, value):
        if value == "qua-han":
            return queryset.overdue()
        if value == "chua-nop":
            return queryset.filter(status__in=Status.open())
        if value == "chua-xong":
            return queryset.exclude(status__in=Status.settled())
        if value == "xin-mo-khoa":
            return queryset.filter(unlock_asked_at__isnull=False)
        return queryset.filter(status=value)

    def of_unit(self, queryset, name, value):
        return queryset.filter(self.units.belongs(self.unit_id(value), "school", "district"))

    def waiting(self, queryset, name, value):
        return queryset.waiting_for(self.request.user)


class AwardFilter(ProgrammesFilter, UnitsFilter):
    doi_tuong = filters.ChoiceFilter(
        field_name="kind", label=_("Đối tượng"), choices=Award.Kind, empty_label=_("Tập thể và cá nhân")
    )
    hinh_thuc = filters.ChoiceFilter(
        field_name="form", label=_("Hình thức"), choices=Award.Form, empty_label=_("Mọi hình thức")
    )
    nam = YearFilter(method="in_year")
    tinh_trang = filters.ChoiceFilter(
        field_name="status", label=_("Tình trạng"), choices=Award.Status, empty_label=_("Mọi tình trạng")
    )
    don_vi = UnitFilter(method="of_unit")
    truong = filters.ModelChoiceFilter(
        field_name="school", queryset=visible(School), widget=forms.HiddenInput, label=_("Trường")
    )
    dot = filters.ModelChoiceFilter(
        field_name="nomination__round", queryset=visible(AwardRound), widget=forms.HiddenInput, label=_("Đợt")
    )

    class Meta:
        model = Award
        fields = []

    def in_year(self, queryset, name, value):
        """Decided in a school year."""
        return queryset.filter(decided_on__range=school_year.bounds(int(value)))

    def of_unit(self, queryset, name, value):
        return queryset.filter(self.units.belongs(self.unit_id(value), "school", "district"))


def called(queryset, typed, name):
    """The rows of a short list whose `name` (an attribute, stored or not) has every typed word; marks forgiven."""
    terms = search_terms(typed)
    found = [row.pk for row in queryset if all(term in search_key(getattr(row, name)) for term in terms)]
    return queryset.filter(pk__in=found)


class AwardRoundFilter(ProgrammesFilter):
    tinh_trang = filters.ChoiceFilter(
        field_name="status", label=_("Tình trạng"), choices=AwardRound.Status, empty_label=_("Mọi tình trạng")
    )

    class Meta:
        model = AwardRound
        fields = []

    def search(self, queryset, name, value):
        return called(queryset, value, "name")


class NominationFilter(ProgrammesFilter, UnitsFilter):
    programme_path = "round__programme"

    dot = filters.ModelChoiceFilter(
        field_name="round", label=_("Đợt"), queryset=visible(AwardRound), empty_label=_("Mọi đợt")
    )
    doi_tuong = filters.ChoiceFilter(
        field_name="kind", label=_("Đối tượng"), choices=Award.Kind, empty_label=_("Tập thể và cá nhân")
    )
    tinh_trang = filters.ChoiceFilter(
        field_name="status", label=_("Tình trạng"), choices=Nomination.Status, empty_label=_("Mọi tình trạng")
    )
    don_vi = UnitFilter(method="of_unit")
    cho = filters.ChoiceFilter(
        method="waiting", choices=[("toi", _("chờ tôi"))], widget=forms.HiddenInput, label=_("Chờ tôi xử lý")
    )

    class Meta:
        model = Nomination
        fields = []

    def of_unit(self, queryset, name, value):
        return queryset.filter(self.units.belongs(self.unit_id(value), "school", "district"))

    def waiting(self, queryset, name, value):
        return queryset.waiting_for(self.request.user)


class PeriodFilter(ProgrammesFilter):
    loai = filters.ChoiceFilter(
        field_name="kind", label=_("Loại"), choices=ReportingPeriod.Kind, empty_label=_("Mọi loại")
    )

    class Meta:
        model = ReportingPeriod
        fields = []

    def search(self, queryset, name, value):
        return called(queryset, value, "title")


def calendar_years():
    """Registers are kept by calendar years: this one back to that of the first movement."""
    return [(year, str(year)) for year in range(timezone.localdate().year, FIRST_YEAR - 1, -1)]


class OutgoingPaperFilter(PortalFilter):
    nam = filters.ChoiceFilter(field_name="year", label=_("Năm"), choices=calendar_years, empty_label=_("Mọi năm"))
    cap = filters.ChoiceFilter(
        label=_("Cấp"),
        method="of_level",
        choices=LEVEL_CHOICES,
        empty_label=_("Mọi cấp"),
    )

    class Meta:
        model = OutgoingPaper
        fields = []

    def of_level(self, queryset, name, value):
        if value == "department":
            return queryset.filter(district=None, school=None)
        return queryset.filter(**{f"{value}__isnull": False})


class BatchFilter(ProgrammesFilter):
    programme_path = "period__programme"

    q = None
    ky = filters.ModelChoiceFilter(
        label=_("Kỳ báo cáo"), field_name="period", queryset=periods_of, empty_label=_("Mọi kỳ")
    )

    class Meta:
        model = Batch
        fields = []


class BatchItemFilter(PortalFilter):
    """The lines of one season."""

    tinh_trang = filters.ChoiceFilter(
        field_name="state", label=_("Tình trạng"), choices=BatchItem.State, empty_label=_("Mọi tình trạng")
    )
    cap = filters.ChoiceFilter(
        field_name="level",
        label=_("Cấp"),
        choices=LEVEL_CHOICES,
        empty_label=_("Mọi cấp"),
    )

    class Meta:
        model = BatchItem
        fields = []

    def search(self, queryset, name, value):
        for term in search_terms(value):
            school, district = Q(report__school__search_key__contains=term), Q(district__search_key__contains=term)
            queryset = queryset.filter(school | district)
        return queryset
