"""Finds the unit or school a cell means, by code or by name however it is spelt; says what is wrong when it cannot."""

import re
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from twinning.imports.cells import RowError
from twinning.models import District, School, SchoolManagement, SchoolName
from twinning.vietnamese import fold, same_key

MOST_NAMED = 3
_KIND_SHORT = {"q": "quận", "h": "huyện", "tx": "thị xã", "tp": "thành phố", "p": "phường", "x": "xã"}
_OFFICE_WORDS = ("pgd", "ubnd")
_IN_BRACKETS = re.compile(r"^(?P<name>.+?)\s*\((?P<unit>[^()]+)\)$")


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
                "day": f"{ended.valid_to:%d/%m/%Y}" if ended.valid_to else "–",
            }
        return None, _("Không có đơn vị “%s” trong danh mục. Hãy sửa tên hoặc thêm đơn vị trước.") % text

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
        unit = None
        if district:
            unit, why = self._district(district, timezone.localdate())
            if why and not self.units_called(district):
                return None, 2, why
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

    def _by_name(self, name, district, unit):
        named = self.by_name.get(same_key(name), [])
        if not named and (match := _IN_BRACKETS.match(name)):
            name, district = match["name"], district or match["unit"]
            unit = unit or self._district(district, timezone.localdate())[0]
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
        alike = [s for s in self.by_likeness.get(like_key(name), []) if unit is None or s.district_id == unit.pk]
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
