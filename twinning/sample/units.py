"""The Department of a province, its districts and its programmes."""

from twinning.facts import facts
from twinning.models import ContentArea, Department, District, LegalBasis, Programme, Subject
from twinning.sample.province import Phase, Province

KINDS = {
    "Quận": District.Kind.URBAN_DISTRICT,
    "Huyện": District.Kind.RURAL_DISTRICT,
    "Thị xã": District.Kind.TOWN,
    "Thành phố": District.Kind.CITY,
}
# Those of grades 1 to 9 everywhere.
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


def load_units(home, scale):
    """A Province with its Department, districts and programmes; schools and people are still to come."""
    department = Department.objects.create(**home.department, is_sample=True)
    # Subjects belong to no Department: another sample, or the office itself, may have entered some.
    Subject.objects.bulk_create(
        (Subject(name=name, position=n) for n, name in enumerate([*SUBJECTS, *home.more_subjects], 1)),
        ignore_conflicts=True,
    )
    province = Province(home, scale, department, _districts(home, department))
    province.phases = [_phase(province, terms) for terms in home.phases]
    return province


def _phase(province, terms):
    programme = Programme.objects.create(department=province.department, **terms.programme)
    LegalBasis.objects.bulk_create(LegalBasis(programme=programme, **basis) for basis in terms.bases)
    areas = ContentArea.objects.bulk_create(
        ContentArea(programme=programme, name=name, position=n) for n, name in enumerate(terms.content_areas, 1)
    )
    return Phase(province, terms, programme, areas)


def _districts(home, department):
    """Code → district. They stay valid without an end: the reform of 2025 is an act of its own."""
    districts = {}
    for row in facts(home.units):
        district = districts.get(row["district"])
        if district is None:
            district = districts[row["district"]] = District(
                department=department,
                code=row["district"],
                name=row["name"],
                kind=KINDS[row["kind"]],
                zone=home.zones.get(row["kind"], ""),
                office_name=f"Phòng Giáo dục và Đào tạo {row['kind'].lower()} {row['name']}",
            )
            district.set_keys()
    District.objects.bulk_create(districts.values())
    return districts
