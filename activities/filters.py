"""Filters of the lists of activities and of help."""

from functools import reduce
from operator import or_

import django_filters as filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, ActivityKind, ActivitySchool, Material, Participation, SponsoredPupil, Support
from twinning.filters.base import PortalFilter, visible
from twinning.filters.programmes import ProgrammesFilter, YearFilter
from twinning.filters.units import UnitFilter, UnitsFilter
from twinning.models import Agreement, ContentArea, School, SchoolYearFigures, Subject, Teacher
from twinning.vietnamese import search_terms


class WorkFilter(ProgrammesFilter, UnitsFilter):
    """Rows of what was done, of one agreement if `giao_uoc` says so. `den` as in the figures of a report, up to and
    including its last day."""

    giao_uoc = filters.ModelChoiceFilter(
        queryset=visible(Agreement), method="of_agreement", widget=forms.HiddenInput, label=_("Giao ước")
    )

    def of_agreement(self, queryset, name, value):
        """Under the agreement, or under one that it covers."""
        return queryset.filter(Q(agreement=value) | Q(agreement__umbrella=value))


class ActivityFilter(WorkFilter):
    nam = YearFilter(field_name="school_year")
    den = filters.DateFilter(field_name="held_on", lookup_expr="lte", widget=forms.HiddenInput, label=_("Đến hết ngày"))
    thang = filters.NumberFilter(field_name="held_on__month", widget=forms.HiddenInput, label=_("Tháng"))
    tinh_trang = filters.ChoiceFilter(
        label=_("Tình trạng"),
        method="by_status",
        choices=[
            ("da-tinh", _("đã tổ chức")),
            ("qua-ngay", _("quá ngày dự kiến")),
            ("cham-xac-nhan", _("quá 14 ngày chưa xác nhận")),
            *Activity.Status.choices,
        ],
        empty_label=_("Mọi tình trạng"),
    )
    loai = filters.ModelChoiceFilter(
        field_name="kind", label=_("Loại"), queryset=visible(ActivityKind), empty_label=_("Mọi loại")
    )
    kiem_tra = filters.ChoiceFilter(
        method="by_check",
        choices=[("chua", _("chưa kiểm tra")), ("roi", _("đã kiểm tra"))],
        label=_("Cơ quan quản lý"),
        empty_label=_("Kiểm tra hay chưa"),
    )
    nhom = filters.ChoiceFilter(
        field_name="kind__group", choices=ActivityKind.Group, widget=forms.HiddenInput, label=_("Nhóm")
    )
    mon = filters.ModelChoiceFilter(
        field_name="subject", label=_("Môn"), queryset=Subject.objects.all(), empty_label=_("Mọi môn")
    )
    so_lieu = filters.ChoiceFilter(
        method="by_word",
        choices=[("chua", _("đơn vị chưa xác nhận"))],
        widget=forms.HiddenInput,
        label=_("Số người"),
    )
    don_vi = UnitFilter(method="of_unit")
    truong = filters.ModelChoiceFilter(
        queryset=visible(School), method="of_school", widget=forms.HiddenInput, label=_("Trường")
    )
    chu_tri = filters.ModelChoiceFilter(
        field_name="host_school", queryset=visible(School), widget=forms.HiddenInput, label=_("Trường chủ trì")
    )
    giao_vien = filters.ModelChoiceFilter(
        queryset=visible(Teacher), method="of_teacher", widget=forms.HiddenInput, label=_("Giáo viên")
    )
    vai = filters.ChoiceFilter(
        method="skip",
        choices=[("dan-dat", _("chủ trì, báo cáo, dạy minh hoạ"))],
        widget=forms.HiddenInput,
        label=_("Vai trò"),
    )
    noi_dung = filters.ModelChoiceFilter(
        field_name="content_area", queryset=visible(ContentArea), widget=forms.HiddenInput, label=_("Nội dung")
    )
    cap_don_vi = filters.CharFilter(method="of_pair", widget=forms.HiddenInput, label=_("Cặp đơn vị"))
    cho = filters.ChoiceFilter(
        method="waiting",
        choices=[
            ("toi", _("chờ tôi xác nhận")),
            ("ket-qua", _("chờ ghi kết quả")),
            ("don-vi", _("chờ đơn vị khác ghi kết quả")),
        ],
        widget=forms.HiddenInput,
        label=_("Chờ xử lý"),
    )

    class Meta:
        model = Activity
        fields = []

    def by_status(self, queryset, name, value):
        if value == "da-tinh":
            return queryset.counted()
        named = {"qua-ngay": queryset.overdue, "cham-xac-nhan": queryset.late}
        return named[value]() if value in named else queryset.filter(status=value)

    def by_check(self, queryset, name, value):
        return queryset.counted().filter(verified_at__isnull=value == "chua")

    def by_word(self, queryset, name, value):
        """Held ones where the unit asked for, or any, has not confirmed its own people."""
        rows = self.own_rows
        rows = ActivitySchool.objects.all() if rows is None else rows
        return queryset.filter(pk__in=rows.unconfirmed().values("activity"))

    @property
    def own_rows(self):
        """Rows (ActivitySchool) of the school or unit that is asked for, whose people figures count; None for all."""
        chosen = self.form.cleaned_data if self.form.is_bound else {}
        if school := chosen.get("truong"):
            return ActivitySchool.objects.filter(school=school)
        if unit := chosen.get("don_vi"):
            return self._rows_of(unit)
        return None

    def _rows_of(self, unit):
        return ActivitySchool.objects.filter(self.units.belongs(self.unit_id(unit), "school", "district"))

    def of_unit(self, queryset, name, value):
        return queryset.filter(pk__in=self._rows_of(value).values("activity"))

    def of_school(self, queryset, name, value):
        return queryset.filter(pk__in=ActivitySchool.objects.filter(school=value).values("activity"))

    def of_teacher(self, queryset, name, value):
        """Where the teacher is named; leading it only when `vai` says so."""
        named = Participation.objects.filter(teacher=value)
        if self.form.cleaned_data.get("vai"):
            named = named.exclude(role=Participation.PartRole.ATTENDEE)
        return queryset.filter(pk__in=named.values("row__activity"))

    def of_pair(self, queryset, name, value):
        """Two district ids with a hyphen between: the activities under any agreement of that pair of districts."""
        one, _hyphen, other = value.partition("-")
        if not (one.isdecimal() and other.isdecimal()):
            return queryset.none()
        return queryset.filter(
            Q(agreement__supporting_district=one, agreement__supported_district=other)
            | Q(agreement__supporting_district=other, agreement__supported_district=one)
        )

    def waiting(self, queryset, name, value):
        named = {
            "toi": queryset.waiting_for,
            "ket-qua": queryset.overdue_for,
            "don-vi": queryset.overdue_of_others,
        }
        return named[value](self.request.user)


