"""What is wrong with agreements: each problem found and nothing else, counted on the page, shown in the list."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from twinning import problems
from twinning.access import Role
from twinning.models import Agreement, AgreementDocument, Amendment, District, Membership, School, UnitSuccession


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2024-03-01T08:00:00+07:00")


@pytest.fixture
def sound(school_agreement, hieu_truong_a, hieu_truong_b):
    """Signed, numbered, with its scan, between schools with people: nothing is wrong with it."""
    scan(school_agreement, hieu_truong_a)
    return school_agreement


def scan(agreement, by):
    AgreementDocument.objects.create(
        agreement=agreement,
        kind="signed",
        file=ContentFile(b"%PDF-1.7", "ban-ky.pdf"),
        name="ban-ky.pdf",
        content_type="application/pdf",
        size=8,
        sha256="0" * 64,
        uploaded_by=by,
    )


def found():
    """{problem: ids} of all there are."""
    slugs = [problem.slug for problem in problems.PROBLEMS]
    rows = {slug: set(Agreement.objects.filter(problems.having(slug)).values_list("pk", flat=True)) for slug in slugs}
    counted = problems.count(Agreement.objects.all())
    assert {slug: len(pks) for slug, pks in rows.items()} == {slug: counted[slug] for slug in slugs}
    every = set().union(*rows.values())
    assert counted[problems.ANY] == len(every)
    assert set(Agreement.objects.filter(problems.having(problems.ANY)).values_list("pk", flat=True)) == every
    return {slug: pks for slug, pks in rows.items() if pks}


def change(agreement, **values):
    Agreement.objects.filter(pk=agreement.pk).update(**values)


def ago(**time):
    return timezone.now() - timedelta(**time)


def test_nothing_is_wrong(sound):
    assert found() == {}


def test_signed_and_over(sound):
    change(sound, ends_on=date(2024, 2, 29))
    assert found() == {"qua-han": {sound.pk}}
    change(sound, ends_on=date(2024, 3, 1))
    assert found() == {}


def test_over_and_never_signed(sound):
    change(sound, status="draft", signed_on=None, ends_on=date(2024, 2, 29))
    assert found() == {"qua-han-chua-ky": {sound.pk}}


@pytest.mark.parametrize("status", ["signed", "expired", "ended"])
def test_without_scan_or_number(sound, status):
    change(sound, status=status, number="")
    assert found() == {"thieu-so": {sound.pk}}
    sound.documents.update(kind="photo")
    assert found() == {"thieu-so": {sound.pk}, "thieu-ban-ky": {sound.pk}}
    change(sound, status="withdrawn")
    assert found() == {}


@pytest.fixture
def another(world, sound, hieu_truong_a):
    """Of the same issuer, signed in the same year, with the same number typed in another way."""
    other = Agreement.objects.create(
        programme=world.programme,
        tier="school",
        supporting_district=world.thanh_tri,
        supported_district=world.chuong_my,
        supporting_school=world.school_a,
        supported_school=world.school_d,
        starts_on=date(2023, 9, 1),
        ends_on=date(2025, 5, 31),
        signed_on=date(2023, 9, 1),
        number=" 05/bgn-thcs",
        status="signed",
    )
    scan(other, hieu_truong_a)
    return other


def test_one_number_twice(sound, another, world):
    assert found() == {"trung-so": {sound.pk, another.pk}}
    change(another, supporting_district=world.ba_dinh)
    assert found() == {"trung-so": {sound.pk, another.pk}}, "a school that moved in between keeps its series"


@pytest.mark.parametrize(
    "apart",
    [
        {"number": "06/BGN-THCS"},
        {"signed_on": date(2024, 1, 2)},
        {"registered_side": "supported"},
    ],
)
def test_another_number_year_or_issuer_is_another_number(sound, another, apart):
    change(another, **apart)
    assert found() == {}


def test_one_number_twice_is_the_rule_of_the_agreement(sound, another, district_agreement, world, quan_tri):
    """Districts have their own series, even where one of them is the unit of a school with that number."""
    change(district_agreement, number="05/BGN-THCS")
    scan(district_agreement, quan_tri)
    by_one = {agreement.pk for agreement in Agreement.objects.all() if agreement.same_number().exists()}
    assert by_one == {sound.pk, another.pk}
    assert found() == {"trung-so": by_one}


def test_agreed_and_not_signed(sound):
    change(sound, status="confirmed", signed_on=None, updated_at=ago(days=31))
    assert found() == {"cho-ky": {sound.pk}}
    change(sound, updated_at=ago(days=29))
    assert found() == {}


def test_sent_and_not_answered(sound):
    change(sound, status="waiting", signed_on=None, updated_at=ago(days=8))
    assert found() == {"cho-tra-loi": {sound.pk}}
    change(sound, updated_at=ago(days=6))
    assert found() == {}


def test_how_long_it_waits_is_told_by_its_steps(sound, hieu_truong_a):
    """Not by whatever else changed the row since."""
    change(sound, status="waiting", signed_on=None, updated_at=ago(days=1))
    sound.refresh_from_db()
    for action, before, at in (("send", "draft", ago(days=9)), ("upload", "", ago(days=2))):
        event = sound.record_event(action, hieu_truong_a, from_status=before)
        sound.events.filter(pk=event.pk).update(at=at)
    assert found() == {"cho-tra-loi": {sound.pk}}
    sound.events.filter(action="send").update(at=ago(days=3))
    assert found() == {}


@pytest.fixture
def sent(sound):
    change(sound, status="waiting", signed_on=None, updated_at=ago(days=1))
    sound.refresh_from_db()
    return sound


def check_nobody(agreement, is_so):
    """The rows found are those of which the agreement itself says so."""
    agreement.refresh_from_db()
    assert bool(agreement.answering_people()) == (not is_so)
    assert found() == ({"chua-co-nguoi": {agreement.pk}} if is_so else {})


def test_nobody_to_answer(sent, person, world):
    check_nobody(sent, is_so=False)
    Membership.objects.filter(school=world.school_b).update(role=Role.READER)
    check_nobody(sent, is_so=True)
    person("phong.chuong-my", Role.DISTRICT, district=world.chuong_my)
    check_nobody(sent, is_so=False)


@pytest.mark.parametrize(
    "gone", [{"is_active": False}, {"password": "!x", "email": None}], ids=["closed", "unreachable"]
)
def test_an_account_that_cannot_come_in_is_nobody(sent, hieu_truong_b, gone):
    User.objects.filter(pk=hieu_truong_b.pk).update(**gone)
    check_nobody(sent, is_so=True)


def test_an_invited_person_is_somebody(sent, hieu_truong_b):
    User.objects.filter(pk=hieu_truong_b.pk).update(password="!x")
    check_nobody(sent, is_so=False)


def test_a_seat_that_has_ended_is_nobody(sent, hieu_truong_b):
    hieu_truong_b.memberships.update(valid_to=date(2024, 2, 29))
    check_nobody(sent, is_so=True)


def test_the_unit_of_today_answers_for_a_school_and_for_an_office(
    sent, hieu_truong_b, person, world, district_agreement, quan_tri
):
    """Chương Mỹ has ended; the school is under the commune now, which also follows the office."""
    scan(district_agreement, quan_tri)
    hieu_truong_b.memberships.all().delete()
    commune = District.objects.create(department=world.so, code="10", name="Chương Mỹ", kind="phuong")
    person("phuong", Role.DISTRICT, district=commune)
    check_nobody(sent, is_so=True)
    School.objects.filter(pk=world.school_b.pk).update(district=commune)
    check_nobody(sent, is_so=False)
    change(sent, registered_side="supported")
    Membership.objects.filter(school=world.school_a).delete()
    check_nobody(sent, is_so=True)

    change(sent, status="withdrawn")
    change(district_agreement, status="waiting", signed_on=None, updated_at=ago(days=1))
    check_nobody(district_agreement, is_so=True)
    District.objects.filter(pk=world.chuong_my.pk).update(valid_to=date(2024, 1, 31))
    UnitSuccession.objects.create(predecessor=world.chuong_my, successor=commune, on=date(2024, 2, 1), kind="replace")
    district_agreement.refresh_from_db()
    assert district_agreement.answering_people()
    assert found() == {"don-vi-ket-thuc": {district_agreement.pk}}


@pytest.mark.parametrize(
    "how", [{"valid_to": date(2024, 2, 29)}, {"merged_into": "school_d"}], ids=["closed", "merged"]
)
@pytest.mark.parametrize("side", ["school_a", "school_b"])
def test_a_school_that_is_no_more(sound, world, side, how):
    values = {name: getattr(world, value) if name == "merged_into" else value for name, value in how.items()}
    School.objects.filter(pk=getattr(world, side).pk).update(**values)
    assert found() == {"don-vi-ket-thuc": {sound.pk}}
    change(sound, status="ended", ended_on=date(2024, 2, 1))
    assert found() == {}


def test_an_office_that_ended(sound, district_agreement, world, quan_tri):
    """The agreement of its schools goes on."""
    scan(district_agreement, quan_tri)
    District.objects.filter(pk=world.thanh_tri.pk).update(valid_to=date(2024, 2, 29))
    assert found() == {"don-vi-ket-thuc": {district_agreement.pk}}


def test_a_level_that_takes_no_part(sound, world):
    world.programme.school_levels = ["mn", "th"]
    world.programme.save()
    assert found() == {"ngoai-cap": {sound.pk}}
    world.programme.school_levels = ["mn", "thcs"]
    world.programme.save()
    assert found() == {}
    School.objects.filter(pk=world.school_b.pk).update(level="gdtx")
    assert found() == {"ngoai-cap": {sound.pk}}


@pytest.mark.parametrize(
    ("status", "days", "is_wrong"),
    [
        ("waiting", 8, True),
        ("waiting", 6, False),
        ("confirmed", 31, True),
        ("confirmed", 29, False),
        ("draft", 99, False),
    ],
)
def test_an_amendment_that_stands(sound, status, days, is_wrong):
    amendment = Amendment.objects.create(
        agreement=sound, position=1, registered_side="supporting", reason="Kéo dài", status=status
    )
    Amendment.objects.filter(pk=amendment.pk).update(updated_at=ago(days=days))
    assert found() == ({"phu-luc": {sound.pk}} if is_wrong else {})


# --- The page and the list ------------------------------------------------------------------------------------------

PAGE = "/giao-uoc/can-xem-lai/"


@pytest.fixture
def wrong(sent, another, district_agreement):
    """One waits for long, one has no number, one no scan."""
    change(sent, updated_at=ago(days=10))
    change(another, number="")
    return sent


def lines_of(client):
    return {problem.slug: (count, url) for problem, count, url in client.get(PAGE).context["lines"]}


def test_each_line_leads_to_exactly_its_rows(wrong, so, as_user):
    client = as_user(so)
    page = client.get(PAGE)
    lines = lines_of(client)
    assert {slug: count for slug, (count, _url) in lines.items()} == {
        "cho-tra-loi": 1,
        "thieu-so": 1,
        "thieu-ban-ky": 1,
    }
    html = page.content.decode()
    for slug, (count, url) in lines.items():
        assert f'href="{url.replace("&", "&amp;")}"' in html
        assert str(problems.BY_SLUG[slug].advice) in html
        answer = client.get(url)
        assert len(answer.context["table"].data) == count
        assert f'<option value="{slug}" selected>' in answer.content.decode()
    assert page.context["total"] == len(client.get(page.context["all_url"]).context["table"].data) == 3


def test_the_list_of_a_problem_as_a_workbook(wrong, so, as_user):
    answer = as_user(so).get(reverse("agreement_list") + "?van_de=cho-tra-loi&_export=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    text = "\n".join(str(cell) for row in book.active.iter_rows(values_only=True) for cell in row if cell)
    assert "THCS Tả Thanh Oai – THCS Đại Yên" in text
    assert "Tiểu học Đại Yên" not in text
    assert "Gửi đã quá 7 ngày, bên kia chưa trả lời" in text


def test_an_office_sees_its_own(wrong, world, person, as_user):
    officer = person("phong.ba-dinh", Role.DISTRICT, district=world.ba_dinh)
    page = as_user(officer).get(PAGE)
    assert page.context["lines"] == []
    assert "Không có giao ước nào cần xem lại." in page.content.decode()
    theirs = person("phong", Role.DISTRICT, district=world.chuong_my)
    assert lines_of(as_user(theirs)).keys() == {"cho-tra-loi", "thieu-so", "thieu-ban-ky"}


def test_the_page_is_for_offices(wrong, as_user, request):
    for who in ("lanh_dao", "phong_thanh_tri", "quan_tri"):
        assert as_user(request.getfixturevalue(who)).get(PAGE).status_code == 200, who
    for who in ("hieu_truong_a", "can_bo", "chi_xem", "nguoi_la"):
        assert as_user(request.getfixturevalue(who)).get(PAGE).status_code == 404, who


def test_another_province_sees_nothing_of_it(wrong, as_user, nguoi_tinh_khac):
    assert as_user(nguoi_tinh_khac).get(PAGE).context["lines"] == []


def test_people_are_invited_from_here(wrong, world, so, as_user):
    Membership.objects.filter(school=world.school_b).delete()
    html = as_user(so).get(PAGE).content.decode()
    assert reverse("school_invite", args=[world.school_b.pk]) in html
    assert reverse("district_invite", args=[world.chuong_my.pk]) in html


def test_queries_do_not_grow_with_rows(wrong, world, so, phong_thanh_tri, as_user):
    def queries(client):
        with CaptureQueriesContext(connection) as seen:
            client.get(PAGE)
        return len(seen)

    clients = [as_user(so), as_user(phong_thanh_tri)]
    few = [queries(client) for client in clients]
    for n in range(20):
        school = School.objects.create(code=f"9{n}", name=f"THCS {n}", level="thcs", district=world.chuong_my)
        Agreement.objects.create(
            programme=world.programme,
            tier="school",
            supporting_school=world.school_a,
            supporting_district=world.thanh_tri,
            supported_school=school,
            supported_district=world.chuong_my,
            starts_on=date(2023, 4, 15),
            ends_on=date(2023, 12, 31),
            signed_on=date(2023, 4, 15),
            number="07" if n % 2 else "",
            status="signed",
        )
    assert [queries(client) for client in clients] == few
