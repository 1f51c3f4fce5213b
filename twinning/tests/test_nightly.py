"""Each night: agreements that are over expire, ends are warned of, partners reminded, the Department told; all once."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification
from reports.scope import Scope
from twinning import nightly
from twinning.models import Agreement, Amendment
from twinning.tasks import watch_agreements
from twinning.tests.pairing import act

NOTHING = {"expired": 0, "warned": 0, "reminded": 0, "told": 0}


@pytest.fixture
def at(time_machine):
    """at("2025-06-01"): it is that day, 4:15 in the morning."""
    return lambda day: time_machine.move_to(f"{day}T04:15:00+07:00")


@pytest.fixture
def signed(school_agreement, at):
    """In effect until 31/5/2025; nothing else is wrong with it but the scan."""
    at("2025-01-10")
    return school_agreement


@pytest.fixture
def waiting(draft, hieu_truong_a, hieu_truong_b, as_user, at):
    """Sent on 3/3/2025."""
    at("2025-03-03")
    act(as_user(hieu_truong_a), draft, "send")
    Notification.objects.all().delete()
    return draft


def texts(person):
    return [notice.text for notice in person.notifications.order_by("pk")]


def rows():
    """Everything a night may change."""
    return (
        list(Agreement.objects.order_by("pk").values_list("pk", "status", "updated_at")),
        list(Notification.objects.order_by("pk").values_list("pk", "key", "text")),
        sum(agreement.events.count() + agreement.history.count() for agreement in Agreement.objects.all()),
    )


# --- Over -----------------------------------------------------------------------------------------------------------


def test_it_expires_the_day_after_its_last_day(signed, at, hieu_truong_a, hieu_truong_b):
    at("2025-05-31")
    assert nightly.watch()["expired"] == 0
    at("2025-06-01")
    assert nightly.watch()["expired"] == 1
    signed.refresh_from_db()
    assert signed.status == "expired"
    event = signed.events.get(action="expire")
    assert (event.by, event.unit, event.actor, event.from_status) == (None, "", "Cổng giao ước", "signed")
    for person in (hieu_truong_a, hieu_truong_b):
        assert "đã hết hạn" in texts(person)[-1]


def test_a_night_done_twice_changes_nothing_more(signed, waiting, at, so, hieu_truong_a, hieu_truong_b, world):
    for day in ("2025-04-02", "2025-06-01"):
        at(day)
        watch_agreements()
        before = rows()
        watch_agreements()
        assert nightly.watch() == NOTHING
        assert rows() == before
    assert Notification.objects.exists()


def test_what_is_expired_still_counts(activity, support, signed, world, at):
    def figures(year):
        return [(figure.key, figure.value) for figure in Scope(world.programme, world.so, year).figures().values()]

    before = {year: figures(year) for year in (2022, 2023, 2024, None)}
    assert ("agreements_live", 1) in before[2023]
    at("2025-06-01")
    assert nightly.watch()["expired"] == 1
    assert {year: figures(year) for year in before} == before
    call_command("check_totals")


def test_what_was_ended_or_never_signed_does_not_expire(signed, draft, at):
    Agreement.objects.update(status="ended", ended_on=date(2025, 2, 1))
    at("2025-06-01")
    assert nightly.watch()["expired"] == 0
    Agreement.objects.update(status="confirmed", ended_on=None)
    assert nightly.watch()["expired"] == 0


def test_nobody_may_do_it_by_hand(signed, at, as_user, so, hieu_truong_a, quan_tri):
    at("2025-06-01")
    for person in (so, hieu_truong_a, quan_tri):
        assert as_user(person).post(reverse("agreement_action", args=[signed.pk, "het-han"])).status_code == 404
    signed.refresh_from_db()
    assert signed.status == "signed"


def test_an_office_hears_only_of_schools_that_have_nobody(signed, at, hieu_truong_a, phong_thanh_tri, phong_chuong_my):
    at("2025-06-01")
    nightly.watch()
    assert len(texts(hieu_truong_a)) == len(texts(phong_chuong_my)) == 1
    assert texts(phong_thanh_tri) == []


def test_one_that_is_broken_stops_no_other(signed, district_agreement, at, monkeypatch, caplog):
    Agreement.objects.filter(pk=district_agreement.pk).update(ends_on=date(2025, 5, 31))
    perform = Agreement.perform

    def fails_for_the_first(agreement, *args, **kwargs):
        perform(agreement, *args, **kwargs)
        if agreement.pk == min(signed.pk, district_agreement.pk):
            raise ZeroDivisionError

    at("2025-06-01")
    monkeypatch.setattr(Agreement, "perform", fails_for_the_first)
    assert nightly.watch()["expired"] == 1
    assert sorted(Agreement.objects.values_list("status", flat=True)) == ["expired", "signed"]
    assert "the nightly watch failed" in caplog.text
    monkeypatch.undo()
    assert nightly.watch()["expired"] == 1, "the next night makes up for it"


# --- The end is near ------------------------------------------------------------------------------------------------


def test_both_sides_are_warned_60_and_15_days_before(signed, at, hieu_truong_a, hieu_truong_b, nguoi_la):
    told = []
    for day in range(70, -1, -1):
        at(signed.ends_on - timedelta(days=day))
        if nightly.watch()["warned"]:
            told.append(day)
    assert told == [60, 15]
    for person in (hieu_truong_a, hieu_truong_b):
        first, second = texts(person)
        assert first == (
            "Giao ước “THCS Tả Thanh Oai – THCS Đại Yên” sắp hết hiệu lực: còn 60 ngày nữa, hết ngày 31/5/2025."
        )
        assert "còn 15 ngày nữa" in second
        notice = person.notifications.first()
        assert notice.url == signed.get_absolute_url()
        assert "lập bản gia hạn" in notice.next_step
    assert texts(nguoi_la) == []


@pytest.mark.parametrize(("first_day", "days"), [(52, ["52", "15"]), (15, ["15"]), (3, ["3"])])
def test_missed_nights_are_made_up_for_once(signed, at, hieu_truong_a, first_day, days):
    for day in range(first_day, 0, -1):
        at(signed.ends_on - timedelta(days=day))
        nightly.watch()
    assert [text.split("còn ")[1].split()[0] for text in texts(hieu_truong_a)] == days


def test_on_the_last_day_it_says_so(signed, at, hieu_truong_a):
    at(signed.ends_on)
    nightly.watch()
    assert "hôm nay, 31/5/2025, là ngày cuối" in texts(hieu_truong_a)[0]


def test_an_end_that_was_moved_is_warned_of_anew(signed, at, hieu_truong_a):
    at("2025-04-10")
    nightly.watch()
    Agreement.objects.update(ends_on=date(2025, 12, 31))
    nightly.watch()
    assert len(texts(hieu_truong_a)) == 1
    at("2025-11-05")
    nightly.watch()
    assert "hết ngày 31/12/2025" in texts(hieu_truong_a)[1]


def test_who_joins_later_is_warned_too(signed, at, hieu_truong_a, request):
    at("2025-04-10")
    nightly.watch()
    joined = request.getfixturevalue("hieu_truong_b")
    assert nightly.watch()["warned"] == 1
    assert len(texts(joined)) == len(texts(hieu_truong_a)) == 1


def test_a_renewal_that_is_there_is_said(signed, at, hieu_truong_a, draft):
    parties = ("supporting_school", "supported_school", "supporting_district", "supported_district")
    Agreement.objects.create(
        **{name: getattr(signed, name) for name in ("programme", "tier", *parties)},
        starts_on=date(2025, 6, 1),
        ends_on=date(2025, 12, 31),
        renews=signed,
        status="withdrawn",
    )
    at("2025-04-10")
    nightly.watch()
    assert "lập bản gia hạn" in hieu_truong_a.notifications.get().next_step
    Agreement.objects.filter(renews=signed).update(status="expired", signed_on=date(2025, 4, 1))
    at("2025-05-20")
    nightly.watch()
    assert "Bản gia hạn đã lập" in hieu_truong_a.notifications.first().next_step


# --- Nobody answers -------------------------------------------------------------------------------------------------


def test_a_partner_is_reminded_after_seven_days_and_then_weekly(waiting, at, hieu_truong_a, hieu_truong_b):
    reminded = []
    for n in range(1, 31):
        day = date(2025, 3, 3) + timedelta(days=n)
        at(day)
        if nightly.watch()["reminded"]:
            reminded.append(n)
    assert reminded == [8, 15, 22, 29]
    assert texts(hieu_truong_a) == []
    notice = hieu_truong_b.notifications.first()
    assert notice.text == "Giao ước “THCS Tả Thanh Oai – THCS Đại Yên” vẫn chờ đơn vị mình trả lời, đã quá 7 ngày."
    assert notice.next_step == "THCS Đại Yên (huyện Chương Mỹ) xác nhận hoặc trả lại."
    assert notice.url == waiting.get_absolute_url()


def test_never_twice_within_a_week_after_missed_nights(waiting, at, hieu_truong_b):
    for day in ("2025-03-19", "2025-03-24", "2025-03-25", "2025-03-26"):
        at(day)
        nightly.watch()
    days = [timezone.localdate(notice.created_at) for notice in hieu_truong_b.notifications.order_by("pk")]
    assert days == [date(2025, 3, 19), date(2025, 3, 26)]


def test_an_answer_ends_the_reminders_and_sending_again_starts_a_new_week(
    waiting, at, hieu_truong_a, hieu_truong_b, as_user
):
    at("2025-03-09")
    act(as_user(hieu_truong_b), waiting, "return", note="Xin ghi rõ thời gian.")
    at("2025-03-20")
    assert nightly.watch()["reminded"] == 0
    act(as_user(hieu_truong_a), waiting, "send")
    at("2025-03-27")
    assert nightly.watch()["reminded"] == 0
    at("2025-03-28")
    assert nightly.watch()["reminded"] == 1


def test_a_paper_added_while_it_waits_is_no_new_start(waiting, at, hieu_truong_a, as_user, pdf):
    at("2025-03-09")
    as_user(hieu_truong_a).post(
        reverse("agreement_document", args=[waiting.pk]), {"file": pdf("ke-hoach.pdf"), "kind": "plan"}
    )
    assert waiting.events.filter(action="upload").exists()
    at("2025-03-11")
    assert nightly.watch()["reminded"] == 1


def test_a_partner_is_reminded_of_an_amendment_too(signed, at, hieu_truong_a, hieu_truong_b):
    amendment = Amendment.begin(Agreement.objects.for_list().get(pk=signed.pk), "supporting")
    amendment.propose(amendment.base | {"objectives": "Thêm ôn thi vào lớp 10."})
    amendment.store_new()
    amendment.perform("send", hieu_truong_a)
    Notification.objects.all().delete()
    at("2025-01-16")
    assert nightly.watch()["reminded"] == 0
    for day, reminded in [("2025-01-18", 1), ("2025-01-19", 0), ("2025-01-25", 1)]:
        at(day)
        assert nightly.watch()["reminded"] == reminded
    notices = hieu_truong_b.notifications.filter(key__startswith="amendment-waits")
    assert [notice.url for notice in notices] == 2 * [amendment.get_absolute_url()]
    assert notices[0].text.startswith("“Phụ lục số 1")
    assert "đã quá 7 ngày" in notices[0].text
    assert not hieu_truong_a.notifications.filter(key__startswith="amendment-waits").exists()


def test_nobody_is_reminded_of_what_is_over(waiting, at):
    at("2025-06-01")
    assert nightly.watch()["reminded"] == 0


# --- Something is wrong ---------------------------------------------------------------------------------------------


def test_the_department_is_told_once_a_week(signed, at, so, lanh_dao, chi_xem, nguoi_tinh_khac, hieu_truong_a):
    told = []
    for n in range(16):
        day = date(2025, 2, 3) + timedelta(days=n)
        at(day)
        if nightly.watch()["told"]:
            told.append(n)
    assert told == [0, 7, 14]
    for person in (so, lanh_dao):
        assert len(texts(person)) == 3
    notice = so.notifications.first()
    assert notice.text == "1 giao ước cần xem lại: Đã ký nhưng chưa có bản scan (1)."
    assert notice.url == reverse("problem_list")
    assert texts(chi_xem) == texts(nguoi_tinh_khac) == texts(hieu_truong_a) == []


def test_nothing_wrong_is_nothing_said(world, so):
    assert nightly.watch() == NOTHING


def test_an_operator_sees_what_was_done(signed, at, capsys, hieu_truong_a):
    at("2025-06-01")
    call_command("watch_agreements")
    assert "1 giao ước chuyển thành hết hạn." in capsys.readouterr().out
