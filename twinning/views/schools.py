"""Pages of schools: list, one, entering and correcting, and what befalls them by decision."""

import tempfile

import xlsxwriter
from django.core.paginator import Paginator
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access, invitations
from twinning.exports import XLSX, attachment
from twinning.filters.schools import SchoolFilter
from twinning.forms.school import SchoolChangeForm, SchoolForm
from twinning.models import Agreement, Programme, School, SchoolChange
from twinning.models.figures import figure_years
from twinning.pages import ActionPage, CreatePage, DetailPage, EditPage, ListPage
from twinning.rows import page_of
from twinning.search import best_first, matching
from twinning.suggestions import MOST, WEIGHTS, Part, Search, usual_part
from twinning.tables import SchoolTable
from twinning.twins import today_in
from twinning.vietnamese import fold

MOST_OPTIONS = 20
MOST_SHOWN = 50
LINES_PER_PAGE = 100


class SchoolList(ListPage):
    model = School
    queryset = School.objects.for_list()
    filterset_class = SchoolFilter
    table_class = SchoolTable
    title = _("Trường")
    intro = _("Trường mầm non, phổ thông và trung tâm thuộc Sở.")

    def get_table_kwargs(self):
        return {**super().get_table_kwargs(), **self.filterset.for_table()}

    def create_link(self):
        if access.keeps_schools(self.request.user):
            return reverse("school_create"), _("Thêm trường")
        return None


class SchoolDetail(DetailPage):
    model = School
    queryset = School.objects.select_related("district").with_past()
    template_name = "twinning/school_detail.html"

    def get_context_data(self, **kwargs):
        school, user = self.object, self.request.user
        agreements = Agreement.objects.visible_to(user).for_list()
        own = agreements.filter(supporting_school=school) | agreements.filter(supported_school=school)
        may_edit = (
            school.is_open_to_edit()
            and access.keeps_schools(user)
            and School.objects.editable_by(user).filter(pk=school.pk).exists()
        )
        may_change = school.is_open_to_edit() and access.reorganises_schools(user, school.department_id)
        return super().get_context_data(
            agreements=own[:MOST_SHOWN],
            former_names=school.former_names.all(),
            managements=school.managements.all(),
            merged_from=school.merged_from.select_related("district").order_by(
                "pk"
            ),  # by name SQLite reads all schools
            changes=SchoolChange.objects.done().filter(schools=school).for_list(),
            reads_changes=SchoolChange.objects.visible_to(user).exists(),
            edit_url=reverse("school_edit", args=[school.pk]) if may_edit else None,
            suggestions_url=reverse("school_suggestions", args=[school.pk]) if self._lacks_twin() else None,
            change_url=reverse("school_change", args=[school.pk]) if may_change else None,
            years=self._years(),
            people=invitations.people_of_unit(user, school=school),
            series=school.indicator_values.visible_to(user).series(),
            **kwargs,
        )

    def _lacks_twin(self):
        """Whether the person may look for a twin, and the school has none."""
        school, programme = self.object, Programme.objects.current_for(self.request.user)
        if programme is None or not school.is_operating or not access.seeks_twins(self.request.user, school):
            return False
        part = School.objects.filter(pk=school.pk).taking_part(programme, timezone.localdate())
        twins = Agreement.objects.filter(programme=programme).twins_on(today_in(programme))
        return part.exclude(twins.twinned_schools()).exists()

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


class SchoolSuggestions(DetailPage):
    """`/truong/<id>/goi-y/`: schools it could be twinned with, and why; who registers a pair decides."""

    model = School
    queryset = School.objects.select_related("district").with_past()
    template_name = "twinning/school_suggestions.html"

    def get_object(self, queryset=None):
        school = super().get_object(queryset)
        if not school.is_operating or not access.seeks_twins(self.request.user, school):
            raise Http404
        return school

    def get_context_data(self, **kwargs):
        school, user = self.object, self.request.user
        programme = Programme.objects.filter(department=school.department_id).current_for(user)
        if programme is None:
            raise Http404
        asked = self.request.GET.get("vai")
        search = Search(school, programme, Part(asked) if asked in Part.values else usual_part(school, programme))
        takes_part = not programme.school_levels or school.level in programme.school_levels
        return super().get_context_data(
            search=search,
            takes_part=takes_part,
            suggestions=search.suggestions if takes_part else [],
            parts=Part,
            weights=WEIGHTS.items(),
            most=MOST,
            may_register=Agreement.Tier.SCHOOL in Agreement.tiers_open_to(user, programme),
            **kwargs,
        )


