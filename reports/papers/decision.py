"""The decision that gives a form of award (quyết định khen thưởng) and its list, worded as plain data for the PDF and
its Word twin alike: a draft for who signs, before and after its number is known.

Form: Decree 30/2020/NĐ-CP, Phụ lục III, Mẫu 1.2 (a decision that says itself what is decided) and 2.1. The bases are
the law of the day of each file (reports/awards/law.csv) and the council's minutes; what gives the issuer its authority
was not found, so an officer adds it.
"""

from django.utils.text import capfirst
from django.utils.translation import override

from reports.awards.law import laws_of
from reports.content import PAPER_LANGUAGE
from reports.models import Award, AwardDecision, AwardMeeting, AwardOffer, Nomination
from reports.official import (
    balanced,
    ended,
    issue_date,
    issuer_of,
    long_date,
    named_lines,
    number_and_symbol,
    place_and_date,
    signer_lines,
)
from reports.papers.minutes import STRANGE
from twinning.vietnamese import number

SUBJECT_LINE = 66


def decision_paper(offer: AwardOffer) -> dict:
    """{is_draft, name, file_name, issuer_name, superior, issuers [str], number, place_and_date, title, abstract [str],
    authority [str], bases [str], articles [{heading, text}], recipients [str], signer_lines [str], signer_name, list
    {number, name, of, key, columns, rows, notes}}: of what stands on the public list, or of what was decided."""
    with override(PAPER_LANGUAGE):
        award_round, decision = offer.round, AwardDecision.objects.filter(offer=offer).first()
        chosen = list(_decided(decision) if decision else _published(offer))
        issuer = issuer_of(award_round.department)
        day = decision.decided_on if decision else None
        year = (day or award_round.comments_until).year
        numbered = decision.number if decision else number_and_symbol(None, f"QĐ-{award_round.department.symbol}")
        form = capfirst(offer.get_form_display())
        return {
            "is_draft": decision is None,
            "name": f"Quyết định về việc tặng {form}: {award_round.name}",
            "file_name": f"Quyết định tặng {form} {award_round.name}".translate(STRANGE)[:120].strip(),
            "issuer_name": issuer.name,
            "superior": issuer.superior,
            "issuers": [issuer.line],
            "number": numbered,
            "place_and_date": place_and_date(issuer.place, day, year),
            "title": "QUYẾT ĐỊNH",
            "abstract": [
                *balanced(f"Về việc tặng {form} cho {_kinds(chosen)} có thành tích", SUBJECT_LINE),
                f"trong {award_round.time_label} của phong trào",
                *named_lines(f"“{award_round.programme.name}”"),
            ],
            "authority": balanced(offer.issuer.upper(), SUBJECT_LINE),
            "bases": _bases(award_round, chosen),
            "articles": _articles(offer, form, chosen),
            "recipients": ["- Như Điều 3;", "- Lưu: VT."],
            "signer_lines": signer_lines(decision.signer_title if decision else issuer.signatory),
            "signer_name": decision.signer_name if decision else "",
            "list": {
                "number": "Phụ lục",
                "name": f"Danh sách {_kinds(chosen)} được tặng {form}",
                "of": f"(Kèm theo Quyết định số {numbered} {issue_date(day, year)} của {offer.issuer})",
                "key": "honoured",
                "columns": [
                    {"key": key, "label": label, "group": "", "kind": kind}
                    for key, label, kind in (
                        ("position", "STT", "number"),
                        ("recipient", "Tập thể, cá nhân", "text"),
                        ("unit", "Đơn vị", "text"),
                        ("citation", "Thành tích", "text"),
                    )
                ],
                "rows": _rows(chosen),
                "notes": [],
            },
        }


def may_be_drafted(offer: AwardOffer) -> bool:
    """Whether there is anything to decide, or decided, by the Department itself."""
    has_names = offer.nominations.filter(status=Nomination.Status.PUBLISHED).exists()
    return offer.form != Award.Form.COMMENDATION and (has_names or AwardDecision.objects.filter(offer=offer).exists())


def _published(offer):
    return Nomination.objects.filter(offer=offer, status=Nomination.Status.PUBLISHED).for_list().in_order()


def _decided(decision):
    """All that it gave, those that were revoked since too: the paper is what was signed."""
    return decision.awards.for_list().select_related("nomination").order_by("book_number", "pk")


def _of_kind(chosen, kind):
    return [thing for thing in chosen if thing.kind == kind]


def _kinds(chosen):
    """ "tập thể, cá nhân", or the one kind there is."""
    return ", ".join(str(kind.label) for kind in Award.Kind if _of_kind(chosen, kind)) or "tập thể, cá nhân"


def _counts(chosen):
    """ "07 tập thể và 13 cá nhân": numbers below 10 with a zero, as decisions write them."""
    return " và ".join(f"{len(group):02d} {kind.label}" for kind in Award.Kind if (group := _of_kind(chosen, kind)))


def _bases(award_round, chosen):
    days = {_sent_on(thing) or award_round.due_on for thing in chosen} or {award_round.due_on}
    bases = [f"Căn cứ {law}" for law in laws_of(days)]
    if meeting := AwardMeeting.objects.filter(round=award_round).first():
        numbered = f" số {meeting.number}" if meeting.number else ""
        bases.append(f"Căn cứ Biên bản họp{numbered} {long_date(meeting.held_on)} của {meeting.council}")
        bases.append(f"Theo đề nghị của {meeting.council}")
    return ended(bases)


def _sent_on(thing):
    nomination = thing if isinstance(thing, Nomination) else thing.nomination
    return nomination and nomination.submitted_on


def _articles(offer, form, chosen):
    of_what = f"trong phong trào “{offer.round.programme.name}”, {offer.round.time_label}"
    last = (
        "Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng, trưởng các phòng thuộc Sở, thủ trưởng các đơn vị "
        "có liên quan và các tập thể, cá nhân có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./."
    )
    texts = [
        f"Tặng {form} của {offer.issuer} cho {_counts(chosen)} đã có thành tích {of_what} (có danh sách kèm theo).",
        f"Mức thưởng kèm theo {form} thực hiện theo quy định hiện hành về thi đua, khen thưởng.",
        last,
    ]
    return [{"heading": f"Điều {n}.", "text": text} for n, text in enumerate(texts, 1)]


def _rows(chosen):
    rows = []
    for kind in Award.Kind:
        if group := _of_kind(chosen, kind):
            rows.append({"kind": "group", "cells": ["", f"{capfirst(kind.label)} ({number(len(group))})", "", ""]})
            rows += [{"kind": "row", "cells": _cells(i, thing)} for i, thing in enumerate(group, 1)]
    return rows


def _cells(position, thing):
    return [position, thing.recipient_line, thing.belongs_to or "–", thing.citation or thing.achievement]
