"""Help between units (hỗ trợ): pledged, delivered, and confirmed by those who received it."""

from collections import namedtuple

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Notification
from activities.models.sponsored import SponsoredPupil
from twinning import access, school_year
from twinning.access import ScopedQuerySet
from twinning.fields import KeyField, NameField, ProseField
from twinning.life import Action, Event, LifeModel
from twinning.models import Agreement, District, PrivateFile, Programme, School
from twinning.personal import is_person
from twinning.vietnamese import search_key

MOST_VND = 1_000_000_000_000
Party = namedtuple("Party", "school_id district_id")


class SupportQuerySet(ScopedQuerySet):
    department_paths = ("programme__department",)
    district_paths = (("giver_school", "giver_district"), ("receiver_school", "receiver_district"))
    school_paths = ("giver_school", "receiver_school")

    def for_list(self):
        return self.select_related("giver_school", "giver_district", "receiver_school", "receiver_district")

    def counted(self):
        """Delivered, confirmed by the receiver or not yet. A pledge is not help."""
        return self.filter(status__in=[Support.Status.DELIVERED, Support.Status.RECEIVED])

    def waiting_for(self, user):
        """Help that waits for `user`'s own unit: what was delivered to it, what a receiver says it gave, what did not
        arrive in full."""
        membership = access.seat(user)
        if membership is None or not access.is_recorder(user):
            return self.none()
        returned = Exists(SupportEvent.objects.filter(subject=OuterRef("pk"), action="return"))
        mine = Q()
        for side, waits in (
            ("receiver", Q(status=Support.Status.DELIVERED)),
            ("giver", Q(status=Support.Status.CLAIMED) | Q(returned, status=Support.Status.PLEDGED)),
        ):
            if membership.school_id:
                mine |= waits & Q(**{f"{side}_school": membership.school_id})
            elif membership.district_id:
                offices = {f"{side}_school": None, f"{side}_district__in": access.offices_of(membership)}
                mine |= waits & Q(**offices)
        return self.filter(mine) if mine else self.none()

    def between(self, support):
        """The gifts of one programme with the giver and the receiver of `support`."""
        parties = {"programme": support.programme_id}
        for side in ("giver", "receiver"):
            parties[f"{side}_school"] = getattr(support, f"{side}_school_id")
            if parties[f"{side}_school"] is None:
                parties[f"{side}_district"] = getattr(support, f"{side}_district_id")
        return self.filter(**parties)


