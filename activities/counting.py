"""Lượt and người of activities, and how much of them is unconfirmed: counted here alike for lists, pages and figures.

Rules (printed beside the numbers): an activity counts once it was held; it is unconfirmed until every unit that took
part has said its word; lượt are unconfirmed until the unit whose people they are has said its own.
"""

from dataclasses import dataclass, field

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, ActivityKind, ActivitySchool, Participation
from twinning.vietnamese import number

TURNS_RULE = _(
    "Lượt: cộng số người từng đơn vị cử tham gia từng hoạt động; một người dự ba lần là ba lượt. Người: giáo viên khác "
    "nhau được ghi tên. Hoạt động chỉ tính một lần."
)
UNCONFIRMED_RULE = _(
    "Hoạt động còn đơn vị chưa xác nhận, lượt người mà đơn vị của họ chưa xác nhận: vẫn được tính, và ghi rõ là bao "
    "nhiêu. Quá 14 ngày từ khi được đề nghị mà chưa xác nhận thì đánh dấu là chậm."
)
PROFESSIONAL = (ActivityKind.Group.PROFESSIONAL, ActivityKind.Group.EXAM)


@dataclass(frozen=True)
class Share:
    """`value` of the `of` that are counted; `url`: the rows; `late` of them for more than LATE_DAYS, `late_url`."""

    value: int
    of: int
    url: str = ""
    late: int = 0
    late_url: str = ""

    def __bool__(self):
        return bool(self.value)

    @property
    def percent(self):
        """Whole percents in words: never "0%" of something nor "100%" of less than all."""
        if not self.of:
            return "0%"
        percent = round(100 * self.value / self.of)
        if self.value and percent == 0:
            return _t("dưới 1%")
        if self.value < self.of and percent == 100:
            return _t("trên 99%")
        return f"{percent}%"

    def __str__(self):
        """ "1.234 (12%)"."""
        return f"{number(self.value)} ({self.percent})"


@dataclass(frozen=True)
class Counts:
    """Of some activities: how many were held, of these how many are professional (kinds of teaching and of exams) and
    how many wait for a word (some for more than LATE_DAYS); lượt by name (Activity.TOTALS), all and unconfirmed; people
    named."""

    held: int
    professional: int
    waiting: int
    late: int
    people: int
    turns: dict = field(default_factory=dict)
    unconfirmed: dict = field(default_factory=dict)

    @property
    def held_share(self):
        return Share(self.waiting, self.held, late=self.late)

    def share(self, total):
        return Share(self.unconfirmed[total], self.turns[total])

    @property
    def teachers(self):
        return self.turns["teacher_turns"]

    @property
    def managers(self):
        return self.turns["manager_turns"]

    @property
    def pupils(self):
        return self.turns["pupil_turns"]

    @property
    def teacher_share(self):
        return self.share("teacher_turns")

    @property
    def sentence(self):
        """All of it in one line, for papers and sheets."""
        parts = [
            _t("Đã tổ chức %s hoạt động") % number(self.held) + self._not(self.held_share),
            _t("%s lượt giáo viên") % number(self.teachers) + self._not(self.teacher_share),
            _t("%s lượt cán bộ quản lý") % number(self.managers),
            _t("%s lượt học sinh") % number(self.pupils),
            _t("%s giáo viên có tên") % number(self.people),
        ]
        return "; ".join(parts) + "."

    @staticmethod
    def _not(share):
        return _t(", chưa xác nhận %s") % share if share else ""


def count(activities, rows=None):
    """Counts of the held ones among `activities` (queryset of Activity, each once). With `rows` (queryset of
    ActivitySchool) lượt and people are of these rows alone, say of one unit; else of every unit. Three queries."""
    held = activities.counted().order_by()
    sums = {f"sum_{total}": Sum(total) for total in Activity.TOTALS}
    found = held.aggregate(
        held=Count("pk"),
        professional=Count("pk", filter=Q(kind__group__in=PROFESSIONAL)),
        waiting=Count("pk", filter=Q(status=Activity.Status.HELD)),
        late=Count("pk", filter=Activity.objects.is_late()),
        **(sums if rows is None else {}),
    )
    if rows is None:
        rows = ActivitySchool.objects.filter(activity__in=held.values("pk"))
        # Of activities that all have confirmed nothing waits: their many rows need not be looked at.
        found |= rows.unconfirmed().order_by().aggregate(**{f"un_{total}": Sum(total) for total in Activity.TOTALS})
    else:
        waits = ActivitySchool.objects.waits
        found |= rows.order_by().aggregate(
            **sums, **{f"un_{total}": Sum(total, filter=waits()) for total in Activity.TOTALS}
        )
    return Counts(
        held=found["held"],
        professional=found["professional"],
        waiting=found["waiting"],
        late=found["late"],
        people=Participation.objects.filter(row__in=rows.order_by().values("pk")).people(),
        turns={total: found[f"sum_{total}"] or 0 for total in Activity.TOTALS},
        unconfirmed={total: found[f"un_{total}"] or 0 for total in Activity.TOTALS},
    )
