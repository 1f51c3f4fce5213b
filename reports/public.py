"""What anybody may read of a movement whose Department made it public: sums of school years and of districts, no
person, no contact, no single gift or pupil."""

from dataclasses import dataclass

from django.core.cache import cache

from activities.models import SponsoredPupil
from reports import breakdowns
from reports.scope import Scope
from twinning import school_year

MINUTES = 10
# Fewer sponsored pupils than this are not told: one could guess who they are.
FEWEST = 5
SHOWN = ("schools_signed", "agreements_live", "activities_held", "teacher_turns", "pupil_turns", "support_vnd")


@dataclass(frozen=True)
class Row:
    """Figures of one school year, or of one district. values: {key of a figure: int}."""

    name: str
    values: dict


@dataclass(frozen=True)
class Summary:
    """values: of the whole phase; sponsored: pupils sponsored today, None when they are too few to be told."""

    values: dict
    years: list
    districts: list
    sponsored: int | None


def summary(programme) -> Summary:
    """Of `programme`, at most MINUTES old; a fixed number of queries a school year when it is made anew."""
    return cache.get_or_set(f"public:{programme.pk}", lambda: _summary(programme), MINUTES * 60)


def _summary(programme):
    whole = Scope(programme, programme.department)
    years = [
        Row(school_year.label(year), _values(Scope(programme, programme.department, year)))
        for year in programme.school_years
    ]
    districts = [
        Row(
            row.name,
            {key: getattr(row, name) for key, name in UNIT_VALUES.items()},
        )
        for row in breakdowns.by_unit(whole)
    ]
    sponsored = SponsoredPupil.objects.current().filter(agreement__programme=programme).count()
    return Summary(_values(whole), years, districts, sponsored if sponsored >= FEWEST else None)


UNIT_VALUES = {
    "schools_signed": "schools",
    "activities_held": "activities",
    "teacher_turns": "teacher_turns",
    "support_vnd": "support_vnd",
}


def _values(scope):
    figures = scope.figures()
    return {key: figures[key].value for key in SHOWN}
