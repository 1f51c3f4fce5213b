"""Background jobs of reports. Everything here is safe to run twice."""

import logging

from celery import shared_task

from reports.models import ReportFile
from reports.models.file import LeaseLost

logger = logging.getLogger(__name__)


@shared_task
def build_file(pk):
    """Build one report file, once; a second delivery finds it claimed and leaves."""
    from reports.pdf import build_pdf  # WeasyPrint is slow to import and only workers need it

    file = ReportFile.objects.select_related("report").get(pk=pk)
    if not file.claim_for_build():
        return
    try:
        data, pages = build_pdf(file.content, file.report_progress)
        file.mark_ready(data, pages)
    except LeaseLost:
        logger.warning("File %s was given to another worker.", pk)
    except Exception as error:
        logger.exception("File %s failed.", pk)
        file.mark_failed(f"{type(error).__name__}: {error}")


@shared_task
def requeue_lost_files():
    """Queue again what a dead worker left behind."""
    for file in ReportFile.objects.lost():
        if file.requeue():
            build_file.delay(str(file.pk))
