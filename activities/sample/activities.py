"""Over 2.000 activities of three school years with close to 150.000 teacher turns, stored with their history."""

from datetime import date, time, timedelta
from pathlib import Path

from activities.models import Activity, ActivityEvent
from activities.sample.attendance import Attendance
from activities.sample.kinds import MANNERS, MN, load_kinds
from activities.sample.plans import inventors
from activities.sample.told import told_plans
from activities.sample.topics import TEXTS, invent_next_steps, invent_results
from twinning import school_year
from twinning.facts import facts
from twinning.models import School, Subject
from twinning.sample.chance import Chance
from twinning.sample.days import moment, working_day_from
from twinning.sample.lives import date_by_events
from twinning.sample.province import BATCH, name_of

HELD = Path(__file__).with_name("hanoi_held.csv")
YEARS = [2022, 2023, 2024]
TEACHER_TURNS = 149_214  # "gần 150.000 lượt giáo viên", as the Department said in May 2025; in every copy
ALONE = 2  # activities of a school pair with no districts' agreement above it
OVERDUE, CANCELLED = 46, 26
OVERDUE_FROM = date(2025, 4, 7)
# Late in the last year many partners have not yet confirmed; before, a few forgot.
RECENT = date(2025, 4, 14)
UNCONFIRMED_RECENT, UNCONFIRMED_EARLIER = 0.35, 0.008
STARTS = [time(8), time(8, 30), time(13, 30), time(14)]
Status, Mode = Activity.Status, Activity.Mode


def load_activities(province):
    """Store kinds, then activities with their rows, named teachers and events, copy by copy."""
    kinds = load_kinds(province.programme)
    subjects = {subject.name: subject for subject in Subject.objects.all()}
    for copy in province.schools:
        plans = sorted(_plans(province, copy), key=lambda plan: plan.day)
        _fit_turns(plans)
        chance = Chance("activity", copy.number)
        _leave_some_unconfirmed(plans, chance)
        activities = [_activity(plan, province, kinds, subjects, chance) for plan in plans]
        Activity.objects.bulk_create(activities, batch_size=BATCH)
        attendance = Attendance(province, Chance("attendance", copy.number))
        events = []
        for plan, activity in zip(plans, activities, strict=True):
            rows = attendance.add(plan, activity)
            events += _events(plan, activity, rows, province, chance)
        attendance.store()
        ActivityEvent.objects.bulk_create(events, batch_size=BATCH)
    date_by_events(Activity.objects.filter(programme=province.programme))


def _plans(province, copy):
    pairs, alone = inventors(province, copy)
    told = list(told_plans(province)) if copy.number == 0 else []
    yield from told
    counts = {row["supporting"]: row for row in facts(HELD)}
    for code, inventor in pairs.items():
        for year in YEARS:
            days = inventor.days(year)
            already = [
                p for p in told if p.agreement in inventor.agreements and school_year.school_year_of(p.day) == year
            ]
            for _n in range(int(counts[code][str(year)]) - len(already)):
                yield inventor.invent(days)
    for inventor in alone:
        for _n in range(ALONE):
            yield inventor.invent(inventor.days(2023) | inventor.days(2024))
    chance = Chance("open", copy.number)
    busy = {pairs[code]: int(row["2024"]) for code, row in counts.items()}
    for n in range(OVERDUE + CANCELLED):
        inventor = chance.weighted(busy)
        days = inventor.days(2024)
        if n < OVERDUE:
            yield inventor.invent({day: 1 for day in days if day >= OVERDUE_FROM}, Status.PLANNED)
        else:
            yield inventor.invent(inventor.days(2023) | days, Status.CANCELLED)


