"""Returned on named fields, changed after confirmation, frozen and corrected after signing, numbered in order."""

from datetime import date

import pytest
from django.urls import reverse

from twinning.models import Agreement, NumberSeries, Programme, School
from twinning.tests.pairing import SIGNING, act, school_pair


def edit(client, agreement, world, **changes):
    url = reverse("agreement_edit", args=[agreement.pk])
    page = client.get(url)
    form = school_pair(world, kind=agreement.kind, seen=page.context["form"]["seen"].value(), **changes)
    return client.post(url, form, follow=True)


@pytest.fixture
def sent(draft, hieu_truong_a, as_user):
    draft.content_areas.set(draft.programme.content_areas.all())
    draft.objectives = "Cùng ôn thi vào lớp 10."
    draft.save()
    act(as_user(hieu_truong_a), draft, "send")
    draft.refresh_from_db()
    return draft


@pytest.fixture
def confirmed(sent, hieu_truong_b, as_user):
    act(as_user(hieu_truong_b), sent, "confirm")
    sent.refresh_from_db()
    return sent


# --- Comments on fields ---------------------------------------------------------------------------------------------


def test_the_form_of_returning_shows_each_field_and_what_it_says(sent, hieu_truong_b, as_user):
    page = as_user(hieu_truong_b).get(reverse("agreement_action", args=[sent.pk, "tra-lai"]))
    shown = {label: said for label, said, _field in page.context["form"].rows()}
    assert shown["Mục tiêu, nội dung chung"] == "Cùng ôn thi vào lớp 10."
    assert shown["Đến hết ngày"] == "31/5/2025"
    assert shown["Trường hỗ trợ"] == "THCS Tả Thanh Oai"
    assert "Bộ môn" not in shown


def test_a_return_without_any_reason_is_refused_and_keeps_what_was_typed(sent, hieu_truong_b, as_user):
    answer = act(as_user(hieu_truong_b), sent, "return", note=" ", on_objectives="  ")
    assert answer.status_code == 422
    assert "ý kiến về từng mục dưới đây" in answer.content.decode()
    sent.refresh_from_db()
    assert sent.status == "waiting"


def test_a_comment_reopens_just_its_field(sent, world, hieu_truong_a, hieu_truong_b, as_user):
    act(as_user(hieu_truong_b), sent, "return", on_ends_on="Xin kéo dài đến hết năm 2025.")
    comment = sent.comments.get()
    assert (comment.field, comment.text, comment.by) == ("ends_on", "Xin kéo dài đến hết năm 2025.", hieu_truong_b)
    client = as_user(hieu_truong_a)
    assert "Đến hết ngày:</span> Xin kéo dài đến hết năm 2025." in client.get(sent.get_absolute_url()).content.decode()
    edit(client, sent, world, ends_on="31/12/2025", objectives="Đổi cả mục tiêu.", supporting_school=world.school_c.pk)
    sent.refresh_from_db()
    assert sent.ends_on == date(2025, 12, 31)
    assert sent.objectives == "Cùng ôn thi vào lớp 10."
    assert sent.supporting_school == world.school_a


def test_sending_again_answers_the_comments(sent, world, hieu_truong_a, hieu_truong_b, as_user):
    act(as_user(hieu_truong_b), sent, "return", on_ends_on="Xin kéo dài.")
    act(as_user(hieu_truong_a), sent, "send")
    assert not sent.comments.open().exists()
    act(as_user(hieu_truong_b), sent, "return", note="Xin xem lại tất cả.")
    sent.refresh_from_db()
    assert sent.reopened_fields() is None
    edit(as_user(hieu_truong_a), sent, world, objectives="Mục tiêu mới.")
    sent.refresh_from_db()
    assert sent.objectives == "Mục tiêu mới."


# --- After confirmation ---------------------------------------------------------------------------------------------


def test_a_change_of_commitments_asks_the_other_side_again(confirmed, world, hieu_truong_a, hieu_truong_b, as_user):
    hieu_truong_b.notifications.all().delete()
    answer = edit(as_user(hieu_truong_a), confirmed, world, objectives="Cùng ôn thi vào lớp 10, mỗi tháng hai buổi.")
    assert "bên kia được báo để xác nhận lại" in answer.content.decode()
    confirmed.refresh_from_db()
    assert confirmed.status == "waiting"
    assert confirmed.events.get(action="revise").note == "Đã đổi: Mục tiêu, nội dung chung."
    assert "cần xác nhận lại" in hieu_truong_b.notifications.get().text
    act(as_user(hieu_truong_b), confirmed, "confirm")
    act(as_user(hieu_truong_a), confirmed, "sign", **SIGNING)
    confirmed.refresh_from_db()
    assert confirmed.status == "signed"


