"""What the paper of an agreement says, worded in official form: plain data for the PDF and its Word twin alike.

Decree 30/2020/NĐ-CP has no model of a memorandum or pledge of two parties; the head, sizes and wording of dates and
numbers are those of its Phụ lục I, the rest is what such papers hold (domain facts §1.4): parties and who represents
them, legal basis, purposes, what each party does, period, number of copies, signatures of both sides.
"""

from itertools import zip_longest

from django.utils.translation import override

from reports.content import PAPER_LANGUAGE
from reports.official import balanced, cited, ended, long_date, named_lines, point, signer_lines
from reports.papers.head import issuer_lines, whole_words
from twinning.agreement_text import text_of
from twinning.models import Agreement
from twinning.vietnamese import same_key

LETTERS = {"supporting": "A", "supported": "B"}
# What is not known yet is left to be written by hand.
GAP, LINE = "…" * 8, "…" * 32
OPEN_DAY = "ngày …… tháng …… năm ………"
OWN_COPIES = 2
DIRECTIONS = {"mutual": "Hai bên hỗ trợ lẫn nhau.", "one_way": "Bên A hỗ trợ Bên B."}
STRANGE = str.maketrans('/\\:*?"<>|', "---------")
LONGEST_NAME = 120
# Characters that a line of the subject (trích yếu) has room for.
SUBJECT_LINE = 66
DASH = "\u00a0-"


def agreement_paper(agreement: Agreement) -> dict:
    """The paper of `agreement`: as it was signed, or as it stands today.

    {is_draft, name, file_name, issuer_name, issuers [str, a line each], number ("" on a paper that has none),
    place_and_date, title, abstract [str, a line each], bases [str], opening, parties [{label, unit, lines [str]}],
    agreed, articles [{number, heading, paragraphs [{kind, text}]}], signatures [[block, block]]}: a paragraph is of the
    kind "heading", "text", "lead" (it stays with the next one), "point" or "blank", a block of signature is {head,
    titles [str], name} with the supporting side on the left. The last paragraph closes the body and stays with the
    signatures.
    """
    with override(PAPER_LANGUAGE):  # an official paper is Vietnamese, whoever asks for it in whatever language
        text = agreement.frozen or text_of(agreement)
        return {
            **frame(text, text["signed_on"], text["signed_at"]),
            "is_draft": agreement.status in DRAFTS,
            "number": text["number"] or f"{GAP[:3]}/{text['symbol']}",
            "title": text["kind_label"].upper(),
            "abstract": _abstract(text),
            "bases": _bases(text),
            "agreed": f"Hai bên thống nhất ký kết {text['kind_label']} với các nội dung sau:",
            "articles": _articles(text),
        }


DRAFTS = {*Agreement.Status.unsigned(), Agreement.Status.WITHDRAWN} - {Agreement.Status.CONFIRMED}


# --- Head and parties -------------------------------------------------------------------------------------------------


def frame(text, signed_on, signed_at):
    """What the paper of an agreement and that of an amendment have in common."""
    one, other = (party["unit"] for party in text["parties"])
    day = long_date(signed_on) if signed_on else OPEN_DAY
    return {
        "name": f"{kind_name(text)} {between(one, other)}",
        "file_name": _file_name(text),
        "issuer_name": f"{one}, {other}",
        "issuers": _issuers(text["parties"]),
        "place_and_date": f"{text['place']}, {day}",
        "opening": f"Hôm nay, {day}, tại {signed_at or GAP}, chúng tôi gồm:",
        "parties": [_party(party, text) for party in text["parties"]],
        "signatures": _signatures(text["parties"]),
    }


def _issuers(parties):
    """Ô 2, of a joint paper: both names, broken by sense and parted by a dash."""
    lines = []
    for party, end in zip(parties, (DASH, ""), strict=True):
        office = party["unit"].removesuffix(party["above"]).strip()
        names = [office, party["above"] + end] if office != party["unit"] else [office + end]
        lines += [line for name in names for line in issuer_lines(name.upper())]
    return lines


