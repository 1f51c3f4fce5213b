"""Finds the unit or school a cell means, by code or by name however it is spelt; says what is wrong when it cannot."""

import re
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from twinning import vietnamese
from twinning.imports.cells import RowError
from twinning.models import District, School, SchoolManagement, SchoolName, Subject
from twinning.vietnamese import fold, same_key

MOST_NAMED = 3
_KIND_SHORT = {"q": "quận", "h": "huyện", "tx": "thị xã", "tp": "thành phố", "p": "phường", "x": "xã"}
_OFFICE_WORDS = ("pgd", "ubnd", "pvhxh")
# A school with its unit behind: "THCS A (Ba Đình)", "THCS A - Q. Ba Đình", "THCS A huyện Ba Vì".
_UNIT_BEHIND = (
    re.compile(r"^(?P<name>.+?)\s*\((?P<unit>[^()]+)\)$"),
    re.compile(r"^(?P<name>.+?)\s*[-–—,]\s*(?P<unit>[^-–—,]+)$"),
    re.compile(
        r"^(?P<name>.+?)\s+(?P<unit>(?:quận|huyện|thị xã|thành phố|phường|xã|q\.|h\.|tx\.?|p\.)\s*\D+)$", re.IGNORECASE
    ),
)
# A part of a school: "THCS A (cơ sở 2)", "Điểm trường Bản Mới, Tiểu học B"; not "Trung học cơ sở".
_PART = re.compile(
    r"\b(?:(?<!học )(?<!thông )cơ sở|cs\s*\d+|(?:điểm|phân) trường|điểm lẻ|phân hiệu|khu(?: lẻ)?)\b", re.IGNORECASE
)
_AROUND_PART = " \t,;:–—-()[]"
# "DANH SÁCH TRƯỜNG THCS HUYỆN BA VÌ NĂM HỌC 2024-2025": a list of the unit, not of those it helps.
_OF_A_UNIT = re.compile(
    r"(?!.*\b(?:kết nghĩa|giao ước|giúp|hỗ trợ|với)\b)"
    r"(?:danh sách|thống kê|tổng hợp|biểu|bảng|số liệu|quy mô|báo cáo)\b.*"
    r"\b(?P<unit>(?:quận|huyện|thị xã|thành phố|phường|xã)\s(?:(?!năm|-|–|,|\().)+?)\s*(?:[-–,(]?\s*năm\b.*)?",
    re.IGNORECASE,
)
_OF_A_SCHOOL = re.compile(
    r"(?!.*\b(?:kết nghĩa|giao ước|giúp|hỗ trợ|với)\b)(?:danh sách|thống kê|tổng hợp|biểu|bảng|số liệu|báo cáo)\b.*?"
    r"\btrường\s+(?P<school>(?:(?!năm|-|–|,|\().)+?)\s*(?:[-–,(]?\s*năm\b.*)?",
    re.IGNORECASE,
)
_BEFORE_A_NAME = re.compile(r"^[^:]{2,30}:\s*")  # "Đơn vị: Phòng GD&ĐT Ba Vì"
# What stands between several units in one cell, the strongest first.
_BETWEEN = (r";", r"\bvà\b|&|\+|\bvới\b", r",", r"\s[-–—]\s", r"/", r"[-–—]")
LISTED = re.compile(r"^\s*(?:[-•+*]|\d{1,2}[.)])\s*")
_SUBJECTS = {
    "ngu van": "van",
    "tieng anh": "anh;anh van",
    "khoa hoc tu nhien": "khtn",
    "lich su va dia li": "lich su dia li;su dia;ls dl;lsdl;ls va dl",
    "giao duc cong dan": "gdcd",
    "tin hoc": "tin",
    "giao duc the chat": "gdtc;the duc;td",
    "hoat dong trai nghiem": "hdtn;hdtn hn;hoat dong trai nghiem huong nghiep",
    "tu nhien va xa hoi": "tnxh;tu nhien xa hoi",
    "toan": "toan hoc",
    "am nhac": "nhac",
}


