"""School-year figures of most schools and the values of a few indicators: invented, within ranges that sources give.

Ranges of classes and children: the merger plan of Đông Anh (34 schools): preschools 12–28 classes, 268–875 children;
primary schools 17–38 classes, 539–1.887 pupils; lower secondary schools 14–31 classes, 497–1.294 pupils. Schools of
several levels are made smaller. Teachers a class: about what the Ministry's norms give (2,2 in preschools, 1,5 in
primary, 1,9 in lower secondary schools). The one value that a source states is the rank of Ba Vì (SOURCED_RANKS).
"""

from decimal import Decimal

from twinning.models import Indicator, IndicatorValue, School, SchoolYearFigures
from twinning.sample.chance import Chance
from twinning.sample.province import BATCH

YEARS = [2022, 2023, 2024]
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
# How many schools of a hundred reported: not all, as in life.
REPORTED = {2022: 92, 2023: 95, 2024: 88}
LEFT_OUT = 0.03  # rows without the number of staff

# Of Ba Vì, before the programme, a press report says 17th of 30 in 2020-2021 and 13th in 2021-2022.
SOURCED_RANKS = {("271", 2020): 17, ("271", 2021): 13}
SOURCE = "Theo báo chí: huyện Ba Vì xếp thứ {rank}/30"
INVENTED = "Dữ liệu minh hoạ"


def load_figures(province):
    schools = [school for copy in province.schools for school in copy.all()]
    rows = (row for school in schools for row in invent_figures(school))
    SchoolYearFigures.objects.bulk_create(rows, batch_size=BATCH)
    _load_indicators(province, schools)


def invent_figures(school):
    """The rows, not yet stored, of one school."""
    levels = SchoolYearFigures.LEVELS_OF[school.level]
    chance = Chance("figures", school.code)
    starts = {level: _first_classes(chance, level, len(levels)) for level in levels}
    for year in YEARS:
        reported = chance.number(1, 100) <= REPORTED[year]
        for level in levels:
            row = _row(chance, school, year, level, starts[level] + (year - YEARS[0]) * chance.number(0, 1), levels)
            if reported:
                yield row


def _first_classes(chance, level, n_levels):
    low, high, *_rest = SIZES[level]
    return chance.number(low, high - 2) if n_levels == 1 else chance.number(low // 2, high // 2)


def _row(chance, school, year, level, classes, levels):
    _low, _high, fewest, most, teachers = SIZES[level]
    pupils = sum(chance.number(fewest, most) for _class in range(classes))
    if len(levels) == 1:
        low, high = PUPILS[level]
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


def _load_indicators(province, schools):
    def indicator(position, code, name, kind, measures):
        return Indicator.objects.create(
            department=province.department, position=position, code=code, name=name, kind=kind, measures=measures
        )

    Kind, Subject = Indicator.Kind, Indicator.Subject
    rank = indicator(1, "xep-hang", "Xếp hạng chất lượng giáo dục", Kind.RANK, Subject.DISTRICT)
    mean = indicator(2, "diem-vao-10", "Điểm trung bình thi vào lớp 10 (một môn)", Kind.MEAN, Subject.DISTRICT)
    prizes = indicator(3, "giai-hsg", "Số giải học sinh giỏi cấp thành phố", Kind.COUNT, Subject.DISTRICT)
    teachers = indicator(4, "gv-day-gioi", "Số giáo viên dạy giỏi cấp quận, huyện trở lên", Kind.COUNT, Subject.SCHOOL)
    districts = list(province.districts.values())
    values = [*_ranks(rank, province.districts), *_means(mean, districts), *_prizes(prizes, districts)]
    values += _good_teachers(teachers, schools)
    IndicatorValue.objects.bulk_create(values, batch_size=BATCH)


def _ranks(indicator, districts):
    """What the source says of Ba Vì, then invented orders of all thirty that change by a few places a year."""
    for (code, year), rank in SOURCED_RANKS.items():
        yield IndicatorValue(
            indicator=indicator, school_year=year, district=districts[code], value=rank, source=SOURCE.format(rank=rank)
        )
    (ba_vi, _year), place = list(SOURCED_RANKS.items())[-1]
    order = Chance("ranks").shuffled(sorted(code for code in districts if code != ba_vi))
    order.insert(place - 1, ba_vi)  # what is invented goes on from what is known
    for year in YEARS:
        chance = Chance("ranks", year)
        order = [code for _place, code in sorted((i + chance.number(-3, 3), code) for i, code in enumerate(order))]
        for rank, code in enumerate(order, 1):
            yield _value(indicator, year, rank, district=districts[code])


def _means(indicator, districts):
    for district in districts:
        chance = Chance("means", district.code)
        hundredths = chance.number(610, 760) if district.zone == district.Zone.INNER else chance.number(500, 640)
        for year in YEARS:
            hundredths += chance.number(-8, 20)
            yield _value(indicator, year, Decimal(hundredths) / 100, district=district)


def _prizes(indicator, districts):
    for district in districts:
        chance = Chance("prizes", district.code)
        prizes = chance.number(18, 70) if district.zone == district.Zone.INNER else chance.number(4, 30)
        for year in YEARS:
            prizes = max(0, prizes + chance.number(-4, 6))
            yield _value(indicator, year, prizes, district=district)


def _good_teachers(indicator, schools):
    """Of about a third of the public schools."""
    for school in schools:
        chance = Chance("teachers", school.code)
        if school.ownership == School.Ownership.PUBLIC and chance.happens(0.33):
            for year in YEARS:
                yield _value(indicator, year, chance.number(0, 6), school=school)


def _value(indicator, year, value, **unit):
    return IndicatorValue(indicator=indicator, school_year=year, value=value, source=INVENTED, **unit)
