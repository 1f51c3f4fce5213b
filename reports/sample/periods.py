"""Interim reviews of school years, opened for every unit, with some reports begun."""

from datetime import date

from reports.models import Report, ReportingPeriod, ReportSection
from twinning.sample.province import Phase


def load_periods(phase: Phase, years):
    """Figures are taken up to 31 May; reports are due in June, the lower level first."""
    for year in years:
        period = ReportingPeriod.objects.create(
            programme=phase.programme,
            school_year=year,
            cut_off_on=date(year + 1, 5, 31),
            opens_on=date(year + 1, 5, 1),
            due_school_on=date(year + 1, 6, 10),
            due_district_on=date(year + 1, 6, 20),
            due_on=date(year + 1, 6, 30),
        )
        period.open()


def begin(phase: Phase, year, unit, sentences):
    """Write the sections `sentences` (key → text) of a report; `unit` is {"district": …}, as a report names it."""
    report = Report.objects.get(period__programme=phase.programme, period__school_year=year, **unit)
    sections = [ReportSection(report=report, key=key, body=body) for key, body in sentences.items()]
    ReportSection.objects.bulk_create(sections)
