"""Import of activities with head-counts: one row a unit taking part; rows of one title, day and host are one event."""

from dataclasses import dataclass, field, replace

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.imports.activity_columns import AGREEMENT, KIND, MODE, PLACE, SUBJECT, count
from activities.imports.event_columns import EVENT_COLUMNS, IS_HOST, event_said, of_event, place_of, row_place
from activities.imports.events import Event, Events
from activities.models import Activity, ActivityEvent, ActivityKind, ActivitySchool
from twinning import access, school_year
from twinning.imports import cells
from twinning.imports.cells import RowError
from twinning.imports.finder import LISTED
from twinning.imports.kind import CHANGE, SAME, Column, Kind, in_words
from twinning.imports.school_columns import SCHOOL_COLUMNS, of_school
from twinning.vietnamese import fold

Status = Activity.Status
SHARED = "shared"  # among the values of a row: its counts are of several units


def lines(cell, reading):
    """One line of text; the lines of a cell are kept apart by ";"."""
    if not isinstance(cell, str):
        return cells.text(cell, reading)
    kept = (cells.text(LISTED.sub("", line), reading) for line in cell.splitlines())
    return "; ".join(line for line in kept if line) or None


@dataclass
class Item:
    """One row to write: a part that is new or gets `values`, and what changes of the stored activity itself."""

    event: Event
    part: ActivitySchool
    values: dict = field(default_factory=dict)
    changes: dict = field(default_factory=dict)
    is_shared: bool = False  # nobody told which of the units sent how many


