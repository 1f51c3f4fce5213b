"""A whole sample: one province through all the apps."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from activities.sample.activities import load_activities
from activities.sample.materials import load_materials
from activities.sample.season import Season
from activities.sample.support import load_support
from twinning.models import Department
from twinning.sample.figures import load_figures
from twinning.sample.people import load_people
from twinning.sample.province import Home, Province
from twinning.sample.schools import load_schools
from twinning.sample.units import load_units


@dataclass(frozen=True)
class Sample:
    home: Home
    seasons: list[Season]  # of each of its phases
    load_reports: Callable[[Province], None]
    accounts: list[tuple[str, str]]  # user name, whose it is: what to try first

    def department(self):
        """The one that is there already, or None."""
        return Department.objects.filter(name=self.home.department["name"]).first()

    def load(self, scale):
        province = load_units(self.home, scale)
        load_schools(province)
        load_figures(province)
        load_people(province)
        for phase, season in zip(province.phases, self.seasons, strict=True):
            phase.terms.load_agreements(phase)
            load_activities(phase, season)
            load_materials(phase, season)
            load_support(phase, season.giving)
        self.load_reports(province)
        if connection.vendor == "postgresql":
            # A planner that still believes in empty tables makes hours of minutes.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
