"""Import of the values of indicators: one value a row, of a school or of a managing unit, in a school year."""

from functools import cached_property

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access, school_year
from twinning.imports import cells
from twinning.imports.cells import RowError
from twinning.imports.kind import Column, Kind
from twinning.imports.school_columns import SCHOOL_COLUMNS, of_school
from twinning.imports.sheet import header_words
from twinning.imports.wide import Spread
from twinning.models import Indicator, IndicatorValue
from twinning.vietnamese import fold


class IndicatorValues(Kind):
    slug, command, icon = "chi-so", "indicators", "chart-line"
    title = _("Giá trị chỉ số")
    intro = _("Thứ hạng, điểm trung bình thi, số giải … của trường hoặc đơn vị trong một năm học.")
    roles = access.IMPORT_ROLES_DISTRICT
    columns = (
        Column(
            "indicator",
            _("Chỉ số"),
            cells.text,
            ("Mã chỉ số", "Tên chỉ số", "Chỉ tiêu"),
            True,
            example="Số giải học sinh giỏi",
        ),
        Column("school_year", _("Năm học"), cells.year, ("Năm",), True, example="2024-2025"),
        *SCHOOL_COLUMNS,
        Column("value", _("Giá trị"), cells.decimal, ("Kết quả", "Điểm", "Số", "Thứ hạng"), True, example="12"),
        Column("source", _("Nguồn"), cells.limited(200), ("Căn cứ",)),
    )

    @cached_property
    def indicators(self):
        indicators = Indicator.objects.filter(department=self.department)
        return {fold(name): i for i in indicators for name in (i.name, i.code)}

    @cached_property
    def spread(self):
        """A column for each indicator, for each year, or for each year of each indicator."""
        words = {
            header_words(text): ("indicator", i.name) for i in self.indicators.values() for text in (i.name, i.code)
        }
        return Spread(words, cells=("value",), years="school_year")

    def offers(self, column):
        return sorted({i.name for i in self.indicators.values()}) if column == "indicator" else []

    def said(self, titles):
        named = dict.fromkeys(title for title in titles if fold(title) in self.indicators)
        return cells.year_said(titles) | ({"indicator": next(iter(named))} if len(named) == 1 else {})

    def load(self, rows):
        stored = IndicatorValue.objects.filter(indicator__department=self.department)
        self.there = {(v.indicator_id, v.school_year, v.school_id, v.district_id): v for v in stored}
        self.seen = {}

    def plan(self, row):
        indicator = self.indicators.get(fold(row.values["indicator"]))
        if indicator is None:
            raise RowError(
                "indicator", _t("Không có chỉ số “%s”. Hãy lập chỉ số ở trang Chỉ số trước.") % row.get("indicator")
            )
        unit = self._unit(row, indicator)
        value = row.values["value"]
        if indicator.is_whole and value % 1:
            raise RowError("value", _t("%s là số nguyên, không có phần lẻ.") % indicator)
        key = (indicator.pk, row.values["school_year"], unit.get("school_id"), unit.get("district_id"))
        if key in self.seen:
            raise RowError("school", _t("Trùng với dòng %d của tệp.") % self.seen[key])
        self.seen[key] = row.number
        label = f"{indicator} · {unit['name']} · {school_year.label(key[1])}"
        wanted = {"value": value, "source": row.get("source")}
        if there := self.there.get(key):
            row.compare(there, there, wanted, label)
            return
        made = IndicatorValue(
            indicator=indicator,
            school_year=key[1],
            school_id=unit.get("school_id"),
            district_id=unit.get("district_id"),
            value=value,
            source=wanted["source"] or "",
        )
        row.create(made, label)

    def present(self):
        own = IndicatorValue.objects.filter(indicator__department=self.department).for_list()
        for value in own.iterator(chunk_size=2000):
            unit = of_school(value.school) if value.school_id else {"district": str(value.district)}
            yield unit | {
                "indicator": value.indicator.name,
                "school_year": school_year.label(value.school_year),
                "value": value.value,
                "source": value.source,
            }

    def _unit(self, row, indicator):
        if indicator.measures == Indicator.Subject.SCHOOL:
            school = self.school(row)
            self.require_own(school)
            return {"school_id": school.pk, "name": school}
        text = row.get("district") or row.get("school")
        if text is None:
            raise RowError("district", _t("Thiếu đơn vị quản lý."))
        found = self.finder.units_called(text)
        if len(found) != 1:  # an old unit keeps its values: only a doubt is refused
            found = [self.finder.district(text)]
        if not access.covers_district(self.user, found[0]):
            raise RowError("district", _t("“%s” không thuộc quyền của thầy/cô.") % found[0])
        return {"district_id": found[0].pk, "name": found[0]}
