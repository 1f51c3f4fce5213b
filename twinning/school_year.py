"""The school year, 1 September – 31 August, named by its first calendar year (2022 → "2022-2023")."""

from datetime import date

FIRST_MONTH = 9


def school_year_of(day):
    """First calendar year of the school year that `day` (a date) lies in."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def label(year):
    """2022 → "2022-2023"."""
    return f"{year}-{year + 1}"


def bounds(year):
    """First and last day of the school year that begins in `year`."""
    return date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH - 1, 31)


def months(year):
    """The twelve months of the school year as first days, September first."""
    return [date(year + (month < FIRST_MONTH), month, 1) for month in [9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8]]


def between(first, last):
    """First calendar years of the school years that the days `first` … `last` touch."""
    return list(range(school_year_of(first), school_year_of(last) + 1))
