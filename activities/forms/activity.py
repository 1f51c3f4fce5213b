"""Recording an activity, on one screen: what, when, with whom, how many from each unit."""

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.forms.counts import CountsForm
from activities.merging import likely_same
from activities.models import Activity, ActivityDocument, ActivityKind, ActivitySchool
from activities.models.participation import beyond_staff
from twinning import access, school_year
from twinning.forms.base import DateBox, ManyUploadsField, PortalForm, SchoolPicker, SeenMixin
from twinning.models import Agreement, District, Programme, School, SchoolManagement


class ActivityForm(PortalForm, SeenMixin):
    """The event itself. `day` becomes the planned or the held day, as `state` says."""

    PLANNED, HELD = Activity.Status.PLANNED, Activity.Status.HELD
    HOSTS = [("own", _("Đơn vị tôi")), ("partner", _("Đơn vị bạn"))]

    state = forms.ChoiceField(
        label=_("Hoạt động này"),
        choices=[(HELD, _("Đã tổ chức")), (PLANNED, _("Sắp tổ chức"))],
        widget=forms.RadioSelect,
        initial=HELD,
    )
    day = forms.DateField(label=_("Ngày"), widget=DateBox)
    hosted_by = forms.ChoiceField(
        label=_("Nơi chủ trì"), choices=HOSTS, widget=forms.RadioSelect, initial="own", required=False
    )
    # Asked for only when something like it is there already.
    is_different = forms.BooleanField(label=_("Đây là hoạt động khác, vẫn lưu"), required=False)
    files = ManyUploadsField(
        label=_("Ảnh, biên bản"), required=False, help_text=_("Ảnh, PDF, Word hoặc Excel; mỗi tệp tối đa 20 MB.")
    )

    likely_same = ()

    class Meta:
        model = Activity
        fields = [
            "kind",
            "title",
            "agreement",
            "subject",
            "grade",
            "content_area",
            "starts_at",
            "place",
            "mode",
            "results",
            "next_steps",
        ]
        widgets = {"kind": forms.RadioSelect, "mode": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.seat = access.seat(self.user)
        self.programme = self.instance.programme if self.instance.pk else Programme.objects.current_for(self.user)
        self.fields["kind"].queryset = ActivityKind.objects.offered(self.programme, self.instance.kind_id)
        self.fields["kind"].empty_label = None
        self.fields["agreement"].queryset = self.agreements()
        self.fields["agreement"].label = _("Cùng với")
        self.fields["agreement"].empty_label = _("Hoạt động chung của phong trào")
        self.fields["agreement"].label_from_instance = lambda a: self.partner_text(a)
        self.fields["content_area"].queryset = self.programme.content_areas.all()
        for name in ("subject", "grade", "content_area"):
            self.fields[name].empty_label = _("Không chọn")
        if self.instance.pk:
            del self.fields["state"]
            own = self.seat and self.instance.host == self.seat.unit
            self.initial |= {"day": self.instance.day, "hosted_by": "own" if own else "partner"}
        else:
            self.initial |= {"day": self.programme.clamp(timezone.localdate()), "mode": Activity.Mode.IN_PERSON}
            first = self.fields["agreement"].queryset.first()
            self.initial.setdefault("agreement", first.pk if first and self.own_unit else None)
            self.initial.setdefault("kind", self.last_kind() or self.fields["kind"].queryset.first())
        self.allow_days("day", *self.days())
        if self.own_unit is None:
            del self.fields["hosted_by"]  # for the Department the first unit hosts

    def days(self):
        """(first, last) of the days that the form takes; what was held lies behind us."""
        first, last = self.programme.starts_on, self.programme.ends_on
        if self.instance.pk:
            return (first, min(last, timezone.localdate())) if self.instance.held_on else (first, last)
        if first > timezone.localdate():
            self.fields["state"].choices, self.initial["state"] = self.fields["state"].choices[1:], self.PLANNED
        return first, last

    @property
    def own_unit(self):
        """The school or district the person records for; None for the Department."""
        return None if not self.seat or self.seat.is_everywhere or self.seat.department_id else self.seat.unit

    def last_kind(self):
        """What the unit recorded last is what it records next, more often than not."""
        kinds = self.fields["kind"].queryset
        if self.own_unit is None:
            return None
        unit = "recorded_school" if isinstance(self.own_unit, School) else "recorded_district"
        return (
            kinds.filter(activities__in=Activity.objects.filter(**{unit: self.own_unit}))
            .order_by("-activities__pk")
            .first()
        )

    def agreements(self):
        """Signed ones that the person may see: of an office those of offices first, else those of schools; the newest
        first."""
        signed = Agreement.objects.visible_to(self.user).signed().filter(programme=self.programme).for_list()
        return signed.order_by("tier" if isinstance(self.own_unit, District) else "-tier", "-signed_on", "pk")

    def partner_text(self, agreement):
        """The other party, as the person calls it."""
        side = agreement.party_of(self.user)
        if side is None:
            return f"{agreement.pair} ({agreement.get_tier_display()})"
        other = agreement.Side.SUPPORTED if side == agreement.Side.SUPPORTING else agreement.Side.SUPPORTING
        number = f" · {agreement.number}" if agreement.number else ""
        return f"{agreement.party_name(other)}{number}"

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("day")
        if day:
            held = cleaned.get("state") == self.HELD if "state" in self.fields else self.instance.held_on is not None
            if not self.instance.pk:
                self.instance.status = self.HELD if held else self.PLANNED
            if self.instance.day != day:
                self.instance.school_year = school_year.school_year_of(day)
            setattr(self.instance, "held_on" if held else "planned_on", day)
            if (
                not held
                and not self.instance.pk
                and day < timezone.localdate()
                and self.programme.covers(timezone.localdate())
            ):
                self.add_error("day", _t("Ngày này đã qua. Nếu đã tổ chức, hãy chọn “Đã tổ chức”."))
        self.instance.programme = self.programme
        if not self.instance.pk and not cleaned.get("is_different") and not self.errors:
            self.look_for_same(cleaned)
        if self.instance.pk and "agreement" in self.changed_data and cleaned.get("agreement"):
            self.check_units(cleaned["agreement"])
        if self.instance.pk and day and (absence := self.instance.absent_office(day)):
            self.add_error("day", absence)
        return cleaned

    def look_for_same(self, cleaned):
        """Offer what may be the same event, recorded by the other side, before it is there twice."""
        probe = Activity(
            programme=self.programme,
            agreement=cleaned.get("agreement"),
            title=cleaned["title"],
            held_on=cleaned.get("day"),
        )
        visible = Activity.objects.visible_to(self.user)
        self.likely_same = [other for other in likely_same(probe) if visible.filter(pk=other.pk).exists()]
        if self.likely_same:
            raise forms.ValidationError(
                _t(
                    "Có vẻ hoạt động này đã được ghi. Nếu đúng, hãy mở hoạt động đó rồi xác nhận số người của đơn vị "
                    "mình; nếu là hoạt động khác, đánh dấu “Đây là hoạt động khác” rồi lưu."
                )
            )

    @property
    def warnings(self):
        rows = self.instance.units.select_related("school", "activity") if self.instance.pk else ()
        return [*super().warnings, *beyond_staff(rows)]

    def check_units(self, agreement):
        """An edit changes no units, so those there are must be the ones of the agreement."""
        rows = list(self.instance.units.select_related("school", "district"))
        schools = {row.school_id for row in rows}
        try:
            check_parts(rows, agreement)
        except forms.ValidationError as error:
            self.add_error("agreement", error)
        for side in Agreement.Side.values:
            school = getattr(agreement, f"{side}_school")
            if school and school.pk not in schools and "agreement" not in self.errors:
                text = _t("“%s” chưa có trong hoạt động này. Hãy huỷ hoạt động này rồi ghi lại theo đúng giao ước.")
                self.add_error("agreement", text % school)

    def _update_errors(self, errors):
        """Model messages about either day belong to the one day box of this form."""
        if hasattr(errors, "error_dict"):
            for name in ("held_on", "planned_on"):
                if name in errors.error_dict:
                    errors.error_dict.setdefault("day", []).extend(errors.error_dict.pop(name))
        super()._update_errors(errors)


class UnitForm(CountsForm):
    """One unit taking part: the own one, the partner, or a further school that is picked."""

    unit = forms.CharField(widget=forms.HiddenInput, required=False)
    school = forms.ModelChoiceField(
        label=_("Trường"), queryset=School.objects.none(), required=False, widget=SchoolPicker
    )

    def __init__(self, *args, schools, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools
        people = "teacher_turns|manager_turns|pupil_turns|named"
        self.needs("school", f"{people} !unit", _("Bắt buộc khi dòng này ghi số người."))

    def clean(self):
        cleaned = super().clean()
        typed = any(self.counts.values()) or self.named_teachers
        if typed and self.key is None and not {"unit", "school"} & self.errors.keys():
            self.add_error("school", _t("Hãy chọn trường của dòng này, hoặc xoá số người và tên đã ghi."))
        return cleaned

    def clean_unit(self):
        text = self.cleaned_data["unit"]
        kind, _colon, pk = text.partition(":")
        if text and (kind not in ("school", "district") or not pk.isdecimal()):
            raise forms.ValidationError(_t("Đơn vị không hợp lệ. Hãy tải lại trang."))
        return (kind, int(pk)) if text else None

    @property
    def key(self):
        """("school" | "district", id) of the unit of this row, or None for a row left empty."""
        school = self.cleaned_data.get("school")
        return ("school", school.pk) if school else self.cleaned_data.get("unit")


class BaseUnitFormSet(forms.BaseFormSet):
    """All units of one activity; checks that each has a part in the agreement, and builds their rows."""

    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "missing_management_form": _("Trang gửi lên thiếu phần đơn vị tham gia. Hãy tải lại trang rồi gửi lại."),
        "too_many_forms": _("Mỗi hoạt động ghi tối đa %(num)d đơn vị."),
    }

    def __init__(self, *args, user, programme, **kwargs):
        self.user, self.programme = user, programme
        self.schools = School.objects.visible_to(user).select_related("district")
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index):
        return {"user": self.user, "schools": self.schools, "records_names": self.programme.records_names}

    def rows(self, agreement, own_unit, day):
        """[(ActivitySchool without an activity, form or None)] for the units given, with the partner of `agreement`
        added when it was left out; each school stands under the unit that managed it on `day`. Raises ValidationError
        naming the unit that has no part."""
        keys = {}
        for form in self.forms:
            if not form.has_changed() or form.key is None:
                continue
            if form.key in keys:
                raise forms.ValidationError(_t("Mỗi đơn vị chỉ ghi một lần; có đơn vị đang ghi hai lần."))
            keys[form.key] = form
        for key in self.expected_keys(agreement, own_unit):
            keys.setdefault(key, None)
        if not keys:
            raise forms.ValidationError(_t("Hãy chọn ít nhất một trường tham gia."))
        known = {"school": self.schools, "district": District.objects.visible_to(self.user)}
        for kind, units in known.items():
            known[kind] = units.in_bulk([pk for key_kind, pk in keys if key_kind == kind])
        managers = SchoolManagement.objects.units_on(day, known["school"])
        districts = District.objects.in_bulk(set(managers.values()))
        rows = []
        for (kind, pk), form in keys.items():
            unit = known[kind].get(pk)
            if unit is None:
                raise forms.ValidationError(_t("Có đơn vị không thuộc Sở này. Hãy chọn lại."))
            if kind == "school":
                row = ActivitySchool(school=unit, district=districts.get(managers.get(pk), unit.district))
            elif absence := unit.absence(day):
                if unit == own_unit and not (form and any(form.counts.values())):
                    continue  # a commune may enter what its schools did before it was founded
                raise forms.ValidationError(absence)
            else:
                row = ActivitySchool(district=unit)
            rows.append((row, form))
        if not rows:
            raise forms.ValidationError(_t("Hãy chọn ít nhất một trường tham gia."))
        check_parts([row for row, _form in rows], agreement)
        return rows

    @staticmethod
    def expected_keys(agreement, own_unit):
        """The units that take part whether or not they were typed: the own one and the parties of a school agreement;
        under a district agreement the partner office."""
        keys = []
        if own_unit is not None:
            keys.append(("school" if isinstance(own_unit, School) else "district", own_unit.pk))
        if agreement is not None:
            for side in Agreement.Side.values:
                school_id = getattr(agreement, f"{side}_school_id")
                if school_id:
                    keys.append(("school", school_id))
                elif own_unit is not None and not isinstance(own_unit, School):
                    keys.append(("district", getattr(agreement, f"{side}_district_id")))
        return keys


