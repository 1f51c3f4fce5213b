"""Private files: /tep/<uuid>/ for those who may read the owner, 404 for others, headers that keep them harmless."""

import hashlib
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from twinning.models import AgreementDocument
from twinning.tests.test_bad_input import office, picture
from twinning.uploads import check_upload

CONTENT = b"%PDF-1.7\n% ban ky\n"


@pytest.fixture
def keep(hieu_truong_a):
    """Store a file as a paper of an agreement: keep(agreement, name, content)."""

    def store(agreement, name="Bản ký.pdf", content=CONTENT):
        return AgreementDocument.keep(
            check_upload(SimpleUploadedFile(name, content)), hieu_truong_a, agreement=agreement
        )

    return store


def url_of(paper):
    return reverse("file", args=[paper.pk])


def fetch(client, paper):
    """GET the file to its end, as a browser does; `body` holds what came."""
    response = client.get(url_of(paper))
    response.body = b"".join(response) if response.streaming else response.content
    return response


@pytest.mark.parametrize(
    "who",
    [
        "hieu_truong_a",
        "hieu_truong_b",
        "can_bo",
        "phong_thanh_tri",
        "phong_chuong_my",
        "so",
        "lanh_dao",
        "chi_xem",
        "quan_tri",
    ],
)
def test_those_who_read_the_agreement_read_its_papers(school_agreement, keep, request, as_user, who):
    response = fetch(as_user(request.getfixturevalue(who)), keep(school_agreement))
    assert response.status_code == 200
    assert response.body == CONTENT


@pytest.mark.parametrize("who", ["nguoi_la", "nguoi_tinh_khac"])
def test_strangers_find_nothing(school_agreement, keep, request, as_user, who):
    assert as_user(request.getfixturevalue(who)).get(url_of(keep(school_agreement))).status_code == 404


def test_nobody_is_asked_to_sign_in(school_agreement, keep, client):
    url = url_of(keep(school_agreement))
    assert client.get(url).url == f"/tai-khoan/login/?next={url}"


def test_a_school_reads_the_papers_of_the_district_agreement_above(
    district_agreement, school_agreement, keep, as_user, hieu_truong_b
):
    assert fetch(as_user(hieu_truong_b), keep(district_agreement)).status_code == 200


def test_the_right_is_asked_for_each_time(school_agreement, keep, as_user, hieu_truong_b):
    client, paper = as_user(hieu_truong_b), keep(school_agreement)
    assert fetch(client, paper).status_code == 200
    hieu_truong_b.memberships.all().delete()
    assert fetch(client, paper).status_code == 404


def test_headers_of_a_pdf(school_agreement, keep, as_user, hieu_truong_b):
    response = fetch(as_user(hieu_truong_b), keep(school_agreement))
    assert response["Content-Type"] == "application/pdf"
    assert (
        response["Content-Disposition"] == "inline; filename=\"ban-ky.pdf\"; filename*=UTF-8''B%E1%BA%A3n%20k%C3%BD.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cache-Control"] == "private, max-age=0, must-revalidate"


def test_other_files_run_nothing_and_office_files_are_saved(school_agreement, keep, as_user, hieu_truong_b):
    client = as_user(hieu_truong_b)
    photo = fetch(client, keep(school_agreement, "ảnh.png", picture("PNG")))
    assert (photo["Content-Type"], photo["Content-Disposition"].split(";")[0]) == ("image/png", "inline")
    plan = fetch(client, keep(school_agreement, "kế hoạch.docx", office("word/document.xml")))
    assert plan["Content-Disposition"].startswith('attachment; filename="ke-hoach.docx"')
    for response in (photo, plan):
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["X-Content-Type-Options"] == "nosniff"


def test_a_name_cannot_break_the_header(school_agreement, keep, as_user, hieu_truong_b):
    response = fetch(as_user(hieu_truong_b), keep(school_agreement, 'a";filename=x.exe;\\b.pdf'))
    assert response["Content-Disposition"].startswith('inline; filename="')
    assert response["Content-Disposition"].split('"')[1].isascii()
    assert response["Content-Disposition"].count('"') == 2


def test_only_reading_is_possible(school_agreement, keep, as_user, hieu_truong_a):
    client, url = as_user(hieu_truong_a), url_of(keep(school_agreement))
    assert client.post(url).status_code == client.delete(url).status_code == 405


def test_what_is_not_there_is_not_found(school_agreement, keep, as_user, so):
    client = as_user(so)
    assert client.get(reverse("file", args=[uuid.uuid4()])).status_code == 404
    paper = keep(school_agreement)
    Path(paper.file.path).unlink()
    assert client.get(url_of(paper)).status_code == 404


def test_a_file_is_stored_under_a_random_name_with_its_sum(school_agreement, keep, hieu_truong_a):
    paper = keep(school_agreement, "../../etc/Bản ký.PDF")
    assert paper.file.name == f"agreementdocument/{paper.pk}.pdf"
    assert paper.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (paper.name, paper.size, paper.uploaded_by) == ("Bản ký.PDF", len(CONTENT), hieu_truong_a)


def test_no_other_address_serves_it(school_agreement, keep, as_user, so, settings):
    paper = keep(school_agreement)
    client = as_user(so)
    for url in (
        f"/{settings.MEDIA_URL.strip('/')}/{paper.file.name}",
        f"/media/{paper.file.name}",
        f"/static/{paper.file.name}",
    ):
        assert client.get(url).status_code == 404


def test_the_agreement_lists_its_papers(school_agreement, keep, as_user, hieu_truong_b):
    paper = keep(school_agreement)
    page = as_user(hieu_truong_b).get(school_agreement.get_absolute_url()).content.decode()
    assert f'href="{url_of(paper)}">Bản ký.pdf</a>' in page
