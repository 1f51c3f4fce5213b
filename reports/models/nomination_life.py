"""What can happen to a nomination: its statuses, and the table of the ways between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.life import Action


class Status(models.TextChoices):
    DRAFT = "draft", _("bản nháp")
    DISTRICT = "district", _("chờ Phòng xét")
    DEPARTMENT = "department", _("chờ Sở xét")
    COUNCIL = "council", _("trình hội đồng")
    PUBLISHED = "published", _("đang công khai")
    AWARDED = "awarded", _("đã khen")
    RETURNED = "returned", _("trả lại")
    DROPPED = "dropped", _("không xét")
    WITHDRAWN = "withdrawn", _("đã rút")

    @classmethod
    def over(cls):
        return [cls.DROPPED, cls.WITHDRAWN]


ACTIONS = {
    "submit": Action(
        slug="gui",
        label=_("Gửi đề nghị"),
        before=(Status.DRAFT, Status.RETURNED),
        after=Status.DISTRICT,
        who=access.submits_school_nomination,
        done=_("Đã gửi. Đơn vị quản lý sẽ xét rồi đề nghị lên Sở."),
        tells="reviewing_people",
        news=_("{by} gửi đề nghị khen {it}."),
    ),
    "submit_office": Action(
        slug="gui-so",
        label=_("Gửi đề nghị lên Sở"),
        before=(Status.DRAFT, Status.RETURNED),
        after=Status.DEPARTMENT,
        who=access.submits_office_nomination,
        done=_("Đã gửi lên Sở."),
        tells="department_people",
        news=_("{by} gửi đề nghị khen {it}."),
    ),
    "submit_for": Action(
        slug="dua-vao-xet",
        label=_("Đưa vào xét"),
        before=(Status.DRAFT,),
        after=Status.DEPARTMENT,
        who=access.submits_for_unit,
        done=_("Đã đưa vào danh sách chờ xét."),
        explain=_("Đề nghị do Sở lập không tính vào chỉ tiêu của đơn vị quản lý. Đơn vị được báo và đọc được."),
        tells="people_of_the_unit",
        news=_("{by} lập đề nghị khen {it} thay đơn vị."),
    ),
    "endorse": Action(
        slug="de-nghi",
        label=_("Đề nghị lên Sở"),
        before=(Status.DISTRICT,),
        after=Status.DEPARTMENT,
        who=access.reviews_nomination,
        asks=("rank", "review"),
        optional=("rank", "review"),
        done=_("Đã đề nghị lên Sở."),
        explain=_("Ghi thứ tự ưu tiên trong các đề nghị của đơn vị mình (1 là trước hết) và nhận xét, nếu có."),
        tells="writing_people",
        news=_("{by} đã xét và đề nghị lên Sở: {it}."),
    ),
    "shortlist": Action(
        slug="trinh-hoi-dong",
        label=_("Trình hội đồng"),
        before=(Status.DEPARTMENT,),
        after=Status.COUNCIL,
        who=access.judges_nomination,
        done=_("Đã đưa vào danh sách trình hội đồng."),
    ),
    "return": Action(
        slug="tra-lai",
        label=_("Trả lại"),
        before=(Status.DISTRICT, Status.DEPARTMENT),
        after=Status.RETURNED,
        who=access.sends_back_nomination,
        asks=("note",),
        done=_("Đã trả lại kèm ý kiến."),
        explain=_("Đơn vị xem ý kiến, sửa rồi gửi lại khi đợt còn nhận đề nghị."),
        tone="quiet",
        tells="writing_people",
        news=_("{by} trả lại đề nghị khen {it}. Xem ý kiến, sửa rồi gửi lại."),
    ),
    "decline": Action(
        slug="khong-xet",
        label=_("Không xét"),
        before=(Status.DISTRICT, Status.DEPARTMENT, Status.COUNCIL, Status.PUBLISHED),
        after=Status.DROPPED,
        who=access.returns_nomination,
        asks=("note",),
        done=_("Đã ghi không xét. Đơn vị đề nghị được báo kèm lý do."),
        explain=_("Đơn vị đề nghị đọc được lý do này."),
        tone="danger",
        tells="writing_people",
        news=_("Đề nghị khen {it} không được xét trong đợt này. Lý do ghi ở trang đề nghị."),
    ),
    # The unit reads this label too, so it says nothing of the reason.
    "exclude": Action(
        slug="loai-tru",
        label=_("Không xét (không nêu lý do)"),
        before=(Status.DEPARTMENT, Status.COUNCIL, Status.PUBLISHED),
        after=Status.DROPPED,
        who=access.judges_nomination,
        asks=("exclusion", "exclusion_note"),
        optional=("exclusion_note",),
        done=_("Đã ghi không xét. Lý do chỉ Sở đọc được."),
        explain=_("Đơn vị đề nghị chỉ thấy “không xét”; lý do và ghi chú dưới đây chỉ người của Sở đọc được."),
        tone="danger",
        tells="writing_people",
        news=_("Đề nghị khen {it} không được xét trong đợt này. Hãy liên hệ Sở nếu cần biết thêm."),
    ),
    "withdraw": Action(
        slug="rut",
        label=_("Rút đề nghị"),
        before=(
            Status.DRAFT,
            Status.RETURNED,
            Status.DISTRICT,
            Status.DEPARTMENT,
            Status.COUNCIL,
            Status.PUBLISHED,
        ),
        after=Status.WITHDRAWN,
        who=access.withdraws_nomination,
        asks=("note",),
        done=_("Đã rút đề nghị."),
        tone="danger",
        tells="reviewing_people",
        news=_("{by} đã rút đề nghị khen {it}."),
    ),
    "publish": Action(
        slug="len-danh-sach",
        label=_("Lên danh sách công khai"),
        before=(Status.COUNCIL,),
        after=Status.PUBLISHED,
        who=access.judges_nomination,
        done=_("Đã lên danh sách công khai."),
        tells="writing_people",
        news=_("{it} có tên trong danh sách công khai đề nghị khen thưởng."),
    ),
    "award": Action(
        slug="khen",
        label=_("Quyết định khen"),
        before=(Status.PUBLISHED,),
        after=Status.AWARDED,
        who=access.judges_nomination,
        done=_("Đã ghi quyết định."),
        tells="writing_people",
        news=_("{it} đã được khen thưởng. Chúc mừng!"),
    ),
}
# They follow from what is done with the round as a whole.
HIDDEN_ACTIONS = frozenset({"publish", "award"})
# Put forward by the office above, or by the Department in its place.
FORWARD = (Status.DEPARTMENT, Status.COUNCIL, Status.PUBLISHED, Status.AWARDED)
