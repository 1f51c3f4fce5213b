"""Tables of the lists of units and agreements; the base of all tables."""

from functools import cached_property

import django_tables2 as tables
from django.db.models import Count, Sum
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableQuerysetData

from twinning import access, school_year, vietnamese
from twinning.exports import as_it_is
from twinning.lens import Lens, Units
from twinning.models import Agreement, District, Indicator, School, SchoolYearFigures
from twinning.models.agreement import Side
from twinning.models.pilot import filled_of
from twinning.rows import page_of
from twinning.templatetags.portal import trend_mark

ONE_LINE = {"td": {"class": "one-line"}}
NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class NumberColumn(tables.Column):
    """A whole number, right aligned, 1.234; a plain number in exports."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, attrs=NUMBER, **kwargs)

    def render(self, value):
        return vietnamese.number(value)

    value = as_it_is


class DayColumn(tables.DateColumn):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, format="j/n/Y", attrs=ONE_LINE, **kwargs)

    value = as_it_is


class StatusColumn(tables.Column):
    def render(self, record):
        return render_to_string("components/status.html", {"thing": record, "tone": _tone(record)})

    value = as_it_is


def _tone(record):
    from twinning.templatetags.portal import tone

    return tone(record)


class PortalRows(TableQuerysetData):
    def __getitem__(self, key):
        if not isinstance(key, slice):
            return super().__getitem__(key)
        rows = page_of(self.data, key)
        self.table.prepare(rows)
        return rows


class PortalTable(tables.Table):
    def __init__(self, data, **kwargs):
        super().__init__(PortalRows(data), **kwargs)

    def prepare(self, rows):
        """Hook: look up at once what columns need of these rows, a page of them or a chunk of an export."""

    def note(self):
        """Hook: a sentence on all rows together, for the head of an exported sheet."""
        return ""

    class Meta:
        attrs = {"class": "table card-table table-vcenter stack"}
        default = "–"
        template_name = "components/table.html"

    def _order(self, value):
        """Rows with equal values keep one order, else a page could repeat what the page before it showed."""
        tables.Table.order_by.fset(self, value)
        if self.order_by:
            self.data.data = self.data.data.order_by(*self.data.data.query.order_by, "pk")

    order_by = tables.Table.order_by.setter(_order)


def _in_time(management):
    """ "huyện Thanh Trì (đến 30/6/2025)"; the bare name of the unit that still manages the school."""
    last = management.valid_to
    until = f" ({_t('đến')} {vietnamese.day(last)})" if last else ""
    return f"{management.district}{until}"


class DistrictTable(PortalTable):
    name = tables.Column(linkify=True, accessor="name", order_by="sort_key", verbose_name=_("Đơn vị"))
    kind = tables.Column(verbose_name=_("Loại"))
    zone = tables.Column(verbose_name=_("Khu vực"))
    code = tables.Column(verbose_name=_("Mã"))
    validity = tables.Column(verbose_name=_("Hiệu lực"), order_by=("valid_from", "valid_to"))
    school_count = NumberColumn(verbose_name=_("Số trường"))

    class Meta(PortalTable.Meta):
        model = District
        fields = ["name", "kind", "zone", "code", "validity", "school_count"]
        order_by = "name"


class UnitsOfSchoolsTable(PortalTable):
    """Rows that are schools, each with its unit under a lens."""

    def __init__(self, *args, units=None, **kwargs):
        self.units = units or Units()
        super().__init__(*args, **kwargs)

    def render_district(self, record):
        if self.units.lens == Lens.THEN:
            return "; ".join(_in_time(management) for management in record.managements.all())
        if self.units.lens == Lens.OLD:
            return self.units.names[record.unit]
        is_merged = record.unit != record.district_id
        return self.units.names[record.unit] if is_merged else str(record.district)

    def value_district(self, record):
        return self.render_district(record)


class SchoolTable(UnitsOfSchoolsTable):
    name = tables.Column(linkify=True, order_by="sort_key", verbose_name=_("Trường"))
    level = tables.Column(verbose_name=_("Cấp học"))
    district = tables.Column(
        empty_values=(), order_by=("district__sort_key", "sort_key"), verbose_name=_("Đơn vị quản lý")
    )
    code = tables.Column(verbose_name=_("Mã trường"))
    ownership = tables.Column(verbose_name=_("Loại hình"))

    class Meta(PortalTable.Meta):
        model = School
        fields = ["name", "level", "district", "code", "ownership"]

    def __init__(self, *args, helps=None, is_without_twin=False, **kwargs):
        """`helps`: {school id: how many it helps} when the list is about that; `is_without_twin`: schools that may be
        suggested one."""
        self.helps = helps
        further = []
        if helps is not None:
            further.append(("helps", NumberColumn(accessor="pk", orderable=False, verbose_name=_("Đang giúp"))))
        if is_without_twin:
            further.append(("suggest", LinkColumn(_("Gợi ý kết nghĩa"))))
        super().__init__(*args, extra_columns=further, **kwargs)

    def render_helps(self, value):
        return vietnamese.number(self.helps[value])

    def value_helps(self, value):
        return self.helps[value]

    def url_for(self, record):
        may = access.seeks_twins(self.request.user, record)
        return may and reverse("school_suggestions", args=[record.pk])

    def render_name(self, record):
        if record.is_operating:
            return record.name
        return format_html(
            '{} <span class="badge bg-secondary-lt status-badge">{}</span>', record.name, record.get_status_display()
        )

    def value_name(self, record):
        return record.name


class PilotsColumn(tables.Column):
    """How far a side of a district agreement has chosen its pilot schools; both sides without one."""

    def __init__(self, side=None, **kwargs):
        super().__init__(empty_values=(), orderable=False, **kwargs)
        self.side = side

    def render(self, record, table):
        sides = table.filled.get(record.pk)
        if sides is None:
            return ""
        if self.side:
            return str(sides[self.side])
        return " · ".join(filled.short for filled in sides.values())

    def value(self, record, table):
        return self.render(record, table)


class AgreementTable(PortalTable):
    pair = tables.Column(linkify=True, verbose_name=_("Cặp đơn vị"), orderable=False)
    districts = tables.Column(empty_values=(), verbose_name=_("Đơn vị quản lý"), orderable=False)
    tier = tables.Column(verbose_name=_("Cấp"), attrs=ONE_LINE)
    number = tables.Column(verbose_name=_("Số, ký hiệu"))
    signed_on = DayColumn(verbose_name=_("Ngày ký"))
    ends_on = DayColumn(verbose_name=_("Đến hết"))
    pilots = PilotsColumn(verbose_name=_("Trường điểm"))
    status = StatusColumn(verbose_name=_("Tình trạng"))

    class Meta(PortalTable.Meta):
        model = Agreement
        fields = ["pair", "districts", "tier", "number", "signed_on", "ends_on", "pilots", "status"]

    def prepare(self, rows):
        super().prepare(rows)
        if "pilots" in self.columns:
            self.filled = filled_of(row for row in rows if row.tier == Agreement.Tier.DISTRICT)

    def __init__(self, *args, units=None, is_silent=False, **kwargs):
        """`is_silent`: the list is of pairs that do nothing, so it says when they did last."""
        self.units = units or Units()
        last = DayColumn(verbose_name=_("Hoạt động gần nhất"), default=_("chưa có"))
        super().__init__(*args, extra_columns=[("last_held_on", last)] if is_silent else [], **kwargs)

    def render_districts(self, record):
        return f"{self.units.names[record.supporting_unit]} – {self.units.names[record.supported_unit]}"

    def value_districts(self, record):
        return self.render_districts(record)


class PilotTable(PortalTable):
    pair = tables.Column(linkify=True, verbose_name=_("Cặp đơn vị"), orderable=False)
    quotas = tables.Column(verbose_name=_("Chỉ tiêu"), empty_values=(), orderable=False)
    supporting = PilotsColumn(Side.SUPPORTING, verbose_name=_("Bên hỗ trợ"))
    supported = PilotsColumn(Side.SUPPORTED, verbose_name=_("Bên được hỗ trợ"))

    class Meta(PortalTable.Meta):
        model = Agreement
        fields = ["pair", "quotas", "supporting", "supported"]

    def prepare(self, rows):
        self.filled = filled_of(rows)

    def render_quotas(self, record):
        quotas = self.filled[record.pk][Side.SUPPORTING].quotas
        return str(quotas) if quotas else _t("chưa có chỉ tiêu")

    def value_quotas(self, record):
        return self.render_quotas(record)


def _sum(bound_column, table):
    return table.total(bound_column.name)


class SumColumn(NumberColumn):
    """Its footer adds up all filtered rows, not only those of the page."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, footer=_sum, **kwargs)


