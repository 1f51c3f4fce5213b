"""A round of awards from the call for nominations to the certificates, through the front door."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from reports.awards import evidence as award_evidence
from reports.models import Award, AwardRound, Nomination, OutgoingPaper
from reports.tests.awards.asking import DECISION, MEETING, TODAY, action, errors, said, status

pytestmark = pytest.mark.django_db


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
