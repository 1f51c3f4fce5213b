"""What an agreement sets out to do in one school year: one row for the whole, one for each content area."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning import school_year
from twinning.forms.base import PortalForm, UnchangedMixin
from twinning.forms.numbers import MoneyField, WholeNumberField
from twinning.models import Agreement, Target
from twinning.models.target import MOST
from twinning.vietnamese import money, number

WHOLE = 0  # stands for "no content area" in the names of boxes


class TargetsForm(PortalForm, UnchangedMixin):
    """A row without a number is no target. `copied`: the boxes begin with the targets of the school year before."""

    def __init__(self, *args, agreement, year, copied=False, **kwargs):
        self.agreement, self.year = agreement, year
        self.stored = self._stored(year)
        shown = self._stored(year - 1) if copied else self.stored
        areas = list(agreement.content_areas.all()) or list(agreement.programme.content_areas.all())
        targets = agreement.targets.filter(school_year__in=(year, year - 1), content_area__isnull=False)
        more = {target.content_area_id: target.content_area for target in targets.select_related("content_area")}
        self.areas = {WHOLE: None, **{area.pk: area for area in areas}}
        # An area the agreement no longer names keeps the target it was given.
        self.areas |= {pk: area for pk, area in more.items() if pk in self.stored and pk not in self.areas}
        super().__init__(*args, **kwargs)
        for pk in self.areas:
            for name in self.names_of(pk):
                box = _box(name)
                box.initial = getattr(shown.get(pk), name, None)
                box.widget.attrs |= {"class": "form-control", "aria-label": f"{self.label_of(pk)}: {box.label}"}
                self.fields[f"{name}_{pk}"] = box

    def _stored(self, year):
        """{content area id, WHOLE for none: Target}."""
        return {target.content_area_id or WHOLE: target for target in self.agreement.targets.filter(school_year=year)}

    @staticmethod
    def names_of(pk):
        """Help is recorded for an agreement, of no content area."""
        return Target.NUMBERS if pk == WHOLE else Target.NUMBERS[:2]

    def label_of(self, pk):
        return str(self.areas[pk] or _("Cả giao ước"))

    @property
    def whole(self):
        """The row of the agreement as a whole, for the page: {label, boxes}."""
        return self._row(WHOLE)

    @property
    def areas_rows(self):
        return [self._row(pk) for pk in self.areas if pk != WHOLE]

    @property
    def has_parts(self):
        """Whether something is typed, or wrong, in a row of a content area."""
        return any(box.value() or box.errors for row in self.areas_rows for box in row["boxes"])

    def _row(self, pk):
        return {"label": self.label_of(pk), "boxes": [self[f"{name}_{pk}"] for name in self.names_of(pk)]}

    def stored_state(self):
        return repr(sorted((pk, tuple(target.numbers.values())) for pk, target in self.stored.items()))

    def clean(self):
        cleaned = super().clean()
        if self.agreement.status not in Agreement.Status.open():
            text = _t("Giao ước này nay ở tình trạng “%s” nên không sửa được nữa.")
            raise forms.ValidationError(text % self.agreement.get_status_display())
        return cleaned

    def typed(self):
        """{content area id, WHOLE for none: {name: number or None}} of the rows that say something."""
        rows = {pk: {n: self.cleaned_data[f"{n}_{pk}"] for n in self.names_of(pk)} for pk in self.areas}
        return {pk: numbers for pk, numbers in rows.items() if any(n is not None for n in numbers.values())}

    @property
    def doubt(self):
        """The parts add up to more than the whole: told once it is saved, since it may be meant."""
        typed = self.typed()
        whole = typed.pop(WHOLE, {})
        for name, label in (("activities", _t("hoạt động")), ("turns", _t("lượt giáo viên"))):
            parts = sum(numbers[name] or 0 for numbers in typed.values())
            if whole.get(name) is not None and parts > whole[name]:
                text = _t("Cộng các nội dung là %(parts)s %(what)s, nhiều hơn chỉ tiêu chung %(whole)s.")
                return text % {"parts": number(parts), "what": label, "whole": number(whole[name])}
        return ""

    def save(self):
        """Store what was typed. Returns what changed, in words; empty when nothing did."""
        typed, changes = self.typed(), []
        for pk in self.areas:
            old, new = self.stored.get(pk), typed.get(pk)
            if (old.numbers if old else None) == (new and dict.fromkeys(Target.NUMBERS) | new):
                continue
            changes.append(f"{self.label_of(pk)}: {_in_words(old and old.numbers)} → {_in_words(new)}")
            if new is None:
                old.delete()
                continue
            target = old or Target(
                agreement=self.agreement, school_year=self.year, content_area_id=None if pk == WHOLE else pk
            )
            for name, value in new.items():
                setattr(target, name, value)
            target.save()
        return "\n".join([_t("Năm học %s") % school_year.label(self.year), *changes]) if changes else ""


def _box(name):
    if name == "support_vnd":
        return MoneyField(
            label=_("Hỗ trợ (đồng)"), required=False, most=MOST[name], help_text=_("ví dụ 3 tỷ 200 triệu")
        )
    return WholeNumberField(
        label={"activities": _("Hoạt động"), "turns": _("Lượt giáo viên")}[name],
        required=False,
        min_value=1,
        max_value=MOST[name],
        error_messages={
            "invalid": _("Hãy ghi số nguyên, không có phần lẻ."),
            "min_value": _("Chỉ tiêu phải lớn hơn 0. Không đặt chỉ tiêu thì để trống."),
            "max_value": _("Số quá lớn (tối đa %s). Hãy kiểm tra lại.") % number(MOST[name]),
        },
    )


def _in_words(numbers):
    numbers = numbers or {}
    said = [
        (_t("%s hoạt động"), number, numbers.get("activities")),
        (_t("%s lượt"), number, numbers.get("turns")),
        ("%s", money, numbers.get("support_vnd")),
    ]
    return ", ".join(text % show(value) for text, show, value in said if value is not None) or _t("không đặt")
