"""What a cell means: text, code, number, day, school year, one of a list. A guess is refused with the reason.

Every converter takes the raw cell (str, float, int, bool, date, datetime, time) and the `Reading` in force and returns
the value, or None for an empty cell; it raises CellError with a Vietnamese sentence that says what is wrong and what to
do.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from twinning import school_year, vietnamese
from twinning.vietnamese import fold, normalise

EXCEL_DAY_0 = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 25569, 73050  # 1970 … 2099: what a bare number in a column of days may mean


class CellError(Exception):
    """This cell cannot be taken; str() says why."""


class RowError(Exception):
    """This row cannot be taken: (name of the column or "", why)."""

    def __init__(self, column, why):
        self.column, self.why = column, why
        self.all = [self]  # all that is wrong, itself first
        super().__init__(why)


def each(*reads):
    """What `reads` (functions without arguments) give, all of them tried. Raises one RowError with `all` that is
    wrong, so that a person mends a row once."""
    values, errors = [], []
    for read in reads:
        try:
            values.append(read())
        except RowError as error:
            errors += error.all
    if errors:
        errors[0].all = errors
        raise errors[0]
    return values


@dataclass(frozen=True)
class Reading:
    """How the person says the file is written: number style "vi" (1.009 is a thousand and nine; 1,5 a half more than
    one) or "en"; encoding "" (Unicode), "tcvn3" or "vni", from which the check converts all text before it reads."""

    number_style: str = "vi"
    encoding: str = ""


@dataclass(frozen=True)
class Noted:
    """What a converter may return where the person has to know how the cell was taken."""

    value: object
    note: str


def text(cell, reading):
    """One line of text: NFC, single spaces, nothing invisible; a number as Excel shows it."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        if cell.startswith("#") and cell in EXCEL_ERRORS:
            raise CellError(_("Ô đang báo lỗi %s. Hãy sửa công thức hoặc gõ lại giá trị.") % cell)
        return " ".join(normalise(cell).split()) or None
    if isinstance(cell, bool):
        return _("có") if cell else _("không")
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"})


def prose(cell, reading):
    """Text of several lines."""
    if not isinstance(cell, str):
        return text(cell, reading)
    text(cell, reading)  # refuses what stands for an error
    return normalise(cell) or None


def code(cell, reading):
    """A code: text whatever Excel made of it, without spaces or the apostrophe people put in front; leading zeros
    stay."""
    if isinstance(cell, float) and not cell.is_integer():
        raise CellError(_("Mã không thể là số lẻ. Hãy định dạng cột mã là Văn bản rồi gõ lại."))
    if isinstance(cell, (date, datetime, time)):
        raise CellError(_("Excel đã đổi mã này thành ngày tháng. Hãy định dạng cột mã là Văn bản rồi gõ lại."))
    value = text(cell, reading)
    return (value and value.replace(" ", "").strip("'’‘`")) or None


def whole(cell, reading, most=10**9):
    """A whole number from 0. "1.009" is 1009 in the Vietnamese style; a fraction is refused, never rounded."""
    number = _number(cell, reading)
    if number is None:
        return None
    if number != number.to_integral_value():
        if isinstance(cell, float):
            raise CellError(
                _("Ô chứa số lẻ %s. Nếu muốn ghi số nguyên có dấu chấm hàng nghìn, hãy gõ lại không có dấu chấm.")
                % vietnamese.number(cell)
            )
        raise CellError(_("Hãy ghi số nguyên, không có phần lẻ."))
    if number < 0:
        raise CellError(_("Số không thể âm."))
    if number > most:
        raise CellError(_("Số quá lớn (nhiều nhất %s). Hãy kiểm tra lại.") % vietnamese.number(most))
    return int(number)


def decimal(cell, reading, places=3):
    """A Decimal with at most `places` decimals."""
    number = _number(cell, reading)
    if number is None:
        return None
    if number < 0:
        raise CellError(_("Số không thể âm."))
    if number != round(number, places):
        raise CellError(_("Nhiều nhất %d chữ số sau dấu phẩy.") % places)
    return round(number, places)


