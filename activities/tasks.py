"""What runs by itself: check-ins left uncounted, devices to forget, results to ask for."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from activities import planning
from activities.models import CheckIn, Feedback


@shared_task
def count_check_ins():
    """Take in what a failure left waiting: a process that died between storing and counting, a busy database."""
    for activity_id in CheckIn.objects.left_behind():
        CheckIn.objects.count_in(activity_id)


@shared_task
def ask_for_results():
    """The day after a planned activity: "please tell us what happened"."""
    planning.ask_for_results()


@shared_task
def forget_devices():
    """Forget which devices sent check-ins and feedback that are old enough."""
    kept = timedelta(days=settings.CHECK_IN_DEVICE_DAYS)
    CheckIn.objects.forget_devices(timezone.now() - kept)
    Feedback.objects.forget_devices(timezone.localdate() - kept)
