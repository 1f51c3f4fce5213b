"""The dashboard, the report's page, its frozen content, the PDF and the rows themselves say the same numbers."""

import re
from io import BytesIO

import pdfplumber
import pytest
from django.db import connection
from django.urls import reverse

from activities.models import Participation
from reports.models import ReportFile
from reports.papers.pdf import build_pdf
from twinning.models import Teacher

KEYS = {
    "schools_signed",
    "agreements_live",
    "activities_held",
    "teacher_turns",
    "teachers_named",
    "pupil_turns",
    "support_vnd",
}


def figures_on(response):
    """data-figure → data-value of a page; a key that stands twice must say the same twice."""
    found = {}
    for key, value in re.findall(r'data-figure="(\w+)" data-value="(\d+)"', response.content.decode()):
        assert found.setdefault(key, int(value)) == int(value), key
    return found


@pytest.fixture
def named(world, activity):
    """Two teachers of school A named at the activity."""
    row = activity.units.get(school=world.school_a)
    for name in ("Lê Thị Ví Dụ", "Nguyễn Văn Mẫu"):
        teacher = Teacher.objects.create(school=world.school_a, full_name=name)
        Participation.objects.create(row=row, teacher=teacher)


@pytest.mark.parametrize(
    ("who", "unit", "own_turns"),
    [("so", "department", 36), ("phong_thanh_tri", "district", 24), ("hieu_truong_a", "school", 24)],
)
def test_they_agree(world, period, activity, support, named, as_user, request, who, unit, own_turns):
    person = request.getfixturevalue(who)
    client = as_user(person)
    seat = person.memberships.get()
    report = period.reports.get(**{unit: getattr(seat, unit)})

    dashboard = figures_on(client.get(reverse("dashboard") + "?nam=2023"))
    page = figures_on(client.get(report.get_absolute_url()))
    assert dashboard.keys() == KEYS
    assert page == dashboard

    with connection.cursor() as cursor:  # without a line of our own code
        cursor.execute(
            "SELECT SUM(teacher_turns) FROM activities_activityschool WHERE district_id = %s OR %s",
            [world.thanh_tri.pk, unit == "department"],
        )
        assert cursor.fetchone()[0] == own_turns == dashboard["teacher_turns"]
        cursor.execute("SELECT SUM(value_vnd) FROM activities_support")
        assert cursor.fetchone()[0] == 6_000_000 == dashboard["support_vnd"]
    assert dashboard["activities_held"] == 1
    assert dashboard["agreements_live"] == 1
    assert dashboard["teachers_named"] == 2
    assert dashboard["schools_signed"] == (2 if unit == "department" else 1)

    period.reports.exclude(pk=report.pk).update(status="exempt")  # nothing below to wait for
    client.post(reverse("report_action", args=[report.pk, "trinh"]))
    report.refresh_from_db()
    assert {key: report.frozen["figures"][key]["value"] for key in KEYS} == dashboard
    assert report.frozen["figures"]["activities_held"]["ids"] == [activity.pk]

    # The rows change; what was submitted does not.
    activity.units.filter(school=world.school_a).update(teacher_turns=500)
    activity.store_totals()
    assert figures_on(client.get(report.get_absolute_url())) == dashboard
    file, _created = ReportFile.objects.request(report, person)
    data, pages = build_pdf(file.content, lambda percent, step: None)
    with pdfplumber.open(BytesIO(data)) as pdf:
        assert len(pdf.pages) == pages
        text = " ".join(page.extract_text() for page in pdf.pages).replace("\u00a0", " ")
    assert re.search(rf"\b{own_turns} lượt giáo viên", text.replace("\n", " "))
    assert "6.000.000" in text
