"""A season of PDFs by two real workers, one of which is killed in the middle: nothing is lost, nothing is doubled."""

import time
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from config.celery import app
from reports.models import Batch, BatchItem, Report, ReportFile
from reports.tasks import watch_batches
from twinning.models import School
from twinning.tasks import requeue_lost_jobs

SCHOOLS = 8


def test_one_of_two_workers_is_killed(start_worker, period, world, activity, so):
    for number in range(SCHOOLS):
        school = School.objects.create(
            code=f"0102060{number}", name=f"THCS Số {number}", level="thcs", district=world.thanh_tri
        )
        Report.objects.create(period=period, school=school)
    first, second = start_worker("mot"), start_worker("hai")
    second.wait_until(lambda: len(app.control.ping(timeout=0.5)) == 2, "both answer")
    batch, _created = Batch.objects.begin(period, ["district", "school"], so)
    total = batch.items.count()

    def counts():
        return batch.counts()

    second.wait_until(lambda: counts().get("done", 0) >= 2 and counts().get("making", 0) > 2, "both work", seconds=60)
    first.kill()
    over = timezone.now() - timedelta(minutes=1)
    # It may have had the message of the season in its hands: beat, which comes by each 30 seconds, sends another one.
    Batch.objects.update(called_at=over)
    watch_batches()
    in_hand = BatchItem.objects.filter(batch=batch, state="making")

    # The other one makes the rest; what the dead one held stays, as long as its leases hold.
    second.wait_until(lambda: not counts().get("waiting"), "nothing waits any more", seconds=60)
    second.wait_until(lambda: in_hand.count() <= 2, "only what the dead one held is left", seconds=60)
    requeue_lost_jobs()
    watch_batches()
    left = in_hand.count()
    assert left, "it was killed in the middle"
    assert counts() == {"making": left, "done": total - left, "all": total}

    in_hand.update(lease_until=over)
    ReportFile.objects.filter(state="running").update(lease_until=over)

    def is_done():
        time.sleep(1)
        Batch.objects.update(called_at=over)  # beat comes by each 30 seconds
        requeue_lost_jobs()
        watch_batches()
        batch.refresh_from_db()
        return batch.status == "done"

    second.wait_until(is_done, "the season is done", seconds=60)
    assert counts() == {"done": total, "all": total}
    files = ReportFile.objects.filter(state="ready")
    assert files.count() == ReportFile.objects.count() == total, "each report has one file"
    assert files.values("report").distinct().count() == total
    stored = [Path(file.file.path) for file in files]
    assert sorted(stored[0].parent.iterdir()) == sorted(stored), "no second or half-written copy"
    assert all(path.read_bytes().startswith(b"%PDF-") for path in stored)
    assert so.notifications.count() == 1
