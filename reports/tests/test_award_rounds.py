"""A round of awards from the call for nominations to the certificates, through the front door."""

import io
import zipfile
from datetime import date, timedelta

import pdfplumber
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document

from accounts.models import Notification
from reports.awards import evidence as award_evidence
from reports.awards.annex import awards_annex
from reports.awards.law import laws_on
from reports.content import report_content
from reports.facts import Facts
from reports.models import Award, AwardMeeting, AwardOffer, AwardRound, CertificateFile, Nomination, OutgoingPaper
from reports.papers.minutes import minutes
from reports.papers.word import DECISION as DECISION_TEMPLATE
from reports.papers.word import MINUTES
from reports.papers.word_templates.decision import decision_template
from reports.papers.word_templates.minutes import minutes_template
from reports.scope import Scope
from reports.tests.reading import MM, find, plain, style, words_in_top_margin
from twinning.models import School
from twinning.tasks import do_job

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 20)
DETAILS = "quy định chi tiết thi hành một số điều của Luật Thi đua, khen thưởng"
DECISION = {
    "number": "",
    "decided_on": "20/6/2025",
    "issuer": "Giám đốc Sở Giáo dục và Đào tạo Hà Nội",
    "signer_title": "KT. GIÁM ĐỐC",
    "signer_name": "Trần Văn Mẫu",
}
MEETING = {
    "council": "Hội đồng Thi đua, Khen thưởng Sở Giáo dục và Đào tạo Hà Nội",
    "number": "07/BB-HĐTĐKT",
    "held_on": "9/6/2025",
    "starts_at": "08:00",
    "ends_at": "10:30",
    "place": "Phòng họp số 1",
    "members": "9",
    "present": "8",
    "attendees": "Trần Văn Mẫu, Phó Giám đốc\nLê Thị Mẫu, Chánh Văn phòng",
    "absent": "Đỗ Văn Mẫu, đi công tác",
    "chair_name": "Trần Văn Mẫu",
    "chair_title": "Phó Giám đốc, Chủ tịch Hội đồng",
    "secretary_name": "Lê Thị Mẫu",
    "secretary_title": "Chánh Văn phòng",
    "course": "Các thành viên trao đổi, thống nhất.",
}


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(f"{TODAY} 09:00 +07:00")


@pytest.fixture
def award_round(world):
    award_round = AwardRound.objects.create(
        programme=world.programme,
        name="Xét khen năm học 2024-2025",
        school_year=2024,
        opens_on=date(2025, 5, 1),
        due_on=TODAY + timedelta(days=10),
        status="open",
    )
    award_round.offers.create(form="giay_khen", issuer="Giám đốc Sở Giáo dục và Đào tạo Hà Nội")
    return award_round


@pytest.fixture
def nominate(award_round, world):
    """Make a nomination past the form: of school A unless said otherwise."""

    def make(**fields):
        fields = {
            "round": award_round,
            "offer": award_round.offers.get(),
            "kind": "collective",
            "school": world.school_a,
            "district": world.thanh_tri,
            "achievement": "Tổ chức nhiều chuyên đề liên trường",
            "citation": "Giúp đỡ trường bạn ôn thi vào lớp 10",
            "submitted_on": date(2025, 5, 20),
        } | fields
        return Nomination.objects.create(**fields)

    return make


def action(thing, slug):
    return reverse(f"{thing._meta.model_name}_action", args=[thing.pk, slug])


def errors(response):
    form = response.context["form"]
    return str(form.errors) + str([str(message) for message in response.context.get("messages") or ()])


def status(thing):
    return type(thing).objects.get(pk=thing.pk).status


def said(response):
    return [str(message) for message in response.context["messages"]]


# --- The whole way ----------------------------------------------------------------------------------------------------


