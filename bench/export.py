"""150.000 activities through the list's own export, against XlsxWriter alone writing the same cells.

Usage: bench/export.py [ROWS]. Ends with 1 when the export takes more than twice as long.
"""

import sys
import tempfile
import time
from datetime import date

import harness

BOUND = 2
MOST_MEGABYTES = 60  # beyond what the process held before, for any number of rows


def main(count=150_000):
    with harness.portal() as connection:
        import world

        _department, programme, districts, user = world.department()
        world.activities(programme, world.schools(districts, 1000), count)
        from django.http import HttpRequest, QueryDict

        from activities.views.activities import ActivityList

        request = HttpRequest()
        request.method, request.path, request.user, request.htmx = "GET", "/hoat-dong/", user, False
        request.GET = QueryDict("tinh_trang=da-tinh")
        page = ActivityList()
        page.setup(request)

        def whole(kind, file):
            page.dispatch(request)
            page.export().write(kind, file)

        before = harness.peak_megabytes()
        taken = {kind: timed(whole, kind) for kind in ("xlsx", "csv")}
        memory = harness.peak_megabytes() - before
        rows = list(page.export().rows())
        assert len(rows) == count, len(rows)
        alone = timed(alone_xlsx, rows)
        # Once more each, in turns: what else the machine does hits both alike.
        taken = {kind: min(taken[kind], timed(whole, kind)) for kind in taken}
        alone = min(alone, timed(alone_xlsx, rows))
        print(f"{count} rows, {len(rows[0])} columns. {harness.versions(connection)}")
        return harness.report(
            [
                ("XlsxWriter alone", alone, None, "s"),
                ("export to XLSX", taken["xlsx"], None, "s"),
                ("export to CSV", taken["csv"], None, "s"),
                ("XLSX / XlsxWriter alone", taken["xlsx"] / alone, BOUND, "×"),
                ("CSV / XlsxWriter alone", taken["csv"] / alone, BOUND, "×"),
                ("memory of both exports", memory, MOST_MEGABYTES, "MB"),
            ]
        )


def timed(write, what):
    with tempfile.TemporaryFile() as file:
        started = time.perf_counter()
        write(what, file)
        return time.perf_counter() - started


def alone_xlsx(rows, file):
    import xlsxwriter

    with xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        writers = {str: sheet.write_string, int: sheet.write_number, date: sheet.write_datetime}
        for at, row in enumerate(rows):
            for index, value in enumerate(row):
                if value is not None:
                    writers[type(value)](at, index, value)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
