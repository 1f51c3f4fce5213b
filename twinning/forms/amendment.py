"""Drafting an amendment with the boxes of the agreement form, and settling what another amendment changed meanwhile."""

import hashlib
import json
from datetime import date

from django import forms
from django.core import signing
from django.db.models import Model
from django.forms import fields_for_model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import agreement_text
from twinning.agreement_text import PROSE, SIDES
from twinning.differences import Wording
from twinning.forms.base import PortalForm, SchoolPicker, SeenMixin
from twinning.models import Agreement, Amendment, District, School
from twinning.vietnamese import normalise

BOXES = ("direction", "ends_on", "content_areas", *PROSE)
MOST_NEW_MEMBERS = 3
SALT = "twinning.amendment.base"


class UnitField(forms.ModelChoiceField):
    def label_from_instance(self, unit):
        return _unit_label(unit)


class UnitsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, unit):
        return _unit_label(unit)


def _unit_label(unit):
    return unit.full_name if isinstance(unit, School) else unit.dated_name


def _key_and_unit(unit):
    """(key, [district id, school id or 0]) of a school or district."""
    return (unit.pk, [unit.district_id, unit.pk]) if isinstance(unit, School) else (-unit.pk, [unit.pk, 0])


class AmendmentForm(PortalForm, SeenMixin):
    """What the agreement shall say, filled in with what it says now; what was not touched is no change.

    A new amendment carries in `base` what the agreement said when the page was opened, so that a change made by
    another amendment while one types is never taken for one's own."""

    class Meta:
        model = Amendment
        fields = ["reason"]

    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, agreement, side, **kwargs):
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        if self.instance.pk:
            del self.fields["base"]
        else:
            self.instance = Amendment.begin(agreement, side, self._base_seen())
            self.initial["base"] = signing.dumps(self.instance.base, salt=SALT, compress=True)
        boxes = fields_for_model(
            Agreement,
            BOXES,
            widgets={"direction": forms.RadioSelect, "content_areas": forms.CheckboxSelectMultiple},
        )
        self.fields |= {name: boxes[name] for name in BOXES}
        self.fields["content_areas"].queryset = agreement.programme.content_areas.all()
        for side_name in SIDES:
            self.fields[f"{side_name}_contents"].help_text = _("Mỗi việc một dòng: làm gì, bao nhiêu, khi nào.")
        said = self.instance.said()
        if agreement.programme.has_members or said["members"]:
            self._add_members(said)
        self.initial |= {name: said[name] for name in BOXES} | {"ends_on": date.fromisoformat(said["ends_on"])}
        for name in ("reason", *BOXES):
            self.fields[name].label = capfirst(self.fields[name].label)
        self.fit_boxes()

    def _base_seen(self):
        """What the agreement said when the page was opened; None when it is opened now."""
        sent = self.data.get(self.add_prefix("base"))
        try:
            return signing.loads(sent, salt=SALT) if sent else None
        except signing.BadSignature:
            return None

    def _add_members(self, said):
        """For each side the units that are members now, ticked, and boxes for further ones."""
        of_schools = self.agreement.tier in Agreement.Tier.of_schools()
        department = self.agreement.programme.department_id
        if of_schools:
            free = (
                School.objects.visible_to(self.user)
                .operating()
                .select_related("district")
                .filter(department=department)
            )
            here = School.objects.select_related("district")
        else:
            free = District.objects.visible_to(self.user).valid_on(timezone.localdate()).filter(department=department)
            here = District.objects.all()
        for side in SIDES:
            label = Agreement.Side(side).label
            keys = [school or district for of, district, school in said["members"] if of == side]
            if keys:
                self.fields[f"{side}_members"] = UnitsField(
                    here.filter(pk__in=keys),
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    label=_t("Đơn vị cùng tham gia, %s (bỏ đánh dấu để rút)") % label,
                )
                self.initial[f"{side}_members"] = keys
            for n in range(1, MOST_NEW_MEMBERS + 1):
                self.fields[f"{side}_member_{n}"] = UnitField(
                    free,
                    required=False,
                    widget=SchoolPicker() if of_schools else forms.Select(),
                    label=_t("Thêm đơn vị cùng tham gia, %s") % label if n == 1 else _t("Thêm đơn vị nữa, %s") % label,
                    empty_label=_("Chọn đơn vị…"),
                )

    def member_boxes(self, side):
        """Bound fields of one side."""
        return [self[name] for name in self.fields if name.startswith((f"{side}_members", f"{side}_member_"))]

    @property
    def members(self):
        """[(side in words, its boxes)]; empty when the programme has no member units."""
        return [(Agreement.Side(side).label, boxes) for side in SIDES if (boxes := self.member_boxes(side))]

    @property
    def shows_members(self):
        """Whether there is something to see in the boxes of members."""
        return any(box.errors or box.value() for _side, boxes in self.members for box in boxes)

    def clean(self):
        cleaned = super().clean()
        if self.instance.status in Amendment.Status.open() and self.agreement.status != Agreement.Status.SIGNED:
            raise forms.ValidationError(
                _t("Giao ước đang ở trạng thái “%s” nên không lập, không sửa phụ lục được nữa.")
                % self.agreement.get_status_display()
            )
        if not self.errors:
            self.instance.propose(self._wanted(cleaned))
            if not self.instance.changes:
                raise forms.ValidationError(_t("Chưa thay đổi gì so với giao ước. Hãy sửa mục cần điều chỉnh rồi lưu."))
            for field, fault in self.instance.faults().items():
                self.add_error(field if field in self.fields else None, fault)
        return cleaned

    def _wanted(self, cleaned):
        base = self.instance.base
        said = {name: normalise(cleaned[name]) for name in PROSE}
        said["direction"], said["ends_on"] = cleaned["direction"], cleaned["ends_on"].isoformat()
        said["content_areas"] = sorted(area.pk for area in cleaned["content_areas"])
        if not self.members:
            return said | {"members": base["members"]}
        # The district of a member is kept as it was when it joined.
        before = {school or -district: [district, school] for _side, district, school in base["members"]}
        chosen = [(side, unit) for side in SIDES for unit in self._chosen_units(side, cleaned)]
        keyed = [(side, *_key_and_unit(unit)) for side, unit in chosen]
        return said | {"members": sorted([side, *before.get(key, unit)] for side, key, unit in keyed)}

    def _chosen_units(self, side, cleaned):
        for box in self.member_boxes(side):
            chosen = cleaned.get(box.name)
            yield from [] if chosen is None else ([chosen] if isinstance(chosen, Model) else chosen)

    def save(self, commit=True):
        if self.instance.pk:
            return super().save(commit)
        self.instance.store_new()
        return self.instance


