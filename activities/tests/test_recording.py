"""Recording an activity: what the page offers and keeps, for every role; its edits, photos and minutes."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, ActivityDocument
from activities.tests.recording import act, activity_form, counts, photo, refused, row_counts, totals
from twinning.models import Agreement, ContentArea, District
from twinning.uploads import check_upload

CREATE = "/hoat-dong/moi/"
RECORDERS = ["so", "phong_thanh_tri", "phong_chuong_my", "hieu_truong_a", "hieu_truong_b", "can_bo", "quan_tri"]


def content(response):
    return response.content.decode()


# --- The page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", RECORDERS)
def test_recorders_are_offered_the_page(school_agreement, request, as_user, who):
    client = as_user(request.getfixturevalue(who))
    assert CREATE in content(client.get(reverse("activity_list")))
    page = content(client.get(CREATE))
    assert "Lưu và báo đơn vị bạn" in page
    assert "Chuyên đề" in page
    assert "Hội nghị ôn thi vào lớp 10" in page


@pytest.mark.parametrize("who", ["lanh_dao", "chi_xem"])
def test_others_are_not(school_agreement, request, as_user, who):
    client = as_user(request.getfixturevalue(who))
    assert CREATE not in content(client.get(reverse("activity_list")))
    assert client.get(CREATE).status_code == 404


def offered(client, url=CREATE):
    """Text → chosen of the agreements on the page."""
    field = client.get(url).context["form"]["agreement"]
    return {option.data["label"]: bool(option.data["selected"]) for option in field if option.data["value"]}


def test_the_partner_is_named_as_the_person_sees_it(school_agreement, request, as_user):
    assert offered(as_user(request.getfixturevalue("hieu_truong_a"))) == {
        "THCS Đại Yên (huyện Chương Mỹ) · 05/BGN-THCS": True
    }
    assert offered(as_user(request.getfixturevalue("hieu_truong_b"))) == {
        "THCS Tả Thanh Oai (huyện Thanh Trì) · 05/BGN-THCS": True
    }
    assert offered(as_user(request.getfixturevalue("so"))) == {
        "THCS Tả Thanh Oai – THCS Đại Yên (Trường – trường)": False
    }


def test_only_signed_agreements_of_ones_own_are_offered(draft, nguoi_la, hieu_truong_a, as_user):
    assert offered(as_user(hieu_truong_a)) == {}
    Agreement.objects.update(status="ended", signed_on=date(2023, 4, 15), ended_on=date(2024, 3, 1))
    assert len(offered(as_user(hieu_truong_a))) == 1, "what happened before the end can still be recorded"
    assert offered(as_user(nguoi_la)) == {}


def test_the_button_of_an_agreement_chooses_it(school_agreement, district_agreement, phong_thanh_tri, as_user):
    chosen = offered(as_user(phong_thanh_tri), f"{CREATE}?giao_uoc={district_agreement.pk}")
    assert [text for text, is_chosen in chosen.items() if is_chosen] == ["Phòng GD&ĐT huyện Chương Mỹ · 01/BGN-PGDĐT"]
    assert as_user(phong_thanh_tri).get(f"{CREATE}?giao_uoc=x").status_code == 200
    assert offered(as_user(phong_thanh_tri))["Phòng GD&ĐT huyện Chương Mỹ · 01/BGN-PGDĐT"], (
        "an office's own comes first"
    )


# --- What is kept ---------------------------------------------------------------------------------------------------


def test_everything_typed_is_on_the_page_of_the_activity(world, record, hieu_truong_a, as_user, pdf):
    response = record(
        kind=world.exam.pk,
        content_area=world.area.pk,
        place="Nhà  đa năng",
        starts_at="13:30",
        mode="blended",
        results="Thống nhất đề cương.\nSoạn chung 12 đề.",
        next_steps="Thi thử tháng 3",
        own_row={"pupil_turns": "120"},
        files=[photo(), pdf("biên bản.pdf")],
    )
    page = content(as_user(hieu_truong_a).get(response.url))
    for words in (
        "Hội nghị ôn thi vào lớp 10",
        "Toán, Khối 9",
        "Đổi mới phương pháp dạy học",
        "kết hợp, Nhà đa năng, 13:30",
        "Thống nhất đề cương.\nSoạn chung 12 đề.",
        "Thi thử tháng 3",
        "20/10/2023",
        "2023-2024",
        "biên bản.pdf",
        "chủ trì",
    ):
        assert words in page
    for key, value in {"teacher_turns": 24, "pupil_turns": 120, "teachers_named": 0}.items():
        assert f'data-figure="{key}" data-value="{value}"' in page
    activity = Activity.objects.get()
    assert (activity.starts_at, activity.grade, activity.content_area) == (time(13, 30), 9, world.area)
    assert activity.documents.count() == 2


@pytest.mark.parametrize("typed", ["14:30", "14h30", "14g30", "14 giờ 30", "14H30 phút", "14.30", " 14 : 30 "])
def test_a_time_as_people_write_it(record, typed):
    assert record(starts_at=typed).status_code == 302
    assert Activity.objects.get().starts_at == time(14, 30)


def test_a_time_box_speaks_of_24_hours_and_keeps_what_was_typed(record, hieu_truong_a, as_user):
    page = content(as_user(hieu_truong_a).get(CREATE))
    assert "Giờ theo 24 giờ, ví dụ 14:30 hoặc 14h30." in page
    assert 'type="time"' not in page
    for typed in ("2:30 PM", "14h", "chiều", "24h30", "8h5"):
        answer = record(starts_at=typed, is_different="on")
        assert answer.status_code == (302 if typed == "14h" else 422), typed
        if typed in ("2:30 PM", "chiều", "8h5"):
            assert f'name="starts_at" value="{typed}"' in content(answer)


@pytest.mark.parametrize(
    ("who", "own", "confirmed"),
    [
        ("hieu_truong_a", "school_a", ["school_a"]),
        ("can_bo", "school_a", ["school_a"]),
        ("hieu_truong_b", "school_b", ["school_b"]),
        ("phong_thanh_tri", "thanh_tri", ["thanh_tri"]),
        ("so", None, []),
        ("quan_tri", None, []),
    ],
)
def test_recording_confirms_ones_own_unit_and_no_other(world, record, request, who, own, confirmed):
    unit = own and getattr(world, own)
    key = f"{'district' if isinstance(unit, District) else 'school'}:{unit.pk}" if unit else ""
    response = record(by=request.getfixturevalue(who), own=key, own_row={} if unit else counts())
    assert response.status_code == 302
    activity = Activity.objects.get()
    assert activity.status == "held"
    assert {row.school or row.district for row in activity.units.exclude(confirmed_at=None)} == {
        getattr(world, name) for name in confirmed
    }
    assert {world.school_a, world.school_b} <= {row.school for row in activity.units.all()}
    assert (activity.recorded_school or activity.recorded_district) == unit


def test_counts_typed_for_the_partner_wait_for_its_word(world, record):
    record(rows=[{"school": str(world.school_b.pk), "teacher_turns": "12", "named": "Trần Thị Mẫu – chủ trì"}])
    activity = Activity.objects.get()
    row = activity.units.get(school=world.school_b)
    assert (row.teacher_turns, row.named_count, row.confirmed_at) == (12, 1, None)
    assert totals(activity) == (36, 2, 0)
    assert activity.next_step == "Chờ xác nhận số liệu: THCS Đại Yên."


def test_numbers_with_a_thousands_mark_are_read_as_written(world, record):
    record(own_row={"pupil_turns": "1.200", "teacher_turns": "0024"})
    assert totals(Activity.objects.get()) == (24, 2, 1200)


def test_an_event_of_one_unit_needs_no_confirmation(record, hieu_truong_a, as_user):
    response = record(agreement="")
    activity = Activity.objects.get()
    assert (activity.status, activity.units.count()) == ("confirmed", 1)
    page = content(as_user(hieu_truong_a).get(response.url))
    assert activity.next_step == ""
    assert "đã xác nhận" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Đã lưu và báo đơn vị bạn xác nhận số liệu."),
        ({"state": "planned"}, "Đã lưu vào kế hoạch. Sau ngày tổ chức, cổng sẽ nhắc ghi kết quả."),
        ({"agreement": ""}, "Đã lưu. Chỉ có đơn vị mình tham gia nên không cần ai xác nhận."),
    ],
)
def test_what_follows_is_said(world, school_agreement, hieu_truong_a, as_user, changes, said):
    form = activity_form(world, agreement=school_agreement.pk) | changes
    assert said in content(as_user(hieu_truong_a).post(CREATE, form, follow=True))


def test_a_plan_tells_nobody_yet_and_counts_nothing(record, hieu_truong_b, so):
    record(state="planned")
    assert not hieu_truong_b.notifications.exists()
    assert not Activity.objects.counted().exists()
    assert Activity.objects.visible_to(hieu_truong_b).exists(), "the partner sees it in its list"


def test_a_plan_for_a_day_that_is_over_asks_whether_it_was_held(world, record):
    world.programme.ends_on = timezone.localdate() + timedelta(days=365)
    world.programme.save()
    refused(record(state="planned"), "Ngày này đã qua. Nếu đã tổ chức, hãy chọn “Đã tổ chức”.")
    tomorrow = timezone.localdate() + timedelta(days=1)
    record(state="planned", day=f"{tomorrow:%d/%m/%Y}")
    assert Activity.objects.get().planned_on == tomorrow


# --- A conference of many, an event of all --------------------------------------------------------------------------


@pytest.fixture
def conference(world, district_agreement, phong_thanh_tri):
    """Keyword arguments of `record` for a conference of two districts."""
    return {
        "by": phong_thanh_tri,
        "agreement": district_agreement.pk,
        "own": f"district:{world.thanh_tri.pk}",
        "own_row": {"teacher_turns": "", "manager_turns": "3"},
        "kind": world.exam.pk,
    }


def test_a_conference_names_teachers_of_each_school(world, record, conference):
    rows = [
        {"school": str(world.school_a.pk), "teacher_turns": "5", "named": "Lê Thị Ví Dụ – chủ trì"},
        {"school": str(world.school_d.pk), "teacher_turns": "9", "named": "Trần Văn Mẫu\nĐỗ Thị Thử"},
        {"school": "", "teacher_turns": ""},
    ]
    assert record(**conference, rows=rows).status_code == 302
    activity = Activity.objects.get()
    assert {str(row): row.named_count for row in activity.units.all()} == {
        "Phòng GD&ĐT huyện Thanh Trì": 0,
        "Phòng GD&ĐT huyện Chương Mỹ": 0,
        "THCS Tả Thanh Oai": 1,
        "Tiểu học Đại Yên": 2,
    }
    assert totals(activity) == (14, 3, 0)


def test_after_a_mistake_rows_and_names_of_schools_are_still_there(world, record, conference):
    rows = [
        {"school": str(world.school_a.pk), "teacher_turns": "5", "named": "Lê Thị Ví Dụ – chủ trì"},
        {"school": str(world.school_d.pk), "teacher_turns": "7", "named": "Trần Văn Mẫu"},
    ]
    response = record(**conference | {"title": "Chuyên đề Toán 9", "day": "1/1/2020"}, rows=rows)
    refused(response, "Lê Thị Ví Dụ – chủ trì", "Trần Văn Mẫu", 'value="5"', 'value="7"', "THCS Tả Thanh Oai")
    assert "Tiểu học Đại Yên" in content(response)


def test_people_without_a_school_are_not_dropped(world, record, conference):
    response = record(**conference, rows=[{"school": "", "teacher_turns": "30"}])
    refused(response, "Hãy chọn trường của dòng này, hoặc xoá số người và tên đã ghi.", 'value="30"')


def test_the_department_records_an_event_of_all(world, record, so, request, as_user):
    principals = [request.getfixturevalue(who) for who in ("hieu_truong_a", "hieu_truong_b", "nguoi_la")]
    schools = [world.school_a, world.school_b, world.school_c]
    rows = [{"school": str(school.pk), "teacher_turns": str(n)} for n, school in enumerate(schools, start=10)]
    record(by=so, agreement="", own="", own_row=rows[0], rows=rows[1:])
    activity = Activity.objects.get()
    assert (activity.agreement, activity.recorded_school, activity.recorded_district) == (None, None, None)
    assert activity.host == world.school_a, "the first one"
    assert totals(activity) == (33, 2, 0)
    for principal in principals:
        assert Activity.objects.waiting_for(principal).get() == activity
        act(as_user(principal), activity, "confirm", teacher_turns="10")
    assert activity.status == "confirmed"


def test_the_department_is_not_asked_whether_it_hosts(school_agreement, so, as_user):
    assert "Đơn vị tôi" not in content(as_user(so).get(CREATE))


# --- Editing --------------------------------------------------------------------------------------------------------


@pytest.fixture
def edit(activity, as_user):
    """edit(person, **changes) → the answer to sending the edit page with these changes."""

    def send(person, **changes):
        client = as_user(person)
        url = reverse("activity_edit", args=[activity.pk])
        form = client.get(url).context["form"]
        data = {name: form[name].value() for name in form.fields if form[name].value() is not None and name != "files"}
        data["day"] = "20/10/2023"
        response = client.post(url, data | changes)
        activity.refresh_from_db()
        return response

    return send


def test_those_who_recorded_it_edit_it(activity, edit, hieu_truong_a, can_bo, world):
    assert edit(hieu_truong_a, title="Chuyên đề mới", day="5/9/2024", hosted_by="partner").status_code == 302
    assert (activity.title, activity.held_on, activity.school_year) == ("Chuyên đề mới", date(2024, 9, 5), 2024)
    assert activity.host == world.school_b
    assert activity.events.get().action == "edit"
    edit(can_bo, place="Phòng họp", hosted_by="own")
    assert (activity.place, activity.host) == ("Phòng họp", world.school_a)
    assert totals(activity) == (36, 2, 0)


def test_the_department_edits_without_changing_the_host(activity, edit, so, world):
    Activity.objects.update(host_school=world.school_b)
    assert edit(so, title="Chuyên đề mới").status_code == 302
    assert (activity.title, activity.host) == ("Chuyên đề mới", world.school_b)


@pytest.mark.parametrize(
    "who", ["hieu_truong_b", "phong_thanh_tri", "phong_chuong_my", "lanh_dao", "chi_xem", "nguoi_la"]
)
def test_others_do_not_edit_it(activity, request, as_user, who):
    url = reverse("activity_edit", args=[activity.pk])
    client = as_user(request.getfixturevalue(who))
    assert client.get(url).status_code == client.post(url, {}).status_code == 404


def test_an_edit_cannot_move_it_to_an_agreement_its_units_have_no_part_in(activity, edit, hieu_truong_a, world):
    other = Agreement.objects.create(
        programme=world.programme,
        tier="school",
        supporting_district=world.thanh_tri,
        supported_district=world.ba_dinh,
        supporting_school=world.school_a,
        supported_school=world.school_c,
        starts_on=date(2023, 4, 15),
        ends_on=date(2025, 5, 31),
        signed_on=date(2023, 4, 15),
        status="signed",
    )
    response = edit(hieu_truong_a, agreement=other.pk, title="Đổi giao ước")
    assert response.status_code == 422
    assert "“THCS Đại Yên” không thuộc cặp đơn vị của giao ước này" in content(response)
    assert "Đổi giao ước" in content(response)
    assert activity.agreement != other


def test_an_edit_over_that_of_another_keeps_what_was_typed(activity, edit, hieu_truong_a, can_bo, as_user):
    url = reverse("activity_edit", args=[activity.pk])
    seen = as_user(can_bo).get(url).context["form"]["seen"].value()
    edit(hieu_truong_a, title="Của hiệu trưởng")
    response = edit(can_bo, title="Của cán bộ", seen=seen)
    assert response.status_code == 422
    assert "Người khác đã lưu bản ghi này" in content(response)
    assert "Của cán bộ" in content(response)
    assert activity.title == "Của hiệu trưởng"


@pytest.mark.parametrize("status", ["confirmed", "cancelled"])
def test_what_is_closed_is_not_edited(activity, hieu_truong_a, as_user, status):
    Activity.objects.update(status=status)
    client = as_user(hieu_truong_a)
    assert client.get(reverse("activity_edit", args=[activity.pk])).status_code == 404
    assert reverse("activity_edit", args=[activity.pk]) not in content(client.get(activity.get_absolute_url()))


# --- Photos and minutes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["hieu_truong_a", "can_bo", "hieu_truong_b", "so"])
def test_photos_and_minutes_are_added_later(activity, request, as_user, pdf, who):
    client = as_user(request.getfixturevalue(who))
    url = reverse("activity_documents", args=[activity.pk])
    assert url in content(client.get(activity.get_absolute_url()))
    client.post(url, {"files": [photo("sân trường.jpg"), pdf("biên bản.pdf")]})
    assert [d.name for d in activity.documents.order_by("name")] == ["biên bản.pdf", "sân trường.jpg"]
    assert activity.events.get().note == "sân trường.jpg, biên bản.pdf"
    page = content(client.get(activity.get_absolute_url()))
    image = activity.documents.get(content_type="image/jpeg")
    assert f'<img src="{image.get_absolute_url()}" alt="sân trường.jpg"' in page
    answer = client.get(image.get_absolute_url())
    assert answer["Content-Type"] == "image/jpeg"
    assert b"".join(answer.streaming_content)  # read to its end: closing it would end the connection of the test


@pytest.mark.parametrize("who", ["phong_chuong_my", "lanh_dao", "chi_xem", "nguoi_la"])
def test_others_add_none(activity, request, as_user, pdf, who):
    client = as_user(request.getfixturevalue(who))
    url = reverse("activity_documents", args=[activity.pk])
    assert client.get(url).status_code == client.post(url, {"files": [pdf()]}).status_code == 404
    assert not ActivityDocument.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("hieu_truong_b", 200), ("phong_chuong_my", 200), ("nguoi_la", 404)])
def test_those_who_see_the_activity_see_its_papers(activity, hieu_truong_a, request, as_user, pdf, who, status):
    paper = ActivityDocument.keep(check_upload(pdf()), hieu_truong_a, activity=activity)
    answer = as_user(request.getfixturevalue(who)).get(paper.get_absolute_url())
    assert answer.status_code == status
    assert not answer.streaming or b"".join(answer.streaming_content)


def test_saving_no_file_is_not_called_saved(activity, hieu_truong_b, as_user):
    client = as_user(hieu_truong_b)
    before = row_counts()
    response = client.post(reverse("activity_documents", args=[activity.pk]), {})
    assert response.status_code == 422
    assert "Hãy chọn ít nhất một tệp" in content(response)
    assert row_counts() == before


def test_the_form_offers_contents_and_kinds_of_the_programme_only(world, school_agreement, hieu_truong_a, as_user):
    world.programme.pk = None
    world.programme.starts_on = date(2019, 1, 1)
    world.programme.save()
    ContentArea.objects.create(programme=world.programme, name="Của giai đoạn trước")
    assert "Của giai đoạn trước" not in content(as_user(hieu_truong_a).get(CREATE))