class SupportFilter(WorkFilter):
    nam = YearFilter(field_name="school_year")
    den = filters.DateFilter(
        field_name="delivered_on", lookup_expr="lte", widget=forms.HiddenInput, label=_("Đến hết ngày")
    )
    tinh_trang = filters.ChoiceFilter(
        label=_("Tình trạng"),
        method="by_status",
        choices=[("da-tinh", _("đã trao")), *Support.Status.choices],
        empty_label=_("Mọi tình trạng"),
    )
    hinh_thuc = filters.ChoiceFilter(
        field_name="kind", label=_("Hình thức"), choices=Support.Kind, empty_label=_("Mọi hình thức")
    )
    nguon = filters.ChoiceFilter(
        field_name="source", label=_("Nguồn"), choices=Support.Source, empty_label=_("Mọi nguồn")
    )
    don_vi = UnitFilter(method="of_unit")
    ben = filters.ChoiceFilter(
        method="skip",
        choices=[("giver", _("bên trao")), ("receiver", _("bên nhận"))],
        widget=forms.HiddenInput,
        label=_("Đơn vị là"),
    )
    truong = filters.ModelChoiceFilter(
        queryset=visible(School), method="of_school", widget=forms.HiddenInput, label=_("Trường")
    )
    cho = filters.ChoiceFilter(
        method="waiting", choices=[("toi", _("chờ tôi xác nhận"))], widget=forms.HiddenInput, label=_("Chờ xử lý")
    )

    class Meta:
        model = Support
        fields = []

    def by_status(self, queryset, name, value):
        return queryset.counted() if value == "da-tinh" else queryset.filter(status=value)

    def of_unit(self, queryset, name, value):
        """Given or received by the unit, or only the one that `ben` says."""
        unit, only = self.unit_id(value), self.form.cleaned_data.get("ben")
        sides = [only] if only else ["giver", "receiver"]
        mine = [self.units.belongs(unit, f"{side}_school", f"{side}_district") for side in sides]
        return queryset.filter(reduce(or_, mine))

    def of_school(self, queryset, name, value):
        """The same of one school."""
        only = self.form.cleaned_data.get("ben")
        sides = [only] if only else ["giver", "receiver"]
        return queryset.filter(reduce(or_, (Q(**{f"{side}_school": value}) for side in sides)))

    def waiting(self, queryset, name, value):
        return queryset.waiting_for(self.request.user)


