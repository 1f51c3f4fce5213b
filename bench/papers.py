"""The Department's review with its annexes on the sample: set the first time, set again after one district changed, and
the same HTML printed by headless Chromium.

Ends with 1 when setting it again takes more than AGAIN of the first time, or the first time longer than Chromium.
"""

import sys
import tempfile
from pathlib import Path

import harness

AGAIN = 1 / 5
YEAR = 2023


def main():
    with harness.portal():
        from django.core.cache import caches
        from django.core.management import call_command

        from activities.models import Activity
        from reports import pdf
        from reports.models import Report

        call_command("load_sample", verbosity=0)
        report = Report.objects.for_list().get(period__school_year=YEAR, department__isnull=False)
        caches["parts"].clear()
        pages = []

        def build():
            content = report.file_content()
            pages.append(pdf.build_pdf(content, lambda percent, step: None)[1])

        first = harness.seconds(build)
        activity = Activity.objects.counted().filter(school_year=YEAR).order_by("-held_on").first()
        row = activity.units.exclude(school=None).first()
        row.teacher_turns += 1
        row.save()
        activity.store_totals()
        again = harness.seconds(build)
        caches["parts"].clear()
        printed = harness.seconds(lambda: print_with_chromium(report.file_content()))
        peak = harness.peak_megabytes()
    print(f"{pages[0]} pages")
    print(f"first time                        {first:6.2f} s")
    print(f"after one district changed        {again:6.2f} s = {again / first:.2f} of it (bound {AGAIN:.2f})")
    print(f"the same HTML through Chromium    {printed:6.2f} s; WeasyPrint takes {first / printed:.2f} of it (bound 1)")
    print(f"peak memory of this process       {peak:6.0f} MB")
    return again > AGAIN * first or first > printed


def print_with_chromium(content):
    """Body and annexes as files, each opened and printed to PDF; charts drawn as for WeasyPrint."""
    from django.contrib.staticfiles import finders
    from django.template.loader import render_to_string
    from playwright.sync_api import sync_playwright

    from reports import pdf
    from reports.letters import printable

    content = printable(content)
    press = pdf._Press(content, None)
    common = {"content": content, "paper": press.paper}
    parts = [render_to_string("reports/pdf/body.html", common)]
    whole = {"begins": True, "ends": True}
    parts += [
        render_to_string("reports/pdf/annex.html", common | whole | {"annex": annex}) for annex in content["annexes"]
    ]
    style = Path(finders.find("pdf/paper.css")).as_uri()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        for key, drawing in press.drawings.items():
            Path(folder, f"{key.partition(':')[2]}.svg").write_text(drawing)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        for n, html in enumerate(parts):
            for key in press.drawings:
                html = html.replace(key, f"{key.partition(':')[2]}.svg")
            file = Path(folder, f"{n}.html")
            file.write_text(html.replace("</head>", f'<link rel="stylesheet" href="{style}"></head>'))
            page.goto(file.as_uri())
            page.pdf(path=Path(folder, f"{n}.pdf"), prefer_css_page_size=True, tagged=True, outline=True)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
