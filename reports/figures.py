"""What a figure is: its name, its rule, its value, how much of it is unconfirmed and where its rows are.

Rules (printed beside the figures):
- an event counts once, however many units took part; planned and cancelled ones do not count;
- lượt = head-counts added up; người = distinct named teachers, where names are recorded;
- for a district or a school, lượt and người are those of its own people only, so that units add up to the whole;
- help counts once delivered;
- what partners have not confirmed yet counts too, and every figure says how much of it that is (`Figure.unconfirmed`);
- which district a row is of depends on the lens (twinning/lens.py); the whole does not.
"""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities import counting
from activities.counting import Share
from activities.models import Activity
from twinning import working

RULES = {
    "schools_signed": _(
        "Số trường có giao ước trường – trường đã ký, có hiệu lực trong thời gian này; mỗi trường tính một lần."
    ),
    "agreements_live": _("Giao ước đã ký, có hiệu lực ít nhất một ngày trong thời gian này; gồm mọi cấp."),
    "activities_held": _("Hoạt động đã tổ chức; mỗi hoạt động tính một lần dù nhiều đơn vị cùng tham gia."),
    "teacher_turns": _("Cộng số giáo viên tham gia của từng hoạt động: một người dự ba lần là ba lượt."),
    "teachers_named": _("Số giáo viên khác nhau được ghi tên; một người dự ba lần vẫn là một người."),
    "pupil_turns": _("Cộng số học sinh tham gia của từng hoạt động; cổng không ghi tên học sinh."),
    "support_vnd": _("Tiền và hiện vật quy ra tiền đã trao, tính theo đồng; khoản mới cam kết chưa tính."),
}
LATE = "cham-xac-nhan"  # in the address of the list of activities
LABELS = {
    "schools_signed": _("Trường đã ký giao ước"),
    "agreements_live": _("Giao ước có hiệu lực"),
    "activities_held": _("Hoạt động đã tổ chức"),
    "teacher_turns": _("Lượt giáo viên tham gia"),
    "teachers_named": _("Giáo viên có tên"),
    "pupil_turns": _("Lượt học sinh tham gia"),
    "support_vnd": _("Hỗ trợ đã trao"),
}
# Of cards and lists, not of reports.
FURTHER_LABELS = {"manager_turns": _("Lượt cán bộ quản lý tham gia")}


def printed_rules(figures):
    """[(label, rule)] of `figures` ({key: Figure}), to print beside them."""
    rules = [(figures[key].label, rule) for key, rule in RULES.items()]
    return [*rules, (_("Chưa xác nhận"), counting.UNCONFIRMED_RULE)]


@dataclass(frozen=True)
class Figure:
    """One number with what it means and where its rows are. `value` is a plain int."""

    key: str
    value: int
    url: str = ""
    unconfirmed: Share | None = None

    @property
    def label(self):
        return LABELS.get(self.key) or FURTHER_LABELS[self.key]

    @property
    def rule(self):
        return RULES[self.key]


def of_agreement(agreement):
    """{key: Figure} of what was done under an agreement and under those it covers, by every unit that took part."""
    activities = Activity.objects.filter(Q(agreement=agreement) | Q(agreement__umbrella=agreement))
    query = {"tinh_trang": "da-tinh", "giao_uoc": agreement.pk, working.QUERY: agreement.programme_id}
    return of_work(counting.count(activities), lambda **only: f"{reverse('activity_list')}?{urlencode(query | only)}")


def of_work(done, url):
    """{key: Figure} of counting.Counts; `url(**filters)`: the list of the activities, or of those the filters leave."""
    held = replace(done.held_share, url=url(tinh_trang=Activity.Status.HELD.value), late_url=url(tinh_trang=LATE))
    turns = {
        total: Figure(total, done.turns[total], url(), replace(done.share(total), url=url(so_lieu="chua")))
        for total in Activity.TOTALS
    }
    return {
        "activities_held": Figure("activities_held", done.held, url(), held),
        "teachers_named": Figure("teachers_named", done.people, url()),
        **turns,
    }
