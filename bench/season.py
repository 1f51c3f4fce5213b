"""A season of PDFs by the worker of Procfile against setting alone: python bench/season.py [REPORTS] [--drafts].

Its reports were handed in, so that what they say is frozen; with --drafts they are still being written, and it is read
from the rows when their turn comes.

In one run: the time from the click to the last file times the number of worker processes, against the time these spent
in setting papers (`build_pdf`). What is between them is reading the contents, queueing, taking, storing and waiting.
Ends with 1 beyond BOUND. SQLite and files for a queue; with DATABASE_URL and REDIS_URL PostgreSQL and Redis. More
reports than there are means all of them.
"""

import os
import resource
import sys
import time
from pathlib import Path

import harness
from django.utils import timezone

BOUND = 1.15
LONGEST = 3 * 3600  # seconds
AS_WORKER = "--worker"


def main(count, are_drafts):
    with harness.portal() as connection:
        from django.core.management import call_command

        from accounts.models import User
        from reports.models import Batch, BatchItem, ReportFile, ReportingPeriod

        call_command("load_sample")
        person = User.objects.get(email="so@example.vn")
        period = ReportingPeriod.objects.visible_to(person).get(school_year=2024)
        batch, _created = Batch.objects.begin(period, ["department", "district", "school"], person)
        batch.perform("stop", person)
        keep(batch, count)
        total = batch.items.count()
        if not are_drafts:
            hand_in(batch)

        load = os.getloadavg()[0]
        with harness.worker(connection, f"{sys.executable} {Path(__file__).resolve()} {AS_WORKER}"):
            started = time.perf_counter()
            batch.perform("resume", person)
            while not Batch.objects.filter(pk=batch.pk, status="done").exists():
                if time.perf_counter() - started > LONGEST:
                    raise SystemExit(f"Not done: {batch.counts()}")
                time.sleep(0.2)
            took = time.perf_counter() - started
        done = batch.items.filter(state=BatchItem.State.DONE).count()
        assert done == total == ReportFile.objects.filter(state="ready").count(), batch.counts()
        setting = [float(line) for line in told_by_workers().read_text().split()]
        assert len(setting) == total, "set once each"

        batch.items.update(state=BatchItem.State.WAITING)  # "again" would add the reports that were left out
        Batch.objects.update(status=Batch.Status.RUNNING)
        again = harness.seconds(lambda: make_all(batch))
        assert ReportFile.objects.count() == total, "nothing changed"
        state = "still being written" if are_drafts else "handed in"
        print(f"{total} reports, {state}, {harness.WORKERS} workers. {harness.versions(connection)}. Load {load:.1f}")
        return harness.report(
            [
                ("season, click to last file", took, None, "s"),
                ("setting alone, summed over the workers", sum(setting), None, "s"),
                ("season × workers / setting alone", took * harness.WORKERS / sum(setting), BOUND, "×"),
                ("most memory of a worker", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, None, "MB"),
                ("gone through again with nothing changed, one process", again, None, "s"),
            ]
        )


def make_all(batch):
    while item := batch.take_next():
        item.make()


def hand_in(batch):
    """Freeze its reports as handing them in does, without asking whether every section was written."""
    from reports.models import Report
    from reports.models.report_life import Status

    for report in Report.objects.for_list().filter(pk__in=batch.items.values("report")):
        Report.objects.filter(pk=report.pk).update(
            status=Status.SUBMITTED, frozen=report.content(), frozen_at=timezone.now()
        )


def told_by_workers():
    """Where workers write the seconds of each paper."""
    return Path(os.environ["VAR_DIR"], "setting.txt")


def keep(batch, count):
    """Leave `count` of its reports: schools, and one district for about forty of them; without the Department's, whose
    one paper would be half of a small season."""
    if count >= batch.items.count():
        return
    districts = max(1, count // 40)
    kept = [*batch.items.filter(level="district").values_list("pk", flat=True)[:districts]]
    kept += batch.items.filter(level="school").values_list("pk", flat=True)[: count - districts]
    batch.items.exclude(pk__in=kept).delete()


def work(arguments):
    """The worker itself: celery with these arguments, with a clock around the setting of papers."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(harness.ROOT))
    django.setup()
    from celery.__main__ import main as celery

    import reports.papers.pdf

    real = reports.papers.pdf.build_pdf

    def timed(*given):
        started = time.perf_counter()
        result = real(*given)
        with told_by_workers().open("a") as told:
            told.write(f"{time.perf_counter() - started:.4f}\n")
        return result

    reports.papers.pdf.build_pdf = timed
    sys.argv = ["celery", *arguments]
    celery()


if __name__ == "__main__":
    if sys.argv[1:2] == [AS_WORKER]:
        work(sys.argv[2:])
    else:
        counts = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
        sys.exit(main(*counts or [120], "--drafts" in sys.argv))
