"""Nghệ An: "Phòng giúp phòng – Trường giúp trường – Bộ môn giúp bộ môn", 2019–2023 and 2023–2028.

What the source (báo Nghệ An, 13/9/2023) states: the name and the two phases; the contents; trade unions take part;
preschools join in the second phase, for which units may be paired anew; 3,2 tỷ đồng of help and 7 + 13 awards in the
first. It names no pair and no number of a plan: pairs, papers and days are invented, also the first and last days of
the phases (the second begins on the day of the conference that launched it), and no legal basis is entered.
"""

from datetime import date, timedelta
from pathlib import Path

from twinning.facts import facts, texts
from twinning.models import (
    Agreement,
    AgreementMember,
    Indicator,
    PilotQuota,
    School,
    Signatory,
    Subject,
    Target,
    TaskForceMember,
)
from twinning.sample import figures
from twinning.sample.agreements import (
    choose_pilots,
    district_deal,
    later_day,
    matches,
    school_deal,
    sign,
    unfinished_deal,
)
from twinning.sample.chance import Chance
from twinning.sample.days import working_day_from
from twinning.sample.lives import freeze, store
from twinning.sample.names import signatory
from twinning.sample.province import Home, Terms

HERE = Path(__file__).parent
PAIRS = {2019: HERE / "nghean_pairs_2019.csv", 2023: HERE / "nghean_pairs_2023.csv"}
TEXTS = texts(HERE / "hanoi_wording.toml", HERE / "nghean_wording.toml")
Level, Kind, Side, Status, Tier = School.Level, Agreement.Kind, Agreement.Side, Agreement.Status, Agreement.Tier
TODAY = date(2026, 11, 20)  # on which the sample ends, whatever day it is
RENEWED = 0.85  # of the school and subject pairs whose districts stay together
CLUSTERS = 2  # school pairs of two districts in which further schools take part
# Subjects of groups that are paired, by level.
SUBJECT_PAIRS = {
    Level.UPPER_SEC: ["Toán", "Ngữ văn", "Tiếng Anh", "Vật lí", "Hoá học", "Lịch sử"],
    Level.LOWER_SEC: ["Toán", "Ngữ văn", "Tiếng Anh", "Khoa học tự nhiên"],
}
UNION = "Chủ tịch Công đoàn"
DUTIES = [
    (TaskForceMember.Duty.HEAD, "Trưởng phòng"),
    (TaskForceMember.Duty.DEPUTY, "Phó Trưởng phòng"),
    (TaskForceMember.Duty.MEMBER, "Chủ tịch Công đoàn ngành"),
    (TaskForceMember.Duty.MEMBER, "Chuyên viên"),
]


def load_agreements(phase):
    """Store every agreement; those of districts come first in `phase.agreements`. Of the second phase many renew one of
    the first."""
    pairs = facts(phase.terms.pairs)
    before = {_parties(a): a for a in phase.province.phases[0].agreements if a.status == Status.EXPIRED}
    umbrellas = [_district_deal(phase, pair, before) for pair in pairs]
    store(umbrellas, phase)
    subjects = {subject.name: subject for subject in Subject.objects.all()}
    deals = []
    for copy in phase.schools:
        for pair, umbrella in zip(pairs, umbrellas, strict=True):
            deals += _PairsBelow(phase, pair, umbrella.agreement, copy, before, subjects).deals()
    store(deals, phase)
    for deal in deals:
        if schools := [row.school for row in deal.rows if isinstance(row, AgreementMember)]:
            phase.members[deal.agreement.pk] = schools
    choose_pilots(phase, pairs)
    PilotQuota.objects.bulk_create(
        PilotQuota(programme=phase.programme, level=level, count=1 if level in FEW_PILOTS else 2)
        for level in phase.terms.shares
    )
    freeze(phase)


FEW_PILOTS = {Level.PRESCHOOL, Level.UPPER_SEC}


def _parties(agreement):
    units = [getattr(agreement, f"{side}_{what}_id") for side in Side.values for what in ("district", "school")]
    return (agreement.subject_id, *units)


