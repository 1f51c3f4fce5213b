"""Candidates computed from evidence: every point opens its rows."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.awards import evidence as award_evidence
from reports.models import AwardRound
from reports.scope import Scope
from twinning.models import School

pytestmark = pytest.mark.django_db


class TestSuggestions:
    @pytest.fixture(autouse=True)
    def _of_that_year(self, award_round, activity, support):
        AwardRound.objects.update(school_year=2023)
        award_round.refresh_from_db()
        type(support).objects.filter(pk=support.pk).update(
            status="received", delivered_on=date(2023, 11, 1), school_year=2023
        )

    def rows_behind(self, client, point):
        page = client.get(point.url)
        assert page.status_code == 200, point.url
        return list(page.context["table"].data.data)

    def test_every_point_opens_its_rows(self, as_user, so, award_round, world):
        found = award_evidence.candidates(award_round, "school")
        best = found[0]
        assert best.unit == world.school_a
        assert best.total == pytest.approx(100)
        client = as_user(so)
        values = {}
        for key, point in zip(award_evidence.criteria_of(award_round, "school"), best.points, strict=True):
            rows = self.rows_behind(client, point)
            values[key] = point.value
            if key == "given":
                assert sum(row.value_vnd for row in rows) == point.value
            elif key == "turns":
                assert sum(u.teacher_turns for row in rows for u in row.units.filter(school=best.unit)) == point.value
            else:
                assert len(rows) == point.value, key
        figures = Scope(world.programme, world.school_a, 2023).figures()
        assert (values["held"], values["turns"]) == (figures["activities_held"].value, figures["teacher_turns"].value)
        other = next(candidate for candidate in found if candidate.unit == world.school_b)
        assert other.values["given"] == 0, "what it received gives no points"

    def test_offices_and_people(self, as_user, so, award_round, activity, world):
        row = activity.units.get(school=world.school_a)
        row.name_teachers([("Nguyễn Thị Mẫu", "speaker"), ("Lê Văn Mẫu", "attend")])
        (person,) = award_evidence.candidates(award_round, "person")
        assert (person.name, person.values["led"], person.values["attended"]) == ("Nguyễn Thị Mẫu", 1, 1)
        assert self.rows_behind(as_user(so), person.points[0]) == [activity]
        best = award_evidence.candidates(award_round, "district")[0]
        assert best.unit == world.thanh_tri
        assert best.values["given"] == 6_000_000
        for point in best.points:
            assert self.rows_behind(as_user(so), point)

    def test_who_sees_whom(self, as_user, award_round, so, phong_chuong_my, hieu_truong_a, chi_xem, nominate):
        page = reverse("awardround_candidates", args=[award_round.pk])
        assert [c.name for c in as_user(phong_chuong_my).get(page).context["shown"]] == ["THCS Đại Yên"]
        for other in (hieu_truong_a, chi_xem):
            assert as_user(other).get(page).status_code == 404
        nominate()
        shown = as_user(so).get(page)
        assert "không phải kết luận" in shown.content.decode()
        assert shown.context["shown"][0].marks == ["đã có đề nghị"]

    def test_many_schools_take_as_many_queries_as_two(self, as_user, so, award_round, activity, world):
        def queries():
            with CaptureQueriesContext(connection) as queries:
                as_user(so).get(reverse("awardround_candidates", args=[award_round.pk]))
            return len(queries)

        two = queries()
        for n in range(8):
            school = School.objects.create(code=f"9{n}", name=f"THCS Số {n}", level="thcs", district=world.ba_dinh)
            activity.units.create(school=school, district=world.ba_dinh, teacher_turns=n + 1)
        assert queries() == two
