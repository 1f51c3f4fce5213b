"""What stands on each certificate of a decision (giấy khen), as plain data for the PDF.

Paper, border and wording of certificates are set by the rules on awards, not by Decree 30/2020, and were not found
(domain facts §1.4): this prints the text alone, as a draft for the office's own blank form.
"""

from django.utils.translation import override

from reports.content import PAPER_LANGUAGE
from reports.models import CertificateFile
from reports.official import balanced, long_date, signer_lines
from twinning.symbols import formal_name

# Letters of the recipient's name → how large it is set (CSS class); letters in a line of the citation, and in one of a
# citation that would take more than so many lines.
LONG, VERY_LONG, LINE = 30, 52, 70
SMALL_LINE, MOST_LINES = 96, 3


def certificates(file: CertificateFile) -> dict:
    """{name, issuer_name, paper, layout, shift_right, shift_down (mm), head [str], title, sheets [{recipient, size, of,
    citation [str], is_long, decision [str], place_and_date, signer_lines [str], signer_name}]}."""
    with override(PAPER_LANGUAGE):
        decision = file.decision
        department = decision.offer.round.department
        form = str(decision.offer.get_form_display())
        awards = decision.awards.standing().for_list().order_by("book_number", "pk")
        return {
            "name": f"{form[0].upper()}{form[1:]} theo Quyết định số {decision.number}",
            "issuer_name": decision.issuer,
            "paper": file.paper,
            "layout": file.layout,
            "shift_right": file.shift_right,
            "shift_down": file.shift_down,
            "head": [decision.issuer.upper()],
            "title": form.upper(),
            "sheets": [_sheet(award, decision, department) for award in awards],
        }


def _sheet(award, decision, department):
    unit = formal_name(award.school.name) if award.school else award.district.office_name
    who = award.full_name or unit
    citation = balanced(award.praise, LINE)
    of = [award.position, unit] if award.full_name else [str(award.district) if award.school else ""]
    return {
        "recipient": who,
        "size": "very-long" if len(who) > VERY_LONG else "long" if len(who) > LONG else "",
        "of": ", ".join(filter(None, of)),
        "citation": citation if len(citation) <= MOST_LINES else balanced(award.praise, SMALL_LINE),
        "is_long": len(citation) > MOST_LINES,
        "decision": [
            f"Quyết định số {decision.number}",
            long_date(decision.decided_on),
            *([f"Số sổ khen thưởng: {award.book_number}"] if award.book_number else []),
        ],
        "place_and_date": f"{department.place}, {long_date(decision.decided_on)}",
        "signer_lines": signer_lines(decision.signer_title),
        "signer_name": decision.signer_name,
    }
