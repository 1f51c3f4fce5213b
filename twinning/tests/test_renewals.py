"""Into the next phase: what is renewed, what is not and why, all as one act, and back again."""

import re
import time
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notification
from twinning.access import Role
from twinning.models import (
    Agreement,
    AgreementMember,
    ContentArea,
    District,
    Programme,
    Renewal,
    School,
    SchoolManagement,
    Signatory,
    UnitSuccession,
)

URL = "/giao-uoc/gia-han/"
ALL_OF_IT = ["to-cong-tac", "truong-diem", "chi-tieu"]


@pytest.fixture(autouse=True)
def _march(time_machine):
    time_machine.move_to("2026-03-02T08:00:00+07:00")


@pytest.fixture
def later(world):
    """2026–2028, with the content of the old programme under another spelling and one of its own."""
    programme = Programme.objects.create(
        department=world.so,
        name="Nhà trường cùng chung tay phát triển",
        starts_on=date(2026, 1, 1),
        ends_on=date(2028, 12, 31),
        phase="2026–2028",
        has_members=True,
    )
    ContentArea.objects.create(programme=programme, name="Đổi mới phương pháp dạy  học", position=1)
    ContentArea.objects.create(programme=programme, name="Chuyển đổi số", position=2)
    return programme


@pytest.fixture
def old(school_agreement, world):
    """Of A and B, until 31/5/2025, expired."""
    lost = ContentArea.objects.create(programme=world.programme, name="Trường học hạnh phúc", position=3)
    school_agreement.content_areas.set([world.area, lost])
    Agreement.objects.filter(pk=school_agreement.pk).update(
        status="expired",
        direction="one_way",
        objectives="Cùng ôn thi.",
        supporting_contents="Cử giáo viên.",
        supported_contents="Bố trí phòng học.",
        kind="mou",
        supporting_signatory="Nguyễn Văn An",
        supporting_position="Hiệu trưởng",
        is_invented=True,
    )
    Signatory.objects.create(
        agreement=school_agreement, side="supporting", organisation="Công đoàn", full_name="Lê Thị C", position="CT"
    )
    return Agreement.objects.for_list().get(pk=school_agreement.pk)


def another(world, one, other, **values):
    """One more agreement of the old phase."""
    return Agreement.objects.create(
        **{
            "programme": world.programme,
            "tier": "school",
            "supporting_district": one.district,
            "supported_district": other.district,
            "supporting_school": one,
            "supported_school": other,
            "starts_on": date(2023, 4, 15),
            "ends_on": date(2025, 5, 31),
            "signed_on": date(2023, 4, 15),
            "status": "expired",
            **values,
        }
    )


def look(client, **options):
    page = client.get(URL, options)
    assert page.status_code == 200
    return page


def preview(client, page, chosen=None):
    plan = page.context["plan"]
    ticked = [line.old.pk for line in plan.renewable] if chosen is None else [a.pk for a in chosen]
    return client.post(URL, {"options": page.context["options"], "chon": ticked})


def confirm(client, page, **given):
    form = {
        "options": page.context["options"],
        "chon": page.context["chosen"],
        "seen": page.context["plan"].digest(),
        "lap": "1",
        **given,
    }
    return client.post(URL, form, follow=True)


def reasons(page):
    return {line.old.pk: " ".join(line.reasons) for line in page.context["plan"].refused}


# --- The whole way --------------------------------------------------------------------------------------------------


