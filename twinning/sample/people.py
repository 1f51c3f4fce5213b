"""The demo accounts: one for every unit, named after the post, never after a person."""

from django.contrib.auth.hashers import make_password

from accounts.models import User
from twinning.access import Role
from twinning.models import Department, Membership
from twinning.sample.province import BATCH

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
    """(user name, what stands for a full name, (role, unit) …) of everybody. The administrator came with the first
    province that was loaded."""
    department, suffix = province.department, province.home.suffix
    at_department = {"department": department}
    if not Department.objects.filter(is_sample=True).exclude(pk=department.pk).exists():
        yield ADMIN, "Quản trị cổng", (Role.ADMIN, {})
    yield f"so{suffix}", f"Cán bộ {department}", (Role.DEPARTMENT, at_department)
    yield f"lanhdao{suffix}", f"Lãnh đạo {department}", (Role.LEADER, at_department)
    yield f"chixem{suffix}", f"Cán bộ {department} (chỉ xem)", (Role.READER, at_department)
    yield from province.home.more_posts(province)
    for district in province.districts.values():
        username = province.username_of(district)
        yield username, f"Cán bộ {district.office}", (Role.DISTRICT, {"district": district})
    for copy in province.schools:
        for school in copy.all():
            yield province.username_of(school), f"Hiệu trưởng {school}", (Role.PRINCIPAL, {"school": school})
