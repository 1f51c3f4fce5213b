"""bin/run as a person uses it: first start, Ctrl-C, second start, two copies side by side."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError

import pytest
from django.conf import settings

FIRST_START, SECOND_START, STOP = 300, 10, 15  # seconds allowed
COUNTS = """
    SELECT count(*) FROM twinning_school UNION ALL
    SELECT count(*) FROM twinning_agreement UNION ALL
    SELECT count(*) FROM activities_activity
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(var_dir, port, log):
    """Starts bin/run in a process group of its own, as a terminal does, with its embedded defaults."""
    ours = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return subprocess.Popen(
        [settings.BASE_DIR / "bin" / "run"],
        env=ours | {"VAR_DIR": str(var_dir), "PORT": str(port)},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def get(port, path):
    """(Status, body) of a page of the portal, after redirects."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return answer.status, answer.read()


def answers(port):
    with suppress(URLError, ConnectionError, TimeoutError):
        return get(port, "/healthz")[0] == 200


@contextmanager
def running(var_dir, *, within=SECOND_START, stop=signal.SIGINT):
    """The portal from its first answer, with its port, until it is stopped: by default as Ctrl-C does."""
    port, log = free_port(), var_dir.with_suffix(".log")
    with log.open("w") as output:
        process = start(var_dir, port, output)
    try:
        end = time.monotonic() + within
        while not answers(port):
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"No answer within {within} s. bin/run said:\n{log.read_text()[-4000:]}")
            time.sleep(0.1)
        yield port
    finally:
        if process.poll() is None:
            os.killpg(process.pid, stop)
        process.wait(timeout=STOP)


def processes_of(var_dir):
    """Command lines of the living processes that were started for this data folder."""
    mark = f"VAR_DIR={var_dir}\0".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def rows(var_dir, sql):
    with closing(sqlite3.connect(var_dir / "db.sqlite3")) as database, database:
        return database.execute(sql).fetchall()


def refusal(var_dir, port):
    """What bin/run says when it refuses to start."""
    process = start(var_dir, port, subprocess.PIPE)
    try:
        said, _ = process.communicate(timeout=STOP)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
    assert process.returncode == 1
    return said.decode()


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory):
    """The data folder that a first start left, with a change made by a person; `copy` beside it is the same."""
    var_dir = tmp_path_factory.mktemp("portal") / "var"
    with running(var_dir, within=FIRST_START):
        pass
    rows(var_dir, "UPDATE accounts_user SET full_name = 'Tên mới' WHERE email = 'so@example.vn'")
    shutil.copytree(var_dir, var_dir.with_name("copy"))
    return var_dir


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stop_ends_every_process(var_dir, stop):
    with running(var_dir, stop=stop):
        processes = " ".join(processes_of(var_dir))
        assert [name for name in ("gunicorn", "worker", "beat") if name not in processes] == []
    end = time.monotonic() + STOP
    while processes_of(var_dir) and time.monotonic() < end:
        time.sleep(0.1)
    assert processes_of(var_dir) == []


@pytest.fixture(scope="module")
def portal(var_dir):
    """The port of a second start, which must be quick; it serves the tests below."""
    with running(var_dir, within=SECOND_START) as port:
        yield port


def test_second_start_keeps_data(var_dir, portal):
    assert rows(var_dir, "SELECT full_name FROM accounts_user WHERE email = 'so@example.vn'") == [("Tên mới",)]
    assert rows(var_dir, COUNTS) == rows(var_dir.with_name("copy"), COUNTS)


def test_pages_find_their_static_files(portal):
    page = get(portal, "/")[1].decode()
    files = re.findall(r'(?:href|src)="(/static/[^"#]+)', page)
    assert [path for path in files if path.endswith(".css")]
    assert {get(portal, path)[0] for path in files} == {200}


def test_second_copy_runs_beside_the_first(var_dir, portal):
    with running(var_dir.with_name("copy")) as port:
        assert port != portal
        assert get(portal, "/healthz")[0] == get(port, "/healthz")[0] == 200


def test_refuses_a_data_folder_in_use(var_dir, portal):
    assert "Một bản đang chạy với thư mục dữ liệu" in refusal(var_dir, free_port())


def test_refuses_a_port_in_use(tmp_path, portal):
    assert f"Cổng mạng {portal} đang có chương trình khác dùng" in refusal(tmp_path / "var", portal)
    assert not (tmp_path / "var").exists(), "it did work before it looked"