def test_list_preview_drafts_and_links(world, later, old, so, hieu_truong_a, phong_thanh_tri, as_user):
    client = as_user(so)
    assert URL in client.get(reverse("agreement_list")).content.decode()
    page = look(client)
    text = page.content.decode()
    assert 'value="1/1/2026"' in text
    assert 'value="31/12/2028"' in text
    assert "1 giao ước gia hạn được" in text
    assert f'name="chon" value="{old.pk}" checked' in text
    assert "Trường học hạnh phúc (1)" in text

    page = preview(client, page)
    assert "Sẽ lập 1 bản nháp, 0 giao ước không gia hạn." in page.content.decode()
    assert Agreement.objects.count() == 1
    page = confirm(client, page).content.decode()
    assert "Đã lập 1 bản nháp gia hạn." in page
    assert "Trường học hạnh phúc" in page

    new = Agreement.objects.for_list().get(renews=old)
    assert (new.programme, new.status, new.starts_on, new.ends_on) == (
        later,
        "draft",
        date(2026, 1, 1),
        date(2028, 12, 31),
    )
    for name in (
        "supporting_school",
        "supported_school",
        "supporting_district",
        "supported_district",
        "tier",
        "kind",
        "direction",
        "objectives",
        "supporting_contents",
        "supported_contents",
        "registered_side",
        "is_invented",
    ):
        assert getattr(new, name) == getattr(old, name), name
    assert [area.name for area in new.content_areas.all()] == ["Đổi mới phương pháp dạy học"]
    assert (new.number, new.signed_on, new.supporting_signatory, new.supporting_position) == ("", None, "", "")
    assert not new.further_signatories.exists()
    assert new.search_key
    event = new.events.get()
    assert (event.action, event.by, event.note) == ("create", so, "Gia hạn từ giao ước 05/BGN-THCS (2022–2025)")
    assert [e.action for e in old.events.all()] == ["renew"]
    for person in (hieu_truong_a, phong_thanh_tri):
        notice = person.notifications.get()
        assert "đã lập bản nháp gia hạn giao ước của đơn vị mình" in notice.text
        assert new.get_absolute_url() in as_user(person).get(notice.url).content.decode()

    page = client.get(old.get_absolute_url()).content.decode()
    assert "Được gia hạn bằng" in page
    assert new.get_absolute_url() in page
    page = client.get(new.get_absolute_url()).content.decode()
    assert "Gia hạn từ" in page
    assert f'href="{old.get_absolute_url()}"' in page
    # The registering side goes on with it like with any draft.
    new.perform("send", hieu_truong_a)


def test_members_come_along_as_far_as_they_are_there(world, later, old, so, as_user):
    def member(code, name, **values):
        school = School.objects.create(code=code, name=name, level="thcs", district=world.thanh_tri, **values)
        return AgreementMember.objects.create(
            agreement=old, side="supporting", school=school, district=world.thanh_tri
        ).school

    there, gone = member("01020502", "THCS Liên Ninh"), member("01020503", "THCS Cũ", valid_to=date(2024, 1, 1))
    client = as_user(so)
    page = preview(client, look(client))
    assert "Không theo sang: THCS Cũ." in page.content.decode()
    confirm(client, page)
    new = Agreement.objects.get(renews=old)
    assert [(m.side, m.school, m.district) for m in new.members.all()] == [("supporting", there, world.thanh_tri)]
    assert gone not in [m.school for m in new.members.all()]


@pytest.fixture
def surrounded(district_agreement, world):
    """The district agreement, expired, with a task force, pilot schools, a quota of its own, targets of two years."""
    area = world.area
    dropped = ContentArea.objects.create(programme=world.programme, name="Trường học hạnh phúc", position=3)
    district_agreement.content_areas.set([area, dropped])
    district_agreement.task_force.create(side="supporting", full_name="Lê Thị Hà", position="Trưởng phòng", duty="head")
    closed = School.objects.create(code="01020502", name="TH Cũ", level="th", district=world.thanh_tri)
    for side, school in [("supporting", world.school_a), ("supporting", closed), ("supported", world.school_b)]:
        district_agreement.pilot_schools.create(side=side, school=school)
    School.objects.filter(pk=closed.pk).update(valid_to=date(2025, 7, 31))
    district_agreement.pilot_quotas.create(level="thcs", count=2)
    for year, content, number in [(2023, None, 4), (2024, None, 6), (2024, area, 3), (2024, dropped, 1)]:
        district_agreement.targets.create(school_year=year, content_area=content, activities=number)
    Agreement.objects.filter(pk=district_agreement.pk).update(status="expired")
    return Agreement.objects.get(pk=district_agreement.pk)