class LinkColumn(tables.Column):
    """What one may do with the row, as a link; not part of an export."""

    def __init__(self, label, **kwargs):
        super().__init__(
            verbose_name=_("Thao tác"),
            empty_values=(),
            orderable=False,
            exclude_from_export=True,
            accessor="pk",
            **kwargs,
        )
        self.label = label

    def render(self, record, table):
        url = table.url_for(record)
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', url, self.label) if url else ""


class FiguresTable(PortalTable):
    school = tables.Column(
        linkify=True, order_by="school__sort_key", verbose_name=_("Trường"), footer=lambda table: table.schools_in_words
    )
    district = tables.Column(
        empty_values=(), order_by=("school__district__sort_key", "school__sort_key"), verbose_name=_("Đơn vị quản lý")
    )
    school_year = tables.Column(verbose_name=_("Năm học"), attrs=ONE_LINE)
    level = tables.Column(verbose_name=_("Cấp học"), attrs=ONE_LINE)
    classes = SumColumn(verbose_name=_("Lớp"))
    pupils = SumColumn(verbose_name=_("Học sinh"))
    managers = SumColumn(verbose_name=_("CBQL"))
    teachers = SumColumn(verbose_name=_("Giáo viên"))
    staff = SumColumn(verbose_name=_("Nhân viên"))
    edit = LinkColumn(_("Sửa"))

    class Meta(PortalTable.Meta):
        model = SchoolYearFigures
        fields = ["school", "district", "school_year", "level", *SchoolYearFigures.COUNTS, "edit"]
        order_by = "school"
        default = "–"

    def __init__(self, *args, units=None, **kwargs):
        self.units = units or Units()
        super().__init__(*args, **kwargs)

    def render_school_year(self, value):
        return school_year.label(value)

    def render_district(self, record):
        return self.units.names[record.unit]

    def value_district(self, record):
        return self.render_district(record)

    def url_for(self, record):
        may = access.records_figures(self.request.user, record.school)
        return may and reverse("figures_edit", args=[record.school_id, record.school_year])

    @cached_property
    def totals(self):
        sums = {name: Sum(name) for name in SchoolYearFigures.COUNTS}
        return self.data.data.order_by().aggregate(schools=Count("school", distinct=True), **sums)

    def total(self, name):
        return vietnamese.number(self.totals[name])

    @property
    def schools_in_words(self):
        return _t("Cộng %s trường") % vietnamese.number(self.totals["schools"])


