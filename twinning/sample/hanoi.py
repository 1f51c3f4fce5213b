"""Hà Nội: the movement of 2022–2025. Fifteen agreements between districts, six of them as sources tell, and those of
some 1.200 schools below them."""

from datetime import date, timedelta
from pathlib import Path

from twinning.access import Role
from twinning.facts import facts, texts
from twinning.models import Agreement, Ceremony, District, Indicator, School
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
from twinning.sample.around import load_around
from twinning.sample.chance import Chance
from twinning.sample.days import moment, working_day_from
from twinning.sample.lives import freeze, store
from twinning.sample.province import Home, Terms

HERE = Path(__file__).parent
PAIRS = HERE / "hanoi_pairs.csv"
Level, Kind, Side, Status, Tier = School.Level, Agreement.Kind, Agreement.Side, Agreement.Status, Agreement.Tier
INVENTED = "Dữ liệu minh hoạ: cặp không có trong nguồn nào."
CEREMONY = (
    "Dữ liệu minh hoạ: lễ ký ngày 15/4/2023 của 20 trường theo Kinh tế & Đô thị; tên trường, số và người ký là đặt ra."
)
# District codes of school pairs that have no agreement of districts above them.
OUTSIDE = [("271", "271"), ("016", "016"), ("280", "280"), ("005", "275"), ("007", "281")]
THANH_TRI = "020"
CEREMONY_DAY = date(2023, 4, 15)  # kept for the twenty schools of Thanh Trì and Chương Mỹ
OPEN_STATUSES = [Status.WAITING, Status.RETURNED, Status.CONFIRMED, Status.DRAFT]


def load_agreements(phase):
    """Store every agreement; those of districts come first in `phase.agreements`."""
    pairs = facts(PAIRS)
    umbrellas = [_district_deal(pair, phase) for pair in pairs]
    store(umbrellas, phase)
    deals = []
    for copy in phase.schools:
        for pair, umbrella in zip(pairs, umbrellas, strict=True):
            deals += _SchoolPairs(pair, umbrella.agreement, copy, phase).deals()
        taken = {pk for deal in deals for pk in _schools_of(deal.agreement)}
        deals += _outside(phase, copy, taken)
    store(deals, phase)
    choose_pilots(phase, pairs)
    load_around(
        phase, [(deal.agreement, int(pair["school_pairs"])) for pair, deal in zip(pairs, umbrellas, strict=True)]
    )
    _hold_ceremony(phase)
    freeze(phase)


def _district_deal(pair, phase):
    units = [phase.districts[pair[side]] for side in Side.values]
    chance = Chance("district agreement", *(unit.code for unit in units))
    with_exams = chance.happens(0.4) or pair["supporting"] == THANH_TRI
    deal = district_deal(phase, chance, units, date.fromisoformat(pair["signed_on"]), with_exams)
    deal.agreement.signed_at = pair["signed_at"]
    deal.agreement.source_note = pair["source"] or INVENTED
    deal.agreement.is_invented = not pair["source"]
    return deal


class _SchoolPairs:
    """The school agreements below one agreement of two districts, in one copy of the schools."""

    def __init__(self, pair, umbrella, copy, phase):
        self.umbrella, self.phase = umbrella, phase
        self.total, self.at_ceremony = int(pair["school_pairs"]), int(pair["ceremony"])
        self.is_thanh_tri = pair["supporting"] == THANH_TRI
        self.chance = Chance("school agreements", pair["supporting"], copy.number)
        units = (umbrella.supporting_district, umbrella.supported_district)
        self.matches = matches(phase, self.chance, units, copy)

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
        deal = school_deal(self.phase, self.chance, (helper, helped), day, self.umbrella)
        if day != self.umbrella.signed_on:
            return sign(self.phase, deal, self.chance, f"Trường {self.chance.pick([helper, helped])}")
        if self.is_thanh_tri:
            deal.agreement.source_note = CEREMONY
        return sign(self.phase, deal, self.chance, self.umbrella.signed_at)

    def _later_day(self):
        return later_day(self.phase, self.chance, self.umbrella.signed_on, besides={CEREMONY_DAY})

    def _finish(self, deal):
        """The last one of some pairs did not last: it ran out, or was ended early."""
        agreement = deal.agreement
        if agreement.signed_on > date(2024, 3, 1) or not self.chance.happens(0.7):
            return
        if self.chance.happens(0.5):
            agreement.status, agreement.ends_on = Status.EXPIRED, date(2024, 5, 31)
        else:
            agreement.status, agreement.ended_on = Status.ENDED, date(2024, self.chance.number(9, 11), 20)
            deal.note = self.chance.pick(self.phase.terms.texts["end_notes"])

    def _unfinished(self, spare):
        """Those that still wait for somebody in spring 2025; in Thanh Trì one of each."""
        statuses = OPEN_STATUSES if self.is_thanh_tri else self.chance.some(OPEN_STATUSES, 2)
        if self.chance.happens(0.2):
            statuses = [*statuses, Status.WITHDRAWN]
        for status, match in zip(statuses, spare, strict=False):
            day = working_day_from(date(2025, 4, 1) + timedelta(self.chance.number(0, 30)))
            deal = unfinished_deal(self.phase, self.chance, match, day, self.umbrella, status)
            if self.is_thanh_tri:
                deal.agreement.registered_side = Side.SUPPORTING
            yield deal


