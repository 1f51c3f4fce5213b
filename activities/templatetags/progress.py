"""What was done beside what agreements set out to do, for pages of agreements: they belong to an app that knows no
activities, but a template may use the tags of any app."""

from django import template
from django.urls import reverse

from activities.progress import progress_of
from twinning import access, school_year
from twinning.models import Agreement

register = template.Library()


@register.simple_tag
def progress_map(agreements):
    """{agreement id: Progress} of those shown on a page, in the same few queries for one as for many."""
    return progress_of(agreements)


@register.filter
def of(progress, agreement):
    """The Progress of one agreement of a map."""
    return progress[agreement.pk]


@register.inclusion_tag("activities/progress_bar.html")
def progress_bar(progress):
    """How far an agreement is, in a cell of a list: a bar and the numbers."""
    return {"progress": progress}


@register.inclusion_tag("activities/progress_card.html", takes_context=True)
def progress_card(context, agreement):
    """Targets and what was done, school year by school year, on the page of an agreement."""
    user = context["request"].user
    may_edit = agreement.status in Agreement.Status.open() and bool(access.keeps_sides(user, agreement))
    progress = progress_of([agreement])[agreement.pk]
    lines = progress.by_year
    shown = agreement.school_years if may_edit else sorted(lines)
    urls = {year: reverse("agreement_targets", args=[agreement.pk, year]) if may_edit else "" for year in shown}
    return {
        "progress": progress,
        "years": [(school_year.label(year), lines.get(year, []), urls[year]) for year in reversed(shown)],
        # Who reads the agreement from further away does not see every row behind a number.
        "sees_rows": access.is_of_department(user) or bool(access.sides_of(user, agreement)),
    }
