"""Who may see and do what. The only place where that is decided.

A person holds `Membership`s; one of them is in use at a time (the header switches). Querysets name the ORM paths from
their rows to a department, a district and a school and get `visible_to(user)` and `editable_by(user)`. The functions
below them answer for one row; the ACTIONS tables of the models name them.
"""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMIN = "admin", _("Quản trị")
    DEPARTMENT = "department", _("Sở GD&ĐT")
    LEADER = "leader", _("Lãnh đạo Sở")
    DISTRICT = "district", _("Phòng GD&ĐT")
    PRINCIPAL = "principal", _("Hiệu trưởng")
    CLERK = "clerk", _("Cán bộ nhập liệu")
    READER = "reader", _("Chỉ xem")


RECORDERS = frozenset({Role.ADMIN, Role.DEPARTMENT, Role.DISTRICT, Role.PRINCIPAL, Role.CLERK})
SCHOOL_STAFF = frozenset({Role.PRINCIPAL, Role.CLERK})
DEPARTMENT_SIGNERS = frozenset({Role.DEPARTMENT, Role.LEADER})
SIGNERS = frozenset({Role.ADMIN, Role.DISTRICT, Role.PRINCIPAL}) | DEPARTMENT_SIGNERS


def seat(user):
    """The membership `user` acts under now, or None. The middleware sets it from the session; elsewhere (tests, jobs,
    the shell) it is the first one in force."""
    if user is None or not user.is_authenticated or not user.is_active:
        return None
    if not hasattr(user, "_seat"):
        take_seat(user, user.memberships.in_force().with_units().first())
    return user._seat


def take_seat(user, membership):
    """Let `user` act under `membership` (or None) until the end of the request."""
    user._seat = membership


def role(user):
    membership = seat(user)
    return membership.role if membership else None


class ScopedQuerySet(models.QuerySet):
    """Rows that belong to units. Subclasses name the paths to them; an empty tuple means "none of theirs".

    A district path is the path to a unit, or a pair: the path to a school and to the unit that was stored beside it
    (None: nothing is). A pair leads to the unit in force today: that of the school, or the successor of an office.
    """

    department_paths = ()
    district_paths = ()
    school_paths = ()
    # A unit may read more than it writes: the district agreement above its own one, say.
    read_only_school_paths = ()
    read_only_district_paths = ()
    # A directory (units, programmes, kinds) is open to read for everyone of the same department.
    is_directory = False
    editor_roles = RECORDERS

    def visible_to(self, user):
        """The rows `user` may read. Anything else is a 404."""
        return self._of(seat(user), reading=True)

    def editable_by(self, user):
        """The rows `user` may change, as far as their own status allows."""
        return self._of(seat(user), reading=False) if role(user) in self.editor_roles else self.none()

    def _of(self, membership, *, reading):
        if membership is None:
            return self.none()
        if membership.is_everywhere:
            return self
        if membership.department_id or (reading and self.is_directory):
            paths, unit = self.department_paths, membership.home_department_id
        elif membership.district_id:
            paths = self.district_paths + (self.read_only_district_paths if reading else ())
            unit = membership.district_id
        else:
            paths = self.school_paths + (self.read_only_school_paths if reading else ())
            unit = membership.school_id
        if not paths:
            return self.none()
        mine = reduce(or_, (_leads_to(path, unit, membership, reading) for path in paths))
        steps = [step for path in paths for step in (path if isinstance(path, tuple) else (path,)) if step]
        if not any(_fans_out(self.model, step) for step in steps):
            return self.filter(mine)
        # A sub-select, so that a path over many rows neither doubles rows nor multiplies sums.
        return self.filter(pk__in=self.model._base_manager.filter(mine).values("pk"))


class Readers(models.TextChoices):
    """Who else may read what a unit shares."""

    PAIR = "pair", _("Hai bên cùng tham gia")
    DISTRICTS = "districts", _("Mọi trường của các đơn vị quản lý hai bên")
    PROGRAMME = "programme", _("Mọi đơn vị của ngành")