def test_from_opening_to_the_decision(as_user, so, phong_thanh_tri, hieu_truong_a, chi_xem, nguoi_la, world):
    department, office, school = as_user(so), as_user(phong_thanh_tri), as_user(hieu_truong_a)
    new = {
        "name": "Xét khen năm học 2024-2025",
        "school_year": "2024",
        "opens_on": "1/5/2025",
        "due_on": "30/6/2025",
        "conditions": "Có giao ước.",
        "comment_days": "7",
        "pass_percent": "50",
    }
    assert department.post(reverse("awardround_create"), new).status_code == 302
    award_round = AwardRound.objects.get()
    assert award_round.offers.get().issuer == "Giám đốc Sở Giáo dục và Đào tạo Hà Nội"
    assert school.get(award_round.get_absolute_url()).status_code == 404, "still being prepared"
    department.post(action(award_round, "mo"))
    assert Notification.objects.filter(user=phong_thanh_tri).count() == 1

    # The school nominates itself and a teacher.
    page = reverse("nomination_create", args=[award_round.pk])
    assert "Số liệu có thể dẫn" in school.get(page).content.decode()
    offer = award_round.offers.get().pk
    typed = {"offer": offer, "citation": "Giúp trường bạn", "achievement": "Ba chuyên đề."}
    assert school.post(page, typed | {"kind": "collective"}).status_code == 302
    nameless = school.post(page, typed | {"kind": "individual"})
    assert nameless.status_code == 422
    assert "họ và tên" in errors(nameless)
    person = typed | {"kind": "individual", "full_name": "Nguyễn Thị Mẫu", "position": "Giáo viên Toán"}
    school.post(page, person)
    own, teacher = Nomination.objects.order_by("pk")
    again = school.post(page, person | {"achievement": "Viết lại"})
    assert again.status_code == 422
    assert "đã có đề nghị" in errors(again)
    assert office.get(own.get_absolute_url()).status_code == 404, "a draft is of who writes it"
    for nomination in (own, teacher):
        school.post(action(nomination, "gui"))
    assert status(own) == "district"
    assert Nomination.objects.get(pk=own.pk).submitted_on == TODAY

    # The office endorses with its order, the Department takes both to the council.
    assert as_user(nguoi_la).get(own.get_absolute_url()).status_code == 404
    for rank, nomination in enumerate((own, teacher), 1):
        office.post(action(nomination, "de-nghi"), {"rank": rank, "review": "Đồng ý"})
    department.post(action(award_round, "khoa-so"))
    chosen = {"chosen": [own.pk, teacher.pk]}
    department.post(reverse("awardround_shortlist", args=[award_round.pk]), chosen)
    assert {status(own), status(teacher)} == {"council"}
    early = department.post(action(award_round, "cong-khai"), {"published_on": "10/6/2025"}, follow=True)
    assert any("biên bản" in text for text in said(early)), "no list before the minutes"
    votes = {f"for_{own.pk}": "8", f"for_{teacher.pk}": "4", f"against_{teacher.pk}": "4"}
    assert department.post(reverse("awardround_meeting", args=[award_round.pk]), MEETING | votes).status_code == 302
    before = department.post(action(award_round, "cong-khai"), {"published_on": "8/6/2025"}, follow=True)
    assert any("họp ngày 9/6/2025" in text for text in said(before)), "nor before the council met"
    department.post(action(award_round, "cong-khai"), {"published_on": "10/6/2025"})
    assert (status(own), status(teacher)) == ("published", "dropped"), "4 of 9 is not more than half"
    assert "4/8 phiếu" in school.get(teacher.get_absolute_url()).content.decode()

    # The whole sector reads the list and says something; the Department alone reads what is said.
    public = reverse("award_public_list", args=[award_round.pk])
    for reader in (chi_xem, nguoi_la):
        assert "THCS Tả Thanh Oai" in as_user(reader).get(public).content.decode()
    AwardRound.objects.filter(pk=award_round.pk).update(comment_days=30)
    comment = reverse("award_comment", args=[award_round.pk])
    as_user(nguoi_la).post(comment, {"nomination": own.pk, "body": "Xin xem lại số liệu."})
    assert "Xin xem lại" in department.get(public).content.decode()
    assert "Xin xem lại" in as_user(nguoi_la).get(public).content.decode(), "and who said it"
    assert "Xin xem lại" not in school.get(public).content.decode()
    decide = reverse("awardround_decide", args=[award_round.pk, offer])
    hasty = department.post(decide, DECISION)
    assert hasty.status_code == 422
    assert "10/7/2025" in errors(hasty)
    AwardRound.objects.filter(pk=award_round.pk).update(comment_days=7)
    assert as_user(nguoi_la).get(comment).status_code == 404, "the days are over"

    # Decided once, with a number of the portal.
    assert department.post(decide, DECISION).status_code == 302
    assert department.post(decide, DECISION).status_code == 422
    award = Award.objects.get()
    assert (award.decision_number, award.book_number, award.nomination_id) == ("01/QĐ-SGDĐT", 1, own.pk)
    assert (status(own), status(award_round)) == ("awarded", "decided")
    paper = OutgoingPaper.objects.get(symbol="QĐ-SGDĐT")
    assert (paper.number, paper.issued_on) == (1, TODAY), "it is in the register of outgoing papers"
    assert "01/QĐ-SGDĐT" in school.get(world.school_a.get_absolute_url()).content.decode()
    assert "Số sổ khen thưởng" in as_user(chi_xem).get(award.get_absolute_url()).content.decode()
    assert Notification.objects.filter(user=hieu_truong_a, text__contains="đã được khen").exists()