class Activities(Kind):
    slug, command, icon = "hoat-dong", "activities", "calendar-event"
    title = _("Hoạt động và số lượt tham gia")
    intro = _("Mỗi dòng là một đơn vị tham gia một hoạt động; các dòng cùng tên, cùng ngày là một hoạt động.")
    roles = access.IMPORT_ROLES_SCHOOL
    columns = (
        *EVENT_COLUMNS,
        KIND,
        AGREEMENT,
        *(replace(c, read=lines, second="partner") if c.name == "school" else c for c in SCHOOL_COLUMNS),
        Column(
            "partner",
            _("Đơn vị cùng tham gia"),
            lines,
            ("Đơn vị phối hợp", "Trường phối hợp", "Trường cùng tham gia", "Trường kết nghĩa", "Đơn vị kết nghĩa"),
            is_offered=False,
        ),
        SUBJECT,
        PLACE,
        MODE,
        Column("results", _("Kết quả"), cells.prose, ("Kết quả đạt được",)),
        Column(
            "manager_turns",
            _("Cán bộ quản lý"),
            count,
            ("CBQL", "Số CBQL", "Lượt CBQL", "Quản lý", "Số CBQL tham dự", "Số CBQL tham gia"),
            example=2,
        ),
        Column(
            "teacher_turns",
            _("Giáo viên"),
            count,
            (
                "GV",
                "Số GV",
                "Số giáo viên",
                "Lượt giáo viên",
                "Lượt GV",
                "Số GV tham dự",
                "Số GV tham gia",
                "Số giáo viên tham gia",
            ),
            example=24,
        ),
        Column(
            "pupil_turns",
            _("Học sinh"),
            count,
            ("HS", "Số HS", "Số học sinh", "Lượt học sinh", "Lượt HS", "Số HS tham gia", "Số học sinh tham gia"),
            example=0,
        ),
        Column("school_year", _("Năm học"), cells.year, note=_("Bỏ trống thì lấy theo ngày.")),
    )

    inherited = ("title", "held_on")

    def offers(self, column):
        if column != "kind":
            return []
        kinds = ActivityKind.objects.filter(programme__in=self.programmes[:1], is_active=True)
        return list(kinds.values_list("name", flat=True))

    def said(self, titles):
        return event_said(self.department, titles)

    # --- all rows ---------------------------------------------------------------------------------------------------

    def load(self, rows):
        self.events = Events(self, rows)

    def plan(self, row):
        event, own = self.events.of(row)
        school, district = own
        counts = {name: row.get(name) for name in Activity.TOTALS}
        changes = {name: new for name, new in event.changes.items() if event.said[name][1] == row.number}
        kind = (event.stored or event.activity).kind
        label = f"{event.title} · {kind.name} · {in_words(None, '', event.day)} · {school or district.office}"
        there = event.stored and next((p for p in event.stored.units.all() if row_place(p) == place_of(own)), None)
        if there is None:
            part = ActivitySchool(school=school, district=district, **{n: v or 0 for n, v in counts.items()})
            self._check_new_part(event, part)
            row.create(Item(event, part, changes=changes, is_shared=SHARED in row.values), label)
        else:
            row.compare(there, there, {} if SHARED in row.values else counts, label)
            values = row.item[1] if row.action == CHANGE else {}
            self._check_counts(there, values)
            row.item = Item(event, there, values, changes)
        if changes:
            row.action = CHANGE if row.action == SAME else row.action
            row.changes += tuple(self._in_words(event.stored, name, new) for name, new in changes.items())

    def write(self, items, journal, progress):
        """Activities first, their parts, then what follows from the parts: totals, and whether all have confirmed."""
        items = [item for _action, item in items]
        self._confirm_own(items)
        parts_of = {}
        for item in items:
            _event, parts = parts_of.setdefault(id(item.event), (item.event, []))
            if item.part.pk is None:
                parts.append(item.part)
        new = [(event.activity, parts) for event, parts in parts_of.values() if event.stored is None]
        for activity, parts in new:
            for name, value in _outcome(activity, parts).items():
                setattr(activity, name, value)
        journal.create(activity for activity, _parts in new)
        events = [self.event(ActivityEvent, activity, "create") for activity, _parts in new]

        changed_parts = [item.part for item in items if item.values]
        journal.change_many((item.part, item.values) for item in items if item.values)
        for event, parts in parts_of.values():
            for part in parts:
                part.activity = event.stored or event.activity
        made = journal.create(part for _event, parts in parts_of.values() for part in parts)

        changes = {}
        for item in items:
            changes.setdefault(id(item.event), {}).update(item.changes)
        pairs = [
            (event.stored, changes[key] | _outcome(event.stored, [*event.stored.units.all(), *parts]))
            for key, (event, parts) in parts_of.items()
            if event.stored
        ]
        before = {activity.pk: activity.status for activity, _values in pairs}
        journal.change_many(pairs)
        stored = [activity for activity, _values in pairs]
        for activity in stored:
            old = before[activity.pk]
            action = "edit" if old == activity.status else "close"
            events.append(self.event(ActivityEvent, activity, action, before=old))
        journal.create(events)
        self.note_history(journal, [activity for activity, _parts in new], update=False)
        self.note_history(journal, stored, update=True)
        self.note_history(journal, made, update=False)
        self.note_history(journal, changed_parts, update=True)

    def _confirm_own(self, items):
        """Whoever imports for a unit confirms its head-counts, unless nobody told which of several units sent whom."""
        stamp = {"confirmed_by": self.user, "confirmed_at": timezone.now()}
        for item in items:
            if item.is_shared or not self.covers(item.part.school, item.part.district):
                continue
            if item.part.pk is None:
                item.part.confirmed_by, item.part.confirmed_at = stamp.values()
            elif item.values:
                item.values |= stamp

    def present(self):
        own = ActivitySchool.objects.visible_to(self.user).counted()
        own = own.filter(activity__programme__department=self.department)
        rows = own.select_related(
            "school__district",
            "district",
            "activity__kind",
            "activity__agreement",
            "activity__subject",
            "activity__host_school__district",
            "activity__host_district",
        )
        for row in rows.order_by("activity__held_on", "activity", "pk").iterator(chunk_size=2000):
            activity = row.activity
            unit = of_school(row.school) if row.school_id else {"district": str(row.district)}
            yield (
                of_event(activity, self.finder)
                | unit
                | {
                    "kind": activity.kind.name,
                    "agreement": activity.agreement and activity.agreement.number,
                    "subject": activity.subject and activity.subject.name,
                    "place": activity.place,
                    "mode": activity.get_mode_display(),
                    "results": activity.results,
                    "school_year": school_year.label(activity.school_year),
                    **{name: getattr(row, name) for name in Activity.TOTALS},
                }
            )

    # --- which unit ---------------------------------------------------------------------------------------------------

    def split(self, row):
        """A row of each unit that a row names, in its column of units or in that of partners. The head-counts stay with
        the first, since nobody told whose they are; it says so, and no unit is taken to have confirmed them."""
        own = [row.get("school")] if row.get("code") else self._apart(row.get("school"))
        others = own[1:] + self._apart(row.values.pop("partner", None))
        if own and own[0]:
            row.values["school"] = own[0]
        elif others and not access.seat(self.user).school_id and not row.get("district"):
            row.values["school"] = others.pop(0)
        if not others or row.errors:
            return [row]
        values = {name: value for name, value in row.values.items() if name not in Activity.TOTALS}
        if fold(row.get("host") or "") in IS_HOST:
            del values["host"]
        for name in ("code", "district"):
            values.pop(name, None)
        if len(own) > 1:
            row.values.pop("district", None)  # of which of them?
        row.values[SHARED] = True
        first = row.get("school") or access.seat(self.user).unit_name
        note = _t("dòng ghi chung %(n)d đơn vị: số người ghi cho %(first)s, đơn vị khác ghi 0, mỗi đơn vị xác nhận lại")
        row.notes += (note % {"n": len(others) + 1, "first": first},)
        return [row, *(replace(row, values=values | {"school": name, SHARED: True}, errors=[]) for name in others)]

    def _apart(self, text):
        """The units named in one text; the text itself when it is one, or when not each part of it is one."""
        return [] if text is None else self.finder.units_in(text)

    # --- who may ----------------------------------------------------------------------------------------------------

    def _check_new_part(self, event, part):
        if event.stored is None or self.covers(part.school, part.district):
            return
        if not access.records_activity(self.user, event.stored):
            raise RowError("school", _t("“%s” không thuộc đơn vị của thầy/cô.") % part.unit)
        if event.stored.status == Status.CONFIRMED:
            raise RowError("school", _t("Mọi đơn vị đã xác nhận hoạt động này; hãy nhờ Sở thêm đơn vị."))

    def _check_counts(self, part, values):
        if values and not self.covers(part.school, part.district):
            raise RowError("school", _t("“%s” không thuộc đơn vị của thầy/cô; số liệu do đơn vị đó sửa.") % part.unit)
        if part.named_count > values.get("teacher_turns", part.teacher_turns):
            raise RowError(
                "teacher_turns", _t("Đã ghi tên %d giáo viên, số giáo viên không thể ít hơn.") % part.named_count
            )

    def _in_words(self, activity, name, new):
        label = str(Activity._meta.get_field(name).verbose_name)
        if name in ("kind", "agreement", "subject"):
            return label, str(getattr(activity, name) or "–"), str(new)
        return label, in_words(activity, name, getattr(activity, name)), in_words(activity, name, new)


def _outcome(activity, parts):
    """What follows for an activity from its parts: the totals, and confirmed when every unit has confirmed."""
    values = {total: sum(getattr(part, total) for part in parts) for total in Activity.TOTALS}
    if activity.status == Status.HELD and all(part.confirmed_at for part in parts):
        values["status"] = Status.CONFIRMED
    return values
