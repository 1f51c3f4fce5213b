"""Writes down the decision that gives one form of award in a round: awards are made of all that stand on the public
list, in one transaction and once."""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from reports.models import Award, AwardDecision, AwardOffer, AwardRound, Nomination, OutgoingPaper
from twinning import vietnamese
from twinning.life import Refused
from twinning.models import NumberSeries

SYMBOL = "QĐ"
BOOK = "SKT"  # the series of the book of awards (sổ khen thưởng)


def gives_numbers(offer: AwardOffer) -> bool:
    """Whether the decision is the Department's own, which the portal may number."""
    return offer.form != Award.Form.COMMENDATION


@transaction.atomic
def decide(offer: AwardOffer, by, *, number, decided_on, issuer, signer_title, signer_name) -> AwardDecision:
    """Store the decision (`number` "" takes the next one of the Department) and make the awards. Raises Refused when
    the list is still open for comments on that day, when nobody stands on it, or when it was decided already."""
    award_round = AwardRound.objects.select_for_update().get(pk=offer.round_id)
    if made := AwardDecision.objects.filter(offer=offer).first():
        raise Refused(
            _t("%(form)s của đợt này đã có quyết định số %(number)s. Hãy xem lại trang của đợt.")
            % {"form": str(offer).capitalize(), "number": made.number}
        )
    _require_time(award_round, decided_on)
    chosen = Nomination.objects.filter(offer=offer, status=Nomination.Status.PUBLISHED).for_list().in_order()
    if not chosen:
        raise Refused(_t("Không còn đề nghị %s nào trong danh sách công khai.") % offer)
    decision = AwardDecision.objects.create(
        offer=offer,
        number=_entered(
            award_round.department,
            number,
            decided_on,
            f"{signer_name}, {signer_title}",
            subject_of(offer),
            gives_numbers(offer),
        ),
        decided_on=decided_on,
        issuer=issuer,
        signer_title=signer_title,
        signer_name=signer_name,
        recorded_by=by,
    )
    for nomination in chosen:
        award_of(nomination, decision).save()
        nomination.perform("award", by)
    award_round.record_event("decide", by, note=f"{decision.number}: {len(chosen)}")
    if not award_round.nominations.filter(status=Nomination.Status.PUBLISHED).exists():
        award_round.perform("finish", by)
    return decision


def subject_of(offer: AwardOffer) -> str:
    """What the decision is about, as the register tells it: "về việc tặng giấy khen: Khen thưởng …"."""
    return f"về việc tặng {offer.get_form_display()}: {offer.round.name}"


def _require_time(award_round, decided_on):
    if award_round.status != AwardRound.Status.PUBLIC:
        text = _t("Đợt xét khen đang “%s”. Quyết định được ghi sau khi công khai danh sách.")
        raise Refused(text % award_round.get_status_display())
    until = award_round.comments_until
    if decided_on <= until:
        raise Refused(
            _t("Danh sách công khai lấy ý kiến đến hết %s. Quyết định phải sau ngày đó.") % vietnamese.day(until)
        )
    if decided_on > timezone.localdate():
        raise Refused(_t("Ngày quyết định không thể sau hôm nay."))


def _entered(department, number, day, signer, abstract, is_own):
    """The decision's number and symbol, "07/QĐ-SGDĐT": one of the Department's own (`is_own`) goes into its register of
    outgoing papers, under the next number when none was typed. Raises Refused for a number used by another paper."""
    if not is_own:
        if not number:
            raise Refused(_t("Quyết định này do cấp trên ban hành: hãy ghi số của quyết định đó."))
        return number
    symbol = f"{SYMBOL}-{department.symbol}"
    typed = re.fullmatch(rf"0*(\d+)\s*/\s*{re.escape(symbol)}", number, flags=re.IGNORECASE)
    if number and not typed:
        return number  # of another series than the Department's own
    typed = int(typed[1]) if typed else None
    given = {"symbol": symbol, "issued_on": day, "abstract": abstract}
    same = OutgoingPaper.objects.of(department).filter(number=typed, **given).first()
    if typed and same:
        return same.number_and_symbol
    entry = {"type_name": "Quyết định", "abstract": abstract, "signer": signer}
    return OutgoingPaper.objects.enter(department, symbol, day, typed, **entry).number_and_symbol


def enter_revocation(award: Award) -> str:
    """The number and symbol of the decision that revokes `award`, on its `revoked_on`; in the register when it is the
    Department's own. Raises Refused for a number of another paper."""
    return _entered(
        award.programme.department,
        award.revoked_number,
        award.revoked_on,
        award.revoked_signer,
        f"về việc huỷ bỏ việc tặng {award.get_form_display()} tại Quyết định số {award.decision_number}"[:400],
        award.form != Award.Form.COMMENDATION,
    )


def award_of(nomination: Nomination, decision: AwardDecision) -> Award:
    """The award a nomination becomes, not stored yet, with its number in the book of awards of that year."""
    return Award(
        programme=nomination.round.programme,
        kind=nomination.kind,
        form=nomination.offer.form,
        school=nomination.school,
        district=nomination.district,
        full_name=nomination.full_name,
        position=nomination.position,
        achievement=nomination.achievement,
        citation=nomination.citation,
        decision_number=decision.number,
        decided_on=decision.decided_on,
        issuer=decision.issuer,
        decision=decision,
        nomination=nomination,
        book_number=NumberSeries.objects.take(nomination.round.department, BOOK, decision.decided_on.year),
        is_invented=nomination.is_invented,
    )
