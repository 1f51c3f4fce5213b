"""Working days of the years the sample tells of, and moments on them."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

SUNDAY = 6
# First and last day of the Tết holidays as they were given.
TET = [
    (date(2020, 1, 23), date(2020, 1, 29)),
    (date(2021, 2, 10), date(2021, 2, 16)),
    (date(2022, 1, 31), date(2022, 2, 4)),
    (date(2023, 1, 20), date(2023, 1, 26)),
    (date(2024, 2, 8), date(2024, 2, 14)),
    (date(2025, 1, 25), date(2025, 2, 2)),
    (date(2026, 2, 14), date(2026, 2, 22)),
]
HOLIDAYS = {(1, 1), (4, 30), (5, 1), (9, 2)}


def is_working_day(day):
    """Saturdays included: schools like them for meetings across districts."""
    in_tet = any(first <= day <= last for first, last in TET)
    return day.weekday() != SUNDAY and (day.month, day.day) not in HOLIDAYS and not in_tet


def working_days(first, last):
    """The working days from `first` to `last`, both included."""
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return [day for day in days if is_working_day(day)]


def working_day_from(day):
    """`day`, or the next working day."""
    while not is_working_day(day):
        day += timedelta(1)
    return day


def moment(day, hour=9, minute=0):
    return datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())
