"""The same gift recorded by both sides: found before it is saved, and merged later with nothing lost."""

from datetime import timedelta

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _t

from activities.merging import ALIKE, likeness
from activities.models import Support
from twinning import vietnamese
from twinning.life import Refused
from twinning.vietnamese import fold, number

DAYS_APART, DAYS_OFFERED = 7, 31
Status = Support.Status
# How far each has come; a gift is merged into one that has come as far at least, so that nobody's word is lost.
STEPS = {Status.PLEDGED: 0, Status.CLAIMED: 1, Status.DELIVERED: 1, Status.RECEIVED: 2}
# What points to a gift, and what becomes of it; see merging.py. A test fails when a relation is missing here.
RELATIONS = {
    "activities.SupportDocument.support": "move",
    "activities.SupportEvent.subject": "stay",
    "activities.Support.merged_into": "move",
}
# Taken from the one that goes when the one that stays does not say it.
DETAILS = ("agreement", "quantity", "unit", "estimate_note", "pupil", "pupils_helped")
COMPARED = ("kind", "source", "donor", "value_vnd", "quantity", "pupils_helped", "delivered_on", "received_on")


def likely_same(support):
    """Other gifts (list) that may be `support`, stored or not: of the same two parties, at most DAYS_APART days apart,
    worth the same or called alike; the nearest first."""
    title = fold(support.title)
    alike = [
        other
        for other in _near(support, DAYS_APART)
        if other.value_vnd == support.value_vnd or likeness(title, fold(other.title)) >= ALIKE
    ]
    return sorted(alike, key=lambda other: (abs(other.day - support.day), other.pk))


def candidates(support):
    """Gifts (queryset) that `support` may be merged into: of the same parties and kind, near, and as far on its way; a
    confirmed one only when it is worth the same."""
    far_enough = [status for status, step in STEPS.items() if step >= STEPS.get(support.status, 0)]
    near = _near(support, DAYS_OFFERED).filter(status__in=far_enough, kind=support.kind)
    # What a receiver confirmed takes nothing on that it did not see.
    other_amount = ~Q(value_vnd=support.value_vnd)
    return near.exclude(other_amount, status=Status.RECEIVED).order_by("on", "pk")


def _near(support, days):
    span = support.day - timedelta(days), support.day + timedelta(days)
    there = Support.objects.for_list().between(support).filter(status__in=STEPS).exclude(pk=support.pk)
    return there.annotate(on=Coalesce("delivered_on", "pledged_on")).filter(on__range=span)


@transaction.atomic
def merge(support, into, by):
    """Merge `support` into `into` as `by`: papers join those of `into`, what only the one says is added, and what both
    say differently is told in the history. `support` stays readable, says where it went and counts no more. Two records
    of the two sides that say the same amount confirm each other. Raises Refused."""
    into = Support.objects.select_for_update(of=("self",)).select_related("programme").get(pk=into.pk)
    if not candidates(support).filter(pk=into.pk).exists():
        raise Refused(_t("Hãy chọn một khoản khác của hai bên này, đã tới cùng bước hoặc xa hơn, để gộp vào."))
    for relation in (relation for relation, rule in RELATIONS.items() if rule == "move"):
        label, _dot, field = relation.rpartition(".")
        apps.get_model(label)._base_manager.filter(**{field: support}).update(**{field: into})
    told, was = _differences(support, into), support.status
    _add(support, into)
    into.save()
    support.perform("merge", by, merged_into=into)
    words = {"it": support, "n": support.pk}
    into.record_event("absorb", by, note="\n".join([_t("Gộp từ khoản số %(n)d “%(it)s”.") % words, *told]))
    both_sides = {was, into.status} == {Status.CLAIMED, Status.DELIVERED}
    if both_sides and into.value_vnd == support.value_vnd:
        claim = support if was == Status.CLAIMED else into
        into.perform("agree", by, received_on=max(claim.received_on, into.delivered_on))
    return into


def _differences(support, into):
    """Sentences on what the two say differently."""
    told = []
    for name in COMPARED:
        gone, kept = getattr(support, name), getattr(into, name)
        if gone and kept and gone != kept:
            label = Support._meta.get_field(name).verbose_name
            words = {"what": label, "kept": _shown(into, name), "gone": _shown(support, name)}
            told.append(_t("%(what)s: giữ %(kept)s, bản gộp ghi %(gone)s.") % words)
    if fold(support.title) != fold(into.title):
        told.append(_t("Bản gộp gọi là “%s”.") % support.title)
    return told


def _shown(support, name):
    if name in ("kind", "source"):
        return str(getattr(support, f"get_{name}_display")())
    value = getattr(support, name)
    if isinstance(value, int):
        return number(value)
    return vietnamese.day(value) if hasattr(value, "day") else str(value)


def _add(support, into):
    for name in DETAILS:
        if not getattr(into, name) and getattr(support, name):
            setattr(into, name, getattr(support, name))
    if not into.donor and into.source == Support.Source.COMMUNITY:
        into.donor = support.donor
    if support.note and fold(support.note) not in fold(into.note):
        into.note = f"{into.note}\n{support.note}".strip()