def amount(cell, reading):
    """Whole đồng; "3 tỷ 200 triệu" is understood."""
    if isinstance(cell, str) and re.search(r"[^\W\d_]", cell):
        value = text(cell, reading)
        if value is None:
            return None
        if reading.number_style == "en" and re.search(r"\d[.,]\d", value):
            raise CellError(_("Không chắc “%s” là bao nhiêu. Hãy ghi số đồng, chỉ gồm chữ số.") % value)
        found = vietnamese.parse_amount(value)
        if found is None:
            raise CellError(
                _("Không hiểu số tiền “%s”. Hãy ghi số đồng, ví dụ 3200000000 hoặc 3 tỷ 200 triệu.") % value
            )
        return found
    return whole(cell, reading, most=10**12)


def _number(cell, reading):
    if isinstance(cell, (bool, date, datetime, time, timedelta)):
        raise CellError(_("Ô này phải là số. Hãy định dạng lại cột là Số rồi gõ lại."))
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        if not math.isfinite(cell):
            raise CellError(_("“%s” không phải là số.") % cell)
        return Decimal(f"{cell:.15g}")  # the digits that Excel keeps
    value = text(cell, reading)
    if value is None or value in ("-", "–", "—"):
        return None
    plain = _WORD_BEHIND.sub("", value).replace(" ", "")
    point, comma = (".", ",") if reading.number_style == "vi" else (",", ".")
    if not re.fullmatch(rf"[+-]?(\d+|\d{{1,3}}(\{point}\d{{3}})+)(\{comma}\d+)?", plain):
        style = "1.009 và 1,5" if reading.number_style == "vi" else "1,009 và 1.5"
        raise CellError(_("“%(value)s” không phải số viết theo kiểu %(style)s.") % {"value": value, "style": style})
    try:
        return Decimal(plain.replace(point, "").replace(comma, "."))
    except InvalidOperation as error:
        raise CellError(_("“%s” không phải là số.") % value) from error


_DAY = re.compile(r"(\d{1,2}) ?[/.\-] ?(\d{1,2}) ?[/.\-] ?(\d{4}|\d{2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_DAY_IN_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})")
# What people write around a day: "8h30 Thứ bảy, ngày 15/4/2023", "15/4/2023 08:30".
_TIME = r"(?:\d{1,2} ?[:hg] ?(?:\d{2})?(?::\d{2})?(?: ?(?:sa|ch|am|pm))?|(?:buổi )?(?:sáng|chiều|tối))"
_AROUND_DAY = re.compile(
    rf"(?:{_TIME},? )?(?:(?:thứ [^\W\d]+|chủ nhật),? )?(?:ngày )?(?P<day>.+?)(?:,? (?:lúc )?{_TIME})?", re.IGNORECASE
)