class MaterialFilter(ProgrammesFilter, UnitsFilter):
    """What is shared; what was withdrawn only when one asks for it."""

    programme_path = "activity__programme"

    loai = filters.ChoiceFilter(
        field_name="kind", label=_("Loại"), choices=Material.Kind, empty_label=_("Mọi loại tài liệu")
    )
    cap = filters.ChoiceFilter(
        method="of_level", label=_("Cấp học"), choices=SchoolYearFigures.Level, empty_label=_("Mọi cấp học")
    )
    mon = filters.ModelChoiceFilter(
        field_name="subject", label=_("Môn"), queryset=Subject.objects.all(), empty_label=_("Mọi môn")
    )
    nam = YearFilter(field_name="activity__school_year")
    don_vi = UnitFilter(method="of_unit")
    tinh_trang = filters.ChoiceFilter(
        method="skip",
        choices=[(Material.Status.WITHDRAWN, _("đã thu lại"))],
        label=_("Tình trạng"),
        empty_label=_("đang chia sẻ"),
    )
    truong = filters.ModelChoiceFilter(
        field_name="school", queryset=visible(School), widget=forms.HiddenInput, label=_("Trường")
    )

    class Meta:
        model = Material
        fields = []

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        return queryset.filter(status=self.form.cleaned_data.get("tinh_trang") or Material.Status.SHARED)

    def of_level(self, queryset, name, value):
        """Of the level, or of every one."""
        return queryset.filter(level__in=[value, ""])

    def of_unit(self, queryset, name, value):
        return queryset.filter(self.units.belongs(self.unit_id(value), "school", "district"))


class SponsoredPupilFilter(PortalFilter):
    con = filters.ChoiceFilter(
        label=_("Thời gian"), method="by_time", choices=[("nay", _("đang được đỡ đầu"))], empty_label=_("Mọi thời gian")
    )
    hoan_canh = filters.ChoiceFilter(
        field_name="need", label=_("Hoàn cảnh"), choices=SponsoredPupil.Need, empty_label=_("Mọi hoàn cảnh")
    )

    class Meta:
        model = SponsoredPupil
        fields = []

    def search(self, queryset, name, value):
        for term in search_terms(value):
            queryset = queryset.filter(Q(code__icontains=term) | Q(school__search_key__contains=term))
        return queryset

    def by_time(self, queryset, name, value):
        return queryset.current()
