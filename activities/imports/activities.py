"""Import of activities with head-counts: one row a unit taking part; rows of one title, day and host are one event."""

from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.imports.event_columns import (
    EVENT_COLUMNS,
    IS_HOST,
    KindsOfActivity,
    event_key,
    event_said,
    host_place,
    of_event,
    place_of,
    read_host,
    row_place,
    stored_events,
)
from activities.models import Activity, ActivityEvent, ActivityKind, ActivitySchool
from activities.models.participation import MOST_PER_UNIT
from twinning import access, school_year
from twinning.imports import cells
from twinning.imports.cells import RowError
from twinning.imports.finder import LISTED, like_key
from twinning.imports.kind import CHANGE, SAME, Column, Kind, in_words
from twinning.imports.school_columns import SCHOOL_COLUMNS, of_school
from twinning.models import Agreement
from twinning.vietnamese import fold

Status = Activity.Status
MODE_WORDS = {"in_person": "truc tiep;tap trung", "online": "truc tuyen;online;zoom", "blended": "ket hop"}
SHARED = "shared"  # among the values of a row: its counts are of several units
OF_EVENT = ("kind", "agreement", "subject", "place", "mode", "results", "school_year")


def count(cell, reading):
    return cells.whole(cell, reading, most=MOST_PER_UNIT)


def lines(cell, reading):
    """One line of text; the lines of a cell are kept apart by ";"."""
    if not isinstance(cell, str):
        return cells.text(cell, reading)
    kept = (cells.text(LISTED.sub("", line), reading) for line in cell.splitlines())
    return "; ".join(line for line in kept if line) or None


