"""Agreements (giao ước) between two districts or two schools, and their life from draft to the end."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from twinning import access, lens
from twinning.access import ScopedQuerySet
from twinning.fields import KeyField, NameField, ProseField
from twinning.life import Action, Event, LifeModel
from twinning.models.document import AgreementDocument
from twinning.models.programme import ContentArea, Programme
from twinning.models.school import School, SchoolManagement
from twinning.models.unit import District
from twinning.vietnamese import search_key


class AgreementQuerySet(ScopedQuerySet):
    department_paths = ("programme__department",)
    district_paths = (("supporting_school", "supporting_district"), ("supported_school", "supported_district"))
    school_paths = ("supporting_school", "supported_school")
    read_only_school_paths = ("covered__supporting_school", "covered__supported_school")

    def for_list(self):
        """Not signed yet first, then the newest; said in full, since databases differ on where an empty day stands."""
        return self.select_related(
            "programme", "supporting_district", "supported_district", "supporting_school", "supported_school"
        ).order_by(F("signed_on").desc(nulls_first=True), "-pk")

    def signed(self):
        """Ever signed, whatever became of them since."""
        return self.filter(status__in=Agreement.Status.once_signed())

    def live(self):
        return self.filter(status=Agreement.Status.SIGNED)

    def live_during(self, first, last):
        """Signed and in effect on some day of `first` … `last`."""
        lasts = Q(ended_on=None, ends_on__gte=first) | Q(ended_on__gte=first)
        return self.signed().filter(lasts, signed_on__lte=last)

    def schools(self):
        """Q: the schools that are a party of these."""
        return Q(pk__in=self.order_by().values("supporting_school")) | Q(
            pk__in=self.order_by().values("supported_school")
        )

    def units_of_schools(self):
        """{school id: id of its unit at signing}; of several signings the last one counts, so that a school that moved
        in between stands once."""
        sides = ("supporting_school", "supporting_district", "supported_school", "supported_district")
        units = {}
        for school, district, other_school, other_district in self.order_by("signed_on", "pk").values_list(*sides):
            units[school], units[other_school] = district, other_district
        return units

    def between(self, one, other):
        """District-tier agreements of the two districts, in either order."""
        return self.filter(
            Q(supporting_district=one, supported_district=other) | Q(supporting_district=other, supported_district=one),
            tier=Agreement.Tier.DISTRICT,
        )

    def waiting_for(self, user):
        """Those on which `user` has the next word: answer, send again, or sign."""
        mine = self.editable_by(user).for_list()
        open_ones = mine.filter(
            status__in=[Agreement.Status.WAITING, Agreement.Status.RETURNED, Agreement.Status.CONFIRMED]
        )
        return open_ones.filter(pk__in=[a.pk for a in open_ones if a.actions_for(user).keys() & Agreement.NEXT_STEPS])


class Agreement(LifeModel):
    """Two parties, what they promise each other, and until when. Districts are kept as they were at signing."""

    class Tier(models.TextChoices):
        DISTRICT = "district", _("Phòng – Phòng")
        SCHOOL = "school", _("Trường – trường")

    class Direction(models.TextChoices):
        ONE_WAY = "one_way", _("một chiều")
        MUTUAL = "mutual", _("hai chiều")

    class Side(models.TextChoices):
        SUPPORTING = "supporting", _("bên hỗ trợ")
        SUPPORTED = "supported", _("bên được hỗ trợ")

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
        def open(cls):
            """Statuses that stand in the way of another agreement of the same pair."""
            return [cls.DRAFT, cls.WAITING, cls.RETURNED, cls.CONFIRMED, cls.SIGNED]

        @classmethod
        def once_signed(cls):
            return [cls.SIGNED, cls.EXPIRED, cls.ENDED]

    NEXT_STEPS = frozenset({"send", "confirm", "sign"})
    SIGNING_FIELDS = (
        "number",
        "signed_on",
        "signed_at",
        "supporting_signatory",
        "supporting_position",
        "supported_signatory",
        "supported_position",
    )

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
        "sign": Action(
            slug="ky",
            label=_("Ghi nhận đã ký"),
            before=(Status.CONFIRMED,),
            after=Status.SIGNED,
            who=access.is_agreement_party,
            asks=(*SIGNING_FIELDS, "scan"),
            optional=("number", "scan"),
            done=_("Đã ghi nhận việc ký. Giao ước có hiệu lực."),
            explain=_("Ghi đúng như trên bản giấy hai bên đã ký."),
            tells="all_people",
            news=_("Giao ước “{it}” đã ký và có hiệu lực."),
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
    }

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="agreements", verbose_name=_("phong trào"))
    tier = models.CharField(_("cấp"), max_length=10, choices=Tier)
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
    objectives = ProseField(_("mục tiêu, cam kết"), blank=True)
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
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DRAFT, db_index=True)
    source_note = NameField(_("nguồn"), max_length=250, blank=True)
    is_invented = models.BooleanField(_("cặp minh hoạ"), default=False)
    search_key = KeyField()
    # The two parties in either order, for "one open agreement of a pair".
    pair_key = KeyField(max_length=50)

    history = HistoricalRecords()
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
                | Q(tier="school", supporting_school__isnull=False, supported_school__isnull=False),
                name="agreement_parties_fit_tier",
                violation_error_message=_(
                    "Giao ước trường – trường cần trường ở cả hai bên; giao ước Phòng – Phòng thì không."
                ),
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
        }
        return [tier for tier, is_offered in offered.items() if is_offered]

    def clean(self):
        self.pair_key = self._pair_key()
        errors = {}
        if self.starts_on and self.ends_on and self.programme_id:
            programme = self.programme
            for field in ("starts_on", "ends_on"):
                if not programme.covers(getattr(self, field)):
                    errors[field] = _t("Ngày phải nằm trong thời gian của phong trào: từ %(from)s đến %(to)s.") % {
                        "from": f"{programme.starts_on:%d/%m/%Y}",
                        "to": f"{programme.ends_on:%d/%m/%Y}",
                    }
        if self.signed_on and self.ends_on and self.signed_on > self.ends_on:
            errors["signed_on"] = _t("Ngày ký không thể sau ngày giao ước kết thúc.")
        elif self.signed_on and self.programme_id and not self.programme.covers(self.signed_on):
            errors["signed_on"] = _t("Ngày ký phải nằm trong thời gian của phong trào.")
        if self.ended_on and self.signed_on and not self.signed_on <= self.ended_on <= self.ends_on:
            errors["ended_on"] = _t("Ngày thanh lý phải từ ngày ký đến ngày giao ước kết thúc.")
        errors = self._absent_parties() | errors
        if errors:
            raise ValidationError(errors)

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
        if self.tier == self.Tier.SCHOOL and self.umbrella_id is None:
            districts = self.supporting_district_id, self.supported_district_id
            self.umbrella = Agreement.objects.signed().filter(programme=self.programme).between(*districts).first()

    def set_keys(self):
        """Fill the keys that follow from the parties and the number."""
        self.search_key = self._search_key()
        self.pair_key = self._pair_key()

    def _pair_key(self):
        kind = "school" if self.tier == self.Tier.SCHOOL else "district"
        ids = [getattr(self, f"{side}_{kind}_id") or 0 for side in self.Side.values]
        return f"{kind}:{min(ids)}-{max(ids)}"

    def _lies_below(self, umbrella):
        districts = {umbrella.supporting_district_id, umbrella.supported_district_id}
        return self.tier == self.Tier.SCHOOL and districts == {self.supporting_district_id, self.supported_district_id}

    def _search_key(self):
        return search_key(
            "trường" if self.tier == self.Tier.SCHOOL else "phòng",
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
        return f"{self.supporting_school.name} – {self.supported_school.name}"

    @property
    def answering_side(self):
        return self.Side.SUPPORTED if self.registered_side == self.Side.SUPPORTING else self.Side.SUPPORTING

    @property
    def next_step(self):
        """Who has to do what now, as one sentence; empty when nobody has to."""
        names = {"by": self.party_name(self.registered_side), "to": self.party_name(self.answering_side)}
        sentence = {
            self.Status.DRAFT: _t("%(by)s hoàn thiện rồi gửi %(to)s xác nhận."),
            self.Status.RETURNED: _t("%(by)s xem lý do, sửa rồi gửi lại."),
            self.Status.WAITING: _t("%(to)s xác nhận hoặc trả lại."),
            self.Status.CONFIRMED: _t("Hai bên ký, rồi một bên ghi nhận ngày ký và tải bản scan lên."),
        }.get(self.status)
        return sentence % names if sentence else ""

    def party_name(self, side):
        school, district = getattr(self, f"{side}_school"), getattr(self, f"{side}_district")
        return school.full_name if school else district.office

    def party_of(self, user):
        """The side the seat of `user` is on, or None; the registering side first when it is both."""
        sides = access.sides_of(user, self)
        return self.registered_side if self.registered_side in sides else next(iter(sides), None)

    def strangers(self, rows):
        """Those of `rows` (things with `school_id` and `district_id`) that are of neither side. Of a side are its
        school; its unit as it was at signing and as it is today; and the schools one of these managed at signing."""
        today = lens.Units()
        own_schools, own_units = set(), {self.supporting_district_id, self.supported_district_id}
        for side in self.Side.values:
            school = getattr(self, f"{side}_school")
            own_schools.add(school and school.pk)
            own_units.add(today.today(school, getattr(self, f"{side}_district_id")))
        others = [
            row
            for row in rows
            if row.district_id not in own_units and (row.school_id is None or row.school_id not in own_schools)
        ]
        schools = [row.school_id for row in others if row.school_id]
        then = SchoolManagement.objects.units_on(self.signed_on or self.starts_on, schools) if schools else {}
        return [row for row in others if then.get(row.school_id) not in own_units]

    def is_open_to_edit(self):
        return self.status in (self.Status.DRAFT, self.Status.RETURNED)

    def registering_people(self):
        return self._people(self.registered_side)

    def answering_people(self):
        return self._people(self.answering_side)

    def all_people(self):
        return self.registering_people() + self.answering_people()

    def _people(self, side):
        """Those of the school if it has any, and of the unit it is under today."""
        if school := getattr(self, f"{side}_school"):
            return access.people_of(school_id=school.pk) + access.people_above(school)
        return access.people_of(district_id=getattr(self, f"{side}_district_id"))

    def before_action(self, name, by):
        """Districts are kept as they were at signing, which may be long after the draft."""
        if name == "sign" and self.tier == self.Tier.SCHOOL:
            self.place(self.signed_on)
            self.set_keys()
            placed = ("supporting_district", "supported_district", "umbrella", "search_key")
            Agreement.objects.filter(pk=self.pk).update(**{field: getattr(self, field) for field in placed})

    def after_action(self, name, by, scan=None):
        if scan:
            AgreementDocument.keep(scan, by, agreement=self, kind=AgreementDocument.Kind.SIGNED)
        if name == "sign" and self.tier == self.Tier.DISTRICT:
            Agreement.objects.filter(
                Q(supporting_district=self.supporting_district, supported_district=self.supported_district)
                | Q(supporting_district=self.supported_district, supported_district=self.supporting_district),
                programme=self.programme,
                tier=self.Tier.SCHOOL,
                umbrella=None,
            ).update(umbrella=self)
        if name == "sign":
            Agreement.objects.filter(pk=self.pk).update(search_key=self._search_key())


class AgreementEvent(Event):
    subject = models.ForeignKey(Agreement, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên giao ước")
        verbose_name_plural = _("việc trên giao ước")


class PilotSchoolQuerySet(ScopedQuerySet):
    department_paths = ("agreement__programme__department",)
    district_paths = (
        ("agreement__supporting_school", "agreement__supporting_district"),
        ("agreement__supported_school", "agreement__supported_district"),
        ("school", None),
    )
    school_paths = ("school",)


class PilotSchool(models.Model):
    """A school chosen to lead the way under a district agreement (trường xây dựng điểm)."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="pilot_schools", verbose_name=_("giao ước Phòng – Phòng")
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="pilot_roles", verbose_name=_("trường điểm"))

    objects = PilotSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("trường điểm")
        verbose_name_plural = _("trường điểm")
        ordering = ["school__level", "school__sort_key"]
        constraints = [models.UniqueConstraint(fields=["agreement", "school"], name="pilot_school_once")]

    def __str__(self):
        return self.school.name
