"""What the parts of the sample hand to each other while it is being loaded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from accounts.models import User
from twinning.models import Agreement, ContentArea, Department, District, Programme, School
from twinning.vietnamese import fold

BATCH = 2000  # rows a statement; more gains nothing and costs memory


@dataclass(frozen=True)
class Terms:
    """One programme of a province: what it says, and what the pairs in it are made of."""

    programme: dict  # fields of Programme
    bases: list[dict]  # fields of LegalBasis
    content_areas: list[str]
    pairs: Path  # facts: its agreements of districts
    texts: dict  # what its agreements say
    kinds: dict  # tier → kind of paper
    exam_words: str  # in the name of the content area of examinations, which not every pair works on
    shares: dict  # level → share of the school pairs
    areas: dict  # level → positions in content_areas of what schools of it work on
    ends: tuple[date, date]  # last day of most agreements, and of those that end before
    last_signing: date
    load_agreements: Callable[["Phase"], None]
    named: dict = field(default_factory=dict)  # district code → schools that are sure to be twinned


@dataclass(frozen=True)
class Home:
    """One province: the facts files and the few words and functions that are its own."""

    slug: str  # of `load_sample --programme`
    name: str
    department: dict  # fields of Department
    code: str  # of the province, with which school codes begin
    suffix: str  # of the user names of the Department and its districts
    units: Path
    school_numbers: Path
    zones: dict[str, str]  # kind of unit → zone; none where a province does not speak of them
    phases: list[Terms]
    figure_years: dict[int, int]  # school year → how many schools of a hundred reported
    indicators: Callable[["Province"], Iterable]  # (Indicator, its values, not stored) …
    more_subjects: list[str] = field(default_factory=list)
    more_posts: Callable[["Province"], Iterable] = lambda province: ()


@dataclass
class Province:
    """One Department with everything below it. `scale` copies of the schools stand side by side; copy 0 is the sample
    at scale 1 and is the same at every scale."""

    home: Home
    scale: int
    department: Department
    districts: dict[str, District]  # code → district
    phases: list["Phase"] = field(default_factory=list)
    schools: list["Copy"] = field(default_factory=list)  # by copy
    users: dict[str, User] = field(default_factory=dict)  # user name → user
    rosters: dict[int, list] = field(default_factory=dict)  # school id → its teachers who are named

    def username_of(self, unit):
        """Of the one who acts for a school, a district or (None) the Department."""
        if isinstance(unit, School):
            return f"truong.{unit.code}"
        name = "so" if unit is None else f"phong.{fold(unit.name).replace(' ', '-')}"
        return f"{name}{self.home.suffix}"

    def user_of(self, unit):
        return self.users[self.username_of(unit)]


@dataclass
class Phase:
    """One programme while it is being loaded."""

    province: Province
    terms: Terms
    programme: Programme
    content_areas: list[ContentArea]
    agreements: list[Agreement] = field(default_factory=list)
    members: dict[int, list[School]] = field(default_factory=dict)  # agreement id → schools beside the lead ones

    @property
    def districts(self):
        return self.province.districts

    @property
    def schools(self):
        return self.province.schools

    def user_of(self, unit):
        return self.province.user_of(unit)


class Copy:
    """The schools of one copy, by district and level."""

    def __init__(self, number):
        self.number = number
        self._schools = {}

    def add(self, school):
        self._schools.setdefault((school.district.code, school.level), []).append(school)

    def of(self, district, level):
        return self._schools.get((district.code, level), [])

    def all(self):
        return [school for schools in self._schools.values() for school in schools]

    def named(self, name, district):
        """The school called `name` in `district`: one that a source speaks of."""
        return next(school for school in self.all() if school.name == name and school.district == district)


def name_of(unit):
    """How an event names the unit somebody acted for."""
    return unit.name if isinstance(unit, School) else unit.office
