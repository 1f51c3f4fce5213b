"""Import of the yearly plan of agreements: one row a planned activity; a month alone is understood as its last day."""

from copy import copy
from dataclasses import dataclass, field, replace

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities import planning
from activities.imports.activity_columns import AGREEMENT, KIND, MODE, PLACE, SUBJECT, count
from activities.imports.event_columns import WITH_UNITS, host_text, school_text
from activities.imports.plan_lines import Line, Lines
from activities.models import Activity, ActivityEvent, ActivitySchool
from twinning import access, school_year
from twinning.imports import cells
from twinning.imports.cells import RowError
from twinning.imports.kind import CHANGE, CREATE, SAME, Column, Kind, Skipped, in_words
from twinning.imports.school_columns import SCHOOL_COLUMNS
from twinning.imports.spans import Month, planned_time
from twinning.models import Agreement
from twinning.vietnamese import same_key

Status = Activity.Status
STATUS = cells.choice(
    [(Status.PLANNED, _("kế hoạch")), (Status.HELD, _("đã tổ chức")), (Status.CANCELLED, _("đã huỷ"))],
    planned="dự kiến;chưa tổ chức;chưa thực hiện;sắp tổ chức",
    held="đã thực hiện;hoàn thành;đã hoàn thành;xong",
    cancelled="huỷ;hoãn;không thực hiện;không tổ chức",
)
OF_ACTIVITY = ("kind", "content_area", "subject", "place", "mode")


@dataclass
class Item:
    """One row to write: a new activity with its parts, or what changes of a stored one and of its part."""

    activity: Activity
    parts: list = field(default_factory=list)
    values: dict = field(default_factory=dict)
    part: ActivitySchool | None = None
    part_values: dict = field(default_factory=dict)


