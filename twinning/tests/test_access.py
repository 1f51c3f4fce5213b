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
        Department: {"HN": w.so},
        Programme: {"4340": w.programme},
        ContentArea: {"PPDH": w.area},
        District: {"TT": w.thanh_tri, "CM": w.chuong_my, "BĐ": w.ba_dinh},
        School: {"a": w.school_a, "b": w.school_b, "c": w.school_c, "d": w.school_d},
        Teacher: {
            "a": Teacher.objects.create(school=w.school_a, full_name="Nguyễn Văn An"),
            "c": Teacher.objects.create(school=w.school_c, full_name="Trần Thị Bình"),
        },
        Agreement: {"TT–CM": district_agreement, "a–b": school_agreement, "c–d": other},
        AgreementDocument: {"TT–CM": paper(district_agreement), "a–b": paper(school_agreement), "c–d": paper(other)},
        PilotSchool: {
            "a": PilotSchool.objects.create(agreement=district_agreement, side="supporting", school=w.school_a)
        },
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
    Department: dict.fromkeys(ROLES, "HN"),
    Programme: dict.fromkeys(ROLES, "4340"),
    ContentArea: dict.fromkeys(ROLES, "PPDH"),
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
    **{
        model: dict.fromkeys(["quan_tri", "so"], SEES[model]["so"])
        for model in (Department, Programme, ContentArea, District)
    },
}
CHANGES[AgreementDocument] = CHANGES[Agreement]


@pytest.mark.parametrize("who", ROLES)
def test_what_each_person_sees_and_changes(rows, request, who):
    person = request.getfixturevalue(who)
    for model, named in rows.items():
        names = {row.pk: name for name, row in named.items()}

        def names_in(queryset, names=names):
            return sorted(names[pk] for pk in queryset.values_list("pk", flat=True) if pk in names)

        seen = "" if who in OUTSIDE else SEES[model].get(who, "")
        changed = "" if who in OUTSIDE | READ_ONLY else CHANGES[model].get(who, "")
        assert names_in(model.objects.visible_to(person)) == sorted(seen.split()), model
        assert names_in(model.objects.editable_by(person)) == sorted(changed.split()), model


def test_rows_of_two_sides_are_not_doubled(rows, quan_tri, phong_chuong_my, hieu_truong_a):
    """A path over many rows (an umbrella covers many pairs) gives each row once."""
    Agreement.objects.create(
        programme=rows[Programme]["4340"],
        tier="school",
        supporting_district=rows[District]["TT"],
        supported_district=rows[District]["CM"],
        supporting_school=rows[School]["a"],
        supported_school=rows[School]["d"],
        starts_on=rows[Programme]["4340"].starts_on,
        ends_on=rows[Programme]["4340"].ends_on,
    )
    for person in (quan_tri, phong_chuong_my, hieu_truong_a):
        ids = list(Agreement.objects.visible_to(person).values_list("pk", flat=True))
        assert len(ids) == len(set(ids))


# --- Readers, leaders, clerks through the front door ----------------------------------------------------------------


@pytest.mark.parametrize("who", ["chi_xem", "lanh_dao", "reader_of_a"])
def test_readers_and_leaders_do_not_write(draft, world, person, as_user, request, pdf, who):
    reader = (
        person("doc.a", Role.READER, school=world.school_a) if who == "reader_of_a" else request.getfixturevalue(who)
    )
    client = as_user(reader)
    page = client.get(draft.get_absolute_url()).content.decode()
    for button in ("Sửa", "Thêm", "Gửi bên kia xác nhận", "Rút giao ước"):
        assert f">{button}<" not in page
    assert reverse("agreement_create") not in client.get(reverse("agreement_list")).content.decode()
    for url, form in (
        (reverse("agreement_create"), {}),
        (reverse("agreement_edit", args=[draft.pk]), {}),
        (reverse("agreement_document", args=[draft.pk]), {"kind": "other", "file": pdf()}),
    ):
        assert client.get(url).status_code == 404
        assert client.post(url, form).status_code == 404
    assert not draft.documents.exists()
    answer = client.post(reverse("agreement_action", args=[draft.pk, "gui"]), follow=True)
    assert "không có quyền làm việc này: “Gửi bên kia xác nhận”" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_clerk_records_but_does_not_sign(draft, can_bo, as_user, pdf):
    client = as_user(can_bo)
    assert client.get(reverse("agreement_create")).status_code == 200
    assert client.get(reverse("agreement_edit", args=[draft.pk])).status_code == 200
    paper = {"kind": "plan", "file": pdf("ke-hoach.pdf")}
    assert client.post(reverse("agreement_document", args=[draft.pk]), paper).status_code == 302
    assert draft.documents.get().uploaded_by == can_bo
    for slug in ("gui", "rut"):
        answer = client.post(reverse("agreement_action", args=[draft.pk, slug]), {"note": "x"}, follow=True)
        assert "không có quyền" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_only_a_party_adds_papers(draft, so, phong_chuong_my, hieu_truong_b, as_user, pdf):
    url = reverse("agreement_document", args=[draft.pk])
    assert as_user(so).post(url, {"kind": "other", "file": pdf()}).status_code == 404
    for person in (phong_chuong_my, hieu_truong_b):
        assert as_user(person).post(url, {"kind": "other", "file": pdf()}).status_code == 302
    assert draft.documents.count() == 2