def test_what_stands_beside_comes_along_when_asked(world, later, surrounded, so, as_user):
    client = as_user(so)
    confirm(client, preview(client, look(client)))  # not asked: the text alone
    new = Agreement.objects.get(renews=surrounded)
    assert [rows.count() for rows in (new.task_force, new.pilot_schools, new.targets)] == [0, 0, 0]
    client.post(reverse("renewal_action", args=[Renewal.objects.get().pk, "hoan-tac"]))

    page = preview(client, look(client, kem=ALL_OF_IT))
    text = page.content.decode()
    assert "tổ công tác (1 dòng)" in text
    assert "trường điểm (3 dòng)" in text  # a quota among them
    assert "chỉ tiêu năm học gần nhất (2 dòng)" in text
    assert "Trường điểm không theo sang: TH Cũ." in text
    assert "Chỉ tiêu không theo sang: Trường học hạnh phúc." in text
    confirm(client, page)
    new = Agreement.objects.get(renews=surrounded)
    [head] = new.task_force.all()
    assert (head.side, head.full_name, head.position, head.duty) == ("supporting", "Lê Thị Hà", "Trưởng phòng", "head")
    pilots = {(pilot.side, pilot.school) for pilot in new.pilot_schools.all()}
    assert pilots == {("supporting", world.school_a), ("supported", world.school_b)}
    assert [(quota.level, quota.count) for quota in new.pilot_quotas.all()] == [("thcs", 2)]
    found = {(t.school_year, t.content_area and t.content_area.programme, t.activities) for t in new.targets.all()}
    assert found == {(2025, None, 6), (2025, later, 3)}
    assert "chép kèm tổ công tác, trường điểm, chỉ tiêu năm học gần nhất" in new.events.get().note
    # One act, also when it is undone.
    client.post(reverse("renewal_action", args=[Renewal.objects.first().pk, "hoan-tac"]))
    assert list(Agreement.objects.all()) == [surrounded]


def test_what_stands_beside_one_agreement_comes_along_too(world, later, old, hieu_truong_a, as_user):
    old.task_force.create(side="supported", full_name="Đỗ Văn Tú")
    url, client = reverse("agreement_renew", args=[old.pk]), as_user(hieu_truong_a)
    offered = [value for value, _label in client.get(url).context["form"].fields["kem"].choices]
    assert offered == ["to-cong-tac", "chi-tieu"]  # schools have no pilot schools
    client.post(url, {"into": later.pk, "starts_on": "1/1/2026", "ends_on": "31/12/2028", "kem": ["to-cong-tac"]})
    assert [person.full_name for person in Agreement.objects.get(renews=old).task_force.all()] == ["Đỗ Văn Tú"]


def test_undone_as_one_act(world, later, old, so, hieu_truong_a, as_user):
    client = as_user(so)
    confirm(client, preview(client, look(client)))
    act = Renewal.objects.get()
    undo = reverse("renewal_action", args=[act.pk, "hoan-tac"])
    assert "Bỏ mọi bản nháp mà đợt này đã lập." in client.get(act.get_absolute_url()).content.decode()
    Notification.objects.all().delete()
    page = client.post(undo, follow=True).content.decode()
    assert "Đã hoàn tác" in page
    assert list(Agreement.objects.all()) == [old]
    assert not old.events.exists()
    assert "đã hoàn tác “Gia hạn 1 giao ước sang giai đoạn 2026–2028”" in hieu_truong_a.notifications.get().text
    assert client.get(act.get_absolute_url()).status_code == 200
    # And can be done again.
    confirm(client, preview(client, look(client)))
    assert Agreement.objects.filter(renews=old).count() == 1


def test_not_undone_once_something_was_built_on_it(world, later, old, so, hieu_truong_a, as_user):
    client = as_user(so)
    confirm(client, preview(client, look(client)))
    new = Agreement.objects.for_list().get(renews=old)
    new.perform("send", hieu_truong_a)
    act = Renewal.objects.get()
    page = client.post(reverse("renewal_action", args=[act.pk, "hoan-tac"]), follow=True).content.decode()
    assert "Không hoàn tác được vì đã có dữ liệu dựa trên việc này" in page
    assert Agreement.objects.filter(pk=new.pk, status="waiting").exists()
    assert Renewal.objects.get().status == "done"