def check_parts(rows, agreement):
    """Raise ValidationError when the unit of one of `rows` is of neither side of `agreement` (or None)."""
    for row in agreement.strangers(rows) if agreement else ():
        raise forms.ValidationError(
            _t("“%s” không thuộc cặp đơn vị của giao ước này. Hãy chọn giao ước khác hoặc bỏ đơn vị đó.") % row.unit
        )


UnitFormSet = forms.formset_factory(
    UnitForm, formset=BaseUnitFormSet, extra=0, max_num=200, absolute_max=200, validate_max=True
)


@transaction.atomic
def save_activity(form, rows, user):
    """Store a new activity with its rows; the own unit's row is confirmed by recording it. Returns the activity."""
    activity = form.instance
    own = form.own_unit
    activity.recorded_school = own if isinstance(own, School) else None
    activity.recorded_district = own if own is not None and not isinstance(own, School) else None
    set_host(form, [row for row, _form in rows])
    activity = form.save()
    for row, row_form in rows:
        row.activity = activity
        counts = row_form.counts if row_form else dict.fromkeys(Activity.TOTALS, 0)
        named = row_form.named_teachers if row_form else None
        is_own = own is not None and (row.school or row.district) == own
        held = activity.status == Activity.Status.HELD
        row.put(user, counts, named if row.school_id else None, confirmed=is_own and held)
    for upload in form.cleaned_data["files"]:
        ActivityDocument.keep(upload, user, activity=activity)
    activity.record_event("create", user)
    activity.after_rows_change(user)
    if activity.status == Activity.Status.HELD:
        activity.tell_unconfirmed(user)
    return activity


def set_host(form, rows):
    """Give the activity of `form` its host, one of `rows` (ActivitySchool), as `hosted_by` says; else the first."""
    own = form.own_unit
    if own is not None:
        is_own = form.cleaned_data.get("hosted_by") != "partner"
        rows = [row for row in rows if ((row.school or row.district) == own) == is_own] or rows
    host = rows[0]
    form.instance.host_school = host.school
    form.instance.host_district = None if host.school_id else host.district
