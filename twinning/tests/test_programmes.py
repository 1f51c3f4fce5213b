"""Several programmes of one Department: a person works with one at a time, and no page mixes their figures."""

import io
from datetime import date

import pytest
from python_calamine import load_workbook

from activities.models import Activity, ActivityKind, ActivitySchool, Support
from reports.models import ReportingPeriod
from twinning.models import Agreement, ContentArea, ExportFile, Programme, School

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("school_agreement", "activity", "support", "period")]

TAKE = "/phong-trao/chon/"
STRIP = 'id="programme-in-use"'


@pytest.fixture
def second(world, time_machine):
    """The next phase, running: one agreement of the same schools, one activity of 7 teachers, one gift, one period."""
    time_machine.move_to("2026-11-26 09:00")
    programme = Programme.objects.create(
        department=world.so,
        name="Phong trào giai đoạn sau",
        starts_on=date(2026, 1, 1),
        ends_on=date(2028, 8, 31),
        phase="2026–2028",
    )
    ContentArea.objects.create(programme=programme, name="Nội dung mới", position=1)
    kind = ActivityKind.objects.create(programme=programme, name="Diễn đàn", group="professional")
    agreement = Agreement.objects.create(
        programme=programme,
        tier="school",
        supporting_district=world.thanh_tri,
        supported_district=world.chuong_my,
        supporting_school=world.school_a,
        supported_school=world.school_b,
        starts_on=date(2026, 1, 5),
        ends_on=date(2028, 5, 31),
        signed_on=date(2026, 1, 5),
        number="09/BGN-THCS",
        status="signed",
    )
    held = Activity.objects.create(
        programme=programme,
        agreement=agreement,
        kind=kind,
        title="Diễn đàn giai đoạn sau",
        host_school=world.school_a,
        recorded_school=world.school_a,
        held_on=date(2026, 10, 20),
        status="confirmed",
    )
    ActivitySchool.objects.create(activity=held, school=world.school_a, district=world.thanh_tri, teacher_turns=7)
    held.store_totals()
    Support.objects.create(
        programme=programme,
        agreement=agreement,
        giver_school=world.school_a,
        giver_district=world.thanh_tri,
        receiver_school=world.school_b,
        receiver_district=world.chuong_my,
        kind="cash",
        title="Tiền của giai đoạn sau",
        value_vnd=1_000_000,
        pledged_on=date(2026, 10, 1),
        delivered_on=date(2026, 10, 2),
        status="received",
    )
    ReportingPeriod.objects.create(
        programme=programme, school_year=2026, cut_off_on=date(2027, 5, 31), due_on=date(2027, 6, 15)
    ).open()
    return programme


def rows(client, url):
    return list(client.get(url).context["table"].data)


def figures(client, url="/"):
    return {key: figure.value for key, figure in client.get(url).context["figures"].items()}


def test_with_one_programme_there_is_nothing_to_choose(as_user, so):
    for url in ("/", "/phong-trao/", "/giao-uoc/", "/hoat-dong/moi/"):
        page = as_user(so).get(url).content.decode()
        assert STRIP not in page
        assert "Mọi phong trào" not in page


@pytest.mark.parametrize("who", ["so", "phong_thanh_tri", "hieu_truong_a", "chi_xem"])
def test_the_one_that_runs_now_is_in_use_and_another_may_be_chosen(as_user, request, who, world, second):
    client = as_user(request.getfixturevalue(who))
    page = client.get("/")
    assert page.context["programme"] == second
    assert STRIP in page.content.decode()
    assert figures(client)["teacher_turns"] == 7

    assert client.post(TAKE, {"programme": world.programme.pk, "next": "/phong-trao/"}).url == "/phong-trao/"
    assert client.get("/phong-trao/").context["programme"] == world.programme
    assert "Nội dung mới" not in client.get("/phong-trao/").content.decode()
    page = client.get("/")
    assert page.context["programme"] == world.programme
    assert page.context["year"] is None, "a phase that is over opens as a whole"
    assert figures(client)["activities_held"] == 1
    assert figures(client)["teacher_turns"] == (36 if who in ("so", "chi_xem") else 24)
    assert client.get(f"/?phong_trao={second.pk}").context["programme"] == second, "an address says its own"
    assert client.get("/").context["programme"] == world.programme, "and changes nothing for later"
    for programme in (world.programme, second):
        reports = client.get(f"/?phong_trao={programme.pk}").context["reports"]
        assert {report.period.programme for report in reports} == {programme}


LISTS = {"/giao-uoc/": Agreement, "/hoat-dong/": Activity, "/ho-tro/": Support}