# --- What cannot be renewed, and why --------------------------------------------------------------------------------


def test_renewed_before(world, later, old, so, as_user):
    client = as_user(so)
    confirm(client, preview(client, look(client)))
    page = look(client)
    assert reasons(page) == {old.pk: "Đã gia hạn sang 2026–2028 (nháp)."}
    assert Agreement.objects.get(renews=old).get_absolute_url() in page.content.decode()
    # A withdrawn renewal stands in nobody's way.
    Agreement.objects.filter(renews=old).update(status="withdrawn")
    assert reasons(look(client)) == {}


def test_pair_has_one_already(world, later, old, so, as_user):
    other = another(
        world,
        old.supported_school,
        old.supporting_school,
        programme=later,
        starts_on=later.starts_on,
        ends_on=later.ends_on,
        status="waiting",
        signed_on=None,
    )
    page = look(as_user(so))
    assert reasons(page) == {old.pk: "Cặp này đã có giao ước trong phong trào mới (chờ bên kia xác nhận)."}
    assert other.get_absolute_url() in page.content.decode()


def test_overlap_and_the_day_that_helps(world, later, old, so, as_user):
    Agreement.objects.filter(pk=old.pk).update(ends_on=date(2025, 12, 31))
    Programme.objects.filter(pk=later.pk).update(starts_on=date(2025, 9, 1))
    client = as_user(so)
    page = look(client)
    assert reasons(page) == {
        old.pk: "Giao ước cũ còn hiệu lực đến hết 31/12/2025; bản gia hạn phải bắt đầu sau ngày đó."
    }
    assert "Bắt đầu từ 1/1/2026 thì không bản nào chồng thời gian." in page.content.decode()
    page = look(client, renewed=world.programme.pk, into=later.pk, starts_on="1/1/2026", ends_on="31/12/2028")
    assert reasons(page) == {}


def test_closed_and_merged_schools_and_their_heirs(world, later, old, so, as_user):
    closed = School.objects.create(code="01277502", name="THCS Đóng", level="thcs", district=world.chuong_my)
    School.objects.filter(pk=closed.pk).update(valid_to=date(2025, 6, 30))
    heir = School.objects.create(code="01277503", name="THCS Ngô Quyền", level="thcs", district=world.chuong_my)
    School.objects.filter(pk=world.school_b.pk).update(valid_to=date(2025, 7, 31), merged_into=heir)
    with_closed = another(world, world.school_a, closed)
    client = as_user(so)
    page = look(client)
    assert reasons(page) == {
        old.pk: "THCS Đại Yên đã sáp nhập vào THCS Ngô Quyền. Chọn “Dùng đơn vị kế thừa” để lập với THCS Ngô Quyền.",
        with_closed.pk: "THCS Đóng hoạt động đến hết 30/6/2025. Hãy đăng ký cặp mới với trường khác.",
    }
    page = look(client, ke_thua="on")
    assert set(reasons(page)) == {with_closed.pk}
    page = preview(client, page)
    assert "lập với THCS Ngô Quyền" in page.content.decode()
    confirm(client, page)
    new = Agreement.objects.get(renews=old)
    assert (new.supporting_school, new.supported_school) == (world.school_a, heir)


def test_two_pairs_that_became_one(world, later, old, so, as_user):
    other = School.objects.create(code="01277503", name="THCS Ngô Quyền", level="thcs", district=world.chuong_my)
    School.objects.filter(pk=world.school_b.pk).update(valid_to=date(2025, 7, 31), merged_into=other)
    another(world, world.school_a, other)
    page = look(as_user(so), ke_thua="on")
    assert len(page.context["plan"].renewable) == 1
    assert "Trùng cặp với" in " ".join(reasons(page).values())


def test_levels_and_tiers_the_new_programme_lacks(world, later, old, so, district_agreement, as_user):
    Programme.objects.filter(pk=later.pk).update(school_levels=["th"], has_district_tier=False)
    Agreement.objects.filter(pk=district_agreement.pk).update(status="expired")
    found = reasons(look(as_user(so)))
    assert "THCS Tả Thanh Oai thuộc cấp THCS, cấp học này không kết nghĩa trong phong trào." in found[old.pk]
    assert found[district_agreement.pk] == "Phong trào mới không có cấp “Phòng – Phòng”."


