"""What only the paper of a report has: number, dates, signatory and numbered charts, worded alike for PDF and Word."""

from reports import official


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


def annex_of(content: dict, paper: dict) -> str:
    """The line below the name of an annex."""
    return f"(Kèm theo Báo cáo số {paper['number']} {paper['date']} của {content['issuer_name']})"


def _in_words(chart):
    """The numbers of a chart for those who cannot see it: "Tháng 9/2023: 12; …", from its first and last columns."""
    first, last = chart["header"][0], chart["header"][-1]
    return f"{first} – {last}: " + "; ".join(f"{row[0]}: {row[-1]}" for row in chart["rows"])
