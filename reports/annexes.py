"""The annexes of a report (Phụ lục số liệu) as plain data.

An annex is {key, number, name, landscape, columns, rows, notes}. A column is {key, label, group, kind}; `group` is the
heading it shares with its neighbours, `kind` one of text, number, decimal, percent, change (with its sign), date. A row
is {kind, cells} with kind one of group (a heading row), row, total; a cell is str, int, float, an ISO date, or None for
what was not reported, printed as "–".
"""

from activities.models import Support
from reports.awards.annex import awards_annex
from reports.comparison import Comparison, years_table
from reports.facts import MONEY, Facts
from reports.official import roman
from twinning.models import Agreement, School

Tier = Agreement.Tier
NOT_REPORTED = "Dấu “–”: không có hoặc chưa có số liệu."
REGISTERED = "Đăng ký: mọi hoạt động đã ghi trên cổng, kể cả chưa tổ chức hoặc đã huỷ."
OUTSIDE_PAIRS = "Ngoài các cặp Phòng – Phòng"
LEVEL_SHORT = {School.Level.PRESCHOOL: "MN", School.Level.PRIMARY: "TH"}


def annexes(facts: Facts, compared: Comparison) -> list[dict]:
    """The annexes in their order: four that are always there, and those that have rows. Who refers to one of the latter
    asks for its number."""
    third = (
        own_activities(facts)
        if facts.is_school
        else school_pairs(facts)
        if facts.is_district
        else district_pairs(facts)
    )
    tables = [agreements(facts), activities_by_kind(facts), third, supports(facts)]
    further = pupils(facts), years_table(compared), awards_annex(facts)
    tables += [table for table in further if table and table["rows"]]
    return [{**table, "number": roman(n)} for n, table in enumerate(tables, 1)]


# --- I ----------------------------------------------------------------------------------------------------------------


def agreements(facts):
    """Agreements in effect: each district pair with those of schools, then of groups of a subject, below it."""
    pilots = {school for chosen in facts.pilots.values() for school, _level, _district in chosen}
    groups = {agreement.pk: (agreement, []) for agreement in facts.agreements_of(Tier.DISTRICT)}
    outside = []
    for agreement in facts.agreements_of(*Tier.of_schools()):
        groups.get(agreement.umbrella_id, (None, outside))[1].append(agreement)
    rows = []
    for n, (above, below) in enumerate(groups.values(), 1):
        offices = above.supporting_district.office_name, above.supported_district.office_name
        pilot_cell = _pilots_by_level(facts.pilots.get(above.pk, []))
        rows.append(_row("group", roman(n), *offices, *_dates_and_status(above, facts), pilot_cell))
        rows += [
            _school_row(i, agreement, facts, pilots, *_side_names(agreement)) for i, agreement in enumerate(below, 1)
        ]
    if outside and groups:
        rows.append(_row("group", roman(len(groups) + 1), OUTSIDE_PAIRS, *[""] * 6))
    # No heading says their districts, and names repeat from one district to the next.
    rows += [
        _school_row(i, agreement, facts, pilots, *_side_names(agreement, with_district=True))
        for i, agreement in enumerate(outside, 1)
    ]
    return {
        "key": "agreements",
        "name": "Tổng hợp giao ước",
        "landscape": True,
        "columns": [
            _column("position", "STT", "number"),
            _column("supporting", "Bên hỗ trợ"),
            _column("supported", "Bên được hỗ trợ"),
            _column("symbol", "Số, ký hiệu"),
            _column("signed", "Ngày ký", "date"),
            _column("ends", "Đến hết ngày", "date"),
            _column("status", "Tình trạng"),
            _column("pilots", "Trường điểm"),
        ],
        "rows": rows,
        "notes": [
            "Tình trạng ghi theo ngày chốt số liệu.",
            "Trường điểm: số trường được chọn xây dựng điểm của cả hai bên; “có”: trong cặp có trường được chọn.",
            NOT_REPORTED,
        ],
    }