# --- Refusals ---------------------------------------------------------------------------------------------------------


def test_only_the_own_unit_nominates_and_only_while_it_is_time(as_user, award_round, nominate, can_bo, chi_xem, world):
    page = reverse("nomination_create", args=[award_round.pk])
    assert as_user(chi_xem).get(page).status_code == 404
    typed = {
        "offer": award_round.offers.get().pk,
        "kind": "collective",
        "citation": "Giúp trường bạn",
        "achievement": "Ba chuyên đề.",
    }
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
    typed = {
        "offer": award_round.offers.get().pk,
        "kind": "collective",
        "citation": "Chỉ đạo tốt",
        "achievement": "Chỉ đạo các trường.",
    }
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
    typed = {
        "offer": award_round.offers.get().pk,
        "kind": "collective",
        "citation": "Giúp trường bạn",
        "achievement": "Ba chuyên đề.",
    }
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


# --- Forms and criteria -----------------------------------------------------------------------------------------------


def test_forms_with_quotas_and_criteria_with_weights(
    as_user, award_round, nominate, so, hieu_truong_a, phong_thanh_tri
):
    offers, criteria = (reverse(f"awardround_{name}", args=[award_round.pk]) for name in ("offers", "criteria"))
    for other in (hieu_truong_a, phong_thanh_tri):
        assert as_user(other).get(offers).status_code == as_user(other).get(criteria).status_code == 404
    client = as_user(so)
    form = client.get(offers).context["form"]
    given = {"seen": form["seen"].value(), "giay_khen_given": "on", "giay_khen_issuer": "Giám đốc Sở"}
    given |= {"giay_khen_collective_most": "7", "giay_khen_individual_most": "13", "giay_khen_level_thcs": "3"}
    assert client.post(offers, given).status_code == 302
    offer = award_round.offers.get()
    assert (offer.collective_most, offer.individual_most, offer.level_most) == (7, 13, {"thcs": 3})
    nominate()
    fresh = {
        "seen": client.get(offers).context["form"]["seen"].value(),
        "bang_khen_given": "on",
        "bang_khen_issuer": "X",
    }
    taken = client.post(offers, fresh)
    assert taken.status_code == 422
    assert "không bỏ được" in errors(taken)

    form = client.get(criteria).context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    wrong = client.post(criteria, given | {"school_held_points": "90"})
    assert wrong.status_code == 422
    assert "cần đúng 100" in errors(wrong)
    right = given | {"school_held_points": "0", "school_hosted_points": "45", "school_hosted_full": "2"}
    assert client.post(criteria, right).status_code == 302
    assert award_evidence.criteria_of(AwardRound.objects.get(), "school")["hosted"] == (45, 2)


# --- Suggestions ------------------------------------------------------------------------------------------------------


