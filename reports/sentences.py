"""The sentences a report gets from its figures, for the Department, a district and a school each in its own words.

Every method of `Sentences` writes one item of the outline (reports/content.py) and returns its paragraphs. What nobody
reported is said to be missing and never printed as 0. The paper is Vietnamese by law, so there is no gettext here.
"""

from collections import Counter

from django.utils.text import capfirst

from activities.counting import PROFESSIONAL
from activities.models import ActivityKind, Support
from reports.awards.annex import in_words
from reports.comparison import Comparison, indicators_table, targets_table
from reports.facts import MONEY, Facts
from reports.official import long_date
from reports.phrases import (
    COUNT_NAMES,
    LEVEL_NAMES,
    MISSING,
    SIZE_HEADS,
    TIER_NAMES,
    amount,
    and_,
    by_kind,
    by_level,
    lower,
    party,
    percent,
)
from twinning import school_year
from twinning.models import Agreement, School, SchoolYearFigures
from twinning.vietnamese import number

Group, Kind, Tier = ActivityKind.Group, Support.Kind, Agreement.Tier
Side = Agreement.Side

# More partners than this are counted, not named.
MOST_NAMED = 3
COUNTING_RULE = (
    "Cách tính: mỗi hoạt động tính một lần dù nhiều đơn vị cùng tham gia; lượt là số người tham gia của từng hoạt động "
    "cộng lại, một người dự ba lần là ba lượt; người là số giáo viên khác nhau được ghi tên."
)
OWN_PEOPLE = " Lượt và người chỉ tính người của đơn vị, để cộng các đơn vị bằng toàn ngành."