@pytest.mark.parametrize("url", [*LISTS, "/bao-cao/"])
def test_lists_keep_to_one_programme_until_asked(as_user, so, world, second, url):
    client = as_user(so)

    def programmes(query=""):
        return {getattr(row, "programme", None) or row.period.programme for row in rows(client, url + query)}

    assert programmes() == {second}
    assert STRIP not in client.get(url).content.decode(), "the filter of the list says it already"
    assert programmes(f"?phong_trao={world.programme.pk}") == {world.programme}
    assert programmes("?phong_trao=tat-ca") == {world.programme, second}
    client.post(TAKE, {"programme": world.programme.pk})
    assert programmes() == {world.programme}
    years = dict(client.get(url).context["filter"].form.fields["nam"].choices)
    assert {2022, 2025} <= set(years)
    assert 2027 not in years


def test_an_export_has_the_rows_of_the_page(as_user, so, world, second):
    client = as_user(so)
    client.post(TAKE, {"programme": world.programme.pk})
    book = load_workbook(io.BytesIO(b"".join(client.get("/ho-tro/?_export=xlsx").streaming_content)))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert "20 bộ sách giáo khoa lớp 6" in cells
    assert "Tiền của giai đoạn sau" not in cells


def test_a_file_made_later_has_them_too(as_user, so, world, second, settings):
    """The job has no session; what was chosen there stands in the address."""
    settings.EXPORT_ROWS_AT_ONCE = 0
    client = as_user(so)
    client.post(TAKE, {"programme": world.programme.pk})
    client.post("/ho-tro/?_export=csv")
    file = ExportFile.objects.get()
    file.claim = 1
    page = file.open_page()
    assert [row.programme for row in page.get_context_data()["table"].data] == [world.programme]


def test_what_waits_for_a_person_waits_whichever_programme_it_is_of(as_user, hieu_truong_b, activity, second):
    client = as_user(hieu_truong_b)
    todos = client.get("/").context["todos"]
    assert any(activity.title in todo.detail for todo in todos)
    assert rows(client, "/hoat-dong/?cho=toi") == [activity]
    assert rows(client, "/hoat-dong/") != [activity]


def test_figures_lead_to_rows_of_their_own_programme(as_user, so, world, second):
    """A link that is sent to somebody who works with the other one shows the same rows."""
    client = as_user(so)
    links = client.get(f"/?phong_trao={world.programme.pk}").context["figures"]
    assert [row.title for row in rows(client, links["support_vnd"].url)] == ["20 bộ sách giáo khoa lớp 6"]
    assert {row.programme for row in rows(client, links["agreements_live"].url)} == {world.programme}
    assert School.objects.filter(pk__in=[row.pk for row in rows(client, links["schools_signed"].url)]).count() == 2


def test_what_is_recorded_belongs_to_the_programme_in_use(as_user, hieu_truong_a, world, second, school_agreement):
    client = as_user(hieu_truong_a)
    assert {kind.name for kind in _kinds(client, "/hoat-dong/moi/")} == {"Diễn đàn"}
    assert "Chuyên đề" in {kind.name for kind in _kinds(client, f"/hoat-dong/moi/?giao_uoc={school_agreement.pk}")}
    assert client.get("/giao-uoc/moi/").context["form"].in_programme == second
    assert client.get("/ho-tro/moi/").context["form"].programme == second
    client.post(TAKE, {"programme": world.programme.pk})
    assert "Chuyên đề" in {kind.name for kind in _kinds(client, "/hoat-dong/moi/")}
    assert client.get("/giao-uoc/moi/").context["form"].initial["programme"] == world.programme.pk
    assert client.get("/ho-tro/moi/").context["form"].programme == world.programme


def _kinds(client, url):
    return client.get(url).context["form"].fields["kind"].queryset


def test_nobody_works_with_a_programme_of_another_department(as_user, so, nguoi_tinh_khac, world):
    theirs = Programme.objects.exclude(department=world.so).get()
    client = as_user(so)
    assert client.post(TAKE, {"programme": theirs.pk}).status_code == 404
    for wrong in ("", "x", "0"):
        assert client.post(TAKE, {"programme": wrong}).status_code == 404
    assert client.get(f"/?phong_trao={theirs.pk}").context["programme"] == world.programme
    assert client.get(f"/hoat-dong/?phong_trao={theirs.pk}").status_code == 200


def test_choosing_leads_nowhere_else(as_user, so, second):
    client = as_user(so)
    assert client.post(TAKE, {"programme": second.pk, "next": "https://example.com/"}).url == "/"


def test_one_that_has_not_begun_is_not_in_use_by_itself(as_user, so, world, second, time_machine):
    time_machine.move_to("2025-12-01 09:00")
    assert as_user(so).get("/").context["programme"] == world.programme
    time_machine.move_to("2026-01-01 09:00")
    assert as_user(so).get("/").context["programme"] == second
