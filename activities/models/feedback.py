"""What participants thought of an activity: three answers, without a name."""

import uuid
from collections import Counter
from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities import check_in_code
from activities.models.activity import Activity
from twinning.fields import ProseField

# Fewer answers than this would tell who said what.
LEAST_SHOWN = 5
OPEN_FOR = timedelta(days=7)
MARKS = [MinValueValidator(1), MaxValueValidator(5)]


class FeedbackClosed(check_in_code.Refused):
    heading = _("Không nhận góp ý lúc này")
    what_to_do = _(
        "Góp ý được nhận từ ngày tổ chức và trong 7 ngày sau đó. Nếu còn điều muốn nói, hãy gặp trường của mình."
    )


class FeedbackQuerySet(models.QuerySet):
    def forget_devices(self, before):
        """Forget which device sent what was sent before the day. Returns how many."""
        return self.filter(day__lt=before).exclude(device_hash="").update(device_hash="")

    def summary(self):
        """What may be shown of these answers: {"count", "shown", "questions", "comments"}."""
        answers = list(self.values_list("useful", "applicable", "comment"))
        if len(answers) < LEAST_SHOWN:
            return {"count": len(answers), "shown": False}
        labels = [self.model._meta.get_field(name).verbose_name for name in ("useful", "applicable")]
        marks = zip(*((useful, applicable) for useful, applicable, _comment in answers), strict=True)
        return {
            "count": len(answers),
            "shown": True,
            "questions": [_question(label, given) for label, given in zip(labels, marks, strict=True)],
            "comments": [comment for _useful, _applicable, comment in answers if comment],
        }


def _question(label, marks):
    counted = Counter(marks)
    return {
        "label": label,
        "mean": f"{sum(marks) / len(marks):.1f}".replace(".", ","),
        "marks": [(mark, counted[mark]) for mark in range(5, 0, -1)],
        "count": len(marks),
    }


class Feedback(models.Model):
    """One answer. Nothing leads to a person: a random key, the day and no hour, and a hash of the device that differs
    from the one of its check-in."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="feedback", verbose_name=_("hoạt động"))
    useful = models.PositiveSmallIntegerField(_("Hữu ích"), validators=MARKS)
    applicable = models.PositiveSmallIntegerField(_("Áp dụng được ở trường mình"), validators=MARKS)
    comment = ProseField(_("Một ý kiến"), blank=True, max_length=500)
    day = models.DateField(_("ngày"), default=timezone.localdate)
    device_hash = models.CharField(max_length=40, blank=True, editable=False)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("góp ý")
        verbose_name_plural = _("góp ý")
        ordering = ["uuid"]  # by chance, not in the order they came
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "device_hash"], condition=~Q(device_hash=""), name="feedback_once_per_device"
            ),
            models.CheckConstraint(
                condition=Q(useful__range=(1, 5), applicable__range=(1, 5)), name="feedback_marks_one_to_five"
            ),
        ]

    def __str__(self):
        return _t("Góp ý về %s") % self.activity


def require_feedback_open(activity):
    """Raise FeedbackClosed unless participants may tell now what they thought."""
    if activity.status in (Activity.Status.CANCELLED, Activity.Status.MERGED):
        raise FeedbackClosed
    if not activity.day <= timezone.localdate() <= activity.day + OPEN_FOR:
        raise FeedbackClosed
