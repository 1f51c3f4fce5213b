"""Tables of the lists of activities and of help."""

from functools import cached_property

import django_tables2 as tables
from django.db.models import Sum
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from activities import counting
from activities.models import Activity, ActivitySchool, Material, SponsoredPupil, Support
from activities.progress import progress_of
from twinning import vietnamese
from twinning.exports import as_it_is
from twinning.tables import ONE_LINE, AgreementTable, DayColumn, NumberColumn, PortalTable, StatusColumn


class UnconfirmedColumn(NumberColumn):
    """Of the lượt of teachers those whose own unit has not confirmed them."""

    def __init__(self, **kwargs):
        super().__init__(accessor="pk", orderable=False, **kwargs)

    def render(self, value, table):
        found = table.unconfirmed.get(value)
        return vietnamese.number(found) if found else ""

    def value(self, value, table):
        return table.unconfirmed.get(value, 0)


class ActivityTable(PortalTable):
    title = tables.Column(linkify=True, verbose_name=_("Hoạt động"))
    kind = tables.Column(verbose_name=_("Loại"), order_by="kind__position")
    on = DayColumn(verbose_name=_("Ngày"))
    pair = tables.Column(accessor="agreement__pair", verbose_name=_("Cặp đơn vị"), orderable=False, default="")
    manager_turns = NumberColumn(verbose_name=_("Lượt CBQL"))
    teacher_turns = NumberColumn(verbose_name=_("Lượt GV"))
    unconfirmed = UnconfirmedColumn(verbose_name=_("Lượt GV chưa xác nhận"))
    people = NumberColumn(verbose_name=_("GV có tên (người)"))
    pupil_turns = NumberColumn(verbose_name=_("Lượt HS"))
    status = StatusColumn(verbose_name=_("Tình trạng"))

    class Meta(PortalTable.Meta):
        attrs = {"class": f"{PortalTable.Meta.attrs['class']} many"}
        model = Activity
        fields = [
            "title",
            "kind",
            "on",
            "pair",
            "manager_turns",
            "teacher_turns",
            "unconfirmed",
            "people",
            "pupil_turns",
            "status",
        ]

    def __init__(self, *args, own_rows=None, **kwargs):
        """`own_rows`: the rows (ActivitySchool) of the unit the list is asked for, or None."""
        self.own_rows = own_rows
        super().__init__(*args, **kwargs)

    def prepare(self, rows):
        waiting = ActivitySchool.objects.unconfirmed().filter(activity__in=[row.pk for row in rows]).order_by()
        self.unconfirmed = dict(waiting.values_list("activity").annotate(n=Sum("teacher_turns")))

    @cached_property
    def counts(self):
        """counting.Counts of all rows of the list; of lists of one unit lượt and people are those of its own."""
        listed = Activity.objects.filter(pk__in=self.data.data.order_by().values("pk")).order_by()
        own = None if self.own_rows is None else self.own_rows.counted().filter(activity__in=listed.values("pk"))
        return counting.count(listed, own)

    @property
    def whose(self):
        return _("người của đơn vị đang lọc") if self.own_rows is not None else _("người của mọi đơn vị tham gia")

    def note(self):
        if not self.counts.held:
            return ""
        return f"{self.counts.sentence} {_('Lượt và người')}: {self.whose}. {counting.TURNS_RULE}"


class SupportTable(PortalTable):
    title = tables.Column(linkify=True, verbose_name=_("Nội dung hỗ trợ"))
    giver = tables.Column(verbose_name=_("Bên trao"), orderable=False)
    receiver = tables.Column(verbose_name=_("Bên nhận"), orderable=False)
    kind = tables.Column(verbose_name=_("Hình thức"))
    value_vnd = NumberColumn(verbose_name=_("Giá trị (đồng)"))
    day = DayColumn(accessor="delivered_on", order_by="delivered_on", verbose_name=_("Ngày trao"), default="")
    status = StatusColumn(verbose_name=_("Tình trạng"))

    class Meta(PortalTable.Meta):
        model = Support
        fields = ["title", "giver", "receiver", "kind", "value_vnd", "day", "status"]

    value_value_vnd = as_it_is

    def render_value_vnd(self, value):
        return format_html('<span title="{} đồng">{}</span>', vietnamese.number(value), vietnamese.money(value))


class SponsoredPupilTable(PortalTable):
    code = tables.Column(linkify=True, verbose_name=_("Mã học sinh"))
    school = tables.Column(verbose_name=_("Trường"), orderable=False)
    grade = NumberColumn(verbose_name=_("Lớp"), default="")
    need = tables.Column(verbose_name=_("Hoàn cảnh"))
    since = DayColumn(verbose_name=_("Từ ngày"))
    until = DayColumn(verbose_name=_("Đến hết ngày"), default="")

    class Meta(PortalTable.Meta):
        model = SponsoredPupil
        fields = ["code", "school", "grade", "need", "since", "until"]


class ProgressColumn(tables.Column):
    """How far an agreement is with its targets: a bar with the numbers; exact numbers in exports."""

    def __init__(self, **kwargs):
        super().__init__(empty_values=(), orderable=False, **kwargs)

    def render(self, record, table):
        progress = table.progress[record.pk]
        return render_to_string("activities/progress_bar.html", {"progress": progress}) if progress else ""

    def value(self, record, table):
        return "; ".join(measure.exact for measure in table.progress[record.pk].totals) or None


class AgreementProgressTable(AgreementTable):
    """Compares over the chosen school year, or over all that have targets."""

    progress = ProgressColumn(verbose_name=_("Thực hiện chỉ tiêu"))

    class Meta(AgreementTable.Meta):
        pass

    def __init__(self, *args, year=None, **kwargs):
        self.year = year
        super().__init__(*args, **kwargs)

    def prepare(self, rows):
        super().prepare(rows)
        self.progress = progress_of(rows, self.year)


class MaterialTable(PortalTable):
    title = tables.Column(linkify=True, verbose_name=_("Tài liệu"))
    kind = tables.Column(verbose_name=_("Loại"))
    subject = tables.Column(verbose_name=_("Môn"), default="")
    level = tables.Column(verbose_name=_("Cấp học"), default="")
    owner = tables.Column(verbose_name=_("Đơn vị chia sẻ"), orderable=False)
    school_year_label = tables.Column(verbose_name=_("Năm học"), order_by="activity__school_year", attrs=ONE_LINE)
    thanks_count = NumberColumn(verbose_name=_("Cảm ơn"))

    class Meta(PortalTable.Meta):
        model = Material
        fields = ["title", "kind", "subject", "level", "owner", "school_year_label", "thanks_count"]
