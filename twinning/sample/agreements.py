"""What the agreements of every province are made of: drafts between districts and between schools, their signing, the
pairs that are possible, and pilot schools. Which of them come about is told by the province."""

from datetime import timedelta

from twinning.models import Agreement, PilotQuota, PilotSchool, School
from twinning.sample.days import is_working_day
from twinning.sample.lives import PREPARATION, Deal
from twinning.sample.names import signatory
from twinning.symbols import initials

Direction, Side, Status, Tier = Agreement.Direction, Agreement.Side, Agreement.Status, Agreement.Tier
SUMMER = {7, 8}
OF_OFFICES, OF_SCHOOLS = "Trưởng phòng Giáo dục và Đào tạo", "Hiệu trưởng"


def district_deal(phase, chance, units, day, with_exams):
    """A signed agreement between the offices `units` (helper, helped), in effect from `day`. Where it was signed, and
    what is known of it, is still to be said."""
    terms = phase.terms
    kind = terms.kinds[Tier.DISTRICT]
    agreement = Agreement(
        programme=phase.programme,
        tier=Tier.DISTRICT,
        kind=kind,
        supporting_district=units[0],
        supported_district=units[1],
        direction=Direction.MUTUAL,
        objectives="\n".join(
            [*terms.texts["district_objectives"], *([terms.texts["exam_objective"]] if with_exams else [])]
        ),
        starts_on=day,
        ends_on=terms.ends[0],
        number=f"{chance.number(1, 24):02d}/{_symbol(phase, kind)}-PGDĐT",
        signed_on=day,
        **_signatories(OF_OFFICES, chance),
        status=Status.SIGNED,
        is_invented=True,
    )
    areas = phase.content_areas
    if not with_exams:
        areas = [area for area in areas if terms.exam_words not in area.name]
    return Deal(agreement, areas, day - PREPARATION)


def matches(phase, chance, units, copy):
    """Every possible (helper, helped) of the districts `units`, levels mixed in their shares."""
    ranked = []
    for level, share in phase.terms.shares.items():
        sides = [_candidates(phase, chance, district, level, copy) for district in units]
        ranked += [((i + 0.5) / share, level, match) for i, match in enumerate(zip(*sides, strict=False))]
    return [match for _rank, _level, match in sorted(ranked, key=lambda item: item[:2])]


def _candidates(phase, chance, district, level, copy):
    public = [school for school in copy.of(district, level) if school.ownership == School.Ownership.PUBLIC]
    named = phase.terms.named.get(district.code, ())
    return sorted(chance.shuffled(public), key=lambda school: school.name not in named)


def later_day(phase, chance, first, besides=()):
    """Most sign soon after their districts (who signed on `first`), outside the summer holidays."""
    span = (phase.terms.last_signing - first).days
    while True:
        day = first + timedelta(min(chance.number(14, span) for _try in range(3)))
        if is_working_day(day) and day.month not in SUMMER and day not in besides:
            return day


def school_deal(phase, chance, match, day, umbrella=None):
    """A draft between the schools `match` (helper, helped), in effect from `day`."""
    helper, helped = match
    terms = phase.terms
    agreement = Agreement(
        programme=phase.programme,
        tier=Tier.SCHOOL,
        kind=terms.kinds[Tier.SCHOOL],
        umbrella=umbrella,
        supporting_district=helper.district,
        supported_district=helped.district,
        supporting_school=helper,
        supported_school=helped,
        registered_side=Side.SUPPORTING if chance.happens(0.75) else Side.SUPPORTED,
        direction=Direction.MUTUAL if chance.happens(0.8) else Direction.ONE_WAY,
        objectives="\n".join(chance.some(terms.texts["school_objectives"][helper.level], 2)),
        starts_on=day,
        ends_on=terms.ends[0] if chance.happens(0.85) else terms.ends[1],
        source_note=terms.texts["invented_schools"],
        is_invented=True,
    )
    areas = [phase.content_areas[n] for n in sorted(chance.some(terms.areas[helper.level], chance.number(2, 4)))]
    return Deal(agreement, areas, day - PREPARATION)


def sign(phase, deal, chance, signed_at):
    """Sign the draft of `deal` on its first day."""
    agreement = deal.agreement
    agreement.status, agreement.signed_on, agreement.signed_at = Status.SIGNED, agreement.starts_on, signed_at
    symbol = _symbol(phase, agreement.kind)
    agreement.number = f"{chance.number(1, 18):02d}/{symbol}-{initials(agreement.supporting_school.name)}"
    for field, value in _signatories(OF_SCHOOLS, chance).items():
        setattr(agreement, field, value)
    return deal


def _symbol(phase, kind):
    return getattr(phase.programme, f"{kind}_symbol")


def _signatories(position, chance):
    return {
        "supporting_signatory": signatory(chance),
        "supporting_position": position,
        "supported_signatory": signatory(chance),
        "supported_position": position,
    }


def unfinished_deal(phase, chance, match, day, umbrella, status):
    """One between schools that still waits for somebody, with the reason where it was sent back or withdrawn."""
    texts = phase.terms.texts
    deal = school_deal(phase, chance, match, day + PREPARATION, umbrella)
    deal.agreement.status = status
    deal.note = texts["withdraw_note"] if status == Status.WITHDRAWN else chance.pick(texts["return_notes"])
    return deal


def choose_pilots(phase, pairs):
    """Schools that lead the way: the first ones of each level to sign, as many as the facts file says (`pilots`); and
    how many there should be of one agreement (`quota`: 10 in all, or 3-3-3 of each level), where it says so."""
    pilots, quotas = [], []
    for pair, agreement in zip(pairs, phase.agreements, strict=False):
        below = [a for a in phase.agreements if a.umbrella == agreement and a.signed_on and a.tier == Tier.SCHOOL]
        for level, count in zip(phase.terms.shares, _counts(pair["pilots"]), strict=False):
            signed = [a for a in below if a.supporting_school.level == level]
            pilots += [
                PilotSchool(agreement=agreement, side=side, school=getattr(a, f"{side}_school"))
                for a in signed[:count]
                for side in Side
            ]
        wanted = _counts(pair["quota"])
        levels = phase.terms.shares if len(wanted) > 1 else [""]
        quotas += [
            PilotQuota(agreement=agreement, level=level, count=count)
            for level, count in zip(levels, wanted, strict=False)
        ]
    PilotSchool.objects.bulk_create(pilots)
    PilotQuota.objects.bulk_create(quotas)


def _counts(text):
    """ "3-4-3" as numbers."""
    return [int(count) for count in text.split("-") if count]
