"""Import of the list of schools. The level is read from the name when no column says it; no schools are reported."""

import re
from collections import Counter
from functools import partial
from typing import NamedTuple

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.imports import cells
from twinning.imports.cells import RowError, each
from twinning.imports.finder import like_key
from twinning.imports.kind import Column, Kind, Skipped
from twinning.imports.school_columns import DISTRICT_WORDS
from twinning.imports.wide import Spread
from twinning.models import District, School
from twinning.vietnamese import fold, same_key

Level, Ownership = School.Level, School.Ownership
LEVEL_WORDS = {
    "mn": "mam non;mn;mg;mau giao;nha tre;nhom tre;mau giao mam non",
    "th": "tieu hoc;th;cap 1;cap i",
    "thcs": "thcs;trung hoc co so;cap 2;cap ii",
    "th_thcs": "th thcs;th va thcs;tieu hoc va thcs;tieu hoc va trung hoc co so;tieu hoc trung hoc co so;ptcs;"
    "pho thong co so;cap 1 2;cap 1 va 2;cap i ii",
    "thpt": "thpt;trung hoc pho thong;cap 3;cap iii",
    "thcs_thpt": "thcs thpt;thcs va thpt;trung hoc co so va trung hoc pho thong;cap 2 3;cap 2 va 3;cap ii iii",
    "lien_cap": "lien cap;th thcs thpt;th thcs va thpt;tieu hoc thcs va thpt;pho thong nhieu cap hoc;cap 1 2 3;"
    "nhieu cap",
    "gdtx": "gdtx;gdnn gdtx;gdtx gdnn;giao duc thuong xuyen;trung tam gdtx;trung tam gdnn gdtx;btvh;bo tuc;"
    "ttgdtx;tt gdtx;ttgdnn gdtx;tt gdnn gdtx",
}
# Levels that lists have a column of crosses for.
LEVELS_MARKED = {"mn": "MN", "th": "TH", "thcs": "THCS", "thpt": "THPT", "gdtx": "GDTX"}
_read_level = cells.choice(School.Level, **LEVEL_WORDS)


def read_level(cell, reading):
    """A level, also as a list of levels: "Tiểu học + THCS" is TH&THCS; what has no name of its own, "MN, TH", is Liên
    cấp. "THCS công lập" is THCS."""
    said = cells.text(cell, reading)
    if said and (listed := _level_of_list(_OWNERSHIP.sub("", said))):
        return listed
    single = same_key(said or "").split()
    if len(single) > 1 and set(single) <= _SINGLE_LEVELS:
        return Level.ALL_THROUGH
    return _read_level(cell, reading)


