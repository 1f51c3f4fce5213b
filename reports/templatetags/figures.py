"""What was done, in figures, for pages of schools, units and agreements, whose app knows no figures."""

from django import template

from reports.figures import of_agreement
from reports.scope import Scope
from twinning import access, school_year
from twinning.models import Programme, School

register = template.Library()
CARD = "reports/work_card.html"


@register.inclusion_tag(CARD, takes_context=True)
def unit_work(context, unit):
    """Activities, lượt and người of a school or a managing unit over the phase, for those it belongs to: the directory
    is open to all, what was done is not."""
    user = context["request"].user
    covers = access.covers_school if isinstance(unit, School) else access.covers_district
    programme = Programme.objects.current_for(user)
    if programme is None or not covers(user, unit):
        return {}
    return {"figures": Scope(programme, unit).work(), "when": programme.phase, "is_own": True}


@register.inclusion_tag(CARD, takes_context=True)
def agreement_work(context, agreement):
    """The same of what was done under an agreement, by both sides, for the sides and the Department."""
    user = context["request"].user
    if not (agreement.signed_on and (access.is_of_department(user) or access.sides_of(user, agreement))):
        return {}
    years = agreement.school_years
    when = school_year.label(years[0])[:4] + "–" + school_year.label(years[-1])[5:] if years else ""
    return {"figures": of_agreement(agreement), "when": when, "is_own": False}
