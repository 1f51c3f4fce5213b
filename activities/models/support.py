"""Help between units (hỗ trợ): what was given, by whom to whom, and what it is worth."""

from collections import namedtuple

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from activities.models.sponsored import SponsoredPupil
from activities.models.support_life import SupportLife
from activities.models.support_rows import SupportQuerySet
from twinning import school_year
from twinning.fields import KeyField, NameField, ProseField
from twinning.life import Event
from twinning.models import Agreement, District, Programme, School
from twinning.personal import is_person
from twinning.vietnamese import search_key

MOST_VND = 1_000_000_000_000
Party = namedtuple("Party", "school_id district_id")


class Support(SupportLife):
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
    status = models.CharField(
        _("tình trạng"), max_length=10, choices=SupportLife.Status, default=SupportLife.Status.PLEDGED, db_index=True
    )
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
        if errors := self._wrong_days() | self._wrong_parties() | self._wrong_gift():
            raise ValidationError(errors)

    def _wrong_gift(self):
        """{field: message} for what is given and what it is worth."""
        errors = {}
        if self.value_vnd and self.value_vnd > MOST_VND:
            errors["value_vnd"] = _t("Số tiền quá lớn. Hãy kiểm tra lại số chữ số 0.")
        if self.donor and self.source != self.Source.COMMUNITY:
            errors["donor"] = _t("Nguồn nội lực không có nhà ủng hộ. Hãy chọn “xã hội hoá” hoặc xoá ô này.")
        elif is_person(self.donor):
            errors["donor"] = _t(
                "Cổng không ghi tên người ủng hộ. Nếu là cá nhân, hãy ghi “cá nhân”; nếu là tổ chức, hãy ghi đủ tên, "
                "ví dụ “Công ty …”, “Hội …”."
            )
        if self.kind in self.Kind.things() and not self.estimate_note:
            errors["estimate_note"] = _t("Hiện vật quy ra tiền cần ghi cách ước giá trị, ví dụ: theo hoá đơn.")
        if self.pupil and self.kind != self.Kind.SPONSORSHIP:
            errors["pupil"] = _t("Chỉ khoản đỡ đầu mới gắn với mã học sinh.")
        elif self.pupil and self.pupil.school_id != self.receiver_school_id:
            errors["pupil"] = _t("Em %s không học ở trường nhận.") % self.pupil
        return errors

    def _wrong_parties(self):
        giver, receiver = self.giver_school_id, self.receiver_school_id
        if giver == receiver if giver or receiver else self.giver_district_id == self.receiver_district_id:
            return {"receiver_school": _t("Bên trao và bên nhận phải là hai đơn vị khác nhau.")}
        if not (self.giver_district_id and self.receiver_district_id):
            return {}
        if (stranger := self.stranger_to(self.agreement)) and not self._stands_so():
            text = _t(
                "“%s” không thuộc cặp đơn vị của giao ước này. Hãy chọn giao ước khác, hoặc để trống giao ước: "
                "khoản này vẫn được tính cho phong trào."
            )
            return {"agreement": text % stranger}
        return {}

    def stranger_to(self, agreement):
        """The giver or the receiver when it is no party of `agreement` (or None), else None."""
        sides = {
            side: Party(getattr(self, f"{side}_school_id"), getattr(self, f"{side}_district_id"))
            for side in ("receiver", "giver")
        }
        strangers = agreement.strangers(sides.values(), with_neighbours=False) if agreement else ()
        return next((getattr(self, side) for side, party in sides.items() if party in strangers), None)

    def _stands_so(self):
        """Stored under this agreement with these parties: what was taken once can still be edited."""
        stored = type(self).objects.filter(pk=self.pk, agreement=self.agreement_id)
        return self.pk is not None and stored.between(self).exists()

    def _wrong_days(self):
        errors = {}
        for side in ("receiver", "giver") if self.day else ():
            is_office = not getattr(self, f"{side}_school_id") and getattr(self, f"{side}_district_id")
            if is_office and (absence := getattr(self, f"{side}_district").absence(self.day)):
                pledged = "receiver_district" if side == "receiver" else "pledged_on"
                errors["delivered_on" if self.delivered_on else pledged] = absence
        for field in ("pledged_on", "delivered_on"):
            day = getattr(self, field)
            if day and self.programme_id and (outside := self.programme.outside(day)):
                errors[field] = outside
        today = timezone.localdate()
        if self.delivered_on and self.delivered_on > today:
            errors["delivered_on"] = _t("Ngày trao chưa tới. Khi nào trao xong hãy ghi nhận.")
        if self.received_on and self.received_on > today:
            errors["received_on"] = _t("Ngày nhận chưa tới. Khi nào nhận xong hãy xác nhận.")
        return errors

    def days_for(self, name):
        """(first, last) day that the field `name` takes, as `clean` and the constraints have it."""
        first, last, today = self.programme.starts_on, self.programme.ends_on, timezone.localdate()
        return {
            "pledged_on": (first, last),
            "delivered_on": (max(first, self.pledged_on or first), min(last, today)),
            "received_on": (self.delivered_on or first, today),
        }[name]

    def place(self, day):
        """Take the districts of the schools as they were on `day`."""
        for side in ("giver", "receiver"):
            if school := getattr(self, f"{side}_school"):
                setattr(self, f"{side}_district", school.managed_on(day))

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def set_keys(self):
        self.school_year = school_year.school_year_of(self.day)
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


class SupportEvent(Event):
    subject = models.ForeignKey(Support, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên khoản hỗ trợ")
        verbose_name_plural = _("việc trên khoản hỗ trợ")
