"""Pages of districts, schools and the programme; the option lists pickers load."""

from django.db.models import Count
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.filters import DistrictFilter, SchoolFilter
from twinning.lens import Lens, Units
from twinning.models import Agreement, District, Programme, School
from twinning.models.figures import figure_years
from twinning.pages import DetailPage, ListPage
from twinning.rows import page_of
from twinning.search import best_first, matching
from twinning.tables import DistrictTable, SchoolTable

MOST_OPTIONS = 20
MOST_SHOWN = 50


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
        schools = Units(lens).schools(district.pk)
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
            series=district.indicator_values.visible_to(self.request.user).series(),
            **kwargs,
        )


class SchoolList(ListPage):
    model = School
    queryset = School.objects.for_list()
    filterset_class = SchoolFilter
    table_class = SchoolTable
    title = _("Trường")
    intro = _("Trường mầm non, phổ thông và trung tâm thuộc Sở.")

    def get_table_kwargs(self):
        return {**super().get_table_kwargs(), "units": self.filterset.units}


class SchoolDetail(DetailPage):
    model = School
    queryset = School.objects.select_related("district", "merged_into")
    template_name = "twinning/school_detail.html"

    def get_context_data(self, **kwargs):
        agreements = Agreement.objects.visible_to(self.request.user).for_list()
        own = agreements.filter(supporting_school=self.object) | agreements.filter(supported_school=self.object)
        return super().get_context_data(
            agreements=own[:MOST_SHOWN],
            years=self._years(),
            series=self.object.indicator_values.visible_to(self.request.user).series(),
            **kwargs,
        )

    def _years(self):
        """[(school year, its figures by level, address to enter them or None)], newest first; years without figures
        only for those who may enter them."""
        school, user = self.object, self.request.user
        found = {}
        for figures in school.year_figures.visible_to(user):
            found.setdefault(figures.school_year, []).append(figures)
        may = access.records_figures(user, school)
        open_years = [
            year for year in figure_years(Programme.objects.current_for(user)) if may and school.is_open_in(year)
        ]
        return [
            (year, found.get(year, []), reverse("figures_edit", args=[school.pk, year]) if year in open_years else None)
            for year in sorted({*found, *open_years}, reverse=True)
        ]


def school_options(request):
    """The schools that match what was typed, for pickers: {"results": [{"value": id, "text": name (district)}]}."""
    return _options(request, School.objects.visible_to(request.user))


def own_school_options(request):
    """The same, of the schools the person may change."""
    return _options(request, School.objects.editable_by(request.user))


def _options(request, schools):
    typed = request.GET.get("q", "")
    found = best_first(matching(schools, typed), typed)
    schools = page_of(found.for_list(), slice(MOST_OPTIONS))
    results = [{"value": school.pk, "text": school.full_name} for school in schools]
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
