"""The activities of a programme, stored with their rows, named teachers and history."""

from datetime import time, timedelta

from activities.models import Activity, ActivityEvent
from activities.sample.attendance import Attendance
from activities.sample.kinds import MN, load_kinds
from activities.sample.plans import inventors
from activities.sample.topics import invent_next_steps, invent_results
from twinning import school_year
from twinning.facts import facts
from twinning.models import School, Subject
from twinning.sample.chance import Chance
from twinning.sample.days import moment, working_day_from, working_days
from twinning.sample.lives import date_by_events
from twinning.sample.province import BATCH, name_of

AHEAD = timedelta(14)
STARTS = [time(8), time(8, 30), time(13, 30), time(14)]
Status, Mode = Activity.Status, Activity.Mode


def load_activities(phase, season):
    """Store kinds, then activities with their rows, named teachers and events, copy by copy."""
    kinds = load_kinds(phase.programme, season.manners)
    subjects = {subject.name: subject for subject in Subject.objects.all()}
    for copy in phase.schools:
        plans = sorted(_plans(phase, season, copy), key=lambda plan: plan.day)
        _fit_turns(plans, season.teacher_turns)
        chance = Chance("activity", copy.number)
        _leave_some_unconfirmed(plans, season, chance)
        activities = [_activity(plan, phase, season, kinds, subjects, chance) for plan in plans]
        Activity.objects.bulk_create(activities, batch_size=BATCH)
        attendance = Attendance(phase, Chance("attendance", copy.number))
        events = []
        for plan, activity in zip(plans, activities, strict=True):
            rows = attendance.add(plan, activity)
            events += _events(plan, activity, rows, phase, season, chance)
        attendance.store()
        ActivityEvent.objects.bulk_create(events, batch_size=BATCH)
    date_by_events(Activity.objects.filter(programme=phase.programme))


def _plans(phase, season, copy):
    pairs, alone = inventors(phase, season, copy)
    told = list(season.told(phase, season)) if copy.number == 0 else []
    yield from told
    counts = {row["supporting"]: row for row in facts(season.held)}
    for code, inventor in pairs.items():
        for year in season.years:
            days = inventor.days(year)
            already = [
                p for p in told if p.agreement in inventor.agreements and school_year.school_year_of(p.day) == year
            ]
            for _n in range(int(counts[code][str(year)]) - len(already)):
                yield inventor.invent(days)
    for inventor in alone:
        before, last = season.years[-2:]
        for _n in range(season.alone):
            yield inventor.invent(inventor.days(before) | inventor.days(last))
    yield from _open_plans(pairs, counts, season, Chance("open", copy.number))


def _open_plans(pairs, counts, season, chance):
    """Of the last year: planned ones whose day is over, cancelled ones, and those still to come."""
    before, last = season.years[-2:]
    busy = {pairs[code]: int(row[str(last)]) for code, row in counts.items()}
    for n in range(season.overdue + season.cancelled):
        inventor = chance.weighted(busy)
        days = inventor.days(last)
        if n < season.overdue:
            yield inventor.invent({day: 1 for day in days if day >= season.overdue_from}, Status.PLANNED)
        else:
            yield inventor.invent(inventor.days(before) | days, Status.CANCELLED)
    if season.coming:
        ahead = dict.fromkeys(working_days(season.last_day + AHEAD, season.coming_until), 1)
        for _n in range(season.coming):
            yield chance.weighted(busy).invent(ahead, Status.PLANNED)


def _fit_turns(plans, total):
    """Scale the teachers so that those of counted activities add up to `total`, if there is one; nobody came to the
    others yet."""
    counted = [part for plan in plans if plan.status in Status.counted() for part in plan.parts]
    factor = total / sum(part.teachers for part in counted) if total else 1
    wanted, given = 0.0, 0
    for part in counted:  # what rounding takes from one it gives to the next
        wanted += part.teachers * factor
        part.teachers = round(wanted) - given if part.teachers else 0
        given += part.teachers
    for plan in plans:
        if plan.status not in Status.counted():
            for part in plan.parts:
                part.managers = part.teachers = part.pupils = 0


def _leave_some_unconfirmed(plans, season, chance):
    for plan in plans:
        share = season.unconfirmed_recent if plan.day >= season.recent else season.unconfirmed_earlier
        if plan.status == Status.CONFIRMED and chance.happens(share):
            plan.status = Status.HELD


def _activity(plan, phase, season, kinds, subjects, chance):
    manner, host = season.manners[plan.key], plan.host
    is_school = isinstance(host, School)
    is_counted = plan.status in Status.counted()
    mode = Mode.IN_PERSON
    if manner.is_online_at_times and chance.happens(0.25):
        mode = Mode.ONLINE
    elif chance.happens(0.05):
        mode = Mode.BLENDED
    place = "Phòng họp trực tuyến" if mode == Mode.ONLINE else f"Trường {host}" if is_school else host.office
    area = season.preschool_area if plan.level == MN and manner.area in {0, 1, 3} else manner.area
    activity = Activity(
        programme=phase.programme,
        agreement=plan.agreement,
        kind=kinds[plan.key],
        content_area=phase.content_areas[area],
        title=plan.title,
        subject=subjects[plan.subject] if plan.subject else None,
        grade=plan.grade,
        host_school=host if is_school else None,
        host_district=None if is_school else host,
        planned_on=plan.day if not is_counted or chance.happens(0.35) else None,
        held_on=plan.day if is_counted else None,
        asked_on=plan.day if is_counted else None,
        starts_at=chance.pick(STARTS) if chance.happens(0.8) else None,
        place=place,
        mode=mode,
        results=invent_results(season, manner.group, plan.level, chance) if is_counted and chance.happens(0.4) else "",
        next_steps=invent_next_steps(season, plan.level, chance) if is_counted and chance.happens(0.15) else "",
        status=plan.status,
        recorded_school=host if is_school else None,
        recorded_district=None if is_school else host,
        manager_turns=sum(part.managers for part in plan.parts),
        teacher_turns=sum(part.teachers for part in plan.parts),
        pupil_turns=sum(part.pupils for part in plan.parts),
    )
    activity.set_keys()
    return activity


def _events(plan, activity, rows, phase, season, chance):
    """As the pages would have written them: recorded by the host, confirmed by the others, closed by the last."""

    def event(action, unit, at, before, after, note=""):
        return ActivityEvent(
            subject=activity,
            action=action,
            by=phase.user_of(unit),
            unit=name_of(unit),
            at=at,
            from_status=before,
            to_status=after,
            note=note,
        )

    host = plan.host
    planned_on = min(max(plan.day - timedelta(21), phase.programme.starts_on), season.last_day)
    planned_at = moment(working_day_from(planned_on), 10)
    if plan.status not in Status.counted():
        yield event("create", host, planned_at, "", Status.PLANNED)
        if plan.status == Status.CANCELLED:
            at = moment(plan.day - timedelta(2), 15)
            yield event("cancel", host, at, Status.PLANNED, Status.CANCELLED, chance.pick(season.texts["cancel_notes"]))
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
