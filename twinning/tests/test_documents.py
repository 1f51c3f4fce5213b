"""Papers of an agreement: kinds, versions that never overwrite, who may add them, what is refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from twinning.models import Agreement, AgreementDocument
from twinning.tests.pairing import SIGNING, act
from twinning.tests.rows import content
from twinning.tests.test_bad_input import office, picture


@pytest.fixture
def url(school_agreement):
    return reverse("agreement_document", args=[school_agreement.pk])


def papers(agreement):
    return [(p.kind, p.name, p.version, p.replaces and p.replaces.name) for p in agreement.documents.order_by("pk")]


def by_name(agreement):
    return {p.name: (p.kind, p.version, p.replaces and p.replaces.name) for p in agreement.documents.all()}


def test_a_new_version_names_the_old_one(school_agreement, url, hieu_truong_a, hieu_truong_b, pdf, as_user):
    as_user(hieu_truong_a).post(url, {"kind": "plan", "file": pdf("ke-hoach.pdf")})
    first = school_agreement.documents.get()
    client = as_user(hieu_truong_b)
    form = client.get(f"{url}?thay={first.pk}")
    assert form.context["form"].initial == {"kind": "plan", "replaces": first.pk}
    page = client.post(url, {"kind": "plan", "replaces": first.pk, "file": pdf("ke-hoach-sua.pdf")}, follow=True)
    assert by_name(school_agreement) == {
        "ke-hoach.pdf": ("plan", 1, None),
        "ke-hoach-sua.pdf": ("plan", 2, "ke-hoach.pdf"),
    }
    shown = content(page)
    assert shown.index("ke-hoach-sua.pdf") < shown.index("1 bản trước") < shown.index(first.get_absolute_url())
    assert b"".join(client.get(first.get_absolute_url())).startswith(b"%PDF-")  # not lost
    # The old one has its successor: it can not be replaced a second time.
    answer = client.post(url, {"kind": "plan", "replaces": first.pk, "file": pdf("ban-ba.pdf")})
    assert answer.status_code == 422
    assert "đã có bản mới hơn" in content(answer)


def test_a_second_signed_scan_becomes_the_next_version(draft, hieu_truong_a, pdf, as_user):
    """Also when the first came with the act of signing."""
    client = as_user(hieu_truong_a)
    act(client, draft, "sign_outside", **SIGNING, scan=pdf("ban-ky.pdf"))
    url = reverse("agreement_document", args=[draft.pk])
    client.post(url, {"kind": "signed", "file": pdf("ban-ky-ro-hon.pdf")})
    client.post(url, {"kind": "signed", "file": pdf("ban-ky-mau.pdf")})
    assert by_name(draft) == {
        "ban-ky.pdf": ("signed", 1, None),
        "ban-ky-ro-hon.pdf": ("signed", 2, "ban-ky.pdf"),
        "ban-ky-mau.pdf": ("signed", 3, "ban-ky-ro-hon.pdf"),
    }
    (newest,) = draft.documents.with_earlier()
    assert [newest.name, *(p.name for p in newest.earlier)] == ["ban-ky-mau.pdf", "ban-ky-ro-hon.pdf", "ban-ky.pdf"]


def test_several_photos_at_once(school_agreement, url, hieu_truong_a, as_user):
    photos = [SimpleUploadedFile(f"le-ky-{n}.png", picture("PNG")) for n in range(3)]
    page = as_user(hieu_truong_a).post(url, {"kind": "photo", "file": photos}, follow=True)
    assert [paper.kind for paper in school_agreement.documents.all()] == ["photo"] * 3
    assert content(page).count("ảnh lễ ký") == len(photos)


@pytest.mark.parametrize(
    ("kind", "files", "message"),
    [
        ("photo", ["x.pdf"], "không phải là ảnh"),
        ("signed", ["x.docx"], "Bản ký phải là PDF hoặc ảnh chụp"),
        ("signed", ["x.pdf", "y.pdf"], "Mỗi bản mới là một tệp"),
        ("plan", ["x.exe"], "không thuộc loại nhận được"),
        ("plan", [], "Hãy chọn ít nhất một tệp"),
        ("poem", ["x.pdf"], "poem"),
    ],
)
def test_what_is_refused(school_agreement, url, hieu_truong_a, pdf, as_user, kind, files, message):
    contents = {"docx": office("word/document.xml"), "pdf": b"%PDF-1.7", "exe": b"MZ"}
    uploads = [pdf(name, contents[name.partition(".")[2]]) for name in files]
    answer = as_user(hieu_truong_a).post(url, {"kind": kind, "file": uploads})
    assert answer.status_code == 422
    assert message in content(answer)
    assert not school_agreement.documents.exists()


def test_what_only_claims_to_be_a_pdf_is_refused(school_agreement, url, hieu_truong_a, pdf, as_user):
    answer = as_user(hieu_truong_a).post(url, {"kind": "minutes", "file": pdf("bien-ban.pdf", b"<html>")})
    assert answer.status_code == 422
    assert not school_agreement.documents.exists()


def test_a_version_is_of_the_same_kind_and_the_same_agreement(
    school_agreement, district_agreement, url, hieu_truong_a, so, pdf, as_user
):
    client = as_user(hieu_truong_a)
    client.post(url, {"kind": "plan", "file": pdf("ke-hoach.pdf")})
    plan = school_agreement.documents.get()
    answer = client.post(url, {"kind": "minutes", "replaces": plan.pk, "file": pdf("bien-ban.pdf")})
    assert "Bản mới phải cùng loại với bản cũ" in content(answer)
    several = {"kind": "plan", "replaces": plan.pk, "file": [pdf("a.pdf"), pdf("b.pdf")]}
    assert "Mỗi bản mới là một tệp" in content(client.post(url, several))
    other = AgreementDocument.objects.create(
        agreement=district_agreement, kind="plan", name="khac.pdf", content_type="x", size=1, uploaded_by=so
    )
    assert client.post(url, {"kind": "plan", "replaces": other.pk, "file": pdf("c.pdf")}).status_code == 422
    assert school_agreement.documents.count() == 1


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("hieu_truong_a", True),
        ("hieu_truong_b", True),
        ("can_bo", True),
        ("phong_thanh_tri", True),
        ("quan_tri", True),
        ("so", False),
        ("lanh_dao", False),
        ("chi_xem", False),
        ("nguoi_la", False),
        ("nguoi_tinh_khac", False),
    ],
)
@pytest.mark.parametrize("status", ["draft", "signed", "expired"])
def test_parties_add_papers_before_and_after_signing(school_agreement, url, request, pdf, as_user, who, may, status):
    Agreement.objects.filter(pk=school_agreement.pk).update(status=status)
    client = as_user(request.getfixturevalue(who))
    assert client.get(url).status_code == (200 if may else 404)
    client.post(url, {"kind": "minutes", "file": pdf("bien-ban.pdf")})
    assert school_agreement.documents.exists() == may