class SharedQuerySet(ScopedQuerySet):
    """Rows with `readers` and a status, which a unit shares: with those its paths lead to, with every school of the
    units at its district paths, or with its whole department. Withdrawn, they are read by their owner (`owner_paths`:
    kind of unit → path), the office above it and the department alone."""

    owner_paths = {}

    def _of(self, membership, *, reading):
        if membership is None or membership.is_everywhere or membership.department_id:
            return super()._of(membership, reading=reading)
        is_school = membership.school_id is not None
        kind, unit = ("school", membership.school_id) if is_school else ("district", membership.district_id)
        own = self.filter(_leads_to(self.owner_paths[kind], unit, membership, reading=False))
        if not reading:
            return own
        (department,) = self.department_paths
        everywhere = Q(readers=Readers.PROGRAMME, **{department: membership.home_department_id})
        rows = self.model._base_manager.filter(status="shared")
        theirs = super()._of(membership, reading=True).order_by().values("pk")
        shared = Q(pk__in=rows.filter(everywhere).values("pk")) | Q(pk__in=theirs, status="shared")
        if is_school:
            near = reduce(or_, (_is_near(path, membership) for path in self.district_paths))
            shared |= Q(pk__in=rows.filter(near, readers=Readers.DISTRICTS).values("pk"))
        return self.filter(Q(pk__in=own.order_by().values("pk")) | shared)


def _is_near(path, membership):
    """Q: the rows whose `path` leads to a unit that manages the school of the seat, or once did."""
    school, stored = path
    managed = membership.school.managements.values("district")
    today = units_today(membership).today(membership.school)
    return units_today(membership).belongs(today, school, stored) | Q(**{f"{stored}__in": managed})


def _leads_to(path, unit, membership, reading):
    """Q: the rows whose `path` is the unit. What a unit did stays readable for it after a school has left it, as long
    as it has a seat itself; it no longer changes anything there."""
    if not isinstance(path, tuple):
        return Q(**{path: unit})
    school, stored = path
    mine = units_today(membership).belongs(unit, school, stored)
    return mine | Q(**{stored: unit}) if reading and stored else mine


def units_today(membership):
    """The lens "now", whose look-ups are made once for a seat."""
    from twinning.lens import Units  # the models need this module first

    if not hasattr(membership, "_units"):
        membership._units = Units()
    return membership._units


def _fans_out(model, path):
    """Whether an ORM path leads from one row to many."""
    for name in path.split("__"):
        if name == "pk":
            return False
        field = model._meta.get_field(name)
        if field.one_to_many or field.many_to_many:
            return True
        model = field.related_model
    return False


# --- One row: does the person speak for a unit? ---------------------------------------------------------------------


def speaks_for(user, *, school_id=None, district_id=None, department_id=None):
    """True when the seat of `user` is exactly this unit: a school, else a district, else a department."""
    membership = seat(user)
    if membership is None:
        return False
    if membership.is_everywhere:
        return True
    if school_id:
        return membership.school_id == school_id
    if district_id:
        # An office that ended is spoken for by the one unit that succeeded it.
        return membership.district_id is not None and membership.district_id == units_today(membership).today(
            district_id=district_id
        )
    return membership.department_id is not None and membership.department_id == department_id


def oversees(user, school):
    """True when the seat of `user` is the unit that manages `school` today."""
    membership = seat(user)
    if membership is None:
        return False
    if membership.is_everywhere:
        return True
    return membership.district_id is not None and membership.district_id == units_today(membership).today(school)


def is_signer(user):
    return role(user) in SIGNERS


def signs_for_a_unit(user):
    """Signs agreements for a district or a school; the Department signs none."""
    return role(user) in SIGNERS - DEPARTMENT_SIGNERS


def the_portal(user, thing):
    """What no person does: the portal itself when a day is over (`perform` with by=None)."""
    return user is None


def is_recorder(user):
    return role(user) in RECORDERS


def leads_department(user, department_id):
    """Of the department's own staff, readers excepted."""
    return is_signer(user) and speaks_for(user, department_id=department_id)


# --- Import ---------------------------------------------------------------------------------------------------------

