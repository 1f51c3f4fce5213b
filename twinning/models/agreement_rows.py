"""Many agreements at once: which ones are in effect, between whom, without activity, waiting for somebody."""

from django.db.models import Exists, F, Max, OuterRef, Q, Subquery

from twinning import agreement_text
from twinning.access import ScopedQuerySet
from twinning.models.agreement_life import Status


class AgreementQuerySet(ScopedQuerySet):
    department_paths = ("programme__department",)
    district_paths = (("supporting_school", "supporting_district"), ("supported_school", "supported_district"))
    school_paths = ("supporting_school", "supported_school")
    read_only_school_paths = ("covered__supporting_school", "covered__supported_school", "members__school")
    read_only_district_paths = (("members__school", "members__district"),)

    def for_list(self):
        """Not signed yet first, then the newest; said in full, since databases differ on where an empty day stands."""
        return self.select_related(
            "programme", "subject", "supporting_district", "supported_district", "supporting_school", "supported_school"
        ).order_by(F("signed_on").desc(nulls_first=True), "-pk")

    def for_paper(self):
        """With all that agreement_text.text_of reads, in a fixed number of queries."""
        parties = [f"{side}_{unit}" for side in self.model.Side.values for unit in ("school", "district")]
        cited = [f"{other}__{party}" for other in ("umbrella", "renews") for party in parties]
        return self.for_list().select_related(*cited).prefetch_related(*agreement_text.HANGING)

    def signed(self):
        """Ever signed, whatever became of them since."""
        return self.filter(status__in=Status.once_signed())

    def ready_to_sign(self):
        """Both sides agree on the text."""
        return self.filter(status=Status.CONFIRMED)

    def live(self):
        return self.filter(status=Status.SIGNED)

    def live_during(self, first, last):
        """Signed and in effect on some day of `first` … `last`."""
        lasts = Q(ended_on=None, ends_on__gte=first) | Q(ended_on__gte=first)
        return self.signed().filter(lasts, signed_on__lte=last)

    def schools(self):
        """Q: the schools that are a party of these."""
        return Q(pk__in=self.order_by().values("supporting_school")) | Q(
            pk__in=self.order_by().values("supported_school")
        )

    def units_of_schools(self):
        """{school id: id of its unit at signing}; of several signings the last one counts, so that a school that moved
        in between stands once."""
        sides = ("supporting_school", "supporting_district", "supported_school", "supported_district")
        units = {}
        for school, district, other_school, other_district in self.order_by("signed_on", "pk").values_list(*sides):
            units[school], units[other_school] = district, other_district
        return units

    # --- twins on a day (twinning/twins.py) --------------------------------------------------------------------------

    def twins_on(self, day):
        """Pairs of schools, or of their groups of a subject, in effect on `day`."""
        return self.filter(tier__in=self.model.Tier.of_schools()).live_during(day, day)

    def twinned_schools(self):
        """Q: the schools that are a party of these or stand beside one."""
        members = self._members().filter(school__isnull=False)
        return self.schools() | Q(pk__in=members.values("school"))

    def with_school(self, school):
        """Those the school is a party of or stands beside."""
        members = self.model._meta.get_field("members").related_model.objects.filter(school=school)
        lead = Q(supporting_school=school) | Q(supported_school=school)
        return self.filter(lead | Q(pk__in=members.values("agreement")))

    def helping(self):
        """{(id of a school that helps, id of one it helps)} of these, members of both sides included."""
        sides = {}
        for pk, *schools in self.order_by().values_list("pk", "supporting_school", "supported_school"):
            sides[pk] = {side: {school} for side, school in zip(self.model.Side.values, schools, strict=True)}
        for pk, side, school in self._members().filter(school__isnull=False).values_list("agreement", "side", "school"):
            if pk in sides:  # else it was signed a moment ago, between the two queries
                sides[pk][side].add(school)
        return {
            (helper, helped)
            for schools in sides.values()
            for helper in schools[self.model.Side.SUPPORTING]
            for helped in schools[self.model.Side.SUPPORTED]
        }

    def _members(self):
        members = self.model._meta.get_field("members").related_model.objects
        return members.filter(agreement__in=self.order_by().values("pk"))

    def silent(self, since, day):
        """Signed by `since`, and nothing was held under them after it, up to and including `day`."""
        held = self._held().filter(held_on__gt=since, held_on__lte=day)
        return self.filter(~Exists(held), signed_on__lte=since)

    def with_last_activity(self, day):
        """Each with `last_held_on`: when something was held under it last, up to `day`."""
        latest = self._held().filter(held_on__lte=day).order_by().values("agreement").annotate(last=Max("held_on"))
        return self.annotate(last_held_on=Subquery(latest.values("last")))

    def _held(self):
        """The activities that figures count, of the agreement of an outer query."""
        return self.model._meta.get_field("activities").related_model.objects.counted().filter(agreement=OuterRef("pk"))

    def one_way(self):
        return self.filter(direction=self.model.Direction.ONE_WAY)

    def between(self, one, other):
        """District-tier agreements of the two districts, in either order."""
        return self.filter(
            Q(supporting_district=one, supported_district=other) | Q(supporting_district=other, supported_district=one),
            tier=self.model.Tier.DISTRICT,
        )

    def waiting_for(self, user):
        """Those on which `user` has the next word: answer, send again, or sign."""
        mine = self.editable_by(user).for_list()
        open_ones = mine.filter(status__in=[Status.WAITING, Status.RETURNED, Status.CONFIRMED])
        return open_ones.filter(pk__in=[a.pk for a in open_ones if a.actions_for(user).keys() & self.model.NEXT_STEPS])