def _outside(phase, copy, taken):
    """Schools of one district, or of two districts that are no pair; `taken` are the schools that have signed."""
    chance = Chance("outside", copy.number)
    for codes in OUTSIDE:
        helpers, helped = (
            [school for school in copy.of(phase.districts[code], Level.PRIMARY) if school.pk not in taken]
            for code in codes
        )
        match = (chance.pick(helpers[::2]), chance.pick(helped[1::2]))  # never the same school twice
        day = working_day_from(date(2023, 10, 2) + timedelta(chance.number(0, 200)))
        yield sign(phase, school_deal(phase, chance, match, day), chance, f"Trường {match[0]}")


def _schools_of(agreement):
    return agreement.supporting_school_id, agreement.supported_school_id


def _hold_ceremony(phase):
    """Where the two offices and the twenty schools signed, as the office of Thanh Trì would have recorded it."""
    umbrella = next(a for a in phase.agreements if a.supporting_district.code == THANH_TRI)
    ceremony = Ceremony.objects.create(
        programme=phase.programme,
        name="Lễ ký kết giao ước Thanh Trì – Chương Mỹ",
        held_on=CEREMONY_DAY,
        held_at=umbrella.signed_at,
        recorded_by=phase.user_of(umbrella.supporting_district),
    )
    Ceremony.objects.filter(pk=ceremony.pk).update(recorded_at=moment(CEREMONY_DAY, 17))
    phase.programme.agreements.filter(signed_on=CEREMONY_DAY).update(ceremony=ceremony)


# --- Indicators and accounts ------------------------------------------------------------------------------------------

# Of Ba Vì, before the programme, a press report says 17th of 30 in 2020-2021 and 13th in 2021-2022.
SOURCED_RANKS = {("271", 2020): 17, ("271", 2021): 13}
SOURCE = "Theo báo chí: huyện Ba Vì xếp thứ {rank}/30"


def _is_inner(district):
    return district.zone == District.Zone.INNER


def indicators(province):
    Kind, Subject = Indicator.Kind, Indicator.Subject
    of_districts, of_schools = {"measures": Subject.DISTRICT}, {"measures": Subject.SCHOOL}
    return [
        (
            Indicator(code="xep-hang", name="Xếp hạng chất lượng giáo dục", kind=Kind.RANK, **of_districts),
            _ranks(province),
        ),
        (
            Indicator(
                code="diem-vao-10", name="Điểm trung bình thi vào lớp 10 (một môn)", kind=Kind.MEAN, **of_districts
            ),
            figures.means(province, _is_inner),
        ),
        (
            Indicator(code="giai-hsg", name="Số giải học sinh giỏi cấp thành phố", kind=Kind.COUNT, **of_districts),
            figures.prizes(province, _is_inner),
        ),
        (
            Indicator(
                code="gv-day-gioi",
                name="Số giáo viên dạy giỏi cấp quận, huyện trở lên",
                kind=Kind.COUNT,
                **of_schools,
            ),
            figures.good_teachers(province),
        ),
    ]


def _ranks(province):
    """What the source says of Ba Vì, then invented orders of all thirty that change by a few places a year."""
    districts = province.districts
    for (code, year), rank in SOURCED_RANKS.items():
        yield figures.value(year, rank, SOURCE.format(rank=rank), district=districts[code])
    (ba_vi, _year), place = list(SOURCED_RANKS.items())[-1]
    order = Chance("ranks").shuffled(sorted(code for code in districts if code != ba_vi))
    order.insert(place - 1, ba_vi)  # what is invented goes on from what is known
    for year in province.home.figure_years:
        chance = Chance("ranks", year)
        order = [code for _place, code in sorted((i + chance.number(-3, 3), code) for i, code in enumerate(order))]
        for rank, code in enumerate(order, 1):
            yield figures.value(year, rank, district=districts[code])


