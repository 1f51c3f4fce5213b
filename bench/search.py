"""Typed letters over 50.000 schools, against the page of one school: SQLite, or PostgreSQL with DATABASE_URL.

Ends with 1 when a search takes three times as long as the page of one school. Measured through the whole request, in
turns, so that what else the machine does hits all alike.
"""

import statistics
import sys
import time

import harness

BOUND = 3
SCHOOLS = 50_000
TURNS = 25
TYPED = {
    "rare": "dai son",
    "rare, with marks": "Cổ Giang",
    "common": "thcs",
    "one letter": "t",
    "nothing found": "khong co",
}


def main():
    with harness.portal() as connection:
        import world

        _department, _programme, districts, user = world.department()
        school = world.schools(districts, SCHOOLS)[SCHOOLS // 2]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        from django.conf import settings
        from django.test import Client

        client = Client(SERVER_NAME="localhost")
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        rows_only = {"HTTP_HX_REQUEST": "true"}
        one = ("page of one school", school.get_absolute_url(), {}, {})
        every = ("list, nothing typed", "/truong/", {}, rows_only)
        pages = [one, every]
        pages += [(f"picker, {what}", "/truong/chon/", {"q": typed}, {}) for what, typed in TYPED.items()]
        pages += [(f"list, {what}", "/truong/", {"q": typed}, rows_only) for what, typed in TYPED.items()]
        taken = {what: [] for what, *_page in pages}
        for _turn in range(TURNS):
            for what, url, query, headers in pages:
                started = time.perf_counter()
                response = client.get(url, query, **headers)
                taken[what].append(time.perf_counter() - started)
                assert response.status_code == 200, url
        median = {what: statistics.median(times) * 1000 for what, times in taken.items()}
        print(f"{SCHOOLS} schools, median of {TURNS}. {harness.versions(connection)}")
        table = [(what, median[what], None, "ms") for what, *_page in (one, every)]
        for what, *_page in pages[2:]:
            base = one[0] if what.startswith("picker") else every[0]
            table.append((what, median[what], None, "ms"))
            table.append((f"  / {base}", median[what] / median[base], BOUND, "×"))
            if base != one[0]:
                table.append((f"  / {one[0]}", median[what] / median[one[0]], None, "×"))
        return harness.report(table)


if __name__ == "__main__":
    sys.exit(main())