def _fit_turns(plans):
    """Scale the teachers so that those of counted activities add up to TEACHER_TURNS; nobody came to the others yet."""
    counted = [part for plan in plans if plan.status in Status.counted() for part in plan.parts]
    factor = TEACHER_TURNS / sum(part.teachers for part in counted)
    wanted, given = 0.0, 0
    for part in counted:  # what rounding takes from one it gives to the next
        wanted += part.teachers * factor
        part.teachers = round(wanted) - given if part.teachers else 0
        given += part.teachers
    for plan in plans:
        if plan.status not in Status.counted():
            for part in plan.parts:
                part.managers = part.teachers = part.pupils = 0


def _leave_some_unconfirmed(plans, chance):
    for plan in plans:
        share = UNCONFIRMED_RECENT if plan.day >= RECENT else UNCONFIRMED_EARLIER
        if plan.status == Status.CONFIRMED and chance.happens(share):
            plan.status = Status.HELD


def _activity(plan, province, kinds, subjects, chance):
    manner, host = MANNERS[plan.key], plan.host
    is_school = isinstance(host, School)
    is_counted = plan.status in Status.counted()
    mode = Mode.IN_PERSON
    if manner.is_online_at_times and chance.happens(0.25):
        mode = Mode.ONLINE
    elif chance.happens(0.05):
        mode = Mode.BLENDED
    place = "Phòng họp trực tuyến" if mode == Mode.ONLINE else f"Trường {host}" if is_school else host.office
    area = 4 if plan.level == MN and manner.area in {0, 1, 3} else manner.area
    activity = Activity(
        programme=province.programme,
        agreement=plan.agreement,
        kind=kinds[plan.key],
        content_area=province.content_areas[area],
        title=plan.title,
        subject=subjects[plan.subject] if plan.subject else None,
        grade=plan.grade,
        host_school=host if is_school else None,
        host_district=None if is_school else host,
        planned_on=plan.day if not is_counted or chance.happens(0.35) else None,
        held_on=plan.day if is_counted else None,
        starts_at=chance.pick(STARTS) if chance.happens(0.8) else None,
        place=place,
        mode=mode,
        results=invent_results(manner.group, plan.level, chance) if is_counted and chance.happens(0.4) else "",
        next_steps=invent_next_steps(plan.level, chance) if is_counted and chance.happens(0.15) else "",
        status=plan.status,
        recorded_school=host if is_school else None,
        recorded_district=None if is_school else host,
        manager_turns=sum(part.managers for part in plan.parts),
        teacher_turns=sum(part.teachers for part in plan.parts),
        pupil_turns=sum(part.pupils for part in plan.parts),
    )
    activity.set_keys()
    return activity


def _events(plan, activity, rows, province, chance):
    """As the pages would have written them: recorded by the host, confirmed by the others, closed by the last."""

    def event(action, unit, at, before, after, note=""):
        return ActivityEvent(
            subject=activity,
            action=action,
            by=province.user_of(unit),
            unit=name_of(unit),
            at=at,
            from_status=before,
            to_status=after,
            note=note,
        )

    host = plan.host
    planned_at = moment(working_day_from(max(plan.day - timedelta(21), province.programme.starts_on)), 10)
    if plan.status not in Status.counted():
        yield event("create", host, planned_at, "", Status.PLANNED)
        if plan.status == Status.CANCELLED:
            at = moment(plan.day - timedelta(2), 15)
            yield event("cancel", host, at, Status.PLANNED, Status.CANCELLED, chance.pick(TEXTS["cancel_notes"]))
        return
    if activity.planned_on:
        yield event("create", host, planned_at, "", Status.PLANNED)
        yield event("hold", host, rows[0].confirmed_at, Status.PLANNED, Status.HELD)
    else:
        yield event("create", host, rows[0].confirmed_at, "", Status.HELD)
    answers = sorted((row for row in rows[1:] if row.confirmed_at), key=lambda row: row.confirmed_at)
    for row in answers:
        yield event("confirm", row.school or row.district, row.confirmed_at, Status.HELD, Status.HELD)
    if plan.status == Status.CONFIRMED:
        last = answers[-1]
        yield event("close", last.school or last.district, last.confirmed_at, Status.HELD, Status.CONFIRMED)