def kind_name(text):
    label = text["kind_label"]
    return label[0].upper() + label[1:]


def between(one, other):
    return f"giữa {one} và {other}"


def _file_name(text):
    """ "Giao ước Trường THCS Tân Mai – Trường THCS Đại Yên", without signs that file systems refuse."""
    pair = " – ".join(party["unit" if party["kind"] == "school" else "above"] for party in text["parties"])
    return f"{kind_name(text)} {pair}".translate(STRANGE)[:LONGEST_NAME].strip()


def _abstract(text):
    subject = f" bộ môn {text['subject']}" if text["subject"] else ""
    phase = f"giai đoạn {text['phase']} " if text["phase"] else ""
    lines = [
        *by_sense(f"Về việc kết nghĩa{subject} giữa {{}}", "và {}", *(party["unit"] for party in text["parties"])),
        f"{phase}thực hiện phong trào",
    ]
    return [part for line in lines for part in balanced(line, SUBJECT_LINE)] + named_lines(f"“{text['programme']}”")


def by_sense(first, second, one, other):
    """Two phrases with the names of the parties, on one line when that has room for them."""
    lines = [first.format(one), second.format(other)]
    return [" ".join(lines)] if len(" ".join(lines)) <= SUBJECT_LINE else lines


def _bases(text):
    lines = [cited(basis["name"], basis["issued_on"], basis["issuer"], basis["abstract"]) for basis in text["bases"]]
    lines += [cited_agreement(text[name]) for name in ("umbrella", "renews") if text[name]]
    return ended([*lines, "Căn cứ nhu cầu, khả năng và sự thống nhất của hai bên"])


def cited_agreement(other):
    kind = other["kind_label"]
    number = f" số {other['number']}" if other["number"] else ""
    return f"Căn cứ {kind[0].upper()}{kind[1:]}{number} {long_date(other['signed_on'])} {between(*other['units'])}"


def _party(party, text):
    letter = LETTERS[party["side"]]
    subject = f" (bộ môn {text['subject']})" if text["subject"] else ""
    lines = [f"Đại diện: {_person(party['representative'], party['position'])}."]
    if party["members"]:
        lines.append(f"Cùng tham gia: {'; '.join(party['members'])}.")
    lines += [
        f"Cùng ký: {signatory['organisation']}, đại diện: {_person(signatory['full_name'], signatory['position'])}."
        for signatory in party["signatories"]
    ]
    return {
        "label": f"BÊN {letter} ({party['label'].upper()}): ",
        "unit": f"{party['unit']}{subject}".upper(),
        "lines": lines,
    }


def _person(name, position):
    position = position.rpartition("/")[2].strip()  # of "KT. Hiệu trưởng / Phó Hiệu trưởng" what the person is
    return f"Ông\u00a0(Bà) {name or GAP}; chức vụ: {position or GAP}"


# --- Articles ---------------------------------------------------------------------------------------------------------


def _articles(text):
    articles = [("Mục tiêu, nội dung phối hợp", _aims(text))]
    articles += [
        (f"Trách nhiệm của Bên {LETTERS[party['side']]}", prose(party["contents"])) for party in text["parties"]
    ]
    days = f"từ {long_date(text['starts_on'])} đến hết {long_date(text['ends_on'])}"
    articles += [
        ("Thời gian thực hiện", [paragraph("text", f"{kind_name(text)} được thực hiện {days}.")]),
        ("Tổ chức thực hiện", _carrying_out(text)),
        ("Hiệu lực", [paragraph("text", closing(f"{kind_name(text)} này", text["parties"]))]),
    ]
    return numbered(articles)


def numbered(articles):
    return [
        {"number": number, "heading": heading, "paragraphs": paragraphs}
        for number, (heading, paragraphs) in enumerate(articles, 1)
    ]


def paragraph(kind, text):
    return {"kind": kind, "text": text}


