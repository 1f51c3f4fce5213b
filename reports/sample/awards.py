"""Awards of a programme, from a file of facts."""

from reports.models import Award
from twinning.facts import facts
from twinning.sample.chance import Chance
from twinning.sample.names import signatory
from twinning.sample.province import Phase


def load_awards(phase: Phase, path, **decision):
    """`decision`: the fields that all awards of the file share."""
    chance = Chance("awards", phase.programme.phase)
    awards = []
    for row in facts(path):
        district = phase.districts[row["district"]]
        school = phase.schools[0].named(row["name"], district) if row["name"] else None
        is_person = row["kind"] == Award.Kind.INDIVIDUAL
        award = Award(
            programme=phase.programme,
            kind=row["kind"],
            school=school,
            district=district,
            full_name=signatory(chance) if is_person else "",
            position=row["position"],
            achievement=row["achievement"],
            is_invented=True,
            **decision,
        )
        award.set_keys()
        awards.append(award)
    Award.objects.bulk_create(awards)
