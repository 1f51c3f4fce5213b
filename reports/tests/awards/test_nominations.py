"""Who may nominate whom, when and how many; what is refused and what is kept."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Notification
from reports.models import Award, AwardOffer, AwardRound, Nomination
from reports.tests.awards.asking import MEETING, TODAY, action, errors, meeting, said, status
from twinning.models import School

pytestmark = pytest.mark.django_db


def collective(award_round):
    """What the form of a nomination of the own unit sends."""
    offer = award_round.offers.get().pk
    return {"offer": offer, "kind": "collective", "citation": "Giúp trường bạn", "achievement": "Ba chuyên đề."}


def test_only_the_own_unit_nominates_and_only_while_it_is_time(as_user, award_round, nominate, can_bo, chi_xem, world):
    page = reverse("nomination_create", args=[award_round.pk])
    assert as_user(chi_xem).get(page).status_code == 404
    typed = collective(award_round)
    clerk = as_user(can_bo)
    clerk.post(page, typed)
    nomination = Nomination.objects.get()
    refused = clerk.post(action(nomination, "gui"), follow=True)
    assert "không có quyền" in said(refused)[-1], "a clerk writes, the principal sends"
    AwardRound.objects.update(due_on=TODAY - timedelta(days=1))
    assert clerk.get(page).status_code == 404
    assert clerk.get(reverse("nomination_edit", args=[nomination.pk])).status_code == 404


def test_a_late_draft_is_kept_and_told(as_user, award_round, nominate, hieu_truong_a):
    nomination = nominate()
    AwardRound.objects.update(due_on=TODAY - timedelta(days=1))
    response = as_user(hieu_truong_a).post(action(nomination, "gui"), follow=True)
    assert "lùi hạn" in said(response)[-1]
    assert status(nomination) == "draft"


def test_the_quota_of_an_office_and_of_the_round(as_user, award_round, nominate, phong_thanh_tri, so, world):
    award_round.offers.update(collective_per_district=1, collective_most=1)
    first = nominate(status="district")
    second = nominate(
        status="district", school=School.objects.create(code="1", name="THCS B", level="thcs", district=world.thanh_tri)
    )
    office = as_user(phong_thanh_tri)
    office.post(action(first, "de-nghi"), {})
    response = office.post(action(second, "de-nghi"), {}, follow=True)
    assert "chỉ tiêu của mỗi đơn vị trong đợt là 1" in said(response)[-1]
    assert (status(first), status(second)) == ("department", "district")
    # Two at the council, of which the round has one.
    Nomination.objects.update(status="council", votes_for=9, votes_against=0)
    meeting(award_round)
    AwardRound.objects.update(status="reviewing")
    response = as_user(so).post(action(award_round, "cong-khai"), {"published_on": "10/6/2025"}, follow=True)
    assert "2 đề nghị, chỉ tiêu cả đợt là 1" in said(response)[-1]
    award_round.offers.update(collective_most=None, level_most={"thcs": 1})
    response = as_user(so).post(action(award_round, "cong-khai"), {"published_on": "10/6/2025"}, follow=True)
    assert "cấp THCS" in said(response)[-1]


def test_the_same_form_twice_in_a_year(as_user, award_round, nominate, hieu_truong_a, phong_thanh_tri, world):
    given = {
        "programme": world.programme,
        "district": world.thanh_tri,
        "school": world.school_a,
        "achievement": "Khác",
        "decision_number": "15/QĐ-SGDĐT",
        "decided_on": date(2025, 1, 10),
        "issuer": "Giám đốc Sở",
    }
    Award.objects.create(kind="collective", **given)
    Award.objects.create(kind="individual", full_name="Nguyễn Thị Mẫu", **given)
    unit = nominate()
    response = as_user(hieu_truong_a).post(action(unit, "gui"), follow=True)
    assert "15/QĐ-SGDĐT" in said(response)[-1]
    assert status(unit) == "draft"
    # Of a person it is marked only: there are namesakes.
    person = nominate(kind="individual", full_name="Nguyễn Thị Mẫu", position="Giáo viên")
    as_user(hieu_truong_a).post(action(person, "gui"))
    assert status(person) == "district"
    assert "Đã được khen cùng hình thức" in as_user(phong_thanh_tri).get(person.get_absolute_url()).content.decode()


def test_the_reason_of_an_exclusion_is_the_departments_alone(
    as_user, nominate, so, hieu_truong_a, phong_thanh_tri, lanh_dao
):
    nomination = nominate(status="department", kind="individual", full_name="Nguyễn Thị Mẫu", position="Giáo viên")
    given = {"exclusion": "discipline", "exclusion_note": "Theo văn bản số 9"}
    as_user(so).post(action(nomination, "loai-tru"), given)
    assert status(nomination) == "dropped"
    for reader, knows in ((so, True), (lanh_dao, True), (hieu_truong_a, False), (phong_thanh_tri, False)):
        page = as_user(reader).get(nomination.get_absolute_url()).content.decode()
        assert ("kỷ luật" in page, "văn bản số 9" in page) == (knows, knows), reader
    told = Notification.objects.filter(user=hieu_truong_a).latest("pk")
    assert "kỷ luật" not in told.text


def test_an_office_nominates_itself_straight_to_the_department(as_user, award_round, phong_thanh_tri, world):
    page = reverse("nomination_create", args=[award_round.pk])
    typed = collective(award_round)
    client = as_user(phong_thanh_tri)
    client.post(page, typed)
    nomination = Nomination.objects.get()
    assert (nomination.school, nomination.district) == (None, world.thanh_tri)
    client.post(action(nomination, "gui-so"))
    assert status(nomination) == "department"


def test_the_department_nominates_for_a_unit(
    as_user, award_round, nominate, so, lanh_dao, hieu_truong_a, phong_thanh_tri, world
):
    """Past the office above, beside its quota, and not to be changed by the unit."""
    AwardOffer.objects.update(collective_per_district=1)
    page = reverse("nomination_create", args=[award_round.pk])
    typed = collective(award_round)
    department, school, office = as_user(so), as_user(hieu_truong_a), as_user(phong_thanh_tri)
    assert as_user(lanh_dao).get(page).status_code == 404
    asked = department.get(page, {"truong": world.school_a.pk}).content.decode()
    assert "Sở lập thay đơn vị" in asked
    assert "Số liệu có thể dẫn" in asked
    for unit in ({}, {"of_school": world.school_a.pk, "of_office": world.thanh_tri.pk}):
        answer = department.post(page, typed | unit)
        assert (answer.status_code, "Ba chuyên đề." in answer.content.decode()) == (422, True)
    assert department.post(page, typed | {"of_school": world.school_a.pk}).status_code == 302
    nomination = Nomination.objects.get()
    assert (nomination.school, nomination.district) == (world.school_a, world.thanh_tri)
    for client in (school, office):
        assert client.get(nomination.get_absolute_url()).status_code == 404, "still being written"
    assert "Sở GD&amp;ĐT Hà Nội viết xong" in department.get(nomination.get_absolute_url()).content.decode()
    edit = reverse("nomination_edit", args=[nomination.pk])
    assert school.get(edit).status_code == 404
    assert "Sở lập thay đơn vị" in department.get(edit).content.decode()
    department.post(action(nomination, "dua-vao-xet"))
    assert status(nomination) == "department"
    for user in (hieu_truong_a, phong_thanh_tri):
        assert Notification.objects.filter(user=user, text__contains="thay đơn vị").exists()
    assert "Sở lập thay" in school.get(nomination.get_absolute_url()).content.decode()
    school.post(action(nomination, "rut"), {"note": "Không"})
    department.post(action(nomination, "tra-lai"), {"note": "Sửa"})
    assert status(nomination) == "department", "neither the unit nor a way back to it"
    own = nominate(school=None, status="draft", submitted_on=None)
    office.post(action(own, "gui-so"))
    assert status(own) == "department", "the quota of the office is its own"


def test_minutes_saved_meanwhile_are_not_overwritten(as_user, award_round, nominate, so):
    nomination = nominate(status="council")
    page = reverse("awardround_meeting", args=[award_round.pk])
    seen = as_user(so).get(page).context["form"]["seen"].value()
    as_user(so).post(page, MEETING | {"seen": seen, f"for_{nomination.pk}": "7"})
    late = as_user(so).post(page, MEETING | {"seen": seen, f"for_{nomination.pk}": "2"})
    assert late.status_code == 422
    assert "Người khác đã lưu" in errors(late)
    assert Nomination.objects.get().votes_label == "7/8 phiếu đồng ý", "who is not for it is against it"
    AwardRound.objects.update(status="reviewing")
    refused = as_user(so).post(action(award_round, "mo-lai"), {"due_on": "1/6/2025"}, follow=True)
    assert "từ hôm nay" in said(refused)[-1]
