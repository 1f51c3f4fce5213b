"""Writes down the decision that gives one form of award in a round: awards are made of all that stand on the public
list, in one transaction and once."""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from reports.models import Award, AwardDecision, AwardOffer, AwardRound, Nomination, OutgoingPaper
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
        number=_entered(offer, award_round.department, number, decided_on, signer_name),
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


def _require_time(award_round, decided_on):
    if award_round.status != AwardRound.Status.PUBLIC:
        text = _t("Đợt xét khen đang “%s”. Quyết định được ghi sau khi công khai danh sách.")
        raise Refused(text % award_round.get_status_display())
    until = award_round.comments_until
    if decided_on <= until:
        raise Refused(
            _t("Danh sách công khai lấy ý kiến đến hết %s. Quyết định phải sau ngày đó.") % f"{until:%d/%m/%Y}"
        )
    if decided_on > timezone.localdate():
        raise Refused(_t("Ngày quyết định không thể sau hôm nay."))


def _entered(offer, department, number, decided_on, signer):
    """The decision's number and symbol, "07/QĐ-SGDĐT": one of the Department's own goes into its register of outgoing
    papers, under the next number when none was typed. Raises Refused for a number used."""
    if not gives_numbers(offer):
        if not number:
            raise Refused(_t("Quyết định tặng bằng khen do cấp trên ban hành: hãy ghi số của quyết định đó."))
        return number
    symbol = f"{SYMBOL}-{department.symbol}"
    typed = re.fullmatch(rf"0*(\d+)\s*/\s*{re.escape(symbol)}", number, flags=re.IGNORECASE)
    if number and not typed:
        return number  # of another series than the Department's own
    paper = OutgoingPaper.objects.enter(
        department,
        symbol,
        decided_on,
        int(typed[1]) if typed else None,
        type_name="Quyết định",
        abstract=f"về việc tặng {offer.get_form_display()}: {offer.round.name}",
        signer=signer,
    )
    return paper.number_and_symbol


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
