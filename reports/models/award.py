"""Awards (khen thưởng): who was honoured in a programme, for what, by which decision, and whether it was revoked."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models.recipient import Recipient
from twinning import access, vietnamese
from twinning.access import ScopedQuerySet
from twinning.fields import KeyField, NameField, ProseField
from twinning.life import Action, Event, LifeModel
from twinning.models import District, Programme, School
from twinning.models.programme import DEPARTMENT_STAFF
from twinning.vietnamese import search_key


def praise(text):
    """ "Đã có thành tích giúp đỡ trường bạn": the first word loses its capital, unless it has several."""
    text = text.rstrip(". ")
    first, _space, rest = text.partition(" ")
    lowered = text if not rest or first.isupper() else f"{text[0].lower()}{text[1:]}"
    return f"Đã có thành tích {lowered}"


class AwardQuerySet(ScopedQuerySet):
    """Awards are announced to the whole sector, so everybody of the Department reads them; the Department writes."""

    department_paths = ("programme__department",)
    is_directory = True
    editor_roles = DEPARTMENT_STAFF

    def for_list(self):
        """The newest decision first; collectives before persons."""
        return self.select_related("programme", "school", "district").order_by("-decided_on", "kind", "pk")

    def standing(self):
        """Those that were not revoked."""
        return self.exclude(status=Award.Status.REVOKED)

    def of_school(self, school):
        return self.filter(school=school)

    def of_office(self, district):
        """Of the office itself and its people."""
        return self.filter(school=None, district=district)


class Award(Recipient, LifeModel):
    """One award of one recipient: a unit, or a person of a unit. `district` is the unit above as it was then; without a
    school the office itself (or one of its people) is honoured. One that was revoked stays in the book and says so."""

    class Kind(models.TextChoices):
        COLLECTIVE = "collective", _("tập thể")
        INDIVIDUAL = "individual", _("cá nhân")

    class Form(models.TextChoices):
        MERIT = "giay_khen", _("giấy khen")
        COMMENDATION = "bang_khen", _("bằng khen")
        LETTER = "thu_khen", _("thư khen")

    class Status(models.TextChoices):
        GIVEN = "given", _("đã khen")
        REVOKED = "revoked", _("đã huỷ bỏ")

    ACTIONS = {
        "revoke": Action(
            slug="huy-bo",
            label=_("Huỷ bỏ quyết định khen"),
            before=(Status.GIVEN,),
            after=Status.REVOKED,
            who=access.revokes_award,
            asks=("revoked_on", "revoked_number", "revoked_signer", "revoked_reason"),
            optional=("revoked_number",),
            done=_("Đã ghi quyết định huỷ bỏ. Khen thưởng này ở lại sổ với chữ “đã huỷ bỏ”."),
            explain=_(
                "Khen thưởng không mất khỏi sổ: ghi “đã huỷ bỏ” kèm số và ngày quyết định huỷ bỏ, không in giấy khen, "
                "không vào báo cáo nữa. Đơn vị được báo. Lý do chỉ người của Sở đọc được. Việc này không làm lại được."
            ),
            tone="danger",
            tells="writing_people",
            news=_("Quyết định khen {it} đã được huỷ bỏ. Số và ngày quyết định huỷ bỏ ghi ở trang khen thưởng."),
        ),
    }

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="awards", verbose_name=_("phong trào"))
    kind = models.CharField(_("đối tượng"), max_length=10, choices=Kind)
    form = models.CharField(_("hình thức"), max_length=10, choices=Form, default=Form.MERIT)
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="awards", verbose_name=_("trường")
    )
    district = models.ForeignKey(District, models.PROTECT, related_name="awards", verbose_name=_("đơn vị quản lý"))
    full_name = NameField(_("họ và tên"), max_length=120, blank=True)
    position = NameField(_("chức vụ"), max_length=120, blank=True)
    achievement = ProseField(_("thành tích"))
    decision_number = NameField(_("quyết định số"), max_length=60)
    decided_on = models.DateField(_("ngày quyết định"))
    issuer = NameField(_("cấp khen thưởng"), max_length=150)
    # Its number in the book of awards (sổ khen thưởng) of the year, when the portal keeps the book.
    book_number = models.PositiveIntegerField(_("số sổ"), null=True, blank=True)
    citation = NameField(_("câu ghi trên giấy khen"), max_length=300, blank=True)
    decision = models.ForeignKey(
        "reports.AwardDecision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="awards",
        verbose_name=_("quyết định của đợt"),
    )
    # One nomination is awarded once, whoever presses twice.
    nomination = models.OneToOneField(
        "reports.Nomination", models.PROTECT, null=True, blank=True, related_name="award", verbose_name=_("đề nghị")
    )
    source_note = NameField(_("nguồn"), max_length=250, blank=True)
    is_invented = models.BooleanField(_("minh hoạ"), default=False)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.GIVEN, db_index=True)
    revoked_on = models.DateField(_("ngày quyết định huỷ bỏ"), null=True, blank=True)
    revoked_number = NameField(
        _("quyết định huỷ bỏ số"),
        max_length=60,
        blank=True,
        help_text=_(
            "Bỏ trống: cổng cấp số tiếp theo của Sở. Một quyết định huỷ bỏ nhiều khen thưởng: từ cái thứ hai, gõ lại "
            "số ấy."
        ),
    )
    revoked_signer = NameField(_("người ký quyết định huỷ bỏ"), max_length=250, blank=True)
    # For the Department's eyes alone, as the reason of an exclusion is.
    revoked_reason = ProseField(_("lý do huỷ bỏ"), blank=True, max_length=2000)
    search_key = KeyField()

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("khen thưởng")
        verbose_name_plural = _("khen thưởng")
        ordering = ["-decided_on", "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="revoked") | (Q(revoked_on__isnull=False) & ~Q(revoked_number="")),
                name="award_revoked_by_a_decision",
                violation_error_message=_("Huỷ bỏ khen thưởng phải có số và ngày quyết định."),
            ),
            models.CheckConstraint(
                condition=Q(kind="collective", full_name="", position="") | (Q(kind="individual") & ~Q(full_name="")),
                name="award_recipient_fits_kind",
                violation_error_message=_("Khen cá nhân cần họ và tên; khen tập thể thì không ghi tên người."),
            ),
            models.UniqueConstraint(
                fields=["programme", "decision_number", "form", "school", "full_name"],
                condition=Q(school__isnull=False),
                name="award_of_school_once",
                violation_error_message=_("Quyết định này đã khen người hoặc tập thể này rồi."),
            ),
            models.UniqueConstraint(
                fields=["programme", "decision_number", "form", "district", "full_name"],
                condition=Q(school=None),
                name="award_of_office_once",
                violation_error_message=_("Quyết định này đã khen người hoặc tập thể này rồi."),
            ),
        ]

    def __str__(self):
        return self.recipient

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("award_detail", args=[self.pk])

    def clean(self):
        if self.revoked_on and self.revoked_on > timezone.localdate():
            raise ValidationError({"revoked_on": _t("Ngày quyết định huỷ bỏ không thể sau hôm nay.")})
        if self.revoked_on and self.revoked_on < self.decided_on:
            raise ValidationError(
                {"revoked_on": _t("Không thể trước ngày quyết định khen, %s.") % vietnamese.day(self.decided_on)}
            )

    def before_action(self, name, by):
        from reports.awards.decision import enter_revocation  # it reads awards, models must load first

        self.revoked_number = enter_revocation(self)

    def writing_people(self):
        return access.people_of(school_id=self.school_id, district_id=self.district_id)

    @property
    def is_revoked(self):
        return self.status == self.Status.REVOKED

    def set_keys(self):
        self.search_key = search_key(self.full_name, self.unit, self.decision_number, self.achievement)

    @property
    def praise(self):
        """What a certificate says: of an award without a sentence of its own, its achievement."""
        return praise(self.citation or self.achievement)


class AwardEvent(Event):
    subject = models.ForeignKey(Award, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên khen thưởng")
        verbose_name_plural = _("việc trên khen thưởng")
