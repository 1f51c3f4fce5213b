"""Parts of papers that were set before and would come out the same: a paper that is made again sets only what changed.

A part is kept under a hash of all it was set from: its rows, what stands around them, the templates, the stylesheets.
Each machine keeps its own on disk (`CACHES["parts"]`); losing them costs time only.
"""

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.utils.functional import Promise

LOOKS = (
    "templates/reports/pdf",
    "static/pdf",
    "reports/pdf.py",
    "reports/binding.py",
    "reports/official.py",
    "reports/templatetags",
)


def kept_part(said, make):
    """What `make()` gives, from `said` (JSON-like: all that it depends on beside how papers look); made only when it is
    not kept yet."""
    key = hashlib.sha256(json.dumps([looks(), said], default=_plain, ensure_ascii=False).encode()).hexdigest()
    store = caches["parts"]
    found = store.get(key)
    if found is None:
        found = make()
        store.set(key, found)
    return found


@cache
def looks():
    """A hash of what every paper is set with."""
    digest = hashlib.sha256(version("weasyprint").encode())
    for place in LOOKS:
        path = Path(settings.BASE_DIR, place)
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix != ".pyc":
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _plain(value):
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no hash here")
