"""Schools, named after the wards they stand in. Numbers, names and codes are invented (the facts files say which are
not)."""

from twinning.facts import facts
from twinning.models import School, SchoolManagement
from twinning.sample.chance import Chance
from twinning.sample.names import NAMES
from twinning.sample.province import BATCH, Copy

WARD_WORDS = ("Phường ", "Xã ", "Thị trấn ")
Level = School.Level
# Level → column of the facts file (a province without it has none), how its schools are called, the digit of its codes.
LEVELS = {
    Level.PRESCHOOL: ("mn", "Mầm non", 3),
    Level.PRIMARY: ("th", "Tiểu học", 4),
    Level.LOWER_SEC: ("thcs", "THCS", 5),
    Level.PRIMARY_LOWER: ("th_thcs", "TH&THCS", 6),
    Level.LOWER_UPPER: ("thcs_thpt", "THCS&THPT", 7),
    Level.ALL_THROUGH: ("lien_cap", "Phổ thông liên cấp", 8),
    Level.UPPER_SEC: ("thpt", "THPT", 9),
}
# Levels whose few schools are private ones that take no ward's name.
PRIVATE_LEVELS = {Level.LOWER_UPPER, Level.ALL_THROUGH}


def load_schools(province):
    """Fill `province.schools`, one stored Copy for each of its scale."""
    for number in range(province.scale):
        copy = invent_schools(province.home, province.districts, number)
        School.objects.bulk_create(copy.all(), batch_size=BATCH)
        SchoolManagement.objects.bulk_create((school.first_management() for school in copy.all()), batch_size=BATCH)
        province.schools.append(copy)


def invent_schools(home, districts, number):
    """The Copy of this number, not yet stored; `districts` maps codes to districts."""
    copy, wards = Copy(number), _wards(home)
    for row in facts(home.school_numbers):
        for school in _schools_of(home, districts[row["district"]], wards[row["district"]], row, number):
            copy.add(school)
    return copy


def _wards(home):
    """District code → the names of its wards, each once, without the word for their kind."""
    wards = {}
    for row in facts(home.units):
        name = row["ward"]
        for word in WARD_WORDS:
            name = name.removeprefix(word)
        wards.setdefault(row["district"], {})[name] = row["ward"]
    return wards


def _schools_of(home, district, wards, numbers, copy):
    for level, (column, word, digit) in LEVELS.items():
        n = int(numbers.get(column) or 0)
        # "PTDTBT THCS …" is called so, too, and "TH&THCS …" is not.
        named = [name for name in filter(None, numbers["named"].split(";")) if f" {word} " in f" {name}"]
        places = _places(district, level, wards, n)
        names = [name for name in _names(level, word, places, wards, district) if name not in named]
        names = names[: n - len(named)] + named
        for i, name in enumerate(names):
            # Eight digits at scale 1; further copies go on counting, with a ninth digit where two no longer do.
            number = copy * n + i + 1
            is_private = level in PRIVATE_LEVELS or "tư thục" in name
            ward = wards.get(name.rpartition(f"{word} ")[2]) or wards[places[i]]
            school = School(
                district=district,
                code=f"{home.code}{district.code}{digit}{number:02d}",
                name=name if copy == 0 else f"{name} số {copy + 1}",
                level=level,
                ownership=School.Ownership.PRIVATE if is_private else School.Ownership.PUBLIC,
                address=f"{ward[0].lower()}{ward[1:]}, {district}, {home.name}",
                ward=ward,
            )
            school.set_keys()
            yield school


def _places(district, level, wards, n):
    """The wards of `n` schools: every ward once before any has two, in an order of the level's own."""
    order = Chance("wards", district.code, level).shuffled(wards)
    return [order[i % len(order)] for i in range(n)]


def _names(level, word, places, wards, district):
    """One name a place: "THCS Phúc Xá", then "THCS Phúc Xá B"; preschools beyond the second of a ward are private.
    Upper secondary schools have the name of their district: "THPT Anh Sơn 1"."""
    private = iter(NAMES["private_schools"])
    for i, ward in enumerate(places):
        turn = i // len(wards)
        if level in PRIVATE_LEVELS:
            yield f"{word} {next(private)}"
        elif level == Level.PRESCHOOL and turn > 1:
            yield f"{word} tư thục {next(private)}"
        elif level == Level.UPPER_SEC:
            yield f"{word} {district.name}" + (f" {i + 1}" if len(places) > 1 else "")
        else:
            yield f"{word} {ward}" + (f" {'ABCDEFGH'[turn]}" if turn else "")