# Who may import what: the Department's own staff, district officers too, or schools too (for themselves).
IMPORT_ROLES_OFFICE = frozenset({Role.ADMIN, Role.DEPARTMENT})
IMPORT_ROLES_DISTRICT = IMPORT_ROLES_OFFICE | {Role.DISTRICT}
IMPORT_ROLES_SCHOOL = IMPORT_ROLES_DISTRICT | {Role.PRINCIPAL, Role.CLERK}


def may_import(user, kind):
    return role(user) in kind.roles


def imports_anything(user):
    return role(user) in IMPORT_ROLES_SCHOOL


def covers_district(user, district):
    """The seat of `user` is this managing unit or one above it."""
    membership = seat(user)
    if membership is None or membership.is_everywhere:
        return membership is not None
    return district.pk == membership.district_id or district.department_id == membership.department_id


def covers_school(user, school):
    """The seat of `user` is this school or a unit above it today."""
    membership = seat(user)
    if membership is None or membership.is_everywhere:
        return membership is not None
    return (
        school.pk == membership.school_id
        or school.district_id == membership.district_id
        or school.department_id == membership.department_id
    )


# --- Units ----------------------------------------------------------------------------------------------------------


def is_of_department(user):
    """Whether the seat is in a department itself (or everywhere), whatever the role."""
    membership = seat(user)
    return membership is not None and (membership.is_everywhere or membership.department_id is not None)


def keeps_units(user):
    """Of a department's own staff, for acts on the directory of units itself."""
    return role(user) in {Role.ADMIN, Role.DEPARTMENT}


def reorganises_units(user, reorganisation):
    return keeps_units(user) and speaks_for(user, department_id=reorganisation.department_id)


# --- School-year figures and indicators -----------------------------------------------------------------------------


def records_figures(user, school):
    """The size of a school: its own people, the unit that manages it, the department."""
    return is_recorder(user) and covers_school(user, school)


def keeps_indicators(user):
    """Which indicators there are is the department's to say."""
    return role(user) in IMPORT_ROLES_OFFICE


def records_indicator_values(user):
    return role(user) in IMPORT_ROLES_DISTRICT


def records_indicator_value(user, unit):
    """`unit`: the school or the managing unit that was measured."""
    covers = covers_district if unit._meta.model_name == "district" else covers_school
    return records_indicator_values(user) and covers(user, unit)


def offices_of(membership):
    """Ids of the district offices whose own rows a district seat answers for: its own, and those it alone succeeded."""
    return units_today(membership).offices(membership.district_id)


def schools_of(membership):
    """The schools a district seat manages today, as a sub-select of ids."""
    return units_today(membership).schools(membership.district_id).values("pk")


# --- People of a unit -----------------------------------------------------------------------------------------------


def roles_to_give(user, *, school=None, district=None):
    """The roles `user` may give people in a unit, and end there; the page of its people is for those with any."""
    if district is not None:
        if district.has_ended:
            return []
        if keeps_units(user) and speaks_for(user, department_id=district.department_id):
            return [Role.DISTRICT, Role.READER]
        # A second officer has the same rights: that is for the Department to decide.
        return [Role.READER] if role(user) == Role.DISTRICT and speaks_for(user, district_id=district.pk) else []
    if school is None or not school.is_operating:
        return []
    above = keeps_units(user) and speaks_for(user, department_id=school.department_id)
    if above or (role(user) == Role.DISTRICT and oversees(user, school)):
        return [Role.PRINCIPAL, Role.CLERK, Role.READER]
    return [Role.CLERK] if role(user) == Role.PRINCIPAL and speaks_for(user, school_id=school.pk) else []


def keeps_membership(user, membership):
    """May send the invitation again, and end the role."""
    return membership.role in roles_to_give(user, school=membership.school, district=membership.district)


# --- Schools --------------------------------------------------------------------------------------------------------

SCHOOL_KEEPERS = frozenset({Role.ADMIN, Role.DEPARTMENT, Role.DISTRICT})


def keeps_schools(user):
    """Enters schools and corrects what is written of them."""
    return role(user) in SCHOOL_KEEPERS


