"""The register of outgoing papers."""

from django.utils.translation import gettext_lazy as _

from reports.filters import OutgoingPaperFilter
from reports.models import OutgoingPaper
from reports.tables import OutgoingPaperTable
from twinning.pages import ListPage


class OutgoingPaperList(ListPage):
    model = OutgoingPaper
    queryset = OutgoingPaper.objects.for_list()
    filterset_class = OutgoingPaperFilter
    table_class = OutgoingPaperTable
    title = _("Sổ văn bản đi")
    intro = _("Văn bản đã ban hành qua cổng, theo mẫu sổ đăng ký văn bản đi (NĐ 30/2020/NĐ-CP, Phụ lục IV).")
    empty_text = _("Chưa có văn bản nào được ban hành qua cổng.")
