"""What a person may do, where and when. Rights belong to the seat, not to the person."""

from functools import partial

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.access import Role
from twinning.fields import NameField
from twinning.models.school import School
from twinning.models.unit import Department, District, valid_on

DEPARTMENT_ROLES = [Role.DEPARTMENT, Role.LEADER]
SCHOOL_ROLES = [Role.PRINCIPAL, Role.CLERK]


class MembershipQuerySet(models.QuerySet):
    def in_force(self, day=None):
        day = day or timezone.localdate()
        return self.filter(valid_on(day))

    def current(self):
        """In force, or to be: what has not ended yet."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()))

    def acting(self):
        """Seats in force of people who can do something: no readers, no closed accounts, nobody who has neither a
        password nor an address to get one by (accounts a reform made for new units)."""
        unreachable = Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX, user__email=None)
        return self.in_force().filter(user__is_active=True).exclude(role=Role.READER).exclude(unreachable)

    def with_units(self):
        """With every unit a seat needs, in a steady order."""
        return self.select_related("department", "district__department", "school__district__department").order_by("pk")


class Membership(models.Model):
    """One role of one person in one unit, from – to, by a decision."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("người")
    )
    role = models.CharField(_("vai trò"), max_length=12, choices=Role)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("Sở"))
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, verbose_name=_("phòng"))
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, verbose_name=_("trường"))
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    decision_number = NameField(_("quyết định số"), max_length=60, blank=True)
    # An invitation: until the person has signed in, the seat shows the name that was typed, so that nobody learns whose
    # an address is, or whether it has an account.
    invited_name = NameField(_("tên ghi khi mời"), max_length=120, blank=True, editable=False)
    invited_at = models.DateTimeField(_("mời lúc"), null=True, blank=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("người mời"),
        related_name="+",
    )
    taken_at = models.DateTimeField(_("nhận lúc"), null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("vai trò tại đơn vị")
        verbose_name_plural = _("vai trò tại đơn vị")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(role=Role.ADMIN, department=None, district=None, school=None)
                    | Q(role__in=[*DEPARTMENT_ROLES, Role.READER], department__isnull=False, district=None, school=None)
                    | Q(role__in=[Role.DISTRICT, Role.READER], department=None, district__isnull=False, school=None)
                    | Q(role__in=[*SCHOOL_ROLES, Role.READER], department=None, district=None, school__isnull=False)
                ),
                name="membership_unit_fits_role",
                violation_error_message=_("Vai trò và đơn vị không khớp: chọn đúng một đơn vị hợp với vai trò."),
            )
        ]

    def __str__(self):
        return f"{self.get_role_display()} – {self.unit_name}"

    def get_absolute_url(self):
        """The page of its unit."""
        return getattr(self.unit, "get_absolute_url", partial(reverse, "dashboard"))()

    @property
    def is_pending(self):
        """Invited and not signed in since; given by a list and never signed in."""
        return self.taken_at is None if self.invited_at else self.user.last_login is None

    @property
    def shown_name(self):
        return self.invited_name if self.invited_at and self.taken_at is None else str(self.user)

    @property
    def unit(self):
        return self.school or self.district or self.department

    @property
    def unit_name(self):
        if self.school_id:
            return self.school.name
        if self.district_id:
            return self.district.office
        return str(self.department) if self.department_id else _("Toàn hệ thống")

    @property
    def is_everywhere(self):
        return self.role == Role.ADMIN

    @property
    def home_department_id(self):
        if self.school_id:
            return self.school.district.department_id
        return self.district.department_id if self.district_id else self.department_id
