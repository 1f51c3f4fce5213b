"""The digital signature of an issued PDF, with a key made here, and what is never signed."""

import io
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from reports.models import ReportFile
from reports.papers import signing
from reports.papers.pdf import build_pdf
from reports.tests.papers import issued_content

PASSWORD = "khoa-thu"


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """A self-signed key of an office as PKCS#12: (its path, the path of its certificate)."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sở Giáo dục và Đào tạo thử")])
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only"), False
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, decipher_only=False, **usage), critical=True
        )
        .sign(private, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("khoa")
    packed = pkcs12.serialize_key_and_certificates(
        b"so", private, certificate, None, BestAvailableEncryption(PASSWORD.encode())
    )
    (folder / "so.p12").write_bytes(packed)
    (folder / "so.crt").write_bytes(certificate.public_bytes(Encoding.DER))
    return folder / "so.p12", folder / "so.crt"


@pytest.fixture
def signs(settings, key):
    settings.SIGNING_KEY, settings.SIGNING_KEY_PASSWORD = str(key[0]), PASSWORD
    return key


def status_of(data, certificate):
    reader = PdfFileReader(io.BytesIO(data))
    (signature,) = reader.embedded_signatures
    trust = ValidationContext(trust_roots=[load_cert_from_pemder(str(certificate))])
    return signature, validate_pdf_signature(signature, trust)


def test_an_issued_pdf_is_signed_over_all_of_it(signs):
    data = build_pdf(issued_content(annexes=[]), lambda *_step: None)[0]
    signed = signing.signed(data, "Ban hành báo cáo số 05/BC-PGDĐT", "Thanh Trì")
    assert signed.startswith(data), "added at the end: what was there is untouched"
    signature, status = status_of(signed, signs[1])
    assert status.bottom_line, status.pretty_print_details()
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached", "PAdES"
    assert signature.sig_object["/Reason"] == "Ban hành báo cáo số 05/BC-PGDĐT"
    assert status.coverage.name == "ENTIRE_FILE"
    with pikepdf.open(io.BytesIO(signed)) as document, document.open_metadata() as metadata:
        assert metadata.pdfa_status == "2U"
    place = signed.index(b"stream") + 20
    broken = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    assert not status_of(broken, signs[1])[1].intact


@pytest.mark.parametrize("wrong", [{"SIGNING_KEY": "/khong/co.p12"}, {"SIGNING_KEY_PASSWORD": "sai"}])
def test_a_key_that_cannot_be_used_says_so(signs, settings, wrong, caplog):
    for name, value in wrong.items():
        setattr(settings, name, value)
    with pytest.raises(signing.KeyUnusable, match="Không mở được khoá ký số"):
        signing.signed(b"%PDF-1.7", "", "")


def test_only_what_is_issued_is_signed_and_only_with_a_key(period, world, hieu_truong_a, press, settings, monkeypatch):
    seen = []
    monkeypatch.setattr(signing, "signed", lambda data, reason, place: seen.append((reason, place)) or b"signed")
    file, _created = ReportFile.objects.request(period.reports.get(school=world.school_a), hieu_truong_a)
    file.take()
    file.work()
    assert seen == [], "a draft is nobody's word"
    content = {**file.content, "is_draft": False, "number": 5, "issued_on": "2024-06-05"}
    ReportFile.objects.update(state="queued", content=content)
    file.refresh_from_db()
    file.take()
    file.work()
    assert seen == [("Ban hành Báo cáo số 05/BC-THCSTTO", "Thanh Trì")]
    file.refresh_from_db()
    with file.file.open() as kept:
        assert kept.read() == b"signed"
    monkeypatch.undo()
    settings.SIGNING_KEY = ""
    assert signing.signed(b"%PDF", "", "") == b"%PDF", "off by default"
