"""Photos as they are kept: upright, no larger than a page needs, in a form that every browser shows, without what the
camera wrote into them (place, person, device)."""

import io
from pathlib import PurePath

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

register_heif_opener(thumbnails=False)  # what iPhones take

LONGEST_SIDE = 2560  # pixels; an A4 page at 220 dots an inch
QUALITY = 88
KEPT_AS = {"JPEG": ("JPEG", ".jpg"), "HEIF": ("JPEG", ".jpg"), "PNG": ("PNG", ".png"), "WEBP": ("WEBP", ".webp")}


def as_kept(upload, image_format):
    """A new upload with the picture of `upload` (checked to be of `image_format`) and nothing else of it.

    The pixels are written anew, so no EXIF, XMP, comment or thumbnail comes along; a photo lying on its side is turned.
    """
    upload.seek(0)
    with Image.open(upload, formats=[image_format]) as image:
        picture = ImageOps.exif_transpose(image)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        kept_format, extension = KEPT_AS[image_format]
        if kept_format == "JPEG" and picture.mode not in ("RGB", "L"):
            picture = picture.convert("RGB")
        elif picture.mode == "P":
            picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
        bare = Image.new(picture.mode, picture.size)
        bare.paste(picture)
        written = io.BytesIO()
        bare.save(written, kept_format, quality=QUALITY, optimize=kept_format == "JPEG")
    name = PurePath(upload.name)
    kept_name = name.stem + extension if image_format == "HEIF" else name.name
    return SimpleUploadedFile(kept_name, written.getvalue(), Image.MIME[kept_format])