def test_since_the_reform_there_are_no_districts(world, later, old, so, district_agreement, as_user):
    Agreement.objects.filter(pk=district_agreement.pk).update(status="expired", ends_on=date(2025, 6, 30))
    District.objects.filter(pk__in=[world.thanh_tri.pk, world.chuong_my.pk]).update(valid_to=date(2025, 6, 30))

    def commune(code, name, *olds):
        unit = District.objects.create(
            department=world.so,
            code=code,
            name=name,
            kind="xa",
            office_name=f"UBND xã {name}",
            valid_from=date(2025, 7, 1),
        )
        for district in olds:
            UnitSuccession.objects.create(predecessor=district, successor=unit, on=date(2025, 7, 1), kind="replace")
        return unit

    one, two = commune("10001", "Đại Thanh", world.thanh_tri), commune("10002", "Nam Phù", world.thanh_tri)
    three = commune("10003", "Xuân Mai", world.chuong_my)
    for school, unit in ((world.school_a, one), (world.school_b, three)):
        School.objects.filter(pk=school.pk).update(district=unit)
        SchoolManagement.objects.filter(school=school).update(valid_to=date(2025, 6, 30))
        SchoolManagement.objects.create(school=school, district=unit, valid_from=date(2025, 7, 1))
    client = as_user(so)
    page = look(client)
    [reason] = reasons(page).values()
    assert "Phòng GD&ĐT huyện Thanh Trì đã kết thúc hoạt động ngày 30/6/2025." in reason
    assert "hãy đăng ký cặp mới giữa các đơn vị kế thừa (UBND xã Đại Thanh, UBND xã Nam Phù)." in reason
    assert "Chọn “Dùng đơn vị kế thừa” để lập với UBND xã Xuân Mai." in reason
    # The schools go on, under their units of today.
    confirm(client, preview(client, page))
    new = Agreement.objects.get(renews=old)
    assert (new.supporting_district, new.supported_district) == (one, three)
    assert two not in (new.supporting_district, new.supported_district)


def test_an_office_with_one_successor(world, later, so, district_agreement, as_user):
    Agreement.objects.filter(pk=district_agreement.pk).update(status="expired", ends_on=date(2025, 6, 30))
    for n, district in enumerate((world.thanh_tri, world.chuong_my)):
        District.objects.filter(pk=district.pk).update(valid_to=date(2025, 6, 30))
        unit = District.objects.create(
            department=world.so, code=f"2000{n}", name=district.name, kind="phuong", valid_from=date(2025, 7, 1)
        )
        UnitSuccession.objects.create(predecessor=district, successor=unit, on=date(2025, 7, 1), kind="rename")
    client = as_user(so)
    confirm(client, preview(client, look(client, ke_thua="on")))
    new = Agreement.objects.get(renews=district_agreement)
    assert (new.supporting_district.kind, new.supported_district.kind) == ("phuong", "phuong")


# --- Choosing -------------------------------------------------------------------------------------------------------


def test_filters(world, later, old, so, district_agreement, as_user):
    primary = School.objects.create(code="01001401", name="Tiểu học Phúc Xá", level="th", district=world.ba_dinh)
    live = another(world, primary, world.school_d, status="signed")
    ended = another(world, world.school_c, world.school_b, status="ended", ended_on=date(2024, 1, 1))
    client = as_user(so)

    def listed(**options):
        return {line.old.pk for line in look(client, **options).context["plan"].lines}

    assert listed() == {old.pk, live.pk, district_agreement.pk}
    assert listed(cap="school") == {old.pk, live.pk}
    assert listed(cap="district") == {district_agreement.pk}
    assert listed(don_vi=world.ba_dinh.pk) == {live.pk}
    assert listed(cap_hoc="th") == {live.pk}
    assert listed(tinh_trang="signed") == {live.pk, district_agreement.pk}
    assert ended.pk not in listed(tinh_trang="")
    assert look(client, cap="khong-co").context["plan"] is None


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"starts_on": "31/12/2025"}, "Ngày phải nằm trong thời gian của phong trào mới: từ 1/1/2026 đến 31/12/2028."),
        ({"ends_on": "1/1/2029"}, "Ngày phải nằm trong thời gian của phong trào mới"),
        ({"starts_on": "1/6/2027", "ends_on": "1/5/2027"}, "Ngày kết thúc phải bằng hoặc sau ngày bắt đầu."),
        ({"starts_on": "32/1/2027"}, "Hãy ghi ngày, tháng, năm có thật"),
    ],
)
def test_days_that_cannot_be(world, later, old, so, as_user, days, said):
    client = as_user(so)
    page = look(client, **days)
    assert said in page.content.decode()
    options = "&".join(f"{name}={value}" for name, value in days.items())
    page = client.post(URL, {"options": options, "chon": [old.pk], "lap": "1"})
    assert page.status_code == 422
    assert Agreement.objects.count() == 1


