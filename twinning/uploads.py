"""Checks what people upload by its content, never by its name alone."""

import math
import zipfile
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, UnidentifiedImageError

from twinning import photos

IMAGE_TYPES = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".heic": "HEIF", ".heif": "HEIF"}
OFFICE_TYPES = {
    ".docx": ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".pptx": ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
}
IMAGES = tuple(IMAGE_TYPES)
DOCUMENTS = (".pdf", *OFFICE_TYPES, *IMAGES)
MAX_PIXELS = 50_000_000
MAX_UNPACKED = 300 * 1024 * 1024


def check_upload(upload, extensions=DOCUMENTS):
    """Return `upload` with its true media type as `checked_type`, a picture as photos.as_kept makes it; raise
    ValidationError that says what to do."""
    name, extension = PurePath(upload.name).name, PurePath(upload.name).suffix.lower()
    if extension not in extensions:
        allowed = ", ".join(e.lstrip(".") for e in extensions)
        raise ValidationError(_("Tệp “%s” không thuộc loại nhận được. Hãy chọn tệp %s.") % (name, allowed))
    if upload.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024**2
        raise ValidationError(
            _("Tệp “%s” nặng %d MB, quá giới hạn %d MB. Hãy nén hoặc tách nhỏ rồi gửi lại.")
            % (name, -(-upload.size // 1024**2), limit)
        )
    checked_type = _true_type(upload, extension)
    if checked_type is None:
        raise ValidationError(
            _("Nội dung tệp “%s” không phải là tệp %s như tên gọi. Hãy xuất lại đúng định dạng rồi gửi.")
            % (name, extension.lstrip("."))
        )
    upload.seek(0)
    if extension in IMAGE_TYPES:
        upload = photos.as_kept(upload, IMAGE_TYPES[extension])
        checked_type = upload.content_type
    upload.checked_type = checked_type
    return upload


def _true_type(upload, extension):
    upload.seek(0)
    if extension == ".pdf":
        return "application/pdf" if b"%PDF-" in upload.read(1024) else None
    if extension in OFFICE_TYPES:
        member, media_type = OFFICE_TYPES[extension]
        return media_type if _is_office_file(upload, member) else None
    return _image_type(upload, IMAGE_TYPES[extension])


def _is_office_file(upload, member):
    try:
        with zipfile.ZipFile(upload) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
            return member in archive.namelist() and unpacked <= MAX_UNPACKED
    except (zipfile.BadZipFile, NotImplementedError, ValueError):  # the last two: damaged in its directory
        return False


def _image_type(upload, image_format):
    try:
        with Image.open(upload, formats=[image_format]) as image:
            points = image.width * image.height
            image.verify()
        if points <= MAX_PIXELS:
            with Image.open(upload, formats=[image_format]) as image:
                ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once loaded, has it otherwise
                image.load()  # to the last line: a picture cut short is found here
    except Image.DecompressionBombError:
        points = math.inf
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return None
    if points > MAX_PIXELS:
        raise ValidationError(
            _("Ảnh “%s” quá lớn (trên %d triệu điểm ảnh). Hãy thu nhỏ ảnh rồi gửi lại.")
            % (PurePath(upload.name).name, MAX_PIXELS // 10**6)
        )
    return Image.MIME[image_format]