def reorganises_schools(user, department_id):
    """Renames, merges, splits, closes and hands over schools: the Department's own staff and the administrator."""
    return role(user) in {Role.ADMIN, Role.DEPARTMENT} and speaks_for(user, department_id=department_id)


def changes_school(user, change):
    return reorganises_schools(user, change.school.department_id)


# --- Agreements -----------------------------------------------------------------------------------------------------


def sides_of(user, agreement):
    """The sides ("supporting", "supported") of `agreement` that `user` speaks for: the school itself or the unit it is
    under today; for an agreement of districts the district office."""
    return {side for side in ("supporting", "supported") if _is_side(user, agreement, side)}


def _is_side(user, agreement, side):
    if school := getattr(agreement, f"{side}_school"):
        return speaks_for(user, school_id=school.pk) or oversees(user, school)
    return speaks_for(user, district_id=getattr(agreement, f"{side}_district_id"))


def records_agreement(user, agreement):
    return is_recorder(user) and agreement.registered_side in sides_of(user, agreement)


def registers_agreement(user, agreement):
    """Signs for the side that registered the pairing."""
    return is_signer(user) and agreement.registered_side in sides_of(user, agreement)


def answers_agreement(user, agreement):
    """Signs for the other side, the one that has to confirm."""
    return is_signer(user) and agreement.answering_side in sides_of(user, agreement)


def is_agreement_party(user, agreement):
    return is_signer(user) and bool(sides_of(user, agreement))


def corrects_agreement(user, agreement):
    """Puts right what is written of a signing: who may sign for a side, and the Department."""
    return agreement.status in agreement.Status.once_signed() and ends_agreement(user, agreement)


def proposes_amendment(user, agreement):
    """Drafts an amendment: either side, clerks too."""
    return is_recorder(user) and bool(sides_of(user, agreement))


def records_amendment(user, amendment):
    return is_recorder(user) and amendment.registered_side in sides_of(user, amendment.agreement)


def adds_papers(user, agreement):
    """Of a party, whoever records there, before and after signing."""
    return is_recorder(user) and bool(sides_of(user, agreement))


def keeps_sides(user, agreement):
    """The sides of `agreement` whose task force, pilot schools and the like `user` may write down: its own; the
    Department's staff both."""
    if not is_recorder(user):
        return set()
    if speaks_for(user, department_id=agreement.programme.department_id):
        return {"supporting", "supported"}
    return sides_of(user, agreement)


def writes_parties(user, agreement):
    """Who takes part and signs beside the leads: the registering side writes it all, the other its own signatories."""
    return is_recorder(user) and bool(sides_of(user, agreement))


def keeps_programme(user, programme):
    """What a programme asks of every agreement is the Department's to say."""
    return role(user) in {Role.ADMIN, Role.DEPARTMENT} and speaks_for(user, department_id=programme.department_id)


def registers_amendment(user, amendment):
    return is_signer(user) and amendment.registered_side in sides_of(user, amendment.agreement)


def answers_amendment(user, amendment):
    return is_signer(user) and amendment.answering_side in sides_of(user, amendment.agreement)


def is_amendment_party(user, amendment):
    return is_agreement_party(user, amendment.agreement)


def renews_agreement(user, agreement):
    """Drafts the agreement of the next phase: the side that registered the pair, and the Department."""
    return records_agreement(user, agreement) or (
        is_recorder(user) and leads_department(user, agreement.programme.department_id)
    )


def renews_in_bulk(user):
    return role(user) in {Role.ADMIN, Role.DEPARTMENT, Role.DISTRICT}


def undoes_renewal(user, renewal):
    """The unit that did it, and the Department."""
    return renews_in_bulk(user) and (
        speaks_for(user, district_id=renewal.district_id, department_id=renewal.into.department_id)
        or speaks_for(user, department_id=renewal.into.department_id)
    )


def ends_agreement(user, agreement):
    return is_agreement_party(user, agreement) or leads_department(user, agreement.programme.department_id)


def watches_agreements(user):
    """Of an office above the schools: looks after what is wrong with agreements."""
    return is_signer(user) and not seat(user).school_id


