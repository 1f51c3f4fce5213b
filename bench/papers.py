"""The Department's final review with its annexes on the sample, from the click to the file: by the worker of Procfile
with two processes, by headless Chromium that prints the same HTML, and by LibreOffice that prints the Word twin; and
again after the figures of one district changed.

Chromium's and LibreOffice's papers are made in this process by the same click: contents, charts, HTML or Word,
printing, and for Chromium the joining of its parts. SQLite and files for a queue; with DATABASE_URL and REDIS_URL
PostgreSQL and Redis. Ends with 1 beyond a bound.
"""

import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import harness

YEAR = 2023
TIMES = 3


def main():
    with harness.portal() as connection:
        from django.core.management import call_command

        from accounts.models import User
        from activities.models import Activity
        from reports.models import Report, ReportFile, ReportingPeriod
        from twinning.models import Programme

        call_command("load_sample", verbosity=0)
        period = ReportingPeriod.objects.create(
            programme=Programme.objects.get(), kind="final", cut_off_on=date(2025, 5, 31), due_on=date(2025, 6, 15)
        )
        period.open()
        of_department = {"period": period, "department__isnull": False}
        person = User.objects.get(email="so@example.vn")

        def click():
            """Ask for the PDF as the page does, and wait for it."""
            file, is_new = ReportFile.objects.request(Report.objects.for_list().get(**of_department), person)
            assert is_new
            file.enqueue()
            while file.state in ReportFile.State.pending():
                time.sleep(0.01)
                file.refresh_from_db(fields=["state", "pages"])
            assert file.state == ReportFile.State.READY, file.error

        def content():
            return Report.objects.for_list().get(**of_department).file_content()

        def change():
            """One activity, and with it the figures of its districts."""
            activity = Activity.objects.counted().filter(school_year=YEAR).order_by("held_on").first()
            row = activity.units.exclude(school=None).first()
            row.teacher_turns += 1
            row.save()
            activity.store_totals()

        with harness.worker(connection):
            warm_up(person)
            first, again = [], []
            for _time in range(TIMES):
                change()
                first.append(harness.seconds(click))
                change()
                again.append(harness.seconds(click))
            pages = ReportFile.objects.order_by("requested_at").last().pages
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        chromium = [harness.seconds(lambda: print_with_chromium(content())) for _time in range(TIMES)]
        word = [harness.seconds(lambda: print_with_libreoffice(content())) for _time in range(TIMES)]
        print(
            f"{pages} pages, {harness.WORKERS} workers. {harness.versions(connection)}. Load {os.getloadavg()[0]:.1f}"
        )
        return harness.report(
            [
                ("click to file", min(first), None, "s"),
                ("the same through Chromium", min(chromium), None, "s"),
                ("the same through Word and LibreOffice", min(word), None, "s"),
                ("again after one district changed", min(again), None, "s"),
                ("click to file / Chromium", min(first) / min(chromium), 1, "×"),
                ("click to file / LibreOffice", min(first) / min(word), 0.5, "×"),
                ("again / first", min(again) / min(first), 0.2, "×"),
                ("most memory of a worker", peak, 350, "MB"),
            ]
        )


def warm_up(person):
    """Modules, fonts and the drawer of charts are read once in the life of a worker."""
    from reports.models import Report, ReportFile

    schools = Report.objects.for_list().filter(period__school_year=YEAR, school__isnull=False)[: 3 * harness.WORKERS]
    files = [ReportFile.objects.request(report, person, is_quiet=True)[0] for report in schools]
    for file in files:
        file.enqueue()
    while ReportFile.objects.exclude(state=ReportFile.State.READY).exists():
        time.sleep(0.1)


def print_with_chromium(content):
    """Body and annexes as files, each opened and printed to PDF, and joined; charts drawn as for WeasyPrint."""
    import pikepdf
    from django.contrib.staticfiles import finders
    from django.template import engines
    from django.template.loader import render_to_string
    from playwright.sync_api import sync_playwright

    from reports import charts
    from reports.papers.annex_widths import widths
    from reports.papers.letters import printable
    from reports.papers.report import report_paper

    content = printable(content)
    common = {"content": content, "paper": report_paper(content)}
    parts = [render_to_string("reports/pdf/body.html", common | {"mark": None})]
    annex_html = engines["django"].from_string(Path(__file__).with_name("annex.html").read_text())
    for annex in content["annexes"]:
        whole = 247 if annex["landscape"] else 160
        shares = widths(annex["key"], [column["key"] for column in annex["columns"]], whole)
        parts.append(annex_html.render(common | {"annex": annex, "widths": shares}))
    style = Path(finders.find("pdf/paper.css")).as_uri()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, pikepdf.new() as joined:
        for chart in content["charts"]:
            Path(folder, f"{chart['key']}.svg").write_text(charts.svg(chart["spec"]))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        for n, html in enumerate(parts):
            for chart in content["charts"]:
                html = html.replace(f"chart:{chart['key']}", f"{chart['key']}.svg")
            file = Path(folder, f"{n}.html")
            file.write_text(html.replace("</head>", f'<link rel="stylesheet" href="{style}"></head>'))
            page.goto(file.as_uri())
            printed = page.pdf(prefer_css_page_size=True, tagged=True, outline=True)
            with pikepdf.open(io.BytesIO(printed)) as part:
                joined.pages.extend(part.pages)
        browser.close()
        joined.save(Path(folder, "paper.pdf"))


def print_with_libreoffice(content):
    """The Word twin, filled by docxtpl, and LibreOffice printing it."""
    from reports.papers import word

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "paper.docx").write_bytes(word.build_report(content))
        office = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
        subprocess.run([*office, "--outdir", folder, f"{folder}/paper.docx"], check=True, capture_output=True)  # noqa: S603
        assert Path(folder, "paper.pdf").stat().st_size


if __name__ == "__main__":
    sys.exit(main())