class SchoolCreate(CreatePage):
    model = School
    form_class = SchoolForm
    template_name = "twinning/school_form.html"
    may_create = access.keeps_schools


class SchoolEdit(EditPage):
    model = School
    form_class = SchoolForm
    template_name = "twinning/school_form.html"

    def get_queryset(self):
        return super().get_queryset() if access.keeps_schools(self.request.user) else School.objects.none()


def school_options(request):
    """The schools that match what was typed, for pickers: {"results": [{"value": id, "text": name (district)}]}."""
    return options(request, School.objects.visible_to(request.user))


def own_school_options(request):
    """The same, of the schools the person may change."""
    return options(request, School.objects.editable_by(request.user))


def options(request, schools):
    typed = request.GET.get("q", "")
    found = best_first(matching(schools.operating(), typed), typed)
    schools = page_of(found.for_list(), slice(MOST_OPTIONS))
    results = [{"value": school.pk, "text": school.full_name} for school in schools]
    return JsonResponse({"results": results})


# --- What befalls a school ------------------------------------------------------------------------------------------


class SchoolChangeCreate(CreatePage):
    """`/truong/<id>/thay-doi/`: choose the act; what it would do is shown next, nothing is changed yet."""

    model = SchoolChange
    form_class = SchoolChangeForm
    template_name = "twinning/school_change_form.html"
    may_create = access.keeps_schools

    def dispatch(self, request, *args, **kwargs):
        schools = School.objects.visible_to(request.user).select_related("district")
        self.school = get_object_or_404(schools, pk=kwargs["pk"])
        if not access.reorganises_schools(request.user, self.school.department_id):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "school": self.school}

    def get_context_data(self, **kwargs):
        return super().get_context_data(school=self.school, **kwargs)

    def save(self, form):
        super().save(form)
        change = self.object
        change.schools.set({*change.ending, *filter(None, [change.into])})
        change.preview = change.rehearse(self.request.user)
        change.save()

    def saved_message(self):
        return _t("Đây là bản xem trước. Chưa có gì thay đổi.")


class SchoolChangeDetail(DetailPage):
    """What the act will do, or every row it changed."""

    model = SchoolChange
    queryset = SchoolChange.objects.select_related("school__district")
    template_name = "twinning/school_change_detail.html"

    def get_context_data(self, **kwargs):
        change = self.object
        lines = Paginator(change.written.lines(), LINES_PER_PAGE).get_page(self.request.GET.get("trang"))
        return super().get_context_data(
            events=change.events.select_related("by"),
            schools=change.schools.select_related("district"),
            lines=lines,
            may_change=access.changes_school(self.request.user, change),
            **kwargs,
        )


class SchoolChangeAction(ActionPage):
    model = SchoolChange
    queryset = SchoolChange.objects.select_related("school__district")


class SchoolChangeRows(DetailPage):
    """Every changed row as a workbook; all text, never a formula."""

    model = SchoolChange
    queryset = SchoolChange.objects.select_related("school")

    def render_to_response(self, context):
        heads = {
            "what": _t("Loại dữ liệu"),
            "row": _t("Dòng"),
            "field": _t("Mục"),
            "old": _t("Trước"),
            "new": _t("Sau"),
        }
        file = tempfile.TemporaryFile()  # noqa: SIM115 FileResponse closes it
        book = xlsxwriter.Workbook(file, {"constant_memory": True})
        sheet = book.add_worksheet(_t("Các dòng đã thay đổi"))
        sheet.write_string(0, 0, str(self.object), book.add_format({"bold": True, "font_size": 14}))
        sheet.set_column(0, len(heads) - 1, 32)
        sheet.freeze_panes(3, 0)
        head = book.add_format({"bold": True, "bg_color": "#EEF4FA", "bottom": 1})
        for column, text in enumerate(heads.values()):
            sheet.write_string(2, column, text, head)
        for number, line in enumerate(self.object.written.lines(), start=3):
            for column, key in enumerate(heads):
                sheet.write_string(number, column, line[key])
        book.close()
        file.seek(0)
        return attachment(file, f"{fold(str(self.object)).replace(' ', '-')[:80]}.xlsx", XLSX)
