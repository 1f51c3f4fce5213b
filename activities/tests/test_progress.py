"""What was done beside what agreements set out to do: equal to the rows, and the same wherever it is shown."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.models import Activity, ActivitySchool, Support
from activities.progress import done_under, progress_of
from twinning.models import Agreement, ContentArea, School, Target


def content(response):
    return response.content.decode()


@pytest.fixture
def other_area(world):
    return ContentArea.objects.create(programme=world.programme, name="Ôn thi vào lớp 10", position=2)


@pytest.fixture
def hold(world):
    """hold(agreement, day, teachers, …): an activity of the schools A and B, held unless `status` says otherwise."""

    def make(agreement, day=date(2023, 11, 10), teachers=(10, 5), status="confirmed", **more):
        activity = Activity.objects.create(
            programme=world.programme,
            agreement=agreement,
            kind=world.kind,
            title="Dự giờ",
            host_school=world.school_a,
            recorded_school=world.school_a,
            held_on=day if status in Activity.Status.counted() else None,
            planned_on=day,
            status=status,
            **more,
        )
        for school, turns in zip((world.school_a, world.school_b), teachers, strict=True):
            ActivitySchool.objects.create(
                activity=activity,
                school=school,
                district=school.district,
                teacher_turns=turns,
                manager_turns=3,
                pupil_turns=50,
            )
        activity.store_totals()
        return activity

    return make


@pytest.fixture
def give(world):
    def make(agreement, value, day=date(2023, 11, 10), status="delivered"):
        return Support.objects.create(
            programme=world.programme,
            agreement=agreement,
            giver_school=world.school_a,
            giver_district=world.thanh_tri,
            receiver_school=world.school_b,
            receiver_district=world.chuong_my,
            kind="cash",
            title="Quỹ học bổng",
            value_vnd=value,
            pledged_on=day,
            delivered_on=day if status in ("delivered", "received") else None,
            status=status,
        )

    return make


def numbers(progress):
    """[(school year, label, [(name, done, target)])]."""
    return [
        (line.target.school_year, line.label, [(m.name, m.done, m.target) for m in line.measures])
        for line in progress.lines
    ]


def test_what_is_counted_are_the_rows(world, school_agreement, other_area, hold, give):
    """Held or confirmed, of the year, of the agreement; teachers only; help once delivered; the whole has it all."""
    hold(school_agreement, content_area=world.area)
    hold(school_agreement, content_area=other_area, status="held", teachers=(7, 0))
    hold(school_agreement)  # of no area
    hold(school_agreement, content_area=world.area, status="planned")
    hold(school_agreement, content_area=world.area, status="cancelled")
    hold(school_agreement, day=date(2024, 10, 1), content_area=world.area, teachers=(1, 1))
    hold(None, content_area=world.area)
    give(school_agreement, 2_000_000)
    give(school_agreement, 3_000_000, status="received")
    for status in ("pledged", "cancelled"):
        give(school_agreement, 9_000_000, status=status)
    give(school_agreement, 4_000_000, day=date(2024, 10, 1))
    give(None, 8_000_000)
    Target.objects.create(agreement=school_agreement, school_year=2023, activities=4, turns=100, support_vnd=10_000_000)
    Target.objects.create(agreement=school_agreement, school_year=2023, content_area=world.area, activities=2)
    Target.objects.create(agreement=school_agreement, school_year=2023, content_area=other_area, turns=7)
    Target.objects.create(agreement=school_agreement, school_year=2024, activities=2, turns=2, support_vnd=4_000_000)
    progress = progress_of([school_agreement])[school_agreement.pk]
    assert numbers(progress) == [
        (2023, "Cả giao ước", [("activities", 3, 4), ("turns", 37, 100), ("support_vnd", 5_000_000, 10_000_000)]),
        (2023, "Đổi mới phương pháp dạy học", [("activities", 1, 2)]),
        (2023, "Ôn thi vào lớp 10", [("turns", 7, 7)]),
        (2024, "Cả giao ước", [("activities", 1, 2), ("turns", 2, 2), ("support_vnd", 4_000_000, 4_000_000)]),
    ]
    # The parts of 2023 are in its whole already.
    assert [(m.name, m.done, m.target) for m in progress.totals] == [
        ("activities", 4, 6),
        ("turns", 39, 102),
        ("support_vnd", 9_000_000, 14_000_000),
    ]
    assert progress.percent == 38  # 39 of 102, rounded down
    one_year = progress_of([school_agreement], 2024)[school_agreement.pk]
    assert [(m.name, m.done, m.target) for m in one_year.totals] == [
        ("activities", 1, 2),
        ("turns", 2, 2),
        ("support_vnd", 4_000_000, 4_000_000),
    ]


def test_parts_alone_add_up(world, school_agreement, other_area, hold):
    for area, n in ((world.area, 2), (other_area, 3)):
        Target.objects.create(agreement=school_agreement, school_year=2023, content_area=area, activities=n)
    hold(school_agreement, content_area=world.area)
    hold(school_agreement)
    totals = progress_of([school_agreement])[school_agreement.pk].totals
    assert [(m.name, m.done, m.target) for m in totals] == [("activities", 1, 5)]


def test_a_district_agreement_includes_what_lies_below(world, district_agreement, school_agreement, hold, give):
    Agreement.objects.filter(pk=school_agreement.pk).update(umbrella=district_agreement)
    hold(school_agreement)
    hold(district_agreement)
    give(school_agreement, 2_000_000)
    give(district_agreement, 1_000_000)
    done = done_under([district_agreement.pk, school_agreement.pk])
    assert done[district_agreement.pk, 2023, None] == {"activities": 2, "turns": 30, "support_vnd": 3_000_000}
    assert done[school_agreement.pk, 2023, None] == {"activities": 1, "turns": 15, "support_vnd": 2_000_000}


@pytest.fixture
def at_work(world, district_agreement, school_agreement, hold, give):
    """Both agreements with targets of 2023, and something done for the school's."""
    Agreement.objects.filter(pk=school_agreement.pk).update(umbrella=district_agreement)
    for agreement, factor in ((school_agreement, 1), (district_agreement, 10)):
        Target.objects.create(
            agreement=agreement,
            school_year=2023,
            activities=4 * factor,
            turns=100 * factor,
            support_vnd=10_000_000 * factor,
        )
    hold(school_agreement)
    hold(school_agreement, status="held")
    give(school_agreement, 2_500_000)
    return Agreement.objects.get(pk=school_agreement.pk)


