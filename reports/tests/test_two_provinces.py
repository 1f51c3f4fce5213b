"""The sample of Nghệ An beside that of Hà Nội: what it holds, and that neither Department ever sees a row of the other.

Both are loaded once for this module, Nghệ An first, in a transaction that is rolled back at the end.
"""

import csv
import io
import time
from collections import Counter
from datetime import date

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.urls import reverse

from accounts.models import User
from activities.models import Activity, ActivityKind, ActivitySchool, Material, SponsoredPupil, Support
from reports.awards.decision import BOOK
from reports.content import report_content
from reports.models import Award, AwardRound, BatchItem, Nomination, OutgoingPaper, Report, ReportFile, ReportingPeriod
from reports.tests.samples import digest, models_that_name_real_people, portal_models
from twinning.models import (
    Agreement,
    AgreementMember,
    ContentArea,
    Department,
    District,
    Indicator,
    Membership,
    NumberSeries,
    Programme,
    School,
    SchoolYearFigures,
    Signatory,
    Subject,
    Target,
    TaskForceMember,
    Teacher,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def seconds(django_db_setup, django_db_blocker):
    """Loads both; how long Nghệ An took."""
    with django_db_blocker.unblock(), transaction.atomic():
        started = time.process_time()
        call_command("load_sample", programme="nghe-an", verbosity=0)
        took = time.process_time() - started
        call_command("load_sample", verbosity=0)
        yield took
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _samples(seconds, time_machine):
    time_machine.move_to("2026-11-26 09:00", tick=True)


@pytest.fixture
def department():
    return Department.objects.get(name="Sở Giáo dục và Đào tạo Nghệ An")


@pytest.fixture
def first(department):
    return Programme.objects.get(department=department, phase="2019–2023")


@pytest.fixture
def second(department):
    return Programme.objects.get(department=department, phase="2023–2028")


def test_it_takes_less_than_fifteen_seconds(seconds):
    assert seconds < 15


# --- What it holds ----------------------------------------------------------------------------------------------------


def test_units_and_schools(department):
    kinds = Counter(District.objects.filter(department=department).values_list("kind", flat=True))
    assert kinds == {"thanh_pho": 1, "thi_xa": 3, "huyen": 17}
    schools = School.objects.filter(department=department)
    assert 300 <= schools.count() <= 400
    assert set(schools.values_list("level", flat=True)) == {"mn", "th", "thcs", "th_thcs", "thpt"}
    assert all(school.code.startswith(f"40{school.district.code}") for school in schools.select_related("district"))
    assert not schools.values("district", "name").annotate(n=Count("pk")).filter(n__gt=1).exists()
    told = schools.get(name="Tiểu học Thạch Ngàn")
    assert (told.district.name, told.ward) == ("Con Cuông", "Xã Thạch Ngàn")


def test_two_phases_of_three_tiers(first, second):
    assert first.name == second.name == "Phòng giúp phòng – Trường giúp trường – Bộ môn giúp bộ môn"
    assert first.ends_on < second.starts_on == date(2023, 9, 13), "the day of the conference"
    for programme in (first, second):
        tiers = Counter(programme.agreements.values_list("tier", flat=True))
        assert tiers["district"] == 10
        assert tiers["school"] > 50
        assert tiers["subject"] >= 20
        assert not programme.legal_bases.exists(), "the source gives no number of a plan"
        assert set(programme.agreements.values_list("tier", "kind")) == {
            ("district", "joint_plan"),
            ("school", "pledge"),
            ("subject", "mou"),
        }
    assert "mn" not in first.school_levels
    assert not first.agreements.filter(supporting_school__level="mn").exists()
    assert second.agreements.filter(supporting_school__level="mn", status="signed").count() > 10


def test_the_first_phase_is_over_and_much_of_it_renewed(first, second):
    assert set(first.agreements.values_list("status", flat=True)) == {"expired", "ended"}
    renewals = second.agreements.exclude(renews=None)
    assert set(renewals.values_list("tier", flat=True)) == {"district", "school", "subject"}
    assert renewals.count() > 50
    assert not renewals.exclude(renews__programme=first).exists()
    for same in ("tier", "subject", "supporting_district", "supported_school"):
        assert not renewals.exclude(Q(**{f"renews__{same}": F(same)}) | Q(**{same: None})).exists()
    assert second.agreements.filter(renews=None, status="signed").exists(), "units were paired anew, too"
    assert {"draft", "waiting", "returned", "confirmed"} <= set(second.agreements.values_list("status", flat=True))


def test_agreements_keep_the_rules_of_their_model(first, second):
    for agreement in Agreement.objects.filter(programme__in=[first, second]).for_list():
        agreement.clean()
        assert agreement.is_invented
        assert agreement.source_note.startswith("Dữ liệu minh hoạ")
        assert agreement.events.exists()


def test_who_stands_beside_the_parties(first, second):
    for programme in (first, second):
        of = {"agreement__programme": programme}
        assert AgreementMember.objects.filter(**of, school__isnull=False).count() > 10
        assert AgreementMember.objects.get(**of, school=None).district.name == "Cửa Lò"
        unions = Signatory.objects.filter(**of)
        assert not unions.exclude(organisation__startswith="Công đoàn").exists()
        heads = TaskForceMember.objects.filter(**of, duty="head").values("agreement", "side")
        assert heads.distinct().count() == 20
        assert Target.objects.filter(**of, support_vnd__gt=0).exists()
        assert programme.pilot_quotas.count() == (3 if programme == first else 4)
    assert Target.objects.filter(agreement__programme=second, school_year=2026).exists(), "for the year that runs"
    members = {(row.agreement_id, row.school_id) for row in AgreementMember.objects.exclude(school=None)}
    came = ActivitySchool.objects.filter(activity__agreement__in=[pk for pk, _school in members])
    assert {*came.values_list("activity__agreement", "school")} & members, "they take part"


def test_help_of_exactly_three_billion_two_hundred_million(first):
    given = first.supports.counted()
    assert given.aggregate(n=Sum("value_vnd"))["n"] == 3_200_000_000
    assert set(given.values_list("source", flat=True)) == {"own", "community"}
    assert {"cash", "in_kind", "scholarship"} <= set(given.values_list("kind", flat=True))
    assert not first.supports.filter(status__in=["pledged", "delivered"]).exists(), "nothing is left to do"


def test_activities(first, second):
    assert first.activities.count() >= 400
    assert first.activities.count() + second.activities.count() <= 1500
    assert not first.activities.filter(status__in=["planned", "held"]).exists()
    assert second.activities.filter(status="planned", planned_on__gt=date(2026, 11, 26)).count() > 20
    assert second.activities.overdue().count() > 5
    assert second.activities.filter(status="held").count() > 10
    assert second.activities.counted().filter(held_on__gt=date(2026, 11, 1)).exists(), "alive today"
    for programme in (first, second):
        groups = set(programme.activities.counted().values_list("kind__group", flat=True))
        assert groups == {"professional", "exam", "management", "exchange", "union"}
        names = " ".join(programme.activities.counted().values_list("title", flat=True))
        for told in ("tốt nghiệp THPT", "học sinh giỏi", "học sinh yếu, kém", "ự giờ", "ông đoàn"):
            assert told in names
    of_subjects = Activity.objects.filter(agreement__tier="subject").exclude(subject=F("agreement__subject"))
    assert not of_subjects.exists()
    assert second.activities.get(held_on=date(2023, 9, 13)).title.startswith("Hội nghị đánh giá kết quả")


@pytest.mark.parametrize("model", [Activity, Support])
def test_every_row_is_one_that_could_have_been_entered(model, department):
    for row in model.objects.filter(programme__department=department).for_list():
        row.clean()
        assert row.events.latest("at").at.date() <= date(2026, 11, 26), "nothing was done tomorrow"


def test_seven_collectives_and_thirteen_persons_were_honoured(first):
    awards = Award.objects.filter(programme__department=first.department)
    assert Counter(awards.values_list("kind", flat=True)) == {"collective": 7, "individual": 13}
    assert set(awards.values_list("programme", "is_invented", "nomination__status")) == {(first.pk, True, "awarded")}
    for award in awards:
        award.full_clean(exclude=["search_key"])
        assert "Báo Nghệ An, 13/9/2023" in award.source_note
    year = awards.first().decided_on.year
    assert NumberSeries.objects.take(first.department, BOOK, year) == 21, "the book goes on after the sample"
    assert set(Award.objects.values_list("is_invented", flat=True)) == {True}, "Hà Nội's too"
    decisions = OutgoingPaper.objects.filter(symbol="QĐ-SGDĐT", department=first.department)
    assert [(paper.number_and_symbol, paper.year) for paper in decisions] == [("1306/QĐ-SGDĐT", 2023)]


@pytest.mark.parametrize("model", [AwardRound, Nomination])
def test_rounds_and_nominations_are_ones_that_could_have_been_entered(model):
    for thing in model.objects.all():
        thing.full_clean(exclude=["search_key", "name_key"])
        assert thing.is_invented


def test_a_teacher_of_both_phases_is_one_person(department):
    twice = Teacher.objects.filter(school__department=department).values("school", "name_key").annotate(n=Count("pk"))
    assert not twice.filter(n__gt=1).exists()
    phases = twice.values("pk").annotate(n=Count("participations__row__activity__programme", distinct=True))
    assert phases.filter(n=2).exists()


def test_totals_are_right(capsys):
    call_command("check_totals")
    assert "đều khớp" in capsys.readouterr().out


def test_nobody_real_is_named_and_nothing_has_a_history():
    assert not list(models_that_name_real_people())
    for model in portal_models():
        assert not (hasattr(model, "history") and model.history.exists()), model


def test_reports_tell_of_all_three_tiers(second, department):
    report = Report.objects.get(period__programme=second, period__school_year=2025, department=department)
    content = report_content(report)
    assert "giao ước bộ môn – bộ môn" in str(content)
    assert "Tổ Ngữ văn, THPT" in str(content["annexes"][0])
    assert (
        content["figures"]["activities_held"]["value"]
        == second.activities.held_in(2025).filter(held_on__lte=date(2026, 5, 31)).count()
    )


# --- Accounts and loading ---------------------------------------------------------------------------------------------


@pytest.mark.one_database("A password is checked by its hash.")
@pytest.mark.parametrize(
    "name", ["so.nghe-an", "lanhdao.nghe-an", "phong.cua-lo.nghe-an", "truong.40412901", "quantri", "so"]
)
def test_demo_accounts_sign_in(name, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    user = User.objects.get(username=name)
    assert authenticate(None, email=f"{name}@example.vn", password="giao-uoc-2025") == user


def test_one_administrator_for_both():
    assert User.objects.filter(is_superuser=True).count() == Membership.objects.filter(role="admin").count() == 1


@pytest.mark.parametrize("programme", ["nghe-an", "ha-noi"])
def test_loading_again_changes_nothing(capsys, programme):
    def counts():
        return {model: model.objects.count() for model in portal_models()}

    before = counts()
    call_command("load_sample", programme=programme)
    assert "đã có sẵn" in capsys.readouterr().out
    assert counts() == before


# A change of the sample changes these; see test_sample.py.
DIGESTS = {
    "schools": "109f82818666",
    "agreements": "62b8ccce27aa",
    "activities": "dafc602cee45",
    "supports": "31d3e1db8a5b",
    "awards": "577b28fab25c",
}


def test_it_always_comes_out_the_same(department):
    contents = {
        "schools": School.objects.filter(department=department).values_list("code", "name", "address"),
        "agreements": Agreement.objects.filter(programme__department=department).values_list(
            "tier", "kind", "status", "supporting_school__code", "supported_district__code", "subject__name", "number",
            "signed_on", "ends_on", "supporting_signatory", "renews__number", "created_at",
        ),
        "activities": Activity.objects.filter(programme__department=department).values_list(
            "title", "planned_on", "held_on", "status", "place", "created_at", *Activity.TOTALS
        ),
        "supports": Support.objects.filter(programme__department=department).values_list(
            "title", "giver_school__code", "value_vnd", "delivered_on", "status"
        ),
        "awards": Award.objects.filter(programme__department=department).values_list(
            "kind", "full_name", "position", "school__code", "achievement"
        ),
    }  # fmt: skip
    assert {name: digest(rows) for name, rows in contents.items()} == DIGESTS


# --- Two Departments --------------------------------------------------------------------------------------------------

PEOPLE = {
    "Nghệ An": ["so.nghe-an", "phong.ky-son.nghe-an", "truong.40412901"],
    "Hà Nội": ["so", "phong.thanh-tri", "truong.01008509"],
}
EVERYBODY = [(place, name) for place, names in PEOPLE.items() for name in names]
# Model → the way from a row to the place of its Department.
PLACE = {
    model: f"{way}department__place"
    for way, models in {
        "": [District, School, Programme, Indicator],
        "programme__": [Agreement, Activity, ActivityKind, Award, AwardRound, ContentArea, ReportingPeriod, Support],
        "activity__programme__": [Material],
        "period__programme__": [Report],
        "agreement__programme__": [SponsoredPupil],
        "round__programme__": [Nomination],
        "school__": [SchoolYearFigures, Teacher],
    }.items()
    for model in models
}
LISTS = [
    "agreement_list",
    "activity_list",
    "support_list",
    "sponsored_list",
    "material_list",
    "report_list",
    "period_list",
    "award_list",
    "awardround_list",
    "nomination_list",
    "district_list",
    "school_list",
    "figures_list",
    "indicator_list",
]
FORMS = ["agreement_create", "activity_create", "support_create", "school_create", "period_create"]
FEW = 400  # rows that are cheap to export


def strangers(rows, place):
    """Those of `rows` (a queryset) that belong to the other Department."""
    if rows.model is Subject:  # of no Department
        return rows.none()
    return rows.model.objects.filter(pk__in=rows.order_by().values("pk")).exclude(**{PLACE[rows.model]: place})


def offered(form):
    """The rows that the choices of a form, or of the filters of a list, offer."""
    querysets = [getattr(field, "queryset", None) for field in form.fields.values()]
    return [queryset for queryset in querysets if queryset is not None]


@pytest.fixture
def browse(as_user):
    def sign_in(name):
        return as_user(User.objects.get(username=name))

    return sign_in


@pytest.mark.parametrize(("place", "name"), EVERYBODY)
def test_lists_filters_and_exports_hold_rows_of_one_department(browse, place, name):
    client = browse(name)
    for url_name in LISTS:
        page = client.get(reverse(url_name) + "?phong_trao=tat-ca")
        rows = page.context["filter"].qs
        assert not strangers(rows, place).exists(), url_name
        for queryset in offered(page.context["filter"].form):
            assert not strangers(queryset, place).exists(), url_name
        count = page.context["table"].paginator.count
        if name.startswith("so"):
            assert count, f"{url_name}: the Department has some"
        if 0 < count <= FEW:
            file = client.get(reverse(url_name) + "?phong_trao=tat-ca&_export=csv")
            lines = b"".join(file.streaming_content).decode("utf-8-sig")
            assert len([*csv.reader(io.StringIO(lines), delimiter=";")]) - 1 == count, url_name


@pytest.mark.parametrize(("place", "name"), EVERYBODY)
def test_forms_and_pickers_offer_one_department(browse, place, name):
    client = browse(name)
    for url_name in FORMS:
        page = client.get(reverse(url_name))
        assert page.status_code in (200, 404), url_name
        for queryset in offered(page.context["form"]) if page.status_code == 200 else ():
            assert not strangers(queryset, place).exists(), url_name
    for query in ("hoang mai", "thcs", "thpt vinh", "tan mai"):
        found = client.get(reverse("school_options"), {"q": query}).json()["results"]
        ids = [one["value"] for one in found]
        assert not strangers(School.objects.filter(pk__in=ids), place).exists(), query
        for _url, _icon, rows, _more in client.get(reverse("search"), {"q": query}).context["groups"]:
            ids = [row.pk for row in rows]
            assert not strangers(type(rows[0]).objects.filter(pk__in=ids), place).exists(), query
    assert client.get(reverse("search"), {"q": "hoang mai"}).context["groups"], "both have a Hoàng Mai"


@pytest.mark.parametrize(("place", "name"), EVERYBODY)
def test_dashboards_show_one_department(browse, place, name):
    client = browse(name)
    for programme in Programme.objects.filter(department__place=place):
        context = client.get(f"/?phong_trao={programme.pk}&nam=tat-ca").context
        assert context["programme"] == programme
        assert {row.unit.department.place for row in context["units"] if row.unit} <= {place}
        assert {row.agreement.programme for row, _link in context["pairs"]} <= {programme}
    other = Programme.objects.exclude(department__place=place).first()
    assert client.get(f"/phong-trao/?phong_trao={other.pk}").context["programme"].department.place == place


@pytest.mark.parametrize(("place", "name"), EVERYBODY)
def test_no_page_and_no_file_of_the_other_department_is_found(browse, place, name):
    other = Department.objects.exclude(place=place).get()
    of_theirs = {"programme__department": other}
    report = Report.objects.filter(period__programme__department=other, department=other).first()
    client = browse(name)
    for thing in (
        Agreement.objects.filter(**of_theirs, tier="district").first(),
        Agreement.objects.filter(**of_theirs, tier="school").first(),
        Activity.objects.filter(**of_theirs).exclude(agreement=None).first(),
        Activity.objects.filter(**of_theirs, agreement=None).first(),
        Support.objects.filter(**of_theirs).first(),
        report,
        District.objects.filter(department=other).first(),
        School.objects.filter(department=other).first(),
        Indicator.objects.filter(department=other).first(),
    ):
        assert client.get(thing.get_absolute_url()).status_code == 404, thing
        assert client.get(f"{thing.get_absolute_url()}sua/").status_code == 404, thing
    file, _created = ReportFile.objects.request(report, User.objects.filter(memberships__department=other).first())
    assert client.get(reverse("file", args=[file.pk])).status_code == 404
    assert client.get(reverse("report_file_state", args=[file.pk])).status_code == 404


def test_a_season_of_reports_is_built_for_ones_own_department():
    with pytest.raises(CommandError, match="không thấy kỳ báo cáo nào"):
        call_command("build_reports", 2025, level=["so"], by="so")
    call_command("build_reports", 2025, level=["so"], by="so.nghe-an")
    (item,) = BatchItem.objects.all()
    assert item.report.department.place == "Nghệ An"


def test_the_administrator_sees_both_and_mixes_neither(browse, department):
    admin = browse("quantri")
    assert len(admin.get("/").context["programmes"]) == 3
    for programme, name in [
        (Programme.objects.get(department__place="Hà Nội"), "so"),
        *((programme, "so.nghe-an") for programme in Programme.objects.filter(department=department)),
    ]:
        url = f"/?phong_trao={programme.pk}&nam=tat-ca"
        mine, theirs = (client.get(url).context["figures"] for client in (admin, browse(name)))
        assert {key: figure.value for key, figure in mine.items()} == {
            key: figure.value for key, figure in theirs.items()
        }


def test_the_figures_of_the_two_phases_are_apart(browse, first, second):
    client = browse("so.nghe-an")
    over = client.get(f"/?phong_trao={first.pk}").context
    assert over["year"] is None
    assert over["figures"]["support_vnd"].value == 3_200_000_000
    assert over["figures"]["activities_held"].value == first.activities.counted().count()
    now = client.get("/").context
    assert (now["programme"], now["year"]) == (second, 2026)
    assert now["figures"]["activities_held"].value == second.activities.held_in(2026).count() > 50
