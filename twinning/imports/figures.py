"""Import of the size of schools in a school year: classes, pupils, managers, teachers, staff, per level."""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access, school_year
from twinning.imports import cells
from twinning.imports.cells import RowError
from twinning.imports.kind import Column, Kind
from twinning.imports.school_columns import SCHOOL_COLUMNS, of_school, school_said
from twinning.imports.schools import level_of_heading
from twinning.imports.wide import Spread
from twinning.models import SchoolYearFigures
from twinning.vietnamese import fold

Level = SchoolYearFigures.Level
MOST = 100_000
LEVEL_WORDS = {"mn": "mau giao;mam non", "th": "tieu hoc", "thcs": "trung hoc co so", "thpt": "trung hoc pho thong"}


def count(cell, reading):
    return cells.whole(cell, reading, most=MOST)


class Figures(Kind):
    slug, command, icon = "so-lieu-nam-hoc", "figures", "chart-bar"
    title = _("Số liệu năm học")
    intro = _("Số lớp, học sinh, cán bộ quản lý, giáo viên, nhân viên của trường trong một năm học.")
    roles = access.IMPORT_ROLES_SCHOOL
    columns = (
        *SCHOOL_COLUMNS,
        Column("school_year", _("Năm học"), cells.year, ("Năm",), True, example="2024-2025"),
        Column(
            "level",
            _("Cấp học"),
            cells.choice(Level, **LEVEL_WORDS),
            ("Cấp",),
            note=_("Chỉ cần khi trường có nhiều cấp học."),
        ),
        Column(
            "classes", _("Số lớp"), count, ("Lớp", "Tổng số lớp", "Số nhóm lớp", "Nhóm lớp", "Tổng lớp"), example=24
        ),
        Column(
            "pupils",
            _("Số học sinh"),
            count,
            ("Học sinh", "HS", "Số HS", "Tổng số học sinh", "Tổng số HS", "Số trẻ", "Tổng số trẻ"),
            example=960,
        ),
        Column("managers", _("Cán bộ quản lý"), count, ("CBQL", "Số CBQL", "Quản lý", "Tổng số CBQL"), example=3),
        Column(
            "teachers",
            _("Giáo viên"),
            count,
            ("GV", "Số GV", "Số giáo viên", "Tổng số GV", "Tổng số giáo viên"),
            example=46,
        ),
        Column(
            "staff",
            _("Nhân viên"),
            count,
            ("NV", "Số NV", "Số nhân viên", "Tổng số NV", "Tổng số nhân viên"),
            example=7,
        ),
    )

    spread = Spread(
        {
            fold(word): ("level", level)
            for level in Level.values
            for word in (level, *LEVEL_WORDS.get(level, level).split(";"))
        },
        cells=SchoolYearFigures.COUNTS,
        years="school_year",
    )

    def said(self, titles):
        return cells.year_said(titles) | school_said(self, titles)

    def group(self, text):
        """The unit of the schools below. A heading of levels says nothing: schools of two levels stand under either."""
        if self.finder.is_district(text):
            return {"district": text}
        return {} if level_of_heading(text) else None

    def load(self, rows):
        stored = SchoolYearFigures.objects.filter(school__department=self.department)
        self.there = {(f.school_id, f.school_year, f.level): f for f in stored}
        self.seen = {}
        self.default = access.seat(self.user).school if access.seat(self.user).school_id else None

    def plan(self, row):
        named = row.get("code") or row.get("school")
        school = self.school(row) if named or self.default is None else self.default
        self.require_own(school)
        year, level = row.values["school_year"], self._level(row, school)
        key = (school.pk, year, level)
        if key in self.seen:
            raise RowError("school", _t("Trùng với dòng %d của tệp.") % self.seen[key])
        self.seen[key] = row.number
        wanted = {name: row.get(name) for name in SchoolYearFigures.COUNTS}
        if all(value is None for value in wanted.values()):
            raise RowError("classes", _t("Dòng này chưa có số nào. Hãy ghi ít nhất một số."))
        label = f"{school} · {school_year.label(year)} · {Level(level).label}"
        if there := self.there.get(key):
            row.compare(there, there, wanted, label)
            return
        row.create(SchoolYearFigures(school=school, school_year=year, level=level, **wanted), label)

    def present(self):
        own = SchoolYearFigures.objects.filter(school__department=self.department).for_list()
        for figures in own.iterator(chunk_size=2000):
            if access.covers_school(self.user, figures.school):
                yield of_school(figures.school) | {
                    "school_year": school_year.label(figures.school_year),
                    "level": figures.get_level_display(),
                    **{name: getattr(figures, name) for name in SchoolYearFigures.COUNTS},
                }

    def _level(self, row, school):
        levels = SchoolYearFigures.LEVELS_OF[school.level]
        level = row.get("level") or (levels[0] if len(levels) == 1 else None)
        names = ", ".join(str(one.label) for one in levels)
        if level is None:
            raise RowError(
                "level",
                _t("“%(school)s” có nhiều cấp học (%(levels)s). Hãy ghi rõ cấp của dòng này.")
                % {
                    "school": school,
                    "levels": names,
                },
            )
        if level not in levels:
            raise RowError(
                "level",
                _t("“%(school)s” không có cấp này, chỉ có %(levels)s.")
                % {
                    "school": school,
                    "levels": names,
                },
            )
        return level