def _side_names(agreement, *, with_district=False):
    """ "THCS Tân Mai", "Tổ Toán, THPT Vinh 1", "THCS Tân Mai (quận Hoàng Mai)"."""
    for side in agreement.Side.values:
        name = str(getattr(agreement, f"{side}_school"))
        if agreement.subject_id:
            name = f"Tổ {agreement.subject}, {name}"
        yield f"{name} ({getattr(agreement, f'{side}_district')})" if with_district else name


def _school_row(position, agreement, facts, pilots, *parties):
    schools = agreement.supporting_school_id, agreement.supported_school_id
    pilot_cell = "có" if pilots.intersection(schools) else None
    return _row("row", position, *parties, *_dates_and_status(agreement, facts), pilot_cell)


def _dates_and_status(agreement, facts):
    return [
        agreement.number or None,
        agreement.signed_on.isoformat(),
        agreement.ends_on.isoformat(),
        _status(agreement, facts.cut_off_on),
    ]


def _status(agreement, day):
    """As it was on `day`, whatever became of it since."""
    if agreement.ended_on and agreement.ended_on <= day:
        return "thanh lý trước hạn"
    return "hết hạn" if agreement.ends_on < day else "có hiệu lực"


def _pilots_by_level(pilots):
    levels = [level for _school, level, _district in pilots]
    parts = [f"{n} {LEVEL_SHORT.get(level, level.label)}" for level in School.Level if (n := levels.count(level.value))]
    return ", ".join(parts) or None


# --- II ---------------------------------------------------------------------------------------------------------------


def activities_by_kind(facts):
    counted = ("activities", "manager_turns", "teacher_turns", "pupil_turns", "in_person", "online")
    rows = [
        _row("row", i, kind["name"], *_reported(*(kind[key] for key in counted)))
        for i, kind in enumerate(facts.kinds, 1)
    ]
    if rows:
        rows.append(_row("total", "", "Cộng", *_reported(*(sum(kind[key] for kind in facts.kinds) for key in counted))))
    whose = "" if facts.is_department else " Số lượt chỉ tính người của đơn vị."
    return {
        "key": "kinds",
        "name": "Hoạt động theo loại",
        "landscape": False,
        "columns": [
            _column("position", "STT", "number"),
            _column("name", "Loại hoạt động"),
            _column("activities", "Số hoạt động", "number"),
            _column("managers", "CBQL", "number", "Lượt người tham gia"),
            _column("teachers", "Giáo viên", "number", "Lượt người tham gia"),
            _column("pupils", "Học sinh", "number", "Lượt người tham gia"),
            _column("in_person", "Trực tiếp", "number", "Hình thức"),
            _column("online", "Trực tuyến, kết hợp", "number", "Hình thức"),
        ],
        "rows": rows,
        "notes": [f"Mỗi hoạt động tính một lần.{whose} CBQL: cán bộ quản lý.", NOT_REPORTED],
    }


# --- III --------------------------------------------------------------------------------------------------------------


def district_pairs(facts):
    """For the Department: the activities of each district pair, and of all that belong to none."""
    pairs = {frozenset(_districts(row.agreement)): row for row in facts.pairs}
    counts = {pair: [0, 0, 0, 0, 0] for pair in pairs}
    outside = [0, 0, 0, 0, 0]
    for count in facts.counts.values():
        pair = frozenset(count["parties"])
        by_side = [count["turns"].get(pk, 0) for pk in _districts(pairs[pair].agreement)] if pair in pairs else [0, 0]
        numbers = [count["registered"], count["held"], *by_side, sum(count["turns"].values())]
        _add(counts.get(pair, outside), numbers)
    signed = set(facts.figures["schools_signed"]["ids"])
    signed_outside = signed.difference(*(row.schools for row in facts.pairs))
    rows = [
        _row("row", i, row.agreement.pair, *_reported(len(row.schools), *counts[pair]))
        for i, (pair, row) in enumerate(pairs.items(), 1)
    ]
    if signed_outside or any(outside):
        rows.append(_row("row", len(rows) + 1, OUTSIDE_PAIRS, *_reported(len(signed_outside), *outside)))
    if rows:
        totals = [sum(numbers) for numbers in zip(*counts.values(), outside, strict=True)]
        rows.append(_row("total", "", "Cộng", *_reported(len(signed), *totals)))
    return {
        "key": "pairs",
        "name": "Hoạt động theo cặp đơn vị",
        "landscape": True,
        "columns": [
            _column("position", "STT", "number"),
            _column("name", "Cặp đơn vị"),
            _column("schools", "Số trường ký", "number"),
            *_pair_columns("Bên hỗ trợ", "Bên được hỗ trợ"),
        ],
        "rows": rows,
        "notes": [
            REGISTERED,
            "Hoạt động của cặp trường tính vào cặp Phòng – Phòng của hai trường.",
            "Một trường ký hai giao ước thì dòng cộng chỉ tính một lần.",
            NOT_REPORTED,
        ],
    }


