"""Who stands beside the lead unit on each side of an agreement: further units that take part, further signatories."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.forms.base import RowPicker
from twinning.forms.sides import RowForm, SidesForm, difference
from twinning.models import Agreement, AgreementMember, District, School, Signatory
from twinning.vietnamese import same_key

Side = Agreement.Side
MEMBERS, SIGNATORIES = "members", "signatories"
KINDS = {MEMBERS: _("đơn vị cùng tham gia"), SIGNATORIES: _("người cùng ký")}


class MemberRow(RowForm):
    telling = ("unit",)

    unit = forms.TypedChoiceField(
        label=_("Đơn vị"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Không thấy đơn vị này. Hãy chọn lại trong danh sách.")},
    )

    def __init__(self, *args, choices, picker, **kwargs):
        super().__init__(*args, **kwargs)
        if picker:
            self.fields["unit"].widget = RowPicker(picker)
        self.fields["unit"].choices = [("", _("Chọn đơn vị…")), *choices]


class SignatoryRow(RowForm):
    telling = ("organisation", "full_name", "position")
    needed = {
        "organisation": _("Hãy ghi tổ chức người này ký thay, ví dụ Công đoàn Trường THCS Đại Yên."),
        "full_name": _("Hãy ghi họ và tên."),
        "position": _("Hãy ghi chức vụ."),
    }

    organisation = forms.CharField(label=_("Tổ chức"), max_length=150, required=False)
    full_name = forms.CharField(label=_("Họ và tên"), max_length=120, required=False)
    position = forms.CharField(label=_("Chức vụ"), max_length=120, required=False)


class PartiesForm(SidesForm):
    """Members where the programme allows several units a side. They are part of what is agreed, so the registering side
    writes them, only fields sent back may be open, and the other side confirms again."""

    most = 40

    def __init__(self, *args, agreement, **kwargs):
        self.of_schools = agreement.tier in Agreement.Tier.of_schools()
        self.members = list(agreement.members.select_related("school", "district"))
        self.taken = set()
        self.units = self._units(agreement, kwargs.get("user"), kwargs.get("data"))
        super().__init__(*args, agreement=agreement, **kwargs)

    def _units(self, agreement, user, data):
        """{id: School or District} to choose from: every district, of schools those stored or typed."""
        if not self.of_schools:
            return {district.pk: district for district in District.objects.visible_to(user).in_force_first()}
        typed = (data[name] for name in data or () if name.startswith(MEMBERS) and name.endswith("-unit"))
        ids = {member.school_id for member in self.members} | {int(pk) for pk in typed if str(pk).isdecimal()}
        schools = School.objects.visible_to(user).filter(pk__in=ids).with_past().select_related("district")
        return {school.pk: school for school in schools}

    def keys(self):
        registers = access.records_agreement(self.user, self.agreement)
        own = access.sides_of(self.user, self.agreement)
        members = [(MEMBERS, side) for side in Side] if registers and self._members_are_open() else []
        return members + [(SIGNATORIES, side) for side in Side if registers or side in own]

    def _members_are_open(self):
        reopened = self.agreement.reopened_fields()
        return self.agreement.programme.has_members and (reopened is None or MEMBERS in reopened)

    def prefix_of(self, key):
        return f"{key[0]}-{key[1].value}"

    def class_of(self, key):
        return MemberRow if key[0] == MEMBERS else SignatoryRow

    def row_kwargs(self, key):
        if key[0] == SIGNATORIES:
            return {}
        named = "full_name" if self.of_schools else "dated_name"
        choices = [(pk, getattr(unit, named)) for pk, unit in self.units.items()]
        return {"choices": choices, "picker": "school_options" if self.of_schools else ""}

    def title(self, key):
        return f"{self.agreement.party_name(key[1])}: {KINDS[key[0]]}"

    def note(self, key):
        if key[0] == MEMBERS and self.agreement.status == Agreement.Status.CONFIRMED:
            return _t("Bên kia đã xác nhận. Thêm hoặc bỏ đơn vị là thay đổi cam kết: bên kia sẽ được báo xác nhận lại.")
        if key[0] == SIGNATORIES:
            return _t("Ngoài người đại diện: công đoàn của trường, đơn vị cùng tham gia…")
        return ""

    def stored(self, key):
        kind, side = key
        if kind == SIGNATORIES:
            people = self.agreement.further_signatories.filter(side=side)
            return list(people.values("organisation", "full_name", "position"))
        return [{"unit": self._unit_id(member)} for member in self.members if member.side == side]

    def _unit_id(self, member):
        return member.school_id if self.of_schools else member.district_id

    def is_open(self):
        return self.agreement.is_open_to_edit()

    def clean(self):
        cleaned = super().clean()
        if not self.agreement.programme.has_members and any(name.startswith(f"{MEMBERS}-") for name in self.data):
            raise forms.ValidationError(_t("Trong phong trào này mỗi bên chỉ có một đơn vị."))
        return cleaned

    def check(self, key, rows):
        if key[0] == SIGNATORIES:
            self._check_signatories(rows)
        else:
            self._check_members(key[1], rows)

    def _check_signatories(self, rows):
        seen = set()
        for row in rows:
            person = tuple(same_key(row.cleaned_data[name]) for name in SignatoryRow.telling)
            if person in seen:
                row.add_error("full_name", _t("Người này đã ghi ở dòng trên."))
            seen.add(person)

    def _check_members(self, side, rows):
        agreement = self.agreement
        unit = "school" if self.of_schools else "district"
        leads = {getattr(agreement, f"{one}_{unit}_id") for one in Side}
        old = {row["unit"] for row in self.before[MEMBERS, side]}
        taken = self.taken  # by rows above, of the other side too
        for row in rows:
            pk = row.cleaned_data["unit"]
            fault = ""
            if pk in leads:
                fault = _t("%s là đơn vị chủ trì một bên của giao ước này.")
            elif pk in taken:
                fault = _t("%s đã có trong giao ước này.")
            elif pk not in old:
                fault = self._unfit(self.units[pk])
            if fault:
                row.add_error("unit", fault % self.units[pk] if "%s" in fault else fault)
            taken.add(pk)

    def _unfit(self, unit):
        """Why a school or district cannot join, as a sentence; empty when it can."""
        programme = self.agreement.programme
        if unit.department_id != programme.department_id:
            return _t("%s không thuộc Sở của phong trào này.")
        if not self.of_schools:
            return unit.absence(self.agreement.starts_on)
        if programme.school_levels and unit.level not in programme.school_levels:
            text = _t("%(school)s thuộc cấp %(level)s, cấp học này không kết nghĩa trong phong trào.")
            return text % {"school": unit, "level": unit.get_level_display()}
        return "" if unit.is_operating else _t("%s không còn hoạt động.")

    def save(self):
        # Before any joins: a unit may change sides.
        for (kind, side), rows in self.lists.items():
            if kind == MEMBERS:
                kept = {row.cleaned_data["unit"] for row in rows.kept}
                gone = [m.pk for m in self.members if m.side == side and self._unit_id(m) not in kept]
                self.agreement.members.filter(pk__in=gone).delete()
        return super().save()

    def store(self, key, rows):
        kind, side = key
        return self._store_members(side, rows) if kind == MEMBERS else self._store_signatories(key, rows)

    def _store_members(self, side, rows):
        old = {row["unit"] for row in self.before[MEMBERS, side]}
        new = {row.cleaned_data["unit"] for row in rows}
        if old == new:
            return ""
        day = min(self.agreement.starts_on, timezone.localdate())
        for pk in sorted(new - old):
            unit = self.units[pk]
            school, district = (unit, unit.managed_on(day)) if self.of_schools else (None, unit)
            AgreementMember.objects.create(agreement=self.agreement, side=side, school=school, district=district)
        return difference(*([str(self.units[pk]) for pk in sorted(pks) if pk in self.units] for pks in (old, new)))

    def _store_signatories(self, key, rows):
        new = [{name: row.cleaned_data[name] for name in SignatoryRow.telling} for row in rows]
        if new == self.before[key]:
            return ""
        people, side = self.agreement.further_signatories, key[1]
        people.filter(side=side).delete()
        Signatory.objects.bulk_create(Signatory(agreement=self.agreement, side=side, **person) for person in new)
        return difference(*([_in_words(person) for person in people] for people in (self.before[key], new)))


def _in_words(person):
    return f"{person['full_name']} ({person['organisation']})"
