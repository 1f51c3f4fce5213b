"""Which law on emulation and commendation a file of nomination stands under: chosen by the day it was sent.

The documents and their days are data (award_law.csv, with where each was read): Luật 06/2022/QH15 is in force from
1/1/2024 and replaced Luật 15/2003/QH11 (its Điều 94); Nghị định 152/2025/NĐ-CP replaced 98/2023/NĐ-CP on 1/7/2025; what
was received before 1/10/2026 goes on under the law as it was before Luật 06/2026/QH16. An officer reads the list before
it is printed; it is no legal opinion.
"""

from datetime import date
from functools import cache
from pathlib import Path

from reports.official import as_date, long_date
from twinning.facts import facts

LAWS = Path(__file__).with_name("law.csv")


@cache
def _laws():
    return facts(LAWS)


def laws_on(day: date) -> list[dict]:
    """The documents in force on `day`, in their order: {type_name, symbol, issued_on (ISO or ""), issuer, abstract,
    valid_from, valid_to, source}."""
    return [law for law in _laws() if _is_in_force(law, day)]


def _is_in_force(law, day):
    begins, ends = as_date(law["valid_from"] or None), as_date(law["valid_to"] or None)
    return (begins is None or begins <= day) and (ends is None or day <= ends)


def laws_of(days) -> list[str]:
    """The documents that files sent on `days` stand under, worded as they are cited, each once in their order."""
    days = set(days)
    return [cited_law(law) for law in _laws() if any(_is_in_force(law, day) for day in days)]


def cited_law(law: dict) -> str:
    """ "Nghị định số 152/2025/NĐ-CP ngày 14 tháng 6 năm 2025 của Chính phủ quy định …"; a day nobody told stays out."""
    name = law["type_name"].replace("Thi đua khen thưởng", "Thi đua, khen thưởng")
    parts = [f"{name} số {law['symbol']}"]
    if law["issued_on"]:
        parts.append(long_date(law["issued_on"]))
    if law["issuer"]:
        parts.append(f"của {law['issuer']}")
    return " ".join([*parts, law["abstract"]]).strip()