@dataclass
class Event:
    """The rows of the file that speak of one event: stored already (`stored`), or a new one (`activity`)."""

    title: str
    day: object
    programme: object
    host: tuple | None = None  # (school or None, managing unit)
    units: dict = field(default_factory=dict)  # key of a unit → (unit, the row that named it)
    said: dict = field(default_factory=dict)  # column → (value, the row that said it first)
    stored: Activity | None = None
    activity: Activity | None = None
    changes: dict = field(default_factory=dict)  # column → new value of the stored activity
    error: Exception | None = None


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
        Column(
            "kind",
            _("Loại hoạt động"),
            cells.text,
            ("Loại", "Loại hình hoạt động"),
            note=_("Bỏ trống thì lấy từ đầu tên hoạt động."),
            example="Chuyên đề",
        ),
        Column(
            "agreement",
            _("Giao ước số"),
            cells.text,
            ("Số giao ước", "Giao ước"),
            note=_("Bỏ trống thì tìm theo cặp đơn vị tham gia."),
        ),
        *(replace(c, read=lines, second="partner") if c.name == "school" else c for c in SCHOOL_COLUMNS),
        Column(
            "partner",
            _("Đơn vị cùng tham gia"),
            lines,
            ("Đơn vị phối hợp", "Trường phối hợp", "Trường cùng tham gia", "Trường kết nghĩa", "Đơn vị kết nghĩa"),
            is_offered=False,
        ),
        Column("subject", _("Môn"), cells.text, ("Môn học", "Bộ môn"), example="Toán"),
        Column("place", _("Địa điểm"), cells.limited(200), ("Nơi tổ chức",)),
        Column("mode", _("Hình thức"), cells.choice(Activity.Mode, **MODE_WORDS), ("Hình thức tổ chức",)),
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
        self.kinds = KindsOfActivity(self.department)
        self.stored = stored_events(self.department, rows)
        signed = Agreement.objects.signed().filter(programme__department=self.department)
        self.agreements = list(signed.for_list().order_by("pk"))
        self.seat = access.seat(self.user)
        self.of_row, groups, taken = {}, {}, set()
        for row in rows:
            try:
                self.of_row[id(row)] = self._join(row, groups)
            except RowError as error:
                self.of_row[id(row)] = error
        for event in (event for same in groups.values() for event in same):
            try:
                self._settle(event, taken)
            except (RowError, ValidationError) as error:
                event.error = error

    def plan(self, row):
        found = self.of_row[id(row)]
        if isinstance(found, RowError):
            raise found
        event, own = found
        if event.error:
            raise event.error
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
        now = timezone.now()
        for item in items:
            if item.is_shared:
                continue
            if (item.part.pk is None or item.values) and self.covers(item.part.school, item.part.district):
                stamp = {"confirmed_by": self.user, "confirmed_at": now}
                if item.part.pk is None:
                    item.part.confirmed_by, item.part.confirmed_at = self.user, now
                else:
                    item.values |= stamp
        parts_of = {}
        for item in items:
            _event, parts = parts_of.setdefault(id(item.event), (item.event, []))
            if item.part.pk is None:
                parts.append(item.part)
        new = [(event.activity, parts) for event, parts in parts_of.values() if event.stored is None]
        for activity, parts in new:
            _set(activity, _outcome(activity, parts))
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

    # --- which event ------------------------------------------------------------------------------------------------

    def _join(self, row, groups):
        """Put the row with the rows of its event: (event, the unit taking part)."""
        title, day = row.values["title"], row.values["held_on"]
        own = self.party(row, day=day)
        if own[1] is None:
            if not self.seat.school_id:
                raise RowError("school", _t("Thiếu đơn vị tham gia."))
            own = self.seat.school, self.finder.unit_of(self.seat.school, day)
        host = read_host(self, row, own)
        same = groups.setdefault(event_key(title, day), [])
        event = self._event_for(same, host)
        if event is None:
            event = Event(title, day, self.programme(row, day))
            same.append(event)
        event.host = event.host or host
        if (key := place_of(own)) in event.units:
            raise RowError("school", _t("Trùng với dòng %d của tệp.") % event.units[key][1])
        for name in OF_EVENT:
            if (value := row.get(name)) is not None:
                said, number = event.said.setdefault(name, (value, row.number))
                if like_key(str(said)) != like_key(str(value)):
                    raise RowError(name, _t("Khác dòng %d của cùng hoạt động. Hãy ghi giống nhau.") % number)
        event.units[key] = own, row.number
        return event, own

    def _event_for(self, events, host):
        """Of the events with one title and day the one this row belongs to; None when it begins a new one."""
        if host is None:
            if len(events) > 1:
                raise RowError("host", _t("Tệp có nhiều hoạt động cùng tên, cùng ngày. Hãy ghi đơn vị chủ trì."))
            return events[0] if events else None
        same = [event for event in events if event.host and place_of(event.host) == place_of(host)]
        return next(iter(same or [event for event in events if event.host is None]), None)

    def _settle(self, event, taken):
        """Now that all its rows are known: the stored activity the event is, or the new one it makes."""
        event.stored = self._stored(event, taken)
        if event.stored:
            taken.add(event.stored.pk)
            event.programme = event.stored.programme
        values = {name: self._value(event, name, value) for name, (value, _row) in event.said.items()}
        if event.stored:
            event.changes = {name: new for name, new in values.items() if getattr(event.stored, name) != new}
            if event.changes and not access.records_activity(self.user, event.stored):
                name = next(iter(event.changes))
                raise RowError(name, _t("Chỉ đơn vị ghi hoạt động hoặc Sở sửa được nội dung này."))
        else:
            self._make(event, values)
        agreement = values.get("agreement") or (event.stored or event.activity).agreement
        for unit, _row in event.units.values():
            if agreement and unit[1].pk not in _pair(agreement):
                raise RowError(
                    "agreement",
                    _t("“%s” không thuộc cặp đơn vị của giao ước này. Hãy sửa giao ước hoặc đơn vị.")
                    % (unit[0] or unit[1].office),
                )

    def _stored(self, event, taken):
        """The stored activity of this title and day with a unit in common; the same host decides between several."""
        alike = []
        for activity in self.stored.get(event_key(event.title, event.day), ()):
            shared = sum(row_place(part) in event.units for part in activity.units.all())
            is_host = bool(event.host) and host_place(activity) == place_of(event.host)
            if activity.pk not in taken and (shared or is_host):
                alike.append(((is_host, shared), activity))
        best = max((score for score, _activity in alike), default=None)
        found = [activity for score, activity in alike if score == best]
        if len(found) > 1:
            raise RowError("host", _t("Có %d hoạt động cùng tên, cùng ngày. Hãy ghi đơn vị chủ trì.") % len(found))
        return found[0] if found else None

    def _make(self, event, values):
        if "kind" not in values:
            values["kind"] = self.kinds.begun(event.programme, event.title)
        if not any(self.covers(*unit) for unit, _row in event.units.values()):
            raise RowError("school", _t("Hoạt động này không có đơn vị nào của thầy/cô."))
        values.setdefault("agreement", self._agreement_of_pair(event))
        school, district = event.host or next(iter(event.units.values()))[0]
        activity = Activity(
            programme=event.programme,
            title=event.title,
            held_on=event.day,
            host_school=school,
            host_district=None if school else district,
            recorded_school=self.seat.school,
            recorded_district=self.seat.district,
            status=Status.HELD,
            **values,
        )
        activity.set_keys()
        activity.clean()
        event.activity = activity

    # --- what the cells mean ----------------------------------------------------------------------------------------

    def _value(self, event, name, value):
        if name == "kind":
            return self.kinds.called(event.programme, value)
        if name == "subject":
            if (found := self.finder.subjects.get(like_key(value))) is None:
                raise RowError(name, _t("Không có môn “%s” trong danh mục môn học.") % value)
            return found
        return self._agreement(event, value) if name == "agreement" else value

    def _agreement(self, event, number):
        ours = (a for a in self.agreements if a.programme_id == event.programme.pk)
        called = [agreement for agreement in ours if fold(agreement.number) == fold(number)]
        if not called:
            raise RowError("agreement", _t("Không có giao ước đã ký số “%s”.") % number)
        districts = {unit[1].pk for unit, _row in event.units.values()}
        fitting = [agreement for agreement in called if districts <= _pair(agreement)] or called
        if event.stored and event.stored.agreement in fitting:
            return event.stored.agreement
        if len(fitting) > 1:
            schools = {unit[0].pk for unit, _row in event.units.values() if unit[0]}
            narrow = [a for a in fitting if schools & {a.supporting_school_id, a.supported_school_id}]
            if len(narrow) != 1:
                raise RowError("agreement", _t("Có %d giao ước cùng số này.") % len(fitting))
            fitting = narrow
        return fitting[0]

    def _agreement_of_pair(self, event):
        """The signed agreement between exactly these two schools, else between these two districts, or None."""
        units = [unit for unit, _row in event.units.values()]
        schools = {school.pk for school, _district in units if school}
        districts = {district.pk for _school, district in units}
        in_effect = [
            a
            for a in self.agreements
            if a.programme_id == event.programme.pk and a.signed_on <= event.day <= (a.ended_on or a.ends_on)
        ]
        for agreement in in_effect:
            if len(schools) == 2 and schools == {agreement.supporting_school_id, agreement.supported_school_id}:
                return agreement
        of_districts = (a for a in in_effect if a.tier == Agreement.Tier.DISTRICT)
        return next((a for a in of_districts if len(districts) == 2 and districts == _pair(a)), None)

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


def _pair(agreement):
    return {agreement.supporting_district_id, agreement.supported_district_id}


def _outcome(activity, parts):
    """What follows for an activity from its parts: the totals, and confirmed when every unit has confirmed."""
    values = {total: sum(getattr(part, total) for part in parts) for total in Activity.TOTALS}
    if activity.status == Status.HELD and all(part.confirmed_at for part in parts):
        values["status"] = Status.CONFIRMED
    return values


def _set(thing, values):
    for name, value in values.items():
        setattr(thing, name, value)
