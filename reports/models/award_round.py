"""A round of awards (đợt xét khen): which forms there are to give and how many, from the call for nominations to the
decision."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from twinning import access, school_year, vietnamese
from twinning.access import ScopedQuerySet
from twinning.fields import NameField, ProseField
from twinning.life import Action, Event, LifeModel, Refused
from twinning.models import District, Programme
from twinning.models.programme import DEPARTMENT_STAFF
from twinning.vietnamese import number


class AwardRoundQuerySet(ScopedQuerySet):
    """Announced to the whole sector once it is open; before that it is the Department's own."""

    department_paths = ("programme__department",)
    is_directory = True
    editor_roles = DEPARTMENT_STAFF

    def visible_to(self, user):
        rounds = super().visible_to(user)
        keeps = access.seat(user) and access.is_of_department(user) and access.is_signer(user)
        return rounds if keeps else rounds.exclude(status=AwardRound.Status.PREPARING)

    def for_list(self):
        return self.select_related("programme__department")

    def taking(self):
        """Those that take nominations today."""
        return self.filter(status=AwardRound.Status.OPEN, due_on__gte=timezone.localdate())

    def overdue(self):
        """Those the Department has to bring forward: the last day of nominations or of comments is over."""
        running = self.filter(status__in=[AwardRound.Status.OPEN, AwardRound.Status.PUBLIC]).order_by("opens_on")
        return [award_round for award_round in running if not award_round.is_taking and not award_round.is_commented]


