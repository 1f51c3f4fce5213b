"""Every page a role meets, in a real browser at desk and phone width: no accessibility fault, no sideways scrolling."""

import errno
import re
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Notification
from activities.models import Activity, Material, Support
from reports.models import Award, AwardRound, Batch, BatchItem, Report, ReportFile
from tests.conftest import DESKTOP, PHONE
from twinning.failures import in_words
from twinning.imports.kind import kind_called
from twinning.models import (
    Agreement,
    AgreementDocument,
    Amendment,
    ImportJob,
    Indicator,
    IndicatorValue,
    PilotQuota,
    Programme,
    Renewal,
    Reorganisation,
    School,
    Target,
)
from twinning.tasks import do_job
from twinning.uploads import check_upload

# The rules of WCAG 2.2 A and AA.
# Without preload: axe would fetch style sheets by itself, past the browser's own rules.
RULES = {
    "preload": False,
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}


def drawn(page):
    """Wait until every chart of the page is drawn."""
    page.wait_for_function("[...document.querySelectorAll('[data-chart]')].every(box => box.querySelector('svg'))")


def amendments_of(agreement):
    """A signed one, and a draft that another one overtook."""
    made = []
    for text in ("Mỗi học kỳ ba chuyên đề.", "Mỗi học kỳ một hội thảo."):
        amendment = Amendment.begin(agreement, "supporting")
        amendment.reason = "Thống nhất lại."
        amendment.propose(amendment.base | {"objectives": text, "direction": "one_way"})
        amendment.store_new()
        made.append(amendment)
    Amendment.objects.filter(pk=made[0].pk).update(status="signed", signed_on=date(2024, 3, 1))
    Agreement.objects.filter(pk=agreement.pk).update(objectives="Mỗi học kỳ ba chuyên đề.")
    return made


def earlier_agreement(world):
    """Of the phase before, to be renewed into the one of these tests."""
    phase = Programme.objects.create(
        department=world.so,
        name="Trường giúp trường",
        starts_on=date(2019, 9, 1),
        ends_on=date(2022, 8, 31),
        phase="2019–2022",
        school_levels=["thcs"],
    )
    return Agreement.objects.create(
        programme=phase,
        tier="school",
        supporting_district=world.thanh_tri,
        supported_district=world.chuong_my,
        supporting_school=world.school_a,
        supported_school=world.school_d,
        starts_on=date(2019, 9, 5),
        ends_on=date(2022, 8, 31),
        signed_on=date(2019, 9, 5),
        status="expired",
    )


def season_of(period, person):
    """A season of PDFs with something of everything, stopped, so that the page stands still."""
    season = Batch.objects.create(period=period, levels="department district school", requested_by=person)
    season.add_reports(Report.objects.all())
    Batch.objects.filter(pk=season.pk).update(status="stopped", ended_at=timezone.now())
    for item, state in zip(season.items.all(), ("done", "failed", "skipped"), strict=False):
        BatchItem.objects.filter(pk=item.pk).update(state=state, reason=in_words(OSError(errno.ENOSPC, "")))
    waiting = {"next_try_at": timezone.now(), "attempts": 1, "reason": in_words(ValueError())}
    season.items.filter(state="waiting").update(**waiting)
    return season


def renewal_of(agreement, world):
    return Renewal.objects.create(
        renewed=agreement.programme,
        into=world.programme,
        starts_on=world.programme.starts_on,
        ends_on=world.programme.ends_on,
        refused=[[agreement.pk, agreement.pair, ["Cặp này đã có giao ước trong phong trào mới."]]],
    )


