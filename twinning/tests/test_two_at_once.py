"""Two people, or one twice, act on the same agreement: the later one is told who did what; nothing is done twice."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from twinning.life import Refused
from twinning.models import Agreement
from twinning.tests.pairing import SIGNING, act, school_pair, state_of

CREATE = "/giao-uoc/moi/"


@pytest.fixture
def waiting(draft, hieu_truong_a, hieu_truong_b, phong_chuong_my):
    draft.perform("send", hieu_truong_a)
    Notification.objects.all().delete()
    return draft


@pytest.fixture
def meanwhile(monkeypatch):
    """Let somebody else act after the page has found the action possible and before it does it."""

    def arrange(agreement, name, by, **given):
        def require(self, wanted, user):
            monkeypatch.undo()
            self.require(wanted, user)
            Agreement.objects.get(pk=agreement.pk).perform(name, by, **given)

        monkeypatch.setattr(Agreement, "require", require)

    return arrange


# --- Actions --------------------------------------------------------------------------------------------------------


def test_a_second_answer_is_told_who_answered_how_and_when(waiting, hieu_truong_b, phong_chuong_my, as_user):
    act(as_user(phong_chuong_my), waiting, "confirm")
    before = state_of(waiting)
    page = act(as_user(hieu_truong_b), waiting, "return", note="Xin sửa.").content.decode()
    assert re.search(
        r"“Trả lại” không còn làm được: Cán bộ Phòng Chương Mỹ đã “Xác nhận” lúc \d\d:\d\d \d\d/\d\d/\d{4}, "
        r"nay ở trạng thái “đã xác nhận, chờ ký”. Hãy xem lại trang rồi chọn việc tiếp theo.",
        page,
    )
    assert state_of(waiting) == before


def test_a_row_that_changed_after_it_was_loaded_is_not_changed_again(waiting, hieu_truong_b, phong_chuong_my):
    stale = Agreement.objects.get(pk=waiting.pk)
    waiting.perform("confirm", phong_chuong_my)
    before = state_of(waiting)
    with pytest.raises(Refused, match="Cán bộ Phòng Chương Mỹ đã “Xác nhận”"):
        stale.perform("return", hieu_truong_b, note="Xin sửa.")
    assert state_of(waiting) == before
    assert stale.status == "confirmed"


def test_the_faster_of_two_pages_wins(waiting, meanwhile, hieu_truong_b, phong_chuong_my, as_user):
    meanwhile(waiting, "return", phong_chuong_my, note="Xin sửa mục tiêu.")
    page = act(as_user(hieu_truong_b), waiting, "confirm").content.decode()
    assert "“Xác nhận” không còn làm được: Cán bộ Phòng Chương Mỹ đã “Trả lại”" in page
    waiting.refresh_from_db()
    assert waiting.status == "returned"
    assert [event.action for event in waiting.events.all()] == ["return", "send"]


def test_what_the_slower_one_typed_is_not_stored(draft, meanwhile, hieu_truong_a, hieu_truong_b, as_user, pdf):
    Agreement.objects.filter(pk=draft.pk).update(status="confirmed")
    others = {**SIGNING, "number": "09/BGN", "signed_on": draft.starts_on, "signed_at": "Hà Nội"}
    meanwhile(draft, "sign", hieu_truong_b, **others)
    page = act(as_user(hieu_truong_a), draft, "sign", **SIGNING, scan=pdf()).content.decode()
    assert "Hiệu trưởng B đã “Ghi nhận đã ký”" in page
    draft.refresh_from_db()
    assert (draft.number, draft.signed_at) == ("09/BGN", "Hà Nội")
    assert not draft.documents.exists()


def test_a_paper_added_since_is_not_taken_for_the_answer(waiting, hieu_truong_b, phong_chuong_my, as_user, pdf):
    waiting.perform("confirm", phong_chuong_my)
    paper = {"kind": "plan", "file": pdf("ke-hoach.pdf")}
    as_user(hieu_truong_b).post(reverse("agreement_document", args=[waiting.pk]), paper)
    page = act(as_user(hieu_truong_b), waiting, "return", note="Xin sửa.").content.decode()
    assert "Cán bộ Phòng Chương Mỹ đã “Xác nhận”" in page


def test_a_button_pressed_twice_does_it_once(draft, hieu_truong_a, hieu_truong_b, as_user):
    client = as_user(hieu_truong_a)
    act(client, draft, "send")
    page = act(client, draft, "send").content.decode()
    assert "“Gửi bên kia xác nhận” không còn làm được: Hiệu trưởng A đã" in page
    assert draft.events.count() == hieu_truong_b.notifications.count() == 1


def test_a_notice_that_fails_takes_the_action_back(draft, hieu_truong_a, monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(type(Notification.objects.all()), "tell", fail)
    with pytest.raises(RuntimeError):
        draft.perform("send", hieu_truong_a)
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert not draft.events.exists()


# --- Forms ----------------------------------------------------------------------------------------------------------


def test_a_form_posted_twice_makes_one_agreement(world, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    assert client.post(CREATE, school_pair(world)).status_code == 302
    again = client.post(CREATE, school_pair(world))
    assert again.status_code == 422
    assert "Hãy mở giao ước đó thay vì lập thêm." in again.content.decode()
    assert Agreement.objects.count() == 1
    assert Agreement.objects.get().events.count() == 1


def test_two_forms_that_pass_the_check_together_make_one_agreement(world, draft, hieu_truong_a, as_user, monkeypatch):
    """The check sees no other row yet; the database does."""
    monkeypatch.setattr(Agreement, "validate_constraints", lambda self, exclude=None: None)
    page = as_user(hieu_truong_a).post(CREATE, school_pair(world))
    assert page.status_code == 422
    assert "Vừa có người lưu dữ liệu trùng với dữ liệu này. Hãy xem lại danh sách" in page.content.decode()
    assert "Cùng ôn thi vào lớp 10." in page.content.decode()
    assert Agreement.objects.count() == 1


@pytest.fixture
def edit(draft, as_user):
    """Open the edit page of the draft as a person: gives the client, its URL and the form as it stands there."""

    def open_page(person, world):
        client, url = as_user(person), reverse("agreement_edit", args=[draft.pk])
        seen = client.get(url).context["form"]["seen"].value()
        return client, url, school_pair(world, objectives="Lời tôi đã gõ.", seen=seen)

    return open_page


def test_an_edit_over_the_edit_of_another_keeps_what_was_typed(world, draft, edit, hieu_truong_a, can_bo):
    client, url, form = edit(hieu_truong_a, world)
    other, _url, other_form = edit(can_bo, world)
    assert other.post(url, {**other_form, "objectives": "Lời người khác."}).status_code == 302

    page = client.post(url, form)
    assert page.status_code == 422
    text = page.content.decode()
    assert "Người khác đã lưu bản ghi này lúc" in text
    assert "Những gì vừa gõ vẫn còn dưới đây" in text
    assert "Lời tôi đã gõ." in text
    draft.refresh_from_db()
    assert draft.objectives == "Lời người khác."

    # Saving again, having been told, is meant.
    form["seen"] = page.context["form"]["seen"].value()
    assert client.post(url, form).status_code == 302
    draft.refresh_from_db()
    assert draft.objectives == "Lời tôi đã gõ."


def test_an_edit_after_somebody_sent_it_keeps_what_was_typed(world, draft, edit, can_bo, hieu_truong_a):
    client, url, form = edit(can_bo, world)
    draft.perform("send", hieu_truong_a)
    before = state_of(draft)
    page = client.post(url, form)
    assert page.status_code == 422
    text = page.content.decode()
    assert "Không lưu được: Hiệu trưởng A đã “Gửi bên kia xác nhận”" in text
    assert "nay ở trạng thái “chờ bên kia xác nhận” nên không sửa được nữa" in text
    assert "Lời tôi đã gõ." in text
    assert "Người khác đã lưu" not in text
    assert state_of(draft) == before
    assert client.get(url).status_code == 404


def test_an_edit_that_changes_nothing_else_is_stored_with_its_author(world, draft, edit, can_bo):
    client, url, form = edit(can_bo, world)
    assert client.post(url, form).status_code == 302
    draft.refresh_from_db()
    event = draft.events.get()
    assert (event.action, event.by, draft.objectives, draft.status) == ("edit", can_bo, "Lời tôi đã gõ.", "draft")
    assert draft.updated_at > timezone.now() - timedelta(minutes=1)
    assert draft.history.first().history_user == can_bo


@pytest.mark.parametrize("who", ["hieu_truong_b", "phong_chuong_my", "so", "nguoi_la"])
def test_the_other_side_does_not_rewrite(world, draft, request, as_user, who):
    client, url = as_user(request.getfixturevalue(who)), reverse("agreement_edit", args=[draft.pk])
    before = state_of(draft)
    assert client.get(url).status_code == client.post(url, school_pair(world)).status_code == 404
    assert state_of(draft) == before
