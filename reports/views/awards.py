"""The list of awards."""

from django.utils.translation import gettext_lazy as _

from reports.filters import AwardFilter
from reports.models import Award
from reports.tables import AwardTable
from twinning.pages import ListPage


class AwardList(ListPage):
    model = Award
    queryset = Award.objects.for_list()
    filterset_class = AwardFilter
    table_class = AwardTable
    title = _("Khen thưởng")
    intro = _("Tập thể, cá nhân được khen trong phong trào, theo quyết định khen thưởng.")
    empty_text = _("Chưa có quyết định khen thưởng nào khớp.")
