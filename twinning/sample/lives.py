"""The life an agreement of the sample has behind it: who did what, and when."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import OuterRef, Subquery

from twinning import agreement_text
from twinning.models import Agreement, AgreementEvent
from twinning.sample.days import moment, working_day_from
from twinning.sample.province import BATCH, name_of

Status = Agreement.Status
PATHS = {
    Status.DRAFT: ["create"],
    Status.WAITING: ["create", "send"],
    Status.RETURNED: ["create", "send", "return"],
    Status.WITHDRAWN: ["create", "send", "withdraw"],
    Status.CONFIRMED: ["create", "send", "confirm"],
    Status.SIGNED: ["create", "send", "confirm", "sign"],
    Status.EXPIRED: ["create", "send", "confirm", "sign"],
    Status.ENDED: ["create", "send", "confirm", "sign", "end"],
}
# Days after the registration, and the hour, of what has no day of its own.
FROZEN_AT_ONCE = 500
STEPS = {"create": (0, 9), "send": (2, 10), "confirm": (11, 15), "return": (9, 14), "withdraw": (16, 16)}
PREPARATION = timedelta(23)  # from the registration of an agreement to its signing


@dataclass
class Deal:
    """An agreement about to be stored, with what is no field of it."""

    agreement: Agreement
    areas: list
    registered_on: date
    note: str = ""
    rows: list = field(default_factory=list)  # of models that hang on an agreement, its own id still to come


def store(deals, phase):
    """Store the agreements of `deals` with all that hangs on them, and their events; add them to `phase.agreements`."""
    agreements = [deal.agreement for deal in deals]
    for agreement in agreements:
        agreement.set_keys()
    Agreement.objects.bulk_create(agreements, batch_size=BATCH)
    link = Agreement.content_areas.through
    link.objects.bulk_create(
        (link(agreement=deal.agreement, contentarea=area) for deal in deals for area in deal.areas), batch_size=BATCH
    )
    _store_rows(deals)
    events = (event for deal in deals for event in _events(deal, phase))
    AgreementEvent.objects.bulk_create(events, batch_size=BATCH)
    date_by_events(Agreement.objects.filter(pk__in=[a.pk for a in agreements]))
    phase.agreements += agreements


def _store_rows(deals):
    by_model = {}
    for deal in deals:
        for row in deal.rows:
            row.agreement = deal.agreement
            by_model.setdefault(type(row), []).append(row)
    for model, rows in by_model.items():
        model.objects.bulk_create(rows, batch_size=BATCH)


def _events(deal, phase):
    agreement = deal.agreement
    units = {agreement.registered_side: None, agreement.answering_side: None}
    for side in units:
        units[side] = getattr(agreement, f"{side}_school") or getattr(agreement, f"{side}_district")
    status = ""
    for action in PATHS[agreement.status]:
        unit = units[agreement.answering_side if action in {"confirm", "return"} else agreement.registered_side]
        after = Status.DRAFT if action == "create" else Agreement.ACTIONS[action].after
        yield AgreementEvent(
            subject=agreement,
            action=action,
            from_status=status,
            to_status=after,
            by=phase.user_of(unit),
            unit=name_of(unit),
            at=_at(action, deal),
            note=deal.note if action in {"return", "withdraw", "end"} else "",
        )
        status = after


def _at(action, deal):
    if action == "sign":
        return moment(deal.agreement.signed_on, 16)
    if action == "end":
        return moment(deal.agreement.ended_on, 16)
    days, hour = STEPS[action]
    return moment(working_day_from(deal.registered_on + timedelta(days)), hour)


def freeze(phase):
    """Keep the text of everything that was signed as it was signed, and know what was confirmed."""
    signed = [a.pk for a in phase.agreements if a.status in Status.once_signed()]
    for first in range(0, len(signed), FROZEN_AT_ONCE):
        rows = list(Agreement.objects.filter(pk__in=signed[first : first + FROZEN_AT_ONCE]).for_paper())
        for agreement in rows:
            agreement.frozen = agreement_text.text_of(agreement)
        Agreement.objects.bulk_update(rows, ["frozen"])
    confirmed = [a for a in phase.agreements if a.status == Status.CONFIRMED]
    for agreement in confirmed:
        agreement.confirmed_hash = agreement_text.commitments_hash(agreement)
    Agreement.objects.bulk_update(confirmed, ["confirmed_hash"])


def date_by_events(rows):
    """Let each of `rows` (a queryset of a LifeModel) be made at its first event and changed at its last."""
    events = rows.model.events.rel.related_model.objects.filter(subject=OuterRef("pk")).order_by("at")
    rows.update(created_at=Subquery(events.values("at")[:1]), updated_at=Subquery(events.reverse().values("at")[:1]))
