"""About 2.900 schools, named after the wards they stand in. Numbers, names and codes are invented (the facts file says
which are not)."""

from pathlib import Path

from twinning.facts import facts
from twinning.models import School, SchoolManagement
from twinning.sample.chance import Chance
from twinning.sample.names import NAMES
from twinning.sample.province import BATCH, Copy
from twinning.sample.units import UNITS

NUMBERS = Path(__file__).with_name("hanoi_schools.csv")
WARD_WORDS = ("Phường ", "Xã ", "Thị trấn ")
Level = School.Level
# Level → column of the facts file, how its schools are called, the digit of its codes.
LEVELS = {
    Level.PRESCHOOL: ("mn", "Mầm non", 3),
    Level.PRIMARY: ("th", "Tiểu học", 4),
    Level.LOWER_SEC: ("thcs", "THCS", 5),
    Level.PRIMARY_LOWER: ("th_thcs", "TH&THCS", 6),
    Level.LOWER_UPPER: ("thcs_thpt", "THCS&THPT", 7),
    Level.ALL_THROUGH: ("lien_cap", "Phổ thông liên cấp", 8),
}
# Levels whose few schools are private ones that take no ward's name.
PRIVATE_LEVELS = {Level.LOWER_UPPER, Level.ALL_THROUGH}


def load_schools(province):
    """Fill `province.schools`, one stored Copy for each of its scale."""
    for number in range(province.scale):
        copy = invent_schools(province.districts, number)
        School.objects.bulk_create(copy.all(), batch_size=BATCH)
        SchoolManagement.objects.bulk_create((school.first_management() for school in copy.all()), batch_size=BATCH)
        province.schools.append(copy)


def invent_schools(districts, number):
    """The Copy of this number, not yet stored; `districts` maps codes to districts."""
    copy, wards = Copy(number), _wards()
    for row in facts(NUMBERS):
        for school in _schools_of(districts[row["district"]], wards[row["district"]], row, number):
            copy.add(school)
    return copy


def _wards():
    """District code → the names of its wards, each once, without the word for their kind."""
    wards = {}
    for row in facts(UNITS):
        name = row["ward"]
        for word in WARD_WORDS:
            name = name.removeprefix(word)
        wards.setdefault(row["district"], {})[name] = row["ward"]
    return wards


def _schools_of(district, wards, numbers, copy):
    for level, (column, word, digit) in LEVELS.items():
        n = int(numbers[column])
        named = [name for name in filter(None, numbers["named"].split(";")) if name.startswith(f"{word} ")]
        places = _places(district, level, wards, n)
        names = [*_names(level, word, places, wards)][: n - len(named)] + named
        for i, name in enumerate(names):
            # Eight digits at scale 1; further copies go on counting, with a ninth digit where two no longer do.
            number = copy * n + i + 1
            is_private = level in PRIVATE_LEVELS or "tư thục" in name
            school = School(
                district=district,
                code=f"01{district.code}{digit}{number:02d}",
                name=name if copy == 0 else f"{name} số {copy + 1}",
                level=level,
                ownership=School.Ownership.PRIVATE if is_private else School.Ownership.PUBLIC,
                address=_address(wards[places[i]], district),
                ward=wards[places[i]],
            )
            school.set_keys()
            yield school


def _places(district, level, wards, n):
    """The wards of `n` schools: every ward once before any has two, in an order of the level's own."""
    order = Chance("wards", district.code, level).shuffled(wards)
    return [order[i % len(order)] for i in range(n)]


def _names(level, word, places, wards):
    """One name a place: "THCS Phúc Xá", then "THCS Phúc Xá B"; preschools beyond the second of a ward are private."""
    private = iter(NAMES["private_schools"])
    for i, ward in enumerate(places):
        turn = i // len(wards)
        if level in PRIVATE_LEVELS:
            yield f"{word} {next(private)}"
        elif level == Level.PRESCHOOL and turn > 1:
            yield f"{word} tư thục {next(private)}"
        else:
            yield f"{word} {ward}" + (f" {'ABCDEFGH'[turn]}" if turn else "")


def _address(ward, district):
    return f"{ward[0].lower()}{ward[1:]}, {district}, Hà Nội"
