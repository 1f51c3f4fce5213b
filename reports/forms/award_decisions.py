"""A decision on awards, and how its certificates are printed."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.awards.decision import gives_numbers
from reports.models import (
    CertificateFile,
)
from twinning.forms.base import PortalForm


class DecisionForm(PortalForm, forms.Form):
    number = forms.CharField(label=_("Số, ký hiệu"), max_length=60, required=False)
    decided_on = forms.DateField(label=_("Ngày quyết định"))
    issuer = forms.CharField(label=_("Cấp quyết định"), max_length=150)
    signer_title = forms.CharField(
        label=_("Chức vụ người ký"), max_length=120, help_text=_("Ví dụ: KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC")
    )
    signer_name = forms.CharField(label=_("Họ tên người ký"), max_length=120)

    def __init__(self, *args, offer, **kwargs):
        super().__init__(*args, **kwargs)
        gives = gives_numbers(offer)
        self.fields["number"].required = not gives
        self.fields["number"].help_text = (
            _("Bỏ trống: cổng cấp số tiếp theo của Sở.") if gives else _("Số của quyết định do cấp trên ban hành.")
        )
        self.initial |= {
            "decided_on": timezone.localdate(),
            "issuer": offer.issuer,
            "signer_title": "GIÁM ĐỐC" if gives else "CHỦ TỊCH",
        }


class CertificateForm(PortalForm, forms.ModelForm):
    class Meta:
        model = CertificateFile
        fields = ["decision", "layout", "paper", "shift_right", "shift_down"]

    def __init__(self, *args, decisions, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["decision"]
        field.queryset, field.empty_label = decisions, None
        field.label_from_instance = lambda decision: (
            _t("%(form)s, quyết định %(number)s")
            % {
                "form": decision.offer,
                "number": decision.number,
            }
        )
        for name in ("shift_right", "shift_down"):
            self.fields[name].help_text = _("Số âm để dời ngược lại. In thử một tờ rồi chỉnh.")
