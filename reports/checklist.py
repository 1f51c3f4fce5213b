"""What stands between a report and its submission, told before anybody presses the button."""

from django.urls import reverse
from django.utils.translation import gettext as _t

from reports.standing import list_url
from twinning.vietnamese import number


def checklist(report):
    """[(is done, what, where to do it)] of `report`, in the order they are asked at submission."""
    lines = []
    if report.period.required_sections:
        missing = ", ".join(str(heading) for _key, heading in report.missing_sections())
        words = _t("Còn mục bắt buộc chưa viết: %s") % missing if missing else _t("Các mục bắt buộc đã viết")
        lines.append((not missing, words, reverse("report_edit", args=[report.pk])))
    if not report.school_id:
        waiting = report.unsettled_below().count()
        words = _t("Mọi báo cáo cấp dưới đã duyệt, không phát sinh hoặc được miễn")
        if waiting:
            words = _t("%s báo cáo cấp dưới chưa được duyệt") % number(waiting)
        lines.append((not waiting, words, list_url(report.period, tinh_trang="chua-xong")))
    return lines
