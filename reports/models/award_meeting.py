"""The meeting of the council on awards."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from reports.models.award_round import AwardRound
from twinning import vietnamese
from twinning.fields import NameField, ProseField


class AwardMeeting(models.Model):
    """The meeting of the council, as its minutes (biên bản) tell: Decree 30/2020/NĐ-CP, Phụ lục III, Mẫu 1.9."""

    round = models.OneToOneField(AwardRound, models.CASCADE, related_name="meeting", verbose_name=_("đợt xét khen"))
    council = NameField(_("tên hội đồng"), max_length=200)
    number = NameField(_("số, ký hiệu biên bản"), max_length=60, blank=True)
    held_on = models.DateField(_("ngày họp"))
    starts_at = models.TimeField(_("bắt đầu lúc"))
    ends_at = models.TimeField(_("kết thúc lúc"))
    place = NameField(_("địa điểm"), max_length=200)
    members = models.PositiveSmallIntegerField(_("số thành viên hội đồng"), validators=[MinValueValidator(1)])
    present = models.PositiveSmallIntegerField(_("số thành viên dự họp"), validators=[MinValueValidator(1)])
    attendees = ProseField(_("thành phần tham dự"), help_text=_("Mỗi người một dòng: họ tên, chức vụ."))
    absent = ProseField(_("vắng mặt"), blank=True, help_text=_("Họ tên, lý do."))
    chair_name = NameField(_("chủ trì: họ tên"), max_length=120)
    chair_title = NameField(_("chủ trì: chức vụ"), max_length=120)
    secretary_name = NameField(_("thư ký: họ tên"), max_length=120)
    secretary_title = NameField(_("thư ký: chức vụ"), max_length=120)
    course = ProseField(_("diễn biến"), blank=True, help_text=_("Ý kiến trao đổi, mỗi ý một dòng."))
    updated_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("biên bản hội đồng")
        verbose_name_plural = _("biên bản hội đồng")
        constraints = [
            models.CheckConstraint(
                condition=Q(present__lte=F("members")),
                name="award_meeting_present_within_members",
                violation_error_message=_("Số thành viên dự họp không thể nhiều hơn số thành viên hội đồng."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="award_meeting_times_in_order",
                violation_error_message=_("Giờ kết thúc phải sau giờ bắt đầu."),
            ),
        ]

    def __str__(self):
        return f"{self.council}, {vietnamese.day(self.held_on)}"

    def clean(self):
        if self.held_on and self.held_on > timezone.localdate():
            raise ValidationError({"held_on": _t("Cuộc họp chưa diễn ra. Hãy ghi biên bản sau khi họp.")})