def compares_schools(user):
    """Looks at many schools side by side: the units above schools, readers among them."""
    membership = seat(user)
    return membership is not None and membership.school_id is None


def seeks_twins(user, school):
    """Gets suggestions for a twin of `school`: its own people and the units above it, readers excepted."""
    return role(user) in RECORDERS | SIGNERS and covers_school(user, school)


# --- Activities and support -----------------------------------------------------------------------------------------


def rows_of(user, activity):
    """The rows of `activity` (units taking part) that `user` speaks for: exactly the person's own unit."""
    return [
        row for row in activity.units.all() if speaks_for(user, school_id=row.school_id, district_id=row.district_id)
    ]


def records_activity(user, activity):
    """Of the unit that entered the activity, or of the department."""
    return is_recorder(user) and (
        speaks_for(user, school_id=activity.recorded_school_id, district_id=activity.recorded_district_id)
        or speaks_for(user, department_id=activity.programme.department_id)
    )


def plans_activities(user, agreement):
    """Of a party of an agreement in effect."""
    live = agreement.status == agreement.Status.SIGNED
    return live and is_recorder(user) and bool(sides_of(user, agreement))


def imports_plan(user, agreement):
    """Of a party, or of the Department, which may have the plans of many agreements in one list."""
    live = agreement.status == agreement.Status.SIGNED
    return plans_activities(user, agreement) or (live and leads_department(user, agreement.programme.department_id))


def verifies_activity(user, activity):
    """The office above a school that took part, unless it looked already; the Department for what offices recorded."""
    if activity.verified_at or not is_signer(user):
        return False
    if activity.recorded_school_id is None and activity.recorded_district_id:
        return leads_department(user, activity.programme.department_id)
    return any(row.school and oversees(user, row.school) for row in activity.units.all())


def merges_activity(user, activity):
    """Who recorded it, and the offices above the units that take part."""
    return records_activity(user, activity) or (
        is_recorder(user) and any(row.school and oversees(user, row.school) for row in activity.units.all())
    )


def answers_activity(user, activity):
    """Of a unit whose own head-counts still wait for its word."""
    return is_recorder(user) and any(row.confirmed_at is None for row in rows_of(user, activity))


def takes_part_in_activity(user, activity):
    return is_recorder(user) and bool(rows_of(user, activity))


def hosts_check_in(user, activity):
    """Shows the code of the check-in and watches the list: of a unit taking part, or of the one that recorded it."""
    return takes_part_in_activity(user, activity) or records_activity(user, activity)


def strikes_check_in(user, check_in):
    """A line of one's own school; any line for the unit that hosts or recorded the activity."""
    activity = check_in.activity
    hosting = speaks_for(user, school_id=activity.host_school_id, district_id=activity.host_district_id)
    own = speaks_for(user, school_id=check_in.school_id)
    return is_recorder(user) and (own or hosting or records_activity(user, activity))


def shares_material(user, activity):
    """Of a unit taking part, or of the one that recorded the activity."""
    return takes_part_in_activity(user, activity) or records_activity(user, activity)


def sent_in_by_unit_of(user):
    """Q of stored files: those that people of the unit of `user`'s seat sent in; for the administrator all."""
    from twinning.models import Membership  # the models need this module first

    membership = seat(user)
    if membership is None or membership.is_everywhere:
        return Q() if membership else Q(pk__in=[])
    unit = {kind: getattr(membership, kind) for kind in ("school", "district", "department")}
    return Q(uploaded_by__in=Membership.objects.filter(**unit).values("user"))


def keeps_material(user, material):
    """Of the unit that shares it; the Department, which may take away what should not be there."""
    programme = material.activity.programme
    own = bool(material.school_id or material.district_id)
    return is_recorder(user) and (
        (own and speaks_for(user, school_id=material.school_id, district_id=material.district_id))
        or speaks_for(user, department_id=programme.department_id)
    )


