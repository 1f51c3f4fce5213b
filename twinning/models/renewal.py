"""One act that carried many agreements into the next phase, kept so that it can be looked at and undone as one."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.access import ScopedQuerySet
from twinning.journal import Journal
from twinning.life import Action, Event, LifeModel
from twinning.models.agreement import Agreement
from twinning.models.programme import Programme
from twinning.models.unit import District
from twinning.vietnamese import number


class RenewalQuerySet(ScopedQuerySet):
    department_paths = ("into__department",)
    district_paths = ("district",)

    def for_list(self):
        return self.select_related("renewed", "into", "district").defer("journal")


class Renewal(LifeModel):
    """`refused`: [[id of the old agreement, its pair, [reason]]] of those that were chosen and not renewed;
    `missing_areas`: names of contents that the new programme does not have; `journal`: every row it wrote."""

    class Status(models.TextChoices):
        DONE = "done", _("đã lập bản nháp")
        UNDONE = "undone", _("đã hoàn tác")

    ACTIONS = {
        "undo": Action(
            slug="hoan-tac",
            label=_("Hoàn tác đợt gia hạn"),
            before=(Status.DONE,),
            after=Status.UNDONE,
            who=access.undoes_renewal,
            done=_("Đã hoàn tác: mọi bản nháp của đợt này đã bỏ, giao ước cũ trở lại như chưa gia hạn."),
            explain=_("Bỏ mọi bản nháp mà đợt này đã lập. Không hoàn tác được khi đã có bản được sửa, gửi hoặc ký."),
            tone="danger",
            tells="people_to_tell",
            news=_("{by} đã hoàn tác “{it}”; các bản nháp của đợt này không còn."),
        ),
    }

    renewed = models.ForeignKey(
        Programme, models.PROTECT, related_name="renewals_from", verbose_name=_("phong trào cũ")
    )
    into = models.ForeignKey(Programme, models.PROTECT, related_name="renewals_into", verbose_name=_("phong trào mới"))
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="renewals",
        verbose_name=_("đơn vị thực hiện"),
        help_text=_("Để trống khi Sở thực hiện."),
    )
    starts_on = models.DateField(_("từ ngày"))
    ends_on = models.DateField(_("đến hết ngày"))
    created = models.PositiveIntegerField(_("số bản nháp đã lập"), default=0)
    refused = models.JSONField(default=list, editable=False)
    missing_areas = models.JSONField(default=list, editable=False)
    journal = models.BinaryField(default=b"", editable=False)
    status = models.CharField(_("tình trạng"), max_length=10, choices=Status, default=Status.DONE)

    objects = RenewalQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt gia hạn")
        verbose_name_plural = _("đợt gia hạn")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return _t("Gia hạn %(n)s giao ước sang giai đoạn %(phase)s") % {
            "n": number(self.created),
            "phase": self.into.phase,
        }

    def get_absolute_url(self):
        return reverse("renewal_detail", args=[self.pk])

    @property
    def written(self):
        return Journal.load(bytes(self.journal)) if self.journal else Journal()

    @property
    def agreements(self):
        """The drafts it made that are there still."""
        return Agreement.objects.filter(pk__in=list(self.written.created.get(Agreement._meta.label_lower, ())))

    def before_action(self, name, by):
        self._told = people_to_tell(self.agreements.for_list())

    def after_action(self, name, by, **given):
        self.written.undo()

    def people_to_tell(self):
        return self._told


class RenewalEvent(Event):
    subject = models.ForeignKey(Renewal, models.CASCADE, related_name="events")

    class Meta(Event.Meta):
        verbose_name = _("việc trên đợt gia hạn")
        verbose_name_plural = _("việc trên đợt gia hạn")


def people_to_tell(agreements):
    """The people of the sides that registered `agreements`: of the schools, and of the units above them; in a fixed
    number of queries however many agreements there are."""
    sides = [(a.registered_side, a) for a in agreements]
    schools = {school for side, a in sides if (school := getattr(a, f"{side}_school_id"))}
    districts = {getattr(a, f"{side}_district_id") for side, a in sides}
    return access.people_of_many(schools, districts)
