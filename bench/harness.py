"""What every bench shares: a portal with a database of its own and a table that ends in a verdict.

A bench is a script that is run from anywhere: `python bench/<name>.py`. It leaves nothing behind.
"""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2


@contextmanager
def portal():
    """Django on an empty, migrated database: SQLite in a folder of its own or, with DATABASE_URL, a test database
    beside the one named there, which itself is never touched."""
    folder = tempfile.mkdtemp(prefix="bench-")
    os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR"}
    sys.path.insert(0, str(ROOT))
    import django
    from django.conf import settings

    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    is_server = connection.vendor != "sqlite"
    if is_server:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    else:
        call_command("migrate", verbosity=0)
    try:
        yield connection
    finally:
        if is_server:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
        connection.close()
        shutil.rmtree(folder)


class worker:
    """The worker of Procfile with WORKERS processes, started before the clock and stopped after it. `program`: what is
    run for "celery"."""

    def __init__(self, connection, program="celery"):
        from honcho.environ import parse_procfile

        environment = {"CELERY_CONCURRENCY": str(WORKERS), "LOG_LEVEL": "INFO"}
        if connection.vendor != "sqlite":
            database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
            environment["DATABASE_URL"] = database.geturl()
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.environment = os.environ | environment | {"PATH": path}
        line = parse_procfile((ROOT / "Procfile").read_text()).processes["worker"]
        self.command = line.replace(" celery ", f" {program} ")

    def __enter__(self):
        log = Path(os.environ["VAR_DIR"], "worker.log")
        with log.open("wb") as file:
            self.process = subprocess.Popen(  # noqa: S602 our own Procfile
                self.command,
                shell=True,
                cwd=ROOT,
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


def peak_megabytes():
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seconds(work):
    """How long `work()` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def versions(connection):
    """One line on what was measured on."""
    import django
    import xlsxwriter

    with connection.cursor() as cursor:
        server = sqlite3.sqlite_version if connection.vendor == "sqlite" else cursor.connection.server_version
    return (
        f"{os.cpu_count()} CPU, Python {sys.version.split()[0]}, Django {django.__version__}, "
        f"XlsxWriter {xlsxwriter.__version__}, {connection.vendor} {server}"
    )


def report(rows):
    """Print (what, measured, bound, unit) rows and return the exit code: 1 when one is beyond its bound (None: shown
    for information)."""
    width = max(len(what) for what, *_rest in rows)
    is_over = False
    for what, measured, bound, unit in rows:
        verdict = "" if bound is None else f"  ≤ {bound:g}{unit}  {'ok' if measured <= bound else 'BEYOND'}"
        is_over |= bound is not None and measured > bound
        print(f"{what:<{width}}  {measured:9.2f}{unit:<3}{verdict}")
    return int(is_over)