class TestSuggestions:
    @pytest.fixture(autouse=True)
    def _of_that_year(self, award_round, activity, support):
        AwardRound.objects.update(school_year=2023)
        award_round.refresh_from_db()
        type(support).objects.filter(pk=support.pk).update(
            status="received", delivered_on=date(2023, 11, 1), school_year=2023
        )

    def rows_behind(self, client, point):
        page = client.get(point.url)
        assert page.status_code == 200, point.url
        return list(page.context["table"].data.data)

    def test_every_point_opens_its_rows(self, as_user, so, award_round, world):
        found = award_evidence.candidates(award_round, "school")
        best = found[0]
        assert best.unit == world.school_a
        assert best.total == pytest.approx(100)
        client = as_user(so)
        values = {}
        for key, point in zip(award_evidence.criteria_of(award_round, "school"), best.points, strict=True):
            rows = self.rows_behind(client, point)
            values[key] = point.value
            if key == "given":
                assert sum(row.value_vnd for row in rows) == point.value
            elif key == "turns":
                assert sum(u.teacher_turns for row in rows for u in row.units.filter(school=best.unit)) == point.value
            else:
                assert len(rows) == point.value, key
        figures = Scope(world.programme, world.school_a, 2023).figures()
        assert (values["held"], values["turns"]) == (figures["activities_held"].value, figures["teacher_turns"].value)
        other = next(candidate for candidate in found if candidate.unit == world.school_b)
        assert other.values["given"] == 0, "what it received gives no points"

    def test_offices_and_people(self, as_user, so, award_round, activity, world):
        row = activity.units.get(school=world.school_a)
        row.name_teachers([("Nguyễn Thị Mẫu", "speaker"), ("Lê Văn Mẫu", "attend")])
        (person,) = award_evidence.candidates(award_round, "person")
        assert (person.name, person.values["led"], person.values["attended"]) == ("Nguyễn Thị Mẫu", 1, 1)
        assert self.rows_behind(as_user(so), person.points[0]) == [activity]
        best = award_evidence.candidates(award_round, "district")[0]
        assert best.unit == world.thanh_tri
        assert best.values["given"] == 6_000_000
        for point in best.points:
            assert self.rows_behind(as_user(so), point)

    def test_who_sees_whom(self, as_user, award_round, so, phong_chuong_my, hieu_truong_a, chi_xem, nominate):
        page = reverse("awardround_candidates", args=[award_round.pk])
        assert [c.name for c in as_user(phong_chuong_my).get(page).context["shown"]] == ["THCS Đại Yên"]
        for other in (hieu_truong_a, chi_xem):
            assert as_user(other).get(page).status_code == 404
        nominate()
        shown = as_user(so).get(page)
        assert "không phải kết luận" in shown.content.decode()
        assert shown.context["shown"][0].marks == ["đã có đề nghị"]

    def test_many_schools_take_as_many_queries_as_two(self, as_user, so, award_round, activity, world):
        def queries():
            with CaptureQueriesContext(connection) as queries:
                as_user(so).get(reverse("awardround_candidates", args=[award_round.pk]))
            return len(queries)

        two = queries()
        for n in range(8):
            school = School.objects.create(code=f"9{n}", name=f"THCS Số {n}", level="thcs", district=world.ba_dinh)
            activity.units.create(school=school, district=world.ba_dinh, teacher_turns=n + 1)
        assert queries() == two


# --- Papers -----------------------------------------------------------------------------------------------------------


def meeting(award_round):
    return AwardMeeting.objects.create(
        round=award_round,
        **MEETING | {"held_on": date(2025, 6, 9), "starts_at": "08:00", "ends_at": "10:30", "members": 9, "present": 8},
    )


@pytest.fixture
def voted(award_round, nominate, world):
    nominate(status="published", votes_for=8, votes_against=0)
    nominate(
        status="dropped",
        votes_for=3,
        votes_against=5,
        kind="individual",
        full_name="Nguyễn Thị Mẫu",
        position="Giáo viên Toán",
        submitted_on=date(2025, 6, 30),
    )
    meeting(award_round)
    AwardRound.objects.update(status="public", published_on=date(2025, 6, 10))
    return AwardRound.objects.for_list().get()


