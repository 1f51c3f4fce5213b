"""Everything that points to a school, and what becomes of it when it merges, splits, closes or changes hands.

One table for all acts (policy: what was done stays with the school that did it, so no total doubles; what is still to
be done goes to the successor). Models are named by label, so that the core imports nothing of the apps built on it. A
test fails when a relation is missing here.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum, auto

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access, school_year
from twinning.access import SCHOOL_STAFF
from twinning.journal import Journal

MOST_NAMED = 3


class Rule(Enum):
    KEEP = auto()  # stays with the school it is of
    MOVE = auto()  # what `follows` goes to the successor
    CHOOSE = auto()  # a person says which rows go where
    END = auto()  # what `follows` ends the day before, by `endings`
    DROP = auto()  # what `follows` and says nothing yet (`empty`) goes


class Same(Enum):
    """What becomes of a row that follows when the successor has one like it."""

    STAY = auto()  # it stays with the old school, and the preview says so
    JOIN = auto()  # one row, what points to the one points to the other
    DROP = auto()  # it goes when it says nothing yet (`empty`), else it is a conflict
    CONFLICT = auto()  # a person has to settle it first


KEEP, MOVE, CHOOSE, END, DROP = Rule.KEEP, Rule.MOVE, Rule.CHOOSE, Rule.END, Rule.DROP


def everything(day):
    return Q()


def years_to_come(day):
    """School years that begin on or after the day."""
    year = school_year.school_year_of(day)
    return Q(school_year__gte=year if school_year.bounds(year)[0] == day else year + 1)


def still(path, *statuses):
    return lambda day: Q(**{f"{path}__in": statuses})


def in_force(day):
    return Q(valid_to=None) | Q(valid_to__gte=day)


@dataclass(frozen=True)
class Relation:
    """One foreign key to a school.

    called / kept_as: what a preview calls rows that follow and rows that stay; merge, split, close: the rule of each
    act; follows: day → Q of the rows the rule is about; counts: what is counted, when it is not the row itself.
    same: fields that, with the school, are unique, and on_same what to do about it; partner: field of the other party,
    which must not become the same school; apart: path whose common value shows that two rows alike are two things.
    district: field that holds the unit of the school, and district_follows which rows take a new one.
    endings: (Q, day → values, event) for END; empty: Q of rows that say nothing yet; waits: Q of rows that stay though
    they wait for the school's own word.
    """

    model: str
    field: str
    called: str = ""
    kept_as: str = ""
    merge: Rule = KEEP
    split: Rule = KEEP
    close: Rule = KEEP
    follows: Callable[[date], Q] = everything
    counts: str = "pk"
    same: tuple = ()
    on_same: Same = Same.STAY
    partner: str = ""
    apart: str = ""
    district: str = ""
    district_follows: Callable[[date], Q] | None = None
    endings: tuple = ()
    empty: Q = field(default_factory=Q)
    waits: Q | None = None

    @property
    def model_class(self):
        return apps.get_model(self.model)


UNSIGNED = ("draft", "waiting", "returned", "confirmed")
OPEN_AGREEMENT = still("status", *UNSIGNED, "signed")


def _agreement_side(side, other):
    return Relation(
        "twinning.Agreement",
        f"{side}_school",
        called=_("giao ước"),
        kept_as=_("giao ước đã kết thúc"),
        merge=MOVE,
        close=END,
        follows=OPEN_AGREEMENT,
        on_same=Same.CONFLICT,
        partner=f"{other}_school",
        district=f"{side}_district",
        # Districts of a signed agreement are kept as they were at signing.
        district_follows=still("status", *UNSIGNED),
        endings=(
            (Q(status__in=UNSIGNED), lambda day: {"status": "withdrawn"}, "withdraw"),
            (Q(status="signed"), lambda day: {"status": "ended", "ended_on": _eve(day)}, "end"),
        ),
    )


def _support_side(side, other):
    return Relation(
        "activities.Support",
        f"{side}_school",
        called=_("khoản hỗ trợ cam kết"),
        kept_as=_("khoản hỗ trợ đã trao"),
        merge=MOVE,
        close=END,
        follows=still("status", "pledged"),
        on_same=Same.CONFLICT,
        partner=f"{other}_school",
        district=f"{side}_district",
        district_follows=lambda day: Q(status="pledged") | Q(delivered_on__gte=day),
        endings=((Q(), lambda day: {"status": "cancelled"}, "cancel"),),
        waits=Q(status="delivered" if side == "receiver" else "claimed"),
    )


RELATIONS = (
    # The school itself and its past: written by the acts themselves.
    Relation("twinning.School", "merged_into"),
    Relation("twinning.SchoolName", "school"),
    Relation("twinning.SchoolManagement", "school"),
    Relation("twinning.SchoolChange", "school"),
    Relation("twinning.SchoolChange_schools", "school"),
    Relation("twinning.Placement", "school"),
    Relation(
        "twinning.Membership",
        "school",
        called=_("vai trò của người dùng"),
        kept_as=_("vai trò đã hết hạn"),
        merge=END,
        close=END,
        follows=in_force,
        endings=((Q(), lambda day: {"valid_to": _eve(day)}, ""),),
    ),
    # Before what names them: participations go on pointing to the teacher, wherever the teacher goes.
    Relation(
        "twinning.Teacher",
        "school",
        called=_("giáo viên"),
        kept_as=_("giáo viên"),
        merge=MOVE,
        split=CHOOSE,
        same=("name_key", "code"),
        on_same=Same.JOIN,
        # At one activity for both schools: namesakes, two persons.
        apart="participations__row__activity",
    ),
    _agreement_side("supporting", "supported"),
    _agreement_side("supported", "supporting"),
    Relation(
        "twinning.AgreementMember",
        "school",
        called=_("vai trò cùng tham gia giao ước"),
        kept_as=_("vai trò cùng tham gia giao ước đã qua"),
        merge=MOVE,
        follows=still("agreement__status", *UNSIGNED, "signed"),
        same=("agreement",),
        district="district",
        district_follows=still("agreement__status", *UNSIGNED),
    ),
    # Numbers of papers were given to the school that issued them.
    Relation("twinning.NumberSeries", "school"),
    Relation(
        "twinning.PilotSchool",
        "school",
        called=_("vai trò trường điểm"),
        kept_as=_("vai trò trường điểm đã qua"),
        merge=MOVE,
        follows=still("agreement__status", *UNSIGNED, "signed"),
        same=("agreement",),
    ),
    Relation(
        "twinning.SchoolYearFigures",
        "school",
        called=_("dòng số liệu năm học"),
        kept_as=_("dòng số liệu năm học đã qua"),
        merge=MOVE,
        follows=years_to_come,
        same=("school_year", "level"),
    ),
    Relation(
        "twinning.IndicatorValue",
        "school",
        called=_("giá trị chỉ số"),
        kept_as=_("giá trị chỉ số đã qua"),
        merge=MOVE,
        follows=years_to_come,
        same=("indicator", "school_year"),
    ),
    Relation("twinning.ImportJob", "school", kept_as=_("lần nhập dữ liệu")),
    # Before the rows of its units, which hang on its status.
    Relation(
        "activities.Activity",
        "recorded_school",
        merge=MOVE,
        close=END,
        called=_("hoạt động kế hoạch"),
        follows=still("status", "planned"),
        endings=((Q(), lambda day: {"status": "cancelled"}, "cancel"),),
    ),
    Relation(
        "activities.Activity",
        "host_school",
        called=_("hoạt động kế hoạch"),
        merge=MOVE,
        follows=still("status", "planned"),
    ),
    Relation(
        "activities.ActivitySchool",
        "school",
        called=_("hoạt động kế hoạch"),
        kept_as=_("hoạt động đã tổ chức hoặc đã huỷ"),
        merge=MOVE,
        close=DROP,
        follows=still("activity__status", "planned"),
        counts="activity_id",
        same=("activity",),
        on_same=Same.DROP,
        empty=Q(participations=None, manager_turns=0, teacher_turns=0, pupil_turns=0),
        district="district",
        district_follows=lambda day: Q(activity__status="planned") | Q(activity__held_on__gte=day),
        waits=Q(activity__status="held", confirmed_at=None),
    ),
    # With the row they are counted in.
    Relation(
        "activities.CheckIn",
        "school",
        called=_("lượt điểm danh"),
        kept_as=_("lượt điểm danh đã qua"),
        merge=MOVE,
        follows=still("activity__status", "planned"),
    ),
    Relation("activities.Material", "school", kept_as=_("học liệu đã chia sẻ")),
    _support_side("giver", "receiver"),
    _support_side("receiver", "giver"),
    Relation("activities.SponsoredPupil", "school", kept_as=_("học sinh được đỡ đầu")),
    Relation(
        "reports.Report",
        "school",
        called=_("báo cáo đang soạn"),
        kept_as=_("báo cáo đã trình"),
        merge=MOVE,
        follows=still("status", "drafting"),
        same=("period",),
        waits=Q(status__in=["returned", "approved"]),
    ),
    Relation("reports.OutgoingPaper", "school", kept_as=_("văn bản đã ban hành")),
    Relation("reports.Award", "school", kept_as=_("khen thưởng")),
    Relation("reports.Nomination", "school", kept_as=_("đề nghị khen thưởng")),
)


def _eve(day):
    return day - timedelta(days=1)


@dataclass
class Handover:
    """Applies the table on one day, writing through a journal, and tells what happened: {called: {what is counted}} of
    rows that moved, ended, were joined to another or dropped, and stayed; sentences of conflicts and notes."""

    journal: Journal
    day: date
    by: object
    reason: str
    moved: dict = field(default_factory=lambda: defaultdict(set))
    ended: dict = field(default_factory=lambda: defaultdict(set))
    joined: dict = field(default_factory=lambda: defaultdict(set))
    kept: dict = field(default_factory=lambda: defaultdict(set))
    conflicts: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    @property
    def eve(self):
        return _eve(self.day)

    def hand_on(self, old, new):
        """Give what follows of `old` to `new`, by the rules of a merger."""
        for relation in RELATIONS:
            self._apply(relation, relation.merge, old, new)

    def close(self, old):
        for relation in RELATIONS:
            self._apply(relation, relation.close, old, None)

    def stay(self, old):
        """Tell what a school that goes on keeps when a part of it leaves."""
        for relation in RELATIONS:
            if relation.split is KEEP:
                self._tell_kept(relation, self._rows(relation, old))

    def choose(self, label, new, pks, old):
        """Give the rows `pks` of a model whose rule is CHOOSE to `new`."""
        for relation in RELATIONS:
            if relation.model == label and relation.split is CHOOSE:
                self._move(relation, self._rows(relation, old).filter(pk__in=pks), new)

    def change_district(self, school, district):
        """What is not signed or done yet, and what was done since the day, belongs to the school's new unit."""
        for relation in RELATIONS:
            if relation.district:
                rows = self._rows(relation, school).filter(relation.district_follows(self.day))
                pairs = [(row, {relation.district: district}) for row in rows]
                self.journal.change_many(pairs)
                self._count(self.moved, relation, rows)

    def told(self):
        """As JSON keeps it: {part: [[called, number], …] or [sentence, …]}."""
        counted = {
            part: [[str(called), len(things)] for called, things in getattr(self, part).items() if things]
            for part in ("moved", "ended", "joined", "kept")
        }
        return {**counted, "conflicts": self.conflicts, "notes": self.notes}

    # --- one relation -----------------------------------------------------------------------------------------------

    def _apply(self, relation, rule, old, new):
        rows = self._rows(relation, old)
        followers = [] if rule in (KEEP, CHOOSE) else list(rows.filter(relation.follows(self.day)))
        self._tell_kept(relation, rows.exclude(pk__in=[row.pk for row in followers]))
        if relation.waits is not None and (waiting := list(rows.filter(relation.waits))):
            self.notes.append(
                _t("%(n)d %(what)s còn chờ %(school)s làm nốt: %(rows)s. Nên làm xong trước khi thực hiện.")
                % {"n": len(waiting), "what": _noun(waiting[0]), "school": old, "rows": _names(waiting)}
            )
        if rule is MOVE:
            self._move(relation, followers, new)
        elif rule is END:
            self._end(relation, followers)
        elif rule is DROP:
            self._drop(relation, followers)

    def _rows(self, relation, school):
        return relation.model_class._base_manager.filter(**{relation.field: school}).order_by("pk")

    def _tell_kept(self, relation, rows):
        if relation.kept_as:
            self._count(self.kept, relation, rows)

    def _count(self, part, relation, rows):
        called = relation.kept_as if part is self.kept else relation.called
        # Planned activities are counted once, whatever in them points to the school.
        name = "pk" if relation.counts == "pk" else relation.counts
        part[called] |= {getattr(row, name) for row in rows}

    def _move(self, relation, rows, new):
        rows = list(rows)
        twins = self._twins(relation, rows, new)
        pairs = [(row, values) for row, values in self._values(relation, rows, new) if row.pk not in twins]
        if relation.on_same is Same.CONFLICT:
            moved = [row for row, values in pairs if self._move_if_allowed(relation, row, values, new)]
        else:
            moved = [row for row, _values in pairs]
            self.journal.change_many(pairs)
        self._count(self.moved, relation, moved)
        alike = [(row, twins[row.pk]) for row in rows if row.pk in twins]
        if alike:
            {Same.STAY: self._leave, Same.JOIN: self._join, Same.DROP: self._drop_alike}[relation.on_same](
                relation, alike, new
            )

    def _values(self, relation, rows, new):
        """[(row, {field: value})]: the successor, and its unit where that follows."""
        to_unit = set()
        if relation.district:
            those = relation.model_class._base_manager.filter(
                relation.district_follows(self.day), pk__in=[row.pk for row in rows]
            )
            to_unit = set(those.values_list("pk", flat=True))
        unit = {relation.district: new.district}
        return [(row, {relation.field: new} | (unit if row.pk in to_unit else {})) for row in rows]

    def _twins(self, relation, rows, new):
        """{pk: the row of the successor that is like it}."""
        if not relation.same or not rows:
            return {}
        names = [relation.model_class._meta.get_field(name).attname for name in relation.same]
        there = {tuple(getattr(row, name) for name in names): row for row in self._rows(relation, new)}
        keys = {row.pk: tuple(getattr(row, name) for name in names) for row in rows}
        return {pk: there[key] for pk, key in keys.items() if key in there}

    def _move_if_allowed(self, relation, row, values, new):
        """Move a row with two parties, unless the successor would meet itself or the database forbids it."""
        if getattr(row, f"{relation.partner}_id") == new.pk:
            self._conflict(relation, row, _t("bên kia cũng là %s. Hãy kết thúc hoặc huỷ trước") % new)
            return False
        trial = relation.model_class._base_manager.get(pk=row.pk)
        for name, value in values.items():
            setattr(trial, name, value)
        if hasattr(trial, "set_keys"):
            trial.set_keys()
        try:
            trial.validate_constraints()
        except ValidationError as error:
            self._conflict(relation, row, " ".join(error.messages))
            return False
        self.journal.change(row, **values)
        return True

    def _conflict(self, relation, row, why):
        self.conflicts.append(_t("%(what)s “%(row)s”: %(why)s") % {"what": _noun(row), "row": row, "why": why})

    def _leave(self, relation, alike, new):
        rows = [row for row, _twin in alike]
        self._count(self.kept, relation, rows)
        self.notes.append(
            _t("%(n)d %(what)s ở lại trường cũ vì %(new)s đã có: %(rows)s.")
            % {"n": len(rows), "what": _noun(rows[0]), "new": new, "rows": _names(rows)}
        )

    def _join(self, relation, alike, new):
        model = relation.model_class
        things = defaultdict(set)
        both = [pk for row, twin in alike for pk in (row.pk, twin.pk)]
        for pk, thing in model._base_manager.filter(pk__in=both).values_list("pk", relation.apart):
            if thing is not None:
                things[pk].add(thing)
        namesakes = [row for row, twin in alike if things[row.pk] & things[twin.pk]]
        one = [(row, twin) for row, twin in alike if row not in namesakes]
        into = {row.pk: twin.pk for row, twin in one}
        for back in model._meta.get_fields(include_hidden=True):
            if back.auto_created and back.is_relation and not back.concrete and not back.many_to_many:
                other, column = back.related_model, back.field.attname
                pointing = other._base_manager.filter(**{f"{column}__in": list(into)})
                self.journal.change_many([(row, {column: into[getattr(row, column)]}) for row in pointing])
        self.journal.remove([row for row, _twin in one])
        self._count(self.joined, relation, [row for row, _twin in one])
        if namesakes:
            self._count(self.kept, relation, namesakes)
            self.notes.append(
                _t(
                    "%(n)d %(what)s trùng tên nhưng là hai người (cùng dự một hoạt động), ở lại danh sách trường cũ: "
                    "%(rows)s."
                )
                % {"n": len(namesakes), "what": _noun(namesakes[0]), "rows": _names(namesakes)}
            )

    def _drop_alike(self, relation, alike, new):
        rows = [row for row, _twin in alike]
        full = self._drop(relation, rows)
        for row in full:
            self._conflict(
                relation,
                getattr(row, relation.same[0]),
                _t("có cả %(old)s và %(new)s, đã ghi số người. Hãy ghi kết quả hoặc huỷ hoạt động này trước")
                % {"old": getattr(row, relation.field), "new": new},
            )

    def _drop(self, relation, rows):
        """Remove those that say nothing yet; returns the others."""
        manager = relation.model_class._base_manager
        empty = set(
            manager.filter(relation.empty, pk__in=[row.pk for row in rows]).order_by().values_list("pk", flat=True)
        )
        dropped = [row for row in rows if row.pk in empty]
        self._count(self.joined if relation.on_same is Same.JOIN else self.ended, relation, dropped)
        self.journal.remove(dropped)
        return [row for row in rows if row.pk not in empty]

    def _end(self, relation, rows):
        pks = [row.pk for row in rows]
        for which, values, event in relation.endings:
            ending = list(relation.model_class._base_manager.filter(which, pk__in=pks))
            self.journal.change_many([(row, values(self.day)) for row in ending])
            self._count(self.ended, relation, ending)
            if event:
                self._write_events(ending, event)

    def _write_events(self, rows, action):
        """What a life shows in its history, written as `record_event` would."""
        seat = access.seat(self.by)
        events = [
            row.events.model(
                subject=row,
                action=action,
                by=self.by,
                unit=str(seat.unit_name) if seat else "",
                note=self.reason,
                to_status=row.status,
            )
            for row in rows
        ]
        self.journal.create(events)

    def keep_people(self, old, new, decision_number):
        """Give the principals and clerks whose membership of `old` ended the same one at `new`."""
        Membership = apps.get_model("twinning.Membership")
        there = set(Membership.objects.in_force(self.day).filter(school=new).values_list("user", "role"))
        ended = self.journal.changed.get(Membership._meta.label_lower, {})
        leaving = Membership.objects.filter(pk__in=ended, school=old, role__in=SCHOOL_STAFF)
        new_ones = {(m.user_id, m.role) for m in leaving} - there
        self.journal.create(
            Membership(user_id=user, role=role, school=new, valid_from=self.day, decision_number=decision_number)
            for user, role in sorted(new_ones)
        )
        self.moved[_("tài khoản sang trường mới")] |= new_ones


def _noun(row):
    return str(row._meta.verbose_name)


def _names(rows):
    named = ", ".join(str(row) for row in rows[:MOST_NAMED])
    return f"{named}, …" if len(rows) > MOST_NAMED else named
