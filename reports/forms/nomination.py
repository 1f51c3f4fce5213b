"""A nomination: the unit itself or one of its people, and what was achieved."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.models import (
    Award,
    Nomination,
)
from twinning import access
from twinning.forms.base import PortalForm, SchoolPicker, SeenMixin
from twinning.models import District, School
from twinning.vietnamese import same_key


class NominationForm(PortalForm, SeenMixin):
    """The unit itself or one of its people; the Department says first which unit. What is typed is the unit's word; the
    figures beside it come from the rows."""

    of_school = forms.ModelChoiceField(
        label=_("Trường"),
        queryset=School.objects.none(),
        required=False,
        widget=SchoolPicker,
        help_text=_("Trường được đề nghị, hoặc trường của người được đề nghị."),
    )
    of_office = forms.ModelChoiceField(
        label=_("Hoặc Phòng, xã, phường"),
        queryset=District.objects.none(),
        required=False,
        empty_label=_("Chọn khi đề nghị đơn vị quản lý hoặc người của đơn vị ấy"),
    )

    class Meta:
        model = Nomination
        fields = ["offer", "kind", "full_name", "position", "citation", "achievement"]
        widgets = {"kind": forms.RadioSelect, "achievement": forms.Textarea(attrs={"rows": 10})}
        help_texts = {
            "full_name": _("Chỉ khi đề nghị cá nhân: cán bộ, giáo viên, nhân viên. Không ghi tên học sinh."),
            "achievement": _("Việc đã làm, kết quả, số liệu; có thể lấy các số bên cạnh."),
        }

    def __init__(self, *args, award_round=None, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.instance.round = award_round
            self._set_unit()
            self.initial.setdefault("kind", Award.Kind.COLLECTIVE)
        for name in ("full_name", "position"):
            self.needs(name, f"kind={Award.Kind.INDIVIDUAL}", _("Bắt buộc khi đề nghị cá nhân."))
        self.needs("of_school", "!of_office", _("Bắt buộc, trừ khi chọn Phòng, xã, phường."))
        self.fields["kind"].choices = Award.Kind.choices  # chips need no empty choice
        offers = self.instance.round.offers.all()
        self.fields["offer"].queryset = offers
        self.fields["offer"].empty_label = None
        if len(offers) == 1:
            self.initial.setdefault("offer", offers[0].pk)
        self.fields["achievement"].widget.attrs["rows"] = 10
        if self.instance.pk or not self.instance.is_by_department:
            del self.fields["of_school"], self.fields["of_office"]

    def _set_unit(self):
        seat = access.seat(self.user)
        if access.nominates(self.user):
            self.instance.school = seat.school
            self.instance.district = seat.school.district if seat.school_id else seat.district
        else:
            self.instance.is_by_department = True
            own = {"department": self.instance.round.department}
            self.fields["of_school"].queryset = School.objects.operating().filter(**own)
            in_force = District.objects.valid_on(timezone.localdate()).filter(**own)
            self.fields["of_office"].queryset = in_force.in_force_first()
            asked = self.initial.get("of_school"), self.initial.get("of_office")
            school, office = (
                field.queryset.filter(pk=pk).first() if str(pk).isdecimal() else None
                for field, pk in zip((self.fields["of_school"], self.fields["of_office"]), asked, strict=True)
            )
            self._put(school, office)  # so that the page can show their figures

    @property
    def chooses_unit(self):
        return "of_school" in self.fields

    def _get_validation_exclusions(self):
        # Who it is of is not typed; the rule "one nomination once" needs it.
        rules = {"school", "district", "name_key", "status"} if self.instance.district_id else set()
        return super()._get_validation_exclusions() - rules

    def clean(self):
        cleaned = super().clean()
        if not self.instance.round.is_taking:
            raise forms.ValidationError(
                _t("Đợt này không còn nhận đề nghị. Những gì vừa gõ vẫn còn dưới đây để thầy/cô chép lại.")
            )
        if self.chooses_unit:
            self._take_unit(cleaned.get("of_school"), cleaned.get("of_office"))
        if cleaned.get("kind") == Award.Kind.INDIVIDUAL:
            for name, missing in (
                ("full_name", _t("Hãy ghi họ và tên người được đề nghị.")),
                ("position", _t("Hãy ghi chức vụ, ví dụ: Giáo viên Toán.")),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, missing)
        else:
            cleaned["full_name"] = cleaned["position"] = ""
        # Before the rule "one nomination once" is asked, which reads it.
        self.instance.name_key = same_key(cleaned["full_name"]) if cleaned.get("full_name") else ""
        return cleaned

    def _take_unit(self, school, office):
        if bool(school) == bool(office) and not {"of_school", "of_office"} & set(self.errors):
            text = (
                _t("Chỉ chọn một: trường, hoặc Phòng, xã, phường.") if school else _t("Hãy chọn đơn vị được đề nghị.")
            )
            self.add_error("of_school", text)
        self._put(school, office)

    def _put(self, school, office):
        self.instance.school = school
        self.instance.district = school.district if school else office