class Finder:
    """Look-ups in one Department; everything is loaded once, when first asked for."""

    def __init__(self, department):
        self.department = department
        self._found = {}

    # --- managing units ---------------------------------------------------------------------------------------------

    @cached_property
    def districts(self):
        return list(District.objects.filter(department=self.department).order_by("sort_key"))

    @cached_property
    def _districts_by_key(self):
        found = {}
        for district in self.districts:
            keys = {same_key(district.name), same_key(str(district)), same_key(district.office_name), district.code}
            for key in keys - {""}:
                found.setdefault(key, []).append(district)
        return found

    def district(self, text, column="district", day=None):
        """The managing unit named `text`; of several with one name the one in force on `day` (today)."""
        known = ("district", text, day)
        if known not in self._found:
            self._found[known] = self._district(text, day or timezone.localdate())
        district, why = self._found[known]
        if why:
            raise RowError(column, why)
        return district

    def is_district(self, text):
        return bool(self.units_called(text))

    def is_office(self, text):
        """It stands where a school may stand, and is none."""
        return self.is_district(text) and text not in self.by_code and same_key(text) not in self.by_name

    def units_called(self, text):
        """Every managing unit `text` may mean, of today or of before."""
        by_key = self._districts_by_key
        return by_key.get(text) or by_key.get(_unit_key(text)) or []

    def _district(self, text, day):
        named = self.units_called(text)
        in_force = [d for d in named if _is_valid(d, day)]
        if len(in_force) == 1:
            return in_force[0], ""
        if in_force:
            words = ", ".join(str(d) for d in in_force[:MOST_NAMED])
            return None, _("“%(text)s” có thể là %(units)s. Hãy ghi rõ loại, ví dụ: xã …, phường ….") % {
                "text": text,
                "units": words,
            }
        if named:
            ended = named[0]
            return None, _("%(unit)s đã kết thúc ngày %(day)s. Hãy ghi đơn vị hiện nay.") % {
                "unit": ended,
                "day": vietnamese.day(ended.valid_to) if ended.valid_to else "–",
            }
        return None, _("Không có đơn vị “%s” trong danh mục. Hãy sửa tên hoặc thêm đơn vị trước.") % text

    def unit_said(self, titles):
        """The text of `titles` that names a unit or its office, when all that do name the same; else ""."""
        said = {}
        for text in (_BEFORE_A_NAME.sub("", title) for title in titles):
            units = self.units_called(text)
            if not units and (match := _OF_A_UNIT.fullmatch(text)):
                text = match["unit"]
                units = self.units_called(text)
            in_force = [unit for unit in units if unit.valid_to is None] or units
            if len(in_force) == 1:
                said.setdefault(in_force[0].pk, text)
        return next(iter(said.values())) if len(said) == 1 else ""

    # --- subjects ---------------------------------------------------------------------------------------------------

    @cached_property
    def subjects(self):
        """Name of a subject as `like_key` (Mỹ thuật, Mĩ thuật), short words too, → subject."""
        found = {}
        for subject in Subject.objects.all():
            for word in (subject.name, *_SUBJECTS.get(fold(subject.name), "").split(";")):
                found.setdefault(like_key(word), subject)
        return found

    # --- schools ----------------------------------------------------------------------------------------------------

    @cached_property
    def schools(self):
        return list(School.objects.filter(department=self.department).select_related("district").order_by("pk"))

    @cached_property
    def by_code(self):
        """Code, of either kind, → school."""
        found = {school.exam_code: school for school in self.schools if school.exam_code}
        return found | {school.code: school for school in self.schools if school.code}

    @cached_property
    def _by_bare_code(self):
        """Code without its leading zeros → schools, for cells that Excel took for numbers."""
        found = {}
        for code, school in self.by_code.items():
            found.setdefault(code.lstrip("0"), []).append(school)
        return found

    @cached_property
    def by_name(self):
        """Name as `same_key`, former names too, → schools."""
        found = {}
        for school in self.schools:
            found.setdefault(same_key(school.name), []).append(school)
        by_id = {school.pk: school for school in self.schools}
        former = SchoolName.objects.filter(school__department=self.department)
        for school, name in former.values_list("school", "name"):
            same = found.setdefault(same_key(name), [])
            if by_id[school] not in same:
                same.append(by_id[school])
        return found

    @cached_property
    def by_likeness(self):
        """Name as `fold` (marks dropped), → schools."""
        found = {}
        for school in self.schools:
            found.setdefault(like_key(school.name), []).append(school)
        return found

    @cached_property
    def _managements(self):
        """School → [(unit, from, to)]."""
        found = {}
        rows = SchoolManagement.objects.filter(school__department=self.department)
        for school, *term in rows.values_list("school", "district", "valid_from", "valid_to"):
            found.setdefault(school, []).append(term)
        return found

    def school_said(self, titles, district=""):
        """The text of `titles` that is the name of one school (of the unit named `district`), or ""."""
        for text in (_BEFORE_A_NAME.sub("", title) for title in titles):
            if not self.by_name.get(same_key(text)) and (match := _OF_A_SCHOOL.fullmatch(text)):
                text = match["school"]
            if self.by_name.get(same_key(text)) and self._by_name(text, district, self._unit(district))[0]:
                return text
        return ""

    def apart(self, name):
        """(name, "") of a school, or (name without the unit written behind it, that unit)."""
        for form in _UNIT_BEHIND:
            if (match := form.match(name)) and self.is_district(match["unit"]):
                return match["name"], match["unit"]
        return name, ""

    def part_of(self, name):
        """The schools of which `name` seems to be a part, told by the words for one; none when it is known itself."""
        if self.by_name.get(same_key(name)):
            return []
        found = []
        for part in _PART.finditer(name):
            front, words = name[: part.start()].strip(_AROUND_PART), re.split(r"[\s,;:()–—-]+", name[part.end() :])
            tails = [] if front else [" ".join(words[n:]) for n in range(len(words))]
            found += next(filter(None, (self.by_name.get(same_key(one)) for one in (front, *tails) if one)), [])
        return [school for school in dict.fromkeys(found) if school.valid_to is None]

    def was_under(self, school, units):
        """Whether one of `units` (ids) manages or managed the school."""
        return any(unit in units for unit, _from, _to in self._managements.get(school.pk, ()))

    def unit_of(self, school, day):
        """The managing unit the school was under on `day`; today's when nobody knows."""
        for unit, starts, ends in self._managements.get(school.pk, ()):
            if (starts is None or starts <= day) and (ends is None or ends >= day):
                return self._districts_by_id.get(unit, school.district)
        return school.district

    @cached_property
    def _districts_by_id(self):
        return {district.pk: district for district in self.districts}

    def coded(self, code):
        """The school with this code, also when Excel dropped its leading zeros; else None."""
        school = self.by_code.get(code)
        if school is None and code.isdigit():
            bare = self._by_bare_code.get(code.lstrip("0"), [])
            school = bare[0] if len(bare) == 1 and len(code) >= 4 else None
        return school

    def school(self, code, name, district, columns=("code", "school", "district"), is_required=True):
        """The school that a row names; RowError when there is none or when it may be one of several."""
        if not (code or name):
            if is_required:
                raise RowError(columns[1], _("Thiếu tên trường hoặc mã trường."))
            return None
        known = ("school", code, name, district)
        if known not in self._found:
            self._found[known] = self._school(code, name, district)
        school, place, why = self._found[known]
        if why:
            raise RowError(columns[place], why)
        return school

    def _school(self, code, name, district):
        """(school, which of the three cells is wrong, why)."""
        if district and not self.is_district(district):
            return None, 2, self._district(district, timezone.localdate())[1]
        unit = self._unit(district)
        if code:
            school = self.coded(code)
            if school is None and not name:
                return None, 0, _("Không có trường mã “%s”. Hãy kiểm tra mã, kể cả số 0 ở đầu.") % code
            if school is not None:
                if name and school not in self.by_name.get(same_key(name), ()):
                    return (
                        None,
                        1,
                        _("Mã %(code)s là của “%(school)s”, không phải “%(name)s”. Hãy sửa mã hoặc tên.")
                        % {
                            "code": code,
                            "school": school,
                            "name": name,
                        },
                    )
                return school, 0, ""
        return self._by_name(name, district, unit)

    def units_in(self, text):
        """The schools and units that one text names, "THCS A; THCS B"; the whole text when it names one, or when not
        each part of it is one."""
        known = ("units_in", text)
        if known not in self._found:
            whole = text.replace(";", "")  # a name may be broken into lines
            ways = ([LISTED.sub("", part).strip() for part in re.split(mark, text)] for mark in _BETWEEN)
            several = (parts for parts in ways if len(parts) > 1 and all(map(self._is_unit, parts)))
            self._found[known] = [whole] if self._is_unit(whole) else next(several, [whole])
        return self._found[known]

    def _is_unit(self, text):
        return self.is_office(text) or self._school(None, text, None)[0] is not None

    def _unit(self, text):
        """The unit in force that `text` names, or None."""
        return self._district(text, timezone.localdate())[0] if text else None

    def _by_name(self, name, district, unit):
        named = self.by_name.get(same_key(name), [])
        if not named and (behind := self.apart(name))[1]:
            name, district = behind[0], district or behind[1]
            unit = unit or self._unit(district)
            named = self.by_name.get(same_key(name), [])
        if not named and name in self.by_code:  # a code in the column of names
            return self.by_code[name], 1, ""
        open_ones = [school for school in named if school.valid_to is None]
        fitting = [school for school in open_ones if unit is None or school.district_id == unit.pk]
        if district and unit is None:  # the unit of then: any school it ever managed fits
            old = {d.pk for d in self.units_called(district)}
            fitting = [s for s in open_ones if self.was_under(s, old)]
        if len(fitting) == 1:
            return fitting[0], 1, ""
        if fitting:
            words = "; ".join(f"{s.full_name}, mã {s.code or '–'}" for s in fitting[:MOST_NAMED])
            return (
                None,
                1,
                _("Có %(n)d trường tên “%(name)s”: %(schools)s. Hãy ghi thêm mã trường hoặc đơn vị.")
                % {
                    "n": len(fitting),
                    "name": name,
                    "schools": words,
                },
            )
        if open_ones:
            return (
                None,
                2,
                _("“%(name)s” có ở %(units)s, không có ở “%(unit)s”. Hãy kiểm tra lại đơn vị.")
                % {
                    "name": name,
                    "units": ", ".join(str(s.district) for s in open_ones[:MOST_NAMED]),
                    "unit": district,
                },
            )
        if named:
            closed = named[0]
            into = _(" và nhập vào “%s”") % closed.merged_into if closed.merged_into_id else ""
            return None, 1, _("“%(name)s” đã thôi hoạt động%(into)s.") % {"name": closed, "into": into}
        alike = self.by_likeness.get(like_key(name)) or self.part_of(name)
        alike = [school for school in alike if unit is None or school.district_id == unit.pk]
        if alike:
            words = ", ".join(f"“{s}” ({s.district}, mã {s.code or '–'})" for s in alike[:MOST_NAMED])
            return (
                None,
                1,
                _("Không có “%(name)s”; có phải %(alike)s không? Hãy sửa tên hoặc ghi mã trường.")
                % {
                    "name": name,
                    "alike": words,
                },
            )
        return None, 1, _("Không có trường “%s” trong danh mục. Hãy sửa tên hoặc nhập danh sách trường trước.") % name


def like_key(name):
    """Names that may well mean one school: marks dropped, long and short words alike."""
    return fold(re.sub(r"(?<=[^\W\d_])[1-5]\b", "", same_key(name)))


def _unit_key(text):
    words = text.replace(".", " ").split()
    if len(words) > 1 and words[0].lower() in _KIND_SHORT:
        text = " ".join([_KIND_SHORT[words[0].lower()], *words[1:]])
    key = same_key(text).split()
    while len(key) > 1 and key[0] in _OFFICE_WORDS:
        del key[0]
    return " ".join(key)


def _is_valid(district, day):
    return (district.valid_from is None or district.valid_from <= day) and (
        district.valid_to is None or district.valid_to >= day
    )
