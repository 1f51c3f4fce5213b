"""Amendments (phụ lục) of a signed agreement: proposed beside it, confirmed by both sides, merged on signing."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Notification
from twinning import access, agreement_text, vietnamese
from twinning.agreement_text import AMENDABLE
from twinning.fields import ProseField
from twinning.life import Action, Event, LifeModel, Refused
from twinning.models.agreement import Agreement, Side
from twinning.models.document import AgreementDocument
from twinning.models.party import AgreementMember, OfAgreementQuerySet
from twinning.models.school import School
from twinning.models.unit import District


class AmendmentQuerySet(OfAgreementQuerySet):
    # Who reads an agreement reads what changed it.
    read_only_school_paths = (
        *OfAgreementQuerySet.read_only_school_paths,
        "agreement__covered__supporting_school",
        "agreement__covered__supported_school",
    )

    def for_list(self):
        return self.select_related(
            "agreement__programme",
            "agreement__subject",
            "agreement__supporting_district",
            "agreement__supported_district",
            "agreement__supporting_school",
            "agreement__supported_school",
        )

    def open(self):
        return self.filter(status__in=Amendment.Status.open())

    def waiting(self):
        """Sent and not answered, of agreements in effect."""
        return self.filter(status=Amendment.Status.WAITING, agreement__status=Agreement.Status.SIGNED)

    def merged(self):
        """Signed, in the order of signing."""
        return self.filter(status=Amendment.Status.SIGNED).order_by("signed_on", "position")

    def waiting_for(self, user):
        """Those on which `user` has the next word: answer, send again, or sign."""
        mine = self.editable_by(user).for_list().open().exclude(status=Amendment.Status.DRAFT)
        mine = mine.filter(agreement__status=Agreement.Status.SIGNED).order_by("pk")
        return mine.filter(pk__in=[a.pk for a in mine if a.steps_for(user)])


class Amendment(LifeModel):
    """`base` is what the agreement said when the amendment was begun (every field of `agreement_text.AMENDABLE`),
    `changes` what it shall say instead: {field: plain JSON value} of those that differ."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("nháp")
        WAITING = "waiting", _("chờ bên kia xác nhận")
        RETURNED = "returned", _("bị trả lại")
        CONFIRMED = "confirmed", _("đã xác nhận, chờ ký")
        SIGNED = "signed", _("đã ký")
        WITHDRAWN = "withdrawn", _("đã rút")

        @classmethod
        def unsent(cls):
            return [cls.DRAFT, cls.RETURNED]

        @classmethod
        def open(cls):
            return [*cls.unsent(), cls.WAITING, cls.CONFIRMED]

    NEXT_STEPS = frozenset({"send", "confirm", "sign"})
    ACTIONS_WITH_FORMS = frozenset({"rebase"})
    OTHER_EVENTS = LifeModel.OTHER_EVENTS
    ACTIONS = {
        "send": Action(
            slug="gui",
            label=_("Gửi bên kia xác nhận"),
            before=(Status.DRAFT, Status.RETURNED),
            after=Status.WAITING,
            who=access.registers_amendment,
            done=_("Đã gửi phụ lục. Bên kia được báo và sẽ xác nhận hoặc trả lại."),
            explain=_("Sau khi gửi, phụ lục không sửa được cho tới khi bên kia trả lại hoặc thầy/cô lấy lại để sửa."),
            tells="answering_people",
            news=_("{by} gửi “{it}”, chờ đơn vị mình xác nhận."),
        ),
        "confirm": Action(
            slug="xac-nhan",
            label=_("Xác nhận"),
            before=(Status.WAITING,),
            after=Status.CONFIRMED,
            who=access.answers_amendment,
            done=_("Đã xác nhận phụ lục. Hai bên có thể ký."),
            explain=_("Xác nhận nghĩa là đơn vị đồng ý với mọi thay đổi trong phụ lục."),
            tells="registering_people",
            news=_("{by} đã xác nhận “{it}”; hai bên có thể ký."),
        ),
        "sign": Action(
            slug="ky",
            label=_("Ghi nhận đã ký"),
            before=(Status.CONFIRMED,),
            after=Status.SIGNED,
            who=access.is_amendment_party,
            asks=("signed_on", "scan"),
            optional=("scan",),
            done=_("Đã ghi nhận phụ lục. Giao ước đã mang nội dung mới."),
            explain=_("Từ lúc này giao ước mang nội dung của phụ lục; bản đã ký trước vẫn được giữ."),
            tells="all_people",
            news=_("“{it}” đã ký; giao ước mang nội dung mới."),
        ),
        "rebase": Action(
            slug="cap-nhat",
            label=_("Cập nhật theo giao ước hiện nay"),
            before=(Status.DRAFT, Status.WAITING, Status.RETURNED, Status.CONFIRMED),
            after=Status.DRAFT,
            who=access.records_amendment,
            done=_("Đã cập nhật theo giao ước hiện nay. Hãy xem lại, rồi gửi bên kia xác nhận."),
            explain=_("Phụ lục trở lại bản nháp; hai bên xác nhận lại nội dung sau khi cập nhật."),
            tells="people_who_saw_it",
            news=_("{by} cập nhật “{it}” theo giao ước hiện nay; sẽ gửi lại để đơn vị mình xác nhận."),
        ),
        "take_back": Action(
            slug="lay-lai",
            label=_("Lấy lại để sửa"),
            before=(Status.WAITING, Status.CONFIRMED),
            after=Status.DRAFT,
            who=access.registers_amendment,
            done=_("Đã lấy lại. Sửa xong hãy gửi bên kia xác nhận lại."),
            explain=_("Phụ lục trở lại bản nháp; sửa xong phải gửi bên kia xác nhận lại."),
            tone="quiet",
            tells="answering_people",
            news=_("{by} lấy lại “{it}” để sửa; sẽ gửi lại để đơn vị mình xác nhận."),
        ),
        "return": Action(
            slug="tra-lai",
            label=_("Trả lại"),
            before=(Status.WAITING,),
            after=Status.RETURNED,
            who=access.answers_amendment,
            asks=("note",),
            done=_("Đã trả lại kèm lý do. Bên đề xuất được báo để sửa."),
            explain=_("Bên đề xuất sẽ nhận lý do, sửa rồi gửi lại."),
            tone="danger",
            tells="registering_people",
            news=_("{by} trả lại “{it}”. Xem lý do, sửa rồi gửi lại."),
        ),
        "withdraw": Action(
            slug="rut",
            label=_("Rút phụ lục"),
            before=(Status.DRAFT, Status.WAITING, Status.RETURNED, Status.CONFIRMED),
            after=Status.WITHDRAWN,
            who=access.registers_amendment,
            asks=("note",),
            done=_("Đã rút phụ lục. Giao ước giữ nguyên."),
            explain=_("Phụ lục dừng tại đây, vẫn xem lại được nhưng không ký nữa. Giao ước giữ nguyên."),
            tone="danger",
            tells="answering_people",
            news=_("{by} đã rút “{it}”."),
        ),
    }

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="amendments", verbose_name=_("giao ước"))
    position = models.PositiveSmallIntegerField(_("phụ lục số"))
    registered_side = models.CharField(_("bên đề xuất"), max_length=10, choices=Side)
    reason = ProseField(_("lý do điều chỉnh"))
    base = models.JSONField(default=dict, editable=False)
    changes = models.JSONField(default=dict, editable=False)
    signed_on = models.DateField(_("ngày ký"), null=True, blank=True)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT)

    history = HistoricalRecords()
    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("phụ lục giao ước")
        verbose_name_plural = _("phụ lục giao ước")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "position"], name="amendment_position_once"),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=False) | ~Q(status="signed"),
                name="amendment_signed_has_day",
                violation_error_message=_("Phụ lục đã ký phải có ngày ký."),
            ),
        ]

    def __str__(self):
        return _t("%(label)s của giao ước %(pair)s") % {"label": self.label, "pair": self.agreement.pair}

    def clean(self):
        if not self.signed_on:
            return
        first, last = self.agreement.signed_on, self.agreement.last_day
        if self.signed_on > timezone.localdate():
            raise ValidationError({"signed_on": _t("Ngày ký chưa tới. Hãy ghi nhận sau khi hai bên đã ký.")})
        if (first and self.signed_on < first) or self.signed_on > last:
            message = _t("Phụ lục ký trong thời gian hiệu lực của giao ước: từ %(first)s đến %(last)s.")
            raise ValidationError({"signed_on": message % {"first": _day(first), "last": _day(last)}})

    def get_absolute_url(self):
        return reverse("amendment_detail", args=[self.pk])

    @property
    def label(self):
        return _t("Phụ lục số %d") % self.position

    @property
    def answering_side(self):
        return Side.SUPPORTED if self.registered_side == Side.SUPPORTING else Side.SUPPORTING

    @property
    def awaited_sides(self):
        """The sides whose word it still needs, the next one first; nobody's once the agreement is over."""
        if self.agreement.status != Agreement.Status.SIGNED:
            return []
        if self.status == self.Status.WAITING:
            return [self.answering_side]
        return [self.registered_side, self.answering_side] if self.status in self.Status.unsent() else []

    @property
    def of_agreement(self):
        return self.agreement

    @property
    def quoted(self):
        """As a sentence names it: “Phụ lục số 1 của giao ước …”."""
        return f"“{self}”"

    @property
    def programme(self):
        return self.agreement.programme

    @property
    def changed_fields(self):
        """What it changes, in words: "Đến hết ngày, Mục tiêu, nội dung chung"."""
        return ", ".join(Agreement.label_of(name) for name in AMENDABLE if name in self.changes)

    @property
    def is_open(self):
        return self.status in self.Status.open()

    def is_open_to_edit(self):
        return self.status in (self.Status.DRAFT, self.Status.RETURNED)

    @property
    def next_step(self):
        """Who has to do what now, as one sentence; empty when nobody has to."""
        names = {
            "by": self.agreement.party_name(self.registered_side),
            "to": self.agreement.party_name(self.answering_side),
        }
        sentence = {
            self.Status.DRAFT: _t("%(by)s hoàn thiện rồi gửi %(to)s xác nhận."),
            self.Status.RETURNED: _t("%(by)s xem lý do, sửa rồi gửi lại."),
            self.Status.WAITING: _t("%(to)s xác nhận hoặc trả lại."),
            self.Status.CONFIRMED: _t("Hai bên ký, rồi một bên ghi nhận ngày ký và tải bản scan lên."),
        }.get(self.status, "")
        if self.status == self.Status.WAITING and not self.answering_people():
            sentence = _t("%(to)s chưa có ai dùng cổng: Sở hoặc đơn vị cấp trên mời người, để họ xác nhận.")
        if self.is_open and self.agreement.status != Agreement.Status.SIGNED:
            sentence = _t("%(by)s rút phụ lục: giao ước không còn hiệu lực.")
        elif self.is_open and self.conflicts():
            sentence = _t("%(by)s cập nhật theo giao ước hiện nay rồi gửi %(to)s xác nhận lại.")
        return sentence % names

    def people_of(self, side):
        return self.agreement.people_of(side)

    def registering_people(self):
        return self.people_of(self.registered_side)

    def answering_people(self):
        return self.people_of(self.answering_side)

    def all_people(self):
        return self.agreement.all_people()

    def people_who_saw_it(self):
        """Of the other side, once it was sent."""
        return self.answering_people() if self.events.filter(action="send").exists() else []

    # --- what it says -----------------------------------------------------------------------------------------------

    @classmethod
    def begin(cls, agreement, side, base=None):
        """A new amendment, not stored: proposed by `side`, to change `base` (what the agreement says now)."""
        return cls(agreement=agreement, registered_side=side, base=base or agreement_text.amendable(agreement))

    def said(self):
        """{field: plain value} of the agreement as it shall be."""
        return self.base | self.changes

    def propose(self, wanted):
        """Let the agreement say `wanted` ({field: plain value} of all of AMENDABLE)."""
        self.changes = {name: wanted[name] for name in AMENDABLE if wanted[name] != self.base[name]}

    @transaction.atomic
    def store_new(self):
        """Store under the next number of the agreement."""
        Agreement.objects.select_for_update(of=("self",)).get(pk=self.agreement_id)
        self.position = (self.agreement.amendments.aggregate(last=Max("position"))["last"] or 0) + 1
        self.save()

    def moved_on(self, now=None):
        """Fields in which the agreement says something else than when this was begun."""
        now = now or agreement_text.amendable(self.agreement)
        return [name for name in AMENDABLE if now[name] != self.base[name]]

    def conflicts(self, now=None):
        """Fields this changes that meanwhile say something else than both."""
        now = now or agreement_text.amendable(self.agreement)
        return [name for name in self.moved_on(now) if name in self.changes and now[name] != self.changes[name]]

    def parallel(self):
        """Other open amendments of the agreement that change one of the same fields."""
        others = self.agreement.amendments.open().for_list().exclude(pk=self.pk)
        return [other for other in others if other.changes.keys() & self.changes.keys()]

    def faults(self, day=None):
        """{field: sentence} of what the agreement cannot be made to say, as of `day` (today)."""
        day = day or timezone.localdate()
        faults = {}
        if "ends_on" in self.changes and (fault := self._end_fault(day)):
            faults["ends_on"] = fault
        if "members" in self.changes and (fault := self._member_fault(day)):
            faults["members"] = fault
        areas = set(self.changes.get("content_areas", ()))
        if areas - set(self.programme.content_areas.values_list("pk", flat=True)):
            faults["content_areas"] = _t("Có nội dung phối hợp không còn trong phong trào. Hãy chọn lại.")
        return faults

    def _end_fault(self, day):
        last, agreement = date.fromisoformat(self.changes["ends_on"]), self.agreement
        if last > self.programme.ends_on:
            return _t(
                "Phong trào kết thúc ngày %s, phụ lục không kéo dài quá ngày đó. "
                "Muốn tiếp tục ở giai đoạn sau thì gia hạn giao ước."
            ) % _day(self.programme.ends_on)
        if last < agreement.starts_on:
            return _t("Ngày kết thúc phải bằng hoặc sau ngày bắt đầu (%s).") % _day(agreement.starts_on)
        if last < day:
            return _t("Ngày kết thúc mới đã qua. Muốn dừng giao ước thì chọn “Thanh lý trước hạn”.")
        renewal = agreement.renewals.exclude(status=Agreement.Status.WITHDRAWN).filter(starts_on__lte=last).first()
        if renewal:
            return _t("Bản gia hạn của giao ước này bắt đầu từ %s; ngày kết thúc phải trước ngày đó.") % _day(
                renewal.starts_on
            )
        return ""

    def _member_fault(self, day):
        """Units that are there already stay, whatever became of them."""
        agreement = self.agreement
        before = {(district, school) for _side, district, school in self.base["members"]}
        units = [(district, school) for _side, district, school in self.changes["members"]]
        keys = [school or -district for district, school in units]
        leads = [getattr(agreement, f"{side}_school_id") or -getattr(agreement, f"{side}_district_id") for side in Side]
        schools = School.objects.in_bulk([school for _district, school in units if school])
        districts = District.objects.in_bulk([district for district, school in units if not school])

        def named(key):
            return schools.get(key) or districts.get(-key) or _t("Một đơn vị")

        if twice := next((key for key in keys if keys.count(key) > 1), None):
            return _t("%s được chọn hai lần. Mỗi đơn vị chỉ ở một bên, một lần.") % named(twice)
        if lead := next((key for key in keys if key in leads), None):
            return _t("%s là đơn vị chủ trì của giao ước nên không chọn làm đơn vị cùng tham gia.") % named(lead)
        levels = self.programme.school_levels
        for unit, key in zip(units, keys, strict=True):
            found = schools.get(key) or districts.get(-key)
            if unit in before:
                continue
            if found is None or (key > 0 and not found.is_operating) or (key < 0 and not found.was_there(day)):
                return _t("%s không còn hoạt động. Hãy chọn đơn vị khác.") % named(key)
            if key > 0 and levels and found.level not in levels:
                return _t("%(school)s thuộc cấp %(level)s, cấp học này không kết nghĩa trong phong trào.") % {
                    "school": found,
                    "level": found.get_level_display(),
                }
        return ""

    # --- its life ---------------------------------------------------------------------------------------------------

    def actions_for(self, user):
        """What would be refused for what became of the agreement is not offered; the page says why."""
        actions = super().actions_for(user)
        if not self.is_open:
            return actions
        now = agreement_text.amendable(self.agreement)
        stopped = self.agreement.status != Agreement.Status.SIGNED
        for name in [*self.NEXT_STEPS, "rebase"]:
            idle = not self.moved_on(now) if name == "rebase" else not self.changes or self.conflicts(now)
            if stopped or idle:
                actions.pop(name, None)
        return actions

    def steps_for(self, user):
        """Names of the next steps that are `user`'s by status and side alone, without asking the database."""
        return super().actions_for(user).keys() & self.NEXT_STEPS

    def before_action(self, name, by):
        if name not in {*self.NEXT_STEPS, "rebase"}:
            return
        # One amendment of an agreement at a time: the next one sees what this one changed.
        self.agreement = Agreement.objects.select_for_update(of=("self",)).for_list().get(pk=self.agreement_id)
        self._require_live()
        if name != "rebase":
            self._require_fit(self.signed_on if name == "sign" else None)

    def after_action(self, name, by, scan=None, chosen=None, seen=None):
        from twinning import invitations  # it needs the models first

        if name == "rebase":
            self._rebase(chosen or {}, seen)
        elif name == "sign":
            self._merge(by)
            if scan:
                kind = AgreementDocument.Kind.AMENDMENT
                AgreementDocument.keep(scan, by, agreement=self.agreement, amendment=self, kind=kind)
        invitations.tell_of_missing_side(self)

    def _require_live(self):
        status = self.agreement.status
        if status != Agreement.Status.SIGNED:
            raise Refused(
                _t("Giao ước đang ở trạng thái “%s” nên phụ lục không tiếp tục được. Bên đề xuất có thể rút phụ lục.")
                % self.agreement.get_status_display()
            )

    def _require_fit(self, day):
        """Raise Refused with the reason when this cannot become part of the agreement."""
        if not self.changes:
            raise Refused(_t("Phụ lục chưa thay đổi gì so với giao ước. Hãy sửa nội dung, hoặc rút phụ lục."))
        if conflicts := self.conflicts():
            raise Refused(
                _t(
                    "Giao ước đã có nội dung khác ở: %s (một phụ lục khác đã ký sau khi phụ lục này được soạn). "
                    "Hãy chọn “Cập nhật theo giao ước hiện nay”, rồi hai bên xác nhận lại."
                )
                % ", ".join(f"“{Agreement.label_of(name)}”" for name in conflicts)
            )
        if faults := self.faults(day):
            raise Refused(" ".join(faults.values()))

    def _merge(self, by):
        """Let the agreement say what this changes; its frozen text stays the paper first signed."""
        agreement = self.agreement
        own = [name for name in self.changes if name not in ("content_areas", "members")]
        for name in own:
            value = self.changes[name]
            setattr(agreement, name, date.fromisoformat(value) if name == "ends_on" else value)
        if own:
            agreement._history_user = by
            agreement.save(update_fields=[*own, "updated_at"])
        if "content_areas" in self.changes:
            agreement.content_areas.set(self.changes["content_areas"])
        if "members" in self.changes:
            self._set_members(agreement)
        agreement.record_event("amend", by, note=f"{self.label}: {self.changed_fields}", from_status=agreement.status)
        for other in self.parallel():
            text = _t("“%(mine)s” đã ký nên “%(other)s” cần cập nhật theo giao ước hiện nay trước khi ký.")
            text %= {"mine": self.label, "other": other}
            people, url = other.registering_people(), other.get_absolute_url()
            Notification.objects.tell(people, text, url, next_step=other.next_step)

    def _set_members(self, agreement):
        wanted = {(side, district, school or None) for side, district, school in self.changes["members"]}
        for member in agreement.members.all():
            unit = (member.side, member.district_id, member.school_id)
            if unit in wanted:
                wanted.discard(unit)
            else:
                member.delete()
        for side, district, school in sorted(wanted, key=lambda unit: (unit[0], unit[1], unit[2] or 0)):
            AgreementMember.objects.create(agreement=agreement, side=side, district_id=district, school_id=school)

    def _rebase(self, chosen, seen):
        """Begin anew from what the agreement says now: changes without conflict are kept, of the others what was
        `chosen` ({field: value}). `seen`: what the agreement said when it was chosen."""
        now = agreement_text.amendable(self.agreement)
        if not self.moved_on(now):
            raise Refused(_t("Giao ước chưa thay đổi gì kể từ khi soạn phụ lục này, không cần cập nhật."))
        if seen is not None and seen != now:
            raise Refused(_t("Giao ước vừa thay đổi lần nữa. Hãy xem lại nội dung mới rồi chọn lại."))
        kept = {name: value for name, value in self.changes.items() if name not in self.conflicts(now)}
        self.base, wanted = now, now | kept | chosen
        self.propose(wanted)
        self.save(update_fields=["base", "changes"])


class AmendmentEvent(Event):
    subject = models.ForeignKey(Amendment, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên phụ lục")
        verbose_name_plural = _("việc trên phụ lục")


def _day(day):
    return vietnamese.day(day)