def texts_of(client, name, *args):
    """The text of the paper at the address `name` as PDF and as Word."""
    pdf, docx = (
        io.BytesIO(b"".join(client.get(reverse(name, args=[*args, form])).streaming_content))
        for form in ("pdf", "docx")
    )
    with pdfplumber.open(pdf, unicode_norm=None) as opened:
        yield plain(" ".join(page.extract_text() for page in opened.pages))
    yield plain(
        " ".join(
            thing.text if hasattr(thing, "text") else " ".join(cell.text for row in thing.rows for cell in row.cells)
            for thing in Document(docx).iter_inner_content()
        )
    )


def is_made_anew(template, path, tmp_path):
    """Whether the Word template at `path` is what make_word_template makes."""
    template.save(made := tmp_path / "made.docx")
    with zipfile.ZipFile(made) as new, zipfile.ZipFile(path) as kept:
        return all(new.read(name) == kept.read(name) for name in ("word/document.xml", "word/styles.xml"))


def test_the_minutes_as_pdf_and_word_say_the_same(as_user, so, hieu_truong_a, voted, tmp_path):
    assert as_user(hieu_truong_a).get(reverse("awardround_minutes", args=[voted.pk, "pdf"])).status_code == 404
    paper = minutes(voted)
    assert not paper["is_draft"]
    assert paper["sections"][0]["paragraphs"] == [
        "- Luật Thi đua, khen thưởng số 06/2022/QH15 ngày 15 tháng 6 năm 2022;",
        f"- Nghị định số 98/2023/NĐ-CP ngày 31 tháng 12 năm 2023 của Chính phủ {DETAILS}.",
    ]
    for text in texts_of(as_user(so), "awardround_minutes", voted.pk):
        for words in (
            "BIÊN BẢN",
            "Số: 07/BB-HĐTĐKT",
            "08 giờ 00 phút, ngày 09 tháng 6 năm 2025",
            "8/9 thành viên hội đồng",
            "Nguyễn Thị Mẫu",
            "3/8",
            "10 giờ 30 phút, ngày 09 tháng 6 năm 2025./.",
            "THƯ KÝ",
            "CHỦ TỌA",
            "Lưu: VT, Hồ sơ",
        ):
            assert words in text, words
        assert "Hà Nội, ngày" not in text, "Mẫu 1.9 has no place and date in its head"
    assert is_made_anew(minutes_template(), MINUTES, tmp_path)


def test_the_decision_before_and_after_it_is_written_down(as_user, so, hieu_truong_a, voted, nominate, tmp_path):
    nominate(status="published", kind="individual", full_name="Lê Thị Mẫu", position="Giáo viên Văn", votes_for=7)
    offer = voted.offers.get()
    url = reverse("award_decision", args=[voted.pk, offer.pk, "pdf"])
    assert as_user(hieu_truong_a).get(url).status_code == 404
    client = as_user(so)
    assert url in client.get(voted.get_absolute_url()).content.decode()
    said = (
        "Về việc tặng Giấy khen cho tập thể, cá nhân có thành tích trong năm học 2024-2025 của phong trào “",
        "GIÁM ĐỐC SỞ GIÁO DỤC VÀ ĐÀO TẠO HÀ NỘI",
        "Căn cứ Luật Thi đua, khen thưởng số 06/2022/QH15",
        "Căn cứ Biên bản họp số 07/BB-HĐTĐKT ngày 09 tháng 6 năm 2025",
        "cho 01 tập thể và 01 cá nhân",
        "Điều 3. Quyết định này có hiệu lực kể từ ngày ký.",
        "Như Điều 3;",
        "DANH SÁCH TẬP THỂ, CÁ NHÂN ĐƯỢC TẶNG GIẤY KHEN",
        "Lê Thị Mẫu",
    )
    for text in texts_of(client, "award_decision", voted.pk, offer.pk):
        assert [words for words in said if words not in text] == []
        assert "ngày … tháng … năm 2025" in text
        assert "Nguyễn Thị Mẫu" not in text, "who did not pass"
    with pdfplumber.open(io.BytesIO(b"".join(client.get(url).streaming_content))) as pdf:
        first, names = pdf.pages
        assert style(first, "Điều 1.") == (14, True, False)
        assert style(first, "Căn cứ Luật")[2], "bases are in italics"
        assert find(names, "Phụ lục")[0] > 90 * MM, "centred"
        assert words_in_top_margin(names) == ["DỰ", "THẢO"], "each annex is numbered on its own"
    decide = reverse("awardround_decide", args=[voted.pk, offer.pk])
    assert client.post(decide, DECISION).status_code == 302
    for text in texts_of(client, "award_decision", voted.pk, offer.pk):
        for words in ("Số: 01/QĐ-SGDĐT", "Hà Nội, ngày 20 tháng 6 năm 2025", "PHÓ GIÁM ĐỐC", "Trần Văn Mẫu"):
            assert words in text, words
        assert "Lê Thị Mẫu" in text
    assert is_made_anew(decision_template(), DECISION_TEMPLATE, tmp_path)


