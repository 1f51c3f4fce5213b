"""Mail of notices, and nightly housekeeping of sign-ins."""

import logging

from celery import shared_task
from django.core.management import call_command

from accounts import letters

logger = logging.getLogger(__name__)


@shared_task
def mail_notices():
    """Send what is due: at once after somebody was told, each morning, and each minute what was left behind."""
    try:
        letters.send_due()
    except letters.ServerAway as reason:
        logger.warning("The mail server takes no letters; they wait. %s", reason)


@shared_task
def clear_sessions():
    call_command("clearsessions")
