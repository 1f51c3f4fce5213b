"""The demo accounts: one for every unit, named after the post, never after a person."""

from django.contrib.auth.hashers import make_password

from accounts.models import User
from twinning.access import Role
from twinning.models import Membership
from twinning.sample.province import BATCH, username_of

PASSWORD = "giao-uoc-2025"  # noqa: S105 (public, printed by bin/run)
ADMIN = "quantri"


def load_people(province):
    """Users with their memberships; fills `province.users`."""
    posts = [*_posts(province)]
    # Hashing is slow on purpose: once for all, since they all have the same password.
    password = make_password(PASSWORD)
    for username, full_name, *_seats in posts:
        province.users[username] = User(
            username=username,
            email=f"{username}@example.vn",
            full_name=full_name,
            password=password,
            is_staff=username == ADMIN,
            is_superuser=username == ADMIN,
        )
    User.objects.bulk_create(province.users.values(), batch_size=BATCH)
    Membership.objects.bulk_create(
        (
            Membership(user=province.users[username], role=role, **unit)
            for username, _full_name, *seats in posts
            for role, unit in seats
        ),
        batch_size=BATCH,
    )


def _posts(province):
    """(user name, what stands for a full name, (role, unit) …) of everybody."""
    department = province.department
    at_department = {"department": department}
    first = province.schools[0]
    tan_mai = first.named("THCS Tân Mai", province.districts["008"])
    hoang_mai = first.named("THCS Hoàng Mai", province.districts["008"])
    yield ADMIN, "Quản trị cổng", (Role.ADMIN, {})
    yield "so", f"Cán bộ {department}", (Role.DEPARTMENT, at_department)
    yield "lanhdao", f"Lãnh đạo {department}", (Role.LEADER, at_department)
    yield "chixem", f"Cán bộ {department} (chỉ xem)", (Role.READER, at_department)
    yield "cbnl", f"Cán bộ nhập liệu {tan_mai}", (Role.CLERK, {"school": tan_mai})
    yield (
        "kiem-nhiem",
        "Cán bộ kiêm nhiệm hai trường",
        (Role.PRINCIPAL, {"school": hoang_mai}),
        (Role.CLERK, {"school": tan_mai}),
    )
    for district in province.districts.values():
        yield username_of(district), f"Cán bộ {district.office}", (Role.DISTRICT, {"district": district})
    for copy in province.schools:
        for school in copy.all():
            yield username_of(school), f"Hiệu trưởng {school}", (Role.PRINCIPAL, {"school": school})