read_level.labels, read_level.words = _read_level.labels, _read_level.words
_SINGLE_LEVELS = {"mn", "th", "thcs", "thpt"}
# The words of levels at the beginning of a name, as same_key writes them, and the level they make together.
_LEVEL_OF_WORDS = {
    ("mn",): Level.PRESCHOOL,
    ("mg",): Level.PRESCHOOL,
    (same_key("trẻ"),): Level.PRESCHOOL,  # nhóm trẻ, nhà trẻ
    ("th",): Level.PRIMARY,
    ("thcs",): Level.LOWER_SEC,
    ("th", "thcs"): Level.PRIMARY_LOWER,
    ("ptcs",): Level.PRIMARY_LOWER,
    ("thpt",): Level.UPPER_SEC,
    ("thcs", "thpt"): Level.LOWER_UPPER,
    ("th", "thcs", "thpt"): Level.ALL_THROUGH,
    ("lc",): Level.ALL_THROUGH,
    ("gdtx",): Level.CONTINUING,
    ("gdnn", "gdtx"): Level.CONTINUING,
    ("gdtx", "gdnn"): Level.CONTINUING,
    ("btvh",): Level.CONTINUING,
}
_LEVEL_WORDS = {word for words in _LEVEL_OF_WORDS for word in words}
_JOINED = re.compile(r"(ttgdtx|ttgdnn)")
# Words that may stand before the level: phổ thông dân tộc bán trú, trung tâm, chất lượng cao …
_BEFORE_LEVEL = {"ptdtbt", "ptdtnt", "dtbt", "dtnt", "tt", "trương1", "phô3", "thông", "pt"}
_BEFORE_LEVEL |= set(same_key("lớp nhóm nhà cơ sở").split())
# What offices call the code of a school with examinations is three figures; the Ministry's code has eight.
EXAM_CODE_LENGTH = 3
_EXAM_CODE = re.compile(rf"\d{{1,{EXAM_CODE_LENGTH}}}")
_WITH_EXAMS = {Level.UPPER_SEC, Level.LOWER_UPPER, Level.ALL_THROUGH, Level.CONTINUING}
_UNIT_IN_FRONT = re.compile(r"(?:quận|huyện|thị xã|thành phố|phường|xã)\s", re.IGNORECASE)
_OFFICES = {"sgd", "pgd", "ubnd", "pvhxh"}
_ELSEWHERE = re.compile(r"(trung câp2|tc nghê1|tcn|cao đăng3|cđ|đai5 hoc5|đh|hoc5 viên5)\b")
OWNERSHIP_WORDS = {
    "public": "cong lap;cong;cl;cong lap tu chu;cong lap chat luong cao;cong lap clc;ban cong",
    "private": "tu thuc;dan lap;ngoai cong lap;tt;dl;ncl;dan lap tu thuc;co von dau tu nuoc ngoai;tu",
}
_OWNERSHIP = re.compile(r"\(?\b(ngoài công lập|công lập( tự chủ)?|tư thục|dân lập|bán công)\b\)?", re.IGNORECASE)
_read_ownership = cells.choice(School.Ownership, **OWNERSHIP_WORDS)


class TypeOfSchool(NamedTuple):
    level: str
    ownership: str | None

    def __str__(self):
        return str(Level(self.level).label)


def read_type(cell, reading):
    """The ownership, or a TypeOfSchool: lists call a level "Loại hình" too ("Trường THPT", "THCS tư thục")."""
    said = cells.text(cell, reading)
    if said and (level := _level_of_list(_OWNERSHIP.sub("", said))):
        owned = _OWNERSHIP.search(said)
        return TypeOfSchool(level, _read_ownership(owned[1], reading) if owned else None)
    return _read_ownership(cell, reading)


read_type.labels, read_type.words = _read_ownership.labels, _read_ownership.words


