"""What one should see to before a report is submitted, told before anybody presses the button."""

from django.urls import reverse
from django.utils.translation import gettext as _t

from reports.content import HEADINGS
from reports.papers.letters import unprintable
from reports.standing import list_url
from twinning.vietnamese import number


def checklist(report):
    """[(is done, what, where to do it)] of `report`, in the order they are asked at submission."""
    lines = []
    write = reverse("report_edit", args=[report.pk])
    if report.period.required_sections:
        missing = ", ".join(str(heading) for _key, heading in report.missing_sections())
        words = _t("Còn mục bắt buộc chưa viết: %s") % missing if missing else _t("Các mục bắt buộc đã viết")
        lines.append((not missing, words, write))
    lines += [(False, words, write) for words in unprintable_sections(report.texts())]
    if not report.school_id:
        waiting = report.unsettled_below().count()
        words = _t("Mọi báo cáo cấp dưới đã duyệt, không phát sinh hoặc được miễn")
        if waiting:
            words = _t("%s báo cáo cấp dưới chưa được duyệt") % number(waiting)
        lines.append((not waiting, words, list_url(report.period, tinh_trang="chua-xong")))
    return lines


def unprintable_sections(texts: dict[str, str]) -> list[str]:
    """A sentence for each section of `texts` (key → text) with signs that papers print as a box, such as emoji."""
    words = _t("Mục “%(label)s” có ký hiệu không in được: %(signs)s. Hãy bỏ đi, nếu không sẽ in thành ô “□”.")
    signs = {key: unprintable(text) for key, text in texts.items() if key in HEADINGS}
    return [words % {"label": HEADINGS[key], "signs": found} for key, found in signs.items() if found]
