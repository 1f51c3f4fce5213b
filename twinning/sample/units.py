"""The Department, its thirty districts and the programme."""

from datetime import date
from pathlib import Path

from twinning.facts import facts
from twinning.models import ContentArea, Department, District, LegalBasis, Programme, Subject
from twinning.sample.province import Province

UNITS = Path(__file__).with_name("hanoi_units.csv")
DEPARTMENT = "Sở Giáo dục và Đào tạo Hà Nội"
KINDS = {
    "Quận": District.Kind.URBAN_DISTRICT,
    "Huyện": District.Kind.RURAL_DISTRICT,
    "Thị xã": District.Kind.TOWN,
}
CONTENT_AREAS = [
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
]
SUBJECTS = [
    "Toán",
    "Ngữ văn",
    "Tiếng Việt",
    "Tiếng Anh",
    "Khoa học tự nhiên",
    "Lịch sử và Địa lí",
    "Tự nhiên và Xã hội",
    "Khoa học",
    "Đạo đức",
    "Giáo dục công dân",
    "Tin học",
    "Công nghệ",
    "Giáo dục thể chất",
    "Âm nhạc",
    "Mĩ thuật",
    "Hoạt động trải nghiệm",
]


def load_units(scale):
    """A Province with its Department, districts and programme; schools and people are still to come."""
    department = Department.objects.create(
        name=DEPARTMENT,
        short_name="Sở GD&ĐT Hà Nội",
        superior="UBND thành phố Hà Nội",
        place="Hà Nội",
        symbol="SGDĐT",
        is_sample=True,
    )
    programme = _programme(department)
    areas = ContentArea.objects.bulk_create(
        ContentArea(programme=programme, name=name, position=n) for n, name in enumerate(CONTENT_AREAS, 1)
    )
    # Subjects belong to no Department: another sample, or the office itself, may have entered some.
    Subject.objects.bulk_create(
        (Subject(name=name, position=n) for n, name in enumerate(SUBJECTS, 1)), ignore_conflicts=True
    )
    return Province(scale, department, programme, areas, _districts(department))


def _programme(department):
    programme = Programme.objects.create(
        department=department,
        name="Nhà trường cùng chung tay phát triển – Thầy cô cùng sẻ chia trách nhiệm",
        phase="2022–2025",
        starts_on=date(2022, 12, 12),
        ends_on=date(2025, 12, 31),
    )
    LegalBasis.objects.create(
        programme=programme,
        type_name="Kế hoạch",
        symbol="4340/KH-SGDĐT",
        issued_on=date(2022, 12, 12),
        issuer="Sở Giáo dục và Đào tạo Hà Nội",
        abstract="triển khai phong trào “Nhà trường cùng chung tay phát triển – Thầy cô cùng sẻ chia trách nhiệm” "
        "giai đoạn 2022–2025",
        valid_from=date(2022, 12, 12),
        valid_to=date(2025, 12, 31),
    )
    return programme


def _districts(department):
    """Code → district. They stay valid without an end: the reform of 2025 is an act of its own."""
    districts = {}
    for row in facts(UNITS):
        district = districts.get(row["district"])
        if district is None:
            kind = KINDS[row["kind"]]
            district = districts[row["district"]] = District(
                department=department,
                code=row["district"],
                name=row["name"],
                kind=kind,
                zone=District.Zone.INNER if kind == District.Kind.URBAN_DISTRICT else District.Zone.OUTER,
                office_name=f"Phòng Giáo dục và Đào tạo {row['kind'].lower()} {row['name']}",
            )
            district.set_keys()
    District.objects.bulk_create(districts.values())
    return districts