def test_nothing_ticked(world, later, old, so, as_user):
    client = as_user(so)
    page = client.post(URL, {"options": "", "chon": []})
    assert page.status_code == 422
    text = page.content.decode()
    assert "Chưa chọn giao ước nào." in text
    assert f'name="chon" value="{old.pk}" >' in text


def test_only_the_ticked_ones(world, later, old, so, as_user):
    other = another(world, world.school_c, world.school_d)
    client = as_user(so)
    page = look(client)
    confirm(client, preview(client, page, [other]))
    assert [a.renews_id for a in Agreement.objects.filter(programme=later)] == [other.pk]


def test_what_changed_since_the_preview_is_shown_first(world, later, old, so, hieu_truong_a, as_user):
    other = another(world, world.school_c, world.school_d)
    client = as_user(so)
    page = preview(client, look(client))
    School.objects.filter(pk=world.school_d.pk).update(valid_to=date(2025, 6, 30))
    again = confirm(client, page)
    text = again.content.decode()
    assert "Dữ liệu đã thay đổi từ lúc xem trước; chưa lập gì." in text
    assert "Sẽ lập 1 bản nháp, 1 giao ước không gia hạn." in text
    assert not Agreement.objects.filter(programme=later).exists()
    confirm(client, again)
    assert Renewal.objects.get().refused == [
        [other.pk, other.pair, ["Tiểu học Đại Yên hoạt động đến hết 30/6/2025. Hãy đăng ký cặp mới với trường khác."]]
    ]


def test_confirmed_twice_makes_one(world, later, old, so, as_user):
    client = as_user(so)
    page = preview(client, look(client))
    confirm(client, page)
    assert "Dữ liệu đã thay đổi từ lúc xem trước" in confirm(client, page).content.decode()
    assert Agreement.objects.filter(renews=old).count() == Renewal.objects.count() == 1


def test_no_later_programme(world, old, so, as_user):
    client = as_user(so)
    assert "Chưa có phong trào mới để gia hạn sang" in client.get(URL).content.decode()
    assert URL not in client.get(reverse("agreement_list")).content.decode()
    assert client.post(URL, {"chon": [old.pk], "lap": "1"}).status_code == 404
    Programme.objects.create(  # begins later, ends sooner
        department=world.so, name="Ngắn", starts_on=date(2024, 1, 1), ends_on=date(2025, 1, 1), phase="2024"
    )
    assert "Chưa có phong trào mới để gia hạn sang" in client.get(URL).content.decode()


def test_schools_of_levels_that_are_new(world, later, old, so, as_user):
    Programme.objects.filter(pk=world.programme.pk).update(school_levels=["th", "thcs"])
    Programme.objects.filter(pk=later.pk).update(school_levels=["mn", "th", "thcs"])
    for n in range(3):
        School.objects.create(code=f"0102010{n}", name=f"Mầm non {n}", level="mn", district=world.thanh_tri)
    School.objects.create(
        code="01020109", name="Mầm non Cũ", level="mn", district=world.thanh_tri, valid_to=date(2024, 1, 1)
    )
    client = as_user(so)
    text = look(client).content.decode()
    assert re.search(r"Cấp Mầm non mới tham gia ở phong trào này: <strong>3</strong> trường chưa có cặp", text)
    link = re.search(r'href="([^"]*cap=mn[^"]*)"', text)[1].replace("&amp;", "&")
    assert "3 kết quả" in client.get(link).content.decode()


