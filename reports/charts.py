"""Charts as Vega-Lite specifications: drawn by vega-embed on pages and, as SVG, by vl-convert on paper.

A chart carries its finding as title and the same numbers as a table. Specifications hold their data and no expressions
of ours, so vega-embed draws them with the CSP-safe interpreter ({ast: true}).
"""

from collections.abc import Callable
from dataclasses import dataclass

import vl_convert
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import ActivityKind
from reports.figures import LABELS
from twinning import school_year
from twinning.vietnamese import number

BLUE, AMBER = "#0b5394", "#e0a100"
INK, QUIET, LINE = "#1f2933", "#52606d", "#e4e7eb"
# Groups keep their colour whichever of them a chart shows; neighbours differ in lightness too, for print in grey.
GROUP_COLOURS = {
    ActivityKind.Group.PROFESSIONAL: BLUE,
    ActivityKind.Group.EXAM: AMBER,
    ActivityKind.Group.MANAGEMENT: "#7b8794",
    ActivityKind.Group.EXCHANGE: "#cbd2d9",
    ActivityKind.Group.UNION: "#3e4c59",
}
UNITS = {
    "schools_signed": gettext_lazy("trường"),
    "agreements_live": gettext_lazy("giao ước"),
    "activities": gettext_lazy("hoạt động"),
    "activities_held": gettext_lazy("hoạt động"),
    "teacher_turns": gettext_lazy("lượt giáo viên"),
    "teachers_named": gettext_lazy("giáo viên"),
    "pupil_turns": gettext_lazy("lượt học sinh"),
    "support_vnd": gettext_lazy("đồng"),
}

MOST_UNITS = 20  # bars of by_unit; the table beside it has them all

VERSION = "6.4"  # the one of package.json, which vl-convert brings along too
PAPER_FONT = "Liberation Serif"  # the one face of an official paper: Decree 30/2020, Phụ lục I, Phần I, Mục I
PAPER_WIDTH = 604  # CSS pixels: the text column of 160 mm
PAPER_HEIGHT = 180
PAPER_SIZES = {
    "axis": {"labelFontSize": 13, "titleFontSize": 13},
    "legend": {"labelFontSize": 13},
    "text": {"fontSize": 13},
}
CONFIG = {
    "font": "Be Vietnam Pro, sans-serif",
    "background": "transparent",
    "locale": {"number": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " đồng"]}},
    "view": {"stroke": None},
    "bar": {"color": BLUE},
    "text": {"color": INK, "fontSize": 12},
    "axis": {
        "labelColor": QUIET,
        "titleColor": QUIET,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": LINE,
        "domainColor": LINE,
        "ticks": False,
        "labelPadding": 6,
    },
    "legend": {"labelColor": INK, "labelFontSize": 12},
}

Href = Callable[[dict], str]


@dataclass(frozen=True)
class Chart:
    """A chart and what stands beside it.

    title: the finding, one sentence; spec: a Vega-Lite specification as plain data, None when there is nothing to
    draw; header, rows: the table of the same numbers, cells are str or int.
    """

    title: str
    spec: dict | None
    header: list[str]
    rows: list[list]

    @property
    def table(self):
        return self.header, self.rows

    def __bool__(self):
        return self.spec is not None


