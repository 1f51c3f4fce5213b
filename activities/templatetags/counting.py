"""Printed rules of counting, wherever lượt and người stand on a page."""

from django import template

from activities.counting import TURNS_RULE, UNCONFIRMED_RULE

register = template.Library()


@register.inclusion_tag("activities/counting_rules.html")
def counting_rules(whose=""):
    """The rules, folded; `whose` lượt and people they are."""
    return {"turns_rule": TURNS_RULE, "unconfirmed_rule": UNCONFIRMED_RULE, "whose": whose}
