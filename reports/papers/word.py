"""Fills Word templates with the data of official papers. The only module that knows docxtpl; tables of reports come
from word_tables.py.

The template is a Word file of ours with real styles, so that the text can be worked on in Word; the command
make_word_template makes it.
"""

import io
from copy import copy

from django.conf import settings
from django.utils.safestring import mark_safe
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from reports.charts import png
from reports.official import joined, subject_lines
from reports.papers.head import issuer_lines, superior_lines
from reports.papers.letters import printable
from reports.papers.report import annex_of, report_paper
from reports.papers.tables import with_tables
from reports.papers.word_tables import paragraph_xml, table_xml

TEMPLATES = settings.BASE_DIR / "templates/reports/word"
AGREEMENT, MINUTES, REPORT, DECISION = (
    TEMPLATES / f"{name}.docx" for name in ("agreement", "minutes", "report", "decision")
)
PORTRAIT, LANDSCAPE = 160, 247  # mm between the margins
MOST_WHOLE = 30  # rows, as in templates/reports/pdf/body.html


def build_agreement(content: dict) -> bytes:
    """The Word twin of `pdf.build_agreement(content)`, as bytes of a .docx. Raises FontMissing."""
    return _filled(AGREEMENT, content)


def build_minutes(content: dict) -> bytes:
    """The Word twin of `pdf.build_minutes(content)`. Raises FontMissing."""
    return _filled(MINUTES, content)


def build_decision(content: dict) -> bytes:
    """The Word twin of `pdf.build_decision(content)`. Raises FontMissing."""
    names = printable(content["list"])
    return _filled(DECISION, content, list_name=names["name"].upper(), table=table_xml(names, PORTRAIT))


def build_report(content: dict) -> bytes:
    """The Word twin of `pdf.build_pdf(content)`: the same words, figures and tables. Raises FontMissing."""
    content = printable(content)
    paper = report_paper(content)
    template = DocxTemplate(REPORT)
    annexes = _annexes(content, paper, _sections(template.get_docx().element.body)) if content["annexes"] else ""
    template.render(_report_body(template, content, paper) | {"annexes": annexes}, autoescape=True)
    _end(template.docx.element.body, content["annexes"])
    _describe(template.docx.inline_shapes, content, paper)
    return _saved(template, paper["name"], content["issuer_name"])


def _filled(path, content, **drawn):
    template = DocxTemplate(path)
    template.render(_joined(printable(content)) | _head(content) | drawn, autoescape=True)
    return _saved(template, content["name"], content["issuer_name"])


def _head(content):
    """Ô 2, a line each."""
    lines = [line for issuer in printable(content["issuers"]) for line in issuer_lines(issuer)]
    return {"superior": superior_lines(printable(content.get("superior", ""))), "issuers": lines}


def _saved(template, title, author):
    properties = template.docx.core_properties
    properties.title, properties.author, properties.language = title, author, "vi-VN"
    target = io.BytesIO()
    template.save(target)
    return target.getvalue()


# --- Reports ----------------------------------------------------------------------------------------------------------


def _report_body(template, content, paper):
    last = len(content["recipients"]) - 1
    charts = {
        chart["key"]: {
            "title": f"Biểu đồ {told['number']}. {told['title']}",
            "picture": InlineImage(template, io.BytesIO(png(chart["spec"])), width=Mm(PORTRAIT)),
        }
        for chart, told in zip(content["charts"], paper["charts"], strict=True)
    }
    words = {
        **{key: content[key] for key in ("title", "addressee", "bases", "opening", "closing", "signer_name")},
        **{key: paper[key] for key in ("number", "place_and_date", "signer_lines")},
        **_head({"superior": content["superior"], "issuers": paper["issuers"]}),
        "abstract": subject_lines(content["abstract"]),
        "recipients": [f"- {line}{'.' if i == last else ';'}" for i, line in enumerate(content["recipients"])],
    }
    chapters = [
        {
            "heading": joined(f"{chapter['number']}. {chapter['heading'].upper()}") if chapter["number"] else "",
            "sections": [_section(section, charts) for section in chapter["sections"]],
        }
        for chapter in content["chapters"]
    ]
    return {**_joined(words), "is_draft": content["is_draft"], "chapters": chapters}


def _describe(shapes, content, paper):
    """Say in words what each chart shows, for those who cannot see it."""
    told = {chart["key"]: f"{chart['title']}. {chart['summary']}" for chart in paper["charts"]}
    sections = [section for chapter in content["chapters"] for section in chapter["sections"]]
    keys = [key for section in sections for key in section["charts"] if key in told]
    for shape, key in zip(shapes, keys, strict=True):
        shape._inline.docPr.set("descr", told[key])


def _section(section, charts):
    return {
        "heading": joined(f"{section['number']}. {section['heading']}") if section["number"] else "",
        "paragraphs": [
            {"kind": "table", "drawn": _in_body(told["table"])} if told["kind"] == "table" else _joined(told)
            for told in with_tables(section["paragraphs"])
        ],
        "tables": [{"drawn": _in_body(table), "notes": _joined(table["notes"])} for table in section["tables"]],
        "charts": [charts[key] for key in section["charts"] if key in charts],
    }


def _in_body(table):
    """On one page, but for a long one."""
    return table_xml(table, PORTRAIT, is_whole=len(table["rows"]) <= MOST_WHOLE)


def _sections(body):
    """{is on its side: w:sectPr} of the body of the report, and the one at the end."""
    return {False: body.xpath("./w:p/w:pPr/w:sectPr")[0], True: body.xpath("./w:sectPr")[0]}


def _annexes(content, paper, sections):
    """Each annex in a section of its own, upright or on its side, whose pages count from 1; the last one's section is
    that of the document (`_end`)."""
    annexes = content["annexes"]
    ends = [sections[annex["landscape"]].xml for annex in annexes[:-1]] + [""]
    parts = (_annex_xml(annex, content, paper, end) for annex, end in zip(annexes, ends, strict=True))
    return mark_safe("".join(parts))  # every text in it went through escape()


def _end(body, annexes):
    """Make the section of the document that of the last annex, or of the body where there is none."""
    sections = _sections(body)
    if not annexes:
        last = sections[False].getparent().getparent()
        body.replace(sections[True], sections[False])
        body.remove(last)
    elif not annexes[-1]["landscape"]:
        body.replace(sections[True], copy(sections[False]))


def _annex_xml(annex, content, paper, section):
    head = [
        paragraph_xml(f"Phụ lục {annex['number']}", "AnnexNumber"),
        paragraph_xml(annex["name"].upper(), "AnnexName"),
        paragraph_xml(annex_of(content, paper), "AnnexOf"),
        paragraph_xml("", "TableNote"),
    ]
    if annex["rows"]:
        width = LANDSCAPE if annex["landscape"] else PORTRAIT
        notes, last = annex["notes"], len(annex["notes"]) - 1
        head.append(table_xml(annex, width))
        head += [paragraph_xml(note, "TableNote", is_kept=at < last) for at, note in enumerate(notes)]
    else:
        head.append(paragraph_xml("Chưa có số liệu.", "AnnexOf"))
    return "".join(head) + (paragraph_xml("", "TableNote", section) if section else "")


def _joined(value):
    if isinstance(value, str):
        return joined(value)
    if isinstance(value, dict):
        return {key: _joined(item) for key, item in value.items()}
    return [_joined(item) for item in value] if isinstance(value, list) else value
