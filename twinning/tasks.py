"""The one background task that does jobs of every kind, and the sweeper behind it. Both are safe to run twice."""

import logging

from celery import shared_task
from django.apps import apps

from twinning import nightly
from twinning.models import ExportFile, ImportJob
from twinning.models.job import Job

logger = logging.getLogger(__name__)


@shared_task
def do_job(label, pk):
    """Do one job (model label, id), once; a second delivery finds it taken and leaves."""
    job = apps.get_model(label).objects.get(pk=pk)
    if job.take():
        job.do()


@shared_task
def requeue_lost_jobs():
    """Queue again what a dead worker left behind."""
    for model in (model for model in apps.get_models() if issubclass(model, Job)):
        for job in model.objects.lost():
            if job.requeue():
                do_job.delay(model._meta.label_lower, str(job.pk))


@shared_task
def watch_agreements():
    """Each night: expire, warn, remind, tell what is wrong."""
    logger.info("Agreements watched: %s", nightly.watch())


@shared_task
def forget_old_imports():
    """Workbooks hold names of people: those that were never imported are not kept."""
    ImportJob.objects.forget_old()


@shared_task
def remove_old_exports():
    """Remove the files of lists that were kept long enough."""
    ExportFile.objects.old().remove()
