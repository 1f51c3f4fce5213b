"""What a report says, as plain JSON data: read by the page of the report, by the PDF, and frozen at submission."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from reports import charts
from reports.annexes import annexes
from reports.comparison import Comparison
from reports.facts import Facts
from reports.models import ReportingPeriod
from reports.official import cited, ended, long_date
from reports.sentences import Sentences
from twinning import school_year
from twinning.models import District

SCHEMA = 4
PAPER_LANGUAGE = "vi"


@dataclass(frozen=True)
class Section:
    """One item of the outline. People write the sections that have a key; `facts` and `tables` name the methods of
    `Sentences` that write above and below them; `missing` is printed when there is nothing at all."""

    place: str
    heading: str
    key: str = ""
    hint: str = ""
    facts: str = ""
    tables: str = ""
    missing: str = _("Đơn vị chưa có nội dung báo cáo ở mục này.")

    @property
    def chapter(self):
        """ "IV" of "IV.2"."""
        return self.place.partition(".")[0]

    @property
    def number(self):
        """ "2" of "IV.2"; empty when the chapter is one section."""
        return self.place.partition(".")[2]


CHAPTERS = {
    "I": _("Đặc điểm tình hình"),
    "II": _("Công tác chỉ đạo, triển khai"),
    "III": _("Kết quả thực hiện"),
    "IV": _("Đánh giá chung"),
    "V": _("Phương hướng, nhiệm vụ"),
    "VI": _("Đề xuất, kiến nghị"),
    "VII": _("Khen thưởng, đề nghị khen thưởng"),
}
OUTLINE = (
    Section(
        "I.1",
        _("Quy mô"),
        "scale",
        _("Số lớp, học sinh, cán bộ quản lý, giáo viên, nhân viên theo cấp học."),
        facts="scale",
        tables="size_tables",
        missing="",
    ),
    Section("I.2", _("Thuận lợi"), "advantages", _("Điều gì giúp việc kết nghĩa năm nay thuận lợi?")),
    Section("I.3", _("Khó khăn"), "difficulties", _("Khó khăn về đội ngũ, cơ sở vật chất, khoảng cách, thời gian …")),
    Section(
        "II.1",
        _("Công tác chỉ đạo"),
        "guidance",
        _("Văn bản đã ban hành, tổ công tác, kiểm tra, tuyên truyền. Ghi số và ngày của văn bản."),
    ),
    Section("II.2", _("Kết nghĩa, ký kết và trường điểm"), facts="pairing"),
    Section("III.1", _("Ký kết giao ước"), facts="agreements"),
    Section("III.2", _("Hoạt động chuyên môn"), facts="professional"),
    Section(
        "III.3",
        _("Công tác quản lý"),
        "management_results",
        _("Kết quả trao đổi kinh nghiệm quản lý, xây dựng trường học, đánh giá giáo viên …"),
        facts="management",
        missing="",
    ),
    Section("III.4", _("Hỗ trợ cơ sở vật chất, học sinh"), facts="support"),
    Section("III.5", _("Giao lưu học sinh, văn hoá, thể thao"), facts="exchange"),
    Section("III.6", _("Hoạt động công đoàn"), facts="union"),
    Section(
        "III.7",
        _("Tác động"),
        "impact",
        _("Xếp hạng, kết quả thi, giải thưởng, giáo viên dạy giỏi: trước và sau khi kết nghĩa."),
        facts="impact",
        tables="indicator_tables",
        missing=_("Xếp hạng, giải thưởng, giáo viên dạy giỏi: chưa có số liệu."),
    ),
    Section("III.8", _("Thực hiện chỉ tiêu của giao ước"), facts="targets", tables="target_tables"),
    Section("IV.1", _("Ưu điểm"), "strengths", _("Việc làm tốt, cách làm hay, đơn vị điển hình.")),
    Section("IV.2", _("Tồn tại, hạn chế"), "weaknesses", _("Việc chưa làm được, cặp chưa có hoạt động.")),
    Section("IV.3", _("Nguyên nhân"), "causes", _("Nguyên nhân khách quan và chủ quan.")),
    Section("IV.4", _("Bài học kinh nghiệm"), "lessons", _("Điều rút ra để làm tốt hơn.")),
    Section("V", _("Phương hướng, nhiệm vụ"), "next_year", _("Việc sẽ làm trong thời gian tới; ghi chỉ tiêu cụ thể.")),
    Section("VI", _("Đề xuất, kiến nghị"), "proposals", _("Kiến nghị với cấp trên, với đơn vị bạn.")),
    Section("VII", _("Khen thưởng, đề nghị khen thưởng"), facts="awards"),
)
# What people write, in the order of the paper; the pages build their editing form from it.
SECTIONS = tuple(section for section in OUTLINE if section.key)
HEADINGS = {section.key: section.heading for section in SECTIONS}
# The charts stand below the figures they draw.
CHARTS_AT = "III.2"


def report_content(report) -> dict:
    """Everything the paper of `report` (a Report) says, from today's rows. Two calls on the same rows give equal dicts.

    Schema 4 (1 had no tables, 2 no period.title, 3 at most four annexes): schema, unit, programme, period;
    superior, issuer, issuer_name, symbol, place, draft_year, title, abstract, bases, addressee, opening; chapters
    [{number, heading, sections: [{number, heading, key, paragraphs: [{kind, text}], tables, charts}]}], where the
    kind of a paragraph is "figure" (written from figures), "written" (by people), "counting" (how it was counted)
    or "missing", and a table is one of reports/annexes.py without number and name but with the `ids` of the rows it
    was summed from; closing, recipients, signatory; figures {key: {value, ids}}; charts [{key, title, spec, header,
    rows}]; annexes (reports/annexes.py).
    """
    with override(PAPER_LANGUAGE):  # an official paper is Vietnamese, whoever asks for it in whatever language
        facts = Facts(report)
        compared = Comparison(facts)
        issuer = facts.issuer
        drawn = _charts(facts)
        tables = annexes(facts, compared)
        sentences = Sentences(facts, compared, tables)
        return {
            "schema": SCHEMA,
            "unit": {"kind": issuer.kind, "id": facts.unit.pk},
            "programme": {"id": facts.programme.pk, "name": facts.programme.name, "phase": facts.programme.phase},
            "period": {
                "school_year": facts.year,
                "label": facts.period.school_year_label,
                "title": facts.period.title,
                "cut_off_on": facts.cut_off_on.isoformat(),
            },
            "superior": issuer.superior,
            "issuer": issuer.line,
            "issuer_name": issuer.name,
            "symbol": issuer.symbol,
            "place": issuer.place,
            "draft_year": facts.period.due_on.year,
            "title": "BÁO CÁO",
            "abstract": _abstract(facts),
            "bases": _bases(facts),
            "addressee": issuer.addressee,
            "opening": _opening(facts),
            "chapters": _chapters(facts, sentences, report.texts(), drawn),
            "closing": _closing(facts),
            "recipients": _recipients(facts),
            "signatory": issuer.signatory,
            "figures": facts.figures,
            "charts": drawn,
            "annexes": tables,
        }


# --- Beginning and end ------------------------------------------------------------------------------------------------


def _movement(facts):
    return f"phong trào “{facts.programme.name}”"


def _abstract(facts):
    """Of a period with a name of its own that name; else it says whose movement is reviewed."""
    title = facts.period.report_title.removeprefix("báo cáo ").removeprefix("nhanh ")
    title = f"{title[0].upper()}{title[1:]}"
    return title if facts.period.kind == ReportingPeriod.Kind.AD_HOC else f"{title} thực hiện {_movement(facts)}"


def _bases(facts):
    """Căn cứ, one a line; only those in force on the day of cut-off."""
    day = facts.cut_off_on
    lines = [
        cited(f"{basis.type_name} số {basis.symbol}", basis.issued_on, basis.issuer, basis.abstract)
        for basis in facts.programme.legal_bases.all()
        if (basis.valid_from is None or basis.valid_from <= day) and (basis.valid_to is None or basis.valid_to >= day)
    ]
    if not facts.is_department and facts.agreements:
        lines.append("Căn cứ các giao ước đã ký kết giữa các đơn vị (Phụ lục I)")
    return ended(lines)


def _opening(facts):
    is_whole = facts.year is None or not facts.programme.phase
    phase = "" if is_whole else f" giai đoạn {facts.programme.phase}"
    return (
        f"{facts.issuer.name} {facts.period.report_title} thực hiện {_movement(facts)}{phase}, "
        f"số liệu chốt đến hết {long_date(facts.cut_off_on)}, như sau:"
    )


def _closing(facts):
    """What a correction replaces (Điều 18.3), and the last sentence; "./." ends the body of every model of the decree
    (Phụ lục III)."""
    sentence = f"Trên đây là {facts.period.report_title} của {facts.issuer.name}"
    if facts.issuer.addressee:
        sentence += f", trân trọng báo cáo {facts.issuer.addressee}"
    if old := facts.replaces:
        number = f"số {old.number_and_symbol} {long_date(old.issued_on)}"
        sentence = f"Báo cáo này thay thế Báo cáo {number} của {facts.issuer.name}. {sentence}"
    return f"{sentence}./."


def _recipients(facts):
    """Nơi nhận: the first line is "Như trên" when there is an addressee, the last one the archive (II.9.b)."""
    if facts.is_department:
        there = {district.kind for row in facts.pairs for district in _parties(row.agreement)}
        kinds = ", ".join(str(kind.label) for kind in District.Kind if kind in there)
        others = [
            f"{facts.unit.superior} (để báo cáo)",
            f"Các Phòng Giáo dục và Đào tạo {kinds}".strip(),
        ]
    else:
        others = ["Như trên"]
        if facts.is_district:
            others.append(f"UBND {facts.unit} (để báo cáo)")
        others.append("Các đơn vị kết nghĩa (để phối hợp)")
    return [*others, "Lưu: VT"]


def _parties(agreement):
    return agreement.supporting_district, agreement.supported_district


# --- Body -------------------------------------------------------------------------------------------------------------


def _chapters(facts, sentences, texts, drawn):
    chapters = []
    for number, heading in CHAPTERS.items():
        if number == "V":
            heading = f"{heading} {_time_after(facts)}"
        sections = [
            {
                "number": section.number,
                "heading": str(section.heading),
                "key": section.key,
                "paragraphs": _paragraphs(section, sentences, texts),
                "tables": getattr(sentences, section.tables)() if section.tables else [],
                "charts": [chart["key"] for chart in drawn] if section.place == CHARTS_AT else [],
            }
            for section in OUTLINE
            if section.chapter == number
        ]
        if number == "VII" and not sections[0]["paragraphs"]:  # nobody is honoured, nobody proposed
            continue
        chapters.append({"number": number, "heading": str(heading), "sections": sections})
    return chapters


def _time_after(facts):
    return "giai đoạn tiếp theo" if facts.year is None else f"năm học {school_year.label(facts.year + 1)}"


def _paragraphs(section, sentences, texts):
    paragraphs = []
    if section.facts:
        paragraphs += [_paragraph("figure", text) for text in getattr(sentences, section.facts)()]
    written = [line for line in texts.get(section.key, "").split("\n") if line.strip()]
    paragraphs += [_paragraph("written", line) for line in written]
    if section.key and not paragraphs and section.missing:
        paragraphs.append(_paragraph("missing", str(section.missing)))
    if section.place == CHARTS_AT and (rule := sentences.counting_rule()):
        paragraphs.append(_paragraph("counting", rule))
    return paragraphs


def _paragraph(kind, text):
    return {"kind": kind, "text": text}


def _charts(facts):
    """[{key, title, spec, header, rows}]: months for everyone, district pairs for the Department; none without data."""
    found = {"monthly": charts.monthly(facts.months)}
    if facts.is_department:
        found["by_pair"] = charts.by_pair(facts.pairs)
    return [
        {"key": key, "title": chart.title, "spec": chart.spec, "header": chart.header, "rows": chart.rows}
        for key, chart in found.items()
        if chart.spec
    ]
