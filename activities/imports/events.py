"""Which events the rows of a list of activities speak of: rows of one title, day and host are one, stored or new."""

from dataclasses import dataclass, field
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t

from activities.imports.activity_columns import KindsOfActivity, numbered, subject_called
from activities.imports.event_columns import event_key, host_place, place_of, read_host, row_place, stored_events
from activities.models import Activity, ActivitySchool
from twinning import access
from twinning.imports.cells import RowError, each
from twinning.imports.finder import like_key
from twinning.models import Agreement

SAID = ("kind", "agreement", "subject", "place", "mode", "results", "school_year")


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

    @property
    def districts(self):
        """Ids of the managing units of the units that took part."""
        return {district.pk for (_school, district), _row in self.units.values()}

    @property
    def schools(self):
        return {school.pk for (school, _district), _row in self.units.values() if school}


class Events:
    """Those of `rows` (list of Row) that the import `kind` (Activities) reads, in a fixed number of queries."""

    def __init__(self, kind, rows):
        self.kind, self.seat = kind, access.seat(kind.user)
        self.kinds = KindsOfActivity(kind.department)
        self.stored = stored_events(kind.department, rows)
        signed = Agreement.objects.signed().filter(programme__department=kind.department)
        self.agreements = list(signed.for_list().order_by("pk"))
        self.of_row, self.groups, self.taken = {}, {}, set()
        for row in rows:
            try:
                self.of_row[id(row)] = self._join(row)
            except RowError as error:
                self.of_row[id(row)] = error
        for event in (event for same in self.groups.values() for event in same):
            try:
                self._settle(event)
            except (RowError, ValidationError) as error:
                event.error = error

    def of(self, row):
        """(Event, the unit taking part that the row names). Raises RowError or ValidationError when a row of the event
        does not say what it must."""
        found = self.of_row[id(row)]
        if isinstance(found, RowError):
            raise found
        event, _own = found
        if event.error:
            raise event.error
        return found

    # --- rows of one event ------------------------------------------------------------------------------------------

    def _join(self, row):
        """Put the row with the rows of its event: (event, the unit taking part)."""
        title, day = row.values["title"], row.values["held_on"]
        own = self.kind.party(row, day=day)
        if own[1] is None:
            if not self.seat.school_id:
                raise RowError("school", _t("Thiếu đơn vị tham gia."))
            own = self.seat.school, self.kind.finder.unit_of(self.seat.school, day)
        host = read_host(self.kind, row, own)
        same = self.groups.setdefault(event_key(title, day), [])
        event = self._event_for(same, host)
        if event is None:
            event = Event(title, day, self.kind.programme(row, day))
            same.append(event)
        event.host = event.host or host
        if (key := place_of(own)) in event.units:
            raise RowError("school", _t("Trùng với dòng %d của tệp.") % event.units[key][1])
        for name in SAID:
            if (value := row.get(name)) is not None:
                said, number = event.said.setdefault(name, (value, row.number))
                if like_key(str(said)) != like_key(str(value)):
                    raise RowError(name, _t("Khác dòng %d của cùng hoạt động. Hãy ghi giống nhau.") % number)
        event.units[key] = own, row.number
        return event, own

    @staticmethod
    def _event_for(events, host):
        """Of the events with one title and day the one this row belongs to; None when it begins a new one."""
        if host is None:
            if len(events) > 1:
                raise RowError("host", _t("Tệp có nhiều hoạt động cùng tên, cùng ngày. Hãy ghi đơn vị chủ trì."))
            return events[0] if events else None
        same = [event for event in events if event.host and place_of(event.host) == place_of(host)]
        return next(iter(same or [event for event in events if event.host is None]), None)

    # --- stored or new ----------------------------------------------------------------------------------------------

    def _settle(self, event):
        """Now that all its rows are known: the stored activity the event is, or the new one it makes."""
        event.stored = self._stored(event)
        if event.stored:
            self.taken.add(event.stored.pk)
            event.programme = event.stored.programme
        found = each(*(partial(self._value, event, name, value) for name, (value, _row) in event.said.items()))
        values = dict(zip(event.said, found, strict=True))
        if event.stored:
            event.changes = {name: new for name, new in values.items() if getattr(event.stored, name) != new}
            if event.changes and not access.records_activity(self.kind.user, event.stored):
                name = next(iter(event.changes))
                raise RowError(name, _t("Chỉ đơn vị ghi hoạt động hoặc Sở sửa được nội dung này."))
        else:
            self._make(event, values)
        agreement = values.get("agreement") or (event.stored or event.activity).agreement
        units = [ActivitySchool(school=school, district=unit) for (school, unit), _row in event.units.values()]
        for stranger in agreement.strangers(units) if agreement else ():
            text = _t("“%s” không thuộc cặp đơn vị của giao ước này. Hãy sửa giao ước hoặc đơn vị.")
            raise RowError("agreement", text % stranger.unit)

    def _stored(self, event):
        """The stored activity of this title and day with a unit in common; the same host decides between several."""
        alike = []
        for activity in self.stored.get(event_key(event.title, event.day), ()):
            shared = sum(row_place(part) in event.units for part in activity.units.all())
            is_host = bool(event.host) and host_place(activity) == place_of(event.host)
            if activity.pk not in self.taken and (shared or is_host):
                alike.append(((is_host, shared), activity))
        best = max((score for score, _activity in alike), default=None)
        found = [activity for score, activity in alike if score == best]
        if len(found) > 1:
            raise RowError("host", _t("Có %d hoạt động cùng tên, cùng ngày. Hãy ghi đơn vị chủ trì.") % len(found))
        return found[0] if found else None

    def _make(self, event, values):
        if "kind" not in values:
            values["kind"] = self.kinds.begun(event.programme, event.title)
        if not any(self.kind.covers(*unit) for unit, _row in event.units.values()):
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
            status=Activity.Status.HELD,
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
            return subject_called(self.kind.finder, value)
        return self._agreement(event, value) if name == "agreement" else value

    def _agreement(self, event, number):
        called = numbered((a for a in self.agreements if a.programme_id == event.programme.pk), number)
        fitting = [agreement for agreement in called if event.districts <= _pair(agreement)] or called
        if event.stored and event.stored.agreement in fitting:
            return event.stored.agreement
        if len(fitting) > 1:
            narrow = [a for a in fitting if event.schools & {a.supporting_school_id, a.supported_school_id}]
            if len(narrow) != 1:
                raise RowError("agreement", _t("Có %d giao ước cùng số này.") % len(fitting))
            fitting = narrow
        return fitting[0]

    def _agreement_of_pair(self, event):
        """The signed agreement between exactly these two schools, else between these two districts, or None."""
        schools, districts = event.schools, event.districts
        in_effect = [
            a
            for a in self.agreements
            if a.programme_id == event.programme.pk and a.signed_on <= event.day <= a.last_day
        ]
        for agreement in in_effect:
            if len(schools) == 2 and schools == {agreement.supporting_school_id, agreement.supported_school_id}:
                return agreement
        of_districts = (a for a in in_effect if a.tier == Agreement.Tier.DISTRICT)
        return next((a for a in of_districts if len(districts) == 2 and districts == _pair(a)), None)


def _pair(agreement):
    return {agreement.supporting_district_id, agreement.supported_district_id}
