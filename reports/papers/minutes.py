"""The minutes of the council that voted on nominations (biên bản họp), worded as plain data for the PDF and its Word
twin alike.

Form: Decree 30/2020/NĐ-CP, Phụ lục III, Mẫu 1.9: a head without place and date; time, place, who was there, chair,
secretary, what was said; the hour it ended; the secretary signs left, the chair right; "Lưu: VT, Hồ sơ" below.
"""

from collections import Counter

from django.utils.translation import override

from reports.awards.law import laws_of
from reports.content import PAPER_LANGUAGE
from reports.models import Award, AwardRound, Nomination
from reports.official import balanced, ended, issuer_of, long_date, named_lines
from twinning.vietnamese import number

SUBJECT_LINE = 66
STRANGE = str.maketrans('/\\:*?"<>|', "---------")
# Those the council had before it, whatever became of them since.
BEFORE_COUNCIL = (Nomination.Status.COUNCIL, Nomination.Status.PUBLISHED, Nomination.Status.AWARDED)


def voted_on(award_round: AwardRound):
    """The nominations of the minutes: those at the council, and those it has voted on."""
    rows = award_round.nominations.for_list().in_order()
    return [n for n in rows if n.status in BEFORE_COUNCIL or n.votes_for is not None]


def minutes(award_round: AwardRound) -> dict:
    """{is_draft, name, file_name, issuer_name, superior, issuers [str], number ("" when it has none), title, abstract
    [str], facts [{label, text, points [str]}], sections [{heading, paragraphs [str], rows [[str]]}], closing,
    signatures [[block, block]], recipients [str]}; a row is position, recipient, unit, achievement, votes. Raises
    AwardMeeting.DoesNotExist before the meeting was written down."""
    with override(PAPER_LANGUAGE):
        meeting = award_round.meeting
        nominations = voted_on(award_round)
        issuer = issuer_of(award_round.department)
        subject = f"Họp {meeting.council[0].lower()}{meeting.council[1:]} xét, đề nghị khen thưởng"
        return {
            "is_draft": any(nomination.votes_for is None for nomination in nominations) or not nominations,
            "name": f"Biên bản {subject[0].lower()}{subject[1:]}",
            "file_name": f"Biên bản {award_round.name}".translate(STRANGE)[:120].strip(),
            "issuer_name": issuer.name,
            "superior": issuer.superior,
            "issuers": [issuer.line],
            "number": meeting.number,
            "title": "BIÊN BẢN",
            "abstract": [
                *balanced(subject, SUBJECT_LINE),
                *balanced(f"{award_round.time_label}, phong trào", SUBJECT_LINE),
                *named_lines(f"“{award_round.programme.name}”"),
            ],
            "facts": _facts(meeting),
            "sections": _sections(award_round, meeting, nominations),
            "closing": f"Cuộc họp kết thúc vào {_hour(meeting.ends_at)}, {long_date(meeting.held_on)}./.",
            "signatures": [
                [
                    {"head": "THƯ KÝ", "titles": [], "name": meeting.secretary_name},
                    {"head": "CHỦ TỌA", "titles": [], "name": meeting.chair_name},
                ]
            ],
            "recipients": ["- Lưu: VT, Hồ sơ."],
        }


def _hour(time):
    return f"{time.hour:02d} giờ {time.minute:02d} phút"


def _facts(meeting):
    attendees = _lines(meeting.attendees)
    there = f"{number(meeting.present)}/{number(meeting.members)} thành viên hội đồng"
    facts = [
        ("Thời gian bắt đầu", f"{_hour(meeting.starts_at)}, {long_date(meeting.held_on)}.", []),
        ("Địa điểm", f"{meeting.place}.", []),
        ("Thành phần tham dự", f"{there}, gồm:" if attendees else f"{there}.", ended(attendees)),
    ]
    if absent := _lines(meeting.absent):
        facts.append(("Vắng mặt", f"{'; '.join(absent)}.", []))
    facts += [
        ("Chủ trì (chủ tọa)", f"{meeting.chair_name}, {meeting.chair_title}.", []),
        ("Thư ký (người ghi biên bản)", f"{meeting.secretary_name}, {meeting.secretary_title}.", []),
    ]
    return [{"label": label, "text": text, "points": [f"- {line}" for line in lines]} for label, text, lines in facts]


def _lines(text):
    return [line.strip().rstrip(".;") for line in text.split("\n") if line.strip()]


def _sections(award_round, meeting, nominations):
    days = {n.submitted_on or award_round.due_on for n in nominations} or {award_round.due_on}
    sections = [("Căn cứ xét khen thưởng (theo ngày nhận hồ sơ)", [f"- {line}" for line in ended(laws_of(days))], [])]
    if course := _lines(meeting.course):
        sections.append(("Trao đổi, thảo luận", [f"{line}." for line in course], []))
    for offer in award_round.offers.all():
        for kind in Award.Kind:
            group = [n for n in nominations if n.offer_id == offer.pk and n.kind == kind]
            if group:
                name = str(offer.get_form_display())
                heading = f"Kết quả bỏ phiếu: {name}, {kind.label} ({number(len(group))} đề nghị)"
                sections.append((heading, [], [_row(i, n) for i, n in enumerate(group, 1)]))
    sections.append(("Kết luận", _conclusion(award_round, meeting, nominations), []))
    return [
        {"heading": f"{i}. {heading}", "paragraphs": paragraphs, "rows": rows}
        for i, (heading, paragraphs, rows) in enumerate(sections, 1)
    ]


def _row(position, nomination):
    votes = nomination.votes_label.partition(" ")[0] or "…"
    return [str(position), nomination.recipient_line, nomination.belongs_to or "–", nomination.citation, votes]


def _conclusion(award_round, meeting, nominations):
    passed = [nomination for nomination in nominations if nomination.passes(meeting)]
    rule = "quá nửa" if award_round.pass_percent == 50 else f"từ {award_round.pass_percent}% trở lên"
    if not passed:
        return [f"Không có đề nghị nào đạt {rule} số thành viên hội đồng đồng ý."]
    counts = Counter((n.offer_id, n.kind) for n in passed)
    parts = []
    for offer in award_round.offers.all():
        told = [f"{counts[offer.pk, kind]:02d} {kind.label}" for kind in Award.Kind if counts[offer.pk, kind]]
        if told:
            parts.append(f"{offer.get_form_display()} cho {' và '.join(told)}")
    lines = [f"Hội đồng thống nhất đề nghị tặng {'; '.join(parts)}, là các đề nghị đạt {rule} số thành viên đồng ý."]
    if refused := [nomination.recipient for nomination in nominations if not nomination.passes(meeting)]:
        lines.append(f"Không đủ phiếu: {'; '.join(refused)}.")
    return [*lines, f"Danh sách được công khai {award_round.comment_days} ngày trước khi quyết định."]
