"""The page of whom the numbers speak for in a round of awards."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from reports.awards import evidence as award_evidence
from reports.models import Award
from reports.views.award_rounds import round_of
from twinning import access
from twinning.models import District, School

MOST_SHOWN = 30


@require_safe
def candidates(request, pk):
    """`/khen-thuong/dot/<id>/goi-y/`: who the numbers speak for; the offices see their own schools and people."""
    user = request.user
    award_round = round_of(request, pk)
    if not (access.compares_schools(user) and access.is_signer(user)):
        raise Http404
    subject = request.GET.get("nhom")
    subject = subject if subject in award_evidence.SUBJECTS else award_evidence.SCHOOLS
    seat = access.seat(user)
    districts = District.objects.visible_to(user).in_force_first()
    asked = request.GET.get("don_vi", "")
    chosen = next((d for d in districts if str(d.pk) == asked), None)
    level = request.GET.get("cap", "")
    level = level if level in School.Level.values else ""
    own = seat.district if seat.district_id else chosen
    found = award_evidence.candidates(award_round, subject, own, level)
    shown = found[:MOST_SHOWN]
    _mark(award_round, subject, shown)
    context = {
        "object": award_round,
        "subject": subject,
        "subjects": award_evidence.SUBJECTS.items(),
        "criteria": [
            (award_evidence.EVIDENCE[subject][key], points, full)
            for key, (points, full) in award_evidence.criteria_of(award_round, subject).items()
            if points
        ],
        "shown": shown,
        "count": len(found),
        "districts": None if seat.district_id else districts,
        "chosen": chosen,
        "levels": School.Level if subject == award_evidence.SCHOOLS else None,
        "level": level,
        "nominates": subject != award_evidence.PEOPLE
        and award_round.is_taking
        and access.nominates_others(user, award_round),
        "keeps": access.keeps_awards(user, award_round) and award_round.is_open_to_edit(),
    }
    return render(request, "reports/awards/candidates.html", context)


def _mark(award_round, subject, shown):
    """Say of those shown who is nominated in this round and who was awarded in its time already."""
    first, last = award_round.time
    if subject == award_evidence.PEOPLE:
        return
    name = "school" if subject == award_evidence.SCHOOLS else "district"
    own = {f"{name}__in": [c.unit.pk for c in shown], "kind": Award.Kind.COLLECTIVE}
    own |= {} if name == "school" else {"school": None}
    nominated = dict(award_round.nominations.alive().filter(**own).values_list(name, "pk"))
    awards = Award.objects.standing().filter(**own, decided_on__range=(first, last)).order_by()
    awarded = dict(awards.values_list(name, "decision_number"))
    for candidate in shown:
        if candidate.unit.pk in nominated:
            candidate.marks.append(_t("đã có đề nghị"))
        if candidate.unit.pk in awarded:
            candidate.marks.append(_t("đã khen: %s") % awarded[candidate.unit.pk])
