"""One kind of activity of a programme."""

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models import ActivityKind
from twinning.forms.base import PortalForm


class KindForm(PortalForm, forms.ModelForm):
    class Meta:
        model = ActivityKind
        fields = ["name", "group", "is_active"]
        labels = {"is_active": _("Đang dùng: chọn được khi ghi hoạt động mới")}
        help_texts = {
            "name": _("Viết như trong báo cáo, ví dụ “Tiết dạy minh hoạ”."),
            "group": _("Báo cáo và biểu đồ cộng hoạt động theo nhóm."),
            "is_active": _("Bỏ chọn để ngừng dùng. Hoạt động đã ghi vẫn giữ loại này."),
        }

    def __init__(self, *args, programme=None, **kwargs):
        super().__init__(*args, **kwargs)
        if programme is not None:
            self.instance.programme = programme
            self.instance.position = programme.activity_kinds.count() + 1
            del self.fields["is_active"]
