"""A season of PDFs by the worker of Procfile against setting the same papers alone: python bench/season.py [REPORTS].

Two processes each. The season reads every content, queues, claims, stores and counts; the other side only turns the
same contents into PDFs. Ends with 1 when the season takes more than BOUND of the setting. SQLite and files for a
queue; with DATABASE_URL and REDIS_URL PostgreSQL and Redis. More reports than there are means all of them.
"""

import os
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import harness

BOUND = 1.15
WORKERS = 2
LONGEST = 3 * 3600  # seconds


def main(count):
    with harness.portal() as connection:
        from django.core.cache import caches
        from django.core.management import call_command

        from accounts.models import User
        from reports.models import Batch, BatchItem, ReportFile, ReportingPeriod

        call_command("load_sample")
        person = User.objects.get(email="so@example.vn")
        period = ReportingPeriod.objects.visible_to(person).filter(school_year__isnull=False).order_by("school_year")[0]
        batch, _created = Batch.objects.begin(period, ["department", "district", "school"], person)
        batch.perform("stop", person)
        keep(batch, count)
        total = batch.items.count()

        used = cpu()
        with worker(connection):
            started = time.perf_counter()
            batch.perform("resume", person)
            while not Batch.objects.filter(pk=batch.pk, status="done").exists():
                if time.perf_counter() - started > LONGEST:
                    raise SystemExit(f"Not done: {batch.counts()}")
                time.sleep(0.2)
            took = time.perf_counter() - started
        season_cpu = cpu() - used
        done = batch.items.filter(state=BatchItem.State.DONE).count()
        assert done == total == ReportFile.objects.filter(state="ready").count(), batch.counts()

        pks = [*batch.items.order_by("pk").values_list("file", flat=True)]
        connection.close()
        caches["parts"].clear()  # what the season kept of its papers
        used = cpu()
        with ProcessPoolExecutor(WORKERS, initializer=import_press) as pool:
            setting = sum(pool.map(set_alone, map(str, pks)))
        setting_cpu = cpu() - used

        began = time.perf_counter()
        batch.refresh_from_db()
        batch.items.update(state=BatchItem.State.WAITING)  # "again" would add the reports that were left out
        Batch.objects.update(status=Batch.Status.RUNNING)
        while item := batch.take_next():
            item.make()
        again = time.perf_counter() - began
        print(f"{total} reports, {WORKERS} workers. {harness.versions(connection)}. Load {os.getloadavg()[0]:.1f}")
        return harness.report(
            [
                ("season, click to last file", took, None, "s"),
                ("setting alone, summed over the workers", setting, None, "s"),
                ("season × workers / setting alone", took * WORKERS / setting, BOUND, "×"),
                ("the same in CPU time, start of the processes included", season_cpu / setting_cpu, None, "×"),
                ("most memory of a worker", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, None, "MB"),
                ("brought up to date with nothing changed, one process", again, None, "s"),
            ]
        )


def keep(batch, count):
    """Leave `count` of its reports: schools, and one district for about forty of them; without the Department's, whose
    one paper would be half of a small season."""
    if count >= batch.items.count():
        return
    districts = max(1, count // 40)
    kept = [*batch.items.filter(level="district").values_list("pk", flat=True)[:districts]]
    kept += batch.items.filter(level="school").values_list("pk", flat=True)[: count - districts]
    batch.items.exclude(pk__in=kept).delete()


class worker:
    """The worker of Procfile, started before the clock and stopped after it."""

    def __init__(self, connection):
        from honcho.environ import parse_procfile

        environment = {"CELERY_CONCURRENCY": str(WORKERS), "LOG_LEVEL": "INFO"}
        if connection.vendor != "sqlite":
            database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
            environment["DATABASE_URL"] = database.geturl()
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.environment = os.environ | environment | {"PATH": path}
        self.command = parse_procfile((harness.ROOT / "Procfile").read_text()).processes["worker"]

    def __enter__(self):
        log = Path(os.environ["VAR_DIR"], "worker.log")
        with log.open("wb") as file:
            self.process = subprocess.Popen(  # noqa: S602 our own Procfile
                self.command,
                shell=True,
                cwd=harness.ROOT,
                env=self.environment,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        while " ready." not in log.read_text():
            time.sleep(0.1)

    def __exit__(self, *error):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()


def import_press():
    from django import db

    import reports.pdf  # noqa: F401 not part of what is measured

    db.connections.close_all()


def set_alone(pk):
    """Seconds that setting the content of one file takes."""
    from reports.models import ReportFile
    from reports.pdf import build_pdf
    from reports.verification import mark_of

    file = ReportFile.objects.get(pk=pk)
    return harness.seconds(lambda: build_pdf(file.content, lambda percent, step: None, mark_of(file.code)))


def cpu():
    """CPU seconds of the processes that this one started and that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 120))
