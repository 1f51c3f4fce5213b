"""A hall checks in: 500 phones in under a minute at the stack of Procfile, on loopback. None lost, none doubled.

    python bench/check_in.py [PEOPLE] [SECONDS]                       # SQLite
    DATABASE_URL=postgres://… python bench/check_in.py

Each phone opens the page and sends the form, with cookies of its own; every tenth taps twice at the same moment. They
come evenly over SECONDS (50), whether or not those before them have been answered. tests/services runs the same crowd.
"""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE = 60  # seconds a phone waits for an answer


@contextmanager
def serving(environment):
    """The web line of Procfile on a free port of loopback, with its static files collected: gives the port."""
    from honcho.environ import parse_procfile

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        **environment,
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)  # noqa: S603 our own command
    command = parse_procfile((ROOT / "Procfile").read_text()).processes["web"]
    process = subprocess.Popen(["sh", "-c", command], cwd=ROOT, env=environment)  # noqa: S603, S607 our own line
    try:
        for _try in range(600):
            try:
                if ask(port, "GET", "/healthz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def ask(port, method, path, cookies="", form=None):
    """One request with a connection of its own: (status, text, cookies that came with it)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Cookie": cookies} if cookies else {}
    body = None
    if form is not None:
        body, headers["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    given = [value.partition(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    text = answer.read().decode()
    connection.close()
    return answer.status, text, "; ".join(given)


def come(port, code, school, name, *, taps=1):
    """Open the page, send the form; gives the seconds of both, and what was answered to each tap."""
    path = f"/diem-danh/{code}/"
    begun = time.perf_counter()
    _status, text, cookies = ask(port, "GET", path)
    form = {"csrfmiddlewaretoken": TOKEN.search(text)[1], "school": school, "person": name}
    opened = time.perf_counter()
    if taps == 1:
        answers = [ask(port, "POST", path, cookies, form)]
    else:
        with ThreadPoolExecutor(taps) as fingers:
            answers = list(fingers.map(lambda _n: ask(port, "POST", path, cookies, form), range(taps)))
    return opened - begun, time.perf_counter() - opened, [status for status, _text, _cookies in answers]


def crowd(port, code, schools, people, seconds):
    """`people` phones over `seconds`: (seconds until the last was answered, [come(…)])."""
    begun = time.perf_counter()

    def phone(n):
        time.sleep(max(0, begun + n * seconds / people - time.perf_counter()))
        name = f"Nguyễn Văn {LETTERS[n // 26 % 26]}{LETTERS[n % 26]} {'An' if n % 2 else 'Bình'}"
        return come(port, code, schools[n % len(schools)], name, taps=2 if n % 10 == 0 else 1)

    with ThreadPoolExecutor(64) as phones:
        came = list(phones.map(phone, range(people)))
    return time.perf_counter() - begun, came


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def summary(took, came):
    """[(what, seconds)] of a crowd."""
    rows = [("until the last was answered", took)]
    for what, times in (("opening the page", [c[0] for c in came]), ("sending the form", [c[1] for c in came])):
        cuts = statistics.quantiles(times, n=20)
        rows += [(f"{what}, median", cuts[9]), (f"{what}, 95 of 100", cuts[18]), (f"{what}, slowest", max(times))]
    return rows


def main(people=500, seconds=50):
    from harness import portal, report, versions

    with portal() as connection:
        import world
        from django.conf import settings
        from django.core.management import call_command
        from django.utils import timezone

        from activities.models import Activity, ActivityKind, CheckIn, CheckInDesk
        from twinning.models import SchoolManagement

        _so, programme, districts, user = world.department()
        schools = world.schools(districts, 20)
        SchoolManagement.objects.bulk_create(school.first_management() for school in schools)
        kind = ActivityKind.objects.create(programme=programme, name="Chuyên đề", group="professional", position=1)
        activity = Activity.objects.create(
            programme=programme, kind=kind, title="Hội thảo", planned_on=timezone.localdate()
        )
        CheckInDesk.open(activity, user)
        environment = {"VAR_DIR": str(settings.VAR_DIR), "SECRET_KEY": settings.SECRET_KEY}
        if connection.vendor != "sqlite":
            base = os.environ["DATABASE_URL"].rpartition("/")[0]
            environment["DATABASE_URL"] = f"{base}/{connection.settings_dict['NAME']}"
        with serving(environment) as port:
            took, came = crowd(port, activity.check_in_desk.code, [s.pk for s in schools], people, seconds)
        refused = [status for _open, _send, answers in came for status in answers if status != 200]
        activity.refresh_from_db()
        named = sum(activity.units.values_list("named_count", flat=True))
        numbers = CheckIn.objects.count(), CheckIn.objects.waiting().count(), named, activity.teacher_turns
        print(versions(connection), f"load {os.getloadavg()[0]:.1f}")
        print("stored, waiting, named, counted:", *numbers, "refused:", refused)
        call_command("check_totals")
        code = report(
            [(what, measured, 60 if "last" in what else None, " s") for what, measured in summary(took, came)]
        )
        return code or int(numbers != (people, 0, people, people) or bool(refused))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