@pytest.mark.parametrize("small", ["Cùng ôn thi, vào lớp 10", "cùng  ôn thi vào lớp 10 !"])
def test_a_small_correction_does_not(confirmed, world, hieu_truong_a, as_user, small):
    edit(as_user(hieu_truong_a), confirmed, world, objectives=small)
    confirmed.refresh_from_db()
    assert confirmed.status == "confirmed"
    assert confirmed.objectives.lower().startswith("cùng")


def test_changed_content_areas_and_parties_ask_again_too(confirmed, world, hieu_truong_a, as_user):
    edit(as_user(hieu_truong_a), confirmed, world, content_areas=[])
    confirmed.refresh_from_db()
    assert confirmed.status == "waiting"


def test_a_clerk_may_not_reopen_what_was_confirmed(confirmed, world, can_bo, as_user):
    answer = edit(as_user(can_bo), confirmed, world, objectives="Khác hẳn, mỗi tuần một buổi.")
    assert answer.status_code == 422
    assert "không có quyền làm việc này" in answer.content.decode()
    confirmed.refresh_from_db()
    assert (confirmed.status, confirmed.objectives) == ("confirmed", "Cùng ôn thi vào lớp 10.")


def test_a_text_that_is_not_the_confirmed_one_is_not_signed(confirmed, hieu_truong_a, as_user):
    """By whatever way it changed: an import, another page."""
    Agreement.objects.filter(pk=confirmed.pk).update(objectives="Một nội dung khác.")
    answer = act(as_user(hieu_truong_a), confirmed, "sign", **SIGNING)
    assert "đã khác bản bên kia xác nhận" in answer.content.decode()
    confirmed.refresh_from_db()
    assert confirmed.status == "confirmed"


# --- After signing --------------------------------------------------------------------------------------------------


def test_the_signed_text_is_frozen(confirmed, world, hieu_truong_a, as_user):
    act(as_user(hieu_truong_a), confirmed, "sign", **SIGNING)
    School.objects.filter(pk=world.school_a.pk).update(name="THCS Tên Mới")
    Programme.objects.update(name="Tên phong trào đã đổi")
    confirmed.refresh_from_db()
    assert confirmed.frozen["parties"][0]["unit"] == "Trường THCS Tả Thanh Oai"
    assert confirmed.frozen["objectives"] == "Cùng ôn thi vào lớp 10."
    assert confirmed.frozen["number"] == "05/BGN-THCS"
    assert confirmed.frozen["programme"].startswith("Nhà trường cùng chung tay")


def test_a_second_signature_is_refused(confirmed, hieu_truong_a, hieu_truong_b, as_user):
    act(as_user(hieu_truong_a), confirmed, "sign", **SIGNING)
    answer = act(as_user(hieu_truong_b), confirmed, "sign", **{**SIGNING, "number": "99/BGN"})
    assert "Hiệu trưởng A đã “Ghi nhận đã ký”" in answer.content.decode()
    confirmed.refresh_from_db()
    assert confirmed.number == "05/BGN-THCS"


def test_signed_outside_needs_the_scan_and_no_confirmation(draft, hieu_truong_a, hieu_truong_b, as_user, pdf):
    client = as_user(hieu_truong_a)
    assert set(act(client, draft, "sign_outside", **SIGNING).context["form"].errors) == {"scan"}
    act(client, draft, "sign_outside", **SIGNING, scan=pdf())
    draft.refresh_from_db()
    assert (draft.status, draft.number, draft.documents.get().kind) == ("signed", "05/BGN-THCS", "signed")
    assert "ký ngoài hệ thống" in hieu_truong_b.notifications.get().text


def test_correcting_the_signing_is_told_and_leaves_the_commitments(confirmed, hieu_truong_a, nguoi_la, can_bo, as_user):
    act(as_user(hieu_truong_a), confirmed, "sign", **SIGNING)
    url = reverse("agreement_correct", args=[confirmed.pk])
    form = {name: SIGNING[name] for name in SIGNING if name != "signed_on"}
    for person in (nguoi_la, can_bo):
        assert as_user(person).post(url, form).status_code == 404
    as_user(hieu_truong_a).post(url, {**form, "supporting_signatory": "Nguyễn Văn Ân", "number": "06/BGN-THCS"})
    confirmed.refresh_from_db()
    assert (confirmed.supporting_signatory, confirmed.number) == ("Nguyễn Văn Ân", "06/BGN-THCS")
    assert confirmed.frozen["parties"][0]["representative"] == "Nguyễn Văn Ân"
    event = confirmed.events.first()
    assert (event.action, event.by) == ("correct", hieu_truong_a)
    assert "05/BGN-THCS → 06/BGN-THCS" in event.note


def test_what_is_not_signed_cannot_be_corrected(confirmed, hieu_truong_a, as_user):
    assert as_user(hieu_truong_a).get(reverse("agreement_correct", args=[confirmed.pk])).status_code == 404


# --- Numbers --------------------------------------------------------------------------------------------------------


