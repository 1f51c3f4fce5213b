"""A nomination for an award (đề nghị khen thưởng): from the unit that writes it to the decision."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from reports.models.award import Award, praise
from reports.models.award_offer import AwardOffer
from reports.models.award_round import AwardRound
from reports.models.nomination_life import ACTIONS, FORWARD, HIDDEN_ACTIONS, Status
from reports.models.recipient import Recipient
from twinning import access
from twinning.access import Role, ScopedQuerySet
from twinning.fields import KeyField, NameField, ProseField
from twinning.life import Event, LifeModel, Refused
from twinning.models import District, School
from twinning.vietnamese import number, same_key, search_key


class NominationQuerySet(ScopedQuerySet):
    """Of the unit that nominates and of those above it, once it is sent. Readers see published lists only."""

    department_paths = ("round__programme__department",)
    district_paths = (("school", "district"),)
    school_paths = ("school",)

    def visible_to(self, user):
        membership = access.seat(user)
        if membership is None or membership.role == Role.READER:
            return self.none()
        mine = super().visible_to(user)
        if membership.is_everywhere:
            return mine
        # What is still being written is of the unit that writes it.
        of_unit = Q(school=None) if membership.district_id else Q(school=membership.school_id)
        own = Q(is_by_department=True) if membership.department_id else of_unit & Q(is_by_department=False)
        return mine.filter(own | ~Q(status=Nomination.Status.DRAFT))

    def for_list(self):
        return self.select_related("round__programme__department", "offer", "school__district", "district__department")

    def alive(self):
        return self.exclude(status__in=Nomination.Status.over())

    def published(self):
        return self.filter(status__in=[Nomination.Status.PUBLISHED, Nomination.Status.AWARDED])

    def in_order(self):
        """As lists of a round print them: by form, collectives first, units in order of their names."""
        return self.order_by("offer", "kind", "district__sort_key", "school__sort_key", "rank", "pk")

    def waiting_for(self, user):
        """Those `user` has to finish (drafts and returned ones of a round that takes them), to review or to judge."""
        membership = access.seat(user)
        if membership is None or membership.is_everywhere or not access.is_recorder(user) | access.is_signer(user):
            return self.none()
        status = Nomination.Status
        open_rounds = AwardRound.objects.taking().order_by().values("pk")
        writing = Q(status__in=[status.DRAFT, status.RETURNED], round__in=open_rounds)
        running = Q(round__status__in=[AwardRound.Status.OPEN, AwardRound.Status.REVIEWING])
        by_unit = Q(is_by_department=False)
        if membership.school_id:
            return self.filter(writing, by_unit, school=membership.school_id)
        if membership.district_id:
            own = writing & by_unit & Q(school=None, district__in=access.offices_of(membership))
            below = running & Q(status=status.DISTRICT, school__in=access.schools_of(membership))
            return self.filter(own | below)
        waits = running & Q(status=status.DEPARTMENT) | writing & ~by_unit
        return self.filter(waits, round__programme__department=membership.department_id)


class Nomination(Recipient, LifeModel):
    """One unit or one person of a unit for one form of award. A person is of the staff: a name and a position, never
    a pupil. `district` is the unit above as it was when the nomination was written."""

    class Exclusion(models.TextChoices):
        DISCIPLINE = "discipline", _("đang trong thời gian xem xét kỷ luật hoặc thi hành kỷ luật")
        COMPLAINT = "complaint", _("có đơn thư đang được xem xét")
        SAME_ACHIEVEMENT = "same", _("đã được khen cho chính thành tích này")
        UNTRUE = "untrue", _("thành tích ghi chưa đúng thực tế")
        OTHER = "other", _("lý do khác")

    Status, ACTIONS, HIDDEN_ACTIONS, FORWARD = Status, ACTIONS, HIDDEN_ACTIONS, FORWARD
    OTHER_EVENTS = {**LifeModel.OTHER_EVENTS, "votes": _("Ghi phiếu của hội đồng")}

    round = models.ForeignKey(AwardRound, models.PROTECT, related_name="nominations", verbose_name=_("đợt xét khen"))
    offer = models.ForeignKey(AwardOffer, models.PROTECT, related_name="nominations", verbose_name=_("hình thức"))
    kind = models.CharField(_("đối tượng"), max_length=10, choices=Award.Kind)
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="nominations", verbose_name=_("trường")
    )
    district = models.ForeignKey(District, models.PROTECT, related_name="nominations", verbose_name=_("đơn vị quản lý"))
    full_name = NameField(_("họ và tên"), max_length=120, blank=True)
    position = NameField(_("chức vụ"), max_length=120, blank=True)
    achievement = ProseField(_("thành tích"), max_length=6000)
    citation = NameField(
        _("câu ghi trên giấy khen"),
        max_length=300,
        help_text=_("Một câu ngắn sau “Đã có thành tích”, ví dụ: giúp đỡ trường bạn ôn thi vào lớp 10."),
    )
    rank = models.PositiveSmallIntegerField(_("thứ tự ưu tiên"), null=True, blank=True)
    review = ProseField(_("nhận xét của đơn vị quản lý"), blank=True, max_length=2000)
    votes_for = models.PositiveSmallIntegerField(_("phiếu đồng ý"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("phiếu không đồng ý"), null=True, blank=True)
    # For the Department's eyes alone: a person's discipline is nobody else's business.
    exclusion = models.CharField(_("lý do loại trừ"), max_length=10, choices=Exclusion, blank=True)
    exclusion_note = ProseField(_("ghi chú của Sở"), blank=True, max_length=2000)
    submitted_on = models.DateField(_("ngày gửi"), null=True, blank=True, editable=False)
    # Proposed by the Department in the place of the unit.
    is_by_department = models.BooleanField(_("Sở lập thay"), default=False, editable=False)
    is_invented = models.BooleanField(_("minh hoạ"), default=False)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT, db_index=True)
    name_key = KeyField(max_length=150)
    search_key = KeyField()

    history = HistoricalRecords()
    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề nghị khen thưởng")
        verbose_name_plural = _("đề nghị khen thưởng")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="collective", full_name="", position="")
                | (Q(kind="individual") & ~Q(full_name="") & ~Q(position="")),
                name="nomination_recipient_fits_kind",
                violation_error_message=_(
                    "Đề nghị cá nhân cần họ tên và chức vụ; đề nghị tập thể thì không ghi tên người."
                ),
            ),
            *(
                models.UniqueConstraint(
                    fields=["offer", unit, "name_key"],
                    condition=Q(school__isnull=unit == "district") & ~Q(status__in=["dropped", "withdrawn"]),
                    name=f"nomination_of_{unit}_once",
                    violation_error_message=_("Đợt này đã có đề nghị hình thức này cho đúng người hoặc tập thể này."),
                )
                for unit in ("school", "district")
            ),
        ]

    def __str__(self):
        return f"{self.recipient} – {self.offer}"

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def set_keys(self):
        self.name_key = same_key(self.full_name) if self.full_name else ""
        self.search_key = search_key(self.full_name, self.unit, self.position, self.citation)

    def get_absolute_url(self):
        return reverse("nomination_detail", args=[self.pk])

    @property
    def programme(self):
        return self.round.programme

    @property
    def author(self):
        """Who writes it, in words."""
        return str(self.round.department) if self.is_by_department else self.unit

    @property
    def praise(self):
        return praise(self.citation)

    @property
    def recipient_line(self):
        return ", ".join(filter(None, [self.recipient, self.position]))

    @property
    def votes_label(self):
        """ "8/11 phiếu đồng ý"; empty before the vote."""
        if self.votes_for is None:
            return ""
        total = self.votes_for + (self.votes_against or 0)
        return _t("%(for)d/%(total)d phiếu đồng ý") % {"for": self.votes_for, "total": total}

    def passes(self, meeting):
        """Whether the votes for it reach the share of the council's members that the round asks for: 50 means more
        than half, any other share at least that much."""
        if self.votes_for is None:
            return False
        share, asked = self.votes_for * 100, self.round.pass_percent * meeting.members
        return share > asked if self.round.pass_percent == 50 else share >= asked

    @property
    def next_step(self):
        above = self.school.district.office if self.school_id else str(self.round.department)
        Status = self.Status
        own = (
            _t("%s sửa rồi gửi lại, khi đợt còn nhận đề nghị.")
            if self.status == Status.RETURNED
            else _t("%s viết xong rồi gửi.")
        )
        return {
            Status.DRAFT: own % self.author,
            Status.RETURNED: own % self.author,
            Status.DISTRICT: _t("%s xét, đề nghị lên Sở hoặc trả lại.") % above,
            Status.DEPARTMENT: _t("Sở chọn trình hội đồng, trả lại hoặc không xét."),
            Status.COUNCIL: _t("Hội đồng bỏ phiếu, Sở ghi biên bản rồi công khai."),
            Status.PUBLISHED: _t("Toàn ngành góp ý, rồi Sở ghi quyết định."),
        }.get(self.status, "")

    def is_open_to_edit(self):
        return self.status in (self.Status.DRAFT, self.Status.RETURNED) and self.round.is_taking

    # --- What speaks against it ---------------------------------------------------------------------------------------

    def remarks(self):
        """Sentences for who reviews: the same form twice, more than the quota of the unit."""
        from reports.awards.remarks import remarks_of  # it reads nominations, models must load first

        return remarks_of([self])[self.pk]

    def _over_district(self, extra=0):
        """A sentence when the office above has put forward more than its quota; those at the Department and further on
        count, and `extra` more."""
        most = self.offer.per_district(self.kind)
        if most is None:
            return ""
        forward = Nomination.objects.alive().filter(
            offer=self.offer_id,
            kind=self.kind,
            district=self.district_id,
            status__in=self.FORWARD,
            is_by_department=False,
        )
        n = forward.count()
        return self._beyond(n, most) if n + extra > most else ""

    def _beyond(self, n, most):
        return _t("%(unit)s đã đề nghị %(n)s %(form)s %(kind)s; chỉ tiêu của mỗi đơn vị trong đợt là %(most)s.") % {
            "unit": self.district.office,
            "n": number(n),
            "form": self.offer,
            "kind": self.get_kind_display(),
            "most": number(most),
        }

    def before_action(self, name, by):
        from reports.awards.remarks import awarded_before  # it reads nominations, models must load first

        if name in ("submit", "submit_office", "submit_for"):
            self._require_taking()
            if self.kind == Award.Kind.COLLECTIVE and (before := awarded_before([self]).get(self.pk)):
                raise Refused(
                    _t(
                        "%(unit)s đã được tặng %(form)s trong %(time)s (quyết định %(number)s). Hãy chọn hình thức "
                        "khác."
                    )
                    % {
                        "unit": self.unit,
                        "form": self.offer,
                        "time": self.round.time_label,
                        "number": before.decision_number,
                    }
                )
            self.submitted_on = timezone.localdate()
            Nomination.objects.filter(pk=self.pk).update(submitted_on=self.submitted_on)
        elif name in ("endorse", "shortlist", "return") and self.round.status not in (
            AwardRound.Status.OPEN,
            AwardRound.Status.REVIEWING,
        ):
            raise Refused(
                _t("Đợt xét khen đang “%s” nên không làm được việc này nữa.") % self.round.get_status_display()
            )
        if name in ("endorse", "submit_office"):
            # One after the other, so that two officers do not both take the last place.
            AwardOffer.objects.select_for_update().get(pk=self.offer_id)
            if over := self._over_district(extra=1):
                raise Refused(over + " " + _t("Hãy trả lại hoặc không xét bớt đề nghị khác trước."))

    def _require_taking(self):
        if not self.round.is_taking:
            raise Refused(_t("Đợt này không còn nhận đề nghị. Cần gửi thêm thì đề nghị Sở lùi hạn."))

    def people_of_the_unit(self):
        """Of a school those of the office above it, too."""
        return [*self.writing_people(), *(self.reviewing_people() if self.school_id else [])]

    def writing_people(self):
        return access.people_of(school_id=self.school_id, district_id=self.district_id)

    def reviewing_people(self):
        return access.people_above(self.school) if self.school_id else self.department_people()

    def department_people(self):
        return access.people_of(department_id=self.round.programme.department_id)


class NominationEvent(Event):
    subject = models.ForeignKey(Nomination, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên đề nghị khen")
        verbose_name_plural = _("việc trên đề nghị khen")


class NominationComment(models.Model):
    """What somebody of the sector says to a name on the public list; read by the Department and by who wrote it."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="comments", verbose_name=_("đề nghị"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người góp ý"))
    unit = models.CharField(_("đơn vị"), max_length=200)
    at = models.DateTimeField(_("lúc"), default=timezone.now)
    body = ProseField(_("ý kiến"), max_length=2000)

    class Meta:
        verbose_name = _("ý kiến về danh sách công khai")
        verbose_name_plural = _("ý kiến về danh sách công khai")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.by}: {self.body[:40]}"


# --- Many at once -----------------------------------------------------------------------------------------------------
