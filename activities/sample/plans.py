"""Invents activities: when they took place, under which agreement, of which kind, and who came."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from activities.models import Activity
from activities.sample.kinds import MANNERS, MN, TH, THCS
from activities.sample.topics import invent_title
from twinning import school_year
from twinning.models import Agreement, District, School
from twinning.sample.chance import Chance
from twinning.sample.days import working_days

Status = Activity.Status
LAST_DAY = date(2025, 6, 14)  # the year's work was done and the reform of 1 July 2025 near
# How busy a month is: the grade-9 season in spring, seminars in autumn, nearly nothing in the holidays.
MONTHS = {9: 5, 10: 13, 11: 15, 12: 9, 1: 6, 2: 8, 3: 17, 4: 18, 5: 7, 6: 1.5, 7: 0.6, 8: 1.5}
EXAM_MONTHS = {2, 3, 4, 5}
DISTRICT_LEVELS = {MN: 24, TH: 34, THCS: 42}


@dataclass
class Part:
    """One unit (School or District) taking part, with the people it sends."""

    unit: School | District
    managers: int = 0
    teachers: float = 0
    pupils: int = 0


@dataclass
class Plan:
    """An activity about to be stored. `parts` begins with the host's."""

    key: str
    day: date
    title: str
    agreement: Agreement | None
    level: str | None
    parts: list[Part]
    subject: str = ""
    grade: int | None = None
    status: str = Status.CONFIRMED

    @property
    def host(self):
        return self.parts[0].unit


class Inventor:
    """Invents the activities of one pair of districts, or of one school agreement that stands alone."""

    def __init__(self, name, province, copy, umbrella, below):
        self.chance = Chance("activities", name, copy.number)
        self.province, self.copy, self.umbrella, self.below = province, copy, umbrella, below
        self.agreements = [umbrella, *below]
        # Some school pairs meet again and again, some never.
        self.zeal = {agreement.pk: self.chance.pick([0, 0.3, 1, 1, 2, 4]) for agreement in below}

    def days(self, year):
        """Day → weight, for the school year, from shortly after the first agreement was signed."""
        first, last = school_year.bounds(year)
        begun = self.umbrella.signed_on if self.umbrella else min(a.signed_on for a in self.below)
        days = working_days(max(first, begun + timedelta(2)), min(last, LAST_DAY))
        return {day: MONTHS[day.month] for day in days}

    def invent(self, days, status=Status.CONFIRMED):
        """A Plan on one of `days` (day → weight)."""
        day = self.chance.weighted(days)
        live = {a: self.zeal[a.pk] for a in self.below if a.signed_on <= day <= (a.ended_on or a.ends_on)}
        if not self.umbrella or (sum(live.values()) and self.chance.happens(0.63)):
            plan = self._of_schools(day, self.chance.weighted(live) if sum(live.values()) else self.below[0])
        else:
            plan = self._of_districts(day)
        plan.status = status
        return plan

    # --- who ----------------------------------------------------------------------------------------------------------

    def _of_schools(self, day, agreement):
        schools = [agreement.supporting_school, agreement.supported_school]
        level = schools[0].level
        key = self._kind(day, "school_weight", level)
        if self.chance.happens(0.45):
            schools.reverse()
        if self.umbrella and self.chance.happens(0.35):
            schools += self._schools(level, day, self.chance.number(1, 4), besides=schools)
        return self._plan(key, day, agreement, level, schools)

    def _of_districts(self, day):
        level = self.chance.weighted(DISTRICT_LEVELS)
        key = self._kind(day, "district_weight")
        if key == "on_thi":
            level = THCS
        offices = [self.umbrella.supporting_district, self.umbrella.supported_district]
        if self.chance.happens(0.4):
            offices.reverse()
        schools = self._schools(level, day, self.chance.number(2, 7) if key == "to_cong_tac" else self._crowd())
        in_office = key in {"to_cong_tac", "hoi_thao", "cot_can"} or self.chance.happens(0.15)
        guests = offices if self.chance.happens(0.7) else offices[:1]
        units = [*guests, *schools] if in_office else [*schools, *guests]
        return self._plan(key, day, self.umbrella, level, units)

    def _crowd(self):
        return self.chance.number(4, 11) if self.chance.happens(0.6) else self.chance.number(9, 20)

    def _schools(self, level, day, n, besides=()):
        """`n` schools of a level from both districts; most of them have signed, some are guests."""
        signed = [
            school
            for agreement in self.below
            if agreement.signed_on <= day + timedelta(60)
            for school in (agreement.supporting_school, agreement.supported_school)
            if school.level == level and school not in besides
        ]
        chosen = self.chance.some(dict.fromkeys(signed), n)
        if len(chosen) < n:
            others = [
                school
                for district in (self.umbrella.supporting_district, self.umbrella.supported_district)
                for school in self.copy.of(district, level)
                if school not in signed and school not in besides
            ]
            chosen += self.chance.some(others, min(n - len(chosen), 6))
        return chosen

    def _kind(self, day, weight, level=None):
        """A key of MANNERS, by the weights of that name; when a level is given, one that suits it."""
        weights = {}
        for key, manner in MANNERS.items():
            if level is None or level in manner.levels:
                in_season = (4 if day.month in EXAM_MONTHS else 0) if key == "on_thi" else 1
                weights[key] = getattr(manner, weight) * in_season
        return self.chance.weighted(weights)

    # --- what ---------------------------------------------------------------------------------------------------------

    def _plan(self, key, day, agreement, level, units):
        title, subject, grade = invent_title(key, level, self.chance)
        if agreement.tier == Agreement.Tier.SCHOOL and len(units) == 2 and self.chance.happens(0.3):
            title += f", {units[0]} và {units[1]}"
        parts = [part_of(unit, key, n == 0, self.chance) for n, unit in enumerate(units)]
        return Plan(key, day, title, agreement, level, parts, subject, grade)


def part_of(unit, key, is_host, chance):
    """The people `unit` sends to an activity of kind `key`."""
    manner = MANNERS[key]
    if isinstance(unit, District):
        return Part(unit, managers=chance.number(1, 3))
    low, high = manner.host_teachers if is_host else manner.guest_teachers
    has_pupils = manner.pupils[1] and (is_host or key == "giao_luu_hs")
    managers = chance.number(1, 3) if is_host or key == "tham_quan" else chance.number(0, 2)
    return Part(unit, managers, chance.number(low, high), chance.number(*manner.pupils) if has_pupils else 0)


def inventors(province, copy):
    """One Inventor for each agreement of districts, by the code of the supporting one, and a list of those for school
    agreements that stand alone."""
    schools = set(copy.all())
    below = defaultdict(list)
    for agreement in province.agreements:
        if agreement.supporting_school in schools and agreement.signed_on:
            below[agreement.umbrella].append(agreement)
    pairs = {
        a.supporting_district.code: Inventor(a.supporting_district.code, province, copy, a, below[a])
        for a in province.agreements
        if a.tier == Agreement.Tier.DISTRICT
    }
    alone = [Inventor(a.supporting_school.code, province, copy, None, [a]) for a in below[None]]
    return pairs, alone
