"""The rows benches work on: one Department, its districts and as many schools and activities as asked for."""

from datetime import date, timedelta

from accounts.models import User
from activities.models import Activity, ActivityKind
from twinning.access import Role
from twinning.models import Agreement, Department, District, Membership, Programme, School, Subject

LAST = (
    "An Bình Châu Dũng Đại Giang Hà Hải Hoà Hưng Khánh Lâm Linh Long Mai Minh Mỹ Nam Oai Phú Phúc Sơn Tân Thanh"
).split()
FIRST = (
    "An Bắc Cẩm Cổ Đại Đài Đông Đức Hoàng Hồng Hữu Kim Lê Liên Mai Nam Ngọc Nguyễn Phú Phương Quang Tả Tân Tây"
).split()
LEVELS = {"mn": "Mầm non", "th": "Tiểu học", "thcs": "THCS", "thpt": "THPT"}


def department():
    """A Department with 30 districts and somebody who signs in for it: (department, programme, districts, user)."""
    so = Department.objects.create(
        name="Sở Giáo dục và Đào tạo", short_name="Sở GD&ĐT", superior="UBND", place="Hà Nội", symbol="SGDĐT"
    )
    programme = Programme.objects.create(
        department=so, name="Phong trào", starts_on=date(2022, 9, 1), ends_on=date(2027, 8, 31), phase="2022–2027"
    )
    districts = []
    for n in range(30):
        name = f"{FIRST[n % len(FIRST)]} {LAST[(n * 7) % len(LAST)]}"
        districts.append(
            District.objects.create(
                department=so, code=f"{n:03}", name=name, kind="huyen", zone="outer", office_name=f"Phòng {name}"
            )
        )
    user = User.objects.create_user(username="so", email="so@example.vn", password=None, full_name="Chuyên viên")
    Membership.objects.create(user=user, role=Role.DEPARTMENT, department=so)
    return so, programme, districts, user


def schools(districts, count):
    """`count` schools with names of two words, numbered where a name returns."""
    made = []
    for n in range(count):
        level = list(LEVELS)[n % 4]
        name = f"{LEVELS[level]} {FIRST[n % len(FIRST)]} {LAST[(n // len(FIRST)) % len(LAST)]}"
        number = n // (len(FIRST) * len(LAST))
        school = School(
            code=f"{n:08}", name=f"{name} {number}" if number else name, level=level, district=districts[n * 31 % 30]
        )
        school.set_keys()
        made.append(school)
    return School.objects.bulk_create(made, batch_size=2000)


def activities(programme, schools, count):
    """`count` activities under 500 agreements."""
    kind = ActivityKind.objects.create(programme=programme, name="Chuyên đề", group="professional", position=1)
    subject = Subject.objects.create(name="Toán", position=1)
    agreements = []
    for n in range(500):
        one, other = schools[2 * n], schools[2 * n + 1]
        agreement = Agreement(
            programme=programme,
            tier="school",
            supporting_school=one,
            supporting_district=one.district,
            supported_school=other,
            supported_district=other.district,
            starts_on=date(2022, 9, 1),
            ends_on=date(2027, 5, 31),
            status="signed",
            signed_on=date(2022, 9, 1),
            number=f"{n}/BGN",
            search_key=" thcs",
            pair_key=f"school:{n}",
        )
        agreements.append(agreement)
    agreements = Agreement.objects.bulk_create(agreements)
    rows = []
    for n in range(count):
        agreement = agreements[n % 500]
        row = Activity(
            programme=programme,
            agreement=agreement,
            kind=kind,
            subject=subject,
            title=f"Chuyên đề Toán lớp {n % 4 + 6}: đổi mới phương pháp dạy học, lần {n}",
            host_school=agreement.supporting_school,
            recorded_school=agreement.supporting_school,
            held_on=date(2022, 9, 5) + timedelta(days=n % 900),
            asked_on=date(2022, 9, 5) + timedelta(days=n % 900),
            status=("held", "confirmed")[n % 2],
            manager_turns=n % 5,
            teacher_turns=n % 60,
            pupil_turns=n % 300,
        )
        row.set_keys()
        rows.append(row)
        if len(rows) == 5000:
            Activity.objects.bulk_create(rows)
            rows = []
    Activity.objects.bulk_create(rows)
