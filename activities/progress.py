"""What was done under agreements, beside what they set out to do. Every page that compares the two asks here.

Rules (printed beside the numbers), those of the figures of reports:
- an activity counts once it was held, in its own school year; planned and cancelled ones do not count;
- lượt are the teachers of all units that took part, added up over activities;
- help counts once delivered, in the school year it was delivered in; it is of no content area;
- what school pairs did under a district agreement counts for it, too.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, Support
from twinning import vietnamese
from twinning.models import Agreement, Target

NUMBERS = Target.NUMBERS
LABELS = {"activities": _("Hoạt động"), "turns": _("Lượt giáo viên"), "support_vnd": _("Hỗ trợ")}
RULES = {
    "activities": _("Hoạt động đã tổ chức trong năm học; mỗi hoạt động tính một lần."),
    "turns": _("Cộng số giáo viên các bên tham gia từng hoạt động: một người dự ba lần là ba lượt."),
    "support_vnd": _("Tiền và hiện vật quy ra tiền đã trao trong năm học; khoản mới cam kết chưa tính."),
}
DISTRICT_RULE = _("Gồm cả hoạt động và hỗ trợ theo các giao ước của trường, bộ môn thuộc giao ước này.")
WHOLE = None  # stands for "of any content area"


def done_under(agreements, years=None, until=None):
    """{(agreement id, school year, content area id or WHOLE): {"activities", "turns", "support_vnd"}} of the ids
    `agreements`, in the school years `years` (None: all), up to and including the day `until` (None: all). Four grouped
    queries, however many agreements."""
    found = defaultdict(lambda: dict.fromkeys(NUMBERS, 0))
    in_years = {"school_year__in": years} if years is not None else {}
    held_by, given_by = ({"held_on__lte": until}, {"delivered_on__lte": until}) if until else ({}, {})
    for path in ("agreement", "agreement__umbrella"):
        here = {f"{path}__in": agreements, **in_years}
        held = (
            Activity.objects.counted()
            .filter(**here, **held_by)
            .order_by()
            .values_list(path, "school_year", "content_area")
        )
        for pk, year, area, n, turns in held.annotate(n=Count("pk"), turns=Sum("teacher_turns")):
            for key in {(pk, year, area), (pk, year, WHOLE)}:
                found[key]["activities"] += n
                found[key]["turns"] += turns
        given = Support.objects.counted().filter(**here, **given_by).order_by().values_list(path, "school_year")
        for pk, year, value in given.annotate(value=Sum("value_vnd")):
            found[pk, year, WHOLE]["support_vnd"] += value
    return found


@dataclass(frozen=True)
class Measure:
    """One number that was aimed at, and how much of it was done. Whole numbers; `name` is one of NUMBERS."""

    name: str
    target: int
    done: int
    url: str = ""

    @property
    def label(self):
        return LABELS[self.name]

    @property
    def is_reached(self):
        return self.done >= self.target

    @property
    def percent(self):
        """Whole percents, rounded down: 100 only when the target is reached."""
        return self.done * 100 // self.target

    @property
    def shown(self):
        """How far a bar goes."""
        return min(self.done, self.target)

    @property
    def done_text(self):
        return self._text(self.done)

    @property
    def target_text(self):
        return self._text(self.target)

    def _text(self, value):
        return vietnamese.money(value) if self.name == "support_vnd" else vietnamese.number(value)

    def __str__(self):
        """ "12/20 hoạt động", "3 triệu đồng / 5 triệu đồng"."""
        return f"{self.done_text} / {self.target_text}" if self.name == "support_vnd" else self.exact

    @property
    def exact(self):
        """ "12/20 hoạt động", "3.000.000/5.000.000 đồng"."""
        unit = {"activities": _t("hoạt động"), "turns": _t("lượt GV"), "support_vnd": _t("đồng")}[self.name]
        return f"{vietnamese.number(self.done)}/{vietnamese.number(self.target)} {unit}"


@dataclass(frozen=True)
class Line:
    """One target with what was done: of a school year and a content area, or of the whole."""

    target: Target
    measures: list

    @property
    def label(self):
        return str(self.target.content_area or _("Cả giao ước"))


@dataclass
class Progress:
    """The targets of one agreement and what was done for them."""

    agreement: Agreement
    lines: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.lines)

    @property
    def by_year(self):
        """{school year: [Line]}."""
        years = defaultdict(list)
        for line in self.lines:
            years[line.target.school_year].append(line)
        return years

    @property
    def totals(self):
        """[Measure] over all school years shown. In each year a number is that of the whole agreement, or, where only
        parts have targets, of the parts together."""
        return self._summed(self.by_year.values())

    def of_year(self, year):
        """[Measure] of one school year, by the same rule."""
        return self._summed([self.by_year[year]])

    @staticmethod
    def _summed(years):
        sums = {name: [0, 0] for name in NUMBERS}
        for lines in years:
            for name in NUMBERS:
                for measure in _of_the_year(lines, name):
                    sums[name][0] += measure.target
                    sums[name][1] += measure.done
        return [Measure(name, target, done) for name, (target, done) in sums.items() if target]

    @property
    def percent(self):
        """The measure that is furthest behind; 100 at most."""
        return min((min(100, measure.percent) for measure in self.totals), default=None)

    @property
    def rules(self):
        """[(label, rule)] of the numbers shown, and what a district agreement includes."""
        names = [measure.name for measure in self.totals]
        rules = [(LABELS[name], RULES[name]) for name in names]
        if self.agreement.tier == Agreement.Tier.DISTRICT:
            rules.append((_("Phạm vi"), DISTRICT_RULE))
        return rules


def _of_the_year(lines, name):
    named = [(line, measure) for line in lines for measure in line.measures if measure.name == name]
    whole = [measure for line, measure in named if line.target.content_area_id is None]
    return whole or [measure for _line, measure in named]


def progress_of(agreements, year=None, until=None):
    """{agreement id: Progress} of `agreements`, all that have targets (in the school year `year`, if one is given),
    with what was done up to the day `until`, if given; the same few queries for one as for many."""
    by_id = {agreement.pk: agreement for agreement in agreements}
    if not by_id:
        return {}
    targets = Target.objects.filter(agreement__in=by_id).for_progress()
    if year is not None:
        targets = targets.filter(school_year=year)
    targets = list(targets)
    for target in targets:
        target.agreement = by_id[target.agreement_id]
    done = done_under(list(by_id), {target.school_year for target in targets}, until)
    found = {pk: Progress(agreement) for pk, agreement in by_id.items()}
    for target in targets:
        key = target.agreement_id, target.school_year, target.content_area_id
        counts = done[key] if key in done else dict.fromkeys(NUMBERS, 0)
        measures = [
            Measure(name, number, counts[name], rows_url(name, target))
            for name, number in target.numbers.items()
            if number is not None
        ]
        found[target.agreement_id].lines.append(Line(target, measures))
    return found


def rows_url(name, target):
    """The list of what was counted for a number of a target."""
    query = {
        "phong_trao": target.agreement.programme_id,
        "giao_uoc": target.agreement_id,
        "nam": target.school_year,
        "tinh_trang": "da-tinh",
    }
    if target.content_area_id:
        query["noi_dung"] = target.content_area_id
    page = "support_list" if name == "support_vnd" else "activity_list"
    return f"{reverse(page)}?{urlencode(query)}"
