"""Filters of rows that are of a programme, and of the school years it has."""

from operator import attrgetter

import django_filters as filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from twinning import school_year, working
from twinning.filters.base import PortalFilter
from twinning.models import Programme


class ProgrammesFilter(PortalFilter):
    """Rows of the programme in use, of another, or of every one; what waits for a person waits whichever it is of.
    There is nothing to choose for whoever has one programme. `programme_path` leads from a row to its programme (None:
    rows are of none, but are looked at through one)."""

    phong_trao = filters.ChoiceFilter(label=_("Phong trào"), method="of_programme", choices=[], empty_label=None)

    programme_path = "programme"

    def __init__(self, data=None, *args, request=None, **kwargs):
        self.offered = {str(programme.pk): programme for programme in Programme.objects.chosen_first(request.user)}
        data = data.copy() if data else QueryDict(mutable=True)
        chosen = data.get(working.QUERY)
        if chosen not in {working.EVERY, *self.offered}:
            chosen = working.EVERY if data.get("cho") else next(iter(self.offered), working.EVERY)
        # Rows are looked at through these: school years, what is in effect.
        self.programmes = [*self.offered.values()] if chosen == working.EVERY else [self.offered[chosen]]
        if len(self.offered) > 1:
            data[working.QUERY] = chosen
        super().__init__(data, *args, request=request, **kwargs)

    def get_form_class(self):
        newest_first = sorted(self.offered.values(), key=attrgetter("starts_on"), reverse=True)
        choices = [(programme.pk, programme.dated_name) for programme in newest_first]
        extra = self.filters[working.QUERY].extra
        extra["choices"] = [*choices, (working.EVERY, _("Mọi phong trào"))]
        if len(choices) < 2:  # nothing to choose, but links keep their meaning
            extra["widget"] = forms.HiddenInput
        return super().get_form_class()

    def of_programme(self, queryset, name, value):
        chosen = value != working.EVERY and self.programme_path
        return queryset.filter(**{self.programme_path: value}) if chosen else queryset

    def live(self, agreements):
        """Those in effect in the chosen school year (`nam`), else in the whole phase: the rule of the figures."""
        if not self.programmes:
            return agreements.none()
        year = self.form.cleaned_data.get("nam")
        first = min(programme.starts_on for programme in self.programmes)
        last = max(programme.ends_on for programme in self.programmes)
        first, last = school_year.bounds(int(year)) if year else (first, last)
        return agreements.filter(programme__in=self.programmes).live_during(first, last)


class YearFilter(filters.ChoiceFilter):
    """School years of the programme of the rows."""

    def __init__(self, **kwargs):
        kwargs = {"label": _("Năm học"), "empty_label": _("Cả giai đoạn"), "choices": [], **kwargs}
        super().__init__(**kwargs)

    @property
    def field(self):
        years = {year for programme in self.parent.programmes for year in programme.school_years}
        self.extra["choices"] = [(year, school_year.label(year)) for year in sorted(years)]
        return super().field
