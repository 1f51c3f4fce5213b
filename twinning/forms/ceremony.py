"""A signing ceremony: one day and place, a choice of agreements, who signs each, and their scans."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning.forms.base import PortalForm, UploadField
from twinning.models import Agreement, Ceremony, School

SIDES = ("supporting", "supported")
HEADS = {"school": _("Hiệu trưởng"), "center": _("Giám đốc"), "district": _("Trưởng phòng")}


class CeremonyForm(PortalForm, forms.ModelForm):
    """`scan`: one paper for all; a row's own scan stands before it."""

    class Meta:
        model = Ceremony
        fields = ["name", "held_on", "held_at"]

    scan = UploadField(
        label=_("Bản ký chung (scan)"),
        required=False,
        help_text=_("Một tệp cho mọi giao ước; giao ước nào có bản riêng thì chọn ở dòng của giao ước đó."),
    )

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_t("Lễ ký chưa diễn ra. Hãy ghi sau khi hai bên đã ký."))
        return day


class SigningForm(PortalForm, forms.Form):
    """One agreement of the ceremony."""

    chosen = forms.BooleanField(label=_("Ký tại lễ này"), required=False)
    supporting_signatory = forms.CharField(label=_("Người ký bên hỗ trợ"), max_length=120, required=False)
    supporting_position = forms.CharField(label=_("Chức vụ"), max_length=120, required=False)
    supported_signatory = forms.CharField(label=_("Người ký bên được hỗ trợ"), max_length=120, required=False)
    supported_position = forms.CharField(label=_("Chức vụ"), max_length=120, required=False)
    number = forms.CharField(
        label=_("Số trên bản giấy"), max_length=60, required=False, help_text=_("Bỏ trống: cổng cấp số.")
    )
    scan = UploadField(label=_("Bản ký riêng (scan)"), required=False)

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        for side in SIDES:
            self.needs(f"{side}_signatory", "chosen", _("Bắt buộc khi ký tại lễ này."))
            self.needs(f"{side}_position", "chosen", _("Bắt buộc khi ký tại lễ này."))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("chosen"):
            for side in SIDES:
                for name, missing in (
                    ("signatory", _t("Hãy ghi người ký.")),
                    ("position", _t("Hãy ghi chức vụ người ký.")),
                ):
                    if not cleaned.get(f"{side}_{name}") and f"{side}_{name}" not in self.errors:
                        self.add_error(f"{side}_{name}", missing)
        return cleaned


def signing_forms(agreements, user, data=None, files=None):
    """A SigningForm for each of `agreements`, with the heads of the units as they signed last or signed in."""
    heads = _heads(agreements) if data is None else {}
    return [
        SigningForm(
            data=data,
            files=files,
            user=user,
            agreement=agreement,
            prefix=f"a{agreement.pk}",
            initial={"chosen": True, **_suggested(agreement, heads)},
        )
        for agreement in agreements
    ]


def _suggested(agreement, heads):
    suggested = {}
    for side in SIDES:
        school, district = getattr(agreement, f"{side}_school"), getattr(agreement, f"{side}_district")
        stored = getattr(agreement, f"{side}_signatory"), getattr(agreement, f"{side}_position")
        name, position = heads.get(("school", school.pk) if school else ("district", district.pk), ("", ""))
        kind = "district" if school is None else "center" if school.level == School.Level.CONTINUING else "school"
        suggested[f"{side}_signatory"] = stored[0] or name
        suggested[f"{side}_position"] = stored[1] or position or str(HEADS[kind])
    return suggested


def _heads(agreements):
    """{("school" | "district", id): (name, position)} of who signed last for each unit of `agreements`."""
    heads = {}
    units = {
        kind: {getattr(a, f"{side}_{kind}_id") for a in agreements for side in SIDES} - {None}
        for kind in ("school", "district")
    }
    for side in SIDES:
        for kind, ids in units.items():
            of_kind = {} if kind == "school" else {f"{side}_school": None}
            signed = Agreement.objects.signed().filter(**{f"{side}_{kind}__in": ids}, **of_kind)
            signed = signed.exclude(**{f"{side}_signatory": ""}).order_by("signed_on", "pk")
            rows = signed.values_list("signed_on", f"{side}_{kind}", f"{side}_signatory", f"{side}_position")
            for day, unit, name, position in rows:
                if heads.get((kind, unit), (None,))[0] is None or heads[kind, unit][0] <= day:
                    heads[kind, unit] = (day, name, position)
    return {unit: (name, position) for unit, (_day, name, position) in heads.items()}