@pytest.mark.parametrize(
    ("day", "symbols"),
    [
        (date(2023, 8, 30), ["15/2003/QH11", "91/2017/NĐ-CP"]),
        (date(2024, 6, 1), ["06/2022/QH15", "98/2023/NĐ-CP"]),
        (date(2025, 7, 1), ["06/2022/QH15", "152/2025/NĐ-CP"]),
        (date(2026, 4, 2), ["06/2022/QH15", "152/2025/NĐ-CP", "15/2025/TT-BNV", "07/2026/TT-BGDĐT"]),
        (
            date(2026, 10, 1),
            ["06/2022/QH15", "06/2026/QH16", "152/2025/NĐ-CP", "15/2025/TT-BNV", "07/2026/TT-BGDĐT"],
        ),
    ],
)
def test_the_law_is_that_of_the_day_of_the_file(day, symbols):
    assert [law["symbol"] for law in laws_on(day)] == symbols


def test_certificates_in_one_file_on_the_blank_form(as_user, so, hieu_truong_a, voted, nominate, world):
    nominate(
        status="published",
        kind="individual",
        full_name="Lê Thị Ánh Mẫu",
        position="Tổ trưởng tổ Toán",
        votes_for=9,
    )
    late = nominate(status="department", school=world.school_b, district=world.chuong_my)
    department = as_user(so)
    offer = voted.offers.get()
    department.post(reverse("awardround_decide", args=[voted.pk, offer.pk]), DECISION | {"number": "150/QĐ-SGDĐT"})
    page = reverse("award_certificates", args=[voted.pk])
    assert as_user(hieu_truong_a).get(page).status_code == 404
    asked = {"decision": offer.decision.pk, "paper": "a3", "layout": "blank", "shift_right": "0", "shift_down": "10"}
    late.refresh_from_db()
    assert late.status == "dropped", "the round is over"
    assert late.events.first().note == "Đợt xét khen đã kết thúc."
    department.post(page, asked)
    department.post(page, asked)
    file = CertificateFile.objects.get()  # pressed twice, made once
    do_job("reports.certificatefile", str(file.pk))
    file.refresh_from_db()
    assert (file.state, file.pages) == ("ready", 2), file.error
    assert as_user(hieu_truong_a).get(file.get_absolute_url()).status_code == 404
    data = b"".join(department.get(file.get_absolute_url()).streaming_content)
    with pdfplumber.open(io.BytesIO(data), unicode_norm=None) as pdf:
        first, second = pdf.pages
        assert (round(first.width), round(first.height)) == (1191, 842), "A3 across"
        assert "THCS Tả Thanh Oai" in plain(first.extract_text())
        text = plain(second.extract_text())
        assert "CỘNG HÒA" not in text, "the blank form has it"
    for words in (
        "Lê Thị Ánh Mẫu",
        "Tổ trưởng tổ Toán, Trường THCS Tả Thanh Oai",
        "Đã có thành tích giúp đỡ trường bạn ôn thi vào lớp 10",
        "Quyết định số 150/QĐ-SGDĐT",
        "Số sổ khen thưởng: 2",
        "PHÓ GIÁM ĐỐC",
        "Trần Văn Mẫu",
    ):
        assert words in text, words
    assert department.get(page).context["form"]["shift_down"].value() == 10, "as it was printed last"


