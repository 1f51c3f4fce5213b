"""What runs by itself: periods that open, reminders. Safe to run twice."""

import logging

from celery import shared_task

from reports import reminders
from reports.models import ReportingPeriod

logger = logging.getLogger(__name__)


@shared_task
def watch_periods():
    """Each morning: open, remind, tell who is late."""
    logger.info("Periods watched: %s", reminders.watch())


@shared_task
def tell_opened(pk):
    """A period was opened by a person: everyone who has to report learns by when."""
    reminders.tell_opened(ReportingPeriod.objects.for_list().get(pk=pk))
