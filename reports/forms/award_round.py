"""A round of awards: its time and rules, the forms it gives and how many, the criteria of its suggestions."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from reports.awards.evidence import EVIDENCE, SUBJECTS, criteria_of
from reports.models import (
    Award,
    AwardCriterion,
    AwardOffer,
    AwardRound,
)
from reports.models.award_offer import MOST_FULL, MOST_POINTS
from twinning import school_year
from twinning.forms.base import PortalForm, SeenMixin, UnchangedMixin
from twinning.forms.numbers import WholeNumberField
from twinning.life import Refused
from twinning.models import Programme, School
from twinning.vietnamese import number

MOST_AWARDS = 9999


class AwardRoundForm(PortalForm, SeenMixin):
    school_year = forms.TypedChoiceField(label=_("Thời gian"), coerce=int, empty_value=None, required=False, choices=[])

    class Meta:
        model = AwardRound
        fields = [
            "name",
            "school_year",
            "opens_on",
            "due_on",
            "conditions",
            "exclusions",
            "comment_days",
            "pass_percent",
        ]
        field_classes = {"comment_days": WholeNumberField, "pass_percent": WholeNumberField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.instance.programme = Programme.objects.current_for(self.user)
        programme = self.instance.programme
        years = [(year, _t("năm học %s") % school_year.label(year)) for year in reversed(programme.school_years)]
        self.fields["school_year"].choices = [("", _t("cả giai đoạn %s") % programme.phase), *years]
        if not self.instance.pk:
            today = timezone.localdate()
            self.initial.setdefault("opens_on", today)
            self.initial.setdefault("school_year", programme.default_year)

    def _get_validation_exclusions(self):
        # The programme is ours, not typed; the rule "one name once" needs it.
        return super()._get_validation_exclusions() - {"programme"}

    def save(self, commit=True):
        is_new = self.instance.pk is None
        award_round = super().save(commit)
        if is_new:
            award_round.offers.create(form=Award.Form.MERIT, issuer=usual_issuer(award_round, Award.Form.MERIT))
        return award_round


def usual_issuer(award_round, form):
    """Whose authority a form is: giấy khen, thư khen of the Director, bằng khen of the Chairman (domain facts §6)."""
    department = award_round.department
    if form == Award.Form.COMMENDATION:
        return f"Chủ tịch {department.superior}"
    return f"Giám đốc {department.name}"


class OffersForm(PortalForm, UnchangedMixin):
    """Each form of award: given in this round or not, by whom, how many in all, for one office, for a level."""

    KINDS = {
        "collective_most": _("Tập thể, cả đợt"),
        "individual_most": _("Cá nhân, cả đợt"),
        "collective_per_district": _("Tập thể, mỗi đơn vị"),
        "individual_per_district": _("Cá nhân, mỗi đơn vị"),
    }

    def __init__(self, *args, award_round, **kwargs):
        self.award_round = award_round
        self.stored = {offer.form: offer for offer in award_round.offers.all()}
        chosen = award_round.programme.school_levels
        self.levels = [level for level in School.Level if not chosen or level in chosen]
        super().__init__(*args, **kwargs)
        for form in Award.Form:
            offer = self.stored.get(form)
            self._add(
                f"{form}_given",
                forms.BooleanField(label=_("Xét trong đợt này"), required=False, initial=offer is not None),
            )
            issuer = offer.issuer if offer else usual_issuer(award_round, form)
            self._add(
                f"{form}_issuer",
                forms.CharField(label=_("Cấp quyết định"), max_length=150, required=False, initial=issuer),
            )
            self.needs(f"{form}_issuer", f"{form}_given", _("Bắt buộc khi có hình thức này."))
            for name, label in self.KINDS.items():
                self._add_number(f"{form}_{name}", label, getattr(offer, name, None))
            for level in self.levels:
                self._add_number(f"{form}_level_{level}", level.label, offer and offer.level_most.get(level))

    def _add(self, name, field):
        self.fields[name] = field

    def _add_number(self, name, label, initial):
        box = WholeNumberField(label=label, required=False, min_value=0, max_value=MOST_AWARDS, initial=initial)
        self._add(name, box)

    @property
    def rows(self):
        """[{label, given, issuer, boxes, levels}] for the page."""
        return [
            {
                "label": form.label,
                "given": self[f"{form}_given"],
                "issuer": self[f"{form}_issuer"],
                "boxes": [self[f"{form}_{name}"] for name in self.KINDS],
                "levels": [self[f"{form}_level_{level}"] for level in self.levels],
            }
            for form in Award.Form
        ]

    def stored_state(self):
        rows = self.award_round.offers.order_by("form").values_list("form", "issuer", *self.KINDS, "level_most")
        return repr(list(rows))

    def clean(self):
        cleaned = super().clean()
        try:
            self.award_round.require_open()
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        for form in Award.Form:
            offer = self.stored.get(form)
            if cleaned.get(f"{form}_given"):
                if not cleaned.get(f"{form}_issuer"):
                    self.add_error(f"{form}_issuer", _t("Hãy ghi ai quyết định, ví dụ Giám đốc Sở."))
            elif offer and (n := offer.nominations.count()):
                self.add_error(f"{form}_given", _t("Đã có %s đề nghị hình thức này nên không bỏ được.") % number(n))
        if not any(cleaned.get(f"{form}_given") for form in Award.Form):
            self.add_error(None, _t("Hãy chọn ít nhất một hình thức khen."))
        return cleaned

    def save(self):
        """Store what was typed. Returns what the history says."""
        told = []
        for form in Award.Form:
            offer = self.stored.get(form)
            if not self.cleaned_data[f"{form}_given"]:
                if offer:
                    offer.delete()
                    told.append(_t("bỏ %s") % form.label)
                continue
            offer = offer or AwardOffer(round=self.award_round, form=form)
            before = [getattr(offer, name) for name in ("issuer", *self.KINDS, "level_most")]
            offer.issuer = self.cleaned_data[f"{form}_issuer"]
            for name in self.KINDS:
                setattr(offer, name, self.cleaned_data[f"{form}_{name}"])
            levels = {level.value: self.cleaned_data[f"{form}_level_{level}"] for level in self.levels}
            offer.level_most = {level: most for level, most in levels.items() if most is not None}
            if offer.pk is None or before != [getattr(offer, name) for name in ("issuer", *self.KINDS, "level_most")]:
                offer.save()
                told.append(self._in_words(offer))
        return "\n".join(told)

    def _in_words(self, offer):
        numbers = [
            f"{label}: {number(value)}"
            for name, label in self.KINDS.items()
            if (value := getattr(offer, name)) is not None
        ]
        numbers += [f"{School.Level(level).label}: {number(most)}" for level, most in offer.level_most.items()]
        return f"{offer} ({offer.issuer}): {'; '.join(numbers) or _t('không giới hạn')}"


class CriteriaForm(PortalForm, UnchangedMixin):
    """How many points each number gives, and from which number on in full; 0 points: it is not counted."""

    def __init__(self, *args, award_round, **kwargs):
        self.award_round = award_round
        super().__init__(*args, **kwargs)
        for subject, known in EVIDENCE.items():
            stored = criteria_of(award_round, subject)
            for key, evidence in known.items():
                points, full = stored.get(key, (0, None))
                prefix = f"{subject}_{key}"
                self.fields[f"{prefix}_points"] = WholeNumberField(
                    label=_("Điểm tối đa"), min_value=0, max_value=MOST_POINTS, initial=points
                )
                self.fields[f"{prefix}_full"] = WholeNumberField(
                    label=_("Đạt từ (đồng)") if evidence.is_money else _("Đạt từ"),
                    min_value=1,
                    max_value=MOST_FULL,
                    required=False,
                    initial=full,
                    help_text=_("Bỏ trống: số cao nhất"),
                )

    @property
    def groups(self):
        """[{label, rows [{evidence, points, full}]}] for the page."""
        return [
            {
                "label": SUBJECTS[subject],
                "rows": [
                    {
                        "evidence": evidence,
                        "points": self[f"{subject}_{key}_points"],
                        "full": self[f"{subject}_{key}_full"],
                    }
                    for key, evidence in known.items()
                ],
            }
            for subject, known in EVIDENCE.items()
        ]

    def stored_state(self):
        rows = self.award_round.criteria.order_by("subject", "key")
        return repr(list(rows.values_list("subject", "key", "points", "full")))

    def clean(self):
        cleaned = super().clean()
        for subject, known in EVIDENCE.items():
            points = [cleaned.get(f"{subject}_{key}_points") for key in known]
            if None not in points and sum(points) != MOST_POINTS:
                self.add_error(
                    None,
                    _t("%(who)s: các điểm tối đa cộng lại là %(sum)s, cần đúng %(all)s.")
                    % {"who": SUBJECTS[subject], "sum": sum(points), "all": MOST_POINTS},
                )
        return cleaned

    def save(self):
        """Store every criterion as it is typed. Returns what the history says."""
        told = []
        for subject, known in EVIDENCE.items():
            before = criteria_of(self.award_round, subject)
            for key, evidence in known.items():
                points = self.cleaned_data[f"{subject}_{key}_points"]
                full = self.cleaned_data[f"{subject}_{key}_full"]
                AwardCriterion.objects.update_or_create(
                    round=self.award_round, subject=subject, key=key, defaults={"points": points, "full": full}
                )
                if before.get(key, (0, None)) != (points, full):
                    told.append(f"{SUBJECTS[subject]}, {evidence.label}: {before.get(key, (0,))[0]} → {points}")
        return "\n".join(told)
