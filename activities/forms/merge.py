"""Which recorded event an activity that stands there twice is merged into."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.merging import candidates
from activities.models import Activity
from twinning.forms.base import PortalForm


class MergeForm(PortalForm, forms.Form):
    into = forms.ModelChoiceField(
        label=_("Gộp vào"),
        queryset=Activity.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Hãy chọn hoạt động giữ lại.")},
    )

    def __init__(self, *args, activity, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["into"]
        field.queryset = candidates(activity).visible_to(self.user)
        field.label_from_instance = self.described
        if not field.queryset.exists():
            field.help_text = _t("Không có hoạt động nào của cặp này trong vòng 31 ngày trước và sau để gộp vào.")

    @staticmethod
    def described(activity):
        day = activity.held_on
        return _t("%(title)s (%(day)s, %(n)d lượt giáo viên)") % {
            "title": activity.title,
            "day": f"{day.day}/{day.month}/{day.year}",
            "n": activity.teacher_turns,
        }
