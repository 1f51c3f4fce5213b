"""What one school learnt, for the others: a paper or a recording of an activity, shared with chosen readers."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Notification
from activities.models.activity import Activity
from twinning import access, school_year
from twinning.access import Readers, ScopedQuerySet, SharedQuerySet
from twinning.fields import KeyField, NameField, ProseField
from twinning.life import Action, Event, LifeModel, Refused
from twinning.models import District, PrivateFile, School, SchoolYearFigures, Subject
from twinning.vietnamese import search_key

# Of the activity: its units, the two sides of its agreement and their members.
SCHOOLS_OF_ACTIVITY = (
    "activity__units__school",
    "activity__agreement__supporting_school",
    "activity__agreement__supported_school",
    "activity__agreement__members__school",
)
DISTRICTS_OF_ACTIVITY = (
    ("activity__units__school", "activity__units__district"),
    ("activity__agreement__supporting_school", "activity__agreement__supporting_district"),
    ("activity__agreement__supported_school", "activity__agreement__supported_district"),
)


def check_link(address):
    """Raise ValidationError when `address` is not a plain https address of another site."""
    URLValidator(schemes=["https"], message=_t("Liên kết phải bắt đầu bằng https:// và mở được trên trình duyệt."))(
        address
    )
    parts = urlsplit(address)
    if parts.username or parts.password:
        raise ValidationError(_t("Liên kết không được chứa tên đăng nhập hay mật khẩu. Hãy chép lại liên kết chia sẻ."))


class MaterialQuerySet(SharedQuerySet):
    department_paths = ("activity__programme__department",)
    owner_paths = {"school": "school", "district": ("school", "district")}
    school_paths = SCHOOLS_OF_ACTIVITY
    district_paths = DISTRICTS_OF_ACTIVITY

    def shared(self):
        return self.filter(status=Material.Status.SHARED)

    def for_list(self):
        thanks = MaterialThanks.objects.filter(material=OuterRef("pk")).order_by().values("material")
        return self.select_related(
            "subject", "school", "district", "activity__programme__department", "activity__agreement"
        ).annotate(thanks_count=Coalesce(Subquery(thanks.annotate(n=Count("pk")).values("n")), 0))


class Material(LifeModel):
    """One thing others may use: its files are documents of the activity (`ActivityDocument.material`), of which the
    last one stands and the earlier ones are kept; or it is a link."""

    class Kind(models.TextChoices):
        LESSON_PLAN = "lesson_plan", _("giáo án, kế hoạch bài dạy")
        SLIDES = "slides", _("bài trình chiếu")
        EXAM = "exam", _("đề, bài kiểm tra")
        PAPER = "paper", _("báo cáo, tham luận chuyên đề")
        RECORDING = "recording", _("ghi hình")
        OTHER = "other", _("tài liệu khác")

    class Licence(models.TextChoices):
        INTERNAL = "internal", _("Dùng trong ngành")
        BY = "by", "CC BY 4.0"
        BY_SA = "by-sa", "CC BY-SA 4.0"
        BY_NC = "by-nc", "CC BY-NC 4.0"
        BY_NC_SA = "by-nc-sa", "CC BY-NC-SA 4.0"

    # What each allows, in plain words (creativecommons.org/licenses; Luật Sở hữu trí tuệ, Điều 20 and 25).
    LICENCE_MEANS = {
        Licence.INTERNAL: _(
            "Nhà trường, giáo viên trong ngành được dùng và sửa để dạy học; không đăng ra ngoài, không bán."
        ),
        Licence.BY: _("Ai cũng được dùng, sửa, đăng lại, kể cả để bán; phải ghi tên đơn vị chia sẻ."),
        Licence.BY_SA: _("Như CC BY; bản sửa lại phải được chia sẻ theo đúng giấy phép này."),
        Licence.BY_NC: _("Ai cũng được dùng, sửa, đăng lại; phải ghi tên đơn vị chia sẻ và không được dùng để bán."),
        Licence.BY_NC_SA: _("Như CC BY-NC; bản sửa lại phải được chia sẻ theo đúng giấy phép này."),
    }

    class Status(models.TextChoices):
        SHARED = "shared", _("đang chia sẻ")
        WITHDRAWN = "withdrawn", _("đã thu lại")

    ACTIONS = {
        "withdraw": Action(
            slug="thu-lai",
            label=_("Thu lại"),
            before=(Status.SHARED,),
            after=Status.WITHDRAWN,
            who=access.keeps_material,
            asks=("note",),
            done=_("Đã thu lại. Đơn vị khác không còn xem được tài liệu này."),
            explain=_(
                "Các đơn vị được chia sẻ sẽ không còn thấy tài liệu và không tải được nữa. Lời cảm ơn vẫn được giữ;"
                " có thể chia sẻ lại bất cứ lúc nào."
            ),
            tone="danger",
            tells="owning_people",
            news=_("{by} đã thu lại tài liệu “{it}”."),
        ),
        "share": Action(
            slug="chia-se-lai",
            label=_("Chia sẻ lại"),
            before=(Status.WITHDRAWN,),
            after=Status.SHARED,
            who=access.keeps_material,
            done=_("Đã chia sẻ lại."),
            explain=_("Tài liệu lại hiện trong kho học liệu cho những đơn vị đã chọn."),
            tells="owning_people",
            news=_("{by} đã chia sẻ lại tài liệu “{it}”."),
        ),
    }
    OTHER_EVENTS = {**LifeModel.OTHER_EVENTS, "create": _("Chia sẻ"), "renew": _("Thay bản mới")}

    activity = models.ForeignKey(
        Activity, models.PROTECT, related_name="materials", verbose_name=_("rút ra từ hoạt động")
    )
    kind = models.CharField(_("loại tài liệu"), max_length=12, choices=Kind)
    title = NameField(_("tên tài liệu"), max_length=200)
    description = ProseField(_("nội dung, cách dùng"), blank=True, max_length=2000)
    level = models.CharField(_("cấp học"), max_length=10, choices=SchoolYearFigures.Level, blank=True)
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, blank=True, verbose_name=_("môn"))
    link = models.URLField(_("liên kết"), max_length=500, blank=True, validators=[check_link])
    readers = models.CharField(_("chia sẻ với"), max_length=10, choices=Readers, default=Readers.PROGRAMME)
    licence = models.CharField(_("được dùng thế nào"), max_length=8, choices=Licence, default=Licence.INTERNAL)
    # The unit that shares it; neither: the Department. The district is that of the school when it was shared.
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="materials", verbose_name=_("trường chia sẻ")
    )
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="materials", verbose_name=_("đơn vị chia sẻ")
    )
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.SHARED, db_index=True)
    search_key = KeyField(max_length=4000, db_index=False)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = _("học liệu")
        verbose_name_plural = _("học liệu")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.title

    def save(self, **kwargs):
        self.set_keys()
        super().save(**kwargs)

    def set_keys(self):
        words = self.title, self.get_kind_display(), self.subject, self.get_level_display(), self.owner
        self.search_key = search_key(*words, self.activity.title, self.description)[:4000]

    def get_absolute_url(self):
        return reverse("material_detail", args=[self.pk])

    @property
    def owner(self):
        """The unit that shares it: a school, a district office in words, or the Department."""
        return self.school or (self.district.office if self.district else self.activity.programme.department.short_name)

    @property
    def link_host(self):
        """Where the link leads, as its address really is (no letters that only look like others)."""
        host = urlsplit(self.link).hostname or ""
        try:
            return host.encode("idna").decode()
        except UnicodeError:
            return ascii(host)

    @property
    def licence_means(self):
        return self.LICENCE_MEANS[self.licence]

    @property
    def licence_url(self):
        """The licence itself, in Vietnamese where there is one; empty for our own."""
        is_ours = self.licence == self.Licence.INTERNAL
        return "" if is_ours else f"https://creativecommons.org/licenses/{self.licence}/4.0/deed.vi"

    @property
    def school_year_label(self):
        return school_year.label(self.activity.school_year)

    @property
    def file(self):
        """The version that stands, or None."""
        return self.versions.order_by("-version").first()

    def is_open_to_edit(self):
        return self.status == self.Status.SHARED

    def owning_people(self):
        if not (self.school_id or self.district_id):
            return []
        return access.people_of(school_id=self.school_id, district_id=self.district_id)

    def keep_file(self, upload, by):
        """A checked upload as the next version."""
        last = self.file
        return ActivityDocument.keep(
            upload, by, activity=self.activity, material=self, version=last.version + 1 if last else 1
        )

    def take_document(self, document):
        """Let a document of the activity be the first version. Raises Refused when it is shared already."""
        free = ActivityDocument.objects.filter(pk=document.pk, activity=self.activity_id, material=None)
        if not free.update(material=self, version=1):
            raise Refused(_t("Tệp này vừa được chia sẻ rồi. Hãy tìm trong kho học liệu."))

    def thank(self, by):
        """Say thanks as `by`, once; the unit that shares it is told of the first thanks of a day."""
        unit = access.seat(by).unit_name
        _thanks, created = self.thanks.get_or_create(by=by, defaults={"unit": str(unit)})
        if not created:
            return
        today = timezone.localdate()
        count = self.thanks.count()
        text = _t("%(unit)s cảm ơn tài liệu “%(it)s”; đến nay có %(n)d lời cảm ơn.")
        Notification.objects.tell(
            self.owning_people(),
            text % {"unit": unit, "it": self, "n": count},
            self.get_absolute_url(),
            key=f"thanks:{self.school_id or 0}:{self.district_id or 0}:{today.isoformat()}",
        )

    def take_back_thanks(self, by):
        self.thanks.filter(by=by).delete()


class MaterialEvent(Event):
    subject = models.ForeignKey(Material, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên học liệu")
        verbose_name_plural = _("việc trên học liệu")


class MaterialThanks(models.Model):
    """One person's thanks, with the unit it was said for."""

    material = models.ForeignKey(Material, models.CASCADE, related_name="thanks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("người cảm ơn"))
    unit = NameField(_("đơn vị"), max_length=200)
    at = models.DateTimeField(_("lúc"), auto_now_add=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("lời cảm ơn")
        verbose_name_plural = _("lời cảm ơn")
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["material", "by"], name="material_thanked_once")]

    def __str__(self):
        return self.unit


