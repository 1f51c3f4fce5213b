"""Forms of the act "Sắp xếp đơn vị": which plan and when; one unit for every school of a ward; the filled workbook."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import placement_sheet
from twinning.forms.base import PortalForm, SeenMixin, UploadField
from twinning.models import Department, Reorganisation
from twinning.reforms.plan import plan

MOST_ERRORS = 20


class ReorganisationForm(PortalForm, SeenMixin):
    """The plan is chosen once; day and number are taken from it where they are left empty."""

    choice = forms.ChoiceField(label=_("Phương án"), choices=[])

    class Meta:
        model = Reorganisation
        fields = ["choice", "day", "decision_number"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["choice"]
            return
        offered = plans_offered(self.user)
        several = len({department.pk for department, _plan in offered}) > 1
        self.fields["choice"].choices = [
            (f"{department.pk}:{p.slug}", f"{p.name} – {department}" if several else p.name)
            for department, p in offered
        ]
        for name in ("day", "decision_number"):
            self.fields[name].required = False
        if len(offered) == 1:
            facts = offered[0][1]
            self.initial |= {"day": facts.day, "decision_number": facts.decision}
        else:
            self.fields["day"].help_text = _("Để trống: lấy theo phương án.")

    def clean_choice(self):
        pk, slug = self.cleaned_data["choice"].split(":")
        self.instance.department = Department.objects.get(pk=pk)
        self.instance.plan = slug
        return slug

    def clean(self):
        cleaned = super().clean()
        if slug := cleaned.get("choice"):
            cleaned["day"] = cleaned.get("day") or plan(slug).day
            cleaned["decision_number"] = cleaned.get("decision_number") or plan(slug).decision
        if cleaned.get("day") and cleaned["day"] > timezone.localdate():
            self.add_error("day", _("Ngày này chưa đến. Hãy ghi ngày hôm nay hoặc một ngày đã qua."))
        return cleaned


def plans_offered(user):
    """[(Department, Plan)] that `user` may start."""
    return [
        (department, p)
        for department in Department.objects.editable_by(user)
        for p in Reorganisation.plans_for(department)
    ]


class PlacementSheetForm(PortalForm, forms.Form):
    """The filled workbook; every row is checked before anything is stored."""

    file = UploadField(
        label=_("Danh sách đã điền (.xlsx)"),
        extensions=(".xlsx",),
        help_text=_(
            "Tệp tải về từ trang “Việc cần quyết”, đã điền cột đơn vị mới. Sai một dòng thì không nhận dòng nào."
        ),
    )

    def __init__(self, *args, reorganisation, **kwargs):
        self.reorganisation = reorganisation
        super().__init__(*args, **kwargs)

    def clean_file(self):
        upload = self.cleaned_data["file"]
        try:
            reading = placement_sheet.read_sheet(upload, self.reorganisation)
        except placement_sheet.Unreadable as error:
            raise forms.ValidationError(str(error)) from error
        if errors := reading.errors:
            more = [_t("… và %d dòng khác.") % (len(errors) - MOST_ERRORS)] if len(errors) > MOST_ERRORS else []
            head = _t("%d dòng sai, chưa lưu dòng nào. Hãy sửa rồi gửi lại cả tệp.") % len(errors)
            raise forms.ValidationError([head, *errors[:MOST_ERRORS], *more])
        self.choices = reading.choices
        return upload
