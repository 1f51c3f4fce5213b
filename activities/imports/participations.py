"""Import of named teachers: who took part in which activity, in what role. Pupils are counted, never named."""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.forms.roster import NOT_IN_NAMES
from activities.imports.event_columns import (
    EVENT_COLUMNS,
    event_key,
    event_said,
    of_event,
    only_one,
    place_of,
    read_host,
    stored_events,
)
from activities.models import ActivityEvent, ActivitySchool, Participation
from twinning import access
from twinning.imports import cells
from twinning.imports.cells import CellError, RowError
from twinning.imports.kind import CHANGE, CREATE, Column, Kind, in_words
from twinning.imports.school_columns import SCHOOL_COLUMNS, of_school, school_said
from twinning.imports.teachers import CODE_COLUMN, NAME_COLUMN
from twinning.models import Teacher
from twinning.vietnamese import fold

ROLE_WORDS = {
    "chair": "chu tri;chu toa",
    "speaker": "bao cao vien;bao cao;bcv",
    "demo": "day minh hoa;minh hoa;day",
    "attend": "tham du;du;du gio;tham gia",
}
_read_role = cells.choice(Participation.PartRole, **ROLE_WORDS)


def role(cell, reading):
    if isinstance(cell, str) and fold(cell) in ("hoc sinh", "hs", "em"):
        raise CellError(_t("Cổng không ghi tên học sinh, chỉ ghi số lượt. Hãy bỏ dòng này."))
    return _read_role(cell, reading)


role.labels = _read_role.labels