def monthly(rows, href: Href | None = None) -> Chart:
    """Activities held per month, stacked by group.

    rows: `breakdowns.by_month`, [(first day of month, {group: activities})]; href: datum → address of the activities it
    counts, where datum is {"month": "2024-03", "group": "exam", "activities": 12, …}.
    """
    groups = [group for group in ActivityKind.Group if any(counts.get(group) for _month, counts in rows)]
    label = _month_of_year if len(rows) <= 12 else _month_and_year
    data = [
        {
            "month": f"{month:%Y-%m}",
            "label": label(month),
            "group": group.value,
            "group_label": str(group.label),
            "position": position,
            "activities": counts[group],
        }
        for position, group in enumerate(groups)
        for month, counts in rows
        if counts.get(group)
    ]
    encoding = {
        "x": {
            "field": "label",
            "type": "ordinal",
            "scale": {"domain": [label(month) for month, _counts in rows], "paddingInner": 0.25},
            "axis": {"title": _("Tháng"), "labelAngle": 0 if len(rows) <= 12 else -60, "labelOverlap": True},
        },
        "y": {"field": "activities", "type": "quantitative", "stack": "zero", "axis": _whole_numbers(_("Hoạt động"))},
        "color": {
            "field": "group_label",
            "type": "nominal",
            "scale": {
                "domain": [str(group.label) for group in groups],
                "range": [GROUP_COLOURS[group] for group in groups],
            },
            "legend": {
                "title": None,
                "orient": "top",
                "symbolType": "square",
                "columns": 2,  # static/js/charts.js takes more where there is room, fewer on a phone
                "labelLimit": 240,
            },
        },
        "order": {"field": "position", "type": "quantitative"},
        "tooltip": [
            {"field": "label", "title": _("Tháng")},
            {"field": "group_label", "title": _("Nhóm")},
            {"field": "activities", "title": _("Hoạt động"), "format": ",d"},
        ],
    }
    title = _monthly_finding(rows)
    return Chart(
        title=title,
        spec=_spec(title, data, encoding, href, height=220),
        header=[_("Tháng"), *(str(group.label) for group in groups), _("Cộng")],
        rows=[
            [_month_and_year(month), *(counts.get(group, 0) for group in groups), sum(counts.values())]
            for month, counts in rows
        ],
    )


def by_school_year(rows, measure="teacher_turns", href: Href | None = None) -> Chart:
    """One bar per school year.

    rows: [(first calendar year, number or None)] in order of time, None where nothing was reported; measure: a key of
    `figures.LABELS`; href: datum → address, where datum is {"year": 2023, "label": "2023-2024", "value": 53870}.
    """
    reported = [(year, value) for year, value in rows if value]
    what = str(LABELS[measure])
    data = [
        {"year": year, "label": school_year.label(year), "value": value, "text": number(value)}
        for year, value in reported
    ]
    encoding = {
        "x": {
            "field": "label",
            "type": "ordinal",
            "scale": {"domain": [school_year.label(year) for year, _value in rows], "paddingInner": 0.4},
            "axis": {"title": _("Năm học"), "labelAngle": 0},
        },
        "y": {"field": "value", "type": "quantitative", "axis": _whole_numbers(what)},
        "tooltip": [
            {"field": "label", "title": _("Năm học")},
            {"field": "value", "title": what, "format": ",d"},
        ],
    }
    title = _school_year_finding(reported, measure)
    return Chart(
        title=title,
        spec=_spec(title, data, encoding, href, height=220, labels={"baseline": "bottom", "dy": -4}),
        header=[_("Năm học"), what],
        rows=[[school_year.label(year), "–" if value is None else value] for year, value in rows],
    )


def by_pair(rows, measure="teacher_turns", href: Href | None = None) -> Chart:
    """Horizontal bars, one per district pair, longest first.

    rows: `breakdowns.by_district_pair`; measure: "teacher_turns" or "activities"; href: datum → address, where datum is
    {"agreement": pk, "pair": "Thanh Trì – Chương Mỹ", "value": 4112}.
    """
    # Sorting is stable: equals stay in the order of their names.
    ordered = sorted(rows, key=lambda row: -getattr(row, measure))
    values = [(row.agreement.pair, getattr(row, measure)) for row in ordered]
    what = _("Lượt giáo viên") if measure == "teacher_turns" else _("Hoạt động")
    data = [
        {
            "agreement": row.agreement.pk,
            "pair": pair,
            "value": value,
            "text": number(value) if value else _("chưa có"),
        }
        for row, (pair, value) in zip(ordered, values, strict=True)
    ]
    encoding = _named_bars("pair", _("Cặp đơn vị"), what, values)
    title = _pair_finding(values, measure)
    drawn = data if any(value for _pair, value in values) else []
    return Chart(
        title=title,
        spec=_spec(title, drawn, encoding, href, height={"step": 20}, labels={"align": "left", "dx": 4}),
        header=[_("Cặp đơn vị"), _("Trường ký"), _("Hoạt động"), _("Lượt giáo viên")],
        rows=[[row.agreement.pair, len(row.schools), row.activities, row.teacher_turns] for row in ordered],
    )


