"""What the paper of an amendment (phụ lục) says: old beside new, in the same form and for the same prints as the paper
of its agreement."""

from django.utils import timezone
from django.utils.translation import override

from reports.content import PAPER_LANGUAGE
from reports.official import balanced, ended, long_date
from reports.papers.agreement import (
    DIRECTIONS,
    LETTERS,
    SUBJECT_LINE,
    by_sense,
    cited_agreement,
    closing,
    frame,
    kind_name,
    numbered,
    paragraph,
    points,
    prose,
)
from twinning.agreement_text import AMENDABLE, PROSE, text_of, unit_name
from twinning.models import Amendment, ContentArea, District, School

READY = {Amendment.Status.CONFIRMED, Amendment.Status.SIGNED}
HEADINGS = {
    "direction": "Chiều hỗ trợ",
    "ends_on": "Thời gian thực hiện",
    "objectives": "Mục tiêu",
    "supporting_contents": f"Trách nhiệm của Bên {LETTERS['supporting']}",
    "supported_contents": f"Trách nhiệm của Bên {LETTERS['supported']}",
    "content_areas": "Nội dung phối hợp",
    "members": "Đơn vị cùng tham gia",
}


def amendment_paper(amendment: Amendment) -> dict:
    """The paper of `amendment`, in the shape of `agreement_paper`. It has no number of its own; parties are as the
    agreement was signed."""
    with override(PAPER_LANGUAGE):
        agreement = amendment.agreement
        text = agreement.frozen or text_of(agreement)
        signed_on = amendment.signed_on and amendment.signed_on.isoformat()
        number = f"Phụ lục số {amendment.position:02d}"
        common = frame(text, signed_on, "")
        whole = f"{kind_name(text)} số {text['number']}" if text["number"] else kind_name(text)
        return {
            **common,
            "name": f"{number} của {common['name']}",
            "file_name": f"{number} {common['file_name']}",
            "is_draft": amendment.status not in READY,
            "number": "",
            "title": number.upper(),
            "abstract": _abstract(whole, text),
            "bases": ended(
                [
                    cited_agreement({**text, "units": [party["unit"] for party in text["parties"]]}),
                    "Căn cứ nhu cầu, khả năng và sự thống nhất của hai bên",
                ]
            ),
            "agreed": "Hai bên thống nhất ký kết phụ lục với các nội dung sau:",
            "articles": numbered(
                [
                    ("Lý do điều chỉnh", prose(amendment.reason)),
                    ("Nội dung sửa đổi, bổ sung", _changes(amendment)),
                    ("Hiệu lực", _effect(whole, text)),
                ]
            ),
        }


def _abstract(whole, text):
    lines = [
        f"Sửa đổi, bổ sung {whole}",
        *by_sense("giữa {}", "và {}", *(party["unit"] for party in text["parties"])),
    ]
    return [part for line in lines for part in balanced(line, SUBJECT_LINE)]


def _effect(whole, text):
    return [
        paragraph("text", f"1. Các nội dung khác của {whole} giữ nguyên."),
        paragraph("text", f"2. {closing('Phụ lục này', text['parties'])}"),
    ]


def _changes(amendment):
    names = _Names(amendment)
    paragraphs = []
    changed = [name for name in AMENDABLE if name in amendment.changes]
    for number, name in enumerate(changed, 1):
        paragraphs.append(paragraph("heading", f"{number}. {HEADINGS[name]}"))
        paragraphs.append(paragraph("lead", "Nội dung đang thực hiện:"))
        paragraphs += names.wording(name, amendment.base.get(name)) or [paragraph("text", "(Chưa có.)")]
        paragraphs.append(paragraph("lead", "Nay sửa đổi thành:"))
        paragraphs += names.wording(name, amendment.changes[name]) or [paragraph("text", "(Bỏ nội dung này.)")]
    return paragraphs


class _Names:
    """Words for the plain values an amendment keeps, with the names units had on its day."""

    def __init__(self, amendment):
        said = (amendment.base, amendment.changes)
        self.day = amendment.signed_on or amendment.agreement.signed_on or timezone.localdate()
        members = [member for values in said for member in values.get("members", ())]
        self.areas = ContentArea.objects.in_bulk({pk for values in said for pk in values.get("content_areas", ())})
        schools = School.objects.prefetch_related("former_names")
        self.schools = schools.in_bulk({school for _side, _district, school in members if school})
        self.districts = District.objects.in_bulk({district for _side, district, _school in members})

    def wording(self, name, value):
        """Paragraphs; none when there is nothing to say."""
        if not value:
            return []
        if name in PROSE:
            return prose(value)
        if name == "content_areas":
            names = [area.name for area in sorted(self.areas.values(), key=_place) if area.pk in value]
        elif name == "members":
            names = [self._member(*member) for member in value]
        else:
            return [paragraph("text", DIRECTIONS[value] if name == "direction" else f"Đến hết {long_date(value)}.")]
        return points(names)

    def _member(self, side, district, school):
        unit = unit_name(self.schools.get(school), self.districts[district], self.day)
        return f"{unit} (Bên {LETTERS[side]})"


def _place(area):
    return area.position, area.pk
