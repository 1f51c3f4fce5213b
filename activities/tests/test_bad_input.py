"""Activities that cannot be: each is refused in words that help, nothing is half-saved, everything typed is kept."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from activities.models import Activity, ActivitySchool, Participation
from activities.tests.recording import TITLE, activity_form, counts, photo, row_counts
from twinning.models import District

CREATE = "/hoat-dong/moi/"


@pytest.fixture
def refused(world, school_agreement, hieu_truong_a, as_user):
    """Send the form of an activity, as principal A unless `by` another: refused with these words, no table gains or
    loses a row, and what was typed is in the page. Returns the page."""

    def send(*words, by=hieu_truong_a, shown=(), **changes):
        client = as_user(by)
        before = row_counts()
        typed = {"title": TITLE, "place": "Nhà đa năng", "results": "Kết quả vừa gõ\ndòng hai"} | changes
        response = client.post(CREATE, activity_form(world, **{"agreement": school_agreement.pk, **typed}))
        assert response.status_code == 422
        assert row_counts() == before
        page = response.content.decode()
        for text in (*words, *shown, typed["title"], typed["place"].strip(), typed["results"]):
            assert text in page
        return page

    return send


# --- The event ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": "  "}, "bắt buộc"),
        ({"title": "Chuyên đề " * 30}, "250"),
        ({"kind": ""}, "bắt buộc"),
        ({"kind": "999"}, "hợp lệ"),
        ({"day": ""}, "bắt buộc"),
        ({"day": "hôm qua"}, "ngày"),
        ({"day": "1/13/2023"}, "ngày"),
        ({"state": "confirmed"}, "hợp lệ"),
        ({"mode": "phone"}, "hợp lệ"),
        ({"grade": "13"}, "hợp lệ"),
        ({"subject": "toán"}, "hợp lệ"),
        ({"agreement": "999"}, "hợp lệ"),
        ({"starts_at": "25:00"}, "Hãy ghi giờ từ 0 đến 23"),
        ({"place": "Nhà " * 60}, "200"),
        ({"units-TOTAL_FORMS": ""}, "thiếu phần đơn vị tham gia. Hãy tải lại trang"),
        ({"units-TOTAL_FORMS": "201", "units-INITIAL_FORMS": "0"}, "tối đa 200 đơn vị"),
    ],
)
def test_the_event(refused, changes, words):
    refused(words, **changes)


@pytest.mark.parametrize(("first", "last"), [(date(2022, 12, 12), date(2025, 12, 31))])
def test_the_first_and_the_last_day_of_the_programme_are_in_it(world, record, refused, first, last):
    said = "Ngày phải nằm trong thời gian của phong trào: từ 12/12/2022 đến 31/12/2025."
    for state in ("held", "planned"):
        refused(said, day="11/12/2022", state=state, shown=['value="11/12/2022"'])
        refused(said, day="1/1/2026", state=state)
    for day in (first, last):
        assert record(day=f"{day:%d/%m/%Y}").status_code == 302
    assert set(Activity.objects.values_list("held_on", "school_year")) == {(first, 2022), (last, 2025)}


def test_a_draft_agreement_is_no_choice(draft, refused, hieu_truong_a):
    type(draft).objects.update(status="waiting", signed_on=None)
    refused("hợp lệ")


def test_the_agreement_of_others_is_no_choice(refused, nguoi_la, world):
    refused("hợp lệ", by=nguoi_la, own=f"school:{world.school_c.pk}")


# --- The units ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "number", "words"),
    [
        ("manager_turns", "-1", "Số người không thể âm."),
        ("pupil_turns", "5001", "Số quá lớn cho một đơn vị trong một hoạt động. Hãy kiểm tra lại."),
        ("pupil_turns", "1.000.000", "Số quá lớn"),
        ("pupil_turns", "9" * 30, "Số quá lớn"),
        ("pupil_turns", "9" * 5000, "Hãy ghi số nguyên"),
        ("pupil_turns", "khoảng 30", "Hãy ghi số nguyên"),
        ("pupil_turns", "12,5", "Hãy ghi số nguyên"),
        ("pupil_turns", "1.5", "Hãy ghi số nguyên"),
        ("pupil_turns", "5.00", "Hãy ghi số nguyên"),
    ],
)
def test_counts(refused, box, number, words):
    refused(words, own_row={box: number}, shown=[f'value="{number}"'])


def test_the_most_that_can_be(record):
    assert record(own_row={"pupil_turns": "5000"}).status_code == 302


@pytest.mark.parametrize("unit", ["school:1:2", "school:", "school:x", "school:²", "thing:1", "school"])
def test_a_unit_that_is_none(refused, unit):
    refused(own=unit)


@pytest.mark.parametrize("kind", ["school", "district"])
@pytest.mark.parametrize("agreed", [True, False])
def test_a_unit_that_is_nowhere(refused, kind, agreed):
    refused("không thuộc Sở này", own=f"{kind}:987654", **({} if agreed else {"agreement": ""}))


def test_units_of_another_province(refused, nguoi_tinh_khac):
    theirs = District.objects.create(
        department=nguoi_tinh_khac.memberships.get().department,
        code="412",
        name="Vinh",
        kind="thanh_pho",
        zone="inner",
        office_name="Phòng Giáo dục và Đào tạo thành phố Vinh",
    )
    refused(
        "Có đơn vị không thuộc Sở này. Hãy chọn lại.", rows=[{"unit": f"district:{theirs.pk}", "manager_turns": "1"}]
    )


def test_an_office_with_no_part_in_the_agreement(world, refused):
    words = "“Phòng GD&amp;ĐT quận Ba Đình” không thuộc cặp đơn vị của giao ước này. Hãy chọn giao ước khác"
    refused(words, rows=[{"unit": f"district:{world.ba_dinh.pk}", "manager_turns": "1"}])


def test_an_event_of_nobody(refused, so):
    refused("Hãy chọn ít nhất một trường tham gia.", by=so, agreement="", own="", own_row=counts())


def test_every_mistake_is_said_at_once(refused):
    refused(
        "bắt buộc",
        "Ngày phải nằm trong thời gian",
        "Số người không thể âm",
        "Dòng 1: “Mẫu” chưa phải họ và tên đầy đủ",
        "không phải là tệp pdf như tên gọi",
        kind="",
        day="1/1/2020",
        own_row={"manager_turns": "-1", "named": "Mẫu"},
        files=[SimpleUploadedFile("bien-ban.pdf", b"khong phai pdf")],
    )


# --- Files ----------------------------------------------------------------------------------------------------------


def test_one_bad_file_keeps_out_all(refused, hieu_truong_a, tmp_path):
    said = "Nội dung tệp “ban-quet.jpg” không phải là tệp jpg như tên gọi. Hãy xuất lại đúng định dạng rồi gửi."
    refused(said, files=[photo(), SimpleUploadedFile("ban-quet.jpg", b"%PDF-1.7")])
    assert not list(tmp_path.glob("media/**/*.*"))


def test_a_file_over_twenty_megabytes(refused):
    heavy = SimpleUploadedFile("bien-ban.pdf", b"%PDF-1.7" + b"0" * 20 * 1024 * 1024)
    refused("Tệp “bien-ban.pdf” nặng 21 MB, quá giới hạn 20 MB. Hãy nén hoặc tách nhỏ rồi gửi lại.", files=[heavy])


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (("anh.jpg", b"<svg/>"), "không phải là tệp jpg như tên gọi"),
        (("anh.svg", b"<svg/>"), "Tệp “anh.svg” không thuộc loại nhận được. Hãy chọn tệp pdf"),
        (("rong.pdf", b""), "rỗng"),
    ],
)
def test_papers_added_later_are_checked_alike(activity, hieu_truong_b, as_user, upload, words):
    client = as_user(hieu_truong_b)
    before = row_counts()
    url = reverse("activity_documents", args=[activity.pk])
    response = client.post(url, {"files": [photo(), SimpleUploadedFile(*upload)]})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert row_counts() == before


# --- The database guards the truth ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("activity_held_has_day", {"held_on": None, "planned_on": date(2023, 10, 20)}),
        ("activity_has_some_day", {"held_on": None, "status": "planned"}),
        ("activity_one_host", {"host_district": "thanh_tri"}),
    ],
)
def test_an_activity_the_database_refuses(world, activity, constraint, changes):
    changes = {
        name: getattr(world, value, value) if isinstance(value, str) else value for name, value in changes.items()
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Activity.objects.update(**changes)


def test_rows_the_database_refuses(world, activity):
    row = activity.units.get(school=world.school_a)
    twice = {"activity": activity, "district": world.thanh_tri}
    ActivitySchool.objects.create(**twice)
    for wrong in (
        lambda: ActivitySchool.objects.create(**twice),
        lambda: ActivitySchool.objects.create(**twice, school=world.school_a),
        lambda: ActivitySchool.objects.filter(pk=row.pk).update(named_count=25),
        lambda: row.name_teachers([("Lê Thị Ví Dụ", "chair"), ("LÊ THỊ VÍ DỤ", "attend")]),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    assert not Participation.objects.exists()


def test_the_rows_fail_and_the_activity_goes_with_them(world, school_agreement, hieu_truong_a, as_user, monkeypatch):
    """Whatever stops the last step of recording takes the first steps back."""

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(Activity, "after_rows_change", fail)
    client = as_user(hieu_truong_a)
    before = row_counts()
    with pytest.raises(RuntimeError):
        client.post(CREATE, activity_form(world, agreement=school_agreement.pk))
    assert row_counts() == before
