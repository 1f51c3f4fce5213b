"""Many people issue at the same moment: the register has no gap and no number twice, on the database of a server."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, connections

from reports.models import OutgoingPaper, Report, ReportingPeriod
from twinning.life import Refused

REPORTS, THREADS = 12, 16
ISSUE = {"number": None, "signer_title": "HIỆU TRƯỞNG", "signer_name": "Nguyễn Văn An", "recipients": ""}


@pytest.fixture
def approved(transactional_db, world, school_agreement):
    """Reports of one school, each of another period, waiting for their number."""
    made = []
    for n in range(REPORTS):
        period = ReportingPeriod.objects.create(
            programme=world.programme,
            kind="ad_hoc",
            name=f"Báo cáo nhanh {n}",
            school_year=2023,
            cut_off_on=date(2024, 5, 31),
            due_on=date(2024, 6, 15),
        )
        report = Report.objects.create(period=period, school=world.school_a)
        Report.objects.filter(pk=report.pk).update(frozen=report.content(), status="approved")
        made.append(report.pk)
    return made


def test_numbers_have_no_gap_and_no_duplicate(approved, hieu_truong_a):
    """The last report is issued by five people at once, each of the others by one."""
    assert connection.vendor == "postgresql"
    together = Barrier(THREADS)

    def issue(pk):
        try:
            report = Report.objects.for_list().get(pk=pk)
            together.wait(timeout=60)
            report.perform("issue", hieu_truong_a, issued_on=date(2024, 6, 20), **ISSUE)
        except Refused as refusal:
            return str(refusal)
        else:
            return "issued"
        finally:
            connections.close_all()

    pressed = approved + approved[-1:] * (THREADS - REPORTS)
    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(issue, pressed))

    assert outcomes.count("issued") == REPORTS
    assert all("không còn làm được" in words for words in outcomes if words != "issued")
    numbers = list(range(1, REPORTS + 1))
    assert sorted(Report.objects.values_list("number", flat=True)) == numbers
    assert sorted(OutgoingPaper.objects.values_list("number", flat=True)) == numbers
