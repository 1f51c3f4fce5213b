"""Coverage and suggestions on the sample (2.898 schools): whole requests, SQLite, or PostgreSQL with DATABASE_URL.

Ends with 1 when the coverage page takes longer than BOUND.
"""

import statistics
import sys
import time

import harness

BOUND = 300  # ms
TURNS = 15
PAGES = {
    "coverage page": "/phan-tich/bao-phu/",
    "coverage page, an earlier day": "/phan-tich/bao-phu/?ngay=2024-08-31&xep=thieu",
    "its workbook": "/phan-tich/bao-phu/?_export=xlsx",
    "list of schools without a twin": "/truong/?cap_doi=chua",
    "list of silent pairs": "/giao-uoc/?im_lang=12",
}


def main():
    with harness.portal() as connection:
        from django.conf import settings
        from django.core.management import call_command
        from django.test import Client

        from accounts.models import User
        from twinning.models import School

        call_command("load_sample")
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(email="so@example.vn"), backend=settings.AUTHENTICATION_BACKENDS[0])
        preschool = School.objects.filter(level="mn").first()
        pages = {**PAGES, "suggestions for a preschool": f"/truong/{preschool.pk}/goi-y/"}
        table = []
        for what, url in pages.items():
            taken = []
            for _turn in range(TURNS):
                started = time.perf_counter()
                response = client.get(url)
                b"".join(response)
                taken.append((time.perf_counter() - started) * 1000)
                assert response.status_code == 200, url
            table.append((what, statistics.median(taken), BOUND if what.startswith("coverage page") else None, "ms"))
        print(f"{School.objects.count()} schools, median of {TURNS}. {harness.versions(connection)}")
        return harness.report(table)


if __name__ == "__main__":
    sys.exit(main())
