"""Member units and further signatories of each side: who writes them, what is refused, when the other side is asked
again."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notification
from twinning.agreement_text import commitments_hash
from twinning.models import Agreement, FieldComment, Programme, School
from twinning.tests.rows import content, typed

UNION = {"organisation": "Công đoàn Trường THCS Tả Thanh Oai", "full_name": "Lê Thị Cúc", "position": "Chủ tịch"}


@pytest.fixture
def several(world):
    """The programme allows several units a side."""
    Programme.objects.filter(pk=world.programme.pk).update(has_members=True)
    world.programme.refresh_from_db()


@pytest.fixture
def url(draft):
    return reverse("agreement_parties", args=[draft.pk])


@pytest.fixture
def new_school(world):
    def make(name="THCS Vạn Phúc", level="thcs", district=None, **more):
        code = f"x{School.objects.count()}"
        return School.objects.create(code=code, name=name, level=level, district=district or world.thanh_tri, **more)

    return make


def form(supporting=(), supported=(), unions=(), their_unions=()):
    return (
        typed("members-supporting", *({"unit": getattr(unit, "pk", unit)} for unit in supporting))
        | typed("members-supported", *({"unit": getattr(unit, "pk", unit)} for unit in supported))
        | typed("signatories-supporting", *unions)
        | typed("signatories-supported", *their_unions)
    )


def signatories_only(*supporting, supported=()):
    return typed("signatories-supporting", *supporting) | typed("signatories-supported", *supported)


def members(agreement):
    return sorted((m.side, str(m), m.district.name) for m in agreement.members.select_related("school", "district"))


def put(agreement, status, **more):
    Agreement.objects.filter(pk=agreement.pk).update(
        status=status, confirmed_hash=commitments_hash(agreement) if status == "confirmed" else "", **more
    )


# --- Members ----------------------------------------------------------------------------------------------------------


def test_further_schools_join_a_side(world, draft, url, several, new_school, hieu_truong_a, as_user):
    third, fourth = new_school(), new_school("THCS Lam Điền", district=world.chuong_my)
    page = as_user(hieu_truong_a).post(url, form([third], [fourth], [UNION]), follow=True)
    assert members(draft) == [
        ("supported", "THCS Lam Điền", "Chương Mỹ"),
        ("supporting", "THCS Vạn Phúc", "Thanh Trì"),
    ]
    for words in ("THCS Vạn Phúc", "THCS Lam Điền", "Lê Thị Cúc"):
        assert words in content(page)
    event = draft.events.get(action="parties")
    assert "THCS Tả Thanh Oai (huyện Thanh Trì): đơn vị cùng tham gia: thêm THCS Vạn Phúc" in event.note


def test_a_member_changes_sides_and_goes(world, draft, url, several, new_school, hieu_truong_a, as_user):
    client, third = as_user(hieu_truong_a), new_school()
    client.post(url, form([third]))
    client.post(url, form([], [third]))
    assert members(draft) == [("supported", "THCS Vạn Phúc", "Thanh Trì")]
    client.post(url, form())
    assert members(draft) == []


def test_offices_join_an_agreement_of_districts(world, district_agreement, several, phong_thanh_tri, as_user):
    put(district_agreement, "draft", signed_on=None)
    url = reverse("agreement_parties", args=[district_agreement.pk])
    client = as_user(phong_thanh_tri)
    assert "quận Ba Đình" in content(client.get(url))
    client.post(url, form([world.ba_dinh]))
    assert members(district_agreement) == [("supporting", world.ba_dinh.office, "Ba Đình")]
    answer = client.post(url, form([world.chuong_my]))
    assert "là đơn vị chủ trì một bên" in content(answer)


def test_what_cannot_join_is_refused(world, draft, url, several, new_school, nguoi_tinh_khac, hieu_truong_a, as_user):
    client, third = as_user(hieu_truong_a), new_school()
    closed = new_school("THCS Đã đóng", valid_to=date(2024, 5, 31))
    Programme.objects.filter(pk=world.programme.pk).update(school_levels=["thcs"])
    for supporting, supported, message in (
        ([world.school_b], [], "là đơn vị chủ trì một bên"),
        ([world.school_a], [], "là đơn vị chủ trì một bên"),
        ([third, third], [], "đã có trong giao ước này"),
        ([third], [third], "đã có trong giao ước này"),
        ([world.school_d], [], "cấp học này không kết nghĩa trong phong trào"),
        ([closed], [], "không còn hoạt động"),
        ([999_999], [], "Không thấy đơn vị này"),
        (["x"], [], "Không thấy đơn vị này"),
    ):
        answer = client.post(url, form(supporting, supported, [UNION]))
        assert answer.status_code == 422, message
        assert message in content(answer)
        assert "Lê Thị Cúc" in content(answer)  # nothing typed is lost
        assert not draft.members.exists()
        assert not draft.further_signatories.exists()


def test_a_school_of_another_department_cannot_join(world, draft, url, several, nguoi_tinh_khac, quan_tri, as_user):
    """The administrator sees both provinces."""
    other = nguoi_tinh_khac.memberships.get().department
    vinh = world.thanh_tri.__class__.objects.create(
        department=other, code="412", name="Vinh", kind="thanh_pho", zone="inner", office_name="Phòng GD&ĐT Vinh"
    )
    school = School.objects.create(code="40412501", name="THCS Đặng Thai Mai", level="thcs", district=vinh)
    answer = as_user(quan_tri).post(url, form([school]))
    assert answer.status_code == 422
    assert "THCS Đặng Thai Mai không thuộc Sở của phong trào này." in content(answer)


def test_where_a_side_is_one_unit_nobody_joins(draft, url, new_school, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    assert "members-supporting" not in content(client.get(url))
    answer = client.post(url, form([new_school()]))
    assert answer.status_code == 422
    assert "mỗi bên chỉ có một đơn vị" in content(answer)
    assert not draft.members.exists()


def test_a_member_cannot_become_the_lead(world, draft, url, several, new_school, hieu_truong_a, as_user):
    client, third = as_user(hieu_truong_a), new_school("THCS Lam Điền", district=world.chuong_my)
    client.post(url, form([], [third]))
    draft.refresh_from_db()
    draft.supported_school = third
    with pytest.raises(Exception, match="đơn vị cùng tham gia"):
        draft.clean()


# --- Asking again -----------------------------------------------------------------------------------------------------


def test_a_change_of_members_after_confirmation_asks_again(
    world, draft, url, several, new_school, hieu_truong_a, hieu_truong_b, as_user
):
    put(draft, "confirmed")
    client = as_user(hieu_truong_a)
    assert "bên kia sẽ được báo xác nhận lại" in content(client.get(url))
    page = client.post(url, form([new_school()]), follow=True)
    draft.refresh_from_db()
    assert draft.status == "waiting"
    assert "bên kia được báo để xác nhận lại" in content(page)
    assert Notification.objects.filter(user=hieu_truong_b, url=draft.get_absolute_url()).exists()
    assert [event.action for event in draft.events.all()[:2]] == ["revise", "parties"]


def test_a_change_of_signatories_does_not(draft, url, several, hieu_truong_a, as_user):
    put(draft, "confirmed")
    as_user(hieu_truong_a).post(url, form(unions=[UNION]))
    draft.refresh_from_db()
    assert draft.status == "confirmed"
    assert draft.further_signatories.get().full_name == "Lê Thị Cúc"


@pytest.mark.parametrize(("field", "is_open"), [("members", True), ("objectives", False)])
def test_sent_back_with_comments_only_what_was_commented_on_is_open(
    world, draft, url, several, new_school, hieu_truong_a, hieu_truong_b, as_user, field, is_open
):
    put(draft, "returned")
    FieldComment.objects.create(agreement=draft, field=field, text="Xin sửa.", by=hieu_truong_b)
    client = as_user(hieu_truong_a)
    assert ("members-supporting" in content(client.get(url))) == is_open
    client.post(url, form([new_school()]))
    assert draft.members.exists() == is_open


@pytest.mark.parametrize("status", ["waiting", "signed", "expired", "withdrawn"])
def test_nothing_changes_where_the_agreement_is_closed_to_edits(
    draft, url, several, new_school, hieu_truong_a, as_user, status
):
    put(draft, status, signed_on=date(2023, 4, 15) if status in ("signed", "expired") else None)
    client = as_user(hieu_truong_a)
    assert client.get(url).status_code == 404
    assert url not in content(client.get(draft.get_absolute_url()))
    answer = client.post(url, form([new_school()], unions=[UNION]))
    assert answer.status_code == 422
    assert "nên không sửa được nữa" in content(answer)
    assert not draft.members.exists()
    assert not draft.further_signatories.exists()


# --- Signatories ------------------------------------------------------------------------------------------------------


def test_the_other_side_writes_its_own_signatories_only(draft, url, several, new_school, hieu_truong_b, as_user):
    client = as_user(hieu_truong_b)
    page = content(client.get(url))
    assert "signatories-supported-TOTAL_FORMS" in page
    assert "signatories-supporting-" not in page
    assert "members-" not in page
    client.post(url, form([new_school()], unions=[UNION], their_unions=[{**UNION, "full_name": "Đỗ Thị Em"}]))
    assert not draft.members.exists()
    assert [(p.side, p.full_name) for p in draft.further_signatories.all()] == [("supported", "Đỗ Thị Em")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"full_name": "Lê Thị Cúc", "position": "Chủ tịch"}, "Hãy ghi tổ chức người này ký thay"),
        ({"organisation": "Công đoàn"}, "Hãy ghi họ và tên."),
        ({"organisation": "Công đoàn", "full_name": "Lê Thị Cúc"}, "Hãy ghi chức vụ."),
        ({**UNION, "full_name": "A" * 121}, "120"),
    ],
)
def test_half_a_signatory_is_refused(draft, url, hieu_truong_a, as_user, row, message):
    answer = as_user(hieu_truong_a).post(url, signatories_only(row))
    assert answer.status_code == 422
    assert message in content(answer)
    assert not draft.further_signatories.exists()


def test_the_same_signatory_twice_is_refused(draft, url, hieu_truong_a, as_user):
    answer = as_user(hieu_truong_a).post(url, signatories_only(UNION, UNION))
    assert answer.status_code == 422
    assert "Người này đã ghi ở dòng trên." in content(answer)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("hieu_truong_a", True),
        ("hieu_truong_b", True),
        ("can_bo", True),
        ("phong_thanh_tri", True),
        ("quan_tri", True),
        ("so", False),
        ("lanh_dao", False),
        ("chi_xem", False),
        ("nguoi_la", False),
        ("nguoi_tinh_khac", False),
    ],
)
def test_who_may(draft, url, request, as_user, who, may):
    client = as_user(request.getfixturevalue(who))
    assert client.get(url).status_code == (200 if may else 404)
    both = signatories_only(UNION, supported=[UNION])
    client.post(url, both)
    assert draft.further_signatories.exists() == may


def test_the_form_takes_as_many_queries_for_many_members(draft, url, several, new_school, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)

    def queries():
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    def join(count):
        for n in range(count):
            school = new_school(f"THCS Số {n}")
            draft.members.create(side="supporting", school=school, district=school.district)

    join(1)
    few = queries()
    join(12)
    assert queries() == few