def thanks_for_material(user, material):
    """Whoever acts for another unit than the one that shares it."""
    if role(user) not in RECORDERS | SIGNERS or material.status != material.Status.SHARED:
        return False
    membership = seat(user)
    if membership.is_everywhere:
        return False
    if material.school_id or material.district_id:
        return not speaks_for(user, school_id=material.school_id, district_id=material.district_id)
    return membership.department_id is None


def gives_for_a_unit(user):
    """Help comes from a school or a district, so the person needs a seat in one."""
    membership = seat(user)
    return is_recorder(user) and bool(membership.school_id or membership.district_id)


def gives_support(user, support):
    return is_recorder(user) and speaks_for(
        user, school_id=support.giver_school_id, district_id=support.giver_district_id
    )


def receives_support(user, support):
    return is_recorder(user) and speaks_for(
        user, school_id=support.receiver_school_id, district_id=support.receiver_district_id
    )


def registers_sponsored(user):
    """Pupils are of a school, so the person needs a seat in one."""
    membership = seat(user)
    return is_recorder(user) and membership is not None and membership.school_id is not None


def keeps_sponsored(user, pupil):
    return is_recorder(user) and speaks_for(user, school_id=pupil.school_id)


def records_support(user, support):
    """Of the unit that wrote it down: the giver, or the receiver as long as the giver has not said its word."""
    return (receives_support if support.status == support.Status.CLAIMED else gives_support)(user, support)


def cancels_support(user, support):
    """The giver; what a receiver claims, either side."""
    return gives_support(user, support) or records_support(user, support)


def merges_support(user, support):
    """Either side, and the Department."""
    return is_support_party(user, support) or (
        is_recorder(user) and speaks_for(user, department_id=support.programme.department_id)
    )


def is_support_party(user, support):
    """Of the unit that gives or the one that receives."""
    return gives_support(user, support) or receives_support(user, support)


# --- Reports --------------------------------------------------------------------------------------------------------


def _is_own_report(user, report):
    return speaks_for(
        user, school_id=report.school_id, district_id=report.district_id, department_id=report.department_id
    )


def writes_report(user, report):
    return is_recorder(user) and _is_own_report(user, report)


def signs_report(user, report):
    return is_signer(user) and _is_own_report(user, report)


def brings_back_report(user, report):
    """May send in the signed paper of an issued report."""
    return writes_report(user, report) or signs_report(user, report)


def reviews_report(user, report):
    """The level above: the district for its schools, the department for districts (and for schools without one)."""
    if report.school_id:
        above = oversees(user, report.school)
        return is_signer(user) and (above or leads_department(user, report.period.programme.department_id))
    if report.district_id:
        return leads_department(user, report.period.programme.department_id)
    return role(user) in {Role.LEADER, Role.ADMIN} and _is_own_report(user, report)


def exempts_from_report(user, report):
    """The Department, of any unit but itself."""
    return report.department_id is None and _runs_period(user, report)


def asks_to_unlock_report(user, report):
    """The unit whose report is locked, once until it is answered."""
    return report.is_locked and report.unlock_asked_at is None and signs_report(user, report)


def unlocks_report(user, report):
    """Whoever runs the period, asked or not."""
    return report.is_locked and _runs_period(user, report)


def answers_unlock_request(user, report):
    return report.unlock_asked_at is not None and unlocks_report(user, report)


def _runs_period(user, report):
    return leads_department(user, report.period.programme.department_id)


def runs_reporting(user):
    """Opens periods and keeps their calendar."""
    return role(user) in {Role.ADMIN, Role.DEPARTMENT}


def runs_batches(user):
    """Makes the PDFs of many reports at once: the Department of all, an office of its own schools."""
    return role(user) in {Role.ADMIN, Role.DEPARTMENT, Role.DISTRICT}


def runs_batch(user, batch):
    """Who may begin one may stop it and go on, the Department that of an office too."""
    department = leads_department(user, batch.period.programme.department_id)
    own = batch.district_id is not None and speaks_for(user, district_id=batch.district_id)
    return runs_batches(user) and (department or own)


def retries_batch(user, batch):
    """There is something to retry."""
    return runs_batch(user, batch) and batch.has_failed()


