"""Tables of the lists of reports, periods, seasons of PDFs, outgoing papers, awards, their rounds and nominations."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from reports.models import Award, AwardRound, Batch, BatchItem, Nomination, OutgoingPaper, Report, ReportingPeriod
from reports.standing import LEVEL_NAMES
from twinning import vietnamese
from twinning.exports import as_it_is
from twinning.tables import DayColumn, NumberColumn, PortalTable, StatusColumn


class ReportTable(PortalTable):
    unit_name = tables.Column(linkify=True, verbose_name=_("Đơn vị"), orderable=False)
    level = tables.Column(empty_values=(), verbose_name=_("Cấp"), orderable=False)
    period = tables.Column(
        verbose_name=_("Kỳ báo cáo"), order_by="period__cut_off_on", linkify=lambda record: record.get_absolute_url()
    )
    due_on = DayColumn(verbose_name=_("Hạn nộp"), orderable=False)
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

    def render_due_on(self, record, value):
        day = vietnamese.day(value)
        if not record.is_overdue:
            return day
        return format_html('<span>{} <span class="badge bg-red-lt">{}</span></span>', day, _("quá hạn"))

    value_due_on = as_it_is


class PeriodTable(PortalTable):
    title = tables.Column(accessor="pk", linkify=True, verbose_name=_("Kỳ báo cáo"), orderable=False)
    cut_off_on = DayColumn(verbose_name=_("Chốt số liệu"))
    due_school_on = DayColumn(verbose_name=_("Hạn của trường"))
    due_district_on = DayColumn(verbose_name=_("Hạn của Phòng"))
    due_on = DayColumn(verbose_name=_("Hạn của Sở"))
    expected = NumberColumn(verbose_name=_("Phải nộp"))
    handed_in = NumberColumn(verbose_name=_("Đã nộp"))

    class Meta(PortalTable.Meta):
        model = ReportingPeriod
        fields = ["title", "cut_off_on", "due_school_on", "due_district_on", "due_on", "expected", "handed_in"]

    def render_title(self, record):
        return str(record)

    value_title = render_title


# Shown where there is room, told on the page of the thing, and always exported.
WHERE_ROOM = {"td": {"class": "where-room"}, "th": {"class": "where-room"}}


class OutgoingPaperTable(PortalTable):
    """The columns of Phụ lục IV.I; what is written by hand on the printed register stays empty."""

    number_and_symbol = tables.Column(verbose_name=_("Số, ký hiệu"), order_by=("year", "number"))
    issued_on = DayColumn(verbose_name=_("Ngày tháng"))
    abstract = tables.Column(
        verbose_name=_("Tên loại và trích yếu nội dung"), attrs={"td": {"class": "long-text"}}, orderable=False
    )
    signer = tables.Column(verbose_name=_("Người ký"), orderable=False)
    recipients = tables.Column(verbose_name=_("Nơi nhận"), orderable=False)
    kept_by = tables.Column(verbose_name=_("Đơn vị, người nhận bản lưu"), orderable=False, attrs=WHERE_ROOM)
    copies = tables.Column(verbose_name=_("Số lượng bản"), orderable=False, attrs=WHERE_ROOM)
    sent_on = tables.Column(empty_values=(), verbose_name=_("Ngày chuyển"), orderable=False, attrs=WHERE_ROOM)
    receipt = tables.Column(empty_values=(), verbose_name=_("Ký nhận"), orderable=False, attrs=WHERE_ROOM)
    note = tables.Column(verbose_name=_("Ghi chú"), orderable=False)

    class Meta(PortalTable.Meta):
        model = OutgoingPaper
        fields = [
            "number_and_symbol",
            "issued_on",
            "abstract",
            "signer",
            "recipients",
            "kept_by",
            "copies",
            "sent_on",
            "receipt",
            "note",
        ]

    def render_number_and_symbol(self, record, value):
        if record.report_id is None:
            return value
        return format_html('<a href="{}">{}</a>', reverse("report_detail", args=[record.report_id]), value)

    def render_abstract(self, record):
        return self.value_abstract(record)

    def value_abstract(self, record):
        return f"{record.type_name} {record.abstract}"

    def render_recipients(self, value):
        return "; ".join(value.split("\n"))

    value_recipients = render_recipients
    value_number_and_symbol = as_it_is

    def render_sent_on(self):
        return ""

    render_receipt = value_sent_on = value_receipt = render_sent_on


class AwardTable(PortalTable):
    recipient = tables.Column(accessor="recipient_line", linkify=True, verbose_name=_("Được khen"), orderable=False)
    unit = tables.Column(accessor="belongs_to", verbose_name=_("Đơn vị"), orderable=False, default="")
    kind = tables.Column(verbose_name=_("Đối tượng"))
    form = tables.Column(verbose_name=_("Hình thức"))
    achievement = tables.Column(verbose_name=_("Thành tích"), orderable=False, attrs={"td": {"class": "long-text"}})
    decision_number = tables.Column(verbose_name=_("Quyết định số"))
    decided_on = DayColumn(verbose_name=_("Ngày"))
    issuer = tables.Column(verbose_name=_("Cấp khen"), attrs=WHERE_ROOM)
    book_number = NumberColumn(verbose_name=_("Số sổ"))
    status = StatusColumn(verbose_name=_("Tình trạng"), attrs=WHERE_ROOM)

    class Meta(PortalTable.Meta):
        model = Award
        fields = [
            "recipient",
            "unit",
            "kind",
            "form",
            "achievement",
            "decision_number",
            "decided_on",
            "issuer",
            "book_number",
            "status",
        ]

    def render_recipient(self, record, value):
        badges = [_("đã huỷ bỏ")] * record.is_revoked + [_("minh hoạ")] * record.is_invented
        marks = format_html_join("", ' <span class="badge bg-secondary-lt">{}</span>', ([badge] for badge in badges))
        return format_html("{}{}", value, marks)

    value_recipient = as_it_is


class AwardRoundTable(PortalTable):
    name = tables.Column(linkify=True, verbose_name=_("Đợt"))
    time_label = tables.Column(verbose_name=_("Thời gian xét"), order_by="school_year")
    opens_on = DayColumn(verbose_name=_("Từ ngày"))
    due_on = DayColumn(verbose_name=_("Hạn nộp"))
    status = StatusColumn(verbose_name=_("Tình trạng"))

    class Meta(PortalTable.Meta):
        model = AwardRound
        fields = ["name", "time_label", "opens_on", "due_on", "status"]


class NominationTable(PortalTable):
    recipient = tables.Column(accessor="recipient_line", linkify=True, verbose_name=_("Đề nghị khen"), orderable=False)
    unit = tables.Column(accessor="belongs_to", verbose_name=_("Đơn vị"), orderable=False, default="")
    offer = tables.Column(verbose_name=_("Hình thức"))
    citation = tables.Column(verbose_name=_("Thành tích"), orderable=False, attrs={"td": {"class": "long-text"}})
    rank = NumberColumn(verbose_name=_("Thứ tự"))
    votes = tables.Column(accessor="votes_label", verbose_name=_("Hội đồng"), orderable=False, default="")
    round = tables.Column(verbose_name=_("Đợt"), attrs=WHERE_ROOM)
    status = StatusColumn(verbose_name=_("Tình trạng"))

    class Meta(PortalTable.Meta):
        model = Nomination
        fields = ["recipient", "unit", "offer", "citation", "rank", "votes", "round", "status"]


class BatchTable(PortalTable):
    period = tables.Column(linkify=lambda record: record.get_absolute_url(), verbose_name=_("Kỳ báo cáo"))
    level_names = tables.Column(verbose_name=_("Cấp"), orderable=False)
    district = tables.Column(accessor="district__office", verbose_name=_("Của"), orderable=False, default=_("toàn Sở"))
    began_at = tables.DateTimeColumn(format="H:i j/n/Y", verbose_name=_("Bắt đầu lúc"))
    requested_by = tables.Column(verbose_name=_("Người yêu cầu"), orderable=False)
    expected = NumberColumn(verbose_name=_("Phải tạo"))
    made = NumberColumn(verbose_name=_("Đã xong"))
    broken = NumberColumn(verbose_name=_("Lỗi"))
    status = StatusColumn(verbose_name=_("Tình trạng"))

    class Meta(PortalTable.Meta):
        model = Batch
        fields = [
            "period",
            "level_names",
            "district",
            "began_at",
            "requested_by",
            "expected",
            "made",
            "broken",
            "status",
        ]


class BatchItemTable(PortalTable):
    """The manifest of a season of PDFs."""

    unit = tables.Column(
        accessor="report__unit_name",
        linkify=lambda record: record.report.get_absolute_url(),
        verbose_name=_("Đơn vị"),
        orderable=False,
    )
    level = tables.Column(verbose_name=_("Cấp"))
    district = tables.Column(accessor="district__office", verbose_name=_("Đơn vị quản lý"), orderable=False, default="")
    state = tables.Column(accessor="outcome", verbose_name=_("Kết quả"), orderable=False)
    reason = tables.Column(verbose_name=_("Lý do"), orderable=False, default="")
    attempts = NumberColumn(verbose_name=_("Số lần thử"))
    finished_at = tables.DateTimeColumn(format="H:i:s j/n/Y", verbose_name=_("Xong lúc"), default="")
    version = NumberColumn(accessor="file__version", verbose_name=_("Bản"), orderable=False, default="")
    pages = NumberColumn(accessor="file__pages", verbose_name=_("Số trang"), orderable=False, default="")

    class Meta(PortalTable.Meta):
        model = BatchItem
        fields = ["unit", "level", "district", "state", "reason", "attempts", "finished_at", "version", "pages"]

    def render_level(self, value):
        return LEVEL_NAMES[value]

    def value_level(self, value):
        return str(LEVEL_NAMES[value])