class ActivityDocumentQuerySet(ScopedQuerySet):
    department_paths = ("activity__programme__department",)
    district_paths = DISTRICTS_OF_ACTIVITY
    school_paths = ("activity__units__school",)

    def visible_to(self, user):
        """Those of an activity one may see, and those shared with one."""
        # One row is asked for at a time: each half is looked up for that row, never for all.
        own = super().visible_to(user).order_by().filter(pk=OuterRef("pk"))
        shared = Material.objects.visible_to(user).order_by().filter(pk=OuterRef("material"))
        # What was taken back is gone for the other side of the activity too.
        is_there = Q(material=None) | Q(material__status=Material.Status.SHARED)
        return self.filter(Exists(own) & is_there | Exists(shared))


class ActivityDocument(PrivateFile):
    """A photo, minutes, a paper of an activity; shared beyond it when it is a version of a material."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="documents", verbose_name=_("hoạt động"))
    material = models.ForeignKey(
        Material, models.PROTECT, null=True, blank=True, related_name="versions", verbose_name=_("học liệu")
    )
    version = models.PositiveSmallIntegerField(_("bản"), default=1)

    objects = ActivityDocumentQuerySet.as_manager()

    class Meta(PrivateFile.Meta):
        verbose_name = _("ảnh, biên bản")
        verbose_name_plural = _("ảnh, biên bản")
        constraints = [
            models.UniqueConstraint(
                fields=["material", "version"], name="material_version_once", condition=Q(material__isnull=False)
            )
        ]

    @property
    def is_shared(self):
        return self.material is not None and self.material.status == Material.Status.SHARED
