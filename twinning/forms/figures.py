"""Forms of what is known of a unit in a school year: its size level by level, indicators and their values."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import access, school_year
from twinning.changes import keep_up
from twinning.forms.base import PortalForm, SchoolPicker, UnchangedMixin
from twinning.forms.numbers import DecimalNumberField, WholeNumberField
from twinning.models import District, Indicator, IndicatorValue, Programme, School, SchoolYearFigures
from twinning.models.figures import MOST, TOO_MANY, indicator_years


def _count_box(label):
    return WholeNumberField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST,
        error_messages={
            "min_value": _("Số không thể âm. Chưa có số liệu thì để trống."),
            "max_value": TOO_MANY,
        },
    )


class FiguresForm(PortalForm, UnchangedMixin):
    """All levels of a school in one school year. An empty box is "not reported", which is not 0."""

    def __init__(self, *args, school, year, **kwargs):
        self.school, self.year = school, year
        self.stored = SchoolYearFigures.objects.of(school, year)
        self.last = SchoolYearFigures.objects.of(school, year - 1)
        # A level the school no longer has keeps the figures it was given.
        own = SchoolYearFigures.LEVELS_OF[school.level]
        self.levels = [level for level in SchoolYearFigures.Level if level in own or level in self.stored]
        super().__init__(*args, **kwargs)
        for level in self.levels:
            for name in SchoolYearFigures.COUNTS:
                box = _count_box(SchoolYearFigures._meta.get_field(name).verbose_name)
                box.error_messages["invalid"] = _("Hãy ghi số nguyên, không có phần lẻ.")
                box.initial = getattr(self.stored.get(level), name, None)
                box.widget.attrs["class"] = "form-control"
                last = getattr(self.last.get(level), name, None)
                if last is not None:
                    box.widget.attrs["data-last"] = last
                self.fields[f"{level.value}_{name}"] = box

    def stored_state(self):
        return ";".join(f"{level}:{','.join(map(str, f.counts.values()))}" for level, f in sorted(self.stored.items()))

    def parts(self):
        """[(level, [(box, last year's number)])] for the page."""
        return [
            (
                level,
                [
                    (self[f"{level.value}_{name}"], getattr(self.last.get(level), name, None))
                    for name in SchoolYearFigures.COUNTS
                ],
            )
            for level in self.levels
        ]

    def save(self):
        """Store what was typed; a level without any number has no row. Returns what looks like slips of the pen."""
        doubts = []
        for level in self.levels:
            counts = {name: self.cleaned_data[f"{level.value}_{name}"] for name in SchoolYearFigures.COUNTS}
            there = self.stored.get(level)
            figures = there or SchoolYearFigures(school=self.school, school_year=self.year, level=level)
            if there and there.counts == counts:
                continue
            if there:
                keep_up(there)
            for name, value in counts.items():
                setattr(figures, name, value)
            if any(value is not None for value in counts.values()):
                figures.save()
                doubts += self._doubts(level, figures)
            elif there:
                there.delete()
        return doubts

    def _doubts(self, level, figures):
        several = f"{level.label}: " if len(self.levels) > 1 else ""
        return [several + doubt for doubt in figures.doubts(self.last.get(level))]


class IndicatorForm(PortalForm, forms.ModelForm):
    """What is measured, and of whom. Once there are values, what they mean can no longer change."""

    FIXED = ("code", "kind", "measures")

    class Meta:
        model = Indicator
        fields = ["code", "name", "kind", "measures", "position"]
        help_texts = {
            "code": _("Ngắn, không dấu; tệp nhập dùng mã này. Ví dụ: xep-hang"),
            "position": _("Số nhỏ đứng trước trong danh sách."),
        }

    def __init__(self, *args, department=None, **kwargs):
        super().__init__(*args, **kwargs)
        if department:
            self.instance.department = department
        self.fields["position"].required = False
        if self.instance.pk and self.instance.values.exists():
            for name in self.FIXED:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Chỉ số đã có giá trị nên không đổi được mục này.")

    def clean_code(self):
        return self.cleaned_data["code"].strip()

    def clean_position(self):
        return self.cleaned_data["position"] or 0

    def _get_validation_exclusions(self):
        # Not typed, yet part of the rule "each code once", which would be left to the database.
        return super()._get_validation_exclusions() - {"department"}


class _ValueForm(PortalForm, forms.ModelForm):
    class Meta:
        model = IndicatorValue
        fields = ["school_year", "district", "school", "value", "source"]
        field_classes = {"value": DecimalNumberField}
        error_messages = {"value": {"min_value": _("Giá trị không thể âm.")}}
        help_texts = {"source": _("Văn bản, báo cáo hoặc trang đã nêu số này")}

    def __init__(self, *args, indicator, **kwargs):
        self.indicator = indicator
        super().__init__(*args, **kwargs)
        self.instance.indicator = indicator
        if indicator.is_whole:
            self.fields["value"].widget.attrs["inputmode"] = "numeric"


class NewValueForm(_ValueForm):
    """One more value of an indicator, of a unit the person answers for."""

    school_year = forms.TypedChoiceField(label=_("Năm học"), coerce=int)

    field_order = ["school_year", "district", "school", "value", "source"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = indicator_years(Programme.objects.current_for(self.user))
        self.fields["school_year"].choices = [(year, school_year.label(year)) for year in years]
        self.unit_name = "school" if self.indicator.of_schools else "district"
        del self.fields["district" if self.indicator.of_schools else "school"]
        unit = self.fields[self.unit_name]
        unit.required = True
        if self.indicator.of_schools:
            unit.queryset = School.objects.editable_by(self.user).filter(department=self.indicator.department_id)
            unit.queryset = unit.queryset.select_related("district")
            unit.widget = SchoolPicker(url_name="own_school_options")
            unit.widget.choices = unit.choices
        else:
            districts = District.objects.visible_to(self.user).filter(department=self.indicator.department_id)
            mine = [one.pk for one in districts if access.records_indicator_value(self.user, one)]
            unit.queryset = districts.filter(pk__in=mine)
            unit.empty_label = _("Chọn đơn vị…")
            if len(mine) == 1:
                unit.initial = mine[0]
        unit.error_messages["invalid_choice"] = _("Thầy/cô không nhập được giá trị của đơn vị này.")

    def clean(self):
        cleaned = super().clean()
        unit, year = cleaned.get(self.unit_name), cleaned.get("school_year")
        there = (
            unit
            and IndicatorValue.objects.filter(indicator=self.indicator, school_year=year, **{self.unit_name: unit})
            .select_related("indicator")
            .first()
        )
        if there:
            self.add_error(
                self.unit_name,
                _t("%(unit)s đã có giá trị %(value)s của năm học này. Hãy mở giá trị đó trong bảng để sửa.")
                % {"unit": unit, "value": there.text},
            )
        return cleaned


class ValueForm(UnchangedMixin, _ValueForm):
    """A stored value: corrected, or taken away by emptying the box."""

    class Meta(_ValueForm.Meta):
        fields = ["value", "source"]
        help_texts = {**_ValueForm.Meta.help_texts, "value": _("Để trống để xoá giá trị này.")}

    def __init__(self, *args, **kwargs):
        self.before = str(kwargs["instance"].value.normalize()), kwargs["instance"].source
        super().__init__(*args, indicator=kwargs["instance"].indicator, **kwargs)
        self.fields["value"].required = False

    def stored_state(self):
        return ";".join(self.before)

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | ({"value"} if self.cleaned_data.get("value") is None else set())

    def save(self, commit=True):
        keep_up(self.instance)
        if self.cleaned_data["value"] is None:
            IndicatorValue.objects.get(pk=self.instance.pk).delete()
            return None
        return super().save(commit)
