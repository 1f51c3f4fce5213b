"""What anybody may read: sums of a movement that is public, and nothing of a person."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import SponsoredPupil
from reports.public import FEWEST


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


def test_only_what_the_department_made_public(world, activity, support, so, phong_thanh_tri, as_user, client):
    page, switch = (reverse(name, args=[world.programme.pk]) for name in ("public_programme", "programme_public"))
    assert client.get(page).status_code == 404
    assert "Chưa có phong trào nào" in client.get(reverse("public_list")).content.decode()
    assert as_user(phong_thanh_tri).post(switch, {"is_public": "on"}).status_code == 404
    as_user(so).post(switch, {"is_public": "on"})
    assert client.get(reverse("public_list")).url == page
    text = client.get(page).content.decode()
    for words in ("6.000.000", "Sáu triệu đồng", ">36<", "huyện Thanh Trì", "2023-2024"):
        assert words in text, words
    for person in ("Hiệu trưởng", activity.title, support.title, "@"):
        assert person not in text, person
    with CaptureQueriesContext(connection) as again:
        client.get(page)
    assert len(again) <= 2, "what was summed is kept for a while"
    as_user(so).post(switch, {})
    assert client.get(page).status_code == 404


def test_few_sponsored_pupils_are_not_told(world, school_agreement, client):
    type(world.programme).objects.update(is_public=True)
    page = reverse("public_programme", args=[world.programme.pk])
    for n in range(FEWEST):
        SponsoredPupil.objects.create(school=world.school_b, agreement=school_agreement, since="2023-09-01")
        cache.clear()
        assert ("học sinh được đỡ đầu" in client.get(page).content.decode()) == (n + 1 >= FEWEST)
