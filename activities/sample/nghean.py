"""Nghệ An: some 500 activities of 2019–2023 with help of exactly 3,2 tỷ đồng, and some 800 of 2023–2028 so far.

báo Nghệ An, 13/9/2023, tells what the activities were about (lessons observed, getting ready for the graduation
examination, gifted and weak pupils, information technology, trade unions, culture and sport), of the conference of that
day and of the forum of teachers to come. Days, places, head-counts and single gifts are invented.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

from activities.models import Activity, ActivityKind, Support
from activities.sample.gifts import BY_INVOICE, COMMUNITY, GIFTS, OWN, Gift
from activities.sample.kinds import MANNERS, MN, TH, THCS, THPT, Manner
from activities.sample.plans import plan_of, waiting_at
from activities.sample.season import Exam, Giving, Season
from twinning.facts import texts

HERE = Path(__file__).parent
Group, Kind = ActivityKind.Group, Support.Kind
VINH = "412"


def _of_upper_schools_too(things):
    """What suits lower secondary schools suits upper secondary schools."""
    return [replace(one, levels=(*one.levels, THPT)) if THCS in one.levels else one for one in things]


ALL = (MN, TH, THCS, THPT)
_common = dict(zip(MANNERS, _of_upper_schools_too(MANNERS.values()), strict=True))
NGHE_AN_MANNERS = _common | {
    "sinh_hoat": replace(_common["sinh_hoat"], name="Sinh hoạt chuyên môn cụm trường, cụm huyện", area=4),
    "chuyen_doi_so": replace(_common["chuyen_doi_so"], name="Ứng dụng công nghệ thông tin trong dạy học"),
    "on_thi": replace(_common["on_thi"], name="Ôn thi tốt nghiệp THPT", levels=(THPT,)),
    "hsg": Manner("Bồi dưỡng học sinh giỏi", Group.EXAM, 5, 8, (THCS, THPT), (5, 12), (3, 8), (15, 40), area=3),
    "phu_dao": Manner(
        "Phụ đạo học sinh yếu, kém", Group.EXAM, 3, 7, (TH, THCS, THPT), (4, 10), (2, 6), (15, 40), area=3
    ),
    "cong_doan": replace(_common["cong_doan"], district_weight=10, school_weight=9, area=11),
    "dien_dan": Manner("Diễn đàn nhà giáo", Group.PROFESSIONAL, 0, 0, ALL, (0, 0), (8, 16), area=2),
}
# Gifts of one grade or subject below the upper secondary school stay there.
_BELOW = ("lớp 9", "Khoa học tự nhiên")
NGHE_AN_GIFTS = [
    gift if any(word in gift.title for word in _BELOW) else upper
    for gift, upper in zip(GIFTS, _of_upper_schools_too(GIFTS), strict=True)
]
NGHE_AN_GIFTS += [
    Gift(6, Kind.CASH, "Hỗ trợ kinh phí sửa nhà bán trú, bếp ăn", (3, 8), "", 8_000_000, "", ALL, COMMUNITY),
    Gift(5, Kind.IN_KIND, "Tặng chăn màn, đồ dùng cho học sinh bán trú", (30, 80), "bộ", 320_000, BY_INVOICE,
         (TH, THCS, THPT), per_pupil=True),
    Gift(4, Kind.CASH, "Công đoàn hỗ trợ nhà công vụ giáo viên vùng cao", (3, 8), "", 5_000_000, "", ALL, OWN),
]  # fmt: skip


def _nothing_told(phase, season):
    """The source gives no day of an activity of the first phase."""
    return []


def _told(phase, season):
    """The conference of 13/9/2023, and the forum that was announced there (its days are invented)."""
    vinh = phase.districts[VINH]
    offices = [vinh, *(district for district in phase.districts.values() if district != vinh)]
    title = "Hội nghị đánh giá kết quả giai đoạn 2019–2023, triển khai nhiệm vụ giai đoạn 2023–2028"
    yield plan_of(season, "hoi_nghi", date(2023, 9, 13), title, None, offices)
    upper = [school for district in phase.districts.values() for school in phase.schools[0].of(district, THPT)[:1]]
    for day in (date(2024, 11, 16), date(2025, 11, 15), date(2026, 12, 19)):
        title = f"Diễn đàn nhóm các nhà giáo xứ Nghệ năm {day.year}"
        plan = plan_of(season, "dien_dan", day, title, None, [vinh, *upper])
        if day > season.last_day:
            plan.status = Activity.Status.PLANNED
        yield plan
    title = "Dự giờ Toán lớp 12: ôn tập hàm số và đồ thị"
    yield waiting_at("THPT Vinh 1", phase, season, date(2026, 11, 11), title, grade=12)


Status = Support.Status
TEXTS = texts(HERE / "hanoi_topics.toml", HERE / "nghean_topics.toml")
EXAM = Exam(12, ["Toán", "Ngữ văn", "Tiếng Anh", "Lịch sử", "Vật lí"])
CANCEL_NOTE = "Nhà tài trợ chuyển sang giúp xã bị lũ quét; hai bên thống nhất dừng khoản này."
FIRST = Season(
    held=HERE / "nghean_held.csv",
    years=[2019, 2020, 2021, 2022],
    last_day=date(2023, 6, 10),
    manners=NGHE_AN_MANNERS,
    texts=TEXTS,
    exam=EXAM,
    levels={TH: 28, THCS: 40, THPT: 32},
    told=_nothing_told,
    giving=Giving(
        gifts=NGHE_AN_GIFTS,
        ends={Status.RECEIVED: 116, Status.CANCELLED: 4},
        first=date(2020, 1, 6),
        last=date(2023, 7, 14),
        open_from=date(2023, 7, 14),
        total=3_200_000_000,  # "3 tỷ 200 triệu đồng", money and what was given in kind; in every copy
        cancel_note=CANCEL_NOTE,
    ),
    cancelled=9,
    unconfirmed_earlier=0,  # long over: both sides have had their say
)
SECOND = Season(
    held=HERE / "nghean_held.csv",
    years=[2023, 2024, 2025, 2026],
    last_day=date(2026, 11, 13),
    manners=NGHE_AN_MANNERS,
    texts=TEXTS,
    exam=EXAM,
    levels={MN: 16, TH: 24, THCS: 32, THPT: 28},
    told=_told,
    giving=Giving(
        gifts=NGHE_AN_GIFTS,
        ends={Status.RECEIVED: 74, Status.DELIVERED: 9, Status.PLEDGED: 12, Status.CANCELLED: 3},
        first=date(2023, 11, 20),
        last=date(2026, 10, 19),
        open_from=date(2026, 9, 7),
        first_from="427",  # the office of Con Cuông can try to confirm
        cancel_note=CANCEL_NOTE,
    ),
    overdue=14,
    overdue_from=date(2026, 10, 26),
    cancelled=12,
    coming=36,
    coming_until=date(2027, 1, 16),
    recent=date(2026, 10, 19),
    preschool_area=12,
    materials=12,
)
