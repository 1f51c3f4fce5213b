"""Filters of what the coverage page counts, as rows: who has a twin on a day."""

from datetime import date
from functools import cached_property

import django_filters as filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.filters.programmes import ProgrammesFilter
from twinning.filters.units import UnitsFilter
from twinning.models import Agreement
from twinning.twins import days_of, short_day, today_in


class DayFilter(filters.ChoiceFilter):
    """Days the coverage of the programme the person works with can be told of; the newest unless one is chosen."""

    def __init__(self, **kwargs):
        super().__init__(label=_("Tính đến ngày"), choices=[], **kwargs)

    @property
    def field(self):
        programme = self.parent.programme
        newest, *others = days_of(programme) if programme else [timezone.localdate()]
        self.extra["empty_label"] = short_day(newest)
        self.extra["choices"] = [(day.isoformat(), short_day(day)) for day in others]
        return super().field


class TwinsFilter(ProgrammesFilter, UnitsFilter):
    """What the coverage page counts, as rows: twins on a day. Its filters named in `seldom`, and the day, are out of
    sight until they are at work: one comes to them by a link."""

    ngay = DayFilter(method="skip")

    seldom = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        last = [*self.seldom, "ngay"]
        self.form.order_fields([*(name for name in self.form.fields if name not in last), *last])
        is_at_work = any(self.data.get(name) for name in self.seldom)
        for name in last:
            if not (is_at_work if name == "ngay" else self.data.get(name)):
                self.form.fields[name].widget = forms.HiddenInput()

    @cached_property
    def day(self):
        """The day twins are counted on; None without a programme."""
        chosen = self.form.cleaned_data.get("ngay")
        return date.fromisoformat(chosen) if chosen else self.programme and today_in(self.programme)

    @cached_property
    def programme(self):
        """The one whose twins are asked for; where lists show every programme, the one in use. None without any."""
        return self.programmes[0] if self.programmes else None

    def twins(self):
        return Agreement.objects.filter(programme=self.programme).twins_on(self.day)

    def asks(self, *names):
        """Whether one of these filters is at work."""
        return any(self.form.cleaned_data.get(name) for name in names)
