"""All certificates of one decision (giấy khen) as one PDF to be printed on the office's own blank form, made in the
background."""

from django.core.files.base import ContentFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models.award_decision import AwardDecision
from twinning import access
from twinning.models.job import Job, JobQuerySet
from twinning.vietnamese import fold

MOST_SHIFT = 60  # mm


class CertificateFileQuerySet(JobQuerySet):
    department_paths = ("decision__offer__round__programme__department",)

    def visible_to(self, user):
        """Of the Department's own staff."""
        return super().visible_to(user) if access.is_of_department(user) and access.is_signer(user) else self.none()


class CertificateFile(Job):
    """`shift_right` and `shift_down` move all text by so many mm, to fit the blank form in the office's printer."""

    class Paper(models.TextChoices):
        A4 = "a4", _("A4 ngang")
        A3 = "a3", _("A3 ngang")

    class Layout(models.TextChoices):
        BLANK = "blank", _("chỉ in chữ, đặt lên phôi in sẵn")
        WHOLE = "whole", _("in cả Quốc hiệu, tên cơ quan và “Giấy khen”")

    failure_notice = _("Không tạo được giấy khen: %s. Hãy mở đợt xét khen và thử lại.")

    decision = models.ForeignKey(
        AwardDecision, models.PROTECT, related_name="certificates", verbose_name=_("quyết định")
    )
    paper = models.CharField(_("khổ giấy"), max_length=2, choices=Paper, default=Paper.A4)
    layout = models.CharField(_("cách in"), max_length=5, choices=Layout, default=Layout.BLANK)
    shift_right = models.SmallIntegerField(
        _("dời sang phải (mm)"),
        default=0,
        validators=[MinValueValidator(-MOST_SHIFT), MaxValueValidator(MOST_SHIFT)],
    )
    shift_down = models.SmallIntegerField(
        _("dời xuống (mm)"), default=0, validators=[MinValueValidator(-MOST_SHIFT), MaxValueValidator(MOST_SHIFT)]
    )
    file = models.FileField(upload_to="certificates/%Y/", max_length=200, blank=True)
    pages = models.PositiveIntegerField(_("số tờ"), null=True, blank=True)
    size = models.PositiveIntegerField(_("dung lượng"), null=True, blank=True)

    objects = CertificateFileQuerySet.as_manager()

    content_type = "application/pdf"

    class Meta:
        verbose_name = _("tệp giấy khen")
        verbose_name_plural = _("tệp giấy khen")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(state__in=["queued", "running"]), name="certificate_file_one_pending"
            )
        ]

    def __str__(self):
        return _t("giấy khen theo quyết định %s") % self.decision.number

    def get_absolute_url(self):
        return reverse("file", args=[self.uuid])

    @property
    def name(self):
        """ASCII file name: giay-khen-1306-qd-sgddt.pdf."""
        return f"giay-khen-{fold(self.decision.number).replace(' ', '-')}.pdf"

    def page_url(self):
        return reverse("award_certificates", args=[self.decision.offer.round_id])

    def work(self):
        from reports.papers.certificate import certificates
        from reports.papers.pdf import build_certificates  # WeasyPrint is slow to import and only workers need it

        data, pages = build_certificates(certificates(self), self.report_progress)
        self.file.save(f"{self.uuid}-{self.claim}.pdf", ContentFile(data), save=False)
        if not self.finish(_t("Đã tạo xong: %s."), file=self.file.name, pages=pages, size=len(data)):
            self.file.storage.delete(self.file.name)
