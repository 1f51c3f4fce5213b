"""Feedback on an activity: one answer a device, shown from five on, taken for a week."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from activities import check_in_code
from activities.models import Activity, CheckIn, Feedback
from activities.tests.check_in.morning import DAY, words


@pytest.fixture
def tell(planned):
    def tell(client=None, **answers):
        data = {"useful": 5, "applicable": 4, "comment": "", **answers}
        code = check_in_code.feedback_code(planned.pk)
        return (client or Client()).post(reverse("feedback", args=[code]), data)

    return tell


def test_feedback_shows_from_five_answers_on(planned, tell, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    for n in range(4):
        assert "Cảm ơn thầy/cô đã góp ý" in words(tell(useful=n + 1, comment=f"Ý kiến số {n}"))
    page = words(client.get(planned.get_absolute_url()))
    assert "Đã có 4 góp ý" in page
    assert "Ý kiến số" not in page
    assert "/ 5" not in page
    tell(useful=5)
    page = words(client.get(planned.get_absolute_url()))
    assert "5 góp ý, không ghi tên" in page
    assert "3,0 / 5" in page
    assert "4,0 / 5" in page
    assert "Ý kiến số 2" in page


def test_one_answer_a_device_and_none_leads_to_its_check_in(planned, send, tell):
    phone = Client()
    send(client=phone)
    tell(client=phone, comment="Nên có thêm thời gian.")
    assert "Máy này đã gửi góp ý rồi" in words(tell(client=phone))
    answer, check_in = Feedback.objects.get(), CheckIn.objects.get()
    assert answer.device_hash != check_in.device_hash
    assert [field.name for field in Feedback._meta.fields if field.is_relation] == ["activity"]
    assert answer.day == DAY


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"useful": ""}, "Hãy chọn một mức từ 1 đến 5."),
        ({"applicable": "9"}, "9"),
        ({"comment": "Gọi tôi 0912 345 678"}, "có vẻ là số căn cước hoặc số điện thoại"),
        ({"comment": "x" * 501}, "Ý kiến dài quá 500 chữ cái"),
    ],
)
def test_bad_answers_are_refused_and_stay(tell, answers, told):
    page = tell(**{"comment": "Rất hay", **answers})
    assert page.status_code == 422
    assert told in words(page)
    assert answers.get("comment", "Rất hay") in page.content.decode()
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(("away", "status"), [(1, 410), (0, 200), (-7, 200), (-8, 410)])
def test_feedback_is_taken_for_a_week(planned, tell, away, status):
    Activity.objects.filter(pk=planned.pk).update(planned_on=DAY + timedelta(days=away))
    assert tell().status_code == status


def test_a_forged_feedback_code_is_refused(planned):
    assert Client().get(reverse("feedback", args=["2-222222222"])).status_code == 404
