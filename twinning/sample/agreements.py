"""Fifteen agreements between districts, six of them as sources tell, and those of some 1.200 schools below them."""

from datetime import date, timedelta
from pathlib import Path

from twinning.facts import facts, texts
from twinning.models import Agreement, PilotSchool, School
from twinning.sample.chance import Chance
from twinning.sample.days import is_working_day, working_day_from
from twinning.sample.lives import PREPARATION, Deal, store
from twinning.sample.names import signatory
from twinning.symbols import initials

PAIRS = Path(__file__).with_name("hanoi_pairs.csv")
TEXTS = texts(Path(__file__).with_name("wording.toml"))
Level, Side, Status, Tier = School.Level, Agreement.Side, Agreement.Status, Agreement.Tier
INVENTED = "Dữ liệu minh hoạ: cặp không có trong nguồn nào."
INVENTED_SCHOOLS = "Dữ liệu minh hoạ: cặp trường, số, ngày và người ký là đặt ra."
CEREMONY = (
    "Dữ liệu minh hoạ: lễ ký ngày 15/4/2023 của 20 trường theo Kinh tế & Đô thị; tên trường, số và người ký là đặt ra."
)
PHASE_END = date(2025, 12, 31)
LAST_SIGNING = date(2025, 4, 29)  # the reform of 1 July 2025 was near, nobody signed any more
SHARES = {Level.PRESCHOOL: 0.33, Level.PRIMARY: 0.35, Level.LOWER_SEC: 0.32}
# Positions in CONTENT_AREAS of what schools of a level work on.
AREAS = {
    Level.PRESCHOOL: [1, 2, 4, 5, 6, 8],
    Level.PRIMARY: [0, 1, 2, 6, 7, 9, 10],
    Level.LOWER_SEC: [0, 1, 2, 3, 5, 7, 9],
}
# Schools that sources name come first in their districts, so that they are sure to be twinned.
NAMED = {
    "008": ["THCS Tân Mai", "THCS Hoàng Mai"],
    "009": ["THCS Thanh Xuân"],
    "271": ["Tiểu học Khánh Thượng"],
}
# District codes of school pairs that have no agreement of districts above them.
OUTSIDE = [("271", "271"), ("016", "016"), ("280", "280"), ("005", "275"), ("007", "281")]
THANH_TRI = "020"
CEREMONY_DAY = date(2023, 4, 15)  # kept for the twenty schools of Thanh Trì and Chương Mỹ
SUMMER = {7, 8}
OPEN_STATUSES = [Status.WAITING, Status.RETURNED, Status.CONFIRMED, Status.DRAFT]


def load_agreements(province):
    """Store every agreement; those of districts come first in `province.agreements`."""
    pairs = facts(PAIRS)
    umbrellas = [_district_deal(pair, province) for pair in pairs]
    store(umbrellas, province)
    deals = []
    for copy in province.schools:
        for pair, umbrella in zip(pairs, umbrellas, strict=True):
            deals += _SchoolPairs(pair, umbrella.agreement, copy, province).deals()
        taken = {pk for deal in deals for pk in _schools_of(deal.agreement)}
        deals += _outside(province, copy, taken)
    store(deals, province)
    _choose_pilots(pairs, province)


def _district_deal(pair, province):
    supporting, supported = province.districts[pair["supporting"]], province.districts[pair["supported"]]
    chance = Chance("district agreement", supporting.code, supported.code)
    signed_on = date.fromisoformat(pair["signed_on"])
    with_exams = chance.happens(0.4) or supporting.code == THANH_TRI
    agreement = Agreement(
        programme=province.programme,
        tier=Tier.DISTRICT,
        supporting_district=supporting,
        supported_district=supported,
        direction=Agreement.Direction.MUTUAL,
        objectives="\n".join([*TEXTS["district_objectives"], *([TEXTS["exam_objective"]] if with_exams else [])]),
        starts_on=signed_on,
        ends_on=PHASE_END,
        number=f"{chance.number(1, 24):02d}/BGN-PGDĐT",
        signed_on=signed_on,
        signed_at=pair["signed_at"],
        **_signatories("Trưởng phòng Giáo dục và Đào tạo", chance),
        status=Status.SIGNED,
        source_note=pair["source"] or INVENTED,
        is_invented=not pair["source"],
    )
    areas = province.content_areas if with_exams else [a for a in province.content_areas if "lớp 10" not in a.name]
    return Deal(agreement, areas, signed_on - PREPARATION)


