"""Head-counts of one unit at one activity."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from activities.forms.roster import RosterField, as_lines
from activities.models import Activity
from activities.models.participation import MOST_PER_UNIT, beyond_staff
from twinning.forms.base import DateBox, PortalForm
from twinning.forms.numbers import WholeNumberField


def count_field(label):
    return WholeNumberField(
        label=label,
        min_value=0,
        max_value=MOST_PER_UNIT,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "min_value": _("Số người không thể âm."),
            "max_value": _("Số quá lớn cho một đơn vị trong một hoạt động. Hãy kiểm tra lại."),
        },
    )


class CountsForm(PortalForm, forms.Form):
    """Managers, teachers, pupils; and the teachers by name where the programme records names."""

    manager_turns = count_field(_("Cán bộ quản lý"))
    teacher_turns = count_field(_("Giáo viên"))
    pupil_turns = count_field(_("Học sinh"))
    named = RosterField()
    # The last check-in that was known when the form was opened; who came later is still taken in.
    seen_check_in = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, row=None, records_names=True, **kwargs):
        self.row = row
        if row is not None:
            kwargs["initial"] = {**self.written(row), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if row is None or row.pk is None or row.school_id is None:
            del self.fields["seen_check_in"]
        else:
            last = row.activity.check_ins.order_by("pk").last()
            self.fields["seen_check_in"].initial = last.pk if last else 0
        # An office sends people, but has no roster of teachers.
        if not records_names or (row is not None and row.school_id is None):
            del self.fields["named"]

    @staticmethod
    def written(row):
        """What the form begins with: what is stored, and the people who checked in beyond what was confirmed."""
        initial = {field: getattr(row, field) for field in Activity.TOTALS}
        if row.pk is None:
            return initial
        parts = list(row.participations.select_related("teacher"))
        named = {part.teacher_id for part in parts}
        waiting = [check_in for check_in in row.waiting_check_ins if check_in.teacher_id not in named]
        teachers = [check_in for check_in in waiting if not check_in.is_manager]
        initial["teacher_turns"] += len(teachers)
        initial["manager_turns"] += len(waiting) - len(teachers)
        further = (check_in.full_name for check_in in teachers)
        initial["named"] = "\n".join(filter(None, [as_lines(parts), *further]))
        return initial

    def clean(self):
        cleaned = super().clean()
        kept = self.row.named_count if self.row and "named" not in self.fields else 0
        named, teachers = len(cleaned.get("named") or ()) or kept, cleaned.get("teacher_turns") or 0
        if named > teachers and "teacher_turns" not in self.errors:
            self.add_error(
                "teacher_turns",
                _t(
                    "Ghi tên %(named)d giáo viên nhưng số giáo viên là %(total)d. "
                    "Hãy tăng số giáo viên hoặc bỏ bớt tên."
                )
                % {"named": named, "total": teachers},
            )
        return cleaned

    @property
    def warnings(self):
        if self.row is None:
            return super().warnings
        nobody = _t("Đã lưu 0 người của đơn vị mình. Nếu có người dự, hãy bấm “Sửa số liệu của đơn vị mình”.")
        return [*super().warnings, *beyond_staff([self.row]), *([] if any(self.counts.values()) else [nobody])]

    @property
    def counts(self):
        """Total field → number, for ActivitySchool.put; an empty box is 0."""
        return {field: self.cleaned_data.get(field) or 0 for field in Activity.TOTALS}

    @property
    def seen(self):
        """Id of the last check-in the person knew of, or None."""
        return self.cleaned_data.get("seen_check_in")

    @property
    def named_teachers(self):
        """[(full name, role)], or None where names are not recorded."""
        return self.cleaned_data.get("named")


class HoldForm(CountsForm):
    """What became of a planned activity."""

    held_on = forms.DateField(label=_("Ngày tổ chức"), widget=DateBox)
    results = forms.CharField(label=_("Kết quả"), widget=forms.Textarea, required=False, max_length=5000)

    field_order = ["held_on", *Activity.TOTALS, "named", "results", "seen_check_in"]

    def __init__(self, *args, activity, **kwargs):
        self.activity = activity
        kwargs["initial"] = {
            "held_on": activity.planned_on,
            "results": activity.results,
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        self.allow_days("held_on", activity.programme.starts_on, min(activity.programme.ends_on, timezone.localdate()))
        if self.row is None:  # the Department sent nobody; the units say themselves how many came
            for name in (*Activity.TOTALS, "named"):
                self.fields.pop(name, None)

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        probe = Activity(programme=self.activity.programme, held_on=day)
        try:
            probe.clean()
        except forms.ValidationError as error:
            raise forms.ValidationError(error.message_dict["held_on"]) from error
        if absence := self.activity.absent_office(day):
            raise forms.ValidationError(absence)
        return day
