"""What is said to a name on the public list of a round of awards."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import (
    NominationComment,
)
from twinning.forms.base import PortalForm


class CommentForm(PortalForm, forms.ModelForm):
    class Meta:
        model = NominationComment
        fields = ["nomination", "body"]

    def __init__(self, *args, nominations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nomination"].queryset = nominations
        self.fields["nomination"].label_from_instance = lambda n: ", ".join(
            filter(None, [n.recipient_line, n.belongs_to, str(n.offer)])
        )
        self.fields["nomination"].empty_label = _("Chọn tập thể, cá nhân…")