class Sentences:
    def __init__(self, facts: Facts, compared: Comparison, tables: list[dict]):
        """tables: the annexes that are there."""
        self.facts, self.compared = facts, compared
        self.annexes = {table["key"]: table for table in tables}
        self.annex_numbers = {key: table["number"] for key, table in self.annexes.items()}
        self.span = facts.span
        self.until = f"tính đến hết {long_date(facts.cut_off_on)}"
        if facts.is_department:
            self.we, self.here = "toàn ngành", "toàn ngành"
        elif facts.is_district:
            self.we, self.here = f"ngành Giáo dục và Đào tạo {facts.unit}", str(facts.unit)
        else:
            self.we, self.here = "nhà trường", "nhà trường"

    # --- I ------------------------------------------------------------------------------------------------------------

    def scale(self):
        """How many schools of which level; a school says what it is."""
        facts = self.facts
        if facts.is_school:
            school = facts.unit
            kind = f"{LEVEL_NAMES[school.level]} {school.get_ownership_display()}"
            return [f"{facts.issuer.name} là {kind}, do {school.district.office_name} quản lý.", *self._size()]
        total = facts.schools.total()
        if not total:
            return [f"Số trường: {MISSING}."]
        levels, owners = Counter(), Counter()
        for (level, ownership), n in facts.schools.items():
            levels[level] += n
            owners[ownership] += n
        sentence = (
            f"Theo danh sách đến hết {long_date(facts.cut_off_on)}, {self.here} có {number(total)} trường, gồm "
            f"{by_level(levels)}."
        )
        shares = [f"{number(n)} trường {owner.label}" for owner in School.Ownership if (n := owners[owner.value])]
        return [sentence + (f" Trong đó có {and_(shares)}." if len(shares) > 1 else ""), *self._size()]

    def _size(self):
        """Classes, pupils and people; how many schools have told nothing; what some of them left out."""
        facts, size = self.facts, self.facts.size
        missing = "" if facts.is_school else self._schools_missing()
        if not size:
            reason = f"; {missing}" if missing else ""
            return [f"Số lớp, học sinh, cán bộ quản lý, giáo viên, nhân viên: {MISSING}{reason}."]
        told = {name: size.total(name) for name in COUNT_NAMES}
        parts = [f"{number(n)} {COUNT_NAMES[name]}" for name, n in told.items() if n is not None]
        absent = [COUNT_NAMES[name] for name, n in told.items() if n is None]
        who = "nhà trường có" if facts.is_school else f"các trường đã nhập số liệu của {self.here} có"
        paragraphs = [f"Năm học {school_year.label(facts.size_year)}, {who} {and_(parts)}."]
        if absent:
            paragraphs[0] += f" Số {and_(absent)}: {MISSING}."
        if missing:
            paragraphs.append(f"Còn {missing}, nên các số trên chưa đủ.")
        return paragraphs

    def _schools_missing(self):
        """ "12/34 trường chưa nhập số liệu năm học 2023-2024"; empty when every school has."""
        year = school_year.label(self.facts.size_year)
        total = self.facts.schools.total()
        missing = total - self.facts.size.schools
        return f"{number(missing)}/{number(total)} trường chưa nhập số liệu năm học {year}" if missing else ""

    def size_tables(self):
        """The same by level, as one small table; none for a single level, which the sentence has told."""
        size = self.facts.size
        levels = [level for level in SchoolYearFigures.Level if level in size.by_level]
        if not size or (self.facts.is_school and len(levels) < 2):
            return []
        columns = [("level", "Cấp học", "text")]
        if not self.facts.is_school:
            columns.append(("reported", "Trường có số liệu", "number"))
        columns += [(name, label, "number") for name, label in SIZE_HEADS.items()]

        def row(kind, label, reported, value):
            cells = [label] if self.facts.is_school else [label, reported]
            return {"kind": kind, "cells": [*cells, *map(value, SIZE_HEADS)]}

        rows = [row("row", str(level.label), size.by_level[level]["n"], size.by_level[level].get) for level in levels]
        if len(levels) > 1:
            rows.append(row("total", "Cộng", size.schools, size.total))
        return [
            {
                "key": "size",
                "columns": [{"key": key, "label": label, "group": "", "kind": kind} for key, label, kind in columns],
                "rows": rows,
                "notes": self._size_notes(),
                "ids": size.ids,
            }
        ]

    def _size_notes(self):
        size = self.facts.size
        blank = any(row[name] is None for row in size.by_level.values() for name in SIZE_HEADS)
        notes = ["Dấu “–”: chưa có số liệu."] if blank else []
        if not self.facts.is_school and sum(row["n"] for row in size.by_level.values()) > size.schools:
            notes.append("Trường nhiều cấp học tính ở mỗi cấp; dòng cộng tính mỗi trường một lần.")
        unsaid = [f"{COUNT_NAMES[name]} ({number(n)})" for name in SIZE_HEADS if (n := size.unsaid(name))]
        if unsaid and not self.facts.is_school:
            notes.append(f"Số dòng còn để trống, không tính là 0: {'; '.join(unsaid)}.")
        return notes

    # --- II -----------------------------------------------------------------------------------------------------------

    def pairing(self):
        """Who is twinned with whom, signed when and where, and the schools that lead the way."""
        return [*self._parties(), *self._pilots()]

    def _parties(self):
        facts = self.facts
        agreements = facts.agreements_of(*(Tier.of_schools() if facts.is_school else [Tier.DISTRICT]))
        if not agreements:
            what = "trường – trường" if facts.is_school else "Phòng – Phòng"
            return [f"Chưa ghi nhận giao ước {what} nào có hiệu lực trong {self.span}."]
        if facts.is_department:
            pairs = "; ".join(agreement.pair for agreement in agreements)
            n = number(len(agreements))
            paragraphs = [f"Trong {self.span} có {n} cặp Phòng Giáo dục và Đào tạo thực hiện giao ước: {pairs}."]
            if alone := facts.districts_without_agreement:
                paragraphs.append(f"Chưa có giao ước Phòng – Phòng: {and_(alone)}.")
            return paragraphs
        if len(agreements) > MOST_NAMED:
            who = facts.issuer.name
            return [f"{who} thực hiện {number(len(agreements))} giao ước (chi tiết tại Phụ lục I)."]
        return [self._signing(agreement) for agreement in agreements]

    def _signing(self, agreement):
        where = f", tại {agreement.signed_at}" if agreement.signed_at else ""
        numbered = f" số {agreement.number}" if agreement.number else ""
        what = agreement.get_kind_display() + (f" bộ môn {agreement.subject}" if agreement.subject_id else "")
        one, other = (party(agreement, side) for side in ("supporting", "supported"))
        return (
            f"{capfirst(long_date(agreement.signed_on))}{where}, {one} và {other} ký {what}{numbered}, thực hiện từ "
            f"{long_date(agreement.starts_on)} đến hết {long_date(agreement.ends_on)}."
        )

    def _pilots(self):
        facts = self.facts
        if facts.is_school:
            return ["Nhà trường được chọn là trường xây dựng điểm của phong trào."] if facts.pilots else []
        chosen = [pilot for pilots in facts.pilots.values() for pilot in pilots]
        if not chosen:
            return [f"Trường xây dựng điểm: {MISSING}."]
        levels = Counter(level for _school, level, _district in set(chosen))
        sentence = f"Có {number(levels.total())} trường được chọn xây dựng điểm, gồm {by_level(levels)}"
        if facts.is_district:
            own = {pilot for pilot in chosen if pilot[2] == facts.unit.pk}
            sentence += f"; trong đó {number(len(own))} trường của {facts.unit}"
        return [sentence + "."]

    # --- III ----------------------------------------------------------------------------------------------------------

    def agreements(self):
        """How many agreements, how many schools, what share of all."""
        facts = self.facts
        live = facts.value("agreements_live")
        if not live:
            return [f"Giao ước có hiệu lực trong {self.span}: {MISSING}."]
        new = sum(facts.scope.first <= agreement.signed_on <= facts.scope.last for agreement in facts.agreements)
        tiers = Counter(agreement.tier for agreement in facts.agreements)
        sentence = f"Trong {self.span}, {self.until}, {self.here} có {number(live)} giao ước có hiệu lực"
        if not facts.is_school:
            sentence += f", gồm {and_(f'{number(tiers[tier])} {TIER_NAMES[tier]}' for tier in Tier if tiers[tier])}"
        sentence += f"; {number(new)} giao ước ký mới trong {self.span}." if new else "."
        return [sentence, *self._signed_schools(), "Chi tiết tại Phụ lục I."]

    def _signed_schools(self):
        facts = self.facts
        if facts.is_school:
            return []
        signed, total = facts.value("schools_signed"), facts.schools.total()
        if not signed:
            return [f"Số trường đã ký giao ước trường – trường: {MISSING}."]
        share = f", bằng {percent(signed, total)} số trường" if total >= signed else ""
        levels = by_level(facts.signed_by_level)
        return [
            f"{capfirst(self.here)} có {number(signed)} trường đã ký giao ước trường – trường{share}, gồm {levels}."
        ]

    def professional(self):
        """All activities of the unit first, then the professional ones by kind, then turns and people."""
        facts = self.facts
        held = facts.value("activities_held")
        if not held:
            return [f"Hoạt động trong {self.span}: {MISSING}."]
        did = "đã tổ chức" if facts.is_department else "đã tổ chức và tham gia"
        sentence = f"Trong {self.span}, {self.until}, {self.we} {did} {number(held)} hoạt động"
        online = sum(kind["online"] for kind in facts.kinds)
        if online:
            sentence += f", trong đó {number(online)} hoạt động trực tuyến hoặc kết hợp"
        kinds = [kind for kind in facts.kinds if kind["group"] in PROFESSIONAL]
        n = sum(kind["activities"] for kind in kinds)
        professional = (
            f"Hoạt động chuyên môn và ôn thi: {number(n)} hoạt động, gồm {by_kind(kinds)}."
            if n
            else f"Hoạt động chuyên môn và ôn thi: {MISSING}."
        )
        details = "Chi tiết tại Phụ lục II và Phụ lục III."
        return [f"{sentence}.", professional, self._turns(), self._people(), *self._years(), details]

    def _years(self):
        """What rose and fell between two school years."""
        number_of = self.annex_numbers.get("years")
        if not number_of or not self.compared.ends:
            return []
        first, last = self.compared.ends
        told = {"activities_held": "số hoạt động", "teacher_turns": "lượt giáo viên", "support_vnd": "giá trị hỗ trợ"}
        changes = []
        for name, what in told.items():
            change, unit = self.compared.change(name), " đồng" if name == "support_vnd" else ""
            before, after = (number(self.compared.by_year[year][name]) for year in (first, last))
            if change:
                verb, way = ("tăng", "lên") if change > 0 else ("giảm", "xuống")
                changes.append(f"{what} {verb} {number(abs(change))}{unit} (từ {before} {way} {after}{unit})")
            elif change == 0:
                changes.append(f"{what} không đổi ({after}{unit})")
        years = f"Năm học {school_year.label(last)} so với năm học {school_year.label(first)}"
        words = f"{years}: {'; '.join(changes)}." if changes else ""
        return [f"{words} Số liệu từng năm học tại Phụ lục {number_of}.".strip()]

    def _turns(self):
        managers = sum(kind["manager_turns"] for kind in self.facts.kinds)
        counts = {
            "lượt giáo viên": self.facts.value("teacher_turns"),
            "lượt cán bộ quản lý": managers,
            "lượt học sinh": self.facts.value("pupil_turns"),
        }
        parts = [f"{number(n)} {what}" for what, n in counts.items() if n]
        if not parts:
            return f"Số lượt tham gia: {MISSING}."
        own = "" if self.facts.is_department else f" của {self.here}"
        missing = [what for what, n in counts.items() if not n]
        ending = f" {capfirst(and_(missing))}: {MISSING}." if missing else ""
        return f"Các hoạt động có {and_(parts)}{own} tham gia.{ending}"

    def _people(self):
        if not self.facts.programme.records_names:
            return "Phong trào không ghi tên giáo viên nên chỉ tính theo lượt."
        n = self.facts.value("teachers_named")
        return f"Số giáo viên khác nhau được ghi tên: {number(n) + ' người' if n else MISSING}."

    def counting_rule(self):
        """How lượt and người are counted, printed under the figures; nothing when there are none."""
        if not self.facts.value("activities_held"):
            return ""
        return f"{COUNTING_RULE}{'' if self.facts.is_department else OWN_PEOPLE} {self._unconfirmed()}"

    def _unconfirmed(self):
        """How much of the figures no partner has confirmed on the portal."""
        names = {"activities_held": "hoạt động", "teacher_turns": "lượt giáo viên", "pupil_turns": "lượt học sinh"}
        shares = {what: self.facts.unconfirmed(key) for key, what in names.items()}
        waiting = [f"{number(share.value)} {what} ({share.percent})" for what, share in shares.items() if share]
        if not waiting:
            return "Các số trên đã được các đơn vị tham gia xác nhận trên cổng."
        return f"Trong số đó, {and_(waiting)} chưa được đơn vị tham gia xác nhận trên cổng."

    def management(self):
        what = "Hoạt động về quản lý, xây dựng nhà trường"
        return [self._group(Group.MANAGEMENT, what, "manager_turns", "lượt cán bộ quản lý")]

    def exchange(self):
        return [self._group(Group.EXCHANGE, "Hoạt động giao lưu", "pupil_turns", "lượt học sinh")]

    def union(self):
        return [self._group(Group.UNION, "Hoạt động công đoàn", "teacher_turns", "lượt giáo viên")]

    def _group(self, group, what, turns_key, turns_name):
        kinds = [kind for kind in self.facts.kinds if kind["group"] == group]
        if not kinds:
            return f"{what}: {MISSING}."
        n = sum(kind["activities"] for kind in kinds)
        turns = sum(kind[turns_key] for kind in kinds)
        own = "" if self.facts.is_department else f" của {self.here}"
        joined = f"{number(turns)} {turns_name}{own} tham gia" if turns else f"{turns_name}: {MISSING}"
        return f"{what}: {number(n)} hoạt động, gồm {by_kind(kinds)}. {capfirst(joined)}."

    def support(self):
        """What was given and received, how much of it money, from which source, and for how many pupils."""
        facts = self.facts
        supports = facts.supports
        if not supports:
            return [f"Hỗ trợ cơ sở vật chất, học sinh: {MISSING}."]
        total = _sum(supports)
        first = f"{number(len(supports))} khoản hỗ trợ trị giá {number(total)} đồng"
        if facts.is_department:
            sentence = f"Trong {self.span}, {self.until}, các đơn vị đã trao {first}"
        else:
            sentence = f"Trong {self.span}, {self.until}, {self.here} {self._given_and_received()}"
        money = _sum(support for support in supports if support.kind in MONEY)
        own = _sum(support for support in supports if support.source == Support.Source.OWN)
        parts = [
            *amount("tiền", money),
            *amount("hiện vật và lớp học quy ra tiền", total - money),
        ]
        sources = [*amount("từ nội lực", own), *amount("từ nguồn xã hội hoá", total - own)]
        paragraphs = [f"{sentence}. Trong đó: {', '.join(parts)}; {', '.join(sources)}.", self._pupils()]
        waiting = sum(support.status == Support.Status.DELIVERED for support in supports)
        if waiting:
            paragraphs.append(f"Trong số đó, {number(waiting)} khoản bên nhận chưa xác nhận trên cổng.")
        pupils = self.annex_numbers.get("pupils")
        return [*paragraphs, f"Chi tiết tại Phụ lục IV{f' và Phụ lục {pupils}' if pupils else ''}."]

    def _given_and_received(self):
        unit = self.facts.unit
        side = "school" if self.facts.is_school else "district"
        given = [support for support in self.facts.supports if getattr(support, f"giver_{side}_id") == unit.pk]
        received = [support for support in self.facts.supports if getattr(support, f"giver_{side}_id") != unit.pk]
        parts = [
            f"{verb} {number(len(supports))} khoản hỗ trợ trị giá {number(_sum(supports))} đồng"
            for verb, supports in (("đã trao", given), ("được nhận", received))
            if supports
        ]
        return and_(parts)

    def _pupils(self):
        supports = self.facts.supports
        pupils = sum(support.pupils_helped or 0 for support in supports)
        kinds = Counter(support.kind for support in supports)
        special = [
            f"{lower(Kind(kind).label)} ({number(kinds[kind])} khoản)"
            for kind in (Kind.SCHOLARSHIP, Kind.SPONSORSHIP, Kind.FREE_CLASS)
            if kinds[kind]
        ]
        helped = f"Số học sinh được giúp: {number(pupils) + ' em' if pupils else MISSING}"
        return f"{helped}; có {and_(special)}." if special else f"{helped}."

    def impact(self):
        """Of each indicator how many units became better, on each side; nothing without values of two school years."""
        sides = {Side.SUPPORTING: "bên hỗ trợ", Side.SUPPORTED: "bên được hỗ trợ"}
        told = {}
        for change in self.compared.changes:
            parts = [f"{number(n)} {what}" for n, what in ((change.better, "tốt lên"), (change.worse, "kém đi")) if n]
            words = f"{sides[change.side]} có {number(change.units)} đơn vị: {and_(parts) or 'không thay đổi'}"
            years = f"năm học {school_year.label(change.last)} so với {school_year.label(change.first)}"
            told.setdefault(f"{change.indicator.name}, {years}", []).append(words)
        return [f"{what}: {'; '.join(sides)}." for what, sides in told.items()]

    def indicator_tables(self):
        return [indicators_table(self.compared)] if self.compared.changes else []

    def targets(self):
        """How many agreements reached what they had set themselves."""
        progress = self.compared.progress
        if not progress:
            return [f"Các giao ước không ghi chỉ tiêu bằng số trong {self.span}."]
        reached = sum(one.percent == 100 for one in progress)
        done = f"{number(reached)} giao ước đạt mọi chỉ tiêu" if reached else "chưa giao ước nào đạt mọi chỉ tiêu"
        return [f"Trong {number(len(progress))} giao ước có chỉ tiêu của {self.span}, {done}, {self.until}."]

    def target_tables(self):
        return [targets_table(self.compared)] if self.compared.reached else []

    # --- VII ----------------------------------------------------------------------------------------------------------

    def awards(self):
        """How many were honoured and proposed; nothing without an annex of them."""
        return in_words(self.annexes["awards"]) if "awards" in self.annexes else []


def _sum(supports):
    return sum(support.value_vnd for support in supports)
