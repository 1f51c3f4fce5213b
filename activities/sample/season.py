"""What the activities and the help of one programme are made of, as its province tells it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Exam:
    """The examination that some activities get pupils ready for, and the months in which they do."""

    grade: int
    subjects: list[str]
    months: frozenset = frozenset({2, 3, 4, 5})


@dataclass(frozen=True)
class Giving:
    """How many gifts come to each end, and when; `total` đồng are delivered exactly, where a source says how many."""

    gifts: list
    ends: dict  # status → how many
    first: date
    last: date
    open_from: date
    total: int | None = None
    first_from: str = ""  # code of a district whose office gives something that waits for the other one's word
    cancel_note: str = ""


@dataclass(frozen=True)
class Season:
    held: Path  # facts: activities held, by pair and school year
    years: list[int]
    last_day: date
    manners: dict
    texts: dict
    exam: Exam
    levels: dict  # level → how often the activities of districts are about it
    told: Callable[..., Iterable]  # Phase, Season → Plans of activities that sources speak of
    giving: Giving
    teacher_turns: int | None = None  # of all counted activities, where a source says how many
    alone: int = 2  # activities of a school pair with no districts' agreement above it
    overdue: int = 0  # planned, and their day is over (in the last year)
    overdue_from: date = date.max
    cancelled: int = 0
    coming: int = 0  # planned, and still to come, after the last day
    coming_until: date = date.max
    # Late in the last year many partners have not yet confirmed; before, a few forgot.
    recent: date = date.max
    unconfirmed_recent: float = 0.35
    unconfirmed_earlier: float = 0.008
    preschool_area: int = 0  # position of the content area of preschools
    materials: int = 0  # shared with others
