"""The people and units every test knows: one pairing, Thanh Trì – Chương Mỹ, and a stranger. Strict for all tests."""

import gc
import os
import sqlite3
from contextlib import closing
from datetime import date
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.session import SessionStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from activities.models import Activity, ActivityKind, ActivitySchool, Support
from reports.models import ReportingPeriod
from twinning.access import Role
from twinning.models import (
    Agreement,
    ContentArea,
    Department,
    District,
    LegalBasis,
    Membership,
    Programme,
    School,
    Subject,
)

PASSWORD = "giao-uoc-2025"  # noqa: S105 a test's own


DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def hangs_on_the_database(item):
    """Whether another kind of database could give another outcome: not when it is never asked, nor where the test says
    what decides instead."""
    marks = list(item.iter_markers("one_database"))
    if not all(mark.args and isinstance(mark.args[0], str) for mark in marks):
        raise pytest.UsageError(f"{item.nodeid}: one_database has to say why")
    return not marks and bool(DATABASE_FIXTURES & set(item.fixturenames) or item.get_closest_marker("django_db"))


def pytest_collection_modifyitems(config, items):
    """With ONLY_WITH_DATABASE, leave out what one run on SQLite is enough for (bin/test)."""
    kept = [item for item in items if hangs_on_the_database(item)]
    if os.environ.get("ONLY_WITH_DATABASE"):
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def pytest_collection_finish(session):
    """What was loaded stays: the collection of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Start from the database that bin/test migrated once, named by TEST_TEMPLATE, instead of running every migration
    again in each process. Django's own `migrate` still looks whether one is missing."""
    template = os.environ.get("TEST_TEMPLATE")
    if template and connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = template
    if not template or connection.vendor == "postgresql":
        yield
        return
    # Whoever holds a connection keeps the database in memory alive; Django opens the same one by its name.
    memory = connection.creation._get_test_db_name()
    with closing(sqlite3.connect(memory, uri=True)) as held:
        with closing(sqlite3.connect(template)) as source:
            source.backup(held)
        yield


@pytest.fixture(autouse=True)
def _test_settings(settings, tmp_path):
    """Plain static files, private media in a folder of the test, jobs that run at once only where a test says so."""
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "media"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)},
    }
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.CELERY_TASK_ALWAYS_EAGER = False


@pytest.fixture
def world(db):
    """Units and programme, no agreement yet."""
    so = Department.objects.create(
        name="Sở Giáo dục và Đào tạo Hà Nội",
        short_name="Sở GD&ĐT Hà Nội",
        superior="UBND thành phố Hà Nội",
        place="Hà Nội",
        symbol="SGDĐT",
    )
    programme = Programme.objects.create(
        department=so,
        name="Nhà trường cùng chung tay phát triển – Thầy cô cùng sẻ chia trách nhiệm",
        starts_on=date(2022, 12, 12),
        ends_on=date(2025, 12, 31),
        phase="2022–2025",
    )
    LegalBasis.objects.create(
        programme=programme,
        type_name="Kế hoạch",
        symbol="4340/KH-SGDĐT",
        issued_on=date(2022, 12, 12),
        issuer="Sở GD&ĐT Hà Nội",
        abstract="triển khai phong trào",
    )
    area = ContentArea.objects.create(programme=programme, name="Đổi mới phương pháp dạy học", position=1)
    kind = ActivityKind.objects.create(programme=programme, name="Chuyên đề", group="professional", position=1)
    exam = ActivityKind.objects.create(programme=programme, name="Hội nghị ôn thi vào lớp 10", group="exam", position=2)
    toan = Subject.objects.create(name="Toán", position=1)

    def district(code, name, kind, zone):
        return District.objects.create(
            department=so,
            code=code,
            name=name,
            kind=kind,
            zone=zone,
            office_name=f"Phòng Giáo dục và Đào tạo {District.Kind(kind).label} {name}",
        )

    thanh_tri = district("020", "Thanh Trì", "huyen", "outer")
    chuong_my = district("277", "Chương Mỹ", "huyen", "outer")
    ba_dinh = district("001", "Ba Đình", "quan", "inner")

    def school(code, name, level, district):
        return School.objects.create(code=code, name=name, level=level, district=district)

    return SimpleNamespace(
        so=so,
        programme=programme,
        area=area,
        kind=kind,
        exam=exam,
        toan=toan,
        thanh_tri=thanh_tri,
        chuong_my=chuong_my,
        ba_dinh=ba_dinh,
        school_a=school("01020501", "THCS Tả Thanh Oai", "thcs", thanh_tri),
        school_b=school("01277501", "THCS Đại Yên", "thcs", chuong_my),
        school_c=school("01001501", "THCS Phúc Xá", "thcs", ba_dinh),
        school_d=school("01277401", "Tiểu học Đại Yên", "th", chuong_my),
    )


