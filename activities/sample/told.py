"""Activities that sources speak of, in the first copy of the schools. Days and head-counts are invented."""

from datetime import date

from activities.models import Activity
from activities.sample.kinds import TH, THCS
from activities.sample.plans import Plan, part_of
from activities.sample.topics import EXAM_SUBJECTS
from twinning.sample.chance import Chance

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


def told_plans(province):
    """The Plans, those of districts under their agreement, the city's own under none."""
    agreements = {a.supporting_district.code: a for a in province.agreements if a.supporting_school is None}
    yield from _visits(province, agreements["008"])
    yield from _exam_conferences(province, agreements["020"])
    yield from _thanh_xuan(province, agreements["009"])
    yield from _khanh_thuong(province, agreements["001"])
    yield from _of_the_city(province)
    yield _waiting_at_tan_mai(province)


def _visits(province, agreement):
    """Managers of Ứng Hòa at two schools of Hoàng Mai."""
    schools = province.schools[0]
    for day, name in VISITS:
        guests = schools.of(agreement.supported_district, THCS)[:14]
        host = schools.named(name, agreement.supporting_district)
        plan = _plan(
            "tham_quan",
            day,
            f"Cán bộ quản lý các trường huyện Ứng Hòa tham quan, làm việc tại {name}",
            agreement,
            [host, agreement.supported_district, agreement.supporting_district, *guests],
        )
        for part in plan.parts[1:]:
            part.teachers = 0
        yield plan


def _exam_conferences(province, agreement):
    schools = province.schools[0]
    districts = [agreement.supporting_district, agreement.supported_district]
    for year, (first_year, month, first_day) in EXAM_DAYS.items():
        for n, subject in enumerate(EXAM_SUBJECTS):
            hosts = districts if n != 1 else districts[::-1]
            guests = [school for district in districts for school in schools.of(district, THCS)[:10]]
            yield _plan(
                "on_thi",
                date(first_year, month, first_day + n),
                f"Hội nghị trao đổi chuyên đề môn {subject} lớp 9, chia sẻ kinh nghiệm ôn thi vào lớp 10 THPT "
                f"năm học {year}-{year + 1}",
                agreement,
                [*hosts, *guests],
                subject=subject,
                grade=9,
            )


def _thanh_xuan(province, agreement):
    schools = province.schools[0]
    host = schools.named("THCS Thanh Xuân", agreement.supporting_district)
    for n, (day, title) in enumerate(THANH_XUAN):
        guests = schools.of(agreement.supported_district, THCS)[n : n + 6]
        yield _plan("chuyen_de", day, title, agreement, [host, *guests], grade=9 if "lớp 9" in title else None)


def _khanh_thuong(province, agreement):
    schools = province.schools[0]
    host = schools.named("Tiểu học Khánh Thượng", agreement.supported_district)
    for day, title, grade in KHANH_THUONG:
        near = [school for school in schools.of(agreement.supported_district, TH) if school != host]
        guests = near[:8] + schools.of(agreement.supporting_district, TH)[:3]
        subject = "Tiếng Anh" if grade == 4 else "Tiếng Việt"
        yield _plan("chuyen_de", day, title, agreement, [host, *guests], subject=subject, grade=grade)


def _of_the_city(province):
    for day, code, title in CITY:
        host = province.districts[code]
        others = [district for district in province.districts.values() if district != host]
        yield _plan("hoi_nghi", day, title, None, [host, *others])


def _waiting_at_tan_mai(province):
    """Invented: something for the demo accounts of THCS Tân Mai to confirm."""
    agreement = next(
        a for a in province.agreements if a.supporting_school and a.supporting_school.name == "THCS Tân Mai"
    )
    plan = _plan(
        "du_gio",
        date(2025, 5, 15),
        "Dự giờ Toán lớp 9: ôn tập phương trình và hệ phương trình",
        agreement,
        [agreement.supported_school, agreement.supporting_school],
        subject="Toán",
        grade=9,
    )
    plan.status = Activity.Status.HELD
    return plan


def _plan(key, day, title, agreement, units, **about):
    chance = Chance("told", day, title)
    parts = [part_of(unit, key, n == 0, chance) for n, unit in enumerate(units)]
    level = getattr(units[0], "level", THCS)
    return Plan(key, day, title, agreement, level, parts, **about)
