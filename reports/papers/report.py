"""What only the paper of a report has: number, dates, signatory and numbered charts, worded alike for PDF and Word."""

from reports import official
from twinning import school_year

# Where the outline (reports/content.py) tells the agreements in effect.
AGREEMENTS_AT = "III.1"


def report_paper(content: dict) -> dict:
    """Of `content` (reports/content.py and Report.file_content): name, issuers, number, date, place_and_date,
    signer_lines, charts [{key, number, title, url, summary}]."""
    issued_on, year = content["issued_on"], content["draft_year"]
    title = content["signer_title"] or content["signatory"]
    return {
        "name": f"Báo cáo {content['abstract'][0].lower()}{content['abstract'][1:]}",
        "issuers": [content["issuer"]],
        "number": official.number_and_symbol(content["number"], content["symbol"]),
        "date": official.issue_date(issued_on, year),
        "place_and_date": official.place_and_date(content["place"], issued_on, year),
        "signer_lines": official.signer_lines(title),
        "charts": [
            {
                "key": chart["key"],
                "number": number,
                "title": chart["title"],
                "url": f"chart:{chart['key']}",
                "summary": _in_words(chart),
            }
            for number, chart in enumerate(content["charts"], 1)
        ],
    }


def nil_content(content: dict) -> dict:
    """`content` of a report "không phát sinh" as its paper says it: in a few sentences, no annexes, where the whole
    outline would say "chưa có số liệu" at each item. What people wrote all the same stays."""
    period = content["period"]
    label = period.get("label") or (school_year.label(period["school_year"]) if period["school_year"] else "")
    span = f"năm học {label}" if label else f"giai đoạn {content['programme']['phase']}"
    told = (
        f"Trong {span}, tính đến hết {official.long_date(period['cut_off_on'])}, {content['issuer_name']} "
        "không phát sinh hoạt động và khoản hỗ trợ nào trong phong trào."
    )
    sections = [(f"{c['number']}.{s['number']}", s) for c in content["chapters"] for s in c["sections"]]
    has_any = content["figures"].get("agreements_live", {}).get("value")
    told_at = [section for place, section in sections if place == AGREEMENTS_AT and has_any]
    agreements = [line for section in told_at for line in section["paragraphs"][:1]]
    written = [line for _place, section in sections for line in section["paragraphs"] if line["kind"] == "written"]
    section = {"number": "", "heading": "", "key": "", "tables": [], "charts": []}
    paragraphs = [{"kind": "figure", "text": told}, *agreements, *written]
    return {
        **content,
        "bases": [line.replace(" (Phụ lục I)", "") for line in content["bases"]],
        "chapters": [{"number": "", "heading": "", "sections": [{**section, "paragraphs": paragraphs}]}],
        "charts": [],
        "annexes": [],
    }


def annex_of(content: dict, paper: dict) -> str:
    """The line below the name of an annex."""
    return f"(Kèm theo Báo cáo số {paper['number']} {paper['date']} của {content['issuer_name']})"


def _in_words(chart):
    """The numbers of a chart for those who cannot see it: "Tháng 9/2023: 12; …", from its first and last columns."""
    first, last = chart["header"][0], chart["header"][-1]
    return f"{first} – {last}: " + "; ".join(f"{row[0]}: {row[-1]}" for row in chart["rows"])
