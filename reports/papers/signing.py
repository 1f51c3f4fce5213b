"""The digital signature of issued PDFs (PAdES) with the key of the office; off unless the server has a key.

The only module that knows pyHanko. No picture of a hand or of a seal is drawn: those belong to whoever signs by law.
"""

import io

from django.conf import settings
from django.utils.translation import gettext as _


class KeyUnusable(Exception):
    """The key is set and cannot be used; str() says what to look at."""

    def __str__(self):
        return _(
            "Không mở được khoá ký số. Hãy kiểm tra tệp SIGNING_KEY (PKCS#12) và mật khẩu SIGNING_KEY_PASSWORD trên "
            "máy chủ, hoặc bỏ SIGNING_KEY để tạo PDF không ký."
        )


def is_on() -> bool:
    return bool(settings.SIGNING_KEY)


def signed(data: bytes, reason: str, place: str) -> bytes:
    """`data` (a PDF) with a signature over all of it added at its end; unchanged while there is no key. Raises
    KeyUnusable."""
    if not is_on():
        return data
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # slow to import, and seldom on
    from pyhanko.sign import fields, signers

    signer = _signer(signers)
    metadata = signers.PdfSignatureMetadata(
        field_name="Chu_ky_so",
        reason=reason,
        location=place,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    target = io.BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)), metadata, signer=signer, output=target)
    return target.getvalue()


def _signer(signers):
    try:
        signer = signers.SimpleSigner.load_pkcs12(
            settings.SIGNING_KEY, passphrase=settings.SIGNING_KEY_PASSWORD.encode()
        )
    except (OSError, ValueError) as error:
        raise KeyUnusable from error
    if signer is None:  # pyHanko logs what was wrong and gives nothing
        raise KeyUnusable
    return signer
