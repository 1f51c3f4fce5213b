"""Awards on pages of an app that knows none: those of schools and offices; a template may use the tags of any app."""

from django import template
from django.urls import reverse

from reports.models import Award
from twinning.models import School

register = template.Library()
MOST_SHOWN = 5


@register.inclusion_tag("reports/awards/unit_card.html", takes_context=True)
def awards_card(context, unit):
    """The awards of a school and its people, or of an office and its people, the newest first; nothing without any."""
    is_school = isinstance(unit, School)
    awards = Award.objects.visible_to(context["request"].user).for_list()
    own = awards.of_school(unit) if is_school else awards.of_office(unit)
    query = f"{'truong' if is_school else 'don_vi'}={unit.pk}&phong_trao=tat-ca"
    shown = list(own[: MOST_SHOWN + 1])
    return {
        "awards": shown[:MOST_SHOWN],
        "has_more": len(shown) > MOST_SHOWN,
        "list_url": f"{reverse('award_list')}?{query}",
    }
