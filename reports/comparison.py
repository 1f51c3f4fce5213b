"""School years set beside each other: figures year by year, targets against results, and what became of the indicators
of both sides. Read by the annexes and the sentences of a report.

The rules of the figures are those of reports/figures.py; this only asks them once for each school year.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import Q

from activities.progress import LABELS as TARGET_LABELS
from activities.progress import NUMBERS, progress_of
from reports.facts import Facts
from reports.models import ReportingPeriod
from reports.official import long_date
from twinning import school_year
from twinning.models import Agreement, Indicator, IndicatorValue

Kind, Tier = ReportingPeriod.Kind, Agreement.Tier
# In the order of the table; the names are those of the figures, worded for paper.
LABELS = {
    "agreements_live": "Giao ước có hiệu lực",
    "agreements_new": "Giao ước ký mới",
    "schools_signed": "Trường đã ký giao ước trường – trường",
    "activities_held": "Hoạt động đã tổ chức",
    "professional": "Trong đó: chuyên môn, ôn thi",
    "teacher_turns": "Lượt giáo viên",
    "manager_turns": "Lượt cán bộ quản lý",
    "pupil_turns": "Lượt học sinh",
    "teachers_named": "Giáo viên khác nhau được ghi tên (người)",
    "gifts": "Khoản hỗ trợ đã trao",
    "money": "Hỗ trợ bằng tiền (đồng)",
    "in_kind": "Hỗ trợ bằng hiện vật quy tiền (đồng)",
    "support_vnd": "Tổng giá trị hỗ trợ (đồng)",
    "pupils_helped": "Học sinh được giúp (em)",
}
TIERS = {
    Tier.DISTRICT: "Giao ước Phòng – Phòng",
    Tier.SCHOOL: "Giao ước trường – trường",
    Tier.SUBJECT: "Giao ước bộ môn – bộ môn",
}
# A school year of which the phase covers less is shown, but not compared with others: its numbers say little.
LEAST_MONTHS = 6


@dataclass(frozen=True)
class Reached:
    """Targets of one tier and school year (None: all years) with what was done. measures: {name: (target, done)}."""

    tier: str
    year: int | None
    agreements: int
    measures: dict


@dataclass(frozen=True)
class Change:
    """One indicator on one side between two school years, over the units that have a value in both: how many, the means
    of both years, how many became better and worse; ids of the values."""

    indicator: Indicator
    side: str
    first: int
    last: int
    units: int
    before: float
    after: float
    better: int
    worse: int
    ids: tuple


class Comparison:
    """What is compared in the report of `facts`."""

    def __init__(self, facts: Facts):
        self.facts = facts
        self.is_whole = facts.year is None

    # --- figures, year by year ----------------------------------------------------------------------------------------

    @cached_property
    def years(self):
        """School years, oldest first: of a phase those up to the day of cut-off; of one school year that and the one
        before, unless the movement began with it."""
        ours = self.facts.programme.school_years
        if self.is_whole:
            return [year for year in ours if year <= self.facts.last_year]
        return [year for year in (self.facts.year - 1, self.facts.year) if year in ours]

    def until(self, year):
        """The last day counted of a school year. Of the year before the one reported on that of its own report, where
        there was one, so that the numbers are those printed then; else the same day a year earlier."""
        if self.is_whole or year == self.facts.year:
            return self.facts.cut_off_on
        earlier = self._earlier_cut_off if self.facts.period.kind == Kind.INTERIM else None
        return earlier or _year_earlier(self.facts.cut_off_on)

    @cached_property
    def _earlier_cut_off(self):
        """The day of cut-off of the interim review of the year before, None without one."""
        interim = self.facts.programme.periods.filter(kind=Kind.INTERIM, school_year=self.facts.year - 1)
        return interim.values_list("cut_off_on", flat=True).first()

    @cached_property
    def by_year(self):
        """{school year: {name: number or None for what nobody reported}}."""
        scopes = {year: replace(self.facts.scope, year=year, until=self.until(year)) for year in self.years}
        ours = self.facts.scope  # the same scope of the year reported on: what it has counted is not counted again
        scopes = {year: ours if scope == ours else scope for year, scope in scopes.items()}
        return {year: _numbers(scope) for year, scope in scopes.items()} if len(scopes) > 1 else {}

    @cached_property
    def whole(self):
        """{name: number or None} of the whole phase."""
        return _numbers(self.facts.scope)

    @cached_property
    def ends(self):
        """(first, last) school year between which a change is told; None when the phase covers only one enough."""
        long = [year for year in self.years if self._months(year) >= LEAST_MONTHS]
        return (long[0], long[-1]) if len(long) > 1 else None

    def _months(self, year):
        """Months of the school year that the phase covers, up to the day of cut-off."""
        if not self.is_whole:
            return 12
        first, last = school_year.bounds(year)
        last = min(last, self.facts.programme.ends_on, self.facts.cut_off_on)
        return (last - max(first, self.facts.programme.starts_on)).days / 30

    def change(self, name):
        """Last minus first; None when one of them was not reported."""
        if not self.ends or not self.by_year:
            return None
        before, after = (self.by_year[year][name] for year in self.ends)
        return None if before is None or after is None else after - before

    @property
    def cut_short(self):
        """[(school year, first day, last day)] of those the phase does not cover in full."""
        found = []
        for year in self.years if self.is_whole else ():
            first, last = school_year.bounds(year)
            covered = max(first, self.facts.programme.starts_on), min(last, self.facts.cut_off_on)
            if covered != (first, last):
                found.append((year, *covered))
        return found

    # --- targets ------------------------------------------------------------------------------------------------------

    @cached_property
    def progress(self):
        """[Progress] of the agreements with targets, counted up to the day of cut-off."""
        agreements = self.facts.scope.agreements_with_targets()
        found = progress_of(agreements, self.facts.year, self.facts.cut_off_on)
        return [progress for progress in found.values() if progress]

    @cached_property
    def reached(self):
        """[Reached] by tier and school year; a phase ends with its sum. The tiers are apart, since the results of a
        district agreement include those of the school agreements below it."""
        sums, counts = defaultdict(lambda: defaultdict(lambda: [0, 0])), Counter()
        for progress in self.progress:
            tier = progress.agreement.tier
            for year in progress.by_year:
                measures = progress.of_year(year)
                for key in {(tier, year), (tier, None)} if self.is_whole else {(tier, year)}:
                    for measure in measures:
                        sums[key][measure.name][0] += measure.target
                        sums[key][measure.name][1] += measure.done
                counts[tier, year] += 1
            counts[tier, None] += 1
        keys = sorted(sums, key=lambda key: (list(Tier).index(key[0]), key[1] is None, key[1] or 0))
        return [
            Reached(
                tier,
                year,
                counts[tier, year],
                {n: tuple(sums[tier, year][n]) for n in NUMBERS if n in sums[tier, year]},
            )
            for tier, year in keys
        ]

    # --- indicators ---------------------------------------------------------------------------------------------------

    @cached_property
    def sides(self):
        """{side: (ids of districts, ids of schools)} of the agreements of the report."""
        found = {}
        for side in Agreement.Side.values:
            of_schools = self.facts.agreements_of(*Tier.of_schools())
            of_districts = self.facts.agreements_of(Tier.DISTRICT)
            found[side] = (
                {getattr(agreement, f"{side}_district_id") for agreement in of_districts},
                {getattr(agreement, f"{side}_school_id") for agreement in of_schools},
            )
        return found

    @cached_property
    def changes(self):
        """[Change] of every indicator with values of one unit in two school years, in the order of indicators: of a
        phase the first and the last school year that have any, of one school year the one before and it."""
        years = self.years if self.is_whole else [self.facts.year - 1, self.facts.year]
        districts = set().union(*(side[0] for side in self.sides.values()))
        schools = set().union(*(side[1] for side in self.sides.values()))
        values = IndicatorValue.objects.filter(
            indicator__department=self.facts.programme.department, school_year__in=years
        )
        values = values.filter(Q(district__in=districts) | Q(school__in=schools)).select_related("indicator")
        by_indicator = defaultdict(list)
        for value in values.order_by("indicator__position", "indicator", "school_year", "pk"):
            by_indicator[value.indicator].append(value)
        return [
            change
            for indicator, rows in by_indicator.items()
            for side, units in self.sides.items()
            if (change := _change(indicator, side, units, rows))
        ]


def _numbers(scope):
    """{name: number or None} of one scope, by the rules of the figures."""
    done = scope.counts
    told = {
        **scope.signings,
        "schools_signed": len(scope.schools_signed_ids),
        "activities_held": done.held,
        "professional": done.professional,
        **done.turns,
        "teachers_named": done.people,
        **scope.gifts,
    }
    return {name: told[name] or None for name in LABELS}


def _change(indicator, side, units, rows):
    """The Change of one indicator on one side; None without a unit that has two values. A unit that stands on both
    sides of the agreements counts on each."""
    districts, schools = units
    ours = [row for row in rows if row.district_id in districts or row.school_id in schools]
    years = sorted({row.school_year for row in ours})
    if len(years) < 2:
        return None
    first, last = years[0], years[-1]
    values = defaultdict(dict)
    for row in ours:
        values[row.district_id, row.school_id][row.school_year] = row
    pairs = [(of[first], of[last]) for of in values.values() if first in of and last in of]
    if not pairs:
        return None
    trends = Counter(indicator.trend(after.value, before.value) for before, after in pairs)
    return Change(
        indicator,
        side,
        first,
        last,
        len(pairs),
        _mean(before.value for before, _after in pairs),
        _mean(after.value for _before, after in pairs),
        trends[1],
        trends[-1],
        tuple(sorted(row.pk for pair in pairs for row in pair)),
    )


def _mean(values):
    values = list(values)
    return round(float(sum(values) / len(values)), 2)


def _year_earlier(day):
    return date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 else day.day)


# --- As tables --------------------------------------------------------------------------------------------------------


def years_table(compared: Comparison):
    """Annex VI: every number of the school years beside each other; no rows with only one school year."""
    years = list(compared.by_year)
    columns = [_column("position", "STT", "number"), _column("name", "Chỉ tiêu")]
    columns += [_column(f"y{year}", school_year.label(year), "number", "Năm học") for year in years]
    columns += [_column("whole", "Cả giai đoạn", "number")] if compared.is_whole else []
    columns += [_column("change", _between(compared.ends), "change", "Tăng, giảm")] if compared.ends else []
    rows = []
    for name, label in LABELS.items():
        numbers = [compared.by_year[year][name] for year in years]
        if not any(numbers):
            continue
        cells = [len(rows) + 1, label, *numbers]
        cells += [compared.whole[name]] if compared.is_whole else []
        cells += [compared.change(name)] if compared.ends else []
        rows.append({"kind": "row", "cells": cells})
    return {
        "key": "years",
        "name": "So sánh năm học",
        "landscape": True,
        "columns": columns,
        "rows": rows,
        "notes": _years_notes(compared),
    }


def _years_notes(compared):
    notes = [
        f"Năm học {school_year.label(year)}: từ {long_date(first)} đến hết {long_date(last)}."
        for year, first, last in compared.cut_short
    ]
    if not compared.is_whole and compared.by_year:
        days = [f"{school_year.label(year)} đến hết {long_date(compared.until(year))}" for year in compared.by_year]
        notes.append(f"Số liệu năm học {'; '.join(days)}.")
    if compared.is_whole:
        notes.append(
            "Cả giai đoạn: trường, giao ước, giáo viên có mặt trong nhiều năm học chỉ tính một lần, nên có thể nhỏ hơn "
            "tổng các năm."
        )
    return [*notes, "Dấu “–”: không có hoặc chưa có số liệu; khi đó không tính tăng, giảm."]


def _between(ends):
    first, last = ends
    return f"{school_year.label(last)} so với {school_year.label(first)}"


def targets_table(compared: Comparison):
    """Targets against results, by tier and school year, for the body of the report."""
    rows = []
    for reached in compared.reached:
        when = "cả giai đoạn" if reached.year is None else f"năm học {school_year.label(reached.year)}"
        n = reached.agreements
        rows.append({"kind": "group", "cells": [f"{TIERS[reached.tier]}, {when} ({n} giao ước)", "", "", ""]})
        for name, (target, done) in reached.measures.items():
            unit = " (đồng)" if name == "support_vnd" else ""
            rows.append({"kind": "row", "cells": [f"{TARGET_LABELS[name]}{unit}", target, done, done * 100 // target]})
    notes = ["Kết quả tính đến hết ngày chốt số liệu; lượt giáo viên tính người của các bên."]
    if any(reached.tier == Tier.DISTRICT for reached in compared.reached):
        notes.append("Kết quả của giao ước Phòng – Phòng gồm cả các giao ước trường, bộ môn thuộc giao ước đó.")
    ids = sorted(line.target.pk for progress in compared.progress for line in progress.lines)
    columns = [
        _column("name", "Chỉ tiêu"),
        _column("target", "Đặt ra", "number"),
        _column("done", "Thực hiện", "number"),
        _column("percent", "Đạt", "percent"),
    ]
    return {"key": "targets", "columns": columns, "rows": rows, "notes": notes, "ids": ids}


def indicators_table(compared: Comparison):
    """What became of the indicators of both sides, for the body of the report."""
    rows, told = [], None
    for change in compared.changes:
        head = (change.indicator, change.first, change.last)
        if head != told:
            told = head
            years = f"{school_year.label(change.first)} và {school_year.label(change.last)}"
            name = f"{change.indicator.name} ({change.indicator.get_kind_display()}), năm học {years}"
            rows.append({"kind": "group", "cells": [name, *[""] * 5]})
        side = {Agreement.Side.SUPPORTING: "Bên hỗ trợ", Agreement.Side.SUPPORTED: "Bên được hỗ trợ"}[change.side]
        numbers = [change.units, change.before, change.after, change.better or None, change.worse or None]
        rows.append({"kind": "row", "cells": [side, *numbers]})
    return {
        "key": "indicators",
        "columns": [
            _column("name", "Chỉ số"),
            _column("units", "Số đơn vị", "number"),
            _column("before", "Năm đầu", "decimal", "Bình quân"),
            _column("after", "Năm cuối", "decimal", "Bình quân"),
            _column("better", "Tốt lên", "number", "Số đơn vị"),
            _column("worse", "Kém đi", "number", "Số đơn vị"),
        ],
        "rows": rows,
        "notes": [
            "Chỉ gồm đơn vị có số liệu cả hai năm; thứ hạng nhỏ hơn là tốt hơn.",
            "Chỉ số thay đổi do nhiều nguyên nhân, không riêng việc kết nghĩa.",
        ],
        "ids": sorted({pk for change in compared.changes for pk in change.ids}),
    }


def _column(key, label, kind="text", group=""):
    return {"key": key, "label": label, "group": group, "kind": kind}