class AwardRound(LifeModel):
    """One round of one programme: of a school year, or of the whole phase when `school_year` is empty.

    The number of days of the public list and the share of votes are the Department's to set: no rule of law is built
    in (docs/decisions.md).
    """

    class Status(models.TextChoices):
        PREPARING = "preparing", _("đang chuẩn bị")
        OPEN = "open", _("đang nhận đề nghị")
        REVIEWING = "reviewing", _("Sở và hội đồng xét")
        PUBLIC = "public", _("công khai lấy ý kiến")
        DECIDED = "decided", _("đã có quyết định")
        CANCELLED = "cancelled", _("đã huỷ")

    ACTIONS = {
        "open": Action(
            slug="mo",
            label=_("Mở nhận đề nghị"),
            before=(Status.PREPARING,),
            after=Status.OPEN,
            who=access.keeps_awards,
            done=_("Đã mở. Các đơn vị lập đề nghị được từ hôm nay."),
            explain=_("Trường và Phòng thấy đợt này và lập đề nghị đến hết hạn. Hình thức, tiêu chí vẫn sửa được."),
            tells="offices",
            news=_("Sở đã mở {it}. Hãy xem điều kiện, hạn nộp và lập đề nghị."),
        ),
        "close": Action(
            slug="khoa-so",
            label=_("Khoá nhận đề nghị"),
            before=(Status.OPEN,),
            after=Status.REVIEWING,
            who=access.keeps_awards,
            done=_("Đã khoá. Đề nghị mới không gửi được nữa; Phòng vẫn xét tiếp đề nghị đã gửi."),
            explain=_("Đơn vị không gửi thêm được đề nghị. Mở lại được khi cần."),
        ),
        "reopen": Action(
            slug="mo-lai",
            label=_("Mở lại nhận đề nghị"),
            before=(Status.REVIEWING,),
            after=Status.OPEN,
            who=access.keeps_awards,
            asks=("due_on",),
            done=_("Đã mở lại đến hạn mới."),
            tone="quiet",
            tells="offices",
            news=_("Sở mở lại {it} với hạn mới."),
        ),
        "publish": Action(
            slug="cong-khai",
            label=_("Công khai danh sách"),
            before=(Status.REVIEWING,),
            after=Status.PUBLIC,
            who=access.keeps_awards,
            asks=("published_on",),
            done=_("Đã công khai danh sách để toàn ngành góp ý."),
            explain=_(
                "Đề nghị đủ phiếu của hội đồng lên danh sách công khai; đề nghị không đủ phiếu được ghi “không xét” "
                "kèm số phiếu. Mọi người của ngành xem và góp ý được đến hết thời gian công khai."
            ),
            tells="offices",
            news=_("Sở công khai danh sách của {it}. Hãy xem và góp ý."),
        ),
        "finish": Action(
            slug="xong",
            label=_("Đã quyết định xong"),
            before=(Status.PUBLIC,),
            after=Status.DECIDED,
            who=access.decides_awards,
            done=_("Mọi đề nghị đã có quyết định."),
        ),
        "cancel": Action(
            slug="huy",
            label=_("Huỷ đợt"),
            before=(Status.PREPARING, Status.OPEN, Status.REVIEWING, Status.PUBLIC),
            after=Status.CANCELLED,
            who=access.keeps_awards,
            asks=("note",),
            done=_("Đã huỷ đợt xét khen."),
            explain=_(
                "Đề nghị đã lập vẫn xem lại được, nhưng không đi tiếp. Khen thưởng đã quyết định thì giữ nguyên."
            ),
            tone="danger",
            tells="offices",
            news=_("Sở đã huỷ {it}."),
        ),
    }
    # It follows from the last decision.
    HIDDEN_ACTIONS = frozenset({"finish"})
    OTHER_EVENTS = {
        **LifeModel.OTHER_EVENTS,
        "offers": _("Sửa hình thức và chỉ tiêu"),
        "criteria": _("Sửa tiêu chí"),
        "meeting": _("Ghi biên bản hội đồng"),
        "decide": _("Ghi quyết định"),
    }

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="award_rounds", verbose_name=_("phong trào"))
    name = NameField(_("tên đợt"), max_length=200)
    school_year = models.PositiveSmallIntegerField(
        _("năm học"), null=True, blank=True, help_text=_("Bỏ trống: cả giai đoạn.")
    )
    opens_on = models.DateField(_("từ ngày"))
    due_on = models.DateField(_("hạn nộp đề nghị"))
    conditions = ProseField(
        _("điều kiện, tiêu chuẩn"),
        blank=True,
        help_text=_("Đơn vị đọc trước khi lập đề nghị; mỗi ý một dòng."),
    )
    exclusions = ProseField(
        _("trường hợp chưa xét"),
        blank=True,
        help_text=_("Ví dụ: tập thể, cá nhân đang trong thời gian xem xét kỷ luật."),
    )
    comment_days = models.PositiveSmallIntegerField(
        _("số ngày công khai"), default=7, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    pass_percent = models.PositiveSmallIntegerField(
        _("tỷ lệ phiếu đồng ý cần có (%)"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Trên tổng số thành viên hội đồng, theo quy chế của hội đồng."),
    )
    published_on = models.DateField(_("công khai từ ngày"), null=True, blank=True)
    is_invented = models.BooleanField(_("minh hoạ"), default=False)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PREPARING, db_index=True)

    history = HistoricalRecords()
    objects = AwardRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt xét khen")
        verbose_name_plural = _("đợt xét khen")
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="award_round_once",
                violation_error_message=_("Phong trào đã có đợt xét khen tên này. Hãy đặt tên khác."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opens_on")),
                name="award_round_due_after_opening",
                violation_error_message=_("Hạn nộp phải bằng hoặc sau ngày bắt đầu."),
            ),
            models.CheckConstraint(
                condition=Q(published_on__isnull=False) | ~Q(status__in=["public", "decided"]),
                name="award_round_public_has_day",
                violation_error_message=_("Danh sách công khai phải có ngày bắt đầu."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.published_on and self.published_on > timezone.localdate():
            raise ValidationError({"published_on": _t("Ngày công khai không thể sau hôm nay.")})
        if self.published_on and self.opens_on and self.published_on < self.opens_on:
            raise ValidationError({"published_on": _t("Ngày công khai không thể trước ngày mở đợt.")})

    def get_absolute_url(self):
        return reverse("awardround_detail", args=[self.pk])

    @property
    def department(self):
        return self.programme.department

    @property
    def time_label(self):
        """ "năm học 2024-2025" or "giai đoạn 2022–2025"."""
        if self.school_year is None:
            return _t("giai đoạn %s") % self.programme.phase
        return _t("năm học %s") % school_year.label(self.school_year)

    @property
    def time(self):
        """First and last day of the time the awards are for."""
        if self.school_year is None:
            return self.programme.starts_on, self.programme.ends_on
        return school_year.bounds(self.school_year)

    @property
    def comments_until(self):
        """Last day of the public list, counted from the day after it was published; None before."""
        return self.published_on and self.published_on + timedelta(days=self.comment_days)

    @property
    def is_taking(self):
        return self.status == self.Status.OPEN and timezone.localdate() <= self.due_on

    @property
    def is_commented(self):
        """Whether the list is open for comments today."""
        return self.status == self.Status.PUBLIC and timezone.localdate() <= self.comments_until

    @property
    def is_published(self):
        return self.status in (self.Status.PUBLIC, self.Status.DECIDED)

    @property
    def next_step(self):
        due, until = _day(self.due_on), _day(self.comments_until)
        return {
            self.Status.PREPARING: _t("Sở ghi hình thức, chỉ tiêu, tiêu chí rồi mở nhận đề nghị."),
            self.Status.OPEN: _t("Trường, Phòng lập đề nghị đến hết %s.") % due
            if self.is_taking
            else _t("Đã hết hạn %s: Sở khoá nhận đề nghị hoặc lùi hạn.") % due,
            self.Status.REVIEWING: _t("Sở chọn đề nghị trình hội đồng, ghi biên bản rồi công khai danh sách."),
            self.Status.PUBLIC: _t("Toàn ngành góp ý đến hết %s.") % until
            if self.is_commented
            else _t("Đã công khai đủ ngày: Sở ghi quyết định."),
        }.get(self.status, "")

    def is_open_to_edit(self):
        return self.status in (self.Status.PREPARING, self.Status.OPEN, self.Status.REVIEWING)

    def offices(self):
        """The people of every office of the Department in force, told of each step."""
        in_force = District.objects.filter(department=self.department).valid_on(timezone.localdate())
        return access.people_of_many(set(), set(in_force.values_list("pk", flat=True)))

    def before_action(self, name, by):
        if name == "open" and not self.offers.exists():
            raise Refused(_t("Đợt này chưa có hình thức khen nào. Hãy ghi hình thức và chỉ tiêu trước khi mở."))
        if name == "reopen" and self.due_on < timezone.localdate():
            raise Refused(_t("Hạn mới phải từ hôm nay trở đi."))
        if name == "publish":
            self._ready_to_publish()

    def _ready_to_publish(self):
        meeting = getattr(self, "meeting", None)
        if meeting is None:
            raise Refused(_t("Chưa có biên bản hội đồng. Hãy ghi biên bản và số phiếu trước khi công khai."))
        if self.published_on < meeting.held_on:
            raise Refused(
                _t("Hội đồng họp ngày %s nên danh sách không thể công khai trước ngày đó. Hãy ghi lại ngày công khai.")
                % vietnamese.day(meeting.held_on)
            )
        at_council = list(self.nominations.filter(status="council").select_related("offer", "school", "district"))
        if not at_council:
            raise Refused(_t("Chưa có đề nghị nào trình hội đồng. Hãy mở danh sách đề nghị và chọn trình hội đồng."))
        if unvoted := [nomination for nomination in at_council if nomination.votes_for is None]:
            raise Refused(
                _t("Còn %(n)s đề nghị chưa ghi số phiếu, như “%(one)s”. Hãy ghi đủ ở biên bản hội đồng.")
                % {"n": number(len(unvoted)), "one": unvoted[0].recipient}
            )
        passed = [nomination for nomination in at_council if nomination.passes(meeting)]
        if not passed:
            raise Refused(_t("Không đề nghị nào đủ phiếu, nên không có danh sách để công khai."))
        for offer in self.offers.all():
            if over := offer.over_most([nomination for nomination in passed if nomination.offer_id == offer.pk]):
                raise Refused(over)

    def after_action(self, name, by, **given):
        if name == "finish":
            for nomination in self.nominations.filter(status__in=["district", "department"]):
                nomination.perform("decline", by, note=_t("Đợt xét khen đã kết thúc."))
        if name == "publish":
            meeting = self.meeting
            for nomination in self.nominations.filter(status="council"):
                if nomination.passes(meeting):
                    nomination.perform("publish", by)
                else:
                    nomination.perform("decline", by, note=_t("Hội đồng không thông qua: %s.") % nomination.votes_label)

    def events_with_people(self):
        return self.events.select_related("by")


class AwardRoundEvent(Event):
    subject = models.ForeignKey(AwardRound, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên đợt xét khen")
        verbose_name_plural = _("việc trên đợt xét khen")


def _day(day):
    return vietnamese.day(day) if day else ""
