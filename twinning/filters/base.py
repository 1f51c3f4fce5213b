"""What every filter of a list has: the search box, and choices of what the person may see."""

import django_filters as filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from twinning.search import matching


class PortalFilter(filters.FilterSet):
    """A search box that forgives missing marks (in `search_path`), and choices of what the person may see."""

    search_path = "search_key"

    q = filters.CharFilter(
        label=_("Tìm"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Gõ không dấu cũng được")}),
    )

    def search(self, queryset, name, value):
        return matching(queryset, value, self.search_path)


class AlwaysFilter(PortalFilter):
    """One whose empty choice filters, too: it is at work even where nothing was asked."""

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(QueryDict() if data is None else data, *args, **kwargs)


def visible(model):
    """For ModelChoiceFilter: the rows of `model` the person may see."""
    return lambda request: model.objects.visible_to(request.user)


def at_least(counts, wording):
    """Choices of numbers from which on a row is meant: "từ 6 tháng"."""
    return [(str(n), wording % n) for n in counts]
