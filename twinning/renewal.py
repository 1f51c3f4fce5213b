"""Carrying agreements into the next phase: what can be renewed and what cannot, with the reason; then all in one go.

Planning asks the database a fixed number of times, however many agreements there are, and writes nothing.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from accounts.models import Notification
from twinning import access, carried, lens, vietnamese, working
from twinning.carried import Carried
from twinning.journal import Journal
from twinning.models import (
    Agreement,
    AgreementEvent,
    AgreementMember,
    ContentArea,
    District,
    Programme,
    Renewal,
    School,
    SchoolManagement,
    UnitSuccession,
)
from twinning.models.renewal import people_to_tell
from twinning.vietnamese import same_key

SIDES = ("supporting", "supported")
Status, Tier = Agreement.Status, Agreement.Tier
RENEWABLE = (Status.SIGNED, Status.EXPIRED)
MOST_HEIRS = 3
# Carried over as they stand; who signed and when is new.
KEPT = ("tier", "kind", "subject", "registered_side", "direction", "objectives", *(f"{s}_contents" for s in SIDES))


@dataclass
class Line:
    """One old agreement: the draft that would be made of it (not stored), or the reasons why none is."""

    old: Agreement
    new: Agreement
    areas: list = field(default_factory=list)
    lacking: list = field(default_factory=list)  # names of contents that the new programme does not have
    members: list = field(default_factory=list)
    carried: dict = field(default_factory=dict)  # {twinning.carried.Carried: [rows]}
    reasons: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    existing: Agreement | None = None  # that stands in the way


@dataclass
class Plan:
    """`missing`: {name of a content that the new programme lacks: agreements that have it}."""

    into: Programme
    starts_on: object
    ends_on: object
    lines: list
    missing: Counter

    @property
    def renewable(self):
        return [line for line in self.lines if not line.reasons]

    @property
    def refused(self):
        return [line for line in self.lines if line.reasons]

    @property
    def missing_areas(self):
        """[(name, agreements)], the most frequent first."""
        return self.missing.most_common()

    @property
    def carried(self):
        """[(what comes along, in words; how many rows)] of all lines."""
        counts = Counter()
        for line in self.renewable:
            counts.update({what: len(rows) for what, rows in line.carried.items()})
        return [(what.label, counts[what]) for what in Carried if counts[what]]

    @property
    def better_start(self):
        """The first day on which no renewal overlaps with its old agreement; None when none does now."""
        last = max((line.old.last_day for line in self.lines), default=None)
        if last is None or not self.starts_on <= last < self.into.ends_on:
            return None
        return last + timedelta(days=1)

    def digest(self):
        """Tells whether a plan made again is the one that was shown."""
        told = [
            (
                line.old.pk,
                line.new.pair_key,
                [a.pk for a in line.areas],
                len(line.members),
                [(what.value, len(rows)) for what, rows in line.carried.items()],
                line.reasons,
            )
            for line in self.lines
        ]
        return hashlib.sha256(repr((self.into.pk, self.starts_on, self.ends_on, told)).encode()).hexdigest()


def later_programmes(programme):
    """Those of the same Department that begin later and reach beyond `programme`, the nearest first."""
    return Programme.objects.filter(
        department=programme.department_id, starts_on__gt=programme.starts_on, ends_on__gt=programme.ends_on
    ).order_by("starts_on", "pk")


def plan(agreements, into, starts_on, ends_on, user, with_heirs=False, carry=()):
    """A Plan for `agreements` (queryset). `with_heirs`: a school that was merged, an office that one other succeeded,
    is replaced by its successor; otherwise that is a reason, and says so. `carry`: what comes along beside the text
    (values of twinning.carried.Carried)."""
    carry = [what for what in Carried if what in carry]
    olds = list(
        agreements.for_list()
        .select_related("supporting_school__district", "supported_school__district", "programme__department")
        .prefetch_related("content_areas", "members__school", "members__district", *carried.prefetched(carry))
    )
    olds.sort(key=_by_unit)
    return _Planner(olds, into, starts_on, ends_on, user, with_heirs, carry).plan()


class _Planner:
    def __init__(self, olds, into, starts_on, ends_on, user, with_heirs, carry):
        self.olds, self.into, self.user, self.with_heirs, self.carry = olds, into, user, with_heirs, carry
        self.starts_on, self.ends_on = starts_on, ends_on
        # Who manages a school on a day to come is not known yet.
        self.day = min(starts_on, timezone.localdate())
        self.areas = {same_key(area.name): area for area in ContentArea.objects.filter(programme=into)}
        self.found_areas, self.missing = {}, Counter()
        self._look_up()

    def _look_up(self):
        ids = [old.pk for old in self.olds]
        of_these = Agreement.objects.for_list().exclude(status=Status.WITHDRAWN).order_by("pk")
        self.renewals = {row.renews_id: row for row in of_these.filter(renews__in=ids)}
        in_new = Agreement.objects.for_list().filter(programme=self.into).order_by("pk")
        self.open_pairs = {row.pair_key: row for row in in_new.filter(status__in=Status.open())}
        umbrellas = in_new.signed().filter(tier=Tier.DISTRICT)
        self.umbrellas = {frozenset((row.supporting_district_id, row.supported_district_id)): row for row in umbrellas}
        merged = School.objects.filter(department=self.into.department_id, merged_into__isnull=False)
        into = dict(merged.values_list("pk", "merged_into"))
        self.school_heirs = {school: lens.end_of(school, into) for school in into}
        self.office_heirs = lens.Units().heirs
        self.followers = {}
        for row in UnitSuccession.objects.filter(predecessor__department=self.into.department_id).select_related(
            "successor"
        ):
            self.followers.setdefault(row.predecessor_id, []).append(row.successor)
        schools = {getattr(old, f"{side}_school_id") for old in self.olds for side in SIDES} - {None}
        schools |= carried.schools_of(self.olds, self.carry)
        heirs = {self.school_heirs[pk] for pk in schools if pk in self.school_heirs}
        self.schools = School.objects.select_related("district").in_bulk(heirs)
        self.units = SchoolManagement.objects.units_on(self.day, schools | heirs)
        self.districts = District.objects.in_bulk({*self.units.values(), *self.office_heirs.values()})

    def plan(self):
        lines, taken = [], {}
        for old in self.olds:
            line = self._line(old)
            if not line.reasons and (twin := taken.get(line.new.pair_key)):
                line.reasons.append(_t("Trùng cặp với “%s” trong đợt này.") % twin.pair)
            elif not line.reasons:
                taken[line.new.pair_key] = old
                self.missing.update(line.lacking)
            lines.append(line)
        return Plan(self.into, self.starts_on, self.ends_on, lines, self.missing)

    def _line(self, old):
        new = Agreement(
            **{name: getattr(old, name) for name in KEPT},
            programme=self.into,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            renews=old,
            is_invented=old.is_invented,
        )
        line = Line(old, new)
        self._refuse_early(line)
        for side in SIDES:
            self._put_party(line, side)
        if not line.reasons:
            self._refuse_late(line)
        if not line.reasons:
            new.umbrella = old.supporting_school_id and self.umbrellas.get(
                frozenset((new.supporting_district_id, new.supported_district_id))
            )
            self._put_areas(line)
            self._put_members(line)
            line.carried, notes = carried.rows_of(line, self.carry, self)
            line.notes += notes
        return line

    def _refuse_early(self, line):
        old = line.old
        if not access.renews_agreement(self.user, old):
            line.reasons.append(
                _t("%s đã đăng ký cặp này; bên đó hoặc Sở lập bản gia hạn.") % old.party_name(old.registered_side)
            )
        if old.status not in RENEWABLE:
            line.reasons.append(
                _t("Chỉ gia hạn giao ước đã ký hoặc đã hết hạn; giao ước này ở trạng thái “%s”.")
                % old.get_status_display()
            )
        if renewal := self.renewals.get(old.pk):
            line.existing = renewal
            line.reasons.append(
                _t("Đã gia hạn sang %(phase)s (%(status)s).")
                % {"phase": renewal.programme.phase, "status": renewal.get_status_display()}
            )
        offered = {Tier.DISTRICT: "has_district_tier", Tier.SCHOOL: "has_school_tier", Tier.SUBJECT: "has_subject_tier"}
        if not getattr(self.into, offered[old.tier]):
            line.reasons.append(_t("Phong trào mới không có cấp “%s”.") % old.get_tier_display())

    def _put_party(self, line, side):
        """The unit of one side in the new agreement: the same, or its successor; else a reason."""
        old, new = line.old, line.new
        school, district = getattr(old, f"{side}_school"), getattr(old, f"{side}_district")
        if school:
            school = self._school(line, school)
            setattr(new, f"{side}_school", school)
            district = self.districts.get(self.units.get(school.pk)) or school.district
        else:
            district = self._office(line, district)
        setattr(new, f"{side}_district", district)

    def school_now(self, school):
        """The school, or what it was merged into where successors are taken; None when it operates no more."""
        heir = self.schools.get(self.school_heirs.get(school.pk)) if self.with_heirs else None
        now = heir or school
        return now if now.is_operating and not now.merged_into_id else None

    def _school(self, line, school):
        heir = self.schools.get(self.school_heirs.get(school.pk))
        if heir and self.with_heirs and heir.is_operating:
            line.notes.append(_t("%(old)s đã nhập vào %(heir)s; lập với %(heir)s.") % {"old": school, "heir": heir})
            return heir
        if heir:
            line.reasons.append(
                _t("%(old)s đã sáp nhập vào %(heir)s. Chọn “Dùng đơn vị kế thừa” để lập với %(heir)s.")
                % {"old": school, "heir": heir}
                if heir.is_operating
                else _t("%(old)s đã sáp nhập vào %(heir)s, trường này cũng không còn hoạt động.")
                % {"old": school, "heir": heir}
            )
        elif not school.is_operating or (school.valid_to and school.valid_to < self.starts_on):
            line.reasons.append(
                _t("%(school)s hoạt động đến hết %(day)s. Hãy đăng ký cặp mới với trường khác.")
                % {"school": school, "day": _day(school.valid_to)}
                if school.valid_to
                else _t("%s chưa hoạt động.") % school
            )
        return school

    def _office(self, line, district):
        """Since 1/7/2025 there are no districts: an agreement between offices that ended has nobody to renew it."""
        if district.was_there(self.starts_on) and not district.has_ended:
            return district
        if district.valid_to is None:
            return district  # not begun yet on that day: the agreement's own rule says so
        heir = self.districts.get(self.office_heirs.get(district.pk))
        if heir and self.with_heirs:
            line.notes.append(
                _t("%(old)s đã kết thúc; lập với %(heir)s.") % {"old": district.office, "heir": heir.office}
            )
            return heir
        followers = [unit.office for unit in self.followers.get(district.pk, ())]
        line.reasons.append(
            _t("%(office)s đã kết thúc hoạt động ngày %(day)s. ")
            % {"office": district.office, "day": _day(district.valid_to)}
            + self._advice(heir, followers)
        )
        return district

    def _advice(self, heir, followers):
        if heir:
            return _t("Chọn “Dùng đơn vị kế thừa” để lập với %s.") % heir.office
        if not followers:
            return _t("Giao ước giữa hai phòng đã kết thúc không gia hạn được; hãy đăng ký cặp mới.")
        named = ", ".join(followers[:MOST_HEIRS])
        more = _t(" và %d đơn vị khác") % (len(followers) - MOST_HEIRS) if len(followers) > MOST_HEIRS else ""
        return _t("Không gia hạn được; hãy đăng ký cặp mới giữa các đơn vị kế thừa (%s).") % (named + more)

    def _refuse_late(self, line):
        """What the rules of agreements say of the draft itself, and who has the pair already."""
        new = line.new
        if any(getattr(new, f"{side}_id") is None for side in ("supporting_district", "supported_district")):
            line.reasons.append(_t("Chưa rõ đơn vị quản lý trường vào ngày bắt đầu."))
            return
        units = [getattr(new, f"{side}_{'school' if new.supporting_school_id else 'district'}_id") for side in SIDES]
        if units[0] == units[1]:
            line.reasons.append(_t("Hai bên nay là một đơn vị nên không kết nghĩa với nhau được."))
        try:
            new.clean()
        except ValidationError as error:
            line.reasons += error.messages
        if other := self.open_pairs.get(new.pair_key):
            line.existing = other
            line.reasons.append(_t("Cặp này đã có giao ước trong phong trào mới (%s).") % other.get_status_display())

    def _put_areas(self, line):
        for area in line.old.content_areas.all():
            found = self.area_called(area.name)
            if found is None:
                line.lacking.append(area.name)
            elif found not in line.areas:
                line.areas.append(found)

    def area_called(self, name):
        """The content of the new programme with this name, however it is written; the same few are asked for often."""
        if name not in self.found_areas:
            self.found_areas[name] = self.areas.get(same_key(name))
        return self.found_areas[name]

    def _put_members(self, line):
        """Members come along as far as the new programme has them and they are there still."""
        leads = {line.new.supporting_school_id, line.new.supported_school_id} - {None}
        offices = set() if leads else {line.new.supporting_district_id, line.new.supported_district_id}
        levels, left = self.into.school_levels, []
        for member in line.old.members.all():
            school, district = member.school, member.district
            goes = (
                self.into.has_members
                and (school is None or (school.is_operating and school.pk not in leads))
                and (school is None or not levels or school.level in levels)
                and (school is not None or (district.pk not in offices and not district.has_ended))
            )
            if goes:
                line.members.append(
                    AgreementMember(
                        side=member.side,
                        school=school,
                        district_id=school.district_id if school else district.pk,
                    )
                )
            else:
                left.append(str(member))
        if left:
            line.notes.append(_t("Không theo sang: %s.") % ", ".join(left))


def carry_out(a_plan, by):
    """Store a draft for each renewable line; returns (drafts, Journal) and tells nobody. In a transaction."""
    journal, membership = Journal(), access.seat(by)
    unit = str(membership.unit_name) if membership else ""
    lines = a_plan.renewable
    for line in lines:
        line.new.set_keys()
    drafts = journal.create(line.new for line in lines)
    link = Agreement.content_areas.through
    journal.create(link(agreement=line.new, contentarea=area) for line in lines for area in line.areas)
    hanging = {}
    for line in lines:
        for row in [*line.members, *(row for rows in line.carried.values() for row in rows)]:
            row.agreement = line.new
            hanging.setdefault(type(row), []).append(row)
    for rows in hanging.values():
        journal.create(rows)
    events = []
    for line in lines:
        told = {"by": by, "unit": unit}
        events.append(
            AgreementEvent(
                subject=line.new,
                action="create",
                note=_renewed_from(line),
                to_status="draft",
                **told,
            )
        )
        events.append(
            AgreementEvent(
                subject=line.old,
                action="renew",
                note=_t("Bản nháp giai đoạn %s") % a_plan.into.phase,
                from_status=line.old.status,
                to_status=line.old.status,
                **told,
            )
        )
    journal.create(events)
    journal.seal()
    return drafts, journal


@transaction.atomic
def renew_many(a_plan, renewed, by):
    """Carry out as one act that can be undone, and tell those who have to complete the drafts. Returns the Renewal."""
    membership = access.seat(by)
    drafts, journal = carry_out(a_plan, by)
    renewal = Renewal.objects.create(
        renewed=renewed,
        into=a_plan.into,
        district_id=membership.district_id if membership else None,
        starts_on=a_plan.starts_on,
        ends_on=a_plan.ends_on,
        created=len(drafts),
        refused=[[line.old.pk, line.old.pair, line.reasons] for line in a_plan.refused],
        missing_areas=sorted(a_plan.missing),
        journal=journal.dump(),
    )
    renewal.record_event("create", by)
    people = [person for person in people_to_tell(drafts) if person != by]
    text = _t("%(by)s đã lập bản nháp gia hạn giao ước của đơn vị mình sang giai đoạn %(phase)s.")
    text %= {"by": by, "phase": a_plan.into.phase}
    step = _t("Đơn vị đã đăng ký cặp xem, hoàn thiện rồi gửi bên kia xác nhận.")
    drafts_of_it = f"{reverse('agreement_list')}?tinh_trang={Status.DRAFT}&{working.QUERY}={a_plan.into.pk}"
    Notification.objects.tell(people, text, drafts_of_it, step)
    return renewal


def renew_one(a_plan, by):
    """Carry out for a single agreement; returns the draft."""
    with transaction.atomic():
        [draft], _journal = carry_out(a_plan, by)
        people = [person for person in draft.registering_people() if person != by]
        text = _t("%(by)s đã lập bản nháp gia hạn “%(it)s” sang giai đoạn %(phase)s.")
        text %= {"by": by, "it": draft, "phase": a_plan.into.phase}
        Notification.objects.tell(people, text, draft.get_absolute_url(), draft.next_step)
    return draft


def unpaired_levels(old, new):
    """Levels of school that take part in the new programme and did not in the old one."""
    every = School.Level.values
    before = set(old.school_levels or every)
    return [School.Level(level) for level in (new.school_levels or every) if level not in before]


def renewable_agreements(user, programme):
    """What `user` may look at for renewing: signed or expired agreements of `programme`, the own ones of a district."""
    mine = Agreement.objects.editable_by(user) if not access.is_of_department(user) else Agreement.objects
    return mine.visible_to(user).filter(programme=programme, status__in=RENEWABLE)


def lock(agreements):
    """Nobody signs, ends or renews these until the end of the transaction."""
    list(agreements.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def _by_unit(old):
    school = old.supporting_school
    units = old.supporting_district.sort_key, old.supported_district.sort_key
    return (*units, school.sort_key if school else "", old.pk)


def _renewed_from(line):
    note = _t("Gia hạn từ %s") % _called(line.old)
    if not line.carried:
        return note
    return _t("%(note)s, chép kèm %(what)s") % {
        "note": note,
        "what": ", ".join(str(what.label) for what in line.carried),
    }


def _called(old):
    return _t("giao ước %(number)s (%(phase)s)") % {
        "number": old.number or old.pair,
        "phase": old.programme.phase,
    }


def _day(day):
    return vietnamese.day(day)


def of_unit(agreements, unit):
    """Those of one unit, then or now."""
    now = lens.Units()
    return agreements.filter(
        now.belongs(unit.pk, "supporting_school", "supporting_district")
        | now.belongs(unit.pk, "supported_school", "supported_district")
        | Q(supporting_district=unit)
        | Q(supported_district=unit)
    )
