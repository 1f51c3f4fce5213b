"""Pages of districts and the programme."""

from django.db.models import Count
from django.http import Http404
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from twinning import access, invitations
from twinning.filters.units import DistrictFilter
from twinning.lens import Lens, Units
from twinning.models import Agreement, District, PilotQuota, Programme, School
from twinning.pages import DetailPage, ListPage
from twinning.tables import DistrictTable


class DistrictList(ListPage):
    model = District
    queryset = District.objects.for_list()
    filterset_class = DistrictFilter
    table_class = DistrictTable
    title = _("Đơn vị")
    intro = _("Đơn vị quản lý trường thuộc Sở: Phòng GD&ĐT trước sắp xếp, UBND phường, xã từ khi sắp xếp.")
    template_name = "twinning/district_list.html"
    export_name = "don-vi"

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_reorganise=access.is_of_department(self.request.user), **kwargs)


class DistrictDetail(DetailPage):
    model = District
    queryset = District.objects.select_related("department")
    template_name = "twinning/district_detail.html"

    def get_context_data(self, **kwargs):
        district = self.object
        # A unit that ended has no school today; what it managed is shown instead.
        lens = Lens.THEN if district.has_ended else Lens.NOW
        agreements = Agreement.objects.visible_to(self.request.user).for_list()
        levels = dict(School.Level.choices)
        schools = Units(lens).schools(district.pk).operating() if lens == Lens.NOW else Units(lens).schools(district.pk)
        counts = schools.order_by("level").values_list("level").annotate(n=Count("pk"))
        return super().get_context_data(
            levels=[(levels[level], level, n) for level, n in counts],
            successions=district.successions.select_related("successor").order_by("successor__sort_key"),
            origins=district.origins.select_related("predecessor").order_by("predecessor__sort_key"),
            school_count=sum(n for _level, n in counts),
            lens_query=mark_safe("&amp;theo=" + lens) if lens == Lens.THEN else "",
            agreements=(
                agreements.filter(tier=Agreement.Tier.DISTRICT, supporting_district=district)
                | agreements.filter(tier=Agreement.Tier.DISTRICT, supported_district=district)
            ),
            people=invitations.people_of_unit(self.request.user, district=district),
            series=district.indicator_values.visible_to(self.request.user).series(),
            **kwargs,
        )


def programme_detail(request):
    """The programme the person works with: names, legal basis, period, contents; and the way to the others."""
    programme, *others = Programme.objects.chosen_first(request.user) or [None]
    if programme is None:
        raise Http404
    context = {
        "programme": programme,
        "others": others,
        "levels": [label for level, label in School.Level.choices if level in programme.school_levels],
        "legal_bases": programme.legal_bases.all(),
        "content_areas": programme.content_areas.all(),
        "quotas": PilotQuota.objects.of_programme(programme),
        "may_keep": access.keeps_programme(request.user, programme),
    }
    return render(request, "twinning/programme_detail.html", context)