def award_pages(world):
    """{who: addresses} of an open round of awards with a nomination of school A, and of one whose list is public."""
    days = {"opens_on": date(2023, 5, 1), "due_on": timezone.localdate()}
    taking = AwardRound.objects.create(programme=world.programme, name="Xét khen", status="open", **days)
    public = AwardRound.objects.create(
        programme=world.programme,
        name="Xét khen năm trước",
        status="public",
        published_on=timezone.localdate(),
        opens_on=date(2022, 5, 1),
        due_on=date(2022, 5, 31),
    )
    of_a = {"kind": "collective", "school": world.school_a, "district": world.thanh_tri, "achievement": "Tốt"}
    made = []
    for award_round, status in ((taking, "district"), (public, "published")):
        offer = award_round.offers.create(form="giay_khen", issuer="Giám đốc Sở", collective_most=7)
        made.append(award_round.nominations.create(offer=offer, citation="Giúp trường bạn", status=status, **of_a))
    office = {"kind": "collective", "district": world.thanh_tri, "achievement": "Tốt", "citation": "Chỉ đạo tốt"}
    for status in ("department", "council"):
        office_of = world.thanh_tri if status == "council" else world.chuong_my
        taking.nominations.create(offer=taking.offers.get(), status=status, **office | {"district": office_of})
    award = Award.objects.create(
        programme=world.programme, decision_number="1/QĐ-SGDĐT", decided_on=date(2023, 6, 20), issuer="Giám đốc", **of_a
    )
    shared = [
        *(award_round.get_absolute_url() for award_round in (taking, public)),
        reverse("awardround_list"),
        reverse("nomination_list"),
        award.get_absolute_url(),
        reverse("award_public_list", args=[public.pk]),
        made[0].get_absolute_url(),
    ]
    candidates = reverse("awardround_candidates", args=[taking.pk])
    return {
        "hieu_truong_a": [
            *shared,
            reverse("nomination_create", args=[taking.pk]),
            reverse("award_comment", args=[public.pk]),
        ],
        "phong_thanh_tri": [*shared, candidates, reverse("nomination_action", args=[made[0].pk, "de-nghi"])],
        "so": [
            *shared,
            candidates,
            reverse("awardround_create"),
            reverse("nomination_create", args=[taking.pk]),
            reverse("award_action", args=[award.pk, "huy-bo"]),
            *(
                reverse(f"awardround_{name}", args=[taking.pk])
                for name in ("offers", "criteria", "shortlist", "meeting")
            ),
        ],
    }


