"""Who sees and changes what, per model and per role; memberships in time; two memberships of one person."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from twinning import access
from twinning.access import Role
from twinning.models import (
    Agreement,
    AgreementDocument,
    ContentArea,
    Department,
    District,
    Membership,
    PilotSchool,
    Programme,
    School,
    Teacher,
)

ROLES = [
    "quan_tri",
    "so",
    "lanh_dao",
    "chi_xem",
    "phong_thanh_tri",
    "phong_chuong_my",
    "hieu_truong_a",
    "hieu_truong_b",
    "can_bo",
    "nguoi_la",
    "nguoi_tinh_khac",
]
READ_ONLY = {"lanh_dao", "chi_xem"}
OUTSIDE = {"nguoi_tinh_khac"}


@pytest.fixture
def rows(world, district_agreement, school_agreement, so):
    """Model → name → row: the pairing and its papers, and a second pairing of the stranger's school."""
    w = world
    other = Agreement.objects.create(
        programme=w.programme,
        tier="school",
        supporting_district=w.ba_dinh,
        supported_district=w.chuong_my,
        supporting_school=w.school_c,
        supported_school=w.school_d,
        starts_on=w.programme.starts_on,
        ends_on=w.programme.ends_on,
    )

    def paper(agreement):
        file = ContentFile(b"%PDF-1.7", name="ban-ky.pdf")
        file.checked_type = "application/pdf"
        return AgreementDocument.keep(file, so, agreement=agreement)

    return {
        Department: {"sở": w.so},
        Programme: {"phong trào": w.programme},
        ContentArea: {"nội dung": w.area},
        District: {"TT": w.thanh_tri, "CM": w.chuong_my, "BĐ": w.ba_dinh},
        School: {"a": w.school_a, "b": w.school_b, "c": w.school_c, "d": w.school_d},
        Teacher: {
            "a": Teacher.objects.create(school=w.school_a, full_name="Nguyễn Văn An"),
            "c": Teacher.objects.create(school=w.school_c, full_name="Trần Thị Bình"),
        },
        Agreement: {"TT–CM": district_agreement, "a–b": school_agreement, "c–d": other},
        AgreementDocument: {"TT–CM": paper(district_agreement), "a–b": paper(school_agreement), "c–d": paper(other)},
        PilotSchool: {"a": PilotSchool.objects.create(agreement=district_agreement, school=w.school_a)},
    }


ALL_AGREEMENTS = "TT–CM a–b c–d"
# What each person sees of every model, and what the person may change of it ("" is nothing). Readers and leaders of the
# Department see what the Department sees.
SEES = {
    Agreement: {
        "quan_tri": ALL_AGREEMENTS,
        "so": ALL_AGREEMENTS,
        "lanh_dao": ALL_AGREEMENTS,
        "chi_xem": ALL_AGREEMENTS,
        "phong_thanh_tri": "TT–CM a–b",
        "phong_chuong_my": ALL_AGREEMENTS,
        "hieu_truong_a": "TT–CM a–b",
        "hieu_truong_b": "TT–CM a–b",
        "can_bo": "TT–CM a–b",
        "nguoi_la": "c–d",
    },
    PilotSchool: dict.fromkeys(set(ROLES) - {"nguoi_la", "hieu_truong_b"}, "a"),
    Teacher: {
        **dict.fromkeys(["quan_tri", "so", "lanh_dao", "chi_xem"], "a c"),
        **dict.fromkeys(["phong_thanh_tri", "hieu_truong_a", "can_bo"], "a"),
        "nguoi_la": "c",
    },
    Department: dict.fromkeys(ROLES, "sở"),
    Programme: dict.fromkeys(ROLES, "phong trào"),
    ContentArea: dict.fromkeys(ROLES, "nội dung"),
    District: dict.fromkeys(ROLES, "TT CM BĐ"),
    School: dict.fromkeys(ROLES, "a b c d"),
}
SEES[AgreementDocument] = SEES[Agreement]
CHANGES = {
    # The school reads the district agreement above its own, and does not change it.
    Agreement: {
        **SEES[Agreement],
        **dict.fromkeys(["hieu_truong_a", "hieu_truong_b", "can_bo"], "a–b"),
    },
    PilotSchool: SEES[PilotSchool],
    Teacher: SEES[Teacher],
    School: {
        "quan_tri": "a b c d",
        "so": "a b c d",
        "phong_thanh_tri": "a",
        "phong_chuong_my": "b d",
        "hieu_truong_a": "a",
        "hieu_truong_b": "b",
        "nguoi_la": "c",
    },
    **{model: dict.fromkeys(["quan_tri", "so"], SEES[model]["so"]) for model in (Department, Programme, ContentArea, District)},
}
CHANGES[AgreementDocument] = CHANGES[Agreement]


@pytest.mark.parametrize("who", ROLES)
def test_what_each_person_sees_and_changes(rows, request, who):
    person = request.getfixturevalue(who)
    for model, named in rows.items():
        names = {row.pk: name for name, row in named.items()}

        def names_of(queryset, names=names):
            return sorted(names[pk] for pk in queryset.filter(pk__in=names).values_list("pk", flat=True))

        seen = "" if who in OUTSIDE else SEES[model].get(who, "")
        changed = "" if who in OUTSIDE | READ_ONLY else CHANGES[model].get(who, "")
        assert names_of(model.objects.visible_to(person)) == sorted(seen.split(" ") if " " not in model_name(named) else [seen] if seen else []), (model, "visible")
        assert names_of(model.objects.editable_by(person)) == sorted(changed.split(" ") if " " not in model_name(named) else [changed] if changed else []), (model, "editable")
