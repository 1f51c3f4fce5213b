"""The Word templates kept in templates/ are those that the code makes."""

import io
import zipfile

import pytest

from reports.management.commands.make_word_template import TEMPLATES


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_the_kept_template_is_what_its_command_makes(path):
    TEMPLATES[path]().save(made := io.BytesIO())
    with zipfile.ZipFile(made) as new, zipfile.ZipFile(path) as kept:
        assert new.namelist() == kept.namelist()
        for name in new.namelist():
            assert new.read(name) == kept.read(name), f"{name}: run manage.py make_word_template"
