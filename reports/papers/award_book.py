"""The book of awards (sổ khen thưởng) as a paper: who was honoured, by which decision, one school year after another.

No rule gives it a form; it has the columns of annex VII of a report (domain facts §2.3) and its own numbers, and keeps
what was revoked, with the decision that revoked it.
"""

from collections.abc import Iterable
from itertools import groupby

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import override

from reports.content import PAPER_LANGUAGE
from reports.models import Award
from reports.official import issuer_of, short_date
from twinning import school_year
from twinning.models import Department
from twinning.vietnamese import number

COLUMNS = (
    ("book_number", "Số sổ", "number"),
    ("recipient", "Tập thể, cá nhân", "text"),
    ("unit", "Đơn vị", "text"),
    ("form", "Hình thức", "text"),
    ("achievement", "Thành tích", "text"),
    ("decision", "Quyết định", "text"),
    ("issuer", "Cấp khen thưởng", "text"),
)
UNNUMBERED = "Số sổ “–”: quyết định ghi theo tài liệu cũ, cổng không cấp số sổ."


def award_book(awards: Iterable[Award], department: Department, chosen: str) -> dict:
    """{name, file_name, issuer_name, said [str], table} of `awards` in the order of their decisions; `chosen`: the
    filters they were found by, in words. `table` is an annex (reports/annexes.py)."""
    with override(PAPER_LANGUAGE):
        issuer, today = issuer_of(department), timezone.localdate()
        ordered = sorted(awards, key=lambda award: (award.decided_on, award.book_number or 0, award.pk))
        printed = f"In từ cổng ngày {short_date(today)}: {number(len(ordered))} khen thưởng"
        rows = []
        for year, group in groupby(ordered, lambda award: school_year.school_year_of(award.decided_on)):
            of_year = list(group)
            told = f"Năm học {school_year.label(year)} ({number(len(of_year))})"
            rows.append({"kind": "group", "cells": ["", told, *[""] * (len(COLUMNS) - 2)]})
            rows += [{"kind": "row", "cells": _cells(award)} for award in of_year]
        return {
            "name": "Sổ khen thưởng",
            "file_name": f"Sổ khen thưởng {today:%d-%m-%Y}",
            "issuer_name": issuer.name,
            "said": [*filter(None, [chosen]), printed],
            "table": {
                "key": "award_book",
                "name": issuer.name,
                "landscape": True,
                "columns": [{"key": key, "label": label, "group": "", "kind": kind} for key, label, kind in COLUMNS],
                "rows": rows,
                "notes": [UNNUMBERED] if any(award.book_number is None for award in ordered) else [],
            },
        }


def _cells(award):
    return [
        award.book_number,
        award.recipient_line,
        award.belongs_to or "–",
        capfirst(award.get_form_display()),
        award.citation or award.achievement,
        _decision(award),
        award.issuer,
    ]


def _decision(award):
    given = f"số {award.decision_number} ngày {short_date(award.decided_on)}"
    if not award.is_revoked:
        return given
    return f"{given}; đã huỷ bỏ theo Quyết định số {award.revoked_number} ngày {short_date(award.revoked_on)}"
