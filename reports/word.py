"""Fills Word templates with the data of official papers. The only module that knows docxtpl.

The template is a Word file of ours with real styles, so that the text can be worked on in Word; the command
make_word_template makes it.
"""

import io

from django.conf import settings
from docxtpl import DocxTemplate

from reports.letters import printable
from reports.official import joined

TEMPLATES = settings.BASE_DIR / "templates/reports/word"
AGREEMENT, MINUTES = TEMPLATES / "agreement.docx", TEMPLATES / "minutes.docx"


def build_agreement(content: dict) -> bytes:
    """The Word twin of `pdf.build_agreement(content)`, as bytes of a .docx. Raises FontMissing."""
    return _filled(AGREEMENT, content)


def build_minutes(content: dict) -> bytes:
    """The Word twin of `pdf.build_minutes(content)`. Raises FontMissing."""
    return _filled(MINUTES, content)


def _filled(path, content):
    template = DocxTemplate(path)
    template.render(_joined(printable(content)), autoescape=True)
    properties = template.docx.core_properties
    properties.title, properties.author = content["name"], content["issuer_name"]
    target = io.BytesIO()
    template.save(target)
    return target.getvalue()


def _joined(value):
    if isinstance(value, str):
        return joined(value)
    if isinstance(value, dict):
        return {key: _joined(item) for key, item in value.items()}
    return [_joined(item) for item in value] if isinstance(value, list) else value