def _district_deal(phase, pair, before):
    units = [phase.districts[pair[side]] for side in Side.values]
    chance = Chance("district agreement", phase.programme.phase, *(unit.code for unit in units))
    deal = district_deal(phase, chance, units, date.fromisoformat(pair["signed_on"]), with_exams=True)
    agreement = deal.agreement
    if Level.PRESCHOOL in phase.terms.shares:
        agreement.objectives += f"\n{TEXTS['preschool_objective']}"
    agreement.signed_at, agreement.source_note = pair["signed_at"], TEXTS["invented_districts"]
    if pair["cluster"]:
        further = phase.districts[pair["cluster"]]
        deal.rows.append(AgreementMember(side=Side.SUPPORTING, district=further))
    for side, unit in zip(Side.values, units, strict=True):
        deal.rows.append(_union(chance, side, f"Công đoàn ngành Giáo dục {unit}"))
        deal.rows += [
            TaskForceMember(side=side, full_name=signatory(chance), position=f"{position}, {unit}", duty=duty)
            for duty, position in DUTIES
        ]
    deal.rows += _targets(phase, chance, activities=(14, 22), turns=(500, 900), millions=(60, 140))
    return _conclude(deal, before)


def _union(chance, side, organisation):
    return Signatory(side=side, organisation=organisation, full_name=signatory(chance), position=UNION)


def _targets(phase, chance, activities, turns, millions):
    """Of the last two school years that have begun, for the agreement as a whole."""
    begun = [year for year in phase.programme.school_years if date(year, 9, 1) <= TODAY]
    return [
        Target(
            school_year=year,
            activities=chance.number(*activities),
            turns=chance.number(*turns) // 10 * 10,
            support_vnd=chance.number(*millions) * 1_000_000,
        )
        for year in begun[-2:]
    ]


def _conclude(deal, before):
    """What both parties promise; that it renews the one they had before; that its time is over."""
    agreement = deal.agreement
    agreement.supporting_contents, agreement.supported_contents = (TEXTS[f"{side}_contents"] for side in Side.values)
    agreement.renews = before.get(_parties(agreement))
    if agreement.status == Status.SIGNED and agreement.ends_on < TODAY:
        agreement.status = Status.EXPIRED
    return deal


