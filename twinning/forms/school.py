"""Entering a school and correcting what is written of it; choosing what befalls one."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access
from twinning.fields import NameField
from twinning.forms.base import PortalForm, SchoolPicker, SeenMixin
from twinning.models import District, School, SchoolChange

MOST_FURTHER = 4
MOST_PARTS = 3
STAYS = ""


class SchoolForm(PortalForm, SeenMixin):
    """A new school of a unit one is over, or a correction: who manages it changes by an act only."""

    class Meta:
        model = School
        fields = ["name", "level", "district", "code", "exam_code", "ownership", "address", "ward", "valid_from"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["district"], self.fields["valid_from"]
            self.fields["name"].help_text = _(
                "Ở đây chỉ sửa lỗi gõ. Trường được đổi tên theo quyết định thì Sở ghi ở “Thay đổi của trường”, "
                "để tên cũ vẫn còn trong sổ sách cũ."
            )
            return
        today = timezone.localdate()
        districts = District.objects.keeping_schools(self.user).valid_on(today)
        self.fields["district"].queryset = districts
        self.fields["district"].empty_label = _("Chọn đơn vị…")
        seat = access.seat(self.user)
        self.initial |= {"district": seat.district_id, "ownership": School.Ownership.PUBLIC}
        self.fields["valid_from"].help_text = _("Ngày thành lập; để trống nếu trường đã có từ lâu.")

    def clean_valid_from(self):
        day = self.cleaned_data["valid_from"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_t("Ngày này chưa tới. Hãy thêm trường khi trường bắt đầu hoạt động."))
        return day

    def _post_clean(self):
        if self.cleaned_data.get("district"):
            # "One code a Department" needs to know which.
            self.instance.department = self.cleaned_data["district"].department
        super()._post_clean()

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - {"department"}


def _name(label, **kwargs):
    return NameField(label, max_length=School._meta.get_field("name").max_length).formfield(
        label=label, required=False, **kwargs
    )


def _code():
    return forms.CharField(label=_("Mã trường"), max_length=School._meta.get_field("code").max_length, required=False)


def _level():
    return forms.ChoiceField(label=_("Cấp học"), choices=School.Level.choices, required=False)


class SchoolChangeForm(PortalForm, forms.ModelForm):
    """What befalls a school. The parts of other kinds of act are hidden on the page and not read."""

    new_name = _name(_("Tên mới"))
    into = forms.ModelChoiceField(
        label=_("Sáp nhập vào trường"),
        queryset=School.objects.none(),
        required=False,
        widget=SchoolPicker,
        help_text=_("Để trống nếu các trường nhập lại thành một trường mới."),
    )
    merged_name = _name(_("Hoặc thành trường mới tên là"))
    merged_code = _code()
    merged_level = _level()
    keeps_people = forms.BooleanField(
        label=_("Hiệu trưởng và cán bộ nhập liệu được dùng tài khoản ở trường mới"), required=False
    )
    continues = forms.BooleanField(
        label=_("Trường này vẫn hoạt động, chỉ tách ra một phần"), required=False, initial=True
    )
    to_district = forms.ModelChoiceField(
        label=_("Đơn vị quản lý mới"), queryset=District.objects.none(), required=False, empty_label=_("Chọn đơn vị…")
    )

    class Meta:
        model = SchoolChange
        fields = ["kind", "on", "number", "note"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args, school, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.school = school
        self.fields["kind"].choices = SchoolChange.Kind.choices  # chips need no empty choice
        here = School.objects.filter(department=school.department_id).select_related("district")
        for n in range(1, MOST_FURTHER + 1):
            self.fields[f"further_{n}"] = forms.ModelChoiceField(
                label=_("Cùng với trường") if n == 1 else _("và trường"),
                queryset=here,
                required=False,
                widget=SchoolPicker,
            )
        for n in range(1, MOST_PARTS + 1):
            self.fields[f"part_{n}_name"] = _name(_("Trường mới %d") % n)
            self.fields[f"part_{n}_code"] = _code()
            self.fields[f"part_{n}_level"] = _level()
            self.initial[f"part_{n}_level"] = school.level
        parts = [(STAYS, _("ở lại")), *((str(n), _("sang trường mới %d") % n) for n in range(1, MOST_PARTS + 1))]
        self.teachers = list(school.teachers.order_by("name_key", "code"))
        for teacher in self.teachers:
            label = f"{teacher} ({teacher.code})" if teacher.code else str(teacher)
            self.fields[f"teacher_{teacher.pk}"] = forms.ChoiceField(label=label, choices=parts, required=False)
        self.fields["into"].queryset = here
        self.needs("new_name", "kind=rename", _("Bắt buộc khi đổi tên."))
        self.needs("into", "kind=merge !merged_name", _("Bắt buộc khi sáp nhập vào trường đã có."))
        self.needs("part_1_name", "kind=split", _("Bắt buộc khi chia, tách."))
        self.needs("part_2_name", "kind=split !continues", _("Bắt buộc khi trường chia hết."))
        self.needs("to_district", "kind=transfer", _("Bắt buộc khi chuyển đơn vị quản lý."))
        self.fields["to_district"].queryset = District.objects.filter(department=school.department_id)
        self.initial |= {"merged_level": school.level, "on": timezone.localdate()}

    # What the page lays out together.

    def further_fields(self):
        return [self[f"further_{n}"] for n in range(1, MOST_FURTHER + 1)]

    def part_fields(self):
        return [[self[f"part_{n}_{what}"] for what in ("name", "code", "level")] for n in range(1, MOST_PARTS + 1)]

    def teacher_fields(self):
        return [self[f"teacher_{teacher.pk}"] for teacher in self.teachers]

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        change, kind = self.instance, cleaned["kind"]
        change.kind, change.on = kind, cleaned["on"]
        change.plan = getattr(self, f"_{kind}_plan")(cleaned)
        if not self.errors:
            change.plan["summary"] = change.word_summary()
            for fault in change.faults():
                self.add_error(None, fault)
        return cleaned

    def _rename_plan(self, cleaned):
        name = cleaned["new_name"]
        if not name:
            self.add_error("new_name", _t("Hãy ghi tên mới."))
        return {"name": name}

    def _merge_plan(self, cleaned):
        further = [cleaned[f"further_{n}"] for n in range(1, MOST_FURTHER + 1) if cleaned[f"further_{n}"]]
        plan = {
            "further": list(dict.fromkeys(school.pk for school in further if school != self.instance.school)),
            "into": cleaned["into"] and cleaned["into"].pk,
            "founded": [],
            "keeps_people": cleaned["keeps_people"],
        }
        if cleaned["into"] and cleaned["merged_name"]:
            self.add_error("merged_name", _t("Chỉ chọn một: trường đã có, hoặc trường mới."))
        elif cleaned["merged_name"]:
            plan["founded"] = [self._part("merged", cleaned)]
        elif not cleaned["into"]:
            self.add_error("into", _t("Hãy chọn trường nhận sáp nhập, hoặc ghi tên trường mới."))
        return plan

    def _split_plan(self, cleaned):
        named = [n for n in range(1, MOST_PARTS + 1) if cleaned[f"part_{n}_name"]]
        if not named:
            self.add_error("part_1_name", _t("Hãy ghi tên ít nhất một trường mới."))
        elif not cleaned["continues"] and len(named) < 2:
            self.add_error("part_2_name", _t("Trường chia hết thì cần ít nhất hai trường mới."))
        teachers = {}
        for teacher in self.teachers:
            field = f"teacher_{teacher.pk}"
            if where := cleaned[field]:
                if int(where) in named:
                    teachers[str(teacher.pk)] = named.index(int(where))
                else:
                    self.add_error(field, _t("Trường mới %s chưa có tên.") % where)
        founded = [self._part(f"part_{n}", cleaned) for n in named]
        return {"founded": founded, "teachers": teachers, "continues": cleaned["continues"]}

    def _part(self, prefix, cleaned):
        return {
            "name": cleaned[f"{prefix}_name"],
            "code": cleaned[f"{prefix}_code"].strip(),
            "level": cleaned[f"{prefix}_level"] or self.instance.school.level,
        }

    def _close_plan(self, cleaned):
        return {}

    def _transfer_plan(self, cleaned):
        district = cleaned["to_district"]
        if not district:
            self.add_error("to_district", _t("Hãy chọn đơn vị quản lý mới."))
        return {"district": district and district.pk}
