"""Stretches of time as people write them: the days of an event, and how long an agreement is in effect."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from twinning import vietnamese
from twinning.imports import cells
from twinning.imports.cells import CellError, Noted
from twinning.school_year import FIRST_MONTH

_TO = r" ?(?:-|–|—|->|→|đến hết|đến|tới|hết) ?"
_AND = rf"(?:{_TO}|,| và | & |;) ?(?:ngày )?"
_PART = r"\d{1,2}(?: ?[/.] ?\d{1,2})?(?: ?[/.] ?\d{4})?"
_DAYS = re.compile(rf"(?:từ |trong |các |hai |ba |\d+ )*(?:ngày )*(?P<days>{_PART}(?:{_AND}{_PART})+)")
_MONTH = re.compile(r"(?:trong )?(?:tháng )?(\d{1,2})(?: ?[/.\-] ?| năm )(\d{4})")


def first_day(cell, reading):
    """The day of an event; of several ("20-21/12/2023", "từ 20/12 đến 21/12/2023") the first, and a note of it. A month
    alone is refused: nobody knows the day, and it may lie in another report than the person thinks."""
    if not isinstance(cell, str):
        return cells.day(cell, reading)
    written = cells.text(cell, reading)
    plain = (written or "").lower()
    if (match := _DAYS.fullmatch(plain)) and (days := _days(match["days"])):
        note = _("“%(written)s” gồm nhiều ngày: lấy ngày đầu %(day)s")
        return Noted(days[0], note % {"written": written, "day": vietnamese.day(days[0])})
    if (match := _MONTH.fullmatch(plain)) and (month := _month(*map(int, match.groups()))):
        raise CellError(
            _(
                "“%(written)s” chỉ có tháng. Hãy ghi ngày tổ chức, ví dụ 15/%(month)s; không còn biết ngày nào thì ghi "
                "ngày cuối tháng: %(last)d/%(month)s."
            )
            % {"written": written, "month": f"{month[0].month}/{month[0].year}", "last": month[1].day}
        )
    return cells.day(cell, reading)


@dataclass(frozen=True)
class Month:
    """A month as the time of something planned; `year` None where the school year has to tell it."""

    written: str
    month: int
    year: int | None = None

    def __str__(self):
        return f"{self.month}/{self.year}" if self.year else _("tháng %d") % self.month

    def in_year(self, year):
        """(first day, last day) of it, in the school year `year` unless it says a year itself."""
        return _month(self.month, self.year or (year if self.month >= FIRST_MONTH else year + 1))


_AROUND_MONTH = r"(?:(?:vào|trong|từ|đầu|giữa|cuối|các|tuần(?: thứ)? ?(?:\d|[ivx]+|nhất|hai|ba|tư|cuối)|,) ?)*"
_PLANNED_MONTH = re.compile(
    rf"{_AROUND_MONTH}(?:tháng|thg|t)\.? ?(?:\d{{1,2}}(?:{_TO}|,| và )(?:tháng|t)? ?)*(?P<month>\d{{1,2}})"
    r"(?:(?: ?[/.\-] ?| năm )(?P<year>\d{4}))?"
)


def planned_time(cell, reading):
    """When something is planned: a day, or a Month ("10/2025", "tháng 10", "đầu tháng 10/2025", 10); of several months
    the last, since it is done by then."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell in range(1, 13):
        return Month(str(int(cell)), int(cell))
    if not isinstance(cell, str):
        return cells.day(cell, reading)
    written = cells.text(cell, reading)
    plain = (written or "").lower()
    if plain.isdecimal() and int(plain) in range(1, 13):
        return Month(written, int(plain))
    match = _PLANNED_MONTH.fullmatch(plain)
    found = (match["month"], match["year"]) if match else ()
    if not found and (match := _MONTH.fullmatch(plain)):
        found = match.groups()
    if found:
        month, year = int(found[0]), found[1] and int(found[1])
        if not _month(month, year or 2000):
            raise CellError(_("Không có tháng “%s”. Hãy kiểm tra lại.") % written)
        return Month(written, month, year)
    try:
        return first_day(cell, reading)
    except CellError as error:
        if _DAYS.fullmatch(plain) or any(mark in plain for mark in "/-."):
            raise
        raise CellError(
            _("Không hiểu thời gian “%s”. Hãy ghi ngày (15/10/2025) hoặc tháng (10/2025, tháng 10).") % written
        ) from error


