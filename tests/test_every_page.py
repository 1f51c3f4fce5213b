"""Walks every URL of the portal as everybody: strangers get 404, nobody gets the sign-in page, GET never writes."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Notification
from activities.check_in_code import feedback_code
from activities.models import Activity, CalendarAddress, CheckIn, CheckInDesk, Material, SponsoredPupil
from reports.models import (
    Award,
    AwardDecision,
    AwardMeeting,
    AwardRound,
    Batch,
    BatchBook,
    CertificateFile,
    Nomination,
    OutgoingPaper,
    ReportFile,
    Supplement,
)
from twinning.imports.kind import kind_called
from twinning.models import (
    Agreement,
    Amendment,
    Ceremony,
    ExportFile,
    ImportJob,
    Indicator,
    IndicatorValue,
    Renewal,
    Reorganisation,
    SchoolChange,
)
from twinning.tasks import do_job

PUBLIC = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "check_in",
    "feedback",
    "healthz",
    "verify",
    "verify_code",
    "calendar_feed",
    "public_list",
    "public_programme",
}
POST_ONLY = {
    "batch_book",
    "calendar_address",
    "activity_check_in_open",
    "activity_check_in_restore",
    "activity_check_in_stop",
    "activity_check_in_strike",
    "activitykind_delete",
    "activitykind_move",
    "activitykind_standard",
    "import_step",
    "indicator_delete",
    "material_thanks",
    "membership_letter",
    "notification_open",
    "notification_read_all",
    "period_open",
    "programme_take",
    "reorganisation_rehearse",
    "report_file_create",
    "report_start",
    "seat_take",
}


def all_names(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from all_names(pattern)
        elif isinstance(pattern, URLPattern):
            yield pattern.name


@pytest.fixture
def urls(world, district_agreement, activity, support, period, hieu_truong_a, person):
    """Name → URL of every page, with rows of the Thanh Trì – Chương Mỹ pairing."""
    report = period.reports.get(school=world.school_a)
    file, _created = ReportFile.objects.request(report, hieu_truong_a)
    export = ExportFile.objects.create(
        requested_by=hieu_truong_a,
        membership=hieu_truong_a.memberships.get(),
        kind="xlsx",
        title="Trường",
        path="/truong/",
        rows=4,
    )
    Notification.objects.tell([hieu_truong_a], "Có việc mới", activity.get_absolute_url())
    agreement = activity.agreement
    ceremony = Ceremony.objects.create(
        programme=world.programme,
        name="Lễ ký kết",
        held_on=date(2023, 4, 15),
        held_at="Thanh Trì",
        recorded_by=hieu_truong_a,
    )
    Agreement.objects.filter(pk=agreement.pk).update(ceremony=ceremony)
    sheet = SimpleUploadedFile("giao-vien.csv", "Họ và tên;Mã giáo viên\nNguyễn Văn An;01\n".encode())
    job = ImportJob.receive(sheet, kind_called("giao-vien"), hieu_truong_a, world.so, "vi")
    do_job("twinning.importjob", str(job.pk))
    reorganisation = Reorganisation.objects.create(
        department=world.so, plan="ha-noi-2025", day=date(2025, 7, 1), decision_number="1656/NQ-UBTVQH15"
    )
    reorganisation.list_schools()
    indicator = Indicator.objects.create(department=world.so, code="giai", name="Giải", kind="count", measures="school")
    IndicatorValue.objects.create(indicator=indicator, school_year=2023, school=world.school_a, value=3)
    change = SchoolChange.objects.create(
        school=world.school_a, kind="close", on=date(2024, 8, 1), plan={"summary": "THCS Tả Thanh Oai"}
    )
    today = Activity.objects.create(
        programme=world.programme, kind=world.kind, title="Hội thảo", planned_on=timezone.localdate()
    )
    CheckInDesk.open(today, hieu_truong_a)
    line = CheckIn.objects.create(activity=activity, school=world.school_b, full_name="Lê Thị Cúc", person_key="n:cuc")
    amendment = Amendment.begin(agreement, "supporting")
    amendment.propose(amendment.base | {"direction": "one_way"})
    amendment.store_new()
    renewal = Renewal.objects.create(
        renewed=world.programme,
        into=world.programme,
        starts_on=world.programme.starts_on,
        ends_on=world.programme.ends_on,
    )
    frozen = period.reports.get(school=world.school_b)
    frozen.frozen, frozen.status, frozen.number = frozen.content(), "issued", 1
    frozen.issued_on, frozen.frozen_at = date(2024, 6, 20), timezone.now()
    frozen.save()
    paper = OutgoingPaper.objects.enter(world.school_b, "BC-X", date(2024, 6, 21), abstract="Bổ sung", report=frozen)
    supplement = Supplement.objects.create(
        report=frozen, position=1, changes=[], explanation="Nhập muộn.", paper=paper, signer_title="HIỆU TRƯỞNG",
        signer_name="Nguyễn Văn Mẫu", by=hieu_truong_a,
    )  # fmt: skip
    material = Material.objects.create(
        activity=activity, kind="slides", title="Bài trình chiếu", readers="pair", school=world.school_a
    )
    award_round, nomination, award, certificate = awards_of(world, hieu_truong_a)
    pupil = SponsoredPupil.objects.create(school=world.school_b, agreement=agreement, since=date(2023, 9, 1))
    office = person("phong.hai", "district", district=world.chuong_my)
    batch, _created = Batch.objects.begin(period, ["school"], office)
    arguments = {
        "verify_code": [file.code],
        "report_file_twin": [file.pk, "docx"],
        "sponsored_detail": [pupil.pk],
        "sponsored_edit": [pupil.pk],
        "batch_action": [batch.pk, "dung"],
        "batch_book_state": [BatchBook.objects.create(batch=batch, requested_by=office).pk],
        "material_action": [material.pk, "thu-lai"],
        "nomination_create": [award_round.pk],
        "awardround_action": [award_round.pk, "huy"],
        "award_action": [award.pk, "huy-bo"],
        "awardround_minutes": [award_round.pk, "pdf"],
        "awardround_decide": [award_round.pk, award_round.offers.get().pk],
        "award_decision": [award_round.pk, award_round.offers.get().pk, "pdf"],
        "award_book": [],
        "award_public_list": [award_round.pk],
        "award_comment": [award_round.pk],
        "award_certificates": [award_round.pk],
        "certificate_state": [certificate.pk],
        "nomination_action": [nomination.pk, "rut"],
        "check_in": [today.check_in_desk.code],
        "feedback": [feedback_code(today.pk)],
        "activity_check_in_strike": [activity.pk, line.pk],
        "activity_check_in_restore": [activity.pk, line.pk],
        "district_detail": [world.thanh_tri.pk],
        "school_detail": [world.school_a.pk],
        "figures_edit": [world.school_a.pk, 2023],
        "indicator_value_edit": [indicator.pk, 2023, world.school_a.pk],
        "indicator_value_create": [indicator.pk],
        "district_invite": [world.thanh_tri.pk],
        "school_invite": [world.school_a.pk],
        "membership_letter": [hieu_truong_a.memberships.get().pk],
        "membership_end": [hieu_truong_a.memberships.get().pk],
        "school_edit": [world.school_a.pk],
        "school_suggestions": [world.school_a.pk],
        "school_change": [world.school_a.pk],
        "schoolchange_detail": [change.pk],
        "schoolchange_rows": [change.pk],
        "schoolchange_action": [change.pk, "thuc-hien"],
        "agreement_action": [agreement.pk, "thanh-ly"],
        "agreement_paper": [agreement.pk, "pdf"],
        "amendment_paper": [amendment.pk, "pdf"],
        "amendment_create": [agreement.pk],
        "amendment_action": [amendment.pk, "rut"],
        "renewal_action": [renewal.pk, "hoan-tac"],
        "ceremony_detail": [ceremony.pk],
        "agreement_plan": [agreement.pk, 2023],
        "calendar_feed": [CalendarAddress.objects.create(user=hieu_truong_a).token],
        "activity_calendar": [],
        "calendar_address": [],
        "agreement_targets": [agreement.pk, 2023],
        "agreement_pilots": [district_agreement.pk],
        "agreement_quotas": [district_agreement.pk],
        "pilot_options": [district_agreement.pk, "supporting"],
        "programme_quotas": [world.programme.pk],
        "programme_public": [world.programme.pk],
        "public_programme": [world.programme.pk],
        "activity_action": [activity.pk, "huy"],
        "activitykind_move": [world.kind.pk, "len"],
        "activitykind_standard": [],
        "support_action": [support.pk, "da-nhan"],
        "support_create_received": [],
        "reorganisation_action": [reorganisation.pk, "bo"],
        "report_action": [report.pk, "trinh"],
        "report_file_state": [file.pk],
        "report_quote": [report.pk, "lessons"],
        "report_figure": [frozen.pk, "activities_held"],
        "report_changes": [frozen.pk],
        "supplement_create": [frozen.pk],
        "supplement": [supplement.pk],
        "file": [file.pk],
        "notification_open": [hieu_truong_a.notifications.first().pk],
        "export_file_state": [export.pk],
        "seat_take": [hieu_truong_a.memberships.get().pk],
        "account_reset_password_from_key": ["x", "y"],
        "import_upload": ["giao-vien"],
        "import_template": ["giao-vien"],
        "import_step": [job.pk, "bo"],
    }
    things = {
        "agreement": agreement.pk,
        "amendment": amendment.pk,
        "renewal": renewal.pk,
        "activity": activity.pk,
        "support": support.pk,
        "report": report.pk,
        "period": period.pk,
        "import": job.pk,
        "indicator": indicator.pk,
        "activitykind": world.kind.pk,
        "material": material.pk,
        "reorganisation": reorganisation.pk,
        "awardround": award_round.pk,
        "nomination": nomination.pk,
        "award": award.pk,
        "batch": batch.pk,
    }
    urls = {}
    for name in all_names():
        thing = name.split("_")[0]
        if name in arguments:
            urls[name] = reverse(name, args=arguments[name])
        elif (thing in things and not name.endswith(("_list", "_create", "_home"))) or name == "report_file_create":
            urls[name] = reverse(name, args=[things[thing]])
        else:
            urls[name] = reverse(name)
    return urls


def awards_of(world, person):
    """A round with its list published, a nomination of school A, an award of it, a file of certificates."""
    award_round = AwardRound.objects.create(
        programme=world.programme,
        name="Xét khen",
        opens_on=date(2023, 5, 1),
        due_on=date(2023, 5, 31),
        published_on=date(2023, 6, 1),
        status="public",
    )
    offer = award_round.offers.create(form="giay_khen", issuer="Giám đốc Sở")
    AwardMeeting.objects.create(
        round=award_round,
        council="Hội đồng",
        held_on=date(2023, 5, 31),
        starts_at="08:00",
        ends_at="09:00",
        place="Sở",
        members=9,
        present=9,
    )
    of_a = {"kind": "collective", "school": world.school_a, "district": world.thanh_tri, "achievement": "Tốt"}
    nomination = Nomination.objects.create(round=award_round, offer=offer, citation="Tốt", status="council", **of_a)
    decided = {"decided_on": date(2023, 6, 20), "issuer": "Giám đốc Sở"}
    award = Award.objects.create(programme=world.programme, decision_number="1/QĐ-SGDĐT", **decided, **of_a)
    decision = AwardDecision.objects.create(offer=offer, number="1/QĐ-SGDĐT", **decided)
    return award_round, nomination, award, CertificateFile.objects.create(decision=decision, requested_by=person)


def test_nobody_gets_the_sign_in_page(urls, client):
    for name, url in urls.items():
        if name in PUBLIC:
            continue
        response = client.get(url)
        assert response.status_code == 302, name
        assert response.url.startswith(reverse("account_login")), name


# Pages of single things of the pairing; lists, own pages and the directory are open to all of the Department.
OF_THE_PAIRING = re.compile(
    r"^(agreement|amendment|batch|renewal|ceremony|activity|material|support|sponsored|report|supplement|reorganisation|export_file|nomination"
    r"|certificate)_(?!list|create|calendar)|^awardround_(?!list|create|detail|candidates)|^award_(certificates|action|decision)$"
    r"|^file$|^supplement$|^notification_open$|^seat_take$"
    r"|^(school|district)_invite$|^membership_|^school_suggestions$"
    r"|^activitykind_(edit|delete|move)$"
    r"|^figures_edit$|^indicator_(value_edit|edit|delete)$|^pilot_options$|^programme_(quotas|public)$"
)


def test_strangers_get_404(urls, as_user, nguoi_la, nguoi_tinh_khac):
    for stranger in (nguoi_la, nguoi_tinh_khac):
        client = as_user(stranger)
        for name, url in urls.items():
            if not OF_THE_PAIRING.match(name):
                continue
            response = client.post(url) if name in POST_ONLY else client.get(url)
            assert response.status_code == 404, (stranger, name)
            if name.endswith(
                (
                    "_action",
                    "_edit",
                    "_document",
                    "_documents",
                    "_correct",
                    "_upload",
                    "_schools",
                    "_invite",
                    "_end",
                    "_offers",
                    "_criteria",
                    "_shortlist",
                    "_meeting",
                    "_decide",
                )
            ):
                assert client.post(url).status_code == 404, (stranger, name)


def test_another_province_sees_no_unit_of_ours(urls, as_user, nguoi_tinh_khac):
    client = as_user(nguoi_tinh_khac)
    assert client.get(urls["district_detail"]).status_code == 404
    assert client.get(urls["school_detail"]).status_code == 404
    assert "Thanh Trì" not in client.get(urls["district_list"]).content.decode()
    assert client.get(urls["school_options"] + "?q=ta").json() == {"results": []}


same_queries = pytest.mark.one_database("Asks what another person here asks: one of each kind of unit is enough.")


@pytest.mark.parametrize(
    "who",
    [
        "so",
        "phong_thanh_tri",
        "hieu_truong_a",
        *(
            pytest.param(who, marks=same_queries)
            for who in ("lanh_dao", "phong_chuong_my", "hieu_truong_b", "can_bo", "chi_xem", "quan_tri", "nguoi_la")
        ),
    ],
)
def test_every_page_answers_and_get_never_writes(urls, as_user, request, who):
    client = as_user(request.getfixturevalue(who))
    for name, url in urls.items():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(url)
            for _chunk in response.streaming_content if response.streaming else ():
                pass
        if response.headers.get("Content-Type", "").startswith("text/html"):
            assert b"{#" not in response.content, f"{name}: a comment of a template is for one line"
        assert response.status_code in (200, 204, 302, 404, 405), (name, response.status_code)
        assert (response.status_code == 405) == (name in POST_ONLY), name
        writes = [
            q["sql"]
            for q in queries
            if re.match(r"\s*(INSERT|UPDATE|DELETE)", q["sql"]) and "django_session" not in q["sql"]
        ]
        assert not writes, (name, writes)