WORDS = ["2/4 hoạt động", "30/100 lượt GV", "2,5 triệu đồng / 10 triệu đồng"]


def test_the_same_numbers_wherever_the_agreement_is_shown(world, at_work, so, hieu_truong_a, phong_thanh_tri, as_user):
    page = content(as_user(hieu_truong_a).get(at_work.get_absolute_url()))
    for done, target in (("2", "4"), ("30", "100"), ("2,5 triệu đồng", "10 triệu đồng")):
        assert f"<strong>{done}</strong></a> / " in page
        assert f">{target}</span>" in page
    assert "một người dự ba lần là ba lượt" in page  # the rule
    for who in (hieu_truong_a, phong_thanh_tri):
        client = as_user(who)
        above = at_work.umbrella.get_absolute_url()
        for path in ("/?nam=2023", "/giao-uoc/", "/giao-uoc/?nam=2023", world.school_a.get_absolute_url(), above):
            shown = content(client.get(path))
            for words in WORDS:
                assert words in shown, (who, path, words)
    assert all(words not in content(as_user(so).get("/giao-uoc/?nam=2024")) for words in WORDS)
    district = content(as_user(so).get("/?nam=2023"))
    assert "2/40 hoạt động" in district  # the Department sees the districts' own
    assert "2/40 hoạt động" in content(as_user(so).get(world.thanh_tri.get_absolute_url()))


def test_exports_have_exact_numbers(at_work, so, as_user):
    response = as_user(so).get("/giao-uoc/?_export=xlsx&cap=school")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    head, row = sheet.iter_rows(min_row=4, values_only=True)
    at = head.index("Thực hiện chỉ tiêu")
    assert row[at] == "2/4 hoạt động; 30/100 lượt GV; 2.500.000/10.000.000 đồng"


