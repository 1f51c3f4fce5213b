"""Invents activities: when they took place, under which agreement, of which kind, and who came."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from activities.models import Activity
from activities.sample.topics import invent_title
from twinning import school_year
from twinning.models import Agreement, District, School
from twinning.sample.chance import Chance
from twinning.sample.days import working_days

Status = Activity.Status
# How busy a month is: the grade-9 season in spring, seminars in autumn, nearly nothing in the holidays.
MONTHS = {9: 5, 10: 13, 11: 15, 12: 9, 1: 6, 2: 8, 3: 17, 4: 18, 5: 7, 6: 1.5, 7: 0.6, 8: 1.5}


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

    def __init__(self, name, phase, season, copy, umbrella, below):
        self.chance = Chance("activities", name, copy.number)
        self.phase, self.season = phase, season
        self.copy, self.umbrella, self.below = copy, umbrella, below
        self.agreements = [umbrella, *below]
        # Some school pairs meet again and again, some never.
        self.zeal = {agreement.pk: self.chance.pick([0, 0.3, 1, 1, 2, 4]) for agreement in below}

    def days(self, year):
        """Day → weight, for the school year, from shortly after the first agreement was signed."""
        first, last = school_year.bounds(year)
        begun = self.umbrella.signed_on if self.umbrella else min(a.signed_on for a in self.below)
        days = working_days(max(first, begun + timedelta(2)), min(last, self.season.last_day))
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
        subject = agreement.subject.name if agreement.subject_id else None
        key = self._kind(day, "school_weight", level, subject)
        if self.chance.happens(0.45):
            schools.reverse()
        if self.umbrella and self.chance.happens(0.35):
            schools += self._schools(level, day, self.chance.number(1, 4), besides=schools)
        schools += [school for school in self.phase.members.get(agreement.pk, ()) if school not in schools]
        return self._plan(key, day, agreement, level, schools, subject)

    def _of_districts(self, day):
        level = self.chance.weighted(self.season.levels)
        key = self._kind(day, "district_weight")
        if level not in self.season.manners[key].levels:
            level = self.season.manners[key].levels[0]
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

    def _kind(self, day, weight, level=None, subject=None):
        """A key of the season's manners, by the weights of that name; when a level is given, one that suits it, and of
        an agreement of one subject one that is about subjects."""
        weights = {}
        for key, manner in self.season.manners.items():
            if subject and key not in self.season.texts["subject_titles"]:
                continue
            if level is None or level in manner.levels:
                in_season = (4 if day.month in self.season.exam.months else 0) if key == "on_thi" else 1
                weights[key] = getattr(manner, weight) * in_season
        return self.chance.weighted(weights)

    # --- what ---------------------------------------------------------------------------------------------------------

    def _plan(self, key, day, agreement, level, units, only=None):
        title, subject, grade = invent_title(self.season, key, level, self.chance, only)
        if agreement.tier == Agreement.Tier.SCHOOL and len(units) == 2 and self.chance.happens(0.3):
            title += f", {units[0]} và {units[1]}"
        manner = self.season.manners[key]
        parts = [part_of(unit, manner, n == 0, self.chance) for n, unit in enumerate(units)]
        return Plan(key, day, title, agreement, level, parts, subject, grade)


def part_of(unit, manner, is_host, chance):
    """The people `unit` sends to an activity of a kind that goes in this `manner`."""
    if isinstance(unit, District):
        return Part(unit, managers=chance.number(1, 3))
    low, high = manner.host_teachers if is_host else manner.guest_teachers
    has_pupils = manner.pupils[1] and (is_host or manner.guests_bring_pupils)
    managers = chance.number(1, 3) if is_host or manner.is_of_managers else chance.number(0, 2)
    return Part(unit, managers, chance.number(low, high), chance.number(*manner.pupils) if has_pupils else 0)


def inventors(phase, season, copy):
    """One Inventor for each agreement of districts, by the code of the supporting one, and a list of those for school
    agreements that stand alone."""
    schools = set(copy.all())
    below = defaultdict(list)
    for agreement in phase.agreements:
        if agreement.supporting_school in schools and agreement.signed_on:
            below[agreement.umbrella].append(agreement)
    pairs = {
        a.supporting_district.code: Inventor(a.supporting_district.code, phase, season, copy, a, below[a])
        for a in phase.agreements
        if a.tier == Agreement.Tier.DISTRICT
    }
    alone = [Inventor(a.supporting_school.code, phase, season, copy, None, [a]) for a in below[None]]
    return pairs, alone


def plan_of(season, key, day, title, agreement, units, **about):
    """A Plan of something told: `units` came, the first one as the host."""
    chance = Chance("told", day, title)
    parts = [part_of(unit, season.manners[key], n == 0, chance) for n, unit in enumerate(units)]
    level = getattr(units[0], "level", School.Level.LOWER_SEC)
    return Plan(key, day, title, agreement, level, parts, **about)


def waiting_at(name, phase, season, day, title, grade):
    """Invented: a lesson in Toán that the school called `name` (of a demo account) observed at its partner's; its
    head-counts still wait for its word."""
    agreement = next(a for a in phase.agreements if a.supporting_school and a.supporting_school.name == name)
    units = [agreement.supported_school, agreement.supporting_school]
    plan = plan_of(season, "du_gio", day, title, agreement, units, subject="Toán", grade=grade)
    plan.status = Status.HELD
    return plan
