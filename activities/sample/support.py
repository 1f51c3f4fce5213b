"""Some 160 gifts, about 3,2 tỷ đồng delivered over three school years."""

from datetime import date, timedelta

from activities.models import Support, SupportEvent
from activities.sample.gifts import CANCEL_NOTE, GIFTS
from twinning.models import Agreement
from twinning.sample.chance import Chance
from twinning.sample.days import moment, working_day_from
from twinning.sample.lives import date_by_events
from twinning.sample.province import name_of

Status = Support.Status
# How many gifts come to each end.
ENDS = {Status.RECEIVED: 124, Status.DELIVERED: 11, Status.PLEDGED: 18, Status.CANCELLED: 6}
FIRST, LAST = date(2023, 2, 20), date(2025, 5, 20)
OPEN_FROM = date(2025, 4, 1)
BY_DISTRICT = 0.12  # of the gifts go from office to office
PATHS = {
    Status.PLEDGED: ["create"],
    Status.DELIVERED: ["create", "deliver"],
    Status.RECEIVED: ["create", "deliver", "receive"],
    Status.CANCELLED: ["create", "cancel"],
}


def load_support(province):
    """Store the gifts of every copy with their events."""
    agreements = [agreement for agreement in province.agreements if agreement.signed_on]
    pairs = [agreement for agreement in agreements if agreement.supporting_school is None]
    for copy in province.schools:
        chance = Chance("support", copy.number)
        schools = set(copy.all())
        below = [agreement for agreement in agreements if agreement.supporting_school in schools]
        # The first one lets the office of Chương Mỹ try to confirm.
        thanh_tri = [agreement for agreement in pairs if agreement.supporting_district.code == "020"]
        gifts = [_gift_between(thanh_tri, Status.DELIVERED, province, chance)]
        gifts += [
            _gift_between(pairs if chance.happens(BY_DISTRICT) else below, status, province, chance)
            for status, n in ENDS.items()
            for _gift in range(n)
        ]
        gifts.sort(key=lambda gift: gift.pledged_on)
        Support.objects.bulk_create(gifts)
        SupportEvent.objects.bulk_create(event for gift in gifts for event in _events(gift, province, chance))
    date_by_events(Support.objects.filter(programme=province.programme))


def _gift_between(agreements, status, province, chance):
    pledged_on = _day(OPEN_FROM if status in {Status.PLEDGED, Status.DELIVERED} else FIRST, chance)
    agreement = chance.pick([a for a in agreements if a.signed_on <= pledged_on <= (a.ended_on or a.ends_on)])
    level = agreement.supporting_school.level if agreement.tier == Agreement.Tier.SCHOOL else None
    gift = chance.weighted({gift: gift.weight for gift in GIFTS if level is None or level in gift.levels})
    quantity = chance.number(*gift.quantity)
    delivered_on = working_day_from(pledged_on + timedelta(chance.number(2, 25)))
    is_delivered = status in {Status.DELIVERED, Status.RECEIVED}
    support = Support(
        programme=province.programme,
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


def _day(first, chance):
    """A working day until LAST; later ones are likelier, since help grows as the pairs come to know each other."""
    days = [chance.number(0, (LAST - first).days) for _try in range(2)]
    return working_day_from(first + timedelta(max(days) if chance.happens(0.4) else days[0]))


def _events(gift, province, chance):
    giver = gift.giver_school or gift.giver_district
    receiver = gift.receiver_school or gift.receiver_district
    status = ""
    for action in PATHS[gift.status]:
        unit = receiver if action == "receive" else giver
        day = gift.delivered_on if action in {"deliver", "receive"} else gift.pledged_on
        if action in {"receive", "cancel"}:
            day = working_day_from(day + timedelta(chance.number(1, 8)))
        after = Status.PLEDGED if action == "create" else Support.ACTIONS[action].after
        yield SupportEvent(
            subject=gift,
            action=action,
            from_status=status,
            to_status=after,
            by=province.user_of(unit),
            unit=name_of(unit),
            at=moment(day, chance.number(13, 16) if action != "create" else 9),
            note=CANCEL_NOTE if action == "cancel" else "",
        )
        status = after