class Support(LifeModel):
    """One gift. `value_vnd` is whole đồng; for help in kind it is an estimate and says how it was made."""

    class Kind(models.TextChoices):
        CASH = "cash", _("tiền mặt")
        BOOKS = "books", _("sách, học liệu")
        DEVICES = "devices", _("thiết bị")
        IN_KIND = "in_kind", _("hiện vật")
        SCHOLARSHIP = "scholarship", _("học bổng")
        FREE_CLASS = "free_class", _("lớp học miễn phí")
        SPONSORSHIP = "sponsorship", _("đỡ đầu học sinh")

        @classmethod
        def money(cls):
            """Paid out as money; every other kind is worth what was estimated."""
            return (cls.CASH, cls.SCHOLARSHIP, cls.SPONSORSHIP)

        @classmethod
        def things(cls):
            """What can be counted and carried, so its value needs a word on how it was estimated."""
            return (cls.BOOKS, cls.DEVICES, cls.IN_KIND)

    class Source(models.TextChoices):
        OWN = "own", _("nội lực")
        COMMUNITY = "community", _("xã hội hoá")

    class Status(models.TextChoices):
        PLEDGED = "pledged", _("cam kết")
        CLAIMED = "claimed", _("bên nhận ghi, chờ bên trao xác nhận")
        DELIVERED = "delivered", _("đã trao, chờ bên nhận xác nhận")
        RECEIVED = "received", _("bên nhận đã xác nhận")
        CANCELLED = "cancelled", _("đã huỷ")
        MERGED = "merged", _("đã gộp")

    ACTIONS = {
        "deliver": Action(
            slug="da-trao",
            label=_("Ghi nhận đã trao"),
            before=(Status.PLEDGED,),
            after=Status.DELIVERED,
            who=access.gives_support,
            asks=("delivered_on",),
            done=_("Đã ghi nhận. Bên nhận được báo để xác nhận."),
            tells="receiving_people",
            news=_("{by} ghi nhận đã trao: {it}. Hãy xác nhận đã nhận."),
        ),
        "receive": Action(
            slug="da-nhan",
            label=_("Xác nhận đã nhận"),
            before=(Status.DELIVERED,),
            after=Status.RECEIVED,
            who=access.receives_support,
            asks=("received_on",),
            optional=("received_on",),
            done=_("Đã xác nhận. Cảm ơn thầy/cô."),
            explain=_("Xác nhận nghĩa là đơn vị đã nhận đủ như ghi ở trên."),
            tells="giving_people",
            news=_("{by} xác nhận đã nhận: {it}."),
        ),
        "return": Action(
            slug="chua-du",
            label=_("Chưa nhận đủ"),
            before=(Status.DELIVERED,),
            after=Status.PLEDGED,
            who=access.receives_support,
            asks=("note",),
            done=_("Đã báo bên trao xem lại."),
            explain=_(
                "Ghi còn thiếu gì. Khoản này trở về cam kết, chưa tính; bên trao trao đủ hoặc sửa lại rồi ghi nhận."
            ),
            tone="quiet",
            tells="giving_people",
            news=_("{by} báo chưa nhận đủ: {it}. Hãy xem lý do, trao đủ hoặc sửa lại."),
        ),
        "acknowledge": Action(
            slug="dung-da-trao",
            label=_("Đúng, chúng tôi đã trao"),
            before=(Status.CLAIMED,),
            after=Status.RECEIVED,
            who=access.gives_support,
            done=_("Đã xác nhận. Khoản này nay được tính."),
            explain=_("Xác nhận nghĩa là đơn vị đã trao đúng như bên nhận ghi ở trên."),
            tells="receiving_people",
            news=_("{by} xác nhận đã trao: {it}."),
        ),
        # Both sides wrote the same gift; joining the two records says what each would have confirmed.
        "agree": Action(
            slug="hai-ben-cung-ghi",
            label=_("Hai bên cùng ghi như nhau"),
            before=(Status.CLAIMED, Status.DELIVERED),
            after=Status.RECEIVED,
            who=access.merges_support,
            done=_("Hai bên cùng ghi như nhau."),
            tells="all_people",
            news=_("Hai bên cùng ghi “{it}” như nhau, nên khoản này được tính là đã xác nhận."),
        ),
        "merge": Action(
            slug="gop",
            label=_("Gộp vào khoản khác"),
            before=(Status.PLEDGED, Status.CLAIMED, Status.DELIVERED, Status.RECEIVED),
            after=Status.MERGED,
            who=access.merges_support,
            done=_("Đã gộp. Chứng từ và lời ghi đã sang khoản kia; giá trị tính một lần."),
            explain=_("Dùng khi một khoản bị ghi hai lần. Bản này vẫn xem lại được nhưng không tính vào số liệu."),
            tone="quiet",
            tells="all_people",
            news=_("{by} đã gộp khoản hỗ trợ “{it}” vào khoản khác vì ghi trùng."),
        ),
        "cancel": Action(
            slug="huy",
            label=_("Huỷ"),
            before=(Status.PLEDGED, Status.CLAIMED, Status.DELIVERED),
            after=Status.CANCELLED,
            who=access.cancels_support,
            asks=("note",),
            done=_("Đã huỷ. Khoản này không được tính nữa."),
            explain=_("Khoản hỗ trợ vẫn xem lại được, kèm lý do, nhưng không tính vào số liệu."),
            tone="danger",
            tells="all_people",
            news=_("{by} đã huỷ khoản hỗ trợ: {it}."),
        ),
    }
    # Asks which one to merge into, on a form of its own (activities/forms/merge.py).
    ACTIONS_WITH_FORMS = frozenset({"merge"})
    # "agree" follows from merging, nobody presses it.
    HIDDEN_ACTIONS = frozenset({"agree"})
    OTHER_EVENTS = {**LifeModel.OTHER_EVENTS, "absorb": _("Nhận gộp từ khoản khác")}

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="supports", verbose_name=_("phong trào"))
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="supports", verbose_name=_("giao ước")
    )
    giver_school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="supports_given", verbose_name=_("trường trao")
    )
    giver_district = models.ForeignKey(
        District, models.PROTECT, related_name="supports_given", verbose_name=_("phòng trao")
    )
    receiver_school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="supports_received", verbose_name=_("trường nhận")
    )
    receiver_district = models.ForeignKey(
        District, models.PROTECT, related_name="supports_received", verbose_name=_("phòng nhận")
    )
    kind = models.CharField(_("hình thức"), max_length=12, choices=Kind)
    source = models.CharField(_("nguồn"), max_length=10, choices=Source, default=Source.OWN)
    donor = NameField(_("nhà ủng hộ"), max_length=150, blank=True)
    title = NameField(_("nội dung hỗ trợ"), max_length=250)
    quantity = models.PositiveIntegerField(_("số lượng"), null=True, blank=True)
    unit = NameField(_("đơn vị tính"), max_length=30, blank=True)
    value_vnd = models.PositiveBigIntegerField(_("giá trị (đồng)"), validators=[MinValueValidator(1)])
    estimate_note = NameField(_("cách ước giá trị"), max_length=250, blank=True)
    pupil = models.ForeignKey(
        SponsoredPupil,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supports",
        verbose_name=_("mã học sinh được đỡ đầu"),
    )
    pupils_helped = models.PositiveIntegerField(_("số học sinh được giúp"), null=True, blank=True)
    note = ProseField(_("ghi chú"), blank=True)
    pledged_on = models.DateField(_("ngày cam kết"))
    delivered_on = models.DateField(_("ngày trao"), null=True, blank=True)
    received_on = models.DateField(_("ngày nhận"), null=True, blank=True)
    school_year = models.PositiveSmallIntegerField(_("năm học"), db_index=True)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.PLEDGED, db_index=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", verbose_name=_("gộp vào")
    )
    search_key = KeyField()

    history = HistoricalRecords()
    objects = SupportQuerySet.as_manager()

    class Meta:
        verbose_name = _("khoản hỗ trợ")
        verbose_name_plural = _("khoản hỗ trợ")
        ordering = ["-pledged_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_on=None) | Q(delivered_on__gte=F("pledged_on")),
                name="support_delivered_after_pledge",
                violation_error_message=_("Ngày trao không thể trước ngày cam kết."),
            ),
            models.CheckConstraint(
                condition=Q(delivered_on__isnull=False) | ~Q(status__in=["claimed", "delivered", "received"]),
                name="support_delivered_has_day",
                violation_error_message=_("Khoản đã trao phải có ngày trao."),
            ),
            models.CheckConstraint(
                condition=Q(received_on=None) | Q(delivered_on__isnull=False, received_on__gte=F("delivered_on")),
                name="support_received_after_delivery",
                violation_error_message=_("Ngày nhận không thể trước ngày trao."),
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False) | (~Q(status="merged") & Q(merged_into=None)),
                name="support_merged_names_the_other",
                violation_error_message=_("Khoản đã gộp phải ghi rõ gộp vào khoản nào."),
            ),
            models.CheckConstraint(
                condition=Q(value_vnd__gt=0),
                name="support_has_value",
                violation_error_message=_("Giá trị phải là số đồng lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=Q(donor="") | Q(source="community"),
                name="support_donor_of_community",
                violation_error_message=_("Chỉ nguồn xã hội hoá mới có nhà ủng hộ."),
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        if self.delivered_on and self.delivered_on > timezone.localdate():
            raise ValidationError({"delivered_on": _t("Ngày trao chưa tới. Khi nào trao xong hãy ghi nhận.")})
        if self.received_on and self.received_on > timezone.localdate():
            raise ValidationError({"received_on": _t("Ngày nhận chưa tới. Khi nào nhận xong hãy xác nhận.")})
        if self.value_vnd and self.value_vnd > MOST_VND:
            raise ValidationError({"value_vnd": _t("Số tiền quá lớn. Hãy kiểm tra lại số chữ số 0.")})
        if self.donor and self.source != self.Source.COMMUNITY:
            raise ValidationError(
                {"donor": _t("Nguồn nội lực không có nhà ủng hộ. Hãy chọn “xã hội hoá” hoặc xoá ô này.")}
            )
        if is_person(self.donor):
            raise ValidationError(
                {
                    "donor": _t(
                        "Cổng không ghi tên người ủng hộ. Nếu là cá nhân, hãy ghi “cá nhân”; nếu là tổ chức, hãy ghi "
                        "đủ tên, ví dụ “Công ty …”, “Hội …”."
                    )
                }
            )
        if self.kind in self.Kind.things() and not self.estimate_note:
            raise ValidationError(
                {"estimate_note": _t("Hiện vật quy ra tiền cần ghi cách ước giá trị, ví dụ: theo hoá đơn.")}
            )
        if self.pupil and self.kind != self.Kind.SPONSORSHIP:
            raise ValidationError({"pupil": _t("Chỉ khoản đỡ đầu mới gắn với mã học sinh.")})
        if self.pupil and self.pupil.school_id != self.receiver_school_id:
            raise ValidationError({"pupil": _t("Em %s không học ở trường nhận.") % self.pupil})
        giver, receiver = self.giver_school_id, self.receiver_school_id
        same = giver == receiver if giver or receiver else self.giver_district_id == self.receiver_district_id
        if same:
            raise ValidationError({"receiver_school": _t("Bên trao và bên nhận phải là hai đơn vị khác nhau.")})
        if self.agreement and self.receiver_district_id and self.agreement.strangers([self._receiving()]):
            text = _t("“%s” không thuộc cặp đơn vị của giao ước này. Hãy chọn giao ước khác hoặc bên nhận khác.")
            raise ValidationError({"agreement": text % self.receiver})
        for field in ("delivered_on", "pledged_on"):
            day = getattr(self, field)
            if day and self.programme_id and not self.programme.covers(day):
                raise ValidationError(
                    {
                        field: _t("Ngày phải nằm trong thời gian của phong trào: từ %(from)s đến %(to)s.")
                        % {
                            "from": f"{self.programme.starts_on:%d/%m/%Y}",
                            "to": f"{self.programme.ends_on:%d/%m/%Y}",
                        }
                    }
                )

        day = self.delivered_on or self.pledged_on
        for side in ("giver", "receiver") if day else ():
            is_office = not getattr(self, f"{side}_school_id") and getattr(self, f"{side}_district_id")
            if is_office and (absence := getattr(self, f"{side}_district").absence(day)):
                pledged = "receiver_district" if side == "receiver" else "pledged_on"
                raise ValidationError({"delivered_on" if self.delivered_on else pledged: absence})

    def _receiving(self):
        return Party(self.receiver_school_id, self.receiver_district_id)

    def place(self, day):
        """Take the districts of the schools as they were on `day`."""
        for side in ("giver", "receiver"):
            if school := getattr(self, f"{side}_school"):
                setattr(self, f"{side}_district", school.managed_on(day))

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def set_keys(self):
        self.school_year = school_year.school_year_of(self.delivered_on or self.pledged_on)
        self.search_key = search_key(self.title, self.giver, self.receiver)

    def get_absolute_url(self):
        return reverse("support_detail", args=[self.pk])

    @property
    def giver(self):
        return self.giver_school or self.giver_district.office

    @property
    def receiver(self):
        return self.receiver_school or self.receiver_district.office

    @property
    def day(self):
        """When it was delivered, or pledged as long as it is not."""
        return self.delivered_on or self.pledged_on

    @property
    def next_step(self):
        sentence = {
            self.Status.CLAIMED: _t("%s xác nhận đã trao.") % self.giver,
            self.Status.PLEDGED: _t("%s trao rồi ghi nhận ngày trao.") % self.giver,
            self.Status.DELIVERED: _t("%s xác nhận đã nhận.") % self.receiver,
        }
        return sentence.get(self.status, "")

    def is_open_to_edit(self):
        return self.status in {self.Status.PLEDGED, self.Status.CLAIMED}

    def before_action(self, name, by):
        """Delivered help counts in the school year it was delivered in, for the units of that day."""
        if name == "deliver":
            self.stand_under(self.delivered_on)
        elif name == "receive":
            self.received_on = self.received_on or max(timezone.localdate(), self.delivered_on)
            self._store("received_on")

    def after_action(self, name, by, **given):
        """What came back as incomplete is a pledge again, with the day it was pledged on; the event tells the other."""
        if name == "return":
            self.delivered_on = None
            self._store("delivered_on")
            self.stand_under(self.pledged_on)

    def stand_under(self, day):
        """Store the school year and the units of `day`."""
        self.school_year = school_year.school_year_of(day)
        self.place(day)
        self._store("school_year", "giver_district", "receiver_district")

    def _store(self, *fields):
        Support.objects.filter(pk=self.pk).update(**{field: getattr(self, field) for field in fields})

    def giving_people(self):
        return access.people_of(school_id=self.giver_school_id, district_id=self.giver_district_id)

    def receiving_people(self):
        return access.people_of(school_id=self.receiver_school_id, district_id=self.receiver_district_id)

    def tell_giver(self, by):
        """A receiver recorded it: the giver is asked for its word."""
        people = [person for person in self.giving_people() if person != by]
        text = _t("%(by)s ghi đã nhận: %(it)s. Hãy xác nhận đã trao.") % {"by": by, "it": self}
        Notification.objects.tell(people, text, self.get_absolute_url(), self.next_step)

    def all_people(self):
        return list({*self.giving_people(), *self.receiving_people()})


class SupportEvent(Event):
    subject = models.ForeignKey(Support, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên khoản hỗ trợ")
        verbose_name_plural = _("việc trên khoản hỗ trợ")


class SupportDocumentQuerySet(ScopedQuerySet):
    department_paths = ("support__programme__department",)
    district_paths = (
        ("support__giver_school", "support__giver_district"),
        ("support__receiver_school", "support__receiver_district"),
    )
    school_paths = ("support__giver_school", "support__receiver_school")


class SupportDocument(PrivateFile):
    """A receipt, an invoice, a photo of what was handed over."""

    support = models.ForeignKey(Support, models.PROTECT, related_name="documents", verbose_name=_("khoản hỗ trợ"))

    objects = SupportDocumentQuerySet.as_manager()

    class Meta(PrivateFile.Meta):
        verbose_name = _("chứng từ hỗ trợ")
        verbose_name_plural = _("chứng từ hỗ trợ")
