"""Serves chosen files of npm packages as static files, so that nothing third-party is committed."""

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

# Path under node_modules (a folder's files match by pattern) → the same path under /static/npm/.
FILES = {
    "@tabler/core/dist/css": ["tabler.min.css", "tabler.min.css.map"],
    "@fontsource/be-vietnam-pro/files": [
        f"be-vietnam-pro-{script}-{w}-normal.woff2" for script in ("vietnamese", "latin") for w in (400, 500)
    ],
    "tom-select/dist/js": ["tom-select.base.min.js", "tom-select.base.min.js.map"],
    "tom-select/dist/css": ["tom-select.bootstrap5.min.css", "tom-select.bootstrap5.min.css.map"],
    "vega/build": ["vega.min.js"],
    "vega-lite/build": ["vega-lite.min.js", "vega-lite.min.js.map"],
    "vega-embed/build": ["vega-embed.min.js", "vega-embed.min.js.map"],
}
PREFIX = "npm/"


class NpmFinder(BaseFinder):
    """Finds `npm/<path under node_modules>` for the files named in FILES."""

    storage = FileSystemStorage(settings.NODE_MODULES)
    storage.prefix = PREFIX.rstrip("/")

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        folder, _, name = path.removeprefix(PREFIX).rpartition("/")
        known = path.startswith(PREFIX) and matches_patterns(name, FILES.get(folder, []))
        if not known or not self.storage.exists(f"{folder}/{name}"):
            return []
        full = self.storage.path(f"{folder}/{name}")
        return [full] if find_all else full

    def list(self, ignore_patterns):
        for folder, patterns in FILES.items():
            for name in sorted(self.storage.listdir(folder)[1]):
                if matches_patterns(name, patterns):
                    yield f"{folder}/{name}", self.storage
