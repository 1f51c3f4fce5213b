"""PDFs of a season as a ZIP file that is made while it is sent: one file in memory at a time, never the whole."""

import io
import zipfile

from django.utils import timezone
from django.utils.translation import gettext as _

from twinning.vietnamese import fold

CHUNK = 256 * 1024  # bytes read at a time


class _Sink(io.RawIOBase):
    """Takes what zipfile writes and hands it on; it cannot be rewound, so zipfile never tries to."""

    def __init__(self):
        self.pieces = []

    def writable(self):
        return True

    def write(self, data):
        self.pieces.append(bytes(data))
        return len(data)

    def drain(self):
        data = b"".join(self.pieces)
        self.pieces.clear()
        return data


def folder_of(item):
    """ASCII folder of an item (models/batch_item.py): "thanh-tri", "so"."""
    return fold(item.district.name).replace(" ", "-") if item.district else "so"


def zipped(batch, items, is_whole):
    """(file name, pieces of bytes) of the ZIP of `items` (a queryset of those with a file); (_, None) without any.
    Names are ASCII, the Department first, each office before its schools; `is_whole`: a folder a unit. A file that is
    gone from the disk stands in THIEU.txt instead of ending the download."""
    found = list(items.for_list().select_related("file").defer("file__content", "report__frozen"))
    if not found:
        return "", None
    stem = fold(batch.period.title).replace(" ", "-")
    folders = sorted({folder_of(item) for item in found})
    name = f"{stem}.zip" if is_whole else f"{stem}-{folders[0]}.zip"
    return name, _pieces(found, is_whole)


def _pieces(items, is_whole):
    sink, missing = _Sink(), []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for item in items:
            file = item.file
            path = f"{folder_of(item)}/{file.name}" if is_whole else file.name
            entry = zipfile.ZipInfo(path, timezone.localtime(file.finished_at).timetuple()[:6])
            entry.external_attr = 0o644 << 16
            try:
                source = file.file.open("rb")
            except OSError:
                missing.append(path)
                continue
            with source, archive.open(entry, "w") as target:
                while data := source.read(CHUNK):
                    target.write(data)
                    yield sink.drain()
        if missing:
            lines = [_("Các tệp sau không còn trên máy chủ; hãy mở báo cáo và tạo lại:"), *missing]
            archive.writestr("THIEU.txt", "\r\n".join(lines))
    yield sink.drain()
