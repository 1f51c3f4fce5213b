"""The letter that invites a person: to set a password the first time, or to use the account the person has."""

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

SECONDS_A_DAY = 86_400


class NotSent(Exception):
    """The mail server did not take the letter; it can be sent again."""


def send(person, seat, by):
    """Mail `person` (User) that `by` (User) gives the role and unit `seat` (words). Raises NotSent.

    The link is that of a forgotten password: it works once, for PASSWORD_RESET_TIMEOUT. Who has a password gets none.
    """
    context = {
        "person": person,
        "seat": seat,
        "by": by,
        "site": settings.SITE_URL,
        "sign_in_url": settings.SITE_URL + reverse("account_login"),
        "forgotten_url": settings.SITE_URL + reverse("account_reset_password"),
        "password_url": "" if person.has_usable_password() or not person.is_active else password_link(person),
        "days": max(1, settings.PASSWORD_RESET_TIMEOUT // SECONDS_A_DAY),
    }
    text = render_to_string("account/email/invitation.txt", context)
    try:
        send_mail(_("Lời mời dùng Cổng giao ước"), text, None, [person.email])
    except OSError as error:  # smtplib's own are of this kind too
        raise NotSent(str(error)) from error


def password_link(person):
    """Address of the page where `person` sets a password, with a key that works once."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})
    return settings.SITE_URL + path
