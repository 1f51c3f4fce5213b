"""Photos and minutes of an activity."""

from django import forms
from django.utils.translation import gettext_lazy as _

from twinning.forms.base import ManyUploadsField, PortalForm


class DocumentsForm(PortalForm, forms.Form):
    files = ManyUploadsField(
        label=_("Tệp"),
        help_text=_("Ảnh, PDF, Word hoặc Excel; mỗi tệp tối đa 20 MB."),
        error_messages={"required": _("Hãy chọn ít nhất một tệp.")},
    )
