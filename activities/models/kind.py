"""The kinds of activity of a programme, as its Department orders them."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning.access import Role, ScopedQuerySet
from twinning.fields import KeyField, NameField
from twinning.models import Programme
from twinning.vietnamese import fold


class ActivityKindQuerySet(ScopedQuerySet):
    department_paths = ("programme__department",)
    is_directory = True
    editor_roles = frozenset({Role.ADMIN, Role.DEPARTMENT})

    def offered(self, programme, *also):
        """Those a new activity of `programme` may be of, and those of `also` (kind ids) that rows have already."""
        return self.filter(programme=programme).filter(models.Q(is_active=True) | models.Q(pk__in=also))

    @transaction.atomic
    def put_in_order(self, programme, ordered):
        """Number the kinds of `programme` in the order of the ids `ordered`, from 1."""
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
        for position, pk in enumerate(ordered, 1):
            self.filter(programme=programme, pk=pk).exclude(position=position).update(position=position)

    def missing_of_standard(self, programme):
        """[(name, group)] of STANDARD that `programme` has none alike of; retired ones count as there."""
        there = set(self.filter(programme=programme).values_list("name_key", flat=True))
        return [(name, group) for name, group in STANDARD if fold(name) not in there]

    @transaction.atomic
    def add_standard(self, programme):
        """Add what is missing of STANDARD behind the other kinds of `programme`. Returns how many were added."""
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
        last = self.filter(programme=programme).aggregate(last=models.Max("position"))["last"] or 0
        added = [
            ActivityKind(programme=programme, name=name, name_key=fold(name), group=group, position=last + n)
            for n, (name, group) in enumerate(self.missing_of_standard(programme), 1)
        ]
        return len(self.bulk_create(added))


class ActivityKind(models.Model):
    """A kind of activity of a programme: chuyên đề, hội thảo, dự giờ … One that is no longer used is retired: not
    offered any more, and still the kind of what was recorded."""

    class Group(models.TextChoices):
        PROFESSIONAL = "professional", _("Chuyên môn")
        EXAM = "exam", _("Ôn thi, bồi dưỡng")
        MANAGEMENT = "management", _("Quản lý, xây dựng nhà trường")
        EXCHANGE = "exchange", _("Giao lưu")
        UNION = "union", _("Công đoàn")

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="activity_kinds", verbose_name=_("phong trào")
    )
    name = NameField(_("loại hoạt động"), max_length=80)
    # "Toạ đàm" and "Tọa đàm" are one kind.
    name_key = KeyField(max_length=100, db_index=False)
    group = models.CharField(_("nhóm"), max_length=12, choices=Group)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    is_active = models.BooleanField(_("đang dùng"), default=True)

    objects = ActivityKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("loại hoạt động")
        verbose_name_plural = _("loại hoạt động")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "name_key"], name="activity_kind_once")]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.name_key = fold(self.name)
        super().save(**kwargs)

    def clean(self):
        self.name_key = fold(self.name)
        if not self.name_key and self.name:  # an empty box is refused already
            raise ValidationError({"name": _t("Hãy ghi tên loại hoạt động bằng chữ.")})
        alike = ActivityKind.objects.filter(programme=self.programme_id, name_key=self.name_key).exclude(pk=self.pk)
        if other := alike.first():
            advice = "" if other.is_active else _t(" Loại đó đang ngừng dùng: hãy mở ra và dùng lại.")
            raise ValidationError({"name": _t("Phong trào đã có loại “%s”.") % other + advice})

    @transaction.atomic
    def move(self, step):
        """One place up (`step` -1) or down (+1) among the kinds of its programme; the first and the last stay."""
        Programme.objects.select_for_update(no_key=True).get(pk=self.programme_id)
        ordered = list(ActivityKind.objects.filter(programme=self.programme_id).values_list("pk", flat=True))
        here = ordered.index(self.pk)
        there = min(max(here + step, 0), len(ordered) - 1)
        ordered.insert(there, ordered.pop(here))
        ActivityKind.objects.put_in_order(self.programme, ordered)


_Group = ActivityKind.Group
# What programmes of this sort are made of (plan 4340/KH-SGDĐT and the reports of both provinces), offered to a new one.
STANDARD = (
    ("Chuyên đề", _Group.PROFESSIONAL),
    ("Hội thảo", _Group.PROFESSIONAL),
    ("Toạ đàm", _Group.PROFESSIONAL),
    ("Dự giờ, rút kinh nghiệm", _Group.PROFESSIONAL),
    ("Tiết dạy minh hoạ", _Group.PROFESSIONAL),
    ("Sinh hoạt chuyên môn cụm trường", _Group.PROFESSIONAL),
    ("Bồi dưỡng giáo viên cốt cán", _Group.PROFESSIONAL),
    ("Tập huấn chuyển đổi số", _Group.PROFESSIONAL),
    ("Hội nghị ôn thi vào lớp 10", _Group.EXAM),
    ("Bồi dưỡng học sinh giỏi", _Group.EXAM),
    ("Phụ đạo học sinh", _Group.EXAM),
    ("Tham quan, trao đổi kinh nghiệm quản lý", _Group.MANAGEMENT),
    ("Hội nghị triển khai, sơ kết", _Group.MANAGEMENT),
    ("Họp tổ công tác", _Group.MANAGEMENT),
    ("Xây dựng trường xanh – sạch – đẹp – an toàn", _Group.MANAGEMENT),
    ("Xây dựng trường học hạnh phúc", _Group.MANAGEMENT),
    ("Giao lưu học sinh", _Group.EXCHANGE),
    ("Giao lưu văn nghệ, thể thao", _Group.EXCHANGE),
    ("Sinh hoạt công đoàn", _Group.UNION),
)
