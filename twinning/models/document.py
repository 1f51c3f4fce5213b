"""Private files: stored under a random name, handed out only through /tep/<uuid>/ to those who may read their owner."""

import hashlib
import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning.access import ScopedQuerySet
from twinning.fields import NameField
from twinning.vietnamese import normalise


def random_path(instance, filename):
    """Never a name a person chose: <model>/<uuid>.<extension>."""
    return f"{instance._meta.model_name}/{instance.uuid}{PurePath(filename).suffix.lower()}"


class PrivateFile(models.Model):
    """A stored file with what one needs to trust it. Subclasses name their owner and the paths of access."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.FileField(_("tệp"), upload_to=random_path, max_length=200)
    name = NameField(_("tên tệp"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("dung lượng"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người tải lên")
    )
    uploaded_at = models.DateTimeField(_("lúc"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["uploaded_at"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("file", args=[self.uuid])

    @property
    def is_image(self):
        return self.content_type.startswith("image/")

    @classmethod
    def keep(cls, upload, by, **owner):
        """Store a checked upload (twinning.uploads.check_upload) for `owner`, sent in by `by`."""
        digest = hashlib.sha256()
        for chunk in upload.chunks():
            digest.update(chunk)
        upload.seek(0)
        name = PurePath(upload.name)
        longest = cls._meta.get_field("name").max_length - len(name.suffix)
        return cls.objects.create(
            file=upload,
            name=normalise(name.stem)[:longest] + name.suffix,
            content_type=upload.checked_type,
            size=upload.size,
            sha256=digest.hexdigest(),
            uploaded_by=by,
            **owner,
        )


class AgreementDocumentQuerySet(ScopedQuerySet):
    department_paths = ("agreement__programme__department",)
    district_paths = (
        ("agreement__supporting_school", "agreement__supporting_district"),
        ("agreement__supported_school", "agreement__supported_district"),
    )
    school_paths = ("agreement__supporting_school", "agreement__supported_school")
    read_only_school_paths = ("agreement__covered__supporting_school", "agreement__covered__supported_school")

    def newest(self):
        """Those no later version takes the place of."""
        return self.filter(replaced_by=None)

    def with_earlier(self):
        """A list of the newest of these, each with `earlier`: the versions before it, the last one first. One query."""
        papers = {paper.pk: paper for paper in self.select_related("uploaded_by")}
        newest = papers.keys() - {paper.replaces_id for paper in papers.values()}
        for pk in newest:
            step, papers[pk].earlier = papers[pk], []
            while step := papers.get(step.replaces_id):
                papers[pk].earlier.append(step)
        return [paper for pk, paper in papers.items() if pk in newest]


class AgreementDocument(PrivateFile):
    class Kind(models.TextChoices):
        SIGNED = "signed", _("bản ký (scan)")
        AMENDMENT = "amendment", _("phụ lục đã ký (scan)")
        PLAN = "plan", _("kế hoạch")
        MINUTES = "minutes", _("biên bản")
        PHOTO = "photo", _("ảnh lễ ký")
        OTHER = "other", _("tài liệu khác")

    agreement = models.ForeignKey(
        "twinning.Agreement", models.PROTECT, related_name="documents", verbose_name=_("giao ước")
    )
    # Of a signed amendment: which one.
    amendment = models.ForeignKey(
        "twinning.Amendment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("phụ lục"),
    )
    kind = models.CharField(_("loại"), max_length=10, choices=Kind, default=Kind.OTHER)
    # A paper is never overwritten: a new version names the one it takes the place of.
    version = models.PositiveSmallIntegerField(_("bản"), default=1)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("thay cho")
    )

    objects = AgreementDocumentQuerySet.as_manager()

    class Meta(PrivateFile.Meta):
        verbose_name = _("tài liệu giao ước")
        verbose_name_plural = _("tài liệu giao ước")

    @classmethod
    def keep(cls, upload, by, *, agreement, kind=Kind.OTHER, replaces=None, amendment=None):
        """Store a checked upload, as the next version of `replaces` if that is given. A second signed scan, of the
        agreement or of one amendment, is always a version of the first: signed papers are never overwritten, and one
        stands for what was signed."""
        if replaces is None and (kind == cls.Kind.SIGNED or amendment):
            same = cls.objects.filter(agreement=agreement, kind=kind, amendment=amendment)
            replaces = same.newest().order_by("version").last()
        if replaces is not None:
            amendment = amendment or replaces.amendment
        return super().keep(
            upload,
            by,
            agreement=agreement,
            amendment=amendment,
            kind=kind,
            replaces=replaces,
            version=replaces.version + 1 if replaces else 1,
        )