# --- Memberships in time --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "ends", "counts"),
    [(None, None, True), (0, None, True), (None, 0, True), (-9, 9, True), (1, None, False), (None, -1, False)],
)
def test_a_membership_counts_from_its_first_to_its_last_day(hieu_truong_a, draft, as_user, begins, ends, counts):
    today = timezone.localdate()
    hieu_truong_a.memberships.update(
        valid_from=None if begins is None else today + timedelta(begins),
        valid_to=None if ends is None else today + timedelta(ends),
    )
    client = as_user(hieu_truong_a)
    assert client.get(draft.get_absolute_url()).status_code == (200 if counts else 404)
    assert (draft.pair in client.get(reverse("agreement_list")).content.decode()) == counts
    assert bool(access.people_of(school_id=draft.supporting_school_id)) == counts


def test_an_expired_membership_gives_nothing(hieu_truong_a, draft, as_user):
    hieu_truong_a.memberships.update(valid_to=timezone.localdate() - timedelta(1))
    client = as_user(hieu_truong_a)
    assert "chưa được giao vai trò" in client.get("/").content.decode()
    for name in ("agreement_list", "district_list", "school_list"):
        assert "Không có dòng nào khớp" in client.get(reverse(name)).content.decode()
    assert client.get(reverse("school_options"), {"q": "ta"}).json() == {"results": []}
    for name in ("agreement_create", "programme_detail"):
        assert client.get(reverse(name)).status_code == 404
    assert client.post(reverse("agreement_action", args=[draft.pk, "gui"])).status_code == 404


def test_a_closed_account_has_no_seat(hieu_truong_a):
    hieu_truong_a.is_active = False
    assert access.seat(hieu_truong_a) is None
    User.objects.filter(pk=hieu_truong_a.pk).update(is_active=False)
    assert access.people_of(school_id=hieu_truong_a.memberships.get().school_id) == []


@pytest.mark.parametrize(
    ("role", "unit"),
    [("admin", "so"), ("department", None), ("district", "school_a"), ("principal", "thanh_tri"), ("reader", None)],
)
def test_a_role_needs_a_unit_that_fits(world, hieu_truong_a, role, unit):
    field = {"so": "department", "school_a": "school", "thanh_tri": "district"}.get(unit)
    membership = Membership(user=hieu_truong_a, role=role, **({field: getattr(world, unit)} if field else {}))
    with pytest.raises(ValidationError, match="Vai trò và đơn vị không khớp: chọn đúng một đơn vị"):
        membership.full_clean()


# --- Two memberships ------------------------------------------------------------------------------------------------


@pytest.fixture
def second_seat(hieu_truong_a, world):
    """The principal of A is also the officer of Ba Đình."""
    return Membership.objects.create(user=hieu_truong_a, role=Role.DISTRICT, district=world.ba_dinh)


def test_the_header_offers_the_other_seat(hieu_truong_a, second_seat, as_user):
    page = as_user(hieu_truong_a).get(reverse("agreement_list")).content.decode()
    assert "Làm việc với vai trò" in page
    for seat in hieu_truong_a.memberships.all():
        assert f'action="{reverse("seat_take", args=[seat.pk])}"' in page


def test_one_seat_needs_no_switch(hieu_truong_a, as_user):
    assert "Làm việc với vai trò" not in as_user(hieu_truong_a).get(reverse("agreement_list")).content.decode()


def test_switching_changes_what_one_sees_and_stays(hieu_truong_a, second_seat, draft, as_user):
    client = as_user(hieu_truong_a)
    assert client.get(draft.get_absolute_url()).status_code == 200
    answer = client.post(reverse("seat_take", args=[second_seat.pk]), follow=True)
    assert "Đang làm việc với vai trò: Phòng GD&amp;ĐT – Phòng GD&amp;ĐT quận Ba Đình." in answer.content.decode()
    for _visit in range(2):
        assert client.get(draft.get_absolute_url()).status_code == 404
    first = hieu_truong_a.memberships.exclude(pk=second_seat.pk).get()
    client.post(reverse("seat_take", args=[first.pk]))
    assert client.get(draft.get_absolute_url()).status_code == 200


def test_a_get_switches_nothing(hieu_truong_a, second_seat, draft, as_user):
    client = as_user(hieu_truong_a)
    assert client.get(reverse("seat_take", args=[second_seat.pk])).status_code == 405
    assert client.get(draft.get_absolute_url()).status_code == 200


def test_the_seat_of_another_person_cannot_be_taken(hieu_truong_a, second_seat, phong_chuong_my, as_user):
    client = as_user(hieu_truong_a)
    theirs = phong_chuong_my.memberships.get()
    assert client.post(reverse("seat_take", args=[theirs.pk])).status_code == 404
    # Not even when it stands in the session.
    session = client.session
    session["membership"] = theirs.pk
    session.save()
    assert client.get("/giao-uoc/").context["seat"] == hieu_truong_a.memberships.first()


def test_an_expired_seat_cannot_be_taken_and_one_in_use_falls_back(hieu_truong_a, second_seat, draft, as_user):
    client = as_user(hieu_truong_a)
    client.post(reverse("seat_take", args=[second_seat.pk]))
    Membership.objects.filter(pk=second_seat.pk).update(valid_to=timezone.localdate() - timedelta(1))
    assert client.get(draft.get_absolute_url()).status_code == 200
    assert client.post(reverse("seat_take", args=[second_seat.pk])).status_code == 404
