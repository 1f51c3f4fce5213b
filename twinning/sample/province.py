"""What the parts of the sample hand to each other while it is being loaded."""

from dataclasses import dataclass, field

from accounts.models import User
from twinning.models import Agreement, ContentArea, Department, District, Programme, School
from twinning.vietnamese import fold

BATCH = 2000  # rows a statement; more gains nothing and costs memory


@dataclass
class Province:
    """One Department with everything below it. `scale` copies of the schools stand side by side; copy 0 is the sample
    at scale 1 and is the same at every scale."""

    scale: int
    department: Department
    programme: Programme
    content_areas: list[ContentArea]
    districts: dict[str, District]  # code → district
    schools: list["Copy"] = field(default_factory=list)  # by copy
    users: dict[str, User] = field(default_factory=dict)  # user name → user
    agreements: list[Agreement] = field(default_factory=list)

    def user_of(self, unit):
        """The one who acts for a school, a district or (None) the Department."""
        return self.users[username_of(unit)]


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


def username_of(unit):
    if unit is None:
        return "so"
    if isinstance(unit, School):
        return f"truong.{unit.code}"
    return f"phong.{fold(unit.name).replace(' ', '-')}"


def name_of(unit):
    """How an event names the unit somebody acted for."""
    return unit.name if isinstance(unit, School) else unit.office
