"""What can happen to an agreement: its statuses, and the table of the ways between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.life import Action


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
