"""A season under way: of one district's schools some have issued their report, others wait, one has to write again."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from reports.models import Report, ReportSection
from twinning.access import people_of
from twinning.sample.province import Phase

TEXTS = {
    "advantages": "Hai trường cùng cấp học, nội dung trao đổi gần với việc hằng ngày của giáo viên.",
    "difficulties": "Lịch dạy của hai trường khác nhau, quãng đường đi lại xa.",
    "strengths": "Chuyên đề được chuẩn bị chu đáo, sau buổi trao đổi có tiết dạy lại ở trường mình.",
    "weaknesses": "Một số tổ chuyên môn chưa tham gia; minh chứng lưu chưa đầy đủ.",
    "next_year": "Thống nhất lịch từ đầu học kỳ; thêm chuyên đề cho các môn học mới.",
    "proposals": "Đề nghị Phòng bố trí thời gian để giáo viên hai huyện cùng sinh hoạt chuyên môn mỗi học kỳ.",
}
# How far each of the first schools of the district came.
WAYS = (
    ("submit", "approve", "issue"),
    ("submit", "approve", "issue"),
    ("submit", "approve"),
    ("submit",),
    ("submit", "return"),
)
COMMENT = {"weaknesses": "Nêu rõ việc gì chưa làm được và vì sao."}


def hand_in(phase: Phase, year, district):
    """The reports of the first schools of `district` for `year`, in the order of their names, along WAYS."""
    reports = Report.objects.for_list().filter(
        period__programme=phase.programme, period__school_year=year, school__district=district, sections=None
    )
    (officer, *_others) = people_of(district_id=district.pk)
    for n, (report, way) in enumerate(zip(reports.order_by("school__sort_key", "pk"), WAYS, strict=False)):
        (principal, *_others) = people_of(school_id=report.school_id)
        ReportSection.objects.bulk_create(
            ReportSection(report=report, key=key, body=body, typed_by=principal) for key, body in TEXTS.items()
        )
        for step, name in enumerate(way):
            given = {"comments": COMMENT} if name == "return" else {}
            if name == "issue":
                given = {
                    "number": None,
                    "issued_on": date(year + 1, 6, 14 + n),
                    "signer_title": "HIỆU TRƯỞNG",
                    "signer_name": principal.full_name,
                    "recipients": "",
                }
            report.perform(name, principal if name in ("submit", "issue") else officer, **given)
            report.events.filter(action=name).update(at=_at(year, 5 + n + step))
        Report.objects.filter(pk=report.pk).update(first_submitted_at=_at(year, 5 + n), frozen_at=_at(year, 5 + n))
        report.history.all().delete()  # nobody changed anything by hand


def _at(year, day):
    return timezone.make_aware(datetime.combine(date(year + 1, 6, 1), time(9)) + timedelta(days=day - 1))