# --- Who ------------------------------------------------------------------------------------------------------------


def test_district_officers_renew_what_their_side_registered(
    world, later, old, phong_thanh_tri, phong_chuong_my, as_user
):
    theirs = another(world, world.school_c, world.school_d)
    page = look(as_user(phong_chuong_my))
    assert reasons(page) == {
        old.pk: "THCS Tả Thanh Oai (huyện Thanh Trì) đã đăng ký cặp này; bên đó hoặc Sở lập bản gia hạn.",
        theirs.pk: "THCS Phúc Xá (quận Ba Đình) đã đăng ký cặp này; bên đó hoặc Sở lập bản gia hạn.",
    }
    client = as_user(phong_thanh_tri)
    page = look(client)
    assert [line.old.pk for line in page.context["plan"].lines] == [old.pk]
    # What is not on one's list cannot be slipped in.
    answer = preview(client, page, [old, theirs])
    assert [line.old.pk for line in answer.context["plan"].lines] == [old.pk]
    confirm(client, answer)
    act = Renewal.objects.get()
    assert act.district == world.thanh_tri
    assert as_user(phong_chuong_my).get(act.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("who", ["lanh_dao", "chi_xem", "hieu_truong_a", "can_bo", "nguoi_la"])
def test_not_in_bulk(world, later, old, request, as_user, who):
    client = as_user(request.getfixturevalue(who))
    assert client.get(URL).status_code == 404
    assert client.post(URL, {"chon": [old.pk], "lap": "1"}).status_code == 404


def test_another_department_sees_nothing_of_it(world, later, old, so, nguoi_tinh_khac, as_user):
    confirm(as_user(so), preview(as_user(so), look(as_user(so))))
    client = as_user(nguoi_tinh_khac)
    act = Renewal.objects.get()
    assert client.get(act.get_absolute_url()).status_code == 404
    assert client.post(reverse("renewal_action", args=[act.pk, "hoan-tac"])).status_code == 404
    assert "Thanh Oai" not in client.get(URL, {"renewed": world.programme.pk, "into": later.pk}).content.decode()


def test_the_other_district_does_not_undo(world, later, old, so, phong_thanh_tri, person, as_user):
    client = as_user(phong_thanh_tri)
    confirm(client, preview(client, look(client)))
    act = Renewal.objects.get()
    page = as_user(person("phong.ba-dinh", Role.DISTRICT, district=world.ba_dinh))
    assert page.post(reverse("renewal_action", args=[act.pk, "hoan-tac"])).status_code == 404
    assert "undo" in act.actions_for(so)
    assert "undo" in act.actions_for(phong_thanh_tri)


# --- One agreement --------------------------------------------------------------------------------------------------


def test_from_the_page_of_one(world, later, old, hieu_truong_a, can_bo, as_user):
    client, url = as_user(hieu_truong_a), reverse("agreement_renew", args=[old.pk])
    assert url in client.get(old.get_absolute_url()).content.decode()
    page = client.get(url)
    assert page.context["form"]["starts_on"].value() == date(2026, 1, 1)
    page = client.post(url, {"into": later.pk, "starts_on": "1/1/2026", "ends_on": "31/12/2028"}, follow=True)
    new = Agreement.objects.get(renews=old)
    assert page.redirect_chain[-1][0] == new.get_absolute_url()
    assert "Không có trong phong trào mới: Trường học hạnh phúc." in page.content.decode()
    assert "đã lập bản nháp gia hạn" in can_bo.notifications.get().text
    assert url not in client.get(old.get_absolute_url()).content.decode()
    again = client.post(url, {"into": later.pk, "starts_on": "1/1/2026", "ends_on": "31/12/2028"})
    assert again.status_code == 422
    assert "Đã gia hạn sang 2026–2028 (nháp)." in again.content.decode()


def test_one_that_cannot_be_keeps_what_was_typed(world, later, old, hieu_truong_a, as_user):
    School.objects.filter(pk=world.school_b.pk).update(valid_to=date(2025, 7, 31))
    url = reverse("agreement_renew", args=[old.pk])
    page = as_user(hieu_truong_a).post(url, {"into": later.pk, "starts_on": "2/2/2026", "ends_on": "31/12/2028"})
    assert page.status_code == 422
    assert "THCS Đại Yên hoạt động đến hết 31/7/2025." in page.content.decode()
    assert 'value="2/2/2026"' in page.content.decode()


@pytest.mark.parametrize("who", ["hieu_truong_b", "phong_chuong_my", "lanh_dao", "chi_xem", "nguoi_la"])
def test_not_from_the_other_side(world, later, old, request, as_user, who):
    client, url = as_user(request.getfixturevalue(who)), reverse("agreement_renew", args=[old.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {"into": later.pk, "starts_on": "1/1/2026", "ends_on": "31/12/2028"}).status_code == 404
    assert not Agreement.objects.filter(renews=old).exists()


@pytest.mark.parametrize("status", ["draft", "waiting", "ended", "withdrawn"])
def test_only_what_was_signed_and_not_ended_early(world, later, old, hieu_truong_a, as_user, status):
    Agreement.objects.filter(pk=old.pk).update(status=status, ended_on=date(2024, 1, 1) if status == "ended" else None)
    client, url = as_user(hieu_truong_a), reverse("agreement_renew", args=[old.pk])
    assert client.get(url).status_code == 404
    assert url not in client.get(old.get_absolute_url()).content.decode()


# --- Many -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def many(world):
    """many(n) → n more expired pairs of new schools."""

    def make(n, first=0):
        schools = School.objects.bulk_create(
            School(
                code=f"9{first + i:06}",
                name=f"THCS Số {first + i}",
                level="thcs",
                district=(world.thanh_tri, world.chuong_my)[i % 2],
                department=world.so,
                sort_key=f"{first + i:06}",
            )
            for i in range(2 * n)
        )
        SchoolManagement.objects.bulk_create(school.first_management() for school in schools)
        rows = [
            Agreement(
                programme=world.programme,
                tier="school",
                supporting_district=world.thanh_tri,
                supported_district=world.chuong_my,
                supporting_school=one,
                supported_school=other,
                starts_on=date(2023, 4, 15),
                ends_on=date(2025, 5, 31),
                signed_on=date(2023, 4, 15),
                status="expired",
            )
            for one, other in zip(schools[::2], schools[1::2], strict=True)
        ]
        for row in rows:
            row.set_keys()
        rows = Agreement.objects.bulk_create(rows)
        link = Agreement.content_areas.through
        link.objects.bulk_create(link(agreement=row, contentarea=world.area) for row in rows)

    return make


def test_queries_do_not_grow(world, later, so, many, as_user):
    client = as_user(so)

    def counts():
        found = []
        with CaptureQueriesContext(connection) as queries:
            page = look(client, kem=ALL_OF_IT)
        found.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            page = preview(client, page)
        found.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            assert confirm(client, page).status_code == 200
        found.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            client.post(reverse("renewal_action", args=[Renewal.objects.first().pk, "hoan-tac"]), follow=True)
        return [*found, len(queries)]

    many(2)
    few = counts()
    many(20, first=100)
    assert counts() == few


def test_twelve_hundred(world, later, so, many, as_user):
    """In a few seconds each, in one transaction."""
    many(1200)
    client, times = as_user(so), []

    def timed(step, *args, **kwargs):
        started = time.perf_counter()
        answer = step(*args, **kwargs)
        times.append(time.perf_counter() - started)
        return answer

    page = timed(look, client)
    assert len(page.context["plan"].renewable) == 1200
    page = timed(preview, client, page)
    assert "Sẽ lập 1.200 bản nháp" in page.content.decode()
    timed(confirm, client, page)
    assert Agreement.objects.filter(programme=later, status="draft").count() == 1200
    timed(client.post, reverse("renewal_action", args=[Renewal.objects.get().pk, "hoan-tac"]))
    assert Agreement.objects.filter(programme=later).count() == 0
    assert max(times) < 30
