"""Filters of the lists of units and agreements; the base of all filters."""

from collections import Counter
from datetime import date
from functools import cached_property
from operator import attrgetter

import django_filters as filters
from django import forms
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning import problems, school_year, working
from twinning.lens import OUTSIDE, Lens, Units, has_ended_units
from twinning.models import Agreement, District, Indicator, Placement, Programme, School, SchoolYearFigures
from twinning.models.figures import figure_years
from twinning.models.pilot import filled_of
from twinning.search import best_first, matching
from twinning.twins import HELPED, MONTHS, Twin, days_of, months_before, short_day, today_in
from twinning.vietnamese import search_terms


class PortalFilter(filters.FilterSet):
    """A search box that forgives missing marks (model field `search_key`), and choices of what the person may see."""

    q = filters.CharFilter(
        label=_("Tìm"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Gõ không dấu cũng được")}),
    )

    def search(self, queryset, name, value):
        return matching(queryset, value)


class AlwaysFilter(PortalFilter):
    """One whose empty choice filters, too: it is at work even where nothing was asked."""

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(QueryDict() if data is None else data, *args, **kwargs)


class ProgrammesFilter(PortalFilter):
    """Rows of the programme in use, of another, or of every one; what waits for a person waits whichever it is of.
    There is nothing to choose for whoever has one programme. `programme_path` leads from a row to its programme (None:
    rows are of none, but are looked at through one)."""

    phong_trao = filters.ChoiceFilter(label=_("Phong trào"), method="of_programme", choices=[], empty_label=None)

    programme_path = "programme"

    def __init__(self, data=None, *args, request=None, **kwargs):
        self.offered = {str(programme.pk): programme for programme in Programme.objects.chosen_first(request.user)}
        data = data.copy() if data else QueryDict(mutable=True)
        chosen = data.get(working.QUERY)
        if chosen not in {working.EVERY, *self.offered}:
            chosen = working.EVERY if data.get("cho") else next(iter(self.offered), working.EVERY)
        # Rows are looked at through these: school years, what is in effect.
        self.programmes = [*self.offered.values()] if chosen == working.EVERY else [self.offered[chosen]]
        if len(self.offered) > 1:
            data[working.QUERY] = chosen
        super().__init__(data, *args, request=request, **kwargs)

    def get_form_class(self):
        newest_first = sorted(self.offered.values(), key=attrgetter("starts_on"), reverse=True)
        choices = [(programme.pk, programme.dated_name) for programme in newest_first]
        extra = self.filters[working.QUERY].extra
        extra["choices"] = [*choices, (working.EVERY, _("Mọi phong trào"))]
        if len(choices) < 2:  # nothing to choose, but links keep their meaning
            extra["widget"] = forms.HiddenInput
        return super().get_form_class()

    def of_programme(self, queryset, name, value):
        chosen = value != working.EVERY and self.programme_path
        return queryset.filter(**{self.programme_path: value}) if chosen else queryset

    def live(self, agreements):
        """Those in effect in the chosen school year (`nam`), else in the whole phase: the rule of the figures."""
        if not self.programmes:
            return agreements.none()
        year = self.form.cleaned_data.get("nam")
        first = min(programme.starts_on for programme in self.programmes)
        last = max(programme.ends_on for programme in self.programmes)
        first, last = school_year.bounds(int(year)) if year else (first, last)
        return agreements.filter(programme__in=self.programmes).live_during(first, last)


class YearFilter(filters.ChoiceFilter):
    """School years of the programme of the rows."""

    def __init__(self, **kwargs):
        kwargs = {"label": _("Năm học"), "empty_label": _("Cả giai đoạn"), "choices": [], **kwargs}
        super().__init__(**kwargs)

    @property
    def field(self):
        years = {year for programme in self.parent.programmes for year in programme.school_years}
        self.extra["choices"] = [(year, school_year.label(year)) for year in sorted(years)]
        return super().field


class DayFilter(filters.ChoiceFilter):
    """Days the coverage of the programme the person works with can be told of; the newest unless one is chosen."""

    def __init__(self, **kwargs):
        super().__init__(label=_("Tính đến ngày"), choices=[], **kwargs)

    @property
    def field(self):
        programme = self.parent.programme
        newest, *others = days_of(programme) if programme else [timezone.localdate()]
        self.extra["empty_label"] = short_day(newest)
        self.extra["choices"] = [(day.isoformat(), short_day(day)) for day in others]
        return super().field


def visible(model):
    """For ModelChoiceFilter: the rows of `model` the person may see."""
    return lambda request: model.objects.visible_to(request.user)


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


def _choices_of(counts, wording):
    return [(str(n), wording % n) for n in counts]


class TwinsFilter(ProgrammesFilter, UnitsFilter):
    """What the coverage page counts, as rows: twins on a day. Its filters named in `seldom`, and the day, are out of
    sight until they are at work: one comes to them by a link."""

    ngay = DayFilter(method="skip")

    seldom = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        last = [*self.seldom, "ngay"]
        self.form.order_fields([*(name for name in self.form.fields if name not in last), *last])
        is_at_work = any(self.data.get(name) for name in self.seldom)
        for name in last:
            if not (is_at_work if name == "ngay" else self.data.get(name)):
                self.form.fields[name].widget = forms.HiddenInput()

    @cached_property
    def day(self):
        """The day twins are counted on; None without a programme."""
        chosen = self.form.cleaned_data.get("ngay")
        return date.fromisoformat(chosen) if chosen else self.programme and today_in(self.programme)

    @cached_property
    def programme(self):
        """The one whose twins are asked for; where lists show every programme, the one in use. None without any."""
        return self.programmes[0] if self.programmes else None

    def twins(self):
        return Agreement.objects.filter(programme=self.programme).twins_on(self.day)

    def asks(self, *names):
        """Whether one of these filters is at work."""
        return any(self.form.cleaned_data.get(name) for name in names)


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
        choices=_choices_of(HELPED, _("từ %d trường")),
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

    def search(self, queryset, name, value):
        for term in search_terms(value):
            queryset = queryset.filter(school__search_key__contains=term)
        return queryset

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        return queryset if self.form.cleaned_data.get("tinh_trang") else queryset.undecided()

    def by_state(self, queryset, name, value):
        if value == "tat-ca":
            return queryset
        return queryset.exclude(unit="").filter(decided_by__isnull=value == "theo-bang")

    def of_ward(self, queryset, name, value):
        return queryset.filter(ward_code="" if value == self.UNKNOWN else value)


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
        choices=_choices_of(MONTHS, _("từ %d tháng")),
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


class FiguresFilter(UnitsFilter):
    """School-year figures of one school year, since sums over several would say nothing. "Then" they are of the unit
    that managed the school when the school year began."""

    school = "school"  # path from a row to its school

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

    def search(self, queryset, name, value):
        for term in search_terms(value):
            queryset = queryset.filter(school__search_key__contains=term)
        return queryset

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

    def search(self, queryset, name, value):
        return PortalFilter.search(self, queryset, name, value)


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