def school_pairs(facts):
    """For a district: the activities of each of its agreements, between the offices first."""
    named = [(agreement, _pair_name(agreement)) for agreement in facts.agreements]
    named.sort(key=lambda item: item[0].tier != Tier.DISTRICT)
    known = {agreement.pk for agreement, _name in named}
    rows, totals, outside = [], [0] * 5, [0] * 5
    for pk, count in facts.counts.items():
        _add(totals, _own_and_other(count, facts))
        if pk not in known:
            _add(outside, _own_and_other(count, facts))
    for i, (agreement, name) in enumerate(named, 1):
        numbers = _own_and_other(facts.counts[agreement.pk], facts) if agreement.pk in facts.counts else [0] * 5
        rows.append(_row("row", i, name, *_reported(*numbers)))
    if any(outside):
        rows.append(_row("row", len(rows) + 1, "Ngoài các giao ước trên", *_reported(*outside)))
    if rows:
        rows.append(_row("total", "", "Cộng", *_reported(*totals)))
    return {
        "key": "pairs",
        "name": "Hoạt động theo cặp đơn vị",
        "landscape": True,
        "columns": [
            _column("position", "STT", "number"),
            _column("name", "Cặp đơn vị"),
            *_pair_columns(f"Của {facts.unit}", "Của đơn vị bạn"),
        ],
        "rows": rows,
        "notes": [REGISTERED, NOT_REPORTED],
    }


def own_activities(facts):
    """For a school: what it took part in, with its own people."""
    rows = []
    totals = [0, 0, 0]
    for i, row in enumerate(facts.own_rows, 1):
        activity = row.activity
        numbers = [row.manager_turns, row.teacher_turns, row.pupil_turns]
        _add(totals, numbers)
        host = activity.host_school or (activity.host_district and activity.host_district.office)
        cells = [activity.held_on.isoformat(), activity.title, activity.kind.name, str(host) if host else None]
        rows.append(_row("row", i, *cells, *_reported(*numbers)))
    if rows:
        rows.append(_row("total", "", "", "Cộng", "", "", *_reported(*totals)))
    return {
        "key": "activities",
        "name": "Danh sách hoạt động",
        "landscape": True,
        "columns": [
            _column("position", "STT", "number"),
            _column("held", "Ngày", "date"),
            _column("name", "Tên hoạt động"),
            _column("kind", "Loại"),
            _column("host", "Đơn vị chủ trì"),
            _column("managers", "CBQL", "number", "Lượt người của trường"),
            _column("teachers", "Giáo viên", "number", "Lượt người của trường"),
            _column("pupils", "Học sinh", "number", "Lượt người của trường"),
        ],
        "rows": rows,
        "notes": ["CBQL: cán bộ quản lý.", NOT_REPORTED],
    }


def _districts(agreement):
    return agreement.supporting_district_id, agreement.supported_district_id


def _pair_name(agreement):
    if agreement.tier == Tier.DISTRICT:
        return f"{agreement.supporting_district.office} – {agreement.supported_district.office}"
    return agreement.pair


def _own_and_other(count, facts):
    """Registered, held, turns of the unit's own people, of the others, of all."""
    own, all_turns = count["turns"].get(facts.unit.pk, 0), sum(count["turns"].values())
    return [count["registered"], count["held"], own, all_turns - own, all_turns]


