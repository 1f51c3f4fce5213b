"""The yearly plan of an agreement: what was entered beforehand beside what was done, and a form for many lines."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views import View

from activities import planning
from activities.forms.plan import PlanLines, days_of
from activities.imports.plans import Plans
from twinning import access, school_year
from twinning.models import Agreement
from twinning.vietnamese import number


class AgreementPlan(View):
    """`/giao-uoc/<id>/ke-hoach/<year>/`; `?chep=1` fills the lines with those of the year before."""

    def dispatch(self, request, *args, **kwargs):
        visible = Agreement.objects.visible_to(request.user).for_list()
        self.agreement = get_object_or_404(visible, pk=kwargs["pk"])
        self.year = kwargs["year"]
        if self.year not in self.agreement.school_years:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def may_plan(self):
        return access.plans_activities(self.request.user, self.agreement)

    @property
    def may_import(self):
        return access.may_import(self.request.user, Plans) and access.imports_plan(self.request.user, self.agreement)

    def lines(self, data=None, initial=()):
        common = {"agreement": self.agreement, "year": self.year, "user": self.request.user}
        return PlanLines(data, prefix="ke-hoach", initial=list(initial), form_kwargs=common)

    def get(self, request, pk, year):
        copied = planning.last_years(self.agreement, year) if self.may_plan and "chep" in request.GET else []
        return self.show(self.lines(initial=copied), len(copied))

    def post(self, request, pk, year):
        if not self.may_plan:
            raise Http404
        lines = self.lines(request.POST)
        if not lines.is_valid():
            return self.show(lines, status=422)
        kept = [row.line for row in lines.kept]
        if not kept:
            messages.error(request, _t("Chưa có dòng nào để lưu. Hãy ghi tên hoạt động, loại và ngày dự kiến."))
            return self.show(lines, status=422)
        try:
            planning.enter(self.agreement, kept, request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.show(lines, status=422)
        messages.success(request, _t("Đã thêm %s hoạt động vào kế hoạch.") % number(len(kept)))
        return redirect("agreement_plan", pk, year)

    def show(self, lines, copied=0, status=200):
        activities = list(planning.of_year(self.agreement, self.year))
        years, days = self.agreement.school_years, days_of(self.agreement, self.year)
        context = {
            "object": self.agreement,
            "year": self.year,
            "year_label": school_year.label(self.year),
            "years": [(one, school_year.label(one)) for one in years],
            "activities": activities,
            "counts": planning.counts(activities),
            "lines": lines,
            "copied": copied,
            "may_plan": self.may_plan,
            "first": days[0],
            "last": days[1],
            "has_ended": self.agreement.status in (Agreement.Status.EXPIRED, Agreement.Status.ENDED),
            "import_url": reverse("import_upload", args=[Plans.slug]) if self.may_import else "",
            "has_last_year": self.may_plan and bool(planning.last_years(self.agreement, self.year)),
        }
        return render(self.request, "activities/plan.html", context, status=status)