@pytest.fixture
def person(world):
    """Make a person with one seat: person("phong", Role.DISTRICT, district=…)."""

    def make(username, role, full_name=None, **unit):
        user = User.objects.create_user(
            username=username, email=f"{username}@example.vn", password=PASSWORD, full_name=full_name or username
        )
        Membership.objects.create(user=user, role=role, **unit)
        return user

    return make


@pytest.fixture
def so(person, world):
    return person("so", Role.DEPARTMENT, "Chuyên viên Sở", department=world.so)


@pytest.fixture
def lanh_dao(person, world):
    return person("lanhdao", Role.LEADER, "Lãnh đạo Sở", department=world.so)


@pytest.fixture
def phong_thanh_tri(person, world):
    return person("phong.thanh-tri", Role.DISTRICT, "Cán bộ Phòng Thanh Trì", district=world.thanh_tri)


@pytest.fixture
def phong_chuong_my(person, world):
    return person("phong.chuong-my", Role.DISTRICT, "Cán bộ Phòng Chương Mỹ", district=world.chuong_my)


@pytest.fixture
def hieu_truong_a(person, world):
    return person("truong.01020501", Role.PRINCIPAL, "Hiệu trưởng A", school=world.school_a)


@pytest.fixture
def hieu_truong_b(person, world):
    return person("truong.01277501", Role.PRINCIPAL, "Hiệu trưởng B", school=world.school_b)


@pytest.fixture
def can_bo(person, world):
    return person("cbnl", Role.CLERK, "Cán bộ nhập liệu A", school=world.school_a)


@pytest.fixture
def chi_xem(person, world):
    return person("chixem", Role.READER, "Người chỉ xem", department=world.so)


@pytest.fixture
def nguoi_la(person, world):
    """A principal of the same Department who has no part in the pairing."""
    return person("truong.01001501", Role.PRINCIPAL, "Hiệu trưởng trường khác", school=world.school_c)


@pytest.fixture
def nguoi_tinh_khac(person, world):
    """Of another province's Department."""
    nghe_an = Department.objects.create(
        name="Sở Giáo dục và Đào tạo Nghệ An",
        short_name="Sở GD&ĐT Nghệ An",
        superior="UBND tỉnh Nghệ An",
        place="Nghệ An",
        symbol="SGDĐT",
    )
    Programme.objects.create(
        department=nghe_an,
        name="Phòng giúp phòng – Trường giúp trường",
        starts_on=date(2023, 9, 13),
        ends_on=date(2028, 8, 31),
        phase="2023–2028",
    )
    return person("so.nghe-an", Role.DEPARTMENT, "Chuyên viên Sở Nghệ An", department=nghe_an)


@pytest.fixture
def quan_tri(person):
    user = person("quantri", Role.ADMIN, "Quản trị")
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    user.refresh_from_db()
    return user


@pytest.fixture
def as_user():
    """A browser-less client signed in as a person."""

    def sign_in(user):
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return sign_in