def _days(text):
    """The days of "20, 21/12/2023": what one leaves out is that of the next. [] when they are none, or not in order."""
    parts = [list(map(int, re.findall(r"\d+", part))) for part in re.findall(_PART, text)]
    if len(parts[-1]) != 3:
        return []
    days = []
    _day, month, year = parts[-1]
    for part in reversed(parts):
        if len(part) == 2 and part[1] > month:
            year -= 1  # from 28/12 to 3/1/2024
        month, year = (part[1] if len(part) > 1 else month), (part[2] if len(part) > 2 else year)
        try:
            days.insert(0, date(year, month, part[0]))
        except ValueError:
            return []
    return days if days == sorted(days) else []


# --- how long an agreement is in effect -------------------------------------------------------------------------------

_POINT = (
    r"(?:ngày )?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|(?:tháng )?\d{1,2}[/.-]\d{4}|"
    r"(?:năm học |nh )\d{4} ?[-–—] ?\d{4}|(?:năm )?\d{4}"
)
_RANGE = re.compile(rf"(?:giai đoạn |trong |kể )*(?:từ )?(?P<first>{_POINT}){_TO}(?P<last>{_POINT})")
_ONE = re.compile(rf"(?P<word>kể từ|từ|đến hết|đến|hết|trong|) ?(?P<point>{_POINT})")
_LENGTH = re.compile(
    r"(?:trong |thời hạn |thời gian )*0?(\d{1,2}) (năm|tháng)(?: ?\((?P<inside>.+)\)|[,:]? (?P<rest>.+))?"
)
_TWO_YEARS = re.compile(r"(?:giai đoạn )?(\d{4}) ?[-–—] ?(\d{4})")


@dataclass(frozen=True)
class Period:
    """`starts` and `ends` as far as they are said, or how many `months`. `is_vague`: years stand for days, so it ends
    where the programme ends. `school_year`: two years side by side may be one school year too, (first day, last)."""

    written: str
    starts: date | None = None
    ends: date | None = None
    months: int | None = None
    is_vague: bool = False
    school_year: tuple | None = None

    def end_after(self, starts):
        """The last day of its months from `starts` on."""
        count = starts.month - 1 + self.months
        year, month = starts.year + count // 12, count % 12 + 1
        return date(year, month, min(starts.day, calendar.monthrange(year, month)[1])) - timedelta(days=1)


def period(cell, reading):
    """A Period: "từ 15/4/2023 đến 31/12/2025", "4/2023 - 12/2025", "2023-2025", "năm học 2023-2024", "3 năm"."""
    written = cells.text(cell, reading)
    if written is None or written in ("-", "–", "—"):
        return None
    plain = written.lower()
    match = _LENGTH.fullmatch(plain)
    if match and (said := _said(written, match["inside"] or match["rest"] or "")):
        return said
    if match and not (match["inside"] or match["rest"]):
        return Period(written, months=int(match[1]) * (12 if match[2] == "năm" else 1))
    if said := _said(written, plain):
        return said
    raise CellError(
        _("Không hiểu thời gian “%s”. Hãy ghi như: từ 15/4/2023 đến 31/12/2025; 2023-2025; 3 năm.") % written
    )


def _said(written, plain):
    """The Period that says from when to when, or None."""
    if match := _RANGE.fullmatch(plain):
        first, last = _stretch(match["first"]), _stretch(match["last"])
        if first and last and first[0] <= last[1]:
            two = _TWO_YEARS.fullmatch(plain)
            is_one = two and int(two[2]) == int(two[1]) + 1
            return Period(
                written,
                first[0],
                last[1],
                is_vague=bool(first[2] or last[2]),
                school_year=(date(int(two[1]), 9, 1), date(int(two[2]), 8, 31)) if is_one else None,
            )
    elif (match := _ONE.fullmatch(plain)) and (point := _stretch(match["point"])):
        starts = None if match["word"] in ("đến", "đến hết", "hết") else point[0]
        # A day alone begins, and says nothing of the end; "năm 2024" is the whole of it.
        is_begin = match["word"] in ("từ", "kể từ") or point[0] == point[1]
        return Period(written, starts, None if starts and is_begin else point[1], is_vague=point[2])
    return None


def _stretch(point):
    """(first day, last day, whether it is a year) of a day, a month, a year or a school year; None of anything else."""
    numbers = list(map(int, re.findall(r"\d+", point)))
    try:
        if len(numbers) == 3:
            day = date(*reversed(numbers))
            return day, day, False
        if "học" in point or "nh" in point:
            return (date(numbers[0], 9, 1), date(numbers[1], 8, 31), True) if numbers[1] == numbers[0] + 1 else None
        if len(numbers) == 2:
            month = _month(*numbers)
            return month and (*month, False)
        return date(numbers[0], 1, 1), date(numbers[0], 12, 31), True
    except ValueError:
        return None


def _month(month, year):
    """(first day, last day) of a month, or None when there is none."""
    if not (1 <= month <= 12 and 1945 <= year <= 2100):
        return None
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
