"""Registering a pairing: who helps whom, on what, from when to when; and what the other side answers."""

from operator import attrgetter

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.forms.base import PortalForm, SchoolPicker, SeenMixin
from twinning.forms.returning import ReturnForm
from twinning.models import Agreement, District, Programme, School, Subject
from twinning.models.agreement_life import SIGNATORIES

SIDES = ("supporting", "supported")
Tier = Agreement.Tier


class AgreementForm(PortalForm, SeenMixin):
    """Districts choose two districts or two schools; a school chooses two schools, one of them itself. Of a returned
    agreement with comments only the fields commented on can be changed."""

    class Meta:
        model = Agreement
        fields = [
            "programme",
            "tier",
            "kind",
            "subject",
            "supporting_district",
            "supported_district",
            "supporting_school",
            "supported_school",
            "direction",
            "starts_on",
            "ends_on",
            "content_areas",
            "objectives",
            "supporting_contents",
            "supported_contents",
        ]
        widgets = {
            "tier": forms.RadioSelect,
            "kind": forms.RadioSelect,
            "direction": forms.RadioSelect,
            "content_areas": forms.CheckboxSelectMultiple,
            "supporting_school": SchoolPicker,
            "supported_school": SchoolPicker,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        seat = access.seat(self.user)
        programmes = Programme.objects.visible_to(self.user)
        self.fields["programme"].queryset = programmes
        # Phases of one movement bear one name.
        self.fields["programme"].label_from_instance = lambda programme: f"{programme.phase} – {programme.name}"
        self.in_programme = self.instance.programme if self.instance.pk else self._chosen(programmes)
        if self.instance.pk or programmes.count() == 1:
            del self.fields["programme"]
            self.instance.programme = self.in_programme
        districts = District.objects.visible_to(self.user).in_force_first()
        named = self.instance.supporting_school_id, self.instance.supported_school_id
        schools = School.objects.visible_to(self.user).choosable(*named).select_related("district")
        for side in SIDES:
            # Filled from the schools at the school tier, so the browser must not insist.
            self.fields[f"{side}_district"].required = False
            self.fields[f"{side}_district"].queryset = districts
            self.fields[f"{side}_district"].label_from_instance = attrgetter("dated_name")
            self.fields[f"{side}_district"].empty_label = _("Chọn đơn vị…")
            self.fields[f"{side}_school"].queryset = schools
            self.fields[f"{side}_contents"].help_text = _("Mỗi việc một dòng: làm gì, bao nhiêu, khi nào.")
            self.needs(
                f"{side}_school", f"tier={'|'.join(Tier.of_schools())}", _("Bắt buộc với giao ước của hai trường.")
            )
            self.needs(f"{side}_district", f"tier={Tier.DISTRICT}", _("Bắt buộc với giao ước Phòng – Phòng."))
        self.needs("subject", f"tier={Tier.SUBJECT}", _("Bắt buộc với giao ước bộ môn."))
        self.fields["subject"].queryset = Subject.objects.all()
        self.fields["subject"].empty_label = _("Chọn bộ môn…")
        self.fields["kind"].required = False
        self.fields["content_areas"].queryset = self.in_programme.content_areas.all()
        tiers = Agreement.tiers_open_to(self.user, self.in_programme)
        self.fields["tier"].choices = [(tier.value, tier.label) for tier in tiers]
        if not self.instance.pk:
            self._suggest(seat, tiers)
        self._close_all_but(self.instance.reopened_fields() if self.instance.pk else None)

    def _chosen(self, programmes):
        """The programme picked in the form, else the one in use."""
        picked = self.data.get(self.add_prefix("programme"), "")
        picked = picked.isdecimal() and programmes.filter(pk=picked).first()
        return picked or Programme.objects.current_for(self.user)

    def _suggest(self, seat, tiers):
        programme = self.in_programme
        asked = self.initial  # a pair that was suggested
        self.initial = {
            "programme": programme.pk,
            "tier": next(iter(tiers), None),
            "kind": Agreement.Kind.PLEDGE,
            "direction": Agreement.Direction.MUTUAL,
            "starts_on": programme.clamp(programme.starts_on),
            "ends_on": programme.ends_on,
        } | asked
        if asked.get("supporting_school"):
            return
        if seat and seat.district_id:
            helps = self._usually_helps(seat.district)
            self.initial["supporting_district" if helps else "supported_district"] = seat.district_id
        elif seat and seat.school_id:
            helps = self._usually_helps(seat.school.district)
            self.initial["supporting_school" if helps else "supported_school"] = seat.school_id

    def _usually_helps(self, district):
        """Whether units of `district` stand on the helping side: as its agreement in the programme says, else those of
        the inner city."""
        signed = Agreement.objects.signed().filter(programme=self.in_programme, tier=Tier.DISTRICT)
        if signed.filter(supporting_district=district).exists():
            return True
        return district.zone == District.Zone.INNER and not signed.filter(supported_district=district).exists()

    def _close_all_but(self, reopened):
        self.comments = list(self.instance.comments.open()) if reopened else []
        for name, field in self.fields.items():
            if reopened is not None and name not in reopened and name != "seen":
                field.disabled = True
        for comment in self.comments:
            if comment.field in self.fields:
                self.fields[comment.field].help_text = _t("Bên kia đề nghị: %s") % comment.text

    def clean_kind(self):
        return self.cleaned_data["kind"] or self.instance.kind

    def clean(self):
        cleaned = super().clean()
        tier = cleaned.get("tier")
        of_schools = tier in Tier.of_schools()
        if tier != Tier.SUBJECT:
            cleaned["subject"] = None
        elif not cleaned.get("subject") and "subject" not in self.errors:
            self.add_error("subject", _t("Hãy chọn bộ môn hai bên kết nghĩa."))
        today = timezone.localdate()
        day = min(cleaned.get("starts_on") or today, today)
        for side in SIDES:
            school, district = cleaned.get(f"{side}_school"), cleaned.get(f"{side}_district")
            if of_schools:
                if not school and f"{side}_school" not in self.errors:
                    self.add_error(f"{side}_school", _t("Hãy chọn trường."))
                cleaned[f"{side}_district"] = school.managed_on(day) if school else None
            else:
                cleaned[f"{side}_school"] = None
                if not district and f"{side}_district" not in self.errors:
                    self.add_error(f"{side}_district", _t("Hãy chọn đơn vị."))
        if not self.errors:
            self._check_departments(cleaned)
            self._take_side(cleaned)
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:  # at its box, before the database says so above the form
            self.add_error("ends_on", _t("Ngày kết thúc phải bằng hoặc sau ngày bắt đầu."))
        return cleaned

    def _check_departments(self, cleaned):
        """An administrator sees the units of every Department."""
        if {cleaned[f"{side}_district"].department_id for side in SIDES} != {self.in_programme.department_id}:
            raise forms.ValidationError(_t("Hai bên phải thuộc Sở của phong trào này. Hãy chọn lại đơn vị."))

    def _take_side(self, cleaned):
        """The registering side is the one the person speaks for, also after the parties were changed."""
        parties = {name: value for name, value in cleaned.items() if name in PARTIES}
        draft = Agreement(**parties, registered_side=self.instance.registered_side, programme=self.in_programme)
        side = draft.party_of(self.user)
        if side is None and not access.leads_department(self.user, self.in_programme.department_id):
            raise forms.ValidationError(_t("Một trong hai bên phải là đơn vị của thầy/cô."))
        self.instance.registered_side = side or draft.registered_side

    def _post_clean(self):
        """What breaks the rule "one open agreement of a pair" is told with the way to that one."""
        super()._post_clean()
        rule = next(rule for rule in Agreement._meta.constraints if rule.name == "agreement_once_per_pair")
        for error in self.non_field_errors().data:
            if str(error.message) == str(rule.violation_error_message):
                same = Agreement.objects.filter(programme=self.in_programme, pair_key=self.instance.pair_key)
                others = same.filter(status__in=Agreement.Status.open()).exclude(pk=self.instance.pk)
                if other := others.visible_to(self.user).for_list().first():
                    url, name = other.get_absolute_url(), f"{other} ({other.get_status_display()})"
                    error.message = format_html('{} <a href="{}">{}</a>', error.message, url, name)

    def _get_validation_exclusions(self):
        # Not typed, yet part of the rule "one open agreement of a pair", which would be left to the database.
        return super()._get_validation_exclusions() - {"status", "pair_key"} - ({"programme"} - self.fields.keys())


PARTIES = tuple(f"{side}_{unit}" for side in SIDES for unit in ("district", "school"))


class ReturnAgreementForm(ReturnForm):
    explain = _(
        "Ghi ý kiến vào đúng mục cần sửa: bên đăng ký chỉ sửa được những mục có ý kiến. Chỉ ghi ý kiến chung thì mọi "
        "mục được mở lại."
    )
    nothing_said = _("Hãy ghi lý do để bên kia biết cần làm gì: ý kiến chung, hoặc ý kiến về từng mục dưới đây.")

    class Meta:
        model = Agreement
        fields = []

    def parts(self):
        return [(name, Agreement.label_of(name), self.instance.said(name)) for name in self.instance.content_fields()]


class CorrectionForm(PortalForm, forms.ModelForm):
    """What is written of the signing; the commitments change by an amendment only."""

    class Meta:
        model = Agreement
        fields = ["number", "signed_at", *SIGNATORIES]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("signed_at", *SIGNATORIES):
            self.fields[name].required = bool(self.initial.get(name))
            self.fields[name].label = capfirst(self.fields[name].label)