def prose(text):
    """What people wrote, a paragraph a line; room to write where they wrote nothing."""
    lines = [line for line in text.split("\n") if line.strip()]
    return [paragraph("text", line) for line in lines] or [paragraph("blank", LINE)] * 3


def points(names):
    """Điểm a, b, c …: a paragraph each."""
    lines = ended([f"{point(n)}) {name.rstrip('.;, ')}" for n, name in enumerate(names, 1)])
    return [paragraph("point", line) for line in lines]


def _aims(text):
    return [
        paragraph("heading", "1. Mục tiêu"),
        *prose(text["objectives"]),
        paragraph("heading", "2. Nội dung phối hợp"),
        *(points(text["areas"]) or [paragraph("blank", LINE)] * 2),
        paragraph("heading", "3. Chiều hỗ trợ"),
        paragraph("text", DIRECTIONS[text["direction"]]),
    ]


def _carrying_out(text):
    sections = [
        (heading, sides)
        for heading, name, wording in (
            ("Tổ công tác của hai bên gồm", "task_force", _of_task_force),
            ("Trường xây dựng điểm", "pilot_schools", str),
        )
        if (sides := [_of_side(party, name, wording) for party in text["parties"] if party[name]])
    ]
    paragraphs = []
    for number, (heading, sides) in enumerate(sections, 1):
        paragraphs += [paragraph("lead", f"{number}. {heading}:"), *points(sides)]
    duties = (
        "Hằng năm học, hai bên sơ kết; kết thúc giai đoạn, hai bên tổng kết và báo cáo cấp quản lý trực tiếp.",
        "Khi có vướng mắc hoặc cần sửa đổi, bổ sung, hai bên cùng bàn bạc và thống nhất bằng phụ lục.",
    )
    return paragraphs + [
        paragraph("text", f"{number}. {duty}") for number, duty in enumerate(duties, len(sections) + 1)
    ]


def _of_side(party, name, wording):
    return f"Bên {LETTERS[party['side']]}: {'; '.join(map(wording, party[name]))}"


def _of_task_force(person):
    position = f" ({person['position']})" if person["position"] else ""
    return f"Ông\u00a0(Bà) {person['full_name']}{position}, {person['duty']}"


def closing(paper, parties):
    """Each lead unit keeps two copies (one to work with, one for its archive), every other unit or organisation of a
    side one. "./." ends the body (Decree 30/2020, Phụ lục III)."""
    extra = [_others(party) for party in parties]
    total = sum(OWN_COPIES + len(others) for others in extra)
    kept = f"{OWN_COPIES:02d} bản"
    if any(extra):
        shares = f"đơn vị chủ trì của mỗi bên giữ {kept}, mỗi đơn vị cùng tham gia, tổ chức cùng ký giữ 01 bản"
    else:
        shares = f"mỗi bên giữ {kept}"
    return f"{paper} có hiệu lực kể từ ngày ký, được lập thành {total:02d} bản có giá trị như nhau; {shares}./."


def _others(party):
    """Units and organisations of a side beside the lead one; one that takes part and signs counts once."""
    names = [*party["members"], *(person["organisation"] for person in party["signatories"])]
    return {same_key(name) for name in names} - {same_key(party["unit"])}


# --- Signatures -------------------------------------------------------------------------------------------------------


def _signatures(parties):
    """Rows of two blocks: both lead units, then those who sign with them."""
    sides = [
        [
            _block(f"Đại diện Bên {LETTERS[party['side']]}", party["position"], party["representative"]),
            *(_block(who["organisation"], who["position"], who["full_name"]) for who in party["signatories"]),
        ]
        for party in parties
    ]
    nobody = {"head": "", "titles": [], "name": ""}
    return [list(row) for row in zip_longest(*sides, fillvalue=nobody)]


def _block(head, position, name):
    return {"head": whole_words(head.upper()), "titles": signer_lines(position), "name": name or GAP}
