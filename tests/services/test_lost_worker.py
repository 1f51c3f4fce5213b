"""A worker that dies while it makes a PDF: nothing is lost, nothing is doubled."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from reports.models import ReportFile
from twinning.tasks import do_job, requeue_lost_jobs


def test_killed_in_the_middle(worker, period, world, activity, so):
    report = period.reports.get(department=world.so)
    file, _created = ReportFile.objects.request(report, so)

    def state():
        file.refresh_from_db()
        return file.state

    do_job.delay("reports.reportfile", str(file.pk))
    worker.wait_until(lambda: state() == "running", "the file is being made")
    worker.kill()
    assert state() == "running"
    assert ReportFile.objects.request(report, so) == (file, False), "asked again, the same file is under way"

    # Its lease runs out; the sweeper gives the file to the next worker.
    requeue_lost_jobs()
    assert state() == "running", "a lease that still holds is respected"
    ReportFile.objects.filter(pk=file.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    worker.start()
    requeue_lost_jobs()
    do_job.delay("reports.reportfile", str(file.pk))  # a second delivery of the same job
    worker.wait_until(lambda: state() == "ready", "the file is ready", seconds=60)

    assert file.attempts == 2
    assert ReportFile.objects.count() == 1
    stored = Path(file.file.path)
    assert stored.read_bytes().startswith(b"%PDF-")
    assert list(stored.parent.iterdir()) == [stored], "no second or half-written copy"
    assert so.notifications.count() == 1
