"""Notices: one's own only, newest first, counted in the header, read by a POST."""

import pytest
from django.urls import reverse

from accounts.models import Notification

LIST = "/thong-bao/"


@pytest.fixture
def notice(hieu_truong_a):
    Notification.objects.tell([hieu_truong_a], "Phòng gửi giao ước, chờ đơn vị mình xác nhận.", "/giao-uoc/")
    return hieu_truong_a.notifications.get()


def test_everyone_told_gets_one_notice_even_when_named_twice(hieu_truong_a, hieu_truong_b):
    Notification.objects.tell([hieu_truong_a, hieu_truong_b, hieu_truong_a], "Có việc mới", "/")
    assert [hieu_truong_a.notifications.count(), hieu_truong_b.notifications.count()] == [1, 1]


def test_one_reads_only_ones_own_notices(as_user, notice, hieu_truong_a, hieu_truong_b):
    assert notice.text in as_user(hieu_truong_a).get(LIST).content.decode()
    page = as_user(hieu_truong_b).get(LIST).content.decode()
    assert notice.text not in page
    assert "Chưa có thông báo nào. Khi có việc cần thầy/cô xử lý, cổng sẽ báo ở đây." in page


def test_opening_a_notice_marks_it_read_and_leads_to_its_page(as_user, notice, hieu_truong_a):
    client = as_user(hieu_truong_a)
    assert "1 thông báo chưa đọc" in client.get(LIST).content.decode()
    response = client.post(reverse("notification_open", args=[notice.pk]))
    assert (response.status_code, response.url) == (302, "/giao-uoc/")
    notice.refresh_from_db()
    first_read = notice.read_at
    assert first_read
    assert "0 thông báo chưa đọc" in client.get(LIST).content.decode()
    client.post(reverse("notification_open", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.read_at == first_read


def test_a_get_opens_nothing(as_user, notice, hieu_truong_a):
    client = as_user(hieu_truong_a)
    for name, args in (("notification_open", [notice.pk]), ("notification_read_all", [])):
        assert client.get(reverse(name, args=args)).status_code == 405
    assert hieu_truong_a.notifications.unread().count() == 1


def test_nobody_opens_the_notice_of_another(as_user, notice, hieu_truong_b, quan_tri):
    for person in (hieu_truong_b, quan_tri):
        assert as_user(person).post(reverse("notification_open", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_read_all_reads_only_ones_own(as_user, notice, hieu_truong_a, hieu_truong_b):
    Notification.objects.tell([hieu_truong_a, hieu_truong_b], "Việc khác", "/")
    client = as_user(hieu_truong_a)
    assert "Đánh dấu đã đọc hết" in client.get(LIST).content.decode()
    client.post(reverse("notification_read_all"))
    assert hieu_truong_a.notifications.unread().count() == 0
    assert hieu_truong_b.notifications.unread().count() == 1
    assert "Đánh dấu đã đọc hết" not in client.get(LIST).content.decode()


def test_newest_first_thirty_a_page(as_user, hieu_truong_a):
    for n in range(31):
        Notification.objects.tell([hieu_truong_a], f"Việc số {n}.", "/")
    client = as_user(hieu_truong_a)
    first, second = (client.get(LIST, {"page": page}).content.decode() for page in (1, 2))
    assert "Trang 1/2" in first
    assert first.index("Việc số 30.") < first.index("Việc số 29.")
    assert "Việc số 0." not in first
    assert "Việc số 0." in second


def test_a_notice_never_carries_markup(as_user, hieu_truong_a):
    Notification.objects.tell([hieu_truong_a], "<b onclick=x>đậm</b>", "/")
    page = as_user(hieu_truong_a).get(LIST).content.decode()
    assert "<b onclick" not in page
    assert "&lt;b onclick" in page