class _PairsBelow:
    """The agreements of schools and of groups of one subject below one of two districts, in one copy of the schools."""

    def __init__(self, phase, pair, umbrella, copy, before, subjects):
        self.phase, self.umbrella, self.copy, self.before, self.subjects = phase, umbrella, copy, before, subjects
        self.pairs = {Tier.SCHOOL: int(pair["school_pairs"]), Tier.SUBJECT: int(pair["subject_pairs"])}
        self.chance = Chance("agreements below", phase.programme.phase, pair["supporting"], copy.number)
        self.units = (umbrella.supporting_district, umbrella.supported_district)

    def deals(self):
        renewed = self._renewed()
        taken = {school for deal in renewed for school in _schools(deal) if deal.agreement.tier == Tier.SCHOOL}
        spare = [match for match in matches(self.phase, self.chance, self.units, self.copy) if not taken & {*match}]
        wanted = self.pairs[Tier.SCHOOL] - sum(deal.agreement.tier == Tier.SCHOOL for deal in renewed)
        schools = [deal for deal in renewed if deal.agreement.tier == Tier.SCHOOL]
        schools += [self._signed(match) for match in spare[:wanted]]
        for deal in self.chance.some(schools, CLUSTERS):
            self._add_members(deal, {school for other in schools for school in _schools(other)})
        if len(schools) > CLUSTERS:
            self._end_early(schools[-1])
        yield from schools
        yield from (deal for deal in renewed if deal.agreement.tier == Tier.SUBJECT)
        yield from self._of_subjects([_schools(deal) for deal in schools], renewed)
        if self.phase.programme.covers(TODAY):
            yield from self._unfinished(spare[wanted:])

    def _renewed(self):
        """Those of the phase before between schools of these districts, but for a few."""
        mine = {school for unit in self.units for level in Level for school in self.copy.of(unit, level)}
        old = [
            agreement
            for agreement in self.before.values()
            if {agreement.supporting_school, agreement.supported_school} <= mine
        ]
        kept = [agreement for agreement in old if self.chance.happens(RENEWED)]
        return [self._signed((a.supporting_school, a.supported_school), a.subject) for a in kept]

    def _signed(self, match, subject=None):
        day = later_day(self.phase, self.chance, self.umbrella.signed_on)
        deal = school_deal(self.phase, self.chance, match, day, self.umbrella)
        if subject:
            self._be_of(deal, subject)
        sign(self.phase, deal, self.chance, f"Trường {self.chance.pick(match)}")
        for side, school in zip(Side.values, match, strict=True):
            deal.rows.append(_union(self.chance, side, f"Công đoàn Trường {school}"))
        if not subject and self.chance.happens(0.4):
            deal.rows += _targets(self.phase, self.chance, activities=(2, 5), turns=(40, 120), millions=(5, 25))
        return _conclude(deal, self.before)

    def _be_of(self, deal, subject):
        """Let the agreement be one between the groups of a subject."""
        agreement = deal.agreement
        agreement.tier, agreement.subject = Tier.SUBJECT, subject
        agreement.kind = self.phase.terms.kinds[Tier.SUBJECT]
        agreement.objectives = "\n".join(text.format(subject=subject) for text in TEXTS["subject_objectives"])
        agreement.source_note = TEXTS["invented_subjects"]

    def _of_subjects(self, paired, renewed):
        """Groups of schools that are paired themselves, each pair with a subject of its own."""
        wanted = self.pairs[Tier.SUBJECT] - sum(deal.agreement.tier == Tier.SUBJECT for deal in renewed)
        there = {(*_schools(deal), deal.agreement.subject) for deal in renewed}
        offers = [
            (match, self.subjects[name])
            for match in paired
            for name in self.chance.some(SUBJECT_PAIRS.get(match[0].level, ()), 2)
            if (*match, self.subjects[name]) not in there
        ]
        for match, subject in self.chance.some(offers, max(0, wanted)):
            yield self._signed(match, subject)

    def _add_members(self, deal, paired):
        """A cluster: two further schools stand beside the one that is helped."""
        helped = deal.agreement.supported_school
        near = [school for school in self.copy.of(helped.district, helped.level) if school not in paired]
        deal.rows += [
            AgreementMember(side=Side.SUPPORTED, district=school.district, school=school)
            for school in self.chance.some(near, 2)
        ]

    def _end_early(self, deal):
        agreement = deal.agreement
        if self.chance.happens(0.3):
            agreement.status = Status.ENDED
            agreement.ended_on = working_day_from(agreement.signed_on + timedelta(self.chance.number(300, 500)))
            deal.note = self.chance.pick(TEXTS["end_notes"])

    def _unfinished(self, spare):
        """Those that wait for somebody in autumn 2026, one of each status for the first schools that are left."""
        for status, match in zip(Status.unsigned(), self.chance.shuffled(spare), strict=False):
            day = working_day_from(date(2026, 10, 12) + timedelta(self.chance.number(0, 14)))
            yield _conclude(unfinished_deal(self.phase, self.chance, match, day, self.umbrella, status), self.before)


def _schools(deal):
    return deal.agreement.supporting_school, deal.agreement.supported_school


# --- Indicators -------------------------------------------------------------------------------------------------------


def indicators(province):
    helpers = {row["supporting"] for path in PAIRS.values() for row in facts(path)} | {"413"}

    def is_strong(district):
        return district.code in helpers

    def indicator(code, name, kind, measures=Indicator.Subject.DISTRICT):
        return Indicator(code=code, name=name, kind=kind, measures=measures)

    mean = indicator("diem-tn-thpt", "Điểm trung bình thi tốt nghiệp THPT (một môn)", Indicator.Kind.MEAN)
    prizes = indicator("giai-hsg-tinh", "Số giải học sinh giỏi cấp tỉnh", Indicator.Kind.COUNT)
    teachers = indicator(
        "gv-day-gioi",
        "Số giáo viên dạy giỏi cấp huyện, cấp trường trở lên",
        Indicator.Kind.COUNT,
        Indicator.Subject.SCHOOL,
    )
    yield mean, figures.means(province, is_strong)
    yield prizes, figures.prizes(province, is_strong)
    yield teachers, figures.good_teachers(province)


# --- The two phases ---------------------------------------------------------------------------------------------------