class _SchoolPairs:
    """The school agreements below one agreement of two districts, in one copy of the schools."""

    def __init__(self, pair, umbrella, copy, province):
        self.umbrella, self.province = umbrella, province
        self.total, self.at_ceremony = int(pair["school_pairs"]), int(pair["ceremony"])
        self.is_thanh_tri = pair["supporting"] == THANH_TRI
        self.chance = Chance("school agreements", pair["supporting"], copy.number)
        self.matches = self._matches(copy)

    def _matches(self, copy):
        """Every possible (helper, helped), levels mixed in their shares."""
        ranked = []
        for level, share in SHARES.items():
            sides = [
                self._candidates(district, level, copy)
                for district in (self.umbrella.supporting_district, self.umbrella.supported_district)
            ]
            ranked += [((i + 0.5) / share, level, match) for i, match in enumerate(zip(*sides, strict=False))]
        return [match for _rank, _level, match in sorted(ranked, key=lambda item: item[:2])]

    def _candidates(self, district, level, copy):
        public = [school for school in copy.of(district, level) if school.ownership == School.Ownership.PUBLIC]
        named = NAMED.get(district.code, ())
        return sorted(self.chance.shuffled(public), key=lambda school: school.name not in named)

    def deals(self):
        signing, spare = self.matches[: self.total], self.matches[self.total :]
        for i, (helper, helped) in enumerate(signing):
            deal = self._signed(helper, helped, self.umbrella.signed_on if i < self.at_ceremony else self._later_day())
            if i == len(signing) - 1:
                self._finish(deal)
            yield deal
        # Strong schools that help a second one.
        for i in range(self.total // 20):
            helper = signing[i][0]
            helped = next(other for _one, other in signing[i + 1 :] if other.level == helper.level)
            yield self._signed(helper, helped, self._later_day())
        yield from self._unfinished(self.chance.shuffled(spare))

    def _signed(self, helper, helped, day):
        deal = _school_deal(self.province, self.chance, (helper, helped), day, self.umbrella)
        if day != self.umbrella.signed_on:
            return _sign(deal, self.chance, f"Trường {self.chance.pick([helper, helped])}")
        if self.is_thanh_tri:
            deal.agreement.source_note = CEREMONY
        return _sign(deal, self.chance, self.umbrella.signed_at)

    def _later_day(self):
        """Most sign soon after their districts, outside the summer holidays."""
        span = (LAST_SIGNING - self.umbrella.signed_on).days
        while True:
            day = self.umbrella.signed_on + timedelta(min(self.chance.number(14, span) for _try in range(3)))
            if is_working_day(day) and day.month not in SUMMER and day != CEREMONY_DAY:
                return day

    def _finish(self, deal):
        """The last one of some pairs did not last: it ran out, or was ended early."""
        agreement = deal.agreement
        if agreement.signed_on > date(2024, 3, 1) or not self.chance.happens(0.7):
            return
        if self.chance.happens(0.5):
            agreement.status, agreement.ends_on = Status.EXPIRED, date(2024, 5, 31)
        else:
            agreement.status, agreement.ended_on = Status.ENDED, date(2024, self.chance.number(9, 11), 20)
            deal.note = self.chance.pick(TEXTS["end_notes"])

    def _unfinished(self, spare):
        """Those that still wait for somebody in spring 2025; in Thanh Trì one of each."""
        statuses = OPEN_STATUSES if self.is_thanh_tri else self.chance.some(OPEN_STATUSES, 2)
        if self.chance.happens(0.2):
            statuses = [*statuses, Status.WITHDRAWN]
        for status, match in zip(statuses, spare, strict=False):
            registered_on = working_day_from(date(2025, 4, 1) + timedelta(self.chance.number(0, 30)))
            deal = _school_deal(self.province, self.chance, match, registered_on + PREPARATION, self.umbrella)
            deal.agreement.status = status
            if self.is_thanh_tri:
                deal.agreement.registered_side = Side.SUPPORTING
            deal.note = (
                TEXTS["withdraw_note"] if status == Status.WITHDRAWN else self.chance.pick(TEXTS["return_notes"])
            )
            yield deal


def _outside(province, copy, taken):
    """Schools of one district, or of two districts that are no pair; `taken` are the schools that have signed."""
    chance = Chance("outside", copy.number)
    for codes in OUTSIDE:
        helpers, helped = (
            [school for school in copy.of(province.districts[code], Level.PRIMARY) if school.pk not in taken]
            for code in codes
        )
        match = (chance.pick(helpers[::2]), chance.pick(helped[1::2]))  # never the same school twice
        day = working_day_from(date(2023, 10, 2) + timedelta(chance.number(0, 200)))
        yield _sign(_school_deal(province, chance, match, day), chance, f"Trường {match[0]}")


def _school_deal(province, chance, match, day, umbrella=None):
    """A draft between the schools `match` (helper, helped), in effect from `day`."""
    helper, helped = match
    agreement = Agreement(
        programme=province.programme,
        tier=Tier.SCHOOL,
        umbrella=umbrella,
        supporting_district=helper.district,
        supported_district=helped.district,
        supporting_school=helper,
        supported_school=helped,
        registered_side=Side.SUPPORTING if chance.happens(0.75) else Side.SUPPORTED,
        direction=Agreement.Direction.MUTUAL if chance.happens(0.8) else Agreement.Direction.ONE_WAY,
        objectives="\n".join(chance.some(TEXTS["school_objectives"][helper.level], 2)),
        starts_on=day,
        ends_on=PHASE_END if chance.happens(0.85) else date(2025, 5, 31),
        source_note=INVENTED_SCHOOLS,
        is_invented=True,
    )
    areas = [province.content_areas[n] for n in sorted(chance.some(AREAS[helper.level], chance.number(2, 4)))]
    return Deal(agreement, areas, day - PREPARATION)


def _sign(deal, chance, signed_at):
    agreement = deal.agreement
    agreement.status, agreement.signed_on, agreement.signed_at = Status.SIGNED, agreement.starts_on, signed_at
    agreement.number = f"{chance.number(1, 18):02d}/BGN-{initials(agreement.supporting_school.name)}"
    for field, value in _signatories("Hiệu trưởng", chance).items():
        setattr(agreement, field, value)
    return deal


def _schools_of(agreement):
    return agreement.supporting_school_id, agreement.supported_school_id


def _signatories(position, chance):
    return {
        "supporting_signatory": signatory(chance),
        "supporting_position": position,
        "supported_signatory": signatory(chance),
        "supported_position": position,
    }


def _choose_pilots(pairs, province):
    """Schools that lead the way: the first ones of each level to sign, as many as the facts file says."""
    pilots = []
    for pair, agreement in zip(pairs, province.agreements, strict=False):
        quotas = map(int, filter(None, pair["pilots"].split("-")))
        below = [a for a in province.agreements if a.umbrella == agreement and a.signed_on]
        for level, quota in zip(SHARES, quotas, strict=False):
            signed = [a for a in below if a.supporting_school.level == level]
            pilots += [
                PilotSchool(agreement=agreement, school=school)
                for a in signed[:quota]
                for school in (a.supporting_school, a.supported_school)
            ]
    PilotSchool.objects.bulk_create(pilots)
