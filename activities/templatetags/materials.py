"""What a school shares, on its page: that page is of an app that knows no activities."""

from django import template

from activities.models import Material

register = template.Library()
MOST_SHOWN = 5


@register.inclusion_tag("activities/materials_card.html", takes_context=True)
def school_materials(context, school):
    """Its newest materials that the person may read, with the way to all of them; nothing when there are none."""
    found = Material.objects.visible_to(context["request"].user).shared().filter(school=school).for_list()
    return {"materials": list(found[:MOST_SHOWN]), "school": school}
