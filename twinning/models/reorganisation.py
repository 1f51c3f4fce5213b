"""The guided act "Sắp xếp đơn vị": old units end, new ones begin, every school goes to one of them.

Prepared as a draft (day, decision, where each school goes), rehearsed, carried out in one transaction, undone as one
act.
"""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from twinning.access import Role, ScopedQuerySet, reorganises_units
from twinning.fields import NameField
from twinning.journal import Journal
from twinning.life import Action, Event, LifeModel, Refused
from twinning.models.membership import Membership
from twinning.models.school import School, SchoolManagement
from twinning.models.unit import Department, District, UnitSuccession
from twinning.reforms.plan import OldUnit, Share, plan, plans
from twinning.vietnamese import fold, number

SYMBOL = "UBND"
MOST_NAMED = 5


class ReorganisationQuerySet(ScopedQuerySet):
    department_paths = ("department",)
    editor_roles = frozenset({Role.ADMIN, Role.DEPARTMENT})

    def for_list(self):
        return self.select_related("department").defer("journal")


class Reorganisation(LifeModel):
    class Status(models.TextChoices):
        DRAFT = "draft", _("đang chuẩn bị")
        DONE = "done", _("đã thực hiện")
        CANCELLED = "cancelled", _("đã bỏ")

    ACTIONS = {
        "apply": Action(
            slug="thuc-hien",
            label=_("Thực hiện sắp xếp"),
            before=(Status.DRAFT,),
            after=Status.DONE,
            who=reorganises_units,
            done=_("Đã sắp xếp đơn vị."),
            explain=_(
                "Đơn vị cũ kết thúc, đơn vị mới bắt đầu, các trường chuyển sang đơn vị đã chọn; cán bộ đơn vị cũ hết "
                "quyền từ ngày này. Giao ước, hoạt động, hỗ trợ, báo cáo giữ nguyên đơn vị lúc làm. Hoàn tác được khi "
                "chưa có dữ liệu mới dựa trên đơn vị mới."
            ),
        ),
        "undo": Action(
            slug="hoan-tac",
            label=_("Hoàn tác"),
            before=(Status.DONE,),
            after=Status.DRAFT,
            who=reorganises_units,
            done=_("Đã hoàn tác: đơn vị, trường và vai trò trở lại như trước khi sắp xếp."),
            explain=_(
                "Đơn vị, trường, vai trò và tài khoản trở lại đúng như trước khi sắp xếp; các lựa chọn nơi về của "
                "trường vẫn giữ để làm lại. Nếu đã có dữ liệu mới dựa trên đơn vị mới thì không hoàn tác được."
            ),
            tone="danger",
        ),
        "drop": Action(
            slug="bo",
            label=_("Bỏ"),
            before=(Status.DRAFT,),
            after=Status.CANCELLED,
            who=reorganises_units,
            done=_("Đã bỏ bản chuẩn bị; không có gì thay đổi."),
            explain=_("Bỏ bản chuẩn bị này cùng các lựa chọn đã ghi. Đơn vị và trường không thay đổi."),
            tone="danger",
        ),
    }
    OTHER_EVENTS = {
        **LifeModel.OTHER_EVENTS,
        "rehearse": _("Chạy thử"),
        "upload": _("Nhận danh sách đã điền nơi về"),
    }
    ACTIONS_WITH_FORMS = ("apply", "undo", "drop")  # each is read on a page of its own before it is done

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="reorganisations", verbose_name=_("Sở"), editable=False
    )
    plan = models.SlugField(_("phương án"), max_length=40)
    day = models.DateField(_("ngày đầu của đơn vị mới"), help_text=_("Đơn vị cũ có hiệu lực đến hết ngày hôm trước."))
    decision_number = NameField(_("số, ký hiệu văn bản"), max_length=60)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    # What the last rehearsal, or the act itself, changed; empty when a decision was made since.
    outcome = models.JSONField(default=dict, editable=False)
    # What the act wrote (twinning.journal), for undoing; read by nobody.
    journal = models.BinaryField(null=True, editable=False)

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("sắp xếp đơn vị")
        verbose_name_plural = _("sắp xếp đơn vị")
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "plan"],
                condition=Q(status__in=["draft", "done"]),
                name="reorganisation_once",
                violation_error_message=_("Phương án này đang được chuẩn bị hoặc đã thực hiện."),
            )
        ]

    def __str__(self):
        return self.facts.name

    def get_absolute_url(self):
        return reverse("reorganisation_detail", args=[self.pk])

    @property
    def facts(self):
        return plan(self.plan)

    @property
    def last_day(self):
        """The last day of the old units."""
        return self.day - timedelta(days=1)

    @property
    def next_step(self):
        if self.status != self.Status.DRAFT:
            return ""
        if undecided := self.placements.undecided().count():
            return _t("Sở quyết định nơi về của %s trường") % number(undecided)
        return _t("Sở xem lại kết quả chạy thử rồi thực hiện") if self.outcome else _t("Sở chạy thử")

    def is_open_to_edit(self):
        return self.status == self.Status.DRAFT

    def actions_for(self, user):
        """The act is offered when its outcome has been looked at; asked for sooner it says what is missing."""
        actions = super().actions_for(user)
        if not self.outcome or self.placements.undecided().exists():
            actions.pop("apply", None)
        return actions

    # --- Preparing --------------------------------------------------------------------------------------------------

    @classmethod
    def plans_for(cls, department):
        """The plans whose old units (one of them at least) the Department still has, and that nobody works on yet."""
        taken = cls.objects.filter(department=department, status__in=[cls.Status.DRAFT, cls.Status.DONE])
        taken = set(taken.values_list("plan", flat=True))
        units = [*District.objects.filter(department=department)]
        return [p for p in plans() if p.slug not in taken and _ending(p, units, p.day)]

    def old_units(self):
        """[(District, twinning.reforms.plan.OldUnit)] of the units that end, in Vietnamese order."""
        return _ending(self.facts, District.objects.filter(department=self.department_id), self.day)

    def units_listed(self):
        """The same of the units whose schools are listed here, also after the act."""
        districts = District.objects.filter(pk__in=self.placements.order_by().values("old_unit"))
        return [(district, self.old_facts(district)) for district in districts]

    def old_facts(self, district):
        """What the plan says about an old unit; nothing about one that was given another name since."""
        return self.facts.old_unit(district) or OldUnit(district.kind, district.name)

    def list_schools(self):
        """Bring the list of schools that move up to date. A school whose ward lies wholly in one new unit goes there;
        what a person decided stays decided."""
        old_units = {district.pk: old for district, old in self.old_units()}
        rows = {row.school_id: row for row in self.placements.all()}
        new, changed = [], []
        # Schools closed before the day stay where they were.
        for school in School.objects.filter(district__in=old_units).exclude(valid_to__lt=self.day):
            found = old_units[school.district_id].find_ward(school.ward)
            code, ward = found or ("", None)
            row = rows.pop(school.pk, None)
            was_decided = row is not None and row.decided_by_id and row.old_unit_id == school.district_id
            if row is None:
                row = Placement(reorganisation=self, school=school)
                new.append(row)
            elif (row.old_unit_id, row.ward_code) != (school.district_id, code):
                changed.append(row)
            else:
                continue
            row.old_unit_id, row.ward_code = school.district_id, code
            row.share = ward.share if ward else Share.UNKNOWN
            if not was_decided:
                row.unit, row.decided_by, row.decided_at = ward.proposed if ward else "", None, None
        Placement.objects.bulk_create(new, batch_size=2000)
        fields = ["old_unit", "ward_code", "share", "unit", "decided_by", "decided_at"]
        Placement.objects.bulk_update(changed, fields, batch_size=400)
        self.placements.filter(school__in=list(rows)).delete()

    @transaction.atomic
    def decide(self, choices, by, seen=None):
        """Note where schools go: {Placement pk: code of the new unit, or "" to leave it open}. All or nothing.

        `seen`: {pk: code the person saw}; a row that somebody else decided meanwhile is not overwritten. Returns how
        many rows changed. Raises Refused."""
        Reorganisation.objects.select_for_update(of=("self",)).get(pk=self.pk).require_open()
        now, changed = timezone.now(), []
        rows = self.placements.select_related("school", "old_unit").in_bulk(list(choices))
        for pk, code in choices.items():
            row = rows.get(pk)
            if row is None:
                raise Refused(_t("Có trường không còn trong danh sách. Hãy mở lại trang rồi chọn lại."))
            if code and code not in row.codes:
                raise Refused(
                    _t("“%(unit)s” không nhận địa bàn của %(old)s, nên không nhận %(school)s.")
                    % {"unit": self.unit_name(code), "old": row.old_unit, "school": row.school}
                )
            if seen and seen.get(pk, row.unit) != row.unit and code != row.unit:
                raise Refused(
                    _t("Người khác vừa chọn %(unit)s cho %(school)s. Chưa lưu gì; hãy mở lại trang rồi chọn lại.")
                    % {"unit": self.unit_name(row.unit) or _t("“để sau”"), "school": row.school}
                )
            if code != row.unit:
                row.unit, row.decided_by, row.decided_at = code, by if code else None, now if code else None
                changed.append(row)
        Placement.objects.bulk_update(changed, ["unit", "decided_by", "decided_at"], batch_size=400)
        if changed:
            self.forget_outcome()
        return len(changed)

    def forget_outcome(self):
        """What was rehearsed no longer holds."""
        self.outcome = {}
        Reorganisation.objects.filter(pk=self.pk, status=self.Status.DRAFT).update(outcome={})

    def unit_name(self, code):
        unit = self.facts.units.get(code)
        return str(unit) if unit else code

    # --- Doing ------------------------------------------------------------------------------------------------------

    def rehearse(self):
        """What the act would change (see `_carry_out`); nothing is. Raises Refused when it is not possible."""
        with transaction.atomic():
            self.list_schools()
            _journal, outcome = self._carry_out()
            transaction.set_rollback(True)
        return outcome

    def before_action(self, name, by):
        if name == "apply":
            # Nobody decides otherwise while it is carried out.
            Reorganisation.objects.select_for_update(of=("self",)).get(pk=self.pk)
            self.list_schools()
            if undecided := self.placements.undecided().count():
                raise Refused(
                    _t(
                        "Còn %s trường chưa có nơi về nên chưa sắp xếp được. Hãy bấm “Chạy thử” để cập nhật danh sách, "
                        "quyết định từng trường rồi thực hiện."
                    )
                    % number(undecided)
                )

    def after_action(self, name, by, **given):
        if name == "apply":
            journal, self.outcome = self._carry_out()
            self.journal = journal.dump()
        elif name == "undo":
            Journal.load(self.journal).undo()
            self.journal, self.outcome = None, {}
        Reorganisation.objects.filter(pk=self.pk).update(journal=self.journal, outcome=self.outcome)

    def _carry_out(self):
        """Write it all. Returns (Journal, outcome): outcome counts what ended, began and moved, as JSON. Schools
        without a decision stay where they are (a rehearsal shows them, the act itself refuses before)."""
        journal, facts, old_units = Journal(), self.facts, self.old_units()
        codes = list(dict.fromkeys(code for _district, old in old_units for code in old.units))
        self._refuse_impossible(old_units, codes)
        units = {code: self._new_unit(facts.units[code]) for code in codes}
        journal.create(units.values())
        journal.change_many((district, {"valid_to": self.last_day}) for district, _old in old_units)
        successions = journal.create(
            UnitSuccession(predecessor=district, successor=units[code], on=self.day, kind=UnitSuccession.Kind.REPLACE)
            for district, old in old_units
            for code in old.units
        )
        moved = self._move_schools(journal, units)
        ended = Membership.objects.filter(district__in=[district for district, _old in old_units])
        ended = list(ended.filter(Q(valid_to=None) | Q(valid_to__gte=self.day)))
        journal.change_many((membership, {"valid_to": self.last_day}) for membership in ended)
        self._open_accounts(journal, units)
        journal.seal()
        return journal, {
            "ended": len(old_units),
            "created": len(units),
            "successions": len(successions),
            "schools": sum(moved.values()),
            "undecided": self.placements.undecided().count(),
            "closed": School.objects.filter(
                district__in=[district for district, _old in old_units], valid_to__lt=self.day
            ).count(),
            "memberships": len(ended),
            "accounts": len(units),
            "per_unit": [[code, moved[code]] for code in codes],
        }

    def _refuse_impossible(self, old_units, codes):
        if self.day > timezone.localdate():
            raise Refused(
                _t("Ngày %s chưa đến; đơn vị được sắp xếp từ chính ngày đó trở đi, không sớm hơn.")
                % f"{self.day:%-d/%-m/%Y}"
            )
        if not old_units:
            raise Refused(_t("Không còn đơn vị cũ nào của phương án này đang có hiệu lực vào ngày đã chọn."))
        facts = self.facts
        names = {(facts.units[code].kind, fold(facts.units[code].name)) for code in codes}
        there = [
            unit
            for unit in District.objects.filter(department=self.department_id)
            if unit.code in codes
            or ((unit.kind, fold(unit.name)) in names and (unit.valid_to is None or unit.valid_to >= self.day))
        ]
        if there:
            named = ", ".join(f"{unit} ({_t('mã')} {unit.code})" for unit in there[:MOST_NAMED])
            raise Refused(
                _t(
                    "%(n)d đơn vị mới đã có sẵn trong danh sách đơn vị: %(names)s. Hãy xoá hoặc đổi mã "
                    "trước khi sắp xếp."
                )
                % {"n": len(there), "names": f"{named}, …" if len(there) > MOST_NAMED else named}
            )

    def _new_unit(self, unit):
        district = District(
            department=self.department,
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            office_name=f"Ủy ban nhân dân {unit.word.lower()} {unit.name}",
            symbol=SYMBOL,
            valid_from=self.day,
        )
        district.set_keys()
        return district

    def _move_schools(self, journal, units):
        """Schools and who managed them, from the day on. Returns Counter {code: schools}."""
        rows = [row for row in self.placements.select_related("school") if row.unit]
        journal.change_many((row.school, {"district": units[row.unit]}) for row in rows)
        to = {row.school_id: units[row.unit] for row in rows}
        old = {row.old_unit_id for row in rows}
        managed = SchoolManagement.objects.filter(district__in=old).filter(Q(valid_to=None) | Q(valid_to__gte=self.day))
        managed = [management for management in managed if management.school_id in to]
        # The row that runs on goes over to the new unit and leaves a closed one behind for the time before: so there is
        # at no moment a second open row, neither now nor when it is undone.
        past = [
            SchoolManagement(
                school_id=management.school_id,
                district_id=management.district_id,
                valid_from=management.valid_from,
                valid_to=self.last_day,
            )
            for management in managed
            if management.valid_from is None or management.valid_from < self.day
        ]
        journal.change_many(
            (
                management,
                {
                    "district": to[management.school_id],
                    # A school founded since the day was never under the old unit.
                    "valid_from": max(filter(None, [management.valid_from, self.day])),
                },
            )
            for management in managed
        )
        journal.create(past)
        return Counter(row.unit for row in rows)

    def _open_accounts(self, journal, units):
        """One account a new unit, without a password: giving it an address is a matter of accounts."""
        wanted = {code: _username(unit) for code, unit in units.items()}
        starts = [Q(username__startswith=f"{kind}.") for kind in {unit.kind for unit in units.values()}]
        taken = set()
        for start in starts:
            taken |= set(User.objects.filter(start).values_list("username", flat=True))
        users = {}
        for code, name in wanted.items():
            username, n = name, 1
            while username in taken:
                n += 1
                username = f"{name}-{n}"
            taken.add(username)
            users[code] = User(username=username, full_name=_t("Cán bộ %s") % units[code].office)
            users[code].set_unusable_password()
        journal.create(users.values())
        journal.create(
            Membership(
                user=users[code],
                role=Role.DISTRICT,
                district=unit,
                valid_from=self.day,
                decision_number=self.decision_number,
            )
            for code, unit in units.items()
        )