# --- Awards ---------------------------------------------------------------------------------------------------------


def opens_awards(user):
    """Opens rounds of awards."""
    return role(user) in {Role.ADMIN, Role.DEPARTMENT}


def keeps_awards(user, award_round):
    """Says what a round gives and brings it forward."""
    return opens_awards(user) and speaks_for(user, department_id=award_round.programme.department_id)


def decides_awards(user, award_round):
    return leads_department(user, award_round.programme.department_id)


def revokes_award(user, award):
    return leads_department(user, award.programme.department_id)


def _is_own_nomination(user, nomination):
    """Exactly the unit it is of, or whose person it is for; of one the Department wrote for a unit, the Department."""
    if nomination.is_by_department:
        return opens_awards(user) and judges_nomination(user, nomination)
    return speaks_for(user, school_id=nomination.school_id, district_id=nomination.district_id)


def nominates(user):
    """A unit proposes itself and its own people: a school, an office."""
    membership = seat(user)
    return is_recorder(user) and bool(membership.school_id or membership.district_id)


def nominates_others(user, award_round):
    """The Department proposes any unit or its people."""
    return keeps_awards(user, award_round)


def writes_nominations(user):
    """For the own unit, or for any."""
    return nominates(user) or opens_awards(user)


def writes_nomination(user, nomination):
    return is_recorder(user) and _is_own_nomination(user, nomination)


def submits_school_nomination(user, nomination):
    own = nomination.school_id is not None and not nomination.is_by_department
    return own and withdraws_nomination(user, nomination)


def submits_office_nomination(user, nomination):
    own = nomination.school_id is None and not nomination.is_by_department
    return own and withdraws_nomination(user, nomination)


def submits_for_unit(user, nomination):
    return nomination.is_by_department and withdraws_nomination(user, nomination)


def withdraws_nomination(user, nomination):
    return is_signer(user) and _is_own_nomination(user, nomination)


def judges_nomination(user, nomination):
    """The Department's own people."""
    return leads_department(user, nomination.round.programme.department_id)


def reviews_nomination(user, nomination):
    """The office above a school; the Department for schools whose office has nobody here."""
    if nomination.school_id is None:
        return False
    return judges_nomination(user, nomination) or (is_signer(user) and oversees(user, nomination.school))


def returns_nomination(user, nomination):
    """Whoever has it before them: the office above while it is there, the Department at any time."""
    if judges_nomination(user, nomination):
        return True
    return nomination.status == nomination.Status.DISTRICT and reviews_nomination(user, nomination)


def sends_back_nomination(user, nomination):
    """To the unit that wrote it; the Department just changes its own."""
    return returns_nomination(user, nomination) and not nomination.is_by_department


def comments_awards(user):
    """Anybody of the sector may say something to a public list."""
    return seat(user) is not None


# --- People to tell -------------------------------------------------------------------------------------------------


def people_of(*, school_id=None, district_id=None, department_id=None):
    """The people who act for a unit today, for notices."""
    from twinning.lens import Units  # the models need this module first
    from twinning.models import Membership

    if school_id:
        unit = Q(school=school_id)
    elif district_id:
        unit = Q(district=Units().today(district_id=district_id))
    elif department_id:
        unit = Q(department=department_id)
    else:
        return []
    return [membership.user for membership in Membership.objects.acting().filter(unit).select_related("user")]


def people_of_many(schools, districts):
    """The same for sets of ids of schools and of districts, each person once, in a fixed number of queries."""
    from twinning.lens import Units  # the models need this module first
    from twinning.models import Membership

    units = Units()
    offices = {units.today(district_id=district) for district in districts}
    memberships = (
        Membership.objects.in_force()
        .exclude(role=Role.READER)
        .exclude(school=None, district=None)
        .select_related("user")
        .order_by("pk")
    )
    people = (m.user for m in memberships if m.school_id in schools or m.district_id in offices)
    return list({person.pk: person for person in people if person.is_active}.values())


def people_above(school):
    """The people of the unit that manages `school` today."""
    from twinning.lens import Units  # the models need this module first

    return people_of(district_id=Units().today(school))
