"""What who reviews a nomination should know: the same form given before, more put forward than the unit may."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t

from reports.models import Nomination
from reports.models.award import Award
from twinning.vietnamese import same_key


def awarded_before(nominations):
    """{nomination id: an award of the same form that the same recipient already has for the same time}; two queries
    however many there are. People are the same when unit and name are. An award that came by a round is for the time of
    that round: what was given for a year is not given for the whole phase. Of others the day decides, for rounds of a
    school year."""
    if not nominations:
        return {}
    units = Q(school__in={n.school_id for n in nominations} - {None})
    units |= Q(school=None, district__in={n.district_id for n in nominations if n.school_id is None})
    given = {}
    for award in Award.objects.standing().filter(units).select_related("nomination__round").order_by("decided_on"):
        given.setdefault(_same(award, award.form), []).append(award)
    found = {}
    for nomination in nominations:
        for award in given.get(_same(nomination, nomination.offer.form), ()):
            if award.nomination_id != nomination.pk and _is_for(award, nomination.round):
                found[nomination.pk] = award
    return found


def _is_for(award, award_round):
    if award.programme_id != award_round.programme_id:
        return False
    if award.nomination_id:
        return award.nomination.round.school_year == award_round.school_year
    first, last = award_round.time
    return award_round.school_year is not None and first <= award.decided_on <= last


def _same(thing, form):
    unit = ("school", thing.school_id) if thing.school_id else ("district", thing.district_id)
    return form, unit, same_key(thing.full_name) if thing.full_name else ""


def remarks_of(nominations):
    """{nomination id: [sentences]}: what who reviews should know; a fixed number of queries."""
    before = awarded_before(nominations)
    forward = Nomination.objects.filter(
        offer__in={n.offer_id for n in nominations}, status__in=Nomination.FORWARD, is_by_department=False
    ).order_by()
    counts = {
        tuple(key): n for *key, n in forward.values_list("offer", "kind", "district").annotate(n=models.Count("pk"))
    }
    remarks = {}
    for nomination in nominations:
        said = remarks[nomination.pk] = []
        if award := before.get(nomination.pk):
            text = _t("Đã được khen cùng hình thức trong %(time)s: quyết định %(number)s.")
            said.append(text % {"time": nomination.round.time_label, "number": award.decision_number})
        most = nomination.offer.per_district(nomination.kind)
        n = counts.get((nomination.offer_id, nomination.kind, nomination.district_id), 0)
        if most is not None and n > most:
            said.append(nomination._beyond(n, most))
    return remarks
