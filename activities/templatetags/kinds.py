"""The kinds of activity of a programme, on its page: that page is of an app that knows no activities."""

from django import template

register = template.Library()


@register.inclusion_tag("activities/kinds_card.html")
def kinds_card(programme, may_keep):
    """Those in use, in their order, with the way to the page that changes them."""
    return {"kinds": programme.activity_kinds.filter(is_active=True), "may_keep": may_keep}
