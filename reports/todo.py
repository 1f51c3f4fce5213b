"""What waits for a person: one line for each kind of work, the urgent first. The first thing a dashboard shows."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from activities.models import Activity, Support
from reports.models import AwardRound, Nomination, Report
from twinning import access, problems, vietnamese
from twinning.models import Agreement, Amendment
from twinning.vietnamese import number

MOST_PROBLEMS = 2


@dataclass(frozen=True)
class Todo:
    """One line: how urgent ("red", "yellow", "blue"), what, a detail, where to do it and the word on the button."""

    tone: str
    text: str
    detail: str
    url: str
    button: str


def todos_for(user):
    """The lines for `user`, a fixed number of queries for each kind of work."""
    lines = [
        *_reports(user),
        *_agreements(user),
        *_amendments(user),
        *_activities(user),
        *_supports(user),
        *_awards(user),
    ]
    return sorted(lines, key=lambda line: ["red", "yellow", "blue"].index(line.tone))


def _agreements(user):
    waiting = list(Agreement.objects.waiting_for(user)[:50])
    if waiting:
        names = ", ".join(agreement.pair for agreement in waiting[:2]) + ("…" if len(waiting) > 2 else "")
        url = waiting[0].get_absolute_url() if len(waiting) == 1 else reverse("agreement_list") + "?cho=toi"
        yield Todo("yellow", _("%s giao ước chờ đơn vị mình xử lý") % number(len(waiting)), names, url, _("Xử lý"))
    if access.watches_agreements(user):
        counts = problems.count(Agreement.objects.visible_to(user))
        if n := counts.pop(problems.ANY):
            titles = [f"{problems.BY_SLUG[slug].title} ({number(count)})" for slug, count in counts.items() if count]
            detail = " · ".join(titles[:MOST_PROBLEMS]) + ("…" if titles[MOST_PROBLEMS:] else "")
            yield Todo("blue", _("%s giao ước cần xem lại") % number(n), detail, reverse("problem_list"), _("Xem"))


def _amendments(user):
    if waiting := list(Amendment.objects.waiting_for(user)[:50]):
        names = ", ".join(str(amendment) for amendment in waiting[:2]) + ("…" if len(waiting) > 2 else "")
        url = waiting[0].get_absolute_url()
        yield Todo("yellow", _("%s phụ lục chờ đơn vị mình xử lý") % number(len(waiting)), names, url, _("Xử lý"))


def _activities(user):
    page = reverse("activity_list")
    waiting = Activity.objects.waiting_for(user)
    if n := waiting.count():
        url = waiting.first().get_absolute_url() if n == 1 else page + "?cho=toi"
        detail = waiting.first().title
        yield Todo("yellow", _("%s hoạt động chờ xác nhận số liệu") % number(n), detail, url, _("Xác nhận"))
    overdue = Activity.objects.overdue_for(user)
    if n := overdue.count():
        url = overdue.first().get_absolute_url() if n == 1 else page + "?cho=ket-qua"
        yield Todo(
            "yellow",
            _("%s hoạt động đã qua ngày dự kiến: hãy cho biết kết quả") % number(n),
            overdue.first().title,
            url,
            _("Ghi"),
        )

    membership = access.seat(user)
    if membership and not membership.school_id and (n := Activity.objects.overdue_of_others(user).count()):
        text = _("%s hoạt động của các đơn vị đã qua ngày dự kiến, chưa có kết quả") % number(n)
        yield Todo("blue", text, "", page + "?cho=don-vi", _("Xem"))


def _supports(user):
    waiting = Support.objects.waiting_for(user)
    if n := waiting.count():
        url = waiting.first().get_absolute_url() if n == 1 else reverse("support_list") + "?cho=toi"
        yield Todo(
            "yellow",
            _("%s khoản hỗ trợ chờ đơn vị mình xác nhận hoặc trao đủ") % number(n),
            waiting.first().title,
            url,
            _("Xác nhận"),
        )


def _awards(user):
    waiting = Nomination.objects.waiting_for(user)
    if n := waiting.count():
        first = waiting.for_list().first()
        url = first.get_absolute_url() if n == 1 else reverse("nomination_list") + "?cho=toi"
        yield Todo("yellow", _("%s đề nghị khen thưởng chờ xử lý") % number(n), first.recipient_line, url, _("Xử lý"))
    if access.is_of_department(user) and access.is_signer(user):
        for award_round in AwardRound.objects.visible_to(user).overdue():
            url = award_round.get_absolute_url()
            yield Todo("yellow", str(award_round), award_round.next_step, url, _("Xử lý"))
    if not access.nominates(user):
        return
    for award_round in AwardRound.objects.visible_to(user).taking().order_by("due_on"):
        due = award_round.due_on
        detail = _("hạn nộp đề nghị %s") % vietnamese.day(due)
        text = _("Đang nhận đề nghị khen thưởng: %s") % award_round
        yield Todo("blue", text, detail, award_round.get_absolute_url(), _("Xem"))


def _reports(user):
    waiting = Report.objects.waiting_for(user).for_list()
    status = Report.Status
    own = list(waiting.exclude(status=status.SUBMITTED).filter(unlock_asked_at=None)[:20])
    if late := [report for report in own if report.is_overdue]:
        yield _report_line("red", _("%s báo cáo quá hạn nộp"), late, _("Soạn"))
    open_ones = [report for report in own if not report.is_overdue]
    for tone, text, step, button in (
        ("yellow", _("%s báo cáo bị trả lại: xem ý kiến, sửa rồi trình lại"), status.RETURNED, _("Sửa")),
        ("yellow", _("%s báo cáo đã duyệt: ghi số, ngày và ban hành"), status.APPROVED, _("Ban hành")),
        ("blue", _("%s báo cáo cần soạn"), status.DRAFTING, _("Soạn")),
    ):
        if reports := [report for report in open_ones if report.status == step]:
            yield _report_line(tone, text, reports, button)
    if n := waiting.filter(status=status.SUBMITTED).count():
        page = reverse("report_list") + "?cho=toi&tinh_trang=submitted"
        yield Todo("yellow", _("%s báo cáo chờ duyệt") % number(n), "", page, _("Duyệt"))
    if access.runs_reporting(user) and (n := waiting.filter(unlock_asked_at__isnull=False).count()):
        page = reverse("report_list") + "?tinh_trang=xin-mo-khoa"
        yield Todo("yellow", _("%s đơn vị xin mở khoá báo cáo") % number(n), "", page, _("Xem"))


def _report_line(tone, text, reports, button):
    years = ", ".join(sorted({report.period.span for report in reports}))
    due = min(report.due_on for report in reports)
    url = reports[0].get_absolute_url() if len(reports) == 1 else reverse("report_list") + "?cho=toi"
    detail = _("%(years)s · hạn %(due)s") % {"years": years, "due": vietnamese.day(due)}
    return Todo(tone, text % number(len(reports)), detail, url, button)