def by_unit(rows, href: Href | None = None) -> Chart:
    """Horizontal bars, one per unit with teacher turns, longest first, no more than MOST_UNITS.

    rows: `breakdowns.by_unit`; href: datum → address, where datum is {"position": 0, "unit": "xã Đại Thanh",
    "value": 24}; `position` is that of the row in `rows`.
    """
    ordered = sorted(enumerate(rows), key=lambda item: -item[1].teacher_turns)
    values = [(row.name, row.teacher_turns) for _position, row in ordered]
    data = [
        {"position": position, "unit": row.name, "value": row.teacher_turns, "text": number(row.teacher_turns)}
        for position, row in ordered[:MOST_UNITS]
        if row.teacher_turns
    ]
    what = _("Lượt giáo viên")
    title = _unit_finding(values)
    encoding = _named_bars("unit", _("Đơn vị"), what, values)
    return Chart(
        title=title,
        spec=_spec(title, data, encoding, href, height={"step": 20}, labels={"align": "left", "dx": 4}),
        header=[_("Đơn vị"), _("Trường ký"), _("Hoạt động"), what, _("Hỗ trợ đã trao (đồng)")],
        rows=[[row.name, row.schools, row.activities, row.teacher_turns, row.support_vnd] for _n, row in ordered],
    )


def svg(spec: dict) -> str:
    """The chart for paper, as SVG text: as wide as the text column, set in the face of the paper, without links."""
    drawing = vl_convert.vegalite_to_svg(_for_paper(spec), vl_version=VERSION, allowed_base_urls=[])
    # Vega says of everything that it is opaque; for WeasyPrint each such word makes a picture of its own in the PDF.
    return drawing.replace(' opacity="1"', "")


def png(spec: dict) -> bytes:
    """The same as a picture, for Word: 200 dots an inch on a column of 160 mm."""
    return vl_convert.vegalite_to_png(_for_paper(spec), vl_version=VERSION, scale=2, allowed_base_urls=[])


def _for_paper(spec):
    config = {**spec["config"], "font": PAPER_FONT, "background": None}
    for part in ("axis", "legend", "text"):
        config[part] = {**config[part], **PAPER_SIZES[part]}
    data = [{key: value for key, value in datum.items() if key != "href"} for datum in spec["data"]["values"]]
    encoding = {channel: value for channel, value in spec["encoding"].items() if channel not in ("href", "tooltip")}
    if "color" in encoding:  # paper is wide enough for one line of legend
        color = encoding["color"]
        encoding["color"] = {**color, "legend": {**color["legend"], "columns": len(color["scale"]["domain"])}}
    height = spec["height"] if isinstance(spec["height"], dict) else PAPER_HEIGHT  # a dict: so much for each bar
    return {
        **spec,
        "width": PAPER_WIDTH,
        "height": height,
        "data": {"values": data},
        "encoding": encoding,
        "config": config,
    }


# --- What the numbers say ---------------------------------------------------------------------------------------------


def _monthly_finding(rows):
    totals = [(month, sum(counts.values())) for month, counts in rows]
    total = sum(n for _month, n in totals)
    if not total:
        return _("Chưa có hoạt động nào được ghi trong thời gian này")
    most = max(n for _month, n in totals)
    best = [month for month, n in totals if n == most]
    label = _month_of_year if len(rows) <= 12 else _month_and_year
    words = {"month": label(best[0]), "n": number(most)}
    if len(best) > 2:
        return _("Hoạt động rải đều, tháng nhiều nhất có %(n)s hoạt động") % words
    if len(best) == 2:
        words["other"] = label(best[1])
        return _("Tháng %(month)s và tháng %(other)s sôi nổi nhất: mỗi tháng %(n)s hoạt động") % words
    if total == 1:
        return _("Mới có một hoạt động, vào tháng %(month)s") % words
    if most == total:
        finding = _("Cả %(n)s hoạt động đều vào tháng %(month)s") % words
    else:
        finding = _("Tháng %(month)s sôi nổi nhất: %(n)s hoạt động") % words
    return finding + _largest_group(dict(rows)[best[0]], most)


def _largest_group(counts, total):
    """The end of the sentence: the group that makes up most of the month."""
    if total < 2:
        return ""
    group, n = max(counts.items(), key=lambda item: item[1])
    name = str(ActivityKind.Group(group).label)
    words = {"group": name[0].lower() + name[1:]}
    if n == total:
        return _(", đều là %(group)s") % words
    if 2 * n > total:
        return _(", phần lớn là %(group)s") % words
    return _(", nhiều nhất là %(group)s") % words


