"""What an agreement sets out to do, school year by school year. What was done is counted in activities/progress.py."""

from django.contrib import messages
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t

from twinning import school_year
from twinning.forms.targets import TargetsForm
from twinning.views.sides import AroundAgreement


class TargetsEdit(AroundAgreement):
    """`/giao-uoc/<id>/chi-tieu/<year>/`; `?chep=1` fills the boxes with the targets of the school year before."""

    form_class = TargetsForm
    template_name = "twinning/agreement/targets_form.html"
    event = "targets"

    def may(self, user):
        if self.kwargs["year"] not in self.object.school_years:
            raise Http404
        return super().may(user)

    @property
    def heading(self):
        return _t("Chỉ tiêu năm học %s") % school_year.label(self.kwargs["year"])

    @property
    def done(self):
        return _t("Đã lưu chỉ tiêu năm học %s.") % school_year.label(self.kwargs["year"])

    @cached_property
    def before(self):
        """The school year before, when it has targets to copy."""
        year = self.kwargs["year"] - 1
        return year if self.object.targets.filter(school_year=year).exists() else None

    def get_form_kwargs(self):
        copied = self.request.method == "GET" and "chep" in self.request.GET and self.before is not None
        return {**super().get_form_kwargs(), "year": self.kwargs["year"], "copied": copied}

    def save(self, form):
        super().save(form)
        if form.doubt:
            messages.warning(self.request, _t("Chỉ tiêu đã lưu, nhưng hãy kiểm tra lại: %s") % form.doubt)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            year=self.kwargs["year"],
            years=self.object.school_years,
            before=self.before,
            is_copied="chep" in self.request.GET,
            **kwargs,
        )
