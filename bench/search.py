"""Typed letters over 50.000 schools, against a page of one school that does nothing but look it up by its primary key:
SQLite, or PostgreSQL with DATABASE_URL.

Ends with 1 when a search takes three times as long. Measured through the whole request, in turns, so that what else the
machine does hits all alike.
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


def with_bare_page():
    """The portal's URLs and one more: a school by its primary key, and its name in the frame of every page. The real
    page of a school tells more and more, so it is no measure."""
    from types import ModuleType

    from django.http import HttpResponse
    from django.shortcuts import get_object_or_404
    from django.template import engines
    from django.urls import include, path

    from twinning.models import School

    source = '{% extends "base.html" %}{% block content %}<h1>{{ school }}</h1>{% endblock %}'
    template = engines["django"].from_string(source)

    def bare(request, pk):
        school = get_object_or_404(School.objects.visible_to(request.user), pk=pk)
        return HttpResponse(template.render({"school": school}, request))

    urls = ModuleType("bench_urls")
    urls.urlpatterns = [path("bench/<int:pk>/", bare), path("", include("config.urls"))]
    return urls


def main():
    with harness.portal() as connection:
        import world

        _department, _programme, districts, user = world.department()
        school = world.schools(districts, SCHOOLS)[SCHOOLS // 2]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        from django.conf import settings
        from django.test import Client

        settings.ROOT_URLCONF = with_bare_page()
        client = Client(SERVER_NAME="localhost")
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        rows_only = {"HTTP_HX_REQUEST": "true"}
        one = ("page by primary key", f"/bench/{school.pk}/", {}, {})
        full = ("page of one school", school.get_absolute_url(), {}, {})
        every = ("list, nothing typed", "/truong/", {}, rows_only)
        pages = [one, every, full]
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
        table = [(what, median[what], None, "ms") for what, *_page in (one, every, full)]
        for what, *_page in pages[3:]:
            base = one[0] if what.startswith("picker") else every[0]
            table.append((what, median[what], None, "ms"))
            table.append((f"  / {base}", median[what] / median[base], BOUND, "×"))
            if base != one[0]:
                table.append((f"  / {one[0]}", median[what] / median[one[0]], None, "×"))
        return harness.report(table)


if __name__ == "__main__":
    sys.exit(main())
