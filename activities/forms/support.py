"""Recording help: who gives what to whom, worth how much."""

from operator import attrgetter

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.merging_support import likely_same
from activities.models import SponsoredPupil, Support
from activities.models.support import MOST_VND
from twinning import access
from twinning.forms.base import PortalForm, SchoolPicker, SeenMixin
from twinning.forms.numbers import MoneyField, WholeNumberField
from twinning.models import Agreement, AgreementMember, District, Programme, School
from twinning.personal import refuse_long_number, refuse_person


class SupportForm(PortalForm, SeenMixin):
    """The giver is the person's own unit; the receiver is a school, or a district office when no school is chosen.
    `own` and `other` name the sides, `day_field` the box of the day."""

    own, other, day_field = "giver", "receiver", "pledged_on"
    other_missing = _("Hãy chọn trường nhận, hoặc Phòng GD&ĐT nhận.")
    no_school = _("Chọn khi bên nhận là Phòng GD&ĐT")
    # Asked for only when something like it is there already.
    is_different = forms.BooleanField(label=_("Đây là khoản khác, vẫn lưu"), required=False)

    likely_same = ()

    value_vnd = MoneyField(
        label=_("Giá trị (đồng)"), most=MOST_VND, help_text=_("Ví dụ 5.000.000, “500 nghìn”, “3 tỷ 200 triệu”.")
    )

    class Meta:
        model = Support
        fields = [
            "kind",
            "title",
            "receiver_school",
            "receiver_district",
            "agreement",
            "value_vnd",
            "source",
            "donor",
            "quantity",
            "unit",
            "estimate_note",
            "pupil",
            "pupils_helped",
            "pledged_on",
            "note",
        ]
        widgets = {"kind": forms.RadioSelect, "source": forms.RadioSelect, "receiver_school": SchoolPicker}
        field_classes = {"quantity": WholeNumberField, "pupils_helped": WholeNumberField}
        help_texts = {
            "donor": _("Của nguồn xã hội hoá: tên tổ chức, doanh nghiệp. Cá nhân thì ghi “cá nhân”, không ghi tên."),
            "estimate_note": _("Cần với sách, thiết bị, hiện vật. Ví dụ: theo hoá đơn, theo giá bìa."),
            "pupils_helped": _("Chỉ ghi số em; cổng không ghi tên học sinh."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        seat = access.seat(self.user)
        self.programme = self.instance.programme if self.instance.pk else Programme.objects.current_for(self.user)
        self.instance.programme = self.programme
        if not self.instance.pk and seat:
            setattr(self.instance, f"{self.own}_school", seat.school)
            setattr(self.instance, f"{self.own}_district", seat.school.district if seat.school_id else seat.district)
        self.fields["kind"].choices = Support.Kind.choices  # chips need no empty choice
        schools = School.objects.visible_to(self.user)
        schools = schools.choosable(getattr(self.instance, f"{self.other}_school_id"))
        self.fields[f"{self.other}_school"].queryset = schools.select_related("district")
        district = self.fields[f"{self.other}_district"]
        district.queryset = District.objects.visible_to(self.user).in_force_first()
        district.label_from_instance = attrgetter("dated_name")
        district.required = False
        district.empty_label = self.no_school
        agreements = Agreement.objects.visible_to(self.user).signed().filter(programme=self.programme).for_list()
        if not getattr(self.instance, f"{self.own}_school_id"):
            agreements = agreements.filter(Q(pk=self.instance.agreement_id) | of_offices())
        self.fields["agreement"].queryset = agreements
        self.needs("estimate_note", f"kind={'|'.join(Support.Kind.things())}")  # its help text says so
        self.needs(f"{self.other}_school", f"!{self.other}_district", _("Bắt buộc, trừ khi bên kia là Phòng GD&ĐT."))
        self.fields["agreement"].empty_label = _("Không theo giao ước nào")
        self.allow_days(self.day_field, *self.days())
        pupils = SponsoredPupil.objects.visible_to(self.user)
        current = pupils.filter(Q(pk__in=pupils.current().values("pk")) | Q(pk=self.instance.pupil_id))
        self.fields["pupil"].queryset = current.select_related("school")
        self.fields["pupil"].label_from_instance = lambda pupil: f"{pupil.code} – {pupil.school.name}"
        self.fields["pupil"].empty_label = _("Không gắn với một em nào")
        if not self.instance.pk:
            self.initial |= {
                self.day_field: self.programme.clamp(timezone.localdate()),
                "source": Support.Source.OWN,
                "kind": Support.Kind.IN_KIND,
                **self.partner(agreements),
            }

    def days(self):
        """(first, last) of the days that the form takes."""
        return self.instance.days_for("pledged_on")

    def partner(self, agreements):
        """Whom most help goes to or comes from: the other party, where the unit has one agreement of its own tier."""
        school = getattr(self.instance, f"{self.own}_school")
        level, own = ("school", school) if school else ("district", getattr(self.instance, f"{self.own}_district"))
        sides = [f"{side}_{level}" for side in Agreement.Side.values]
        found = list(agreements.filter(Q(**{sides[0]: own}) | Q(**{sides[1]: own}), tier=level)[:2]) if own else []
        if len(found) != 1:
            return {}
        other = next(unit for side in sides if (unit := getattr(found[0], side)) != own)
        return {"agreement": found[0].pk, f"{self.other}_{level}": other.pk}

    def clean(self):
        cleaned = super().clean()
        school, district = cleaned.get(f"{self.other}_school"), cleaned.get(f"{self.other}_district")
        # Until it is delivered a gift stands under the units of the day it was pledged on.
        day = cleaned.get(self.day_field) or timezone.localdate()
        if own := getattr(self.instance, f"{self.own}_school"):
            setattr(self.instance, f"{self.own}_district", own.managed_on(day))
        if school:
            cleaned[f"{self.other}_district"] = school.managed_on(day)
        elif not district and not {f"{self.other}_school", f"{self.other}_district"} & self.errors.keys():
            self.add_error(f"{self.other}_school", self.other_missing)
        if cleaned.get("kind") == Support.Kind.SPONSORSHIP:
            self.refuse_persons(cleaned)
        self.set_days(cleaned)
        if not self.instance.pk and not cleaned.get("is_different") and not self.errors:
            self.look_for_same(cleaned)
        return cleaned

    def refuse_persons(self, cleaned):
        """A gift for one pupil says nothing of who that is."""
        for name in ("title", "note"):
            for refuse in (refuse_person, refuse_long_number):
                try:
                    refuse(cleaned.get(name))
                except forms.ValidationError as error:
                    self.add_error(name, error)

    def set_days(self, cleaned):
        """What the day of this form says of the gift beside its own field."""

    def look_for_same(self, cleaned):
        """Offer what may be the same gift, recorded by the other side, before it is there twice."""
        probe = Support(programme=self.programme, pledged_on=cleaned[self.day_field])
        for name in (f"{self.other}_school", f"{self.other}_district", "title", "value_vnd"):
            setattr(probe, name, cleaned[name])
        for name in (f"{self.own}_school", f"{self.own}_district"):
            setattr(probe, name, getattr(self.instance, name))
        self.likely_same = likely_same(probe)
        if self.likely_same:
            raise forms.ValidationError(
                _t(
                    "Có vẻ khoản này đã được ghi. Nếu đúng, hãy mở khoản đó rồi xác nhận; nếu là khoản khác, đánh dấu "
                    "“Đây là khoản khác” rồi lưu."
                )
            )


def of_offices():
    """Q: the agreements that an office can be a party of; it only watches over those of its schools."""
    members = AgreementMember.objects.filter(school=None)
    return Q(tier=Agreement.Tier.DISTRICT) | Q(pk__in=members.values("agreement"))


class ClaimForm(SupportForm):
    """What the person's own unit received, written down by itself; the giver confirms."""

    own, other, day_field = "receiver", "giver", "received_on"
    other_missing = _("Hãy chọn trường trao, hoặc Phòng GD&ĐT trao.")
    no_school = _("Chọn khi bên trao là Phòng GD&ĐT")

    class Meta(SupportForm.Meta):
        fields = [
            {"receiver_school": "giver_school", "receiver_district": "giver_district", "pledged_on": "received_on"}.get(
                name, name
            )
            for name in SupportForm.Meta.fields
        ]
        widgets = {"kind": forms.RadioSelect, "source": forms.RadioSelect, "giver_school": SchoolPicker}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["received_on"].required = True

    def days(self):
        return self.programme.starts_on, min(self.programme.ends_on, timezone.localdate())

    def set_days(self, cleaned):
        """The receiver knows the day it received, and of no other."""
        self.instance.pledged_on = self.instance.delivered_on = cleaned.get("received_on") or timezone.localdate()
        if not self.instance.pk:
            self.instance.status = Support.Status.CLAIMED

    def _update_errors(self, errors):
        """Messages of the model about the days set here belong to the one day box of this form, unless what was typed
        there is no day: then they are about a day nobody typed."""
        if hasattr(errors, "error_dict"):
            for name in ("pledged_on", "delivered_on"):
                told = errors.error_dict.pop(name, None)
                if told and not self.has_error("received_on"):
                    errors.error_dict["received_on"] = told
        super()._update_errors(errors)
