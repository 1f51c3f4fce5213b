"""How an official paper words dates, numbers and names: Decree 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II.

The paper is Vietnamese whatever language the pages are in, so nothing here goes through gettext.
"""

import re
import textwrap
from dataclasses import dataclass
from datetime import date

from twinning.models import Department, District, School
from twinning.symbols import formal_name, initials, place_name
from twinning.vietnamese import decimal, number

# Schools of these levels are under the Department itself.
UPPER_LEVELS = frozenset({School.Level.UPPER_SEC, School.Level.LOWER_UPPER, School.Level.CONTINUING})
BLANK = "…"


def as_date(value):
    """A date from a date or from its ISO text, as JSON keeps it; None stays None."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def long_date(value) -> str:
    """ "ngày 05 tháng 01 năm 2020": days below 10 and months 1 and 2 get a leading zero, other months none (II.4.b)."""
    day = as_date(value)
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def short_date(value) -> str:
    """ "15/4/2023" for tables, with the same zeros as the long form; "–" without a date."""
    day = as_date(value)
    if day is None:
        return "–"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def issue_date(issued_on, year: int) -> str:
    """The day of issue; day and month stay open in a draft, whose year is `year`."""
    return long_date(issued_on) if issued_on else f"ngày {BLANK} tháng {BLANK} năm {year}"


def place_and_date(place: str, issued_on, year: int) -> str:
    """Ô 4: "Hà Nội, ngày 05 tháng 01 năm 2020"."""
    return f"{place}, {issue_date(issued_on, year)}"


def cited(name: str, issued_on, issuer: str, abstract: str) -> str:
    """A document cited in full, as Căn cứ: type, number, day, issuer, subject (II.6)."""
    return f"Căn cứ {name} {long_date(issued_on)} của {issuer} về {abstract.removeprefix('về ')}"


def ended(lines: list[str]) -> list[str]:
    """Lines of one sentence: each ends with a semicolon, the last with a full stop."""
    return [f"{line};" for line in lines[:-1]] + [f"{line}." for line in lines[-1:]]


# In the order the decree itself uses; no f, j, w, z, and no ă, â, ê, ô, ơ, ư.
POINTS = "abcdđeghiklmnopqrstuvxy"


def point(n: int) -> str:
    """The letter of the n-th điểm: 5 → "đ"; after the last one "a1", "b1" …"""
    turn, place = divmod(n - 1, len(POINTS))
    return POINTS[place] + (str(turn) if turn else "")


def number_and_symbol(number: int | None, symbol: str) -> str:
    """ "05/BC-SGDĐT": numbers below 10 get a leading zero (II.3.a). Without a number seven hard spaces leave its place
    open: it is given at issue, not at draft (Điều 15)."""
    return f"{number:02d}/{symbol}" if number else "\u00a0" * 7 + f"/{symbol}"


def in_table(value, column: dict) -> str:
    """A cell of a table (reports/annexes.py) as it is printed: "–" for what was not reported."""
    if value is None:
        return "–"
    if column["kind"] == "date" and value:
        return short_date(value)
    if isinstance(value, float):
        return decimal(value)
    if not isinstance(value, int):
        return value
    sign = "+" if column["kind"] == "change" and value > 0 else ""
    return f"{sign}{number(value)}{'%' if column['kind'] == 'percent' else ''}"


def roman(n: int) -> str:
    """4 → "IV", for sections and annexes."""
    digits = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, digit in digits:
        text += digit * (n // value)
        n %= value
    return text


def balanced(text: str, most: int) -> list[str]:
    """`text` on as few lines as `most` characters allow, and these as equal as they can be; what `joined` keeps
    together stays on one line, and none begins with a dash."""
    text = joined(text).replace(" - ", "\u00a0- ")
    lines = _wrapped(text, most)
    for narrower in range(most - 1, 0, -1):
        candidate = _wrapped(text, narrower)
        if len(candidate) > len(lines) or max(map(len, candidate), default=0) > narrower:
            break
        lines = candidate
    return lines


def subject_lines(text: str, most: int = 60) -> list[str]:
    """Trích yếu on lines that break by sense: a quoted name begins a new one."""
    subject, quote, name = text.partition(" “")
    return balanced(subject, most) + (named_lines(f"“{name}") if quote else [])


def named_lines(text: str, most: int = 66) -> list[str]:
    """A quoted name and what is said after it (“Phòng giúp phòng – Trường giúp trường”, năm học 2023-2024): lines end
    after the name or at its dashes, where that leaves room for what stands between."""
    if len(text) <= most:
        return balanced(text, most)
    name, end, after = text.partition("”, ")
    if end and len(name) < most:
        return balanced(f"{name}”,", most) + balanced(after, most)
    lines = []
    for part in text.split(" – "):
        if lines and len(f"{lines[-1]} – {part} –") <= most:
            lines[-1] += f" – {part}"
        else:
            lines.append(part)
    lines = [f"{line}\u00a0–" for line in lines[:-1]] + lines[-1:]
    if len(lines) == 1 or max(map(len, lines)) > most:
        return balanced(text, most)
    return [part for line in lines for part in balanced(line, most)]


def _wrapped(text, width):
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def signer_lines(title: str) -> list[str]:
    """The authority above a signature, a line each: "KT. GIÁM ĐỐC" is followed by "PHÓ GIÁM ĐỐC" (II.7.a)."""
    lines = [line.strip().upper() for line in re.split(r"[/;\n]| (?=phó )", title, flags=re.IGNORECASE) if line.strip()]
    if len(lines) == 1 and lines[0].startswith("KT."):
        lines.append("PHÓ " + lines[0].removeprefix("KT.").strip())
    return lines


# --- Where lines may break --------------------------------------------------------------------------------------------

# What belongs to a number stands before it ("tháng 5") or, if nothing does, after it ("51.065 lượt").
BEFORE_NUMBER = re.compile(
    r"\b(?:(?:ngày|tháng|năm|số|lớp|khối|Điều|khoản|điểm|Quận|Phường) (?=\d)|(?:Phụ lục|Mục) (?=[IVX\d]))"
)
AFTER_NUMBER = re.compile(r"(?<![^ (])(\d(?:[\d.,/]*\d)?%?) (?=[^\W\d_])")
ONE_UNIT = re.compile(r"\b(nghìn|triệu|tỷ|tỉ) (?=đồng)")
# The end of a name: "Tiểu học Bình Minh B", "THPT Vinh 1", "Toán 9".
END_OF_NAME = re.compile(r"\b([^\W\d_]\w*) ([A-Z]|\d{1,2})(?![\w.,]*\w)")


def joined(text: str) -> str:
    """`text` with hard spaces where no line may end: between a number and its unit, before a dash, and before the
    letter or number that ends a name."""
    text = BEFORE_NUMBER.sub(lambda match: match[0].replace(" ", "\u00a0"), text)
    text = AFTER_NUMBER.sub("\\1\u00a0", text)
    text = ONE_UNIT.sub("\\1\u00a0", text)
    text = END_OF_NAME.sub(lambda end: f"{end[1]}\u00a0{end[2]}" if end[1][0].isupper() else end[0], text)
    return text.replace(" – ", "\u00a0– ")


# --- Who issues a paper -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Issuer:
    """A unit as it stands on its own papers.

    superior, line: ô 2, in capitals; name: in a sentence; whole: "toàn ngành" and the like; addressee: ô 9a, empty when
    the paper is addressed to nobody; signatory: ô 7a.
    """

    kind: str
    superior: str
    line: str
    name: str
    symbol: str
    place: str
    addressee: str
    signatory: str


def issuer_of(unit: Department | District | School) -> Issuer:
    return {Department: _department, District: _district, School: _school}[type(unit)](unit)


def _department(department):
    line = department.name
    if department.superior.endswith(department.place):  # the place need not stand twice in the heading
        line = line.removesuffix(department.place).strip()
    return Issuer(
        kind="department",
        superior=_short_committee(department.superior).upper(),
        line=line.upper(),
        name=department.name,
        symbol=f"BC-{department.symbol}",
        place=department.place,
        addressee="",
        signatory="GIÁM ĐỐC",
    )


def _district(district):
    return Issuer(
        kind="district",
        superior=f"UBND {district}".upper(),
        line=district.office_name.removesuffix(str(district)).strip().upper(),
        name=district.office_name,
        symbol=f"BC-{district.symbol}",
        place=place_name(district),
        addressee=district.department.name,
        signatory="TRƯỞNG PHÒNG",
    )


def _school(school):
    district = school.district
    name = formal_name(school.name)
    if school.level in UPPER_LEVELS:
        above = addressee = district.department.name
    else:
        addressee = district.office_name
        is_public = school.ownership == School.Ownership.PUBLIC
        above = f"UBND {district}" if is_public else district.office_name
    return Issuer(
        kind="school",
        superior=above.upper(),
        line=name.upper(),
        name=name,
        symbol=f"BC-{initials(school.name)}",
        place=place_name(district),
        addressee=addressee,
        signatory="GIÁM ĐỐC" if school.level == School.Level.CONTINUING else "HIỆU TRƯỞNG",
    )


def _short_committee(name):
    return re.sub(r"^(Ủy|Uỷ) ban nhân dân", "UBND", name)
