"""Interim reviews of three school years, opened for every unit, with four reports begun."""

from datetime import date

from reports.models import Report, ReportingPeriod, ReportSection
from reports.sample import narratives
from twinning.sample.province import Province

YEARS = [2022, 2023, 2024]
TOLD = 2023  # the school year of the narratives


def load_periods(province: Province):
    """Figures are taken up to 31 May; reports are due on 15 June."""
    for year in YEARS:
        period = ReportingPeriod.objects.create(
            programme=province.programme,
            school_year=year,
            cut_off_on=date(year + 1, 5, 31),
            due_on=date(year + 1, 6, 15),
        )
        period.open()
        if year == TOLD:
            _write(period, province)


def _write(period, province):
    school = province.schools[0].named("THCS Tân Mai", province.districts["008"])
    for unit, texts in (
        ({"department": province.department}, narratives.DEPARTMENT),
        ({"district": province.districts["020"]}, narratives.THANH_TRI),
        ({"district": province.districts["277"]}, narratives.CHUONG_MY),
        ({"school": school}, narratives.TAN_MAI),
    ):
        report = Report.objects.get(period=period, **unit)
        ReportSection.objects.bulk_create(ReportSection(report=report, key=key, body=text) for key, text in texts.items())
