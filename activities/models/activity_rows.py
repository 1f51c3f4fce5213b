"""Many activities at once: which ones count, wait for a word, are late or overdue; their totals summed anew."""

from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from activities.models.activity_life import Status, late_before
from twinning import access
from twinning.access import ScopedQuerySet


class ActivityQuerySet(ScopedQuerySet):
    department_paths = ("programme__department",)
    district_paths = (
        ("units__school", "units__district"),
        ("agreement__supporting_school", "agreement__supporting_district"),
        ("agreement__supported_school", "agreement__supported_district"),
    )
    school_paths = ("units__school",)

    def for_list(self):
        return self.select_related(
            "kind",
            "subject",
            "agreement__supporting_district",
            "agreement__supported_district",
            "agreement__supporting_school",
            "agreement__supported_school",
            "host_school",
            "host_district",
        ).annotate(on=Coalesce("held_on", "planned_on"), people=self._people())

    def _people(self):
        """Expression: how many persons are named in an activity. A teacher is of one school, so its rows add up."""
        rows = self.model._meta.get_field("units").related_model.objects.filter(activity=OuterRef("pk")).order_by()
        named = rows.values("activity").annotate(n=Sum("named_count")).values("n")
        return Coalesce(Subquery(named), 0)

    def unconfirmed(self):
        """Held, and not every unit has said its word: counted, and told as not confirmed."""
        return self.filter(status=Status.HELD)

    def late(self):
        """Unconfirmed for more than LATE_DAYS since the units were asked."""
        return self.filter(self.is_late())

    @staticmethod
    def is_late():
        return Q(status=Status.HELD, asked_on__lt=late_before())

    def counted(self):
        """Held, confirmed by the partner or not yet: what every total counts, each event once."""
        return self.filter(status__in=Status.counted())

    def open_to_materials(self):
        """Those one may share material of."""
        return self.exclude(status__in=[Status.CANCELLED, Status.MERGED])

    def held_in(self, year):
        return self.counted().filter(school_year=year)

    def waiting_for(self, user):
        """Activities whose counts `user`'s own unit still has to confirm."""
        membership = access.seat(user)
        if membership is None or not access.is_recorder(user) or not (membership.school_id or membership.district_id):
            return self.none()
        own = Q(units__confirmed_at=None)
        own &= (
            Q(units__school=membership.school_id)
            if membership.school_id
            else Q(units__school=None, units__district__in=access.offices_of(membership))
        )
        return self.filter(status=Status.HELD).filter(own)

    def overdue_for(self, user):
        """Planned activities that `user`'s unit entered and whose day has passed: "please tell us what happened"."""
        membership = access.seat(user)
        if membership is None or not access.is_recorder(user):
            return self.none()
        if membership.school_id:
            own = self.filter(recorded_school=membership.school_id)
        elif membership.district_id:
            own = self.filter(recorded_district__in=access.offices_of(membership))
        else:
            own = self.visible_to(user).filter(recorded_school=None, recorded_district=None)
        return own.overdue()

    def overdue_of_others(self, user):
        """The other overdue ones `user` may see: for those who watch over units."""
        return self.visible_to(user).overdue().exclude(pk__in=self.overdue_for(user).order_by().values("pk"))

    def overdue(self):
        return self.filter(status=Status.PLANNED, planned_on__lt=timezone.localdate())

    def store_totals(self):
        """Recompute the stored totals of these activities from their rows. Returns how many were wrong."""
        wrong = 0
        for activity in self.with_row_sums().only("pk", *self.model.TOTALS):
            sums = {field: getattr(activity, f"sum_{field}") or 0 for field in self.model.TOTALS}
            if any(getattr(activity, field) != total for field, total in sums.items()):
                wrong += self.model.objects.filter(pk=activity.pk).update(**sums)
        return wrong

    def with_row_sums(self):
        """Each activity with `sum_<total>` computed from its rows."""
        return self.annotate(**{f"sum_{field}": Sum(f"units__{field}") for field in self.model.TOTALS})
