"""Tables of the lists of reports and of awards."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from reports.models import Award, Report
from twinning.exports import as_it_is
from twinning.tables import DayColumn, PortalTable, StatusColumn


class ReportTable(PortalTable):
    unit_name = tables.Column(linkify=True, verbose_name=_("Đơn vị"), orderable=False)
    level = tables.Column(empty_values=(), verbose_name=_("Cấp"), orderable=False)
    period = tables.Column(verbose_name=_("Kỳ báo cáo"), order_by="period__school_year")
    due_on = DayColumn(accessor="period__due_on", verbose_name=_("Hạn nộp"))
    issued_on = DayColumn(verbose_name=_("Ban hành"), default="")
    status = StatusColumn(verbose_name=_("Tình trạng"))

    class Meta(PortalTable.Meta):
        model = Report
        fields = ["unit_name", "level", "period", "due_on", "issued_on", "status"]

    def render_level(self, record):
        if record.school_id:
            return _("Trường")
        return _("Phòng") if record.district_id else _("Sở")

    def value_level(self, record):
        return str(self.render_level(record))


class AwardTable(PortalTable):
    recipient = tables.Column(accessor="recipient_line", verbose_name=_("Được khen"), orderable=False)
    unit = tables.Column(accessor="belongs_to", verbose_name=_("Đơn vị"), orderable=False, default="")
    kind = tables.Column(verbose_name=_("Đối tượng"))
    form = tables.Column(verbose_name=_("Hình thức"))
    achievement = tables.Column(verbose_name=_("Thành tích"), orderable=False, attrs={"td": {"class": "long-text"}})
    decision_number = tables.Column(verbose_name=_("Quyết định số"))
    decided_on = DayColumn(verbose_name=_("Ngày"))
    issuer = tables.Column(verbose_name=_("Cấp khen"))

    class Meta(PortalTable.Meta):
        model = Award
        fields = ["recipient", "unit", "kind", "form", "achievement", "decision_number", "decided_on", "issuer"]

    def render_recipient(self, record, value):
        if not record.is_invented:
            return value
        return format_html('{} <span class="badge bg-secondary-lt">{}</span>', value, _("minh hoạ"))

    value_recipient = as_it_is
