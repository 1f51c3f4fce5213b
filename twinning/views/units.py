"""Pages of districts and the programme."""

from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from twinning.filters import DistrictFilter
from twinning.models import Agreement, District, Programme, School
from twinning.pages import DetailPage, ListPage
from twinning.tables import DistrictTable


class DistrictList(ListPage):
    model = District
    queryset = District.objects.for_list()
    filterset_class = DistrictFilter
    table_class = DistrictTable
    title = _("Đơn vị")
    intro = _("Phòng GD&ĐT quận, huyện, thị xã thuộc Sở.")
    export_name = "don-vi"


class DistrictDetail(DetailPage):
    model = District
    queryset = District.objects.select_related("department")
    template_name = "twinning/district_detail.html"

    def get_context_data(self, **kwargs):
        district = self.object
        agreements = Agreement.objects.visible_to(self.request.user).for_list()
        levels = dict(School.Level.choices)
        counts = district.schools.operating().order_by("level").values_list("level").annotate(n=Count("pk"))
        return super().get_context_data(
            levels=[(levels[level], level, n) for level, n in counts],
            school_count=sum(n for _level, n in counts),
            agreements=(
                agreements.filter(tier=Agreement.Tier.DISTRICT, supporting_district=district)
                | agreements.filter(tier=Agreement.Tier.DISTRICT, supported_district=district)
            ),
            successions=district.successions.select_related("successor").order_by("on", "successor__sort_key"),
            origins=district.origins.select_related("predecessor").order_by("on", "predecessor__sort_key"),
            **kwargs,
        )


def programme_detail(request):
    """The programme the person works with: names, legal basis, period, contents."""
    programme = Programme.objects.current_for(request.user)
    get_object_or_404(Programme, pk=programme.pk if programme else 0)
    context = {
        "programme": programme,
        "legal_bases": programme.legal_bases.all(),
        "content_areas": programme.content_areas.all(),
    }
    return render(request, "twinning/programme_detail.html", context)
