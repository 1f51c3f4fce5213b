"""Interim reviews of three school years, opened for every unit, with four reports begun."""

from datetime import date
from pathlib import Path

from reports.models import Report, ReportingPeriod, ReportSection
from twinning.facts import texts
from twinning.sample.province import Province

NARRATIVES = Path(__file__).with_name("narratives.toml")
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
    units = {
        "department": {"department": province.department},
        "thanh_tri": {"district": province.districts["020"]},
        "chuong_my": {"district": province.districts["277"]},
        "tan_mai": {"school": province.schools[0].named("THCS Tân Mai", province.districts["008"])},
    }
    for name, sentences in texts(NARRATIVES).items():
        report = Report.objects.get(period=period, **units[name])
        sections = [ReportSection(report=report, key=key, body=body) for key, body in sentences.items()]
        ReportSection.objects.bulk_create(sections)
