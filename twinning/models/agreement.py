"""Agreements (giao ước) between two districts or two schools: what is written in them, and who the parties are."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from twinning import access, lens, school_year, vietnamese
from twinning.fields import KeyField, NameField, ProseField
from twinning.life import Event
from twinning.models.agreement_life import AgreementLife
from twinning.models.agreement_rows import AgreementQuerySet
from twinning.models.ceremony import Ceremony
from twinning.models.programme import ContentArea, Programme, Subject
from twinning.models.school import School, SchoolManagement
from twinning.models.unit import District
from twinning.vietnamese import search_key


class Side(models.TextChoices):
    SUPPORTING = "supporting", _("bên hỗ trợ")
    SUPPORTED = "supported", _("bên được hỗ trợ")


class Agreement(AgreementLife):
    """Two parties, what they promise each other, and until when. Districts are kept as they were at signing."""

    class Tier(models.TextChoices):
        DISTRICT = "district", _("Phòng – Phòng")
        SCHOOL = "school", _("Trường – trường")
        SUBJECT = "subject", _("Bộ môn – bộ môn")

        @classmethod
        def of_schools(cls):
            """Tiers whose parties are schools (of the subject tier: their groups of one subject)."""
            return [cls.SCHOOL, cls.SUBJECT]

    class Kind(models.TextChoices):
        PLEDGE = "pledge", _("giao ước")
        JOINT_PLAN = "joint_plan", _("kế hoạch phối hợp")
        MOU = "mou", _("bản ghi nhớ")

    class Direction(models.TextChoices):
        ONE_WAY = "one_way", _("một chiều")
        MUTUAL = "mutual", _("hai chiều")

    Side = Side

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="agreements", verbose_name=_("phong trào"))
    tier = models.CharField(_("cấp"), max_length=10, choices=Tier)
    kind = models.CharField(_("loại văn bản"), max_length=10, choices=Kind, default=Kind.PLEDGE)
    subject = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("bộ môn")
    )
    umbrella = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="covered",
        verbose_name=_("thuộc giao ước Phòng – Phòng"),
    )
    supporting_district = models.ForeignKey(
        District, models.PROTECT, related_name="agreements_supporting", verbose_name=_("phòng hỗ trợ")
    )
    supported_district = models.ForeignKey(
        District, models.PROTECT, related_name="agreements_supported", verbose_name=_("phòng được hỗ trợ")
    )
    supporting_school = models.ForeignKey(
        School,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements_supporting",
        verbose_name=_("trường hỗ trợ"),
    )
    supported_school = models.ForeignKey(
        School,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements_supported",
        verbose_name=_("trường được hỗ trợ"),
    )
    registered_side = models.CharField(_("bên đăng ký"), max_length=10, choices=Side, default=Side.SUPPORTING)
    direction = models.CharField(_("chiều hỗ trợ"), max_length=8, choices=Direction, default=Direction.MUTUAL)
    objectives = ProseField(_("mục tiêu, nội dung chung"), blank=True)
    supporting_contents = ProseField(_("bên hỗ trợ cam kết"), blank=True)
    supported_contents = ProseField(_("bên được hỗ trợ cam kết"), blank=True)
    content_areas = models.ManyToManyField(ContentArea, blank=True, verbose_name=_("nội dung phối hợp"))
    starts_on = models.DateField(_("thực hiện từ ngày"))
    ends_on = models.DateField(_("đến hết ngày"))
    number = NameField(_("số, ký hiệu"), max_length=60, blank=True)
    signed_on = models.DateField(_("ngày ký"), null=True, blank=True)
    signed_at = NameField(_("nơi ký"), max_length=150, blank=True)
    supporting_signatory = NameField(_("người ký bên hỗ trợ"), max_length=120, blank=True)
    supporting_position = NameField(_("chức vụ người ký bên hỗ trợ"), max_length=120, blank=True)
    supported_signatory = NameField(_("người ký bên được hỗ trợ"), max_length=120, blank=True)
    supported_position = NameField(_("chức vụ người ký bên được hỗ trợ"), max_length=120, blank=True)
    ended_on = models.DateField(_("ngày thanh lý"), null=True, blank=True)
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewals", verbose_name=_("gia hạn giao ước")
    )
    ceremony = models.ForeignKey(
        Ceremony, models.SET_NULL, null=True, blank=True, related_name="agreements", verbose_name=_("lễ ký kết")
    )
    # What the other side agreed to (twinning.agreement_text.commitments, hashed), and the whole text as it was signed.
    confirmed_hash = models.CharField(max_length=64, blank=True, editable=False)
    frozen = models.JSONField(null=True, blank=True, editable=False)
    status = models.CharField(
        _("tình trạng"), max_length=10, choices=AgreementLife.Status, default=AgreementLife.Status.DRAFT, db_index=True
    )
    source_note = NameField(_("nguồn"), max_length=250, blank=True)
    is_invented = models.BooleanField(_("cặp minh hoạ"), default=False)
    search_key = KeyField()
    # The two parties in either order, for "one open agreement of a pair".
    pair_key = KeyField(max_length=50)

    history = HistoricalRecords(excluded_fields=["frozen"])
    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("giao ước")
        verbose_name_plural = _("giao ước")
        ordering = ["-signed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(tier="district", supporting_district=F("supported_district")),
                name="agreement_two_districts",
                violation_error_message=_(
                    "Một phòng không thể kết nghĩa với chính mình. Hãy chọn phòng khác ở một bên."
                ),
            ),
            models.CheckConstraint(
                condition=Q(supporting_school=None) | ~Q(supporting_school=F("supported_school")),
                name="agreement_two_schools",
                violation_error_message=_(
                    "Một trường không thể kết nghĩa với chính mình. Hãy chọn trường khác ở một bên."
                ),
            ),
            models.CheckConstraint(
                condition=Q(tier="district", supporting_school=None, supported_school=None)
                | Q(tier__in=["school", "subject"], supporting_school__isnull=False, supported_school__isnull=False),
                name="agreement_parties_fit_tier",
                violation_error_message=_(
                    "Giao ước trường – trường và bộ môn – bộ môn cần trường ở cả hai bên; "
                    "giao ước Phòng – Phòng thì không."
                ),
            ),
            models.CheckConstraint(
                condition=Q(tier="subject", subject__isnull=False) | (~Q(tier="subject") & Q(subject=None)),
                name="agreement_subject_fits_tier",
                violation_error_message=_("Giao ước bộ môn cần chọn bộ môn; giao ước cấp khác thì không."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="agreement_dates_in_order",
                violation_error_message=_("Ngày kết thúc phải bằng hoặc sau ngày bắt đầu."),
            ),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=False) | ~Q(status__in=["signed", "expired", "ended"]),
                name="agreement_signed_has_day",
                violation_error_message=_("Giao ước đã ký phải có ngày ký."),
            ),
            models.UniqueConstraint(
                fields=["programme", "pair_key"],
                condition=Q(status__in=["draft", "waiting", "returned", "confirmed", "signed"]),
                name="agreement_once_per_pair",
                violation_error_message=_(
                    "Hai đơn vị này đã có một giao ước đang lập hoặc đang hiệu lực. "
                    "Hãy mở giao ước đó thay vì lập thêm."
                ),
            ),
            models.UniqueConstraint(
                fields=["renews"],
                condition=Q(renews__isnull=False) & ~Q(status="withdrawn"),
                name="agreement_renewed_once",
                violation_error_message=_("Giao ước này đã được gia hạn; hãy mở bản gia hạn đó."),
            ),
        ]

    def __str__(self):
        return self.pair

    @classmethod
    def tiers_open_to(cls, user, programme):
        """The tiers at which `user` may register a pair in `programme` (or None): a school only its own."""
        if programme is None or not access.is_recorder(user):
            return []
        offered = {
            cls.Tier.DISTRICT: programme.has_district_tier and not access.seat(user).school_id,
            cls.Tier.SCHOOL: programme.has_school_tier,
            cls.Tier.SUBJECT: programme.has_subject_tier,
        }
        return [tier for tier, is_offered in offered.items() if is_offered]

    def clean(self):
        self.pair_key = self._pair_key()
        errors = {}
        if self.starts_on and self.ends_on and self.programme_id:
            for field in ("starts_on", "ends_on"):
                if outside := self.programme.outside(getattr(self, field)):
                    errors[field] = outside
        if self.signed_on and self.ends_on and self.signed_on > self.ends_on:
            errors["signed_on"] = _t("Ngày ký không thể sau ngày giao ước kết thúc.")
        elif self.signed_on and self.programme_id and not self.programme.covers(self.signed_on):
            errors["signed_on"] = _t("Ngày ký phải nằm trong thời gian của phong trào.")
        if self.ended_on and self.signed_on and not self.signed_on <= self.ended_on <= self.ends_on:
            errors["ended_on"] = _t("Ngày thanh lý phải từ ngày ký đến ngày giao ước kết thúc.")
        errors = self._absent_parties() | self._uncovered_levels() | self._led_by_members() | errors
        if self.renews_id and self.starts_on and self.starts_on <= self.renews.last_day:
            errors["starts_on"] = _t("Giao ước cũ còn hiệu lực đến hết %s; bản gia hạn phải bắt đầu sau ngày đó.") % (
                vietnamese.day(self.renews.last_day)
            )
        if errors:
            raise ValidationError(errors)

    def _uncovered_levels(self):
        """{field: message} for schools of a level that does not take part in the programme."""
        levels = self.programme.school_levels if self.programme_id else []
        named = ((side, getattr(self, f"{side}_school")) for side in Side.values)
        return {
            f"{side}_school": _t("%(school)s thuộc cấp %(level)s, cấp học này không kết nghĩa trong phong trào.")
            % {"school": school, "level": school.get_level_display()}
            for side, school in named
            if school and levels and school.level not in levels
        }

    def _led_by_members(self):
        """{field: message} for leads that take part as a further unit already."""
        unit = "district" if self.tier == self.Tier.DISTRICT else "school"
        members = set(self.members.values_list(f"{unit}_id", flat=True)) if self.pk else set()
        leads = {f"{side}_{unit}": getattr(self, f"{side}_{unit}_id") for side in Side.values}
        text = _t("Đơn vị này đang là đơn vị cùng tham gia giao ước; hãy bỏ nó ở trang “Các bên” trước.")
        return {field: text for field, pk in leads.items() if pk in members}

    def _absent_parties(self):
        """{field: message} for districts that were not there on the day of signing, or on the first day of a draft."""
        day = self.signed_on or self.starts_on
        if self.tier != self.Tier.DISTRICT or day is None:
            return {}
        named = [side for side in self.Side.values if getattr(self, f"{side}_district_id")]
        absences = {side: getattr(self, f"{side}_district").absence(day) for side in named}
        where = {side: "signed_on" if self.signed_on else f"{side}_district" for side in named}
        return {where[side]: absence for side, absence in absences.items() if absence}

    def place(self, day):
        """Take the districts of the schools as they were on `day`."""
        for side in self.Side.values:
            if school := getattr(self, f"{side}_school"):
                setattr(self, f"{side}_district", school.managed_on(day))

    def save(self, **kwargs):
        self.find_umbrella()
        self.set_keys()
        super().save(**kwargs)

    def find_umbrella(self):
        """Fill the agreement above, which follows from the districts of the parties."""
        if self.umbrella_id and not self._lies_below(self.umbrella):
            self.umbrella = None
        if self.supporting_school_id and self.umbrella_id is None:
            districts = self.supporting_district_id, self.supported_district_id
            self.umbrella = Agreement.objects.signed().filter(programme=self.programme).between(*districts).first()

    def set_keys(self):
        """Fill the keys that follow from the parties and the number."""
        self.search_key = self._search_key()
        self.pair_key = self._pair_key()

    def _pair_key(self):
        kind = "district" if self.tier == self.Tier.DISTRICT else "school"
        ids = [getattr(self, f"{side}_{kind}_id") or 0 for side in Side.values]
        subject = f":{self.subject_id}" if self.subject_id else ""
        return f"{self.tier}{subject}:{min(ids)}-{max(ids)}"

    def _lies_below(self, umbrella):
        districts = {umbrella.supporting_district_id, umbrella.supported_district_id}
        return self.supporting_school_id is not None and districts == {
            self.supporting_district_id,
            self.supported_district_id,
        }

    def _search_key(self):
        return search_key(
            {"district": "phòng", "school": "trường", "subject": "bộ môn"}[self.tier],
            self.subject,
            self.supporting_school,
            self.supported_school,
            self.supporting_district,
            self.supported_district,
            self.number,
        )

    def get_absolute_url(self):
        return reverse("agreement_detail", args=[self.pk])

    @property
    def supporting(self):
        return self.supporting_school or self.supporting_district

    @property
    def supported(self):
        return self.supported_school or self.supported_district

    @property
    def pair(self):
        """Thanh Trì – Chương Mỹ, or THCS A – THCS B."""
        if self.tier == self.Tier.DISTRICT:
            return f"{self.supporting_district.name} – {self.supported_district.name}"
        schools = f"{self.supporting_school.name} – {self.supported_school.name}"
        return f"{self.subject}: {schools}" if self.subject_id else schools

    @property
    def last_day(self):
        """The last day it is, or was, in effect."""
        return self.ended_on or self.ends_on

    @property
    def school_years(self):
        """First calendar years of the school years it touches."""
        return school_year.between(self.starts_on, self.last_day)

    @classmethod
    def label_of(cls, name):
        """What a field, or a list that hangs on an agreement, is called."""
        label = _("đơn vị cùng tham gia") if name == "members" else cls._meta.get_field(name).verbose_name
        return str(label)[:1].upper() + str(label)[1:]

    @property
    def issuer(self):
        """The unit whose series of numbers the paper gets its number from: the one that registered the pair."""
        return getattr(self, f"{self.registered_side}_school") or getattr(self, f"{self.registered_side}_district")

    def party_name(self, side):
        school, district = getattr(self, f"{side}_school"), getattr(self, f"{side}_district")
        return school.full_name if school else district.office

    def party_of(self, user):
        """The side the seat of `user` is on, or None; the registering side first when it is both."""
        sides = access.sides_of(user, self)
        return self.registered_side if self.registered_side in sides else next(iter(sides), None)

    def strangers(self, rows, *, with_neighbours=True):
        """Those of `rows` (things with `school_id` and `district_id`) that are of neither side. Of a side are its
        school; its unit as it was at signing and as it is today; and the schools one of these managed at signing. Of an
        agreement of schools without `with_neighbours` only its schools and what stands beside them."""
        with_units = with_neighbours or self.tier == self.Tier.DISTRICT
        schools = {self.supporting_school_id, self.supported_school_id} - {None}
        units = {self.supporting_district_id, self.supported_district_id} if with_units else set()
        rows = [row for row in rows if row.school_id not in schools and row.district_id not in units]
        if not rows:
            return []
        today = lens.Units()
        for member in self.members.all():
            if member.school_id:
                schools.add(member.school_id)
            else:
                units.add(today.today(None, member.district_id))
        for side in self.Side.values if with_units else ():
            units.add(today.today(getattr(self, f"{side}_school"), getattr(self, f"{side}_district_id")))
        rows = [row for row in rows if row.school_id not in schools and row.district_id not in units]
        managed = [row.school_id for row in rows if row.school_id] if units else []
        then = SchoolManagement.objects.units_on(self.signed_on or self.starts_on, managed) if managed else {}
        return [row for row in rows if then.get(row.school_id) not in units]

    def content_fields(self):
        """Names of what the parties agree on, in the order of the form, as far as its tier and programme have them."""
        unit = "district" if self.tier == self.Tier.DISTRICT else "school"
        return [
            "kind",
            *(["subject"] if self.tier == self.Tier.SUBJECT else []),
            f"supporting_{unit}",
            f"supported_{unit}",
            *(["members"] if self.programme.has_members else []),
            "direction",
            "starts_on",
            "ends_on",
            "content_areas",
            "objectives",
            "supporting_contents",
            "supported_contents",
        ]

    def said(self, name):
        """What the agreement says in one of its `content_fields`, in words."""
        if name == "members":
            return "; ".join(str(member) for member in self.members.select_related("school", "district"))
        if name == "content_areas":
            return "; ".join(str(area) for area in self.content_areas.all())
        value = getattr(self, name)
        if isinstance(value, date):
            return vietnamese.day(value)
        display = getattr(self, f"get_{name}_display", None)
        return str(display() if display else value or "")


class AgreementEvent(Event):
    subject = models.ForeignKey(Agreement, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên giao ước")
        verbose_name_plural = _("việc trên giao ước")
