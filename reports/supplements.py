"""Supplements: what changed after the figures of an issued report were frozen, put on paper and into the register."""

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import override

from reports.content import PAPER_LANGUAGE
from reports.frozen import changes
from reports.models import OutgoingPaper, Report, Supplement
from reports.models.report_life import Status
from reports.official import ended, long_date, number_and_symbol
from reports.papers import signing
from reports.papers.letters import FontMissing
from reports.verification import mark_of
from twinning.life import Refused
from twinning.vietnamese import number


def untold(report):
    """[Change] that no supplement of `report` told yet: none when the last one told just these."""
    found = changes(report)
    last = report.supplements.last()
    return [] if last and last.changes == [change.as_json() for change in found] else found


@transaction.atomic
def issue(report, by, *, issued_on, explanation, signer_title, signer_name):
    """The next supplement of `report`, with a number of its own and its PDF, which is made here: half a second. Raises
    Refused when nothing changed, when somebody issued one meanwhile, and when its PDF cannot be made or kept; nothing
    is issued then and no number used."""
    from reports.papers.pdf import build_pdf  # WeasyPrint is slow to import and few processes need it

    report = Report.objects.select_for_update(of=("self",)).for_list().get(pk=report.pk)
    if report.status != Status.ISSUED:
        raise Refused(_t("Chỉ báo cáo đã ban hành và còn hiệu lực mới có bổ sung số liệu."))
    found = untold(report)
    if not found:
        raise Refused(_t("Số liệu không có thay đổi nào chưa được bổ sung."))
    position = report.supplements.count() + 1
    paper = OutgoingPaper.objects.enter(
        report.unit,
        report.frozen["symbol"],
        issued_on,
        type_name=_t("Báo cáo"),
        abstract=abstract(report, position)[:400],
        signer=f"{signer_name}, {signer_title}",
        recipients="\n".join(report.frozen["recipients"]),
        report=report,
    )
    supplement = Supplement.objects.create(
        report=report,
        position=position,
        changes=[change.as_json() for change in found],
        explanation=explanation,
        paper=paper,
        signer_title=signer_title,
        signer_name=signer_name,
        by=by,
    )
    told = content(supplement)
    try:
        data, _pages = build_pdf(told, lambda percent, step: None, mark_of(supplement.code))
        data = signing.signed(data, _t("Ban hành Báo cáo số %s") % paper.number_and_symbol, told["place"])
        supplement.keep(data)
    except (FontMissing, signing.KeyUnusable) as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(_t("Máy chủ không lưu được tệp nên chưa ban hành. Hãy báo người quản trị cổng.")) from error
    return supplement


def abstract(report, position):
    number = number_and_symbol(report.number, report.frozen["symbol"])
    return f"Bổ sung số liệu lần {position} của Báo cáo số {number} {long_date(report.issued_on)}"


def content(supplement):
    """The paper of `supplement`, in the shape of `report_content` and `Report.file_content`."""
    report, paper = supplement.report, supplement.paper
    frozen = report.frozen
    with override(PAPER_LANGUAGE):
        cited = f"Báo cáo số {number_and_symbol(report.number, frozen['symbol'])} {long_date(report.issued_on)}"
        return {
            **frozen,
            "abstract": abstract(report, supplement.position),
            "bases": ended([f"Căn cứ {cited} của {frozen['issuer_name']}"]),
            "opening": (
                f"Sau khi chốt số liệu {long_date(report.frozen_at.date().isoformat())}, dữ liệu của kỳ báo cáo có "
                f"thay đổi. {frozen['issuer_name']} bổ sung như sau:"
            ),
            "chapters": [
                {
                    "number": "I",
                    "heading": "Số liệu thay đổi",
                    "sections": [_section([], [_table(supplement.changes)])],
                },
                {
                    "number": "II",
                    "heading": "Giải trình",
                    "sections": [_section(supplement.explanation.split("\n"), [])],
                },
            ],
            "closing": f"Các nội dung khác của {cited} không thay đổi./.",
            "figures": {},
            "charts": [],
            "annexes": [],
            "is_draft": False,
            "number": paper.number,
            "issued_on": paper.issued_on.isoformat(),
            "signer_title": supplement.signer_title,
            "signer_name": supplement.signer_name,
        }


def _section(lines, tables):
    paragraphs = [{"kind": "written", "text": line} for line in lines if line.strip()]
    return {"number": "", "heading": "", "key": "", "paragraphs": paragraphs, "tables": tables, "charts": []}


def _rows_told(change):
    added, removed = len(change["added"]), len(change["removed"])
    return f"thêm {number(added)}, bớt {number(removed)}" if added or removed else "sửa dòng đã có"


def _table(told):
    columns = [
        {"key": "label", "label": "Chỉ tiêu", "group": "", "kind": "text"},
        {"key": "before", "label": "Đã báo cáo", "group": "", "kind": "number"},
        {"key": "after", "label": "Nay là", "group": "", "kind": "number"},
        {"key": "rows", "label": "Dòng thêm, bớt", "group": "", "kind": "text"},
    ]
    rows = [
        {
            "kind": "row",
            "cells": [
                change["label"],
                change["before"],
                change["after"],
                _rows_told(change),
            ],
        }
        for change in told
    ]
    return {"key": "changes", "columns": columns, "rows": rows, "notes": [], "ids": []}
