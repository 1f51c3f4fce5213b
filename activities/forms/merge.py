"""Which recorded event an activity, and which gift a gift, that stands there twice is merged into."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.merging import candidates
from activities.merging_support import candidates as gifts_like
from activities.models import Activity, Support
from twinning.forms.base import PortalForm
from twinning.vietnamese import number


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


class SupportMergeForm(PortalForm, forms.Form):
    into = forms.ModelChoiceField(
        label=_("Gộp vào"),
        queryset=Support.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Hãy chọn khoản giữ lại.")},
    )

    def __init__(self, *args, support, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["into"]
        field.queryset = gifts_like(support).visible_to(self.user)
        field.label_from_instance = self.described
        if not field.queryset.exists():
            field.help_text = _t(
                "Không có khoản nào của hai bên này trong vòng 31 ngày trước và sau, đã tới cùng bước, để gộp vào."
            )

    @staticmethod
    def described(support):
        return _t("%(title)s (%(day)s, %(value)s đồng, %(status)s)") % {
            "title": support.title,
            "day": f"{support.day.day}/{support.day.month}/{support.day.year}",
            "value": number(support.value_vnd),
            "status": support.get_status_display(),
        }
