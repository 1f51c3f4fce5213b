"""What can happen to an agreement: its statuses, the table of the ways between them, and what each step does."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access, agreement_text
from twinning.life import Action, LifeModel, Refused
from twinning.models.document import AgreementDocument
from twinning.models.numbering import NumberSeries
from twinning.vietnamese import fold


class Status(models.TextChoices):
    DRAFT = "draft", _("nháp")
    WAITING = "waiting", _("chờ bên kia xác nhận")
    RETURNED = "returned", _("bị trả lại")
    CONFIRMED = "confirmed", _("đã xác nhận, chờ ký")
    SIGNED = "signed", _("đã ký")
    EXPIRED = "expired", _("hết hạn")
    ENDED = "ended", _("thanh lý trước hạn")
    WITHDRAWN = "withdrawn", _("đã rút")

    @classmethod
    def unsent(cls):
        return [cls.DRAFT, cls.RETURNED]

    @classmethod
    def unsigned(cls):
        return [cls.DRAFT, cls.WAITING, cls.RETURNED, cls.CONFIRMED]

    @classmethod
    def open(cls):
        """Statuses that stand in the way of another agreement of the same pair."""
        return [*cls.unsigned(), cls.SIGNED]

    @classmethod
    def once_signed(cls):
        return [cls.SIGNED, cls.EXPIRED, cls.ENDED]


NEXT_STEPS = frozenset({"send", "confirm", "sign"})
# Who signs for each side, and as what: may be put right after signing, since no commitment hangs on it.
SIGNATORIES = (
    "supporting_signatory",
    "supporting_position",
    "supported_signatory",
    "supported_position",
)
SIGNING_FIELDS = ("number", "signed_on", "signed_at", *SIGNATORIES)

ACTIONS = {
    "send": Action(
        slug="gui",
        label=_("Gửi bên kia xác nhận"),
        before=(Status.DRAFT, Status.RETURNED),
        after=Status.WAITING,
        who=access.registers_agreement,
        done=_("Đã gửi. Bên kia được báo và sẽ xác nhận hoặc trả lại."),
        explain=_("Sau khi gửi, nội dung không sửa được cho tới khi bên kia trả lại."),
        tells="answering_people",
        news=_("{by} gửi giao ước “{it}”, chờ đơn vị mình xác nhận."),
    ),
    "confirm": Action(
        slug="xac-nhan",
        label=_("Xác nhận"),
        before=(Status.WAITING,),
        after=Status.CONFIRMED,
        who=access.answers_agreement,
        done=_("Đã xác nhận. Hai bên có thể ký giao ước."),
        explain=_("Xác nhận nghĩa là đơn vị đồng ý với toàn bộ nội dung giao ước."),
        tells="registering_people",
        news=_("{by} đã xác nhận giao ước “{it}”; hai bên có thể ký."),
    ),
    "return": Action(
        slug="tra-lai",
        label=_("Trả lại"),
        before=(Status.WAITING,),
        after=Status.RETURNED,
        who=access.answers_agreement,
        asks=("note",),
        done=_("Đã trả lại kèm lý do. Bên đăng ký được báo để sửa."),
        explain=_("Bên đăng ký sẽ nhận lý do, sửa rồi gửi lại."),
        tone="danger",
        tells="registering_people",
        news=_("{by} trả lại giao ước “{it}”. Xem lý do, sửa rồi gửi lại."),
    ),
    "withdraw": Action(
        slug="rut",
        label=_("Rút giao ước"),
        before=(Status.DRAFT, Status.WAITING, Status.RETURNED, Status.CONFIRMED),
        after=Status.WITHDRAWN,
        who=access.registers_agreement,
        asks=("note",),
        done=_("Đã rút giao ước. Cặp này có thể đăng ký lại."),
        explain=_("Giao ước dừng tại đây, vẫn xem lại được nhưng không ký nữa."),
        tone="danger",
        tells="answering_people",
        news=_("{by} đã rút giao ước “{it}”."),
    ),
    # Told by the form that saves a change of commitments, never by a button.
    "revise": Action(
        slug="sua-doi",
        label=_("Sửa cam kết, xin xác nhận lại"),
        before=(Status.CONFIRMED,),
        after=Status.WAITING,
        who=access.registers_agreement,
        done=_("Đã lưu. Nội dung cam kết thay đổi nên bên kia được báo để xác nhận lại."),
        tells="answering_people",
        news=_("{by} đã sửa cam kết của giao ước “{it}” sau khi xác nhận; đơn vị mình cần xác nhận lại."),
    ),
    "sign": Action(
        slug="ky",
        label=_("Ghi nhận đã ký"),
        before=(Status.CONFIRMED,),
        after=Status.SIGNED,
        who=access.is_agreement_party,
        asks=(*SIGNING_FIELDS, "scan"),
        optional=("number", "scan"),
        done=_("Đã ghi nhận việc ký. Giao ước có hiệu lực."),
        explain=_("Ghi đúng như trên bản giấy hai bên đã ký. Bỏ trống số: cổng cấp số tiếp theo của bên đăng ký."),
        tells="all_people",
        news=_("Giao ước “{it}” đã ký và có hiệu lực."),
    ),
    "sign_outside": Action(
        slug="da-ky-ngoai",
        label=_("Đã ký ngoài hệ thống"),
        before=(Status.DRAFT, Status.WAITING, Status.RETURNED, Status.CONFIRMED),
        after=Status.SIGNED,
        who=access.registers_agreement,
        asks=(*SIGNING_FIELDS, "scan"),
        optional=("number",),
        done=_("Đã ghi nhận bản ký ngoài hệ thống. Giao ước có hiệu lực; bên kia được báo."),
        explain=_(
            "Dành cho giao ước hai bên đã ký trên giấy: ghi đúng như bản giấy và tải bản scan lên. "
            "Không cần bên kia xác nhận trên cổng."
        ),
        tone="quiet",
        tells="all_people",
        news=_("{by} ghi nhận giao ước “{it}” đã ký ngoài hệ thống. Nếu không đúng, hãy báo Sở."),
    ),
    "end": Action(
        slug="thanh-ly",
        label=_("Thanh lý trước hạn"),
        before=(Status.SIGNED,),
        after=Status.ENDED,
        who=access.ends_agreement,
        asks=("ended_on", "note"),
        done=_("Đã thanh lý giao ước."),
        explain=_("Giao ước hết hiệu lực từ ngày thanh lý; hoạt động đã ghi vẫn được tính."),
        tone="danger",
        tells="all_people",
        news=_("{by} đã thanh lý giao ước “{it}” trước hạn."),
    ),
    # Done by the night's job when the last day is over.
    "expire": Action(
        slug="het-han",
        label=_("Hết hạn"),
        before=(Status.SIGNED,),
        after=Status.EXPIRED,
        who=access.the_portal,
        done="",
        tells="own_people",
        news=_("Giao ước “{it}” đã hết hạn. Có thể gia hạn sang giai đoạn sau."),
    ),
}


class AgreementLife(LifeModel):
    """An agreement as far as it lives: who has the next word, what was confirmed, how it is signed and numbered. The
    model (twinning.models.agreement) has the fields and says who the parties are."""

    Status, ACTIONS, NEXT_STEPS = Status, ACTIONS, NEXT_STEPS
    # Done by the night's job, or by the form that saves a change of commitments.
    HIDDEN_ACTIONS = frozenset({"expire", "revise"})
    OTHER_EVENTS = LifeModel.OTHER_EVENTS | {
        "correct": _("Đính chính"),
        "amend": _("Nhập phụ lục vào giao ước"),
        "renew": _("Gia hạn"),
        "task_force": _("Sửa tổ công tác"),
        "pilots": _("Chọn trường điểm"),
        "quotas": _("Đặt chỉ tiêu trường điểm"),
        "targets": _("Đặt chỉ tiêu"),
        "parties": _("Sửa các bên"),
    }

    class Meta:
        abstract = True

    @property
    def answering_side(self):
        return self.Side.SUPPORTED if self.registered_side == self.Side.SUPPORTING else self.Side.SUPPORTING

    @property
    def awaited_sides(self):
        """The sides whose word the text still needs, the next one first."""
        if self.status == self.Status.WAITING:
            return [self.answering_side]
        return [self.registered_side, self.answering_side] if self.status in self.Status.unsent() else []

    @property
    def of_agreement(self):
        """Itself, as an amendment names its agreement."""
        return self

    @property
    def quoted(self):
        """As a sentence names it: giao ước “Thanh Trì – Chương Mỹ”."""
        return _t("giao ước “%s”") % self

    @property
    def next_step(self):
        """Who has to do what now, as one sentence; empty when nobody has to."""
        sentence = {
            self.Status.DRAFT: _t("%(by)s hoàn thiện rồi gửi %(to)s xác nhận."),
            self.Status.RETURNED: _t("%(by)s xem lý do, sửa rồi gửi lại."),
            self.Status.WAITING: _t("%(to)s xác nhận hoặc trả lại."),
            self.Status.CONFIRMED: _t("Hai bên ký, rồi một bên ghi nhận ngày ký và tải bản scan lên."),
        }.get(self.status)
        if self.status == self.Status.WAITING and not self.answering_people():
            sentence = _t("%(to)s chưa có ai dùng cổng: Sở hoặc đơn vị cấp trên mời người, để họ xác nhận.")
        if not sentence:
            return ""
        return sentence % {"by": self.party_name(self.registered_side), "to": self.party_name(self.answering_side)}

    def is_open_to_edit(self):
        """Until it is signed; what was confirmed may be changed, but then asks for a new confirmation."""
        return self.status in (self.Status.DRAFT, self.Status.RETURNED, self.Status.CONFIRMED)

    def reopened_fields(self):
        """The fields a returned agreement may be changed in: those commented on; None when all are open."""
        if self.status != self.Status.RETURNED:
            return None
        return {comment.field for comment in self.comments.all() if comment.answered_at is None} or None

    def ask_again(self, by, before):
        """After a change of content: back to the other side when it is not what that side confirmed any more. `before`:
        the commitments (agreement_text) before the change, to say which ones are others now."""
        if self.status == self.Status.CONFIRMED and self.confirmed_hash != agreement_text.commitments_hash(self):
            now = agreement_text.commitments(self)
            changed = [self.label_of(name.removesuffix("_id")) for name in now if now[name] != before.get(name)]
            self.perform("revise", by, note=_t("Đã đổi: %s.") % "; ".join(changed) if changed else "")

    def registering_people(self):
        return self.people_of(self.registered_side)

    def answering_people(self):
        return self.people_of(self.answering_side)

    def all_people(self):
        return self.registering_people() + self.answering_people()

    def own_people(self):
        """Of each side the school's own people, those above only for a school that has nobody: for what is no more than
        news to an office with a hundred schools."""
        schools = [getattr(self, f"{side}_school_id") for side in self.Side.values]
        own = [access.people_of(school_id=school) for school in schools]
        return [p for side, found in zip(self.Side.values, own, strict=True) for p in found or self.people_of(side)]

    def people_of(self, side):
        """Who acts for a side: those of the school if it has any, and of the unit it is under today."""
        if school := getattr(self, f"{side}_school"):
            return access.people_of(school_id=school.pk) + access.people_above(school)
        return access.people_of(district_id=getattr(self, f"{side}_district_id"))

    def before_action(self, name, by):
        if name in ("sign", "sign_outside"):
            self._prepare_signing(name)
        elif name == "confirm":
            self._keep(confirmed_hash=agreement_text.commitments_hash(self))

    def _prepare_signing(self, name):
        """Districts are kept as they were at signing, which may be long after the draft; a paper without a number gets
        the next one of its issuer; the text is frozen as it is signed."""
        if name == "sign" and self.confirmed_hash and self.confirmed_hash != agreement_text.commitments_hash(self):
            raise Refused(
                _t("Nội dung cam kết đã khác bản bên kia xác nhận. Hãy mở giao ước, sửa rồi gửi xác nhận lại.")
            )
        if self.supporting_school_id:
            self.place(self.signed_on)
        if name == "sign" and not self.number:
            self.number = self._next_number()
        self.set_keys()
        self._keep(
            **{name: getattr(self, name) for name in ("supporting_district", "supported_district", "umbrella")},
            number=self.number,
            search_key=self.search_key,
            frozen=agreement_text.text_of(self),
        )

    def _next_number(self):
        """ "05/BGN-PGDĐT": the next number of the issuer for papers of this kind in the year of signing."""
        symbol = getattr(self.programme, f"{self.kind}_symbol")

        def wording(number):
            return f"{number:02d}/{symbol}-{agreement_text.symbol_of(self.issuer)}"

        alike = self.alike_numbers()
        number = NumberSeries.objects.take(
            self.issuer, symbol, self.signed_on.year, lambda number: not alike.filter(number=wording(number)).exists()
        )
        return wording(number)

    def alike_numbers(self):
        """Other agreements that the same unit numbered in the year of this signing."""
        issued = Q()
        for side in self.Side.values:
            of_school = {f"{side}_school": self.issuer} if self.supporting_school_id else {f"{side}_school": None}
            of_unit = {} if self.supporting_school_id else {f"{side}_district": self.issuer}
            issued |= Q(registered_side=side, **of_school, **of_unit)
        return type(self).objects.filter(issued, signed_on__year=self.signed_on.year).exclude(pk=self.pk)

    def sign_at(self, ceremony, by, **given):
        """Sign at `ceremony`, on its day and at its place. Raises Refused."""
        self.signed_on, self.signed_at = ceremony.held_on, ceremony.held_at
        try:
            self.clean()
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
        self.perform("sign", by, ceremony=ceremony, signed_on=self.signed_on, signed_at=self.signed_at, **given)

    def same_number(self):
        """Agreements the same unit gave the same number in the same year; a paper may have been numbered by hand."""
        if not self.number or not self.signed_on:
            return type(self).objects.none()
        alike = self.alike_numbers().exclude(number="").values_list("pk", "number")
        return type(self).objects.filter(pk__in=[pk for pk, number in alike if fold(number) == fold(self.number)])

    def correct(self, by, **values):
        """Put right what is written of the signing (number, place, who signed); the commitments stay as signed."""
        before = {name: getattr(self, name) for name in values}
        changed = {name: value for name, value in values.items() if value != before[name]}
        if not changed:
            return
        with transaction.atomic():
            for name, value in changed.items():
                setattr(self, name, value)
            self.frozen = self.frozen and agreement_text.corrected(self.frozen, self)
            self.save()
            lines = [
                f"{self.label_of(name)}: {before[name] or '–'} → {value or '–'}" for name, value in changed.items()
            ]
            self.record_event("correct", by, note="\n".join(lines))

    def _keep(self, **values):
        type(self).objects.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            setattr(self, name, value)

    def after_action(self, name, by, scan=None, comments=None):
        from twinning import invitations  # it needs this model first

        if scan:
            AgreementDocument.keep(scan, by, agreement=self, kind=AgreementDocument.Kind.SIGNED)
        if name in ("sign", "sign_outside") and self.tier == self.Tier.DISTRICT:
            type(self).objects.filter(
                Q(supporting_district=self.supporting_district, supported_district=self.supported_district)
                | Q(supporting_district=self.supported_district, supported_district=self.supporting_district),
                programme=self.programme,
                tier__in=self.Tier.of_schools(),
                umbrella=None,
            ).update(umbrella=self)
        if name == "send":
            self.comments.answer()
        if name == "sign_outside":
            invitations.tell_of_unheard_side(self)
        else:
            invitations.tell_of_missing_side(self)
        for field, text in (comments or {}).items():
            self.comments.create(field=field, text=text, by=by)
