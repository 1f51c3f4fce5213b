"""Which managing unit a row belongs to, now that units end and schools move: three lenses on the same rows.

Rows keep the unit as it was then, in a column beside the school; a row without a school is of the office itself. Under
every lens each row belongs to exactly one unit (or, for old districts, to none of them), so totals are the same:

- then: the stored column, or for figures of a school year, who managed the school when the year began;
- now: the unit that manages the school today (the school it was merged into, at the end of the chain); an office that
  ended is the one unit that succeeded it, and stays itself when there are several or none;
- old: the last district (quận, huyện, thị xã, thành phố) that managed the school; schools founded later have none.
"""

from functools import cached_property

from django.db import models
from django.db.models import BigIntegerField, Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.models.school import School, SchoolManagement
from twinning.models.unit import District, UnitSuccession

OUTSIDE = _("không thuộc quận, huyện cũ")
# What ended in a reform of government: these kinds of unit, and no others, make up the old map.
OLD_KINDS = (District.Kind.URBAN_DISTRICT, District.Kind.RURAL_DISTRICT, District.Kind.TOWN, District.Kind.CITY)


class Lens(models.TextChoices):
    NOW = "hien-nay", _("đơn vị hiện nay")
    THEN = "thoi-diem", _("đơn vị tại thời điểm")
    OLD = "quan-huyen-cu", _("địa bàn quận, huyện cũ")


def has_ended_units(user):
    """Whether the lenses differ for what `user` sees; until a unit has ended there is nothing to choose."""
    return District.objects.visible_to(user).filter(valid_to__lt=timezone.localdate()).exists()


def end_of(start, step):
    """Follow `step` (from → to) from `start` to its end; a ring ends where it closes."""
    seen = {start}
    while (following := step.get(start)) is not None and following not in seen:
        seen.add(start := following)
    return start


class Units:
    """The units of rows under one lens. `school` and `district` are ORM paths from a row: to its school, and to the
    unit stored beside it (None where nothing is stored, as for a teacher)."""

    def __init__(self, lens=Lens.NOW):
        self.lens = Lens(lens)

    # --- rows of one unit ---------------------------------------------------------------------------------------------

    def belongs(self, unit_id, school, district):
        """Q: the rows of the unit; `unit_id` None: those of no old district."""
        if self.lens == Lens.THEN:
            return Q(**{district: unit_id}) if unit_id else Q(pk__in=[])
        of_schools = Q(**{f"{school}__in": self.schools(unit_id).values("pk")})
        if district is None:
            return of_schools
        return of_schools | Q(**{school: None, f"{district}__in": self.offices(unit_id)})

    def schools(self, unit_id):
        """The schools of the unit; under "then" every school it ever managed."""
        if self.lens == Lens.THEN:
            return School.objects.filter(pk__in=SchoolManagement.objects.filter(district=unit_id).values("school"))
        if self.lens == Lens.OLD:
            return School.objects.alias(old=_old_district("pk")).filter(old=unit_id)
        merged = [school for school, unit in self.merged.items() if unit == unit_id]
        return School.objects.filter(Q(district=unit_id, merged_into=None) | Q(pk__in=merged))

    def offices(self, unit_id):
        """Ids of the units whose own rows count as those of the unit."""
        if self.lens == Lens.OLD and unit_id is None:
            return District.objects.exclude(kind__in=OLD_KINDS).values("pk")
        if self.lens == Lens.OLD:
            return District.objects.filter(pk=unit_id, kind__in=OLD_KINDS).values("pk")
        itself = [] if unit_id in self.heirs else [unit_id]
        return itself + [office for office, heir in self.heirs.items() if heir == unit_id]

    # --- the unit of each row -----------------------------------------------------------------------------------------

    def unit(self, school, district):
        """Expression: the id of the unit of a row."""
        if self.lens == Lens.THEN:
            return F(district)
        whens = [When(**{f"{school}__isnull": False}, then=self.unit_of_school(school))]
        if self.lens == Lens.OLD:
            whens.append(When(**{f"{district}__kind__in": OLD_KINDS}, then=F(district)))
            return Case(*whens, default=None, output_field=BigIntegerField())
        whens += [When(**{district: office}, then=Value(heir)) for office, heir in self.heirs.items()]
        return Case(*whens, default=F(district), output_field=BigIntegerField())

    def unit_of_school(self, school=""):
        """Expression: the id of the unit of the school at the path, "" for a row that is a school. A school alone has
        no "then": that is of the row that names it."""
        below = f"{school}__" if school else ""
        if self.lens == Lens.OLD:
            return _old_district(f"{below}pk")
        by_unit = {}
        for merged, unit in self.merged.items():
            by_unit.setdefault(unit, []).append(merged)
        whens = [When(**{f"{below}pk__in": schools}, then=Value(unit)) for unit, schools in by_unit.items()]
        return Case(*whens, default=F(f"{below}district"), output_field=BigIntegerField())

    def unit_on(self, day, school=""):
        """Expression: the id of the unit of the school at the path, for a row that is about `day`: under "then" the
        unit that managed it on that day, where it is known."""
        if self.lens != Lens.THEN:
            return self.unit_of_school(school)
        below = f"{school}__" if school else ""
        managed = SchoolManagement.objects.filter(school=OuterRef(f"{below}pk")).valid_on(day)
        return Coalesce(Subquery(managed.values("district")[:1]), F(f"{below}district"), output_field=BigIntegerField())

    # --- one row in hand, today ---------------------------------------------------------------------------------------

    def today(self, school=None, district_id=None):
        """The id of the unit that answers today for a school (else for the office of `district_id`)."""
        if school is None:
            return self.heirs.get(district_id, district_id)
        return self.merged[school.pk] if school.merged_into_id else school.district_id

    @cached_property
    def merged(self):
        """{school that was merged: unit of the school at the end of the chain}."""
        rows = School.objects.filter(merged_into__isnull=False).order_by()  # in order SQLite would read every school
        rows = rows.values_list("pk", "merged_into", "merged_into__district")
        into, unit = {}, {}
        for school, other, district in rows:
            into[school], unit[other] = other, district
        return {school: unit[end_of(school, into)] for school in into}

    @cached_property
    def heirs(self):
        """{unit that ended: the one that followed it, at the end of the chain}, where exactly one did."""
        followed = {}
        ended = UnitSuccession.objects.filter(predecessor__valid_to__lt=timezone.localdate())
        for old, new in ended.values_list("predecessor", "successor"):
            followed.setdefault(old, []).append(new)
        step = {old: new[0] for old, new in followed.items() if len(new) == 1}
        return {old: end_of(old, step) for old in step}

    @cached_property
    def names(self):
        """{unit id: name with its kind}; None: of no old district."""
        return {None: str(OUTSIDE), **{unit.pk: str(unit) for unit in District.objects.only("name", "kind")}}


def _old_district(school):
    """Expression: the last old district that managed the school whose pk stands at the path."""
    managed = SchoolManagement.objects.filter(school=OuterRef(school), district__kind__in=OLD_KINDS)
    latest = managed.order_by(F("valid_to").desc(nulls_first=True), F("valid_from").desc(nulls_last=True), "-pk")
    return Subquery(latest.values("district")[:1])
