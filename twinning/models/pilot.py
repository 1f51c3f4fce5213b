"""Schools that lead the way under a district agreement (trường điểm), how many there should be, and how many are."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import lens
from twinning.access import ScopedQuerySet
from twinning.models.agreement import Agreement, Side
from twinning.models.figures import SchoolYearFigures
from twinning.models.programme import DEPARTMENT_STAFF, Programme
from twinning.models.school import School, SchoolManagement

ALL = ""  # the level of a quota of all levels together
MOST = 100  # pilot schools of one side; no district has so many


class PilotSchoolQuerySet(ScopedQuerySet):
    department_paths = ("agreement__programme__department",)
    district_paths = (
        ("agreement__supporting_school", "agreement__supporting_district"),
        ("agreement__supported_school", "agreement__supported_district"),
        ("school", None),
    )
    school_paths = ("school",)

    def levels(self, agreements):
        """{(agreement id, side): {level: number of schools}}, in one query."""
        counts = self.filter(agreement__in=agreements).order_by().values_list("agreement", "side", "school__level")
        levels = defaultdict(dict)
        for agreement, side, level, n in counts.annotate(n=Count("pk")):
            levels[agreement, side][level] = n
        return levels


class PilotSchool(models.Model):
    """A school that one side of a district agreement chose to lead the way (trường xây dựng điểm)."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="pilot_schools", verbose_name=_("giao ước Phòng – Phòng")
    )
    side = models.CharField(_("bên"), max_length=10, choices=Side)
    school = models.ForeignKey(School, models.PROTECT, related_name="pilot_roles", verbose_name=_("trường điểm"))

    objects = PilotSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("trường điểm")
        verbose_name_plural = _("trường điểm")
        ordering = ["school__level", "school__sort_key"]
        constraints = [models.UniqueConstraint(fields=["agreement", "school"], name="pilot_school_once")]

    def __str__(self):
        return self.school.name


def schools_of_side(agreement, side):
    """The schools a side may choose: those its office managed when the agreement was signed (or begins), and those the
    unit that answers for it manages today."""
    office = getattr(agreement, f"{side}_district_id")
    then = SchoolManagement.objects.filter(district=office).valid_on(agreement.signed_on or agreement.starts_on)
    units = lens.Units()
    today = units.schools(units.today(district_id=office))
    return School.objects.filter(Q(pk__in=then.values("school")) | Q(pk__in=today.values("pk")))


class PilotQuotaQuerySet(ScopedQuerySet):
    department_paths = ("programme__department", "agreement__programme__department")
    is_directory = True
    editor_roles = DEPARTMENT_STAFF

    def of_programme(self, programme):
        return Quotas({quota.level: quota.count for quota in self.filter(programme=programme)})

    def of_agreements(self, agreements):
        """{agreement id: Quotas that hold for it}: its own, else those of its programme; two queries at most."""
        own, general = defaultdict(dict), defaultdict(dict)
        programmes = {agreement.programme_id for agreement in agreements}
        for quota in self.filter(Q(agreement__in=agreements) | Q(programme__in=programmes)):
            if quota.agreement_id:
                own[quota.agreement_id][quota.level] = quota.count
            else:
                general[quota.programme_id][quota.level] = quota.count
        return {a.pk: Quotas(own[a.pk] or general[a.programme_id], is_own=bool(own[a.pk])) for a in agreements}


