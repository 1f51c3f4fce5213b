"""Named teachers as people write them: one a line, the role after a dash, comma or semicolon."""

import re

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.models import Participation
from twinning.models import Teacher
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
# A hyphen only beside a space: H-Hen Niê is one name.
SEPARATOR = re.compile(r"\s*[;,:(\t–—]\s*|\s+-\s*|-\s+")
NUMBERING = re.compile(r"^\s*(?:\d{1,3}(?:\s*[.):/-]\s*|\s+)|[-–—•*+]\s+)")
NOT_IN_NAMES = re.compile(r"[\d_@#%&*+=/\\|<>()\[\]{}\"?!]")
LONGEST_NAME = Teacher._meta.get_field("full_name").max_length


class RosterField(forms.CharField):
    """Text of one teacher a line → list of (full name, role). Every line that is not understood is named at once."""

    def __init__(self, **kwargs):
        kwargs = {
            "label": _("Giáo viên có tên"),
            "required": False,
            "widget": forms.Textarea(
                attrs={
                    "rows": 3,
                    "placeholder": _("Nguyễn Văn Mẫu – dạy minh hoạ"),
                    "data-roster": reverse_lazy("own_teachers"),
                    "data-roster-label": _("Chọn từ danh sách của trường"),
                }
            ),
            "help_text": _(
                "Mỗi dòng một người: họ tên – vai trò (chủ trì, báo cáo viên, dạy minh hoạ, tham dự). "
                "Dán được từ Excel hoặc Zalo."
            ),
            **kwargs,
        }
        super().__init__(**kwargs)

    def clean(self, value):
        named, errors, seen = [], [], {}
        for number, line in enumerate(super().clean(value).splitlines(), start=1):
            line = NUMBERING.sub("", line)
            if not line.strip():
                continue
            name, *rest = SEPARATOR.split(line, maxsplit=1)
            name, role_text = normalise(name), normalise("".join(rest).strip("); "))
            key, role = fold(name), ROLE_WORDS.get(fold(role_text))
            about = {"n": number, "name": name or normalise(line), "role": role_text, "first": seen.get(key)}
            if len(name.split()) < 2 or NOT_IN_NAMES.search(name) or key in ROLE_WORDS:
                errors.append(
                    _t("Dòng %(n)d: “%(name)s” chưa phải họ và tên đầy đủ. Hãy ghi cả họ và tên, không kèm số.") % about
                )
            elif len(name) > LONGEST_NAME:
                errors.append(_t("Dòng %(n)d: tên quá dài. Hãy ghi mỗi người một dòng.") % about)
            elif role is None:
                errors.append(
                    _t(
                        "Dòng %(n)d: không rõ vai trò “%(role)s”. "
                        "Hãy ghi chủ trì, báo cáo viên, dạy minh hoạ hoặc tham dự."
                    )
                    % about
                )
            elif key in seen:
                errors.append(_t("Dòng %(n)d: “%(name)s” đã ghi ở dòng %(first)d. Hãy bỏ một dòng.") % about)
            else:
                seen[key] = number
                named.append((name, role))
        if errors:
            raise forms.ValidationError(errors)
        return named


def as_lines(participations):
    """The text that RosterField would read back into these participations."""
    return "\n".join(f"{part.teacher.full_name} – {part.get_role_display()}" for part in participations)
