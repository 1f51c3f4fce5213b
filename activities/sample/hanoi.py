"""Hà Nội: over 2.000 activities of three school years with close to 150.000 teacher turns, about 3,2 tỷ đồng of help.
Activities that sources speak of stand in the first copy of the schools; their days and head-counts are invented."""

from datetime import date
from pathlib import Path

from activities.models import Support
from activities.sample.gifts import GIFTS
from activities.sample.kinds import MANNERS, MN, TH, THCS
from activities.sample.plans import plan_of, waiting_at
from activities.sample.season import Exam, Giving, Season
from twinning.facts import texts

HERE = Path(__file__).parent
EXAM_SUBJECTS = ["Ngữ văn", "Toán", "Tiếng Anh"]

# Lao động Thủ đô (153231): THCS Thanh Xuân and schools of Hoài Đức on new ways of teaching, on building up the
# staff, on a happy school, and on what is hard in the programme of 2018.
THANH_XUAN = [
    (date(2023, 3, 14), "Chuyên đề đổi mới phương pháp giảng dạy theo Chương trình giáo dục phổ thông 2018"),
    (date(2023, 4, 11), "Chuyên đề xây dựng môi trường hạnh phúc trong trường THCS"),
    (date(2023, 10, 17), "Chuyên đề gỡ khó các nội dung mới của Chương trình giáo dục phổ thông 2018"),
    (date(2024, 10, 22), "Chuyên đề nâng chất lượng đội ngũ nhà giáo qua sinh hoạt tổ chuyên môn"),
    (date(2025, 3, 11), "Chuyên đề chia sẻ kinh nghiệm giáo dục học sinh lớp 9"),
]
# The school where colleagues of the district come to observe (domain facts, S2).
KHANH_THUONG = [
    (
        date(2024, 11, 12),
        "Chuyên đề đổi mới dạy học tiếng Anh ở Tiểu học Khánh Thượng, đồng nghiệp trong huyện dự giờ",
        4,
    ),
    (date(2025, 3, 18), "Chuyên đề dạy học Tiếng Việt ở Tiểu học Khánh Thượng, đồng nghiệp hai địa phương dự giờ", 3),
]
# Kinh tế & Đô thị, 15/4/2023: grade-9 conferences in three subjects.
EXAM_DAYS = {2022: (2023, 4, 20), 2023: (2024, 3, 13), 2024: (2025, 3, 19)}
VISITS = [(date(2023, 3, 7), "THCS Tân Mai"), (date(2023, 3, 9), "THCS Hoàng Mai")]
CITY = [
    (date(2022, 12, 20), "001", "Hội nghị triển khai phong trào giai đoạn 2022–2025 trong toàn ngành"),
    (date(2023, 6, 8), "009", "Hội nghị sơ kết phong trào năm học 2022-2023"),
    (date(2024, 6, 6), "005", "Hội nghị sơ kết phong trào năm học 2023-2024"),
    (date(2025, 5, 22), "268", "Hội nghị đánh giá ba năm thực hiện phong trào"),
]


def told_plans(phase, season):
    """The Plans, those of districts under their agreement, the city's own under none."""
    agreements = {a.supporting_district.code: a for a in phase.agreements if a.supporting_school is None}
    yield from _visits(phase, season, agreements["008"])
    yield from _exam_conferences(phase, season, agreements["020"])
    yield from _thanh_xuan(phase, season, agreements["009"])
    yield from _khanh_thuong(phase, season, agreements["001"])
    yield from _of_the_city(phase, season)
    title = "Dự giờ Toán lớp 9: ôn tập phương trình và hệ phương trình"
    yield waiting_at("THCS Tân Mai", phase, season, date(2025, 5, 15), title, grade=9)


def _visits(phase, season, agreement):
    """Managers of Ứng Hòa at two schools of Hoàng Mai."""
    schools = phase.schools[0]
    for day, name in VISITS:
        guests = schools.of(agreement.supported_district, THCS)[:14]
        host = schools.named(name, agreement.supporting_district)
        plan = plan_of(
            season,
            "tham_quan",
            day,
            f"Cán bộ quản lý các trường huyện Ứng Hòa tham quan, làm việc tại {name}",
            agreement,
            [host, agreement.supported_district, agreement.supporting_district, *guests],
        )
        for part in plan.parts[1:]:
            part.teachers = 0
        yield plan


def _exam_conferences(phase, season, agreement):
    schools = phase.schools[0]
    districts = [agreement.supporting_district, agreement.supported_district]
    for year, (first_year, month, first_day) in EXAM_DAYS.items():
        for n, subject in enumerate(EXAM_SUBJECTS):
            hosts = districts if n != 1 else districts[::-1]
            guests = [school for district in districts for school in schools.of(district, THCS)[:10]]
            yield plan_of(
                season,
                "on_thi",
                date(first_year, month, first_day + n),
                f"Hội nghị trao đổi chuyên đề môn {subject} lớp 9, chia sẻ kinh nghiệm ôn thi vào lớp 10 THPT "
                f"năm học {year}-{year + 1}",
                agreement,
                [*hosts, *guests],
                subject=subject,
                grade=9,
            )


def _thanh_xuan(phase, season, agreement):
    schools = phase.schools[0]
    host = schools.named("THCS Thanh Xuân", agreement.supporting_district)
    for n, (day, title) in enumerate(THANH_XUAN):
        guests = schools.of(agreement.supported_district, THCS)[n : n + 6]
        yield plan_of(
            season, "chuyen_de", day, title, agreement, [host, *guests], grade=9 if "lớp 9" in title else None
        )


def _khanh_thuong(phase, season, agreement):
    schools = phase.schools[0]
    host = schools.named("Tiểu học Khánh Thượng", agreement.supported_district)
    for day, title, grade in KHANH_THUONG:
        near = [school for school in schools.of(agreement.supported_district, TH) if school != host]
        guests = near[:8] + schools.of(agreement.supporting_district, TH)[:3]
        subject = "Tiếng Anh" if grade == 4 else "Tiếng Việt"
        yield plan_of(season, "chuyen_de", day, title, agreement, [host, *guests], subject=subject, grade=grade)


def _of_the_city(phase, season):
    for day, code, title in CITY:
        host = phase.districts[code]
        others = [district for district in phase.districts.values() if district != host]
        yield plan_of(season, "hoi_nghi", day, title, None, [host, *others])


Status = Support.Status
SEASON = Season(
    held=HERE / "hanoi_held.csv",
    years=[2022, 2023, 2024],
    last_day=date(2025, 6, 14),  # the year's work was done and the reform of 1 July 2025 near
    manners=MANNERS,
    texts=texts(HERE / "hanoi_topics.toml"),
    exam=Exam(9, EXAM_SUBJECTS),
    levels={MN: 24, TH: 34, THCS: 42},
    told=told_plans,
    giving=Giving(
        gifts=GIFTS,
        ends={Status.RECEIVED: 124, Status.DELIVERED: 11, Status.PLEDGED: 18, Status.CANCELLED: 6},
        first=date(2023, 2, 20),
        last=date(2025, 5, 20),
        open_from=date(2025, 4, 1),
        first_from="020",  # the office of Chương Mỹ can try to confirm
        cancel_note="Nhà tài trợ chuyển sang hỗ trợ sửa trường sau bão; hai bên thống nhất dừng khoản này.",
    ),
    teacher_turns=149_214,  # "gần 150.000 lượt giáo viên", as the Department said in May 2025; in every copy
    overdue=46,
    overdue_from=date(2025, 4, 7),
    cancelled=26,
    recent=date(2025, 4, 14),
    preschool_area=4,
    materials=48,
)