class PilotQuota(models.Model):
    """How many pilot schools each side of a district agreement chooses, of one level or (no level) of all together:
    Thanh Xuân – Hoài Đức 10 each, Đống Đa – Sóc Sơn 3 MN + 3 TH + 3 THCS. Those of an agreement, if it has any,
    take the place of all those of its programme."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, blank=True, related_name="pilot_quotas", verbose_name=_("phong trào")
    )
    agreement = models.ForeignKey(
        Agreement, models.CASCADE, null=True, blank=True, related_name="pilot_quotas", verbose_name=_("giao ước")
    )
    level = models.CharField(
        _("cấp học"), max_length=10, choices=School.Level, blank=True, help_text=_("Bỏ trống: tính chung mọi cấp.")
    )
    count = models.PositiveSmallIntegerField(_("số trường mỗi bên"))

    objects = PilotQuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("chỉ tiêu trường điểm")
        verbose_name_plural = _("chỉ tiêu trường điểm")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(programme__isnull=False, agreement=None) | Q(programme=None, agreement__isnull=False),
                name="pilot_quota_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["programme", "level"],
                condition=Q(agreement=None),
                name="pilot_quota_once_a_programme",
                violation_error_message=_("Cấp học này đã có chỉ tiêu."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "level"],
                condition=Q(programme=None),
                name="pilot_quota_once_an_agreement",
                violation_error_message=_("Cấp học này đã có chỉ tiêu."),
            ),
        ]

    def __str__(self):
        return f"{self.get_level_display() or _('mọi cấp')}: {self.count}"


def level_label(level):
    """ "THCS", as it stands in a sentence."""
    return str(School.Level(level).label)


@dataclass(frozen=True)
class Quotas:
    """{level: number of schools a side chooses}, the level "" for all together; `is_own`: of the agreement itself."""

    counts: dict = field(default_factory=dict)
    is_own: bool = False

    def __bool__(self):
        return bool(self.counts)

    @property
    def total(self):
        """How many schools a side chooses in all; None without any quota."""
        if not self.counts:
            return None
        return self.counts.get(ALL, sum(n for level, n in self.counts.items() if level != ALL))

    @property
    def levels(self):
        """{level: number} without that of all together, in the order of levels."""
        return {level.value: self.counts[level] for level in School.Level if level in self.counts}

    def __str__(self):
        """ "10 trường mỗi bên (3 Mầm non, 3 Tiểu học, 3 THCS)"."""
        parts = ", ".join(f"{n} {level_label(level)}" for level, n in self.levels.items())
        total = _t("%d trường mỗi bên") % (self.total or 0)
        return f"{total} ({parts})" if parts else total

    def filled(self, levels):
        """How far the schools of a side, {level: number}, fill these."""
        return Filled(self, dict(levels))


@dataclass(frozen=True)
class Filled:
    """The pilot schools of one side against the quotas.

    A school counts once. One of several levels (TH&THCS) stands where it is needed: the schools of one level take their
    places first, then those of several are put so that as many as possible have a place.
    """

    quotas: Quotas
    levels: dict

    @property
    def chosen(self):
        return sum(self.levels.values())

    @property
    def total(self):
        return self.quotas.total

    @cached_property
    def placed(self):
        """{level with a quota: number of schools that stand there}."""
        return self._placed_and_left[0]

    @cached_property
    def _placed_and_left(self):
        """Also [level] of each school that found no place though its level has a quota, or no level of it has."""
        wanted = self.quotas.levels
        places = {level: [] for level in wanted}  # the levels of the schools that stand there
        left = []
        order = sorted(self.levels, key=lambda level: len(_parts(level)))
        for level in order:
            left += [level for _n in range(self.levels[level]) if not self._place(level, places, set())]
        return {level: len(schools) for level, schools in places.items()}, left

    def _place(self, level, places, tried):
        """Find a place for one more school of `level`, moving others on to another of their levels (Kuhn's method)."""
        for part in _parts(level):
            if part not in places or part in tried:
                continue
            tried.add(part)
            if len(places[part]) < self.quotas.counts[part]:
                places[part].append(level)
                return True
            for i, other in enumerate(places[part]):
                if self._place(other, places, tried):
                    places[part][i] = level
                    return True
        return False

    @property
    def places(self):
        """[(label of the level, schools that stand there, quota)]."""
        return [(level_label(level), self.placed[level], n) for level, n in self.quotas.levels.items()]

    @property
    def missing(self):
        """{level: schools still to be chosen}."""
        return {level: n - self.placed[level] for level, n in self.quotas.levels.items() if n > self.placed[level]}

    @property
    def missing_any(self):
        """Schools still to be chosen of whatever level."""
        return max(0, (self.total or 0) - self.chosen - sum(self.missing.values()))

    @property
    def is_full(self):
        return bool(self.quotas) and not self.missing and not self.missing_any

    @property
    def excess(self):
        """Sentences, each naming a quota that is exceeded."""
        if not self.quotas:
            return []
        _placed, left = self._placed_and_left
        wanted, sentences = self.quotas.levels, []
        for level in dict.fromkeys(left):
            parts = [part for part in _parts(level) if part in wanted]
            if parts:
                names = f" {_t('và')} ".join(f"{wanted[part]} {level_label(part)}" for part in parts)
                over = left.count(level)
                sentences.append(
                    _t("Chỉ tiêu trường điểm mỗi bên là %(quota)s; đã chọn %(n)d trường. Hãy bỏ bớt %(over)d trường.")
                    % {"quota": names, "n": sum(self.placed[part] for part in parts) + over, "over": over}
                )
            elif ALL not in self.quotas.counts:
                sentences.append(
                    _t("Không có chỉ tiêu trường điểm cấp %(level)s (chỉ tiêu: %(quotas)s).")
                    % {"level": level_label(level), "quotas": self.quotas}
                )
        most = self.quotas.counts.get(ALL)
        if most is not None and self.chosen > most:
            sentences.append(
                _t("Chỉ tiêu trường điểm chung là %(most)d trường mỗi bên; đã chọn %(n)d. Hãy bỏ bớt %(over)d trường.")
                % {"most": most, "n": self.chosen, "over": self.chosen - most}
            )
        return sentences

    def __str__(self):
        """ "đã chọn 9/10; còn thiếu 1 THCS"."""
        if not self.quotas:
            return _t("đã chọn %d trường") % self.chosen
        text = _t("đã chọn %(n)d/%(total)d") % {"n": self.chosen, "total": self.total}
        if gaps := self.gaps:
            return f"{text}; {_t('còn thiếu %s') % gaps}"
        return f"{text}; {_t('vượt chỉ tiêu')}" if self.excess else text

    @property
    def gaps(self):
        """ "1 THCS, 2 Tiểu học"; empty when nothing is missing."""
        parts = [f"{n} {level_label(level)}" for level, n in self.missing.items()]
        if self.missing_any:
            parts.append(
                _t("%d trường bất kỳ cấp nào") % self.missing_any if parts else _t("%d trường") % self.missing_any
            )
        return ", ".join(parts)

    @property
    def short(self):
        """ "9/10", for a cell of a table."""
        return f"{self.chosen}/{self.total}" if self.quotas else str(self.chosen)


def _parts(level):
    """The levels a school of `level` can stand for: its own first, then those it is made of."""
    return tuple(dict.fromkeys([level, *(part.value for part in SchoolYearFigures.LEVELS_OF[School.Level(level)])]))


def filled_of(agreements):
    """{agreement id: {side: Filled}} of district agreements; three queries however many."""
    agreements = list(agreements)
    quotas = PilotQuota.objects.of_agreements(agreements)
    levels = PilotSchool.objects.levels([agreement.pk for agreement in agreements])
    return {
        agreement.pk: {side: quotas[agreement.pk].filled(levels.get((agreement.pk, side), {})) for side in Side}
        for agreement in agreements
    }