class Schools(Kind):
    slug, command, icon = "truong", "schools", "school"
    title = _("Trường")
    intro = _("Danh sách trường mầm non, phổ thông, GDTX. Trường đã có được cập nhật, trường chưa có được thêm.")
    roles = access.IMPORT_ROLES_DISTRICT
    columns = (
        Column(
            "code",
            _("Mã trường"),
            cells.code,
            ("Mã", "Mã đơn vị", "Mã cơ sở giáo dục", "Mã CSGD", "Mã định danh", "Mã trường học"),
            note=_("Để định dạng Văn bản cho cột này, kẻo Excel bỏ số 0 ở đầu."),
            example="01020501",
        ),
        Column("exam_code", _("Mã trường thi"), cells.code, ("Mã trường THPT", "Mã thi")),
        Column(
            "name",
            _("Tên trường"),
            cells.limited(150),
            (
                "Trường",
                "Tên đơn vị",
                "Tên cơ sở giáo dục",
                "Tên CSGD",
                "Tên cơ sở GDMN",
                "Đơn vị",
                "Cơ sở giáo dục",
                "Tên trường học",
                "Tên",
                "Tên trường hiện nay",
                "Tên trường mới",
                "Tên trường sau sắp xếp",
                "Tên trường sau sáp nhập",
                "Tên đơn vị sau sắp xếp",
                "Tên đơn vị sau sáp nhập",
                "Tên đơn vị mới",
            ),
            is_required=True,
            example="THCS Tả Thanh Oai",
        ),
        Column(
            "level",
            _("Cấp học"),
            read_level,
            ("Cấp", "Loại hình trường", "Loại trường", "Bậc học", "Cấp trường"),
            note=_("Bỏ trống thì lấy từ tên trường."),
        ),
        Column(
            "district",
            _("Đơn vị quản lý"),
            cells.text,
            DISTRICT_WORDS,
            example="huyện Thanh Trì",
        ),
        Column(
            "ward",
            _("Phường, xã"),
            cells.limited(80),
            (
                "Xã phường",
                "Phường xã",
                "Xã",
                "Phường",
                "Xã, phường, thị trấn",
                "Xã phường thị trấn",
                "Xã phường TT",
                "Phường xã thị trấn",
                "Phường xã TT",
                "Tên xã",
                "Địa bàn",
                "Xã phường mới",
                "Phường xã mới",
                "Thuộc xã phường",
                "Thuộc phường xã",
                "Xã phường hiện nay",
                "Phường xã hiện nay",
                "Xã phường sau sắp xếp",
                "Phường xã sau sắp xếp",
            ),
        ),
        Column(
            "ownership",
            _("Loại hình"),
            read_type,
            ("Hình thức sở hữu", "Công lập tư thục", "Loại hình sở hữu", "Loại hình công lập tư thục"),
        ),
        Column("address", _("Địa chỉ"), cells.limited(200), ("Địa chỉ trường", "Nơi đóng"), example="xã Tả Thanh Oai"),
        Column("valid_from", _("Hoạt động từ ngày"), cells.day, ("Ngày thành lập", "Có từ")),
    )

    spread = Spread(
        {
            fold(word): ("level", LEVELS_MARKED[level])
            for level in LEVELS_MARKED
            for word in (level, *LEVEL_WORDS[level].split(";"))
        },
        marks="level",
    )

    def load(self, rows):
        self.seen, self.alike = {}, {}
        codes = [*self.finder.by_code, *(row.get("code") for row in rows if row.get("code"))]
        lengths = Counter(len(code) for code in codes if len(code) > EXAM_CODE_LENGTH and code.startswith("0"))
        self.code_length = lengths.most_common(1)[0][0] if lengths else 0

    def group(self, text):
        if self.finder.is_district(text):
            return {"district": text}
        level = level_of_heading(text)
        return {"level_above": level} if level else None

    def said(self, titles):
        district = self.finder.unit_said(titles)
        levels = {level for title in titles if (level := level_of_heading(title))}
        return ({"district": district} if district else {}) | (
            {"level_above": levels.pop()} if len(levels) == 1 else {}
        )

    def told(self, given):
        level = given.get("level_above")
        told = super().told({name: value for name, value in given.items() if name != "level_above"})
        return "; ".join(filter(None, [told, level and _t("Cấp học: %s") % Level(level).label]))

    def plan(self, row):
        name = row.values["name"]
        words = same_key(name).split()
        if words[0] in _OFFICES:
            raise Skipped(_t("là cơ quan quản lý, không phải trường"))
        if _UNIT_IN_FRONT.match(name) and self.finder.is_district(name) and not row.get("code"):
            raise Skipped(_t("là đơn vị quản lý, không phải trường"))
        self._take_type(row)
        # What the name says counts more than a heading: TH&THCS schools stand among the TH.
        if not (level := row.get("level") or level_of(name) or row.get("level_above")) and _ELSEWHERE.match(
            " ".join(words)
        ):
            raise Skipped(_t("không thuộc các cấp học của cổng (trung cấp, cao đẳng, đại học)"))
        if is_of_department(row.get("district")):
            if level is None:
                raise Skipped(_t("ghi ở Sở và không có cấp học, không phải trường (thí sinh tự do, chẳng hạn)"))
            del row.values["district"]  # who manages it is not where it is; another column may tell that
        code = row.get("code") or ""
        if level in _WITH_EXAMS and _EXAM_CODE.fullmatch(code) and not row.get("exam_code"):
            row.values["exam_code"] = row.values.pop("code").zfill(EXAM_CODE_LENGTH)
            if code != row.get("exam_code"):
                told = {"code": code, "full": row.get("exam_code")}
                row.notes += (_t("mã %(code)s hiểu là mã trường thi %(full)s: Excel đã bỏ số 0 ở đầu") % told,)
        there = self._there(row, name)
        district, _codes = each(lambda: self._own_district(row, there), lambda: self._check_codes(row, there))
        if there is None and level is None:
            key = f"cap:{row.get('code') or same_key(name)}"
            level = self.decide(
                key,
                _t("“%(name)s” (%(unit)s) thuộc cấp học nào?") % {"name": name, "unit": district},
                [*Level.choices, ("skip", _t("bỏ dòng này"))],
            )
            if level == "skip":
                raise Skipped(_t("bỏ theo lựa chọn"))
        self._once(row, there, name, district)
        wanted = {key: row.get(key) for key in ("code", "exam_code", "ownership", "address", "ward", "valid_from")}
        wanted |= {"name": name, "level": row.get("level")}
        if there is not None:
            if same_key(there.name) in map(same_key, self._spellings(row, name)):
                del wanted["name"]
            row.compare(there, there, wanted, f"{there} · {there.code or '–'}")
            return
        self._ask_about_likeness(row, name, district)
        wanted["level"], wanted["code"] = level, self._with_its_zero(row)
        school = School(district=district, **{key: value for key, value in wanted.items() if value is not None})
        school.set_keys()
        school.clean_fields(exclude=["district", "department", "merged_into"])  # known, not to be asked for again
        row.create(school, " · ".join(filter(None, [name, school.get_level_display(), str(district), school.code])))

    def write(self, items, journal, progress):
        journal.create(school.first_management() for school in super().write(items, journal, progress))

    def present(self):
        for school in self.finder.schools:
            if school.valid_to is None and access.covers_school(self.user, school):
                row = {column.name: getattr(school, column.name) for column in self.columns}
                yield row | {
                    "district": str(school.district),
                    "level": school.get_level_display(),
                    "ownership": school.get_ownership_display(),
                }

    def _ask_about_likeness(self, row, name, district):
        """Two new schools of one unit whose names differ in marks alone may be one, written twice."""
        key = like_key(name), district.pk
        if key not in self.alike:
            self.alike[key] = name, row.number
            return
        other, number = self.alike[key]
        text = _t("“%(name)s” và “%(other)s” ở dòng %(n)d có phải một trường không?")
        options = [("skip", _t("là một: bỏ dòng này")), ("new", _t("là trường khác: thêm mới"))]
        told = {"name": name, "other": other, "n": number}
        if self.decide(f"tep:{same_key(name)}:{number}", text % told, options) == "skip":
            raise Skipped(_t("bỏ theo lựa chọn"))

    def _take_type(self, row):
        """ "Loại hình" may say a level."""
        if isinstance(said := row.get("ownership"), TypeOfSchool):
            row.values["ownership"] = said.ownership
            row.values["level"] = row.get("level") or said.level

    def _with_its_zero(self, row):
        """The code of a new school; asks, once for a file, whether Excel dropped the zero in front of some."""
        code = row.get("code")
        if not code or not code.isdecimal() or len(code) != self.code_length - 1:
            return code
        question = _t("Mã %(code)s có %(n)d chữ số, các mã khác có %(usual)d và bắt đầu bằng 0. Excel đã bỏ số 0?")
        options = [("add", _t("đúng: thêm số 0 ở đầu, như 0%s") % code), ("keep", _t("không: mã ghi như trong tệp"))]
        told = {"code": code, "n": len(code), "usual": self.code_length}
        if self.decide(f"so0:{code}", question % told, options) == "keep":
            return code
        row.values["code"] = f"0{code}"
        self._check_codes(row, None)
        return row.values["code"]

    # --- which school, which unit -----------------------------------------------------------------------------------

    def _own_district(self, row, there):
        """The unit of the school, in the person's hands."""
        district = there.district if there else self._district(row)
        if not access.covers_district(self.user, district):
            raise RowError("district", _t("“%s” không thuộc quyền của thầy/cô.") % district)
        return district

    def _district(self, row):
        text, column = row.get("district"), "district"
        if text is None:  # "Mầm non Vạn Phúc, huyện Thanh Trì"
            text, column = self.finder.apart(row.get("name"))[1] or None, "name"
        ward = self._unit_of_today(row.get("ward"))
        if ward and ward.kind in (District.Kind.WARD, District.Kind.COMMUNE) and not self._unit_of_today(text):
            return ward  # since 2025 the ward or commune is the managing unit
        if text is not None:
            return self.finder.district(text, column)
        membership = access.seat(self.user)
        if membership.district_id:
            return next(d for d in self.finder.districts if d.pk == membership.district_id)
        raise RowError(
            "district",
            _t("Thiếu đơn vị quản lý của trường mới: ghi quận, huyện (hoặc xã, phường từ 1/7/2025) nơi trường đóng."),
        )

    def _unit_of_today(self, text):
        units = [unit for unit in self.finder.units_called(text) if unit.valid_to is None] if text else []
        return units[0] if len(units) == 1 else None

    def _there(self, row, name):
        """The stored school this row is about, or None when it is a new one; asks when it is not clear."""
        if parts := [school for school in self.finder.part_of(name) if self._fits(row, school)]:
            self._ask_about_part(name, parts[0])
        code = row.get("code") or row.get("exam_code")
        coded = self.finder.coded(code) if code else None
        if coded is not None:
            if code == coded.exam_code:
                row.values["exam_code"] = row.values.pop("code", code)
            elif row.get("code"):
                row.values["code"] = coded.code  # with the zeros Excel may have dropped
            if any(coded in self.finder.by_name.get(same_key(one), ()) for one in self._spellings(row, name)):
                self._check_unit(row, coded)
                return coded
            if like_key(coded.name) == like_key(name):
                return coded
            key = f"ma:{code}:{same_key(name)}"
            text = _t("Mã %(code)s đang là của “%(school)s”; tệp ghi “%(name)s”.") % {
                "code": code,
                "school": coded.full_name,
                "name": name,
            }
            options = [("rename", _t("là một trường: sửa tên")), ("skip", _t("khác trường: bỏ dòng này"))]
            if self.decide(key, text, options) == "skip":
                raise Skipped(_t("bỏ theo lựa chọn"))
            return coded
        named = next(filter(None, (self._named(row, one) for one in self._spellings(row, name))), [])
        if len(named) > 1:
            raise RowError("name", _t("Có %d trường cùng tên này. Hãy ghi mã trường hoặc đơn vị quản lý.") % len(named))
        if named:
            [school] = named
            if not row.get("code") or school.code in ("", row.get("code")):
                return school
            return self._same_or_new(row, name, school, _t("đã có, cùng tên, mã %s") % school.code)
        alike = [
            s for s in self.finder.by_likeness.get(like_key(name), ()) if s.valid_to is None and self._fits(row, s)
        ]
        if alike:
            return self._same_or_new(row, name, alike[0], _t("đã có, tên gần giống, mã %s") % (alike[0].code or "–"))
        return None

    def _ask_about_part(self, name, school):
        """A further site of a school is no school; what the row says of the site is nothing to store of the school."""
        text = _t("“%(name)s” là cơ sở, điểm trường hay phân hiệu của “%(school)s” (mã %(code)s) đã có?") % {
            "name": name,
            "school": school.full_name,
            "code": school.code or "–",
        }
        options = [("part", _t("đúng: không thêm trường, bỏ dòng này")), ("new", _t("không, là trường khác"))]
        if self.decide(f"co-so:{same_key(name)}:{school.pk}", text, options) == "part":
            raise Skipped(_t("là cơ sở của “%s” đã có") % school)

    def _spellings(self, row, name):
        """The name, the name without its unit behind it, and with the word of its level in front."""
        yield name
        bare, unit = self.finder.apart(name)
        if unit and row.values.setdefault("district", unit):
            yield bare
        if (level := row.get("level") or row.get("level_above")) and not level_of(bare):
            yield f"{Level(level).label} {bare}"

    def _named(self, row, name):
        return [s for s in self.finder.by_name.get(same_key(name), ()) if s.valid_to is None and self._fits(row, s)]

    def _same_or_new(self, row, name, school, why):
        key = f"giong:{row.get('code') or ''}:{same_key(name)}:{school.pk}"
        text = _t("“%(name)s” và “%(school)s” (%(why)s) có phải một trường không?") % {
            "name": name,
            "school": school.full_name,
            "why": why,
        }
        options = [
            ("same", _t("là một: cập nhật trường đã có")),
            ("new", _t("là trường khác: thêm mới")),
            ("skip", _t("bỏ dòng này")),
        ]
        chosen = self.decide(key, text, options)
        if chosen == "skip":
            raise Skipped(_t("bỏ theo lựa chọn"))
        return school if chosen == "same" else None

    def _fits(self, row, school):
        """The unit the row names is that of the school, today's or an earlier one; no unit named fits all."""
        text = row.get("district")
        if text is None:
            membership = access.seat(self.user)
            return not membership.district_id or membership.district_id == school.district_id
        units = {d.pk for d in self.finder.units_called(text)}
        return school.district_id in units or (
            any(d.valid_to for d in self.finder.units_called(text)) and self.finder.was_under(school, units)
        )

    def _check_unit(self, row, school):
        if row.get("district") and not self._fits(row, school):
            self.finder.district(row.get("district"))  # its own message when there is no such unit
            raise RowError(
                "district",
                _t("“%(school)s” đang thuộc %(unit)s. Chuyển đơn vị quản lý thì dùng “Thay đổi” ở trang của trường.")
                % {"school": school, "unit": school.district},
            )

    def _check_codes(self, row, there):
        each(*(partial(self._check_code, row, there, column) for column in ("code", "exam_code")))

    def _check_code(self, row, there, column):
        value = row.get(column)
        owner = self.finder.by_code.get(value) if value else None
        if owner is not None and owner != there:
            raise RowError(column, _t("Mã %(code)s đã dùng cho “%(school)s”.") % {"code": value, "school": owner})
        if value and len(value) > 20:
            raise RowError(column, _t("Mã dài quá 20 ký tự."))

    def _once(self, row, there, name, district):
        """The same school or code twice in one file is an error of the second row."""
        keys = [("school", there.pk) if there else ("name", same_key(name), district.pk)]
        keys += [("code", row.get(column)) for column in ("code", "exam_code") if row.get(column)]
        for key in keys:
            if key in self.seen:
                raise RowError("name", _t("Trùng với dòng %d của tệp.") % self.seen[key])
        self.seen |= dict.fromkeys(keys, row.number)