def _more_posts(province):
    first = province.schools[0]
    tan_mai = first.named("THCS Tân Mai", province.districts["008"])
    hoang_mai = first.named("THCS Hoàng Mai", province.districts["008"])
    yield "cbnl", f"Cán bộ nhập liệu {tan_mai}", (Role.CLERK, {"school": tan_mai})
    yield (
        "kiem-nhiem",
        "Cán bộ kiêm nhiệm hai trường",
        (Role.PRINCIPAL, {"school": hoang_mai}),
        (Role.CLERK, {"school": tan_mai}),
    )


# --- The movement -----------------------------------------------------------------------------------------------------

NAME = "Nhà trường cùng chung tay phát triển – Thầy cô cùng sẻ chia trách nhiệm"
MOVEMENT = Terms(
    programme={
        "name": NAME,
        "phase": "2022–2025",
        "starts_on": date(2022, 12, 12),
        "ends_on": date(2025, 12, 31),
    },
    bases=[
        {
            "type_name": "Kế hoạch",
            "symbol": "4340/KH-SGDĐT",
            "issued_on": date(2022, 12, 12),
            "issuer": "Sở Giáo dục và Đào tạo Hà Nội",
            "abstract": f"triển khai phong trào “{NAME}” giai đoạn 2022–2025",
            "valid_from": date(2022, 12, 12),
            "valid_to": date(2025, 12, 31),
        }
    ],
    content_areas=[
        "Triển khai Chương trình giáo dục phổ thông 2018",
        "Đổi mới phương pháp, nâng cao chất lượng dạy học",
        "Bồi dưỡng đội ngũ giáo viên giỏi, giáo viên cốt cán",
        "Ôn thi, nâng cao chất lượng thi vào lớp 10 THPT",
        "Chăm sóc, nuôi dưỡng, giáo dục trẻ mầm non",
        "Đổi mới công tác quản lý, chỉ đạo của nhà trường",
        "Xây dựng trường học xanh, sạch, đẹp, an toàn, hạnh phúc",
        "Ứng dụng công nghệ thông tin, chuyển đổi số",
        "Cơ sở vật chất, trang thiết bị dạy học",
        "Giúp đỡ học sinh có hoàn cảnh khó khăn",
        "Giao lưu giáo viên, học sinh nội thành và ngoại thành",
    ],
    pairs=PAIRS,
    texts=texts(HERE / "hanoi_wording.toml"),
    # Sources speak of "biên bản ghi nhớ" (BGN) between offices and between schools.
    kinds={Tier.DISTRICT: Kind.MOU, Tier.SCHOOL: Kind.MOU},
    exam_words="lớp 10",
    shares={Level.PRESCHOOL: 0.33, Level.PRIMARY: 0.35, Level.LOWER_SEC: 0.32},
    areas={
        Level.PRESCHOOL: [1, 2, 4, 5, 6, 8],
        Level.PRIMARY: [0, 1, 2, 6, 7, 9, 10],
        Level.LOWER_SEC: [0, 1, 2, 3, 5, 7, 9],
    },
    ends=(date(2025, 12, 31), date(2025, 5, 31)),
    last_signing=date(2025, 4, 29),  # the reform of 1 July 2025 was near, nobody signed any more
    load_agreements=load_agreements,
    # Schools that sources name come first in their districts.
    named={
        "008": ["THCS Tân Mai", "THCS Hoàng Mai"],
        "009": ["THCS Thanh Xuân"],
        "271": ["Tiểu học Khánh Thượng"],
    },
)
HANOI = Home(
    slug="ha-noi",
    name="Hà Nội",
    department={
        "name": "Sở Giáo dục và Đào tạo Hà Nội",
        "short_name": "Sở GD&ĐT Hà Nội",
        "superior": "UBND thành phố Hà Nội",
        "place": "Hà Nội",
        "symbol": "SGDĐT",
    },
    code="01",
    suffix="",
    units=HERE / "hanoi_units.csv",
    school_numbers=HERE / "hanoi_schools.csv",
    zones={"Quận": District.Zone.INNER, "Huyện": District.Zone.OUTER, "Thị xã": District.Zone.OUTER},
    phases=[MOVEMENT],
    figure_years={2022: 92, 2023: 95, 2024: 88},
    indicators=indicators,
    more_posts=_more_posts,
)
