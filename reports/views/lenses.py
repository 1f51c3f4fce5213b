"""The switch between lenses on pages of figures: what a seat may choose from, and what is chosen."""

from twinning.lens import Lens, has_ended_units


def offered_lenses(membership):
    """What a seat may choose from: today's units have no rows of the old map, schools are the same under every lens."""
    if membership.school_id:
        return [Lens.NOW]
    return [Lens.NOW, Lens.THEN] if membership.district_id else list(Lens)


def chosen_lens(request, membership):
    """The lens in the URL, else that of today's units."""
    text = request.GET.get("theo", "")
    return Lens(text) if text in offered_lenses(membership) else Lens.NOW


def lens_links(request, membership, chosen):
    """[(label, query, is chosen)] of the switch; none as long as no unit has ended, when all lenses show the same."""
    offered = offered_lenses(membership)
    if len(offered) == 1 or not has_ended_units(request.user):
        return []
    queries = {lens: request.GET.copy() for lens in offered}
    for lens, query in queries.items():
        query["theo"] = lens.value
    return [(lens.label, queries[lens].urlencode(), lens == chosen) for lens in offered]
