"""Rounds of awards of a programme with their nominations and awards, from files of facts."""

from datetime import UTC, datetime, time, timedelta

from reports.awards.decision import award_of, subject_of
from reports.models import (
    Award,
    AwardDecision,
    AwardMeeting,
    AwardRound,
    AwardRoundEvent,
    Nomination,
    NominationEvent,
    OutgoingPaper,
)
from twinning.facts import facts
from twinning.sample.chance import Chance
from twinning.sample.names import signatory
from twinning.sample.province import Phase, name_of

MOST_CITED = 300
SENT_AFTER = timedelta(days=10)
Status = Nomination.Status
# What has happened to a nomination that has come so far: (action, status before, status after).
WAY = (
    ("submit", Status.DRAFT, Status.DISTRICT),
    ("endorse", Status.DISTRICT, Status.DEPARTMENT),
    ("shortlist", Status.DEPARTMENT, Status.COUNCIL),
    ("publish", Status.COUNCIL, Status.PUBLISHED),
    ("award", Status.PUBLISHED, Status.AWARDED),
)


def load_round(phase: Phase, path, *, offers: list[dict], meeting=None, decision=None, **fields):
    """Store a round with the nominations of the file at `path`. `fields`, `offers`, `meeting` and `decision`: of the
    models; with a decision, what is on the list is awarded. The first form is that of every nomination."""
    # In bulk, as all of the sample: what was invented has no history of changes.
    (award_round,) = AwardRound.objects.bulk_create([AwardRound(programme=phase.programme, is_invented=True, **fields)])
    stored = [award_round.offers.create(**offer) for offer in offers]
    if meeting:
        AwardMeeting.objects.bulk_create([AwardMeeting(round=award_round, **_people(phase), **meeting)])
    chance = Chance("awards", phase.programme.phase, *([] if decision else [award_round.name]))
    nominations = [_nomination(phase, award_round, stored[0], row, chance) for row in facts(path)]
    Nomination.objects.bulk_create(nominations)
    by = phase.province.user_of(None)
    day = fields["opens_on"] + SENT_AFTER
    NominationEvent.objects.bulk_create(event for n in nominations for event in _events(phase, n, day))
    AwardRoundEvent.objects.create(
        subject=award_round, action="open", from_status="preparing", to_status="open", by=by, at=_at(fields["opens_on"])
    )
    if decision:
        _award(award_round, stored[0], nominations, by, decision)


def _nomination(phase, award_round, offer, row, chance):
    district = phase.districts[row["district"]]
    is_person = row["kind"] == Award.Kind.INDIVIDUAL
    status = row.get("status") or Status.AWARDED
    voted = status in (Status.PUBLISHED, Status.AWARDED)
    nomination = Nomination(
        round=award_round,
        offer=offer,
        kind=row["kind"],
        school=_school(phase, row["name"], district),
        district=district,
        full_name=signatory(chance) if is_person else "",
        position=row["position"],
        achievement=row["achievement"],
        citation=row["achievement"].split(";")[0].rstrip(".")[:MOST_CITED],
        submitted_on=None if status == Status.DRAFT else award_round.opens_on + SENT_AFTER,
        votes_for=9 if voted else None,
        votes_against=0 if voted else None,
        status=status,
        is_invented=True,
    )
    nomination.set_keys()
    return nomination


def _school(phase, name, district):
    """The school called so; "thcs 2" is the second one of that level in the district."""
    if not name:
        return None
    level, _space, position = name.partition(" ")
    if position.isdecimal() and level.islower():
        return phase.schools[0].of(district, level)[int(position) - 1]
    return phase.schools[0].named(name, district)


def _people(phase):
    """Who sat in the council: invented."""
    chance = Chance("council", phase.programme.phase)
    chair, secretary, third = (signatory(chance) for _n in range(3))
    return {
        "members": 9,
        "present": 9,
        "attendees": "\n".join(
            [f"{chair}, Phó Giám đốc, Chủ tịch Hội đồng", f"{secretary}, Chánh Văn phòng", f"{third}, Công đoàn ngành"]
        ),
        "chair_name": chair,
        "chair_title": "Phó Giám đốc, Chủ tịch Hội đồng",
        "secretary_name": secretary,
        "secretary_title": "Chánh Văn phòng",
    }


def _at(day):
    return datetime.combine(day, time(2), UTC)  # nine o'clock here


def _events(phase, nomination, day):
    """What brought it where it is. An office sends straight to the Department."""
    own = nomination.school or nomination.district
    for action, before, after in WAY:
        if nomination.status == before:
            return
        by_own = action == "submit"
        if nomination.school is None and action == "endorse":
            continue
        unit = own if by_own else nomination.district if action == "endorse" else None
        yield NominationEvent(
            subject=nomination,
            action="submit_office" if by_own and nomination.school is None else action,
            from_status=before,
            to_status=Status.DEPARTMENT if by_own and nomination.school is None else after,
            by=phase.province.user_of(unit),
            unit=name_of(unit) if unit else phase.province.department.short_name,
            at=_at(day),
        )


def _award(award_round, offer, nominations, by, decision):
    stored = AwardDecision.objects.create(
        offer=offer, recorded_by=by, **{name: decision[name] for name in decision if name != "source_note"}
    )
    number, _slash, symbol = stored.number.partition("/")
    OutgoingPaper.objects.enter(
        award_round.department,
        symbol,
        stored.decided_on,
        int(number),
        type_name="Quyết định",
        abstract=subject_of(offer),
        signer=f"{stored.signer_name}, {stored.signer_title}",
        note="Dữ liệu minh hoạ",
    )
    awards = [award_of(nomination, stored) for nomination in nominations]
    for award in awards:
        award.source_note, award.is_invented = decision["source_note"], True
        award.set_keys()
    Award.objects.bulk_create(awards)