def told(answer):
    """What an answer that leads to another page has to say there: [(level, text)], once. The page itself, which would
    take most of a test's time, is not asked for."""
    if answer.status_code != 302:
        pytest.fail(f"{answer.status_code} leads to no other page")
    session = answer.client.session
    session.pop(SessionStorage.session_key, None)
    session.save()
    return [(message.level_tag, str(message)) for message in get_messages(answer.wsgi_request)]


@pytest.fixture
def pdf():
    """An upload that is what its name says: pdf(), pdf("ke-hoach.pdf")."""

    def make(name="ban-ky.pdf", content=b"%PDF-1.7\n% ban ky\n"):
        return SimpleUploadedFile(name, content)

    return make


@pytest.fixture
def district_agreement(world):
    return Agreement.objects.create(
        programme=world.programme,
        tier="district",
        supporting_district=world.thanh_tri,
        supported_district=world.chuong_my,
        starts_on=date(2023, 4, 15),
        ends_on=date(2025, 12, 31),
        signed_on=date(2023, 4, 15),
        signed_at="huyện Thanh Trì",
        number="01/BGN-PGDĐT",
        status="signed",
    )


@pytest.fixture
def draft(world):
    """A school agreement that the Thanh Trì side registered and has not sent yet."""
    return Agreement.objects.create(
        programme=world.programme,
        tier="school",
        supporting_district=world.thanh_tri,
        supported_district=world.chuong_my,
        supporting_school=world.school_a,
        supported_school=world.school_b,
        starts_on=date(2023, 4, 15),
        ends_on=date(2025, 5, 31),
    )


@pytest.fixture
def school_agreement(draft):
    Agreement.objects.filter(pk=draft.pk).update(status="signed", signed_on=date(2023, 4, 15), number="05/BGN-THCS")
    draft.refresh_from_db()
    return draft


@pytest.fixture
def activity(world, school_agreement):
    """Held by school A with school B, whose 12 teachers still wait for B's own word."""
    activity = Activity.objects.create(
        programme=world.programme,
        agreement=school_agreement,
        kind=world.kind,
        subject=world.toan,
        title="Chuyên đề Toán 9 ôn thi vào lớp 10",
        host_school=world.school_a,
        recorded_school=world.school_a,
        held_on=date(2023, 10, 20),
        asked_on=date(2023, 10, 20),
        status="held",
    )
    ActivitySchool.objects.create(
        activity=activity,
        school=world.school_a,
        district=world.thanh_tri,
        teacher_turns=24,
        manager_turns=2,
        confirmed_at=timezone.now(),
    )
    ActivitySchool.objects.create(activity=activity, school=world.school_b, district=world.chuong_my, teacher_turns=12)
    activity.store_totals()
    return activity


@pytest.fixture
def support(world, school_agreement):
    return Support.objects.create(
        programme=world.programme,
        agreement=school_agreement,
        giver_school=world.school_a,
        giver_district=world.thanh_tri,
        receiver_school=world.school_b,
        receiver_district=world.chuong_my,
        kind="in_kind",
        title="20 bộ sách giáo khoa lớp 6",
        value_vnd=6_000_000,
        estimate_note="theo giá bìa",
        pledged_on=date(2023, 10, 1),
        delivered_on=date(2023, 10, 20),
        status="delivered",
    )


@pytest.fixture
def period(world, school_agreement):
    """Sơ kết 2023-2024, opened for every unit of the pairing; nobody has to write anything."""
    period = ReportingPeriod.objects.create(
        programme=world.programme,
        school_year=2023,
        cut_off_on=date(2024, 5, 31),
        due_on=date(2024, 6, 15),
        required_sections=[],
    )
    period.open()
    return period


@pytest.fixture
def press(monkeypatch):
    """Stands for WeasyPrint where a test is not about the paper: press.result is what it gives, or raises."""

    class Press:
        result = b"%PDF-1.7 mau"

        def __call__(self, content, progress, mark=None):
            progress(50, "giữa chừng")
            if isinstance(self.result, Exception):
                raise self.result
            return self.result, 3

    press = Press()
    monkeypatch.setattr("reports.papers.pdf.build_pdf", press)
    return press