class Participations(Kind):
    slug, command, icon = "tham-gia", "participations", "user-check"
    title = _("Giáo viên tham gia hoạt động")
    intro = _("Tên giáo viên tham gia các hoạt động đã ghi. Chỉ ghi giáo viên, cán bộ; không ghi tên học sinh.")
    roles = access.IMPORT_ROLES_SCHOOL
    columns = (
        *EVENT_COLUMNS,
        *SCHOOL_COLUMNS,
        NAME_COLUMN,
        CODE_COLUMN,
        Column("role", _("Vai trò"), role, ("Nhiệm vụ", "Vai trò tham gia"), example="tham dự"),
    )

    def said(self, titles):
        return event_said(self.department, titles) | school_said(self, titles)

    def load(self, rows):
        self.stored = stored_events(self.department, rows)
        self.default = access.seat(self.user).school
        self.parts = {}  # pk of an activity → {school: its row}
        by_pk = {activity.pk: activity for same in self.stored.values() for activity in same}
        for pk, activity in by_pk.items():
            self.parts[pk] = {part.school_id: part for part in activity.units.all() if part.school_id}
            for part in activity.units.all():
                part.activity = activity
        days = {row.get("held_on") for row in rows}
        self.named, self.by_code, self.by_name = {}, {}, {}
        if days:
            known = Participation.objects.filter(
                row__activity__programme__department=self.department,
                row__activity__held_on__range=(min(days), max(days)),
            )
            for participation in known.select_related("teacher"):
                self.named[participation.row_id, participation.teacher_id] = participation
        for teacher in Teacher.objects.filter(school__department=self.department).iterator(chunk_size=5000):
            self._know(teacher)
        self.seen, self.added = {}, {}

    def plan(self, row):
        values = row.values
        part = self._part(row)
        self.require_own(part.school)
        if not part.activity.programme.records_names:
            raise RowError("full_name", _t("Phong trào này chỉ ghi số lượt, không ghi tên giáo viên."))
        teacher = self._teacher(part.school, values["full_name"], values.get("teacher_code", ""))
        mark = part.pk, id(teacher)
        if mark in self.seen:
            raise RowError("full_name", _t("Trùng với dòng %d của tệp.") % self.seen[mark])
        self.seen[mark] = row.number
        label = f"{teacher} · {part.school} · {part.activity}"
        there = self.named.get((part.pk, teacher.pk)) if teacher.pk else None
        if there is not None:
            row.compare(there, there, {"role": row.get("role")}, label)
            return
        named = part.named_count + self.added.get(part.pk, 0)
        if named >= part.teacher_turns:
            raise RowError(
                "full_name",
                _t("“%(school)s” ghi %(n)d giáo viên và đã đủ tên. Hãy tăng số giáo viên hoặc bỏ bớt tên.")
                % {"school": part.school, "n": part.teacher_turns},
            )
        if teacher.pk is None:
            self._know(teacher)
            row.notes += (_t("giáo viên mới, thêm vào danh sách của trường"),)
        self.added[part.pk] = self.added.get(part.pk, 0) + 1
        given = {"role": values["role"]} if "role" in values else {}
        row.create(Participation(row=part, teacher=teacher, **given), label)

    def write(self, items, journal, progress):
        new = [item for action, item in items if action == CREATE]
        teachers = {id(p.teacher): p.teacher for p in new if p.teacher.pk is None}
        journal.create(teachers.values())
        for participation in new:
            participation.teacher = participation.teacher  # its id, now that it is stored
        journal.create(new)
        journal.change_many(item for action, item in items if action == CHANGE)
        parts = {p.row_id: p.row for p in new}
        added = {}
        for participation in new:
            added[participation.row_id] = added.get(participation.row_id, 0) + 1
        journal.change_many((part, {"named_count": part.named_count + added[pk]}) for pk, part in parts.items())
        activities = {part.activity_id: part.activity for part in parts.values()}
        journal.create(
            self.event(ActivityEvent, activity, "edit", note=_t("Nhập tên giáo viên từ tệp Excel"))
            for activity in activities.values()
        )
        self.note_history(journal, list(parts.values()), update=True)

    def present(self):
        own = Participation.objects.visible_to(self.user).filter(
            row__activity__programme__department=self.department, row__in=ActivitySchool.objects.counted()
        )
        rows = own.select_related(
            "row__school__district", "row__activity__host_school__district", "row__activity__host_district", "teacher"
        )
        for participation in rows.order_by("row__activity__held_on", "row", "pk").iterator(chunk_size=2000):
            yield (
                of_event(participation.row.activity, self.finder)
                | of_school(participation.row.school)
                | {
                    "full_name": participation.teacher.full_name,
                    "teacher_code": participation.teacher.code,
                    "role": participation.get_role_display(),
                }
            )

    def _part(self, row):
        """The row of the school in the activity that is meant."""
        named = row.get("code") or row.get("school")
        school = self.school(row) if named or self.default is None else self.default
        title, day = row.values["title"], row.values["held_on"]
        alike = self.stored.get(event_key(title, day), ())
        if not alike:
            raise RowError(
                "title", _t("Chưa có hoạt động tên này ngày %s. Hãy nhập hoạt động trước.") % in_words(None, "", day)
            )
        host = read_host(self, row, (school, self.finder.unit_of(school, day)))
        found = only_one([a for a in alike if school.pk in self.parts[a.pk]], host and place_of(host))
        if found is None:
            raise RowError("school", _t("“%s” không tham gia hoạt động này.") % school)
        return self.parts[found.pk][school.pk]

    def _teacher(self, school, name, code):
        """The teacher of the school with this code, else of this name; a new one when there is none."""
        if code and (found := self.by_code.get((school.pk, code))):
            if found.name_key != fold(name):
                raise RowError("teacher_code", _t("Mã %(code)s là của “%(name)s”.") % {"code": code, "name": found})
            return found
        named = [t for t in self.by_name.get((school.pk, fold(name)), ()) if not code or not t.code]
        bare = [teacher for teacher in named if not teacher.code] or named
        if len(bare) > 1:
            raise RowError(
                "teacher_code", _t("Có %d giáo viên cùng tên ở trường này. Hãy ghi mã giáo viên.") % len(bare)
            )
        if bare:
            return bare[0]
        if len(name.split()) < 2 or NOT_IN_NAMES.search(name):
            raise RowError("full_name", _t("“%s” chưa phải họ và tên đầy đủ.") % name)
        if len(code) > 20:
            raise RowError("teacher_code", _t("Mã dài quá 20 ký tự."))
        return Teacher(school=school, full_name=name, name_key=fold(name), code=code)

    def _know(self, teacher):
        if teacher.code:
            self.by_code[teacher.school_id, teacher.code] = teacher
        self.by_name.setdefault((teacher.school_id, teacher.name_key), []).append(teacher)
