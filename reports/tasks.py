"""What runs in the background: periods that open, reminders, whole seasons of PDFs. Safe to run twice."""

import logging

from celery import shared_task

from reports import reminders
from reports.models import Batch, ReportingPeriod

logger = logging.getLogger(__name__)


@shared_task
def watch_periods():
    """Each morning: open, remind, tell who is late."""
    logger.info("Periods watched: %s", reminders.watch())


@shared_task
def tell_opened(pk):
    """A period was opened by a person: everyone who has to report learns by when."""
    reminders.tell_opened(ReportingPeriod.objects.for_list().get(pk=pk))


@shared_task
def make_batch(pk, turn):
    """Make reports of a season for a slice of time, after handing the next message on."""
    Batch.objects.get(pk=pk).work(turn)


@shared_task
def watch_batches():
    """Take up what was left behind in seasons of PDFs."""
    for batch in Batch.objects.unfinished():
        batch.watch()