def is_of_department(text):
    """Whether the managing unit of a row is the Department: "Sở Giáo dục và Đào tạo", "Sở GD-ĐT Hà Nội"."""
    return bool(text) and same_key(text).split()[0] == "sgd"


def level_of(name):
    """The level that the first words of a school's name say ("TH&THCS Khánh Thượng" → TH&THCS), or None."""
    words = _JOINED.sub(lambda match: match[0][2:], same_key(name)).split()
    while words and words[0] in _BEFORE_LEVEL:
        if words[:2] == ["ptdtnt", "thpt"]:
            return Level.UPPER_SEC
        del words[0]
    leading = []
    for word in words:
        if word not in _LEVEL_WORDS:
            break
        leading.append(word)
    return _LEVEL_OF_WORDS.get(tuple(leading))


def _level_of_list(text):
    """The level of a text that names levels only ("TH, THCS"), or None."""
    words = tuple(word for word in same_key(text).split() if word not in _AROUND_LEVEL)
    return _LEVEL_OF_WORDS.get(words)


def level_of_heading(text):
    """The level of a heading: "Khối Mầm non", "II. Cấp THCS (12 trường)", "DANH SÁCH TRƯỜNG TIỂU HỌC"; else None."""
    return _level_of_list(_BEHIND_LEVEL.sub("", text))


_BEHIND_LEVEL = re.compile(
    r"[(:].*|\b(năm học|(thuộc |trên địa bàn )?(quận|huyện|thị xã|thành phố|phường|xã))\b.*|\d+", re.IGNORECASE
)


_AROUND_LEVEL = set(
    same_key("khối cấp bậc học ngành giáo dục hệ các danh sách trường đơn vị thuộc nhóm loại hình trung tâm").split()
) | {"trương1"}
