"""Who took part in the sample's activities: rows with head-counts and confirmations, and named teachers on some."""

from datetime import timedelta

from activities.models import ActivitySchool, Participation
from activities.models.activity import Activity
from twinning.models import School, Teacher
from twinning.sample.days import moment, working_day_from
from twinning.sample.names import staff
from twinning.sample.province import BATCH
from twinning.vietnamese import fold

Role = Participation.PartRole
NAMED = 0.36  # of the activities have teachers named
LEAD_ROLES = {"chuyen_de": Role.SPEAKER, "minh_hoa": Role.DEMONSTRATOR, "du_gio": Role.DEMONSTRATOR}
ROSTER = 9  # a school names its most active teachers again and again


class Attendance:
    """Collects rows, teachers and participations of many activities and stores them in one go."""

    def __init__(self, phase, chance):
        self.phase, self.chance = phase, chance
        self.rows, self.participations = [], []
        self.rosters = phase.province.rosters  # a phase names teachers of the one before it again

    def add(self, plan, activity):
        """The rows of `activity`, the host's first; only that one is sure to be confirmed."""
        rows = [self._row(activity, part) for part in plan.parts]
        if plan.status in Activity.Status.counted():
            self._confirm(plan, rows)
            if self.chance.happens(NAMED):
                self._name_teachers(plan, rows)
        self.rows += rows
        return rows

    def store(self):
        Teacher.objects.bulk_create(
            (t for roster in self.rosters.values() for t in roster if t.pk is None), batch_size=BATCH
        )
        ActivitySchool.objects.bulk_create(self.rows, batch_size=BATCH)
        Participation.objects.bulk_create(
            (Participation(row=row, teacher=teacher, role=role) for row, teacher, role in self.participations),
            batch_size=BATCH,
        )

    def _row(self, activity, part):
        is_school = isinstance(part.unit, School)
        return ActivitySchool(
            activity=activity,
            school=part.unit if is_school else None,
            district=part.unit.district if is_school else part.unit,
            manager_turns=part.managers,
            teacher_turns=part.teachers,
            pupil_turns=part.pupils,
        )

    def _confirm(self, plan, rows):
        """The host by recording, the others some days later; with a HELD one at least the last has not yet."""
        recorded_on = plan.day + timedelta(self.chance.number(0, 3))
        for i, row in enumerate(rows):
            if plan.status == Activity.Status.HELD and i and (i == len(rows) - 1 or self.chance.happens(0.5)):
                continue
            row.confirmed_by = self.phase.user_of(row.school or row.district)
            row.confirmed_at = moment(recorded_on, 17, self.chance.number(0, 59))
            if i:
                day = working_day_from(recorded_on + timedelta(self.chance.number(1, 9)))
                row.confirmed_at = moment(day, self.chance.number(8, 16), self.chance.number(0, 59))

    def _name_teachers(self, plan, rows):
        """On the host's row those who led, on one guest's row a few who attended; never more than were counted."""
        schools = [row for row in rows if row.school]
        for row in schools[:2]:
            if row is rows[0]:
                roles = [Role.CHAIR, LEAD_ROLES.get(plan.key, Role.SPEAKER)]
                roles += [Role.ATTENDEE] * self.chance.number(0, 4)
            else:
                roles = [Role.ATTENDEE] * self.chance.number(1, 5)
            teachers = self.chance.some(self._roster(row.school), min(len(roles), row.teacher_turns))
            row.named_count = len(teachers)
            self.participations += [(row, teacher, role) for teacher, role in zip(teachers, roles, strict=False)]

    def _roster(self, school):
        if school.pk not in self.rosters:
            names = zip(range(ROSTER), staff(school), strict=False)
            self.rosters[school.pk] = [Teacher(school=school, full_name=n, name_key=fold(n)) for _i, n in names]
        return self.rosters[school.pk]
