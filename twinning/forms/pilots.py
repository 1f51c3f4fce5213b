"""Choosing pilot schools for each side of a district agreement, and how many there should be."""

from collections import Counter

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from twinning.forms.base import PortalForm, RowPicker, UnchangedMixin
from twinning.forms.numbers import WholeNumberField
from twinning.forms.sides import RowForm, SidesForm, difference
from twinning.models import Agreement, PilotQuota, PilotSchool, School
from twinning.models.figures import SchoolYearFigures
from twinning.models.pilot import ALL, MOST, level_label, schools_of_side


class PilotRow(RowForm):
    telling = ("school",)

    school = forms.TypedChoiceField(
        label=_("Trường"),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Không thấy trường này. Hãy gõ tên rồi chọn trong danh sách.")},
    )

    def __init__(self, *args, known, url_args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["school"]
        field.widget = RowPicker("pilot_options", url_args=url_args)
        field.choices = [("", ""), *((pk, school.full_name) for pk, school in known.items())]


class PilotsForm(SidesForm):
    """Exceeding a quota is refused; a quota that was lowered later does not keep anybody from taking schools out."""

    row_class = PilotRow
    most = MOST
    add = _("Thêm trường")

    def __init__(self, *args, agreement, **kwargs):
        rows = agreement.pilot_schools.order_by("school__level", "school__sort_key")
        self.pilots = list(rows.values_list("side", "school"))
        ids = {school for _side, school in self.pilots} | _typed_ids(kwargs.get("data"))
        schools = School.objects.visible_to(kwargs.get("user")).filter(pk__in=ids).select_related("district")
        self.known = {school.pk: school for school in schools}
        self.quotas = PilotQuota.objects.of_agreements([agreement])[agreement.pk]
        super().__init__(*args, agreement=agreement, **kwargs)

    def stored(self, side):
        return [{"school": school} for of, school in self.pilots if of == side]

    def note(self, side):
        """The quotas, and how far what is stored fills them."""
        if not self.quotas:
            return ""
        levels = Counter(self.known[row["school"]].level for row in self.before[side] if row["school"] in self.known)
        return _t("Chỉ tiêu: %(quotas)s; %(filled)s.") % {"quotas": self.quotas, "filled": self.quotas.filled(levels)}

    def row_kwargs(self, side):
        return {"known": self.known, "url_args": [self.agreement.pk, side.value]}

    def check(self, side, rows):
        chosen, old = {}, {row["school"] for row in self.before[side]}
        allowed = set(
            schools_of_side(self.agreement, side)
            .filter(pk__in=[row.cleaned_data["school"] for row in rows])
            .values_list("pk", flat=True)
        )
        others = {school for of, school in self.pilots if of != side}
        for row in rows:
            pk = row.cleaned_data["school"]
            school = self.known[pk]
            if pk in chosen:
                row.add_error("school", _t("Trường này đã chọn ở dòng trên."))
            elif pk in old:
                pass  # chosen before: it stays, whatever became of it since
            elif pk in others:
                text = _t("%s đã là trường điểm của bên kia.")
                row.add_error("school", text % school)
            elif pk not in allowed:
                text = _t("%(school)s không thuộc %(unit)s, cả khi ký lẫn hiện nay. Hãy chọn trường của bên này.")
                row.add_error("school", text % {"school": school, "unit": self.agreement.party_name(side)})
            elif not school.is_operating:
                row.add_error("school", _t("%s không còn hoạt động. Hãy chọn trường khác.") % school)
            chosen.setdefault(pk, school)
        self._check_quotas(side, chosen, old)

    def _check_quotas(self, side, chosen, old):
        if not chosen.keys() - old:
            return
        levels = Counter(school.level for school in chosen.values())
        for sentence in self.quotas.filled(levels).excess:
            self.add_error(None, f"{self.agreement.party_name(side)}. {sentence}")

    def store(self, side, rows):
        old = {row["school"] for row in self.before[side]}
        new = {row.cleaned_data["school"] for row in rows}
        if old == new:
            return ""
        self.agreement.pilot_schools.filter(side=side, school__in=old - new).delete()
        PilotSchool.objects.bulk_create(
            PilotSchool(agreement=self.agreement, side=side, school=self.known[pk]) for pk in sorted(new - old)
        )
        return difference(*([self.known[pk].name for pk in sorted(pks) if pk in self.known] for pks in (old, new)))


def _typed_ids(data):
    """Ids of schools in the boxes of a posted form."""
    return {int(data[name]) for name in data or () if name.endswith("-school") and str(data[name]).isdecimal()}


class QuotasForm(PortalForm, UnchangedMixin):
    """The quotas of a programme, or those of one agreement (`agreement`), which then take their place."""

    def __init__(self, *args, programme, agreement=None, **kwargs):
        self.programme, self.agreement = programme, agreement
        self.owner = {"agreement": agreement} if agreement else {"programme": programme}
        self.stored = dict(PilotQuota.objects.filter(**self.owner).values_list("level", "count"))
        general = PilotQuota.objects.of_programme(programme).counts if agreement else {}
        super().__init__(*args, **kwargs)
        for level in [ALL, *self.levels()]:
            label = level_label(level) if level else _("Tất cả các cấp cộng lại")
            box = WholeNumberField(
                label=label,
                required=False,
                min_value=0,
                max_value=MOST,
                error_messages={
                    "invalid": _("Hãy ghi số nguyên, không có phần lẻ."),
                    "min_value": _("Số trường không thể âm. Không đặt chỉ tiêu thì để trống."),
                    "max_value": _("Số quá lớn: không bên nào chọn quá %(limit_value)s trường điểm."),
                },
            )
            box.initial = self.stored.get(level)
            if level in general:
                box.help_text = _t("Theo phong trào: %d") % general[level]
            self.fields[_box(level)] = box

    def levels(self):
        """Single levels of the programme; a school of several stands for each of them. What is stored is never lost."""
        single = [level.value for level in SchoolYearFigures.Level]
        wanted = self.programme.school_levels or single
        parts = {part.value for level in wanted for part in SchoolYearFigures.LEVELS_OF[School.Level(level)]}
        return [level for level in School.Level.values if (level in single and level in parts) or level in self.stored]

    def stored_state(self):
        return repr(sorted(self.stored.items()))

    def clean(self):
        cleaned = super().clean()
        if self.agreement and self.agreement.status not in Agreement.Status.open():
            text = _t("Giao ước này nay ở tình trạng “%s” nên không sửa được nữa.")
            raise forms.ValidationError(text % self.agreement.get_status_display())
        total = cleaned.get(_box(ALL))
        parts = sum(cleaned.get(_box(level)) or 0 for level in self.levels())
        if total is not None and parts > total:
            text = _t("Cộng các cấp là %(parts)d trường, nhiều hơn %(total)d trường của tất cả các cấp.")
            self.add_error(_box(ALL), text % {"parts": parts, "total": total})
        return cleaned

    def save(self):
        """Store what was typed; an empty box is no quota. Returns what changed, in words."""
        new = {level: self.cleaned_data[_box(level)] for level in [ALL, *self.levels()]}
        new = {level: count for level, count in new.items() if count is not None}
        if new == self.stored:
            return ""
        PilotQuota.objects.filter(**self.owner).delete()
        PilotQuota.objects.bulk_create(PilotQuota(**self.owner, level=level, count=n) for level, n in new.items())
        named = ", ".join(f"{n} {level_label(level) if level else _t('trường mọi cấp')}" for level, n in new.items())
        return named or _t("bỏ chỉ tiêu riêng, theo chỉ tiêu của phong trào")


def _box(level):
    return f"count_{level or 'all'}"