class ReorganisationEvent(Event):
    subject = models.ForeignKey(Reorganisation, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc đã làm khi sắp xếp đơn vị")
        verbose_name_plural = _("việc đã làm khi sắp xếp đơn vị")


class PlacementQuerySet(ScopedQuerySet):
    department_paths = ("reorganisation__department",)
    editor_roles = frozenset({Role.ADMIN, Role.DEPARTMENT})

    def undecided(self):
        return self.filter(unit="")

    def for_list(self):
        return self.select_related("reorganisation", "school", "old_unit", "decided_by").order_by(
            "old_unit__sort_key", "ward_code", "school__sort_key", "pk"
        )


class Placement(models.Model):
    """Where one school goes: proposed only when its old ward lies wholly in one new unit, else decided by a person."""

    reorganisation = models.ForeignKey(
        Reorganisation, models.CASCADE, related_name="placements", verbose_name=_("sắp xếp đơn vị")
    )
    school = models.ForeignKey(School, models.CASCADE, related_name="placements", verbose_name=_("trường"))
    old_unit = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name=_("đơn vị cũ"))
    # Codes of the facts (twinning.reforms): the new units are no rows yet.
    ward_code = models.CharField(_("phường, xã cũ"), max_length=12, blank=True)
    share = models.CharField(_("căn cứ"), max_length=8, choices=Share)
    unit = models.CharField(_("đơn vị mới"), max_length=12, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người quyết")
    )
    decided_at = models.DateTimeField(_("quyết lúc"), null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("nơi về của trường")
        verbose_name_plural = _("nơi về của trường")
        constraints = [models.UniqueConstraint(fields=["reorganisation", "school"], name="placement_once")]
        indexes = [models.Index(fields=["reorganisation", "unit"])]

    def __str__(self):
        return f"{self.school} → {self.unit_name or '?'}"

    @property
    def unit_name(self):
        return self.reorganisation.unit_name(self.unit)

    @property
    def old_facts(self):
        return self.reorganisation.old_facts(self.old_unit)

    @property
    def ward(self):
        """The old ward the school stands in (twinning.reforms.plan.OldWard), or None when that is not sure."""
        return self.old_facts.wards.get(self.ward_code)

    @property
    def hint(self):
        """What the source takes by default for a split ward: to be shown, never to be taken."""
        ward = self.ward
        return self.reorganisation.unit_name(ward.hint) if ward and ward.share == Share.SPLIT else ""

    @property
    def codes(self):
        """The codes it may be given: units that take land of its old unit."""
        return self.old_facts.units

    @property
    def options(self):
        """[(heading, [(code, name)])] for a select: first the units that take land of the ward, then the others."""
        ward = self.ward
        near = ward.units if ward else []
        far = [code for code in self.codes if code not in near]
        groups = [(_t("Nhận địa bàn %s") % ward.name, near)] if ward else []
        groups.append((_t("Nhận phần khác của %s") % self.old_unit if ward else str(self.old_unit), far))
        return [
            (head, [(code, self.reorganisation.unit_name(code)) for code in codes]) for head, codes in groups if codes
        ]


def _ending(facts, districts, day):
    """The units of a plan among `districts` that were in force before `day` and have not ended by then."""
    return [
        (district, old)
        for district in districts
        if (district.valid_from is None or district.valid_from < day)
        and (district.valid_to is None or district.valid_to >= day)
        and (old := facts.old_unit(district))
    ]


def _username(unit):
    """ "xa.thanh-tri", "phuong.van-mieu-quoc-tu-giam": what signs in for a new unit."""
    return f"{unit.kind}.{fold(unit.name).replace(' ', '-')}"
