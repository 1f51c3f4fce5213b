"""Coverage of schools by twins, as a page and as a workbook."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from reports.coverage import Coverage
from reports.exports import coverage_workbook
from reports.forms.coverage import CoverageForm
from reports.views.lenses import chosen_lens, lens_links
from twinning import access
from twinning.exports import XLSX
from twinning.models import Programme
from twinning.pages import EXPORT
from twinning.twins import months_before


def coverage(request):
    """The Department's schools, or those of one district. 404 for a school: the page compares schools with each other;
    what a school has stands on its own page, with suggestions when it has no twin."""
    if not access.compares_schools(request.user):
        raise Http404
    programme = Programme.objects.current_for(request.user)
    if programme is None:
        return render(request, "reports/no_seat.html")
    membership = access.seat(request.user)
    lens = chosen_lens(request, membership)
    form = CoverageForm(request.GET, programme)
    covered = Coverage(
        programme,
        membership.district or programme.department,
        form.day,
        lens,
        months=form.cleaned_data["thang"],
        many=form.cleaned_data["giup"],
    )
    if request.GET.get(EXPORT) == XLSX:
        return coverage_workbook(covered, request)
    rows = sorted(covered.rows, key=lambda row: -row.all.without) if form.worst_first else covered.rows
    query = request.GET.copy()
    query[EXPORT] = XLSX
    context = {
        "programme": programme,
        "is_over": programme.ends_on < timezone.localdate(),
        "coverage": covered,
        "rows": rows,
        "pair_rows": [row for row in rows if row.pairs or row.helpers],
        "since": months_before(covered.day, covered.months),
        "form": form,
        "lenses": lens_links(request, membership, lens),
        "lens": lens,
        "export_query": query.urlencode(),
    }
    return render(request, "reports/coverage.html", context)
