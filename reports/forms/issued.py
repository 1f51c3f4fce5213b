"""The issued version of a report that somebody brings back: a Word file, a scan or a photo."""

from django import forms
from django.utils.translation import gettext_lazy as _

from twinning.fields import NameField
from twinning.forms.base import PortalForm, UploadField
from twinning.uploads import IMAGES

ISSUED = (".pdf", ".docx", *IMAGES)


class IssuedPaperForm(PortalForm, forms.Form):
    file = UploadField(
        label=_("Tệp"),
        extensions=ISSUED,
        help_text=_("Bản quét có chữ ký, dấu (PDF hoặc ảnh), hoặc bản Word đã sửa; tối đa 20 MB."),
    )
    note = NameField(max_length=250, blank=True).formfield(
        label=_("Ghi chú"),
        required=False,
        help_text=_("Ví dụ: bản ký, đóng dấu; thay bản trước vì quét thiếu trang 3."),
    )