def day(cell, reading):
    """A date: a real one, dd/mm/yyyy in text, "ngày 15 tháng 4 năm 2023", or Excel's serial number."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if FIRST_SERIAL <= cell <= LAST_SERIAL:
            return EXCEL_DAY_0 + timedelta(days=int(cell))
        raise CellError(_("“%s” không phải ngày. Hãy ghi đủ ngày/tháng/năm, ví dụ 15/4/2023.") % text(cell, reading))
    value = text(cell, reading)
    if value is None or value in ("-", "–", "—"):
        return None
    bare = _AROUND_DAY.fullmatch(value)["day"]
    if match := _ISO_DAY.fullmatch(value):
        year, month, number = map(int, match.groups())
    elif match := _DAY.fullmatch(bare) or _DAY_IN_WORDS.fullmatch(fold(bare)):
        number, month, year = map(int, match.groups())
        year += 2000 if year < 100 else 0
        if month > 12 >= number:
            raise CellError(
                _("“%s” có vẻ ghi tháng trước ngày sau (kiểu Mỹ). Hãy ghi ngày/tháng/năm, ví dụ 15/4/2023.") % value
            )
    else:
        raise CellError(_("“%s” không phải ngày. Hãy ghi đủ ngày/tháng/năm, ví dụ 15/4/2023.") % value)
    try:
        found = date(year, month, number)
    except ValueError as error:
        raise CellError(_("Không có ngày “%s” trong lịch. Hãy kiểm tra lại.") % value) from error
    if not 1945 <= found.year <= 2100:
        raise CellError(_("Năm %d không hợp lý. Hãy kiểm tra lại.") % found.year)
    return found


_YEARS = re.compile(r"(\d{4}|\d{2})\s*[-–—/]\s*(\d{4}|\d{2})")


def year(cell, reading):
    """A school year by its first calendar year: "2022-2023", "2022 – 2023", "NH 22-23", 2022."""
    if isinstance(cell, (date, datetime)):
        return school_year.school_year_of(cell if not isinstance(cell, datetime) else cell.date())
    value = text(cell, reading)
    if value is None:
        return None
    if match := _YEARS.search(value):
        first, last = (int(part) + (2000 if len(part) == 2 else 0) for part in match.groups())
        if last != first + 1:
            raise CellError(_("Năm học “%s” không phải hai năm liền nhau, ví dụ 2022-2023.") % value)
    elif re.fullmatch(r"\d{4}", value):
        first = int(value)
    else:
        raise CellError(_("Không hiểu năm học “%s”. Hãy ghi như 2022-2023.") % value)
    if not 1990 <= first <= 2099:
        raise CellError(_("Năm học “%s” không hợp lý. Hãy kiểm tra lại.") % value)
    return first


def year_said(titles):
    """{"school_year": its first calendar year} when `titles` name one school year: "… NĂM HỌC 2024 - 2025"; else {}."""
    found = {(int(m[1]), int(m[2])) for title in titles for m in _YEAR_IN_TITLE.finditer(title)}
    [(first, last)] = found if len(found) == 1 else [(0, 0)]
    return {"school_year": first} if first and last == first + 1 else {}


_YEAR_IN_TITLE = re.compile(r"\b(\d{4})\s*[-–—/]\s*(\d{4})\b")


_COUNTED = "gv|hs|cbql|nv|người|lượt|em|lớp|nhóm|trẻ|cháu|giải|giáo viên|học sinh|đồng chí|đ/c|lượt người|bộ|suất"
_WORD_BEHIND = re.compile(rf"(?<=\d)\s*(?:{_COUNTED})\.?$", re.IGNORECASE)


def choice(choices, **words):
    """A converter for one of `choices` (Django choices, a class or pairs), found by label, value or one of `words`
    (value="other word; another")."""
    pairs = list(getattr(choices, "choices", choices))
    by_word = {}
    for value, label in pairs:
        for word in (str(label), str(value), *words.get(str(value), "").split(";")):
            if fold(word):
                by_word.setdefault(fold(word), value)
    offered = ", ".join(str(label) for _value, label in pairs)

    def convert(cell, reading):
        found = text(cell, reading)
        if found is None:
            return None
        if (key := fold(found)) not in by_word:
            raise CellError(
                _("Không có “%(word)s” trong các giá trị: %(offered)s.") % {"word": found, "offered": offered}
            )
        return by_word[key]

    convert.labels = [str(label) for _value, label in pairs]
    convert.words = {value: str(label) for value, label in pairs}
    return convert


_TITLE_OF_A_PERSON = re.compile(
    r"\(?(?P<title>đồng chí|đ/c|(?:thầy|cô)(?: giáo)?|bà|ông(?=[.)]|(?: \S+){3})|(?:th\.?s|t\.?s|pgs)\b\.?)\)?[.:]? ?"
    r"(?P<name>\S+ \S.*)",
    re.IGNORECASE,
)


def person(most):
    """A converter for the name of a person, of at most `most` letters: "Cô Nguyễn Thị An" is Nguyễn Thị An. "Ông" is a
    family name too, so it goes only before three words."""
    read = limited(most)

    def convert(cell, reading):
        value = read(cell, reading)
        if value is None or not (match := _TITLE_OF_A_PERSON.fullmatch(value)):
            return value
        return Noted(match["name"], _("bỏ “%s” trước họ tên") % match["title"])

    return convert


def limited(most):
    """A converter for text of at most `most` letters."""

    def convert(cell, reading):
        value = text(cell, reading)
        if value is not None and len(value) > most:
            raise CellError(
                _("Dài %(n)d ký tự, nhiều nhất %(most)d. Hãy viết gọn lại.") % {"n": len(value), "most": most}
            )
        return value

    return convert
