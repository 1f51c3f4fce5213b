"""Pages of school-year figures: the list with its sums, the schools that reported nothing, the form of a school."""

from django.contrib import messages
from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access, school_year
from twinning.changes import changes
from twinning.filters.figures import FiguresFilter, MissingFiguresFilter
from twinning.forms.figures import FiguresForm
from twinning.models import Programme, School, SchoolYearFigures
from twinning.models.figures import figure_years
from twinning.pages import ListPage, SmallFormPage
from twinning.tables import FiguresTable, MissingFiguresTable
from twinning.vietnamese import number


class FiguresList(ListPage):
    """With "chưa nhập" the rows are schools instead of figures."""

    title = _("Số liệu năm học")
    intro = _(
        "Số lớp, học sinh, cán bộ quản lý, giáo viên, nhân viên của từng trường. “–” là chưa báo cáo, khác với 0."
    )
    export_name = "so-lieu-nam-hoc"

    @property
    def is_of_missing(self):
        return self.request.GET.get("tinh_trang") == "chua"

    @property
    def empty_text(self):
        if self.is_of_missing:
            return _("Không còn trường nào chưa nhập trong phạm vi đang lọc.")
        return _("Chưa có số liệu nào khớp. Chọn tình trạng “trường chưa nhập” để thấy trường nào cần nhập.")

    def get_queryset(self):
        rows = School.objects.for_list() if self.is_of_missing else SchoolYearFigures.objects.for_list()
        return rows.visible_to(self.request.user)

    def get_filterset_class(self):
        return MissingFiguresFilter if self.is_of_missing else FiguresFilter

    def get_table_class(self):
        return MissingFiguresTable if self.is_of_missing else FiguresTable

    def get_table_kwargs(self):
        more = {"year": self.filterset.year} if self.is_of_missing else {}
        if not access.is_recorder(self.request.user):
            more["exclude"] = ["edit", "enter"]  # who only reads has nothing to press
        return {**super().get_table_kwargs(), "units": self.filterset.units, **more}


class FiguresEdit(SmallFormPage):
    """All levels of one school in one school year. Two people who save at once come one after the other: the school's
    row is locked, and the form compares what is stored with what the page showed."""

    model = School
    queryset = School.objects.for_list()
    form_class = FiguresForm
    template_name = "twinning/figures_form.html"

    def may(self, user):
        years = figure_years(Programme.objects.current_for(user))
        year = self.kwargs["year"]
        return access.records_figures(user, self.object) and year in years and self.object.is_open_in(year)

    def post(self, request, *args, **kwargs):
        with transaction.atomic():
            School.objects.select_for_update(no_key=True).get(pk=self.object.pk)
            return super().post(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "school": self.object, "year": self.kwargs["year"]}

    def save(self, form):
        self.done = _t("Đã lưu số liệu năm học %s.") % school_year.label(self.kwargs["year"])
        if doubts := form.save():
            messages.warning(self.request, _t("Số đã lưu, nhưng hãy kiểm tra lại: %s.") % "; ".join(doubts))

    def get_context_data(self, **kwargs):
        year = self.kwargs["year"]
        history = SchoolYearFigures.history.filter(school=self.object, school_year=year)
        return super().get_context_data(
            year=school_year.label(year),
            last_year=school_year.label(year - 1),
            events=changes(
                history, dict.fromkeys(SchoolYearFigures.COUNTS, number), lambda row: row.get_level_display()
            ),
            **kwargs,
        )
