"""What an agreement says, as plain data: compared when it is edited, frozen when it is signed, printed on paper."""

import hashlib
import json

from django.db.models import prefetch_related_objects

from twinning import symbols
from twinning.vietnamese import same_key

SCHEMA = 1
SIDES = ("supporting", "supported")
# What both sides bind themselves to. A change of these asks for a new confirmation; prose is compared by its words, so
# that a comma or the place of a tone is no change.
COMMITMENTS = (
    "tier",
    "kind",
    "subject_id",
    *(f"{side}_{unit}_id" for side in SIDES for unit in ("district", "school")),
    "direction",
    "starts_on",
    "ends_on",
)
PROSE = ("objectives", "supporting_contents", "supported_contents")
# What to prefetch before the papers of many agreements are set.
HANGING = (
    "programme__legal_bases",
    *(f"{side}_school__former_names" for side in SIDES),
    "content_areas",
    "members__school__former_names",
    "members__district",
    "further_signatories",
    "task_force",
    "pilot_schools__school__former_names",
    "pilot_schools__school__managements__district",
)
# What an amendment may change (with `content_areas` and `members`).
AMENDABLE = ("direction", "ends_on", *PROSE, "content_areas", "members")


def commitments(agreement):
    """{name: plain JSON value} of everything the parties bind themselves to."""
    said = {name: _plain(getattr(agreement, name)) for name in COMMITMENTS}
    said |= {name: same_key(getattr(agreement, name)) for name in PROSE}
    if agreement.pk:
        said["content_areas"] = sorted(agreement.content_areas.values_list("pk", flat=True))
        members = agreement.members.values_list("side", "district_id", "school_id")
        said["members"] = sorted([side, district, school or 0] for side, district, school in members)
    return said


def commitments_hash(agreement):
    """SHA-256 of the commitments, to tell whether what was confirmed is what is signed."""
    return hashlib.sha256(json.dumps(commitments(agreement), sort_keys=True).encode()).hexdigest()


def amendable(agreement):
    """{name: plain JSON value} of what an amendment may change (AMENDABLE): prose as it is written, content areas as
    sorted ids, members as sorted [side, district id, school id or 0]."""
    said = {name: _plain(getattr(agreement, name)) for name in AMENDABLE if name not in ("content_areas", "members")}
    said["content_areas"] = sorted(agreement.content_areas.values_list("pk", flat=True))
    members = agreement.members.values_list("side", "district_id", "school_id")
    said["members"] = sorted([side, district, school or 0] for side, district, school in members)
    return said


def text_of(agreement):
    """Everything its paper says, with every name as it was on the day of signing (today for a draft).

    {schema, kind, kind_label, tier, programme, phase, bases [{name, issued_on, issuer, abstract}], umbrella and renews
    (None or {kind_label, number, signed_on, units [str]}), subject, direction, objectives, areas [str], starts_on,
    ends_on, number, symbol ("BGN-PGDĐT", for a paper without a number), place, signed_on, signed_at, parties [{side,
    label, kind, unit, above, representative, position, contents, members [str], signatories [{organisation, full_name,
    position}], task_force [{full_name, position, duty}], pilot_schools [str]}]}; dates in ISO form.
    """
    programme, day = agreement.programme, agreement.signed_on or agreement.starts_on
    bases = [
        basis
        for basis in programme.legal_bases.all()
        if basis.issued_on <= day and not (basis.valid_to and basis.valid_to < day)
    ]
    return {
        "schema": SCHEMA,
        "kind": agreement.kind,
        "kind_label": str(agreement.get_kind_display()),
        "tier": agreement.tier,
        "programme": programme.name,
        "phase": programme.phase,
        "bases": [
            {
                "name": f"{basis.type_name} số {basis.symbol}",
                "issued_on": _plain(basis.issued_on),
                "issuer": basis.issuer,
                "abstract": basis.abstract,
            }
            for basis in bases
        ],
        "umbrella": _cited(agreement.umbrella),
        "renews": _cited(agreement.renews),
        "subject": str(agreement.subject or ""),
        "direction": agreement.direction,
        "objectives": agreement.objectives,
        "areas": [area.name for area in agreement.content_areas.all()],
        "starts_on": _plain(agreement.starts_on),
        "ends_on": _plain(agreement.ends_on),
        "number": agreement.number,
        "symbol": f"{getattr(programme, f'{agreement.kind}_symbol')}-{symbol_of(agreement.issuer)}",
        "place": symbols.place_name(getattr(agreement, f"{agreement.registered_side}_district")),
        "signed_on": _plain(agreement.signed_on),
        "signed_at": agreement.signed_at,
        "parties": [_party(agreement, side, day) for side in SIDES],
    }


def corrected(frozen, agreement):
    """The text `frozen` at signing with what is written of the signing itself as it stands in `agreement` now."""
    now = text_of(agreement)
    parties = [
        {**then, "representative": party["representative"], "position": party["position"]}
        for then, party in zip(frozen["parties"], now["parties"], strict=True)
    ]
    return {**frozen, "number": now["number"], "signed_at": now["signed_at"], "parties": parties}


def symbol_of(unit):
    """How a unit stands in the symbol of its papers: "PGDĐT", "THCSTM"."""
    return getattr(unit, "symbol", "") or symbols.initials(unit.name)


def _party(agreement, side, day):
    school, district = getattr(agreement, f"{side}_school"), getattr(agreement, f"{side}_district")
    members, signatories, force = (
        [row for row in getattr(agreement, name).all() if row.side == side]
        for name in ("members", "further_signatories", "task_force")
    )
    pilots = list(agreement.pilot_schools.all())
    # Nothing is asked again where it was prefetched (HANGING).
    prefetch_related_objects(members, "school__former_names", "district")
    prefetch_related_objects(pilots, "school__former_names", "school__managements__district", "school__district")
    return {
        "side": side,
        "label": str(agreement.Side(side).label),
        "kind": "school" if school else "district",
        "unit": unit_name(school, district, day),
        "above": str(district),
        "representative": getattr(agreement, f"{side}_signatory"),
        "position": getattr(agreement, f"{side}_position"),
        "contents": getattr(agreement, f"{side}_contents"),
        "members": [unit_name(member.school, member.district, day) for member in members],
        "signatories": [
            {"organisation": person.organisation, "full_name": person.full_name, "position": person.position}
            for person in signatories
        ],
        "task_force": [
            {"full_name": person.full_name, "position": person.position, "duty": str(person.get_duty_display())}
            for person in force
        ],
        "pilot_schools": [
            unit_name(pilot.school, None, day) for pilot in pilots if pilot.school.managed_on(day) == district
        ],
    }


def unit_name(school, district, day):
    return symbols.formal_name(school.name_on(day)) if school else district.office_name


def _cited(agreement):
    """An agreement as another one names it: "Bản ghi nhớ số 01/BGN-PGDĐT ngày … giữa … và …"."""
    if agreement is None or agreement.signed_on is None:
        return None
    day = agreement.signed_on
    return {
        "kind_label": str(agreement.get_kind_display()),
        "number": agreement.number,
        "signed_on": _plain(day),
        "units": [
            unit_name(getattr(agreement, f"{side}_school"), getattr(agreement, f"{side}_district"), day)
            for side in SIDES
        ],
    }


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value