class RebaseForm(PortalForm, forms.Form):
    """For each field that another amendment changed meanwhile: what the agreement shall say now."""

    NOW, MINE, BOTH, OWN = "now", "mine", "both", "own"

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, **kwargs)
        self.amendment = instance
        self.now = agreement_text.amendable(instance.agreement)
        self.conflicts = instance.conflicts(self.now)
        self.initial["seen"] = _digest(self.now)
        for name in self.conflicts:
            choices = [(self.NOW, _t("Giữ như giao ước hiện nay")), (self.MINE, _t("Theo phụ lục này"))]
            if name in ("content_areas", "members"):
                choices.append((self.BOTH, _t("Gộp cả hai thay đổi")))
            if name in PROSE:
                choices.append((self.OWN, _t("Viết lại")))
                self.fields[f"own_{name}"] = forms.CharField(
                    label=_t("Viết lại “%s”") % Agreement.label_of(name),
                    required=False,
                    widget=forms.Textarea,
                    initial=instance.changes[name],
                )
            self.fields[f"pick_{name}"] = forms.ChoiceField(
                label=_t("Giao ước sẽ ghi “%s” thế nào?") % Agreement.label_of(name),
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Hãy chọn một cách ghi.")},
            )
        self.fit_boxes()

    def rows(self):
        """For each conflict: what it was, what it is now, what this amendment says, and the boxes."""
        amendment = self.amendment
        wording = Wording(amendment.base, self.now, amendment.changes)
        for name in self.conflicts:
            yield {
                "label": Agreement.label_of(name),
                "base": wording.text(name, amendment.base[name]),
                "now": wording.difference(name, amendment.base[name], self.now[name]),
                "mine": wording.difference(name, amendment.base[name], amendment.changes[name]),
                "pick": self[f"pick_{name}"],
                "own": self[f"own_{name}"] if f"own_{name}" in self.fields else None,
                "when": f"{self.add_prefix(f'pick_{name}')}={self.OWN}",
            }

    def kept(self):
        """[Difference] of the changes of this amendment that stay as they are."""
        kept = {name: value for name, value in self.amendment.changes.items() if name not in self.conflicts}
        return Wording(self.now, kept).differences(self.now, kept)

    def news(self):
        """[Difference] of what else the agreement says otherwise than when the amendment was begun."""
        others = {name: self.now[name] for name in self.amendment.moved_on(self.now) if name not in self.conflicts}
        return Wording(self.amendment.base, others).differences(self.amendment.base, others)

    def clean(self):
        cleaned = super().clean()
        if self.data.get(self.add_prefix("seen")) not in (None, _digest(self.now)):
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = _digest(self.now)
            raise forms.ValidationError(_t("Giao ước vừa thay đổi lần nữa. Hãy xem lại nội dung mới rồi chọn lại."))
        return cleaned

    def given(self):
        """Keyword arguments for `perform`."""
        return {"chosen": {name: self._chosen(name) for name in self.conflicts}, "seen": self.now}

    def _chosen(self, name):
        amendment, pick = self.amendment, self.cleaned_data[f"pick_{name}"]
        if pick == self.OWN:
            return normalise(self.cleaned_data[f"own_{name}"])
        if pick == self.BOTH:
            base, now, mine = amendment.base[name], self.now[name], amendment.changes[name]
            gone = [item for item in base if item not in mine]
            return sorted([item for item in now if item not in gone] + [i for i in mine if i not in base + now])
        return amendment.changes[name] if pick == self.MINE else self.now[name]


def _digest(said):
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
