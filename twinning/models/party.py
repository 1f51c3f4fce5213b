"""Who stands beside the lead unit on each side of an agreement: member units, further signatories, the task force."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twinning.access import ScopedQuerySet
from twinning.fields import NameField
from twinning.models.agreement import Agreement, Side
from twinning.models.school import School
from twinning.models.unit import District


class OfAgreementQuerySet(ScopedQuerySet):
    """Rows of an agreement are read and written by its parties."""

    department_paths = ("agreement__programme__department",)
    district_paths = (
        ("agreement__supporting_school", "agreement__supporting_district"),
        ("agreement__supported_school", "agreement__supported_district"),
    )
    school_paths = ("agreement__supporting_school", "agreement__supported_school")
    read_only_school_paths = ("agreement__members__school",)
    read_only_district_paths = (("agreement__members__school", "agreement__members__district"),)


class AgreementMember(models.Model):
    """A further unit on one side, when the programme allows several (cụm trường). Its district is kept as it was when
    it joined."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="members", verbose_name=_("giao ước"))
    side = models.CharField(_("bên"), max_length=10, choices=Side)
    district = models.ForeignKey(
        District, models.PROTECT, related_name="agreement_memberships", verbose_name=_("đơn vị quản lý")
    )
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="agreement_memberships", verbose_name=_("trường")
    )

    objects = OfAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị cùng tham gia")
        verbose_name_plural = _("đơn vị cùng tham gia")
        ordering = ["side", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "school"],
                condition=Q(school__isnull=False),
                name="agreement_member_school_once",
                violation_error_message=_("Trường này đã có trong giao ước."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "district"],
                condition=Q(school=None),
                name="agreement_member_district_once",
                violation_error_message=_("Đơn vị này đã có trong giao ước."),
            ),
        ]

    def __str__(self):
        return str(self.school) if self.school_id else self.district.office

    @property
    def unit(self):
        return self.school or self.district


class Signatory(models.Model):
    """One who signs for a side beside its representative: the school's trade union, a member unit."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="further_signatories", verbose_name=_("giao ước")
    )
    side = models.CharField(_("bên"), max_length=10, choices=Side)
    organisation = NameField(_("tổ chức"), max_length=150, help_text=_("Công đoàn Trường …"))
    full_name = NameField(_("họ và tên"), max_length=120)
    position = NameField(_("chức vụ"), max_length=120)

    objects = OfAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("người cùng ký")
        verbose_name_plural = _("người cùng ký")
        ordering = ["side", "pk"]

    def __str__(self):
        return f"{self.full_name} ({self.organisation})"


class TaskForceMember(models.Model):
    """Of the joint task force (tổ công tác) that carries an agreement out."""

    class Duty(models.TextChoices):
        HEAD = "head", _("tổ trưởng")
        DEPUTY = "deputy", _("tổ phó")
        MEMBER = "member", _("tổ viên")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="task_force", verbose_name=_("giao ước"))
    side = models.CharField(_("bên"), max_length=10, choices=Side)
    full_name = NameField(_("họ và tên"), max_length=120)
    position = NameField(_("chức vụ, đơn vị"), max_length=150, blank=True)
    duty = models.CharField(_("nhiệm vụ"), max_length=6, choices=Duty, default=Duty.MEMBER)

    objects = OfAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("thành viên tổ công tác")
        verbose_name_plural = _("thành viên tổ công tác")
        ordering = ["side", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "side"],
                condition=Q(duty="head"),
                name="task_force_one_head",
                violation_error_message=_("Mỗi bên chỉ có một tổ trưởng."),
            )
        ]

    def __str__(self):
        return self.full_name
