"""What counts as a twin on a day, and the choices of those who look for gaps: of which day, silent for how many months,
helping how many schools. The coverage page, the lists behind its numbers and the suggestions share them."""

from calendar import monthrange
from datetime import date

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning import school_year, vietnamese

# A pair is called silent after so many months without an activity. A year by default: half of one may be holidays.
MONTHS = (3, 6, 12, 24)
SILENT_MONTHS = 12
# A school that helps so many others is looked at.
HELPED = (2, 3, 4, 5)
TOO_MANY = 2


class Twin(TextChoices):
    """What a school is asked for in `cap_doi`."""

    WITHOUT = "chua", _("chưa có cặp")
    WITH = "co", _("đã có cặp")
    ANY = "thuoc-dien", _("thuộc diện kết nghĩa")


def today_in(programme):
    """The day coverage is told of unless another one is chosen: today, or the last day of a programme that is over."""
    return programme.clamp(timezone.localdate())


def days_of(programme):
    """The days coverage can be told of, newest first: `today_in`, then the last days of the school years before it."""
    last = today_in(programme)
    ends = (school_year.bounds(year)[1] for year in programme.school_years)
    return [last, *sorted((day for day in ends if programme.covers(day) and day < last), reverse=True)]


def months_before(day, months):
    """The same day of the month so many months earlier, or the last day of that month: 31/8 less 6 → 28/2."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def short_day(day):
    """ "31/12/2025"."""
    return vietnamese.day(day)