def _pair_columns(one, other):
    turns = "Lượt giáo viên"
    return [
        _column("registered", "Đăng ký", "number", "Hoạt động"),
        _column("held", "Đã tổ chức", "number", "Hoạt động"),
        _column("one", one, "number", turns),
        _column("other", other, "number", turns),
        _column("all", "Cộng", "number", turns),
    ]


# --- IV ---------------------------------------------------------------------------------------------------------------


def supports(facts):
    rows = []
    money, in_kind = 0, 0
    for i, support in enumerate(facts.supports, 1):
        is_money = support.kind in MONEY
        money += support.value_vnd if is_money else 0
        in_kind += 0 if is_money else support.value_vnd
        rows.append(
            _row(
                "row",
                i,
                support.delivered_on.isoformat(),
                str(support.giver),
                str(support.receiver),
                _what(support),
                support.value_vnd if is_money else None,
                None if is_money else support.value_vnd,
                str(support.get_source_display()),
                "đã xác nhận" if support.status == support.Status.RECEIVED else "chưa xác nhận",
            )
        )
    if rows:
        rows.append(_row("total", "", "", "Cộng", "", "", *_reported(money, in_kind), "", ""))
    return {
        "key": "supports",
        "name": "Hỗ trợ đã trao",
        "landscape": True,
        "columns": [
            _column("position", "STT", "number"),
            _column("delivered", "Ngày trao", "date"),
            _column("giver", "Đơn vị trao"),
            _column("receiver", "Đơn vị nhận"),
            _column("what", "Nội dung"),
            _column("money", "Tiền", "number", "Giá trị (đồng)"),
            _column("in_kind", "Hiện vật quy tiền", "number", "Giá trị (đồng)"),
            _column("source", "Nguồn"),
            _column("receipt", "Bên nhận"),
        ],
        "rows": rows,
        "notes": ["Hiện vật và lớp học miễn phí quy ra tiền theo ước tính của đơn vị trao.", NOT_REPORTED],
    }


def _what(support):
    kind = str(support.get_kind_display())
    quantity = f"; {support.quantity} {support.unit}".rstrip() if support.quantity else ""
    return f"{support.title} ({kind}{quantity})"


# --- V ----------------------------------------------------------------------------------------------------------------


def pupils(facts):
    """Pupils who were helped, by the kind of help: counts only, the portal keeps no name of a pupil."""
    rows, totals = [], [0] * 4
    for kind in Support.Kind:
        given = [support for support in facts.supports if support.kind == kind and support.pupils_helped]
        if not given:
            continue
        value = sum(support.value_vnd for support in given)
        is_money = kind in MONEY
        numbers = [
            len(given),
            sum(support.pupils_helped for support in given),
            value if is_money else 0,
            0 if is_money else value,
        ]
        _add(totals, numbers)
        rows.append(_row("row", len(rows) + 1, f"{kind.label[0].upper()}{kind.label[1:]}", *_reported(*numbers)))
    if rows:
        rows.append(_row("total", "", "Cộng", *_reported(*totals)))
    return {
        "key": "pupils",
        "name": "Học sinh được hỗ trợ, đỡ đầu",
        "landscape": False,
        "columns": [
            _column("position", "STT", "number"),
            _column("name", "Hình thức"),
            _column("gifts", "Số khoản", "number"),
            _column("pupils", "Số em", "number"),
            _column("money", "Tiền", "number", "Giá trị (đồng)"),
            _column("in_kind", "Hiện vật quy tiền", "number", "Giá trị (đồng)"),
        ],
        "rows": rows,
        "notes": ["Một em được giúp hai lần tính hai lần. Chỉ gồm khoản có ghi số học sinh.", NOT_REPORTED],
    }


# --- Pieces -----------------------------------------------------------------------------------------------------------


def _column(key, label, kind="text", group=""):
    return {"key": key, "label": label, "group": group, "kind": kind}


def _row(kind, *cells):
    return {"kind": kind, "cells": list(cells)}


def _reported(*numbers):
    """Nobody reports a 0: where a count is 0, nothing was reported."""
    return [n or None for n in numbers]


def _add(totals, numbers):
    for i, n in enumerate(numbers):
        totals[i] += n
