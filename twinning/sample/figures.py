"""School-year figures of most schools and the values of a few indicators: invented, within ranges that sources give.

Ranges of classes and children: the merger plan of Đông Anh (34 schools): preschools 12–28 classes, 268–875 children;
primary schools 17–38 classes, 539–1.887 pupils; lower secondary schools 14–31 classes, 497–1.294 pupils. Schools of
several levels are made smaller. Teachers a class: about what the Ministry's norms give (2,2 in preschools, 1,5 in
primary, 1,9 in lower secondary schools).
"""

from decimal import Decimal

from twinning.models import IndicatorValue, School, SchoolYearFigures
from twinning.sample.chance import Chance
from twinning.sample.province import BATCH

Level = SchoolYearFigures.Level
# Level → classes from, to; children a class from, to (both ends inside the ranges above); teachers for ten classes.
SIZES = {
    Level.PRESCHOOL: (12, 28, 23, 31, 22),
    Level.PRIMARY: (17, 38, 32, 49, 15),
    Level.LOWER_SEC: (14, 31, 36, 41, 19),
    Level.UPPER_SEC: (12, 24, 38, 44, 22),
}
# What the ranges of the plan allow as a whole.
PUPILS = {Level.PRESCHOOL: (268, 875), Level.PRIMARY: (539, 1887), Level.LOWER_SEC: (497, 1294)}
LEFT_OUT = 0.03  # rows without the number of staff
INVENTED = "Dữ liệu minh hoạ"


def load_figures(province):
    rows = (row for school in all_schools(province) for row in invent_figures(school, province.home.figure_years))
    SchoolYearFigures.objects.bulk_create(rows, batch_size=BATCH)
    for position, (indicator, values) in enumerate(province.home.indicators(province), 1):
        indicator.department, indicator.position = province.department, position
        indicator.save()
        found = list(values)
        for one in found:
            one.indicator = indicator
        IndicatorValue.objects.bulk_create(found, batch_size=BATCH)


def invent_figures(school, reported_in):
    """The rows, not yet stored, of one school; `reported_in`: school year → how many schools of a hundred reported: not
    all, as in life."""
    levels = SchoolYearFigures.LEVELS_OF[school.level]
    chance = Chance("figures", school.code)
    starts = {level: _first_classes(chance, level, len(levels)) for level in levels}
    first = min(reported_in)
    for year, share in reported_in.items():
        reported = chance.number(1, 100) <= share
        for level in levels:
            row = _row(chance, school, year, level, starts[level] + (year - first) * chance.number(0, 1), levels)
            if reported:
                yield row


def _first_classes(chance, level, n_levels):
    low, high, *_rest = SIZES[level]
    return chance.number(low, high - 2) if n_levels == 1 else chance.number(low // 2, high // 2)


def _row(chance, school, year, level, classes, levels):
    _low, _high, fewest, most, teachers = SIZES[level]
    pupils = sum(chance.number(fewest, most) for _class in range(classes))
    if len(levels) == 1:
        low, high = PUPILS.get(level, (pupils, pupils))
        pupils = min(max(pupils, low), high)
    return SchoolYearFigures(
        school=school,
        school_year=year,
        level=level,
        classes=classes,
        pupils=pupils,
        managers=chance.number(2, 3) if level == levels[0] else 1,
        teachers=classes * teachers // 10 + chance.number(0, 2),
        staff=None if chance.happens(LEFT_OUT) else chance.number(4, 9),
    )


# --- Indicators -------------------------------------------------------------------------------------------------------


def all_schools(province):
    return [school for copy in province.schools for school in copy.all()]


def means(province, is_strong):
    """Of one paper of an examination, of every district; those that help have better ones."""
    for district in province.districts.values():
        chance = Chance("means", district.code)
        hundredths = chance.number(610, 760) if is_strong(district) else chance.number(500, 640)
        for year in province.home.figure_years:
            hundredths += chance.number(-8, 20)
            yield value(year, Decimal(hundredths) / 100, district=district)


def prizes(province, is_strong):
    for district in province.districts.values():
        chance = Chance("prizes", district.code)
        n = chance.number(18, 70) if is_strong(district) else chance.number(4, 30)
        for year in province.home.figure_years:
            n = max(0, n + chance.number(-4, 6))
            yield value(year, n, district=district)


def good_teachers(province):
    """Of about a third of the public schools."""
    for school in all_schools(province):
        chance = Chance("teachers", school.code)
        if school.ownership == School.Ownership.PUBLIC and chance.happens(0.33):
            for year in province.home.figure_years:
                yield value(year, chance.number(0, 6), school=school)


def value(year, number, source=INVENTED, **unit):
    return IndicatorValue(school_year=year, value=number, source=source, **unit)