class MissingFiguresTable(PortalTable):
    name = tables.Column(linkify=True, order_by="sort_key", verbose_name=_("Trường"))
    district = tables.Column(
        empty_values=(), order_by=("district__sort_key", "sort_key"), verbose_name=_("Đơn vị quản lý")
    )
    level = tables.Column(verbose_name=_("Cấp học"))
    enter = LinkColumn(_("Nhập"))

    class Meta(PortalTable.Meta):
        model = School
        fields = ["name", "district", "level", "enter"]
        order_by = "name"

    def __init__(self, *args, year, units=None, **kwargs):
        self.year, self.units = year, units or Units()
        super().__init__(*args, **kwargs)

    def render_district(self, record):
        return self.units.names[record.unit]

    def value_district(self, record):
        return self.render_district(record)

    def url_for(self, record):
        may = access.records_figures(self.request.user, record)
        return may and reverse("figures_edit", args=[record.pk, self.year])


class IndicatorTable(PortalTable):
    name = tables.Column(linkify=True, order_by="search_key", verbose_name=_("Chỉ số"))
    code = tables.Column(verbose_name=_("Mã"))
    kind = tables.Column(verbose_name=_("Loại"))
    measures = tables.Column(verbose_name=_("Đo"))
    value_count = NumberColumn(verbose_name=_("Số giá trị"))
    last_year = tables.Column(verbose_name=_("Năm học mới nhất"))

    class Meta(PortalTable.Meta):
        model = Indicator
        fields = ["name", "code", "kind", "measures", "value_count", "last_year"]
        order_by = ("position", "pk")

    def render_last_year(self, value):
        return school_year.label(value)


class ValueColumn(tables.Column):
    """The values of one school year (annotated as `y<year>`), each with whether it got better or worse."""

    def __init__(self, year, **kwargs):
        super().__init__(verbose_name=school_year.label(year), attrs=NUMBER, default="–", **kwargs)
        self.year = year

    def render(self, value, record, table):
        user, indicator = table.request.user, table.indicator
        before = [getattr(record, f"y{year}") for year in table.years if year < self.year]
        known = [number for number in before if number is not None]
        mark = trend_mark(indicator.trend(value, known[-1] if known else None))
        text = indicator.text(value)
        if access.records_indicator_value(user, record):
            url = reverse("indicator_value_edit", args=[indicator.pk, self.year, record.pk])
            text = format_html('<a href="{}">{}</a>', url, text)
        return format_html("<span>{} {}</span>", mark, text)

    def value(self, value):
        return None if value == "–" else int(value) if value % 1 == 0 else float(value)


class MeasuredTable(PortalTable):
    """The units an indicator has values of, with a column for each school year. Subclasses name the units."""

    def __init__(self, *args, indicator, years, **kwargs):
        self.indicator, self.years = indicator, years
        super().__init__(*args, extra_columns=[(f"y{year}", ValueColumn(year)) for year in years], **kwargs)


class MeasuredSchoolTable(MeasuredTable, UnitsOfSchoolsTable):
    name = tables.Column(linkify=True, order_by="sort_key", verbose_name=_("Trường"))
    district = tables.Column(
        empty_values=(), order_by=("district__sort_key", "sort_key"), verbose_name=_("Đơn vị quản lý")
    )

    class Meta(PortalTable.Meta):
        model = School
        fields = ["name", "district"]
        order_by = "name"


class MeasuredDistrictTable(MeasuredTable):
    name = tables.Column(linkify=True, order_by="sort_key", verbose_name=_("Đơn vị"))
    kind = tables.Column(verbose_name=_("Loại"))

    class Meta(PortalTable.Meta):
        model = District
        fields = ["name", "kind"]
        order_by = "name"
