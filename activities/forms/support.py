"""Recording help: who gives what to whom, worth how much."""

from operator import attrgetter

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.models import Support
from activities.models.support import MOST_VND
from twinning import access
from twinning.forms.base import PortalForm, SchoolPicker, SeenMixin
from twinning.forms.numbers import MoneyField, WholeNumberField
from twinning.models import Agreement, District, Programme, School


class SupportForm(PortalForm, SeenMixin):
    """The giver is the person's own unit; the receiver is a school, or a district office when no school is chosen."""

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
            self.instance.giver_school = seat.school
            self.instance.giver_district = seat.school.district if seat.school_id else seat.district
        self.fields["kind"].choices = Support.Kind.choices  # chips need no empty choice
        schools = School.objects.visible_to(self.user).choosable(self.instance.receiver_school_id)
        self.fields["receiver_school"].queryset = schools.select_related("district")
        self.fields["receiver_district"].queryset = District.objects.visible_to(self.user).in_force_first()
        self.fields["receiver_district"].label_from_instance = attrgetter("dated_name")
        self.fields["receiver_district"].required = False
        self.fields["receiver_district"].empty_label = _("Chọn khi bên nhận là Phòng GD&ĐT")
        self.fields["receiver_district"].label_from_instance = lambda district: district.dated_name
        agreements = Agreement.objects.visible_to(self.user).signed().filter(programme=self.programme).for_list()
        self.fields["agreement"].queryset = agreements
        self.fields["agreement"].empty_label = _("Không theo giao ước nào")
        if not self.instance.pk:
            self.initial |= {
                "pledged_on": self.programme.clamp(timezone.localdate()),
                "source": Support.Source.OWN,
                "kind": Support.Kind.IN_KIND,
            }

    def clean(self):
        cleaned = super().clean()
        school, district = cleaned.get("receiver_school"), cleaned.get("receiver_district")
        # Until it is delivered a gift stands under the units of the day it was pledged on.
        day = cleaned.get("pledged_on") or timezone.localdate()
        if self.instance.giver_school:
            self.instance.giver_district = self.instance.giver_school.managed_on(day)
        if school:
            cleaned["receiver_district"] = school.managed_on(day)
        elif not district and not {"receiver_school", "receiver_district"} & self.errors.keys():
            self.add_error("receiver_school", _t("Hãy chọn trường nhận, hoặc Phòng GD&ĐT nhận."))
        return cleaned