@pytest.fixture
def pages(world, district_agreement, activity, support, period, hieu_truong_a):
    waiting = Agreement.objects.create(
        programme=world.programme,
        tier="school",
        supporting_district=world.thanh_tri,
        supported_district=world.chuong_my,
        supporting_school=world.school_a,
        supported_school=world.school_d,
        starts_on=world.programme.starts_on,
        ends_on=world.programme.ends_on,
        status="waiting",
    )
    Programme.objects.filter(pk=world.programme.pk).update(has_members=True)
    draft_with_members = Agreement.objects.create(
        programme=world.programme,
        tier="school",
        supporting_district=world.thanh_tri,
        supported_district=world.ba_dinh,
        supporting_school=world.school_a,
        supported_school=world.school_c,
        starts_on=world.programme.starts_on,
        ends_on=world.programme.ends_on,
    )
    draft_with_members.members.create(side="supported", school=world.school_b, district=world.chuong_my)
    season = season_of(period, hieu_truong_a)
    report = period.reports.get(school=world.school_a)
    sent = period.reports.get(school=world.school_b)
    Report.objects.filter(pk=sent.pk).update(status="submitted", frozen=sent.content())
    sheet = "Trường;Họ và tên;Mã giáo viên\n;Nguyễn Văn An;01\nTHCS Đại Yên;Trần Thị Bé;02\n"
    upload = SimpleUploadedFile("giao-vien.csv", sheet.encode())
    looked_at = ImportJob.receive(upload, kind_called("giao-vien"), hieu_truong_a, world.so, "vi")
    do_job("twinning.importjob", str(looked_at.pk))
    material = Material.objects.create(
        activity=activity,
        kind="slides",
        title="Bài trình chiếu",
        link="https://video.example.vn/1",
        school=world.school_a,
    )
    Material.objects.update(school=world.school_a)
    for name in ("giao-an-1.pdf", "giao-an-2.pdf"):
        material.keep_file(check_upload(SimpleUploadedFile(name, b"%PDF-1.7\n% giao an\n")), hieu_truong_a)
    indicator = Indicator.objects.create(department=world.so, code="giai", name="Số giải", kind="count")
    IndicatorValue.objects.create(indicator=indicator, school_year=2023, school=world.school_a, value=3)
    reorganisation = Reorganisation.objects.create(
        department=world.so, plan="ha-noi-2025", day=date(2025, 7, 1), decision_number="1656/NQ-UBTVQH15"
    )
    reorganisation.list_schools()
    amendments = amendments_of(activity.agreement)
    earlier = earlier_agreement(world)
    Target.objects.create(agreement=activity.agreement, school_year=2023, activities=4, turns=60, support_vnd=10**7)
    PilotQuota.objects.create(programme=world.programme, level="thcs", count=1)
    district_agreement.pilot_schools.create(side="supporting", school=world.school_a)
    district_agreement.task_force.create(side="supporting", full_name="Nguyễn Văn An", duty="head")
    for name in ("ban-ky.pdf", "ban-ky-ro-hon.pdf"):
        scan = check_upload(SimpleUploadedFile(name, b"%PDF-1.7"))
        paper = AgreementDocument.keep(scan, hieu_truong_a, agreement=activity.agreement, kind="signed")
    of_districts, of_schools = [district_agreement.pk], [activity.agreement.pk]
    shared = [
        reverse("dashboard"),
        reverse("dashboard") + "?nam=2023",
        reverse("agreement_list"),
        reverse("agreement_list") + "?cap=district",
        reverse("agreement_create"),
        reverse("agreement_targets", args=[*of_schools, 2023]),
        reverse("agreement_task_force", args=of_schools),
        reverse("pilot_overview"),
        activity.agreement.get_absolute_url(),
        district_agreement.get_absolute_url(),
        reverse("activity_list"),
        reverse("activity_create"),
        activity.get_absolute_url(),
        reverse("support_list"),
        support.get_absolute_url(),
        reverse("material_list"),
        material.get_absolute_url(),
        reverse("report_list"),
        reverse("outgoing_list"),
        report.period.get_absolute_url(),
        reverse("award_list"),
        report.get_absolute_url(),
        reverse("district_list"),
        world.thanh_tri.get_absolute_url(),
        reverse("school_list"),
        world.school_a.get_absolute_url(),
        reverse("programme_detail"),
        reverse("notification_list"),
        reverse("profile"),
        reverse("account_change_password"),
        reverse("search") + "?q=dai yen",
        reverse("import_home"),
        reverse("import_upload", args=["giao-vien"]),
        looked_at.get_absolute_url(),
        looked_at.get_absolute_url() + "?xem=loi",
        reverse("export_file_list"),
        reverse("figures_list"),
        reverse("indicator_list"),
        indicator.get_absolute_url(),
    ]
    compared = [
        reverse("coverage"),
        reverse("school_list") + "?cap_doi=chua",
        reverse("agreement_list") + "?im_lang=3",
        reverse("school_suggestions", args=[world.school_a.pk]),
    ]
    awards = award_pages(world)
    return {
        "phong_thanh_tri": [
            *awards["phong_thanh_tri"],
            *shared,
            *compared,
            waiting.get_absolute_url(),
            reverse("renewal_create"),
            reverse("agreement_renew", args=[earlier.pk]),
            earlier.get_absolute_url(),
            reverse("agreement_pilots", args=of_districts),
            reverse("agreement_quotas", args=of_districts),
            reverse("agreement_document", args=of_schools) + f"?thay={paper.pk}",
        ],
        "hieu_truong_a": [
            *awards["hieu_truong_a"],
            *shared,
            reverse("school_suggestions", args=[world.school_a.pk]),
            *(amendment.get_absolute_url() for amendment in amendments),
            reverse("amendment_create", args=[activity.agreement.pk]),
            reverse("amendment_edit", args=[amendments[1].pk]),
            reverse("amendment_rebase", args=[amendments[1].pk]),
            reverse("support_create"),
            reverse("material_create"),
            reverse("material_create") + f"?hoat_dong={activity.pk}",
            reverse("material_edit", args=[material.pk]),
            reverse("agreement_parties", args=[draft_with_members.pk]),
            reverse("report_edit", args=[report.pk]),
            reverse("figures_edit", args=[world.school_a.pk, 2023]),
            reverse("activity_action", args=[activity.pk, "huy"]),
        ],
        "so": [
            *awards["so"],
            *shared,
            *compared,
            reverse("renewal_create"),
            renewal_of(earlier, world).get_absolute_url(),
            reverse("period_create"),
            reverse("period_list"),
            reverse("reporting_calendar"),
            reverse("period_edit", args=[report.period_id]),
            reverse("period_exempt", args=[report.period_id]),
            reverse("report_action", args=[sent.pk, "tra-lai"]),
            reverse("problem_list"),
            reverse("school_invite", args=[world.school_a.pk]),
            reverse("membership_end", args=[hieu_truong_a.memberships.get().pk]),
            reverse("programme_quotas", args=[world.programme.pk]),
            reverse("school_create"),
            reverse("school_change", args=[world.school_a.pk]),
            reverse("reorganisation_list"),
            reverse("reorganisation_edit", args=[reorganisation.pk]),
            reorganisation.get_absolute_url(),
            reverse("reorganisation_schools", args=[reorganisation.pk]),
            reverse("indicator_create"),
            reverse("batch_create"),
            reverse("batch_list"),
            season.get_absolute_url(),
            reverse("batch_items", args=[season.pk]),
            reverse("activitykind_list"),
            reverse("activitykind_edit", args=[world.kind.pk]),
        ],
    }


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("who", ["phong_thanh_tri", "hieu_truong_a", "so"])
def test_pages_are_accessible_and_fit(sign_in_by_cookie, pages, request, who, device):
    page = sign_in_by_cookie(request.getfixturevalue(who), **device)
    axe, faults = Axe(), []
    width = device["viewport"]["width"]
    for path in pages[who]:
        response = page.goto(path)
        assert response.status == 200, path
        drawn(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{path}: wider than {width} px")
        results = axe.run(page, options=RULES)
        faults += [
            f"{path}: {fault['id']} – {fault['nodes'][0]['html'][:200]}" for fault in results.response["violations"]
        ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_pages_before_sign_in_are_accessible(open_page, device, period, world, hieu_truong_a):
    file, _created = ReportFile.objects.request(period.reports.get(school=world.school_a), hieu_truong_a)
    ReportFile.objects.update(state="ready", finished_at=timezone.now(), sha256="0" * 64)
    page = open_page(**device)
    for url in (reverse("account_login"), reverse("verify"), reverse("verify_code", args=[file.code])):
        page.goto(url)
        faults = Axe().run(page, options=RULES).response["violations"]
        assert not faults, (url, [fault["nodes"][0]["html"] for fault in faults])
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), url


def test_one_long_word_widens_no_list_on_a_phone(sign_in_by_cookie, pages, hieu_truong_a, world):
    """A title of 250 letters without a space, as from a bad paste, breaks within its card."""
    word = "x" * 250
    Activity.objects.update(title=word)
    Support.objects.update(title=word)
    Material.objects.update(title=word[:200])
    School.objects.filter(pk=world.school_a.pk).update(name=word[:150])
    AwardRound.objects.filter(pk=AwardRound.objects.first().pk).update(name=word[:200])
    Award.objects.update(achievement=word)
    Notification.objects.tell([hieu_truong_a], word, reverse("activity_list"), word)
    page = sign_in_by_cookie(hieu_truong_a, **PHONE)
    lists = [f"{kind}_list" for kind in ("activity", "support", "material", "agreement", "school", "report", "award")]
    lists += ["awardround_list", "nomination_list", "notification_list"]
    wide = []
    for path in (*map(reverse, lists), reverse("search") + "?q=xxxxxxxx"):
        page.goto(path)
        if word[:50] not in page.content():
            wide.append(f"{path}: shows no such word")
        # A table that scrolls sideways within its card is no better than a page that does.
        widths = "[document.documentElement, ...document.querySelectorAll('.table-container')].map(e => e.scrollWidth)"
        if (width := max(page.evaluate(widths))) > PHONE["viewport"]["width"]:
            wide.append(f"{path}: {width} px")
    assert not wide, "\n".join(wide)


def test_phone_targets_are_big_enough(sign_in_by_cookie, pages, hieu_truong_a):
    """Everything to press is at least 44 px high on a phone; links within a sentence are exempt (WCAG 2.5.8)."""
    page = sign_in_by_cookie(hieu_truong_a, **PHONE)
    small = []
    for path in (reverse("dashboard"), reverse("activity_create"), reverse("activity_list")):
        page.goto(path)
        drawn(page)
        small += page.evaluate(
            """path => [...document.querySelectorAll("button, .btn, .tabbar a, select, .chips label, input")]
            .filter(e => e.offsetParent && !e.matches(".visually-hidden, .chips input, .day-calendar"))
            .map(e => [path, e.outerHTML.slice(0, 120), e.getBoundingClientRect().height])
            .filter(([, , height]) => height > 0 && height < 43.5)""",
            path,
        )
    assert not small, small


def test_draft_survives_a_closed_tab(sign_in_by_cookie, pages, hieu_truong_a):
    """What was typed into a new record is there again, and is gone once it was saved."""
    page = sign_in_by_cookie(hieu_truong_a, **PHONE)
    page.goto(reverse("activity_create"))
    page.get_by_label("Tên hoạt động").fill("Dự giờ Ngữ văn 9")
    page.get_by_text("đã lưu nháp").wait_for()
    page.close()
    page = page.context.new_page()
    page.goto(reverse("activity_create"))
    assert page.get_by_label("Tên hoạt động").input_value() == "Dự giờ Ngữ văn 9"
    page.get_by_role("button", name="Lưu và báo đơn vị bạn").click()
    page.get_by_text("Đã lưu và báo đơn vị bạn").wait_for()
    page.goto(reverse("activity_create"))
    assert page.get_by_label("Tên hoạt động").input_value() == ""


def test_a_form_marks_what_is_needed_and_days_it_does_not_take(sign_in_by_cookie, pages, hieu_truong_a, page_errors):
    page = sign_in_by_cookie(hieu_truong_a)
    page.goto(reverse("support_create"))
    estimate, school = (page.locator(f"#div_id_{name} label") for name in ("estimate_note", "receiver_school"))
    for kind, label in (("Thiết bị", "Cách ước giá trị*"), ("Lớp học miễn phí", "Cách ước giá trị")):
        page.get_by_text(kind, exact=True).click()
        expect(estimate).to_have_text(label)
    expect(school).to_have_text("Trường nhận*")
    page.get_by_label("Phòng nhận").select_option(index=1)
    expect(school).to_have_text("Trường nhận")
    hint = page.get_by_text("Từ 12/12/2022 đến 31/12/2025.")
    for day, is_broken in (("1/1/2026", True), ("31/12/2025", False)):
        page.get_by_label("Ngày cam kết").fill(day)
        expect(hint).to_have_class("form-text is-broken" if is_broken else "form-text")
    assert not page_errors


def test_a_picker_shows_what_was_asked_for_last(sign_in_by_cookie, world, phong_thanh_tri):
    """Not what it was told of before: Enter would take the wrong school."""
    page = sign_in_by_cookie(phong_thanh_tri)
    page.goto("/giao-uoc/moi/")
    page.get_by_text("Trường – trường", exact=True).click()
    box = page.locator("#id_supported_school-ts-control")
    options = page.locator("#id_supported_school-ts-dropdown [data-selectable]")
    for typed, shown in [("dai yen", ["THCS Đại Yên", "Tiểu học Đại Yên"]), ("phuc xa", ["THCS Phúc Xá"])]:
        box.fill("")
        box.press_sequentially(typed)
        expect(options).to_have_text([re.compile(name) for name in shown])
