"""Amendments (phụ lục) of a signed agreement: proposed beside it, confirmed by both sides, merged on signing."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from twinning import access
from twinning.fields import ProseField
from twinning.life import Action, Event, LifeModel
from twinning.models.agreement import Agreement, Side
from twinning.models.party import OfAgreementQuerySet


class AmendmentQuerySet(OfAgreementQuerySet):
    def for_list(self):
        return self.select_related(
            "agreement__programme",
            "agreement__supporting_district",
            "agreement__supported_district",
            "agreement__supporting_school",
            "agreement__supported_school",
        )


class Amendment(LifeModel):
    """`base` is what the agreement said when the amendment was begun, `changes` what it shall say: {field: plain JSON
    value} of the fields of `agreement_text.AMENDABLE` that differ."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("nháp")
        WAITING = "waiting", _("chờ bên kia xác nhận")
        RETURNED = "returned", _("bị trả lại")
        CONFIRMED = "confirmed", _("đã xác nhận, chờ ký")
        SIGNED = "signed", _("đã ký")
        WITHDRAWN = "withdrawn", _("đã rút")

        @classmethod
        def open(cls):
            return [cls.DRAFT, cls.WAITING, cls.RETURNED, cls.CONFIRMED]

    ACTIONS = {
        "send": Action(
            slug="gui",
            label=_("Gửi bên kia xác nhận"),
            before=(Status.DRAFT, Status.RETURNED),
            after=Status.WAITING,
            who=access.registers_amendment,
            done=_("Đã gửi phụ lục. Bên kia được báo và sẽ xác nhận hoặc trả lại."),
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
        "return": Action(
            slug="tra-lai",
            label=_("Trả lại"),
            before=(Status.WAITING,),
            after=Status.RETURNED,
            who=access.answers_amendment,
            asks=("note",),
            done=_("Đã trả lại kèm lý do."),
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
            tone="danger",
            tells="answering_people",
            news=_("{by} đã rút “{it}”."),
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
        return _t("Phụ lục số %(n)d của giao ước %(pair)s") % {"n": self.position, "pair": self.agreement.pair}

    def get_absolute_url(self):
        return reverse("amendment_detail", args=[self.pk])

    @property
    def answering_side(self):
        return Side.SUPPORTED if self.registered_side == Side.SUPPORTING else Side.SUPPORTING

    @property
    def programme(self):
        return self.agreement.programme

    def is_open_to_edit(self):
        return self.status in (self.Status.DRAFT, self.Status.RETURNED)

    def registering_people(self):
        return self.agreement.people_of(self.registered_side)

    def answering_people(self):
        return self.agreement.people_of(self.answering_side)

    def all_people(self):
        return self.agreement.all_people()


class AmendmentEvent(Event):
    subject = models.ForeignKey(Amendment, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên phụ lục")
        verbose_name_plural = _("việc trên phụ lục")
