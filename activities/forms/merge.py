"""Which recorded event an activity, and which gift a gift, that stands there twice is merged into."""

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.merging import candidates as activities_like
from activities.merging_support import candidates as gifts_like
from activities.models import Activity, Support
from twinning import vietnamese
from twinning.forms.base import PortalForm
from twinning.vietnamese import number


class _MergeForm(PortalForm, forms.Form):
    """Subclasses give `none_like`, and `described`: one of the `candidates` in words."""

    into = forms.ModelChoiceField(label=_("Gộp vào"), queryset=None, widget=forms.RadioSelect, empty_label=None)

    none_like = ""

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["into"]
        field.queryset = candidates.visible_to(self.user)
        field.label_from_instance = self.described
        self.offers_nothing = not field.queryset.exists()
        if self.offers_nothing:
            field.help_text = self.none_like


class MergeForm(_MergeForm):
    none_like = _("Không có hoạt động nào của cặp này trong vòng 31 ngày trước và sau để gộp vào.")

    def __init__(self, *args, activity, **kwargs):
        super().__init__(*args, candidates=activities_like(activity), **kwargs)
        self.fields["into"].error_messages["required"] = _("Hãy chọn hoạt động giữ lại.")

    @staticmethod
    def described(activity: Activity):
        day = activity.held_on
        return _("%(title)s (%(day)s, %(n)d lượt giáo viên)") % {
            "title": activity.title,
            "day": vietnamese.day(day),
            "n": activity.teacher_turns,
        }


class SupportMergeForm(_MergeForm):
    none_like = _("Không có khoản nào của hai bên này trong vòng 31 ngày trước và sau, đã tới cùng bước, để gộp vào.")

    def __init__(self, *args, support, **kwargs):
        super().__init__(*args, candidates=gifts_like(support), **kwargs)
        self.fields["into"].error_messages["required"] = _("Hãy chọn khoản giữ lại.")

    @staticmethod
    def described(support: Support):
        return _("%(title)s (%(day)s, %(value)s đồng, %(status)s)") % {
            "title": support.title,
            "day": vietnamese.day(support.day),
            "value": number(support.value_vnd),
            "status": support.get_status_display(),
        }
