"""One pairing with something of everything, the reports on it, and PDFs read back."""

import io
from types import SimpleNamespace

import pdfplumber
import pytest

from reports.models import Report
from reports.papers.pdf import build_pdf


@pytest.fixture
def small_world(world, district_agreement, school_agreement, activity, support, period):
    """Thanh Trì – Chương Mỹ: two agreements, one activity (24 + 12 teachers), one gift, the period 2023-2024."""
    return SimpleNamespace(
        **vars(world),
        district_agreement=district_agreement,
        school_agreement=school_agreement,
        activity=activity,
        support=support,
        period=period,
    )


@pytest.fixture
def report_of(period):
    """The report of a unit: report_of(department=…), report_of(district=…), report_of(school=…)."""

    def find(**unit):
        report, _created = Report.objects.get_or_create(period=period, **unit)
        return Report.objects.for_list().get(pk=report.pk)

    return find


@pytest.fixture(scope="session")
def read_pdf():
    """Set `content` and open the PDF with pdfplumber; what is opened is closed at the end."""
    opened = []

    def read(content):
        data, pages = build_pdf(content, lambda percent, step: None)
        pdf = pdfplumber.open(io.BytesIO(data), unicode_norm=None)
        opened.append(pdf)
        assert len(pdf.pages) == pages
        return pdf

    yield read
    for pdf in opened:
        pdf.close()
