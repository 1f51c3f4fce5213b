"""Table of the list of reports."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from reports.models import Report
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
