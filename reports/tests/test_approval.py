"""The way up the line: what must be there before a report is submitted, what the level above may do with it, locks
after the last day, numbers and the register at issue, and the correction of what was issued."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.models import OutgoingPaper, Report
from reports.official import long_date
from reports.tests.reading import plain
from twinning import vietnamese
from twinning.models import School
from twinning.tests.reform import commune, end, move

SETTLED = {"status": "approved"}
ISSUE = {"number": "", "issued_on": "20/6/2024", "signer_title": "TRƯỞNG PHÒNG", "signer_name": "Nguyễn Văn Mẫu"}


@pytest.fixture
def report_at(period):
    return lambda **unit: Report.objects.for_list().get(period=period, **unit)


@pytest.fixture
def school_report(report_at, world):
    return report_at(school=world.school_a)


@pytest.fixture
def act(as_user):
    """Press a button; → the words of the page one comes to."""

    def press(person, report, slug, **answer):
        response = as_user(person).post(reverse("report_action", args=[report.pk, slug]), answer, follow=True)
        report.refresh_from_db()
        return response.content.decode()

    return press


def require(period, *keys, **fields):
    type(period).objects.filter(pk=period.pk).update(required_sections=list(keys), **fields)


def test_nothing_required_may_be_missing(period, school_report, hieu_truong_a, can_bo, as_user, act):
    require(period, "advantages", "difficulties")
    words = act(hieu_truong_a, school_report, "trinh")
    assert "còn mục bắt buộc chưa viết là “Thuận lợi”, “Khó khăn”" in words
    edit = reverse("report_edit", args=[school_report.pk])
    as_user(can_bo).post(edit, {"advantages": "Gần nhau", "difficulties": " \n "})
    assert "chưa viết là “Khó khăn”" in act(hieu_truong_a, school_report, "trinh")
    as_user(can_bo).post(edit, {"advantages": "Gần nhau", "difficulties": "Đường xa"})
    act(hieu_truong_a, school_report, "trinh")
    assert school_report.status == "submitted"
    section = school_report.sections.get(key="difficulties")
    assert (section.typed_by, school_report.events.first().by) == (can_bo, hieu_truong_a)


def test_a_district_waits_for_its_schools(report_at, world, hieu_truong_a, phong_thanh_tri, act):
    district, school = report_at(district=world.thanh_tri), report_at(school=world.school_a)
    words = act(phong_thanh_tri, district, "trinh")
    assert "còn 1 báo cáo cấp dưới chưa được duyệt (THCS Tả Thanh Oai)" in words
    act(hieu_truong_a, school, "trinh")
    act(phong_thanh_tri, school, "duyet")
    act(phong_thanh_tri, district, "trinh")
    assert district.status == "submitted"
    # What the district wrote from stays as it is while the Department looks at it.
    assert "đã trình báo cáo của mình" in act(phong_thanh_tri, school, "tra-lai", note="Sửa lại")
    assert school.status == "approved"


def test_the_department_waits_for_all(report_at, world, so, period, act):
    report = report_at(department=world.so)
    period.reports.filter(school__isnull=False).update(status="nil")
    period.reports.filter(district=world.thanh_tri).update(status="exempt")
    assert "còn 1 báo cáo cấp dưới" in act(so, report, "trinh")
    period.reports.filter(district=world.chuong_my).update(**SETTLED)
    act(so, report, "trinh")
    assert report.status == "submitted"


def test_only_what_was_commented_on_reopens(period, school_report, hieu_truong_a, phong_thanh_tri, as_user, act):
    edit = reverse("report_edit", args=[school_report.pk])
    principal = as_user(hieu_truong_a)
    principal.post(edit, {"advantages": "Gần nhau", "lessons": "Chọn đúng việc"})
    act(hieu_truong_a, school_report, "trinh")
    assert "ghi lý do" in act(phong_thanh_tri, school_report, "tra-lai")
    act(phong_thanh_tri, school_report, "tra-lai", on_lessons="Nêu một ví dụ.")
    assert school_report.status == "returned"
    page = principal.get(edit).content.decode()
    assert "Nêu một ví dụ." in page
    principal.post(edit, {"advantages": "Đổi lén", "lessons": "Chọn đúng việc, như chuyên đề Toán 9"})
    assert school_report.texts() == {"advantages": "Gần nhau", "lessons": "Chọn đúng việc, như chuyên đề Toán 9"}
    act(hieu_truong_a, school_report, "trinh")
    assert not school_report.comments.open()
    seen = as_user(phong_thanh_tri).get(school_report.get_absolute_url()).content.decode()
    assert "1 ý kiến của các lần trả lại trước" in seen
    assert "Nêu một ví dụ." in seen, "who reviews sees what was asked for"
    assert "Chịu trách nhiệm</dt><dd>Hiệu trưởng A" in seen
    act(phong_thanh_tri, school_report, "tra-lai", note="Viết lại cho gọn.")
    principal.post(edit, {"advantages": "Rất gần nhau", "lessons": ""})
    assert school_report.texts()["advantages"] == "Rất gần nhau", "without comments all is open"


def test_nil_only_when_nothing_happened(
    report_at, world, activity, school_agreement, hieu_truong_a, phong_thanh_tri, act, period, read_pdf
):
    school = report_at(school=world.school_a)
    assert "cổng đang có hoạt động đã tổ chức: 1" in act(hieu_truong_a, school, "khong-phat-sinh")
    assert school.status == "drafting"
    activity.delete()
    act(hieu_truong_a, school, "khong-phat-sinh")
    assert school.status == "nil"
    (page,) = read_pdf(school.file_content()).pages
    said = plain(page.extract_text())
    assert "không phát sinh hoạt động và khoản hỗ trợ nào" in said
    assert "1 giao ước có hiệu lực" in said
    assert "Phụ lục" not in said
    assert "chưa có" not in said, "no outline of empty items"
    assert not report_at(district=world.thanh_tri).unsettled_below()
    act(phong_thanh_tri, school, "tra-lai", note="Có dự giờ tháng 3.")
    assert school.status == "returned"


def test_locked_after_the_last_day(period, school_report, hieu_truong_a, can_bo, so, lanh_dao, as_user, act):
    require(period, locks=True)
    school_report.refresh_from_db()
    edit = reverse("report_edit", args=[school_report.pk])
    assert as_user(can_bo).get(edit).status_code == 404
    assert "đã khoá sau hạn nộp 15/6/2024" in act(hieu_truong_a, school_report, "trinh")
    locked = as_user(hieu_truong_a).get(school_report.get_absolute_url()).content.decode()
    assert "/xin-mo-khoa/" in locked
    assert "/trinh/" not in locked, "nothing is offered that would be refused"
    act(hieu_truong_a, school_report, "xin-mo-khoa", note="Trường bị ngập.")
    assert school_report.unlock_asked_at
    assert "THCS Tả Thanh Oai đã xin mở khoá; Sở mở tới một ngày" in school_report.next_step
    assert "1 đơn vị xin mở khoá báo cáo" in as_user(so).get("/").content.decode()
    assert "không có quyền" in act(hieu_truong_a, school_report, "mo-khoa", unlocked_until="1/1/2030")
    until = timezone.localdate() + timedelta(days=3)
    act(so, school_report, "mo-khoa", unlocked_until=until.strftime("%d/%m/%Y"))
    assert (school_report.unlock_asked_at, school_report.unlocked_until) == (None, until)
    assert as_user(can_bo).get(edit).status_code == 200
    opened = as_user(hieu_truong_a).get(school_report.get_absolute_url()).content.decode()
    assert f"Được mở khoá tới hết ngày {vietnamese.day(until)}" in opened
    act(hieu_truong_a, school_report, "trinh")
    assert school_report.status == "submitted"
    act(so, school_report, "tra-lai", note="Ghi rõ.")
    Report.objects.filter(pk=school_report.pk).update(unlocked_until=None)
    assert as_user(can_bo).get(edit).status_code == 200, "what is returned is open whatever the day"


def test_refused_and_exempt(period, school_report, hieu_truong_a, so, act, phong_thanh_tri):
    require(period, locks=True)
    act(hieu_truong_a, school_report, "xin-mo-khoa", note="Quên.")
    act(so, school_report, "khong-mo-khoa", note="Đã quá lâu.")
    assert (school_report.status, school_report.unlock_asked_at) == ("drafting", None)
    assert "không có quyền" in act(phong_thanh_tri, school_report, "mien", note="Cho qua")
    act(so, school_report, "mien", note="Trường sáp nhập.")
    assert school_report.status == "exempt"
    act(so, school_report, "bo-mien")
    assert school_report.status == "drafting"


def test_issue_takes_the_next_number(period, report_at, world, phong_thanh_tri, as_user, act):
    unit = world.thanh_tri
    report = report_at(district=unit)
    report.frozen = report.content()
    Report.objects.filter(pk=report.pk).update(frozen=report.frozen, **SETTLED)
    symbol = report.frozen["symbol"]
    OutgoingPaper.objects.enter(unit, symbol, date(2024, 1, 5), 1, abstract="Báo cáo khác")
    act(phong_thanh_tri, report, "ban-hanh", **ISSUE, recipients="- Như trên;\n\nLưu: VT")
    assert (report.status, report.number) == ("issued", 2)
    entry = OutgoingPaper.objects.get(report=report)
    assert entry.number_and_symbol == f"02/{symbol}"
    assert entry.signer == "Nguyễn Văn Mẫu, TRƯỞNG PHÒNG"
    assert report.file_content()["recipients"] == ["- Như trên;", "Lưu: VT"]
    page = as_user(phong_thanh_tri).get(reverse("outgoing_list")).content.decode()
    for typed, n in (("bc pgddt so ket", 1), ("lich su dia ly", 0)):
        found = as_user(phong_thanh_tri).get(reverse("outgoing_list"), {"q": typed}).context["table"].rows
        assert len(found) == n, f"marks are forgiven: {typed}"
    assert entry.number_and_symbol in page
    assert report.frozen["abstract"] in page.replace("&quot;", '"')


def test_a_correction_names_what_it_replaces(period, school_report, hieu_truong_a, phong_thanh_tri, as_user, act):
    as_user(hieu_truong_a).post(reverse("report_edit", args=[school_report.pk]), {"advantages": "Gần nhau"})
    for person, slug, answer in (
        (hieu_truong_a, "trinh", {}),
        (phong_thanh_tri, "duyet", {}),
        (hieu_truong_a, "ban-hanh", ISSUE),
    ):
        act(person, school_report, slug, **answer)
    before = school_report.file_content()
    page = act(hieu_truong_a, school_report, "thay-the", note="Sai số lượt.")
    assert "Đã lập bản thay thế" in page
    newer = Report.objects.get(replaces=school_report)
    assert (newer.version, newer.texts()) == (2, {"advantages": "Gần nhau"})
    old = f"Báo cáo số {school_report.number_and_symbol} {long_date(school_report.issued_on)}"
    assert newer.file_content()["closing"].startswith(f"Báo cáo này thay thế {old} của ")
    assert "Đã có bản thay thế" in act(hieu_truong_a, school_report, "thay-the", note="Lần nữa")
    assert list(Report.objects.filter(period=period, school=newer.school).standing()) == [school_report]
    act(hieu_truong_a, newer, "trinh")
    act(phong_thanh_tri, newer, "duyet")
    act(hieu_truong_a, newer, "ban-hanh", **ISSUE)
    school_report.refresh_from_db()
    assert (school_report.status, newer.status, newer.number) == ("replaced", "issued", 2)
    assert school_report.file_content() == before, "an issued report never changes"
    assert OutgoingPaper.objects.get(report=newer).note == f"Thay thế số {school_report.number_and_symbol}"
    assert list(Report.objects.filter(period=period, school=newer.school).standing()) == [newer]


def test_units_abolished_in_mid_period(report_at, world, period, person, so, hieu_truong_a, act, as_user):
    """The office of a school is succeeded by another before the day of cut-off, and another school is closed."""
    last, first = date(2024, 4, 30), date(2024, 5, 1)
    new = commune(world, "10001", "Đại Thanh", first=first)
    end(world.thanh_tri, new, last=last, day=first)
    move(world.school_a, new, first, last)
    School.objects.filter(pk=world.school_b.pk).update(valid_to=last)
    heir = person("xa.dai-thanh", "district", district=new)
    assert (
        "Đã thêm báo cáo cho 1 đơn vị"
        in as_user(so).post(reverse("period_open", args=[period.pk]), follow=True).content.decode()
    )
    school, old, own = report_at(school=world.school_a), report_at(district=world.thanh_tri), report_at(district=new)
    act(hieu_truong_a, school, "trinh")
    act(heir, school, "duyet")
    assert school.status == "approved", "the successor reviews what the old office would have"
    act(heir, own, "trinh")
    assert own.status == "submitted"
    # The old office and the closed school stand in the way of the Department, by name, until they are exempt.
    department = report_at(department=world.so)
    period.reports.filter(district=world.chuong_my).update(**SETTLED)
    act(so, own, "duyet")
    words = act(so, department, "trinh")
    assert "còn 2 báo cáo cấp dưới" in words
    assert "Thanh Trì" in words
    assert "THCS Đại Yên" in words
    for report in (old, report_at(school=world.school_b)):
        act(so, report, "mien", note="Đơn vị đã giải thể ngày 30/4/2024.")
        assert report.status == "exempt"
    act(so, department, "trinh")
    assert department.status == "submitted"


def test_withdrawn_before_it_is_looked_at(school_report, hieu_truong_a, can_bo, act):
    act(hieu_truong_a, school_report, "trinh")
    assert "không có quyền" in act(can_bo, school_report, "rut-lai")
    act(hieu_truong_a, school_report, "rut-lai")
    assert (school_report.status, school_report.is_frozen) == ("drafting", False)
