"""What to carry into the next phase: from which programme into which, for what time, which agreements."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import renewal, vietnamese
from twinning.carried import RULES, Carried
from twinning.forms.base import PortalForm
from twinning.models import Agreement, District, Programme, School


def pairs_of_programmes(user):
    """[(programme, [later programmes])] among which `user` may choose, the newest first."""
    programmes = list(Programme.objects.visible_to(user).order_by("-starts_on", "pk"))
    found = []
    for programme in programmes:
        later = [
            p
            for p in reversed(programmes)
            if p.department_id == programme.department_id
            and p.starts_on > programme.starts_on
            and p.ends_on > programme.ends_on
        ]
        if later:
            found.append((programme, later))
    return found


class PeriodForm(PortalForm, forms.Form):
    """`into` and the two days: within the programme and in order."""

    into = forms.ModelChoiceField(Programme.objects.none(), label=_("Phong trào mới"), empty_label=None)
    kem = forms.MultipleChoiceField(
        label=_("Chép kèm sang bản mới"),
        required=False,
        choices=[(what.value, capfirst(what.label)) for what in Carried],
        widget=forms.CheckboxSelectMultiple,
        help_text=RULES,
    )
    starts_on = forms.DateField(label=_("Thực hiện từ ngày"))
    ends_on = forms.DateField(label=_("Đến hết ngày"))

    def clean(self):
        cleaned = super().clean()
        into, first, last = (cleaned.get(name) for name in ("into", "starts_on", "ends_on"))
        if into:
            for name in ("starts_on", "ends_on"):
                if cleaned.get(name) and not into.covers(cleaned[name]):
                    self.add_error(
                        name,
                        _t("Ngày phải nằm trong thời gian của phong trào mới: từ %(from)s đến %(to)s.")
                        % {"from": _day(into.starts_on), "to": _day(into.ends_on)},
                    )
        if first and last and last < first:
            self.add_error("ends_on", _t("Ngày kết thúc phải bằng hoặc sau ngày bắt đầu."))
        return cleaned


class RenewalForm(PeriodForm):
    """In the URL of the page, so that the list can be opened again and sent to others."""

    renewed = forms.ModelChoiceField(Programme.objects.none(), label=_("Phong trào cũ"), empty_label=None)
    cap = forms.ChoiceField(label=_("Cấp"), required=False, choices=[("", _("Mọi cấp")), *Agreement.Tier.choices])
    don_vi = forms.ModelChoiceField(
        District.objects.none(), label=_("Đơn vị"), required=False, empty_label=_("Mọi đơn vị")
    )
    cap_hoc = forms.ChoiceField(
        label=_("Cấp học"), required=False, choices=[("", _("Mọi cấp học")), *School.Level.choices]
    )
    tinh_trang = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[
            ("", _("đã ký và hết hạn")),
            *((status.value, status.label) for status in renewal.RENEWABLE),
        ],
    )
    ke_thua = forms.BooleanField(
        label=_("Dùng đơn vị kế thừa (trường đã sáp nhập, phòng chỉ có một đơn vị kế thừa)"), required=False
    )

    field_order = [
        "renewed",
        "into",
        "starts_on",
        "ends_on",
        "cap",
        "don_vi",
        "cap_hoc",
        "tinh_trang",
        "ke_thua",
        "kem",
    ]

    def __init__(self, data, *, pairs, user):
        # Opened afresh, or only the programme chosen: the rest is filled in.
        data = data.copy()
        renewed, into = self._chosen(data, pairs)
        if str(data.get("into")) != str(into.pk):
            data["into"] = into.pk
        data["renewed"] = renewed.pk
        for name in ("starts_on", "ends_on"):
            if not data.get(name) or data.get("was") not in (None, str(into.pk)):
                data[name] = _day(getattr(into, name))
        data["was"] = into.pk
        super().__init__(data, user=user)
        self.fields["renewed"].queryset = Programme.objects.filter(pk__in=[old.pk for old, _later in pairs])
        later = next(later for old, later in pairs if old.pk == renewed.pk)
        self.fields["into"].queryset = Programme.objects.filter(pk__in=[new.pk for new in later])
        for name in ("renewed", "into"):
            self.fields[name].label_from_instance = lambda p: f"{p.phase} – {p.name}"
        self.fields["don_vi"].queryset = District.objects.visible_to(user).in_force_first()
        self.fields["don_vi"].label_from_instance = lambda unit: unit.dated_name

    @staticmethod
    def _chosen(data, pairs):
        renewed, later = next((pair for pair in pairs if str(pair[0].pk) == data.get("renewed")), pairs[0])
        return renewed, next((new for new in later if str(new.pk) == data.get("into")), later[0])

    def agreements(self):
        """The old agreements the filters leave."""
        chosen = self.cleaned_data
        found = renewal.renewable_agreements(self.user, chosen["renewed"])
        if chosen["cap"]:
            found = found.filter(tier=chosen["cap"])
        if chosen["don_vi"]:
            found = renewal.of_unit(found, chosen["don_vi"])
        if chosen["cap_hoc"]:
            level = chosen["cap_hoc"]
            found = found.filter(Q(supporting_school__level=level) | Q(supported_school__level=level))
        if chosen["tinh_trang"]:
            found = found.filter(status=chosen["tinh_trang"])
        return found

    def plan(self, agreements):
        chosen = self.cleaned_data
        return renewal.plan(
            agreements,
            chosen["into"],
            chosen["starts_on"],
            chosen["ends_on"],
            self.user,
            chosen["ke_thua"],
            chosen["kem"],
        )


class RenewOneForm(PeriodForm):
    """The next phase of one agreement; the plan is made while the form is checked, so that its reasons stand in it."""

    ke_thua = forms.BooleanField(label=_("Dùng đơn vị kế thừa"), required=False)

    field_order = ["into", "starts_on", "ends_on", "ke_thua", "kem"]

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        if agreement.tier != Agreement.Tier.DISTRICT:
            self.fields["kem"].choices = [
                (value, label) for value, label in self.fields["kem"].choices if value != Carried.PILOTS
            ]
        later = renewal.later_programmes(agreement.programme)
        self.fields["into"].queryset = later
        self.fields["into"].label_from_instance = lambda p: f"{p.phase} – {p.name}"
        nearest = later.first()
        after = agreement.last_day + timedelta(days=1)
        self.initial |= {"into": nearest, "starts_on": nearest.clamp(after), "ends_on": nearest.ends_on}

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            this = Agreement.objects.filter(pk=self.agreement.pk)
            days = cleaned["starts_on"], cleaned["ends_on"]
            self.plan = renewal.plan(this, cleaned["into"], *days, self.user, cleaned["ke_thua"], cleaned["kem"])
            if reasons := self.plan.lines[0].reasons:
                raise forms.ValidationError(reasons)
        return cleaned


def _day(day):
    return vietnamese.day(day)