class Plans(Kind):
    slug, command, icon = "ke-hoach-nam", "plans", "calendar-plus"
    title = _("Kế hoạch năm của giao ước")
    intro = _("Mỗi dòng là một hoạt động dự kiến; chỉ ghi tháng cũng được. Đến ngày, cổng hỏi kết quả.")
    roles = access.IMPORT_ROLES_SCHOOL
    columns = (
        Column(
            "title",
            _("Tên hoạt động"),
            cells.limited(250),
            (
                "Hoạt động",
                "Nội dung hoạt động",
                "Nội dung công việc",
                "Công việc",
                "Tên chuyên đề",
                "Chuyên đề",
                "Nội dung",
            ),
            is_required=True,
            example="Chuyên đề Toán 9 ôn thi vào lớp 10",
        ),
        Column(
            "planned",
            _("Thời gian dự kiến"),
            planned_time,
            (
                "Ngày dự kiến",
                "Dự kiến",
                "Tháng",
                "Tháng thực hiện",
                "Thời gian",
                "Thời gian thực hiện",
                "Thời gian tổ chức",
                "Ngày",
            ),
            is_required=True,
            note=_("Ngày, hoặc tháng: 10/2025, tháng 10."),
            example="10/2025",
        ),
        KIND,
        AGREEMENT,
        *(replace(column, second="partner") if column.name == "school" else column for column in SCHOOL_COLUMNS),
        Column(
            "partner",
            _("Đơn vị kết nghĩa"),
            cells.text,
            ("Trường kết nghĩa", "Đơn vị phối hợp", "Trường phối hợp", "Đơn vị cùng tham gia"),
            example="THCS Đại Yên",
        ),
        Column("host", _("Đơn vị chủ trì"), cells.text, ("Chủ trì", "Đơn vị tổ chức", "Nơi chủ trì")),
        Column("content_area", _("Nội dung phối hợp"), cells.text, ("Lĩnh vực", "Nội dung giao ước")),
        SUBJECT,
        PLACE,
        MODE,
        Column(
            "manager_turns",
            _("CBQL dự kiến"),
            count,
            ("Số CBQL dự kiến", "Cán bộ quản lý", "CBQL", "Số CBQL"),
            note=_("Số người của đơn vị mình."),
        ),
        Column(
            "teacher_turns",
            _("Giáo viên dự kiến"),
            count,
            ("Số GV dự kiến", "GV dự kiến", "Giáo viên", "GV", "Số GV", "Số giáo viên"),
            example=24,
        ),
        Column(
            "pupil_turns",
            _("Học sinh dự kiến"),
            count,
            ("Số HS dự kiến", "HS dự kiến", "Học sinh", "HS", "Số HS", "Số học sinh"),
        ),
        Column("status", _("Tình trạng"), STATUS, ("Trạng thái",), note=_("Bỏ trống là kế hoạch.")),
        Column(
            "school_year", _("Năm học"), cells.year, note=_("Cần khi chỉ ghi “tháng 10”; cũng đọc ở tiêu đề của bảng.")
        ),
    )
    inherited = ("planned",)  # a month written once beside its activities

    # --- what stands around the rows ----------------------------------------------------------------------------------

    def said(self, titles):
        return cells.year_said(titles)

    def group(self, text):
        """ "Tháng 10/2025" between the rows is the time of those below it."""
        try:
            found = planned_time(text, None)
        except cells.CellError:
            return None
        return {"planned": found} if isinstance(found, Month) else None

    # --- all rows -----------------------------------------------------------------------------------------------------

    def load(self, rows):
        reading = Lines(self)
        self.lines = {}
        for row in rows:
            try:
                self.lines[id(row)] = reading.read(row)
            except (RowError, Skipped) as error:
                self.lines[id(row)] = error
        lines = [line for line in self.lines.values() if isinstance(line, Line)]
        self.stored, self.taken, self.seen = {}, set(), {}
        there = Activity.objects.exclude(status=Status.MERGED).filter(
            agreement__in={line.agreement.pk for line in lines},
            school_year__in={school_year.school_year_of(line.day) for line in lines},
        )
        related = there.select_related("kind", "subject", "content_area", "agreement").prefetch_related(WITH_UNITS)
        for activity in related.order_by("planned_on", "pk"):
            self.stored.setdefault((activity.agreement_id, same_key(activity.title)), []).append(activity)
        self.named = {}
        for line in lines:
            key = line.agreement.pk, same_key(line.values["title"])
            self.named[key] = self.named.get(key, 0) + 1

    def plan(self, row):
        line = self.lines[id(row)]
        if isinstance(line, Exception):
            raise line
        title = line.values["title"]
        key = line.agreement.pk, same_key(title), line.day
        if key in self.seen:
            raise RowError("title", _t("Trùng với dòng %d của tệp.") % self.seen[key])
        self.seen[key] = row.number
        label = f"{title} · {line.values['kind'].name} · {in_words(None, '', line.day)} · {line.agreement.pair}"
        there = self._stored(line)
        if there is None:
            return self._create(row, line, label)
        self.taken.add(there.pk)
        if there.status != Status.PLANNED:
            row.action, row.label = SAME, label
            row.notes += (_t("đã có: %s") % there.get_status_display(),)
            return None
        return self._change(row, line, there, label)

    def _create(self, row, line, label):
        if not line.values["kind"].is_active:
            raise RowError("kind", _t("Loại “%s” không còn dùng cho hoạt động mới.") % line.values["kind"])
        activity = planning.draft(line.agreement, line.values | {"planned_on": line.day}, self.user)
        activity.set_keys()
        self.clean(activity)
        parts = []
        for side in Agreement.Side.values:
            school = getattr(line.agreement, f"{side}_school")
            district = getattr(line.agreement, f"{side}_district")
            unit = (school, self.finder.unit_of(school, line.day) if school else district)
            parts.append(
                ActivitySchool(school=school, district=unit[1], **(line.turns if _same(unit, line.own) else {}))
            )
        for part in parts:
            part.clean()
        for total in Activity.TOTALS:
            setattr(activity, total, sum(getattr(part, total) for part in parts))
        if line.day < timezone.localdate():
            row.notes += (_t("thời gian dự kiến đã qua: cổng sẽ hỏi kết quả"),)
        row.create(Item(activity, parts), label)

    def _change(self, row, line, there, label):
        wanted = {name: line.values.get(name) for name in OF_ACTIVITY}
        keeps_day = line.month and line.month[0] <= there.planned_on <= line.month[1]
        row.compare(there, there, wanted | ({} if keeps_day else {"planned_on": line.day}), label)
        item = Item(there, values=row.item[1] if row.action == CHANGE else {})
        item.part = next((part for part in there.units.all() if _same(_unit(part), line.own)), None)
        if item.part is not None:
            before = row.changes
            row.compare(item.part, item.part, line.turns, label)
            item.part_values = row.item[1] if row.action == CHANGE else {}
            row.changes = (*before, *(row.changes if item.part_values else ()))
        row.action = CHANGE if item.values or item.part_values else SAME
        row.item = item
        if item.values and not access.records_activity(self.user, there):
            raise RowError(
                "title", _t("Hoạt động này do đơn vị khác đưa vào kế hoạch; chỉ đơn vị đó hoặc Sở sửa được.")
            )

    def _stored(self, line):
        """The activity that is this line: on its day, or within its month; else the only planned one of this title when
        the file names it once, which then moves to another day."""
        key = line.agreement.pk, same_key(line.values["title"])
        alike = [activity for activity in self.stored.get(key, ()) if activity.pk not in self.taken]
        for activity in alike:
            days = {activity.planned_on, activity.held_on} - {None}
            if line.day in days or (line.month and any(line.month[0] <= day <= line.month[1] for day in days)):
                return activity
        planned = [activity for activity in alike if activity.status == Status.PLANNED]
        return planned[0] if len(planned) == 1 and self.named[key] == 1 else None

    def write(self, items, journal, progress):
        items = [(action, item) for action, item in items]
        new = [item for action, item in items if action == CREATE]
        journal.create(item.activity for item in new)
        for item in new:
            for part in item.parts:
                part.activity = item.activity
        made = journal.create(part for item in new for part in item.parts)
        changed = [item for action, item in items if action == CHANGE]
        parts = [(item.part, item.part_values) for item in changed if item.part_values]
        totals = {id(item): self._totals(item) for item in changed}
        journal.change_many(parts)
        journal.change_many((item.activity, item.values | totals[id(item)]) for item in changed)
        events = [self.event(ActivityEvent, item.activity, "create") for item in new]
        events += [self.event(ActivityEvent, item.activity, "edit", before=Status.PLANNED) for item in changed]
        journal.create(events)
        self.note_history(journal, [item.activity for item in new], update=False)
        self.note_history(journal, made, update=False)
        self.note_history(journal, [item.activity for item in changed], update=True)
        self.note_history(journal, [part for part, _values in parts], update=True)

    @staticmethod
    def _totals(item):
        """What follows for a changed activity: its totals, its school year, what it is found by."""
        probe = copy(item.activity)
        for name, value in item.values.items():
            setattr(probe, name, value)
        probe.set_keys()
        values = {"search_key": probe.search_key, "school_year": school_year.school_year_of(probe.planned_on)}
        for total in Activity.TOTALS:
            more = item.part_values.get(total)
            if more is not None:
                values[total] = getattr(item.activity, total) - getattr(item.part, total) + more
        return {name: value for name, value in values.items() if getattr(item.activity, name) != value}

    def present(self):
        planned = Activity.objects.filter(status=Status.PLANNED, programme__department=self.department)
        planned = planned.visible_to(self.user).exclude(agreement=None).for_list().select_related("content_area")
        for activity in planned.prefetch_related("units").order_by("planned_on", "pk").iterator(chunk_size=2000):
            agreement = activity.agreement
            school, partner = agreement.supporting_school, agreement.supported_school
            own = (school, agreement.supporting_district)
            part = next((part for part in activity.units.all() if _same(_unit(part), own)), None)
            yield {
                "title": activity.title,
                "planned": activity.planned_on,
                "kind": activity.kind.name,
                "agreement": agreement.number,
                "code": school.code if school else None,
                "school": school.name if school else agreement.supporting_district.office,
                "partner": school_text(partner, self.finder) if partner else agreement.supported_district.office,
                "host": host_text(activity, self.finder),
                "content_area": activity.content_area and activity.content_area.name,
                "subject": activity.subject and activity.subject.name,
                "place": activity.place,
                "mode": activity.get_mode_display(),
                "status": str(Status.PLANNED.label),
                "school_year": school_year.label(activity.school_year),
                **{total: getattr(part, total) if part else None for total in Activity.TOTALS},
            }


def _unit(part):
    return part.school, part.district


def _same(one, other):
    """Two units (school or None, managing unit) are one; a school whoever manages it."""
    if one[0] or other[0]:
        return one[0] == other[0]
    return one[1] == other[1]
