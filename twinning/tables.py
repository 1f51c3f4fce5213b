"""Tables of the lists of units and agreements; the base of all tables."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from twinning import vietnamese
from twinning.models import Agreement, District, School

NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class NumberColumn(tables.Column):
    """A whole number, right aligned, 1.234; a plain number in exports."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, attrs=NUMBER, **kwargs)

    def render(self, value):
        return vietnamese.number(value)

    def value(self, value):
        return value


class DayColumn(tables.DateColumn):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, format="j/n/Y", **kwargs)

    def value(self, value):
        return value


class StatusColumn(tables.Column):
    def render(self, record):
        return render_to_string("components/status.html", {"thing": record, "tone": _tone(record)})

    def value(self, record):
        return record.get_status_display()


def _tone(record):
    from twinning.templatetags.portal import tone

    return tone(record)


class PortalTable(tables.Table):
    class Meta:
        attrs = {"class": "table card-table table-vcenter stack"}
        template_name = "components/table.html"

    def _order(self, value):
        """Rows with equal values keep one order, else a page could repeat what the page before it showed."""
        tables.Table.order_by.fset(self, value)
        if self.order_by:
            self.data.data = self.data.data.order_by(*self.data.data.query.order_by, "pk")

    order_by = tables.Table.order_by.setter(_order)


class DistrictTable(PortalTable):
    name = tables.Column(linkify=True, accessor="name", order_by="sort_key", verbose_name=_("Đơn vị"))
    kind = tables.Column(verbose_name=_("Loại"))
    zone = tables.Column(verbose_name=_("Khu vực"))
    code = tables.Column(verbose_name=_("Mã"))
    school_count = NumberColumn(verbose_name=_("Số trường"))

    class Meta(PortalTable.Meta):
        model = District
        fields = ["name", "kind", "zone", "code", "school_count"]
        order_by = "name"


class SchoolTable(PortalTable):
    name = tables.Column(linkify=True, order_by="sort_key", verbose_name=_("Trường"))
    level = tables.Column(verbose_name=_("Cấp học"))
    district = tables.Column(order_by=("district__sort_key", "sort_key"), verbose_name=_("Đơn vị quản lý"))
    code = tables.Column(verbose_name=_("Mã trường"))
    ownership = tables.Column(verbose_name=_("Loại hình"))

    class Meta(PortalTable.Meta):
        model = School
        fields = ["name", "level", "district", "code", "ownership"]
        order_by = "name"

    def render_name(self, record):
        if record.is_operating:
            return record.name
        return format_html(
            '{} <span class="badge bg-secondary-lt status-badge">{}</span>', record.name, record.get_status_display()
        )

    def value_name(self, record):
        return record.name


class AgreementTable(PortalTable):
    pair = tables.Column(linkify=True, verbose_name=_("Cặp đơn vị"), orderable=False)
    districts = tables.Column(empty_values=(), verbose_name=_("Đơn vị quản lý"), orderable=False)
    tier = tables.Column(verbose_name=_("Cấp"))
    number = tables.Column(verbose_name=_("Số, ký hiệu"))
    signed_on = DayColumn(verbose_name=_("Ngày ký"))
    ends_on = DayColumn(verbose_name=_("Đến hết"))
    status = StatusColumn(verbose_name=_("Tình trạng"))

    class Meta(PortalTable.Meta):
        model = Agreement
        fields = ["pair", "districts", "tier", "number", "signed_on", "ends_on", "status"]

    def render_districts(self, record):
        return f"{record.supporting_district} – {record.supported_district}"

    def value_districts(self, record):
        return self.render_districts(record)
