"""What hangs around the sample's agreements: the task force and targets. All of it is invented."""

from twinning.models import Agreement, Target, TaskForceMember
from twinning.models.agreement import Side
from twinning.sample.chance import Chance
from twinning.sample.names import signatory
from twinning.sample.province import BATCH

DUTIES = [
    ("head", "Trưởng phòng Giáo dục và Đào tạo"),
    ("deputy", "Phó Trưởng phòng Giáo dục và Đào tạo"),
    ("member", "Chuyên viên Tiểu học"),
    ("member", "Chuyên viên THCS"),
    ("member", "Chủ tịch Công đoàn ngành"),
]
SHARE_WITH_TARGETS = 0.12  # of the school agreements
# Activities of a school year for each pair of schools below a district agreement.
ACTIVITIES = {2022: 0.8, 2023: 1.3, 2024: 1.4}
TURNS = 60  # of teachers, at an activity
MILLION = 10**6


def load_around(phase, districts):
    """`districts`: [(district agreement of `phase`, number of school pairs below it)]."""
    TaskForceMember.objects.bulk_create(
        member for agreement, _n in districts for side in Side for member in _task_force(agreement, side)
    )
    schools = [a for a in phase.agreements if a.tier == Agreement.Tier.SCHOOL and a.status == Agreement.Status.SIGNED]
    targets = [target for agreement, pairs in districts for target in _of_districts(agreement, pairs)]
    targets += [target for agreement in schools for target in _of_schools(agreement)]
    Target.objects.bulk_create(targets, batch_size=BATCH)


def _task_force(agreement, side):
    chance = Chance("task force", agreement.supporting_district.code, side)
    for duty, position in DUTIES[: chance.number(3, len(DUTIES))]:
        yield TaskForceMember(agreement=agreement, side=side, full_name=signatory(chance), position=position, duty=duty)


def _of_districts(agreement, pairs):
    chance = Chance("targets", agreement.supporting_district.code)
    for year, share in ACTIVITIES.items():
        if year not in agreement.school_years:
            continue
        activities = max(5, round(pairs * share / 5) * 5)
        yield Target(
            agreement=agreement,
            school_year=year,
            activities=activities,
            turns=activities * TURNS,
            support_vnd=chance.number(5, 15) * 10 * MILLION,
        )


def _of_schools(agreement):
    chance = Chance("targets", agreement.supporting_school.code, agreement.supported_school.code)
    if not chance.happens(SHARE_WITH_TARGETS):
        return
    for year in agreement.school_years:
        if year in (2023, 2024):
            n = chance.number(1, 3)
            yield Target(agreement=agreement, school_year=year, activities=n, turns=n * 30)
