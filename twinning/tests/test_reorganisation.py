"""The guided act "Sắp xếp đơn vị": what is proposed, what a person decides, rehearsal, act, undo, and who may."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from twinning import access
from twinning.access import Role
from twinning.life import Refused
from twinning.models import (
    District,
    Membership,
    Placement,
    Reorganisation,
    School,
    SchoolManagement,
    UnitSuccession,
)
from twinning.placement_sheet import HEAD_ROW, UNIT
from twinning.reforms.plan import Share, plan, slugs
from twinning.search import matching
from twinning.tests.tables import dump

PLAN, DAY, LAST = "ha-noi-2025", date(2025, 7, 1), date(2025, 6, 30)
LIST, CREATE = "/don-vi/sap-xep/", "/don-vi/sap-xep/moi/"
# Tables that tell of the act itself, not of what it changed.
OWN = ("twinning.Reorganisation", "twinning.ReorganisationEvent", "twinning.Placement")


@pytest.fixture
def schools(world):
    """A stands in a split ward, B in a whole one, C in a whole one of another old unit, D in none we know."""
    wards = {"school_a": "Xã Tả Thanh Oai", "school_b": "Xã Đại Yên", "school_c": "phường Phúc Xá", "school_d": ""}
    for name, ward in wards.items():
        school = getattr(world, name)
        school.ward = ward
        school.save()
    return world


@pytest.fixture
def draft_plan(schools, so):
    reorganisation = Reorganisation.objects.create(department=schools.so, plan=PLAN, day=DAY, decision_number="1656/NQ")
    reorganisation.list_schools()
    return reorganisation


@pytest.fixture
def decided(draft_plan, schools, so):
    """Every school has its unit."""
    to = {schools.school_a: "00664", schools.school_d: "10072"}
    draft_plan.decide({place(draft_plan, school).pk: code for school, code in to.items()}, so)
    return draft_plan


@pytest.fixture
def done(decided, so):
    decided.perform("apply", so)
    return decided


def place(reorganisation, school):
    return reorganisation.placements.get(school=school)


def unit(code):
    return District.objects.get(code=code)


def text_of(page):
    return " ".join(page.content.decode().split())


# --- The facts ------------------------------------------------------------------------------------------------------


def test_the_plan_of_ha_noi():
    facts = plan(PLAN)
    assert (facts.decision, facts.day, len(facts.units), len(facts.old_units)) == ("1656/NQ-UBTVQH15", DAY, 126, 30)
    kinds = [unit.kind for unit in facts.units.values()]
    assert (kinds.count("phuong"), kinds.count("xa")) == (51, 75)
    wards = [ward for old in facts.old_units.values() for ward in old.wards.values()]
    assert (len(wards), sum(len(ward.units) for ward in wards)) == (526, 794)
    assert sum(ward.share == Share.WHOLE for ward in wards) == 327
    assert {code for ward in wards for code in ward.units} == set(facts.units)
    assert all(ward.hint in ward.units for ward in wards if ward.share == Share.SPLIT)
    assert all(not ward.proposed for ward in wards if ward.share == Share.SPLIT)


def test_every_plan_can_be_read_and_another_is_none():
    assert PLAN in slugs()
    for slug in slugs():
        assert plan(slug).units
    with pytest.raises(KeyError):
        plan("sao-hoa")


@pytest.mark.parametrize(
    ("district", "text", "found"),
    [
        (("quan", "Ba Đình"), "Phường Phúc Xá", "00001"),
        (("quan", "Ba Đình"), "phúc xá", "00001"),
        (("quan", "Ba Đình"), "P. Phúc Xá", "00001"),
        (("quan", "Ba Đình"), "PHUONG PHUC XA, Ba Đình", "00001"),
        (("quan", "Ba Đình"), "Phường Phúc Xá (quận Ba Đình cũ)", "00001"),
        (("quan", "Ba Đình"), "Xã Phúc Xá", None),
        (("quan", "Ba Đình"), "Xã Tả Thanh Oai", None),
        (("quan", "Ba Đình"), "", None),
        (("quan", "Ba Đình"), "Phường", None),
        (("huyen", "Gia Lâm"), "Thị trấn Yên Viên", "00526"),
        (("huyen", "Gia Lâm"), "TT Yên Viên", "00526"),
        (("huyen", "Gia Lâm"), "xã Yên Viên", "00532"),
        (("huyen", "Gia Lâm"), "Yên Viên", None),
        (("huyen", "Chương Mỹ"), "Xã Thuỷ Xuân Tiên", "10045"),
        (("huyen", "Chương Mĩ"), "xã Mĩ Lương", "10087"),
        (("huyen", "Chương Mỹ"), "Xã Ngọc Hoà", "10042"),
    ],
)
def test_a_ward_is_found_however_it_is_spelt_and_never_guessed(district, text, found):
    kind, name = district
    old = plan(PLAN).old_unit(District(kind=kind, name=name))
    ward = old.find_ward(text)
    assert (ward and ward[0]) == found


# --- The list of schools --------------------------------------------------------------------------------------------


def test_only_a_school_of_a_whole_ward_gets_a_proposal(draft_plan, schools):
    rows = {row.school: (row.share, row.unit, row.decided_by) for row in draft_plan.placements.select_related("school")}
    assert rows == {
        schools.school_a: (Share.SPLIT, "", None),
        schools.school_b: (Share.WHOLE, "10015", None),
        schools.school_c: (Share.WHOLE, "00097", None),
        schools.school_d: (Share.UNKNOWN, "", None),
    }
    assert place(draft_plan, schools.school_a).hint == "Xã Đại Thanh"
    assert place(draft_plan, schools.school_d).hint == ""


def test_the_list_follows_the_schools_and_keeps_what_a_person_decided(draft_plan, schools, so):
    draft_plan.decide({place(draft_plan, schools.school_a).pk: "00643"}, so)
    schools.school_a.ward = "Xã Vĩnh Quỳnh"
    schools.school_a.save()
    schools.school_c.ward = "Phường Cống Vị"  # split
    schools.school_c.save()
    schools.school_b.valid_to = date(2024, 8, 31)  # closed before the day
    schools.school_b.save()
    new = School.objects.create(code="x", name="Mầm non Mới", level="mn", district=schools.ba_dinh, ward="Trúc Bạch")
    draft_plan.list_schools()
    rows = {row.school: (row.share, row.unit) for row in draft_plan.placements.select_related("school")}
    assert rows[new] == (Share.WHOLE, "00004")
    assert rows[schools.school_a] == (Share.SPLIT, "00643")
    assert rows[schools.school_c] == (Share.SPLIT, "")
    assert schools.school_b not in rows


def test_an_old_unit_renamed_since_leaves_the_list_and_breaks_no_page(draft_plan, schools, so, as_user):
    schools.thanh_tri.name = "Tên khác"
    schools.thanh_tri.save()
    client, url = as_user(so), reverse("reorganisation_schools", args=[draft_plan.pk])
    assert client.get(url).status_code == client.get(url, {"phuong": "00649"}).status_code == 200
    draft_plan.list_schools()
    assert not draft_plan.placements.filter(school=schools.school_a).exists()


# --- Deciding -------------------------------------------------------------------------------------------------------


def test_a_page_of_decisions_is_saved(draft_plan, schools, so, as_user):
    client, url = as_user(so), reverse("reorganisation_schools", args=[draft_plan.pk])
    page = text_of(client.get(url))
    assert "Còn 2 trong 4 trường chưa có nơi về" in page
    assert "Gợi ý, chưa ai xác nhận: Xã Đại Thanh" in page
    assert "selected" not in page.split("placements")[1]
    a, d = place(draft_plan, schools.school_a), place(draft_plan, schools.school_d)
    page = text_of(client.post(url, {f"unit_{a.pk}": "00643", f"was_{a.pk}": "", f"unit_{d.pk}": ""}, follow=True))
    assert "Đã lưu nơi về của 1 trường; còn 1 trường cần quyết." in page
    a.refresh_from_db()
    assert (a.unit, a.decided_by) == ("00643", so)
    assert a.decided_at is not None
    client.post(url, {f"unit_{a.pk}": "", f"was_{a.pk}": "00643"})
    a.refresh_from_db()
    assert (a.unit, a.decided_by, a.decided_at) == ("", None, None)


def test_a_unit_of_elsewhere_is_refused_and_nothing_is_saved(draft_plan, schools, so, as_user):
    a, d = place(draft_plan, schools.school_a), place(draft_plan, schools.school_d)
    url = reverse("reorganisation_schools", args=[draft_plan.pk])
    page = text_of(as_user(so).post(url, {f"unit_{d.pk}": "10072", f"unit_{a.pk}": "00004"}, follow=True))
    assert "“Phường Ba Đình” không nhận địa bàn của huyện Thanh Trì, nên không nhận THCS Tả Thanh Oai." in page
    assert draft_plan.placements.undecided().count() == 2


def test_the_later_of_two_does_not_overwrite_unseen(draft_plan, schools, so, quan_tri, as_user):
    a = place(draft_plan, schools.school_a)
    draft_plan.decide({a.pk: "00643"}, quan_tri)
    url = reverse("reorganisation_schools", args=[draft_plan.pk])
    page = text_of(as_user(so).post(url, {f"unit_{a.pk}": "00664", f"was_{a.pk}": ""}, follow=True))
    assert "Người khác vừa chọn Phường Thanh Liệt cho THCS Tả Thanh Oai. Chưa lưu gì" in page
    a.refresh_from_db()
    assert (a.unit, a.decided_by) == ("00643", quan_tri)


def test_all_schools_of_a_ward_at_once_leave_what_was_decided(draft_plan, schools, so, as_user):
    more = [
        School.objects.create(
            code=f"t{n}", name=f"Mầm non Số {n}", level="mn", district=schools.thanh_tri, ward="Xã Tả Thanh Oai"
        )
        for n in range(3)
    ]
    draft_plan.list_schools()
    draft_plan.decide({place(draft_plan, more[0]).pk: "00643"}, so)
    url = reverse("reorganisation_schools", args=[draft_plan.pk]) + "?phuong=00649"
    client = as_user(so)
    assert "Tất cả 3 trường chưa quyết của Xã Tả Thanh Oai về:" in text_of(client.get(url))
    assert "Hãy chọn đơn vị mới" in text_of(client.post(url, {"ward": "00649", "bulk": ""}, follow=True))
    page = text_of(client.post(url, {"ward": "00649", "bulk": "00664"}, follow=True))
    assert "Đã lưu nơi về của 3 trường; còn 1 trường cần quyết." in page
    assert [place(draft_plan, school).unit for school in more] == ["00643", "00664", "00664"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["THCS Tả Thanh Oai", "Tiểu học Đại Yên"]),
        ({"q": "ta thanh"}, ["THCS Tả Thanh Oai"]),
        ({"tinh_trang": "theo-bang"}, ["THCS Phúc Xá", "THCS Đại Yên"]),
        ({"tinh_trang": "da-quyet"}, []),
        ({"phuong": "chua-ro"}, ["Tiểu học Đại Yên"]),
        ({"phuong": "00001", "tinh_trang": "tat-ca"}, ["THCS Phúc Xá"]),
    ],
)
def test_filters_of_the_list(draft_plan, so, as_user, query, names):
    page = as_user(so).get(reverse("reorganisation_schools", args=[draft_plan.pk]), query)
    assert {row.school.name for row in page.context["object_list"]} == set(names)


def test_wards_on_offer_are_those_of_the_chosen_unit(draft_plan, schools, so, as_user):
    url = reverse("reorganisation_schools", args=[draft_plan.pk])
    page = text_of(as_user(so).get(url, {"don_vi": schools.thanh_tri.pk}))
    assert "Xã Tả Thanh Oai (1)" in page
    assert "Phường Phúc Xá" not in page


def test_25_a_page_and_as_many_queries_for_two_as_for_sixty(draft_plan, schools, so, as_user):
    client, url = as_user(so), reverse("reorganisation_schools", args=[draft_plan.pk])
    client.get(url)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            page = client.get(url)
        return page, len(seen)

    _page, few = queries()
    for n in range(60):
        School.objects.create(code=f"t{n}", name=f"Mầm non {n}", level="mn", district=schools.thanh_tri)
    draft_plan.list_schools()
    page, many = queries()
    assert len(page.context["object_list"]) == 25
    assert many == few
    assert len(client.get(url, {"page": 3}).context["object_list"]) == 12


# --- The list as a workbook -----------------------------------------------------------------------------------------


@pytest.fixture
def workbook(draft_plan, so, as_user):
    """The list as downloaded: (openpyxl book, {school name: row number})."""
    response = as_user(so).get(reverse("reorganisation_sheet", args=[draft_plan.pk]) + "?tinh_trang=tat-ca")
    book = openpyxl.load_workbook(BytesIO(b"".join(response)))
    sheet = book.worksheets[0]
    return book, {row[4].value: row[0].row for row in sheet.iter_rows(min_row=HEAD_ROW + 2)}


@pytest.fixture
def upload(draft_plan, so, as_user):
    def send(book):
        file = BytesIO()
        book.save(file)
        url = reverse("reorganisation_upload", args=[draft_plan.pk])
        return as_user(so).post(url, {"file": SimpleUploadedFile("da-dien.xlsx", file.getvalue())}, follow=True)

    return send


def test_the_workbook_says_what_the_page_says(workbook):
    book, rows = workbook
    sheet, choices = book.worksheets
    assert set(rows) == {"THCS Tả Thanh Oai", "THCS Đại Yên", "THCS Phúc Xá", "Tiểu học Đại Yên"}
    line = [cell.value or None for cell in sheet[rows["THCS Tả Thanh Oai"]]]
    assert line[1:] == [
        "huyện Thanh Trì",
        "Xã Tả Thanh Oai",
        "01020501",
        "THCS Tả Thanh Oai",
        "THCS",
        None,
        "phường, xã bị chia",
        "Xã Đại Thanh",
        None,
    ]
    assert sheet.cell(rows["THCS Phúc Xá"], 10).value == "Phường Hồng Hà"
    assert {cell.value for cell in choices[1]} == {"huyện Thanh Trì", "huyện Chương Mỹ", "quận Ba Đình"}
    assert len(sheet.data_validations.dataValidation) >= 1


def test_a_filled_workbook_is_taken(workbook, upload, draft_plan, schools, so):
    book, rows = workbook
    book.worksheets[0].cell(rows["THCS Tả Thanh Oai"], 10, "phuong thanh liet")
    book.worksheets[0].cell(rows["Tiểu học Đại Yên"], 10, "Quảng Bị ")
    page = text_of(upload(book))
    assert "Đã nhận: 2 trường có nơi về mới; còn 0 trường cần quyết." in page
    a = place(draft_plan, schools.school_a)
    assert (a.unit, a.decided_by) == ("00643", so)
    assert place(draft_plan, schools.school_d).unit == "10072"
    assert place(draft_plan, schools.school_b).decided_by is None  # as proposed, not a person's word
    assert draft_plan.events.get(action="upload").note == "da-dien.xlsx"


def test_one_bad_row_and_none_is_taken(workbook, upload, draft_plan):
    book, rows = workbook
    sheet = book.worksheets[0]
    sheet.cell(rows["THCS Tả Thanh Oai"], 10, "Xã Đại Thanh")
    sheet.cell(rows["Tiểu học Đại Yên"], 10, "Phường Ba Đình")
    sheet.cell(rows["THCS Phúc Xá"], 1, 999999)
    sheet.cell(rows["THCS Đại Yên"], 5, "THCS Khác")
    before = dump()
    response = upload(book)
    assert response.status_code == 422
    page = text_of(response)
    assert "3 dòng sai, chưa lưu dòng nào" in page
    d = rows["Tiểu học Đại Yên"]
    assert f"Dòng {d}, Tiểu học Đại Yên: “Phường Ba Đình” không phải đơn vị nhận địa bàn của huyện Chương Mỹ." in page
    assert f"Dòng {rows['THCS Phúc Xá']}, THCS Phúc Xá: mã dòng “999999” không có trong danh sách." in page
    assert "là của “THCS Đại Yên”; các dòng có thể đã bị xếp lệch." in page
    assert dump() == before


def test_one_school_twice_with_two_units_is_an_error(workbook, upload, draft_plan):
    book, rows = workbook
    sheet = book.worksheets[0]
    sheet.cell(rows["THCS Tả Thanh Oai"], 10, "Xã Đại Thanh")
    again = [cell.value for cell in sheet[rows["THCS Tả Thanh Oai"]]]
    sheet.append([*again[:9], "Phường Thanh Liệt"])
    assert "trường này đã ghi ở dòng trên với đơn vị khác" in text_of(upload(book))
    assert draft_plan.placements.undecided().count() == 2


def test_a_workbook_of_something_else_is_refused_with_the_reason(upload, draft_plan, so, as_user):
    book = openpyxl.Workbook()
    book.active.append(["STT", "Tên trường"])
    assert f"Không thấy hàng tiêu đề có các cột “Mã dòng”, “Tên trường”, “{UNIT}”" in text_of(upload(book))
    url = reverse("reorganisation_upload", args=[draft_plan.pk])
    page = as_user(so).post(url, {"file": SimpleUploadedFile("a.xlsx", b"khong phai excel")})
    assert "không phải là tệp xlsx như tên gọi" in text_of(page)


# --- Rehearsing -----------------------------------------------------------------------------------------------------


def test_a_rehearsal_says_what_will_change_and_changes_nothing(decided):
    before = dump()
    outcome = decided.rehearse()
    assert dump() == before
    codes = {code for _district, old in decided.old_units() for code in old.units}
    assert (outcome["ended"], outcome["created"], outcome["schools"]) == (3, len(codes), 4)
    assert (outcome["undecided"], outcome["accounts"], outcome["memberships"]) == (0, len(codes), 0)
    assert {code: n for code, n in outcome["per_unit"] if n} == {"00664": 1, "10072": 1, "10015": 1, "00097": 1}


def test_the_page_of_the_rehearsal_and_a_later_decision(decided, schools, so, as_user):
    client = as_user(so)
    before = dump(*OWN)
    page = text_of(client.post(reverse("reorganisation_rehearse", args=[decided.pk]), follow=True))
    assert "Đã chạy thử, chưa có gì thay đổi" in page
    assert "Kết quả chạy thử: sẽ thay đổi" in page
    assert "Thực hiện sắp xếp" in page
    assert dump(*OWN) == before
    decided.decide({place(decided, schools.school_a).pk: "00643"}, so)
    page = text_of(client.get(decided.get_absolute_url()))
    assert "Kết quả chạy thử" not in page
    assert "Thực hiện sắp xếp" not in page


def test_undecided_schools_are_shown_by_the_rehearsal_and_block_the_act(draft_plan, so, as_user):
    client = as_user(so)
    page = text_of(client.post(reverse("reorganisation_rehearse", args=[draft_plan.pk]), follow=True))
    assert "phải quyết hết mới thực hiện được" in page
    before = dump()
    url = reverse("reorganisation_action", args=[draft_plan.pk, "thuc-hien"])
    page = text_of(client.post(url, follow=True))
    assert "Còn 2 trường chưa có nơi về nên chưa sắp xếp được" in page
    assert dump() == before


def test_a_school_added_since_blocks_until_it_is_decided(decided, schools, so):
    School.objects.create(code="x", name="Mầm non Mới", level="mn", district=schools.ba_dinh)
    with pytest.raises(Refused, match="Còn 1 trường chưa có nơi về"):
        decided.perform("apply", so)
    assert not District.objects.filter(kind="phuong").exists()


def test_a_day_to_come_is_refused(decided, so):
    decided.day = timezone.localdate() + timedelta(days=1)
    decided.save()
    with pytest.raises(Refused, match="chưa đến"):
        decided.perform("apply", so)


def test_new_units_that_are_there_already_are_refused_by_name(decided, schools, so):
    District.objects.create(department=schools.so, code="PTL", name="Thanh Liệt", kind="phuong", office_name="UBND")
    with pytest.raises(Refused, match=r"1 đơn vị mới đã có sẵn .*phường Thanh Liệt \(mã PTL\)"):
        decided.rehearse()


# --- Doing ----------------------------------------------------------------------------------------------------------


def test_old_units_end_and_new_ones_begin(done, schools):
    for old in (schools.thanh_tri, schools.chuong_my, schools.ba_dinh):
        old.refresh_from_db()
        assert old.valid_to == LAST
    new = unit("00664")
    assert (str(new), new.office, new.office_name) == (
        "xã Đại Thanh",
        "UBND xã Đại Thanh",
        "Ủy ban nhân dân xã Đại Thanh",
    )
    assert (new.symbol, new.zone, new.valid_from, new.valid_to) == ("UBND", "", DAY, None)
    pairs = UnitSuccession.objects.filter(predecessor=schools.thanh_tri)
    assert set(pairs.values_list("successor__code", flat=True)) == set(plan(PLAN).old_unit(schools.thanh_tri).units)
    assert set(pairs.values_list("on", "kind")) == {(DAY, "replace")}
    assert done.outcome["successions"] == UnitSuccession.objects.count()


def test_schools_go_to_the_unit_that_was_chosen(done, schools):
    for school, code in [("school_a", "00664"), ("school_b", "10015"), ("school_c", "00097"), ("school_d", "10072")]:
        school = School.objects.get(pk=getattr(schools, school).pk)
        assert school.district == unit(code)
        assert "thanh tri" not in school.search_key
        periods = school.managements.values_list("district__valid_to", "valid_from", "valid_to")
        assert list(periods) == [(LAST, None, LAST), (None, DAY, None)]
        assert school.managements.valid_on(DAY).get().district == school.district
        assert school.managements.valid_on(LAST).get().district.valid_to == LAST
    assert matching(School.objects.all(), "ta thanh oai xa dai thanh").get() == schools.school_a


def test_schools_closed_before_stay_and_those_founded_since_were_never_under_the_old_unit(draft_plan, schools, so):
    schools.school_a.valid_to = date(2024, 8, 31)
    schools.school_a.save()
    closing = schools.school_b
    closing.valid_to = date(2025, 12, 31)
    closing.save()
    SchoolManagement.objects.filter(school=closing).update(valid_to=closing.valid_to)
    founded = School.objects.create(
        code="x",
        name="Mầm non Mới",
        level="mn",
        district=schools.ba_dinh,
        ward="Trúc Bạch",
        valid_from=date(2025, 8, 1),
    )
    draft_plan.list_schools()
    draft_plan.decide({place(draft_plan, schools.school_d).pk: "10072"}, so)
    draft_plan.perform("apply", so)
    schools.school_a.refresh_from_db()
    assert schools.school_a.district == schools.thanh_tri
    assert schools.school_a.managements.get().valid_to is None
    assert draft_plan.outcome["closed"] == 1
    assert list(closing.managements.values_list("district__code", "valid_from", "valid_to")) == [
        ("277", None, LAST),
        ("10015", DAY, closing.valid_to),
    ]
    assert list(founded.managements.values_list("district__code", "valid_from", "valid_to")) == [
        ("00004", date(2025, 8, 1), None)
    ]


def test_agreements_activities_and_help_are_not_touched(decided, activity, support, district_agreement, period, so):
    touched = (*OWN, "accounts.User", "twinning.Membership", "twinning.District", "twinning.UnitSuccession")
    touched += ("twinning.School", "twinning.SchoolManagement")
    before = dump(*touched)
    decided.perform("apply", so)
    assert dump(*touched) == before
    call_command("check_totals")


def test_old_officers_lose_their_seat_from_the_day(decided, phong_thanh_tri, so, as_user, person, schools):
    clerk = person("doc.thanh-tri", Role.READER, district=schools.thanh_tri)
    late = person("moi.thanh-tri", Role.DISTRICT, district=schools.thanh_tri)
    Membership.objects.filter(user=late).update(valid_from=date(2025, 9, 1))
    assert access.seat(phong_thanh_tri) is not None
    decided.perform("apply", so)
    for user in (phong_thanh_tri, clerk):
        fresh = User.objects.get(pk=user.pk)
        assert access.seat(fresh) is None
        assert fresh.memberships.get().valid_to == LAST
        assert fresh.memberships.in_force(LAST).exists()
        assert not fresh.memberships.in_force(DAY).exists()
    assert access.seat(User.objects.get(pk=late.pk)) is None
    assert decided.outcome["memberships"] == 3
    page = as_user(phong_thanh_tri).get("/giao-uoc/")
    assert page.context["table"].paginator.count == 0
    with time_machine.travel("2025-06-30T10:00:00+07:00"):
        assert access.seat(User.objects.get(pk=phong_thanh_tri.pk)) is not None


def test_every_new_unit_has_an_account_that_sees_its_schools(decided, schools, so, as_user):
    User.objects.create(username="xa.dai-thanh", full_name="Người trùng tên")
    decided.perform("apply", so)
    user = User.objects.get(username="xa.dai-thanh-2")
    assert not user.has_usable_password()
    assert (user.email, user.full_name) == (None, "Cán bộ UBND xã Đại Thanh")
    membership = user.memberships.get()
    assert (membership.role, membership.district, membership.valid_from) == (Role.DISTRICT, unit("00664"), DAY)
    assert membership.decision_number == "1656/NQ"
    assert list(School.objects.editable_by(user)) == [schools.school_a]
    assert as_user(user).get(schools.school_a.get_absolute_url()).status_code == 200
    assert User.objects.filter(username="phuong.thanh-liet").exists()
    assert Membership.objects.filter(district__valid_from=DAY).count() == decided.outcome["accounts"]


def test_the_act_is_done_once(done, so):
    with pytest.raises(Refused, match="“Thực hiện sắp xếp” không còn làm được: Chuyên viên Sở đã"):
        done.perform("apply", so)
    assert Reorganisation.plans_for(done.department) == []


# --- Undoing --------------------------------------------------------------------------------------------------------


def test_undo_restores_everything(decided, phong_thanh_tri, activity, support, period, so, as_user):
    before = dump(*OWN)
    decided.perform("apply", so)
    assert dump(*OWN) != before
    page = text_of(as_user(so).post(reverse("reorganisation_action", args=[decided.pk, "hoan-tac"]), follow=True))
    assert "Đã hoàn tác" in page
    assert dump(*OWN) == before
    decided.refresh_from_db()
    assert (decided.status, decided.journal, decided.outcome) == ("draft", None, {})
    assert decided.placements.undecided().count() == 0
    decided.perform("apply", so)  # and once more
    assert decided.status == "done"


def test_undo_is_refused_when_something_was_built_on_it(done, schools, so, as_user):
    School.objects.create(code="x", name="Mầm non Mới", level="mn", district=unit("00664"))
    before = dump()
    page = text_of(as_user(so).post(reverse("reorganisation_action", args=[done.pk, "hoan-tac"]), follow=True))
    assert "Không hoàn tác được vì đã có dữ liệu dựa trên việc này" in page
    assert "1 trường mới: Mầm non Mới" in page
    assert dump() == before


def test_undo_is_refused_when_a_new_account_was_taken_over(done, so):
    user = User.objects.get(username="xa.dai-thanh")
    user.email = "daithanh@example.vn"
    user.save()
    with pytest.raises(Refused, match=r"1 người dùng đã sửa hoặc xoá sau đó: Cán bộ UBND xã Đại Thanh"):
        Reorganisation.objects.get(pk=done.pk).perform("undo", so)
    assert Reorganisation.objects.get(pk=done.pk).status == "done"


# --- Preparing, and who may -----------------------------------------------------------------------------------------


def test_a_department_starts_with_the_plan_that_fits(schools, so, as_user):
    client = as_user(so)
    assert "Hà Nội 2025: 30 quận, huyện, thị xã thành 126 phường, xã" in text_of(client.get(LIST))
    page = text_of(client.get(CREATE))
    assert 'value="1/7/2025"' in page
    assert 'value="1656/NQ-UBTVQH15"' in page
    form = {"choice": f"{schools.so.pk}:{PLAN}", "day": "", "decision_number": ""}
    page = text_of(client.post(CREATE, form, follow=True))
    assert "Đã lập bản chuẩn bị. Còn 2 trường cần quyết định nơi về." in page
    reorganisation = Reorganisation.objects.get()
    assert (reorganisation.day, reorganisation.decision_number) == (DAY, "1656/NQ-UBTVQH15")
    assert reorganisation.department == schools.so
    assert client.get(CREATE).status_code == 404  # its only plan is being worked on


def test_a_day_to_come_is_no_day_to_prepare(schools, so, as_user):
    tomorrow = timezone.localdate() + timedelta(days=1)
    form = {"choice": f"{schools.so.pk}:{PLAN}", "day": f"{tomorrow:%d/%m/%Y}"}
    page = as_user(so).post(CREATE, form)
    assert page.status_code == 422
    assert "Ngày này chưa đến" in text_of(page)
    assert not Reorganisation.objects.exists()


def test_another_day_makes_another_list(draft_plan, schools, so, as_user):
    schools.school_a.valid_to = date(2025, 8, 31)
    schools.school_a.save()
    url = reverse("reorganisation_edit", args=[draft_plan.pk])
    assert as_user(so).post(url, {"day": "15/9/2025", "decision_number": "1/QĐ"}).status_code == 302
    draft_plan.refresh_from_db()
    assert (draft_plan.day, draft_plan.decision_number) == (date(2025, 9, 15), "1/QĐ")
    assert not draft_plan.placements.filter(school=schools.school_a).exists()


def test_a_draft_is_dropped_and_the_plan_offered_again(draft_plan, so, as_user):
    as_user(so).post(reverse("reorganisation_action", args=[draft_plan.pk, "bo"]))
    draft_plan.refresh_from_db()
    assert draft_plan.status == "cancelled"
    assert [p.slug for p in Reorganisation.plans_for(draft_plan.department)] == [PLAN]


def test_one_draft_a_plan(draft_plan):
    twin = Reorganisation(department=draft_plan.department, plan=PLAN, day=DAY, decision_number="x")
    with pytest.raises(Exception, match="đang được chuẩn bị hoặc đã thực hiện"):
        twin.validate_constraints()


def test_a_department_without_the_old_units_is_offered_nothing(nguoi_tinh_khac, as_user):
    assert "không có phương án nào hợp với các đơn vị hiện có" in text_of(as_user(nguoi_tinh_khac).get(LIST))
    assert as_user(nguoi_tinh_khac).get(CREATE).status_code == 404


def test_the_whole_department_reads_only_its_officers_act(draft_plan, lanh_dao, chi_xem, as_user):
    pk = draft_plan.pk
    before = dump()
    for person in (lanh_dao, chi_xem):
        client = as_user(person)
        for name in ("reorganisation_detail", "reorganisation_schools", "reorganisation_sheet"):
            assert client.get(reverse(name, args=[pk])).status_code == 200, name
        assert client.get(LIST).status_code == 200
        assert client.get(CREATE).status_code == 404
        for name in (
            "reorganisation_rehearse",
            "reorganisation_schools",
            "reorganisation_upload",
            "reorganisation_edit",
        ):
            assert client.post(reverse(name, args=[pk])).status_code == 404, (person, name)
        page = client.post(reverse("reorganisation_action", args=[pk, "thuc-hien"]), follow=True)
        assert "không có quyền làm việc này" in text_of(page)
    assert dump() == before


@pytest.mark.parametrize("who", ["phong_thanh_tri", "hieu_truong_a", "can_bo", "nguoi_tinh_khac"])
def test_nobody_else_knows_of_it(draft_plan, as_user, request, who):
    client = as_user(request.getfixturevalue(who))
    if who != "nguoi_tinh_khac":
        assert client.get(LIST).status_code == 404
        assert "sap-xep" not in client.get("/don-vi/").content.decode()
    for name in ("detail", "schools", "sheet", "edit", "upload"):
        assert client.get(reverse(f"reorganisation_{name}", args=[draft_plan.pk])).status_code == 404, name


# --- The directory afterwards ---------------------------------------------------------------------------------------


def test_the_list_of_units_shows_those_in_force_and_the_others_when_asked(done, so, as_user):
    client = as_user(so)

    def units(**query):
        return {str(row.record) for row in client.get("/don-vi/", query).context["table"].rows}

    everything = units(hieu_luc="tat-ca", q="thanh tri")
    assert everything == {"huyện Thanh Trì", "xã Thanh Trì"}
    assert units(q="thanh tri") == {"xã Thanh Trì"}
    assert not {"huyện Thanh Trì", "huyện Chương Mỹ", "quận Ba Đình"} & units()
    assert units(hieu_luc="ket-thuc") == {"huyện Thanh Trì", "huyện Chương Mỹ", "quận Ba Đình"}
    assert "đến 30/6/2025" in text_of(client.get("/don-vi/", {"hieu_luc": "ket-thuc"}))
    assert "từ 1/7/2025" in text_of(client.get("/don-vi/"))


def test_the_pages_of_an_old_and_a_new_unit_lead_to_each_other(done, schools, so, as_user):
    client = as_user(so)
    page = text_of(client.get(schools.thanh_tri.get_absolute_url()))
    assert "<dt>Kết thúc</dt><dd>30/6/2025</dd>" in page
    assert f'<a href="{unit("00664").get_absolute_url()}">xã Đại Thanh</a>' in page
    page = text_of(client.get(unit("00664").get_absolute_url()))
    assert f'<dt>Hình thành từ</dt><dd><a href="{schools.thanh_tri.get_absolute_url()}">huyện Thanh Trì</a>' in page
    assert "1 trường" in page


def test_choices_of_units_offer_those_in_force_first(done, so, as_user):
    form = as_user(so).get("/truong/").context["filter"].form
    labels = [label for _value, label in form.fields["don_vi"].choices][1:]
    ended = [label.endswith("(đến 30/6/2025)") for label in labels]
    assert ended.count(True) == 3
    assert ended == sorted(ended)


# --- The command ----------------------------------------------------------------------------------------------------


def test_the_command_rehearses_refuses_acts_and_undoes(schools, quan_tri, so, capsys):
    before = dump()
    call_command("reorganise", plan=PLAN, day=DAY, dry_run=True)
    out = capsys.readouterr().out
    assert "Chạy thử, chưa thay đổi gì:" in out
    assert "2 trường chưa quyết nơi về" in out
    assert dump() == before
    with pytest.raises(CommandError, match=r"Còn 2 trường[\s\S]*huyện Chương Mỹ: 1 trường[\s\S]*huyện Thanh Trì: 1"):
        call_command("reorganise", plan=PLAN, day=DAY)
    assert dump() == before

    draft = Reorganisation.objects.create(department=schools.so, plan=PLAN, day=DAY, decision_number="1656/NQ")
    draft.list_schools()
    with pytest.raises(CommandError, match="ghi ngày 1/7/2025"):
        call_command("reorganise", plan=PLAN, day=date(2025, 8, 1))
    to = {schools.school_a: "00664", schools.school_d: "10072"}
    draft.decide({place(draft, school).pk: code for school, code in to.items()}, so)
    before = dump(*OWN)
    call_command("reorganise", plan=PLAN, day=DAY)
    assert "4 trường chuyển đơn vị" in capsys.readouterr().out
    assert draft.events.get(action="apply").by == quan_tri
    call_command("reorganise", plan=PLAN, undo=True)
    assert dump(*OWN) == before
    with pytest.raises(CommandError, match="Chưa có lần sắp xếp nào"):
        call_command("reorganise", plan=PLAN, undo=True)


def test_the_command_needs_a_person_who_may(schools, so, chi_xem):
    with pytest.raises(CommandError, match="--by"):
        call_command("reorganise", plan=PLAN, day=DAY)
    School.objects.exclude(pk=schools.school_c.pk).update(valid_to=date(2024, 1, 1))
    with pytest.raises(CommandError, match="không có quyền"):
        call_command("reorganise", plan=PLAN, day=DAY, by="chixem")
    assert not Placement.objects.exists()
    call_command("reorganise", plan=PLAN, day=DAY, by="so")
    assert School.objects.get(pk=schools.school_c.pk).district == unit("00097")