def make_confirmed(world, other, **changes):
    agreement = Agreement(
        programme=world.programme,
        tier="school",
        supporting_district=world.thanh_tri,
        supporting_school=world.school_a,
        supported_district=other.district,
        supported_school=other,
        starts_on=date(2023, 4, 15),
        ends_on=date(2025, 5, 31),
        status="confirmed",
        **changes,
    )
    agreement.save()
    return agreement


def sign(client, agreement, **changes):
    answer = act(client, agreement, "sign", **{**SIGNING, "number": "", **changes})
    agreement.refresh_from_db()
    return answer


def test_numbers_follow_each_other_by_issuer_kind_and_year(world, phong_thanh_tri, as_user):
    client = as_user(phong_thanh_tri)
    others = [
        School.objects.create(code=f"0127760{n}", name=f"THCS Số {n}", level="thcs", district=world.chuong_my)
        for n in range(5)
    ]
    first, second, third, fourth, fifth = (make_confirmed(world, other) for other in others)
    sign(client, first)
    sign(client, second)
    Agreement.objects.filter(pk=third.pk).update(kind="mou")
    sign(client, third)
    sign(client, fourth, signed_on="15/4/2024")
    Agreement.objects.filter(pk=fifth.pk).update(registered_side="supported")
    sign(as_user(phong_thanh_tri), fifth)
    assert [a.number for a in (first, second, third, fourth, fifth)] == [
        "01/GƯ-THCSTTO",
        "02/GƯ-THCSTTO",
        "01/BGN-THCSTTO",
        "01/GƯ-THCSTTO",
        "01/GƯ-THCSS4",
    ]
    assert NumberSeries.objects.count() == 4


def test_a_number_given_by_hand_is_passed_over(world, phong_thanh_tri, as_user, school_agreement):
    Agreement.objects.filter(pk=school_agreement.pk).update(number="01/GƯ-THCSTTO")
    agreement = make_confirmed(world, world.school_c)
    sign(as_user(phong_thanh_tri), agreement)
    assert agreement.number == "02/GƯ-THCSTTO"


def test_a_duplicate_number_is_taken_with_a_warning(world, phong_thanh_tri, as_user, school_agreement):
    agreement = make_confirmed(world, world.school_c)
    answer = sign(as_user(phong_thanh_tri), agreement, number="05/bgn-thcs")
    assert agreement.status == "signed"
    assert "đã có ở giao ước “THCS Tả Thanh Oai – THCS Đại Yên”" in answer.content.decode()


def test_a_signing_that_fails_leaves_no_gap(world, phong_thanh_tri, as_user):
    agreement = make_confirmed(world, world.school_c)
    Agreement.objects.filter(pk=agreement.pk).update(confirmed_hash="khác")
    sign(as_user(phong_thanh_tri), agreement)
    assert not NumberSeries.objects.exists()
    Agreement.objects.filter(pk=agreement.pk).update(confirmed_hash="")
    sign(as_user(phong_thanh_tri), agreement)
    assert agreement.number == "01/GƯ-THCSTTO"


# --- Tiers ----------------------------------------------------------------------------------------------------------


def test_subject_groups_pair_when_the_programme_has_that_tier(world, hieu_truong_a, as_user, district_agreement):
    client = as_user(hieu_truong_a)
    form = school_pair(world, tier="subject", subject=world.toan.pk, kind="mou")
    assert "tier" in client.post(reverse("agreement_create"), form).context["form"].errors
    Programme.objects.update(has_subject_tier=True)
    assert "subject" in client.post(reverse("agreement_create"), {**form, "subject": ""}).context["form"].errors
    client.post(reverse("agreement_create"), form)
    agreement = Agreement.objects.get(tier="subject")
    assert (agreement.pair, agreement.kind) == ("Toán: THCS Tả Thanh Oai – THCS Đại Yên", "mou")
    assert agreement.umbrella == district_agreement


def test_the_same_pair_may_have_one_agreement_a_tier_and_subject(world, hieu_truong_a, hieu_truong_b, as_user, draft):
    Programme.objects.update(has_subject_tier=True)
    form = school_pair(world, tier="subject", subject=world.toan.pk)
    assert as_user(hieu_truong_a).post(reverse("agreement_create"), form).status_code == 302
    turned = {**form, "supporting_school": world.school_b.pk, "supported_school": world.school_a.pk}
    answer = as_user(hieu_truong_b).post(reverse("agreement_create"), turned)
    assert answer.status_code == 422
    assert "đã có một giao ước" in answer.content.decode()


def test_a_school_of_a_level_that_takes_no_part_is_refused(world, phong_chuong_my, as_user):
    Programme.objects.update(school_levels=["thcs"])
    form = school_pair(world, supported_school=world.school_d.pk)
    answer = as_user(phong_chuong_my).post(reverse("agreement_create"), form)
    assert "Tiểu học Đại Yên thuộc cấp Tiểu học, cấp học này không kết nghĩa" in answer.content.decode()
    assert not Agreement.objects.exists()
