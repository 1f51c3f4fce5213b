"""Named teachers as people write them: one a line, the role after a dash, comma or semicolon."""

import re

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.models import Participation
from twinning.vietnamese import fold, normalise

Role = Participation.PartRole
ROLE_WORDS = {
    "": Role.ATTENDEE,
    "tham du": Role.ATTENDEE,
    "du": Role.ATTENDEE,
    "du gio": Role.ATTENDEE,
    "chu tri": Role.CHAIR,
    "chu toa": Role.CHAIR,
    "bao cao vien": Role.SPEAKER,
    "bao cao": Role.SPEAKER,
    "day minh hoa": Role.DEMONSTRATOR,
    "minh hoa": Role.DEMONSTRATOR,
    "day": Role.DEMONSTRATOR,
}
SEPARATOR = re.compile(r"\s*[;,\t]\s*|\s+[-–—:]\s+")
NUMBERING = re.compile(r"^\s*\d{1,3}\s*[.)/-]\s*")


class RosterField(forms.CharField):
    """Text of one teacher a line → list of (full name, role). Every line that is not understood is named at once."""

    def __init__(self, **kwargs):
        kwargs = {
            "label": _("Giáo viên có tên"),
            "required": False,
            "widget": forms.Textarea(attrs={"rows": 3, "placeholder": _("Nguyễn Văn Mẫu – dạy minh hoạ")}),
            "help_text": _("Mỗi dòng một người: họ tên – vai trò (chủ trì, báo cáo viên, dạy minh hoạ, tham dự)."),
            **kwargs,
        }
        super().__init__(**kwargs)

    def clean(self, value):
        named, errors, seen = [], [], {}
        for number, line in enumerate(super().clean(value).splitlines(), start=1):
            line = normalise(NUMBERING.sub("", line))
            if not line:
                continue
            name, *rest = SEPARATOR.split(line, maxsplit=1)
            role = ROLE_WORDS.get(fold(rest[0]) if rest else "")
            if role is None:
                errors.append(_t("Dòng %(n)d: không rõ vai trò “%(role)s”.") % {"n": number, "role": rest[0]})
            elif len(name.split()) < 2 or re.search(r"\d", name):
                errors.append(_t("Dòng %(n)d: “%(name)s” chưa phải họ và tên đầy đủ.") % {"n": number, "name": name})
            elif fold(name) in seen:
                errors.append(
                    _t("Dòng %(n)d: “%(name)s” đã ghi ở dòng %(first)d.")
                    % {"n": number, "name": name, "first": seen[fold(name)]}
                )
            else:
                seen[fold(name)] = number
                named.append((name, role))
        if errors:
            raise forms.ValidationError(errors)
        return named


def as_lines(participations):
    """The text that RosterField would read back into these participations."""
    return "\n".join(f"{part.teacher.full_name} – {part.get_role_display()}" for part in participations)