def test_the_annex_of_a_report(voted, nominate, period, world):
    """`period` tells of another school year than the round, until it tells of the same."""
    proposed = nominate(status="department", school=world.school_b, district=world.chuong_my)
    reports = {report.unit: report for report in period.reports.all()}
    units = (world.so, world.thanh_tri, world.school_b)

    def named(unit):
        annex = awards_annex(Facts(reports[unit]))
        return annex and [row["cells"][1] for row in annex["rows"] if row["kind"] == "row"]

    assert [named(unit) for unit in units] == [None, None, None]
    AwardRound.objects.update(school_year=period.school_year)
    assert [named(unit) for unit in units] == [
        ["THCS Đại Yên", "THCS Tả Thanh Oai"],
        ["THCS Tả Thanh Oai"],
        ["THCS Đại Yên"],
    ]
    content = report_content(reports[world.so])
    assert [annex["key"] for annex in content["annexes"]][4:] == ["years", "awards"]
    cells = content["annexes"][-1]["rows"][1]["cells"]
    assert cells == [1, "THCS Đại Yên", "", "huyện Chương Mỹ", proposed.citation, "giấy khen", "đề nghị"]
    last = content["chapters"][-1]
    assert (last["number"], last["heading"]) == ("VII", "Khen thưởng, đề nghị khen thưởng")
    assert last["sections"][0]["paragraphs"][0]["text"] == "Đề nghị khen thưởng 2 tập thể. Danh sách tại Phụ lục VI."
    given = Award.objects.create(
        programme=world.programme, kind="individual", full_name="Lê Thị Mẫu", school=world.school_a,
        district=world.thanh_tri, achievement="Tốt", decision_number="9/QĐ-SGDĐT", decided_on=date(2024, 3, 1),
    )  # fmt: skip

    def told():
        return report_content(reports[world.so])["chapters"][-1]["sections"][0]["paragraphs"][0]["text"]

    assert told().startswith("Đã khen thưởng 1 cá nhân; đề nghị khen thưởng 2 tập thể.")
    Award.objects.filter(pk=given.pk).update(
        status="revoked", revoked_on=date(2024, 5, 1), revoked_number="10/QĐ-SGDĐT"
    )
    assert told().startswith("Đề nghị khen thưởng 2 tập thể."), "what was revoked is told no more"


# --- Lists ------------------------------------------------------------------------------------------------------------


def test_what_waits_is_on_the_first_page_and_lists_do_not_grow_in_queries(
    as_user, award_round, nominate, so, phong_thanh_tri, hieu_truong_a, chi_xem, world
):
    assert "Đang nhận đề nghị khen thưởng" in as_user(hieu_truong_a).get("/").content.decode()
    nominate(status="district")
    assert "1 đề nghị khen thưởng chờ xử lý" in as_user(phong_thanh_tri).get("/").content.decode()
    AwardRound.objects.update(due_on=TODAY - timedelta(days=1))
    assert "Sở khoá nhận đề nghị hoặc lùi hạn" in as_user(so).get("/").content.decode()
    AwardRound.objects.update(due_on=TODAY)
    page = reverse("nomination_list")
    assert not as_user(chi_xem).get(page).context["table"].data.data.exists(), "readers see published lists only"

    def queries():
        with CaptureQueriesContext(connection) as queries:
            as_user(so).get(page)
            as_user(so).get(reverse("awardround_shortlist", args=[award_round.pk]))
        return len(queries)

    nominate(status="department", kind="individual", full_name="Nguyễn Văn Mẫu", position="Giáo viên")
    one = queries()
    for n in range(8):
        nominate(status="department", kind="individual", full_name=f"Nguyễn Mẫu {n}", position="Giáo viên")
    assert queries() == one
    assert timezone.localdate() == TODAY
