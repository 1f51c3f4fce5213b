"""The first page of each role: what must I do now, then how are we doing. And the search over everything."""

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Material
from activities.progress import progress_of
from reports import breakdowns, charts
from reports.figures import printed_rules
from reports.models import Report
from reports.scope import scope_of
from reports.todo import todos_for
from reports.views.lenses import chosen_lens, lens_links
from twinning import access, school_year
from twinning.models import Agreement, Department, Programme, School
from twinning.rows import page_of
from twinning.search import best_first, matching
from twinning.vietnamese import search_terms

MOST_FOUND = 8
MOST_PROGRESS = 6


def dashboard(request):
    """Department, district or school, as the seat in use; `?nam=` chooses a school year or "tat-ca", `?theo=` the
    lens under which rows are of districts."""
    membership = access.seat(request.user)
    programme = Programme.objects.current_for(request.user) if membership else None
    if programme is None:
        return render(request, "reports/no_seat.html")
    year = chosen_year(request, programme)
    lens = chosen_lens(request, membership)
    scope = scope_of(membership, programme, year, lens)
    figures = scope.figures()
    before = None if year is None else replace(scope, year=year - 1, until=_same_day_before(year)).figures()
    pairs = breakdowns.by_district_pair(scope) if not membership.school_id else []
    links = {row.agreement.pk: _pair_link(scope, row.agreement) for row in pairs}
    units = [] if membership.school_id or membership.district_id else breakdowns.by_unit(scope)
    context = {
        "programme": programme,
        "scope": scope,
        "year": year,
        "years": [(y, school_year.label(y)) for y in programme.school_years],
        "figures": figures,
        "rules": printed_rules(figures),
        "changes": _changes(figures, before),
        "is_part": year == school_year.school_year_of(timezone.localdate()),
        "todos": todos_for(request.user),
        "monthly": charts.monthly(breakdowns.by_month(scope), href=_month_link(scope)),
        "yearly": _yearly(scope) if year is None else [],
        "progress": _progress(scope),
        "units": units,
        "unit_chart": charts.by_unit(units, href=lambda datum: units[datum["position"]].links["teacher_turns"]),
        "lenses": lens_links(request, membership, lens),
        "lens": lens,
        "pairs": [(row, links[row.agreement.pk]) for row in pairs],
        "pair_chart": charts.by_pair(pairs, href=lambda datum: links[datum["agreement"]]) if len(pairs) > 1 else None,
        "reports": Report.objects.visible_to(request.user)
        .for_list()
        .filter(period__programme=programme, **_own_report(membership))[:3],
        "may_record": access.is_recorder(request.user),
    }
    return render(request, "reports/dashboard.html", context)


def _progress(scope):
    """Of the agreements of the scope that have targets in its time (for the Department those of districts, which
    include what lies below them): [Progress], those of districts first, then the least done; how many; how many are
    through."""
    of_districts = Agreement.Tier.DISTRICT
    agreements = scope.agreements_with_targets()
    if isinstance(scope.unit, Department):
        agreements = agreements.filter(tier=of_districts)
    found = sorted(
        progress_of(agreements, scope.year).values(),
        key=lambda one: (one.agreement.tier != of_districts, one.percent, one.agreement.pk),
    )
    reached = sum(progress.percent == 100 for progress in found)
    return {"shown": found[:MOST_PROGRESS], "count": len(found), "reached": reached}


def chosen_year(request, programme):
    """The school year in the URL, else the programme's default; None is the whole phase."""
    text = request.GET.get("nam", "")
    if text == "tat-ca":
        return None
    return int(text) if text.isdecimal() and int(text) in programme.school_years else programme.default_year


def _same_day_before(year):
    """The year that runs is compared with as much of the one before it; one that is over (None) with all of it."""
    today = timezone.localdate()
    if year != school_year.school_year_of(today):
        return None
    return today - timedelta(days=365)


def _changes(figures, before):
    """Key → percentage against the year before; None where there is nothing to compare with."""
    keys = ("schools_signed", "activities_held", "teacher_turns", "support_vnd")
    changes = dict.fromkeys(keys)
    for key in keys if before else ():
        if old := before[key].value:
            changes[key] = round(100 * (figures[key].value - old) / old)
    return changes


def _yearly(scope):
    """The whole phase year by year: a chart of activities and one of teacher turns."""
    counts = breakdowns.by_school_year(scope)

    def chart(measure):
        def link(datum):
            return replace(scope, year=datum["year"]).url(measure)

        rows = [(year, counts.get(year, {}).get(measure)) for year in scope.programme.school_years]
        return charts.by_school_year(rows, measure, href=link)

    return [(f"yearly-{measure}", chart(measure)) for measure in ("activities_held", "teacher_turns")]


def _month_link(scope):
    """Datum of charts.monthly → the activities it counts."""

    def link(datum):
        year, month = map(int, datum["month"].split("-"))
        query = {
            "tinh_trang": "da-tinh",
            "nam": school_year.school_year_of(date(year, month, 1)),
            "thang": month,
            "nhom": datum["group"],
        }
        return f"{reverse('activity_list')}?{urlencode(query | scope.unit_query() | scope.programme_query())}"

    return link


def _pair_link(scope, agreement):
    """The activities of the two districts of `agreement` that the row of the pair counts."""
    query = {
        "tinh_trang": "da-tinh",
        "cap_don_vi": f"{agreement.supporting_district_id}-{agreement.supported_district_id}",
    }
    if scope.year is not None:
        query["nam"] = scope.year
    return f"{reverse('activity_list')}?{urlencode(query | scope.programme_query())}"


def _own_report(membership):
    for kind in ("school", "district", "department"):
        if pk := getattr(membership, f"{kind}_id"):
            return {kind: pk}
    return {"department__isnull": False}


def search(request):
    """Schools, agreements, activities and material that match what was typed, marks forgiven."""
    query = request.GET.get("q", "").strip()

    def found(queryset):
        return page_of(matching(queryset, query), slice(MOST_FOUND + 1)) if search_terms(query) else []

    user = request.user
    groups = [
        ("school_list", "school", found(best_first(School.objects.visible_to(user).for_list(), query))),
        ("agreement_list", "heart-handshake", found(Agreement.objects.visible_to(user).for_list())),
        ("activity_list", "calendar-event", found(Activity.objects.visible_to(user).for_list())),
        ("material_list", "books", found(Material.objects.visible_to(user).shared().for_list())),
    ]
    context = {
        "search_query": query,
        "groups": [(url, icon, rows[:MOST_FOUND], len(rows) > MOST_FOUND) for url, icon, rows in groups if rows],
    }
    return render(request, "reports/search.html", context)
