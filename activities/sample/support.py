"""The help of a programme, gift by gift, with its history."""

from datetime import timedelta

from activities.models import SponsoredPupil, Support, SupportEvent
from twinning.sample.chance import Chance
from twinning.sample.days import moment, working_day_from
from twinning.sample.lives import date_by_events
from twinning.sample.province import name_of

Status = Support.Status
ROUND = 1_000_000  # đồng
BY_DISTRICT = 0.12  # of the gifts go from office to office
PATHS = {
    Status.PLEDGED: ["create"],
    Status.DELIVERED: ["create", "deliver"],
    Status.RECEIVED: ["create", "deliver", "receive"],
    Status.CANCELLED: ["create", "cancel"],
}


def load_support(phase, giving):
    """Store the gifts of every copy with their events."""
    agreements = [agreement for agreement in phase.agreements if agreement.signed_on]
    pairs = [agreement for agreement in agreements if agreement.supporting_school is None]
    for copy in phase.schools:
        chance = Chance("support", copy.number)
        schools = set(copy.all())
        below = [agreement for agreement in agreements if agreement.supporting_school in schools]
        # One that the office on the other side can try to confirm.
        first = [agreement for agreement in pairs if agreement.supporting_district.code == giving.first_from]
        gifts = [_gift_between(first, Status.DELIVERED, phase, giving, chance)] if first else []
        gifts += [
            _gift_between(pairs if chance.happens(BY_DISTRICT) else below, status, phase, giving, chance)
            for status, n in giving.ends.items()
            for _gift in range(n)
        ]
        if giving.total:
            _fit(gifts, giving.total)
        gifts.sort(key=lambda gift: gift.pledged_on)
        Support.objects.bulk_create(gifts)
        SupportEvent.objects.bulk_create(event for gift in gifts for event in _events(gift, phase, giving, chance))
        received = [gift for gift in gifts if gift.received_on]
        Support.objects.bulk_update(received, ["received_on"])
        _name_codes(gifts)
    date_by_events(Support.objects.filter(programme=phase.programme))


def _name_codes(gifts):
    """A pupil, known by a code, for each sponsorship of a school that stands under an agreement."""
    sponsored = [
        gift for gift in gifts if gift.kind == Support.Kind.SPONSORSHIP and gift.agreement and gift.receiver_school
    ]
    for gift in sponsored:
        gift.pupil = SponsoredPupil(
            school=gift.receiver_school, agreement=gift.agreement, since=gift.delivered_on or gift.pledged_on
        )
    SponsoredPupil.objects.bulk_create(gift.pupil for gift in sponsored)
    Support.objects.bulk_update(sponsored, ["pupil"])


def _fit(gifts, total):
    """Let what was delivered be worth exactly `total`: gifts of money, in whole millions, take up the difference."""
    counted = [gift for gift in gifts if gift.status in {Status.DELIVERED, Status.RECEIVED}]
    money = [gift for gift in counted if gift.kind == Support.Kind.CASH]
    missing = total - sum(gift.value_vnd for gift in counted)
    share = missing // len(money) // ROUND * ROUND
    for gift in money:
        gift.value_vnd += share
    money[-1].value_vnd += missing - share * len(money)


def _gift_between(agreements, status, phase, giving, chance):
    first = giving.open_from if status in {Status.PLEDGED, Status.DELIVERED} else giving.first
    pledged_on = _day(first, giving.last, chance)
    agreement = chance.pick([a for a in agreements if a.signed_on <= pledged_on <= (a.ended_on or a.ends_on)])
    level = agreement.supporting_school.level if agreement.supporting_school else None
    gift = chance.weighted({gift: gift.weight for gift in giving.gifts if level is None or level in gift.levels})
    quantity = chance.number(*gift.quantity)
    delivered_on = working_day_from(pledged_on + timedelta(chance.number(2, 25)))
    is_delivered = status in {Status.DELIVERED, Status.RECEIVED}
    support = Support(
        programme=phase.programme,
        agreement=agreement,
        giver_school=agreement.supporting_school,
        giver_district=agreement.supporting_district,
        receiver_school=agreement.supported_school,
        receiver_district=agreement.supported_district,
        kind=gift.kind,
        source=chance.pick(gift.sources),
        title=gift.title,
        quantity=quantity if gift.unit else None,
        unit=gift.unit,
        value_vnd=quantity * gift.price,
        estimate_note=gift.estimate,
        pupils_helped=quantity if gift.per_pupil else None,
        pledged_on=pledged_on,
        delivered_on=delivered_on if is_delivered else None,
        status=status,
    )
    support.set_keys()
    return support


def _day(first, last, chance):
    """A working day; later ones are likelier, since help grows as the pairs come to know each other."""
    days = [chance.number(0, (last - first).days) for _try in range(2)]
    return working_day_from(first + timedelta(max(days) if chance.happens(0.4) else days[0]))


def _events(gift, phase, giving, chance):
    giver = gift.giver_school or gift.giver_district
    receiver = gift.receiver_school or gift.receiver_district
    status = ""
    for action in PATHS[gift.status]:
        unit = receiver if action == "receive" else giver
        day = gift.delivered_on if action in {"deliver", "receive"} else gift.pledged_on
        if action in {"receive", "cancel"}:
            day = working_day_from(day + timedelta(chance.number(1, 8)))
        if action == "receive":
            gift.received_on = day
        after = Status.PLEDGED if action == "create" else Support.ACTIONS[action].after
        yield SupportEvent(
            subject=gift,
            action=action,
            from_status=status,
            to_status=after,
            by=phase.user_of(unit),
            unit=name_of(unit),
            at=moment(day, chance.number(13, 16) if action != "create" else 9),
            note=giving.cancel_note if action == "cancel" else "",
        )
        status = after
