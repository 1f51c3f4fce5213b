"""Who carries an agreement out: each side writes its own people, one of them the head."""

import pytest
from django.urls import reverse

from twinning.models import Agreement, TaskForceMember
from twinning.tests.rows import content, typed

AN = {"full_name": "Nguyễn Văn An", "position": "Phó Trưởng phòng", "duty": "head"}
BINH = {"full_name": "Trần Thị Bình", "position": "Chuyên viên", "duty": "member"}


@pytest.fixture
def url(district_agreement):
    return reverse("agreement_task_force", args=[district_agreement.pk])


def people(agreement):
    return [(m.side, m.full_name, m.position, m.duty) for m in agreement.task_force.order_by("pk")]


def test_a_side_writes_its_own_people(district_agreement, url, phong_thanh_tri, as_user):
    client = as_user(phong_thanh_tri)
    page = client.get(url)
    assert "supporting-TOTAL_FORMS" in content(page)
    assert "supported-TOTAL_FORMS" not in content(page)
    forged = typed("supported", {"full_name": "Kẻ Lạ", "duty": "head"})
    answer = client.post(url, typed("supporting", AN, BINH, {"full_name": ""}) | forged, follow=True)
    assert people(district_agreement) == [
        ("supporting", "Nguyễn Văn An", "Phó Trưởng phòng", "head"),
        ("supporting", "Trần Thị Bình", "Chuyên viên", "member"),
    ]
    shown = content(answer)
    assert "Nguyễn Văn An" in shown
    assert "tổ trưởng" in shown
    event = district_agreement.events.get(action="task_force")
    assert event.by == phong_thanh_tri
    assert "thêm Nguyễn Văn An (Phó Trưởng phòng), tổ trưởng, Trần Thị Bình (Chuyên viên)" in event.note


def test_the_department_writes_both_sides(district_agreement, url, so, as_user):
    as_user(so).post(url, typed("supporting", AN) | typed("supported", {**AN, "full_name": "Lê Thị Cúc"}))
    assert [(side, name) for side, name, *_rest in people(district_agreement)] == [
        ("supporting", "Nguyễn Văn An"),
        ("supported", "Lê Thị Cúc"),
    ]


def test_what_is_typed_takes_the_place_of_what_was_there(district_agreement, url, phong_thanh_tri, so, as_user):
    """A new head, a row emptied, a row taken away; the other side is left alone."""
    as_user(so).post(url, typed("supporting", AN, BINH) | typed("supported", AN))
    first = {**AN, "duty": "member"}
    data = typed("supporting", first, {**BINH, "duty": "head"}, {**BINH, "full_name": "Đỗ Văn Dũng", "DELETE": "on"})
    as_user(phong_thanh_tri).post(url, data)
    assert people(district_agreement.__class__.objects.get(pk=district_agreement.pk))[-2:] == [
        ("supporting", "Nguyễn Văn An", "Phó Trưởng phòng", "member"),
        ("supporting", "Trần Thị Bình", "Chuyên viên", "head"),
    ]
    assert TaskForceMember.objects.filter(side="supported").count() == 1
    as_user(phong_thanh_tri).post(url, typed("supporting", {"full_name": "", "position": "", "duty": "head"}))
    assert not TaskForceMember.objects.filter(side="supporting").exists()


def test_saving_unchanged_is_no_event(district_agreement, url, phong_thanh_tri, as_user):
    client = as_user(phong_thanh_tri)
    client.post(url, typed("supporting", AN))
    client.post(url, typed("supporting", AN))
    assert district_agreement.events.filter(action="task_force").count() == 1


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([AN, {**BINH, "duty": "head"}], "Mỗi bên chỉ có một tổ trưởng; Nguyễn Văn An đã là tổ trưởng."),
        ([AN, {**AN, "full_name": "nguyễn văn  An", "duty": "member"}], "Người này đã ghi ở dòng trên."),
        ([{"full_name": "", "position": "Chuyên viên"}], "Hãy ghi họ và tên."),
        ([{"full_name": "A" * 121}], "120"),
        ([{**AN, "duty": "king"}], "king"),
        ([{"full_name": f"Người {n}"} for n in range(31)], "Mỗi bên ghi tối đa 30 dòng."),
    ],
)
def test_bad_input_says_what_is_wrong_and_loses_nothing(
    district_agreement, url, phong_thanh_tri, as_user, rows, message
):
    answer = as_user(phong_thanh_tri).post(url, typed("supporting", *rows))
    assert answer.status_code == 422
    assert message in content(answer)
    assert not district_agreement.task_force.exists()
    for row in rows[:2]:
        assert f'value="{row["full_name"]}"' in content(answer) or not row["full_name"]


def test_a_page_sent_in_pieces_is_refused(url, phong_thanh_tri, as_user):
    answer = as_user(phong_thanh_tri).post(url, {"supporting-0-full_name": "An"})
    assert answer.status_code == 422
    assert "Hãy tải lại trang" in content(answer)


def test_two_who_write_at_once_are_told(district_agreement, url, phong_thanh_tri, so, as_user):
    client = as_user(phong_thanh_tri)
    seen = client.get(url).context["form"]["seen"].value()
    as_user(so).post(url, typed("supporting", AN) | typed("supported"))
    answer = client.post(url, typed("supporting", BINH) | {"seen": seen})
    assert answer.status_code == 422
    assert "Người khác đã lưu" in content(answer)
    assert "Trần Thị Bình" in content(answer)
    assert [name for _side, name, *_rest in people(district_agreement)] == ["Nguyễn Văn An"]


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("so", True),
        ("quan_tri", True),
        ("phong_thanh_tri", True),
        ("phong_chuong_my", True),
        ("lanh_dao", False),
        ("chi_xem", False),
        ("hieu_truong_a", False),  # reads the agreement above its own
        ("nguoi_la", False),
        ("nguoi_tinh_khac", False),
    ],
)
def test_who_may(district_agreement, school_agreement, url, request, as_user, who, may):
    client = as_user(request.getfixturevalue(who))
    status = 200 if may else 404
    assert client.get(url).status_code == status
    page = client.get(district_agreement.get_absolute_url())
    assert (url in content(page)) == may
    client.post(url, typed("supporting", AN) | typed("supported", AN))
    assert district_agreement.task_force.exists() == may


def test_a_clerk_writes_for_its_school(school_agreement, can_bo, as_user):
    url = reverse("agreement_task_force", args=[school_agreement.pk])
    as_user(can_bo).post(url, typed("supporting", AN))
    assert school_agreement.task_force.get().side == "supporting"


@pytest.mark.parametrize("status", ["expired", "ended", "withdrawn"])
def test_of_a_closed_agreement_nothing_changes(district_agreement, url, phong_thanh_tri, as_user, status):
    Agreement.objects.filter(pk=district_agreement.pk).update(status=status)
    client = as_user(phong_thanh_tri)
    assert client.get(url).status_code == 404
    assert url not in content(client.get(district_agreement.get_absolute_url()))
    answer = client.post(url, typed("supporting", AN))
    assert answer.status_code == 422
    assert "nên không sửa được nữa" in content(answer)
    assert "Nguyễn Văn An" in content(answer)
    assert not district_agreement.task_force.exists()