def test_every_number_leads_to_its_rows(world, at_work, district_agreement, hieu_truong_a, phong_chuong_my, as_user):
    for agreement, who in ((at_work, hieu_truong_a), (district_agreement, phong_chuong_my)):
        client = as_user(who)
        for line in progress_of([agreement])[agreement.pk].lines:
            for measure in line.measures:
                rows = client.get(measure.url).context["table"].data.data
                sums = {
                    "activities": len(rows),
                    "turns": sum(row.teacher_turns for row in rows) if measure.name != "support_vnd" else 0,
                    "support_vnd": sum(row.value_vnd for row in rows) if measure.name == "support_vnd" else 0,
                }
                assert sums[measure.name] == measure.done, (agreement, measure)
                assert measure.url.replace("&", "&amp;") in content(client.get(agreement.get_absolute_url()))


def test_rows_of_one_content_area(world, at_work, other_area, hold, so, as_user):
    hold(at_work, content_area=other_area)
    target = Target.objects.create(agreement=at_work, school_year=2023, content_area=other_area, activities=5)
    (measure,) = progress_of([at_work])[at_work.pk].lines[-1].measures
    assert (measure.done, measure.target) == (1, target.activities)
    rows = as_user(so).get(measure.url).context["table"].data.data
    assert [row.content_area for row in rows] == [other_area]


def test_who_reads_from_further_away_gets_no_links(at_work, district_agreement, hieu_truong_b, as_user):
    """The school reads the agreement above its own, but not every activity below that."""
    page = content(as_user(hieu_truong_b).get(district_agreement.get_absolute_url()))
    assert "Chỉ tiêu và thực hiện" in page
    assert "<strong" in page
    assert f"giao_uoc={district_agreement.pk}&amp;" not in page


def test_the_dashboard_names_those_furthest_behind_first(world, at_work, district_agreement, phong_thanh_tri, as_user):
    page = as_user(phong_thanh_tri).get("/?nam=2023")
    assert [p.agreement for p in page.context["progress"]["shown"]] == [district_agreement, at_work]
    assert "Thực hiện chỉ tiêu: 0/2 giao ước đã đạt" in content(page)
    Target.objects.filter(agreement=at_work).update(activities=1, turns=None, support_vnd=None)
    assert "1/2 giao ước đã đạt" in content(as_user(phong_thanh_tri).get("/?nam=2023"))
    assert "progress-table" not in content(as_user(phong_thanh_tri).get("/?nam=2024"))


def test_a_stranger_sees_nothing_of_it(at_work, nguoi_la, as_user):
    client = as_user(nguoi_la)
    assert client.get(at_work.get_absolute_url()).status_code == 404
    assert "2/4 hoạt động" not in content(client.get("/?nam=2023"))
    filtered = client.get(f"/hoat-dong/?giao_uoc={at_work.pk}&tinh_trang=da-tinh")
    assert not filtered.context["table"].data.data


def test_as_many_queries_for_twenty(world, at_work, so, hieu_truong_a, phong_thanh_tri, hold, as_user):
    pages = [
        (so, "/giao-uoc/"),
        (so, "/giao-uoc/?_export=xlsx"),
        (phong_thanh_tri, "/?nam=2023"),
        (phong_thanh_tri, world.chuong_my.get_absolute_url()),
        (so, world.school_b.get_absolute_url()),
        (hieu_truong_a, at_work.get_absolute_url()),
        (phong_thanh_tri, at_work.umbrella.get_absolute_url()),
    ]

    def queries():
        counts = []
        for who, path in pages:
            client = as_user(who)
            for _again in range(2):
                with CaptureQueriesContext(connection) as seen:
                    response = client.get(path)
                    if response.streaming:
                        b"".join(response.streaming_content)
            assert response.status_code == 200
            counts.append(len(seen))
        return counts

    few = queries()
    for n in range(19):
        school = School.objects.create(code=f"q{n}", name=f"THCS Số {n}", level="thcs", district=world.thanh_tri)
        agreement = Agreement.objects.create(
            programme=world.programme,
            tier="school",
            supporting_district=world.thanh_tri,
            supported_district=world.chuong_my,
            supporting_school=school,
            supported_school=world.school_b,
            starts_on=date(2023, 4, 15),
            ends_on=date(2025, 5, 31),
            signed_on=date(2023, 4, 15),
            status="signed",
        )
        Target.objects.create(agreement=agreement, school_year=2023, activities=5, turns=50, support_vnd=1)
        Target.objects.create(agreement=agreement, school_year=2023, content_area=world.area, activities=5)
        Target.objects.create(
            agreement=at_work, school_year=2023 if n == 0 else 2004 + n, content_area=world.area, turns=9
        )
        hold(agreement)
    assert queries() == few
