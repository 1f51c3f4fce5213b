"""A real Celery worker, started with the line of Procfile, on PostgreSQL and Redis."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from honcho.environ import parse_procfile
from playwright.sync_api import expect

from config.celery import app
from conftest import PASSWORD


class Worker:
    """A worker in a process group of its own, so that `kill` takes its children with it."""

    def __init__(self, environment, log, name=""):
        self.command = parse_procfile((settings.BASE_DIR / "Procfile").read_text()).processes["worker"]
        self.command += f" -n {name}@%h" if name else ""
        self.environment = environment
        self.log = log
        self.process = None

    def start(self):
        """Starts the process and returns when it takes jobs."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["sh", "-c", self.command],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until(self.answers, "the worker answers")

    def answers(self):
        return bool(app.control.ping(timeout=0.5))

    def jobs_done(self, task):
        """How many jobs of this task name the running process has taken."""
        stats = app.control.inspect(timeout=2).stats() or {}
        return sum(host["total"].get(task, 0) for host in stats.values())

    def wait_until(self, condition, what, seconds=30):
        """Waits for a condition; fails the test, with the worker's log, when it does not come true in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            if condition():
                return
            time.sleep(0.1)
        pytest.fail(f"Not within {seconds} s: {what}. Worker log:\n{self.log.read_text()[-4000:]}")

    def kill(self):
        """Ends it as a power cut would."""
        self._signal(signal.SIGKILL)

    def stop(self):
        self._signal(signal.SIGTERM)

    def _signal(self, number):
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        self.process.wait(timeout=20)


@pytest.fixture
def start_worker(transactional_db, tmp_path):
    """start_worker(name) → a running worker that sees the rows the test commits: `kill()`, `start()` again,
    `wait_until(…)`."""
    if connection.vendor != "postgresql" or not settings.REDIS_URL:
        pytest.fail("A worker needs a database and a broker it can share: run with bin/test tests/services.")
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    app.control.purge()
    environment = os.environ | {
        "DATABASE_URL": database.geturl(),
        "SECRET_KEY": settings.SECRET_KEY,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "VAR_DIR": str(tmp_path),  # the test's own files are in tmp_path/media, see conftest.py
    }
    workers = []

    def start(name=""):
        workers.append(Worker(environment, tmp_path / f"worker{name}.log", name))
        workers[-1].start()
        return workers[-1]

    yield start
    for worker in workers:
        worker.stop()


@pytest.fixture
def worker(start_worker):
    return start_worker()


@pytest.fixture
def seat(open_page):
    """seat(person) → a page of their own browser, signed in through the form."""

    def sign_in(person, **options):
        page = open_page(**options)
        page.goto("/")
        page.get_by_label("Thư điện tử hoặc tên đăng nhập").fill(person.email)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.locator("h1")).to_be_visible()
        return page

    return sign_in
