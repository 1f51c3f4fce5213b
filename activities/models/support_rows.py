"""Many gifts at once: which ones count, wait for somebody, are between the same two units."""

from django.db.models import Exists, OuterRef, Q

from activities.models.support_life import Status
from twinning import access
from twinning.access import ScopedQuerySet


class SupportQuerySet(ScopedQuerySet):
    department_paths = ("programme__department",)
    district_paths = (("giver_school", "giver_district"), ("receiver_school", "receiver_district"))
    school_paths = ("giver_school", "receiver_school")

    def for_list(self):
        return self.select_related("giver_school", "giver_district", "receiver_school", "receiver_district")

    def counted(self):
        """Delivered, confirmed by the receiver or not yet. A pledge is not help."""
        return self.filter(status__in=[Status.DELIVERED, Status.RECEIVED])

    def waiting_for(self, user):
        """Help that waits for `user`'s own unit: what was delivered to it, what a receiver says it gave, what did not
        arrive in full."""
        membership = access.seat(user)
        if membership is None or not access.is_recorder(user):
            return self.none()
        returned = Exists(
            self.model._meta.get_field("events").related_model.objects.filter(subject=OuterRef("pk"), action="return")
        )
        mine = Q()
        for side, waits in (
            ("receiver", Q(status=Status.DELIVERED)),
            ("giver", Q(status=Status.CLAIMED) | Q(returned, status=Status.PLEDGED)),
        ):
            if membership.school_id:
                mine |= waits & Q(**{f"{side}_school": membership.school_id})
            elif membership.district_id:
                offices = {f"{side}_school": None, f"{side}_district__in": access.offices_of(membership)}
                mine |= waits & Q(**offices)
        return self.filter(mine) if mine else self.none()

    def between(self, support):
        """The gifts of one programme with the giver and the receiver of `support`."""
        parties = {"programme": support.programme_id}
        for side in ("giver", "receiver"):
            parties[f"{side}_school"] = getattr(support, f"{side}_school_id")
            if parties[f"{side}_school"] is None:
                parties[f"{side}_district"] = getattr(support, f"{side}_district_id")
        return self.filter(**parties)
