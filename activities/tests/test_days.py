"""On which days something can be recorded: said before anything is typed, and instead of a form where there is none."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ActivityKind, Support
from activities.tests.recording import activity_form
from twinning.models import Agreement, Programme

ACTIVITY, GIFT, RECEIVED = "/hoat-dong/moi/", "/ho-tro/moi/", "/ho-tro/da-nhan/"


def page(client, url):
    return client.get(url).content.decode()


def period(first, last):
    Programme.objects.update(starts_on=first, ends_on=last)


def test_forms_say_their_days(world, school_agreement, support, hieu_truong_a, as_user):
    client = as_user(hieu_truong_a)
    for url in (ACTIVITY, GIFT, RECEIVED):
        shown = page(client, url)
        assert "Từ 12/12/2022 đến 31/12/2025." in shown, url
        assert 'data-from="2022-12-12"' in shown
        assert 'data-until="2025-12-31"' in shown
        assert "Phong trào đã kết thúc ngày 31/12/2025." in shown
    Support.objects.update(status="pledged", delivered_on=None)
    deliver = reverse("support_action", args=[support.pk, "da-trao"])
    assert "Từ 1/10/2023 đến 31/12/2025." in page(client, deliver)
    period(date(2022, 12, 12), date(2040, 12, 31))
    assert "Phong trào đã kết thúc" not in page(client, ACTIVITY)
    today = timezone.localdate()
    assert f"Từ 1/10/2023 đến hôm nay, {today.day}/{today.month}/{today.year}." in page(client, deliver)


def test_before_the_programme_begins_there_are_only_plans(world, school_agreement, support, hieu_truong_a, as_user):
    period(date(2040, 9, 1), date(2042, 8, 31))
    Support.objects.update(status="pledged", pledged_on=date(2040, 9, 5), delivered_on=None)
    client = as_user(hieu_truong_a)
    assert "Trước ngày ấy chỉ ghi được kế hoạch, cam kết." in page(client, GIFT)
    form = client.get(ACTIVITY).context["form"]
    assert [value for value, _label in form.fields["state"].choices] == ["planned"]
    assert client.post(ACTIVITY, activity_form(world, state="planned", day="1/10/2040")).status_code == 302
    hold = reverse("activity_action", args=[Activity.objects.get().pk, "da-to-chuc"])
    deliver = reverse("support_action", args=[support.pk, "da-trao"])
    for url, day in ((RECEIVED, "1/9/2040"), (hold, "1/9/2040"), (deliver, "5/9/2040")):
        shown = page(client, url)
        assert f"Việc này ghi được từ ngày {day};" in shown, url
        assert "_on" not in shown, "no box for a day"


def test_a_day_that_is_none_is_told_once(school_agreement, hieu_truong_a, as_user):
    """And not compared with the phase as if today had been typed, which is after it."""
    shown = as_user(hieu_truong_a).post(RECEIVED, {"received_on": "32/13/2024"}).content.decode()
    assert shown.count("Hãy ghi ngày, tháng, năm có thật") == 1
    assert "Ngày phải nằm trong thời gian của phong trào" not in shown


@pytest.mark.parametrize("url", [ACTIVITY, GIFT, RECEIVED])
def test_where_nothing_can_be_recorded_the_page_says_why(world, hieu_truong_a, lanh_dao, as_user, url):
    client = as_user(hieu_truong_a)
    ActivityKind.objects.update(is_active=False)
    assert ("chưa có loại hoạt động nào" in page(client, url)) == (url == ACTIVITY)
    ActivityKind.objects.all().delete()
    Programme.objects.all().delete()
    assert "Sở chưa lập phong trào nào trên cổng" in page(client, url)
    assert client.post(url, {}).status_code == 422
    assert as_user(lanh_dao).get(url).status_code == 404


def test_the_plan_says_its_days_and_when_it_is_closed(world, school_agreement, hieu_truong_a, as_user):
    client, url = as_user(hieu_truong_a), reverse("agreement_plan", args=[school_agreement.pk, 2022])
    shown = page(client, url)
    assert "Ngày dự kiến từ 15/4/2023 đến 31/8/2023" in shown
    assert 'data-until="2023-08-31"' in shown
    Agreement.objects.update(status="expired")
    shown = page(client, url)
    assert "Giao ước đã kết thúc ngày 31/5/2025 nên không thêm kế hoạch được nữa." in shown
    assert "Lưu kế hoạch" not in shown
