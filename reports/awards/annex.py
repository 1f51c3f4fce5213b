"""The annex of awards of a report: who is honoured or proposed for its time (domain facts §2.3, annex VII)."""

from django.db.models import Q

from reports.models import Award, Nomination
from twinning import vietnamese
from twinning.vietnamese import number

PROPOSED_WORD = "đề nghị"
KINDS = {Award.Kind.COLLECTIVE: "Tập thể", Award.Kind.INDIVIDUAL: "Cá nhân"}
# Put forward by the office above; before that it is the unit's own wish.
PROPOSED = (Nomination.Status.DEPARTMENT, Nomination.Status.COUNCIL, Nomination.Status.PUBLISHED)


def awards_annex(facts) -> dict | None:
    """The annex (reports/annexes.py) of `facts` (reports.facts.Facts), None when there is nobody to name: what was
    decided for the school year or phase, and what is proposed in its rounds. Two queries."""
    rows = []
    decided, proposed = _decided(facts), _proposed(facts)
    for kind, label in KINDS.items():
        things = [thing for thing in (*decided, *proposed) if thing.kind == kind]
        if things:
            rows.append({"kind": "group", "cells": ["", f"{label} ({number(len(things))})", "", "", "", "", ""]})
        rows += [{"kind": "row", "cells": _cells(i, thing)} for i, thing in enumerate(things, 1)]
    if not rows:
        return None
    return {
        "key": "awards",
        "name": "Danh sách khen thưởng và đề nghị khen thưởng",
        "landscape": True,
        "columns": [
            {"key": key, "label": label, "group": "", "kind": "number" if key == "position" else "text"}
            for key, label in (
                ("position", "STT"),
                ("recipient", "Tập thể, họ và tên"),
                ("post", "Chức vụ"),
                ("unit", "Đơn vị"),
                ("achievement", "Thành tích"),
                ("form", "Hình thức"),
                ("decision", "Quyết định"),
            )
        ],
        "rows": rows,
        "notes": ["Quyết định “đề nghị”: đang được Sở, hội đồng xét khi lập báo cáo này."],
    }


def in_words(table: dict) -> list[str]:
    """What the body says of the annex `table`: how many were honoured, how many are proposed."""
    counts, kind = {True: {}, False: {}}, ""
    for row in table["rows"]:
        if row["kind"] == "group":
            kind = row["cells"][1].partition(" (")[0].lower()
        else:
            of = counts[row["cells"][-1] == PROPOSED_WORD]
            of[kind] = of.get(kind, 0) + 1
    told = [
        f"{verb} {' và '.join(f'{number(n)} {kind}' for kind, n in counts[is_proposed].items())}"
        for verb, is_proposed in (("đã khen thưởng", False), ("đề nghị khen thưởng", True))
        if counts[is_proposed]
    ]
    text = "; ".join(told)
    return [f"{text[0].upper()}{text[1:]}. Danh sách tại Phụ lục {table['number']}."]


def _cells(position, thing):
    is_award = isinstance(thing, Award)
    what = thing.citation or thing.achievement
    decision = f"số {thing.decision_number} ngày {_day(thing.decided_on)}" if is_award else PROPOSED_WORD
    form = thing.get_form_display() if is_award else thing.offer.get_form_display()
    return [position, thing.recipient, thing.position, thing.belongs_to, what, str(form), decision]


def _day(day):
    return vietnamese.day(day)


def _decided(facts):
    """By a round of that time; what came without a round, by its day."""
    of_round = Q(nomination__round__school_year=facts.year)
    if facts.year is None:
        of_round = Q(nomination__isnull=False, nomination__round__school_year=None)
    by_day = Q(nomination=None, decided_on__range=(facts.scope.first, facts.cut_off_on))
    awards = Award.objects.standing().filter(_of(facts), of_round | by_day, programme=facts.programme)
    return awards.for_list().order_by("decided_on", "book_number", "pk")


def _proposed(facts):
    rows = Nomination.objects.filter(_of(facts), round__programme=facts.programme, round__school_year=facts.year)
    return rows.filter(status__in=PROPOSED).for_list().in_order()


def _of(facts):
    """Of the unit and what was below it; everything for the Department."""
    if facts.is_department:
        return Q()
    return Q(school=facts.unit.pk) if facts.is_school else Q(district=facts.unit.pk)