def _school_year_finding(rows, measure):
    if not rows:
        return _("%(what)s: chưa có số liệu") % {"what": LABELS[measure]}
    year, value = rows[-1]
    words = {"year": school_year.label(year), "n": number(value), "unit": UNITS[measure]}
    if len(rows) == 1:
        return _("Năm học %(year)s: %(n)s %(unit)s") % words
    before, value_before = rows[-2]
    change = round(100 * (value - value_before) / value_before)
    change = max(change, -99) if value else change  # something is left
    words |= {"before": school_year.label(before), "percent": number(abs(change))}
    if change > 0:
        return _("Năm học %(year)s tăng %(percent)s%% so với năm học %(before)s: %(n)s %(unit)s") % words
    if change < 0:
        return _("Năm học %(year)s giảm %(percent)s%% so với năm học %(before)s: %(n)s %(unit)s") % words
    return _("Năm học %(year)s ngang năm học %(before)s: %(n)s %(unit)s") % words


def _pair_finding(values, measure):
    """values: [(pair, number)], largest first."""
    active = [value for value in values if value[1]]
    if not active:
        return _("Chưa có cặp đơn vị nào có hoạt động trong thời gian này")
    pair, most = active[0]
    words = {"pair": pair, "n": number(most), "unit": UNITS[measure], "idle": number(len(values) - len(active))}
    if len(active) == 1:
        finding = _("Chỉ %(pair)s có hoạt động: %(n)s %(unit)s") % words
    else:
        finding = _("%(pair)s dẫn đầu: %(n)s %(unit)s") % words
    if len(active) < len(values):
        finding += _("; %(idle)s cặp chưa có hoạt động nào") % words
    return finding


def _unit_finding(values):
    """values: [(unit, lượt)], largest first."""
    active = [value for value in values if value[1]]
    if not active:
        return _("Chưa có đơn vị nào có lượt giáo viên trong thời gian này")
    words = {"unit": active[0][0], "n": number(active[0][1]), "units": number(len(active)), "most": MOST_UNITS}
    if len(active) == 1:
        return _("Chỉ %(unit)s có lượt giáo viên: %(n)s lượt") % words
    finding = _("%(unit)s nhiều lượt giáo viên nhất trong %(units)s đơn vị: %(n)s lượt") % words
    return finding + (_("; biểu đồ vẽ %(most)s đơn vị đầu") % words if len(active) > MOST_UNITS else "")


# --- Pieces of a specification ----------------------------------------------------------------------------------------


def _spec(title, data, encoding, href, height, labels=None):
    """A bar chart as a Vega-Lite specification, or None without data; `labels`: where each bar's number stands."""
    if not data:
        return None
    if href:
        data = [{**datum, "href": href(datum)} for datum in data]
        encoding = {**encoding, "href": {"field": "href"}}
    bar = {"type": "bar", "cursor": "pointer"} if href else {"type": "bar"}
    marks = {"mark": bar}
    if labels:
        text = {"mark": {"type": "text", **labels}, "encoding": {"text": {"field": "text"}}}
        marks = {"layer": [{"mark": bar}, text]}
    return {
        "$schema": f"https://vega.github.io/schema/vega-lite/v{VERSION.split('.')[0]}.json",
        "description": title,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": data},
        "encoding": encoding,
        **marks,
        "config": CONFIG,
    }


def _named_bars(name, name_label, what, values):
    """The encoding of horizontal bars with a name before and a number after each; values: [(name, number)]."""
    return {
        "y": {
            "field": name,
            "type": "nominal",
            "sort": None,
            "scale": {"paddingInner": 0.35},
            "axis": {"title": None, "labelLimit": 240, "domain": False},
        },
        "x": {
            "field": "value",
            "type": "quantitative",
            # Room for the number after the longest bar.
            "scale": {"domainMax": 1.4 * max((value for _name, value in values), default=0), "nice": False},
            "axis": _whole_numbers(what),
        },
        "tooltip": [
            {"field": name, "title": name_label},
            {"field": "value", "title": what, "format": ",d"},
        ],
    }


def _whole_numbers(title):
    """An axis for counts: 1.000, never 0,5."""
    return {"title": title, "format": ",d", "tickMinStep": 1, "tickCount": 5}


def _month_of_year(month):
    """Within one school year: 9, 10, 11, 12, 1, 2 …"""
    return str(month.month)


def _month_and_year(month):
    return f"{month.month}/{month.year}"
