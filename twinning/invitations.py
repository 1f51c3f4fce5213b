"""How a person comes to a seat in a unit: invited from the unit or from above it; and units that have nobody yet."""

import secrets
from datetime import timedelta

from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

import accounts.invitations
from accounts.models import Notification, User
from twinning import access, lens
from twinning.life import Refused
from twinning.models import District, Membership


@transaction.atomic
def invite(by, email, full_name, role, decision_number="", **unit):
    """Give the person of `email` the `role` in a unit (school=… or district=…) from today on; → Membership.

    A person of that address keeps the account there is; else a new one without a password is made. Raises Refused when
    the person has the role there. The letter is sent by `send_letter`, once this is stored.
    """
    person = User.objects.select_for_update().filter(email__iexact=email).first()
    if person is None:
        person = User.without_password(username=_free_username(email), email=email, full_name=full_name)
        person.save()
    elif Membership.objects.current().filter(user=person, role=role, **unit).exists():
        raise Refused(
            _("Người có thư này đã giữ vai trò ấy ở đơn vị. Chưa nhận được thư mời thì bấm “Gửi lại thư mời”.")
        )
    return Membership.objects.create(
        user=person,
        role=role,
        **unit,
        valid_from=timezone.localdate(),
        decision_number=decision_number,
        invited_name=full_name,
        invited_at=timezone.now(),
        invited_by=by,
    )


def _free_username(email):
    """The address, as imports do; another one where it is no user name or is taken by somebody without this address."""
    try:
        User._meta.get_field("username").clean(email, None)
    except ValidationError:
        pass
    else:
        if not User.objects.filter(username__iexact=email).exists():
            return email
    return f"nguoi-{secrets.token_hex(6)}"


def send_letter(membership, by):
    """Mail the person of a membership what it is about. Raises accounts.invitations.NotSent."""
    accounts.invitations.send(membership.user, str(membership), by)


def end(membership, by):
    """The role ends with this day; one that nobody has taken yet, at once. Raises Refused for one's own last seat."""
    today = timezone.localdate()
    others = Membership.objects.in_force().filter(user=membership.user_id).exclude(pk=membership.pk)
    if membership.user_id == by.pk and not others.exists():
        raise Refused(_("Đây là vai trò duy nhất của thầy/cô nên không tự kết thúc được. Hãy nhờ đơn vị cấp trên."))
    membership.valid_to = today - timedelta(days=1) if membership.is_pending else today
    membership.save(update_fields=["valid_to"])


@receiver(user_logged_in)
def take_invitations(sender, user, **kwargs):
    """Who signs in has come: the seats show the person's own name from now on."""
    Membership.objects.current().filter(user=user, invited_at__isnull=False, taken_at=None).update(
        taken_at=timezone.now()
    )


def people_of_unit(user, *, school=None, district=None):
    """For the page of a unit: {"seats": [(Membership, whether `user` may end it)], "invite_url"}; None when the people
    there are no business of `user`."""
    roles = access.roles_to_give(user, school=school, district=district)
    if not roles:
        return None
    seats = Membership.objects.current().filter(school=school, district=district).select_related("user")
    seats = sorted(seats, key=lambda seat: (list(access.Role).index(seat.role), seat.pk))
    return {"seats": [(seat, seat.role in roles) for seat in seats], "invite_url": invite_url(school or district)}


def invite_url(unit):
    return reverse("district_invite" if isinstance(unit, District) else "school_invite", args=[unit.pk])


# --- Units without anybody ------------------------------------------------------------------------------------------


def units_to_invite(thing, user, units=None, side=None):
    """Of a side (the answering one) of an agreement or amendment the units `user` may invite people for: the school,
    and the office it is under today."""
    side = side or thing.answering_side
    agreement = thing.of_agreement
    school = getattr(agreement, f"{side}_school")
    office = (units or lens.Units()).today(school, getattr(agreement, f"{side}_district_id"))
    found = [school] if access.roles_to_give(user, school=school) else []
    district = District.objects.filter(pk=office).first()
    return found + ([district] if district and access.roles_to_give(user, district=district) else [])


def missing_side(thing, user):
    """For the page of an agreement or amendment that waits, or will, for a side without anybody: {"party": its name,
    "sends": whether it is the one that sends, "links": [(unit, address)] to invite}; None when there is somebody, or
    nobody is needed."""
    side = next((side for side in thing.awaited_sides if not thing.people_of(side)), None)
    if side is None:
        return None
    return {
        "party": thing.of_agreement.party_name(side),
        "sends": side == thing.registered_side,
        "links": [(unit, invite_url(unit)) for unit in units_to_invite(thing, user, side=side)],
    }


def tell_of_missing_side(thing):
    """Tell the Department when the next word on an agreement or amendment is with a side where nobody can say it."""
    side = next(iter(thing.awaited_sides), None)
    if side is None or thing.people_of(side):
        return
    sentence = {
        thing.Status.WAITING: _("%(party)s chưa có ai dùng cổng để trả lời %(it)s."),
        thing.Status.RETURNED: _("%(party)s chưa có ai dùng cổng để sửa và gửi lại %(it)s."),
    }.get(thing.status)
    if sentence:
        _tell_department(thing, sentence, side)


def tell_of_unheard_side(agreement):
    """Tell the Department when an agreement was recorded as signed and nobody of a side can look whether that is so."""
    for side in (agreement.answering_side, agreement.registered_side):
        if not agreement.people_of(side):
            _tell_department(
                agreement, _("%(party)s chưa có ai dùng cổng để đối chiếu %(it)s, vừa ghi là đã ký."), side
            )


def _tell_department(thing, sentence, side):
    agreement = thing.of_agreement
    Notification.objects.tell(
        access.people_of(department_id=agreement.programme.department_id),
        sentence % {"party": agreement.party_name(side), "it": thing.quoted},
        thing.get_absolute_url(),
        _("Sở mời người của đơn vị này."),
    )