NAME = "Phòng giúp phòng – Trường giúp trường – Bộ môn giúp bộ môn"
KINDS = {Tier.DISTRICT: Kind.JOINT_PLAN, Tier.SCHOOL: Kind.PLEDGE, Tier.SUBJECT: Kind.MOU}
AREAS = [
    "Triển khai Chương trình giáo dục phổ thông 2018",
    "Đổi mới phương pháp dạy học, sinh hoạt chuyên đề, chủ đề",
    "Bồi dưỡng đội ngũ giáo viên cốt cán từng môn học",
    "Ôn thi tốt nghiệp THPT, bồi dưỡng học sinh giỏi, phụ đạo học sinh yếu, kém",
    "Sinh hoạt chuyên môn theo cụm trường, cụm huyện",
    "Chỉ đạo, quản lý; chiến lược, kế hoạch giáo dục nhà trường",
    "Giáo dục kỹ năng sống, tình yêu quê hương, đất nước",
    "Ứng dụng công nghệ thông tin trong dạy học",
    "Cơ sở vật chất, trang thiết bị dạy học",
    "Giúp đỡ giáo viên, học sinh vùng cao, trường dân tộc nội trú, bán trú",
    "Giao lưu văn hoá, thể thao",
    "Hoạt động công đoàn, chăm lo đời sống nhà giáo, người lao động",
]
PRESCHOOL_AREA = "Chăm sóc, nuôi dưỡng, giáo dục trẻ mầm non"
OF_LEVELS = {
    Level.PRESCHOOL: [1, 5, 8, 9, 10, 11, 12],
    Level.PRIMARY: [0, 1, 2, 4, 7, 8, 9, 11],
    Level.LOWER_SEC: [0, 1, 2, 3, 4, 7, 9, 11],
    Level.UPPER_SEC: [0, 1, 2, 3, 4, 5, 7, 11],
}


def _programme(phase, starts_on, ends_on, **fields):
    tiers = {"has_district_tier": True, "has_school_tier": True, "has_subject_tier": True}
    return (
        {"name": NAME, "phase": phase, "starts_on": starts_on, "ends_on": ends_on, "has_members": True} | tiers | fields
    )


# The school that a source names, those that were honoured, and the one of the demo account.
NAMED = {
    "412": ["THPT Vinh 1"],
    "417": ["PTDTBT THCS Mường Lống"],
    "418": ["PTDTBT THCS Lượng Minh"],
    "422": ["Tiểu học Thạch Ngàn"],
    "425": ["THPT Diễn Châu 1"],
    "427": ["THPT Đô Lương 1"],
}
FIRST = Terms(
    programme=_programme(
        "2019–2023",
        date(2019, 12, 2),
        date(2023, 8, 31),
        school_levels=["th", "thcs", "th_thcs", "thpt", "thcs_thpt", "lien_cap", "gdtx"],  # all but preschools
    ),
    bases=[],
    content_areas=AREAS,
    pairs=PAIRS[2019],
    texts=TEXTS,
    kinds=KINDS,
    exam_words="tốt nghiệp",
    shares={Level.PRIMARY: 0.38, Level.LOWER_SEC: 0.42, Level.UPPER_SEC: 0.2},
    areas=OF_LEVELS,
    ends=(date(2023, 8, 31), date(2023, 5, 31)),
    last_signing=date(2021, 4, 29),
    load_agreements=load_agreements,
    named=NAMED,
)
SECOND = Terms(
    programme=_programme("2023–2028", date(2023, 9, 13), date(2028, 8, 31)),
    bases=[],
    content_areas=[*AREAS, PRESCHOOL_AREA],
    pairs=PAIRS[2023],
    texts=TEXTS,
    kinds=KINDS,
    exam_words="tốt nghiệp",
    shares={Level.PRESCHOOL: 0.2, Level.PRIMARY: 0.3, Level.LOWER_SEC: 0.35, Level.UPPER_SEC: 0.15},
    areas=OF_LEVELS,
    ends=(date(2028, 8, 31), date(2026, 12, 31)),
    last_signing=date(2026, 10, 16),
    load_agreements=load_agreements,
    named=NAMED,
)
NGHE_AN = Home(
    slug="nghe-an",
    name="Nghệ An",
    department={
        "name": "Sở Giáo dục và Đào tạo Nghệ An",
        "short_name": "Sở GD&ĐT Nghệ An",
        "superior": "UBND tỉnh Nghệ An",
        "place": "Nghệ An",
        "symbol": "SGDĐT",
    },
    code="40",
    suffix=".nghe-an",
    units=HERE / "nghean_units.csv",
    school_numbers=HERE / "nghean_schools.csv",
    zones={},
    phases=[FIRST, SECOND],
    figure_years={2019: 90, 2020: 91, 2021: 93, 2022: 94, 2023: 93, 2024: 95, 2025: 92, 2026: 61},
    indicators=indicators,
    more_subjects=["Vật lí", "Hoá học", "Sinh học", "Lịch sử", "Địa lí", "Giáo dục kinh tế và pháp luật"],
)
