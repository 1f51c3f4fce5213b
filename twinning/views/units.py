"""Pages of districts, schools and the programme; the option lists pickers load."""

from django.db.models import Count
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from twinning.filters import DistrictFilter, SchoolFilter
from twinning.lens import Lens, Units
from twinning.models import Agreement, District, Programme, School
from twinning.pages import DetailPage, ListPage
from twinning.tables import DistrictTable, SchoolTable
from twinning.vietnamese import search_terms

MOST_OPTIONS = 20
MOST_SHOWN = 50


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
        # A unit that ended has no school today; what it managed is shown instead.
        lens = Lens.THEN if district.has_ended else Lens.NOW
        agreements = Agreement.objects.visible_to(self.request.user).for_list()
        levels = dict(School.Level.choices)
        schools = Units(lens).schools(district.pk)
        counts = schools.order_by("level").values_list("level").annotate(n=Count("pk"))
        return super().get_context_data(
            levels=[(levels[level], level, n) for level, n in counts],
            school_count=sum(n for _level, n in counts),
            lens_query=mark_safe("&amp;theo=" + lens) if lens == Lens.THEN else "",
            agreements=(
                agreements.filter(tier=Agreement.Tier.DISTRICT, supporting_district=district)
                | agreements.filter(tier=Agreement.Tier.DISTRICT, supported_district=district)
            ),
            **kwargs,
        )


class SchoolList(ListPage):
    model = School
    queryset = School.objects.for_list()
    filterset_class = SchoolFilter
    table_class = SchoolTable
    title = _("Trường")
    intro = _("Trường mầm non, phổ thông và trung tâm thuộc Sở.")
    export_name = "truong"

    def get_table_kwargs(self):
        return {**super().get_table_kwargs(), "units": self.filterset.units}


class SchoolDetail(DetailPage):
    model = School
    queryset = School.objects.select_related("district", "merged_into")
    template_name = "twinning/school_detail.html"

    def get_context_data(self, **kwargs):
        agreements = Agreement.objects.visible_to(self.request.user).for_list()
        own = agreements.filter(supporting_school=self.object) | agreements.filter(supported_school=self.object)
        return super().get_context_data(agreements=own[:MOST_SHOWN], **kwargs)


def school_options(request):
    """The schools that match what was typed, for pickers: {"results": [{"value": id, "text": name (district)}]}."""
    schools = School.objects.visible_to(request.user).for_list()
    for term in search_terms(request.GET.get("q", "")):
        schools = schools.filter(search_key__contains=term)
    results = [{"value": school.pk, "text": school.full_name} for school in schools[:MOST_OPTIONS]]
    return JsonResponse({"results": results})


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
