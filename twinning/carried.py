"""What a renewal may carry along beside the text of an agreement, by choice: task force, pilot schools, targets."""

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning.models import Agreement, PilotQuota, PilotSchool, Target, TaskForceMember


class Carried(models.TextChoices):
    TASK_FORCE = "to-cong-tac", _("tổ công tác")
    PILOTS = "truong-diem", _("trường điểm")
    TARGETS = "chi-tieu", _("chỉ tiêu năm học gần nhất")


RULES = _(
    "Tổ công tác chép đủ người; trường điểm chép những trường còn do phòng ấy quản lý, kèm chỉ tiêu riêng của "
    "giao ước; chỉ tiêu của năm học gần nhất thành chỉ tiêu năm học đầu của giai đoạn mới. Từng bản nháp sửa lại được."
)
PREFETCHED = {
    Carried.TASK_FORCE: ("task_force",),
    Carried.PILOTS: ("pilot_schools__school", "pilot_quotas"),
    Carried.TARGETS: ("targets__content_area",),
}


def prefetched(chosen):
    """Relations of an agreement that `rows_of` reads for `chosen` (values of Carried)."""
    return [name for what in chosen for name in PREFETCHED[what]]


def schools_of(olds, chosen):
    """Ids of the schools that `rows_of` will have to know the unit of."""
    if Carried.PILOTS not in chosen:
        return set()
    return {pilot.school_id for old in olds for pilot in old.pilot_schools.all()}


def rows_of(line, chosen, planner):
    """({Carried: [unsaved rows]}, [sentences on what stays behind]) of a renewable `line` of `planner`
    (twinning.renewal); the rows lack their agreement."""
    makers = {Carried.TASK_FORCE: _task_force, Carried.PILOTS: _pilots, Carried.TARGETS: _targets}
    rows, notes = {}, []
    for what in chosen:
        made, left = makers[what](line, planner)
        if made:
            rows[what] = made
        if left:
            notes.append(_t("%(what)s không theo sang: %(names)s.") % {"what": LEFT[what], "names": ", ".join(left)})
    return rows, notes


LEFT = {Carried.PILOTS: _("Trường điểm"), Carried.TARGETS: _("Chỉ tiêu")}


def _task_force(line, planner):
    kept = ("side", "full_name", "position", "duty")
    return [TaskForceMember(**{name: getattr(p, name) for name in kept}) for p in line.old.task_force.all()], []


def _pilots(line, planner):
    """Schools that operate still, of a level that takes part, under the office that is the party now."""
    if line.old.tier != Agreement.Tier.DISTRICT:
        return [], []
    levels, rows, left = planner.into.school_levels, {}, []
    for pilot in line.old.pilot_schools.all():
        school = planner.school_now(pilot.school)
        office = getattr(line.new, f"{pilot.side}_district_id")
        unit = school and (planner.units.get(school.pk) or school.district_id)
        if school and unit == office and (not levels or school.level in levels):
            rows.setdefault(school.pk, PilotSchool(side=pilot.side, school=school))
        else:
            left.append(str(pilot.school))
    quotas = [
        PilotQuota(level=quota.level, count=quota.count)
        for quota in line.old.pilot_quotas.all()
        if not quota.level or not levels or quota.level in levels
    ]
    return [*rows.values(), *quotas], left


def _targets(line, planner):
    """Those of the newest school year that has any, for the first school year of the new agreement."""
    targets = list(line.old.targets.all())
    newest = max((target.school_year for target in targets), default=None)
    rows, left = {}, []
    for target in (target for target in targets if target.school_year == newest):
        area = target.content_area and planner.area_called(target.content_area.name)
        if target.content_area and area not in line.areas:
            left.append(target.content_area.name)
        else:
            year = line.new.school_years[0]
            rows.setdefault(area and area.pk, Target(content_area=area, school_year=year, **target.numbers))
    return list(rows.values()), left
