"""What can happen to a report: its statuses, and the table of the ways between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.life import Action


class Status(models.TextChoices):
    DRAFTING = "drafting", _("đang soạn")
    SUBMITTED = "submitted", _("đã trình, chờ duyệt")
    RETURNED = "returned", _("trả lại")
    APPROVED = "approved", _("đã duyệt, chờ ban hành")
    ISSUED = "issued", _("đã ban hành")
    NIL = "nil", _("không phát sinh")
    EXEMPT = "exempt", _("được miễn")
    REPLACED = "replaced", _("đã thay thế")

    @classmethod
    def open(cls):
        """While people write."""
        return [cls.DRAFTING, cls.RETURNED]

    @classmethod
    def settled(cls):
        """The level above has nothing to wait for any more."""
        return [cls.APPROVED, cls.ISSUED, cls.NIL, cls.EXEMPT, cls.REPLACED]

    @classmethod
    def handed_in(cls):
        """The unit has done its part."""
        return [cls.SUBMITTED, cls.APPROVED, cls.ISSUED, cls.NIL, cls.REPLACED]


ACTIONS = {
    "submit": Action(
        slug="trinh",
        label=_("Trình duyệt"),
        before=(Status.DRAFTING, Status.RETURNED),
        after=Status.SUBMITTED,
        who=access.signs_report,
        done=_("Đã trình. Số liệu được chốt tại thời điểm này."),
        explain=_("Số liệu và lời văn được chốt; muốn sửa phải rút lại hoặc được cấp trên trả lại."),
        tells="reviewing_people",
        news=_("{by} đã trình {it}, chờ duyệt."),
    ),
    "nil": Action(
        slug="khong-phat-sinh",
        label=_("Báo cáo không phát sinh"),
        before=(Status.DRAFTING, Status.RETURNED),
        after=Status.NIL,
        who=access.signs_report,
        done=_("Đã báo cáo không phát sinh."),
        explain=_(
            "Dùng khi đơn vị không có hoạt động, hỗ trợ nào trong kỳ. "
            "Cấp trên vẫn có thể trả lại để đơn vị viết báo cáo."
        ),
        tone="quiet",
        tells="reviewing_people",
        news=_("{by}: {it} – không phát sinh."),
    ),
    "withdraw": Action(
        slug="rut-lai",
        label=_("Rút lại để sửa"),
        before=(Status.SUBMITTED,),
        after=Status.DRAFTING,
        who=access.signs_report,
        done=_("Đã rút lại. Sửa xong, hãy trình lại."),
        explain=_("Số liệu đã chốt được bỏ; khi trình lại, cổng chốt số liệu mới."),
        tone="quiet",
        tells="reviewing_people",
        news=_("{by} rút lại {it} để sửa."),
    ),
    "return": Action(
        slug="tra-lai",
        label=_("Trả lại"),
        before=(Status.SUBMITTED, Status.APPROVED, Status.NIL),
        after=Status.RETURNED,
        who=access.reviews_report,
        asks=("note",),
        done=_("Đã trả lại kèm ý kiến."),
        explain=_("Đơn vị nhận ý kiến, sửa rồi trình lại. Có ý kiến ở mục nào thì chỉ mục đó mở lại để sửa."),
        tone="danger",
        tells="writing_people",
        news=_("{by} trả lại {it}. Xem ý kiến, sửa rồi trình lại."),
    ),
    "approve": Action(
        slug="duyet",
        label=_("Duyệt"),
        before=(Status.SUBMITTED,),
        after=Status.APPROVED,
        who=access.reviews_report,
        done=_("Đã duyệt. Đơn vị có thể ban hành báo cáo."),
        tells="writing_people",
        news=_("{by} đã duyệt {it}; đơn vị có thể ban hành."),
    ),
    "issue": Action(
        slug="ban-hanh",
        label=_("Ban hành"),
        before=(Status.APPROVED,),
        after=Status.ISSUED,
        who=access.signs_report,
        asks=("number", "issued_on", "signer_title", "signer_name", "recipients"),
        optional=("number", "recipients"),
        done=_("Đã ban hành và vào sổ văn bản đi. Hãy tạo bản PDF chính thức."),
        explain=_(
            "Bỏ trống số thì cổng cấp số tiếp theo trong sổ văn bản đi. "
            "Sau khi ban hành, báo cáo không thay đổi được nữa."
        ),
        tells="reviewing_people",
        news=_("{by} đã ban hành {it}."),
    ),
    "correct": Action(
        slug="thay-the",
        label=_("Lập bản thay thế"),
        before=(Status.ISSUED,),
        after=None,
        who=access.signs_report,
        asks=("note",),
        done=_("Đã lập bản thay thế từ bản đã ban hành. Bản cũ vẫn có hiệu lực tới khi bản mới được ban hành."),
        explain=_("Văn bản đã ban hành sai nội dung thì thay bằng văn bản mới cùng hình thức (NĐ 30/2020, Điều 18.3)."),
        tone="quiet",
    ),
    "replace": Action(
        slug="bi-thay-the",
        label=_("Được thay thế"),
        before=(Status.ISSUED,),
        after=Status.REPLACED,
        who=access.the_portal,
        done="",
    ),
    "exempt": Action(
        slug="mien",
        label=_("Miễn báo cáo"),
        before=(Status.DRAFTING, Status.RETURNED),
        after=Status.EXEMPT,
        who=access.exempts_from_report,
        asks=("note",),
        done=_("Đã miễn báo cáo kỳ này."),
        explain=_("Đơn vị không phải báo cáo kỳ này nữa; lý do được ghi lại và đơn vị được báo."),
        tone="quiet",
        tells="writing_people",
        news=_("{by}: {it} được miễn."),
    ),
    "resume": Action(
        slug="bo-mien",
        label=_("Bỏ miễn"),
        before=(Status.EXEMPT,),
        after=Status.DRAFTING,
        who=access.exempts_from_report,
        done=_("Đơn vị lại phải báo cáo kỳ này."),
        tone="quiet",
        tells="writing_people",
        news=_("{by} bỏ miễn: cần nộp {it}."),
    ),
    # The lock after the last day (ReportingPeriod.locks): asked for by the unit, opened unit by unit.
    "ask_unlock": Action(
        slug="xin-mo-khoa",
        label=_("Gửi yêu cầu mở khoá"),
        before=(Status.DRAFTING,),
        after=None,
        who=access.asks_to_unlock_report,
        asks=("note",),
        done=_("Đã gửi yêu cầu mở khoá. Khi Sở đồng ý, thầy/cô sẽ nhận thông báo."),
        explain=_("Kỳ báo cáo đã khoá vì quá hạn nộp. Ghi lý do chậm và ngày dự kiến nộp."),
        tells="department_people",
        news=_("{by} xin mở khoá {it}."),
    ),
    "unlock": Action(
        slug="mo-khoa",
        label=_("Mở khoá"),
        before=(Status.DRAFTING,),
        after=None,
        who=access.unlocks_report,
        asks=("unlocked_until",),
        done=_("Đã mở khoá cho đơn vị tới hết ngày đã chọn."),
        explain=_("Chỉ đơn vị này được nộp muộn, tới hết ngày ghi dưới đây."),
        tells="writing_people",
        news=_("{by} mở khoá {it}; hãy nộp đúng ngày đã hẹn."),
    ),
    "refuse_unlock": Action(
        slug="khong-mo-khoa",
        label=_("Không mở khoá"),
        before=(Status.DRAFTING,),
        after=None,
        who=access.answers_unlock_request,
        asks=("note",),
        done=_("Đã trả lời đơn vị."),
        tone="danger",
        tells="writing_people",
        news=_("{by} không mở khoá {it}. Xem lý do trong Quá trình."),
    ),
}
# What only the portal does has no page.
HIDDEN_ACTIONS = frozenset({"replace"})
